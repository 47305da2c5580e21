/* SPDX-License-Identifier: MIT */
/*
 * The coarse view of the offloads that drivers of 1.3 and 2.0 have: one bit for both versions of
 * LSO and each family, one for both directions and families of a checksum. NDIS tells those apart,
 * so a request that changes one half only may change nothing, or turn both halves on.
 */
#ifndef CX_COARSE_OFFLOAD_H
#define CX_COARSE_OFFLOAD_H

#include "cx/offload.h"

struct cx_coarse_lso {
	bool ipv4, ipv6;
	size_t maximum_offload_size;  /* bytes of TCP payload */
	size_t minimum_segment_count; /* segments */
};

struct cx_coarse_checksum {
	bool ipv4, tcp, udp;
};

/* The view of a state, and the state of a view. */
struct cx_coarse_lso cx_coarse_lso_of(const struct cx_offload_state *state);
struct cx_coarse_checksum cx_coarse_checksum_of(const struct cx_offload_state *state);
void cx_coarse_put_lso(struct cx_offload_state *state, const struct cx_coarse_lso *lso);
void cx_coarse_put_checksum(struct cx_offload_state *state,
			    const struct cx_coarse_checksum *checksum);

/* cx_coarse_default_lso() / _checksum() - what the keywords leave of the adapter's hardware */
struct cx_coarse_lso cx_coarse_default_lso(struct cx_adapter *adapter);
struct cx_coarse_checksum cx_coarse_default_checksum(struct cx_adapter *adapter);

/* cx_coarse_merge_lso() / _checksum() - what a request makes of the active capabilities */
struct cx_coarse_lso cx_coarse_merge_lso(struct cx_coarse_lso active,
					 const struct cx_coarse_lso *hardware,
					 const struct cx_offload_request *request);
struct cx_coarse_checksum cx_coarse_merge_checksum(struct cx_coarse_checksum active,
						   const struct cx_offload_request *request);

#endif
