/* SPDX-License-Identifier: MIT */
/*
 * IRQL and what happens when it drops. It is a thread-local value: raising it costs a store.
 * A thread stands for a processor: DPCs and interrupts that come up while its IRQL is too high
 * wait on that thread and run when it is lowered.
 */
#ifndef NT_IRQL_H
#define NT_IRQL_H

#include <ntddk.h>

#define NT_DIRQL 11 /* of every device */

KIRQL nt_irql(void);
KIRQL nt_irql_raise(KIRQL to); /* Return: the IRQL before */
void nt_irql_lower(KIRQL to);  /* runs what is pending below the present level */

/*
 * An interrupt line: level-triggered, from one device to the ISRs connected to it. Owned by the
 * device; lives until both sides have let go.
 */
struct nt_line {
	_Atomic int asserted;
	_Atomic int in_service; /* 1: a thread is delivering; 2: and must look again */
	/* Return TRUE when the interrupt was the device's. Runs at DIRQL with the driver's lock. */
	_Atomic(BOOLEAN (*)(void *context)) isr;
	void *isr_context;
	const char *name;
	_Atomic unsigned storm;  /* deliveries since the line was low, unclaimed ones */
	_Atomic unsigned served; /* ... and claimed ones */
};

/*
 * nt_line_connect() - connect or (isr NULL) disconnect; on return a disconnected ISR runs no more.
 * A line that is asserted already is delivered at once. IRQL below NT_DIRQL.
 */
void nt_line_connect(struct nt_line *line, BOOLEAN (*isr)(void *), void *context);

/*
 * nt_line_set() - the device changes the level. On assertion the ISR runs on the calling thread
 * at once when its IRQL is below NT_DIRQL, else when it has dropped; again as long as the line
 * stays asserted and the ISR claims it. The caller holds no lock that register access takes.
 */
void nt_line_set(struct nt_line *line, int asserted);

/*
 * A deferred procedure call of ours (WDF's interrupt DPCs; KDPC wraps it). Owned by who embeds it.
 */
struct nt_dpc {
	void (*run)(struct nt_dpc *dpc); /* at DISPATCH_LEVEL */
	struct nt_dpc *next;             /* of the thread's pending list */
	_Atomic int queued;
	unsigned phase; /* which in-flight count of the machine it is in */
};

/* nt_dpc_queue() - run it on this thread as soon as IRQL < DISPATCH_LEVEL. FALSE: was queued. */
BOOLEAN nt_dpc_queue(struct nt_dpc *dpc);

/*
 * nt_dpc_flush() - wait until every DPC queued before has run, on any thread. PASSIVE_LEVEL,
 * not from a DPC.
 */
void nt_dpc_flush(void);

#endif
