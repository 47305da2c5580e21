/* SPDX-License-Identifier: MIT */
/* The rules for offloads. Parameters 2 and 3 are those of 21H2. */
#include "cx/adapter.h"
#include "cx/api/2/offload.h"
#include "cx/api/2/verifier.h"

#define ANY_L4  (CX_L4_ALL_TCP | CX_L4_UDP)
#define PLAIN_3 (CX_L3_IPV4 | CX_L3_IPV6)

static void verify_layer3_options(const struct cx_site *at, unsigned l3)
{
	if (l3 & CX_L3_IPV4_OPTIONS && !(l3 & CX_L3_IPV4))
		cx_violation(at, CX_INVALID_TX_CHECKSUM_CAPABILITIES, l3, 0,
			     "Hardware that takes IPv4 with options takes it without, too.",
			     "Layer3Flags is 0x%x: IPv4WithOptions without IPv4NoOptions.", l3);
	if (l3 & CX_L3_IPV6_EXTENSIONS && !(l3 & CX_L3_IPV6))
		cx_violation(
			at, CX_INVALID_TX_CHECKSUM_CAPABILITIES, l3, 1,
			"Hardware that takes IPv6 with extension headers takes it without, too.",
			"Layer3Flags is 0x%x: IPv6WithExtensions without IPv6NoExtensions.", l3);
}

static void verify_layer4_options(const struct cx_site *at, enum cx_rule rule, unsigned l4,
				  uint64_t field)
{
	if (l4 & CX_L4_TCP_OPTIONS && !(l4 & CX_L4_TCP))
		cx_violation(at, rule, l4, field,
			     "Hardware that takes TCP with options takes it without, too.",
			     "Layer4Flags is 0x%x: TcpWithOptions without TcpNoOptions.", l4);
}

void cx2_verify_tx_checksum_capabilities(const struct cx_site *at,
					 const NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES *caps)
{
	unsigned l3 = (unsigned)caps->Layer3Flags, l4 = (unsigned)caps->Layer4Flags;

	verify_layer3_options(at, l3);
	verify_layer4_options(at, CX_INVALID_TX_CHECKSUM_CAPABILITIES, l4, 2);
	if (!(l3 & CX_L3_ALL) && !(l4 & ANY_L4))
		cx_violation(at, CX_INVALID_TX_CHECKSUM_HARDWARE_CAPABILITIES, l3, l4,
			     "A driver that declares transmit checksums says for which packets.",
			     "Layer3Flags is 0x%x and Layer4Flags 0x%x: none.", l3, l4);
	if (l3 & CX_L3_IPV6 && !(l4 & ANY_L4) && !(l3 & CX_L3_IPV4))
		cx_violation(at, CX_INVALID_TX_CHECKSUM_IPV6_FLAGS, l3, 0,
			     "IPv6 has no header checksum: it goes with a layer 4 flag.",
			     "Layer3Flags is 0x%x and Layer4Flags is 0.", l3);
}

static void verify_gso_sizes(const struct cx_site *at, enum cx_rule rule, size_t maximum,
			     size_t minimum)
{
	if (!maximum)
		cx_violation(
			at, rule, 0, 1,
			"A driver that offers segmentation says how many payload bytes it takes.",
			"MaximumOffloadSize is 0.");
	if (!minimum)
		cx_violation(at, rule, 0, 2,
			     "A driver that offers segmentation says from how many segments on.",
			     "MinimumSegmentCount is 0.");
}

void cx2_verify_gso_capabilities(const struct cx_site *at,
				 const NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES *caps)
{
	unsigned l3 = (unsigned)caps->Layer3Flags, l4 = (unsigned)caps->Layer4Flags;

	if (l3 & PLAIN_3 && l4 & (CX_L4_TCP | CX_L4_UDP))
		verify_gso_sizes(at, CX_INVALID_GSO_CAPABILITIES, caps->MaximumOffloadSize,
				 caps->MinimumSegmentCount);
	verify_layer4_options(at, CX_INVALID_GSO_CAPABILITIES, l4, 3);
	if (!(l3 & CX_L3_ALL) && !(l4 & ANY_L4))
		cx_violation(at, CX_INVALID_GSO_HARDWARE_CAPABILITIES, l3, l4,
			     "A driver that declares segmentation says for which packets.",
			     "Layer3Flags is 0x%x and Layer4Flags 0x%x: none.", l3, l4);
}

