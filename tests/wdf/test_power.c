/* SPDX-License-Identifier: MIT */
/* The order of a device's life, and what a failure at each step undoes. */
#include "bench.h"

static NTSTATUS prepare(WDFDEVICE device, WDFCMRESLIST raw, WDFCMRESLIST translated)
{
	return wdf_bench_call("Prepare");
}

static NTSTATUS release(WDFDEVICE device, WDFCMRESLIST translated)
{
	return wdf_bench_call("Release");
}

static NTSTATUS d0_entry(WDFDEVICE device, WDF_POWER_DEVICE_STATE previous)
{
	assert_int_equal(previous, WdfPowerDeviceD3Final);
	return wdf_bench_call("D0Entry");
}

static NTSTATUS d0_entry_post(WDFDEVICE device, WDF_POWER_DEVICE_STATE previous)
{
	return wdf_bench_call("PostEnabled");
}

static NTSTATUS d0_exit(WDFDEVICE device, WDF_POWER_DEVICE_STATE target)
{
	assert_int_equal(target, WdfPowerDeviceD3Final);
	return wdf_bench_call("D0Exit");
}

static NTSTATUS d0_exit_pre(WDFDEVICE device, WDF_POWER_DEVICE_STATE target)
{
	return wdf_bench_call("PreDisabled");
}

static NTSTATUS io_init(WDFDEVICE device)
{
	return wdf_bench_call("IoInit");
}

static NTSTATUS io_restart(WDFDEVICE device)
{
	return wdf_bench_call("IoRestart");
}

static NTSTATUS io_suspend(WDFDEVICE device)
{
	return wdf_bench_call("IoSuspend");
}

static void io_flush(WDFDEVICE device)
{
	wdf_bench_call("IoFlush");
}

static void io_cleanup(WDFDEVICE device)
{
	wdf_bench_call("IoCleanup");
}

static void surprise(WDFDEVICE device)
{
	wdf_bench_call("Surprise");
}

static BOOLEAN isr(WDFINTERRUPT interrupt, ULONG message)
{
	nt_line_set(&wdf_bench->line, 0);
	wdf_bench_call("Isr");
	return TRUE;
}

static NTSTATUS enable(WDFINTERRUPT interrupt, WDFDEVICE device)
{
	assert_int_equal(KeGetCurrentIrql(), NT_DIRQL);
	return wdf_bench_call("Enable");
}

static NTSTATUS disable(WDFINTERRUPT interrupt, WDFDEVICE device)
{
	assert_int_equal(KeGetCurrentIrql(), NT_DIRQL);
	return wdf_bench_call("Disable");
}

static NTSTATUS dma_fill(WDFDMAENABLER enabler)
{
	return wdf_bench_call("Fill");
}

static NTSTATUS dma_enable(WDFDMAENABLER enabler)
{
	return wdf_bench_call("DmaEnable");
}

static NTSTATUS dma_start(WDFDMAENABLER enabler)
{
	return wdf_bench_call("DmaStart");
}

static NTSTATUS dma_stop(WDFDMAENABLER enabler)
{
	return wdf_bench_call("DmaStop");
}

static NTSTATUS dma_disable(WDFDMAENABLER enabler)
{
	return wdf_bench_call("DmaDisable");
}

static NTSTATUS dma_flush(WDFDMAENABLER enabler)
{
	return wdf_bench_call("Flush");
}

static NTSTATUS x_init(void *extension)
{
	return wdf_bench_call("xInit");
}

static NTSTATUS x_restart(void *extension)
{
	return wdf_bench_call("xRestart");
}

static void x_suspend(void *extension)
{
	wdf_bench_call("xSuspend");
}

static void x_pre(void *extension)
{
	wdf_bench_call("xPre");
}

static void x_post(void *extension)
{
	wdf_bench_call("xPost");
}

static void x_cleanup(void *extension)
{
	wdf_bench_call("xCleanup");
}

static const struct wdf_extension_ops extension = {
	.io_init = x_init,
	.io_restart = x_restart,
	.io_suspend = x_suspend,
	.pre_release_hardware = x_pre,
	.post_release_hardware = x_post,
	.cleanup = x_cleanup,
};

static NTSTATUS add(struct wdf_bench *bench, PWDFDEVICE_INIT init)
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
	assert_string_equal(wdf_device_init_config(init)->name, "Ethernet");
	assert_int_equal(wdf_device_init_extension(init, &extension, bench), STATUS_SUCCESS);
	assert_int_equal(wdf_device_init_extension(init, &extension, bench),
			 STATUS_INVALID_DEVICE_STATE);
	return STATUS_SUCCESS;
}

static NTSTATUS make_objects(struct wdf_bench *bench, WDFDEVICE device)
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

