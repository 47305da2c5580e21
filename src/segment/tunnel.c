/* SPDX-License-Identifier: MIT */
#include "segment/tunnel.h"

#include <netinet/in.h>
#include <stdio.h>

#include "base/array.h"
#include "base/bytes.h"
#include "frame/frame.h"

#define UDP_HEADER 8u

const char *segment_name_text(enum segment_name name)
{
	static const char *const texts[SEGMENT_NAMES] = {
		[SEGMENT_LIKE_VXLAN] = "UDP that looks like VXLAN (--tunnel vxlan:PORT)",
		[SEGMENT_LIKE_VXLAN_GPE] =
			"UDP that looks like VXLAN-GPE (--tunnel vxlan-gpe:PORT)",
		[SEGMENT_LIKE_GENEVE] = "UDP that looks like Geneve (--tunnel geneve:PORT)",
		[SEGMENT_LIKE_GTPU] = "UDP that looks like GTP-U (--tunnel gtpu:PORT)",
		[SEGMENT_LIKE_GUE] = "UDP that looks like GUE (--tunnel gue:PORT)",
		[SEGMENT_LIKE_FOU] = "UDP that looks like IP in it, FOU (--tunnel fou:PORT)",
		[SEGMENT_LIKE_GRE] = "UDP that looks like GRE (--tunnel gre:PORT)",
		[SEGMENT_LIKE_MPLS] = "UDP that looks like MPLS (--tunnel mpls:PORT)",
		[SEGMENT_ESP_IN_UDP] = "ESP in UDP",
		[SEGMENT_IKE] = "IKE",
		[SEGMENT_L2TP] = "L2TP",
		[SEGMENT_WIREGUARD] = "WireGuard",
		[SEGMENT_CAPWAP] = "CAPWAP",
		[SEGMENT_LISP] = "LISP",
		[SEGMENT_TEREDO] = "Teredo",
		[SEGMENT_ROCE_IN_UDP] = "RoCEv2",
		[SEGMENT_UDP_SURPLUS] = "UDP that ends before its IP packet (RFC 9868)",
		[SEGMENT_ESP] = "ESP",
		[SEGMENT_AH] = "AH",
		[SEGMENT_SCTP] = "SCTP",
		[SEGMENT_L2TP_IN_IP] = "L2TP in IP",
		[SEGMENT_UDP_LITE] = "UDP-Lite",
		[SEGMENT_DCCP] = "DCCP",
		[SEGMENT_ICMP] = "ICMP",
		[SEGMENT_MACSEC] = "MACsec",
		[SEGMENT_PBB] = "a backbone service tag (802.1ah)",
		[SEGMENT_FCOE] = "FCoE",
		[SEGMENT_ROCE] = "RoCE",
		[SEGMENT_BATMAN] = "B.A.T.M.A.N.",
	};

	if (name < SEGMENT_NAMES && texts[name])
		return texts[name];
	return lso_tunnel_name((enum lso_tunnel_kind)name);
}

const char *segment_refusal_text(enum segment_name name, enum lso_status status, char *room,
				 size_t size)
{
	if (name == SEGMENT_NAME_NONE)
		return lso_reason(status);
	if (name >= SEGMENT_OWN_NAMES)
		return segment_name_text(name);
	snprintf(room, size, "%s, %s", segment_name_text(name), lso_reason(status));
	return room;
}

struct known {
	uint32_t number;
	enum segment_name name;
};

static enum segment_name name_of(const struct known *list, size_t count, uint32_t number)
{
	for (size_t i = 0; i < count; i++) {
		if (list[i].number == number)
			return list[i].name;
	}
	return SEGMENT_NAME_NONE;
}

#define NAME_OF(list, number) name_of(list, ARRAY_COUNT(list), number)

/* link_name() - by the EtherType in front of @at */
static enum segment_name link_name(const uint8_t *frame, size_t captured, size_t at)
{
	static const struct known types[] = {
		{ 0x88e5, SEGMENT_MACSEC }, { 0x88e7, SEGMENT_PBB },    { 0x8906, SEGMENT_FCOE },
		{ 0x8915, SEGMENT_ROCE },   { 0x4305, SEGMENT_BATMAN },
	};

	return at >= 14 && at <= captured ? NAME_OF(types, load_be16(frame + at - 2))
					  : SEGMENT_NAME_NONE;
}

static enum segment_name protocol_name(uint8_t protocol)
{
	static const struct known protocols[] = {
		{ IPPROTO_ICMP, SEGMENT_ICMP },   { IPPROTO_DCCP, SEGMENT_DCCP },
		{ IPPROTO_ESP, SEGMENT_ESP },     { IPPROTO_AH, SEGMENT_AH },
		{ IPPROTO_ICMPV6, SEGMENT_ICMP }, { 115, SEGMENT_L2TP_IN_IP },
		{ IPPROTO_SCTP, SEGMENT_SCTP },   { IPPROTO_UDPLITE, SEGMENT_UDP_LITE },
	};

	return NAME_OF(protocols, protocol);
}

/* is_told() - has the user said what is sent to that UDP port? Then nobody guesses. */
static bool is_told(const struct segment_tunnels *tunnels, uint16_t port)
{
	for (size_t i = 0; i < tunnels->count; i++) {
		if (tunnels->ports[i].port == port)
			return true;
	}
	return false;
}

/*
 * udp_name() - by the ports, either of them: these are the same on both sides, or one side's
 * @udp: its header and what is there of its payload
 */
