/* SPDX-License-Identifier: MIT */
/* A thread of the driver's own, which has to do with wake sources at any time, also while NDIS
 * changes them. */
#include "wake.h"

/* An adapter is started on the device's worker: not while that waits for us, at the device's end.
 */
#define ROUNDS_WITH_START 20

static PVOID WalkerThreads[2];
static LONG Started; /* threads that start no adapter any more */

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

/* One more of the device, made and deleted here while the worker goes through them all. */
static void MakeAdapter(WDFDEVICE Device, BOOLEAN Start)
{
	/* Half a millisecond; later 20: each round is told in the log, and tests read it all. */
	LARGE_INTEGER pause = { .QuadPart = Start ? -5000 : -200000 };
	NETADAPTER adapter;

	NT_FRE_ASSERT(NT_SUCCESS(WakeCreateAdapter(Device, &adapter)));
	WakeDeclare(adapter);
	if (Start) {
		NT_FRE_ASSERT(NT_SUCCESS(NetAdapterStart(adapter)));
		NetAdapterStop(adapter);
	}
	WdfObjectDelete(adapter);
	KeDelayExecutionThread(KernelMode, FALSE, &pause);
}

static void Walk(PVOID Context)
{
	BOOLEAN media = FALSE;
	ULONG rounds = 0;

	while (!ReadNoFence(&WakeOptions.StopWalking)) {
		if (WakeOptions.Walk == WalkElements)
			ReadList(Context);
		else if (WakeOptions.Walk == WalkAdapters)
			MakeAdapter(Context,
				    rounds < ROUNDS_WITH_START && ReadNoFence(&Started) < 2);
		else
			FillLists(Context);
		if (WakeOptions.Walk == WalkDeclarations)
			DeclareAnew(WakeOptions.Adapter, media = !media);
		InterlockedIncrement(&WakeOptions.Walked);
		if (++rounds == ROUNDS_WITH_START && InterlockedIncrement(&Started) == 2)
			DbgPrint("all have been started\n");
	}
	InterlockedExchange(&WakeOptions.Walked, -1);
	PsTerminateSystemThread(STATUS_SUCCESS);
}

static NTSTATUS StartThread(WDFDEVICE Device, PVOID *Thread)
{
	NTSTATUS status;
	HANDLE handle;

	status = PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, Walk, Device);
	if (!NT_SUCCESS(status))
		return status;
	status = ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, NULL, KernelMode, Thread,
					   NULL);
	ZwClose(handle);
	return status;
}

NTSTATUS WakeStartWalker(WDFDEVICE Device)
{
	NTSTATUS status = STATUS_SUCCESS;
	ULONG threads = WakeOptions.Walk == WalkNot ? 0 : WakeOptions.Walk == WalkAdapters ? 2 : 1;

	WakeOptions.StopWalking = 0;
	for (ULONG i = 0; i < threads && NT_SUCCESS(status); i++)
		status = StartThread(Device, &WalkerThreads[i]);
	return status;
}

NTSTATUS WakeEndWalker(WDFDEVICE Device, WDFCMRESLIST Translated)
{
	UNREFERENCED_PARAMETER(Device);
	UNREFERENCED_PARAMETER(Translated);
	InterlockedExchange(&WakeOptions.StopWalking, 1);
	for (ULONG i = 0; i < ARRAYSIZE(WalkerThreads); i++) {
		if (!WalkerThreads[i])
			continue;
		KeWaitForSingleObject(WalkerThreads[i], Executive, KernelMode, FALSE, NULL);
		ObDereferenceObject(WalkerThreads[i]);
		WalkerThreads[i] = NULL;
	}
	return STATUS_SUCCESS;
}
