/* SPDX-License-Identifier: MIT */
/*
 * netadapterdatapath.h - what an adapter's transmit and receive can do, and the callbacks that
 * create its queues. Part of netadapter.h.
 */
#ifndef NETCX_NETADAPTERDATAPATH_H
#define NETCX_NETADAPTERDATAPATH_H

#include <parts/netcxdatapath.h>

/* ---- transmit ---- */
typedef struct _NET_ADAPTER_TX_CAPABILITIES {
	ULONG Size;
	NET_MEMORY_MAPPING_REQUIREMENT MappingRequirement;
	SIZE_T MaximumFragmentBufferSize; /* bytes of the largest packet, LSO packets too */
	SIZE_T PayloadBackfill;           /* bytes free before the data */
	SIZE_T MaximumNumberOfFragments;  /* per packet */
	SIZE_T FragmentBufferAlignment;
	ULONG FragmentRingNumberOfElementsHint; /* 0 or a power of two */
	SIZE_T MaximumNumberOfQueues;
	NET_ADAPTER_DMA_CAPABILITIES *DmaCapabilities; /* copied with this structure */
} NET_ADAPTER_TX_CAPABILITIES, *PNET_ADAPTER_TX_CAPABILITIES;

/* A packet may have as many fragments as it likes, unless the driver says otherwise. */
#define NET_ADAPTER_TX_UNLIMITED_FRAGMENTS ((SIZE_T)-1)

FORCEINLINE VOID NET_ADAPTER_TX_CAPABILITIES_INIT(PNET_ADAPTER_TX_CAPABILITIES TxCapabilities,
						  SIZE_T MaximumFragmentBufferSize,
						  SIZE_T MaximumNumberOfQueues)
{
	WDF_STRUCT_INIT(TxCapabilities, NET_ADAPTER_TX_CAPABILITIES);
	TxCapabilities->MappingRequirement = NetMemoryMappingRequirementNone;
	TxCapabilities->MaximumFragmentBufferSize = MaximumFragmentBufferSize;
	TxCapabilities->MaximumNumberOfFragments = NET_ADAPTER_TX_UNLIMITED_FRAGMENTS;
	TxCapabilities->FragmentBufferAlignment = NET_ADAPTER_FRAGMENT_DEFAULT_ALIGNMENT;
	TxCapabilities->MaximumNumberOfQueues = MaximumNumberOfQueues;
}

FORCEINLINE VOID NET_ADAPTER_TX_CAPABILITIES_INIT_FOR_DMA(
	PNET_ADAPTER_TX_CAPABILITIES TxCapabilities, PNET_ADAPTER_DMA_CAPABILITIES DmaCapabilities,
	SIZE_T MaximumFragmentBufferSize, SIZE_T MaximumNumberOfQueues)
{
	NET_ADAPTER_TX_CAPABILITIES_INIT(TxCapabilities, MaximumFragmentBufferSize,
					 MaximumNumberOfQueues);
	TxCapabilities->MappingRequirement = NetMemoryMappingRequirementDmaMapped;
	TxCapabilities->DmaCapabilities = DmaCapabilities;
}

/* ---- receive ---- */

/* The stack is done with a buffer of the driver's. IRQL: <= DISPATCH_LEVEL */
typedef VOID EVT_NET_ADAPTER_RETURN_RX_BUFFER(_In_ NETADAPTER Adapter,
					      _In_ PVOID RxBufferVirtualAddress,
					      _In_ PVOID RxBufferReturnContext);
typedef EVT_NET_ADAPTER_RETURN_RX_BUFFER *PFN_NET_ADAPTER_RETURN_RX_BUFFER;

typedef struct _NET_ADAPTER_RX_CAPABILITIES {
	ULONG Size;
	NET_RX_FRAGMENT_BUFFER_ALLOCATION_MODE AllocationMode;
	NET_RX_FRAGMENT_BUFFER_ATTACHMENT_MODE AttachmentMode;
	ULONG FragmentRingNumberOfElementsHint; /* 0 or a power of two */
	SIZE_T MaximumFragmentBufferSize;       /* bytes of the largest frame */
	SIZE_T MaximumNumberOfQueues;
	union {
		struct {
			PFN_NET_ADAPTER_RETURN_RX_BUFFER EvtAdapterReturnRxBuffer;
		}; /* AllocationMode Driver */
		struct {
			NET_MEMORY_MAPPING_REQUIREMENT MappingRequirement;
			SIZE_T FragmentBufferAlignment;
			NET_ADAPTER_DMA_CAPABILITIES *DmaCapabilities;
		}; /* AllocationMode System */
	};
} NET_ADAPTER_RX_CAPABILITIES, *PNET_ADAPTER_RX_CAPABILITIES;

FORCEINLINE VOID NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED(
	PNET_ADAPTER_RX_CAPABILITIES RxCapabilities, SIZE_T MaximumFragmentBufferSize,
	SIZE_T MaximumNumberOfQueues)
{
	WDF_STRUCT_INIT(RxCapabilities, NET_ADAPTER_RX_CAPABILITIES);
	RxCapabilities->AllocationMode = NetRxFragmentBufferAllocationModeSystem;
	RxCapabilities->AttachmentMode = NetRxFragmentBufferAttachmentModeSystem;
	RxCapabilities->MaximumFragmentBufferSize = MaximumFragmentBufferSize;
	RxCapabilities->MaximumNumberOfQueues = MaximumNumberOfQueues;
	RxCapabilities->MappingRequirement = NetMemoryMappingRequirementNone;
	RxCapabilities->FragmentBufferAlignment = NET_ADAPTER_FRAGMENT_DEFAULT_ALIGNMENT;
}

FORCEINLINE VOID NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED_DMA(
	PNET_ADAPTER_RX_CAPABILITIES RxCapabilities, PNET_ADAPTER_DMA_CAPABILITIES DmaCapabilities,
	SIZE_T MaximumFragmentBufferSize, SIZE_T MaximumNumberOfQueues)
{
	NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED(RxCapabilities, MaximumFragmentBufferSize,
							MaximumNumberOfQueues);
	RxCapabilities->MappingRequirement = NetMemoryMappingRequirementDmaMapped;
	RxCapabilities->DmaCapabilities = DmaCapabilities;
}

FORCEINLINE VOID NET_ADAPTER_RX_CAPABILITIES_INIT_DRIVER_MANAGED(
	PNET_ADAPTER_RX_CAPABILITIES RxCapabilities,
	PFN_NET_ADAPTER_RETURN_RX_BUFFER EvtAdapterReturnRxBuffer, SIZE_T MaximumFragmentBufferSize,
	SIZE_T MaximumNumberOfQueues)
{
	WDF_STRUCT_INIT(RxCapabilities, NET_ADAPTER_RX_CAPABILITIES);
	RxCapabilities->AllocationMode = NetRxFragmentBufferAllocationModeDriver;
	RxCapabilities->AttachmentMode = NetRxFragmentBufferAttachmentModeDriver;
	RxCapabilities->EvtAdapterReturnRxBuffer = EvtAdapterReturnRxBuffer;
	RxCapabilities->MaximumFragmentBufferSize = MaximumFragmentBufferSize;
	RxCapabilities->MaximumNumberOfQueues = MaximumNumberOfQueues;
}

#endif
