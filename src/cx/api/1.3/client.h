/* SPDX-License-Identifier: MIT */
/* The functions of cx13_client that stand with what they are about. */
#ifndef CX_API_1_3_CLIENT_H
#define CX_API_1_3_CLIENT_H

#include "cx/client.h"

/* adapter.c */
extern const struct wdf_class cx13_adapter_class;
NTSTATUS cx13_ready(struct cx_adapter *adapter);
void cx13_forget(struct cx_adapter *adapter);
void cx13_left_behind(struct cx_device *device, struct cx_adapter *adapter);

/* queue.c */
NTSTATUS cx13_create_queue(struct cx_adapter *adapter, const struct cx_queue_request *request,
			   struct cx_queue **queue);
void cx13_start(struct cx_queue *queue);
void cx13_advance(struct cx_queue *queue);
void cx13_arm(struct cx_queue *queue);
void cx13_cancel(struct cx_queue *queue);
void cx13_stop(struct cx_queue *queue);

/* verify_queue.c */
void cx13_bad_begin(const struct cx_queue *queue, uint32_t from, uint32_t to, uint32_t end)
	__attribute__((noreturn));
/* A fragment's VirtualAddress, which is the framework's, was changed. */
_Noreturn void cx13_bad_fragment(const struct cx_queue *queue, uint32_t index, const void *was,
				 const void *now);
void cx13_kept_packets(const struct cx_queue *queue, uint32_t held, unsigned seconds)
	__attribute__((noreturn));

/* packet.c */
extern const struct cx_packet_format cx13_packets;

#endif
