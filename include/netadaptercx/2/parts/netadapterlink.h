/* SPDX-License-Identifier: MIT */
/* netadapterlink.h - an adapter's link: capabilities, state, addresses. Part of netadapter.h. */
#ifndef NETCX_NETADAPTERLINK_2_H
#define NETCX_NETADAPTERLINK_2_H

#include <netadaptercxtypes.h>
#include <ndis.h>

EXTERN_C_START

/* Bits per second. */
typedef struct _NET_ADAPTER_LINK_LAYER_CAPABILITIES {
	ULONG Size;
	ULONG64 MaxTxLinkSpeed;
	ULONG64 MaxRxLinkSpeed;
} NET_ADAPTER_LINK_LAYER_CAPABILITIES, *PNET_ADAPTER_LINK_LAYER_CAPABILITIES;

FORCEINLINE void NET_ADAPTER_LINK_LAYER_CAPABILITIES_INIT(
	NET_ADAPTER_LINK_LAYER_CAPABILITIES *LinkLayerCapabilities, ULONG64 MaxTxLinkSpeed,
	ULONG64 MaxRxLinkSpeed)
{
	WDF_STRUCT_INIT(LinkLayerCapabilities, NET_ADAPTER_LINK_LAYER_CAPABILITIES);
	LinkLayerCapabilities->MaxTxLinkSpeed = MaxTxLinkSpeed;
	LinkLayerCapabilities->MaxRxLinkSpeed = MaxRxLinkSpeed;
}

typedef enum _NET_ADAPTER_PAUSE_FUNCTION_TYPE NETCX_INT_ENUM {
	NetAdapterPauseFunctionTypeUnsupported = 0,
	NetAdapterPauseFunctionTypeSendOnly = 1,
	NetAdapterPauseFunctionTypeReceiveOnly = 2,
	NetAdapterPauseFunctionTypeSendAndReceive = 3,
	NetAdapterPauseFunctionTypeUnknown = 4
} NET_ADAPTER_PAUSE_FUNCTION_TYPE;
DEFINE_ENUM_FLAG_OPERATORS(NET_ADAPTER_PAUSE_FUNCTION_TYPE)

typedef enum _NET_ADAPTER_AUTO_NEGOTIATION_FLAGS NETCX_INT_ENUM {
	NetAdapterAutoNegotiationFlagNone = 0x0,
	NetAdapterAutoNegotiationFlagXmitLinkSpeedAutoNegotiated = 0x1,
	NetAdapterAutoNegotiationFlagRcvLinkSpeedautoNegotiated = 0x2, /* the kit's spelling */
	NetAdapterAutoNegotiationFlagDuplexAutoNegotiated = 0x4,
	NetAdapterAutoNegotiationFlagPauseFunctionsAutoNegotiated = 0x8
} NET_ADAPTER_AUTO_NEGOTIATION_FLAGS;
DEFINE_ENUM_FLAG_OPERATORS(NET_ADAPTER_AUTO_NEGOTIATION_FLAGS)

#if NETCX_SINCE(1)
#define NET_ADAPTER_LINK_SPEED_UNKNOWN ((ULONG64)-1)
#endif

typedef struct _NET_ADAPTER_LINK_STATE {
	ULONG Size;
	ULONG64 TxLinkSpeed;
	ULONG64 RxLinkSpeed;
	NET_IF_MEDIA_CONNECT_STATE MediaConnectState;
	NET_IF_MEDIA_DUPLEX_STATE MediaDuplexState;
	NET_ADAPTER_PAUSE_FUNCTION_TYPE SupportedPauseFunctions;
	NET_ADAPTER_AUTO_NEGOTIATION_FLAGS AutoNegotiationFlags;
} NET_ADAPTER_LINK_STATE, *PNET_ADAPTER_LINK_STATE;

FORCEINLINE void NET_ADAPTER_LINK_STATE_INIT(
	NET_ADAPTER_LINK_STATE *LinkState, ULONG64 LinkSpeed,
	NET_IF_MEDIA_CONNECT_STATE MediaConnectState, NET_IF_MEDIA_DUPLEX_STATE MediaDuplexState,
	NET_ADAPTER_PAUSE_FUNCTION_TYPE SupportedPauseFunctions,
	NET_ADAPTER_AUTO_NEGOTIATION_FLAGS AutoNegotiationFlags)
{
	WDF_STRUCT_INIT(LinkState, NET_ADAPTER_LINK_STATE);
	LinkState->TxLinkSpeed = LinkSpeed;
	LinkState->RxLinkSpeed = LinkSpeed;
	LinkState->MediaConnectState = MediaConnectState;
	LinkState->MediaDuplexState = MediaDuplexState;
	LinkState->SupportedPauseFunctions = SupportedPauseFunctions;
	LinkState->AutoNegotiationFlags = AutoNegotiationFlags;
}

FORCEINLINE void NET_ADAPTER_LINK_STATE_INIT_DISCONNECTED(NET_ADAPTER_LINK_STATE *LinkState)
{
	NET_ADAPTER_LINK_STATE_INIT(LinkState, (ULONG64)-1, MediaConnectStateDisconnected,
				    MediaDuplexStateUnknown, NetAdapterPauseFunctionTypeUnsupported,
				    NetAdapterAutoNegotiationFlagNone);
}

/* An address of Length bytes; it alone of these structures has no Size. */
#if NETCX_SINCE(1)
typedef struct _NET_ADAPTER_LINK_LAYER_ADDRESS {
	USHORT Length;
	UCHAR Address[NDIS_MAX_PHYS_ADDRESS_LENGTH];
} NET_ADAPTER_LINK_LAYER_ADDRESS, *PNET_ADAPTER_LINK_LAYER_ADDRESS;
#else
typedef NDIS_IF_PHYSICAL_ADDRESS NET_ADAPTER_LINK_LAYER_ADDRESS, *PNET_ADAPTER_LINK_LAYER_ADDRESS;
#endif

FORCEINLINE void NET_ADAPTER_LINK_LAYER_ADDRESS_INIT(
	NET_ADAPTER_LINK_LAYER_ADDRESS *LinkLayerAddress, USHORT Length, const UCHAR *AddressBuffer)
{
	NT_ASSERT(NETCX_SINCE(1) || (Length && Length <= NDIS_MAX_PHYS_ADDRESS_LENGTH));
	RtlZeroMemory(LinkLayerAddress, sizeof(*LinkLayerAddress));
	LinkLayerAddress->Length = Length;
	RtlCopyMemory(LinkLayerAddress->Address, AddressBuffer,
		      Length < NDIS_MAX_PHYS_ADDRESS_LENGTH ? Length
							    : NDIS_MAX_PHYS_ADDRESS_LENGTH);
}

EXTERN_C_END

#endif
