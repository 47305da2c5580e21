/* SPDX-License-Identifier: MIT */
/* A NETADAPTER of 1.3: the core's adapter, and what only this shape's drivers declare. */
#ifndef CX_API_1_3_ADAPTER_H
#define CX_API_1_3_ADAPTER_H

#include <netadaptercx.h>

#include "cx/adapter.h"
#include "cx/api/1.3/request.h"
#include "cx/client.h"

/* NetAdapterCx 1.3 (Windows 10 1809). */
extern const struct cx_client cx13_client;

/* Owned by its WDFDEVICE, as the core's. What follows "declared" is forgotten at halt. */
struct cx13_adapter {
	struct cx_adapter core;

	/* declared */
	bool checksum_declared, lso_declared; /* decides whether the packet extensions exist */
	PFN_NET_ADAPTER_OFFLOAD_SET_CHECKSUM set_checksum;
	PFN_NET_ADAPTER_OFFLOAD_SET_LSO set_lso;
};

#endif
