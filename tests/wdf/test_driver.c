/* SPDX-License-Identifier: MIT */
#include "test_driver.h"

#include <stdio.h>

struct test_driver *test_driver;

int test_driver_set_up(void **state)
{
	struct test_driver *d = calloc(1, sizeof(*d));
	void *nt;

	if (!d || machine_set_up(&nt))
		return -1;
	d->nt = nt;
	d->registry = nt_reg_create();
	d->line.name = "line";
	d->config = (struct wdf_device_config){
		.name = "Ethernet",
		.regions = { { 0xFE000000, 0x100 } },
		.interrupts = &d->line,
		.interrupt_count = 1,
		.hardware_key = nt_reg_subkey(d->registry, "Hardware", true),
		.software_key = nt_reg_subkey(d->registry, "Software", true),
	};
	test_driver = d;
	*state = d;
	return 0;
}

void test_driver_remove(struct test_driver *d)
{
	wdf_device_remove(d->device);
	d->device = NULL;
}

void test_driver_unload(struct test_driver *d)
{
	wdf_driver_unload(d->driver);
	d->driver = NULL;
}

int test_driver_tear_down(void **state)
{
	struct test_driver *d = *state;
	void *nt = d->nt;

	test_driver_remove(d);
	test_driver_unload(d);
	nt_reg_destroy(d->registry);
	free(d);
	test_driver = NULL;
	return machine_tear_down(&nt);
}

static NTSTATUS device_add(WDFDRIVER driver, PWDFDEVICE_INIT init)
{
	struct test_driver *d = test_driver;
	NTSTATUS status = d->device_add ? d->device_add(d, init) : STATUS_SUCCESS;

	assert_ptr_equal(driver, d->driver_handle);
	if (NT_SUCCESS(status))
		status = WdfDeviceCreate(&init, d->device_attributes, &d->device_handle);
	if (NT_SUCCESS(status))
		assert_null(init);
	if (NT_SUCCESS(status) && d->after_create)
		status = d->after_create(d, d->device_handle);
	return status;
}

static void unload(WDFDRIVER driver)
{
	test_driver_call("Unload");
}

static NTSTATUS entry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
	WDF_DRIVER_CONFIG config;

	WDF_DRIVER_CONFIG_INIT(&config, device_add);
	config.EvtDriverUnload = unload;
	return WdfDriverCreate(driver, path, WDF_NO_OBJECT_ATTRIBUTES, &config,
			       &test_driver->driver_handle);
}

void test_driver_add(struct test_driver *d)
{
	assert_int_equal(wdf_driver_load(&d->nt->machine, "test", entry,
					 nt_reg_subkey(d->registry, "Parameters", true),
					 &d->driver),
			 STATUS_SUCCESS);
	assert_int_equal(wdf_device_add(d->driver, &d->config, &d->device), STATUS_SUCCESS);
	assert_ptr_equal(d->device, d->device_handle);
}

NTSTATUS test_driver_call(const char *name)
{
	struct test_driver *d = test_driver;
	size_t used = strlen(d->trace);

	snprintf(d->trace + used, sizeof(d->trace) - used, "%s%s", used ? " " : "", name);
	if (d->failing && !strcmp(d->failing, name))
		return d->failure;
	return STATUS_SUCCESS;
}

const char *test_driver_calls(struct test_driver *d)
{
	static char calls[sizeof(d->trace)];

	memcpy(calls, d->trace, sizeof(calls));
	d->trace[0] = 0;
	return calls;
}
