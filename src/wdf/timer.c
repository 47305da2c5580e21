/* SPDX-License-Identifier: MIT */
/* WDFTIMER: at DISPATCH_LEVEL on the machine's timer thread, or at PASSIVE_LEVEL as a work item. */
#include "nt/timer.h"

#include "base/clock.h"
#include "nt/event.h"
#include "nt/export.h"
#include "nt/fault.h"
#include "nt/irql.h"
#include "nt/spinlock.h"
#include "nt/time.h"
#include "wdf/device_private.h"
#include "wdf/workitem.h"

struct wdf_timer {
	struct wdf_object object;
	struct wdf_device *device;
	WDFOBJECT parent; /* also while it is deleted and runs for the last time */
	WDF_TIMER_CONFIG config;
	bool passive;
	bool running;    /* started and not stopped; under the driver's lock */
	uint64_t due_ns; /* of the next firing, likewise */
	struct nt_timer timer;
};

static struct nt_timers *timers_of(const struct wdf_timer *timer)
{
	return timer->object.driver->machine->timers;
}

static void call_client(struct wdf_timer *timer)
{
	struct wdf_device *device = timer->device;
	bool serial = timer->config.AutomaticSerialization &&
		      device->scope == WdfSynchronizationScopeDevice;
	struct nt_callback callback;

	if (serial && timer->passive)
		wdf_serial_enter(device, &timer->object, "EvtTimerFunc");
	else if (serial)
		nt_spin_lock(&device->serial_spin, "EvtTimerFunc");
	nt_callback_enter(&callback, device->name, "EvtTimerFunc");
	nt_callback_of(&callback, timer);
	timer->config.EvtTimerFunc((WDFTIMER)timer);
	nt_callback_leave(&callback);
	if (serial && timer->passive)
		wdf_serial_leave(device);
	else if (serial)
		nt_spin_unlock(&device->serial_spin, "EvtTimerFunc");
	wdf_object_dereference(&timer->object);
}

static void call_passive(void *context)
{
	call_client(context);
}

static void fire(struct nt_timer *nt_timer)
{
	struct wdf_timer *timer = CONTAINING_RECORD(nt_timer, struct wdf_timer, timer);
	struct wdf_driver *driver = timer->object.driver;

	/* The callback may delete its timer. */
	wdf_object_reference(&timer->object);
	pthread_mutex_lock(&driver->lock);
	if (timer->running && timer->config.Period) {
		timer->due_ns += (uint64_t)timer->config.Period * 1000000;
		nt_timer_set(timers_of(timer), nt_timer, timer->due_ns);
	} else {
		timer->running = false;
	}
	pthread_mutex_unlock(&driver->lock);
	if (!timer->passive) {
		call_client(timer);
	} else if (nt_worker_post(driver->work_items, call_passive, timer)) {
		nt_log(timer->device->name, "no memory to run a passive-level timer");
		wdf_object_dereference(&timer->object);
	}
}

static bool stop(struct wdf_timer *timer, bool wait)
{
	struct wdf_driver *driver = timer->object.driver;
	bool was_set;

	pthread_mutex_lock(&driver->lock);
	timer->running = false;
	pthread_mutex_unlock(&driver->lock);
	was_set = nt_timer_cancel(timers_of(timer), &timer->timer, wait);
	if (wait && timer->passive)
		wdf_work_items_wait(driver, call_passive, timer, "the stop of a timer");
	return was_set;
}

static void stop_later(void *context)
{
	struct wdf_timer *timer = context;

	stop(timer, true);
	wdf_object_dereference(&timer->object);
}

/* Return: false: there is no memory, or no thread for work items. */
static bool put_off(struct wdf_timer *timer)
{
	struct nt_worker *worker = wdf_work_items(timer->object.driver);

	wdf_object_reference(&timer->object);
	if (worker && !nt_worker_post(worker, stop_later, timer))
		return true;
	wdf_object_dereference(&timer->object);
	return false;
}

/*
 * DDI page EvtTimerFunc: deleting the timer there is a deadlock at PASSIVE_LEVEL. At DISPATCH_LEVEL
 * Windows leaves the waiting to a work item.
 */
