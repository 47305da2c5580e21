/* SPDX-License-Identifier: MIT */
/*
 * Tunnelled packets: the engine cuts the innermost packet, with all that is in front of it as one
 * long link-layer header; then the outer headers are finished from the inside out, for a checksum
 * covers what is inside.
 */
#include "bytes.h"
#include "fields.h"
#include "private.h"

enum {
	GRE_CHECKSUM = 4,
	GTPU_LENGTH = 2,
	PPPOE_LENGTH = 4,
};

/* told() - what a header's length field says of @length bytes that begin with the header */
static size_t told(enum outer_kind kind, size_t length)
{
	switch (kind) {
	case OUTER_LLC:
		return length - 2;
	case OUTER_IPV6:
		return length - 40;
	case OUTER_GTPU:
		return length - 8;
	case OUTER_PPPOE:
		return length - 6;
	case OUTER_IPV4:
	case OUTER_UDP:
	case OUTER_GRE:
		break;
	}
	return length;
}

/* take_outers() - once for each packet; @headers are those of its segments */
static enum lso_status take_outers(struct segmenter *s, const struct walk *w,
				   const uint8_t *headers, const struct lso_tunnel_options *options)
{
	size_t longest = s->header + (s->segments == 1 ? s->last_payload : s->mss);

	for (size_t k = 0; k < w->outers; k++) {
		struct outer *o = &s->outer[k];
		enum outer_kind kind = (enum outer_kind)w->outer[k].kind;
		size_t length = told(kind, longest - w->outer[k].offset);

		if (length > (kind == OUTER_LLC ? LONGEST_8023 : UINT16_MAX) && kind != OUTER_GRE)
			return LSO_TOO_LONG;
		*o = w->outer[k];
		if (kind == OUTER_IPV4)
			o->id = load_be16(headers + o->offset + IPV4_ID);
	}
	s->outers = (uint8_t)w->outers;
	s->outer_ids = !options || options->outer_ip_id != LSO_IP_ID_FIXED;
	s->l4_pseudo = lso_pseudo(headers, &w->tunnel.inner, 0);
	return LSO_OK;
}

enum lso_status lso_begin_tunnel(struct lso_segmenter *segmenter, const struct iovec *iov,
				 int count, const struct lso_options *options,
				 const struct lso_tunnel_options *tunnel)
{
	struct segmenter *s = (struct segmenter *)segmenter;
	uint8_t gathered[LSO_MAX_HEADERS];
	size_t readable = lso_iov_read(iov, count, gathered, sizeof(gathered));
	struct lso_layout inner;
	enum lso_status status;
	struct walk w;
	size_t headers;

	s->engine = lso_engine_find(options->path);
	if (!s->engine)
		return LSO_NO_PATH;
	status = lso_walk(gathered, readable, true, tunnel, &w);
	if (status)
		return status;
	inner = w.tunnel.inner;
	inner.l2_type = LSO_L2_ETHERNET; /* an 802.3 length is among the outer headers */
	headers = (size_t)inner.payload_offset + w.tunnel.jumbo_length;
	s->cursor = lso_iov_seek(iov, count, headers);
	status = lso_make_template(s, gathered, readable - w.tunnel.jumbo_length, &inner,
				   lso_iov_length(iov, count) - headers, options);
	return status ? status : take_outers(s, &w, gathered, tunnel);
}

/*
 * sum_l4() - over a segment from its transport header on. With a right checksum in it that is the
 * complement of the pseudo-header's sum, whatever the payload is.
 */
static uint64_t sum_l4(const struct segmenter *s, const uint8_t *header, uint32_t l4_length,
		       const struct iovec *payload, int count)
{
	struct cursor c = { .iov = payload, .count = count };
	uint32_t headers = s->header - s->l4;

	if (s->l4_checksum)
		return (uint16_t)~fold16(s->l4_pseudo + htobe32(l4_length));
	return (uint64_t)s->engine->sum(header + s->l4, headers) +
	       lso_sum_scattered(s->engine, &c, l4_length - headers);
}

static void put_ipv4(const struct segmenter *s, uint8_t *ip, uint16_t length, uint16_t id)
{
	store16(ip + IPV4_LENGTH, length);
	store16(ip + IPV4_ID, htobe16(id));
	store16(ip + IPV4_CHECKSUM, 0);
	store16(ip + IPV4_CHECKSUM, (uint16_t)~fold16(s->engine->sum(ip, (ip[0] & 0x0f) * 4u)));
}

/* put_checksum() - UDP's or GRE's, its other fields being final; @l4: as sum_l4() has it */
static void put_checksum(const struct segmenter *s, const struct outer *o, uint8_t *at,
			 size_t length, uint64_t l4)
{
	bool udp = o->kind == OUTER_UDP;
	uint8_t *field = at + (udp ? UDP_CHECKSUM : GRE_CHECKSUM);
	uint16_t checksum;

	store16(field, 0);
	l4 += s->engine->sum(at, (size_t)s->l4 - o->offset);
	if (udp)
		l4 += (uint64_t)o->pseudo + htobe32((uint32_t)length);
	checksum = (uint16_t)~fold16(l4);
	store16(field, udp && checksum == 0 ? 0xffff : checksum); /* RFC 768 */
}

/* put_length() - and with IPv4's what else a segment has of its own there */
static void put_length(const struct segmenter *s, const struct outer *o, uint8_t *at, size_t length,
		       uint32_t i)
{
	uint16_t field = htobe16((uint16_t)told((enum outer_kind)o->kind, length));

	switch ((enum outer_kind)o->kind) {
	case OUTER_LLC:
		store16(at, field);
		break;
	case OUTER_IPV4:
		put_ipv4(s, at, field, (uint16_t)(o->id + (s->outer_ids ? i : 0)));
		break;
	case OUTER_IPV6:
		store16(at + IPV6_LENGTH, field);
		break;
	case OUTER_UDP:
		store16(at + UDP_LENGTH, field);
		break;
	case OUTER_GTPU:
		store16(at + GTPU_LENGTH, field);
		break;
	case OUTER_PPPOE:
		store16(at + PPPOE_LENGTH, field);
		break;
	case OUTER_GRE:
		break;
	}
}

void lso_put_outers(const struct segmenter *s, uint8_t *header, uint32_t i,
		    const struct iovec *payload, int count)
{
	size_t end = (size_t)s->header + (i + 1 == s->segments ? s->last_payload : s->mss);
	bool summed = false;
	uint64_t l4 = 0;

	for (size_t k = s->outers; k-- > 0;) {
		const struct outer *o = &s->outer[k];
		uint8_t *at = header + o->offset;

		put_length(s, o, at, end - o->offset, i);
		if (!o->checksum)
			continue;
		if (!summed)
			l4 = sum_l4(s, header, (uint32_t)(end - s->l4), payload, count);
		summed = true;
		put_checksum(s, o, at, end - o->offset, l4);
	}
}
