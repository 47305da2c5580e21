/* SPDX-License-Identifier: MIT */
/*
 * Since 2.2: a received packet says which hash chose its queue. The header is there for every
 * version, the extension is not.
 */
#include "adapter.h"

#include <net/packethash.h>

static EVT_NET_ADAPTER_RECEIVE_SCALING_ENABLE EvtScalingEnable;
static EVT_NET_ADAPTER_RECEIVE_SCALING_DISABLE EvtScalingDisable;
static EVT_NET_ADAPTER_RECEIVE_SCALING_SET_HASH_SECRET_KEY EvtScalingSetKey;
static EVT_NET_ADAPTER_RECEIVE_SCALING_SET_INDIRECTION_ENTRIES EvtScalingSetEntries;

_Use_decl_annotations_ static NTSTATUS EvtScalingEnable(
	NETADAPTER Adapter, NET_ADAPTER_RECEIVE_SCALING_HASH_TYPE HashType,
	NET_ADAPTER_RECEIVE_SCALING_PROTOCOL_TYPE ProtocolType)
{
	UNREFERENCED_PARAMETER(Adapter);
	UNREFERENCED_PARAMETER(ProtocolType);
	HOLDS("receive scaling", HashType == NetAdapterReceiveScalingHashTypeToeplitz);
	return STATUS_SUCCESS;
}

_Use_decl_annotations_ static VOID EvtScalingDisable(NETADAPTER Adapter)
{
	UNREFERENCED_PARAMETER(Adapter);
}

_Use_decl_annotations_ static NTSTATUS EvtScalingSetKey(
	NETADAPTER Adapter, const NET_ADAPTER_RECEIVE_SCALING_HASH_SECRET_KEY *HashSecretKey)
{
	UNREFERENCED_PARAMETER(Adapter);
	HOLDS("hash key", HashSecretKey->Length == 40);
	return STATUS_SUCCESS;
}

_Use_decl_annotations_ static NTSTATUS EvtScalingSetEntries(
	NETADAPTER Adapter, NET_ADAPTER_RECEIVE_SCALING_INDIRECTION_ENTRIES *IndirectionEntries)
{
	UNREFERENCED_PARAMETER(Adapter);
	HOLDS("indirection entries", IndirectionEntries->Length != 0);
	return STATUS_SUCCESS;
}

/* Without receive scaling there is no hash. */
_Use_decl_annotations_ VOID OnlyDeclare(WDFDEVICE Device, NETADAPTER Adapter)
{
	NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES scaling;

	UNREFERENCED_PARAMETER(Device);
	NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES_INIT(
		&scaling, 2, NetAdapterReceiveScalingUnhashedTargetTypeHashIndex,
		NetAdapterReceiveScalingHashTypeToeplitz,
		NetAdapterReceiveScalingProtocolTypeIPv4 | NetAdapterReceiveScalingProtocolTypeTcp,
		EvtScalingEnable, EvtScalingDisable, EvtScalingSetKey, EvtScalingSetEntries);
	NetAdapterSetReceiveScalingCapabilities(Adapter, &scaling);
}

_Use_decl_annotations_ VOID OnlyStarted(WDFDEVICE Device, NETADAPTER Adapter)
{
	UNREFERENCED_PARAMETER(Device);
	UNREFERENCED_PARAMETER(Adapter);
}

_Use_decl_annotations_ VOID OnlyConfigureQueue(NET_PACKET_QUEUE_CONFIG *Config)
{
	UNREFERENCED_PARAMETER(Config);
}

_Use_decl_annotations_ NTSTATUS OnlyReceiveQueue(NETPACKETQUEUE Queue)
{
	NET_EXTENSION *extension = &GetQueue(Queue)->Extension;
	NET_EXTENSION_QUERY query;

	NET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_HASH_NAME,
				 NET_PACKET_EXTENSION_HASH_VERSION_1, NetExtensionTypePacket);
	NetRxQueueGetExtension(Queue, &query, extension);
	HOLDS("hash extension", extension->Enabled);
	return extension->Enabled ? STATUS_SUCCESS : STATUS_NOT_SUPPORTED;
}

_Use_decl_annotations_ VOID OnlyReceived(ADAPTER_QUEUE *Queue, UINT32 PacketIndex)
{
	NET_PACKET_HASH *hash = NetExtensionGetPacketHash(&Queue->Extension, PacketIndex);

	hash->HashValue = 0x12345678;
	hash->ProtocolType = NetPacketHashProtocolTypeIPv4 | NetPacketHashProtocolTypeTcp;
	HOLDS("hash of a packet", hash->HashValue == 0x12345678);
}

VOID OnlyStopped(VOID)
{
}
