/* SPDX-License-Identifier: MIT */
/*
 * netcxdatapath.h - what all versions of NetAdapterCx have of an adapter's datapath: the callbacks
 * that create its queues, DMA, and who has receive buffers. Part of parts/netadapterdatapath.h.
 */
#ifndef NETCX_NETCXDATAPATH_H
#define NETCX_NETCXDATAPATH_H

#include <netadaptercxtypes.h>

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

/* ---- buffers ---- */
/* Buffers may begin anywhere, and a packet may have as many as it likes, unless the driver says
 * otherwise. */
#define NET_ADAPTER_FRAGMENT_DEFAULT_ALIGNMENT 1

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

EXTERN_C_END

#endif
