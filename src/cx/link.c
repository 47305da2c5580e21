/* SPDX-License-Identifier: MIT */
/* An adapter's link, as its driver tells it. At DISPATCH_LEVEL too, from any thread. */
#include "cx/adapter.h"
#include "nt/event.h"

static bool same_link(const NET_ADAPTER_LINK_STATE *a, const NET_ADAPTER_LINK_STATE *b)
{
	return a->TxLinkSpeed == b->TxLinkSpeed && a->RxLinkSpeed == b->RxLinkSpeed &&
	       a->MediaConnectState == b->MediaConnectState &&
	       a->MediaDuplexState == b->MediaDuplexState &&
	       a->SupportedPauseFunctions == b->SupportedPauseFunctions &&
	       a->AutoNegotiationFlags == b->AutoNegotiationFlags;
}

void cx_adapter_emit_link(struct cx_adapter *a)
{
	NET_ADAPTER_LINK_STATE link;

	pthread_mutex_lock(&a->link_lock);
	link = a->link;
	pthread_mutex_unlock(&a->link_lock);
	if (link.MediaConnectState != MediaConnectStateConnected) {
		NT_EMIT0(NT_EVENT_LIFECYCLE, a->name, "LinkDown");
		return;
	}
	NT_EMIT(NT_EVENT_LIFECYCLE, a->name, "LinkUp", NT_UINT("tx_bps", link.TxLinkSpeed),
		NT_UINT("rx_bps", link.RxLinkSpeed),
		NT_BOOL("full_duplex", link.MediaDuplexState == MediaDuplexStateFull));
}

/* Before the start it is only kept: the general attributes carry it then. */
void cx_adapter_set_link(struct cx_adapter *a, const NET_ADAPTER_LINK_STATE *state)
{
	bool changed;

	pthread_mutex_lock(&a->link_lock);
	changed = !same_link(&a->link, state);
	a->link = *state;
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
	up = a->link.MediaConnectState == MediaConnectStateConnected;
	if (tx_bps)
		*tx_bps = up ? a->link.TxLinkSpeed : 0;
	if (rx_bps)
		*rx_bps = up ? a->link.RxLinkSpeed : 0;
	pthread_mutex_unlock(&a->link_lock);
	return up;
}
