/* SPDX-License-Identifier: MIT */
/* The rules that 1.3 has of its own, and their numbers on Windows 10 1809. */
#ifndef CX_API_1_3_VERIFIER_H
#define CX_API_1_3_VERIFIER_H

#include <ndis.h>
#include <netadaptercx.h>
#include <stdbool.h>

#include "cx/verifier.h"

/* The failure codes of 1809. */
const struct cx_rule_book *cx13_book(const void *caller);

/* The site of the exported function netcx_1_3_<Name> that uses it. */
#define CX_CALL             (__func__ + sizeof("netcx_1_3_") - 1)
#define CX_AT(call, object) (&(const struct cx_site){ (call), (object), cx13_book, NULL })
#define CX_SITE(object)     CX_AT(CX_CALL, object)

/* ---- what an adapter declares: cx13_verify_capabilities.c ---- */
/* @caps: their address in the driver, for reports */
void cx13_verify_tx_capabilities(const struct cx_site *at, const NET_ADAPTER_TX_CAPABILITIES *tx,
				 const void *caps);
void cx13_verify_rx_capabilities(const struct cx_site *at, const NET_ADAPTER_RX_CAPABILITIES *rx,
				 const void *caps);
void cx13_verify_link_layer_capabilities(const struct cx_site *at,
					 const NET_ADAPTER_LINK_LAYER_CAPABILITIES *caps);
void cx13_verify_lso_capabilities(const struct cx_site *at,
				  const NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES *caps);
/* @old: what the adapter has, when it is started; NULL before */
void cx13_verify_power_capabilities(const struct cx_site *at,
				    const NET_ADAPTER_POWER_CAPABILITIES *caps,
				    const NET_ADAPTER_POWER_CAPABILITIES *old);

/* ---- packet queues, contexts and extensions: cx13_verify_queue.c ---- */
struct cx13_queue;
void cx13_verify_queue_config(const struct cx_site *at, const NET_PACKET_QUEUE_CONFIG *config);
/* A ring's header does not know its queue any more: the driver has written there. */
_Noreturn void cx13_bad_owner(const char *call, const void *owner);
void cx13_verify_packet_context(const struct cx_site *at,
				const NET_PACKET_CONTEXT_ATTRIBUTES *context);
void cx13_verify_packet_token(const struct cx_site *at, const struct cx13_queue *queue,
			      const void *token);
void cx13_verify_packet_extension(const struct cx_site *at, const NET_PACKET_EXTENSION *extension);
void cx13_verify_packet_extension_query(const struct cx_site *at,
					const NET_PACKET_EXTENSION_QUERY *query);

#endif
