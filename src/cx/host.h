/* SPDX-License-Identifier: MIT */
/*
 * What NetAdapterCx needs from above: someone to run the datapath and to play NDIS. Given by the
 * host with each device (wdf_device_config.extension_context).
 */
#ifndef CX_HOST_H
#define CX_HOST_H

#include <ntddk.h>
#include <stdbool.h>
#include <stdint.h>

struct cx_adapter;
struct cx_offload_state;
struct cx_scaling_setup;

/* What went through an adapter's datapath since it was made, and elements of its rings. */
struct cx_traffic {
	uint64_t tx_packets, tx_bytes, tx_errors;
	uint64_t rx_packets, rx_bytes, rx_errors;
	uint32_t tx_fragments, rx_fragments; /* of one queue of each kind; 0: there is none */
};

/*
 * All at PASSIVE_LEVEL on the device's worker, except link_changed, and what its driver does on any
 * thread: adapter_created and adapter_deleted, also of several adapters at once and while the
 * worker waits for that thread.
 */
struct cx_host_ops {
	/*
	 * NetAdapterCreate has made it. @context: cx_host's. Return: the context of all other calls
	 * about this adapter; NULL: no memory for it, and NetAdapterCreate fails.
	 */
	void *(*adapter_created)(void *context, struct cx_adapter *adapter);
	/* it is going away: the last call */
	void (*adapter_deleted)(void *context, struct cx_adapter *adapter);
	/* NetAdapterStart has initialised the miniport; halted: everything is forgotten. */
	void (*adapter_started)(void *context, struct cx_adapter *adapter);
	void (*adapter_halted)(void *context, struct cx_adapter *adapter);
	/*
	 * The datapath: create makes queues (cx_queue_create) and buffers; start runs the queue
	 * threads; stop pauses: cancels, gets all packets back, ends the threads; destroy deletes.
	 */
	NTSTATUS (*datapath_create)(void *context, struct cx_adapter *adapter);
	NTSTATUS (*datapath_start)(void *context, struct cx_adapter *adapter);
	void (*datapath_stop)(void *context, struct cx_adapter *adapter);
	void (*datapath_destroy)(void *context, struct cx_adapter *adapter);
	/*
	 * Receive scaling, between create and start: make receive queues 1 to queues - 1 (on a
	 * failure none is left), delete them again; adapter->scaling has changed.
	 */
	NTSTATUS (*scaling_create)(void *context, struct cx_adapter *adapter, unsigned queues);
	void (*scaling_destroy)(void *context, struct cx_adapter *adapter);
	/* the key, and the table over @queues queues, as NDIS decides them */
	void (*scaling_setup)(void *context, struct cx_adapter *adapter, unsigned queues,
			      struct cx_scaling_setup *setup);
	void (*scaling_changed)(void *context, struct cx_adapter *adapter);
	/* NDIS_STATUS_TASK_OFFLOAD_CURRENT_CONFIG */
	void (*offload_indicated)(void *context, struct cx_adapter *adapter,
				  const struct cx_offload_state *active);
	/*
	 * The driver is to have no offloads, and is given none any more: until it has returned what
	 * it was given before, or the time is up: a driver may keep what it has.
	 */
	void (*offload_drain)(void *context, struct cx_adapter *adapter, int timeout_ms);
	/* <= DISPATCH_LEVEL, any thread */
	void (*link_changed)(void *context, struct cx_adapter *adapter);
	/* after start, by the driver */
	void (*mtu_changed)(void *context, struct cx_adapter *adapter);
	void (*address_changed)(void *context, struct cx_adapter *adapter);
	/* For who asks the framework; @traffic is zero before. */
	void (*count_traffic)(void *context, struct cx_adapter *adapter,
			      struct cx_traffic *traffic);
	/* The driver has asked for a reset of its device: remove it and add it anew. @context:
	 * cx_host's */
	void (*reset_device)(void *context);
};

struct cx_host {
	const struct cx_host_ops *ops;
	void *context; /* of adapter_created() */
};

#endif
