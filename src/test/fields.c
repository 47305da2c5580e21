/* SPDX-License-Identifier: MIT */
#include "test/fields.h"

#include "test/packet.h"

struct fields {
	fields_see *see;
	void *context;
};

static void field(const struct fields *f, const char *name, enum test_rule rule, size_t offset,
		  size_t length)
{
	if (length)
		f->see(f->context, name, rule, offset, length);
}

static void link_fields(const struct fields *f, const struct reference *r)
{
	field(f, "destination address", RULE_LinkHeader, 0, 6);
	field(f, "source address", RULE_LinkHeader, 6, 6);
	if (r->l3 > 14)
		field(f, "VLAN tag", RULE_LinkHeader, 12, r->l3 - 14);
	field(f, "EtherType", RULE_LinkHeader, r->l3 ? r->l3 - 2 : 12, 2);
}

static void ipv4_fields(const struct fields *f, const struct reference *r)
{
	size_t ip = r->l3;

	field(f, "IPv4 version and header length", RULE_IpHeader, ip, 1);
	field(f, "IPv4 type of service", RULE_IpHeader, ip + 1, 1);
	field(f, "IPv4 total length", RULE_IpLength, ip + 2, 2);
	field(f, "IPv4 identification", RULE_IpIdentification, ip + 4, 2);
	field(f, "IPv4 flags and fragment offset", RULE_IpHeader, ip + 6, 2);
	field(f, "IPv4 time to live", RULE_IpHeader, ip + 8, 1);
	field(f, "IPv4 protocol", RULE_IpHeader, ip + 9, 1);
	field(f, "IPv4 header checksum", RULE_Ipv4Checksum, ip + 10, 2);
	field(f, "IPv4 source", RULE_IpHeader, ip + 12, 4);
	field(f, "IPv4 destination", RULE_IpHeader, ip + 16, 4);
	field(f, "IPv4 options", RULE_IpOptions, ip + 20, r->l4 - ip - 20);
}

static void ipv6_fields(const struct fields *f, const struct reference *r)
{
	size_t ip = r->l3;

	field(f, "IPv6 version, class and flow", RULE_IpHeader, ip, 4);
	field(f, "IPv6 payload length", RULE_IpLength, ip + 4, 2);
	field(f, "IPv6 next header", RULE_IpHeader, ip + 6, 1);
	field(f, "IPv6 hop limit", RULE_IpHeader, ip + 7, 1);
	field(f, "IPv6 source", RULE_IpHeader, ip + 8, 16);
	field(f, "IPv6 destination", RULE_IpHeader, ip + 24, 16);
	field(f, "IPv6 extension headers", RULE_IpOptions, ip + 40, r->l4 - ip - 40);
}

static void tcp_fields(const struct fields *f, const struct reference *r)
{
	size_t tcp = r->l4;

	field(f, "TCP source port", RULE_TcpHeader, tcp, 2);
	field(f, "TCP destination port", RULE_TcpHeader, tcp + 2, 2);
	field(f, "TCP sequence number", RULE_TcpSequence, tcp + 4, 4);
	field(f, "TCP acknowledgement", RULE_TcpHeader, tcp + 8, 4);
	field(f, "TCP header length", RULE_TcpHeader, tcp + 12, 1);
	field(f, "TCP flags", RULE_TcpFlags, tcp + 13, 1);
	field(f, "TCP window", RULE_TcpHeader, tcp + 14, 2);
	field(f, "TCP urgent pointer", RULE_TcpHeader, tcp + 18, 2);
	field(f, "TCP options", RULE_TcpOptions, tcp + 20, r->payload - tcp - 20);
}

static void udp_fields(const struct fields *f, const struct reference *r)
{
	field(f, "UDP source port", RULE_UdpHeader, r->l4, 2);
	field(f, "UDP destination port", RULE_UdpHeader, r->l4 + 2, 2);
	field(f, "UDP length", RULE_UdpLength, r->l4 + 4, 2);
}

void fields_of_headers(const struct reference *frame, fields_see *see, void *context)
{
	const struct fields f = { see, context };

	link_fields(&f, frame);
	if (frame->version == 4)
		ipv4_fields(&f, frame);
	else if (frame->version == 6)
		ipv6_fields(&f, frame);
	if (frame->transport && frame->protocol == PACKET_TCP)
		tcp_fields(&f, frame);
	else if (frame->transport)
		udp_fields(&f, frame);
}

void fields_of_checksum(const struct reference *frame, fields_see *see, void *context)
{
	const struct fields f = { see, context };

	if (frame->transport && frame->protocol == PACKET_TCP)
		field(&f, "TCP checksum", RULE_TcpChecksum, frame->l4 + 16, 2);
	else if (frame->transport)
		field(&f, "UDP checksum", RULE_UdpChecksum, frame->l4 + 6, 2);
}
