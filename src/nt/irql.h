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
KIRQL nt_irql_raise(KIRQL to);                 /* Return: the IRQL before */
void nt_irql_lower(KIRQL to);                  /* runs what is pending below the present level */
void nt_irql_drop(KIRQL to, const char *call); /* the same for a DDI, by its name */

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
