/* SPDX-License-Identifier: MIT */
/*
 * NETADAPTER_INIT: what a driver collects before NetAdapterCreate. The core's part of it; the
 * shape's own follows.
 */
#ifndef CX_ADAPTER_INIT_H
#define CX_ADAPTER_INIT_H

#include <wdf.h>

#include "cx/verifier.h"

struct cx_adapter;
struct cx_device;

/* Owned by the driver, from NetAdapterInitAllocate to NetAdapterInitFree. */
struct cx_adapter_init {
	uint32_t magic;
	struct cx_device *device;
	struct cx_adapter *adapter; /* made of it; then it is used up */
	bool have_request_attributes;
	WDF_OBJECT_ATTRIBUTES request_attributes; /* of each NETREQUEST */
};

/*
 * cx_adapter_init_allocate() - an init object of @size bytes that begins with the core's part
 * @caller: in the driver, for the report when it is never freed
 * Return: NULL: no memory.
 */
void *cx_adapter_init_allocate(struct cx_device *device, size_t size, const void *caller);
void cx_adapter_init_free(struct cx_adapter_init *init);

/*
 * cx_verify_adapter_init() - InvalidNetAdapterInitSignature: a driver's pointer is an init object
 * @from: the calls that make one, for the report: "NetAdapterInitAllocate"
 */
void cx_verify_adapter_init(const struct cx_site *at, const void *init, const char *from);

/* cx_verify_init_not_used() - NetAdapterInitAlreadyUsed: one adapter per init object */
void cx_verify_init_not_used(const struct cx_site *at, const struct cx_adapter_init *init);

/*
 * cx_set_request_attributes() - NetAdapterInitSetNetRequestAttributes, of an unused object
 * @attributes: copied
 */
void cx_set_request_attributes(const struct cx_site *at, struct cx_adapter_init *init,
			       const WDF_OBJECT_ATTRIBUTES *attributes);

#endif
