/* SPDX-License-Identifier: MIT */
/*
 * Deferred procedure calls. Flushing must not wait for those queued later, so they are counted in
 * two phases: a flush turns the phase and waits for the other count, twice (one may have been
 * about to count itself in the old phase).
 */
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "nt/export.h"
#include "nt/irql.h"
#include "nt/kdpc.h"
#include "nt/symbols.h"
#include "nt/thread.h"
#include "nt/violation.h"

/* For moments. The lists are their threads' own, but for those who look for a DPC of theirs. */
static void lock(struct nt_thread *thread)
{
	while (atomic_flag_test_and_set_explicit(&thread->dpc_lock, memory_order_acquire))
		sched_yield();
}

static void unlock(struct nt_thread *thread)
{
	atomic_flag_clear_explicit(&thread->dpc_lock, memory_order_release);
}

static struct nt_dpc *first_of(const struct nt_thread *thread)
{
	return atomic_load_explicit(&thread->dpcs, memory_order_relaxed);
}

static void set_first(struct nt_thread *thread, struct nt_dpc *dpc)
{
	atomic_store_explicit(&thread->dpcs, dpc, memory_order_relaxed);
}

/* The caller has claimed it: queued is 1. */
static void enqueue(struct nt_dpc *dpc)
{
	struct nt_machine *machine = nt_self.machine;

	dpc->next = NULL;
	dpc->phase = machine->dpc_phase & 1;
	machine->dpcs_in_flight[dpc->phase]++;
	lock(&nt_self);
	if (first_of(&nt_self))
		nt_self.last_dpc->next = dpc;
	else
		set_first(&nt_self, dpc);
	nt_self.last_dpc = dpc;
	unlock(&nt_self);
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

/* NULL: another thread has taken the last one back. */
static struct nt_dpc *take_first(void)
{
	struct nt_dpc *dpc;

	lock(&nt_self);
	dpc = first_of(&nt_self);
	if (dpc)
		set_first(&nt_self, dpc->next);
	unlock(&nt_self);
	return dpc;
}

/* From the moment it runs a DPC can be queued again, here or on another thread. */
void nt_dpc_run_next(void)
{
	struct nt_dpc *dpc = take_first();
	KIRQL irql = nt_self.irql;
	unsigned phase;

	if (!dpc)
		return;
	phase = dpc->phase;
	if (dpc->run != run_kdpc)
		dpc->queued = 0;
	nt_self.irql = DISPATCH_LEVEL;
	nt_self.in_dpc = true;
	dpc->run(dpc);
	nt_self.in_dpc = false;
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
 * Windows lets that pass, so it is told and nothing is waited for. In a DPC it waits for itself.
 */
NETCX_EXPORT void KeFlushQueuedDpcs(void)
{
	if (nt_self.in_dpc)
		nt_violation_say(
			0xA, nt_self.irql, "IRQL_NOT_LESS_OR_EQUAL", "KeFlushQueuedDpcs", NULL,
			"KeFlushQueuedDpcs is called at PASSIVE_LEVEL, and never by a DPC: it waits until that has returned.",
			"it was called inside a DPC: on Windows that waits for ever.");
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

/* With its list's lock held. Return: it, or NULL; *before: the one in front of it. */
static struct nt_dpc *find_in(struct nt_thread *thread,
			      bool (*matches)(const void *context, const KDPC *dpc),
			      const void *context, struct nt_dpc **before)
{
	*before = NULL;
	for (struct nt_dpc *dpc = first_of(thread); dpc; *before = dpc, dpc = dpc->next)
		if (dpc->run == run_kdpc && matches(context, (const KDPC *)dpc))
			return dpc;
	return NULL;
}

const void *nt_kdpc_find(struct nt_machine *machine,
			 bool (*matches)(const void *context, const KDPC *dpc), const void *context,
			 const void **routine)
{
	struct nt_dpc *dpc = NULL, *before;

	pthread_mutex_lock(&machine->threads_lock);
	for (struct nt_thread *thread = machine->threads; thread && !dpc; thread = thread->next) {
		lock(thread);
		dpc = find_in(thread, matches, context, &before);
		if (dpc)
			*routine = (const void *)((const KDPC *)dpc)->DeferredRoutine;
		unlock(thread);
	}
	pthread_mutex_unlock(&machine->threads_lock);
	return dpc;
}

static bool is_same(const void *context, const KDPC *dpc)
{
	return dpc == context;
}

/* What lies there is not looked at: it may be anything. */
NETCX_EXPORT void KeInitializeDpc(PRKDPC Dpc, PKDEFERRED_ROUTINE DeferredRoutine,
				  PVOID DeferredContext)
{
	const void *routine;
	char text[256];

	if (nt_kdpc_find(nt_self.machine, is_same, Dpc, &routine)) {
		nt_symbol((const char *)routine + 1, text, sizeof(text));
		nt_violation_say(0xC7, 1, "TIMER_OR_DPC_INVALID", "KeInitializeDpc", NULL,
				 "A DPC is initialised once, and never while it is queued.",
				 "the KDPC at %p, of %s, is queued.", (void *)Dpc, text);
	}
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

static bool take_out(struct nt_thread *thread, const KDPC *wanted)
{
	struct nt_dpc *before, *dpc;

	lock(thread);
	dpc = find_in(thread, is_same, wanted, &before);
	if (dpc && before)
		before->next = dpc->next;
	else if (dpc)
		set_first(thread, dpc->next);
	if (dpc && thread->last_dpc == dpc)
		thread->last_dpc = before;
	unlock(thread);
	return dpc;
}

/* Whichever thread queued it. FALSE: it runs, or was not queued. */
NETCX_EXPORT BOOLEAN KeRemoveQueueDpc(PRKDPC Dpc)
{
	struct nt_machine *machine = nt_self.machine;
	struct nt_dpc *dpc = (struct nt_dpc *)Dpc;
	bool found = take_out(&nt_self, Dpc);

	if (!found && dpc->queued) {
		pthread_mutex_lock(&machine->threads_lock);
		for (struct nt_thread *thread = machine->threads; thread && !found;
		     thread = thread->next)
			found = take_out(thread, Dpc);
		pthread_mutex_unlock(&machine->threads_lock);
	}
	if (!found)
		return FALSE;
	machine->dpcs_in_flight[dpc->phase]--;
	dpc->queued = 0;
	return TRUE;
}
