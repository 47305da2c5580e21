/* SPDX-License-Identifier: MIT */
#include "test/compare.h"

#include <stdio.h>
#include <string.h>

#include "test/packet.h"
#include "test/reference.h"
#include "test/sum.h"

#define SHORTEST 60u /* bytes of a frame without its check sequence */

/* Both, while they are walked through. */
struct walk {
	struct comparison *comparison;
	const uint8_t *expected, *actual;
	size_t expected_length, actual_length;
};

static void print_bytes(char *text, size_t size, const uint8_t *bytes, size_t length)
{
	size_t used = 0;

	text[0] = '\0';
	if (length <= 4) {
		uint32_t value = 0;

		for (size_t i = 0; i < length; i++)
			value = value << 8 | bytes[i];
		snprintf(text, size, "0x%0*X", (int)length * 2, value);
		return;
	}
	for (size_t i = 0; i < length && used + 6 < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%02X", bytes[i]);
	if (used < length * 2)
		snprintf(text + used, size - used, "...");
}

static struct compare_field *add(struct walk *w, const char *name, enum test_rule rule,
				 size_t offset, size_t length)
{
	struct comparison *c = w->comparison;
	struct compare_field *field;

	if (c->count == COMPARE_FIELDS)
		return NULL;
	field = &c->fields[c->count++];
	*field = (struct compare_field){ .offset = offset, .length = length, .rule = rule };
	snprintf(field->name, sizeof(field->name), "%s", name);
	return field;
}

static void field(struct walk *w, const char *name, enum test_rule rule, size_t offset,
		  size_t length)
{
	struct compare_field *f;
	size_t there;

	if (!length || offset >= w->expected_length)
		return;
	there = offset >= w->actual_length           ? 0
		: offset + length > w->actual_length ? w->actual_length - offset
						     : length;
	if (there == length && !memcmp(w->expected + offset, w->actual + offset, length))
		return;
	f = add(w, name, rule, offset, length);
	if (!f)
		return;
	print_bytes(f->expected, sizeof(f->expected), w->expected + offset, length);
	print_bytes(f->actual, sizeof(f->actual), w->actual + offset, there);
}

static void link_fields(struct walk *w, const struct reference *r)
{
	field(w, "destination address", RULE_LinkHeader, 0, 6);
	field(w, "source address", RULE_LinkHeader, 6, 6);
	if (r->l3 > 14)
		field(w, "VLAN tag", RULE_LinkHeader, 12, r->l3 - 14);
	field(w, "EtherType", RULE_LinkHeader, r->l3 ? r->l3 - 2 : 12, 2);
}

static void ipv4_fields(struct walk *w, const struct reference *r)
{
	size_t ip = r->l3;

	field(w, "IPv4 version and header length", RULE_IpHeader, ip, 1);
	field(w, "IPv4 type of service", RULE_IpHeader, ip + 1, 1);
	field(w, "IPv4 total length", RULE_IpLength, ip + 2, 2);
	field(w, "IPv4 identification", RULE_IpIdentification, ip + 4, 2);
	field(w, "IPv4 flags and fragment offset", RULE_IpHeader, ip + 6, 2);
	field(w, "IPv4 time to live", RULE_IpHeader, ip + 8, 1);
	field(w, "IPv4 protocol", RULE_IpHeader, ip + 9, 1);
	field(w, "IPv4 header checksum", RULE_Ipv4Checksum, ip + 10, 2);
	field(w, "IPv4 source", RULE_IpHeader, ip + 12, 4);
	field(w, "IPv4 destination", RULE_IpHeader, ip + 16, 4);
	field(w, "IPv4 options", RULE_IpOptions, ip + 20, r->l4 - ip - 20);
}

static void ipv6_fields(struct walk *w, const struct reference *r)
{
	size_t ip = r->l3;

	field(w, "IPv6 version, class and flow", RULE_IpHeader, ip, 4);
	field(w, "IPv6 payload length", RULE_IpLength, ip + 4, 2);
	field(w, "IPv6 next header", RULE_IpHeader, ip + 6, 1);
	field(w, "IPv6 hop limit", RULE_IpHeader, ip + 7, 1);
	field(w, "IPv6 source", RULE_IpHeader, ip + 8, 16);
	field(w, "IPv6 destination", RULE_IpHeader, ip + 24, 16);
	field(w, "IPv6 extension headers", RULE_IpOptions, ip + 40, r->l4 - ip - 40);
}

static void tcp_fields(struct walk *w, const struct reference *r)
{
	size_t tcp = r->l4;

	field(w, "TCP source port", RULE_TcpHeader, tcp, 2);
	field(w, "TCP destination port", RULE_TcpHeader, tcp + 2, 2);
	field(w, "TCP sequence number", RULE_TcpSequence, tcp + 4, 4);
	field(w, "TCP acknowledgement", RULE_TcpHeader, tcp + 8, 4);
	field(w, "TCP header length", RULE_TcpHeader, tcp + 12, 1);
	field(w, "TCP flags", RULE_TcpFlags, tcp + 13, 1);
	field(w, "TCP window", RULE_TcpHeader, tcp + 14, 2);
	field(w, "TCP urgent pointer", RULE_TcpHeader, tcp + 18, 2);
	field(w, "TCP options", RULE_TcpOptions, tcp + 20, r->payload - tcp - 20);
}

static void udp_fields(struct walk *w, const struct reference *r)
{
	field(w, "UDP source port", RULE_UdpHeader, r->l4, 2);
	field(w, "UDP destination port", RULE_UdpHeader, r->l4 + 2, 2);
	field(w, "UDP length", RULE_UdpLength, r->l4 + 4, 2);
}

/* From the first byte that differs on. */
static void payload_field(struct walk *w, size_t from)
{
	size_t end = w->expected_length < w->actual_length ? w->expected_length : w->actual_length;
	struct compare_field *f;
	char name[sizeof(f->name)];

	while (from < end && w->expected[from] == w->actual[from])
		from++;
	if (from >= end)
		return;
	snprintf(name, sizeof(name), "byte %zu", from);
	field(w, name, RULE_Payload, from, end - from < 8 ? end - from : 8);
}

static void length_field(struct walk *w, size_t packet)
{
	const uint8_t *behind = w->actual + packet;
	struct compare_field *f;
	size_t left = w->actual_length > packet ? w->actual_length - packet : 0;
	bool padded = left && w->actual_length == SHORTEST && packet < SHORTEST;

	if (w->actual_length == packet)
		return;
	for (size_t i = 0; padded && i < left; i++) {
		if (behind[i]) {
			f = add(w, "padding", RULE_Padding, packet, left);
			if (f)
				print_bytes(f->actual, sizeof(f->actual), behind, left);
			return;
		}
	}
	if (padded)
		return;
	f = add(w, "length", RULE_SegmentSize, 0, 0);
	if (!f)
		return;
	snprintf(f->expected, sizeof(f->expected), "%zu bytes", packet);
	snprintf(f->actual, sizeof(f->actual), "%zu bytes", w->actual_length);
}

/* Last: it is wrong, too, when something else is. */
static void checksum_field(struct walk *w, const struct reference *r)
{
	if (r->transport && r->protocol == PACKET_TCP)
		field(w, "TCP checksum", RULE_TcpChecksum, r->l4 + 16, 2);
	else if (r->transport)
		field(w, "UDP checksum", RULE_UdpChecksum, r->l4 + 6, 2);
}

static bool same_headers(const struct walk *w, const struct reference *r)
{
	struct reference actual;

	reference_read(&actual, w->actual, w->actual_length);
	return actual.l4 == r->l4 && actual.payload == r->payload;
}

/* The first field that is named is what is wrong; what follows from it comes behind. */
bool compare_packets(struct comparison *comparison, const uint8_t *expected, size_t expected_length,
		     const uint8_t *actual, size_t actual_length)
{
	struct walk w = { comparison, expected, actual, expected_length, actual_length };
	struct reference r;

	comparison->count = 0;
	if (expected_length == actual_length && !memcmp(expected, actual, expected_length))
		return true;
	reference_read(&r, expected, expected_length);
	if (same_headers(&w, &r))
		length_field(&w, expected_length);
	link_fields(&w, &r);
	if (r.version == 4)
		ipv4_fields(&w, &r);
	else if (r.version == 6)
		ipv6_fields(&w, &r);
	if (r.transport && r.protocol == PACKET_TCP)
		tcp_fields(&w, &r);
	else if (r.transport)
		udp_fields(&w, &r);
	payload_field(&w, r.transport ? r.payload : r.version ? r.l4 : 14);
	checksum_field(&w, &r);
	if (!comparison->count)
		length_field(&w, expected_length);
	return !comparison->count;
}
