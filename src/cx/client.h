/* SPDX-License-Identifier: MIT */
/*
 * How a driver of one API shape of NetAdapterCx is spoken to. A shape is a set of versions that are
 * binary compatible; each has its folder below cx/api and one constant table of this type. A device
 * gets its table from the DDI that its driver calls first, so several shapes run in one process;
 * the core never asks which one it is.
 *
 * Functions run at PASSIVE_LEVEL on the device's worker unless said otherwise. What a shape knows
 * of an adapter or a queue that the core does not, it keeps in a struct of its own that begins with
 * the core's.
 */
#ifndef CX_CLIENT_H
#define CX_CLIENT_H

#include <ntddk.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cx_adapter;
struct cx_device;
struct cx_offload_request;
struct cx_offload_state;
struct cx_oid;
struct cx_packet_format;
struct cx_power_entry;
struct cx_queue;
struct cx_queue_request;
struct wdf_class;

/* One entry of the indirection table. */
struct cx_scaling_entry {
	struct cx_queue *queue; /* a receive queue */
	uint32_t index;
	NTSTATUS status; /* success; after a failed call what the driver says of this entry */
};

typedef NTSTATUS cx_create_queue(struct cx_adapter *adapter, const struct cx_queue_request *request,
				 struct cx_queue **queue);
typedef NTSTATUS cx_set_entries(struct cx_adapter *adapter, struct cx_scaling_entry *entries,
				size_t count, unsigned queues);

typedef NTSTATUS cx_preview(struct cx_adapter *adapter, struct cx_power_entry *entry);

struct cx_client {
	unsigned major, first_minor, minor; /* the versions of the shape: the oldest, the newest */
	/* Of the shape's adapter; it calls cx_adapter_dispose() and cx_adapter_release(). */
	const struct wdf_class *adapter_class;
	size_t device_size; /* of the shape's device, which begins with the core's; 0: it has none
			     */
	const struct cx_packet_format *packets;
	bool one_tx_queue; /* its drivers never have more */
	bool arms_idle_tx; /* arm() also of a transmit queue whose driver has no packets (1809) */

	/* ---- an adapter's life ---- */
	/*
	 * ready() - NetAdapterStart: is everything declared, and may the miniport initialise
	 * halting() - the miniport halts: on return the driver has no request any more; NULL: none
	 * keeps() - what the driver declared outlasts a halt; NULL: it never does
	 * forget() - what the driver declared, it declares again before the next start
	 * left_behind() - a device goes while @adapter is there: reported, does not return
	 */
	NTSTATUS (*ready)(struct cx_adapter *adapter);
	void (*halting)(struct cx_adapter *adapter);
	bool (*keeps)(const struct cx_adapter *adapter);
	void (*forget)(struct cx_adapter *adapter);
	void (*left_behind)(struct cx_device *device, struct cx_adapter *adapter);

	/* ---- offloads (offload.h) ---- */
	/*
	 * default_offloads() - active at start: what hardware and keywords allow
	 * merge_offloads() - what a request makes of @state
	 * set_offloads() - tell the driver by its callbacks that this is active from now on
	 */
	void (*default_offloads)(struct cx_adapter *adapter, struct cx_offload_state *defaults);
	void (*merge_offloads)(const struct cx_adapter *adapter,
			       const struct cx_offload_request *request,
			       struct cx_offload_state *state);
	void (*set_offloads)(struct cx_adapter *adapter, const struct cx_offload_state *active);

	/* ---- packet queues (queue.h) ---- */
	/*
	 * create_queue() - the driver's queue-creation callback
	 * Return: its status; STATUS_SUCCESS comes with *@queue.
	 */
	cx_create_queue *create_queue;
	/* On the queue's thread, never two at once. advance() is called all the time. */
	void (*start)(struct cx_queue *queue);
	void (*advance)(struct cx_queue *queue);
	void (*arm)(struct cx_queue *queue); /* tell when there is something */
	void (*cancel)(struct cx_queue *queue);
	void (*stop)(struct cx_queue *queue);
	const char *cancel_name; /* how the driver's author calls cancel() */
	/*
	 * What the datapath finds a driver to do; reported, does not return.
	 * bad_begin() - the ring's begin went from @from to @to, the driver owned [@from, @end)
	 * kept_packets() - @held packets have not come back so many seconds after cancel()
	 */
	void (*bad_begin)(const struct cx_queue *queue, uint32_t from, uint32_t to, uint32_t end)
		__attribute__((noreturn));
	void (*kept_packets)(const struct cx_queue *queue, uint32_t held, unsigned seconds)
		__attribute__((noreturn));

	/* ---- receive scaling (scaling.h); all NULL in a shape without it ---- */
	/* check_scaling() - all callbacks are there; a missing one is reported, does not return */
	void (*check_scaling)(struct cx_adapter *adapter);
	NTSTATUS (*set_hash_key)(struct cx_adapter *adapter, const uint8_t *key, size_t length);
	NTSTATUS (*enable_scaling)(struct cx_adapter *adapter, uint32_t protocols);
	void (*disable_scaling)(struct cx_adapter *adapter);
	/* <= DISPATCH_LEVEL. @queues: how many they point to, for the event */
	cx_set_entries *set_entries;
	uint32_t hash_protocols; /* of the hardware's, those that are handed out: CX_HASH_* */
	/* How the driver's author calls those. */
	const char *set_hash_key_name, *enable_scaling_name, *set_entries_name;

	/* ---- power (power.h): may a pattern or protocol offload be added; NULL: it may ---- */
	cx_preview *preview_wake_pattern, *preview_protocol_offload;

	/*
	 * send_oid() - an OID for the driver; @oid->done() is called in the end. NULL: the shape's
	 * drivers know no OIDs.
	 */
	void (*send_oid)(struct cx_adapter *adapter, struct cx_oid *oid);
};

/* All shapes of this build, NULL at the end (api/clients.c). */
extern const struct cx_client *const cx_clients[];

/* cx_client_find() - the shape of a version of NetAdapterCx; NULL: this build has none. */
const struct cx_client *cx_client_find(unsigned major, unsigned minor);

/* cx_client_versions() - "1.3", for people. Return: @text. */
const char *cx_client_versions(char *text, size_t size);

#endif
