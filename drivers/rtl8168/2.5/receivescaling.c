/* SPDX-License-Identifier: MIT */
/*
 * receivescaling.c - receive side scaling, as the stack sets it up: which hash, its key, and the
 * queue of each entry of the indirection table. It is for those who set the keyword *RSS.
 */
#include "framework.h"

static EVT_NET_ADAPTER_RECEIVE_SCALING_ENABLE EvtAdapterReceiveScalingEnable;
static EVT_NET_ADAPTER_RECEIVE_SCALING_DISABLE EvtAdapterReceiveScalingDisable;
static EVT_NET_ADAPTER_RECEIVE_SCALING_SET_HASH_SECRET_KEY EvtAdapterReceiveScalingSetKey;
static EVT_NET_ADAPTER_RECEIVE_SCALING_SET_INDIRECTION_ENTRIES EvtAdapterReceiveScalingSetEntries;

VOID
RtReceiveScalingDeclare(RT_ADAPTER *Adapter)
{
	NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES capabilities;

	NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES_INIT(
		&capabilities, RT_RX_QUEUES, NetAdapterReceiveScalingUnhashedTargetTypeHashIndex,
		NetAdapterReceiveScalingHashTypeToeplitz,
		NetAdapterReceiveScalingProtocolTypeIPv4 |
			NetAdapterReceiveScalingProtocolTypeIPv6 |
			NetAdapterReceiveScalingProtocolTypeTcp,
		EvtAdapterReceiveScalingEnable, EvtAdapterReceiveScalingDisable,
		EvtAdapterReceiveScalingSetKey, EvtAdapterReceiveScalingSetEntries);
	NetAdapterSetReceiveScalingCapabilities(Adapter->NetAdapter, &capabilities);
}

_Use_decl_annotations_ static NTSTATUS
EvtAdapterReceiveScalingEnable(NETADAPTER NetAdapter,
			       NET_ADAPTER_RECEIVE_SCALING_HASH_TYPE HashType,
			       NET_ADAPTER_RECEIVE_SCALING_PROTOCOL_TYPE ProtocolType)
{
	BOOLEAN tcp = (ProtocolType & NetAdapterReceiveScalingProtocolTypeTcp) != 0;
	ULONG hashes = 0;

	UNREFERENCED_PARAMETER(HashType);

	if (ProtocolType & NetAdapterReceiveScalingProtocolTypeIPv4)
		hashes |= RT_RSS_CONTROL_IPV4 | (tcp ? RT_RSS_CONTROL_TCP_IPV4 : 0);
	if (ProtocolType & NetAdapterReceiveScalingProtocolTypeIPv6)
		hashes |= RT_RSS_CONTROL_IPV6 | (tcp ? RT_RSS_CONTROL_TCP_IPV6 : 0);
	return RtRssEnable(RtGetAdapter(NetAdapter), hashes);
}

_Use_decl_annotations_ static VOID
EvtAdapterReceiveScalingDisable(NETADAPTER NetAdapter)
{
	RtRssDisable(RtGetAdapter(NetAdapter));
}

_Use_decl_annotations_ static NTSTATUS
EvtAdapterReceiveScalingSetKey(NETADAPTER NetAdapter,
			       const NET_ADAPTER_RECEIVE_SCALING_HASH_SECRET_KEY *HashSecretKey)
{
	if (HashSecretKey->Length != RT_RSS_KEY_LENGTH)
		return STATUS_INVALID_PARAMETER;
	return RtRssSetKey(RtGetAdapter(NetAdapter), HashSecretKey->Key);
}

/* Also at DISPATCH_LEVEL. Each entry has an answer of its own. */
_Use_decl_annotations_ static NTSTATUS
EvtAdapterReceiveScalingSetEntries(
	NETADAPTER NetAdapter, NET_ADAPTER_RECEIVE_SCALING_INDIRECTION_ENTRIES *IndirectionEntries)
{
	RT_ADAPTER *adapter = RtGetAdapter(NetAdapter);
	NTSTATUS status = STATUS_SUCCESS;
	SIZE_T i;

	for (i = 0; i < IndirectionEntries->Length; i++) {
		NET_ADAPTER_RECEIVE_SCALING_INDIRECTION_ENTRY *entry =
			&IndirectionEntries->Entries[i];

		if (entry->Index >= RT_RSS_ENTRIES) {
			entry->Status = status = STATUS_INVALID_PARAMETER;
			continue;
		}
		RtRssSetEntry(adapter, entry->Index, RtRxQueueGetId(entry->PacketQueue));
		entry->Status = STATUS_SUCCESS;
	}
	RtRssApplyTable(adapter);
	return status;
}
