/* SPDX-License-Identifier: MIT */
/*
 * The rules for what an adapter declares that all versions have, on plain values: the structures
 * are each version's own. @field is parameter 3 of the bug check, a number of the version's.
 */
#ifndef CX_VERIFY_DECLARED_H
#define CX_VERIFY_DECLARED_H

#include <ndis.h>

#include "cx/verifier.h"

/* ---- of NET_ADAPTER_TX/RX_CAPABILITIES; @rule is theirs, @caps their address ---- */
/* @good: what DMA needs is there; @passed: what is not */
void cx_verify_dma_caps(const struct cx_site *at, enum cx_rule rule, const void *caps, bool good,
			unsigned field, const char *passed);
void cx_verify_queue_count(const struct cx_site *at, enum cx_rule rule, const void *caps,
			   size_t queues, unsigned field, const char *direction);
void cx_verify_ring_hint(const struct cx_site *at, uint64_t hint, unsigned field);
/* FragmentBufferAlignment; Windows has two codes for a wrong one */
void cx_verify_tx_alignment(const struct cx_site *at, const void *caps, size_t alignment,
			    unsigned field);
void cx_verify_rx_alignment(const struct cx_site *at, size_t alignment, unsigned field);
/* NetRxFragmentBufferAllocationModeDriver */
void cx_verify_driver_buffers(const struct cx_site *at, const void *caps, int attachment,
			      bool driver_attaches, bool has_callback);

/* ---- the rest ---- */
void cx_verify_address_length(const struct cx_site *at, unsigned length);
/* NET_ADAPTER_LINK_STATE; the pause functions' and flags' values are the same in all versions */
void cx_verify_link_state(const struct cx_site *at, NET_IF_MEDIA_CONNECT_STATE connection,
			  NET_IF_MEDIA_DUPLEX_STATE duplex, ULONG pause_functions,
			  ULONG auto_negotiation);
void cx_verify_mtu(const struct cx_site *at, ULONG mtu);

/* Of NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES, by its names. */
struct cx_scaling_fields {
	size_t table_size, queues;
	ULONG hash_types, protocol_types, outer, inner;
};

void cx_verify_scaling(const struct cx_site *at, const struct cx_scaling_fields *fields);

#endif
