/* SPDX-License-Identifier: MIT */
/* An adapter's MTU. */
#include "cx/adapter.h"

static void tell_host(struct cx_adapter *a)
{
	a->host->ops->mtu_changed(a->host_context, a);
}

/* A change on a started adapter is indicated, and the queues are made anew. */
void cx_adapter_set_mtu(struct cx_adapter *a, uint32_t mtu)
{
	bool same = a->have_mtu && a->mtu == mtu;

	a->mtu = mtu;
	a->have_mtu = true;
	if (!same && cx_adapter_state(a) == CX_ADAPTER_STARTED)
		cx_adapter_changed(a, tell_host);
}
