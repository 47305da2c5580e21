/* SPDX-License-Identifier: MIT */
#include "nt/left.h"

#include <dlfcn.h>
#include <stdint.h>

#include "nt/ktimer.h"
#include "nt/symbols.h"
#include "nt/thread.h"
#include "nt/violation.h"

#define TIMER_OR_DPC_INVALID 0xC7
#define UNLOADED_PENDING     0xCE

struct range {
	uintptr_t start;
	size_t size;
};

static bool is_in(const void *context, const KTIMER *timer)
{
	const struct range *range = context;

	return (uintptr_t)timer - range->start < range->size;
}

/* Of those that wait in this thread for a lower IRQL. */
static const struct nt_dpc *dpc_in(const struct range *range)
{
	const struct nt_dpc *dpc = nt_self.dpcs;

	while (dpc && (uintptr_t)dpc - range->start >= range->size)
		dpc = dpc->next;
	return dpc;
}

void nt_left_in_memory(const void *memory, size_t size, const char *call, const char *what)
{
	const struct range range = { (uintptr_t)memory, size };
	struct nt_machine *machine = nt_self.machine;
	const void *timer, *setter, *dpc;
	char where[256];

	if (!machine || !memory)
		return;
	timer = nt_ktimer_find(machine, is_in, &range, &setter);
	if (timer) {
		nt_symbol(setter, where, sizeof(where));
		nt_violation_say(
			TIMER_OR_DPC_INVALID, 0, "TIMER_OR_DPC_INVALID", call, NULL,
			"A timer is cancelled (KeCancelTimer) before its memory is freed.",
			"the KTIMER at %p lies in the %s that is freed, and is set, by %s.", timer,
			what, where);
	}
	dpc = dpc_in(&range);
	if (dpc)
		nt_violation_say(
			TIMER_OR_DPC_INVALID, 1, "TIMER_OR_DPC_INVALID", call, NULL,
			"A DPC has run, or was removed, before its memory is freed: KeRemoveQueueDpc, KeFlushQueuedDpcs.",
			"the KDPC at %p lies in the %s that is freed, and is queued.", dpc, what);
}

static const void *module_of(const void *address)
{
	Dl_info info;

	return address && dladdr(address, &info) ? info.dli_fbase : NULL;
}

static bool is_set_by(const void *context, const KTIMER *timer)
{
	return module_of(nt_ktimer_setter(timer)) == context;
}

/* A DPC routine of the module that some thread is in; NULL: there is none. */
static const void *running(struct nt_machine *machine, const void *module)
{
	const void *found = NULL;

	pthread_mutex_lock(&machine->threads_lock);
	for (struct nt_thread *thread = machine->threads; thread && !found; thread = thread->next) {
		const void *routine = thread->dpc_routine;

		if (module_of(routine) == module)
			found = routine;
	}
	pthread_mutex_unlock(&machine->threads_lock);
	return found;
}

void nt_left_by_module(struct nt_machine *machine, const char *driver, const void *module)
{
	const void *timer, *setter, *routine;
	char where[256];

	if (!module)
		return;
	timer = nt_ktimer_find(machine, is_set_by, module, &setter);
	if (timer) {
		nt_symbol(setter, where, sizeof(where));
		nt_violation_say(
			UNLOADED_PENDING, (uintptr_t)timer,
			"DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS", "EvtDriverUnload",
			driver,
			"A driver cancels its timers (KeCancelTimer) before it is unloaded.",
			"the KTIMER at %p is still set, by %s.", timer, where);
	}
	routine = running(machine, module);
	if (routine) {
		nt_symbol((const char *)routine + 1, where, sizeof(where));
		nt_violation_say(
			UNLOADED_PENDING, (uintptr_t)routine,
			"DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS", "EvtDriverUnload",
			driver,
			"A driver waits for its DPCs (KeFlushQueuedDpcs) before it is unloaded.",
			"the DPC routine %s is running.", where);
	}
}