static struct wdf_bench *with_driver(void **state)
{
	struct wdf_bench *bench = *state;

	bench->device_add = add;
	bench->after_create = make_objects;
	wdf_bench_add(bench);
	assert_int_equal(wdf_device_state(bench->device), WDF_DEVICE_ADDED);
	return bench;
}

#define UP "Prepare D0Entry Enable PostEnabled Fill DmaEnable DmaStart "
#define DOWN                                                                                   \
	"xSuspend IoSuspend DmaStop DmaDisable Flush PreDisabled Disable D0Exit xPre Release " \
	"xPost"

static void the_whole_life_in_order(void **state)
{
	struct wdf_bench *bench = with_driver(state);

	assert_int_equal(wdf_device_start(bench->device), STATUS_SUCCESS);
	assert_string_equal(wdf_bench_calls(bench), UP "IoInit xInit");
	assert_int_equal(wdf_device_state(bench->device), WDF_DEVICE_STARTED);
	assert_int_equal(wdf_device_start(bench->device), STATUS_INVALID_DEVICE_STATE);
	wdf_device_stop(bench->device);
	assert_string_equal(wdf_bench_calls(bench), DOWN);
	assert_int_equal(wdf_device_state(bench->device), WDF_DEVICE_STOPPED);
	wdf_device_stop(bench->device);
	assert_string_equal(wdf_bench_calls(bench), "");
	assert_int_equal(wdf_device_start(bench->device), STATUS_SUCCESS);
	assert_string_equal(wdf_bench_calls(bench), UP "IoRestart xRestart");
	wdf_bench_remove(bench);
	assert_string_equal(wdf_bench_calls(bench), DOWN " IoFlush IoCleanup xCleanup");
	wdf_bench_unload(bench);
	assert_string_equal(wdf_bench_calls(bench), "Unload");
}

static void surprise_removal_comes_first(void **state)
{
	struct wdf_bench *bench = with_driver(state);

	assert_int_equal(wdf_device_start(bench->device), STATUS_SUCCESS);
	wdf_bench_calls(bench);
	wdf_device_surprise_remove(bench->device);
	bench->device = NULL;
	assert_string_equal(wdf_bench_calls(bench), "Surprise " DOWN " IoFlush IoCleanup xCleanup");
}

static void a_device_never_started_is_removed_quietly(void **state)
{
	struct wdf_bench *bench = with_driver(state);

	wdf_bench_remove(bench);
	assert_string_equal(wdf_bench_calls(bench), "xCleanup");
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
		struct wdf_bench *bench = with_driver(state);

		bench->failing = steps[i].failing;
		bench->failure = failures[i % RTL_NUMBER_OF(failures)];
		assert_int_equal(wdf_device_start(bench->device), bench->failure);
		assert_string_equal(wdf_bench_calls(bench), steps[i].calls);
		assert_int_equal(wdf_device_state(bench->device), WDF_DEVICE_FAILED);
		if (steps[i].callback)
			assert_string_equal(wdf_device_failed_callback(bench->device),
					    steps[i].callback);
		else
			assert_null(wdf_device_failed_callback(bench->device));
		nt_line_set(&bench->line, 1);
		nt_line_set(&bench->line, 0);
		assert_string_equal(wdf_bench_calls(bench), "");
		wdf_bench_remove(bench);
		assert_string_equal(wdf_bench_calls(bench), steps[i].removal);
		wdf_bench_unload(bench);
		wdf_bench_calls(bench);
		bench->failing = NULL;
	}
}

static void a_failed_device_can_be_started_again(void **state)
{
	struct wdf_bench *bench = with_driver(state);

	bench->failing = "D0Entry";
	bench->failure = STATUS_IO_TIMEOUT;
	assert_int_equal(wdf_device_start(bench->device), STATUS_IO_TIMEOUT);
	bench->failing = NULL;
	wdf_bench_calls(bench);
	assert_int_equal(wdf_device_start(bench->device), STATUS_SUCCESS);
	assert_string_equal(wdf_bench_calls(bench), UP "IoInit xInit");
}

/* What fails while a failure is undone is not to blame, nor is what failed before this way up. */
static void the_first_failure_of_a_way_up_is_to_blame(void **state)
{
	struct wdf_bench *bench = with_driver(state);

	bench->failing = "D0Entry";
	bench->failure = STATUS_IO_TIMEOUT;
	assert_int_equal(wdf_device_start(bench->device), STATUS_IO_TIMEOUT);
	wdf_device_blame(bench->device, "EvtDeviceReleaseHardware");
	assert_string_equal(wdf_device_failed_callback(bench->device), "EvtDeviceD0Entry");
	bench->failing = "xInit";
	assert_int_equal(wdf_device_start(bench->device), STATUS_IO_TIMEOUT);
	assert_null(wdf_device_failed_callback(bench->device));
	bench->failing = NULL;
	assert_int_equal(wdf_device_start(bench->device), STATUS_SUCCESS);
	assert_null(wdf_device_failed_callback(bench->device));
}

