/* SPDX-License-Identifier: MIT */
/* Receive scaling of the driver "recorder": a table that is checked, and failures on request. */
#include "recorder.h"

#define QUEUES 64

NTSTATUS RecorderScalingEnable(NETADAPTER Adapter, NET_ADAPTER_RECEIVE_SCALING_HASH_TYPE HashType,
			       NET_ADAPTER_RECEIVE_SCALING_PROTOCOL_TYPE ProtocolType)
{
	UNREFERENCED_PARAMETER(Adapter);
	RecorderSay("ScalingEnable(%x,%x,irql=%u)", (unsigned)HashType, (unsigned)ProtocolType,
		    KeGetCurrentIrql());
	return RecorderOptions.Fail[StepScalingEnable];
}

VOID RecorderScalingDisable(NETADAPTER Adapter)
{
	UNREFERENCED_PARAMETER(Adapter);
	RecorderSay("ScalingDisable(irql=%u)", KeGetCurrentIrql());
}

NTSTATUS RecorderSetHashSecretKey(NETADAPTER Adapter,
				  const NET_ADAPTER_RECEIVE_SCALING_HASH_SECRET_KEY *HashSecretKey)
{
	UNREFERENCED_PARAMETER(Adapter);
	RecorderSay("SetHashSecretKey(%u,%02x%02x,irql=%u)", (unsigned)HashSecretKey->Length,
		    HashSecretKey->Key[0], HashSecretKey->Key[1], KeGetCurrentIrql());
	return RecorderOptions.Fail[StepScalingKey];
}

static ULONG QueueId(NETPACKETQUEUE Queue)
{
	ULONG id = 0;

	while (id < QUEUES && RecorderOptions.RxQueues[id] != Queue)
		id++;
	return id;
}

static NTSTATUS Fail(NTSTATUS Status, NET_ADAPTER_RECEIVE_SCALING_INDIRECTION_ENTRIES *Entries)
{
	RECORDER_OPTIONS *options = &RecorderOptions;

	if (options->EntryFailsQuietly)
		Entries->Entries[5].Status = STATUS_UNSUCCESSFUL;
	if (NT_SUCCESS(Status))
		return STATUS_SUCCESS;
	for (SIZE_T i = 0; i < options->EntriesFail && i < Entries->Length; i++)
		Entries->Entries[Entries->Length - 1 - i].Status = STATUS_DEVICE_BUSY;
	if (options->FailTimes && --options->FailTimes == 0)
		options->Fail[StepScalingInitialize] = options->Fail[StepScalingEntries] =
			STATUS_SUCCESS;
	return Status;
}

/* Says how many entries each queue gets, and the index of the first. */
NTSTATUS RecorderSetIndirectionEntries(NETADAPTER Adapter,
				       NET_ADAPTER_RECEIVE_SCALING_INDIRECTION_ENTRIES *Entries)
{
	ULONG irql = KeGetCurrentIrql(), perQueue[QUEUES + 1] = { 0 };
	RECORDER_PLACE place = { .Device = RecorderOptions.Device,
				 .Adapter = Adapter,
				 .RxQueue = Entries->Entries[0].Queue };

	for (SIZE_T i = 0; i < Entries->Length; i++) {
		const NET_ADAPTER_RECEIVE_SCALING_INDIRECTION_ENTRY *e = &Entries->Entries[i];

		perQueue[QueueId(e->Queue)]++;
		if (e->Status != STATUS_SUCCESS || e->Index != Entries->Entries[0].Index + i)
			RecorderSay("wrong entry %u", (unsigned)i);
	}
	RecorderSay("SetEntries(irql=%u,%u from %u: %u %u %u %u %u)", irql,
		    (unsigned)Entries->Length, Entries->Entries[0].Index, perQueue[0], perQueue[1],
		    perQueue[2], perQueue[3], perQueue[QUEUES]);
	if (irql == DISPATCH_LEVEL)
		RecorderBreak(PointScalingEntries, &place);
	return Fail(RecorderOptions.Fail[irql == DISPATCH_LEVEL ? StepScalingEntries
								: StepScalingInitialize],
		    Entries);
}

void RecorderDeclareScaling(NETADAPTER Adapter)
{
	RECORDER_OPTIONS *options = &RecorderOptions;
	NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES rss;

	NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES_INIT(
		&rss, options->ScalingQueues, NetAdapterReceiveScalingUnhashedTargetTypeHashIndex,
		(NET_ADAPTER_RECEIVE_SCALING_HASH_TYPE)options->ScalingHash,
		(NET_ADAPTER_RECEIVE_SCALING_PROTOCOL_TYPE)options->ScalingProtocols,
		RecorderScalingEnable, options->NoScalingCallback ? NULL : RecorderScalingDisable,
		RecorderSetHashSecretKey, RecorderSetIndirectionEntries);
	if (options->ScalingEntries)
		rss.IndirectionTableSize = options->ScalingEntries;
	rss.SynchronizeSetIndirectionEntries = TRUE;
	NetAdapterSetReceiveScalingCapabilities(Adapter, &rss);
	/* The structure was copied: this reaches nobody. */
	RtlFillMemory(&rss, sizeof(rss), 0xdd);
}
