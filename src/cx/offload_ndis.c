/* SPDX-License-Identifier: MIT */
/*
 * Between NDIS' structures and ours: OID_TCP_OFFLOAD_PARAMETERS in, NDIS_OFFLOAD out. Pure
 * functions. NDIS tells the two LSO versions and the two directions of a checksum apart; 1.3 has
 * one bit for each, so a change of only one half may change nothing, or turn both halves on.
 */
#include <string.h>

#include "cx/offload.h"

struct cx_lso_caps cx_offload_apply_lso(struct cx_lso_caps active,
					const struct cx_lso_caps *hardware,
					const NDIS_OFFLOAD_PARAMETERS *parameters)
{
	if (parameters->LsoV1 == NDIS_OFFLOAD_PARAMETERS_LSOV1_ENABLED ||
	    parameters->LsoV2IPv4 == NDIS_OFFLOAD_PARAMETERS_LSOV2_ENABLED)
		active.ipv4 = true;
	else if (parameters->LsoV1 == NDIS_OFFLOAD_PARAMETERS_LSOV1_DISABLED &&
		 parameters->LsoV2IPv4 == NDIS_OFFLOAD_PARAMETERS_LSOV2_DISABLED)
		active.ipv4 = false;

	if (parameters->LsoV2IPv6 == NDIS_OFFLOAD_PARAMETERS_LSOV2_ENABLED)
		active.ipv6 = true;
	else if (parameters->LsoV2IPv6 == NDIS_OFFLOAD_PARAMETERS_LSOV2_DISABLED)
		active.ipv6 = false;

	/*
	 * A request never changes the sizes. But 1809 makes them 0 at a start with all keywords
	 * off, and then tells a driver "IPv4 TRUE, MaximumOffloadSize 0" when LSO is switched on.
	 * That is of no use to anyone; here the hardware's sizes come back with the first family.
	 */
	if ((active.ipv4 || active.ipv6) && !active.maximum_offload_size) {
		active.maximum_offload_size = hardware->maximum_offload_size;
		active.minimum_segment_count = hardware->minimum_segment_count;
	}
	return active;
}

/* One setting of NDIS, whichever direction it names, for our one bit. */
static bool apply_checksum(bool active, UCHAR setting)
{
	if (setting == NDIS_OFFLOAD_PARAMETERS_NO_CHANGE)
		return active;
	return setting != NDIS_OFFLOAD_PARAMETERS_TX_RX_DISABLED;
}

/* Our bit is IPv4's and IPv6's: off when both go off, on when one is said to change otherwise. */
static bool apply_checksum_pair(bool active, UCHAR ipv4, UCHAR ipv6)
{
	if (ipv4 == NDIS_OFFLOAD_PARAMETERS_TX_RX_DISABLED &&
	    ipv6 == NDIS_OFFLOAD_PARAMETERS_TX_RX_DISABLED)
		return false;
	if (ipv4 != NDIS_OFFLOAD_PARAMETERS_NO_CHANGE || ipv6 != NDIS_OFFLOAD_PARAMETERS_NO_CHANGE)
		return true;
	return active;
}

struct cx_checksum_caps cx_offload_apply_checksum(struct cx_checksum_caps active,
						  const NDIS_OFFLOAD_PARAMETERS *parameters)
{
	active.ipv4 = apply_checksum(active.ipv4, parameters->IPv4Checksum);
	active.tcp = apply_checksum_pair(active.tcp, parameters->TCPIPv4Checksum,
					 parameters->TCPIPv6Checksum);
	active.udp = apply_checksum_pair(active.udp, parameters->UDPIPv4Checksum,
					 parameters->UDPIPv6Checksum);
	return active;
}

