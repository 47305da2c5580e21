/* SPDX-License-Identifier: MIT */
/* The order of a device's life, and what a failure at each step undoes. */
#include "test_driver.h"

static NTSTATUS prepare(WDFDEVICE device, WDFCMRESLIST raw, WDFCMRESLIST translated)
{
	return test_driver_call("Prepare");
}

static NTSTATUS release(WDFDEVICE device, WDFCMRESLIST translated)
{
	return test_driver_call("Release");
}

static NTSTATUS d0_entry(WDFDEVICE device, WDF_POWER_DEVICE_STATE previous)
{
	assert_int_equal(previous, WdfPowerDeviceD3Final);
	return test_driver_call("D0Entry");
}

static NTSTATUS d0_entry_post(WDFDEVICE device, WDF_POWER_DEVICE_STATE previous)
{
	return test_driver_call("PostEnabled");
}

static NTSTATUS d0_exit(WDFDEVICE device, WDF_POWER_DEVICE_STATE target)
{
	assert_int_equal(target, WdfPowerDeviceD3Final);
	return test_driver_call("D0Exit");
}

static NTSTATUS d0_exit_pre(WDFDEVICE device, WDF_POWER_DEVICE_STATE target)
{
	return test_driver_call("PreDisabled");
}

static NTSTATUS io_init(WDFDEVICE device)
{
	return test_driver_call("IoInit");
}

static NTSTATUS io_restart(WDFDEVICE device)
{
	return test_driver_call("IoRestart");
}

static NTSTATUS io_suspend(WDFDEVICE device)
{
	return test_driver_call("IoSuspend");
}

static void io_flush(WDFDEVICE device)
{
	test_driver_call("IoFlush");
}

static void io_cleanup(WDFDEVICE device)
{
	test_driver_call("IoCleanup");
}

static void surprise(WDFDEVICE device)
{
	test_driver_call("Surprise");
}

static BOOLEAN isr(WDFINTERRUPT interrupt, ULONG message)
{
	nt_line_set(&test_driver->line, 0);
	test_driver_call("Isr");
	return TRUE;
}

static NTSTATUS enable(WDFINTERRUPT interrupt, WDFDEVICE device)
{
	assert_int_equal(KeGetCurrentIrql(), NT_DIRQL);
	return test_driver_call("Enable");
}

static NTSTATUS disable(WDFINTERRUPT interrupt, WDFDEVICE device)
{
	assert_int_equal(KeGetCurrentIrql(), NT_DIRQL);
	return test_driver_call("Disable");
}

static NTSTATUS dma_fill(WDFDMAENABLER enabler)
{
	return test_driver_call("Fill");
}

static NTSTATUS dma_enable(WDFDMAENABLER enabler)
{
	return test_driver_call("DmaEnable");
}

static NTSTATUS dma_start(WDFDMAENABLER enabler)
{
	return test_driver_call("DmaStart");
}

static NTSTATUS dma_stop(WDFDMAENABLER enabler)
{
	return test_driver_call("DmaStop");
}

static NTSTATUS dma_disable(WDFDMAENABLER enabler)
{
	return test_driver_call("DmaDisable");
}

static NTSTATUS dma_flush(WDFDMAENABLER enabler)
{
	return test_driver_call("Flush");
}

static NTSTATUS x_init(void *extension)
{
	return test_driver_call("xInit");
}

static NTSTATUS x_restart(void *extension)
{
	return test_driver_call("xRestart");
}

static void x_suspend(void *extension)
{
	test_driver_call("xSuspend");
}

static void x_pre(void *extension)
{
	test_driver_call("xPre");
}

static void x_post(void *extension)
{
	test_driver_call("xPost");
}

static void x_cleanup(void *extension)
{
	test_driver_call("xCleanup");
}

static const struct wdf_extension_ops extension = {
	.io_init = x_init,
	.io_restart = x_restart,
	.io_suspend = x_suspend,
	.pre_release_hardware = x_pre,
	.post_release_hardware = x_post,
	.cleanup = x_cleanup,
};

