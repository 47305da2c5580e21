/* SPDX-License-Identifier: MIT */
/* A NETADAPTER of 1.3: the core's adapter, and what only this shape's drivers declare. */
#ifndef CX_API_1_3_ADAPTER_H
#define CX_API_1_3_ADAPTER_H

#include <netadaptercx.h>

#include "cx/adapter.h"
#include "cx/client.h"
#include "cx/extension.h"

/* NetAdapterCx 1.3 (Windows 10 1809). */
extern const struct cx_client cx13_client;

struct cx13_power_settings;

/* The init object of a queue, with what the driver adds to its packets before it makes the queue.
 */
struct cx13_queue_init {
	struct cx_queue_creation creation;
	struct cx13_packet_context *contexts;
	size_t context_count;
	struct cx_extensions extensions;
};

/* Owned by its WDFDEVICE, as the core's. What follows "declared" is forgotten at halt. */
struct cx13_adapter {
	struct cx_adapter core;
	NET_ADAPTER_DATAPATH_CALLBACKS callbacks;
	/* One for each queue, so that a pointer kept from another queue's callback is found out. */
	struct cx13_queue_init tx_queue_init, rx_queue_inits[CX_RX_QUEUES];
	PFN_NET_ADAPTER_PRE_PROCESS_NET_REQUEST preprocess; /* NULL: none */
	struct cx13_power_settings *settings;               /* a child object */

	/* declared */
	bool have_datapath_caps, have_link_caps;
	PFN_NET_ADAPTER_RETURN_RX_BUFFER return_rx_buffer; /* of receive buffers of the driver's */
	bool checksum_declared, lso_declared; /* decides whether the packet extensions exist */
	PFN_NET_ADAPTER_OFFLOAD_SET_CHECKSUM set_checksum;
	PFN_NET_ADAPTER_OFFLOAD_SET_LSO set_lso;
	NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES scaling;
	NET_ADAPTER_POWER_CAPABILITIES power;
	struct cx_extensions extensions; /* registered, by the driver and for its offloads */
};

/* The shape's adapter behind the core's, and the handle to give to the client's callbacks. */
static inline struct cx13_adapter *cx13_adapter(struct cx_adapter *adapter)
{
	return (struct cx13_adapter *)adapter;
}

static inline NETADAPTER cx13_adapter_handle(struct cx_adapter *adapter)
{
	return (NETADAPTER)adapter;
}

struct cx13_adapter_init;

/* cx13_adapter_of() - the adapter behind a handle, checked; a bad one is reported against @call. */
struct cx_adapter *cx13_adapter_of(NETADAPTER handle, const char *call);

/*
 * cx13_device_of() - ours of a WDFDEVICE handle
 * A device that was made without NetAdapterDeviceInitConfig is a reported violation.
 */
struct cx_device *cx13_device_of(WDFDEVICE handle, const char *call);

/* cx13_adapter_create() - NetAdapterCreate: a stopped adapter of the init object's device */
NTSTATUS cx13_adapter_create(struct cx13_adapter_init *init, PWDF_OBJECT_ATTRIBUTES attributes,
			     struct cx_adapter **adapter);

/* cx13_declare_datapath() - NetAdapterSetDatapathCapabilities; all is copied */
void cx13_declare_datapath(struct cx13_adapter *adapter, const NET_ADAPTER_TX_CAPABILITIES *tx,
			   const NET_ADAPTER_RX_CAPABILITIES *rx);
void cx13_declare_link_layer(struct cx13_adapter *adapter,
			     const NET_ADAPTER_LINK_LAYER_CAPABILITIES *caps);

/*
 * cx13_preprocess_requests() - a media class extension sees each request first
 * @preprocess: NULL: there is none
 */
void cx13_preprocess_requests(struct cx13_adapter *adapter,
			      PFN_NET_ADAPTER_PRE_PROCESS_NET_REQUEST preprocess);

/* The framework's extensions, version 1. */
struct cx_extension cx13_checksum_extension(void);
struct cx_extension cx13_lso_extension(void);
struct cx_extension cx13_extension_of(const NET_PACKET_EXTENSION *extension);

#endif
