/* SPDX-License-Identifier: MIT */
/*
 * liblso - the inverse of segmentation: frames of many flows in, super-packets out.
 *
 * Included by netcx/lso.h. The law: a unit (what comes out: a super-packet, or a frame that stayed
 * alone) cut by lso_begin() with its options gives exactly the frames that went in, byte for byte,
 * and no frame overtakes another one of its flow. The only exception are units whose member exact
 * is false; they are made only when options.updates asks for them.
 *
 * No allocation: the caller gives the memory, at the beginning. No clock: the caller says what time
 * it is. A coalescer is used by one thread at a time; several are independent.
 *
 * A flow is what has the same link-layer header with its tags, IP version, IP addresses, protocol
 * and ports. A flow has a unit while frames of it are held, and there is no other state.
 */
#ifndef NETCX_LSO_COALESCE_H
#define NETCX_LSO_COALESCE_H

#include <netcx/lso.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/*
 * What may join what.
 *
 * Both: the next sequence number; payload at least 1 byte, not longer than the first frame's, and
 * one that is shorter is the last; IPv4 IDs + 1 each or all the same; all other fields equal but
 * lengths, checksums and, on the last frame, PSH. SYN, RST, URG, a fragment, padding behind the
 * packet, checksums that are wrong or missing keep a frame alone.
 *
 * LINUX: as Linux' GRO. FIN may be on the last frame; CWR keeps a frame alone; equal TCP options of
 * any kind and equal IPv6 extension headers join, IPv4 options never; UDP has a checksum, and at
 * most 64 datagrams join. Unlike GRO: a frame that is not merged does not overtake what is held of
 * its flow; an urgent pointer that differs and a checksum of 0xFFFF where 0 is meant, which cannot
 * be restored, end a unit; VLAN tags join when they are equal.
 * RSC: as NDIS' receive segment coalescing and URO. FIN, reserved flags and TCP options other than
 * the timestamp keep a frame alone, so do IPv4 options and IPv6 extension headers; ECE and CWR may
 * be on all; UDP may have no checksum when none of the unit has.
 */
enum lso_rules { LSO_RULES_LINUX, LSO_RULES_RSC };

/* What the checksum fields of a unit of several frames hold; of a single frame they stay. */
enum lso_unit_sum {
	LSO_UNIT_SUM_FULL, /* that of the whole packet, made from its frames' */
	LSO_UNIT_SUM_SEED, /* TCP or UDP: the pseudo-header's with the length, as Linux'
			      CHECKSUM_PARTIAL wants it. IPv4: the right one */
	LSO_UNIT_SUM_ZERO, /* 0, IPv4's as well, as NDIS' URO wants it */
};

/* What the caller knows of a frame's checksums, IPv4's and TCP's or UDP's. */
enum lso_frame_sum {
	LSO_FRAME_VERIFY,  /* nothing */
	LSO_FRAME_TRUSTED, /* TCP's or UDP's has been verified and is right; IPv4's, which is
			      short, is verified all the same */
	LSO_FRAME_PARTIAL, /* IPv4's is to be verified; TCP's or UDP's field holds a seed
			      (VIRTIO_NET_HDR_F_NEEDS_CSUM): as good as right. When the unit is cut,
			      the frames have full checksums */
	LSO_FRAME_BAD,     /* one of them is wrong */
};

/* What is coalesced. */
enum {
	LSO_COALESCE_TCP4 = 1,
	LSO_COALESCE_TCP6 = 2,
	LSO_COALESCE_UDP4 = 4,
	LSO_COALESCE_UDP6 = 8,
};

/*
 * Why a unit ended, or why a frame stayed alone. Where several are true it is the first. Text:
 * lso_end_reason(); name: lso_end_name().
 */
