/* SPDX-License-Identifier: MIT */
/* An adapter: making it, starting and stopping it, when its datapath runs. */
#include "cx/adapter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "cx/client.h"
#include "nt/event.h"
#include "nt/worker.h"

void cx_adapter_dispose(struct wdf_object *object)
{
	struct cx_adapter *a = (struct cx_adapter *)object;
	struct cx_device *owner = a->owner;

	/* Started in EvtDriverDeviceAdd, and the device never was: nothing has halted it. */
	cx_adapter_halt(a);
	cx_power_forget(a);
	cx_power_lock(owner);
	for (struct cx_adapter **p = &owner->adapters; *p; p = &(*p)->next) {
		if (*p == a) {
			*p = a->next;
			break;
		}
	}
	if (owner->default_adapter == a)
		owner->default_adapter = NULL;
	cx_power_unlock(owner);
	if (!a->host_context)
		return;
	a->host->ops->adapter_deleted(a->host_context, a);
	NT_EMIT0(NT_EVENT_LIFECYCLE, a->name, "NetAdapterDelete");
}

void cx_adapter_release(struct wdf_object *object)
{
	struct cx_adapter *a = (struct cx_adapter *)object;

	cx_requests_destroy(&a->requests);
	pthread_mutex_destroy(&a->link_lock);
}

/* Locked. */
static bool has_name(const struct cx_device *device, const char *name)
{
	for (const struct cx_adapter *a = device->adapters; a; a = a->next) {
		if (strcmp(a->name, name) == 0)
			return true;
	}
	return false;
}

/* Locked. The device's name for its default adapter; for any other the first number that is free.
 */
static void name_adapter(struct cx_adapter *a)
{
	unsigned number = 1;

	snprintf(a->name, sizeof(a->name), "%s", a->owner->name);
	while (!a->is_default && has_name(a->owner, a->name))
		snprintf(a->name, sizeof(a->name), "%.50s #%u", a->owner->name, ++number);
}

/* Locked. */
static void append(struct cx_adapter *a)
{
	struct cx_adapter **p = &a->owner->adapters;

	while (*p)
		p = &(*p)->next;
	*p = a;
	a->number = ++a->owner->adapters_made;
	if (a->is_default)
		a->owner->default_adapter = a;
}

NTSTATUS cx_adapter_create(struct cx_device *device, bool is_default,
			   PWDF_OBJECT_ATTRIBUTES attributes, struct cx_adapter **adapter)
{
	struct wdf_object *parent = wdf_device_object(device->device);
	struct cx_adapter *a;
	void *object;
	NTSTATUS status;

	status = wdf_object_create(device->client->adapter_class, parent->driver, parent,
				   attributes, &object);
	if (!NT_SUCCESS(status))
		return status;
	a = object;
	a->device = device->device;
	a->owner = device;
	a->host = device->host;
	a->is_default = is_default;
	pthread_mutex_init(&a->link_lock, NULL);
	cx_requests_init(&a->requests);
	*adapter = a;
	return STATUS_SUCCESS;
}

NTSTATUS cx_adapter_publish(struct cx_adapter *a, bool *first)
{
	cx_power_lock(a->owner);
	if (first)
		*first = !a->owner->adapters;
	name_adapter(a);
	append(a);
	cx_power_unlock(a->owner);
	a->host_context = a->host->ops->adapter_created(a->host->context, a);
	if (a->host_context)
		return STATUS_SUCCESS;
	wdf_object_delete(&a->object);
	return STATUS_INSUFFICIENT_RESOURCES;
}

static NTSTATUS initialize_miniport(struct cx_adapter *a)
{
	NTSTATUS status;

	if (a->owner->removing)
		return STATUS_INVALID_DEVICE_STATE;
	status = a->owner->client->ready(a);
	if (!NT_SUCCESS(status))
		return status;
	cx_offload_start(a);
	return STATUS_SUCCESS;
}

struct start {
	struct cx_adapter *adapter;
	NTSTATUS status;
};

static void start(void *context)
{
	struct start *start = context;
	struct cx_adapter *a = start->adapter;

	a->state = CX_ADAPTER_STARTING;
	start->status = initialize_miniport(a);
	a->state = NT_SUCCESS(start->status) ? CX_ADAPTER_STARTED : CX_ADAPTER_INITIALIZED;
	if (NT_SUCCESS(start->status))
		a->host->ops->adapter_started(a->host_context, a);
	NT_EMIT(NT_EVENT_LIFECYCLE, a->name, "NetAdapterStart", NT_STATUS("status", start->status),
		NT_UINT("mtu", a->mtu));
	if (!NT_SUCCESS(start->status))
		return;
	if (cx_adapter_link_up(a, NULL, NULL))
		cx_adapter_emit_link(a);
	/* The device is past SelfManagedIoInit: nobody else will make the queues. */
	if ((a->owner->in_io || a->lightweight) && !NT_SUCCESS(cx_adapter_run_datapath(a)))
		cx_device_fail(a->owner);
}

NTSTATUS cx_adapter_start(struct cx_adapter *adapter)
{
	struct start context = { .adapter = adapter };

	nt_worker_call_in(adapter->owner->worker, start, &context, "NetAdapterStart");
	return context.status;
}

static void destroy_datapath(struct cx_adapter *a)
{
	cx_adapter_pause_datapath(a);
	if (!a->datapath_created)
		return;
	a->host->ops->datapath_destroy(a->host_context, a);
	a->datapath_created = false;
	cx_scaling_destroyed(a);
}