static NTSTATUS add(struct test_driver *d, PWDFDEVICE_INIT init)
{
	WDF_PNPPOWER_EVENT_CALLBACKS callbacks;

	WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&callbacks);
	callbacks.EvtDevicePrepareHardware = prepare;
	callbacks.EvtDeviceReleaseHardware = release;
	callbacks.EvtDeviceD0Entry = d0_entry;
	callbacks.EvtDeviceD0EntryPostInterruptsEnabled = d0_entry_post;
	callbacks.EvtDeviceD0Exit = d0_exit;
	callbacks.EvtDeviceD0ExitPreInterruptsDisabled = d0_exit_pre;
	callbacks.EvtDeviceSelfManagedIoInit = io_init;
	callbacks.EvtDeviceSelfManagedIoRestart = io_restart;
	callbacks.EvtDeviceSelfManagedIoSuspend = io_suspend;
	callbacks.EvtDeviceSelfManagedIoFlush = io_flush;
	callbacks.EvtDeviceSelfManagedIoCleanup = io_cleanup;
	callbacks.EvtDeviceSurpriseRemoval = surprise;
	WdfDeviceInitSetPnpPowerEventCallbacks(init, &callbacks);
	assert_string_equal(wdf_device_init_config(init, __func__)->name, "Ethernet");
	assert_int_equal(wdf_device_init_extension(init, &extension, d), STATUS_SUCCESS);
	assert_int_equal(wdf_device_init_extension(init, &extension, d),
			 STATUS_INVALID_DEVICE_STATE);
	return STATUS_SUCCESS;
}

static NTSTATUS make_objects(struct test_driver *d, WDFDEVICE device)
{
	WDF_DMA_ENABLER_CONFIG dma;
	WDF_INTERRUPT_CONFIG config;
	WDFDMAENABLER enabler;
	WDFINTERRUPT interrupt;

	WDF_INTERRUPT_CONFIG_INIT(&config, isr, NULL);
	config.EvtInterruptEnable = enable;
	config.EvtInterruptDisable = disable;
	assert_int_equal(WdfInterruptCreate(device, &config, NULL, &interrupt), STATUS_SUCCESS);
	WDF_DMA_ENABLER_CONFIG_INIT(&dma, WdfDmaProfileScatterGather64, 65536);
	dma.EvtDmaEnablerFill = dma_fill;
	dma.EvtDmaEnablerEnable = dma_enable;
	dma.EvtDmaEnablerSelfManagedIoStart = dma_start;
	dma.EvtDmaEnablerSelfManagedIoStop = dma_stop;
	dma.EvtDmaEnablerDisable = dma_disable;
	dma.EvtDmaEnablerFlush = dma_flush;
	assert_int_equal(WdfDmaEnablerCreate(device, &dma, NULL, &enabler), STATUS_SUCCESS);
	return STATUS_SUCCESS;
}

static struct test_driver *with_driver(void **state)
{
	struct test_driver *d = *state;

	d->device_add = add;
	d->after_create = make_objects;
	test_driver_add(d);
	assert_int_equal(wdf_device_state(d->device), WDF_DEVICE_ADDED);
	return d;
}

#define UP "Prepare D0Entry Enable PostEnabled Fill DmaEnable DmaStart "
#define DOWN                                                                                   \
	"xSuspend IoSuspend DmaStop DmaDisable Flush PreDisabled Disable D0Exit xPre Release " \
	"xPost"

