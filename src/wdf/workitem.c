/* SPDX-License-Identifier: MIT */
/* WDFWORKITEM: a function at PASSIVE_LEVEL on the driver's own thread for them. */
#include "wdf/workitem.h"

#include <stdatomic.h>

#include "nt/event.h"
#include "nt/export.h"
#include "nt/fault.h"
#include "nt/irql.h"
#include "wdf/device_private.h"

struct wdf_work_item {
	struct wdf_object object;
	struct wdf_device *device;
	WDFOBJECT parent; /* also while it is deleted and runs for the last time */
	WDF_WORKITEM_CONFIG config;
	_Atomic bool queued;
};

struct nt_worker *wdf_work_items(struct wdf_driver *driver)
{
	struct nt_worker *worker;

	pthread_mutex_lock(&driver->lock);
	if (!driver->work_items)
		driver->work_items = nt_worker_create(driver->machine, "work-items");
	worker = driver->work_items;
	pthread_mutex_unlock(&driver->lock);
	return worker;
}

static void nothing(void *context)
{
}

/* On Windows another system thread would run it meanwhile; here it is run by the one that waits. */
void wdf_work_items_wait(struct wdf_driver *driver, void (*run)(void *), void *object,
			 const char *call)
{
	if (!nt_worker_is_current(driver->work_items))
		nt_worker_call_in(driver->work_items, nothing, NULL, call);
	else
		while (nt_worker_run_posted(driver->work_items, run, object))
			;
}

void wdf_serial_enter(struct wdf_device *device, struct wdf_object *object, const char *name)
{
	if (device->in_serial && nt_worker_is_current(object->driver->work_items))
		wdf_violation(
			object->driver->name, WDF_RECURSIVE_LOCK, (uintptr_t)object, name,
			"A callback that the framework serialises does not wait for another one of the same device.",
			"a serialised callback waits for %s of the %s %p, which cannot begin before that has returned: on Windows it waits for ever.",
			name, object->class->name, (void *)object);
	pthread_mutex_lock(&device->serial_mutex);
	device->in_serial = true;
}

void wdf_serial_leave(struct wdf_device *device)
{
	device->in_serial = false;
	pthread_mutex_unlock(&device->serial_mutex);
}

static void run(void *context)
{
	struct wdf_work_item *item = context;
	struct wdf_device *device = item->device;
	bool serial = item->config.AutomaticSerialization &&
		      device->scope == WdfSynchronizationScopeDevice;
	struct nt_callback callback;

	item->queued = false;
	if (serial)
		wdf_serial_enter(device, &item->object, "EvtWorkItem");
	nt_callback_begin(&callback, device->name, "EvtWorkItem");
	nt_callback_of(&callback, item);
	item->config.EvtWorkItemFunc((WDFWORKITEM)item);
	nt_callback_end(&callback);
	if (serial)
		wdf_serial_leave(device);
	wdf_object_dereference(&item->object);
}

/*
 * A deleted item that is queued runs first, as on Windows; its own callback may delete it. At
 * DISPATCH_LEVEL, where Windows puts the rest off, its reference keeps it for its run.
 */
static void dispose(struct wdf_object *object)
{
	if (nt_irql() < DISPATCH_LEVEL && !nt_callback_inside(object))
		wdf_work_items_wait(object->driver, run, object, "WdfObjectDelete");
}

const struct wdf_class wdf_work_item_class = {
	.name = "WDFWORKITEM",
	.size = sizeof(struct wdf_work_item),
	.dispose = dispose,
};

/* Return: the device above the parent that @attributes name, or what is wrong with it. */
NTSTATUS wdf_parent_device(PWDF_OBJECT_ATTRIBUTES attributes, struct wdf_device **device,
			   const char *call)
{
	NTSTATUS status = wdf_attributes_check(attributes);

	if (!NT_SUCCESS(status))
		return status;
	if (!attributes || !attributes->ParentObject)
		return STATUS_WDF_PARENT_NOT_SPECIFIED;
	*device = wdf_ancestor_device(wdf_object_any(attributes->ParentObject, call));
	return *device ? STATUS_SUCCESS : STATUS_INVALID_DEVICE_REQUEST;
}

NETCX_EXPORT NTSTATUS WdfWorkItemCreate(PWDF_WORKITEM_CONFIG Config,
					PWDF_OBJECT_ATTRIBUTES Attributes, WDFWORKITEM *WorkItem)
{
	static const char call[] = "WdfWorkItemCreate";
	struct wdf_device *device;
	struct wdf_work_item *item;
	NTSTATUS status;
	void *object;

	wdf_check_irql(DISPATCH_LEVEL, call);
	wdf_check_pointer(Config, "Config", call);
	wdf_check_pointer(WorkItem, "WorkItem", call);
	if (!wdf_size_ok(Config->Size, sizeof(*Config), "WDF_WORKITEM_CONFIG", call))
		return STATUS_INFO_LENGTH_MISMATCH;
	if (!Config->EvtWorkItemFunc)
		return STATUS_INVALID_PARAMETER;
	status = wdf_parent_device(Attributes, &device, call);
	if (!NT_SUCCESS(status))
		return status;
	/* DDI page: it can only be serialised with callbacks that run at PASSIVE_LEVEL too. */
	if (Config->AutomaticSerialization && device->scope == WdfSynchronizationScopeDevice &&
	    !wdf_device_is_passive(device))
		return STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL;
	if (NT_FAULT("WdfWorkItemCreate"))
		return STATUS_INSUFFICIENT_RESOURCES;
	if (!wdf_work_items(device->setup.driver))
		return STATUS_INSUFFICIENT_RESOURCES;
	status = wdf_object_create(&wdf_work_item_class, device->setup.driver, NULL, Attributes,
				   &object);
	if (!NT_SUCCESS(status))
		return status;
	item = object;
	item->device = device;
	item->parent = Attributes->ParentObject;
	item->config = *Config;
	*WorkItem = object;
	return STATUS_SUCCESS;
}

static struct wdf_work_item *item_of(WDFWORKITEM handle, const char *call)
{
	return wdf_object_of(handle, &wdf_work_item_class, call);
}

NETCX_EXPORT VOID WdfWorkItemEnqueue(WDFWORKITEM WorkItem)
{
	static const char call[] = "WdfWorkItemEnqueue";
	struct wdf_work_item *item = item_of(WorkItem, call);

	wdf_check_irql(DISPATCH_LEVEL, call);
	if (atomic_exchange(&item->queued, true))
		return;
	wdf_object_reference(&item->object);
	if (!nt_worker_post(item->object.driver->work_items, run, item))
		return;
	nt_log(item->device->name, "%s: no memory to queue the work item: it does not run", call);
	item->queued = false;
	wdf_object_dereference(&item->object);
}

NETCX_EXPORT VOID WdfWorkItemFlush(WDFWORKITEM WorkItem)
{
	static const char call[] = "WdfWorkItemFlush";
	struct wdf_work_item *item = item_of(WorkItem, call);

	wdf_check_irql(PASSIVE_LEVEL, call);
	wdf_check_not_inside(&item->object, call);
	wdf_work_items_wait(item->object.driver, run, item, call);
}

NETCX_EXPORT WDFOBJECT WdfWorkItemGetParentObject(WDFWORKITEM WorkItem)
{
	return item_of(WorkItem, "WdfWorkItemGetParentObject")->parent;
}
