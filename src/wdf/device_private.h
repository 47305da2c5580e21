/* SPDX-License-Identifier: MIT */
/* A device and what it is made from. Private to wdf/. */
#ifndef WDF_DEVICE_PRIVATE_H
#define WDF_DEVICE_PRIVATE_H

#include "nt/fault.h"
#include "wdf/private.h"

struct wdf_interrupt;
struct wdf_dma_enabler;
struct wdf_device_interface;

/* What EvtDriverDeviceAdd fills before WdfDeviceCreate, copied into the device. */
struct wdf_device_setup {
	struct wdf_driver *driver;
	struct wdf_device_config config;
	WDF_PNPPOWER_EVENT_CALLBACKS pnp;
	WDF_POWER_POLICY_EVENT_CALLBACKS policy;
	const struct wdf_extension_ops *extension_ops;
	void *extension;
	bool policy_owner;
};

#define WDF_INIT_MAGIC 0x74696e49 /* "Init" */

/* Lives for the time of EvtDriverDeviceAdd. */
struct WDFDEVICE_INIT {
	uint32_t magic;
	struct wdf_device_setup setup;
	struct wdf_device *device; /* once WdfDeviceCreate has made it */
};

/* How far EvtDeviceSelfManagedIo* have come. */
enum wdf_self_managed { WDF_IO_NEW, WDF_IO_RUNNING, WDF_IO_SUSPENDED, WDF_IO_FAILED };

struct wdf_device {
	struct wdf_object object;
	struct wdf_device_setup setup;
	char name[64];
	_Atomic int state;           /* enum wdf_device_state */
	_Atomic int failed;          /* WDF_DEVICE_FAILED_ACTION */
	const char *failed_callback; /* of the last way up; NULL: none (the worker's) */
	enum wdf_self_managed io;
	WDF_EXECUTION_LEVEL execution_level; /* wdf_device_is_passive() */
	WDF_SYNCHRONIZATION_SCOPE scope;
	ULONG alignment;                        /* bytes less one */
	struct wdf_resources *raw, *translated; /* while the hardware is prepared */
	bool preparing;                         /* inside EvtDevicePrepareHardware */
	bool no_memory, no_interrupts;          /* of this start: resources missing on purpose */
	/* In order of their making, under the driver's lock. */
	struct wdf_interrupt *interrupts;
	struct wdf_dma_enabler *dma_enablers;
	struct wdf_device_interface *interfaces; /* the youngest first */
	/* WdfSynchronizationScopeDevice: DPCs and timers, and work items, one at a time */
	KSPIN_LOCK serial_spin;
	pthread_mutex_t serial_mutex;
	bool in_serial;          /* a callback has serial_mutex; its thread's */
	_Atomic bool going_down; /* from the stop of its I/O until it has left D0 */
	/* power policy: what was asked for */
	bool idle_assigned, wake_assigned;
	WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS idle;
	WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS wake;
	_Atomic int stop_idle;
	/* while asleep, and on the way there */
	struct wdf_sleep sleep;
	bool armed;                /* the driver's arm callback has succeeded */
	bool triggered;            /* our wake signal ends the sleep */
	WDF_POWER_DEVICE_STATE dx; /* where it sleeps; else D3Final */
};

/* wdf_device_is_passive() - its callbacks run at PASSIVE_LEVEL: as it asked, or as in UMDF always
 */
bool wdf_device_is_passive(const struct wdf_device *device);

/* Return: the structure, checked, before WdfDeviceCreate. */
struct WDFDEVICE_INIT *wdf_init_of(PWDFDEVICE_INIT init, const char *call);

/*
 * resource.c: the lists that EvtDevicePrepareHardware gets, from the device's configuration: its
 * regions in their order, then its interrupts in theirs.
 * wdf_resources_assign() - a start begins: which of its resources does the device get?
 * wdf_resources_interrupt() - which of the device's interrupts a descriptor of the list is; -1:
 * none wdf_vector() - the vector of a device's interrupt
 */
void wdf_resources_assign(struct wdf_device *device);
NTSTATUS wdf_resources_create(struct wdf_device *device, bool translated,
			      struct wdf_resources **list);
void wdf_resources_delete(struct wdf_resources *list);
int wdf_resources_interrupt(const struct wdf_resources *list,
			    const CM_PARTIAL_RESOURCE_DESCRIPTOR *one);
ULONG wdf_vector(unsigned interrupt);

/* device_interface.c: the end of the device */
void wdf_device_interfaces_free(struct wdf_device *device);

/* interrupt.c: all of a device's. Enable stops at the first failure and undoes. PASSIVE_LEVEL. */
NTSTATUS wdf_interrupts_enable(struct wdf_device *device);
void wdf_interrupts_disable(struct wdf_device *device);

/*
 * WDF_CALL() - the callback @event of @callbacks with what follows; an absent one is success. A
 * failure is blamed on it (wdf_device_blame). Those of the way up are listed where they are called,
 * so that they may fail on purpose (nt/fault.h).
 */
#define WDF_CALL(device, callbacks, event, ...)                                               \
	({                                                                                    \
		NTSTATUS result = STATUS_SUCCESS;                                             \
		struct nt_callback callback;                                                  \
		if ((callbacks)->event) {                                                     \
			nt_callback_begin(&callback, (device)->name, #event);                 \
			result = nt_fault_callback(#event) ? STATUS_INSUFFICIENT_RESOURCES    \
							   : (callbacks)->event(__VA_ARGS__); \
			nt_callback_end_status(&callback, result);                            \
			if (!NT_SUCCESS(result))                                              \
				wdf_device_blame(device, #event);                             \
		}                                                                             \
		result;                                                                       \
	})

/* dma.c: the enablers' callbacks on the way up and down */
NTSTATUS wdf_dma_power_up(struct wdf_device *device);
void wdf_dma_power_down(struct wdf_device *device);

/* power.c */
NTSTATUS wdf_power_up(struct wdf_device *device);
void wdf_power_down(struct wdf_device *device);

/* power_wake.c: arm and disarm wake as device->sleep says. PASSIVE_LEVEL, in D0. */
NTSTATUS wdf_wake_arm(struct wdf_device *device);
void wdf_wake_disarm(struct wdf_device *device);

#endif
