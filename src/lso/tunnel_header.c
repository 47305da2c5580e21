/* SPDX-License-Identifier: MIT */
/* The headers that make a tunnel: which of them can be followed, and what follows them. */
#include "bytes.h"
#include "walk.h"

#define VXLAN_HEADER  8
#define GENEVE_HEADER 8
#define GRE_HEADER    4
#define GTPU_HEADER   8
#define MPLS_LABEL    4
#define NSH_HEADER    8
#define PPPOE_HEADER  8 /* with the protocol field of PPP */

/* by_version() - an IP packet whose version nothing in front of it says */
static enum lso_status by_version(struct walker *r, size_t length)
{
	enum lso_status status = missing(r, length + 1);
	unsigned int version;

	if (status)
		return status;
	version = r->bytes[r->at + length] >> 4;
	if (version != 4 && version != 6)
		return LSO_BAD_TUNNEL;
	return follow(r, length, STEP_IP, version);
}

/* walk_next_protocol() - VXLAN-GPE's and NSH's numbers */
static enum lso_status walk_next_protocol(struct walker *r, size_t length, uint8_t next)
{
	switch (next) {
	case 1:
		return follow(r, length, STEP_IP, 4);
	case 2:
		return follow(r, length, STEP_IP, 6);
	case 3:
		return follow(r, length, STEP_LINK, 0);
	case 4:
		return follow(r, length, STEP_TUNNEL, LSO_TUNNEL_NSH);
	case 5:
		return follow(r, length, STEP_TUNNEL, LSO_TUNNEL_MPLS);
	}
	return LSO_BAD_TUNNEL;
}

/*
 * VXLAN, RFC 7348 5, with what later drafts put into its reserved bits: the group policy (GBP) is
 * repeated as it is; remote checksum offload leaves a checksum to the receiver, which is not done.
 */
static enum lso_status walk_vxlan(struct walker *r, bool gpe)
{
	const uint8_t *vxlan = r->bytes + r->at;
	enum lso_status status = missing(r, VXLAN_HEADER);

	if (status)
		return status;
	if (!(vxlan[0] & 0x08) || vxlan[0] & 0x30) /* no VNI; a version */
		return LSO_BAD_TUNNEL;
	if (gpe && vxlan[0] & 0x01) /* a control message */
		return LSO_BAD_TUNNEL;
	if (vxlan[0] & 0x04) /* a next protocol is given */
		return walk_next_protocol(r, VXLAN_HEADER, vxlan[3]);
	if (!gpe && vxlan[1] & 0x20) /* remote checksum offload */
		return LSO_BAD_TUNNEL;
	return follow(r, VXLAN_HEADER, STEP_LINK, 0);
}

/* Geneve, RFC 8926 3.4. */
static enum lso_status walk_geneve(struct walker *r)
{
	const uint8_t *geneve = r->bytes + r->at;
	enum lso_status status = missing(r, GENEVE_HEADER);
	size_t length;

	if (status)
		return status;
	if (geneve[0] & 0xc0 || geneve[1] & 0x80) /* another version; a control packet */
		return LSO_BAD_TUNNEL;
	length = GENEVE_HEADER + (geneve[0] & 0x3fu) * 4;
	status = missing(r, length);
	return status ? status : follow(r, length, STEP_TYPE, load_be16(geneve + 2));
}

/* gtpu_extensions() - behind the header; the last byte of each says what the next is */
static enum lso_status gtpu_extensions(struct walker *r, size_t *length)
{
	uint8_t next = r->bytes[r->at + *length - 1];

	while (next) {
		enum lso_status status = missing(r, *length + 4);
		size_t more;

		if (status)
			return status;
		if (next == 0xc0 || next == 0x82 || next == 0x03) /* PDCP PDU numbers */
			return LSO_TUNNEL_SEQUENCE;
		more = r->bytes[r->at + *length] * 4u;
		if (more == 0)
			return LSO_BAD_TUNNEL;
		*length += more;
		status = missing(r, *length);
		if (status)
			return status;
		next = r->bytes[r->at + *length - 1];
	}
	return LSO_OK;
}

/* GTP-U, 3GPP TS 29.281 5.1. */
static enum lso_status walk_gtpu(struct walker *r)
{
	const uint8_t *gtpu = r->bytes + r->at;
	enum lso_status status = missing(r, GTPU_HEADER);
	size_t length = GTPU_HEADER;

	if (status)
		return status;
	if ((gtpu[0] & 0xf0) != 0x30 || gtpu[1] != 0xff) /* version 1, protocol GTP; a T-PDU */
		return LSO_BAD_TUNNEL;
	if (gtpu[0] & 0x02)
		return LSO_TUNNEL_SEQUENCE;
	if (gtpu[0] & 0x07) {
		length += 4;
		status = missing(r, length);
		if (status)
			return status;
	}
	if (gtpu[0] & 0x04)
		status = gtpu_extensions(r, &length);
	if (status)
		return status;
	wrap(r, OUTER_GTPU, r->at);
	return by_version(r, length);
}

/* GUE, draft-ietf-intarea-gue 3 and 5: variant 1 is the IP packet itself. */
static enum lso_status walk_gue(struct walker *r)
{
	const uint8_t *gue = r->bytes + r->at;
	enum lso_status status = missing(r, 4);
	size_t length;

