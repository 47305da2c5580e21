/* SPDX-License-Identifier: MIT */
/*
 * A unit that has ended: its headers made right, and what is said of it.
 */
#include "coalesce_private.h"

/* sum_words() - of headers: @length is a multiple of 4 */
static uint64_t sum_words(const uint8_t *p, size_t length)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < length; i += 4)
		sum += load32(p + i);
	return sum;
}

/*
 * ip_sum_of_quick() - an IPv4 header's without length and checksum, as these tell it: they are its
 * first frame's, and right (RFC 1624 3)
 */
static uint64_t ip_sum_of_quick(const uint8_t *ip)
{
	return (uint64_t)(uint16_t)~load16(ip + IPV4_CHECKSUM) +
	       (uint16_t)~load16(ip + IPV4_LENGTH);
}

static void put_ip(const struct lso_coalescer *c, struct unit *u)
{
	uint8_t *ip = u->header + u->layout.l3_offset;
	uint16_t length = (uint16_t)ip_length_of(&u->layout, u->payload);
	uint64_t sum;

	if (u->layout.ip_version == 6) {
		store16(ip + IPV6_LENGTH, htobe16((uint16_t)(length - 40)));
		return;
	}
	sum = u->quick ? ip_sum_of_quick(ip)
		       : sum_words(ip, 20) - load16(ip + IPV4_LENGTH) - load16(ip + IPV4_CHECKSUM);
	store16(ip + IPV4_LENGTH, htobe16(length));
	store16(ip + IPV4_CHECKSUM, 0);
	if (c->options.unit_sum != LSO_UNIT_SUM_ZERO)
		store16(ip + IPV4_CHECKSUM, (uint16_t)~fold16(sum + htobe16(length)));
}

/* sum_field() - what goes into the TCP or UDP checksum field; @header: sum over its header */
static uint16_t sum_field(const struct lso_coalescer *c, const struct unit *u, uint64_t header)
{
	uint32_t length = u->layout.payload_offset - u->layout.l4_offset + u->payload;
	uint64_t pseudo;
	uint16_t checksum;

	if (c->options.unit_sum == LSO_UNIT_SUM_ZERO || u->unsummed)
		return 0;
	pseudo = lso_pseudo(u->header, &u->layout, length);
	if (c->options.unit_sum == LSO_UNIT_SUM_SEED)
		return fold16(pseudo);
	checksum = (uint16_t)~fold16(pseudo + fold32(u->sum) + header);
	return checksum || is_tcp(&u->layout) ? checksum : 0xffff; /* RFC 768 */
}

/* put_quick() - of a unit whose sums are known but for what each frame has of its own */
static void put_quick(struct unit *u, uint8_t *tcp)
{
	uint32_t length = u->layout.payload_offset - u->layout.l4_offset + u->payload;
	uint16_t flags = (load16(tcp + TCP_FLAGS) & htobe16(0xf000)) | htobe16(u->flags);
	uint64_t sum = u->l4_base + load32(tcp + TCP_SEQUENCE) + flags + htobe32(length);

	store16(tcp + TCP_CHECKSUM, (uint16_t)~fold16(sum + fold32(u->sum)));
	store16(tcp + TCP_FLAGS, flags);
}

/* put_transport() - sums are taken before anything is stored: a load would wait for the stores */
static void put_transport(const struct lso_coalescer *c, struct unit *u)
{
	uint8_t *l4 = u->header + u->layout.l4_offset;
	uint64_t sum;

	if (u->quick && c->options.unit_sum == LSO_UNIT_SUM_FULL) {
		put_quick(u, l4);
		return;
	}
	sum = sum_words(l4, u->layout.payload_offset - u->layout.l4_offset);
	if (is_tcp(&u->layout)) {
		uint16_t old = load16(l4 + TCP_FLAGS);
		uint16_t flags = (old & htobe16(0xf000)) | htobe16(u->flags);

		sum = sum - load16(l4 + TCP_CHECKSUM) - old + flags;
		store16(l4 + TCP_CHECKSUM, sum_field(c, u, sum));
		store16(l4 + TCP_FLAGS, flags);
	} else {
		uint16_t length = htobe16((uint16_t)(8 + u->payload));

		sum = sum - load16(l4 + UDP_CHECKSUM) - load16(l4 + UDP_LENGTH) + length;
		store16(l4 + UDP_CHECKSUM, sum_field(c, u, sum));
		store16(l4 + UDP_LENGTH, length);
	}
}

static enum lso_gso gso_of(const struct unit *u)
{
	if (u->segments < 2)
		return LSO_GSO_NONE;
	if (!is_tcp(&u->layout))
		return LSO_GSO_UDP;
	return u->layout.ip_version == 4 ? LSO_GSO_TCP4 : LSO_GSO_TCP6;
}

static enum lso_ip_id id_of(const struct unit *u)
{
	if (u->id_way == ID_FIXED)
		return LSO_IP_ID_FIXED;
	return u->id_way == ID_COUNTS_15 ? LSO_IP_ID_NDIS : LSO_IP_ID_LINUX;
}

