/* SPDX-License-Identifier: MIT */
#include "cx/api/1.3/adapter_init.h"

#include <stdlib.h>

#include "cx/api/1.3/adapter.h"

#define INIT_MAGIC           0x6e696461u
#define EXTENSION_INIT_MAGIC 0x69747865u

struct cx13_adapter_init *cx13_adapter_init_allocate(struct cx_device *device, bool is_default)
{
	struct cx13_adapter_init *init;

	if (is_default && (device->default_adapter || device->default_promised)) {
		nt_log(device->name,
		       "the device has its one default adapter already; NetAdapterInitAllocate is for any other");
		return NULL;
	}
	init = calloc(1, sizeof(*init));
	if (!init)
		return NULL;
	init->magic = INIT_MAGIC;
	init->device = device;
	init->is_default = is_default;
	if (is_default)
		device->default_promised = true;
	return init;
}

void cx13_adapter_init_free(struct cx13_adapter_init *init)
{
	if (init->is_default)
		init->device->default_promised = false;
	init->magic = 0;
	init->extension.magic = 0;
	free(init);
}

struct cx13_adapter_init *cx13_adapter_init_of(PNETADAPTER_INIT handle, const struct cx_site *at)
{
	struct cx13_adapter_init *init = (struct cx13_adapter_init *)handle;

	if (!init || init->magic != INIT_MAGIC)
		cx_violation(
			at, CX_INVALID_NET_ADAPTER_INIT_SIGNATURE, (uintptr_t)init, 0,
			"AdapterInit comes from NetDefaultAdapterInitAllocate or NetAdapterInitAllocate and was not freed.",
			"%p is no such object.", (void *)init);
	return init;
}

struct cx13_extension_init *cx13_extension_init_of(PNETADAPTEREXT_INIT handle,
						   const struct cx_site *at)
{
	struct cx13_extension_init *extension = (struct cx13_extension_init *)handle;

	if (!extension || extension->magic != EXTENSION_INIT_MAGIC)
		cx_violation(at, CX_INVALID_NET_ADAPTER_EXTENSION_INIT_SIGNATURE,
			     (uintptr_t)extension, 0,
			     "AdapterExtensionInit comes from NetAdapterExtensionInitAllocate.",
			     "%p is no such object.", (void *)extension);
	return extension;
}

void cx13_verify_init_not_used(const struct cx_site *at, const struct cx13_adapter_init *init)
{
	if (init->adapter)
		cx_violation(
			at, CX_NET_ADAPTER_INIT_ALREADY_USED, (uintptr_t)init, 0,
			"One adapter is made of one init object, and nothing of it is changed afterwards.",
			"AdapterInit %p has made adapter \"%s\".", (const void *)init,
			init->adapter->name);
}

struct cx13_extension_init *cx13_extension_init_allocate(struct cx13_adapter_init *init)
{
	init->extension.magic = EXTENSION_INIT_MAGIC;
	init->extension.init = init;
	return &init->extension;
}
