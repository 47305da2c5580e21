/* SPDX-License-Identifier: MIT */
/*
 * Source: the pages NDIS_OFFLOAD_PARAMETERS and NDIS_OFFLOAD; where they are silent, what 1809
 * does.
 */
#include "ndis/offload_parameters.h"

#include <string.h>

/* MinSegmentCount of USO has six bits: what is more is cut, as the cast of 21H2 does. */
#define USO_SEGMENT_COUNT 0x3Fu

/* LSO, USO and RSC, of TCP and UDP, have the same codes. What is neither is no change. */
static enum cx_setting setting_of(UCHAR code)
{
	return code == NDIS_OFFLOAD_PARAMETERS_LSOV2_ENABLED    ? CX_ON
	       : code == NDIS_OFFLOAD_PARAMETERS_LSOV2_DISABLED ? CX_OFF
								: CX_SAME;
}

/* 1809 does not look at the range: what is not "disabled" enables. */
static struct cx_checksum_setting checksum_of(UCHAR code)
{
	switch (code) {
	case NDIS_OFFLOAD_PARAMETERS_NO_CHANGE:
		return (struct cx_checksum_setting){ CX_SAME, CX_SAME };
	case NDIS_OFFLOAD_PARAMETERS_TX_RX_DISABLED:
		return (struct cx_checksum_setting){ CX_OFF, CX_OFF };
	case NDIS_OFFLOAD_PARAMETERS_TX_ENABLED_RX_DISABLED:
		return (struct cx_checksum_setting){ CX_ON, CX_OFF };
	case NDIS_OFFLOAD_PARAMETERS_RX_ENABLED_TX_DISABLED:
		return (struct cx_checksum_setting){ CX_OFF, CX_ON };
	default:
		return (struct cx_checksum_setting){ CX_ON, CX_ON };
	}
}

static struct cx_offload_request decode(const NDIS_OFFLOAD_PARAMETERS *p)
{
	return (struct cx_offload_request){
		.lso_v1_ipv4 = setting_of(p->LsoV1),
		.lso_v2_ipv4 = setting_of(p->LsoV2IPv4),
		.lso_v2_ipv6 = setting_of(p->LsoV2IPv6),
		.uso_ipv4 = setting_of(p->UdpSegmentation.IPv4),
		.uso_ipv6 = setting_of(p->UdpSegmentation.IPv6),
		.rsc_ipv4 = setting_of(p->RscIPv4),
		.rsc_ipv6 = setting_of(p->RscIPv6),
		.udp_rsc = setting_of(p->UdpRsc.Enabled),
		.ipv4_checksum = checksum_of(p->IPv4Checksum),
		.tcp_ipv4_checksum = checksum_of(p->TCPIPv4Checksum),
		.tcp_ipv6_checksum = checksum_of(p->TCPIPv6Checksum),
		.udp_ipv4_checksum = checksum_of(p->UDPIPv4Checksum),
		.udp_ipv6_checksum = checksum_of(p->UDPIPv6Checksum),
		.until_restart = p->Flags & NDIS_OFFLOAD_PARAMETERS_SKIP_REGISTRY_UPDATE,
	};
}

NTSTATUS ndis_read_parameters(const void *buffer, size_t length, struct cx_offload_request *request)
{
	NDIS_OFFLOAD_PARAMETERS parameters = { 0 };

	if (!buffer || length < NDIS_SIZEOF_OFFLOAD_PARAMETERS_REVISION_3)
		return STATUS_INVALID_PARAMETER;
	memcpy(&parameters, buffer, length < sizeof(parameters) ? length : sizeof(parameters));
	*request = decode(&parameters);
	return STATUS_SUCCESS;
}

UCHAR ndis_setting_code(enum cx_setting setting)
{
	return setting == CX_ON    ? NDIS_OFFLOAD_PARAMETERS_LSOV2_ENABLED
	       : setting == CX_OFF ? NDIS_OFFLOAD_PARAMETERS_LSOV2_DISABLED
				   : NDIS_OFFLOAD_PARAMETERS_NO_CHANGE;
}