void lso_unit_prepare(const struct lso_coalescer *c, struct unit *u, bool ipv4, bool stamped)
{
	const struct lso_layout *layout = &lso_quick_layouts[ipv4][stamped];
	bool rsc = c->options.rules == LSO_RULES_RSC;

	u->plain = plain_kind(ipv4, stamped);
	u->quick = ipv4 ? 4 : 6;
	u->stamped = stamped;
	u->stamp = stamped && rsc ? layout->l4_offset + 24 : 0;
	u->layout = *layout;
	u->flags = FLAG_ACK;
	u->duplicate_acks = 0;
	u->partial = false;
	u->unsummed = false;
	u->lossy = false;
	u->out = (struct lso_unit){
		.iov = u->iov,
		.cookies = u->cookies,
		.sum = LSO_SUM_GOOD,
		.exact = true,
		.layout = *layout,
	};
	u->iov[0] = (struct iovec){ u->header, layout->payload_offset };
}

/* say_plain() - what lso_unit_prepare() has not said of a unit */
static void say_plain(const struct lso_coalescer *c, struct unit *u, enum lso_end end)
{
	struct lso_unit *unit = &u->out;
	bool several = u->frames > 1;

	unit->count = (int)u->entries;
	unit->length = (size_t)u->layout.payload_offset + u->payload;
	unit->frames = u->frames;
	unit->segments = u->frames; /* all have payload */
	unit->mss = u->mss;
	unit->gso = gso_of(u);
	unit->partial = several && c->options.unit_sum == LSO_UNIT_SUM_SEED;
	unit->end = end;
	unit->cut.mss = u->mss;
	unit->cut.ip_id = id_of(u);
	unit->begun = u->begun;
}

/* say() - the same of any unit: all members, since they are of the last one in its place */
static void say(const struct lso_coalescer *c, struct unit *u, enum lso_end end)
{
	struct lso_unit *unit = &u->out;
	bool several = u->frames > 1;

	unit->iov = u->iov;
	unit->count = (int)u->entries;
	unit->length = (size_t)u->layout.payload_offset + u->payload;
	unit->cookies = u->cookies;
	unit->frames = u->frames;
	unit->segments = u->segments;
	unit->mss = u->lossy ? u->longest : u->mss;
	unit->duplicate_acks = u->duplicate_acks;
	unit->timestamp_delta = u->stamp ? load_be32(u->header + u->stamp) - u->stamp_first : 0;
	unit->gso = gso_of(u);
	unit->sum = u->unsummed ? LSO_SUM_ABSENT : LSO_SUM_GOOD;
	unit->partial = u->partial;
	if (several)
		unit->partial = c->options.unit_sum == LSO_UNIT_SUM_SEED && !u->unsummed;
	unit->end = end;
	unit->exact = !u->lossy;
	unit->layout = u->layout;
	unit->cut.mss = unit->mss;
	unit->cut.ip_id = id_of(u);
	unit->cut.udp_zero_checksum = u->unsummed;
	unit->cut.accurate_ecn = u->flags & FLAG_CWR;
	unit->begun = u->begun;
}

void lso_unit_emit(struct lso_coalescer *c, struct unit *u, enum lso_end end)
{
	if (u->plain)
		say_plain(c, u, end);
	else
		say(c, u, end);
	if (u->frames > 1) {
		put_ip(c, u);
		put_transport(c, u);
	}
	if (c->options.copy) {
		u->iov[0].iov_len = u->layout.payload_offset + (size_t)u->payload;
		u->iov[0].iov_base = u->room - u->layout.payload_offset;
		memcpy(u->iov[0].iov_base, u->header, u->layout.payload_offset);
	} else if (!u->plain) {
		u->iov[0].iov_base = u->header;
		u->iov[0].iov_len = u->layout.payload_offset;
	}
	c->options.emit(c->options.context, &u->out);
}

/* verdict_on() - of a frame that was not held, as far as that is known or can be */
static enum lso_verdict verdict_on(const struct frame *f, enum lso_end end)
{
	if (end == LSO_END_BAD_SUM)
		return LSO_SUM_BAD;
	if (f->layout.payload_offset == 0)
		return LSO_SUM_ABSENT;
	if (f->sum == LSO_FRAME_VERIFY)
		return lso_verify_iov(f->iov, f->count).l4;
	if (f->sum == LSO_FRAME_BAD)
		return LSO_SUM_BAD;
	if (!is_tcp(&f->layout) && load16(l4_of(f) + UDP_CHECKSUM) == 0)
		return LSO_SUM_ABSENT;
	return LSO_SUM_GOOD;
}

void lso_frame_emit(struct lso_coalescer *c, const struct frame *f, enum lso_end end)
{
	bool payload = f->layout.payload_offset && f->length > f->layout.payload_offset;
	struct lso_unit *unit = &c->out;
	void *cookie = f->cookie;

	*unit = (struct lso_unit){
		.iov = f->iov,
		.count = f->count,
		.length = f->length,
		.cookies = &cookie,
		.frames = 1,
		.segments = payload,
		.mss = payload ? (uint32_t)(f->length - f->layout.payload_offset) : 0,
		.sum = verdict_on(f, end),
		.partial = f->sum == LSO_FRAME_PARTIAL,
		.end = end,
		.exact = true,
		.layout = f->layout,
		.begun = c->now,
	};
	unit->cut.mss = unit->mss;
	unit->cut.udp_zero_checksum = true;
	unit->cut.accurate_ecn = true;
	c->options.emit(c->options.context, unit);
}
