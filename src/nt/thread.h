/* SPDX-License-Identifier: MIT */
/* What a thread knows as a processor of its machine. Private to nt/. */
#ifndef NT_THREAD_H
#define NT_THREAD_H

#include "nt/callback.h"
#include "nt/irql.h"
#include "nt/machine.h"

/* More lines than a machine can have devices: what waits is never dropped. */
#define NT_THREAD_LINES (4 * NT_MMIO_REGIONS)

struct nt_thread {
	struct nt_machine *machine;
	KIRQL irql;
	bool pending; /* a line or a DPC waits for a lower IRQL */
	unsigned line_count;
	struct nt_line *lines[NT_THREAD_LINES];
	struct nt_dpc *dpcs, *last_dpc;
	const struct nt_callback *callback; /* the innermost that runs; read by the watchdog */
	void *signal_stack;
	uintptr_t trap_refused; /* an instruction that faults again, to be reported as a crash */

	/*
	 * For the watchdog (nt/watchdog.c). Counts calls into the driver from outside of any other:
	 * odd while one runs. Written by the thread alone.
	 */
	uint64_t calls;
	const struct nt_callback *outermost; /* of the call that runs */
	pthread_t self;
	struct nt_thread *next, **link; /* the machine's list, under its threads_lock */
	uint64_t seen_calls;            /* the watchdog's: what calls was at its last look */
	unsigned seen_ticks;            /* and for how many looks it has been that */
};

extern _Thread_local struct nt_thread nt_self;

/* nt_run_pending() - deliver lines and run DPCs that the present IRQL allows. */
void nt_run_pending(void);

/* nt_line_deliver() - run the line's ISR until the line drops. IRQL below NT_DIRQL. */
void nt_line_deliver(struct nt_line *line);

/* nt_dpc_run_next() - run the thread's oldest DPC. IRQL below DISPATCH_LEVEL, list not empty. */
void nt_dpc_run_next(void);

#endif
