/* SPDX-License-Identifier: MIT */
/* Receive scaling of the 2.x driver "recorder". */
#include "recorder.h"

#define QUEUES 64

EVT_NET_ADAPTER_RECEIVE_SCALING_ENABLE RecorderScalingEnable;
EVT_NET_ADAPTER_RECEIVE_SCALING_DISABLE RecorderScalingDisable;
EVT_NET_ADAPTER_RECEIVE_SCALING_SET_HASH_SECRET_KEY RecorderSetHashSecretKey;
EVT_NET_ADAPTER_RECEIVE_SCALING_SET_INDIRECTION_ENTRIES RecorderSetIndirectionEntries;

NTSTATUS RecorderScalingEnable(NETADAPTER Adapter, NET_ADAPTER_RECEIVE_SCALING_HASH_TYPE HashType,
			       NET_ADAPTER_RECEIVE_SCALING_PROTOCOL_TYPE ProtocolType)
{
	UNREFERENCED_PARAMETER(Adapter);
	RecorderSay("ScalingEnable(%x,%x)", (unsigned)HashType, (unsigned)ProtocolType);
	return STATUS_SUCCESS;
}

VOID RecorderScalingDisable(NETADAPTER Adapter)
{
	UNREFERENCED_PARAMETER(Adapter);
	RecorderSay("ScalingDisable");
}

NTSTATUS RecorderSetHashSecretKey(NETADAPTER Adapter,
				  const NET_ADAPTER_RECEIVE_SCALING_HASH_SECRET_KEY *HashSecretKey)
{
	UNREFERENCED_PARAMETER(Adapter);
	RecorderSay("SetHashSecretKey(%u)", (unsigned)HashSecretKey->Length);
	return STATUS_SUCCESS;
}

/* Says how many entries the first two queues get. */
NTSTATUS RecorderSetIndirectionEntries(NETADAPTER Adapter,
				       NET_ADAPTER_RECEIVE_SCALING_INDIRECTION_ENTRIES *Entries)
{
	unsigned first = 0, second = 0;

	UNREFERENCED_PARAMETER(Adapter);
	for (SIZE_T i = 0; i < Entries->Length; i++) {
		const NET_ADAPTER_RECEIVE_SCALING_INDIRECTION_ENTRY *entry = &Entries->Entries[i];

		first += entry->PacketQueue == RecorderOptions.RxQueue[0];
		second += entry->PacketQueue == RecorderOptions.RxQueue[1];
		NT_FRE_ASSERT(entry->Index == i && entry->Status == STATUS_SUCCESS);
	}
	RecorderSay("SetEntries(%u,%u)", first, second);
	return STATUS_SUCCESS;
}

void RecorderDeclareScaling(NETADAPTER Adapter)
{
	NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES rss;

	NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES_INIT(
		&rss, RecorderOptions.ScalingQueues,
		NetAdapterReceiveScalingUnhashedTargetTypeHashIndex,
		NetAdapterReceiveScalingHashTypeToeplitz,
		NetAdapterReceiveScalingProtocolTypeIPv4 |
			NetAdapterReceiveScalingProtocolTypeIPv6 |
			NetAdapterReceiveScalingProtocolTypeTcp,
		RecorderScalingEnable, RecorderScalingDisable, RecorderSetHashSecretKey,
		RecorderSetIndirectionEntries);
	NetAdapterSetReceiveScalingCapabilities(Adapter, &rss);
	/* The structure was copied: this reaches nobody. */
	RtlFillMemory(&rss, sizeof(rss), 0xdd);
}