static enum segment_name udp_name(const struct segment_tunnels *tunnels, const uint8_t *udp,
				  size_t length)
{
	static const struct known ports[] = {
		{ 500, SEGMENT_IKE },         { 1701, SEGMENT_L2TP },
		{ 3544, SEGMENT_TEREDO },     { 4341, SEGMENT_LISP },
		{ 4500, SEGMENT_ESP_IN_UDP }, { 4791, SEGMENT_ROCE_IN_UDP },
		{ 5246, SEGMENT_CAPWAP },     { 5247, SEGMENT_CAPWAP },
		{ 51820, SEGMENT_WIREGUARD },
	};
	enum segment_name name = SEGMENT_NAME_NONE;

	for (size_t at = 0; at < 4; at += 2) {
		uint16_t port = load_be16(udp + at);

		if (is_told(tunnels, port))
			return SEGMENT_NAME_NONE;
		if (name == SEGMENT_NAME_NONE)
			name = NAME_OF(ports, port);
	}
	/* A data message of WireGuard's; others are short. */
	if (name == SEGMENT_WIREGUARD &&
	    (length < UDP_HEADER + 4 || udp[8] != 4 || udp[9] || udp[10] || udp[11]))
		return SEGMENT_NAME_NONE;
	return name;
}

static struct lso_tunnel_options options_of(const struct segment_tunnels *tunnels)
{
	return (struct lso_tunnel_options){ .size = sizeof(struct lso_tunnel_options),
					    .ports = tunnels->ports,
					    .port_count = tunnels->count,
					    .outer_ip_id = LSO_IP_ID_LINUX };
}

static enum segment_name plain_name(const struct segment_tunnels *tunnels, const uint8_t *frame,
				    size_t captured, const struct lso_layout *plain)
{
	if (!plain->ip_version)
		return link_name(frame, captured, plain->l3_offset);
	if (plain->l4_protocol == IPPROTO_UDP && plain->payload_offset)
		return udp_name(tunnels, frame + plain->l4_offset, captured - plain->l4_offset);
	return plain->ip_fragment ? SEGMENT_NAME_NONE : protocol_name(plain->l4_protocol);
}

bool segment_tunnel_look(const struct segment_tunnels *tunnels, const uint8_t *frame,
			 size_t captured, const struct lso_layout *plain, struct segment_tunnel *t)
{
	struct iovec iov = { (void *)(uintptr_t)frame, captured };
	struct lso_tunnel_options options = options_of(tunnels);

	*t = (struct segment_tunnel){ 0 };
	if (tunnels->none)
		return false;
	t->status = lso_parse_tunnel(&iov, 1, &options, &t->found);
	if (t->found.depth == 0) {
		t->name = plain_name(tunnels, frame, captured, plain);
		/* Only tags that lso_parse() does not know. */
		return t->found.inner.ip_version && !plain->ip_version;
	}
	t->name = (enum segment_name)t->found.inner_kind;
	return true;
}

/* ends_at() - does a packet in UDP say that it ends there, where UDP ends? */
static bool ends_at(const uint8_t *frame, size_t end, const struct lso_tunnel *found)
{
	const struct lso_layout *inner = &found->inner;
	const uint8_t *ip = frame + inner->l3_offset;
	size_t told = inner->ip_version == 4 ? load_be16(ip + 2) : load_be16(ip + 4) + 40;

	if ((inner->ip_version == 4 && told == 0) || (inner->ip_version == 6 && told == 40))
		return end > UINT16_MAX; /* as Linux' BIG TCP has it */
	return inner->l3_offset + told == end;
}

void segment_tunnel_like(const struct segment_tunnels *tunnels, const uint8_t *frame, size_t end,
			 const struct lso_layout *plain, struct segment_tunnel *t)
{
	static const struct {
		uint8_t kind;
		enum segment_name name;
	} kinds[] = {
		{ LSO_TUNNEL_FOU, SEGMENT_LIKE_FOU },
		{ LSO_TUNNEL_VXLAN, SEGMENT_LIKE_VXLAN },
		{ LSO_TUNNEL_VXLAN_GPE, SEGMENT_LIKE_VXLAN_GPE },
		{ LSO_TUNNEL_GENEVE, SEGMENT_LIKE_GENEVE },
		{ LSO_TUNNEL_GTPU, SEGMENT_LIKE_GTPU },
		{ LSO_TUNNEL_GUE, SEGMENT_LIKE_GUE },
		{ LSO_TUNNEL_GRE, SEGMENT_LIKE_GRE },
		{ LSO_TUNNEL_MPLS, SEGMENT_LIKE_MPLS },
	};
	struct iovec iov = { (void *)(uintptr_t)frame, end };
	uint16_t target = load_be16(frame + plain->l4_offset + 2);

	if (tunnels->none || plain->l4_protocol != IPPROTO_UDP || t->name != SEGMENT_NAME_NONE ||
	    is_told(tunnels, target))
		return;
	for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
		const struct lso_tunnel_port port = { target, kinds[i].kind };
		const struct lso_tunnel_options options = { .size = sizeof(options),
							    .ports = &port,
							    .port_count = 1 };
		struct lso_tunnel found;
		enum lso_status status = lso_parse_tunnel(&iov, 1, &options, &found);

		if ((status == LSO_OK || status == LSO_JUMBOGRAM || status == LSO_NOT_TCP_UDP) &&
		    ends_at(frame, end, &found)) {
			t->name = kinds[i].name;
			return;
		}
	}
}

enum lso_status segment_tunnel_begin(const struct segment_tunnels *tunnels,
				     struct lso_segmenter *segmenter, const struct iovec *iov,
				     const struct lso_options *options)
{
	struct lso_tunnel_options tunnel = options_of(tunnels);

	return lso_begin_tunnel(segmenter, iov, 1, options, &tunnel);
}
