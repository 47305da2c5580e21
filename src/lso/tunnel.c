/* SPDX-License-Identifier: MIT */
/*
 * Find a packet's headers through its tunnels: step by step from one header into the next, as each
 * says what follows it.
 */
#include <netinet/in.h>

#include "bytes.h"
#include "walk.h"

#define UDP_HEADER 8

/* IP protocols, where netinet/in.h lacks them or their names mislead. */
enum {
	PROTOCOL_IPV4 = 4,
	PROTOCOL_IPV6 = 41,
	PROTOCOL_GRE = 47,
	PROTOCOL_ETHERIP = 97,
	PROTOCOL_MPLS = 137,
	PROTOCOL_ETHERNET = 143,
};

const char *lso_tunnel_name(enum lso_tunnel_kind kind)
{
	static const char *const names[] = {
		"none", "VXLAN",    "VXLAN-GPE", "Geneve", "GTP-U",          "GUE", "FOU", "GRE",
		"MPLS", "IP in IP", "PPPoE",     "NSH",    "Ethernet in IP",
	};

	return (unsigned int)kind < sizeof(names) / sizeof(names[0]) ? names[kind] : "unknown";
}

/* enter() - what follows is inside a tunnel */
static void enter(struct walker *r, enum lso_tunnel_kind kind)
{
	struct lso_tunnel *tunnel = &r->w->tunnel;

	if (tunnel->depth++ == 0)
		tunnel->kind = (uint8_t)kind;
	tunnel->inner_kind = (uint8_t)kind;
}

static enum lso_status walk_link(struct walker *r)
{
	enum lso_status status;
	unsigned int tags = 0;
	size_t begin = r->at;
	uint16_t type;

	for (size_t step = 14;; step = 4, tags++) {
		status = missing(r, step);
		if (status)
			return status;
		r->at += step;
		type = load_be16(r->bytes + r->at - 2);
		if (!is_tag(type))
			break;
	}
	r->l2_type = LSO_L2_ETHERNET;
	if (type <= LONGEST_8023) {
		status = missing(r, 8);
		if (status)
			return status;
		if (!is_snap(r->bytes + r->at))
			return LSO_NOT_IP;
		r->l2_type = LSO_L2_LLC_SNAP;
		wrap(r, OUTER_LLC, r->at - 2);
		type = load_be16(r->bytes + r->at + 6);
		r->at += 8;
	}
	if (begin == 0)
		r->w->tunnel.link_length = (uint16_t)r->at;
	r->tags = (uint8_t)tags;
	return follow(r, 0, STEP_TYPE, type);
}

static enum lso_status walk_type(struct walker *r)
{
	switch (r->value) {
	case TYPE_IPV4:
		return follow(r, 0, STEP_IP, 4);
	case TYPE_IPV6:
		return follow(r, 0, STEP_IP, 6);
	case TYPE_BRIDGED:
		return follow(r, 0, STEP_LINK, 0);
	case TYPE_MPLS:
	case TYPE_MPLS_UPSTREAM:
		return follow(r, 0, STEP_TUNNEL, LSO_TUNNEL_MPLS);
	case TYPE_PPPOE:
		return follow(r, 0, STEP_TUNNEL, LSO_TUNNEL_PPPOE);
	case TYPE_NSH:
		return follow(r, 0, STEP_TUNNEL, LSO_TUNNEL_NSH);
	}
	return LSO_NOT_IP;
}

/* remove_jumbo() - what a jumbogram's segments do not have, and what the rest parses to then */
static enum lso_status remove_jumbo(struct walker *r, struct lso_layout *ip)
{
	struct lso_tunnel *tunnel = &r->w->tunnel;
	size_t removed;

	r->jumbo = true;
	if (!lso_has_jumbo_alone(r->bytes, ip))
		return LSO_JUMBOGRAM;
	if (!r->remove) {
		tunnel->jumbo_length += LSO_JUMBO_HEADER;
		return ip->ip_fragment ? LSO_IP_FRAGMENT : LSO_OK;
	}
	removed = lso_remove_jumbo(r->bytes, r->readable, ip);
	tunnel->jumbo_length += (uint16_t)removed;
	r->readable -= removed;
	*ip = (struct lso_layout){ .l3_offset = ip->l3_offset };
	return lso_parse_network(r->bytes, r->readable, 6, ip);
}

static enum lso_status walk_ip(struct walker *r)
{
	struct lso_tunnel *tunnel = &r->w->tunnel;
	struct lso_layout *ip = &tunnel->inner;
	bool first = tunnel->outer.ip_version == 0;
	enum lso_status status;

	*ip = (struct lso_layout){ .l3_offset = (uint16_t)r->at };
	status = lso_parse_network(r->bytes, r->readable, (int)r->value, ip);
	if (status == LSO_JUMBOGRAM)
		status = remove_jumbo(r, ip);
	ip->l2_type = r->l2_type;
	ip->vlan_tags = r->tags;
	r->l2_type = 0;
	r->tags = 0;
	if (first)
		tunnel->outer = *ip;
	r->at = ip->l4_offset;
	return status ? status : follow(r, 0, STEP_PROTOCOL, ip->l4_protocol);
}

/* kind_of_port() - what is sent to a UDP port */
static enum lso_tunnel_kind kind_of_port(const struct lso_tunnel_options *options, uint16_t port)
{
	static const struct lso_tunnel_port known[] = {
		{ 2152, LSO_TUNNEL_GTPU },  { 4754, LSO_TUNNEL_GRE },
		{ 4789, LSO_TUNNEL_VXLAN }, { 4790, LSO_TUNNEL_VXLAN_GPE },
		{ 6080, LSO_TUNNEL_GUE },   { 6081, LSO_TUNNEL_GENEVE },
		{ 6635, LSO_TUNNEL_MPLS },  { 8472, LSO_TUNNEL_VXLAN },
	};

