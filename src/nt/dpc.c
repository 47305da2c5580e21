/* SPDX-License-Identifier: MIT */
/*
 * Deferred procedure calls. Flushing must not wait for those queued later, so they are counted in
 * two phases: a flush turns the phase and waits for the other count, twice (one may have been
 * about to count itself in the old phase).
 */
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "nt/export.h"
#include "nt/irql.h"
#include "nt/thread.h"
#include "nt/violation.h"

/* The caller has claimed it: queued is 1. */
static void enqueue(struct nt_dpc *dpc)
{
	struct nt_machine *machine = nt_self.machine;

	dpc->next = NULL;
	dpc->phase = machine->dpc_phase & 1;
	machine->dpcs_in_flight[dpc->phase]++;
	if (nt_self.dpcs)
		nt_self.last_dpc->next = dpc;
	else
		nt_self.dpcs = dpc;
	nt_self.last_dpc = dpc;
	nt_self.pending = true;
	if (nt_self.irql < DISPATCH_LEVEL)
		nt_run_pending();
}

BOOLEAN nt_dpc_queue(struct nt_dpc *dpc)
{
	if (atomic_exchange(&dpc->queued, 1))
		return FALSE;
	enqueue(dpc);
	return TRUE;
}

/* A KDPC begins with our own DPC; its routine and arguments lie behind that. */
_Static_assert(sizeof(struct nt_dpc) <= offsetof(KDPC, DeferredRoutine), "KDPC holds nt_dpc");

/* Its arguments are read before it can be queued again with others. */
static void run_kdpc(struct nt_dpc *dpc)
{
	KDPC *kdpc = (KDPC *)dpc;
	PVOID argument1 = kdpc->SystemArgument1, argument2 = kdpc->SystemArgument2;
	struct nt_callback callback;

	nt_self.dpc_routine = (const void *)kdpc->DeferredRoutine;
	dpc->queued = 0;
	nt_callback_enter(&callback, "", "KDEFERRED_ROUTINE");
	kdpc->DeferredRoutine(kdpc, kdpc->DeferredContext, argument1, argument2);
	nt_callback_leave(&callback);
	nt_self.dpc_routine = NULL;
}

/* From the moment it runs a DPC can be queued again, here or on another thread. */
void nt_dpc_run_next(void)
{
	struct nt_dpc *dpc = nt_self.dpcs;
	unsigned phase = dpc->phase;
	KIRQL irql = nt_self.irql;

	nt_self.dpcs = dpc->next;
	if (dpc->run != run_kdpc)
		dpc->queued = 0;
	nt_self.irql = DISPATCH_LEVEL;
	dpc->run(dpc);
	if (nt_self.irql != DISPATCH_LEVEL)
		nt_violation_say(0xC8, nt_self.irql, "IRQL_UNEXPECTED_VALUE", "DPC", NULL,
				 "A DPC returns at DISPATCH_LEVEL, with its locks released.",
				 "a DPC returned at IRQL %u.", nt_self.irql);
	nt_self.irql = irql;
	nt_self.machine->dpcs_in_flight[phase]--;
}

void nt_dpc_flush(void)
{
	struct nt_machine *machine = nt_self.machine;
	const struct timespec moment = { .tv_nsec = 20000 };

	pthread_mutex_lock(&machine->dpc_flush_lock);
	for (int round = 0; round < 2; round++) {
		unsigned old = machine->dpc_phase++ & 1;

		while (machine->dpcs_in_flight[old])
			nanosleep(&moment, NULL);
	}
	pthread_mutex_unlock(&machine->dpc_flush_lock);
}

/*
 * DDI page KeFlushQueuedDpcs: PASSIVE_LEVEL. Shipped drivers call it with the interrupt lock held;
 * Windows lets that pass, so it is told and nothing is waited for.
 */
NETCX_EXPORT void KeFlushQueuedDpcs(void)
{
	if (nt_self.irql == PASSIVE_LEVEL) {
		nt_dpc_flush();
		return;
	}
	nt_violation_note(&(struct nt_violation){
		.bugcheck = 0xA,
		.parameter = { nt_self.irql },
		.rule = "IRQL_NOT_LESS_OR_EQUAL",
		.call = "KeFlushQueuedDpcs",
		.passed =
			"it was called above PASSIVE_LEVEL, where the DPCs of this processor cannot run.",
		.demand = "KeFlushQueuedDpcs is called at PASSIVE_LEVEL.",
	});
}

NETCX_EXPORT void KeInitializeDpc(PRKDPC Dpc, PKDEFERRED_ROUTINE DeferredRoutine,
				  PVOID DeferredContext)
{
	for (const struct nt_dpc *dpc = nt_self.dpcs; dpc; dpc = dpc->next)
		if (dpc == (struct nt_dpc *)Dpc)
			nt_violation_say(0xC7, 1, "TIMER_OR_DPC_INVALID", "KeInitializeDpc", NULL,
					 "A DPC is initialised once, and never while it is queued.",
					 "the KDPC at %p is queued.", (void *)Dpc);
	memset(Dpc, 0, sizeof(*Dpc));
	((struct nt_dpc *)Dpc)->run = run_kdpc;
	Dpc->DeferredRoutine = DeferredRoutine;
	Dpc->DeferredContext = DeferredContext;
}

NETCX_EXPORT BOOLEAN KeInsertQueueDpc(PRKDPC Dpc, PVOID SystemArgument1, PVOID SystemArgument2)
{
	struct nt_dpc *dpc = (struct nt_dpc *)Dpc;

	if (atomic_exchange(&dpc->queued, 1))
		return FALSE;
	Dpc->SystemArgument1 = SystemArgument1;
	Dpc->SystemArgument2 = SystemArgument2;
	enqueue(dpc);
	return TRUE;
}

/* Only the thread that queued it can take it back; elsewhere it is as good as running. */
NETCX_EXPORT BOOLEAN KeRemoveQueueDpc(PRKDPC Dpc)
{
	struct nt_dpc *wanted = (struct nt_dpc *)Dpc, *before = NULL;

	for (struct nt_dpc *dpc = nt_self.dpcs; dpc; before = dpc, dpc = dpc->next) {
		if (dpc != wanted)
			continue;
		if (before)
			before->next = dpc->next;
		else
			nt_self.dpcs = dpc->next;
		if (nt_self.last_dpc == dpc)
			nt_self.last_dpc = before;
		nt_self.machine->dpcs_in_flight[dpc->phase]--;
		dpc->queued = 0;
		return TRUE;
	}
	return FALSE;
}
