/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include <stdio.h>

struct wdf_bench *wdf_bench;

int wdf_bench_setup(void **state)
{
	struct wdf_bench *bench = calloc(1, sizeof(*bench));
	void *nt;

	if (!bench || bench_setup(&nt))
		return -1;
	bench->nt = nt;
	bench->registry = nt_reg_create();
	bench->line.name = "line";
	bench->config = (struct wdf_device_config){
		.name = "Ethernet",
		.regions = { { 0xFE000000, 0x100 } },
		.interrupts = &bench->line,
		.interrupt_count = 1,
		.hardware_key = nt_reg_subkey(bench->registry, "Hardware", true),
		.software_key = nt_reg_subkey(bench->registry, "Software", true),
	};
	wdf_bench = bench;
	*state = bench;
	return 0;
}

void wdf_bench_remove(struct wdf_bench *bench)
{
	wdf_device_remove(bench->device);
	bench->device = NULL;
}

void wdf_bench_unload(struct wdf_bench *bench)
{
	wdf_driver_unload(bench->driver);
	bench->driver = NULL;
}

int wdf_bench_teardown(void **state)
{
	struct wdf_bench *bench = *state;
	void *nt = bench->nt;

	wdf_bench_remove(bench);
	wdf_bench_unload(bench);
	nt_reg_destroy(bench->registry);
	free(bench);
	wdf_bench = NULL;
	return bench_teardown(&nt);
}

static NTSTATUS device_add(WDFDRIVER driver, PWDFDEVICE_INIT init)
{
	struct wdf_bench *bench = wdf_bench;
	NTSTATUS status = bench->device_add ? bench->device_add(bench, init) : STATUS_SUCCESS;

	assert_ptr_equal(driver, bench->driver_handle);
	if (NT_SUCCESS(status))
		status = WdfDeviceCreate(&init, bench->device_attributes, &bench->device_handle);
	if (NT_SUCCESS(status))
		assert_null(init);
	if (NT_SUCCESS(status) && bench->after_create)
		status = bench->after_create(bench, bench->device_handle);
	return status;
}

static void unload(WDFDRIVER driver)
{
	wdf_bench_call("Unload");
}

static NTSTATUS entry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
	WDF_DRIVER_CONFIG config;

	WDF_DRIVER_CONFIG_INIT(&config, device_add);
	config.EvtDriverUnload = unload;
	return WdfDriverCreate(driver, path, WDF_NO_OBJECT_ATTRIBUTES, &config,
			       &wdf_bench->driver_handle);
}

void wdf_bench_add(struct wdf_bench *bench)
{
	assert_int_equal(wdf_driver_load(&bench->nt->machine, "test", entry,
					 nt_reg_subkey(bench->registry, "Parameters", true),
					 &bench->driver),
			 STATUS_SUCCESS);
	assert_int_equal(wdf_device_add(bench->driver, &bench->config, &bench->device),
			 STATUS_SUCCESS);
	assert_ptr_equal(bench->device, bench->device_handle);
}

NTSTATUS wdf_bench_call(const char *name)
{
	struct wdf_bench *bench = wdf_bench;
	size_t used = strlen(bench->trace);

	snprintf(bench->trace + used, sizeof(bench->trace) - used, "%s%s", used ? " " : "", name);
	if (bench->failing && !strcmp(bench->failing, name))
		return bench->failure;
	return STATUS_SUCCESS;
}

const char *wdf_bench_calls(struct wdf_bench *bench)
{
	static char calls[sizeof(bench->trace)];

	memcpy(calls, bench->trace, sizeof(calls));
	bench->trace[0] = 0;
	return calls;
}
