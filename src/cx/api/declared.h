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

/* @address: verified, no longer than the core's */
static inline struct cx_address cx_address_of(const NET_ADAPTER_LINK_LAYER_ADDRESS *address)
{
	struct cx_address own = { .length = (uint8_t)address->Length };

	memcpy(own.bytes, address->Address, own.length);
	return own;
}

static inline void cx_put_address(NET_ADAPTER_LINK_LAYER_ADDRESS *to,
				  const struct cx_address *address)
{
	memset(to, 0, sizeof(*to));
	to->Length = address->length;
	memcpy(to->Address, address->bytes, address->length);
}

static inline void cx_verify_address(const struct cx_site *at,
				     const NET_ADAPTER_LINK_LAYER_ADDRESS *address)
{
	cx_verify_not_null(at, address, "LinkLayerAddress");
	cx_verify_address_length(at, address->Length);
}

static inline void cx_verify_link(const struct cx_site *at, const NET_ADAPTER_LINK_STATE *state)
{
	cx_verify_link_state(at, state->MediaConnectState, state->MediaDuplexState,
			     (ULONG)state->SupportedPauseFunctions,
			     (ULONG)state->AutoNegotiationFlags);
}

#endif
