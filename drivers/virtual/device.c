/* SPDX-License-Identifier: MIT */
/*
 * device.c - the device's life as Windows tells it. Surprise removal, sleep and a restart all pass
 * through EvtDeviceD0Exit, so that is where the link goes down. All of these callbacks run one at a
 * time for a device, at PASSIVE_LEVEL; those of two devices may run at once.
 */
#include "virtual.h"

_Use_decl_annotations_ NTSTATUS EvtDevicePrepareHardware(WDFDEVICE Device,
							 WDFCMRESLIST ResourcesRaw,
							 WDFCMRESLIST ResourcesTranslated)
{
	VIRT_ADAPTER *adapter = VirtGetDevice(Device)->Adapter;
	NTSTATUS status;

	UNREFERENCED_PARAMETER(ResourcesRaw);
	UNREFERENCED_PARAMETER(ResourcesTranslated);
	PAGED_CODE();

	status = VirtConfigurationRead(adapter);
	if (!NT_SUCCESS(status))
		return status;

	status = VirtLinkJoin(adapter);
	if (!NT_SUCCESS(status))
		return status;

	return VirtAdapterStart(adapter);
}

/* Also after a failed EvtDevicePrepareHardware. */
_Use_decl_annotations_ NTSTATUS EvtDeviceReleaseHardware(WDFDEVICE Device,
							 WDFCMRESLIST ResourcesTranslated)
{
	VIRT_ADAPTER *adapter = VirtGetDevice(Device)->Adapter;
	const VIRT_COUNTERS *counters = &adapter->Port.Counters;

	UNREFERENCED_PARAMETER(ResourcesTranslated);
	PAGED_CODE();

	VirtAdapterStop(adapter);
	if (adapter->Linked)
		VirtTrace("station %u received %llu packets, %llu of them coalesced, %llu segments;"
			  " %llu filtered, %llu lost",
			  adapter->Configuration.Station, counters->Received, counters->Coalesced,
			  counters->Segments, counters->Filtered, counters->Lost);
	VirtLinkLeave(adapter);
	return STATUS_SUCCESS;
}

_Use_decl_annotations_ NTSTATUS EvtDeviceD0Entry(WDFDEVICE Device,
						 WDF_POWER_DEVICE_STATE PreviousState)
{
	UNREFERENCED_PARAMETER(PreviousState);
	PAGED_CODE();

	VirtLinkReady(VirtGetDevice(Device)->Adapter, TRUE);
	return STATUS_SUCCESS;
}

_Use_decl_annotations_ NTSTATUS EvtDeviceD0Exit(WDFDEVICE Device,
						WDF_POWER_DEVICE_STATE TargetState)
{
	UNREFERENCED_PARAMETER(TargetState);
	PAGED_CODE();

	VirtLinkReady(VirtGetDevice(Device)->Adapter, FALSE);
	return STATUS_SUCCESS;
}
