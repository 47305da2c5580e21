/* SPDX-License-Identifier: MIT */
/* The rules for what an adapter declares of itself. */
#include "cx/api/1.3/verifier.h"
#include "cx/verify_declared.h"

/* Which field of a NET_ADAPTER_TX/RX_CAPABILITIES is wrong: parameter 3. */
enum { DMA_CAPABILITIES = 1, QUEUES = 2, ALIGNMENT = 3, RING_HINT = 4 };

static void verify_dma(const struct cx_site *at, enum cx_rule rule, const void *caps,
		       NET_MEMORY_MAPPING_REQUIREMENT mapping,
		       const NET_ADAPTER_DMA_CAPABILITIES *dma)
{
	cx_verify_dma_caps(at, rule, caps, mapping != NetMemoryMappingRequirementDmaMapped || dma,
			   DMA_CAPABILITIES,
			   "MappingRequirement is DmaMapped and DmaCapabilities is NULL.");
}

void cx13_verify_tx_capabilities(const struct cx_site *at, const NET_ADAPTER_TX_CAPABILITIES *tx,
				 const void *caps)
{
	static const enum cx_rule rule = CX_INVALID_ADAPTER_TX_CAPABILITIES;

	verify_dma(at, rule, caps, tx->MappingRequirement, tx->DmaCapabilities);
	cx_verify_queue_count(at, rule, caps, tx->MaximumNumberOfQueues, QUEUES, "transmit");
	cx_verify_tx_alignment(at, caps, tx->FragmentBufferAlignment, ALIGNMENT);
	cx_verify_ring_hint(at, tx->FragmentRingNumberOfElementsHint, RING_HINT);
}

void cx13_verify_rx_capabilities(const struct cx_site *at, const NET_ADAPTER_RX_CAPABILITIES *rx,
				 const void *caps)
{
	static const enum cx_rule rule = CX_INVALID_ADAPTER_RX_CAPABILITIES;
	bool driver_allocates = rx->AllocationMode == NetRxFragmentBufferAllocationModeDriver;

	/* The fields of system mode lie over EvtAdapterReturnRxBuffer: they mean nothing then. */
	if (driver_allocates)
		cx_verify_driver_buffers(at, caps, rx->AttachmentMode,
					 rx->AttachmentMode ==
						 NetRxFragmentBufferAttachmentModeDriver,
					 rx->EvtAdapterReturnRxBuffer);
	else
		verify_dma(at, rule, caps, rx->MappingRequirement, rx->DmaCapabilities);
	cx_verify_queue_count(at, rule, caps, rx->MaximumNumberOfQueues, QUEUES, "receive");
	if (!driver_allocates)
		cx_verify_rx_alignment(at, rx->FragmentBufferAlignment, ALIGNMENT);
	cx_verify_ring_hint(at, rx->FragmentRingNumberOfElementsHint, RING_HINT);
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
