/* SPDX-License-Identifier: MIT */
/* A NETADAPTER: what the driver declared of it, and its place between halted and running. */
#ifndef CX_ADAPTER_H
#define CX_ADAPTER_H

#include "cx/host.h"
#include "cx/offload.h"
#include "cx/queue.h"
#include "wdf/device.h"

enum cx_adapter_state {
	CX_ADAPTER_INITIALIZED,	/* created, or stopped */
	CX_ADAPTER_STARTING,	/* inside NetAdapterStart */
	CX_ADAPTER_STARTED,	/* the miniport is initialised */
};

/*
 * Owned by its WDFDEVICE (the WDF parent). Fields below "declared" are the driver's and forgotten
 * at halt; they are changed on the device's PASSIVE_LEVEL thread, link under link_lock.
 */
struct cx_adapter {
	struct wdf_object object;
	struct wdf_device *device;
	const struct cx_host *host;
	char name[64];
	bool is_default;
	_Atomic int state;			/* enum cx_adapter_state */
	bool datapath_created, datapath_running;
	NET_ADAPTER_DATAPATH_CALLBACKS callbacks;

	/* declared */
	bool have_datapath_caps, have_link_caps, have_mtu;
	NET_ADAPTER_TX_CAPABILITIES tx;
	NET_ADAPTER_RX_CAPABILITIES rx;
	NET_ADAPTER_DMA_CAPABILITIES tx_dma, rx_dma;	/* copies; tx.DmaCapabilities points here */
	NET_ADAPTER_LINK_LAYER_CAPABILITIES link_caps;
	ULONG mtu;				/* bytes of IP packet */
	NET_ADAPTER_LINK_LAYER_ADDRESS permanent_address, current_address;
	struct cx_offload offload;

	pthread_mutex_t link_lock;
	NET_ADAPTER_LINK_STATE link;		/* MediaConnectStateUnknown until told */
	/* ... cx/'s private parts are in cx/adapter_private.h structures hung here */
	void *private;
};

static inline enum cx_adapter_state cx_adapter_state(const struct cx_adapter *adapter)
{
	return (enum cx_adapter_state)adapter->state;
}

/* cx_adapter_restart_datapath() - MTU or address changed by the driver: stop, destroy, create, start. */
NTSTATUS cx_adapter_restart_datapath(struct cx_adapter *adapter);

/* cx_adapter_link_up() - connected, as last told by the driver. Any thread. */
bool cx_adapter_link_up(struct cx_adapter *adapter, uint64_t *tx_bps, uint64_t *rx_bps);

#endif
