/* SPDX-License-Identifier: MIT */
/*
 * netadapterdatapath.h - what an adapter's transmit and receive can do, and the callbacks that
 * create its queues. Part of netadapter.h.
 */
#ifndef NETCX_NETADAPTERDATAPATH_2_H
#define NETCX_NETADAPTERDATAPATH_2_H

#include <netadaptercxtypes.h>
#include <net/returncontexttypes.h>

EXTERN_C_START

/* ---- queues; PASSIVE_LEVEL ---- */
typedef NTSTATUS EVT_NET_ADAPTER_CREATE_TXQUEUE(_In_ NETADAPTER Adapter,
						_Inout_ NETTXQUEUE_INIT *TxQueueInit);
typedef EVT_NET_ADAPTER_CREATE_TXQUEUE *PFN_NET_ADAPTER_CREATE_TXQUEUE;
typedef NTSTATUS EVT_NET_ADAPTER_CREATE_RXQUEUE(_In_ NETADAPTER Adapter,
						_Inout_ NETRXQUEUE_INIT *RxQueueInit);
typedef EVT_NET_ADAPTER_CREATE_RXQUEUE *PFN_NET_ADAPTER_CREATE_RXQUEUE;

typedef struct _NET_ADAPTER_DATAPATH_CALLBACKS {
	ULONG Size;
	PFN_NET_ADAPTER_CREATE_TXQUEUE EvtAdapterCreateTxQueue;
	PFN_NET_ADAPTER_CREATE_RXQUEUE EvtAdapterCreateRxQueue;
} NET_ADAPTER_DATAPATH_CALLBACKS, *PNET_ADAPTER_DATAPATH_CALLBACKS;

FORCEINLINE void NET_ADAPTER_DATAPATH_CALLBACKS_INIT(
	NET_ADAPTER_DATAPATH_CALLBACKS *DatapathCallbacks,
	PFN_NET_ADAPTER_CREATE_TXQUEUE EvtAdapterCreateTxQueue,
	PFN_NET_ADAPTER_CREATE_RXQUEUE EvtAdapterCreateRxQueue)
{
	WDF_STRUCT_INIT(DatapathCallbacks, NET_ADAPTER_DATAPATH_CALLBACKS);
	DatapathCallbacks->EvtAdapterCreateTxQueue = EvtAdapterCreateTxQueue;
	DatapathCallbacks->EvtAdapterCreateRxQueue = EvtAdapterCreateRxQueue;
}

/* ---- DMA ---- */
typedef ULONG NODE_REQUIREMENT;
#define MM_ANY_NODE_OK 0x80000000

typedef struct _NET_ADAPTER_DMA_CAPABILITIES {
	ULONG Size;
	WDFDMAENABLER DmaEnabler;
	PHYSICAL_ADDRESS MaximumPhysicalAddress; /* 0: no limit */
	WDF_TRI_STATE CacheEnabled;
	NODE_REQUIREMENT PreferredNode;
} NET_ADAPTER_DMA_CAPABILITIES, *PNET_ADAPTER_DMA_CAPABILITIES;

FORCEINLINE void NET_ADAPTER_DMA_CAPABILITIES_INIT(NET_ADAPTER_DMA_CAPABILITIES *DmaCapabilities,
						   WDFDMAENABLER DmaEnabler)
{
	WDF_STRUCT_INIT(DmaCapabilities, NET_ADAPTER_DMA_CAPABILITIES);
	DmaCapabilities->DmaEnabler = DmaEnabler;
	DmaCapabilities->CacheEnabled = WdfUseDefault;
	DmaCapabilities->PreferredNode = MM_ANY_NODE_OK;
}

typedef enum _NET_MEMORY_MAPPING_REQUIREMENT NETCX_INT_ENUM {
	NetMemoryMappingRequirementNone = 0,
	NetMemoryMappingRequirementDmaMapped = 1
} NET_MEMORY_MAPPING_REQUIREMENT;

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

/* Buffers may begin anywhere, and a packet may have as many as it likes, unless the driver says
 * otherwise. */
#define NET_ADAPTER_FRAGMENT_DEFAULT_ALIGNMENT 1

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

/*
 * Who has receive buffers, and who puts one into a fragment: the system both; the driver both; or
 * the system has them, handed over in the third ring, and the driver attaches them.
 */
typedef enum _NET_RX_FRAGMENT_BUFFER_ALLOCATION_MODE NETCX_INT_ENUM {
	NetRxFragmentBufferAllocationModeSystem = 0,
	NetRxFragmentBufferAllocationModeDriver = 1
} NET_RX_FRAGMENT_BUFFER_ALLOCATION_MODE;

typedef enum _NET_RX_FRAGMENT_BUFFER_ATTACHMENT_MODE NETCX_INT_ENUM {
	NetRxFragmentBufferAttachmentModeSystem = 0,
	NetRxFragmentBufferAttachmentModeDriver = 1
} NET_RX_FRAGMENT_BUFFER_ATTACHMENT_MODE;

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
