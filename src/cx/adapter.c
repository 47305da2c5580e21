/* SPDX-License-Identifier: MIT */
/* NETADAPTER: making it, starting and stopping it, when its datapath runs. */
#include "cx/adapter.h"

#include <stdio.h>
#include <stdlib.h>

#include "cx/api/1.3/adapter.h"
#include "cx/api/1.3/adapter_init.h"
#include "cx/api/1.3/offload.h"
#include "cx/api/1.3/verifier.h"
#include "nt/event.h"
#include "nt/worker.h"

/* Before anything of it, its queues above all, is touched. */
static void adapter_may_delete(struct wdf_object *object, const char *call)
{
	struct cx_adapter *a = (struct cx_adapter *)object;
	struct cx_site at = { .call = call, .object = a->name };

	if (a->is_default && wdf_device_state(a->device) == WDF_DEVICE_STARTED)
		cx_violation(
			&at, CX_ILLEGAL_ADAPTER_DELETE, 0, 0,
			"The default adapter lives as long as its device; it cannot be deleted while the device is started.",
			"It is the default adapter and the device is started.");
	if (cx_adapter_state(a) != CX_ADAPTER_INITIALIZED)
		cx_violation(&at, CX_ILLEGAL_ADAPTER_DELETE, 0, 0,
			     "An adapter is stopped (NetAdapterStop) before it is deleted.",
			     "The adapter is started.");
}

static void adapter_dispose(struct wdf_object *object)
{
	struct cx_adapter *a = (struct cx_adapter *)object;
	struct cx_device *owner = a->owner;

	/* Started in EvtDriverDeviceAdd, and the device never was: nothing has halted it. */
	cx_adapter_halt(a);
	for (struct cx_adapter **p = &owner->adapters; *p; p = &(*p)->next) {
		if (*p == a) {
			*p = a->next;
			break;
		}
	}
	if (owner->default_adapter == a)
		owner->default_adapter = NULL;
	if (a->host_context)
		a->host->ops->adapter_deleted(a->host_context, a);
	NT_EMIT0(NT_EVENT_LIFECYCLE, a->name, "NetAdapterDelete");
}

static void adapter_release(struct wdf_object *object)
{
	struct cx_adapter *a = (struct cx_adapter *)object;

	cx_extensions_clear(&a->extensions);
	cx_requests_destroy(&a->requests);
	pthread_mutex_destroy(&a->link_lock);
}

static const struct wdf_class adapter_class = {
	.name = "NETADAPTER",
	.size = sizeof(struct cx13_adapter),
	.dispose = adapter_dispose,
	.release = adapter_release,
	.may_delete = adapter_may_delete,
};

struct cx_adapter *cx_adapter_of(NETADAPTER handle, const char *call)
{
	return wdf_object_of(handle, &adapter_class, call);
}

/* The device's name for its default adapter; a number for each further one. */
static void name_adapter(struct cx_adapter *a)
{
	unsigned others = 0;

	for (struct cx_adapter *b = a->owner->adapters; b; b = b->next)
		others++;
	if (a->is_default || !others)
		snprintf(a->name, sizeof(a->name), "%s", a->owner->name);
	else
		snprintf(a->name, sizeof(a->name), "%.50s #%u", a->owner->name, others + 1);
}

static void append(struct cx_adapter *a)
{
	struct cx_adapter **p = &a->owner->adapters;

	while (*p)
		p = &(*p)->next;
	*p = a;
	if (a->is_default)
		a->owner->default_adapter = a;
}

NTSTATUS cx_adapter_create(struct cx_adapter_init *init, PWDF_OBJECT_ATTRIBUTES attributes,
			   struct cx_adapter **adapter)
{
	struct wdf_device *device = init->device->device;
	struct wdf_object *parent = wdf_device_object(device);
	struct cx_adapter *a;
	void *object;
	NTSTATUS status;

	status = wdf_object_create(&adapter_class, parent->driver, parent, attributes, &object);
	if (!NT_SUCCESS(status))
		return status;
	a = object;
	a->device = device;
	a->owner = init->device;
	a->host = init->device->host;
	a->is_default = init->is_default;
	a->callbacks = init->callbacks;
	a->link.MediaConnectState = MediaConnectStateUnknown;
	pthread_mutex_init(&a->link_lock, NULL);
	cx_requests_init(&a->requests,
			 init->have_request_attributes ? &init->request_attributes : NULL,
			 init->extension.preprocess);
	name_adapter(a);
	append(a);
	a->host_context = a->host->ops->adapter_created(a->host->context, a);
	status = a->host_context
			 ? cx_power_create(a, init->have_power_attributes ? &init->power_attributes
									  : NULL)
			 : STATUS_INSUFFICIENT_RESOURCES;
	if (!NT_SUCCESS(status)) {
		wdf_object_delete(&a->object);
		return status;
	}
	init->adapter = a;
	*adapter = a;
	NT_EMIT(NT_EVENT_LIFECYCLE, a->name, "NetAdapterCreate", NT_BOOL("default", a->is_default));
	return STATUS_SUCCESS;
}

