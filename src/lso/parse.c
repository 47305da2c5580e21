/* SPDX-License-Identifier: MIT */
/*
 * Find the headers of a frame: Ethernet II or 802.3 with LLC-SNAP, VLAN tags, IPv4, IPv6 with its
 * extension headers, TCP, UDP.
 */
#include <netinet/in.h>

#include "bytes.h"
#include "private.h"

#define ETHERTYPE_IPV4   0x0800
#define ETHERTYPE_IPV6   0x86dd
#define ETHERTYPE_8021Q  0x8100
#define ETHERTYPE_8021AD 0x88a8

#define OPTION_JUMBO     0xc2 /* RFC 2675 2 */

/* RFC 791 3.1 */
#define OPTION_END          0
#define OPTION_NOP          1
#define OPTION_LOOSE_ROUTE  131
#define OPTION_STRICT_ROUTE 137

/* The part of a frame that headers are looked for in. */
struct view {
	const uint8_t *bytes;
	size_t length; /* at most LSO_MAX_HEADERS */
};

/* missing() - why @need bytes are not there; LSO_OK when they are. */
static enum lso_status missing(const struct view *v, size_t need)
{
	if (need <= v->length)
		return LSO_OK;
	return need > LSO_MAX_HEADERS ? LSO_HEADERS_TOO_LONG : LSO_TRUNCATED;
}

/* Link layer. @type: out, the EtherType of what follows. */
static enum lso_status parse_link(const struct view *v, struct lso_layout *out, uint16_t *type)
{
	enum lso_status status;
	unsigned int tags = 0;
	size_t at = 14;

	for (;; at += 4) {
		status = missing(v, at);
		if (status)
			return status;
		*type = load_be16(v->bytes + at - 2);
		if (*type != ETHERTYPE_8021Q && *type != ETHERTYPE_8021AD)
			break;
		tags++;
	}

	if (*type > LONGEST_8023) {
		out->l2_type = LSO_L2_ETHERNET;
	} else {
		status = missing(v, at + 8);
		if (status)
			return status;
		if (!is_snap(v->bytes + at))
			return LSO_NOT_IP;
		out->l2_type = LSO_L2_LLC_SNAP;
		*type = load_be16(v->bytes + at + 6);
		at += 8;
	}
	out->vlan_tags = (uint8_t)tags;
	out->l3_offset = (uint16_t)at;
	return LSO_OK;
}

/*
 * source_route() - where the address lies that the pseudo-header takes while a source-routed packet
 * is on its way: the route's last, as long as its pointer is not behind it (RFC 791 3.1; the header
 * has the next hop's). Return: 0 when the header's own address is the last.
 */
static uint16_t source_route(const uint8_t *bytes, size_t at, size_t end)
{
	while (at + 1 < end && bytes[at] != OPTION_END) {
		uint8_t length = bytes[at] == OPTION_NOP ? 1 : bytes[at + 1];

		if (length < 1 || length > end - at)
			return 0;
		if (bytes[at] == OPTION_LOOSE_ROUTE || bytes[at] == OPTION_STRICT_ROUTE)
			return length >= 7 && length % 4 == 3 && bytes[at + 2] < length
				       ? (uint16_t)(at + length - 4)
				       : 0;
		at += length;
	}
	return 0;
}

/* IPv4, RFC 791 3.1. */
static enum lso_status parse_ipv4(const struct view *v, struct lso_layout *out)
{
	const uint8_t *ip = v->bytes + out->l3_offset;
	enum lso_status status;
	size_t length;

	status = missing(v, out->l3_offset + 20);
	if (status)
		return status;
	length = (ip[0] & 0x0f) * 4u;
	if (ip[0] >> 4 != 4 || length < 20)
		return LSO_BAD_IP_HEADER;
	status = missing(v, out->l3_offset + length);
	if (status)
		return status;

