/* SPDX-License-Identifier: MIT */
/* The rules for making a packet queue and for asking it for an extension. */
#ifndef CX_API_2_VERIFY_QUEUE_H
#define CX_API_2_VERIFY_QUEUE_H

#include "cx/api/2/queue.h"
#include "cx/api/2/verifier.h"

/* cx2_queue_config_size() - NET_PACKET_QUEUE_CONFIG.Size in a driver of 2.@minor */
size_t cx2_queue_config_size(unsigned minor);

/*
 * cx2_verify_queue_config_size() - Size
 * @copy: the configuration as the driver's version has it; what it lacks is 0
 */
void cx2_verify_queue_config_size(const struct cx_site *at, const NET_PACKET_QUEUE_CONFIG *config,
				  unsigned minor, NET_PACKET_QUEUE_CONFIG *copy);

/* Its callbacks; @tx: of a transmit queue */
void cx2_verify_queue_config(const struct cx_site *at, const NET_PACKET_QUEUE_CONFIG *config,
			     bool tx);
/* A copy of a driver's query, which lies at @address. */
void cx2_verify_extension_query(const struct cx_site *at, const NET_EXTENSION_QUERY *query,
				uint64_t address);

/* The queue is one of the kind that the DDI is for. */
void cx2_verify_queue_kind(const struct cx_site *at, const struct cx2_queue *queue, bool tx);

#endif
