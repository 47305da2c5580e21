/* SPDX-License-Identifier: MIT */
/* An adapter's link, as its driver tells it. At DISPATCH_LEVEL too, from any thread. */
#include "cx/adapter.h"
#include "nt/event.h"

static bool same_link(const struct cx_link *a, const struct cx_link *b)
{
	return a->tx_bps == b->tx_bps && a->rx_bps == b->rx_bps && a->connection == b->connection &&
	       a->duplex == b->duplex && a->pause_functions == b->pause_functions &&
	       a->auto_negotiation == b->auto_negotiation;
}

void cx_adapter_emit_link(struct cx_adapter *a)
{
	struct cx_link link;

	pthread_mutex_lock(&a->link_lock);
	link = a->link;
	pthread_mutex_unlock(&a->link_lock);
	if (link.connection != CX_CONNECTED) {
		NT_EMIT0(NT_EVENT_LIFECYCLE, a->name, "LinkDown");
		return;
	}
	NT_EMIT(NT_EVENT_LIFECYCLE, a->name, "LinkUp", NT_UINT("tx_bps", link.tx_bps),
		NT_UINT("rx_bps", link.rx_bps), NT_BOOL("full_duplex", link.full_duplex));
}

/* Before the start it is only kept: the general attributes carry it then. */
void cx_adapter_set_link(struct cx_adapter *a, const struct cx_link *link)
{
	bool changed;

	pthread_mutex_lock(&a->link_lock);
	changed = !same_link(&a->link, link);
	a->link = *link;
	pthread_mutex_unlock(&a->link_lock);
	if (!changed || cx_adapter_state(a) != CX_ADAPTER_STARTED)
		return;
	cx_adapter_emit_link(a);
	a->host->ops->link_changed(a->host_context, a);
}

bool cx_adapter_link_up(struct cx_adapter *a, uint64_t *tx_bps, uint64_t *rx_bps)
{
	bool up;

	pthread_mutex_lock(&a->link_lock);
	up = a->link.connection == CX_CONNECTED;
	if (tx_bps)
		*tx_bps = up ? a->link.tx_bps : 0;
	if (rx_bps)
		*rx_bps = up ? a->link.rx_bps : 0;
	pthread_mutex_unlock(&a->link_lock);
	return up;
}
