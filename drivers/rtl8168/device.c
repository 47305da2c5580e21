/* SPDX-License-Identifier: MIT */
/*
 * device.c - the card's life as Windows tells it: hardware given and taken away, power on and off.
 * All of these callbacks run one at a time at PASSIVE_LEVEL.
 */
#include "adapter.h"

/*
 * The interrupt belongs to the WDFINTERRUPT, but nobody else sees that there is none: the device
 * would start, and no packet come to its end.
 */
static BOOLEAN
RtDeviceHasInterrupt(WDFCMRESLIST ResourcesTranslated)
{
	ULONG count = WdfCmResourceListGetCount(ResourcesTranslated);
	ULONG i;

	for (i = 0; i < count; i++) {
		if (WdfCmResourceListGetDescriptor(ResourcesTranslated, i)->Type ==
		    CmResourceTypeInterrupt)
			return TRUE;
	}
	return FALSE;
}

/* The registers are in the first memory resource. */
static NTSTATUS
RtDeviceMapRegisters(RT_ADAPTER *Adapter, WDFCMRESLIST ResourcesTranslated)
{
	ULONG count = WdfCmResourceListGetCount(ResourcesTranslated);
	ULONG i;

	for (i = 0; i < count; i++) {
		PCM_PARTIAL_RESOURCE_DESCRIPTOR resource;

		resource = WdfCmResourceListGetDescriptor(ResourcesTranslated, i);
		if (resource->Type != CmResourceTypeMemory)
			continue;
		if (resource->u.Memory.Length < RT_REGISTERS_LENGTH)
			return STATUS_DEVICE_CONFIGURATION_ERROR;

		Adapter->RegistersLength = resource->u.Memory.Length;
		Adapter->Registers =
			MmMapIoSpaceEx(resource->u.Memory.Start, Adapter->RegistersLength,
				       PAGE_READWRITE | PAGE_NOCACHE);
		if (Adapter->Registers == NULL)
			return STATUS_INSUFFICIENT_RESOURCES;
		return STATUS_SUCCESS;
	}

	return STATUS_RESOURCE_TYPE_NOT_FOUND;
}

/* The address an administrator chose, or the card's own, from the EEPROM if it has one. */
static VOID
RtDeviceReadAddresses(RT_ADAPTER *Adapter)
{
	NET_ADAPTER_LINK_LAYER_ADDRESS chosen;
	NETCONFIGURATION configuration;
	NTSTATUS status;

	if (!RtEepromReadAddress(Adapter, Adapter->PermanentAddress))
		RtHardwareReadAddress(Adapter, Adapter->PermanentAddress);
	ETH_COPY_NETWORK_ADDRESS(Adapter->CurrentAddress, Adapter->PermanentAddress);

	status = NetAdapterOpenConfiguration(Adapter->NetAdapter, WDF_NO_OBJECT_ATTRIBUTES,
					     &configuration);
	if (!NT_SUCCESS(status))
		return;
	status = NetConfigurationQueryLinkLayerAddress(configuration, &chosen);
	NetConfigurationClose(configuration);

	if (NT_SUCCESS(status) && chosen.Length == ETH_LENGTH_OF_ADDRESS &&
	    !ETH_IS_MULTICAST(chosen.Address) && !ETH_IS_EMPTY(chosen.Address))
		ETH_COPY_NETWORK_ADDRESS(Adapter->CurrentAddress, chosen.Address);
}

_Use_decl_annotations_ NTSTATUS
EvtDevicePrepareHardware(WDFDEVICE Device, WDFCMRESLIST ResourcesRaw,
			 WDFCMRESLIST ResourcesTranslated)
{
	RT_ADAPTER *adapter = RtGetDevice(Device)->Adapter;
	NTSTATUS status;

	UNREFERENCED_PARAMETER(ResourcesRaw);
	PAGED_CODE();

	status = RtDeviceMapRegisters(adapter, ResourcesTranslated);
	if (!NT_SUCCESS(status))
		goto Exit;

	if (!RtDeviceHasInterrupt(ResourcesTranslated)) {
		status = STATUS_RESOURCE_TYPE_NOT_FOUND;
		goto Exit;
	}

	status = RtHardwareIdentify(adapter);
	if (!NT_SUCCESS(status))
		goto Exit;

	status = RtConfigurationRead(adapter);
	if (!NT_SUCCESS(status))
		goto Exit;

	RtDeviceReadAddresses(adapter);

	status = RtHardwareReset(adapter);
	if (!NT_SUCCESS(status))
		goto Exit;

	status = RtPhyStart(adapter);
	if (!NT_SUCCESS(status))
		goto Exit;

	status = RtAdapterStart(adapter);

Exit:
	return status;
}

/* Also after a failed EvtDevicePrepareHardware, so nothing is taken for granted. */
_Use_decl_annotations_ NTSTATUS
EvtDeviceReleaseHardware(WDFDEVICE Device, WDFCMRESLIST ResourcesTranslated)
{
	RT_ADAPTER *adapter = RtGetDevice(Device)->Adapter;

	UNREFERENCED_PARAMETER(ResourcesTranslated);
	PAGED_CODE();

	if (adapter->Registers != NULL) {
		MmUnmapIoSpace(adapter->Registers, adapter->RegistersLength);
		adapter->Registers = NULL;
	}
	return STATUS_SUCCESS;
}

/* The queues start later: until then the chip neither sends nor receives. */
_Use_decl_annotations_ NTSTATUS
EvtDeviceD0Entry(WDFDEVICE Device, WDF_POWER_DEVICE_STATE PreviousState)
{
	RT_ADAPTER *adapter = RtGetDevice(Device)->Adapter;
	NTSTATUS status;

	UNREFERENCED_PARAMETER(PreviousState);
	PAGED_CODE();

	status = RtHardwareReset(adapter);
	if (!NT_SUCCESS(status))
		goto Exit;
	RtHardwareStart(adapter);

Exit:
	return status;
}

/* A change of the link while interrupts were off has been seen by nobody. */
_Use_decl_annotations_ NTSTATUS
EvtDeviceD0EntryPostInterruptsEnabled(WDFDEVICE Device, WDF_POWER_DEVICE_STATE PreviousState)
{
	UNREFERENCED_PARAMETER(PreviousState);
	PAGED_CODE();

	RtLinkReport(RtGetDevice(Device)->Adapter);
	return STATUS_SUCCESS;
}

_Use_decl_annotations_ NTSTATUS
EvtDeviceD0Exit(WDFDEVICE Device, WDF_POWER_DEVICE_STATE TargetState)
{
	UNREFERENCED_PARAMETER(TargetState);
	PAGED_CODE();

	RtHardwareStop(RtGetDevice(Device)->Adapter);
	return STATUS_SUCCESS;
}