static void report_checksum(const struct cx_checksum_caps *caps, NDIS_TCP_IP_CHECKSUM_OFFLOAD *to)
{
	ULONG ip = caps->ipv4 ? NDIS_OFFLOAD_SUPPORTED : NDIS_OFFLOAD_NOT_SUPPORTED;
	ULONG tcp = caps->tcp ? NDIS_OFFLOAD_SUPPORTED : NDIS_OFFLOAD_NOT_SUPPORTED;
	ULONG udp = caps->udp ? NDIS_OFFLOAD_SUPPORTED : NDIS_OFFLOAD_NOT_SUPPORTED;
	/* 1809 names the encapsulation even when nothing is on. */
	ULONG ethernet = NDIS_ENCAPSULATION_IEEE_802_3;
	ULONG extension_headers =
		caps->tcp || caps->udp ? NDIS_OFFLOAD_SUPPORTED : NDIS_OFFLOAD_NOT_SUPPORTED;

	to->IPv4Transmit.Encapsulation = ethernet;
	to->IPv4Transmit.IpOptionsSupported = ip;
	to->IPv4Transmit.TcpOptionsSupported = tcp;
	to->IPv4Transmit.TcpChecksum = tcp;
	to->IPv4Transmit.UdpChecksum = udp;
	to->IPv4Transmit.IpChecksum = ip;

	to->IPv4Receive.Encapsulation = ethernet;
	to->IPv4Receive.IpOptionsSupported = ip;
	to->IPv4Receive.TcpOptionsSupported = tcp;
	to->IPv4Receive.TcpChecksum = tcp;
	to->IPv4Receive.UdpChecksum = udp;
	to->IPv4Receive.IpChecksum = ip;

	to->IPv6Transmit.Encapsulation = ethernet;
	to->IPv6Transmit.IpExtensionHeadersSupported = extension_headers;
	to->IPv6Transmit.TcpOptionsSupported = tcp;
	to->IPv6Transmit.TcpChecksum = tcp;
	to->IPv6Transmit.UdpChecksum = udp;

	to->IPv6Receive.Encapsulation = ethernet;
	to->IPv6Receive.IpExtensionHeadersSupported = extension_headers;
	to->IPv6Receive.TcpOptionsSupported = tcp;
	to->IPv6Receive.TcpChecksum = tcp;
	to->IPv6Receive.UdpChecksum = udp;
}

/* An IPv4 that can do V2 is offered for V1 as well; a family that is off is all zero. */
static void report_lso(const struct cx_lso_caps *caps, NDIS_OFFLOAD *to)
{
	ULONG maximum = (ULONG)caps->maximum_offload_size;
	ULONG minimum = (ULONG)caps->minimum_segment_count;

	if (caps->ipv4) {
		to->LsoV1.IPv4.Encapsulation = NDIS_ENCAPSULATION_IEEE_802_3;
		to->LsoV1.IPv4.MaxOffLoadSize = maximum;
		to->LsoV1.IPv4.MinSegmentCount = minimum;
		to->LsoV1.IPv4.TcpOptions = NDIS_OFFLOAD_SUPPORTED;
		to->LsoV1.IPv4.IpOptions = NDIS_OFFLOAD_SUPPORTED;
		to->LsoV2.IPv4.Encapsulation = NDIS_ENCAPSULATION_IEEE_802_3;
		to->LsoV2.IPv4.MaxOffLoadSize = maximum;
		to->LsoV2.IPv4.MinSegmentCount = minimum;
	}
	if (caps->ipv6) {
		to->LsoV2.IPv6.Encapsulation = NDIS_ENCAPSULATION_IEEE_802_3;
		to->LsoV2.IPv6.MaxOffLoadSize = maximum;
		to->LsoV2.IPv6.MinSegmentCount = minimum;
		to->LsoV2.IPv6.IpExtensionHeadersSupported = NDIS_OFFLOAD_SUPPORTED;
		to->LsoV2.IPv6.TcpOptionsSupported = NDIS_OFFLOAD_SUPPORTED;
	}
}

void cx_offload_ndis(const struct cx_offload_state *state, NDIS_OFFLOAD *offload)
{
	memset(offload, 0, sizeof(*offload));
	offload->Header.Type = NDIS_OBJECT_TYPE_OFFLOAD;
	offload->Header.Revision = NDIS_OFFLOAD_REVISION_5;
	offload->Header.Size = NDIS_SIZEOF_NDIS_OFFLOAD_REVISION_5;
	report_checksum(&state->checksum, &offload->Checksum);
	report_lso(&state->lso, offload);
}
