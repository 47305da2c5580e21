/* SPDX-License-Identifier: MIT */
/*
 * The short way for nearly all frames of a download: TCP in Ethernet II without tags, over IPv4 or
 * IPv6 without options, with no TCP options or the timestamp's, ACK and perhaps PSH. Whatever is
 * unusual is left to the long way, which knows all rules and says why. What is decided here, the
 * long way would decide alike.
 */
#include "coalesce_private.h"

#define INLINE      static inline __attribute__((always_inline))

#define COPIED      96                  /* bytes, in one go: more than the longest headers here */
#define STAMP_FIRST htobe32(0x0101080a) /* NOP, NOP, timestamp, 10 */

#define AHEAD       3 /* frames whose headers are fetched before their turn */

enum { L3 = 14, TYPE = 12 };

/* A frame as it is looked at. */
struct quick {
	const uint8_t *p;
	uint32_t length;
	uint32_t l4;
	uint32_t header;
	uint32_t payload;
	uint16_t flags;
	bool ipv4;   /* a constant, where it matters */
	bool verify; /* this too */
	void *cookie;
};

/* same_key() - is the unit's flow the frame's? */
INLINE bool same_key(const struct unit *u, const struct quick *q)
{
	const uint8_t *p = q->p;
	const uint8_t *h = u->header;
	uint64_t differs = (load64(p) ^ load64(h)) | (load32(p + 8) ^ load32(h + 8)) |
			   (load32(p + q->l4) ^ load32(h + q->l4));

	if (q->ipv4)
		return !(differs | (load64(p + 26) ^ load64(h + 26)));
	for (int at = 22; at < 54; at += 8)
		differs |= load64(p + at) ^ load64(h + at);
	return !differs;
}

/*
 * What the frames of a unit share, as masks of their headers, by IP version and whether there is a
 * timestamp: all but lengths, IDs, checksums, sequence numbers and PSH. The data offset is among
 * it, so both headers are equally long.
 */
static const uint8_t shared[2][2][COPIED] __attribute__((aligned(16))) = {
#define SHARED_6                                                                            \
	[0 ... 17] = 0xff, [20 ... 57] = 0xff, [62 ... 66] = 0xff, [67] = ~FLAG_PSH & 0xff, \
	       [68 ... 69] = 0xff, [72 ... 73] = 0xff
#define SHARED_4                                                   \
	[0 ... 15] = 0xff, [20 ... 23] = 0xff, [26 ... 37] = 0xff, \
	       [42 ... 46] = 0xff, [47] = ~FLAG_PSH & 0xff, [48 ... 49] = 0xff, [52 ... 53] = 0xff
	{ { SHARED_6 }, { SHARED_6, [74 ... 85] = 0xff } },
	{ { SHARED_4 }, { SHARED_4, [54 ... 65] = 0xff } },
};

typedef uint64_t vector __attribute__((vector_size(16)));

