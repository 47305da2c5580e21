/* SPDX-License-Identifier: MIT */
#include "cx/verify_declared.h"

static bool power_of_two(uint64_t value)
{
	return value && !(value & (value - 1));
}

void cx_verify_dma_caps(const struct cx_site *at, enum cx_rule rule, const void *caps, bool good,
			unsigned field, const char *passed)
{
	if (!good)
		cx_violation(at, rule, (uintptr_t)caps, field,
			     "DMA mapping needs the capabilities of the DMA enabler.", "%s",
			     passed);
}

void cx_verify_queue_count(const struct cx_site *at, enum cx_rule rule, const void *caps,
			   size_t queues, unsigned field, const char *direction)
{
	const char *demand = *direction == 't' ? "An adapter has at least one transmit queue."
					       : "An adapter has at least one receive queue.";

	if (queues == 0)
		cx_violation(at, rule, (uintptr_t)caps, field, demand,
			     "MaximumNumberOfQueues is 0.");
}

void cx_verify_ring_hint(const struct cx_site *at, uint64_t hint, unsigned field)
{
	if (hint && !power_of_two(hint))
		cx_violation(at, CX_NOT_POWER_OF_TWO, hint, field,
			     "The size of a ring is a power of two; 0 is no hint.",
			     "FragmentRingNumberOfElementsHint is %zu.", (size_t)hint);
}

static const char alignment_demand[] = "The alignment is a power of two or the default.";

/* The default is a power of two itself: 1. */
void cx_verify_tx_alignment(const struct cx_site *at, const void *caps, size_t alignment,
			    unsigned field)
{
	if (!power_of_two(alignment))
		cx_violation(at, CX_INVALID_ADAPTER_TX_CAPABILITIES, (uintptr_t)caps, field,
			     alignment_demand, "FragmentBufferAlignment is %zu.", alignment);
}

void cx_verify_rx_alignment(const struct cx_site *at, size_t alignment, unsigned field)
{
	if (!power_of_two(alignment))
		cx_violation(at, CX_NOT_POWER_OF_TWO, alignment, field, alignment_demand,
			     "FragmentBufferAlignment is %zu.", alignment);
}

void cx_verify_driver_buffers(const struct cx_site *at, const void *caps, int attachment,
			      bool driver_attaches, bool has_callback)
{
	if (!driver_attaches || !has_callback)
		cx_violation(
			at, CX_INVALID_ADAPTER_RX_CAPABILITIES, (uintptr_t)caps, 0,
			"A driver that allocates receive buffers attaches them itself and takes them back in EvtAdapterReturnRxBuffer.",
			"AttachmentMode is %d, EvtAdapterReturnRxBuffer is %s.", attachment,
			has_callback ? "set" : "NULL");
}

void cx_verify_address_length(const struct cx_site *at, unsigned length)
{
	if (length > NDIS_MAX_PHYS_ADDRESS_LENGTH)
		cx_violation(at, CX_MAC_ADDRESS_LENGTH_TOO_LONG, length,
			     NDIS_MAX_PHYS_ADDRESS_LENGTH,
			     "A link layer address has at most 32 bytes.", "Length is %u.", length);
}

void cx_verify_link_state(const struct cx_site *at, NET_IF_MEDIA_CONNECT_STATE connection,
			  NET_IF_MEDIA_DUPLEX_STATE duplex, ULONG pause_functions,
			  ULONG auto_negotiation)
{
	static const char demand[] = "Each field holds a value of its enumeration.";
	/* ...PauseFunctionsUnknown, and the four NET_ADAPTER_AUTO_NEGOTIATION_FLAGS. */
	const ULONG last_pause = 4, negotiated = 0xf;

	if ((ULONG)connection > MediaConnectStateDisconnected)
		cx_violation(at, CX_INVALID_LINK_STATE, 0, (ULONG)connection, demand,
			     "MediaConnectState is %d.", (int)connection);
	if ((ULONG)duplex > MediaDuplexStateFull)
		cx_violation(at, CX_INVALID_LINK_STATE, 1, (ULONG)duplex, demand,
			     "MediaDuplexState is %d.", (int)duplex);
	if (pause_functions > last_pause)
		cx_violation(at, CX_INVALID_LINK_STATE, 2, pause_functions, demand,
			     "SupportedPauseFunctions is %d.", (int)pause_functions);
	if (auto_negotiation & ~negotiated)
		cx_violation(at, CX_INVALID_LINK_STATE, 3, auto_negotiation,
			     "AutoNegotiationFlags holds NET_ADAPTER_AUTO_NEGOTIATION_FLAGS only.",
			     "AutoNegotiationFlags is 0x%x.", auto_negotiation);
}

void cx_verify_mtu(const struct cx_site *at, ULONG mtu)
{
	if (mtu == 0)
		cx_violation(at, CX_MTU_MUST_BE_GREATER_THAN_ZERO, 0, 0,
			     "The MTU counts the bytes of the largest IP packet.", "MtuSize is 0.");
}

static void verify_flags(const struct cx_site *at, enum cx_rule rule, ULONG value, ULONG limit,
			 const char *demand, const char *field)
{
	if (value >= limit)
		cx_violation(at, rule, value, 0, demand, "%s is 0x%x.", field, value);
}

void cx_verify_scaling(const struct cx_site *at, const struct cx_scaling_fields *f)
{
	/*
	 * Windows compares with VXLan << 1 (1809, 2004, 21H2), so that VLan (4) itself is refused;
	 * kept, since a driver on Windows would see just that.
	 */
	static const char encapsulations[] =
		"Encapsulation types are the flags NVGre (1) and VXLan (2).";

	if (!power_of_two(f->table_size))
		cx_violation(at, CX_NOT_POWER_OF_TWO, f->table_size, 0,
			     "The indirection table's size is a power of two.",
			     "IndirectionTableSize is %zu.", f->table_size);
	if (!power_of_two(f->queues))
		cx_violation(at, CX_NOT_POWER_OF_TWO, f->queues, 0,
			     "The number of receive queues is a power of two.",
			     "NumberOfQueues is %zu.", f->queues);
	verify_flags(at, CX_INVALID_RECEIVE_SCALING_HASH_TYPE, f->hash_types, 2,
		     "The only hash type is Toeplitz (1).", "ReceiveScalingHashTypes");
	verify_flags(at, CX_INVALID_RECEIVE_SCALING_PROTOCOL_TYPE, f->protocol_types, 64,
		     "Protocol types are flags from IPv4 (1) to Udp (32).",
		     "ReceiveScalingProtocolTypes");
	verify_flags(at, CX_INVALID_RECEIVE_SCALING_ENCAPSULATION_TYPE, f->outer, 4, encapsulations,
		     "ReceiveScalingEncapsulationTypes.Outer");
	verify_flags(at, CX_INVALID_RECEIVE_SCALING_ENCAPSULATION_TYPE, f->inner, 4, encapsulations,
		     "ReceiveScalingEncapsulationTypes.Inner");
}
