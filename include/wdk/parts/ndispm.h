/* SPDX-License-Identifier: MIT */
/*
 * ndispm.h - NDIS' power management: wake patterns and protocol offloads, as OID_PM_ADD_WOL_PATTERN
 * and OID_PM_ADD_PROTOCOL_OFFLOAD carry them, and why a system was woken. Part of ndis.h.
 */
#ifndef NETCX_NDISPM_H
#define NETCX_NDISPM_H

#include <parts/ndisobject.h>
#include <parts/ndisversion.h>

/* NDIS_PM_CAPABILITIES and NDIS_PM_PARAMETERS: what can be, and what is enabled */
#define NDIS_PM_WOL_BITMAP_PATTERN_SUPPORTED           0x00000001
#define NDIS_PM_WOL_MAGIC_PACKET_SUPPORTED             0x00000002
#define NDIS_PM_WOL_IPV4_TCP_SYN_SUPPORTED             0x00000004
#define NDIS_PM_WOL_IPV6_TCP_SYN_SUPPORTED             0x00000008
#define NDIS_PM_WOL_IPV4_DEST_ADDR_WILDCARD_SUPPORTED  0x00000200
#define NDIS_PM_WOL_IPV6_DEST_ADDR_WILDCARD_SUPPORTED  0x00000800
#define NDIS_PM_WOL_EAPOL_REQUEST_ID_MESSAGE_SUPPORTED 0x00010000
#define NDIS_PM_WOL_BITMAP_PATTERN_ENABLED             0x00000001
#define NDIS_PM_WOL_MAGIC_PACKET_ENABLED               0x00000002
#define NDIS_PM_WOL_IPV4_TCP_SYN_ENABLED               0x00000004
#define NDIS_PM_WOL_IPV6_TCP_SYN_ENABLED               0x00000008
#define NDIS_PM_WOL_IPV4_DEST_ADDR_WILDCARD_ENABLED    0x00000200
#define NDIS_PM_WOL_IPV6_DEST_ADDR_WILDCARD_ENABLED    0x00000800
#define NDIS_PM_WOL_EAPOL_REQUEST_ID_MESSAGE_ENABLED   0x00010000

#define NDIS_PM_PROTOCOL_OFFLOAD_ARP_SUPPORTED         0x00000001
#define NDIS_PM_PROTOCOL_OFFLOAD_NS_SUPPORTED          0x00000002
#define NDIS_PM_PROTOCOL_OFFLOAD_ARP_ENABLED           0x00000001
#define NDIS_PM_PROTOCOL_OFFLOAD_NS_ENABLED            0x00000002

#define NDIS_PM_WAKE_ON_MEDIA_CONNECT_SUPPORTED        0x00000001
#define NDIS_PM_WAKE_ON_MEDIA_DISCONNECT_SUPPORTED     0x00000002
#define NDIS_PM_WAKE_ON_LINK_CHANGE_ENABLED            0x00000001
#define NDIS_PM_WAKE_ON_MEDIA_DISCONNECT_ENABLED       0x00000002
#define NDIS_PM_SELECTIVE_SUSPEND_ENABLED              0x00000010

#define NDIS_PM_MAX_STRING_SIZE                        64
#define NDIS_PM_MAX_PATTERN_ID                         0x0000FFFF

#define NDIS_PM_WOL_PRIORITY_LOWEST                    0xFFFFFFFF
#define NDIS_PM_WOL_PRIORITY_NORMAL                    0x10000000
#define NDIS_PM_WOL_PRIORITY_HIGHEST                   0x00000001
#define NDIS_PM_PROTOCOL_OFFLOAD_PRIORITY_LOWEST       0xFFFFFFFF
#define NDIS_PM_PROTOCOL_OFFLOAD_PRIORITY_NORMAL       0x10000000
#define NDIS_PM_PROTOCOL_OFFLOAD_PRIORITY_HIGHEST      0x00000001

typedef enum _NDIS_PM_WOL_PACKET NETCX_INT_ENUM {
	NdisPMWoLPacketUnspecified,
	NdisPMWoLPacketBitmapPattern,
	NdisPMWoLPacketMagicPacket,
	NdisPMWoLPacketIPv4TcpSyn,
	NdisPMWoLPacketIPv6TcpSyn,
	NdisPMWoLPacketEapolRequestIdMessage,
	NdisPMWoLPacketMaximum
} NDIS_PM_WOL_PACKET,
	*PNDIS_PM_WOL_PACKET;

typedef enum _NDIS_PM_PROTOCOL_OFFLOAD_TYPE NETCX_INT_ENUM {
	NdisPMProtocolOffloadIdUnspecified,
	NdisPMProtocolOffloadIdIPv4ARP,
	NdisPMProtocolOffloadIdIPv6NS,
	NdisPMProtocolOffload80211RSNRekey,
#if NDIS_SUPPORT_NDIS684
	NdisPMProtocolOffload80211RSNRekeyV2,
#endif
	NdisPMProtocolOffloadIdMaximum
} NDIS_PM_PROTOCOL_OFFLOAD_TYPE,
	*PNDIS_PM_PROTOCOL_OFFLOAD_TYPE;

/* Length in bytes, without the terminator. */
typedef struct _NDIS_PM_COUNTED_STRING {
	USHORT Length;
	WCHAR String[NDIS_PM_MAX_STRING_SIZE + 1];
} NDIS_PM_COUNTED_STRING, *PNDIS_PM_COUNTED_STRING;