INLINE vector vector_at(const uint8_t *p)
{
	vector v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/* same_fields() - of the unit and the frame; COPIED bytes of it can be read */
INLINE bool same_fields(const struct unit *u, const struct quick *q)
{
	const uint8_t *mask = shared[q->ipv4][q->header - q->l4 == 32];
	vector differs = { 0, 0 };

	for (uint32_t at = 0; at < (q->ipv4 ? 80 : COPIED); at += 16)
		differs |=
			(vector_at(q->p + at) ^ vector_at(u->header + at)) & vector_at(mask + at);
	return !(differs[0] | differs[1]);
}

/* right_ip_sum() - and in the form that liblso writes */
INLINE bool right_ip_sum(const uint8_t *ip, uint64_t base)
{
	uint16_t field = load16(ip + IPV4_CHECKSUM);

	return field != 0xffff &&
	       fold16(base + load16(ip + IPV4_LENGTH) + load16(ip + IPV4_ID) + field) == 0xffff;
}

/*
 * take_payload() - behind the unit's, if the checksum is right
 * @base: as l4_base
 */
INLINE bool take_payload(const struct lso_coalescer *c, struct unit *u, const struct quick *q,
			 uint64_t base)
{
	const uint8_t *tcp = q->p + q->l4;
	const uint8_t *payload = q->p + q->header;
	uint16_t field = load16(tcp + TCP_CHECKSUM);
	uint32_t sum;

	if (field == 0xffff)
		return false;
	base += (uint64_t)htobe32(q->length - q->l4) + load32(tcp + TCP_SEQUENCE) +
		load16(tcp + TCP_FLAGS) + field;
	if (!q->verify)
		sum = (uint16_t)~fold16(base);
	else if (!c->options.copy)
		sum = c->engine->sum(payload, q->payload);
	else
		sum = c->engine->copy_sum(u->room + u->payload, payload, q->payload);
	if (q->verify && fold16(base + sum) != 0xffff)
		return false;
	if (c->options.copy) {
		if (!q->verify)
			memcpy(u->room + u->payload, payload, q->payload);
	} else {
		u->iov[u->entries++] = (struct iovec){ (uint8_t *)(uintptr_t)payload, q->payload };
	}
	u->sum = add_piece(u->sum, u->payload, sum);
	u->cookies[u->frames++] = q->cookie;
	u->payload += q->payload;
	u->segments++;
	return true;
}

/* next_way() - the usual ways for IDs to go on; ID_ANY: another one */
INLINE uint8_t next_way(const struct unit *u, uint16_t id)
{
	if (id == u->id)
		return u->id_way == ID_UNKNOWN || u->id_way == ID_FIXED ? ID_FIXED : ID_ANY;
	if (id != (uint16_t)(u->id + 1) || u->id_way == ID_FIXED || (u->id & 0x7fff) == 0x7fff ||
	    u->id_way == ID_COUNTS_15)
		return ID_ANY;
	return u->id_way == ID_COUNTS_16 ? ID_COUNTS_16 : ID_COUNTS;
}

INLINE bool quick_join(struct lso_coalescer *c, struct unit *u, const struct quick *q)
{
	const uint8_t *ip = q->p + L3;
	uint16_t id = load_be16(ip + IPV4_ID);
	uint8_t way = u->id_way;

	if (load_be32(q->p + q->l4 + TCP_SEQUENCE) != u->sequence || q->payload > u->mss ||
	    q->header - L3 + u->payload + q->payload > c->options.max_length ||
	    u->entries > c->options.max_frames)
		return false;
	if (q->ipv4) {
		way = next_way(u, id);
		if (way == ID_ANY || !right_ip_sum(ip, u->ip_base))
			return false;
	}
	if (!take_payload(c, u, q, u->l4_base))
		return false;
	u->id_way = way;
	u->id = id;
	u->sequence += q->payload;
	u->flags |= q->flags;
	if (q->flags & FLAG_PSH)
		lso_unit_end(c, u, LSO_END_PSH);
	else if (q->payload < u->mss)
		lso_unit_end(c, u, LSO_END_SHORT);
	else if (u->frames >= c->options.max_frames)
		lso_unit_end(c, u, LSO_END_FRAMES);
	return true;
}

INLINE uint64_t ip_base_of(const uint8_t *ip)
{
	return (uint64_t)load16(ip) + load32(ip + IPV4_FRAGMENT) + load32(ip + 12) +
	       load32(ip + 16);
}

INLINE uint64_t l4_base_of(const struct quick *q)
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

/* Of quick frames, as in shared[]. Copied from here, since to make one takes stores that wait. */
#define LAYOUT(version, at, to)                                                                  \
	{                                                                                        \
		.l2_type = LSO_L2_ETHERNET, .ip_version = (version), .l4_protocol = IPPROTO_TCP, \
		.l3_offset = L3, .l4_offset = (at), .payload_offset = (to)                       \
	}
static const struct lso_layout layouts[2][2] = {
	{ LAYOUT(6, 54, 74), LAYOUT(6, 54, 86) },
	{ LAYOUT(4, 34, 54), LAYOUT(4, 34, 66) },
};

/* copy_headers() - piece by piece: of all at once gcc makes a "rep movs", which is slow to start */
INLINE void copy_headers(uint8_t *to, const uint8_t *from)
{
	for (int at = 0; at < COPIED; at += 16)
		memcpy(to + at, from + at, 16);
}

/* quick_hold() - a new unit */
INLINE bool quick_hold(struct lso_coalescer *c, uint32_t hash, const struct quick *q)
{
	const uint8_t *ip = q->p + L3;
	bool stamp = q->header - q->l4 == 32;
	uint64_t ip_base = 0;
	struct unit *u;

	if (q->flags != FLAG_ACK || c->free == NO_UNIT || c->options.max_frames < 2 ||
	    q->length - L3 > c->options.max_length)
		return false;
	if (stamp && (load32(q->p + q->l4 + 20) != STAMP_FIRST || c->options.no_timestamps))
		return false;
	if (q->ipv4) {
		ip_base = ip_base_of(ip);
		if (load16(ip + IPV4_FRAGMENT) & htobe16(0xbfff) || !right_ip_sum(ip, ip_base))
			return false;
	}
	u = unit_at(c, c->free);
	u->frames = 0;
	u->segments = 0;
	u->payload = 0;
	u->entries = 1;
	u->sum = 0;
	u->l4_base = l4_base_of(q);
	if (!take_payload(c, u, q, u->l4_base))
		return false;

	c->free = u->next;
	u->hash = hash;
	u->layout = layouts[q->ipv4][stamp];
	u->mss = q->payload;
	u->longest = q->payload;
	u->sequence = load_be32(q->p + q->l4 + TCP_SEQUENCE) + q->payload;
	u->stamp = stamp && c->options.rules == LSO_RULES_RSC ? (uint16_t)(q->l4 + 24) : 0;
	u->stamp_first = load_be32(q->p + q->l4 + 24);
	u->id = load_be16(ip + IPV4_ID);
	u->id_way = ID_UNKNOWN;
	u->flags = q->flags;
	u->duplicate_acks = 0;
	u->quick = q->ipv4 ? 4 : 6;
	u->partial = false;
	u->unsummed = false;
	u->lossy = false;
	u->ip_base = ip_base;
	u->begun = c->now;
	copy_headers(u->header, q->p);
	lso_unit_enlist(c, u);
	return true;
}

INLINE bool quick(struct lso_coalescer *c, struct quick *q)
{
	const uint8_t *ip = q->p + L3;
	const uint8_t *tcp = q->p + q->l4;
	uint32_t said = q->ipv4 ? load_be16(ip + IPV4_LENGTH) : load_be16(ip + IPV6_LENGTH) + 40u;
	uint16_t flags = load_be16(tcp + TCP_FLAGS);
	uint32_t hash = flow_hash(c, ip, tcp, q->ipv4);
	uint32_t i = c->buckets[hash & c->bucket_mask];

	q->header = q->l4 + (flags >> 12) * 4u;
	q->flags = flags & 0xfff;
	if ((q->header != q->l4 + 20 && q->header != q->l4 + 32) || said != q->length - L3 ||
	    q->length <= q->header)
		return false;
	q->payload = q->length - q->header;
	while (i != NO_UNIT) {
		struct unit *u = unit_at(c, i);

		if (u->quick != (q->ipv4 ? 4 : 6))
			return false;
		if (same_fields(u, q))
			return quick_join(c, u, q);
		if (same_key(u, q))
			return false;
		i = u->next;
	}
	return quick_hold(c, hash, q);
}

/* one() - @verify: a constant */
INLINE bool one(struct lso_coalescer *c, const struct iovec *frame, bool verify, void *cookie)
{
	struct quick q = {
		.p = frame->iov_base,
		.length = (uint32_t)frame->iov_len,
		.verify = verify,
		.cookie = cookie,
	};

	if (frame->iov_len < COPIED || frame->iov_len > LONGEST_IP + L3)
		return false;
	if (load16(q.p + TYPE) == htobe16(0x0800) && q.p[L3] == 0x45 &&
	    q.p[L3 + 9] == IPPROTO_TCP && c->options.protocols & LSO_COALESCE_TCP4) {
		q.ipv4 = true;
		q.l4 = 34;
		return quick(c, &q);
	}
	if (load16(q.p + TYPE) == htobe16(0x86dd) && q.p[L3] >> 4 == 6 &&
	    q.p[L3 + 6] == IPPROTO_TCP && c->options.protocols & LSO_COALESCE_TCP6) {
		q.ipv4 = false;
		q.l4 = 54;
		return quick(c, &q);
	}
	return false;
}

/* all() - in one function, so that what the frames share is made ready once */
INLINE uint32_t all(struct lso_coalescer *c, const struct iovec *frames, uint32_t count,
		    bool verify, void *const *cookies)
{
	uint32_t i = 0;

	for (; i < count; i++) {
		if (i + AHEAD < count) {
			__builtin_prefetch(frames[i + AHEAD].iov_base);
			__builtin_prefetch((const uint8_t *)frames[i + AHEAD].iov_base + 64);
		}
		if (!one(c, &frames[i], verify, cookies ? cookies[i] : NULL))
			break;
	}
	return i;
}

uint32_t lso_coalesce_quick(struct lso_coalescer *c, const struct iovec *frames, uint32_t count,
			    bool verify, void *const *cookies)
{
	if (c->options.updates)
		return 0;
	if (verify)
		return all(c, frames, count, true, cookies);
	return all(c, frames, count, false, cookies);
}
