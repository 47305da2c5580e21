/* SPDX-License-Identifier: MIT */
/* WDFDMAENABLER: what a bus master can do, and its callbacks around D0. */
#include "wdf/dma.h"

#include "nt/callback.h"
#include "nt/event.h"
#include "nt/export.h"
#include "nt/fault.h"
#include "wdf/device_private.h"

NT_FAULT_NAMES("EvtDmaEnablerFill", "EvtDmaEnablerEnable", "EvtDmaEnablerSelfManagedIoStart");

struct wdf_dma_enabler {
	struct wdf_object object;
	struct wdf_device *device;
	struct wdf_dma_enabler *next;
	WDF_DMA_ENABLER_CONFIG config;
	size_t maximum_elements;
	uint64_t maximum_address;
	bool filled, enabled, started; /* which of the callbacks have to be undone */
};

static void dispose(struct wdf_object *object)
{
	struct wdf_dma_enabler *enabler = (struct wdf_dma_enabler *)object, **at;

	pthread_mutex_lock(&object->driver->lock);
	for (at = &enabler->device->dma_enablers; *at && *at != enabler; at = &(*at)->next)
		;
	if (*at)
		*at = enabler->next;
	pthread_mutex_unlock(&object->driver->lock);
}

const struct wdf_class wdf_dma_enabler_class = {
	.name = "WDFDMAENABLER",
	.size = sizeof(struct wdf_dma_enabler),
	.dispose = dispose,
};

#define CALL(enabler, event) \
	WDF_CALL((enabler)->device, &(enabler)->config, event, (WDFDMAENABLER)(enabler))

static NTSTATUS power_up_one(struct wdf_dma_enabler *enabler)
{
	NTSTATUS status = CALL(enabler, EvtDmaEnablerFill);

	enabler->filled = NT_SUCCESS(status);
	if (!NT_SUCCESS(status))
		return status;
	status = CALL(enabler, EvtDmaEnablerEnable);
	enabler->enabled = NT_SUCCESS(status);
	if (!NT_SUCCESS(status))
		return status;
	status = CALL(enabler, EvtDmaEnablerSelfManagedIoStart);
	enabler->started = NT_SUCCESS(status);
	return status;
}

static void power_down_one(struct wdf_dma_enabler *enabler)
{
	if (enabler->started)
		CALL(enabler, EvtDmaEnablerSelfManagedIoStop);
	if (enabler->enabled)
		CALL(enabler, EvtDmaEnablerDisable);
	if (enabler->filled)
		CALL(enabler, EvtDmaEnablerFlush);
	enabler->started = enabler->enabled = enabler->filled = false;
}

NTSTATUS wdf_dma_power_up(struct wdf_device *device)
{
	NTSTATUS status = STATUS_SUCCESS;

	for (struct wdf_dma_enabler *e = device->dma_enablers; e && NT_SUCCESS(status); e = e->next)
		status = power_up_one(e);
	if (!NT_SUCCESS(status))
		wdf_dma_power_down(device);
	return status;
}

void wdf_dma_power_down(struct wdf_device *device)
{
	for (struct wdf_dma_enabler *e = device->dma_enablers; e; e = e->next)
		power_down_one(e);
}

/* Address bits of a profile. The system profiles are for DMA controllers of the board: not ours. */
static unsigned profile_width(WDF_DMA_PROFILE profile)
{
	switch (profile) {
	case WdfDmaProfilePacket:
	case WdfDmaProfileScatterGather:
	case WdfDmaProfileScatterGatherDuplex:
		return 32;
	case WdfDmaProfilePacket64:
	case WdfDmaProfileScatterGather64:
	case WdfDmaProfileScatterGather64Duplex:
		return 64;
	default:
		return 0;
	}
}

NETCX_EXPORT NTSTATUS WdfDmaEnablerCreate(WDFDEVICE Device, PWDF_DMA_ENABLER_CONFIG Config,
					  PWDF_OBJECT_ATTRIBUTES Attributes,
					  WDFDMAENABLER *DmaEnabler)
{
	static const char call[] = "WdfDmaEnablerCreate";
	struct wdf_device *device = wdf_device_of(Device, call);
	struct wdf_dma_enabler *enabler, **end;
	unsigned width;
	NTSTATUS status;
	void *object;

	wdf_check_irql(PASSIVE_LEVEL, call);
	wdf_check_pointer(Config, "Config", call);
	wdf_check_pointer(DmaEnabler, "DmaEnabler", call);
	if (!wdf_size_ok(Config->Size, sizeof(*Config), "WDF_DMA_ENABLER_CONFIG", call))
		return STATUS_INFO_LENGTH_MISMATCH;
	width = profile_width(Config->Profile);
	if (!width || !Config->MaximumLength || Config->AddressWidthOverride > 64)
		return STATUS_INVALID_PARAMETER;
	if (NT_FAULT("WdfDmaEnablerCreate"))
		return STATUS_INSUFFICIENT_RESOURCES;
	status = wdf_object_create(&wdf_dma_enabler_class, device->setup.driver, &device->object,
				   Attributes, &object);
	if (!NT_SUCCESS(status))
		return status;
	if (Config->AddressWidthOverride)
		width = Config->AddressWidthOverride;
	enabler = object;
	enabler->device = device;
	enabler->config = *Config;
	enabler->maximum_elements = (size_t)MAXULONG_PTR;
	enabler->maximum_address = ~(uint64_t)0 >> (64 - width);
	pthread_mutex_lock(&device->setup.driver->lock);
	for (end = &device->dma_enablers; *end; end = &(*end)->next)
		;
	*end = enabler;
	pthread_mutex_unlock(&device->setup.driver->lock);
	*DmaEnabler = object;
	return STATUS_SUCCESS;
}

static struct wdf_dma_enabler *enabler_of(WDFDMAENABLER handle, const char *call)
{
	return wdf_object_of(handle, &wdf_dma_enabler_class, call);
}

uint64_t wdf_dma_maximum_address(WDFDMAENABLER handle, const char *call)
{
	return enabler_of(handle, call)->maximum_address;
}

unsigned wdf_dma_version(WDFDMAENABLER handle, const char *call)
{
	unsigned version = enabler_of(handle, call)->config.WdmDmaVersionOverride;

	return version ? version : 2;
}

NETCX_EXPORT size_t WdfDmaEnablerGetMaximumLength(WDFDMAENABLER DmaEnabler)
{
	return enabler_of(DmaEnabler, "WdfDmaEnablerGetMaximumLength")->config.MaximumLength;
}

NETCX_EXPORT size_t WdfDmaEnablerGetMaximumScatterGatherElements(WDFDMAENABLER DmaEnabler)
{
	return enabler_of(DmaEnabler, "WdfDmaEnablerGetMaximumScatterGatherElements")
		->maximum_elements;
}

NETCX_EXPORT VOID WdfDmaEnablerSetMaximumScatterGatherElements(WDFDMAENABLER DmaEnabler,
							       size_t MaximumFragments)
{
	static const char call[] = "WdfDmaEnablerSetMaximumScatterGatherElements";
	struct wdf_dma_enabler *enabler = enabler_of(DmaEnabler, call);

	wdf_check_irql(PASSIVE_LEVEL, call);
	if (!MaximumFragments)
		wdf_violation(enabler->object.driver->name, WDF_VERIFIER_FATAL, 0, call,
			      "A transfer has at least one element.", "MaximumFragments is zero.");
	enabler->maximum_elements = MaximumFragments;
}
