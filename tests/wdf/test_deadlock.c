/* SPDX-License-Identifier: MIT */
/* Callbacks that wait for themselves or for each other, and their neighbours that may wait. */
#include <unistd.h>

#include "test_driver.h"

/* What the callbacks of the running test do; once. */
static void (*in_timer)(WDFTIMER timer);
static void (*in_item)(WDFWORKITEM item);
static WDFTIMER other_timer;
static WDFWORKITEM other_item;
static WDFWAITLOCK wait_lock;
static _Atomic int timers, items;
static KEVENT ran;

static void tick(WDFTIMER timer)
{
	void (*act)(WDFTIMER) = in_timer;

	in_timer = NULL;
	if (act)
		act(timer);
	timers++;
	KeSetEvent(&ran, 0, FALSE);
}

static void work(WDFWORKITEM item)
{
	void (*act)(WDFWORKITEM) = in_item;

	in_item = NULL;
	if (act)
		act(item);
	items++;
}

static void start(void **state, WDF_EXECUTION_LEVEL level)
{
	static WDF_OBJECT_ATTRIBUTES attributes;
	struct test_driver *d = *state;

	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.SynchronizationScope = WdfSynchronizationScopeDevice;
	attributes.ExecutionLevel = level;
	d->device_attributes = &attributes;
	test_driver_add(d);
	assert_int_equal(wdf_device_start(d->device), STATUS_SUCCESS);
	KeInitializeEvent(&ran, SynchronizationEvent, FALSE);
	in_timer = NULL;
	in_item = NULL;
	timers = items = 0;
	assert_int_equal(WdfWaitLockCreate(NULL, &wait_lock), STATUS_SUCCESS);
}

static WDFTIMER make_timer(bool passive, bool serial)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	WDF_TIMER_CONFIG config;
	WDFTIMER timer;

	WDF_TIMER_CONFIG_INIT(&config, tick);
	config.AutomaticSerialization = serial;
	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.ParentObject = test_driver->device_handle;
	if (passive)
		attributes.ExecutionLevel = WdfExecutionLevelPassive;
	assert_int_equal(WdfTimerCreate(&config, &attributes, &timer), STATUS_SUCCESS);
	return timer;
}

static WDFWORKITEM make_item(bool serial)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	WDF_WORKITEM_CONFIG config;
	WDFWORKITEM item;

	WDF_WORKITEM_CONFIG_INIT(&config, work);
	config.AutomaticSerialization = serial;
	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.ParentObject = test_driver->device_handle;
	assert_int_equal(WdfWorkItemCreate(&config, &attributes, &item), STATUS_SUCCESS);
	return item;
}

static void await_tick(void)
{
	LARGE_INTEGER patience = { .QuadPart = WDF_REL_TIMEOUT_IN_SEC(20) };

	assert_int_equal(KeWaitForSingleObject(&ran, Executive, KernelMode, FALSE, &patience),
			 STATUS_SUCCESS);
}

static void fire(WDFTIMER timer, void (*act)(WDFTIMER))
{
	in_timer = act;
	WdfTimerStart(timer, WDF_REL_TIMEOUT_IN_US(100));
	await_tick();
}

static void run_item(WDFWORKITEM item, void (*act)(WDFWORKITEM))
{
	in_item = act;
	WdfWorkItemEnqueue(item);
	WdfWorkItemFlush(item);
}

/* ---- for its own return ---- */

static void stop_and_wait(WDFTIMER timer)
{
	WdfTimerStop(timer, TRUE);
}

static void delete_timer(WDFTIMER timer)
{
	WdfObjectDelete(timer);
}

static void delete_parent(WDFTIMER timer)
{
	WdfObjectDelete(WdfTimerGetParentObject(timer));
}

static void flush_item(WDFWORKITEM item)
{
	WdfWorkItemFlush(item);
}

static void delete_item(WDFWORKITEM item)
{
	WdfObjectDelete(item);
}

static void stop_in_own(void *context)
{
	fire(make_timer(true, false), stop_and_wait);
}

