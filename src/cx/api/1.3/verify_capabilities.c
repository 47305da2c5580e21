/* SPDX-License-Identifier: MIT */
/* The rules for what an adapter declares of itself. */
#include "cx/api/1.3/verifier.h"

static bool power_of_two(uint64_t value)
{
	return value && !(value & (value - 1));
}

/* Which field of a NET_ADAPTER_TX/RX_CAPABILITIES is wrong: parameter 3. */
enum { DRIVER_BUFFERS = 0, DMA_CAPABILITIES = 1, QUEUES = 2, ALIGNMENT = 3, RING_HINT = 4 };

static bool alignment_ok(uint64_t alignment)
{
	return alignment == (SIZE_T)NET_ADAPTER_FRAGMENT_DEFAULT_ALIGNMENT ||
	       power_of_two(alignment);
}

void cx13_verify_tx_capabilities(const struct cx_site *at, const NET_ADAPTER_TX_CAPABILITIES *tx)
{
	uint64_t address = (uintptr_t)tx;

	if (tx->MappingRequirement == NetMemoryMappingRequirementDmaMapped && !tx->DmaCapabilities)
		cx_violation(at, CX_INVALID_ADAPTER_TX_CAPABILITIES, address, DMA_CAPABILITIES,
			     "DMA mapping needs the capabilities of the DMA enabler.",
			     "MappingRequirement is DmaMapped and DmaCapabilities is NULL.");
	if (tx->MaximumNumberOfQueues == 0)
		cx_violation(at, CX_INVALID_ADAPTER_TX_CAPABILITIES, address, QUEUES,
			     "An adapter has at least one transmit queue.",
			     "MaximumNumberOfQueues is 0.");
	if (!alignment_ok(tx->FragmentBufferAlignment))
		cx_violation(at, CX_INVALID_ADAPTER_TX_CAPABILITIES, address, ALIGNMENT,
			     "The alignment is a power of two or the default.",
			     "FragmentBufferAlignment is %zu.",
			     (size_t)tx->FragmentBufferAlignment);
	if (tx->FragmentRingNumberOfElementsHint &&
	    !power_of_two(tx->FragmentRingNumberOfElementsHint))
		cx_violation(at, CX_NOT_POWER_OF_TWO, tx->FragmentRingNumberOfElementsHint,
			     RING_HINT, "The size of a ring is a power of two; 0 is no hint.",
			     "FragmentRingNumberOfElementsHint is %zu.",
			     (size_t)tx->FragmentRingNumberOfElementsHint);
}

void cx13_verify_rx_capabilities(const struct cx_site *at, const NET_ADAPTER_RX_CAPABILITIES *rx)
{
	uint64_t address = (uintptr_t)rx;
	bool driver_allocates = rx->AllocationMode == NetRxFragmentBufferAllocationModeDriver;

	if (driver_allocates && (rx->AttachmentMode != NetRxFragmentBufferAttachmentModeDriver ||
				 !rx->EvtAdapterReturnRxBuffer))
		cx_violation(
			at, CX_INVALID_ADAPTER_RX_CAPABILITIES, address, DRIVER_BUFFERS,
			"A driver that allocates receive buffers attaches them itself and takes them back in EvtAdapterReturnRxBuffer.",
			"AttachmentMode is %d, EvtAdapterReturnRxBuffer is %s.",
			(int)rx->AttachmentMode, rx->EvtAdapterReturnRxBuffer ? "set" : "NULL");
	/* The fields below lie over EvtAdapterReturnRxBuffer: they mean nothing in driver mode. */
	if (!driver_allocates && rx->MappingRequirement == NetMemoryMappingRequirementDmaMapped &&
	    !rx->DmaCapabilities)
		cx_violation(at, CX_INVALID_ADAPTER_RX_CAPABILITIES, address, DMA_CAPABILITIES,
			     "DMA mapping needs the capabilities of the DMA enabler.",
			     "MappingRequirement is DmaMapped and DmaCapabilities is NULL.");
	if (rx->MaximumNumberOfQueues == 0)
		cx_violation(at, CX_INVALID_ADAPTER_RX_CAPABILITIES, address, QUEUES,
			     "An adapter has at least one receive queue.",
			     "MaximumNumberOfQueues is 0.");
	if (!driver_allocates && !alignment_ok(rx->FragmentBufferAlignment))
		cx_violation(at, CX_NOT_POWER_OF_TWO, rx->FragmentBufferAlignment, ALIGNMENT,
			     "The alignment is a power of two or the default.",
			     "FragmentBufferAlignment is %zu.",
			     (size_t)rx->FragmentBufferAlignment);
	if (rx->FragmentRingNumberOfElementsHint &&
	    !power_of_two(rx->FragmentRingNumberOfElementsHint))
		cx_violation(at, CX_NOT_POWER_OF_TWO, rx->FragmentRingNumberOfElementsHint,
			     RING_HINT, "The size of a ring is a power of two; 0 is no hint.",
			     "FragmentRingNumberOfElementsHint is %zu.",
			     (size_t)rx->FragmentRingNumberOfElementsHint);
}