static void the_whole_life_in_order(void **state)
{
	struct test_driver *d = with_driver(state);

	assert_int_equal(wdf_device_start(d->device), STATUS_SUCCESS);
	assert_string_equal(test_driver_calls(d), UP "IoInit xInit");
	assert_int_equal(wdf_device_state(d->device), WDF_DEVICE_STARTED);
	assert_int_equal(wdf_device_start(d->device), STATUS_INVALID_DEVICE_STATE);
	wdf_device_stop(d->device);
	assert_string_equal(test_driver_calls(d), DOWN);
	assert_int_equal(wdf_device_state(d->device), WDF_DEVICE_STOPPED);
	wdf_device_stop(d->device);
	assert_string_equal(test_driver_calls(d), "");
	assert_int_equal(wdf_device_start(d->device), STATUS_SUCCESS);
	assert_string_equal(test_driver_calls(d), UP "IoRestart xRestart");
	test_driver_remove(d);
	assert_string_equal(test_driver_calls(d), DOWN " IoFlush IoCleanup xCleanup");
	test_driver_unload(d);
	assert_string_equal(test_driver_calls(d), "Unload");
}

static void surprise_removal_comes_first(void **state)
{
	struct test_driver *d = with_driver(state);

	assert_int_equal(wdf_device_start(d->device), STATUS_SUCCESS);
	test_driver_calls(d);
	wdf_device_surprise_remove(d->device);
	d->device = NULL;
	assert_string_equal(test_driver_calls(d), "Surprise " DOWN " IoFlush IoCleanup xCleanup");
}

static void a_device_never_started_is_removed_quietly(void **state)
{
	struct test_driver *d = with_driver(state);

	test_driver_remove(d);
	assert_string_equal(test_driver_calls(d), "xCleanup");
}

static void what_was_done_is_undone(void **state)
{
	static const struct {
		const char *failing, *callback, *calls, *removal;
	} steps[] = {
		{ "Prepare", "EvtDevicePrepareHardware", "Prepare xPre Release xPost", "xCleanup" },
		{ "D0Entry", "EvtDeviceD0Entry", "Prepare D0Entry xPre Release xPost", "xCleanup" },
		{ "Enable", "EvtInterruptEnable",
		  "Prepare D0Entry Enable D0Exit xPre Release xPost", "xCleanup" },
		{ "PostEnabled", "EvtDeviceD0EntryPostInterruptsEnabled",
		  "Prepare D0Entry Enable PostEnabled Disable D0Exit xPre Release xPost",
		  "xCleanup" },
		{ "Fill", "EvtDmaEnablerFill",
		  "Prepare D0Entry Enable PostEnabled Fill PreDisabled Disable D0Exit xPre Release xPost",
		  "xCleanup" },
		{ "DmaEnable", "EvtDmaEnablerEnable",
		  "Prepare D0Entry Enable PostEnabled Fill DmaEnable Flush PreDisabled Disable D0Exit xPre Release xPost",
		  "xCleanup" },
		{ "DmaStart", "EvtDmaEnablerSelfManagedIoStart",
		  UP "DmaDisable Flush PreDisabled Disable D0Exit xPre Release xPost", "xCleanup" },
		{ "IoInit", "EvtDeviceSelfManagedIoInit",
		  UP
		  "IoInit DmaStop DmaDisable Flush PreDisabled Disable D0Exit xPre Release xPost",
		  "IoFlush IoCleanup xCleanup" },
		{ "xInit", NULL,
		  UP
		  "IoInit xInit IoSuspend DmaStop DmaDisable Flush PreDisabled Disable D0Exit xPre Release xPost",
		  "IoFlush IoCleanup xCleanup" },
	};
	static const NTSTATUS failures[] = { STATUS_UNSUCCESSFUL, STATUS_INSUFFICIENT_RESOURCES,
					     (NTSTATUS)0x80000005, (NTSTATUS)0xFFFFFFFF };

	for (size_t i = 0; i < RTL_NUMBER_OF(steps); i++) {
		struct test_driver *d = with_driver(state);

		d->failing = steps[i].failing;
		d->failure = failures[i % RTL_NUMBER_OF(failures)];
		assert_int_equal(wdf_device_start(d->device), d->failure);
		assert_string_equal(test_driver_calls(d), steps[i].calls);
		assert_int_equal(wdf_device_state(d->device), WDF_DEVICE_FAILED);
		if (steps[i].callback)
			assert_string_equal(wdf_device_failed_callback(d->device),
					    steps[i].callback);
		else
			assert_null(wdf_device_failed_callback(d->device));
		nt_line_set(&d->line, 1);
		nt_line_set(&d->line, 0);
		assert_string_equal(test_driver_calls(d), "");
		test_driver_remove(d);
		assert_string_equal(test_driver_calls(d), steps[i].removal);
		test_driver_unload(d);
		test_driver_calls(d);
		d->failing = NULL;
	}
}