NTSTATUS cx_adapter_run_datapath(struct cx_adapter *a)
{
	const struct cx_host_ops *ops = a->host->ops;
	NTSTATUS status;

	if (cx_adapter_state(a) != CX_ADAPTER_STARTED || a->datapath_running || !a->has_queues)
		return STATUS_SUCCESS;
	if (!a->datapath_created) {
		a->failed_callback = NULL;
		status = ops->datapath_create(a->host_context, a);
		if (!NT_SUCCESS(status) && a->failed_callback)
			wdf_device_blame(a->device, a->failed_callback);
		if (!NT_SUCCESS(status))
			return status;
		a->datapath_created = true;
		cx_scaling_create(a);
	}
	status = ops->datapath_start(a->host_context, a);
	a->datapath_running = NT_SUCCESS(status);
	if (!NT_SUCCESS(status) || cx_scaling_enable(a))
		return status;
	/* A driver may not be ready for losing some of its running queues: all anew, with one. */
	destroy_datapath(a);
	return cx_adapter_run_datapath(a);
}

void cx_adapter_pause_datapath(struct cx_adapter *a)
{
	if (!a->datapath_running)
		return;
	cx_scaling_disable(a);
	a->host->ops->datapath_stop(a->host_context, a);
	a->datapath_running = false;
}

/*
 * Nothing is kept over a halt, the link neither: the driver tells it all again. From 2.2 on it may
 * leave that, and only what the start has brought is gone.
 */
void cx_adapter_forget(struct cx_adapter *a)
{
	const struct cx_client *client = a->owner->client;

	if (cx_adapter_state(a) != CX_ADAPTER_INITIALIZED)
		return;
	cx_offload_halt(a);
	cx_scaling_halt(a);
	cx_power_halt(a);
	if (client->keeps && client->keeps(a))
		return;
	memset(&a->tx, 0, sizeof(a->tx));
	memset(&a->rx, 0, sizeof(a->rx));
	memset(&a->filter, 0, sizeof(a->filter));
	memset(&a->permanent_address, 0, sizeof(a->permanent_address));
	memset(&a->current_address, 0, sizeof(a->current_address));
	a->have_mtu = false;
	a->mtu = 0;
	cx_scaling_forget(a);
	cx_offload_forget(a);
	cx_power_forget(a);
	pthread_mutex_lock(&a->link_lock);
	memset(&a->link, 0, sizeof(a->link));
	pthread_mutex_unlock(&a->link_lock);
	client->forget(a);
}

void cx_adapter_halt(struct cx_adapter *a)
{
	if (cx_adapter_state(a) != CX_ADAPTER_STARTED)
		return;
	destroy_datapath(a);
	if (a->owner->client->halting)
		a->owner->client->halting(a);
	a->state = CX_ADAPTER_INITIALIZED;
	cx_adapter_forget(a);
	a->host->ops->adapter_halted(a->host_context, a);
	NT_EMIT0(NT_EVENT_LIFECYCLE, a->name, "NetAdapterStop");
}

static void stop(void *context)
{
	cx_adapter_halt(context);
}

/* One that is stopped may be stopped again by whoever the worker waits for. */
void cx_adapter_stop(struct cx_adapter *adapter)
{
	if (cx_adapter_state(adapter) == CX_ADAPTER_INITIALIZED)
		return;
	nt_worker_call_in(adapter->owner->worker, stop, adapter, "NetAdapterStop");
}

NTSTATUS cx_adapter_restart_datapath(struct cx_adapter *a)
{
	bool running = a->datapath_running;
	NTSTATUS status;

	if (!a->datapath_created)
		return STATUS_SUCCESS;
	destroy_datapath(a);
	if (!running)
		return STATUS_SUCCESS; /* made again when the device is back in D0 */
	status = cx_adapter_run_datapath(a);
	if (!NT_SUCCESS(status))
		cx_device_fail(a->owner);
	return status;
}

struct change {
	struct cx_adapter *adapter;
	void (*tell)(struct cx_adapter *adapter);
};

static void apply_change(void *context)
{
	struct change *change = context;
	struct cx_adapter *a = change->adapter;

	if (cx_adapter_state(a) == CX_ADAPTER_STARTED) {
		change->tell(a);
		cx_adapter_restart_datapath(a);
	}
	wdf_object_dereference(&a->object);
	free(change);
}

/* Later, not now: the driver may be inside a queue's callback, which a restart waits for. */
void cx_adapter_changed(struct cx_adapter *adapter, void (*tell)(struct cx_adapter *adapter))
{
	struct change *change = malloc(sizeof(*change));

	if (change) {
		*change = (struct change){ .adapter = adapter, .tell = tell };
		wdf_object_reference(&adapter->object);
		if (nt_worker_post(adapter->owner->worker, apply_change, change) == 0)
			return;
		wdf_object_dereference(&adapter->object);
		free(change);
	}
	nt_log(adapter->name, "no memory: the change takes effect at the next start of the queues");
}

/* FNV-1a of the name in the 24 bits of NetLuidIndex: the same at each run, as on Windows. */
NET_LUID cx_adapter_luid(const struct cx_adapter *adapter)
{
	uint32_t hash = hash_text(HASH_START, adapter->name);
	NET_LUID luid = { 0 };

	luid.Info.NetLuidIndex = (hash ^ (hash >> 24)) & 0xffffff;
	luid.Info.IfType = IF_TYPE_ETHERNET_CSMACD;
	return luid;
}