static void stop_in_own_at_dispatch(void *context)
{
	fire(make_timer(false, false), stop_and_wait);
}

static void delete_in_own(void *context)
{
	fire(make_timer(true, false), delete_timer);
}

static void delete_parent_in_own(void *context)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	WDF_TIMER_CONFIG config;
	WDFOBJECT parent;
	WDFTIMER timer;

	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.ParentObject = test_driver->device_handle;
	WdfObjectCreate(&attributes, &parent);
	WDF_TIMER_CONFIG_INIT(&config, tick);
	config.AutomaticSerialization = FALSE;
	attributes.ParentObject = parent;
	attributes.ExecutionLevel = WdfExecutionLevelPassive;
	WdfTimerCreate(&config, &attributes, &timer);
	fire(timer, delete_parent);
}

static void flush_in_own(void *context)
{
	run_item(make_item(false), flush_item);
}

/* A waits for B, which waits for A. */
static void flush_the_first(WDFWORKITEM item)
{
	WdfWorkItemFlush(other_item);
}

static void flush_the_second(WDFWORKITEM item)
{
	WDFWORKITEM second = make_item(false);

	other_item = item;
	in_item = flush_the_first;
	WdfWorkItemEnqueue(second);
	WdfWorkItemFlush(second);
}

static void flush_each_other(void *context)
{
	run_item(make_item(false), flush_the_second);
}

static void own_return_is_not_waited_for(void **state)
{
	start(state, WdfExecutionLevelPassive);
	child_violates(stop_in_own, NULL, "0x10D WDF_VERIFIER_FATAL_ERROR in WdfTimerStop",
		       "inside EvtTimerFunc of the same WDFTIMER, 0x", NULL);
	child_violates(stop_in_own_at_dispatch, NULL, "in WdfTimerStop",
		       "inside EvtTimerFunc of the same WDFTIMER, 0x", NULL);
	child_violates(delete_in_own, NULL, "0x10D WDF_VERIFIER_FATAL_ERROR in WdfObjectDelete",
		       "inside EvtTimerFunc of the same WDFTIMER, 0x", NULL);
	child_violates(delete_parent_in_own, NULL, "in WdfObjectDelete",
		       "inside EvtTimerFunc of the same WDFTIMER, 0x", NULL);
	child_violates(flush_in_own, NULL, "0x10D WDF_VERIFIER_FATAL_ERROR in WdfWorkItemFlush",
		       "inside EvtWorkItem of the same WDFWORKITEM, 0x", NULL);
	child_violates(flush_each_other, NULL, "in WdfWorkItemFlush",
		       "inside EvtWorkItem of the same WDFWORKITEM, 0x", NULL);
}

static void stop_first_then_wait(WDFTIMER timer)
{
	assert_false(WdfTimerStop(timer, FALSE));
	WdfTimerStart(timer, WDF_REL_TIMEOUT_IN_SEC(100));
	assert_true(WdfTimerStop(timer, FALSE));
}

static void stop_the_other(WDFTIMER timer)
{
	WdfTimerStart(other_timer, WDF_REL_TIMEOUT_IN_SEC(100));
	assert_true(WdfTimerStop(other_timer, TRUE));
	WdfObjectDelete(other_timer);
}

static void neighbours_may_wait(void **state)
{
	WDFTIMER timer;
	WDFWORKITEM item;

	start(state, WdfExecutionLevelPassive);
	fire(make_timer(true, false), stop_first_then_wait);
	fire(make_timer(false, false), stop_first_then_wait);
	other_timer = make_timer(true, false);
	fire(make_timer(true, false), stop_the_other);
	/* At DISPATCH_LEVEL the rest of the deletion is a work item's. */
	fire(make_timer(false, false), delete_timer);
	timer = make_timer(true, false);
	fire(timer, NULL);
	WdfTimerStop(timer, TRUE);
	WdfObjectDelete(timer);
	item = make_item(false);
	in_item = delete_item;
	WdfWorkItemEnqueue(item);
	WdfWorkItemFlush(make_item(false));
	assert_int_equal(items, 1);
}