#define NDIS_PM_WOL_PATTERN_REVISION_1 1
#define NDIS_PM_WOL_PATTERN_REVISION_2 2

/* Offsets and sizes in bytes, from the beginning of this structure. */
typedef struct _NDIS_PM_WOL_PATTERN {
	NDIS_OBJECT_HEADER Header;
	ULONG Flags;
	ULONG Priority;
	NDIS_PM_WOL_PACKET WoLPacketType;
	NDIS_PM_COUNTED_STRING FriendlyName;
	ULONG PatternId; /* given by NDIS */
	ULONG NextWoLPatternOffset;
	union _WOL_PATTERN {
		struct _IPV4_TCP_SYN_WOL_PACKET_PARAMETERS {
			ULONG Flags;
			UCHAR IPv4SourceAddress[4];
			UCHAR IPv4DestAddress[4];
			USHORT TCPSourcePortNumber;
			USHORT TCPDestPortNumber;
		} IPv4TcpSynParameters;
		struct _IPV6_TCP_SYN_WOL_PACKET_PARAMETERS {
			ULONG Flags;
			UCHAR IPv6SourceAddress[16];
			UCHAR IPv6DestAddress[16];
			USHORT TCPSourcePortNumber;
			USHORT TCPDestPortNumber;
		} IPv6TcpSynParameters;
		struct _EAPOL_REQUEST_ID_MESSAGE_WOL_PACKET_PARAMETERS {
			ULONG Flags;
		} EapolRequestIdMessageParameters;
		/* The mask has a bit for each byte of the pattern, the lowest first. */
		struct _WOL_BITMAP_PATTERN {
			ULONG Flags;
			ULONG MaskOffset;
			ULONG MaskSize;
			ULONG PatternOffset;
			ULONG PatternSize;
		} WoLBitMapPattern;
	} WoLPattern;
} NDIS_PM_WOL_PATTERN, *PNDIS_PM_WOL_PATTERN;

#define NDIS_PM_PROTOCOL_OFFLOAD_REVISION_1 1
#if NDIS_SUPPORT_NDIS684
#define NDIS_PM_PROTOCOL_OFFLOAD_REVISION_2 2
#endif
#define DOT11_RSN_KCK_LENGTH            16
#define DOT11_RSN_KEK_LENGTH            16
#define DOT11_RSN_MAX_CIPHER_KEY_LENGTH 32

/* Addresses in network byte order; a remote address of zeros is anybody's. */
typedef struct _NDIS_PM_PROTOCOL_OFFLOAD {
	NDIS_OBJECT_HEADER Header;
	ULONG Flags;
	ULONG Priority;
	NDIS_PM_PROTOCOL_OFFLOAD_TYPE ProtocolOffloadType;
	NDIS_PM_COUNTED_STRING FriendlyName;
	ULONG ProtocolOffloadId; /* given by NDIS */
	ULONG NextProtocolOffloadOffset;
	union _PROTOCOL_OFFLOAD_PARAMETERS {
		struct _IPV4_ARP_PARAMETERS {
			ULONG Flags;
			UCHAR RemoteIPv4Address[4];
			UCHAR HostIPv4Address[4];
			UCHAR MacAddress[6];
		} IPv4ARPParameters;
		struct _IPV6_NS_PARAMETERS {
			ULONG Flags;
			UCHAR RemoteIPv6Address[16];
			UCHAR SolicitedNodeIPv6Address[16];
			UCHAR MacAddress[6];
			UCHAR TargetIPv6Addresses[2][16]; /* the second may be zeros */
		} IPv6NSParameters;
		struct _DOT11_RSN_REKEY_PARAMETERS {
			ULONG Flags;
			UCHAR KCK[DOT11_RSN_KCK_LENGTH];
			UCHAR KEK[DOT11_RSN_KEK_LENGTH];
			ULONGLONG KeyReplayCounter;
		} Dot11RSNRekeyParameters;
#if NDIS_SUPPORT_NDIS684
		struct _DOT11_RSN_REKEY_PARAMETERS_V2 {
			ULONG Flags;
			ULONGLONG KeyReplayCounter;
			ULONG AuthAlgo;
			ULONG KCKLength; /* bytes of KCK and KEK that count */
			ULONG KEKLength;
			UCHAR KCK[DOT11_RSN_MAX_CIPHER_KEY_LENGTH];
			UCHAR KEK[DOT11_RSN_MAX_CIPHER_KEY_LENGTH];
		} Dot11RSNRekeyParametersV2;
#endif
	} ProtocolOffloadParameters;
} NDIS_PM_PROTOCOL_OFFLOAD, *PNDIS_PM_PROTOCOL_OFFLOAD;

/* The whole structure, as it was before NDIS 6.84. */
#define NDIS_SIZEOF_NDIS_PM_PROTOCOL_OFFLOAD_REVISION_1 0xF0
#if NDIS_SUPPORT_NDIS684
#define NDIS_SIZEOF_NDIS_PM_PROTOCOL_OFFLOAD_REVISION_2 \
	RTL_SIZEOF_THROUGH_FIELD(NDIS_PM_PROTOCOL_OFFLOAD, ProtocolOffloadParameters)
#endif

#endif
