/* SPDX-License-Identifier: MIT */
/*
 * netadapterpower.h - what an adapter does while the system sleeps: what it wakes it for, what it
 * answers by itself, and why it has woken it. PASSIVE_LEVEL. Part of netadapter.h.
 */
#ifndef NETCX_NETADAPTERPOWER_2_H
#define NETCX_NETADAPTERPOWER_2_H

#include <netadaptercxtypes.h>
#include <ndis.h>

EXTERN_C_START

typedef struct _NET_ADAPTER_WAKE_BITMAP_CAPABILITIES {
	ULONG Size;
	BOOLEAN BitmapPattern;
	SIZE_T MaximumPatternCount;
	SIZE_T MaximumPatternSize; /* bytes */
} NET_ADAPTER_WAKE_BITMAP_CAPABILITIES, *PNET_ADAPTER_WAKE_BITMAP_CAPABILITIES;

FORCEINLINE void NET_ADAPTER_WAKE_BITMAP_CAPABILITIES_INIT(
	NET_ADAPTER_WAKE_BITMAP_CAPABILITIES *Capabilities)
{
	WDF_STRUCT_INIT(Capabilities, NET_ADAPTER_WAKE_BITMAP_CAPABILITIES);
}

typedef struct _NET_ADAPTER_WAKE_MAGIC_PACKET_CAPABILITIES {
	ULONG Size;
	BOOLEAN MagicPacket;
} NET_ADAPTER_WAKE_MAGIC_PACKET_CAPABILITIES, *PNET_ADAPTER_WAKE_MAGIC_PACKET_CAPABILITIES;

FORCEINLINE void NET_ADAPTER_WAKE_MAGIC_PACKET_CAPABILITIES_INIT(
	NET_ADAPTER_WAKE_MAGIC_PACKET_CAPABILITIES *Capabilities)
{
	WDF_STRUCT_INIT(Capabilities, NET_ADAPTER_WAKE_MAGIC_PACKET_CAPABILITIES);
}

#if NETCX_SINCE(1)
typedef struct _NET_ADAPTER_WAKE_EAPOL_PACKET_CAPABILITIES {
	ULONG Size;
	BOOLEAN EapolPacket;
} NET_ADAPTER_WAKE_EAPOL_PACKET_CAPABILITIES, *PNET_ADAPTER_WAKE_EAPOL_PACKET_CAPABILITIES;

FORCEINLINE void NET_ADAPTER_WAKE_EAPOL_PACKET_CAPABILITIES_INIT(
	NET_ADAPTER_WAKE_EAPOL_PACKET_CAPABILITIES *Capabilities)
{
	WDF_STRUCT_INIT(Capabilities, NET_ADAPTER_WAKE_EAPOL_PACKET_CAPABILITIES);
}
#endif

typedef struct _NET_ADAPTER_WAKE_MEDIA_CHANGE_CAPABILITIES {
	ULONG Size;
	BOOLEAN MediaConnect;
	BOOLEAN MediaDisconnect;
} NET_ADAPTER_WAKE_MEDIA_CHANGE_CAPABILITIES, *PNET_ADAPTER_WAKE_MEDIA_CHANGE_CAPABILITIES;

FORCEINLINE void NET_ADAPTER_WAKE_MEDIA_CHANGE_CAPABILITIES_INIT(
	NET_ADAPTER_WAKE_MEDIA_CHANGE_CAPABILITIES *Capabilities)
{
	WDF_STRUCT_INIT(Capabilities, NET_ADAPTER_WAKE_MEDIA_CHANGE_CAPABILITIES);
}

typedef struct _NET_ADAPTER_WAKE_PACKET_FILTER_CAPABILITIES {
	ULONG Size;
	BOOLEAN PacketFilterMatch;
} NET_ADAPTER_WAKE_PACKET_FILTER_CAPABILITIES, *PNET_ADAPTER_WAKE_PACKET_FILTER_CAPABILITIES;

