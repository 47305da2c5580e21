/* SPDX-License-Identifier: MIT */
#ifndef WDF_WORKITEM_H
#define WDF_WORKITEM_H

#include "nt/worker.h"
#include "wdf/private.h"

/* wdf_work_items() - the driver's thread for them, made now if need be; NULL: no memory */
struct nt_worker *wdf_work_items(struct wdf_driver *driver);

/*
 * wdf_work_items_wait() - what was posted before has run. There must be a thread.
 * @run, @object: what is waited for; on the thread itself only that is run, now
 * @call: the DDI that waits
 */
void wdf_work_items_wait(struct wdf_driver *driver, void (*run)(void *), void *object,
			 const char *call);

/*
 * wdf_serial_enter() / _leave() - around a callback on that thread which the framework serialises
 * with others of the device; one inside another ends the driver
 * @object: whose callback @name is
 */
void wdf_serial_enter(struct wdf_device *device, struct wdf_object *object, const char *name);
void wdf_serial_leave(struct wdf_device *device);

/*
 * wdf_parent_device() - for objects that need a parent below a device
 * Return: STATUS_WDF_PARENT_NOT_SPECIFIED, STATUS_INVALID_DEVICE_REQUEST (no device above it) or
 * what wdf_attributes_check() says.
 */
NTSTATUS wdf_parent_device(PWDF_OBJECT_ATTRIBUTES attributes, struct wdf_device **device,
			   const char *call);

#endif
