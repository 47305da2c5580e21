/* SPDX-License-Identifier: MIT */
/* A driver written in the test, loaded as the host loads one, with a device that has an interrupt.
 */
#ifndef TESTS_WDF_TEST_DRIVER_H
#define TESTS_WDF_TEST_DRIVER_H

#include "nt/interrupt.h"
#include "nt/irql.h"
#include "nt/registry.h"
#include "stage/machine.h"
#include "wdf/device.h"
#include "wdf/driver.h"

struct test_driver {
	struct test_machine *nt;
	struct nt_reg_key *registry;
	struct nt_interrupt line;
	struct wdf_device_config config;
	struct wdf_driver *driver;
	struct wdf_device *device;
	WDFDRIVER driver_handle;
	WDFDEVICE device_handle;
	/* What the driver's entry and EvtDriverDeviceAdd do beyond the least; may be NULL. */
	NTSTATUS (*device_add)(struct test_driver *d, PWDFDEVICE_INIT init);
	NTSTATUS (*after_create)(struct test_driver *d, WDFDEVICE device);
	WDF_OBJECT_ATTRIBUTES *device_attributes;
	/* The callback named here fails with this status. */
	const char *failing;
	NTSTATUS failure;
	char trace[1024];
};

/* The one of the test that runs; drivers have no other way to it. */
extern struct test_driver *test_driver;

/* For cmocka: machine, registry, no driver yet. The end removes and unloads what is there. */
int test_driver_set_up(void **state);
int test_driver_tear_down(void **state);

/* Load the driver and add its device; both must succeed. */
void test_driver_add(struct test_driver *d);

/* The way to the end that teardown takes, for tests that look at it. */
void test_driver_remove(struct test_driver *d);
void test_driver_unload(struct test_driver *d);

/* A driver's callback has been called: note it, and get what it shall return. */
NTSTATUS test_driver_call(const char *name);

/* What was noted since the last call of this, "A B C". */
const char *test_driver_calls(struct test_driver *d);

#define WDF_TEST(name) \
	cmocka_unit_test_setup_teardown(name, test_driver_set_up, test_driver_tear_down)

#endif
