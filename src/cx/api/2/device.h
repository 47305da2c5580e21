/* SPDX-License-Identifier: MIT */
/* A network device of 2.x: the core's, and what only this shape's drivers give to it. */
#ifndef CX_API_2_DEVICE_H
#define CX_API_2_DEVICE_H

#include "cx/api/2/public.h"
#include "cx/device.h"

/* Owned by its WDFDEVICE, as the core's. Filled in EvtDriverDeviceAdd, before WdfDeviceCreate. */
struct cx2_device {
	struct cx_device core;
	NET_DEVICE_POWER_POLICY_EVENT_CALLBACKS power_policy; /* Size 0: none */
};

/* The shape's device behind the core's. */
static inline struct cx2_device *cx2_device(struct cx_device *device)
{
	return (struct cx2_device *)device;
}

#endif