FORCEINLINE void NET_ADAPTER_WAKE_PACKET_FILTER_CAPABILITIES_INIT(
	NET_ADAPTER_WAKE_PACKET_FILTER_CAPABILITIES *Capabilities)
{
	WDF_STRUCT_INIT(Capabilities, NET_ADAPTER_WAKE_PACKET_FILTER_CAPABILITIES);
}

typedef struct _NET_ADAPTER_POWER_OFFLOAD_ARP_CAPABILITIES {
	ULONG Size;
	BOOLEAN ArpOffload;
	SIZE_T MaximumOffloadCount;
} NET_ADAPTER_POWER_OFFLOAD_ARP_CAPABILITIES, *PNET_ADAPTER_POWER_OFFLOAD_ARP_CAPABILITIES;

FORCEINLINE void NET_ADAPTER_POWER_OFFLOAD_ARP_CAPABILITIES_INIT(
	NET_ADAPTER_POWER_OFFLOAD_ARP_CAPABILITIES *Capabilities, SIZE_T MaximumOffloadCount)
{
	WDF_STRUCT_INIT(Capabilities, NET_ADAPTER_POWER_OFFLOAD_ARP_CAPABILITIES);
	Capabilities->ArpOffload = TRUE;
	Capabilities->MaximumOffloadCount = MaximumOffloadCount;
}

typedef struct _NET_ADAPTER_POWER_OFFLOAD_NS_CAPABILITIES {
	ULONG Size;
	BOOLEAN NSOffload;
	SIZE_T MaximumOffloadCount;
} NET_ADAPTER_POWER_OFFLOAD_NS_CAPABILITIES, *PNET_ADAPTER_POWER_OFFLOAD_NS_CAPABILITIES;

FORCEINLINE void NET_ADAPTER_POWER_OFFLOAD_NS_CAPABILITIES_INIT(
	NET_ADAPTER_POWER_OFFLOAD_NS_CAPABILITIES *Capabilities, SIZE_T MaximumOffloadCount)
{
	WDF_STRUCT_INIT(Capabilities, NET_ADAPTER_POWER_OFFLOAD_NS_CAPABILITIES);
	Capabilities->NSOffload = TRUE;
	Capabilities->MaximumOffloadCount = MaximumOffloadCount;
}

/* Why the system was woken. WakePacket holds what came, of OriginalPacketSize bytes on the wire. */
typedef struct _NET_ADAPTER_WAKE_REASON_PACKET {
	ULONG Size;
	ULONG PatternId;
	ULONG OriginalPacketSize;
	WDFMEMORY WakePacket;
} NET_ADAPTER_WAKE_REASON_PACKET, *PNET_ADAPTER_WAKE_REASON_PACKET;

FORCEINLINE void NET_ADAPTER_WAKE_REASON_PACKET_INIT(NET_ADAPTER_WAKE_REASON_PACKET *Reason)
{
	WDF_STRUCT_INIT(Reason, NET_ADAPTER_WAKE_REASON_PACKET);
}

#if NETCX_SINCE(1)
typedef enum _NET_ADAPTER_WAKE_PATTERN_ID NETCX_INT_ENUM {
	NetAdapterWakeFilterPatternId = 0xfffc,
	NetAdapterWakeEapolPatternId = 0xfffd,
	NetAdapterWakeMagicPatternId = 0xfffe
} NET_ADAPTER_WAKE_PATTERN_ID;

FORCEINLINE void NET_ADAPTER_WAKE_REASON_MAGIC_PACKET_INIT(NET_ADAPTER_WAKE_REASON_PACKET *Reason)
{
	NET_ADAPTER_WAKE_REASON_PACKET_INIT(Reason);
	Reason->PatternId = NetAdapterWakeMagicPatternId;
}

FORCEINLINE void NET_ADAPTER_WAKE_REASON_EAPOL_PACKET_INIT(NET_ADAPTER_WAKE_REASON_PACKET *Reason)
{
	NET_ADAPTER_WAKE_REASON_PACKET_INIT(Reason);
	Reason->PatternId = NetAdapterWakeEapolPatternId;
}

