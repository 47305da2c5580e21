/* SPDX-License-Identifier: MIT */
/* The class extension's place in the PnP and power life of a device. */
#include "cx/device.h"

#include <stdio.h>
#include <stdlib.h>

#include "cx/adapter.h"
#include "cx/client.h"
#include "nt/callback.h"
#include "nt/violation.h"
#include "nt/worker.h"

/* By number: what follows one that was deleted meanwhile is found all the same. */
struct cx_adapter *cx_device_next(struct cx_device *device, struct cx_adapter *after)
{
	struct cx_adapter *next;

	cx_power_lock(device);
	next = device->adapters;
	while (after && next && next->number <= after->number)
		next = next->next;
	if (next)
		wdf_object_reference(&next->object);
	cx_power_unlock(device);
	if (after)
		wdf_object_dereference(&after->object);
	return next;
}

static void io_suspend(void *extension)
{
	struct cx_device *device = extension;

	device->in_io = false;
	for (struct cx_adapter *a = NULL; (a = cx_device_next(device, a));)
		if (!a->lightweight)
			cx_adapter_pause_datapath(a);
}

/* A queue's own, above all; what else is called meanwhile for an adapter is waited for as well. */
static const struct nt_callback *inside_io(void *extension)
{
	const struct nt_callback *inside = NULL;

	for (struct cx_adapter *a = NULL; (a = cx_device_next(extension, a));)
		if (!inside)
			inside = nt_callback_inside_named(a->name);
	return inside;
}

/* Queues are made after the client's SelfManagedIoInit, and run. */
static NTSTATUS io_init(void *extension)
{
	struct cx_device *device = extension;
	NTSTATUS status = STATUS_SUCCESS;

	device->in_io = true;
	device->removing = false;
	for (struct cx_adapter *a = NULL; (a = cx_device_next(device, a));)
		if (NT_SUCCESS(status))
			status = cx_adapter_run_datapath(a);
	if (!NT_SUCCESS(status))
		io_suspend(device);
	return status;
}

/* Back in D0: the queues are still there. An adapter started meanwhile gets its own now. */
static NTSTATUS io_restart(void *extension)
{
	return io_init(extension);
}

/* NDIS halts the miniports before the client loses its hardware. */
static void pre_release_hardware(void *extension)
{
	struct cx_device *device = extension;

	device->in_io = false;
	device->removing = true;
	for (struct cx_adapter *a = NULL; (a = cx_device_next(device, a));) {
		if (!a->lightweight)
			cx_adapter_halt(a);
	}
}

static void post_release_hardware(void *extension)
{
	struct cx_device *device = extension;

	/* What the client declared but did not start goes as well. */
	for (struct cx_adapter *a = NULL; (a = cx_device_next(device, a));) {
		if (!a->lightweight)
			cx_adapter_forget(a);
	}
	device->removing = false;
}

/* What a worker is to do. It frees it; a device that goes before leaves it without one. */
struct cx_device_work {
	struct cx_device_work *next;
	struct cx_device *device;
	void (*work)(struct cx_device *device);
};

static void run_work(void *context)
{
	struct cx_device_work *work = context, **at;
	struct cx_device *device = work->device;

	if (device) {
		pthread_mutex_lock(&device->lock);
		for (at = &device->pending; *at != work; at = &(*at)->next)
			;
		*at = work->next;
		pthread_mutex_unlock(&device->lock);
		work->work(device);
	}
	free(work);
}

bool cx_device_later(struct cx_device *device, void (*what)(struct cx_device *device))
{
	struct cx_device_work *work = malloc(sizeof(*work));

	if (!work)
		return false;
	pthread_mutex_lock(&device->lock);
	*work = (struct cx_device_work){ device->pending, device, what };
	if (nt_worker_post(device->worker, run_work, work) == 0) {
		device->pending = work;
		work = NULL;
	}
	pthread_mutex_unlock(&device->lock);
	free(work);
	return !work;
}

static void cleanup(void *extension)
{
	struct cx_device *device = extension;

	/* On the worker: nothing of it runs now. */
	for (struct cx_device_work *work = device->pending; work; work = work->next)
		work->device = NULL;
	if (device->adapters)
		device->client->left_behind(device, device->adapters);
	pthread_mutex_destroy(&device->power_lock);
	pthread_mutex_destroy(&device->lock);
	free(device);
}

