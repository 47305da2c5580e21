/* SPDX-License-Identifier: MIT */
/* A NETADAPTER of 2.x: the core's adapter, and what only this shape's drivers declare. */
#ifndef CX_API_2_ADAPTER_H
#define CX_API_2_ADAPTER_H

#include "cx/adapter.h"
#include "cx/api/2/filter.h"
#include "cx/api/2/offload.h"
#include "cx/api/2/public.h"

/* Owned by its WDFDEVICE, as the core's. What follows "declared" is forgotten at halt. */
struct cx2_adapter {
	struct cx_adapter core;
	unsigned minor; /* of the driver's version */
	NET_ADAPTER_DATAPATH_CALLBACKS callbacks;
	NET_ADAPTER_TX_DEMUX demux; /* Size 0: none */
	struct cx_queue_creation tx_queue_inits[CX_TX_QUEUES], rx_queue_inits[CX_RX_QUEUES];

	/* declared */
	bool have_datapath_caps, have_link_caps;
	bool dma_declared; /* by either side: packet buffers have logical addresses */
	PFN_NET_ADAPTER_RETURN_RX_BUFFER return_rx_buffer; /* of receive buffers of the driver's */
	struct cx2_offload offload;
	NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES scaling;
	struct cx2_filter filter;
};

/* The shape's adapter behind the core's, and the handle to give to the client's callbacks. */
static inline struct cx2_adapter *cx2_adapter(struct cx_adapter *adapter)
{
	return (struct cx2_adapter *)adapter;
}

static inline NETADAPTER cx2_adapter_handle(struct cx_adapter *adapter)
{
	return (NETADAPTER)adapter;
}

/* cx2_adapter_of() - the adapter behind a handle, checked; a bad one is reported against @call. */
struct cx_adapter *cx2_adapter_of(NETADAPTER handle, const char *call);

/*
 * cx2_device_of() - ours of a WDFDEVICE handle
 * A device that was made without NetDeviceInitConfig is a reported violation.
 */
struct cx_device *cx2_device_of(WDFDEVICE handle, const char *call);

struct cx2_adapter_init;

/* cx2_adapter_create() - NetAdapterCreate: a stopped adapter of the init object's device */
NTSTATUS cx2_adapter_create(struct cx2_adapter_init *init, PWDF_OBJECT_ATTRIBUTES attributes,
			    struct cx_adapter **adapter);

/* cx2_declare_datapath() - NetAdapterSetDataPathCapabilities; all is copied */
void cx2_declare_datapath(struct cx2_adapter *adapter, const NET_ADAPTER_TX_CAPABILITIES *tx,
			  const NET_ADAPTER_RX_CAPABILITIES *rx);

/*
 * cx2_size_tx_buffers() - the transmit buffers' size follows from MTU and declared segmentation
 * @mtu: bytes of IP packet; the queues that are made next have such buffers
 */
void cx2_size_tx_buffers(struct cx2_adapter *adapter, uint32_t mtu);

/* cx2_print_guid() - as in a registry: "{01234567-89AB-CDEF-0001-020304050607}" */
#define CX2_GUID_SIZE 39
void cx2_print_guid(const GUID *guid, char text[CX2_GUID_SIZE]);

/* cx2_code() - code of the adapter's driver, for a cx_site */
static inline const void *cx2_code(const struct cx2_adapter *adapter)
{
	return (const void *)adapter->callbacks.EvtAdapterCreateTxQueue;
}

#endif
