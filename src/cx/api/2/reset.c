/* SPDX-License-Identifier: MIT */
/*
 * Platform-level device reset: the driver tells what it knows of its hardware, then the device is
 * taken away and comes anew. On Windows the diagnostics go into a live dump of the kernel; here
 * they are an event. Source: "Recovering an unresponsive NIC with NetAdapterCx PLDR", DDI pages of
 * netdevice.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cx/api/2/adapter.h"
#include "cx/api/2/device.h"
#include "cx/api/2/verifier.h"
#include "nt/callback.h"
#include "nt/event.h"

#define SHOWN 64 /* bytes of the diagnostics in the event */

static void emit(const struct cx2_device *device)
{
	const struct cx2_reset *reset = &device->reset;
	char guid[CX2_GUID_SIZE] = "", data[2 * SHOWN + 1] = "";

	if (reset->caps.Size)
		cx2_print_guid(&reset->caps.ResetDiagnosticsGuid, guid);
	for (size_t i = 0; i < reset->diagnostics_size && i < SHOWN; i++)
		snprintf(data + 2 * i, 3, "%02x", reset->diagnostics[i]);
	NT_EMIT(NT_EVENT_LIFECYCLE, device->core.name, "DeviceReset",
		NT_TEXT("diagnostics_guid", guid),
		NT_UINT("diagnostics_bytes", reset->diagnostics_size),
		NT_TEXT("diagnostics", data));
}

static void collect(struct cx2_device *device)
{
	struct cx2_reset *reset = &device->reset;
	struct nt_callback frame;

	if (!reset->caps.EvtNetDeviceCollectResetDiagnostics)
		return;
	nt_callback_begin(&frame, device->core.name, "EvtNetDeviceCollectResetDiagnostics");
	reset->thread = pthread_self();
	reset->collecting = true;
	reset->caps.EvtNetDeviceCollectResetDiagnostics(
		(WDFDEVICE)wdf_device_object(device->core.device));
	reset->collecting = false;
	NT_CALLBACK_END(&frame, NT_UINT("bytes", reset->diagnostics_size));
}

static void reset_now(struct cx_device *core)
{
	struct cx2_device *device = cx2_device(core);

	collect(device);
	emit(device);
	free(device->reset.diagnostics);
	device->reset.diagnostics = NULL;
	core->host->ops->reset_device(core->host->context);
}

/* Once in a device's life: it ends with it. */
void cx2_reset_request(struct cx2_device *device)
{
	if (device->reset.requested)
		return;
	device->reset.requested = true;
	if (!cx_device_later(&device->core, reset_now)) {
		device->reset.requested = false;
		nt_log(device->core.name, "no memory for the reset that the driver asks for");
	}
}

bool cx2_reset_collecting(const struct cx2_device *device)
{
	return device->reset.collecting && pthread_equal(device->reset.thread, pthread_self());
}

void cx2_reset_store(struct cx2_device *device, const void *data, size_t size)
{
	struct cx2_reset *reset = &device->reset;

	reset->collecting = false;
	if (!size)
		return;
	reset->diagnostics = malloc(size);
	if (!reset->diagnostics)
		return;
	memcpy(reset->diagnostics, data, size);
	reset->diagnostics_size = size;
}
