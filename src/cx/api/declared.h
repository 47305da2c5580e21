/* SPDX-License-Identifier: MIT */
/*
 * What an adapter declares, between the public structures and the core's. All versions of
 * NetAdapterCx spell these alike and each has its own, so this is compiled into each shape: it
 * comes after the version's netadaptercx.h.
 */
#ifndef CX_API_DECLARED_H
#define CX_API_DECLARED_H

#include <string.h>

#include "cx/types.h"
#include "cx/verify_declared.h"

/*
 * What a driver hands in is its own memory, to which other threads of it may write meanwhile: it is
 * read once, and what is checked is what counts. The DMA capabilities pointed to are copied, too.
 */
struct cx_datapath_caps {
	NET_ADAPTER_TX_CAPABILITIES tx;
	NET_ADAPTER_RX_CAPABILITIES rx;
	const void *tx_at, *rx_at; /* the driver's, for reports */
	NET_ADAPTER_DMA_CAPABILITIES tx_dma, rx_dma;
};

static inline void cx_read_datapath(const struct cx_site *at, const NET_ADAPTER_TX_CAPABILITIES *tx,
				    const NET_ADAPTER_RX_CAPABILITIES *rx,
				    struct cx_datapath_caps *caps)
{
	cx_verify_struct_size(at, (const ULONG *)tx, sizeof(*tx), "NET_ADAPTER_TX_CAPABILITIES",
			      "TxCapabilities");
	cx_verify_struct_size(at, (const ULONG *)rx, sizeof(*rx), "NET_ADAPTER_RX_CAPABILITIES",
			      "RxCapabilities");
	caps->tx = *tx;
	caps->rx = *rx;
	caps->tx_at = tx;
	caps->rx_at = rx;
	if (caps->tx.DmaCapabilities) {
		caps->tx_dma = *caps->tx.DmaCapabilities;
		caps->tx.DmaCapabilities = &caps->tx_dma;
	}
	/* In driver mode the field is none: EvtAdapterReturnRxBuffer lies over it, or nothing. */
	if (caps->rx.AllocationMode == NetRxFragmentBufferAllocationModeSystem &&
	    caps->rx.DmaCapabilities) {
		caps->rx_dma = *caps->rx.DmaCapabilities;
		caps->rx.DmaCapabilities = &caps->rx_dma;
	}
}

/* Later in the order of Windows than what they hold. */
static inline void cx_verify_dma_sizes(const struct cx_site *at,
				       const struct cx_datapath_caps *caps)
{
	if (caps->tx.DmaCapabilities)
		cx_verify_size(at, &caps->tx_dma, NET_ADAPTER_DMA_CAPABILITIES);
	if (caps->rx.AllocationMode == NetRxFragmentBufferAllocationModeSystem &&
	    caps->rx.DmaCapabilities)
		cx_verify_size(at, &caps->rx_dma, NET_ADAPTER_DMA_CAPABILITIES);
}

static inline struct cx_dma cx_dma_of(NET_MEMORY_MAPPING_REQUIREMENT requirement,
				      const NET_ADAPTER_DMA_CAPABILITIES *caps)
{
	uint64_t limit = caps ? (uint64_t)caps->MaximumPhysicalAddress.QuadPart : 0;

	return (struct cx_dma){
		.mapped = requirement == NetMemoryMappingRequirementDmaMapped && caps,
		.limit = limit ? limit : UINT64_MAX,
	};
}

static inline struct cx_link cx_link_of(const NET_ADAPTER_LINK_STATE *state)
{
	return (struct cx_link){
		.connection = state->MediaConnectState == MediaConnectStateConnected ? CX_CONNECTED
			      : state->MediaConnectState == MediaConnectStateDisconnected
				      ? CX_DISCONNECTED
				      : CX_CONNECTION_UNKNOWN,
		.tx_bps = state->TxLinkSpeed,
		.rx_bps = state->RxLinkSpeed,
		.full_duplex = state->MediaDuplexState == MediaDuplexStateFull,
		.duplex = (unsigned)state->MediaDuplexState,
		.pause_functions = (unsigned)state->SupportedPauseFunctions,
		.auto_negotiation = (unsigned)state->AutoNegotiationFlags,
	};
}

/* The driver's address, read once and verified. */
static inline struct cx_address cx_address_of(const struct cx_site *at,
					      const NET_ADAPTER_LINK_LAYER_ADDRESS *address)
{
	NET_ADAPTER_LINK_LAYER_ADDRESS given;
	struct cx_address own = { 0 };

	cx_verify_not_null(at, address, "LinkLayerAddress");
	given = *address;
	cx_verify_address_length(at, given.Length);
	own.length = (uint8_t)given.Length;
	memcpy(own.bytes, given.Address, given.Length);
	return own;
}

static inline void cx_put_address(NET_ADAPTER_LINK_LAYER_ADDRESS *to,
				  const struct cx_address *address)
{
	memset(to, 0, sizeof(*to));
	to->Length = address->length;
	memcpy(to->Address, address->bytes, address->length);
}

static inline void cx_verify_link(const struct cx_site *at, const NET_ADAPTER_LINK_STATE *state)
{
	cx_verify_link_state(at, state->MediaConnectState, state->MediaDuplexState,
			     (ULONG)state->SupportedPauseFunctions,
			     (ULONG)state->AutoNegotiationFlags);
}

#endif
