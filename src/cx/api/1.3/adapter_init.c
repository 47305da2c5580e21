/* SPDX-License-Identifier: MIT */
#include "cx/api/1.3/adapter_init.h"

#include "cx/api/1.3/adapter.h"

#define EXTENSION_INIT_MAGIC 0x69747865u

/* There is one, whoever asks first. */
static bool promise_default(struct cx_device *device)
{
	bool free;

	cx_power_lock(device);
	free = !device->default_adapter && !device->default_promised;
	if (free)
		device->default_promised = true;
	cx_power_unlock(device);
	return free;
}

static void take_back_default(struct cx_device *device)
{
	cx_power_lock(device);
	device->default_promised = false;
	cx_power_unlock(device);
}

struct cx13_adapter_init *cx13_adapter_init_allocate(struct cx_device *device, bool is_default,
						     const void *caller)
{
	struct cx13_adapter_init *init;

	if (is_default && !promise_default(device)) {
		nt_log(device->name,
		       "the device has its one default adapter already; NetAdapterInitAllocate is for any other");
		return NULL;
	}
	init = cx_adapter_init_allocate(device, sizeof(*init), caller);
	if (init)
		init->is_default = is_default;
	else if (is_default)
		take_back_default(device);
	return init;
}

void cx13_adapter_init_free(struct cx13_adapter_init *init)
{
	if (init->is_default)
		take_back_default(init->core.device);
	init->extension.magic = 0;
	cx_adapter_init_free(&init->core);
}

struct cx13_adapter_init *cx13_adapter_init_of(PNETADAPTER_INIT handle, const struct cx_site *at)
{
	cx_verify_adapter_init(at, handle,
			       "NetDefaultAdapterInitAllocate or NetAdapterInitAllocate");
	return (struct cx13_adapter_init *)handle;
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

struct cx13_extension_init *cx13_extension_init_allocate(struct cx13_adapter_init *init)
{
	init->extension.magic = EXTENSION_INIT_MAGIC;
	init->extension.init = init;
	return &init->extension;
}
