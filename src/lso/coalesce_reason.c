/* SPDX-License-Identifier: MIT */
#include "coalesce_private.h"

static const struct {
	const char *name;
	const char *reason;
} ends[] = {
	[LSO_END_NONE] = { "none", "it has not ended" },
	[LSO_END_FLUSH] = { "flush", "flushed" },
	[LSO_END_AGE] = { "age", "held for the longest time allowed" },
	[LSO_END_PLACE] = { "place", "more flows than places" },
	[LSO_END_FRAMES] = { "frames", "as many frames as are allowed" },
	[LSO_END_LENGTH] = { "length", "the next frame would make it too long" },
	[LSO_END_PIECES] = { "pieces", "in more pieces than there is room for" },
	[LSO_END_PSH] = { "psh", "a frame with PSH" },
	[LSO_END_FIN] = { "fin", "a frame with FIN" },
	[LSO_END_SHORT] = { "short", "a frame shorter than the first" },
	[LSO_END_HEADERS] = { "headers", "headers that do not parse" },
	[LSO_END_FRAGMENT] = { "fragment", "an IP fragment" },
	[LSO_END_JUMBOGRAM] = { "jumbogram", "an IPv6 jumbogram" },
	[LSO_END_PROTOCOL] = { "protocol", "a protocol that is not coalesced" },
	[LSO_END_LLC] = { "llc", "an 802.3 length field" },
	[LSO_END_IP_OPTIONS] = { "ip_options", "IP options or extension headers" },
	[LSO_END_IP_FLAGS] = { "ip_flags", "IPv4's reserved flag" },
	[LSO_END_IP_LENGTH] = { "ip_length", "a length field that is not the frame's, or padding" },
	[LSO_END_TOO_LONG] = { "too_long", "a frame longer than a unit may be" },
	[LSO_END_IP_SUM] = { "ip_sum", "a wrong IPv4 header checksum" },
	[LSO_END_SYN] = { "syn", "a frame with SYN" },
	[LSO_END_RST] = { "rst", "a frame with RST" },
	[LSO_END_URG] = { "urg", "a frame with URG" },
	[LSO_END_CWR] = { "cwr", "a frame with CWR" },
	[LSO_END_FLAGS] = { "flags", "other TCP flags" },
	[LSO_END_TCP_OPTIONS] = { "tcp_options", "other TCP options" },
	[LSO_END_NO_PAYLOAD] = { "no_payload", "a frame without payload" },
	[LSO_END_NO_SUM] = { "no_sum", "UDP without a checksum" },
	[LSO_END_BAD_SUM] = { "bad_sum", "a wrong checksum" },
	[LSO_END_SUM_FORM] = { "sum_form", "a checksum of FFFF in place of 0" },
	[LSO_END_ECN] = { "ecn", "ECE or CWR changed" },
	[LSO_END_SEQUENCE] = { "sequence", "not the next sequence number" },
	[LSO_END_ACK] = { "ack", "the acknowledgment number changed" },
	[LSO_END_WINDOW] = { "window", "the window changed" },
	[LSO_END_URGENT] = { "urgent", "the urgent pointer changed" },
	[LSO_END_TIMESTAMP] = { "timestamp", "the timestamps changed" },
	[LSO_END_LONGER] = { "longer", "a frame longer than the first" },
	[LSO_END_TOS] = { "tos", "type of service, traffic class or flow label changed" },
	[LSO_END_TTL] = { "ttl", "TTL or hop limit changed" },
	[LSO_END_DF] = { "df", "DF changed" },
	[LSO_END_ID] = { "id", "IPv4 IDs that neither count nor stay" },
	[LSO_END_EXTENSION] = { "extension", "other IPv6 extension headers" },
};

_Static_assert(sizeof(ends) / sizeof(ends[0]) == LSO_ENDS, "an end without words");

const char *lso_end_reason(enum lso_end end)
{
	return (unsigned int)end < LSO_ENDS ? ends[end].reason : "unknown";
}

const char *lso_end_name(enum lso_end end)
{
	return (unsigned int)end < LSO_ENDS ? ends[end].name : "unknown";
}
