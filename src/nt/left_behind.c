/* SPDX-License-Identifier: MIT */
#include "nt/left_behind.h"

#include <dlfcn.h>
#include <stdint.h>

#include "nt/callback.h"
#include "nt/held_locks.h"
#include "nt/kdpc.h"
#include "nt/ktimer.h"
#include "nt/lookaside.h"
#include "nt/symbols.h"
#include "nt/thread.h"
#include "nt/violation.h"

#define TIMER_OR_DPC_INVALID 0xC7
#define UNLOADED_PENDING     0xCE
#define VERIFIER             0xC4
#define LOCK_OWNED           0x100B /* the deleted lock is still owned by a thread */

struct range {
	uintptr_t start;
	size_t size;
};

static bool is_in(const struct range *range, const void *address)
{
	return (uintptr_t)address - range->start < range->size;
}

static bool timer_is_in(const void *context, const KTIMER *timer)
{
	return is_in(context, timer);
}

static bool dpc_is_in(const void *context, const KDPC *dpc)
{
	return is_in(context, dpc);
}

static void check_locks(struct nt_machine *machine, const struct range *range, const char *call,
			const char *what)
{
	const void *lock = nt_held_find(machine, (const void *)range->start, range->size);
	char text[384];

	if (lock)
		nt_violation_say(VERIFIER, LOCK_OWNED, "DRIVER_VERIFIER_DETECTED_VIOLATION", call,
				 NULL, "A lock is released before its memory is freed.",
				 "in the %s that is freed lies the %s.", what,
				 nt_held_text(lock, "spin lock", lock, text, sizeof(text)));
}

static void check_lookasides(struct nt_machine *machine, const struct range *range,
			     const char *call, const char *what)
{
	struct nt_lookaside found;
	char where[256];

	if (!nt_lookaside_find(machine, (const void *)range->start, range->size, NULL, &found))
		return;
	nt_symbol(found.caller, where, sizeof(where));
	nt_violation_say(VERIFIER, (uintptr_t)found.list, "DRIVER_VERIFIER_DETECTED_VIOLATION",
			 call, NULL, "A lookaside list is deleted before its memory is freed.",
			 "in the %s that is freed lies the %s at %p, which %s has initialised.",
			 what, found.kind, found.list, where);
}

void nt_left_in_memory(const void *memory, size_t size, const char *call, const char *what)
{
	const struct range range = { (uintptr_t)memory, size };
	struct nt_machine *machine = nt_self.machine;
	const void *timer, *setter, *dpc, *routine;
	char where[256];

	if (!machine || !memory)
		return;
	timer = nt_ktimer_find(machine, timer_is_in, &range, &setter);
	if (timer) {
		nt_symbol(setter, where, sizeof(where));
		nt_violation_say(
			TIMER_OR_DPC_INVALID, 0, "TIMER_OR_DPC_INVALID", call, NULL,
			"A timer is cancelled (KeCancelTimer) before its memory is freed.",
			"the KTIMER at %p lies in the %s that is freed, and is set, by %s.", timer,
			what, where);
	}
	dpc = nt_kdpc_find(machine, dpc_is_in, &range, &routine);
	if (dpc) {
		nt_symbol((const char *)routine + 1, where, sizeof(where));
		nt_violation_say(
			TIMER_OR_DPC_INVALID, 1, "TIMER_OR_DPC_INVALID", call, NULL,
			"A DPC has run, or was removed, before its memory is freed: KeRemoveQueueDpc, KeFlushQueuedDpcs.",
			"the KDPC at %p, of %s, lies in the %s that is freed, and is queued.", dpc,
			where, what);
	}
	check_locks(machine, &range, call, what);
	check_lookasides(machine, &range, call, what);
}

/* Stacks grow downwards: what a callback has there lies below its own struct, at lower addresses.
 */
static bool is_below(const void *object, const void *here, const struct nt_callback *callback)
{
	return (uintptr_t)object > (uintptr_t)here && (uintptr_t)object < (uintptr_t)callback;
}

void nt_left_note(const KTIMER *timer, const void *setter)
{
	const struct nt_callback *c = atomic_load_explicit(&nt_self.callback, memory_order_relaxed);

	while (c && c->outer)
		c = c->outer;
	if (!is_below(timer, __builtin_frame_address(0), c))
		return;
	nt_self.stack_timer = timer;
	nt_self.stack_setter = setter;
}

/* Other functions have written over the timer by now: nothing of it is looked at. */
void nt_left_on_stack(const struct nt_callback *callback)
{
	const KTIMER *timer = nt_self.stack_timer;
	char where[256];

	if (is_below(timer, __builtin_frame_address(0), callback) && nt_ktimer_is_set(timer)) {
		nt_symbol(nt_self.stack_setter, where, sizeof(where));
		nt_violation_say(
			TIMER_OR_DPC_INVALID, 0, "TIMER_OR_DPC_INVALID", callback->name,
			callback->object,
			"A timer on a stack is cancelled (KeCancelTimer) before its function returns.",
			"the KTIMER at %p lies on the stack of the callback, which has returned, and is set, by %s.",
			(const void *)timer, where);
	}
	if (!callback->outer)
		nt_self.stack_timer = NULL;
}

static const void *module_of(const void *address)
{
	Dl_info info;

	return address && dladdr(address, &info) ? info.dli_fbase : NULL;
}

static bool is_of(const void *context, const KDPC *dpc)
{
	return module_of((const void *)dpc->DeferredRoutine) == context;
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

static void check_module_lookasides(struct nt_machine *machine, const char *driver,
				    const void *module)
{
	struct nt_lookaside found;
	char where[256];

	if (!nt_lookaside_find(machine, NULL, 0, module, &found))
		return;
	nt_symbol(found.caller, where, sizeof(where));
	nt_violation_say(UNLOADED_PENDING, (uintptr_t)found.list,
			 "DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS", "EvtDriverUnload",
			 driver, "A driver deletes its lookaside lists before it is unloaded.",
			 "the %s at %p, which %s has initialised, was not deleted.", found.kind,
			 found.list, where);
}

void nt_left_by_module(struct nt_machine *machine, const char *driver, const void *module)
{
	const void *timer, *setter, *dpc, *routine;
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
	dpc = nt_kdpc_find(machine, is_of, module, &routine);
	if (dpc) {
		nt_symbol((const char *)routine + 1, where, sizeof(where));
		nt_violation_say(
			UNLOADED_PENDING, (uintptr_t)dpc,
			"DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS", "EvtDriverUnload",
			driver,
			"A driver removes its DPCs or waits for them (KeRemoveQueueDpc, KeFlushQueuedDpcs) before it is unloaded.",
			"the KDPC at %p, of %s, is still queued.", dpc, where);
	}
	check_module_lookasides(machine, driver, module);
	if (machine->subsystem && machine->subsystem->module_gone)
		machine->subsystem->module_gone(machine->subsystem, driver, module);
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