/* NDIS has no code for one direction that changes and one that stays: that one reads as off. */
UCHAR ndis_checksum_code(struct cx_checksum_setting setting)
{
	if (setting.tx == CX_SAME && setting.rx == CX_SAME)
		return NDIS_OFFLOAD_PARAMETERS_NO_CHANGE;
	if (setting.tx == CX_ON)
		return setting.rx == CX_ON ? NDIS_OFFLOAD_PARAMETERS_TX_RX_ENABLED
					   : NDIS_OFFLOAD_PARAMETERS_TX_ENABLED_RX_DISABLED;
	return setting.rx == CX_ON ? NDIS_OFFLOAD_PARAMETERS_RX_ENABLED_TX_DISABLED
				   : NDIS_OFFLOAD_PARAMETERS_TX_RX_DISABLED;
}

static ULONG supported(bool does)
{
	return does ? NDIS_OFFLOAD_SUPPORTED : NDIS_OFFLOAD_NOT_SUPPORTED;
}

/* The fields of NDIS_TCP_IP_CHECKSUM_OFFLOAD are anonymous structs, alike for both directions. */
#define REPORT_IPV4(to, caps)                                                                      \
	((to)->Encapsulation = NDIS_ENCAPSULATION_IEEE_802_3,                                      \
	 (to)->IpOptionsSupported = supported((caps)->ipv4.l3 & CX_L3_IPV4_OPTIONS),               \
	 (to)->IpChecksum = supported((caps)->ipv4.l3 & CX_L3_IPV4),                               \
	 (to)->TcpChecksum = supported((caps)->tcp.l3 & CX_L3_IPV4),                               \
	 (to)->TcpOptionsSupported =                                                               \
		 supported(((caps)->tcp.l3 & CX_L3_IPV4) && ((caps)->tcp.l4 & CX_L4_TCP_OPTIONS)), \
	 (to)->UdpChecksum = supported((caps)->udp.l3 & CX_L3_IPV4))

#define REPORT_IPV6(to, caps)                                                                      \
	((to)->Encapsulation = NDIS_ENCAPSULATION_IEEE_802_3,                                      \
	 (to)->IpExtensionHeadersSupported =                                                       \
		 supported(((caps)->tcp.l3 | (caps)->udp.l3) & CX_L3_IPV6_EXTENSIONS),             \
	 (to)->TcpChecksum = supported((caps)->tcp.l3 & CX_L3_IPV6),                               \
	 (to)->TcpOptionsSupported =                                                               \
		 supported(((caps)->tcp.l3 & CX_L3_IPV6) && ((caps)->tcp.l4 & CX_L4_TCP_OPTIONS)), \
	 (to)->UdpChecksum = supported((caps)->udp.l3 & CX_L3_IPV6))

/* 1809 names the encapsulation even when nothing is on. */
static void report_checksum(const struct cx_offload_state *state, NDIS_TCP_IP_CHECKSUM_OFFLOAD *to)
{
	REPORT_IPV4(&to->IPv4Transmit, &state->tx_checksum);
	REPORT_IPV4(&to->IPv4Receive, &state->rx_checksum);
	REPORT_IPV6(&to->IPv6Transmit, &state->tx_checksum);
	REPORT_IPV6(&to->IPv6Receive, &state->rx_checksum);
}