/* All flags of netadapter.h, 1809. */
#define ALL_STATISTICS                                 \
	((ULONG)NET_ADAPTER_STATISTICS_XMIT_DISCARDS | \
	 (((ULONG)NET_ADAPTER_STATISTICS_GEN_STATISTICS << 1) - 1))
#define ALL_FILTERS                                                                           \
	((ULONG)(NET_PACKET_FILTER_TYPE_DIRECTED | NET_PACKET_FILTER_TYPE_MULTICAST |         \
		 NET_PACKET_FILTER_TYPE_ALL_MULTICAST | NET_PACKET_FILTER_TYPE_BROADCAST |    \
		 NET_PACKET_FILTER_TYPE_SOURCE_ROUTING | NET_PACKET_FILTER_TYPE_PROMISCUOUS | \
		 NET_PACKET_FILTER_TYPE_ALL_LOCAL | NET_PACKET_FILTER_TYPE_MAC_FRAME |        \
		 NET_PACKET_FILTER_TYPE_NO_LOCAL))

void cx13_verify_link_layer_capabilities(const struct cx_site *at,
					 const NET_ADAPTER_LINK_LAYER_CAPABILITIES *caps)
{
	ULONG statistics = (ULONG)caps->SupportedStatistics;
	ULONG filters = (ULONG)caps->SupportedPacketFilters;

	if (statistics & ~ALL_STATISTICS)
		cx_violation(at, CX_INVALID_LINK_LAYER_CAPABILITIES, 1, statistics,
			     "SupportedStatistics holds NET_ADAPTER_STATISTICS_FLAGS only.",
			     "SupportedStatistics is 0x%08x.", statistics);
	if (filters & ~ALL_FILTERS)
		cx_violation(at, CX_INVALID_LINK_LAYER_CAPABILITIES, 0, filters,
			     "SupportedPacketFilters holds NET_PACKET_FILTER_TYPES_FLAGS only.",
			     "SupportedPacketFilters is 0x%08x.", filters);
}

void cx13_verify_link_layer_address(const struct cx_site *at,
				    const NET_ADAPTER_LINK_LAYER_ADDRESS *address)
{
	cx_verify_not_null(at, address, "LinkLayerAddress");
	if (address->Length > NDIS_MAX_PHYS_ADDRESS_LENGTH)
		cx_violation(at, CX_MAC_ADDRESS_LENGTH_TOO_LONG, address->Length,
			     NDIS_MAX_PHYS_ADDRESS_LENGTH,
			     "A link layer address has at most 32 bytes.", "Length is %u.",
			     address->Length);
}

void cx13_verify_link_state(const struct cx_site *at, const NET_ADAPTER_LINK_STATE *state)
{
	static const char demand[] = "Each field holds a value of its enumeration.";
	ULONG negotiated = (ULONG)state->AutoNegotiationFlags;
	/* The four NET_ADAPTER_AUTO_NEGOTIATION_FLAGS. */
	ULONG known = 0xf;

	if ((ULONG)state->MediaConnectState > MediaConnectStateDisconnected)
		cx_violation(at, CX_INVALID_LINK_STATE, 0, (ULONG)state->MediaConnectState, demand,
			     "MediaConnectState is %d.", (int)state->MediaConnectState);
	if ((ULONG)state->MediaDuplexState > MediaDuplexStateFull)
		cx_violation(at, CX_INVALID_LINK_STATE, 1, (ULONG)state->MediaDuplexState, demand,
			     "MediaDuplexState is %d.", (int)state->MediaDuplexState);
	if ((ULONG)state->SupportedPauseFunctions > NetAdapterPauseFunctionsUnknown)
		cx_violation(at, CX_INVALID_LINK_STATE, 2, (ULONG)state->SupportedPauseFunctions,
			     demand, "SupportedPauseFunctions is %d.",
			     (int)state->SupportedPauseFunctions);
	if (negotiated & ~known)
		cx_violation(at, CX_INVALID_LINK_STATE, 3, negotiated,
			     "AutoNegotiationFlags holds NET_ADAPTER_AUTO_NEGOTIATION_FLAGS only.",
			     "AutoNegotiationFlags is 0x%x.", negotiated);
}