static void a_failed_device_can_be_started_again(void **state)
{
	struct test_driver *d = with_driver(state);

	d->failing = "D0Entry";
	d->failure = STATUS_IO_TIMEOUT;
	assert_int_equal(wdf_device_start(d->device), STATUS_IO_TIMEOUT);
	d->failing = NULL;
	test_driver_calls(d);
	assert_int_equal(wdf_device_start(d->device), STATUS_SUCCESS);
	assert_string_equal(test_driver_calls(d), UP "IoInit xInit");
}

/* What fails while a failure is undone is not to blame, nor is what failed before this way up. */
static void the_first_failure_of_a_way_up_is_to_blame(void **state)
{
	struct test_driver *d = with_driver(state);

	d->failing = "D0Entry";
	d->failure = STATUS_IO_TIMEOUT;
	assert_int_equal(wdf_device_start(d->device), STATUS_IO_TIMEOUT);
	wdf_device_blame(d->device, "EvtDeviceReleaseHardware");
	assert_string_equal(wdf_device_failed_callback(d->device), "EvtDeviceD0Entry");
	d->failing = "xInit";
	assert_int_equal(wdf_device_start(d->device), STATUS_IO_TIMEOUT);
	assert_null(wdf_device_failed_callback(d->device));
	d->failing = NULL;
	assert_int_equal(wdf_device_start(d->device), STATUS_SUCCESS);
	assert_null(wdf_device_failed_callback(d->device));
}

static void failing_on_the_way_down_is_told(void **state)
{
	struct test_driver *d = with_driver(state);

	assert_int_equal(wdf_device_start(d->device), STATUS_SUCCESS);
	test_driver_calls(d);
	d->failing = "D0Exit";
	d->failure = STATUS_UNSUCCESSFUL;
	wdf_device_stop(d->device);
	assert_string_equal(test_driver_calls(d), DOWN);
	assert_true(journal_tells(&d->nt->journal, "EvtDeviceD0Exit returned 0xC0000001"));
}

static void nothing_is_delivered_before_enable_or_after_disable(void **state)
{
	struct test_driver *d = with_driver(state);

	nt_line_set(&d->line, 1);
	assert_string_equal(test_driver_calls(d), "");
	assert_int_equal(wdf_device_start(d->device), STATUS_SUCCESS);
	assert_string_equal(
		test_driver_calls(d),
		"Prepare D0Entry Enable Isr PostEnabled Fill DmaEnable DmaStart IoInit xInit");
	nt_line_set(&d->line, 1);
	assert_string_equal(test_driver_calls(d), "Isr");
	wdf_device_stop(d->device);
	test_driver_calls(d);
	nt_line_set(&d->line, 1);
	assert_string_equal(test_driver_calls(d), "");
	nt_line_set(&d->line, 0);
}

static void count(void *context)
{
	++*(unsigned *)context;
}

