/* SPDX-License-Identifier: MIT */
/* Interrupts, work items, timers. */
#include "test_driver.h"

typedef struct STATE {
	WDFINTERRUPT interrupt;
	WDFSPINLOCK lock;
	KEVENT event;
	unsigned isrs, dpcs, fired;
	KIRQL irql;
	bool queued_twice;
} STATE;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(STATE, GetState)

static WDF_OBJECT_ATTRIBUTES device_attributes;

static BOOLEAN isr(WDFINTERRUPT interrupt, ULONG message)
{
	STATE *s = GetState(WdfInterruptGetDevice(interrupt));

	nt_line_set(&test_driver->line, 0);
	s->isrs++;
	s->irql = KeGetCurrentIrql();
	assert_true(WdfInterruptQueueDpcForIsr(interrupt));
	s->queued_twice = WdfInterruptQueueDpcForIsr(interrupt);
	return TRUE;
}

static void dpc(WDFINTERRUPT interrupt, WDFOBJECT device)
{
	STATE *s = GetState(device);

	assert_int_equal(KeGetCurrentIrql(), DISPATCH_LEVEL);
	s->dpcs++;
	WdfSpinLockAcquire(s->lock);
	WdfSpinLockRelease(s->lock);
}

static NTSTATUS make_interrupt(struct test_driver *d, WDFDEVICE device)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	WDF_INTERRUPT_CONFIG config;
	STATE *s = GetState(device);

	KeInitializeEvent(&s->event, SynchronizationEvent, FALSE);
	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.ParentObject = device;
	assert_int_equal(WdfSpinLockCreate(&attributes, &s->lock), STATUS_SUCCESS);
	WDF_INTERRUPT_CONFIG_INIT(&config, isr, dpc);
	config.AutomaticSerialization = TRUE;
	return WdfInterruptCreate(device, &config, NULL, &s->interrupt);
}

static STATE *started(void **state)
{
	struct test_driver *d = *state;

	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&device_attributes, STATE);
	device_attributes.SynchronizationScope = WdfSynchronizationScopeDevice;
	d->device_attributes = &device_attributes;
	d->after_create = make_interrupt;
	test_driver_add(d);
	assert_int_equal(wdf_device_start(d->device), STATUS_SUCCESS);
	return GetState(d->device_handle);
}

static void an_interrupt_runs_isr_and_one_dpc(void **state)
{
	STATE *s = started(state);

	nt_line_set(&test_driver->line, 1);
	assert_int_equal(s->isrs, 1);
	assert_int_equal(s->irql, NT_DIRQL);
	assert_int_equal(s->dpcs, 1);
	assert_false(s->queued_twice);
}

