/* SPDX-License-Identifier: MIT */
/*
 * netadapterdatapath.h - what an adapter's transmit and receive can do, and the callbacks that
 * create its queues. Part of netadapter.h.
 */
#ifndef NETCX_NETADAPTERDATAPATH_2_H
#define NETCX_NETADAPTERDATAPATH_2_H

#include <parts/netcxdatapath.h>
#include <net/returncontexttypes.h>

EXTERN_C_START

/* ---- transmit ---- */
typedef struct _NET_ADAPTER_TX_CAPABILITIES {
	ULONG Size;
	NET_MEMORY_MAPPING_REQUIREMENT MappingRequirement;
	SIZE_T PayloadBackfill;          /* bytes free before the data */
	SIZE_T MaximumNumberOfFragments; /* per packet */
	SIZE_T FragmentBufferAlignment;
	UINT32 FragmentRingNumberOfElementsHint; /* 0 or a power of two */
	SIZE_T MaximumNumberOfQueues;
	NET_ADAPTER_DMA_CAPABILITIES *DmaCapabilities; /* copied with this structure */
} NET_ADAPTER_TX_CAPABILITIES, *PNET_ADAPTER_TX_CAPABILITIES;

FORCEINLINE void NET_ADAPTER_TX_CAPABILITIES_INIT(NET_ADAPTER_TX_CAPABILITIES *TxCapabilities,
						  SIZE_T MaximumNumberOfQueues)
{
	WDF_STRUCT_INIT(TxCapabilities, NET_ADAPTER_TX_CAPABILITIES);
	TxCapabilities->MappingRequirement = NetMemoryMappingRequirementNone;
	TxCapabilities->MaximumNumberOfFragments = (SIZE_T)-1;
	TxCapabilities->FragmentBufferAlignment = NET_ADAPTER_FRAGMENT_DEFAULT_ALIGNMENT;
	TxCapabilities->MaximumNumberOfQueues = MaximumNumberOfQueues;
}

FORCEINLINE void NET_ADAPTER_TX_CAPABILITIES_INIT_FOR_DMA(
	NET_ADAPTER_TX_CAPABILITIES *TxCapabilities, NET_ADAPTER_DMA_CAPABILITIES *DmaCapabilities,
	SIZE_T MaximumNumberOfQueues)
{
	NET_ADAPTER_TX_CAPABILITIES_INIT(TxCapabilities, MaximumNumberOfQueues);
	TxCapabilities->MappingRequirement = NetMemoryMappingRequirementDmaMapped;
	TxCapabilities->DmaCapabilities = DmaCapabilities;
}

/* ---- receive ---- */

/* The stack is done with a buffer of the driver's. IRQL: <= DISPATCH_LEVEL */
typedef void EVT_NET_ADAPTER_RETURN_RX_BUFFER(
	_In_ NETADAPTER Adapter, _In_ NET_FRAGMENT_RETURN_CONTEXT_HANDLE RxReturnContext);
typedef EVT_NET_ADAPTER_RETURN_RX_BUFFER *PFN_NET_ADAPTER_RETURN_RX_BUFFER;

typedef struct _NET_ADAPTER_RX_CAPABILITIES {
	ULONG Size;
	NET_RX_FRAGMENT_BUFFER_ALLOCATION_MODE AllocationMode;
	NET_RX_FRAGMENT_BUFFER_ATTACHMENT_MODE AttachmentMode;
	UINT32 FragmentRingNumberOfElementsHint; /* 0 or a power of two */
	SIZE_T MaximumFrameSize;                 /* bytes */
	SIZE_T MaximumNumberOfQueues;
	__extension__ union {
		__extension__ struct {
			PFN_NET_ADAPTER_RETURN_RX_BUFFER EvtAdapterReturnRxBuffer;
		}; /* AllocationMode Driver */
		__extension__ struct {
			NET_MEMORY_MAPPING_REQUIREMENT MappingRequirement;
			SIZE_T FragmentBufferAlignment;
			NET_ADAPTER_DMA_CAPABILITIES *DmaCapabilities;
		}; /* AllocationMode System */
	};
} NET_ADAPTER_RX_CAPABILITIES, *PNET_ADAPTER_RX_CAPABILITIES;

FORCEINLINE void NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED(
	NET_ADAPTER_RX_CAPABILITIES *RxCapabilities, SIZE_T MaximumFrameSize,
	SIZE_T MaximumNumberOfQueues)
{
	WDF_STRUCT_INIT(RxCapabilities, NET_ADAPTER_RX_CAPABILITIES);
	RxCapabilities->AllocationMode = NetRxFragmentBufferAllocationModeSystem;
	RxCapabilities->AttachmentMode = NetRxFragmentBufferAttachmentModeSystem;
	RxCapabilities->MaximumFrameSize = MaximumFrameSize;
	RxCapabilities->MaximumNumberOfQueues = MaximumNumberOfQueues;
	RxCapabilities->MappingRequirement = NetMemoryMappingRequirementNone;
	RxCapabilities->FragmentBufferAlignment = NET_ADAPTER_FRAGMENT_DEFAULT_ALIGNMENT;
}

FORCEINLINE void NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED_DMA(
	NET_ADAPTER_RX_CAPABILITIES *RxCapabilities, NET_ADAPTER_DMA_CAPABILITIES *DmaCapabilities,
	SIZE_T MaximumFrameSize, SIZE_T MaximumNumberOfQueues)
{
	NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED(RxCapabilities, MaximumFrameSize,
							MaximumNumberOfQueues);
	RxCapabilities->MappingRequirement = NetMemoryMappingRequirementDmaMapped;
	RxCapabilities->DmaCapabilities = DmaCapabilities;
}

FORCEINLINE void NET_ADAPTER_RX_CAPABILITIES_INIT_DRIVER_MANAGED(
	NET_ADAPTER_RX_CAPABILITIES *RxCapabilities,
	PFN_NET_ADAPTER_RETURN_RX_BUFFER EvtAdapterReturnRxBuffer, SIZE_T MaximumFrameSize,
	SIZE_T MaximumNumberOfQueues)
{
	WDF_STRUCT_INIT(RxCapabilities, NET_ADAPTER_RX_CAPABILITIES);
	RxCapabilities->AllocationMode = NetRxFragmentBufferAllocationModeDriver;
	RxCapabilities->AttachmentMode = NetRxFragmentBufferAttachmentModeDriver;
	RxCapabilities->MaximumFrameSize = MaximumFrameSize;
	RxCapabilities->MaximumNumberOfQueues = MaximumNumberOfQueues;
	RxCapabilities->FragmentBufferAlignment = NET_ADAPTER_FRAGMENT_DEFAULT_ALIGNMENT;
	RxCapabilities->EvtAdapterReturnRxBuffer = EvtAdapterReturnRxBuffer;
}

EXTERN_C_END

#endif