/*
 * The extensions that declared offloads bring. One that the driver registered itself under the
 * framework's name is the same thing.
 */
static NTSTATUS register_offload_extensions(struct cx_adapter *a)
{
	NET_PACKET_EXTENSION extension;
	NTSTATUS status = STATUS_SUCCESS;

	if (((struct cx13_adapter *)a)->checksum_declared) {
		cx_extension_checksum(&extension);
		status = cx_extensions_add(&a->extensions, &extension);
	}
	if (((struct cx13_adapter *)a)->lso_declared &&
	    (NT_SUCCESS(status) || status == STATUS_DUPLICATE_NAME)) {
		cx_extension_lso(&extension);
		status = cx_extensions_add(&a->extensions, &extension);
	}
	return status == STATUS_DUPLICATE_NAME ? STATUS_SUCCESS : status;
}

static NTSTATUS initialize_miniport(struct cx_adapter *a)
{
	NTSTATUS status;

	if (a->owner->removing)
		return STATUS_INVALID_DEVICE_STATE;
	if (!cx_adapter_capabilities_complete(a))
		return STATUS_INVALID_PARAMETER;
	status = cx_adapter_complete_addresses(a);
	if (NT_SUCCESS(status))
		status = register_offload_extensions(a);
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
	if (NT_SUCCESS(start->status)) {
		cx_requests_open(&a->requests);
		a->host->ops->adapter_started(a->host_context, a);
	}
	NT_EMIT(NT_EVENT_LIFECYCLE, a->name, "NetAdapterStart", NT_STATUS("status", start->status),
		NT_UINT("mtu", a->mtu));
	if (!NT_SUCCESS(start->status))
		return;
	if (cx_adapter_link_up(a, NULL, NULL))
		cx_adapter_emit_link(a);
	/* The device is past SelfManagedIoInit: nobody else will make the queues. */
	if (a->owner->in_io && !NT_SUCCESS(cx_adapter_run_datapath(a)))
		cx_device_fail(a->owner);
}

NTSTATUS cx_adapter_start(struct cx_adapter *adapter)
{
	struct start context = { .adapter = adapter };

	nt_worker_call(adapter->owner->worker, start, &context);
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

	if (cx_adapter_state(a) != CX_ADAPTER_STARTED || a->datapath_running)
		return STATUS_SUCCESS;
	/* Without NetAdapterInitSetDatapathCallbacks an adapter has no packets, only control. */
	if (!a->callbacks.EvtAdapterCreateTxQueue && !a->callbacks.EvtAdapterCreateRxQueue)
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

/* 1809 keeps nothing over a halt: the driver declares it all again before the next start. */
void cx_adapter_forget(struct cx_adapter *a)
{
	if (cx_adapter_state(a) != CX_ADAPTER_INITIALIZED)
		return;
	cx_adapter_forget_capabilities(a);
	cx_offload_forget(a);
	cx13_forget_offloads((struct cx13_adapter *)a);
	cx_extensions_clear(&a->extensions);
	cx_power_forget(a);
}

void cx_adapter_halt(struct cx_adapter *a)
{
	if (cx_adapter_state(a) != CX_ADAPTER_STARTED)
		return;
	destroy_datapath(a);
	cx_requests_drain(&a->requests, a->name);
	a->state = CX_ADAPTER_INITIALIZED;
	cx_adapter_forget(a);
	a->host->ops->adapter_halted(a->host_context, a);
	NT_EMIT0(NT_EVENT_LIFECYCLE, a->name, "NetAdapterStop");
}

static void stop(void *context)
{
	cx_adapter_halt(context);
}

void cx_adapter_stop(struct cx_adapter *adapter)
{
	nt_worker_call(adapter->owner->worker, stop, adapter);
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
	uint32_t hash = 2166136261u;
	NET_LUID luid = { 0 };

	for (const char *c = adapter->name; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 16777619u;
	luid.Info.NetLuidIndex = (hash ^ (hash >> 24)) & 0xffffff;
	luid.Info.IfType = IF_TYPE_ETHERNET_CSMACD;
	return luid;
}
