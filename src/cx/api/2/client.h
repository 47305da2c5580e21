/* SPDX-License-Identifier: MIT */
/* What the core calls in this shape (cx/client.h says what each does), by file. */
#ifndef CX_API_2_CLIENT_H
#define CX_API_2_CLIENT_H

#include "cx/client.h"
#include "cx/packet.h"

/* NetAdapterCx 2.0 (Windows 10, version 2004) to 2.5 (Windows 11, version 24H2). */
extern const struct cx_client cx2_client;

/* adapter.c */
extern const struct wdf_class cx2_adapter_class;
NTSTATUS cx2_ready(struct cx_adapter *adapter);
bool cx2_keeps(const struct cx_adapter *adapter);
void cx2_halting(struct cx_adapter *adapter);
void cx2_forget(struct cx_adapter *adapter);
void cx2_left_behind(struct cx_device *device, struct cx_adapter *adapter);

/* offload.c */
void cx2_default_offloads(struct cx_adapter *adapter, struct cx_offload_state *defaults);
void cx2_merge_offloads(const struct cx_adapter *adapter, const struct cx_offload_request *request,
			struct cx_offload_state *state);
void cx2_set_offloads(struct cx_adapter *adapter, const struct cx_offload_state *active);

/* queue.c */
NTSTATUS cx2_create_queue(struct cx_adapter *adapter, const struct cx_queue_request *request,
			  struct cx_queue **queue);
void cx2_start(struct cx_queue *queue);
void cx2_advance(struct cx_queue *queue);
void cx2_arm(struct cx_queue *queue);
void cx2_cancel(struct cx_queue *queue);
void cx2_stop(struct cx_queue *queue);

/* verify_ring.c */
void cx2_bad_begin(const struct cx_queue *queue, uint32_t from, uint32_t to, uint32_t end)
	__attribute__((noreturn));
void cx2_kept_packets(const struct cx_queue *queue, uint32_t held, unsigned seconds)
	__attribute__((noreturn));

/* packet.c */
extern const struct cx_packet_format cx2_packets;

/* scaling.c */
void cx2_check_scaling(struct cx_adapter *adapter);
NTSTATUS cx2_set_hash_key(struct cx_adapter *adapter, const uint8_t *key, size_t length);
NTSTATUS cx2_enable_scaling(struct cx_adapter *adapter, uint32_t protocols);
void cx2_disable_scaling(struct cx_adapter *adapter);
NTSTATUS cx2_set_entries(struct cx_adapter *adapter, struct cx_scaling_entry *entries, size_t count,
			 unsigned queues);

/* oid.c */
void cx2_send_oid(struct cx_adapter *adapter, struct cx_oid *oid);

/* power.c */
NTSTATUS cx2_preview_wake_pattern(struct cx_adapter *adapter, struct cx_power_entry *pattern);
NTSTATUS cx2_preview_protocol_offload(struct cx_adapter *adapter, struct cx_power_entry *offload);

#endif