static void a_device_that_says_it_failed_is_known(void **state)
{
	unsigned calls = 0;
	struct test_driver *d = *state;
	bool restart;

	d->config.set_failed = count;
	d->config.callback_context = &calls;
	with_driver(state);
	assert_int_equal(wdf_device_start(d->device), STATUS_SUCCESS);
	assert_false(wdf_device_failed(d->device, &restart));
	WdfDeviceSetFailed(d->device_handle, WdfDeviceFailedAttemptRestart);
	assert_true(wdf_device_failed(d->device, &restart));
	assert_true(restart);
	assert_int_equal(calls, 1);
	WdfDeviceSetFailed(d->device_handle, WdfDeviceFailedNoRestart);
	assert_true(wdf_device_failed(d->device, &restart));
	assert_false(restart);
	assert_int_equal(calls, 2);
	assert_true(journal_tells(&d->nt->journal, "Ethernet WdfDeviceSetFailed"));
	wdf_device_stop(d->device);
	assert_int_equal(wdf_device_start(d->device), STATUS_SUCCESS);
	assert_false(wdf_device_failed(d->device, &restart));
}

static void note_works(void *context)
{
	struct test_driver *d = context;

	journal_line(&d->nt->journal, "works");
}

/* Whoever is told by the event finds it so. */
static void that_a_device_works_is_known_before_its_event(void **state)
{
	struct test_driver *d = *state;

	d->config.works = note_works;
	d->config.callback_context = d;
	with_driver(state);
	assert_int_equal(journal_count(&d->nt->journal, "works"), 0);
	assert_int_equal(wdf_device_start(d->device), STATUS_SUCCESS);
	assert_int_equal(journal_count(&d->nt->journal, "works"), 1);
	assert_in_range(journal_find(&d->nt->journal, "works"), 0,
			journal_find(&d->nt->journal, "Ethernet DeviceStarted") - 1);
}

static void every_callback_is_an_event(void **state)
{
	struct test_driver *d = with_driver(state);

	assert_int_equal(wdf_device_start(d->device), STATUS_SUCCESS);
	assert_true(journal_tells(&d->nt->journal, "test DriverEntry status=00000000"));
	assert_true(journal_tells(&d->nt->journal, "Ethernet EvtDriverDeviceAdd status=00000000"));
	assert_true(journal_tells(&d->nt->journal,
				  "Ethernet EvtDevicePrepareHardware status=00000000"));
	assert_true(journal_tells(&d->nt->journal, "Ethernet EvtInterruptEnable status=00000000"));
	assert_true(journal_tells(&d->nt->journal, "Ethernet EvtDmaEnablerFill status=00000000"));
	assert_true(journal_tells(&d->nt->journal,
				  "Ethernet EvtDeviceSelfManagedIoInit status=00000000"));
	assert_true(journal_tells(&d->nt->journal, "Ethernet DeviceStarted status=00000000"));
}

static NTSTATUS fail_add(struct test_driver *d, WDFDEVICE device)
{
	return STATUS_DEVICE_NOT_READY;
}

static void a_device_add_that_fails_leaves_nothing(void **state)
{
	struct test_driver *d = with_driver(state);
	struct wdf_device *second;

	d->after_create = fail_add;
	assert_int_equal(wdf_device_add(d->driver, &d->config, &second), STATUS_DEVICE_NOT_READY);
	assert_null(second);
	assert_string_equal(test_driver_calls(d), "xCleanup");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WDF_TEST(the_whole_life_in_order),
		WDF_TEST(surprise_removal_comes_first),
		WDF_TEST(a_device_never_started_is_removed_quietly),
		WDF_TEST(what_was_done_is_undone),
		WDF_TEST(a_failed_device_can_be_started_again),
		WDF_TEST(the_first_failure_of_a_way_up_is_to_blame),
		WDF_TEST(failing_on_the_way_down_is_told),
		WDF_TEST(nothing_is_delivered_before_enable_or_after_disable),
		WDF_TEST(a_device_that_says_it_failed_is_known),
		WDF_TEST(that_a_device_works_is_known_before_its_event),
		WDF_TEST(every_callback_is_an_event),
		WDF_TEST(a_device_add_that_fails_leaves_nothing),
	};

	return cmocka_run_group_tests_name("wdf power", tests, NULL, NULL);
}
