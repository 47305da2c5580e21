/* SPDX-License-Identifier: MIT */
/*
 * The short way for nearly all frames of a download: TCP in Ethernet II without tags, over IPv4 or
 * IPv6 without options, with no TCP options or the timestamp's, ACK and perhaps PSH. Whatever is
 * unusual is left to the long way, which knows all rules and says why. What is decided here, the
 * long way would decide alike.
 *
 * A unit knows how the next frame of a steady flow looks: as its first one, but for the sequence
 * number, IPv4's ID with the checksum, both foretold, and TCP's checksum. Such a frame is known by
 * a few vectors compared; the others that can join are looked at field by field.
 *
 * run.h includes this, so that it is compiled for each path with that path's sum in it. A path may
 * define PATH_VECTOR, the size of a vector, and all_zero(), whether one is.
 */
#ifndef LSO_COALESCE_QUICK_H
#define LSO_COALESCE_QUICK_H

#include "coalesce_private.h"

#define STAMP_FIRST htobe32(0x0101080a) /* NOP, NOP, timestamp, 10 */

#define AHEAD       3 /* frames whose headers are fetched before their turn */

enum { L3 = 14, TYPE = 12, TYPE_4 = 0x0800, TYPE_6 = 0x86dd };

/* What is done with a frame: a constant. Those that are trusted may be copied, too. */
enum quick_way { QUICK_VERIFY, QUICK_COPY, QUICK_TRUST };

/* A frame as it is looked at. */
struct quick {
	const uint8_t *p;
	uint32_t length;
	uint32_t l4;
	uint32_t header;
	uint32_t payload;
	uint16_t flags;
	uint8_t id_way; /* the unit's, when it has joined */
	bool ipv4;      /* a constant, where it matters */
	enum quick_way way;
	void *cookie;
};

#ifndef PATH_VECTOR
#define PATH_VECTOR 16 /* bytes */
#define all_zero(v) (!((v)[0] | (v)[1]))
#endif

typedef uint64_t vector __attribute__((vector_size(PATH_VECTOR)));