/* An IPv4 that can do V2 is offered for V1 as well; a family that is off is all zero. */
static void report_lso(const struct cx_offload_state *state, NDIS_OFFLOAD *to)
{
	const struct cx_gso_caps *lso = &state->lso;
	ULONG maximum = (ULONG)lso->maximum_offload_size;
	ULONG minimum = (ULONG)lso->minimum_segment_count;
	ULONG tcp_options = supported(lso->kinds.l4 & CX_L4_TCP_OPTIONS);

	if (cx_lso_ipv4(state)) {
		to->LsoV1.IPv4.Encapsulation = NDIS_ENCAPSULATION_IEEE_802_3;
		to->LsoV1.IPv4.MaxOffLoadSize = maximum;
		to->LsoV1.IPv4.MinSegmentCount = minimum;
		to->LsoV1.IPv4.TcpOptions = tcp_options;
		to->LsoV1.IPv4.IpOptions = supported(lso->kinds.l3 & CX_L3_IPV4_OPTIONS);
		to->LsoV2.IPv4.Encapsulation = NDIS_ENCAPSULATION_IEEE_802_3;
		to->LsoV2.IPv4.MaxOffLoadSize = maximum;
		to->LsoV2.IPv4.MinSegmentCount = minimum;
	}
	if (cx_lso_ipv6(state)) {
		to->LsoV2.IPv6.Encapsulation = NDIS_ENCAPSULATION_IEEE_802_3;
		to->LsoV2.IPv6.MaxOffLoadSize = maximum;
		to->LsoV2.IPv6.MinSegmentCount = minimum;
		to->LsoV2.IPv6.IpExtensionHeadersSupported =
			supported(lso->kinds.l3 & CX_L3_IPV6_EXTENSIONS);
		to->LsoV2.IPv6.TcpOptionsSupported = tcp_options;
	}
}

/* Where a family is off all of it is zero, as with LSO. */
static void report_uso(const struct cx_offload_state *state, NDIS_UDP_SEGMENTATION_OFFLOAD *to)
{
	const struct cx_gso_caps *uso = &state->uso;

	if (cx_uso_ipv4(state)) {
		to->IPv4.Encapsulation = NDIS_ENCAPSULATION_IEEE_802_3;
		to->IPv4.MaxOffLoadSize = (ULONG)uso->maximum_offload_size;
		to->IPv4.MinSegmentCount = uso->minimum_segment_count & USO_SEGMENT_COUNT;
	}
	if (cx_uso_ipv6(state)) {
		to->IPv6.Encapsulation = NDIS_ENCAPSULATION_IEEE_802_3;
		to->IPv6.MaxOffLoadSize = (ULONG)uso->maximum_offload_size;
		to->IPv6.MinSegmentCount = uso->minimum_segment_count & USO_SEGMENT_COUNT;
		to->IPv6.IpExtensionHeadersSupported =
			supported(uso->kinds.l3 & CX_L3_IPV6_EXTENSIONS) & 3u;
	}
}

size_t ndis_report_offloads(const struct cx_offload_state *state, unsigned revision,
			    NDIS_OFFLOAD *offload)
{
	const size_t size =
		revision >= NDIS_OFFLOAD_REVISION_8   ? NDIS_SIZEOF_NDIS_OFFLOAD_REVISION_8
		: revision >= NDIS_OFFLOAD_REVISION_6 ? NDIS_SIZEOF_NDIS_OFFLOAD_REVISION_6
						      : NDIS_SIZEOF_NDIS_OFFLOAD_REVISION_5;

	memset(offload, 0, sizeof(*offload));
	offload->Header.Type = NDIS_OBJECT_TYPE_OFFLOAD;
	offload->Header.Revision = (UCHAR)revision;
	offload->Header.Size = (USHORT)size;
	if (!state)
		return size;
	report_checksum(state, &offload->Checksum);
	report_lso(state, offload);
	offload->Rsc.IPv4.Enabled = cx_rsc_ipv4(state);
	offload->Rsc.IPv6.Enabled = cx_rsc_ipv6(state);
	if (revision >= NDIS_OFFLOAD_REVISION_6)
		report_uso(state, &offload->UdpSegmentation);
	if (revision >= NDIS_OFFLOAD_REVISION_8)
		offload->UdpRsc.Enabled = cx_rsc_udp(state);
	return size;
}
