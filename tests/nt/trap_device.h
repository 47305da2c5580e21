/* SPDX-License-Identifier: MIT */
/* A device that is memory, and remembers what was done to it. */
#ifndef TESTS_NT_TRAP_DEVICE_H
#define TESTS_NT_TRAP_DEVICE_H

#include <pthread.h>

#include "nt/interrupt.h"
#include "nt/irql.h"
#include "stage/machine.h"

#define TRAP_PHYSICAL 0xFE000000
#define TRAP_LENGTH   256

struct trap_device {
	uint64_t physical;
	unsigned char *va; /* as the driver has it mapped */
	pthread_mutex_t lock;
	unsigned char memory[TRAP_LENGTH];
	char log[4096]; /* "R4@08 W2@10", when it is kept */
	bool quiet;
	struct nt_interrupt *line; /* raised by a write to the last byte */
	bool raise_on_read;
};

/* Put one at the machine's n-th place and map it. */
void trap_device_start(struct trap_device *device, struct nt_machine *machine, unsigned n);
void trap_device_stop(struct trap_device *device, struct nt_machine *machine);

/* The log so far, which begins anew. */
const char *trap_device_log(struct trap_device *device, char *text, size_t size);

#endif