/* ---- by way of another ---- */

static void flush_other_item(WDFWORKITEM item)
{
	WdfWorkItemEnqueue(other_item);
	WdfWorkItemFlush(other_item);
	assert_int_equal(items, 1);
}

/* On Windows another system thread runs it. */
static void an_item_may_wait_for_another(void **state)
{
	start(state, WdfExecutionLevelPassive);
	other_item = make_item(false);
	run_item(make_item(true), flush_other_item);
	assert_int_equal(items, 2);
}

static void flush_serial(void *context)
{
	other_item = make_item(true);
	run_item(make_item(true), flush_other_item);
}

static void take_lock(WDFWORKITEM item)
{
	WdfWaitLockAcquire(wait_lock, NULL);
	WdfWaitLockRelease(wait_lock);
}

static void wait_with_its_lock(void *context)
{
	WdfWaitLockAcquire(wait_lock, NULL);
	run_item(make_item(false), take_lock);
}

static void circles_are_named(void **state)
{
	start(state, WdfExecutionLevelPassive);
	child_violates(flush_serial, NULL, "0x10D WDF_RECURSIVE_LOCK in EvtWorkItem",
		       "a serialised callback waits for EvtWorkItem of the WDFWORKITEM 0x", NULL);
	child_violates(wait_with_its_lock, NULL, "0xC4 DRIVER_VERIFIER_DETECTED_VIOLATION in Wdf",
		       ": deadlock: ", "WdfWaitLockAcquire in EvtWorkItem on thread work-items",
		       "WdfWorkItemFlush ", NULL);
}

static void *keep_for_a_while(void *context)
{
	nt_thread_enter(&test_driver->nt->machine);
	WdfWaitLockAcquire(wait_lock, NULL);
	items = 10;
	usleep(200000);
	WdfWaitLockRelease(wait_lock);
	nt_thread_leave();
	return NULL;
}

static void a_lock_that_is_kept_for_long_is_no_deadlock(void **state)
{
	pthread_t thread;

	start(state, WdfExecutionLevelPassive);
	pthread_create(&thread, NULL, keep_for_a_while, NULL);
	while (items != 10)
		sched_yield();
	run_item(make_item(false), take_lock);
	assert_int_equal(items, 11);
	pthread_join(thread, NULL);
}

/* A timer that runs elsewhere is deleted by who holds what it needs: Windows puts that off. */
static WDFSPINLOCK spin_lock;

static void take_spin_lock(WDFTIMER timer)
{
	items = 20;
	WdfSpinLockAcquire(spin_lock);
	WdfSpinLockRelease(spin_lock);
}

static void a_deletion_at_dispatch_level_does_not_wait(void **state)
{
	WDFTIMER timer;

	start(state, WdfExecutionLevelInheritFromParent);
	assert_int_equal(WdfSpinLockCreate(NULL, &spin_lock), STATUS_SUCCESS);
	timer = make_timer(false, false);
	WdfSpinLockAcquire(spin_lock);
	in_timer = take_spin_lock;
	WdfTimerStart(timer, WDF_REL_TIMEOUT_IN_US(100));
	while (items != 20)
		sched_yield();
	WdfObjectDelete(timer);
	WdfSpinLockRelease(spin_lock);
	await_tick();
}

/* ---- for D0 ---- */

static bool wait_for_d0;
static const char *where;

static NTSTATUS stop_idle(WDFDEVICE device, const char *name)
{
	if (where && !strcmp(where, name)) {
		assert_int_equal(WdfDeviceStopIdle(device, wait_for_d0), STATUS_SUCCESS);
		WdfDeviceResumeIdle(device);
	}
	return STATUS_SUCCESS;
}

static NTSTATUS d0_entry(WDFDEVICE device, WDF_POWER_DEVICE_STATE previous)
{
	return stop_idle(device, "EvtDeviceD0Entry");
}