static void the_interrupt_lock_keeps_the_isr_off(void **state)
{
	STATE *s = started(state);

	WdfInterruptAcquireLock(s->interrupt);
	assert_int_equal(KeGetCurrentIrql(), NT_DIRQL);
	nt_line_set(&test_driver->line, 1);
	assert_int_equal(s->isrs, 0);
	WdfInterruptReleaseLock(s->interrupt);
	assert_int_equal(s->isrs, 1);
	assert_int_equal(s->dpcs, 1);
	assert_int_equal(KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static void a_spin_lock_keeps_the_dpc_off(void **state)
{
	STATE *s = started(state);

	WdfSpinLockAcquire(s->lock);
	nt_line_set(&test_driver->line, 1);
	assert_int_equal(s->isrs, 1);
	assert_int_equal(s->dpcs, 0);
	WdfSpinLockRelease(s->lock);
	assert_int_equal(s->dpcs, 1);
}

static BOOLEAN synchronized(WDFINTERRUPT interrupt, WDFCONTEXT context)
{
	*(KIRQL *)context = KeGetCurrentIrql();
	nt_line_set(&test_driver->line, 1);
	return TRUE;
}

static void synchronize_runs_like_the_isr(void **state)
{
	STATE *s = started(state);
	KIRQL irql;

	assert_true(WdfInterruptSynchronize(s->interrupt, synchronized, &irql));
	assert_int_equal(irql, NT_DIRQL);
	assert_int_equal(s->isrs, 1);
}

static void an_interrupt_can_be_switched_off_and_on(void **state)
{
	STATE *s = started(state);
	WDF_INTERRUPT_INFO info;

	WdfInterruptDisable(s->interrupt);
	nt_line_set(&test_driver->line, 1);
	assert_int_equal(s->isrs, 0);
	WdfInterruptEnable(s->interrupt);
	assert_int_equal(s->isrs, 1);
	WDF_INTERRUPT_INFO_INIT(&info);
	WdfInterruptGetInfo(s->interrupt, &info);
	assert_int_equal(info.Irql, NT_DIRQL);
	assert_int_equal(info.Mode, LevelSensitive);
	assert_false(info.MessageSignaled);
}

static void interrupts_that_cannot_be_are_refused(void **state)
{
	STATE *s = started(state);
	WDFDEVICE device = test_driver->device_handle;
	WDF_OBJECT_ATTRIBUTES attributes;
	WDF_INTERRUPT_CONFIG config;
	WDFINTERRUPT interrupt;

	WDF_INTERRUPT_CONFIG_INIT(&config, isr, dpc);
	assert_int_equal(WdfInterruptCreate(device, &config, NULL, &interrupt),
			 STATUS_INVALID_DEVICE_STATE);
	config.EvtInterruptIsr = NULL;
	assert_int_equal(WdfInterruptCreate(device, &config, NULL, &interrupt),
			 STATUS_INVALID_PARAMETER);
	config.EvtInterruptIsr = isr;
	config.PassiveHandling = TRUE;
	assert_int_equal(WdfInterruptCreate(device, &config, NULL, &interrupt),
			 STATUS_NOT_SUPPORTED);
	config.Size--;
	assert_int_equal(WdfInterruptCreate(device, &config, NULL, &interrupt),
			 STATUS_INFO_LENGTH_MISMATCH);
	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.ParentObject = s->lock;
	assert_int_equal(WdfInterruptCreate(device, &config, &attributes, &interrupt),
			 STATUS_WDF_PARENT_ASSIGNMENT_NOT_ALLOWED);
}

/* Interrupts from one thread while another holds the lock and the device goes down. */
static void *raise_often(void *context)
{
	nt_thread_enter(&test_driver->nt->machine);
	for (int i = 0; i < 3000; i++)
		nt_line_set(&test_driver->line, 1);
	nt_line_set(&test_driver->line, 0);
	nt_thread_leave();
	return NULL;
}

static void interrupts_from_other_threads(void **state)
{
	STATE *s = started(state);
	struct test_driver *d = *state;
	unsigned served;
	pthread_t thread;

	pthread_create(&thread, NULL, raise_often, NULL);
	for (int i = 0; i < 3000; i++) {
		WdfInterruptAcquireLock(s->interrupt);
		served = s->isrs;
		assert_int_equal(served, s->isrs);
		WdfInterruptReleaseLock(s->interrupt);
	}
	wdf_device_stop(d->device);
	served = s->isrs;
	pthread_join(thread, NULL);
	assert_int_equal(s->isrs, served);
	assert_int_equal(wdf_device_start(d->device), STATUS_SUCCESS);
}

static void work(WDFWORKITEM item)
{
	STATE *s = GetState(WdfWorkItemGetParentObject(item));

	s->irql = KeGetCurrentIrql();
	s->fired++;
}

static WDFWORKITEM make_work_item(void)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	WDF_WORKITEM_CONFIG config;
	WDFWORKITEM item;

	WDF_WORKITEM_CONFIG_INIT(&config, work);
	config.AutomaticSerialization = FALSE;
	assert_int_equal(WdfWorkItemCreate(&config, NULL, &item), STATUS_WDF_PARENT_NOT_SPECIFIED);
	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.ParentObject = test_driver->driver_handle;
	assert_int_equal(WdfWorkItemCreate(&config, &attributes, &item),
			 STATUS_INVALID_DEVICE_REQUEST);
	attributes.ParentObject = test_driver->device_handle;
	assert_int_equal(WdfWorkItemCreate(&config, &attributes, &item), STATUS_SUCCESS);
	config.AutomaticSerialization = TRUE;
	assert_int_equal(WdfWorkItemCreate(&config, &attributes, &(WDFWORKITEM){ 0 }),
			 STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL);
	return item;
}

static void a_work_item_runs_at_passive_level(void **state)
{
	STATE *s = started(state);
	WDFWORKITEM item = make_work_item();
	KIRQL irql = KeRaiseIrqlToDpcLevel();

	WdfWorkItemEnqueue(item);
	KeLowerIrql(irql);
	WdfWorkItemFlush(item);
	assert_int_equal(s->fired, 1);
	assert_int_equal(s->irql, PASSIVE_LEVEL);
	WdfWorkItemEnqueue(item);
	WdfObjectDelete(item);
	assert_int_equal(s->fired, 2);
}

static void tick(WDFTIMER timer)
{
	STATE *s = GetState(WdfTimerGetParentObject(timer));

	s->irql = KeGetCurrentIrql();
	s->fired++;
	KeSetEvent(&s->event, 0, FALSE);
}

static WDFTIMER make_timer(LONG period, bool passive)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	WDF_TIMER_CONFIG config;
	WDFTIMER timer;

	WDF_TIMER_CONFIG_INIT_PERIODIC(&config, tick, period);
	config.AutomaticSerialization = !passive;
	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.ParentObject = test_driver->device_handle;
	if (passive)
		attributes.ExecutionLevel = WdfExecutionLevelPassive;
	assert_int_equal(WdfTimerCreate(&config, &attributes, &timer), STATUS_SUCCESS);
	return timer;
}

static void wait_for_tick(STATE *s)
{
	LARGE_INTEGER patience = { .QuadPart = WDF_REL_TIMEOUT_IN_SEC(10) };

	assert_int_equal(KeWaitForSingleObject(&s->event, Executive, KernelMode, FALSE, &patience),
			 STATUS_SUCCESS);
}

