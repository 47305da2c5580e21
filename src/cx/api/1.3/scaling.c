/* SPDX-License-Identifier: MIT */
/* Receive scaling of 1.3: the callbacks that all versions have. */
#include "cx/api/1.3/scaling.h"

#include "cx/api/scaling_callbacks.h"

void cx13_declare_scaling(struct cx13_adapter *a,
			  const NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES *capabilities)
{
	const struct cx_scaling_caps caps = cx_scaling_caps_of(capabilities);

	a->scaling = *capabilities;
	cx_scaling_declare(&a->core.scaling, &caps);
}

void cx13_check_scaling(struct cx_adapter *a)
{
	cx_verify_scaling_callbacks(a, &cx13_adapter(a)->scaling);
}

NTSTATUS cx13_set_hash_key(struct cx_adapter *a, const uint8_t *key, size_t length)
{
	return cx_call_set_hash_key(a, &cx13_adapter(a)->scaling, key, length);
}

NTSTATUS cx13_enable_scaling(struct cx_adapter *a, uint32_t protocols)
{
	return cx_call_enable_scaling(a, &cx13_adapter(a)->scaling, protocols);
}

void cx13_disable_scaling(struct cx_adapter *a)
{
	cx_call_disable_scaling(a, &cx13_adapter(a)->scaling);
}

NTSTATUS cx13_set_entries(struct cx_adapter *a, struct cx_scaling_entry *entries, size_t count,
			  unsigned queues)
{
	return cx_call_set_entries(a, &cx13_adapter(a)->scaling, entries, count, queues);
}
