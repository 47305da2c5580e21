/* SPDX-License-Identifier: MIT */
/*
 * A device's PnP and power life. The host plays the PnP manager; a class extension (cx/) hooks in
 * between the client's callbacks, as on Windows.
 */
#ifndef WDF_DEVICE_H
#define WDF_DEVICE_H

#include "nt/dma.h"
#include "nt/interrupt.h"
#include "nt/registry.h"
#include "nt/worker.h"
#include "wdf/driver.h"

struct nt_callback;
struct wdf_device;

/* A class extension's place in the life of a device. All at PASSIVE_LEVEL on the worker. */
struct wdf_extension_ops {
	/* after the client's EvtDeviceSelfManagedIoInit / Restart; failure fails the device */
	NTSTATUS (*io_init)(void *extension);
	NTSTATUS (*io_restart)(void *extension);
	/* before the client's EvtDeviceSelfManagedIoSuspend */
	void (*io_suspend)(void *extension);
	/*
	 * the client's callback that the calling thread is inside and that io_suspend() waits for;
	 * NULL: none. Any thread, while the device powers down.
	 */
	const struct nt_callback *(*inside_io)(void *extension);
	/* around each of the client's callbacks that arm and disarm wake */
	void (*wake_transition)(void *extension, bool begun);
	/* around the whole way down to a low power state, and the way @up from it */
	void (*power_transition)(void *extension, bool begun, bool up);
	/* from the device's wake signal until the client has disarmed wake */
	void (*waking)(void *extension, bool begun);
	/* around the client's EvtDeviceReleaseHardware (also after a failed start) */
	void (*pre_release_hardware)(void *extension);
	void (*post_release_hardware)(void *extension);
	/* the WDFDEVICE is being deleted: last call, frees the extension */
	void (*cleanup)(void *extension);
};

#define WDF_REGIONS    6
#define WDF_INTERRUPTS 32

/* Registers at physical addresses; length 0: none. */
struct wdf_region {
	uint64_t physical;
	size_t length;
};

/*
 * Configuration space, little endian. Return: bytes; 0 past its end. Any thread, up to
 * DISPATCH_LEVEL. read NULL: there is none.
 */
struct wdf_config_space {
	void *context;
	unsigned (*read)(void *context, unsigned offset, void *to, unsigned length);
	unsigned (*write)(void *context, unsigned offset, const void *from, unsigned length);
};

/* What the PnP manager knows of a device. Copied; what it points to outlives the device. */
struct wdf_device_config {
	const char *name; /* "Ethernet": of the adapter, for messages */
	struct wdf_region regions[WDF_REGIONS];
	struct nt_interrupt *interrupts; /* lines and messages; at most WDF_INTERRUPTS */
	unsigned interrupt_count;
	struct nt_dma *dma; /* what it reaches; NULL: the machine's */
	struct wdf_config_space config_space;
	/* Of a user-mode driver's INF: it may reach registers, and by plain accesses. */
	bool hardware_access, registers_mapped;
	struct nt_reg_key *hardware_key; /* "Device Parameters" */
	struct nt_reg_key *software_key; /* the adapter's keywords */
	struct nt_worker *worker;        /* its PASSIVE_LEVEL thread */
	void *extension_context;         /* for the class extension: struct cx_host */
	/* the driver called WdfDeviceSetFailed; any thread, IRQL <= DISPATCH_LEVEL; may be NULL */
	void (*set_failed)(void *context);
	/* it works, or does again; on the worker, before the event that says so; may be NULL */
	void (*works)(void *context);
	void *callback_context;
};

enum wdf_device_state {
	WDF_DEVICE_ADDED,   /* EvtDriverDeviceAdd has succeeded */
	WDF_DEVICE_STARTED, /* in D0 */
	WDF_DEVICE_ASLEEP,  /* in a low power state, the hardware stays prepared */
	WDF_DEVICE_STOPPED, /* hardware released */
	WDF_DEVICE_FAILED,
	WDF_DEVICE_REMOVED,
};

/*
 * The calls of the PnP manager. All run on the device's worker (nt_worker_call if needed).
 *
 * wdf_device_add() - EvtDriverDeviceAdd; *device is set when the driver made one. A driver that
 * returns success without WdfDeviceCreate gives STATUS_UNSUCCESSFUL with a log event.
 */