static void a_timer_fires_once_at_dispatch_level(void **state)
{
	STATE *s = started(state);
	WDFTIMER timer = make_timer(0, false);

	assert_false(WdfTimerStart(timer, WDF_REL_TIMEOUT_IN_SEC(100)));
	assert_true(WdfTimerStart(timer, WDF_REL_TIMEOUT_IN_MS(1)));
	wait_for_tick(s);
	assert_false(WdfTimerStop(timer, TRUE));
	assert_int_equal(s->irql, DISPATCH_LEVEL);
	assert_int_equal(s->fired, 1);
	assert_false(WdfTimerStart(timer, WDF_REL_TIMEOUT_IN_SEC(100)));
	assert_true(WdfTimerStop(timer, FALSE));
}

static void a_periodic_timer_goes_on_until_stopped(void **state)
{
	STATE *s = started(state);
	WDFTIMER timer = make_timer(1, false);
	unsigned fired;

	WdfTimerStart(timer, WDF_REL_TIMEOUT_IN_MS(1));
	for (int i = 0; i < 3; i++)
		wait_for_tick(s);
	WdfTimerStop(timer, TRUE);
	fired = s->fired;
	KeStallExecutionProcessor(5000);
	assert_int_equal(s->fired, fired);
}

static void a_passive_timer_runs_at_passive_level(void **state)
{
	STATE *s = started(state);
	WDFTIMER timer = make_timer(0, true);

	WdfTimerStart(timer, WDF_REL_TIMEOUT_IN_MS(1));
	wait_for_tick(s);
	WdfTimerStop(timer, TRUE);
	assert_int_equal(s->irql, PASSIVE_LEVEL);
}

/* WdfTimerCreate: neither is there together with the other. */
static void a_timer_is_not_everything_at_once(void **state)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	WDF_TIMER_CONFIG config;
	WDFTIMER timer;

	started(state);
	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.ParentObject = test_driver->device_handle;
	WDF_TIMER_CONFIG_INIT(&config, tick);
	config.AutomaticSerialization = FALSE;
	config.TolerableDelay = 5;
	config.UseHighResolutionTimer = TRUE;
	assert_int_equal(WdfTimerCreate(&config, &attributes, &timer), STATUS_INVALID_PARAMETER);
	config.TolerableDelay = 0;
	assert_int_equal(WdfTimerCreate(&config, &attributes, &timer), STATUS_SUCCESS);

	WDF_TIMER_CONFIG_INIT_PERIODIC(&config, tick, 10);
	config.AutomaticSerialization = FALSE;
	attributes.ExecutionLevel = WdfExecutionLevelPassive;
	assert_int_equal(WdfTimerCreate(&config, &attributes, &timer), STATUS_NOT_SUPPORTED);
}

static void a_running_timer_ends_with_its_device(void **state)
{
	STATE *s = started(state);

	WdfTimerStart(make_timer(1, false), WDF_REL_TIMEOUT_IN_MS(1));
	wait_for_tick(s);
	test_driver_remove(*state);
}

static void stop_timer_waiting_at_dispatch(void *context)
{
	WDFTIMER timer = make_timer(0, false);

	KeRaiseIrqlToDpcLevel();
	WdfTimerStop(timer, TRUE);
}

static void create_at_dispatch(void *context)
{
	WDF_INTERRUPT_CONFIG config;
	WDFINTERRUPT interrupt;

	WDF_INTERRUPT_CONFIG_INIT(&config, isr, dpc);
	KeRaiseIrqlToDpcLevel();
	WdfInterruptCreate(test_driver->device_handle, &config, NULL, &interrupt);
}

static void what_must_be_called_at_passive_level(void **state)
{
	STATE *s = started(state);

	child_violates(stop_timer_waiting_at_dispatch, s, "in WdfTimerStop",
		       "WdfTimerStop is called at PASSIVE_LEVEL", NULL);
	child_violates(create_at_dispatch, s, "in WdfInterruptCreate", "PASSIVE_LEVEL", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WDF_TEST(an_interrupt_runs_isr_and_one_dpc),
		WDF_TEST(the_interrupt_lock_keeps_the_isr_off),
		WDF_TEST(a_spin_lock_keeps_the_dpc_off),
		WDF_TEST(synchronize_runs_like_the_isr),
		WDF_TEST(an_interrupt_can_be_switched_off_and_on),
		WDF_TEST(interrupts_that_cannot_be_are_refused),
		WDF_TEST(interrupts_from_other_threads),
		WDF_TEST(a_work_item_runs_at_passive_level),
		WDF_TEST(a_timer_fires_once_at_dispatch_level),
		WDF_TEST(a_periodic_timer_goes_on_until_stopped),
		WDF_TEST(a_passive_timer_runs_at_passive_level),
		WDF_TEST(a_timer_is_not_everything_at_once),
		WDF_TEST(a_running_timer_ends_with_its_device),
		WDF_TEST(what_must_be_called_at_passive_level),
	};

	return cmocka_run_group_tests_name("wdf sync", tests, NULL, NULL);
}