static void dispose(struct wdf_object *object)
{
	struct wdf_timer *timer = (struct wdf_timer *)object;

	stop(timer, false);
	if (nt_irql() < DISPATCH_LEVEL) {
		wdf_check_not_inside(object, "WdfObjectDelete");
		stop(timer, true);
	} else if (!nt_callback_inside(object) && !put_off(timer)) {
		stop(timer, true);
	}
}

const struct wdf_class wdf_timer_class = {
	.name = "WDFTIMER",
	.size = sizeof(struct wdf_timer),
	.dispose = dispose,
};

NETCX_EXPORT NTSTATUS WdfTimerCreate(PWDF_TIMER_CONFIG Config, PWDF_OBJECT_ATTRIBUTES Attributes,
				     WDFTIMER *Timer)
{
	static const char call[] = "WdfTimerCreate";
	struct wdf_device *device;
	struct wdf_timer *timer;
	NTSTATUS status;
	bool passive, user;
	void *object;

	wdf_check_irql(DISPATCH_LEVEL, call);
	wdf_check_pointer(Config, "Config", call);
	wdf_check_pointer(Timer, "Timer", call);
	if (!wdf_size_ok(Config->Size, sizeof(*Config), "WDF_TIMER_CONFIG", call))
		return STATUS_INFO_LENGTH_MISMATCH;
	if (!Config->EvtTimerFunc || Config->Period > MAXLONG ||
	    (Config->TolerableDelay && Config->UseHighResolutionTimer))
		return STATUS_INVALID_PARAMETER;
	status = wdf_parent_device(Attributes, &device, call);
	if (!NT_SUCCESS(status))
		return status;
	user = wdf_driver_is_user_mode(device->setup.driver);
	passive = user || Attributes->ExecutionLevel == WdfExecutionLevelPassive;
	if (passive && !user && Config->Period)
		return STATUS_NOT_SUPPORTED;
	/* DDI page: it can only be serialised with callbacks of its own level. */
	if (Config->AutomaticSerialization && device->scope == WdfSynchronizationScopeDevice &&
	    passive != wdf_device_is_passive(device))
		return STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL;
	if (NT_FAULT("WdfTimerCreate"))
		return STATUS_INSUFFICIENT_RESOURCES;
	if (passive && !wdf_work_items(device->setup.driver))
		return STATUS_INSUFFICIENT_RESOURCES;
	status = wdf_object_create(&wdf_timer_class, device->setup.driver, NULL, Attributes,
				   &object);
	if (!NT_SUCCESS(status))
		return status;
	timer = object;
	timer->device = device;
	timer->parent = Attributes->ParentObject;
	timer->config = *Config;
	timer->passive = passive;
	timer->timer.fire = fire;
	*Timer = object;
	return STATUS_SUCCESS;
}

static struct wdf_timer *timer_of(WDFTIMER handle, const char *call)
{
	return wdf_object_of(handle, &wdf_timer_class, call);
}

NETCX_EXPORT BOOLEAN WdfTimerStart(WDFTIMER Timer, LONGLONG DueTime)
{
	static const char call[] = "WdfTimerStart";
	struct wdf_timer *timer = timer_of(Timer, call);
	struct wdf_driver *driver = timer->object.driver;
	bool was_set;

	wdf_check_irql(DISPATCH_LEVEL, call);
	pthread_mutex_lock(&driver->lock);
	timer->due_ns = nt_deadline_ns(DueTime);
	timer->running = !timer->object.deleted;
	was_set = timer->running && nt_timer_set(timers_of(timer), &timer->timer, timer->due_ns);
	pthread_mutex_unlock(&driver->lock);
	return was_set;
}

/* DDI page: waiting needs PASSIVE_LEVEL, and not the timer's own callback. */
NETCX_EXPORT BOOLEAN WdfTimerStop(WDFTIMER Timer, BOOLEAN Wait)
{
	static const char call[] = "WdfTimerStop";
	struct wdf_timer *timer = timer_of(Timer, call);

	if (Wait)
		wdf_check_not_inside(&timer->object, call);
	wdf_check_irql(Wait ? PASSIVE_LEVEL : DISPATCH_LEVEL, call);
	return stop(timer, Wait);
}

NETCX_EXPORT WDFOBJECT WdfTimerGetParentObject(WDFTIMER Timer)
{
	return timer_of(Timer, "WdfTimerGetParentObject")->parent;
}