NTSTATUS wdf_device_add(struct wdf_driver *driver, const struct wdf_device_config *config,
			struct wdf_device **device);

/*
 * wdf_device_start() - EvtDevicePrepareHardware, D0Entry, interrupts enabled,
 * D0EntryPostInterruptsEnabled, SelfManagedIoInit (Restart after the first time), the extension.
 * On failure what was done is undone (ReleaseHardware too) and the state is WDF_DEVICE_FAILED;
 * wdf_device_failed_callback() then says where.
 */
NTSTATUS wdf_device_start(struct wdf_device *device);

/* wdf_device_stop() - the way back to WDF_DEVICE_STOPPED. Nothing when not started. */
void wdf_device_stop(struct wdf_device *device);

/* Why a device goes to a low power state. */
struct wdf_sleep {
	bool idle; /* the device alone, in S0; else the system goes to Sx */
	bool wake; /* it is to wake up from it: the driver arms it */
};

/*
 * wdf_device_sleep() - to the low power state that the driver's settings name, D3 without
 * Return: STATUS_INVALID_DEVICE_STATE (not started); for idling: STATUS_NOT_SUPPORTED (the driver
 * has not assigned S0 idle settings, or disabled them), STATUS_DEVICE_BUSY (WdfDeviceStopIdle), and
 * what arming failed with. Those leave the device in D0. The system's sleep cannot be refused.
 */
NTSTATUS wdf_device_sleep(struct wdf_device *device, const struct wdf_sleep *how);

/*
 * wdf_device_wake() - back to D0
 * @triggered: it was this device's wake signal, which the driver hears when it had armed it
 * Return: a failure of the way up, WDF_DEVICE_FAILED then; STATUS_INVALID_DEVICE_STATE.
 */
NTSTATUS wdf_device_wake(struct wdf_device *device, bool triggered);

/* wdf_device_remove() - stop, SelfManagedIoFlush and Cleanup, delete the WDFDEVICE. */
void wdf_device_remove(struct wdf_device *device);

/* wdf_device_surprise_remove() - EvtDeviceSurpriseRemoval, then as remove. */
void wdf_device_surprise_remove(struct wdf_device *device);

enum wdf_device_state wdf_device_state(const struct wdf_device *device);

/*
 * wdf_device_failed_callback() - the client's callback that the last start or wake failed in
 * Return: "EvtDeviceD0Entry"; NULL when it was no callback, or did not fail. On the worker.
 */
const char *wdf_device_failed_callback(const struct wdf_device *device);

/* WdfDeviceSetFailed was called: the device is to be stopped by the host, and (restart) started. */
bool wdf_device_failed(const struct wdf_device *device, bool *restart);

/*
 * For the class extension.
 * wdf_device_init_extension() - in EvtDriverDeviceAdd, on the WDFDEVICE_INIT: hook a device in.
 * Return: STATUS_INVALID_DEVICE_STATE when one is hooked in already.
 */
NTSTATUS wdf_device_init_extension(PWDFDEVICE_INIT init, const struct wdf_extension_ops *ops,
				   void *extension);
/*
 * wdf_device_init_extension_of() - what was hooked in with @ops; NULL: nothing was
 * A handle that is none is a violation reported against @call.
 */
void *wdf_device_init_extension_of(PWDFDEVICE_INIT init, const struct wdf_extension_ops *ops,
				   const char *call);
/*
 * wdf_device_blame() - the client's callback @name has failed, and with it the way up to D0
 * Also wdf/'s own. The first of a way up is kept: what fails while it is undone changes nothing.
 */
void wdf_device_blame(struct wdf_device *device, const char *name);
/*
 * The WDFDEVICE_INIT's and the device's parts that an extension needs. An init that is none, or
 * that WdfDeviceCreate has taken, is a violation of @call.
 */
const struct wdf_device_config *wdf_device_init_config(PWDFDEVICE_INIT init, const char *call);
const struct wdf_device_config *wdf_device_config(const struct wdf_device *device);
void *wdf_device_extension(const struct wdf_device *device); /* NULL: none */
struct wdf_object *wdf_device_object(struct wdf_device *device);
struct wdf_device *wdf_device_of(WDFDEVICE handle, const char *call);
/* wdf_device_first() - the driver's oldest device that is not going; NULL: it has none. Any thread.
 */
struct wdf_device *wdf_device_first(struct wdf_driver *driver);

#endif
