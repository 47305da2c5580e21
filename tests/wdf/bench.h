/* SPDX-License-Identifier: MIT */
/* A driver written in the test, loaded as the host loads one, with a device that has an interrupt.
 */
#ifndef TESTS_WDF_BENCH_H
#define TESTS_WDF_BENCH_H

#include "../nt/bench.h"
#include "nt/interrupt.h"
#include "nt/irql.h"
#include "nt/registry.h"
#include "wdf/device.h"
#include "wdf/driver.h"

struct wdf_bench {
	struct bench *nt;
	struct nt_reg_key *registry;
	struct nt_interrupt line;
	struct wdf_device_config config;
	struct wdf_driver *driver;
	struct wdf_device *device;
	WDFDRIVER driver_handle;
	WDFDEVICE device_handle;
	/* What the driver's entry and EvtDriverDeviceAdd do beyond the least; may be NULL. */
	NTSTATUS (*device_add)(struct wdf_bench *bench, PWDFDEVICE_INIT init);
	NTSTATUS (*after_create)(struct wdf_bench *bench, WDFDEVICE device);
	WDF_OBJECT_ATTRIBUTES *device_attributes;
	/* The callback named here fails with this status. */
	const char *failing;
	NTSTATUS failure;
	char trace[1024];
};

/* The bench of the test that runs; drivers have no other way to it. */
extern struct wdf_bench *wdf_bench;

/* For cmocka: machine, registry, no driver yet. The end removes and unloads what is there. */
int wdf_bench_setup(void **state);
int wdf_bench_teardown(void **state);

/* Load the driver and add its device; both must succeed. */
void wdf_bench_add(struct wdf_bench *bench);

/* The way to the end that teardown takes, for tests that look at it. */
void wdf_bench_remove(struct wdf_bench *bench);
void wdf_bench_unload(struct wdf_bench *bench);

/* A driver's callback has been called: note it, and get what it shall return. */
NTSTATUS wdf_bench_call(const char *name);

/* What was noted since the last call of this, "A B C". */
const char *wdf_bench_calls(struct wdf_bench *bench);

#define WDF_TEST(name) cmocka_unit_test_setup_teardown(name, wdf_bench_setup, wdf_bench_teardown)

#endif
