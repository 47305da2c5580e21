/* SPDX-License-Identifier: MIT */
/* The processors of a machine: the CPUs that the process may use, as those of one group. */
#ifndef NT_PROCESSOR_H
#define NT_PROCESSOR_H

#include <ntdef.h>
#include <stdbool.h>
#include <sys/types.h>

#define NT_PROCESSORS 64

/* Constant once it is made. */
struct nt_processors {
	unsigned count;
	int cpu[NT_PROCESSORS]; /* Linux' number of each */
};

/* nt_processors_init() - what the calling thread may use now */
void nt_processors_init(struct nt_processors *processors);

/*
 * nt_processor_is_valid() - group and processors are there, and one at least
 * nt_processor_tie() - the thread with this number of Linux' runs on these only; false: it cannot
 * nt_processor_tied() - where it may run
 */
bool nt_processor_is_valid(const GROUP_AFFINITY *affinity);
bool nt_processor_tie(pid_t thread, KAFFINITY mask);
KAFFINITY nt_processor_tied(pid_t thread);

#endif
