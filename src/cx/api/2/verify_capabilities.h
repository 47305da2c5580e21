/* SPDX-License-Identifier: MIT */
/* The rules of 2.x for what an adapter declares of itself. */
#ifndef CX_API_2_VERIFY_CAPABILITIES_H
#define CX_API_2_VERIFY_CAPABILITIES_H

#include "cx/api/2/verifier.h"
#include "cx/api/declared.h"

/*
 * NetAdapterSetDataPathCapabilities, from what is behind the sizes to that of the DMA's
 * @driver: whose adapter it is
 */
void cx2_verify_datapath(const struct cx_site *at, const struct wdf_driver *driver,
			 const struct cx_datapath_caps *caps);

#endif
