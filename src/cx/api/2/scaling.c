/* SPDX-License-Identifier: MIT */
/* Receive scaling of 2.x: the callbacks that all versions have. */
#include "cx/api/2/adapter.h"
#include "cx/api/2/client.h"
#include "cx/api/scaling_callbacks.h"

void cx2_check_scaling(struct cx_adapter *a)
{
	cx_verify_scaling_callbacks(a, &cx2_adapter(a)->scaling);
}

NTSTATUS cx2_set_hash_key(struct cx_adapter *a, const uint8_t *key, size_t length)
{
	return cx_call_set_hash_key(a, &cx2_adapter(a)->scaling, key, length);
}

NTSTATUS cx2_enable_scaling(struct cx_adapter *a, uint32_t protocols)
{
	return cx_call_enable_scaling(a, &cx2_adapter(a)->scaling, protocols);
}

void cx2_disable_scaling(struct cx_adapter *a)
{
	cx_call_disable_scaling(a, &cx2_adapter(a)->scaling);
}

NTSTATUS cx2_set_entries(struct cx_adapter *a, struct cx_scaling_entry *entries, size_t count,
			 unsigned queues)
{
	return cx_call_set_entries(a, &cx2_adapter(a)->scaling, entries, count, queues);
}