static NTSTATUS d0_exit(WDFDEVICE device, WDF_POWER_DEVICE_STATE target)
{
	return stop_idle(device, "EvtDeviceD0Exit");
}

static NTSTATUS io_init(WDFDEVICE device)
{
	return stop_idle(device, "EvtDeviceSelfManagedIoInit");
}

static NTSTATUS io_suspend(WDFDEVICE device)
{
	return stop_idle(device, "EvtDeviceSelfManagedIoSuspend");
}

static NTSTATUS add(struct test_driver *d, PWDFDEVICE_INIT init)
{
	WDF_PNPPOWER_EVENT_CALLBACKS pnp;

	WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&pnp);
	pnp.EvtDeviceD0Entry = d0_entry;
	pnp.EvtDeviceD0Exit = d0_exit;
	pnp.EvtDeviceSelfManagedIoInit = io_init;
	pnp.EvtDeviceSelfManagedIoSuspend = io_suspend;
	WdfDeviceInitSetPnpPowerEventCallbacks(init, &pnp);
	return STATUS_SUCCESS;
}

static void up_and_down(void *context)
{
	where = context;
	wdf_device_start(test_driver->device);
	wdf_device_stop(test_driver->device);
}

static void d0_is_not_waited_for_on_the_way_there(void **state)
{
	static char names[][40] = { "EvtDeviceD0Entry", "EvtDeviceSelfManagedIoSuspend",
				    "EvtDeviceD0Exit" };
	struct test_driver *d = *state;
	char text[160];

	d->device_add = add;
	test_driver_add(d);
	for (size_t i = 0; i < ARRAYSIZE(names); i++) {
		snprintf(text, sizeof(text), "it was called inside %s", names[i]);
		wait_for_d0 = true;
		child_violates(up_and_down, names[i],
			       "0x10D WDF_VERIFIER_FATAL_ERROR in WdfDeviceStopIdle", text, NULL);
		wait_for_d0 = false;
		up_and_down(names[i]);
	}
	wait_for_d0 = true;
	up_and_down("EvtDeviceSelfManagedIoInit");
	where = NULL;
}

/* ---- an interrupt ---- */

static BOOLEAN isr(WDFINTERRUPT interrupt, ULONG message)
{
	nt_line_set(&test_driver->line, 0);
	return WdfInterruptQueueDpcForIsr(interrupt);
}

static void delete_in_dpc(WDFINTERRUPT interrupt, WDFOBJECT device)
{
	WdfObjectDelete(interrupt);
}

static NTSTATUS make_interrupt(struct test_driver *d, WDFDEVICE device)
{
	WDF_INTERRUPT_CONFIG config;
	WDFINTERRUPT interrupt;

	WDF_INTERRUPT_CONFIG_INIT(&config, isr, delete_in_dpc);
	return WdfInterruptCreate(device, &config, NULL, &interrupt);
}

static void interrupt_it(void *context)
{
	nt_line_set(&test_driver->line, 1);
}

static void an_interrupt_is_not_deleted_by_its_dpc(void **state)
{
	struct test_driver *d = *state;

	d->after_create = make_interrupt;
	test_driver_add(d);
	assert_int_equal(wdf_device_start(d->device), STATUS_SUCCESS);
	child_violates(interrupt_it, NULL, "in WdfObjectDelete",
		       "WdfObjectDelete is called at PASSIVE_LEVEL", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WDF_TEST(own_return_is_not_waited_for),
		WDF_TEST(neighbours_may_wait),
		WDF_TEST(an_item_may_wait_for_another),
		WDF_TEST(circles_are_named),
		WDF_TEST(a_lock_that_is_kept_for_long_is_no_deadlock),
		WDF_TEST(a_deletion_at_dispatch_level_does_not_wait),
		WDF_TEST(d0_is_not_waited_for_on_the_way_there),
		WDF_TEST(an_interrupt_is_not_deleted_by_its_dpc),
	};

	return cmocka_run_group_tests_name("wdf deadlock", tests, NULL, NULL);
}
