/* SPDX-License-Identifier: MIT */
/* An adapter's permanent and current link layer address. */
#include <string.h>

#include "cx/adapter.h"

void cx_adapter_set_permanent_address(struct cx_adapter *a, const struct cx_address *address)
{
	a->permanent_address = *address;
}

static void tell_host(struct cx_adapter *a)
{
	a->host->ops->address_changed(a->host_context, a);
}

/* NDIS hears of it when it changes on a started adapter. */
void cx_adapter_set_current_address(struct cx_adapter *a, const struct cx_address *address)
{
	bool same = a->current_address.length == address->length &&
		    !memcmp(a->current_address.bytes, address->bytes, address->length);

	a->current_address = *address;
	if (!same && cx_adapter_state(a) == CX_ADAPTER_STARTED)
		cx_adapter_changed(a, tell_host);
}

/* At start each fills the other; both given, they must be of the same length. */
NTSTATUS cx_adapter_complete_addresses(struct cx_adapter *a)
{
	if (!a->permanent_address.length)
		a->permanent_address = a->current_address;
	if (!a->current_address.length)
		a->current_address = a->permanent_address;
	if (a->permanent_address.length == a->current_address.length)
		return STATUS_SUCCESS;
	nt_log(a->name,
	       "NetAdapterStart fails: the permanent address has %u bytes, the current one %u",
	       a->permanent_address.length, a->current_address.length);
	return STATUS_INVALID_PARAMETER;
}