	out->ip_version = 4;
	out->ip_options = length > 20;
	if (out->ip_options)
		out->final_destination =
			source_route(v->bytes, out->l3_offset + 20, out->l3_offset + length);
	out->ip_fragment = (load_be16(ip + 6) & 0x3fff) != 0; /* MF or an offset */
	out->l4_protocol = ip[9];
	out->l4_offset = (uint16_t)(out->l3_offset + length);
	return out->ip_fragment ? LSO_IP_FRAGMENT : LSO_OK;
}

/*
 * The address that the pseudo-header takes while a packet is on its way (RFC 8200 8.1). Types 0
 * and 2 end with the last address (RFC 2460 4.4, RFC 6275 6.4), type 4 begins with it (RFC 8754 2).
 */
static enum lso_status parse_routing(const struct view *v, size_t at, size_t length,
				     struct lso_layout *out)
{
	const uint8_t *header = v->bytes + at;

	if (header[3] == 0) /* no segments left: the header's own address is the last */
		return LSO_OK;
	if (length < 24)
		return LSO_ROUTING;
	if ((header[2] == 0 || header[2] == 2) && (length - 8) % 16 == 0)
		out->final_destination = (uint16_t)(at + length - 16);
	else if (header[2] == 4)
		out->final_destination = (uint16_t)(at + 8);
	else
		return LSO_ROUTING;
	return LSO_OK;
}

/* has_jumbo() - is there a jumbo payload option among hop-by-hop options? */
static bool has_jumbo(const uint8_t *options, size_t length)
{
	size_t at = 2;

	while (at < length) {
		if (options[at] == OPTION_JUMBO)
			return true;
		if (options[at] == 0) /* Pad1 has no length */
			at++;
		else if (at + 1 < length)
			at += 2u + options[at + 1];
		else
			return false;
	}
	return false;
}

bool lso_has_jumbo_alone(const uint8_t *headers, const struct lso_layout *layout)
{
	static const uint8_t alone[] = { 0, OPTION_JUMBO, 4 }; /* lengths: 8 in all, 4 in it */
	const uint8_t *ip = headers + layout->l3_offset;
	const uint8_t *hop_by_hop = ip + 40;

	return ip[6] == IPPROTO_HOPOPTS && !memcmp(hop_by_hop + 1, alone, sizeof(alone));
}

size_t lso_remove_jumbo(uint8_t *headers, size_t readable, const struct lso_layout *layout)
{
	uint8_t *ip = headers + layout->l3_offset;
	uint8_t *hop_by_hop = ip + 40;
	uint8_t *behind = hop_by_hop + LSO_JUMBO_HEADER;

	if (!lso_has_jumbo_alone(headers, layout))
		return 0;
	ip[6] = hop_by_hop[0];
	memmove(hop_by_hop, behind, (size_t)(headers + readable - behind));
	return LSO_JUMBO_HEADER;
}

/*
 * IPv6, RFC 8200 3 and 4. Fragment and authentication headers are passed over, so that the length
 * of the whole chain is known, but their packets are not for segmentation.
 */
static enum lso_status parse_ipv6(const struct view *v, struct lso_layout *out)
{
	const uint8_t *ip = v->bytes + out->l3_offset;
	struct lso_layout found = *out;
	enum lso_status verdict = LSO_OK;
	enum lso_status status;
	uint8_t next;
	size_t at;

	at = out->l3_offset + 40u;
	status = missing(v, at);
	if (status)
		return status;
	if (ip[0] >> 4 != 6)
		return LSO_BAD_IP_HEADER;

