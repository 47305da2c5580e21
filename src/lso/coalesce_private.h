/* SPDX-License-Identifier: MIT */
/*
 * What the files of the coalescer share.
 *
 * Held units are in a hash table by flow and in a list by age. There are as many as the caller
 * chose, each with its own room: what grows with them is its iovec, its cookies and, with copy, its
 * packet.
 */
#ifndef LSO_COALESCE_PRIVATE_H
#define LSO_COALESCE_PRIVATE_H

#include <netinet/in.h>

#include "fields.h"
#include "private.h"

#define NO_UNIT       UINT32_MAX
#define LONGEST_IP    65535u
#define LONGEST_UNIT  65535u /* frames */
#define USUAL_FRAMES  128u
#define COPIED        96u /* bytes of quick frames, in one go: more than their longest headers */
#define UDP_DATAGRAMS 64u /* Linux: UDP_GRO_CNT_MAX's effect, measured */

/* TCP's flags in host order, with the reserved ones: RFC 9293 3.1, RFC 9768 for AE. */
enum {
	FLAG_FIN = 0x001,
	FLAG_SYN = 0x002,
	FLAG_RST = 0x004,
	FLAG_PSH = 0x008,
	FLAG_ACK = 0x010,
	FLAG_URG = 0x020,
	FLAG_ECE = 0x040,
	FLAG_CWR = 0x080,
	FLAG_RESERVED = 0xf00,
};

/* How a unit's IPv4 IDs go on. */
enum id_way {
	ID_UNKNOWN, /* one frame */
	ID_FIXED,
	ID_COUNTS,
	ID_COUNTS_16, /* it has counted past 0x7FFF or 0xFFFF */
	ID_COUNTS_15, /* it has wrapped there within 15 bits */
	ID_ANY,       /* lossy */
};

/* A frame that is looked at. On the stack. */
struct frame {
	const struct iovec *iov; /* the caller's */
	int count;
	size_t length;
	const uint8_t *head; /* all headers that parsed, contiguous */
	struct lso_layout layout;
	uint32_t payload; /* bytes, once its lengths are known to be right */
	uint32_t hash;    /* of its flow */
	uint16_t flags;   /* TCP's, host order */
	uint16_t stamp;   /* offset of the timestamp option's values; 0: there is none */
	uint8_t sum;      /* enum lso_frame_sum */
	void *cookie;
};

/* A super-packet that grows. Owned by the coalescer. */
struct unit {
	uint32_t hash;
	uint32_t number;
	uint32_t next;  /* in its bucket, or in the list of free ones */
	uint32_t older; /* in the list by age */
	uint32_t newer;
	struct lso_layout layout;
	uint32_t frames;
	uint32_t segments;
	uint32_t payload;     /* bytes so far */
	uint32_t mss;         /* of the first frame */
	uint32_t longest;     /* payload of a frame */
	uint32_t sequence;    /* the next one's */
	uint32_t entries;     /* of iov */
	uint32_t stamp_first; /* TSval */
	uint16_t stamp;       /* as in struct frame */
	uint16_t id;          /* of the last frame */
	uint16_t flags;       /* of the first frame, with those that are collected */
	uint16_t duplicate_acks;
	uint8_t id_way;
	uint8_t quick; /* 4 or 6: for coalesce_quick.c, by IP version */
	bool partial;  /* a frame's checksum was a seed */
	bool unsummed; /* UDP without a checksum */
	bool lossy;
	bool stamped;    /* of one that is quick: there is a timestamp */
	uint8_t id_then; /* id_way, when a frame as foretold has joined */
	uint64_t sum;    /* of the payload */
	/* Of one that is quick. All frames share it: pseudo-header and TCP header without lengths,
	 * sequence number, flags and checksum. */
	uint64_t l4_base;
	/* How the next frame looks in which nothing is unusual. IPv4: 8 bytes of its header from
	 * the ID to the checksum, host order, and what to add for the one after it. */
	uint64_t ip_next;
	uint64_t ip_step;
	uint32_t frame_length; /* 0: nothing is foretold */
	uint32_t left;         /* so many frames, then the unit is looked at anew */
	uint32_t most;         /* of payload, so that such a frame is not too much */
	uint64_t begun;
	struct iovec *iov;
	void **cookies;
	uint8_t *room; /* with copy, for payload; LSO_MAX_HEADERS before it are for headers */
	/* The first frame's headers; with updates the later frames' ACK, window and timestamps, and
	 * the least TTL. */
	uint8_t header[LSO_MAX_HEADERS] __attribute__((aligned(64)));
};