enum lso_end {
	LSO_END_NONE = 0, /* it has not ended */
	/* what the caller asked for */
	LSO_END_FLUSH,  /* lso_coalesce_flush() */
	LSO_END_AGE,    /* lso_coalesce_expire() */
	LSO_END_PLACE,  /* its place was needed: more flows than options.flows */
	LSO_END_FRAMES, /* options.max_frames, or 64 datagrams under Linux' rules */
	LSO_END_LENGTH, /* the next frame would have made it longer than options.max_length */
	LSO_END_PIECES, /* the frame is in more pieces than there is room for */
	/* its last frame */
	LSO_END_PSH,
	LSO_END_FIN,
	LSO_END_SHORT, /* shorter than the first */
	/* a frame that joins nothing: of the unit it ended, and of itself */
	LSO_END_HEADERS,    /* lso_parse() does not say LSO_OK, and nothing below is true */
	LSO_END_FRAGMENT,   /* an IP fragment */
	LSO_END_JUMBOGRAM,  /* an IPv6 jumbogram */
	LSO_END_PROTOCOL,   /* no TCP or UDP, or options.protocols leaves it out */
	LSO_END_LLC,        /* 802.3: its length field does not count so far */
	LSO_END_IP_OPTIONS, /* IPv4 options; RSC: IPv6 extension headers */
	LSO_END_IP_FLAGS,   /* IPv4's reserved bit */
	LSO_END_IP_LENGTH,  /* an IP or UDP length that is not the frame's: padding, or a lie */
	LSO_END_TOO_LONG,   /* longer than options.max_length by itself */
	LSO_END_IP_SUM,     /* wrong IPv4 header checksum */
	LSO_END_SYN,        /* TCP flags */
	LSO_END_RST,
	LSO_END_URG,
	LSO_END_CWR,         /* Linux */
	LSO_END_FLAGS,       /* RSC: a reserved one, or no ACK. Both: other ones than the unit's */
	LSO_END_TCP_OPTIONS, /* RSC: other than the timestamp. Both: other ones than the unit's */
	LSO_END_NO_PAYLOAD,  /* a pure ACK, an empty datagram */
	LSO_END_NO_SUM,      /* UDP without a checksum, among such that have one */
	LSO_END_BAD_SUM,     /* wrong TCP or UDP checksum */
	LSO_END_SUM_FORM,    /* a checksum of 0xFFFF where liblso writes 0 */
	/* the next frame did not follow: of the unit; it started another one */
	LSO_END_ECN,      /* ECE, RSC: or CWR, changed */
	LSO_END_SEQUENCE, /* a gap, a repetition, an overlap, a reordering */
	LSO_END_ACK,      /* the acknowledgment number changed, or went back */
	LSO_END_WINDOW,
	LSO_END_URGENT,    /* the urgent pointer */
	LSO_END_TIMESTAMP, /* the timestamp option went back, or changed */
	LSO_END_LONGER,    /* longer than the first */
	LSO_END_TOS,       /* type of service, traffic class, IP's ECN bits; IPv6's flow label */
	LSO_END_TTL,       /* or hop limit */
	LSO_END_DF,
	LSO_END_ID,        /* IPv4's identification neither counts nor stays */
	LSO_END_EXTENSION, /* other IPv6 extension headers */
	LSO_ENDS           /* how many there are */
};

const char *lso_end_reason(enum lso_end end); /* "the window changed". Static storage. */
const char *lso_end_name(enum lso_end end);   /* "window", for statistics. Static storage. */

/* What the virtio_net_hdr of a unit says. */
enum lso_gso { LSO_GSO_NONE, LSO_GSO_TCP4, LSO_GSO_TCP6, LSO_GSO_UDP };

/* What comes out. Valid while emit() runs; what it refers to is the coalescer's or the caller's. */
struct lso_unit {
	const struct iovec *iov; /* the packet. Of a unit [0] is its headers; of a frame that was
				    not held it is what the caller gave */
	int count;
	size_t length; /* bytes in all */
	/* Its frames, in their order: by them the caller knows which buffers it has back. */
	void *const *cookies;
	uint32_t frames;
	uint32_t segments; /* frames with payload: NDIS' CoalescedSegmentCount */
	uint32_t mss;      /* payload bytes of the first frame; if not exact, of the longest */
	uint16_t duplicate_acks;  /* see options.duplicate_acks */
	uint32_t timestamp_delta; /* of the last frame's TSval to the first's: options.updates */
	enum lso_gso gso;         /* NONE of one frame */
	enum lso_verdict sum;     /* TCP's or UDP's: GOOD when verified, trusted or a seed; BAD;
				     ABSENT: there is none, or it is not known */
	bool partial;             /* its field holds a seed */
	enum lso_end end;
	bool exact; /* the law holds */
	/* Of the packet; of a frame that was not held as far as it parsed. */
	struct lso_layout layout;
	/* What to cut it with: mss, ip_id, accurate_ecn, udp_zero_checksum; NULL layout. */
	struct lso_options cut;
	uint64_t begun; /* the time when its first frame came */
};

