/* SPDX-License-Identifier: MIT */
/* An adapter: what the driver declared of it, and its place between halted and running. */
#ifndef CX_ADAPTER_H
#define CX_ADAPTER_H

#include <ndis.h>

#include "cx/device.h"
#include "cx/host.h"
#include "cx/offload.h"
#include "cx/power.h"
#include "cx/queue.h"
#include "cx/request.h"
#include "cx/scaling.h"
#include "cx/types.h"
#include "wdf/device.h"

enum cx_adapter_state {
	CX_ADAPTER_INITIALIZED, /* created, or stopped */
	CX_ADAPTER_STARTING,    /* inside NetAdapterStart */
	CX_ADAPTER_STARTED,     /* the miniport is initialised */
};

/*
 * Owned by its WDFDEVICE (the WDF parent). The shape's own part follows it. Fields below "declared"
 * are the driver's and forgotten at halt; they are changed on the device's PASSIVE_LEVEL thread,
 * link under link_lock.
 */
struct cx_adapter {
	struct wdf_object object;
	struct wdf_device *device;
	struct cx_device *owner; /* ours of that device */
	struct cx_adapter *next; /* of the same device */
	unsigned number;         /* in order of making, from 1; 0: not in the device's list yet */
	const struct cx_host *host;
	void *host_context; /* of its ops, for this adapter; NULL: the host never took it */
	char name[64];
	bool is_default;
	bool lightweight;  /* its life is the driver's affair, not that of its device */
	bool has_queues;   /* the driver makes packet queues; else it has only control */
	_Atomic int state; /* enum cx_adapter_state */
	bool datapath_created, datapath_running;
	const char *failed_callback; /* that the queues could not be made for; NULL: none */
	struct cx_queue *rx_queues[CX_RX_QUEUES]; /* by id, NULL: there is none */
	struct cx_requests requests;

	/* declared */
	struct cx_tx_caps tx;
	struct cx_rx_caps rx;
	struct cx_filter_caps filter;
	bool have_mtu;
	uint32_t mtu; /* bytes of IP packet */
	struct cx_address permanent_address, current_address;
	struct cx_scaling scaling;
	struct cx_offload offload;
	struct cx_power power;

	pthread_mutex_t link_lock;
	struct cx_link link; /* unknown until told */
};

static inline enum cx_adapter_state cx_adapter_state(const struct cx_adapter *adapter)
{
	return (enum cx_adapter_state)adapter->state;
}

/*
 * cx_adapter_create() - a stopped adapter of a device, of the class of its driver's API shape
 * Nobody knows of it before cx_adapter_publish(). Any thread at PASSIVE_LEVEL, also while the
 * device's worker waits for that thread.
 * Return: STATUS_SUCCESS, STATUS_INSUFFICIENT_RESOURCES, or what wdf_object_create() has for bad
 * attributes.
 */
NTSTATUS cx_adapter_create(struct cx_device *device, bool is_default,
			   PWDF_OBJECT_ATTRIBUTES attributes, struct cx_adapter **adapter);

/*
 * cx_adapter_publish() - its shape's part is filled in: it gets its name, device and host know it
 * @first: may be NULL: is it the only one of its device?
 * Return: STATUS_SUCCESS, or STATUS_INSUFFICIENT_RESOURCES: it is deleted.
 */
NTSTATUS cx_adapter_publish(struct cx_adapter *adapter, bool *first);

/* cx_adapter_dispose(), _release() - for a shape's class: the core's part of them. */
void cx_adapter_dispose(struct wdf_object *object);
void cx_adapter_release(struct wdf_object *object);

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

/* ---- what the driver declares: link.c, address.c, mtu.c ---- */
void cx_adapter_set_link(struct cx_adapter *adapter, const struct cx_link *link);
void cx_adapter_emit_link(struct cx_adapter *adapter); /* LinkUp with speeds, or LinkDown */
void cx_adapter_set_mtu(struct cx_adapter *adapter, uint32_t mtu);
void cx_adapter_set_permanent_address(struct cx_adapter *adapter, const struct cx_address *address);
void cx_adapter_set_current_address(struct cx_adapter *adapter, const struct cx_address *address);
NTSTATUS cx_adapter_complete_addresses(struct cx_adapter *adapter);

/*
 * cx_adapter_changed() - what a started adapter's driver changed: tell the host, remake the queues
 * @tell: one of the host's ..._changed, called on the worker later; the datapath restarts after it
 */
void cx_adapter_changed(struct cx_adapter *adapter, void (*tell)(struct cx_adapter *adapter));

/* cx_adapter_luid() - IfType Ethernet and an index that follows from the adapter's name. */
NET_LUID cx_adapter_luid(const struct cx_adapter *adapter);

#endif
