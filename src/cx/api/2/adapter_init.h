/* SPDX-License-Identifier: MIT */
/* NETADAPTER_INIT of 2.x: what a driver collects before NetAdapterCreate. */
#ifndef CX_API_2_ADAPTER_INIT_H
#define CX_API_2_ADAPTER_INIT_H

#include "cx/adapter_init.h"
#include "cx/api/2/public.h"
#include "cx/api/2/verifier.h"

/* Owned by the driver, from NetAdapterInitAllocate to NetAdapterInitFree. */
struct cx2_adapter_init {
	struct cx_adapter_init core;
	NET_ADAPTER_DATAPATH_CALLBACKS callbacks; /* NULL: an adapter without packets */
	NET_ADAPTER_TX_DEMUX demux;               /* Size 0: none */
	bool lightweight;
	GUID interface; /* of a lightweight adapter */
};

/* cx2_adapter_init_of() - the object behind a driver's pointer; a wrong one is a violation. */
struct cx2_adapter_init *cx2_adapter_init_of(NETADAPTER_INIT *handle, const struct cx_site *at);

/* ---- the rules for what goes into it: adapter_init.c ---- */
/* @address: of the driver's structure, for reports */
void cx2_verify_datapath_callbacks(const struct cx_site *at,
				   const NET_ADAPTER_DATAPATH_CALLBACKS *callbacks,
				   uint64_t address);
/* but for its Size */
void cx2_verify_tx_demux(const struct cx_site *at, const NET_ADAPTER_TX_DEMUX *demux,
			 uint64_t address);

#endif
