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

#define NO_UNIT        UINT32_MAX
#define LONGEST_IP     65535u
#define UNIT_ALIGNMENT 64u
#define LONGEST_UNIT   65535u /* frames */
#define USUAL_FRAMES   128u
#define COPIED         96u /* bytes of quick frames, in one go: more than their longest headers */
#define UDP_DATAGRAMS  64u /* Linux: UDP_GRO_CNT_MAX's effect, measured */

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

typedef uint32_t lanes __attribute__((vector_size(32)));

/* What a frame as foretold adds to a unit, to each of the members of the same names. */
union step {
	lanes all;
	struct {
		uint32_t frames;
		uint32_t segments;
		uint32_t payload;
		uint32_t sequence;
		uint32_t entries;
		uint32_t ids;
	};
};

/* A super-packet that grows. Owned by the coalescer. */
struct unit {
	uint32_t hash;
	uint32_t number;
	uint32_t next;  /* in its bucket, or in the list of free ones */
	uint32_t older; /* in the list by age */
	uint32_t newer;
	/*
	 * Of one that is quick: how the next frame looks in which nothing is unusual, and what it
	 * adds. All frames share l4_base: pseudo-header and TCP header without lengths, sequence
	 * number, flags and checksum; next_base is the same with the next one's length and flags.
	 */
	uint32_t frame_length; /* 0: nothing is foretold */
	uint32_t most;         /* of payload, so that such a frame is not too much */
	uint8_t quick;         /* 4 or 6: for coalesce_quick.c, by IP version */
	bool stamped;          /* there is a timestamp */
	uint8_t plain;         /* see lso_unit_prepare(); 0: out is made when it ends */
	uint8_t id_then;       /* id_way, when it has joined */
	uint64_t ip_next;      /* IPv4: 8 bytes of its header from the ID to the checksum, host
				  order, and what to add for the one after it */
	uint64_t ip_step;
	const uint8_t *foretold; /* the mask of what it has of its unit's header */
	uint64_t next_base;
	uint64_t l4_base;
	union step step;
	union {
		lanes grown; /* all of these: see union step */
		struct {
			uint32_t frames;
			uint32_t segments;
			uint32_t payload;  /* bytes so far */
			uint32_t sequence; /* the next one's */
			uint32_t entries;  /* of iov */
			uint32_t ids;      /* the lower 16 bits: IPv4's ID of the last frame */
		};
	};
	uint64_t sum; /* of the payload */
	struct iovec *iov;
	void **cookies;
	uint8_t *room;    /* with copy, for payload; LSO_MAX_HEADERS before it are for headers */
	uint32_t mss;     /* of the first frame */
	uint32_t longest; /* payload of a frame */
	uint32_t stamp_first; /* TSval */
	uint16_t stamp;       /* as in struct frame */
	struct lso_layout layout;
	uint16_t flags; /* of the first frame, with those that are collected */
	uint16_t duplicate_acks;
	uint8_t id_way;
	bool partial;  /* a frame's checksum was a seed */
	bool unsummed; /* UDP without a checksum */
	bool lossy;
	uint64_t begun;
	struct lso_unit out; /* what is said of it */
	/* The first frame's headers; with updates the later frames' ACK, window and timestamps, and
	 * the least TTL. */
	uint8_t header[LSO_MAX_HEADERS] __attribute__((aligned(64)));
};

/* last_id() - of its last frame */
static inline uint16_t last_id(const struct unit *u)
{
	return (uint16_t)u->ids;
}

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
	struct lso_unit out; /* of frames that are not held */
	uint64_t hash_keys[2];
	uint8_t *units;
};

/* unit_at() - by its number, which is its place in units, counted by their alignment */
static inline struct unit *unit_at(const struct lso_coalescer *c, uint32_t i)
{
	return (struct unit *)(c->units + (size_t)i * UNIT_ALIGNMENT);
}

/* mix() - for hashes */
static inline uint64_t mix(const struct lso_coalescer *c, uint64_t a, uint64_t b)
{
	unsigned __int128 product =
		(unsigned __int128)(a ^ c->hash_keys[0]) * (b ^ c->hash_keys[1]);

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* flow_hash() - @ip, @l4: where the headers of a frame begin */
static inline uint32_t flow_hash(const struct lso_coalescer *c, const uint8_t *ip,
				 const uint8_t *l4, bool ipv4)
{
	if (ipv4)
		return (uint32_t)mix(c, load64(ip + 12), load32(l4));
	return (uint32_t)mix(c, mix(c, load64(ip + 8), load64(ip + 16)) ^ load64(ip + 24),
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
static inline __attribute__((always_inline)) void lso_unit_enlist(struct lso_coalescer *c,
								  struct unit *u)
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

/* plain_kind() - of quick frames, as struct unit has it; never 0 */
static inline uint8_t plain_kind(bool ipv4, bool stamped)
{
	return (uint8_t)(1 + 2 * ipv4 + stamped);
}

/*
 * lso_unit_prepare() - a place for units of quick frames of one kind: what all of these have in
 * common, and what is said of them, is written here. Frames that join change nothing of it. It
 * stands until frames of another kind come into the place, so a unit has only to write what is its
 * own.
 */
void lso_unit_prepare(const struct lso_coalescer *c, struct unit *u, bool ipv4, bool stamped);

/* lso_unit_emit() - finish a unit that is in no list any more, and hand it out */
void lso_unit_emit(struct lso_coalescer *c, struct unit *u, enum lso_end end);

/* lso_frame_emit() - hand out a frame that was not held */
void lso_frame_emit(struct lso_coalescer *c, const struct frame *f, enum lso_end end);

#endif
