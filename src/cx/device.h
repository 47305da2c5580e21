/* SPDX-License-Identifier: MIT */
/*
 * What NetAdapterCx keeps of a WDFDEVICE: its adapters, and where the device is in its life, since
 * that decides when their datapaths run.
 */
#ifndef CX_DEVICE_H
#define CX_DEVICE_H

#include <pthread.h>

#include "cx/host.h"
#include "wdf/device.h"

struct cx_adapter;
struct cx_client;

/* Owned by the WDFDEVICE (its class extension). What no lock is named for is its worker's. */
struct cx_device {
	const struct cx_client *client; /* the shape of API that the driver speaks */
	const struct cx_host *host;
	const char *name;
	struct nt_worker *worker;
	_Atomic(struct wdf_device *) device; /* NULL until a call names it, on any thread */
	struct cx_adapter *adapters;         /* in order of their making; with power_lock */
	struct cx_adapter *default_adapter;  /* with power_lock */
	bool default_promised;               /* a default init object is out; with power_lock */
	unsigned adapters_made;              /* counted, with power_lock */
	bool in_io;                          /* between SelfManagedIoInit/Restart and Suspend */
	bool removing;                       /* the hardware is being released */
	_Atomic bool wake_transition;        /* a client's arm or disarm callback runs */
	_Atomic bool power_transition;       /* on the way to a low power state, or back up */
	_Atomic bool waking;                 /* from its wake signal until wake is disarmed */
	/* Of the list of adapters, which a driver makes and deletes on any thread; of their
	 * power.h. */
	pthread_mutex_t power_lock;
	unsigned power_changes;          /* counted, with power_lock: lists go out of date */
	void (*reset)(WDFDEVICE device); /* the driver's; nothing asks for it yet */
	pthread_mutex_t lock;            /* of pending */
	struct cx_device_work *pending;  /* for the worker, see cx_device_later() */
};

/*
 * cx_device_init() - hook into a device that is being made
 * @init:   from the driver; what is none is a violation
 * @client: the shape whose DDI @call was called
 * Return: STATUS_SUCCESS, STATUS_INSUFFICIENT_RESOURCES, STATUS_INVALID_DEVICE_STATE (twice).
 */
NTSTATUS cx_device_init(PWDFDEVICE_INIT init, const struct cx_client *client, const char *call);

/*
 * cx_device_of_init() - of a device that is being made, the handle checked
 * Return: NULL: cx_device_init() was not called for it.
 */
struct cx_device *cx_device_of_init(PWDFDEVICE_INIT init, const char *call);

/*
 * cx_device_of() - ours of a WDFDEVICE handle, checked
 * Return: NULL for a device that was not made a network device.
 */
struct cx_device *cx_device_of(WDFDEVICE handle, const char *call);

/*
 * cx_device_of_client() - the same for a shape's DDI
 * A device that was not made by this shape's @init is a reported violation against @call.
 */
struct cx_device *cx_device_of_client(WDFDEVICE handle, const struct cx_client *client,
				      const char *init, const char *call);

/*
 * cx_device_later() - have the device's worker do something, unless the device goes before
 * Any thread. Return: false: no memory.
 */
bool cx_device_later(struct cx_device *device, void (*work)(struct cx_device *device));

/*
 * cx_device_next() - walk the adapters of a device, which come and go on any thread meanwhile
 * @after: the one before, whose reference is given back; NULL: none
 * Return: the next in order of making, with a reference; NULL at the end: a walk goes that far.
 */
struct cx_adapter *cx_device_next(struct cx_device *device, struct cx_adapter *after);

/* cx_device_fail() - the device cannot go on: WdfDeviceSetFailed, no restart. */
void cx_device_fail(struct cx_device *device);

#endif
