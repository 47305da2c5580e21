/* SPDX-License-Identifier: MIT */
/* ifdef.h - network interface identity and media states (RFC 2863 and its Windows additions). */
#ifndef NETCX_IFDEF_H
#define NETCX_IFDEF_H

#include <ntdef.h>

typedef ULONG NET_IFINDEX, *PNET_IFINDEX;
typedef USHORT NET_IFTYPE, *PNET_IFTYPE;

#define IF_TYPE_ETHERNET_CSMACD    6
#define IF_MAX_PHYS_ADDRESS_LENGTH 32

/* An address of Length bytes. */
typedef struct _IF_PHYSICAL_ADDRESS_LH {
	USHORT Length;
	UCHAR Address[IF_MAX_PHYS_ADDRESS_LENGTH];
} IF_PHYSICAL_ADDRESS_LH, *PIF_PHYSICAL_ADDRESS_LH;
typedef IF_PHYSICAL_ADDRESS_LH IF_PHYSICAL_ADDRESS, *PIF_PHYSICAL_ADDRESS;
C_ASSERT(sizeof(IF_PHYSICAL_ADDRESS) == 34);

typedef union _NET_LUID_LH {
	ULONG64 Value;
	struct {
		ULONG64 Reserved : 24;
		ULONG64 NetLuidIndex : 24;
		ULONG64 IfType : 16;
	} Info;
} NET_LUID_LH, *PNET_LUID_LH;
typedef NET_LUID_LH NET_LUID, *PNET_LUID;
C_ASSERT(sizeof(NET_LUID) == 8);

typedef enum _NET_IF_MEDIA_CONNECT_STATE NETCX_INT_ENUM {
	MediaConnectStateUnknown,
	MediaConnectStateConnected,
	MediaConnectStateDisconnected
} NET_IF_MEDIA_CONNECT_STATE,
	*PNET_IF_MEDIA_CONNECT_STATE;

typedef enum _NET_IF_MEDIA_DUPLEX_STATE NETCX_INT_ENUM {
	MediaDuplexStateUnknown = 0,
	MediaDuplexStateHalf = 1,
	MediaDuplexStateFull = 2
} NET_IF_MEDIA_DUPLEX_STATE,
	*PNET_IF_MEDIA_DUPLEX_STATE;

#endif