RUN vector vector_at(const uint8_t *p)
{
	vector v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/* same() - of the unit and the frame by a mask; COPIED bytes of it can be read */
RUN bool same(const struct unit *u, const struct quick *q, const uint8_t *mask, bool stamped)
{
	const uint8_t *p = q->p;
	const uint8_t *h = u->header;
	vector differs = (vector_at(p) ^ vector_at(h)) & vector_at(mask);

	for (uint32_t at = PATH_VECTOR; at < (q->ipv4 ? 64 : COPIED); at += PATH_VECTOR)
		differs |= (vector_at(p + at) ^ vector_at(h + at)) & vector_at(mask + at);
	if (q->ipv4 && stamped && load16(p + 64) != load16(h + 64)) /* they end at 66 */
		return false;
	return all_zero(differs);
}

/* is_foretold() - is it the frame that the unit waits for? */
RUN bool is_foretold(const struct unit *u, const struct quick *q)
{
	if (q->length != u->frame_length || load_be32(q->p + q->l4 + TCP_SEQUENCE) != u->sequence ||
	    u->payload > u->most)
		return false;
	if (q->ipv4 && be64toh(load64(q->p + L3 + IPV4_ID)) != u->ip_next)
		return false;
	return same(u, q, u->foretold, u->stamped);
}

/* is_right() - a sum with a checksum in it; never 0, since the protocol is in it */
RUN bool is_right(uint64_t sum)
{
	return fold16(sum) == 0xffff;
}

/* right_ip_sum() - and in the form that liblso writes */
RUN bool right_ip_sum(const uint8_t *ip)
{
	uint64_t sum = (uint64_t)load32(ip) + load32(ip + 4) + load32(ip + 8) + load32(ip + 12) +
		       load32(ip + 16);

	return load16(ip + IPV4_CHECKSUM) != 0xffff && is_right(sum);
}

/* next_way() - the usual ways for IDs to go on; ID_ANY: another one */
RUN uint8_t next_way(const struct unit *u, uint16_t id)
{
	uint16_t last = last_id(u);

	if (id == last)
		return u->id_way == ID_UNKNOWN || u->id_way == ID_FIXED ? ID_FIXED : ID_ANY;
	if (id != (uint16_t)(last + 1) || u->id_way == ID_FIXED || (last & 0x7fff) == 0x7fff ||
	    u->id_way == ID_COUNTS_15)
		return ID_ANY;
	return u->id_way == ID_COUNTS_16 ? ID_COUNTS_16 : ID_COUNTS;
}

/*
 * foretell() - what the next frame of a steady flow has of its own
 * @q:       the last one
 * @payload: the unit's so far
 * @used:    of its places for frames and of those for pieces, whatever are more
 */
RUN void foretell(const struct lso_coalescer *c, struct unit *u, const struct quick *q,
		  uint32_t payload, uint32_t used)
{
	uint32_t full = c->options.max_frames - 1; /* one that makes it full is looked at anew */
	uint32_t fixed = q->header - L3 + u->mss;
	bool counts = q->ipv4 && u->id_way != ID_FIXED;
	uint32_t most;

	u->frame_length = 0;
	if (used >= full || c->options.max_length < fixed)
		return;
	most = payload + (full - used - 1) * u->mss;
	u->most = c->options.max_length - fixed < most ? c->options.max_length - fixed : most;
	u->frame_length = q->header + u->mss;
	u->foretold = lso_foretold[q->ipv4][u->stamped];
	u->next_base =
		u->l4_base + htobe32(u->frame_length - q->l4) + load16(q->p + q->l4 + TCP_FLAGS);
	u->step.payload = u->mss;
	u->step.sequence = u->mss;
	u->step.ids = counts;
	u->id_then = u->id_way == ID_UNKNOWN && counts ? ID_COUNTS : u->id_way;
	if (!q->ipv4)
		return;
	/* What is added to the ID is taken from the checksum. When that wraps, the frame is not as
	 * foretold. The ID may: a unit is too short for a second time. */
	u->ip_step = counts ? ((uint64_t)1 << 48) - 1 : 0;
	u->ip_next = be64toh(load64(q->p + L3 + IPV4_ID)) + u->ip_step;
}

/* can_join() - one that is not as foretold; its checksum was not looked at */
RUN bool can_join(const struct lso_coalescer *c, const struct unit *u, struct quick *q)
{
	const uint8_t *ip = q->p + L3;
	const uint8_t *tcp = q->p + q->l4;
	uint32_t said = q->ipv4 ? load_be16(ip + IPV4_LENGTH) : load_be16(ip + IPV6_LENGTH) + 40u;
	uint16_t flags = load_be16(tcp + TCP_FLAGS);

	q->header = q->l4 + (flags >> 12) * 4u;
	q->flags = flags & 0xfff;
	if ((q->header != q->l4 + 20 && q->header != q->l4 + 32) || said != q->length - L3 ||
	    q->length <= q->header)
		return false;
	q->payload = q->length - q->header;
	if (u->quick != (q->ipv4 ? 4 : 6) ||
	    !same(u, q, lso_shared[q->ipv4][q->header - q->l4 == 32], q->header - q->l4 == 32))
		return false;
	if (load_be32(tcp + TCP_SEQUENCE) != u->sequence || q->payload > u->mss ||
	    q->header - L3 + u->payload + q->payload > c->options.max_length ||
	    u->entries > c->options.max_frames)
		return false;
	q->id_way = u->id_way;
	if (q->ipv4) {
		q->id_way = next_way(u, load_be16(ip + IPV4_ID));
		return q->id_way != ID_ANY && right_ip_sum(ip);
	}
	return true;
}

/* can_begin() - one of whose flow nothing is held; its checksum was not looked at */
RUN bool can_begin(const struct lso_coalescer *c, struct quick *q)
{
	const uint8_t *ip = q->p + L3;
	const uint8_t *tcp = q->p + q->l4;
	uint16_t flags = load16(tcp + TCP_FLAGS);

	if (c->free == NO_UNIT || q->length - L3 > c->options.max_length ||
	    c->options.max_frames < 2)
		return false;
	if (flags == htobe16(0x5000 | FLAG_ACK))
		q->header = q->l4 + 20;
	else if (flags == htobe16(0x8000 | FLAG_ACK) && load32(tcp + 20) == STAMP_FIRST &&
		 !c->options.no_timestamps)
		q->header = q->l4 + 32;
	else
		return false;
	q->flags = FLAG_ACK;
	if (q->length <= q->header)
		return false;
	q->payload = q->length - q->header;
	if (q->ipv4) /* no options, no fragment, TCP */
		return ip[0] == 0x45 && load_be16(ip + IPV4_LENGTH) == q->length - L3 &&
		       !((load32(ip + IPV4_FRAGMENT) ^ htobe32(IPPROTO_TCP)) &
			 htobe32(0xbfff00ff)) &&
		       c->options.protocols & LSO_COALESCE_TCP4 && right_ip_sum(ip);
	return ip[0] >> 4 == 6 && load_be16(ip + IPV6_LENGTH) + 40u == q->length - L3 &&
	       ip[6] == IPPROTO_TCP && c->options.protocols & LSO_COALESCE_TCP6;
}

/* l4_base_of() - see struct unit */
RUN uint64_t l4_base_of(const struct quick *q)
{
	const uint8_t *ip = q->p + L3;
	const uint8_t *tcp = q->p + q->l4;
	uint64_t sum = htobe16(IPPROTO_TCP);

	sum += (uint64_t)load32(tcp) + load32(tcp + TCP_ACKNOWLEDGMENT) + load16(tcp + TCP_WINDOW) +
	       load16(tcp + TCP_URGENT);
	if (q->header - q->l4 == 32)
		sum += (uint64_t)load32(tcp + 20) + load32(tcp + 24) + load32(tcp + 28);
	if (q->ipv4)
		return sum + load32(ip + 12) + load32(ip + 16);
	for (int at = 8; at < 40; at += 4)
		sum += load32(ip + at);
	return sum;
}

/* with_own() - l4_base with a frame's length and flags */
RUN uint64_t with_own(uint64_t base, const struct quick *q)
{
	return base + htobe32(q->length - q->l4) + load16(q->p + q->l4 + TCP_FLAGS);
}

/*
 * take_payload() - sum it, and copy it if that is to be done
 * @rest: of the sum: all but sequence number, checksum and payload
 * Return: whether the frame's checksum is right.
 */
RUN bool take_payload(const struct lso_coalescer *c, struct unit *u, uint32_t at,
		      const struct quick *q, uint64_t rest, uint32_t *sum)
{
	const uint8_t *tcp = q->p + q->l4;
	const uint8_t *payload = q->p + q->header;
	uint16_t field = load16(tcp + TCP_CHECKSUM);

	rest += (uint64_t)load32(tcp + TCP_SEQUENCE) + field;
	if (q->way == QUICK_VERIFY)
		*sum = sum_block(payload, q->payload);
	else if (q->way == QUICK_COPY)
		*sum = copy_block(u->room + at, payload, q->payload);
	else
		*sum = (uint16_t)~fold16(rest);
	if (q->way == QUICK_TRUST && c->options.copy && field != 0xffff)
		memcpy(u->room + at, payload, q->payload);
	return field != 0xffff && (q->way == QUICK_TRUST || is_right(rest + *sum));
}

/* refer() - to a frame that joins; to be done before its unit grows */
RUN void refer(const struct lso_coalescer *c, struct unit *u, const struct quick *q)
{
	if (!c->options.copy)
		u->iov[u->entries] =
			(struct iovec){ (uint8_t *)(uintptr_t)q->p + q->header, q->payload };
	u->cookies[u->frames] = q->cookie;
}

/* join_foretold() - one that is as foretold, if its checksum is right */
RUN bool join_foretold(const struct lso_coalescer *c, struct unit *u, struct quick *q)
{
	uint32_t sum;

	q->payload = u->mss;
	q->header = q->length - q->payload;
	if (!take_payload(c, u, u->payload, q, u->next_base, &sum))
		return false;
	refer(c, u, q);
	u->sum = add_piece(u->sum, u->payload, sum);
	u->grown += u->step.all;
	u->id_way = u->id_then;
	if (q->ipv4)
		u->ip_next += u->ip_step;
	return true;
}

/* add_other() - one that is not, but joins */
RUN void add_other(struct lso_coalescer *c, struct unit *u, const struct quick *q, uint32_t sum)
{
	refer(c, u, q);
	u->sum = add_piece(u->sum, u->payload, sum);
	u->frames++;
	u->segments++;
	u->entries += u->step.entries;
	u->payload += q->payload;
	u->sequence += q->payload;
	u->ids = load_be16(q->p + L3 + IPV4_ID);
	u->id_way = q->id_way;
	u->flags |= q->flags;
	if (q->flags & FLAG_PSH)
		lso_unit_end(c, u, LSO_END_PSH);
	else if (q->payload < u->mss)
		lso_unit_end(c, u, LSO_END_SHORT);
	else if (u->frames >= c->options.max_frames)
		lso_unit_end(c, u, LSO_END_FRAMES);
	else
		foretell(c, u, q, u->payload, u->frames > u->entries ? u->frames : u->entries);
}

/* copy_headers() - IPv4's longest end at 66 */
RUN void copy_headers(uint8_t *to, const uint8_t *from, bool ipv4)
{
	for (uint32_t at = 0; at < (ipv4 ? 64 : COPIED); at += PATH_VECTOR) {
		vector v = vector_at(from + at);

		memcpy(to + at, &v, sizeof(v));
	}
	if (ipv4)
		store16(to + 64, load16(from + 64));
}

/* begin_unit() - in the place that is free next */
RUN void begin_unit(struct lso_coalescer *c, struct unit *u, uint32_t hash, const struct quick *q,
		    uint64_t base, uint32_t sum)
{
	bool stamped = q->header - q->l4 == 32;

	c->free = u->next;
	if (u->plain != plain_kind(q->ipv4, stamped))
		lso_unit_prepare(c, u, q->ipv4, stamped);
	copy_headers(u->header, q->p, q->ipv4);
	u->hash = hash;
	u->frames = 1;
	u->segments = 1;
	u->payload = q->payload;
	u->sequence = load_be32(q->p + q->l4 + TCP_SEQUENCE) + q->payload;
	u->entries = 1 + u->step.entries;
	u->ids = load_be16(q->p + L3 + IPV4_ID);
	u->sum = sum;
	u->mss = q->payload;
	u->longest = q->payload;
	if (stamped)
		u->stamp_first = load_be32(q->p + q->l4 + 24);
	u->flags = FLAG_ACK;
	u->id_way = ID_UNKNOWN;
	u->l4_base = base;
	u->begun = c->now;
	u->cookies[0] = q->cookie;
	if (!c->options.copy)
		u->iov[1] = (struct iovec){ (uint8_t *)(uintptr_t)q->p + q->header, q->payload };
	foretell(c, u, q, q->payload, 1 + u->step.entries);
	lso_unit_enlist(c, u);
}

/* held() - the first unit of a hash, which nearly always is the flow's, or NULL: it has none */
RUN struct unit *held(const struct lso_coalescer *c, uint32_t hash)
{
	uint32_t i = c->buckets[hash & c->bucket_mask];

	while (i != NO_UNIT) {
		struct unit *u = unit_at(c, i);

		if (u->hash == hash)
			return u;
		i = u->next;
	}
	return NULL;
}

/* quick_of() - @ipv4: by its type, which is IPv4's or IPv6's */
RUN struct quick quick_of(const struct iovec *frame, bool ipv4, enum quick_way way, void *cookie)
{
	return (struct quick){
		.p = frame->iov_base,
		.length = (uint32_t)frame->iov_len,
		.l4 = ipv4 ? 34 : 54,
		.ipv4 = ipv4,
		.way = way,
		.cookie = cookie,
	};
}

/*
 * quick_join() and quick_begin() - a frame that is not as foretold: does it join @u, or begin a
 * unit? Functions of their own, so that they take no registers from those that are as foretold.
 */
PATH_TARGET static __attribute__((noinline)) bool quick_join(struct lso_coalescer *c,
							     struct unit *u,
							     const struct iovec *frame,
							     enum quick_way way, void *cookie)
{
	bool ipv4 = load16((const uint8_t *)frame->iov_base + TYPE) == htobe16(TYPE_4);
	struct quick q = quick_of(frame, ipv4, way, cookie);
	uint32_t sum;

	if (!can_join(c, u, &q) ||
	    !take_payload(c, u, u->payload, &q, with_own(u->l4_base, &q), &sum))
		return false;
	add_other(c, u, &q, sum);
	return true;
}

RUN bool begin_quickly(struct lso_coalescer *c, uint32_t hash, struct quick *q)
{
	struct unit *u;
	uint64_t base;
	uint32_t sum;

	if (!can_begin(c, q))
		return false;
	u = unit_at(c, c->free);
	base = l4_base_of(q);
	if (!take_payload(c, u, 0, q, with_own(base, q), &sum))
		return false;
	begin_unit(c, u, hash, q, base, sum);
	return true;
}

PATH_TARGET static __attribute__((noinline)) bool quick_begin(struct lso_coalescer *c,
							      uint32_t hash,
							      const struct iovec *frame,
							      enum quick_way way, void *cookie)
{
	struct quick q4 = quick_of(frame, true, way, cookie);
	struct quick q6 = quick_of(frame, false, way, cookie);

	if (load16(q4.p + TYPE) == htobe16(TYPE_4))
		return begin_quickly(c, hash, &q4);
	return begin_quickly(c, hash, &q6);
}

/* quick() - @ipv4: a constant, so that all offsets are */
RUN bool quick(struct lso_coalescer *c, const struct iovec *frame, bool ipv4, enum quick_way way,
	       void *cookie)
{
	struct quick q = quick_of(frame, ipv4, way, cookie);
	uint32_t hash = flow_hash(c, q.p + L3, q.p + q.l4, ipv4);
	struct unit *u = held(c, hash);

	if (!u)
		return quick_begin(c, hash, frame, way, cookie);
	if (is_foretold(u, &q))
		return join_foretold(c, u, &q);
	return quick_join(c, u, frame, way, cookie);
}

RUN bool quick_one(struct lso_coalescer *c, const struct iovec *frame, enum quick_way way,
		   void *cookie)
{
	uint16_t type;

	if (frame->iov_len < COPIED || frame->iov_len > LONGEST_IP + L3)
		return false;
	type = load16((const uint8_t *)frame->iov_base + TYPE);
	if (type == htobe16(TYPE_4))
		return quick(c, frame, true, way, cookie);
	return type == htobe16(TYPE_6) && quick(c, frame, false, way, cookie);
}

/* quick_all() - in one function, so that what the frames share is made ready once */
RUN uint32_t quick_all(struct lso_coalescer *c, const struct iovec *frames, uint32_t count,
		       enum quick_way way, void *const *cookies)
{
	uint32_t i = 0;

	for (; i < count; i++) {
		if (i + AHEAD < count) {
			__builtin_prefetch(frames[i + AHEAD].iov_base);
			__builtin_prefetch((const uint8_t *)frames[i + AHEAD].iov_base + 64);
		}
		if (!quick_one(c, &frames[i], way, cookies ? cookies[i] : NULL))
			break;
	}
	return i;
}

PATH_TARGET static __attribute__((flatten)) uint32_t path_coalesce(struct lso_coalescer *c,
								   const struct iovec *frames,
								   uint32_t count, bool verify,
								   void *const *cookies)
{
	if (!verify)
		return quick_all(c, frames, count, QUICK_TRUST, cookies);
	if (c->options.copy)
		return quick_all(c, frames, count, QUICK_COPY, cookies);
	return quick_all(c, frames, count, QUICK_VERIFY, cookies);
}

#endif
