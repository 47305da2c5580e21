/* SPDX-License-Identifier: MIT */
#include "nt/callback.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "base/clock.h"
#include "nt/fault.h"
#include "nt/left_behind.h"
#include "nt/thread.h"
#include "nt/violation.h"

/* Nobody else writes it. */
static uint64_t own_calls(void)
{
	return atomic_load_explicit(&nt_self.calls, memory_order_relaxed);
}

static const struct nt_callback *innermost(void)
{
	return atomic_load_explicit(&nt_self.callback, memory_order_relaxed);
}

void nt_callback_watch(struct nt_callback_watch *watch)
{
	nt_self.watch = watch;
}

/* The outermost that the watchdog looks at. */
static bool is_watched(const struct nt_callback *callback)
{
	return !callback->endless && (!callback->outer || callback->outer->endless);
}

static void enter(struct nt_callback *callback, const char *object, const char *name, bool endless)
{
	callback->object = object;
	callback->name = name;
	callback->of = NULL;
	callback->outer = innermost();
	callback->endless = endless;
	callback->irql = nt_self.irql;
	callback->regions = nt_self.regions;
	callback->held = atomic_load_explicit(&nt_self.held_count, memory_order_relaxed);
	if (nt_self.watch)
		nt_self.watch->look(nt_self.watch, callback->outer);
	atomic_store_explicit(&nt_self.callback, callback, memory_order_release);
	if (!is_watched(callback))
		return;
	atomic_store_explicit(&nt_self.outermost, callback, memory_order_relaxed);
	/* In one order with the watchdog's going to sleep and its last look before that. */
	atomic_store(&nt_self.calls, own_calls() + 1);
	if (nt_self.machine && nt_self.machine->watchdog_asleep)
		nt_self.machine->rouse_watchdog(nt_self.machine);
}

void nt_callback_enter(struct nt_callback *callback, const char *object, const char *name)
{
	enter(callback, object, name, false);
}

void nt_callback_enter_endless(struct nt_callback *callback, const char *object, const char *name)
{
	enter(callback, object, name, true);
}

void nt_callback_leave(struct nt_callback *callback)
{
	if (atomic_load_explicit(&nt_self.held_count, memory_order_relaxed) > callback->held)
		nt_held_return(callback);
	if (!nt_regions_same(&nt_self.regions, &callback->regions))
		nt_region_return(callback, &nt_self.regions);
	if (nt_self.irql != callback->irql)
		nt_violation_say(
			0xC8, nt_self.irql, "IRQL_UNEXPECTED_VALUE", callback->name,
			callback->object,
			"A callback returns at the IRQL it was called at: a lock was not released, or released too often.",
			"it was called at IRQL %u and returned at IRQL %u.", callback->irql,
			nt_self.irql);
	if (nt_self.stack_timer)
		nt_left_on_stack(callback);
	if (nt_self.watch)
		nt_self.watch->look(nt_self.watch, callback);
	if (is_watched(callback))
		atomic_store_explicit(&nt_self.calls, own_calls() + 1, memory_order_release);
	atomic_store_explicit(&nt_self.callback, callback->outer, memory_order_release);
}

void nt_callback_begin(struct nt_callback *callback, const char *object, const char *name)
{
	nt_callback_enter(callback, object, name);
	callback->start_ns = clock_ns();
	if (nt_self.machine && nt_self.machine->faults)
		nt_faults_callback(nt_self.machine->faults, name, true);
}

void nt_callback_end_fields(struct nt_callback *callback, const struct nt_field *fields,
			    size_t count)
{
	nt_callback_leave(callback);
	nt_emit(NT_EVENT_CALLBACK, callback->object, callback->name, fields, count);
	if (nt_self.machine && nt_self.machine->faults)
		nt_faults_callback(nt_self.machine->faults, callback->name, false);
}

static struct nt_field duration_of(const struct nt_callback *callback)
{
	return NT_UINT("duration_us", (clock_ns() - callback->start_ns) / 1000);
}

void nt_callback_end(struct nt_callback *callback)
{
	NT_CALLBACK_END(callback, duration_of(callback));
}

NTSTATUS nt_callback_end_status(struct nt_callback *callback, NTSTATUS status)
{
	NT_CALLBACK_END(callback, duration_of(callback), NT_STATUS("status", status));
	return status;
}

void nt_callback_of(struct nt_callback *callback, const void *object)
{
	callback->of = object;
}

const struct nt_callback *nt_callback_inside(const void *object)
{
	const struct nt_callback *callback = innermost();

	while (callback && callback->of != object)
		callback = callback->outer;
	return callback;
}

bool nt_callback_is_adapter(const char *name)
{
	struct nt_machine *machine = nt_self.machine;

	return name && machine && machine->is_adapter &&
	       machine->is_adapter(machine->on_violation_context, name);
}

const char *nt_callback_adapter(void)
{
	const struct nt_callback *callback = innermost();
	const char *mine = atomic_load_explicit(&nt_self.adapter, memory_order_relaxed);

	while (callback && !nt_callback_is_adapter(callback->object))
		callback = callback->outer;
	if (callback)
		return callback->object;
	return nt_callback_is_adapter(mine) ? mine : NULL;
}

void nt_callback_works_for(const char *name)
{
	atomic_store(&nt_self.adapter, name);
}

static bool is_named(const struct nt_callback *callback, const char *const *names, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (!strcmp(callback->name, names[i]))
			return true;
	return false;
}

const struct nt_callback *nt_callback_inside_named(const char *name)
{
	const struct nt_callback *callback = innermost();

	while (callback && callback->object != name)
		callback = callback->outer;
	return callback;
}

const struct nt_callback *nt_callback_inside_one(const char *const *names, unsigned count)
{
	const struct nt_callback *callback = innermost();

	while (callback && !is_named(callback, names, count))
		callback = callback->outer;
	return callback;
}

void nt_callback_tell_end(void *const *frames, int count, struct text *text)
{
	struct nt_machine *machine = nt_self.machine;

	if (machine && machine->tell_end)
		machine->tell_end(machine->on_violation_context, frames, count,
				  nt_callback_adapter(), text);
}
