/* SPDX-License-Identifier: MIT */
/*
 * On the way through a tunnelled packet's headers: what the step from one header to the next takes.
 */
#ifndef LSO_WALK_H
#define LSO_WALK_H

#include "bytes.h"
#include "private.h"

/* The EtherTypes that lead further. */
enum {
	TYPE_IPV4 = 0x0800,
	TYPE_BRIDGED = 0x6558, /* an Ethernet frame */
	TYPE_8021Q = 0x8100,
	TYPE_IPV6 = 0x86dd,
	TYPE_MPLS = 0x8847,
	TYPE_MPLS_UPSTREAM = 0x8848,
	TYPE_PPPOE = 0x8864,
	TYPE_8021AD = 0x88a8,
	TYPE_NSH = 0x894f,
	TYPE_QINQ = 0x9100, /* before 802.1ad */
	TYPE_QINQ_2 = 0x9200,
};

/* What the next header is. */
enum step {
	STEP_LINK,      /* an Ethernet header */
	STEP_TYPE,      /* what an EtherType says */
	STEP_IP,        /* the IP of walker.value: 4 or 6 */
	STEP_PROTOCOL,  /* what an IP header's protocol says */
	STEP_TUNNEL,    /* a header of its own: walker.value is an lso_tunnel_kind */
	STEP_TRANSPORT, /* the innermost TCP or UDP header: the end */
};

struct walker {
	uint8_t *bytes;
	size_t readable;
	size_t at; /* the next header's offset */
	enum step step;
	unsigned int value;
	bool remove;
	bool jumbo;
	uint8_t l2_type; /* of a link-layer header right in front, else 0 */
	uint8_t tags;
	const struct lso_tunnel_options *options;
	struct walk *w;
};

/* missing() - why the next @need bytes are not there; LSO_OK when they are */
static inline enum lso_status missing(const struct walker *r, size_t need)
{
	if (r->at + need <= r->readable)
		return LSO_OK;
	return r->at + need > LSO_MAX_HEADERS ? LSO_HEADERS_TOO_LONG : LSO_TRUNCATED;
}

/* follow() - go on with a header of this kind, @length bytes further */
static inline enum lso_status follow(struct walker *r, size_t length, enum step step,
				     unsigned int value)
{
	r->at += length;
	r->step = step;
	r->value = value;
	return LSO_OK;
}

/* wrap() - note a header that each segment needs finished. There is room: see OUTERS_MAX. */
static inline struct outer *wrap(struct walker *r, enum outer_kind kind, size_t offset)
{
	struct outer *o = &r->w->outer[r->w->outers++];

	*o = (struct outer){ .kind = (uint8_t)kind, .offset = (uint16_t)offset };
	return o;
}

static inline bool is_tag(uint16_t type)
{
	return type == TYPE_8021Q || type == TYPE_8021AD || type == TYPE_QINQ ||
	       type == TYPE_QINQ_2;
}

/* lso_walk_header() - a tunnel's header of its own */
enum lso_status lso_walk_header(struct walker *r, enum lso_tunnel_kind kind);

/* lso_walk_protocol() - what is in IP, or in GUE, which uses the same numbers */
enum lso_status lso_walk_protocol(struct walker *r, bool in_ip);

#endif
