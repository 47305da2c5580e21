/* SPDX-License-Identifier: MIT */
/* A NETADAPTER: what the driver declared of it, and its place between halted and running. */
#ifndef CX_ADAPTER_H
#define CX_ADAPTER_H

#include "cx/api/1.3/request.h"
#include "cx/device.h"
#include "cx/host.h"
#include "cx/offload.h"
#include "cx/power.h"
#include "cx/queue.h"
#include "cx/scaling.h"
#include "wdf/device.h"

struct cx_adapter_init;

enum cx_adapter_state {
	CX_ADAPTER_INITIALIZED, /* created, or stopped */
	CX_ADAPTER_STARTING,    /* inside NetAdapterStart */
	CX_ADAPTER_STARTED,     /* the miniport is initialised */
};

/*
 * Owned by its WDFDEVICE (the WDF parent). Fields below "declared" are the driver's and forgotten
 * at halt; they are changed on the device's PASSIVE_LEVEL thread, link under link_lock.
 */
struct cx_adapter {
	struct wdf_object object;
	struct wdf_device *device;
	struct cx_device *owner; /* ours of that device */
	struct cx_adapter *next; /* of the same device */
	const struct cx_host *host;
	void *host_context; /* of its ops, for this adapter; NULL: the host never took it */
	char name[64];
	bool is_default;
	_Atomic int state; /* enum cx_adapter_state */
	bool datapath_created, datapath_running;
	const char *failed_callback; /* that the queues could not be made for; NULL: none */
	NET_ADAPTER_DATAPATH_CALLBACKS callbacks;
	/* One for each queue, so that a pointer kept from another queue's callback is found out. */
	struct cx_queue_init tx_queue_init, rx_queue_inits[CX_RX_QUEUES];
	struct cx_queue *rx_queues[CX_RX_QUEUES]; /* by id, NULL: there is none */
	struct cx_requests requests;

	/* declared */
	bool have_datapath_caps, have_link_caps, have_mtu;
	NET_ADAPTER_TX_CAPABILITIES tx;
	NET_ADAPTER_RX_CAPABILITIES rx;
	NET_ADAPTER_DMA_CAPABILITIES tx_dma, rx_dma; /* copies; tx.DmaCapabilities points here */
	NET_ADAPTER_LINK_LAYER_CAPABILITIES link_caps;
	ULONG mtu; /* bytes of IP packet */
	NET_ADAPTER_LINK_LAYER_ADDRESS permanent_address, current_address;
	struct cx_scaling scaling;
	struct cx_offload offload;
	struct cx_extensions extensions; /* registered, by the driver and for its offloads */
	struct cx_power power;

	pthread_mutex_t link_lock;
	NET_ADAPTER_LINK_STATE link; /* MediaConnectStateUnknown until told */
};

static inline enum cx_adapter_state cx_adapter_state(const struct cx_adapter *adapter)
{
	return (enum cx_adapter_state)adapter->state;
}

/* The handle to give to the client's callbacks. */
static inline NETADAPTER cx_adapter_handle(struct cx_adapter *adapter)
{
	return (NETADAPTER)adapter;
}

/* cx_adapter_of() - the adapter behind a handle, checked; a bad one is reported against @call. */
struct cx_adapter *cx_adapter_of(NETADAPTER handle, const char *call);

/*
 * cx_adapter_create() - NetAdapterCreate: a stopped adapter of the init object's device
 * Return: STATUS_SUCCESS, STATUS_INSUFFICIENT_RESOURCES, or what wdf_object_create() has for bad
 * attributes.
 */
NTSTATUS cx_adapter_create(struct cx_adapter_init *init, PWDF_OBJECT_ATTRIBUTES attributes,
			   struct cx_adapter **adapter);

/*
 * cx_adapter_start() - NetAdapterStart: initialise the miniport, with the offload callbacks
 * Runs on the device's worker, whatever thread calls. Makes and runs the queues too when the
 * device's I/O is on already.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER (a mandatory capability is missing, or the two
 * addresses differ in length); STATUS_INVALID_DEVICE_STATE (the hardware is being released);
 * STATUS_INSUFFICIENT_RESOURCES. After a failure it can be tried again.
 */
NTSTATUS cx_adapter_start(struct cx_adapter *adapter);

/* cx_adapter_stop() - NetAdapterStop: queues gone, capabilities forgotten. Nothing if not started.
 */
void cx_adapter_stop(struct cx_adapter *adapter);

/* ---- for cx/device.c, on the worker ---- */
/* Make the queues of a started adapter if need be, and run them. */
NTSTATUS cx_adapter_run_datapath(struct cx_adapter *adapter);
void cx_adapter_pause_datapath(struct cx_adapter *adapter);
void cx_adapter_halt(struct cx_adapter *adapter);
void cx_adapter_forget(struct cx_adapter *adapter); /* what is declared, of a stopped one */

/* cx_adapter_restart_datapath() - MTU or address changed by the driver: stop, destroy, create,
 * start. */
NTSTATUS cx_adapter_restart_datapath(struct cx_adapter *adapter);

/* cx_adapter_link_up() - connected, as last told by the driver. Any thread. */
bool cx_adapter_link_up(struct cx_adapter *adapter, uint64_t *tx_bps, uint64_t *rx_bps);

/* ---- what the driver declares: link.c, address.c, mtu.c, capabilities.c ---- */
void cx_adapter_set_link(struct cx_adapter *adapter, const NET_ADAPTER_LINK_STATE *state);
void cx_adapter_emit_link(struct cx_adapter *adapter); /* LinkUp with speeds, or LinkDown */
void cx_adapter_set_mtu(struct cx_adapter *adapter, ULONG mtu);
void cx_adapter_set_permanent_address(struct cx_adapter *adapter,
				      const NET_ADAPTER_LINK_LAYER_ADDRESS *address);
void cx_adapter_set_current_address(struct cx_adapter *adapter,
				    const NET_ADAPTER_LINK_LAYER_ADDRESS *address);
NTSTATUS cx_adapter_complete_addresses(struct cx_adapter *adapter);
void cx_adapter_set_datapath_capabilities(struct cx_adapter *adapter,
					  const NET_ADAPTER_TX_CAPABILITIES *tx,
					  const NET_ADAPTER_RX_CAPABILITIES *rx);
bool cx_adapter_capabilities_complete(const struct cx_adapter *adapter);
void cx_adapter_forget_capabilities(struct cx_adapter *adapter);

/*
 * cx_adapter_changed() - what a started adapter's driver changed: tell the host, remake the queues
 * @tell: one of the host's ..._changed, called on the worker later; the datapath restarts after it
 */
void cx_adapter_changed(struct cx_adapter *adapter, void (*tell)(struct cx_adapter *adapter));

/* cx_adapter_luid() - IfType Ethernet and an index that follows from the adapter's name. */
NET_LUID cx_adapter_luid(const struct cx_adapter *adapter);

#endif
