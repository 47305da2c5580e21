/* SPDX-License-Identifier: MIT */
/* NDIS_OFFLOAD for people. Source: the page NDIS_OFFLOAD. */
#include <string.h>

#include "host/oid_value.h"

#define ADD_IF(list, bit, name)                                         \
	do {                                                            \
		if (bit)                                                \
			json_array_append_new(list, json_string(name)); \
	} while (0)

/* The fields of NDIS_TCP_IP_CHECKSUM_OFFLOAD are anonymous structs, alike for both directions. */
#define CHECKSUMS_IPV4(c)                                              \
	({                                                             \
		json_t *list = json_array();                           \
                                                                       \
		ADD_IF(list, (c)->IpChecksum, "ip");                   \
		ADD_IF(list, (c)->IpOptionsSupported, "ip options");   \
		ADD_IF(list, (c)->TcpChecksum, "tcp");                 \
		ADD_IF(list, (c)->TcpOptionsSupported, "tcp options"); \
		ADD_IF(list, (c)->UdpChecksum, "udp");                 \
		list;                                                  \
	})

#define CHECKSUMS_IPV6(c)                                                        \
	({                                                                       \
		json_t *list = json_array();                                     \
                                                                                 \
		ADD_IF(list, (c)->IpExtensionHeadersSupported, "ip extensions"); \
		ADD_IF(list, (c)->TcpChecksum, "tcp");                           \
		ADD_IF(list, (c)->TcpOptionsSupported, "tcp options");           \
		ADD_IF(list, (c)->UdpChecksum, "udp");                           \
		list;                                                            \
	})

static json_t *checksums_of(const NDIS_TCP_IP_CHECKSUM_OFFLOAD *c)
{
	return json_pack("{s:o,s:o,s:o,s:o}", "ipv4_transmit", CHECKSUMS_IPV4(&c->IPv4Transmit),
			 "ipv4_receive", CHECKSUMS_IPV4(&c->IPv4Receive), "ipv6_transmit",
			 CHECKSUMS_IPV6(&c->IPv6Transmit), "ipv6_receive",
			 CHECKSUMS_IPV6(&c->IPv6Receive));
}

static json_t *sizes_of(ULONG maximum, ULONG minimum)
{
	return json_pack("{s:I,s:I}", "maximum_offload_size", (json_int_t)maximum,
			 "minimum_segment_count", (json_int_t)minimum);
}

#define SIZES(s) sizes_of((s).MaxOffLoadSize, (s).MinSegmentCount)

json_t *offload_value(const void *data, size_t length)
{
	NDIS_OFFLOAD o = { 0 };
	json_t *value;

	if (length < NDIS_SIZEOF_NDIS_OFFLOAD_REVISION_5)
		return NULL;
	memcpy(&o, data, length < sizeof(o) ? length : sizeof(o));
	value = json_pack("{s:i,s:o,s:{s:o},s:{s:o,s:o},s:{s:b,s:b}}", "revision",
			  (int)o.Header.Revision, "checksum", checksums_of(&o.Checksum), "lso_v1",
			  "ipv4", SIZES(o.LsoV1.IPv4), "lso_v2", "ipv4", SIZES(o.LsoV2.IPv4),
			  "ipv6", SIZES(o.LsoV2.IPv6), "rsc", "ipv4", o.Rsc.IPv4.Enabled, "ipv6",
			  o.Rsc.IPv6.Enabled);
	if (value && o.Header.Revision >= NDIS_OFFLOAD_REVISION_6)
		json_object_set_new(value, "uso",
				    json_pack("{s:o,s:o}", "ipv4", SIZES(o.UdpSegmentation.IPv4),
					      "ipv6", SIZES(o.UdpSegmentation.IPv6)));
	if (value && o.Header.Revision >= NDIS_OFFLOAD_REVISION_8)
		json_object_set_new(value, "udp_rsc", json_boolean(o.UdpRsc.Enabled));
	return value;
}