void cx13_verify_mtu(const struct cx_site *at, ULONG mtu)
{
	if (mtu == 0)
		cx_violation(at, CX_MTU_MUST_BE_GREATER_THAN_ZERO, 0, 0,
			     "The MTU counts the bytes of the largest IP packet.", "MtuSize is 0.");
}

void cx13_verify_lso_capabilities(const struct cx_site *at,
				  const NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES *caps)
{
	const char *family = caps->IPv4 ? "IPv4" : "IPv6";

	if (!caps->IPv4 && !caps->IPv6)
		return;
	if (caps->MaximumOffloadSize == 0)
		cx_violation(at, CX_INVALID_LSO_CAPABILITIES, 0, 1,
			     "A driver that offers LSO says how many payload bytes it takes.",
			     "%s is TRUE and MaximumOffloadSize is 0.", family);
	if (caps->MinimumSegmentCount == 0)
		cx_violation(at, CX_INVALID_LSO_CAPABILITIES, 0, 2,
			     "A driver that offers LSO says from how many segments on.",
			     "%s is TRUE and MinimumSegmentCount is 0.", family);
}

void cx13_verify_receive_scaling_capabilities(const struct cx_site *at,
					      const NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES *caps)
{
	ULONG outer = (ULONG)caps->ReceiveScalingEncapsulationTypes.Outer;
	ULONG inner = (ULONG)caps->ReceiveScalingEncapsulationTypes.Inner;
	/*
	 * 1809 compares with VXLan << 1, so that VLan (4) itself is refused; kept, since a driver
	 * on Windows would see just that.
	 */
	ULONG encapsulations = (ULONG)NetAdapterReceiveScalingEncapsulationTypeVXLan << 1;

	if (!power_of_two(caps->IndirectionTableSize))
		cx_violation(at, CX_NOT_POWER_OF_TWO, caps->IndirectionTableSize, 0,
			     "The indirection table's size is a power of two.",
			     "IndirectionTableSize is %zu.", (size_t)caps->IndirectionTableSize);
	if (!power_of_two(caps->NumberOfQueues))
		cx_violation(at, CX_NOT_POWER_OF_TWO, caps->NumberOfQueues, 0,
			     "The number of receive queues is a power of two.",
			     "NumberOfQueues is %zu.", (size_t)caps->NumberOfQueues);
	if ((ULONG)caps->ReceiveScalingHashTypes >= (ULONG)NetAdapterReceiveScalingHashTypeToeplitz
							    << 1)
		cx_violation(at, CX_INVALID_RECEIVE_SCALING_HASH_TYPE,
			     (ULONG)caps->ReceiveScalingHashTypes, 0,
			     "The only hash type is Toeplitz (1).",
			     "ReceiveScalingHashTypes is 0x%x.",
			     (ULONG)caps->ReceiveScalingHashTypes);
	if ((ULONG)caps->ReceiveScalingProtocolTypes >=
	    (ULONG)NetAdapterReceiveScalingProtocolTypeUdp << 1)
		cx_violation(at, CX_INVALID_RECEIVE_SCALING_PROTOCOL_TYPE,
			     (ULONG)caps->ReceiveScalingProtocolTypes, 0,
			     "Protocol types are flags from IPv4 (1) to Udp (32).",
			     "ReceiveScalingProtocolTypes is 0x%x.",
			     (ULONG)caps->ReceiveScalingProtocolTypes);
	if (outer >= encapsulations)
		cx_violation(at, CX_INVALID_RECEIVE_SCALING_ENCAPSULATION_TYPE, outer, 0,
			     "Encapsulation types are the flags NVGre (1) and VXLan (2).",
			     "ReceiveScalingEncapsulationTypes.Outer is 0x%x.", outer);
	if (inner >= encapsulations)
		cx_violation(at, CX_INVALID_RECEIVE_SCALING_ENCAPSULATION_TYPE, inner, 0,
			     "Encapsulation types are the flags NVGre (1) and VXLan (2).",
			     "ReceiveScalingEncapsulationTypes.Inner is 0x%x.", inner);
}

