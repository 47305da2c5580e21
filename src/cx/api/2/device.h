/* SPDX-License-Identifier: MIT */
/* A network device of 2.x: the core's, and what only this shape's drivers give to it. */
#ifndef CX_API_2_DEVICE_H
#define CX_API_2_DEVICE_H

#include "cx/api/2/public.h"
#include "cx/device.h"

/* A reset that the driver asks for, and what it leaves for who looks into it: reset.c. */
struct cx2_reset {
	NET_DEVICE_RESET_CAPABILITIES caps; /* Size 0: none */
	_Atomic bool requested;
	_Atomic bool collecting; /* EvtNetDeviceCollectResetDiagnostics runs, on this thread */
	pthread_t thread;
	uint8_t *diagnostics; /* stored by it */
	size_t diagnostics_size;
};

/* Owned by its WDFDEVICE, as the core's. Filled in EvtDriverDeviceAdd, before WdfDeviceCreate. */
struct cx2_device {
	struct cx_device core;
	NET_DEVICE_POWER_POLICY_EVENT_CALLBACKS power_policy; /* Size 0: none */
	struct cx2_reset reset;
};

/* The shape's device behind the core's. */
static inline struct cx2_device *cx2_device(struct cx_device *device)
{
	return (struct cx2_device *)device;
}

/*
 * cx2_device_of_init() - of a WDFDEVICE_INIT, checked
 * One that NetDeviceInitConfig was not called for is a reported violation.
 */
struct cx2_device *cx2_device_of_init(PWDFDEVICE_INIT init, const char *call);

/* ---- reset.c ---- */
#define CX2_DIAGNOSTICS_MAX 0x100000 /* bytes that a driver can store: 21H2 */

/* cx2_reset_request() - the device's worker collects, then the host is asked to reset it. */
void cx2_reset_request(struct cx2_device *device);
/* cx2_reset_collecting() - is this the thread of the callback, with nothing stored yet? */
bool cx2_reset_collecting(const struct cx2_device *device);
/* cx2_reset_store() - copied; once */
void cx2_reset_store(struct cx2_device *device, const void *data, size_t size);

#endif