static void failing_on_the_way_down_is_told(void **state)
{
	struct wdf_bench *bench = with_driver(state);

	assert_int_equal(wdf_device_start(bench->device), STATUS_SUCCESS);
	wdf_bench_calls(bench);
	bench->failing = "D0Exit";
	bench->failure = STATUS_UNSUCCESSFUL;
	wdf_device_stop(bench->device);
	assert_string_equal(wdf_bench_calls(bench), DOWN);
	assert_true(bench_told(bench->nt, "EvtDeviceD0Exit returned 0xC0000001"));
}

static void nothing_is_delivered_before_enable_or_after_disable(void **state)
{
	struct wdf_bench *bench = with_driver(state);

	nt_line_set(&bench->line, 1);
	assert_string_equal(wdf_bench_calls(bench), "");
	assert_int_equal(wdf_device_start(bench->device), STATUS_SUCCESS);
	assert_string_equal(
		wdf_bench_calls(bench),
		"Prepare D0Entry Enable Isr PostEnabled Fill DmaEnable DmaStart IoInit xInit");
	nt_line_set(&bench->line, 1);
	assert_string_equal(wdf_bench_calls(bench), "Isr");
	wdf_device_stop(bench->device);
	wdf_bench_calls(bench);
	nt_line_set(&bench->line, 1);
	assert_string_equal(wdf_bench_calls(bench), "");
	nt_line_set(&bench->line, 0);
}

static void count(void *context)
{
	++*(unsigned *)context;
}

static void a_device_that_says_it_failed_is_known(void **state)
{
	unsigned calls = 0;
	struct wdf_bench *bench = *state;
	bool restart;

	bench->config.set_failed = count;
	bench->config.set_failed_context = &calls;
	with_driver(state);
	assert_int_equal(wdf_device_start(bench->device), STATUS_SUCCESS);
	assert_false(wdf_device_failed(bench->device, &restart));
	WdfDeviceSetFailed(bench->device_handle, WdfDeviceFailedAttemptRestart);
	assert_true(wdf_device_failed(bench->device, &restart));
	assert_true(restart);
	assert_int_equal(calls, 1);
	WdfDeviceSetFailed(bench->device_handle, WdfDeviceFailedNoRestart);
	assert_true(wdf_device_failed(bench->device, &restart));
	assert_false(restart);
	assert_int_equal(calls, 2);
	assert_true(bench_told(bench->nt, "Ethernet WdfDeviceSetFailed:"));
	wdf_device_stop(bench->device);
	assert_int_equal(wdf_device_start(bench->device), STATUS_SUCCESS);
	assert_false(wdf_device_failed(bench->device, &restart));
}

static void every_callback_is_an_event(void **state)
{
	struct wdf_bench *bench = with_driver(state);

	assert_int_equal(wdf_device_start(bench->device), STATUS_SUCCESS);
	assert_true(bench_told(bench->nt, "test DriverEntry: status=0\n"));
	assert_true(bench_told(bench->nt, "test EvtDriverDeviceAdd: status=0\n"));
	assert_true(bench_told(bench->nt, "Ethernet EvtDevicePrepareHardware: status=0\n"));
	assert_true(bench_told(bench->nt, "Ethernet EvtInterruptEnable: status=0\n"));
	assert_true(bench_told(bench->nt, "Ethernet EvtDmaEnablerFill: status=0\n"));
	assert_true(bench_told(bench->nt, "Ethernet EvtDeviceSelfManagedIoInit: status=0\n"));
	assert_true(bench_told(bench->nt, "Ethernet DeviceStarted: status=0\n"));
}

static NTSTATUS fail_add(struct wdf_bench *bench, WDFDEVICE device)
{
	return STATUS_DEVICE_NOT_READY;
}

static void a_device_add_that_fails_leaves_nothing(void **state)
{
	struct wdf_bench *bench = with_driver(state);
	struct wdf_device *second;

	bench->after_create = fail_add;
	assert_int_equal(wdf_device_add(bench->driver, &bench->config, &second),
			 STATUS_DEVICE_NOT_READY);
	assert_null(second);
	assert_string_equal(wdf_bench_calls(bench), "xCleanup");
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
		WDF_TEST(every_callback_is_an_event),
		WDF_TEST(a_device_add_that_fails_leaves_nothing),
	};

	return cmocka_run_group_tests_name("wdf power", tests, NULL, NULL);
}