FORCEINLINE void NET_ADAPTER_WAKE_REASON_FILTER_PACKET_INIT(NET_ADAPTER_WAKE_REASON_PACKET *Reason)
{
	NET_ADAPTER_WAKE_REASON_PACKET_INIT(Reason);
	Reason->PatternId = NetAdapterWakeFilterPatternId;
}
#endif

#if NETCX_SINCE(4)
typedef enum _NET_WAKE_REASON_TYPE NETCX_INT_ENUM {
	NetWakeReasonTypeNone = 0,
	NetWakeReasonTypeBitmapPattern = 1,
	NetWakeReasonTypeMagicPacket = 2,
	NetWakeReasonTypeMediaChange = 3,
	NetWakeReasonTypePacketFilterMatch = 4,
	NetWakeReasonTypeEapolPacket = 5,
	NetWakeReasonTypeNdis = 6,
	NetWakeReasonTypeDevice = 7
} NET_WAKE_REASON_TYPE;

NET_WAKE_REASON_TYPE NetAdapterQueryWakeReason(NETADAPTER Adapter)
	NETCX_SYMBOL(NetAdapterQueryWakeReason);
#endif

/* Before NetAdapterStart. */
void NetAdapterWakeSetBitmapCapabilities(NETADAPTER Adapter,
					 const NET_ADAPTER_WAKE_BITMAP_CAPABILITIES *Capabilities)
	NETCX_SYMBOL(NetAdapterWakeSetBitmapCapabilities);
void NetAdapterWakeSetMagicPacketCapabilities(
	NETADAPTER Adapter, const NET_ADAPTER_WAKE_MAGIC_PACKET_CAPABILITIES *Capabilities)
	NETCX_SYMBOL(NetAdapterWakeSetMagicPacketCapabilities);
#if NETCX_SINCE(1)
void NetAdapterWakeSetEapolPacketCapabilities(
	NETADAPTER Adapter, const NET_ADAPTER_WAKE_EAPOL_PACKET_CAPABILITIES *Capabilities)
	NETCX_SYMBOL(NetAdapterWakeSetEapolPacketCapabilities);
#endif
void NetAdapterWakeSetMediaChangeCapabilities(
	NETADAPTER Adapter, const NET_ADAPTER_WAKE_MEDIA_CHANGE_CAPABILITIES *Capabilities)
	NETCX_SYMBOL(NetAdapterWakeSetMediaChangeCapabilities);
void NetAdapterWakeSetPacketFilterCapabilities(
	NETADAPTER Adapter, const NET_ADAPTER_WAKE_PACKET_FILTER_CAPABILITIES *Capabilities)
	NETCX_SYMBOL(NetAdapterWakeSetPacketFilterCapabilities);
void NetAdapterPowerOffloadSetArpCapabilities(
	NETADAPTER Adapter, const NET_ADAPTER_POWER_OFFLOAD_ARP_CAPABILITIES *Capabilities)
	NETCX_SYMBOL(NetAdapterPowerOffloadSetArpCapabilities);
void NetAdapterPowerOffloadSetNSCapabilities(
	NETADAPTER Adapter, const NET_ADAPTER_POWER_OFFLOAD_NS_CAPABILITIES *Capabilities)
	NETCX_SYMBOL(NetAdapterPowerOffloadSetNSCapabilities);

/* While the device is on its way up from a sleep. */
void NetAdapterReportWakeReasonPacket(NETADAPTER Adapter,
				      const NET_ADAPTER_WAKE_REASON_PACKET *Reason)
	NETCX_SYMBOL(NetAdapterReportWakeReasonPacket);
void NetAdapterReportWakeReasonMediaChange(NETADAPTER Adapter, NET_IF_MEDIA_CONNECT_STATE Reason)
	NETCX_SYMBOL(NetAdapterReportWakeReasonMediaChange);

EXTERN_C_END

#endif