struct lso_coalescer {
	struct lso_coalesce_options options; /* with the defaults put in */
	const struct engine *engine;
	uint64_t now;
	uint32_t held;
	uint32_t oldest;
	uint32_t newest;
	uint32_t free;
	uint32_t bucket_mask;
	uint32_t *buckets;
	struct lso_unit out; /* what comes out now: made in its place, which is faster */
	size_t stride;       /* from one unit to the next */
	uint8_t *units;
};

static inline struct unit *unit_at(const struct lso_coalescer *c, uint32_t i)
{
	return (struct unit *)(c->units + i * c->stride);
}

/* mix() - for hashes */
static inline uint64_t mix(uint64_t a, uint64_t b)
{
	unsigned __int128 product =
		(unsigned __int128)(a ^ 0x9e3779b97f4a7c15u) * (b ^ 0xd6e8feb86659fd93u);

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* flow_hash() - @ip, @l4: where the headers of a frame begin */
static inline uint32_t flow_hash(const struct lso_coalescer *c, const uint8_t *ip,
				 const uint8_t *l4, bool ipv4)
{
	uint64_t seed = c->options.hash_seed;

	if (ipv4)
		return (uint32_t)mix(load64(ip + 12) ^ seed, load32(l4));
	return (uint32_t)mix(mix(load64(ip + 8) ^ seed, load64(ip + 16)) ^ load64(ip + 24),
			     load64(ip + 32) ^ load32(l4));
}

static inline const uint8_t *ip_of(const struct frame *f)
{
	return f->head + f->layout.l3_offset;
}

static inline const uint8_t *l4_of(const struct frame *f)
{
	return f->head + f->layout.l4_offset;
}

static inline bool is_tcp(const struct lso_layout *layout)
{
	return layout->l4_protocol == IPPROTO_TCP;
}

static inline uint32_t ip_length_of(const struct lso_layout *layout, uint32_t payload)
{
	return layout->payload_offset - layout->l3_offset + payload;
}

/*
 * lso_frame_holdable() - can it be held at all, by what its headers say?
 * @f: parsed to LSO_OK; payload, flags and stamp are filled
 */
enum lso_end lso_frame_holdable(const struct lso_coalescer *c, struct frame *f);

/* lso_frame_joins() - does a holdable frame join the unit of its flow? NONE: yes */
enum lso_end lso_frame_joins(const struct lso_coalescer *c, const struct unit *u,
			     const struct frame *f);

/* lso_frame_closes() - is it the last of its unit, or NONE? @u: which it has joined, or NULL */
enum lso_end lso_frame_closes(const struct lso_coalescer *c, const struct unit *u,
			      const struct frame *f);

/* ttl_at() - where an IP header has its TTL or hop limit */
static inline unsigned int ttl_at(const struct lso_layout *layout)
{
	return layout->ip_version == 4 ? 8 : 7;
}

/* lso_unit_take() - what a frame that joins leaves in the unit's fields, but for its payload */
void lso_unit_take(const struct lso_coalescer *c, struct unit *u, const struct frame *f);

/* lso_unit_new() - a unit's place, for which the oldest goes if there is no other */
struct unit *lso_unit_new(struct lso_coalescer *c);

/* lso_unit_enlist() - it is the newest */
static inline void lso_unit_enlist(struct lso_coalescer *c, struct unit *u)
{
	uint32_t i = u->number;
	uint32_t *bucket = &c->buckets[u->hash & c->bucket_mask];

	u->next = *bucket;
	*bucket = i;
	u->older = c->newest;
	u->newer = NO_UNIT;
	if (c->newest == NO_UNIT)
		c->oldest = i;
	else
		unit_at(c, c->newest)->newer = i;
	c->newest = i;
	c->held++;
}

/* lso_unit_end() - out with it */
void lso_unit_end(struct lso_coalescer *c, struct unit *u, enum lso_end why);

/* Of quick frames, by IP version (4: 1) and whether there is a timestamp: coalesce_quick.c. */
extern const uint8_t lso_shared[2][2][COPIED];
extern const uint8_t lso_foretold[2][2][COPIED];
extern const struct lso_layout lso_quick_layouts[2][2];

/* lso_unit_emit() - finish a unit that is in no list any more, and hand it out */
void lso_unit_emit(struct lso_coalescer *c, struct unit *u, enum lso_end end);

/* lso_frame_emit() - hand out a frame that was not held */
void lso_frame_emit(struct lso_coalescer *c, const struct frame *f, enum lso_end end);

#endif
