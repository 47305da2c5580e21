/* SPDX-License-Identifier: MIT */
/* NETADAPTER_INIT: what a driver collects before NetAdapterCreate. */
#ifndef CX_API_1_3_ADAPTER_INIT_H
#define CX_API_1_3_ADAPTER_INIT_H

#include <netadaptercx.h>

#include "cx/adapter_init.h"
#include "cx/api/1.3/verifier.h"
#include "cx/device.h"

struct cx13_adapter_init;

/* A media class extension's part (NETADAPTEREXT_INIT); one at most per init object. */
struct cx13_extension_init {
	uint32_t magic;
	struct cx13_adapter_init *init;
	PFN_NET_ADAPTER_PRE_PROCESS_NET_REQUEST preprocess;
};

/* Owned by the driver, from NetDefaultAdapterInitAllocate to NetAdapterInitFree. */
struct cx13_adapter_init {
	struct cx_adapter_init core;
	bool is_default;
	bool have_callbacks, have_power_attributes;
	NET_ADAPTER_DATAPATH_CALLBACKS callbacks;
	WDF_OBJECT_ATTRIBUTES power_attributes;
	struct cx13_extension_init extension;
};

/*
 * cx13_adapter_init_allocate() - NULL: no memory, or the device has its default adapter already.
 * @caller: in the driver
 */
struct cx13_adapter_init *cx13_adapter_init_allocate(struct cx_device *device, bool is_default,
						     const void *caller);
void cx13_adapter_init_free(struct cx13_adapter_init *init);

/* cx13_adapter_init_of() - the object behind a driver's pointer; a wrong one is rule 48. */
struct cx13_adapter_init *cx13_adapter_init_of(PNETADAPTER_INIT handle, const struct cx_site *at);

/* cx13_extension_init_of() - likewise, rule 50. */
struct cx13_extension_init *cx13_extension_init_of(PNETADAPTEREXT_INIT handle,
						   const struct cx_site *at);

struct cx13_extension_init *cx13_extension_init_allocate(struct cx13_adapter_init *init);

#endif