	if (status)
		return status;
	if (gue[0] >> 6 == 1)
		return by_version(r, 0);
	if (gue[0] & 0xe0 || gue[3] & 0x01) /* a control message; private flags: remote checksums */
		return LSO_BAD_TUNNEL;
	length = 4 + (gue[0] & 0x1fu) * 4;
	status = missing(r, length);
	if (status)
		return status;
	r->value = gue[1];
	r->at += length;
	status = lso_walk_protocol(r, false);
	return status == LSO_NOT_TCP_UDP ? LSO_BAD_TUNNEL : status;
}

/* GRE, RFC 2784 2.1 and RFC 2890 2. Version 1 is PPTP's. */
static enum lso_status walk_gre(struct walker *r)
{
	const uint8_t *gre = r->bytes + r->at;
	enum lso_status status = missing(r, GRE_HEADER);
	size_t length = GRE_HEADER;

	if (status)
		return status;
	if (gre[0] & 0x10)
		return LSO_TUNNEL_SEQUENCE;
	if (gre[0] & 0x4f || gre[1]) /* routing, recursion, flags, version */
		return LSO_BAD_TUNNEL;
	length += gre[0] & 0x80 ? 4 : 0;
	length += gre[0] & 0x20 ? 4 : 0;
	status = missing(r, length);
	if (status)
		return status;
	if (gre[0] & 0x80)
		wrap(r, OUTER_GRE, r->at)->checksum = true;
	return follow(r, length, STEP_TYPE, load_be16(gre + 2));
}

/* is_frame() - does an Ethernet frame whose type leads further begin @offset bytes further? */
static bool is_frame(const struct walker *r, size_t offset)
{
	const uint8_t *type_field = r->bytes + r->at + offset + 12;
	uint16_t type;

	if (missing(r, offset + 14))
		return false;
	type = load_be16(type_field);
	if (type <= LONGEST_8023)
		return !missing(r, offset + 22) && is_snap(type_field + 2);
	return type == TYPE_IPV4 || type == TYPE_IPV6 || is_tag(type);
}

/*
 * MPLS, RFC 3032 2.1. What follows the last label nothing says: IP by its version, or Ethernet,
 * with a control word or without (RFC 4448 4.6).
 */
static enum lso_status walk_mpls(struct walker *r)
{
	enum lso_status status;
	const uint8_t *word;
	bool last;

	do {
		status = missing(r, MPLS_LABEL);
		if (status)
			return status;
		last = r->bytes[r->at + 2] & 1;
		r->at += MPLS_LABEL;
	} while (!last);
	status = missing(r, 4);
	if (status)
		return status;
	word = r->bytes + r->at;
	if (word[0] >> 4 == 4 || word[0] >> 4 == 6)
		return by_version(r, 0);
	if (word[0] >> 4 == 0 && is_frame(r, 4))
		return load_be16(word + 2) ? LSO_TUNNEL_SEQUENCE : follow(r, 4, STEP_LINK, 0);
	return is_frame(r, 0) ? follow(r, 0, STEP_LINK, 0) : LSO_BAD_TUNNEL;
}

/* PPPoE's session stage, RFC 2516 4. */
static enum lso_status walk_pppoe(struct walker *r)
{
	const uint8_t *pppoe = r->bytes + r->at;
	enum lso_status status = missing(r, PPPOE_HEADER);

	if (status)
		return status;
	if (pppoe[0] != 0x11 || pppoe[1])
		return LSO_BAD_TUNNEL;
	wrap(r, OUTER_PPPOE, r->at);
	if (load_be16(pppoe + 6) == 0x0021)
		return follow(r, PPPOE_HEADER, STEP_IP, 4);
	if (load_be16(pppoe + 6) == 0x0057)
		return follow(r, PPPOE_HEADER, STEP_IP, 6);
	return LSO_NOT_IP;
}

/* NSH, RFC 8300 2.2. */
static enum lso_status walk_nsh(struct walker *r)
{
	const uint8_t *nsh = r->bytes + r->at;
	enum lso_status status = missing(r, NSH_HEADER);
	size_t length;

	if (status)
		return status;
	length = (nsh[1] & 0x3fu) * 4;
	if (nsh[0] & 0xe0 || length < NSH_HEADER) /* a version; an OAM packet */
		return LSO_BAD_TUNNEL;
	status = missing(r, length);
	return status ? status : walk_next_protocol(r, length, nsh[3]);
}

enum lso_status lso_walk_header(struct walker *r, enum lso_tunnel_kind kind)
{
	switch (kind) {
	case LSO_TUNNEL_VXLAN:
	case LSO_TUNNEL_VXLAN_GPE:
		return walk_vxlan(r, kind == LSO_TUNNEL_VXLAN_GPE);
	case LSO_TUNNEL_GENEVE:
		return walk_geneve(r);
	case LSO_TUNNEL_GTPU:
		return walk_gtpu(r);
	case LSO_TUNNEL_GUE:
		return walk_gue(r);
	case LSO_TUNNEL_FOU:
		return by_version(r, 0);
	case LSO_TUNNEL_GRE:
		return walk_gre(r);
	case LSO_TUNNEL_MPLS:
		return walk_mpls(r);
	case LSO_TUNNEL_PPPOE:
		return walk_pppoe(r);
	case LSO_TUNNEL_NSH:
		return walk_nsh(r);
	case LSO_TUNNEL_NONE:
	case LSO_TUNNEL_IP:
	case LSO_TUNNEL_ETHERNET:
		break;
	}
	return LSO_BAD_TUNNEL;
}