/* The only time when a NETPOWERSETTINGS may be read. */
static void wake_transition(void *extension, bool begun)
{
	((struct cx_device *)extension)->wake_transition = begun;
}

static void set_reasons(struct cx_device *device, enum cx_wake_cause cause)
{
	for (struct cx_adapter *a = NULL; (a = cx_device_next(device, a));)
		cx_power_set_reason(a, &(const struct cx_wake_reason){ .cause = cause });
}

/* When lists of wake sources and power offloads hold what is enabled, and no more. */
static void power_transition(void *extension, bool begun, bool up)
{
	struct cx_device *device = extension;

	device->power_transition = begun;
	if (begun && up)
		set_reasons(device, CX_WOKEN_BY_OTHERS);
}

/* The only time when a driver tells why it was woken. */
static void waking(void *extension, bool begun)
{
	struct cx_device *device = extension;

	device->waking = begun;
	if (begun)
		set_reasons(device, CX_WOKEN_BY_DEVICE);
}

static const struct wdf_extension_ops extension_ops = {
	.io_init = io_init,
	.io_restart = io_restart,
	.io_suspend = io_suspend,
	.inside_io = inside_io,
	.wake_transition = wake_transition,
	.power_transition = power_transition,
	.waking = waking,
	.pre_release_hardware = pre_release_hardware,
	.post_release_hardware = post_release_hardware,
	.cleanup = cleanup,
};

NTSTATUS cx_device_init(PWDFDEVICE_INIT init, const struct cx_client *client, const char *call)
{
	const struct wdf_device_config *config = wdf_device_init_config(init, call);
	size_t size = sizeof(struct cx_device);
	struct cx_device *device =
		calloc(1, client->device_size > size ? client->device_size : size);
	NTSTATUS status;

	if (!device)
		return STATUS_INSUFFICIENT_RESOURCES;
	device->client = client;
	device->host = config->extension_context;
	device->name = config->name;
	device->worker = config->worker;
	pthread_mutex_init(&device->lock, NULL);
	pthread_mutex_init(&device->power_lock, NULL);
	status = wdf_device_init_extension(init, &extension_ops, device);
	if (!NT_SUCCESS(status)) {
		pthread_mutex_destroy(&device->power_lock);
		pthread_mutex_destroy(&device->lock);
		free(device);
	}
	return status;
}

struct cx_device *cx_device_of_init(PWDFDEVICE_INIT init, const char *call)
{
	return wdf_device_init_extension_of(init, &extension_ops, call);
}

struct cx_device *cx_device_of(WDFDEVICE handle, const char *call)
{
	struct wdf_device *wdf = wdf_device_of(handle, call);
	struct cx_device *device = wdf_device_extension(wdf);

	if (device && !device->device)
		device->device = wdf;
	return device;
}

struct cx_device *cx_device_of_client(WDFDEVICE handle, const struct cx_client *client,
				      const char *init, const char *call)
{
	struct cx_device *device = cx_device_of(handle, call);
	char passed[160], demand[160];

	if (device && device->client == client)
		return device;
	snprintf(passed, sizeof(passed), "The device was made without %s.", init);
	if (device)
		snprintf(
			passed, sizeof(passed),
			"The device was made by NetAdapterCx %u.%u's call, not by %s: a driver keeps to one version.",
			device->client->major, device->client->first_minor, init);
	snprintf(demand, sizeof(demand), "%s comes before WdfDeviceCreate.", init);
	nt_violation(&(struct nt_violation){
		.bugcheck = 0x7E, /* SYSTEM_THREAD_EXCEPTION_NOT_HANDLED */
		.parameter = { (uint32_t)STATUS_ACCESS_VIOLATION, 0, 0, 0 },
		.rule = "DeviceWithoutNetAdapterCx",
		.call = call,
		.object = wdf_device_config(wdf_device_of(handle, call))->name,
		.passed = passed,
		.demand = demand,
	});
}

void cx_device_fail(struct cx_device *device)
{
	WdfDeviceSetFailed((WDFDEVICE)wdf_device_object(device->device), WdfDeviceFailedNoRestart);
}