struct lso_coalesce_options {
	size_t size; /* sizeof(struct lso_coalesce_options): later versions may add to it */
	/* Called with each unit, from within the calls below; may not call back. */
	void (*emit)(void *context, const struct lso_unit *unit);
	void *context;
	enum lso_rules rules;
	enum lso_unit_sum unit_sum;
	uint32_t protocols; /* LSO_COALESCE_*; 0: TCP4 and TCP6 */
	uint32_t flows;     /* units held at a time, 1 to 65536 */
	/* Frames in a unit, at most 65535; 0: 128. Without copy, each piece of a frame's payload
	 * counts as one. */
	uint32_t max_frames;
	uint32_t max_length; /* bytes of a unit's IP packet, at most 65535; 0: that */
	uint64_t max_age;    /* of a unit: see lso_coalesce_expire() */
	uint64_t hash_seed;  /* random, so that nobody can choose flows that collide */
	/* Frames are copied, and a unit is in one piece. Else units refer to their frames, which
	 * must stay as they are until their unit has come out. */
	bool copy;
	/* A sender's IDs that wrap after 0x7FFF, as NDIS has it, count on. */
	bool ndis_ip_id;
	/* RSC: frames with the timestamp option stay alone. */
	bool no_timestamps;
	/*
	 * RSC: as NDIS allows it, at the law's cost (unit.exact tells). The acknowledgment number
	 * and the timestamps may go on, window and TTL change, PSH be on any frame, a shorter one
	 * be in the middle and IDs be anything; a pure ACK that only changes the window joins. The
	 * unit has the first frame's ID, the last one's acknowledgment number, window and
	 * timestamps, the least TTL, and PSH when any has it.
	 */
	bool updates;
	/*
	 * With updates: a pure ACK is held, and duplicates of it are counted in
	 * unit.duplicate_acks. Windows switches RSC off when it sees such a count, therefore else
	 * they stay alone.
	 */
	bool duplicate_acks;
};

struct lso_coalescer;

/*
 * lso_coalesce_size() - memory that a coalescer needs, in bytes
 * Return: 0 when an option is out of range.
 */
size_t lso_coalesce_size(const struct lso_coalesce_options *options);

/*
 * lso_coalesce_begin() - make a coalescer
 * @memory:  lso_coalesce_size() bytes, aligned to 64; the coalescer is the memory, so there is
 *           nothing to be freed but that, when nothing is held any more
 * @options: copied
 * Return: LSO_OK; LSO_BAD_OPTIONS; LSO_BAD_MEMORY when it is too small or not aligned.
 */
enum lso_status lso_coalesce_begin(struct lso_coalescer **c, void *memory, size_t size,
				   const struct lso_coalesce_options *options);

/*
 * lso_coalesce_frame() - the next frame
 * @iov, @count: it, scattered at any boundary. What lies behind the packet (padding) keeps it alone
 * @sum:         what is known of its checksums
 * @cookie:      comes out with it
 *
 * It joins its flow's unit, or ends that and starts another one, or comes out by itself behind it.
 */
void lso_coalesce_frame(struct lso_coalescer *c, const struct iovec *iov, int count,
			enum lso_frame_sum sum, void *cookie);

/*
 * lso_coalesce_frames() - the next frames, each in one piece, in one call: the fast way
 * @frames:  [].iov_base and [].iov_len of each
 * @cookies: of each, or NULL
 */
void lso_coalesce_frames(struct lso_coalescer *c, const struct iovec *frames, uint32_t count,
			 enum lso_frame_sum sum, void *const *cookies);

/*
 * lso_coalesce_flush() - end the oldest units
 * @count: so many, UINT32_MAX: all
 * Return: how many came out.
 */
uint32_t lso_coalesce_flush(struct lso_coalescer *c, uint32_t count);

/*
 * lso_coalesce_expire() - say what time it is, and end the units that are options.max_age old
 * @now: in any unit of time. One that is earlier than the last one is taken for that.
 * Return: how many came out.
 */
uint32_t lso_coalesce_expire(struct lso_coalescer *c, uint64_t now);

/* lso_coalesce_due() - when the oldest unit will be max_age old; UINT64_MAX: none is held. */
uint64_t lso_coalesce_due(const struct lso_coalescer *c);

/* lso_coalesce_held() - units that are held now. */
uint32_t lso_coalesce_held(const struct lso_coalescer *c);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