/* A field of flags: its place in parameter 2, and what may be set. */
static void cx13_verify_power_flags(const struct cx_site *at, unsigned field, const char *name,
				    ULONG value, ULONG known)
{
	if (value & ~known)
		cx_violation(at, CX_INVALID_POWER_CAPABILITIES, field, value,
			     "Only flags of the field's own enumeration may be set.",
			     "%s is 0x%x; 0x%x are known.", name, value, known);
}

static void cx13_verify_power_unchanged(const struct cx_site *at, unsigned field, const char *name,
					uint64_t value, bool same)
{
	if (!same)
		cx_violation(at, CX_INVALID_POWER_CAPABILITIES, field, value,
			     "It must not change once the adapter is started.", "%s has changed.",
			     name);
}

void cx13_verify_power_capabilities(const struct cx_site *at,
				    const NET_ADAPTER_POWER_CAPABILITIES *caps,
				    const NET_ADAPTER_POWER_CAPABILITIES *old)
{
	cx13_verify_power_flags(at, 0, "Flags", (ULONG)caps->Flags,
				(ULONG)(NET_ADAPTER_POWER_WAKE_PACKET_INDICATION |
					NET_ADAPTER_POWER_SELECTIVE_SUSPEND));
	cx13_verify_power_flags(
		at, 1, "SupportedWakePatterns", (ULONG)caps->SupportedWakePatterns,
		(ULONG)(NET_ADAPTER_WAKE_BITMAP_PATTERN | NET_ADAPTER_WAKE_MAGIC_PACKET |
			NET_ADAPTER_WAKE_IPV4_TCP_SYN | NET_ADAPTER_WAKE_IPV6_TCP_SYN |
			NET_ADAPTER_WAKE_IPV4_DEST_ADDR_WILDCARD |
			NET_ADAPTER_WAKE_IPV6_DEST_ADDR_WILDCARD |
			NET_ADAPTER_WAKE_EAPOL_REQUEST_ID_MESSAGE));
	cx13_verify_power_flags(
		at, 2, "SupportedProtocolOffloads", (ULONG)caps->SupportedProtocolOffloads,
		(ULONG)(NET_ADAPTER_PROTOCOL_OFFLOAD_ARP | NET_ADAPTER_PROTOCOL_OFFLOAD_NS |
			NET_ADAPTER_PROTOCOL_OFFLOAD_80211_RSN_REKEY));
	cx13_verify_power_flags(
		at, 3, "SupportedWakeUpEvents", (ULONG)caps->SupportedWakeUpEvents,
		(ULONG)(NET_ADAPTER_WAKE_ON_MEDIA_CONNECT | NET_ADAPTER_WAKE_ON_MEDIA_DISCONNECT));
	cx13_verify_power_flags(at, 4, "SupportedMediaSpecificWakeUpEvents",
				(ULONG)caps->SupportedMediaSpecificWakeUpEvents,
				(ULONG)(NET_ADAPTER_WLAN_WAKE_ON_NLO_DISCOVERY |
					NET_ADAPTER_WLAN_WAKE_ON_AP_ASSOCIATION_LOST |
					NET_ADAPTER_WLAN_WAKE_ON_GTK_HANDSHAKE_ERROR |
					NET_ADAPTER_WLAN_WAKE_ON_4WAY_HANDSHAKE_REQUEST |
					NET_ADAPTER_WWAN_WAKE_ON_REGISTER_STATE |
					NET_ADAPTER_WWAN_WAKE_ON_SMS_RECEIVE |
					NET_ADAPTER_WWAN_WAKE_ON_USSD_RECEIVE |
					NET_ADAPTER_WWAN_WAKE_ON_PACKET_STATE |
					NET_ADAPTER_WWAN_WAKE_ON_UICC_CHANGE));
	if (!old)
		return;
	cx13_verify_power_unchanged(at, 5, "EvtAdapterPreviewWakePattern",
				    (uintptr_t)caps->EvtAdapterPreviewWakePattern,
				    caps->EvtAdapterPreviewWakePattern ==
					    old->EvtAdapterPreviewWakePattern);
	cx13_verify_power_unchanged(at, 6, "EvtAdapterPreviewProtocolOffload",
				    (uintptr_t)caps->EvtAdapterPreviewProtocolOffload,
				    caps->EvtAdapterPreviewProtocolOffload ==
					    old->EvtAdapterPreviewProtocolOffload);
	cx13_verify_power_unchanged(
		at, 7, "ManageS0IdlePowerReferences", (ULONG)caps->ManageS0IdlePowerReferences,
		caps->ManageS0IdlePowerReferences == old->ManageS0IdlePowerReferences);
}
