/* SPDX-License-Identifier: MIT */
/* What an adapter can do, as declared before each start. */
#include <string.h>

#include "cx/adapter.h"

/* The DMA capabilities are the driver's memory: copy them, and point our copies at the copies. */
void cx_adapter_set_datapath_capabilities(struct cx_adapter *a,
					  const NET_ADAPTER_TX_CAPABILITIES *tx,
					  const NET_ADAPTER_RX_CAPABILITIES *rx)
{
	bool rx_system = rx->AllocationMode == NetRxFragmentBufferAllocationModeSystem;

	a->tx = *tx;
	if (tx->DmaCapabilities) {
		a->tx_dma = *tx->DmaCapabilities;
		a->tx.DmaCapabilities = &a->tx_dma;
	}
	a->rx = *rx;
	/* In driver mode the field lies over EvtAdapterReturnRxBuffer. */
	if (rx_system && rx->DmaCapabilities) {
		a->rx_dma = *rx->DmaCapabilities;
		a->rx.DmaCapabilities = &a->rx_dma;
	}
	a->have_datapath_caps = true;
}

bool cx_adapter_capabilities_complete(const struct cx_adapter *a)
{
	const char *missing = !a->have_datapath_caps ? "NetAdapterSetDatapathCapabilities"
			      : !a->have_link_caps   ? "NetAdapterSetLinkLayerCapabilities"
			      : !a->have_mtu         ? "NetAdapterSetLinkLayerMtuSize"
						     : NULL;

	if (missing)
		nt_log(a->name, "NetAdapterStart fails: %s has not been called", missing);
	return !missing;
}

/* The link too: it is told again after the next start. */
void cx_adapter_forget_capabilities(struct cx_adapter *a)
{
	a->have_datapath_caps = a->have_link_caps = a->have_mtu = false;
	memset(&a->tx, 0, sizeof(a->tx));
	memset(&a->rx, 0, sizeof(a->rx));
	memset(&a->tx_dma, 0, sizeof(a->tx_dma));
	memset(&a->rx_dma, 0, sizeof(a->rx_dma));
	memset(&a->link_caps, 0, sizeof(a->link_caps));
	cx_scaling_forget(a);
	memset(&a->permanent_address, 0, sizeof(a->permanent_address));
	memset(&a->current_address, 0, sizeof(a->current_address));
	a->mtu = 0;
	pthread_mutex_lock(&a->link_lock);
	memset(&a->link, 0, sizeof(a->link));
	a->link.MediaConnectState = MediaConnectStateUnknown;
	pthread_mutex_unlock(&a->link_lock);
}