void cx2_verify_preview_lso(const struct cx_site *at,
			    const NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES *caps)
{
	if (caps->IPv4 || caps->IPv6)
		verify_gso_sizes(at, CX_INVALID_LSO_CAPABILITIES, caps->MaximumOffloadSize,
				 caps->MinimumSegmentCount);
}

/*
 * Windows hands out the address of a structure on its stack and knows it by its Size: what is kept
 * reads as whatever is there later. The sizes here are those of the public capabilities.
 */
void cx2_verify_netoffload(const struct cx_site *at, const struct cx2_netoffload *offload,
			   enum cx2_offload_kind kind)
{
	static const struct {
		const char *callback;
		size_t size;
	} kinds[CX2_OFFLOAD_KINDS] = {
		[CX2_OFFLOAD_CHECKSUM] = { "EvtNetAdapterOffloadSetChecksum",
					   sizeof(NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES) },
		[CX2_OFFLOAD_TX_CHECKSUM] = { "EvtNetAdapterOffloadSetTxChecksum",
					      sizeof(NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES) },
		[CX2_OFFLOAD_RX_CHECKSUM] = { "EvtNetAdapterOffloadSetRxChecksum",
					      sizeof(NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES) },
		[CX2_OFFLOAD_GSO] = { "EvtNetAdapterOffloadSetGso",
				      sizeof(NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES) },
		[CX2_OFFLOAD_RSC] = { "EvtNetAdapterOffloadSetRsc",
				      sizeof(NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES) },
	};

	cx_verify_not_null(at, offload, "Offload");
	if (offload->magic != CX2_NETOFFLOAD_MAGIC || offload->kind == CX2_OFFLOAD_NONE)
		cx_violation(
			at, CX_INVALID_STRUCT_TYPE_SIZE, 0, kinds[kind].size,
			"A NETOFFLOAD is good inside the offload callback that it is given to, until that returns.",
			"%p is no NETOFFLOAD in use: it was kept after the call, or never was one.",
			(const void *)offload);
	if (offload->kind != kind)
		cx_violation(at, CX_INVALID_STRUCT_TYPE_SIZE, kinds[offload->kind].size,
			     kinds[kind].size,
			     "Each offload callback's NETOFFLOAD is asked about its own offload.",
			     "This one was given to %s; the question is for %s.",
			     kinds[offload->kind].callback, kinds[kind].callback);
}

void cx2_verify_not_deprecated(const struct cx_site *at, unsigned minor, unsigned index)
{
	if (minor)
		cx_violation(
			at, CX_DEPRECATED_FUNCTION, 2u << 16 | minor, index,
			"Above 2.0 checksums are declared by direction: NetAdapterOffloadSetTxChecksumCapabilities and NetAdapterOffloadSetRxChecksumCapabilities.",
			"A driver for NetAdapterCx 2.%u calls it.", minor);
}

void cx2_verify_adapter_started(const struct cx_site *at, const struct cx_adapter *adapter)
{
	if (cx_adapter_state(adapter) != CX_ADAPTER_STARTED)
		cx_violation(at, CX_ADAPTER_NOT_STARTED, 0, 0,
			     "It is called between NetAdapterStart and NetAdapterStop.",
			     "The adapter is not started.");
}

void cx2_verify_offload_paused(const struct cx_site *at, const struct cx_adapter *adapter)
{
	if (!adapter->offload.paused)
		cx_violation(at, CX_OFFLOAD_NOT_PAUSED, 0, 0,
			     "NetAdapterPauseOffloadCapabilities comes first.",
			     "The adapter's offloads are not paused.");
}
