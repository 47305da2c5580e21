/* SPDX-License-Identifier: MIT */
/* 1.3's offloads: what its drivers declare, and their two callbacks. */
#ifndef CX_API_1_3_OFFLOAD_H
#define CX_API_1_3_OFFLOAD_H

#include "cx/api/1.3/adapter.h"
#include "cx/coarse_offload.h"

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
