/* SPDX-License-Identifier: MIT */
/* The rules of 2.x for what an adapter declares of itself. */
#ifndef CX_API_2_VERIFY_CAPABILITIES_H
#define CX_API_2_VERIFY_CAPABILITIES_H

#include "cx/api/2/verifier.h"

/* NetAdapterSetDataPathCapabilities, from the sizes to those of the DMA capabilities. */
void cx2_verify_datapath(const struct cx_site *at, const NET_ADAPTER_TX_CAPABILITIES *tx,
			 const NET_ADAPTER_RX_CAPABILITIES *rx);

#endif
