/* SPDX-License-Identifier: MIT */
/*
 * wake.c - waking the system from sleep. Before it sleeps the framework has the driver arm the
 * device; what is to wake it is in a list then. This chip knows magic packets.
 */
#include "framework.h"

static EVT_WDF_DEVICE_ARM_WAKE_FROM_SX EvtDeviceArmWakeFromSx;
static EVT_WDF_DEVICE_DISARM_WAKE_FROM_SX EvtDeviceDisarmWakeFromSx;

/* In EvtDriverDeviceAdd, before the device is created. */
VOID
RtWakeInitialize(PWDFDEVICE_INIT DeviceInit)
{
	WDF_POWER_POLICY_EVENT_CALLBACKS callbacks;

	WDF_POWER_POLICY_EVENT_CALLBACKS_INIT(&callbacks);
	callbacks.EvtDeviceArmWakeFromSx = EvtDeviceArmWakeFromSx;
	callbacks.EvtDeviceDisarmWakeFromSx = EvtDeviceDisarmWakeFromSx;
	WdfDeviceInitSetPowerPolicyEventCallbacks(DeviceInit, &callbacks);
}

VOID
RtWakeDeclare(RT_ADAPTER *Adapter)
{
	NET_ADAPTER_WAKE_MAGIC_PACKET_CAPABILITIES capabilities;

	NET_ADAPTER_WAKE_MAGIC_PACKET_CAPABILITIES_INIT(&capabilities);
	capabilities.MagicPacket = TRUE;
	NetAdapterWakeSetMagicPacketCapabilities(Adapter->NetAdapter, &capabilities);
}

/* The list is good until this returns. */
_Use_decl_annotations_ static NTSTATUS
EvtDeviceArmWakeFromSx(WDFDEVICE Device)
{
	NET_WAKE_SOURCE_LIST list;
	BOOLEAN magicPacket = FALSE;
	SIZE_T i;

	PAGED_CODE();

	NET_WAKE_SOURCE_LIST_INIT(&list);
	NetDeviceGetWakeSourceList(Device, &list);
	for (i = 0; i < NetWakeSourceListGetCount(&list); i++) {
		NETWAKESOURCE source = NetWakeSourceListGetElement(&list, i);

		if (NetWakeSourceGetType(source) == NetWakeSourceTypeMagicPacket)
			magicPacket = TRUE;
	}

	RtHardwareSetMagicPacket(RtGetDevice(Device)->Adapter, magicPacket);
	return STATUS_SUCCESS;
}

_Use_decl_annotations_ static VOID
EvtDeviceDisarmWakeFromSx(WDFDEVICE Device)
{
	PAGED_CODE();

	RtHardwareSetMagicPacket(RtGetDevice(Device)->Adapter, FALSE);
}
