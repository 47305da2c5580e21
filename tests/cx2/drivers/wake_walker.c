/* SPDX-License-Identifier: MIT */
/* A thread of the driver's own, which has to do with wake sources at any time, also while NDIS
 * changes them. */
#include "wake.h"

static HANDLE Walker;
static PVOID WalkerThread;

/* Allowed on any thread: what is filled is not looked at. */
static void FillLists(WDFDEVICE Device)
{
	NET_WAKE_SOURCE_LIST sources;
	NET_POWER_OFFLOAD_LIST offloads;

	NET_WAKE_SOURCE_LIST_INIT(&sources);
	NetDeviceGetWakeSourceList(Device, &sources);
	NET_POWER_OFFLOAD_LIST_INIT(&offloads);
	NetDeviceGetPowerOffloadList(Device, &offloads);
}

static void DeclareAnew(NETADAPTER Adapter, BOOLEAN Media)
{
	NET_ADAPTER_WAKE_MEDIA_CHANGE_CAPABILITIES media;
	NET_ADAPTER_POWER_OFFLOAD_ARP_CAPABILITIES arp;

	NET_ADAPTER_WAKE_MEDIA_CHANGE_CAPABILITIES_INIT(&media);
	media.MediaConnect = media.MediaDisconnect = Media;
	NetAdapterWakeSetMediaChangeCapabilities(Adapter, &media);
	NET_ADAPTER_POWER_OFFLOAD_ARP_CAPABILITIES_INIT(&arp, WakeOptions.Arp);
	arp.ArpOffload = TRUE;
	NetAdapterPowerOffloadSetArpCapabilities(Adapter, &arp);
#if NETADAPTER_VERSION_MINOR >= 4
	(void)NetAdapterQueryWakeReason(Adapter);
#endif
}

/* Not allowed: NDIS may take away what the list holds. */
static void ReadList(WDFDEVICE Device)
{
	NET_WAKE_SOURCE_BITMAP_PARAMETERS bitmap;
	NET_WAKE_SOURCE_LIST list;

	NET_WAKE_SOURCE_LIST_INIT(&list);
	NetDeviceGetWakeSourceList(Device, &list);
	for (SIZE_T i = 0; i < NetWakeSourceListGetCount(&list); i++) {
		NETWAKESOURCE source = NetWakeSourceListGetElement(&list, i);

		if (NetWakeSourceGetType(source) != NetWakeSourceTypeBitmapPattern)
			continue;
		NET_WAKE_SOURCE_BITMAP_PARAMETERS_INIT(&bitmap);
		NetWakeSourceGetBitmapParameters(source, &bitmap);
	}
}

static void Walk(PVOID Context)
{
	BOOLEAN media = FALSE;

	while (!ReadNoFence(&WakeOptions.StopWalking)) {
		if (WakeOptions.Walk == WalkElements)
			ReadList(Context);
		else
			FillLists(Context);
		if (WakeOptions.Walk == WalkDeclarations)
			DeclareAnew(WakeOptions.Adapter, media = !media);
		InterlockedIncrement(&WakeOptions.Walked);
	}
	InterlockedExchange(&WakeOptions.Walked, -1);
	PsTerminateSystemThread(STATUS_SUCCESS);
}

NTSTATUS WakeStartWalker(WDFDEVICE Device)
{
	NTSTATUS status;

	if (WakeOptions.Walk == WalkNot)
		return STATUS_SUCCESS;
	status = PsCreateSystemThread(&Walker, THREAD_ALL_ACCESS, NULL, NULL, NULL, Walk, Device);
	if (!NT_SUCCESS(status))
		return status;
	return ObReferenceObjectByHandle(Walker, THREAD_ALL_ACCESS, NULL, KernelMode, &WalkerThread,
					 NULL);
}

NTSTATUS WakeEndWalker(WDFDEVICE Device, WDFCMRESLIST Translated)
{
	UNREFERENCED_PARAMETER(Device);
	UNREFERENCED_PARAMETER(Translated);
	if (!WalkerThread)
		return STATUS_SUCCESS;
	InterlockedExchange(&WakeOptions.StopWalking, 1);
	KeWaitForSingleObject(WalkerThread, Executive, KernelMode, FALSE, NULL);
	ObDereferenceObject(WalkerThread);
	ZwClose(Walker);
	WalkerThread = NULL;
	return STATUS_SUCCESS;
}
