/* SPDX-License-Identifier: MIT */
#include "cx/adapter_init.h"

#include <stdio.h>
#include <string.h>

#include "cx/adapter.h"
#include "nt/pool.h"

#define INIT_MAGIC 0x6e696461u

#define INIT_TAG   0x6964614e /* "Nadi" */

void *cx_adapter_init_allocate(struct cx_device *device, size_t size, const void *caller)
{
	struct cx_adapter_init *init = nt_pool_allocate(size, INIT_TAG, caller);

	if (!init)
		return NULL;
	memset(init, 0, size);
	init->magic = INIT_MAGIC;
	init->device = device;
	return init;
}

void cx_adapter_init_free(struct cx_adapter_init *init)
{
	init->magic = 0;
	nt_pool_free(init, INIT_TAG, "NetAdapterInitFree");
}

void cx_verify_adapter_init(const struct cx_site *at, const void *init, const char *from)
{
	const struct cx_adapter_init *own = init;
	char demand[160];

	if (own && nt_pool_has(own, INIT_TAG) && own->magic == INIT_MAGIC)
		return;
	snprintf(demand, sizeof(demand), "AdapterInit comes from %s and was not freed.", from);
	cx_violation(at, CX_INVALID_NET_ADAPTER_INIT_SIGNATURE, (uintptr_t)init, 0, demand,
		     "%p is no such object.", init);
}

void cx_verify_init_not_used(const struct cx_site *at, const struct cx_adapter_init *init)
{
	if (init->adapter)
		cx_violation(
			at, CX_NET_ADAPTER_INIT_ALREADY_USED, (uintptr_t)init, 0,
			"One adapter is made of one init object, and nothing of it is changed afterwards.",
			"AdapterInit %p has made adapter \"%s\".", (const void *)init,
			init->adapter->name);
}

void cx_set_request_attributes(const struct cx_site *at, struct cx_adapter_init *init,
			       const WDF_OBJECT_ATTRIBUTES *attributes)
{
	cx_verify_init_not_used(at, init);
	init->request_attributes = *attributes;
	init->have_request_attributes = true;
}