	for (next = ip[6];;) {
		enum lso_status why = LSO_OK;
		size_t length;

		if (next != IPPROTO_HOPOPTS && next != IPPROTO_ROUTING && next != IPPROTO_DSTOPTS &&
		    next != IPPROTO_FRAGMENT && next != IPPROTO_AH)
			break;
		status = missing(v, at + 8);
		if (status)
			return status;
		length = (v->bytes[at + 1] + 1u) * 8;
		if (next == IPPROTO_AH) /* RFC 4302 2.2: in 4 bytes, less 2 */
			length = (v->bytes[at + 1] + 2u) * 4;
		if (next == IPPROTO_FRAGMENT) /* RFC 8200 4.5: the second byte is reserved */
			length = 8;
		status = missing(v, at + length);
		if (status)
			return status;

		found.ip_options = true;
		if (next == IPPROTO_HOPOPTS && has_jumbo(v->bytes + at, length))
			why = LSO_JUMBOGRAM;
		else if (next == IPPROTO_ROUTING)
			why = parse_routing(v, at, length, &found);
		else if (next == IPPROTO_AH)
			why = LSO_NOT_TCP_UDP;
		else if (next == IPPROTO_FRAGMENT)
			why = LSO_IP_FRAGMENT;
		if (verdict == LSO_OK)
			verdict = why;

		if (next == IPPROTO_FRAGMENT) {
			found.ip_fragment = true;
			next = v->bytes[at];
			at += length;
			if (load_be16(v->bytes + at - 6) &
			    0xfff8) /* an offset: no more headers here */
				break;
			continue;
		}
		next = v->bytes[at];
		at += length;
	}

	found.ip_version = 6;
	found.l4_protocol = next;
	found.l4_offset = (uint16_t)at;
	*out = found;
	return verdict;
}

/* TCP (RFC 9293 3.1) and UDP (RFC 768). */
static enum lso_status parse_transport(const struct view *v, struct lso_layout *out)
{
	enum lso_status status;
	size_t length = 8;

	if (out->l4_protocol != IPPROTO_TCP && out->l4_protocol != IPPROTO_UDP)
		return LSO_NOT_TCP_UDP;
	if (out->l4_protocol == IPPROTO_TCP) {
		status = missing(v, out->l4_offset + 20u);
		if (status)
			return status;
		length = (v->bytes[out->l4_offset + 12] >> 4) * 4u;
		if (length < 20)
			return LSO_BAD_TCP_HEADER;
	}
	status = missing(v, out->l4_offset + length);
	if (status)
		return status;
	out->payload_offset = (uint16_t)(out->l4_offset + length);
	return LSO_OK;
}

enum lso_status lso_parse_network(const uint8_t *bytes, size_t readable, int version,
				  struct lso_layout *out)
{
	const struct view v = { bytes, readable < LSO_MAX_HEADERS ? readable : LSO_MAX_HEADERS };

	return version == 4 ? parse_ipv4(&v, out) : parse_ipv6(&v, out);
}

enum lso_status lso_parse_transport(const uint8_t *bytes, size_t readable, struct lso_layout *out)
{
	const struct view v = { bytes, readable < LSO_MAX_HEADERS ? readable : LSO_MAX_HEADERS };

	return parse_transport(&v, out);
}

static inline enum lso_status parse_view(const struct view *v, struct lso_layout *out)
{
	enum lso_status status;
	uint16_t type = 0;

	memset(out, 0, sizeof(*out));
	status = parse_link(v, out, &type);
	if (status)
		return status;
	if (type == ETHERTYPE_IPV4)
		status = parse_ipv4(v, out);
	else if (type == ETHERTYPE_IPV6)
		status = parse_ipv6(v, out);
	else
		status = LSO_NOT_IP;
	if (status == LSO_JUMBOGRAM) /* what lies where is known all the same */
		return parse_transport(v, out) == LSO_TRUNCATED ? LSO_TRUNCATED : status;
	return status ? status : parse_transport(v, out);
}

enum lso_status lso_parse_bytes(const uint8_t *bytes, size_t length, struct lso_layout *out)
{
	const struct view v = { bytes, length < LSO_MAX_HEADERS ? length : LSO_MAX_HEADERS };

	return parse_view(&v, out);
}

enum lso_status lso_parse(const struct iovec *iov, int count, struct lso_layout *layout)
{
	uint8_t gathered[LSO_MAX_HEADERS];

	/* Nearly always the headers lie in the first fragment. */
	if (count > 0 && iov[0].iov_len >= 14) {
		enum lso_status status = lso_parse_bytes(iov[0].iov_base, iov[0].iov_len, layout);

		if (status != LSO_TRUNCATED || count == 1)
			return status;
	}
	return lso_parse_bytes(gathered, lso_iov_read(iov, count, gathered, sizeof(gathered)),
			       layout);
}
