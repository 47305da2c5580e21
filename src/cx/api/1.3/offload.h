/* SPDX-License-Identifier: MIT */
/*
 * 1.3's view of the offloads: one bit for both versions of LSO and each family, one for both
 * directions and families of a checksum. NDIS tells those apart, so a request that changes one half
 * only may change nothing, or turn both halves on.
 */
#ifndef CX_API_1_3_OFFLOAD_H
#define CX_API_1_3_OFFLOAD_H

#include "cx/api/1.3/adapter.h"

struct cx13_lso {
	bool ipv4, ipv6;
	size_t maximum_offload_size;  /* bytes of TCP payload */
	size_t minimum_segment_count; /* segments */
};

struct cx13_checksum {
	bool ipv4, tcp, udp;
};

/* The view of a state, and the state of a view. */
struct cx13_lso cx13_lso_of(const struct cx_offload_state *state);
struct cx13_checksum cx13_checksum_of(const struct cx_offload_state *state);
void cx13_put_lso(struct cx_offload_state *state, const struct cx13_lso *lso);
void cx13_put_checksum(struct cx_offload_state *state, const struct cx13_checksum *checksum);

/* cx13_merge_lso() / _checksum() - what a request makes of the active capabilities */
struct cx13_lso cx13_merge_lso(struct cx13_lso active, const struct cx13_lso *hardware,
			       const struct cx_offload_request *request);
struct cx13_checksum cx13_merge_checksum(struct cx13_checksum active,
					 const struct cx_offload_request *request);

/* ---- for the DDIs: what the driver declares, copied; the last call before the start wins ---- */
void cx13_declare_checksum(struct cx13_adapter *adapter,
			   const NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES *hardware,
			   PFN_NET_ADAPTER_OFFLOAD_SET_CHECKSUM set);
void cx13_declare_lso(struct cx13_adapter *adapter,
		      const NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES *hardware,
		      PFN_NET_ADAPTER_OFFLOAD_SET_LSO set);

/* cx13_forget_offloads() - halt: nothing is declared any more. */
void cx13_forget_offloads(struct cx13_adapter *adapter);

/* ---- of cx13_client ---- */
void cx13_default_offloads(struct cx_adapter *adapter, struct cx_offload_state *defaults);
void cx13_merge_offloads(const struct cx_adapter *adapter, const struct cx_offload_request *request,
			 struct cx_offload_state *state);
void cx13_set_offloads(struct cx_adapter *adapter, const struct cx_offload_state *active);

#endif