	for (size_t i = 0; options && i < options->port_count; i++) {
		if (options->ports[i].port == port)
			return (enum lso_tunnel_kind)options->ports[i].kind;
	}
	if (options && options->no_known_ports)
		return LSO_TUNNEL_NONE;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (known[i].port == port)
			return (enum lso_tunnel_kind)known[i].kind;
	}
	return LSO_TUNNEL_NONE;
}

/* wrap_ip() - the IP packet just parsed turns out to have another in it */
static void wrap_ip(struct walker *r)
{
	const struct lso_layout *ip = &r->w->tunnel.inner;

	wrap(r, ip->ip_version == 4 ? OUTER_IPV4 : OUTER_IPV6, ip->l3_offset);
}

static enum lso_status walk_udp(struct walker *r)
{
	const uint8_t *udp = r->bytes + r->at;
	enum lso_status status = missing(r, UDP_HEADER);
	enum lso_tunnel_kind kind;
	struct outer *o;

	if (status)
		return status;
	kind = kind_of_port(r->options, load_be16(udp + 2));
	if (kind == LSO_TUNNEL_NONE)
		return follow(r, 0, STEP_TRANSPORT, 0);
	wrap_ip(r);
	o = wrap(r, OUTER_UDP, r->at);
	o->checksum = load16(udp + 6) != 0;
	o->pseudo = fold32(lso_pseudo(r->bytes, &r->w->tunnel.inner, 0));
	return follow(r, UDP_HEADER, STEP_TUNNEL, kind);
}

enum lso_status lso_walk_protocol(struct walker *r, bool in_ip)
{
	static const struct {
		uint8_t protocol, kind, step, value, length;
	} further[] = {
		{ PROTOCOL_IPV4, LSO_TUNNEL_IP, STEP_IP, 4, 0 },
		{ PROTOCOL_IPV6, LSO_TUNNEL_IP, STEP_IP, 6, 0 },
		{ PROTOCOL_GRE, 0, STEP_TUNNEL, LSO_TUNNEL_GRE, 0 },
		{ PROTOCOL_MPLS, 0, STEP_TUNNEL, LSO_TUNNEL_MPLS, 0 },
		{ PROTOCOL_ETHERIP, LSO_TUNNEL_ETHERNET, STEP_LINK, 0, 2 },
		{ PROTOCOL_ETHERNET, LSO_TUNNEL_ETHERNET, STEP_LINK, 0, 0 },
	};
	enum lso_status status;

	if (in_ip && r->value == IPPROTO_UDP)
		return walk_udp(r);
	if (in_ip && r->value == IPPROTO_TCP)
		return follow(r, 0, STEP_TRANSPORT, 0);
	for (size_t i = 0; i < sizeof(further) / sizeof(further[0]); i++) {
		if (further[i].protocol != r->value)
			continue;
		status = missing(r, further[i].length);
		if (status)
			return status;
		if (in_ip)
			wrap_ip(r);
		if (further[i].kind && in_ip)
			enter(r, (enum lso_tunnel_kind)further[i].kind);
		return follow(r, further[i].length, (enum step)further[i].step, further[i].value);
	}
	return LSO_NOT_TCP_UDP;
}

static enum lso_status walk_step(struct walker *r)
{
	enum step step = r->step;

	/* Only IP right behind a link-layer header is said to have one. */
	if (step != STEP_TYPE && step != STEP_IP)
		r->l2_type = r->tags = 0;
	switch (step) {
	case STEP_LINK:
		return walk_link(r);
	case STEP_TYPE:
		return walk_type(r);
	case STEP_IP:
		return walk_ip(r);
	case STEP_PROTOCOL:
		return lso_walk_protocol(r, true);
	case STEP_TUNNEL:
		enter(r, (enum lso_tunnel_kind)r->value);
		return lso_walk_header(r, (enum lso_tunnel_kind)r->value);
	case STEP_TRANSPORT:
		break;
	}
	return LSO_BAD_TUNNEL;
}

enum lso_status lso_walk(uint8_t *headers, size_t readable, bool remove,
			 const struct lso_tunnel_options *options, struct walk *w)
{
	struct lso_tunnel *tunnel = &w->tunnel;
	struct walker r = {
		.bytes = headers, .readable = readable, .remove = remove, .options = options, .w = w
	};
	enum lso_status status;

	*tunnel = (struct lso_tunnel){ 0 };
	w->outers = 0;
	if (options && options->size != sizeof(*options))
		return LSO_BAD_OPTIONS;
	while (r.step != STEP_TRANSPORT) {
		status = walk_step(&r);
		if (status)
			return status;
		if (w->outers > OUTERS_MAX - 3) /* what one step may add */
			return LSO_HEADERS_TOO_LONG;
	}
	status = lso_parse_transport(r.bytes, r.readable, &tunnel->inner);
	if (tunnel->depth == 0)
		tunnel->outer = tunnel->inner;
	if (status)
		return status;
	return r.jumbo && !remove ? LSO_JUMBOGRAM : LSO_OK;
}

enum lso_status lso_parse_tunnel(const struct iovec *iov, int count,
				 const struct lso_tunnel_options *options,
				 struct lso_tunnel *tunnel)
{
	uint8_t gathered[LSO_MAX_HEADERS];
	size_t readable = lso_iov_read(iov, count, gathered, sizeof(gathered));
	struct walk w;
	enum lso_status status = lso_walk(gathered, readable, false, options, &w);

	*tunnel = w.tunnel;
	return status;
}
