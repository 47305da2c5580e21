/* SPDX-License-Identifier: MIT */
/*
 * What the files of liblso share: the segmenter's inside and the code paths.
 */
#ifndef LSO_PRIVATE_H
#define LSO_PRIVATE_H

#include <netcx/lso.h>
#include <string.h>

#define LONGEST_8023 1500 /* a larger value in the type field is a type (IEEE 802.3 3.2.6) */

/* Where the next payload byte lies in the caller's packet. */
struct cursor {
	const uint8_t *at;       /* in the current fragment; NULL before the first */
	size_t left;             /* bytes from there to the fragment's end */
	const struct iovec *iov; /* the fragments after it */
	int count;
};

/* What differs in the first, the middle and the last segments. */
struct variant {
	uint64_t l4_sum;    /* pseudo-header and L4 header, without sequence number and payload */
	uint32_t payload;   /* bytes */
	uint16_t ip_sum;    /* IPv4 header without ID */
	uint16_t tcp_flags; /* as in struct segmenter */
};

/* A header around the packet that is cut, with fields that each segment has of its own. */
struct outer {
	uint8_t kind; /* enum outer_kind */
	bool checksum;
	uint16_t offset;
	uint16_t id;     /* IPv4: of the first segment, host order */
	uint32_t pseudo; /* UDP: sum over its pseudo-header without the length */
};

enum outer_kind {
	OUTER_LLC, /* at an 802.3 length field */
	OUTER_IPV4,
	OUTER_IPV6,
	OUTER_UDP,
	OUTER_GRE, /* with a checksum */
	OUTER_GTPU,
	OUTER_PPPOE,
};

/* Three in 36 bytes at most: GRE with a checksum in UDP in IPv4. */
#define OUTERS_MAX (LSO_MAX_HEADERS / 12)

/*
 * The inside of struct lso_segmenter. All but cursor and next stands still after lso_begin().
 * The template holds the headers of a middle segment; what each segment has of its own is the
 * packet's there. Flags are with the data offset, the TCP header's bytes 12 and 13, in network
 * order; 0 for UDP.
 */
struct segmenter {
	const struct engine *engine;
	struct cursor cursor;
	uint32_t next; /* the segment that comes next */
	uint32_t segments;
	uint32_t mss;
	uint32_t last_payload; /* bytes in the last segment */
	uint32_t sequence;     /* of the first segment, host order */
	uint16_t id;           /* of the first segment, host order */
	uint16_t id_mask;      /* the bits of the ID that count up */
	uint16_t header;       /* bytes of all headers */
	uint16_t l3;           /* offsets */
	uint16_t l4;
	uint16_t tcp_flags;  /* of the packet */
	uint16_t first_only; /* the flags that only its first segment has: CWR, or none */
	uint16_t ip_sum;     /* IPv4 header without total length, ID and checksum */
	uint64_t l4_sum;     /* pseudo-header and L4 header without what lso_variant() adds */
	bool ipv4;
	bool tcp;
	bool llc;              /* the two bytes before l3 - 8 are an 802.3 length */
	bool l4_checksum;      /* false: UDP's 0 stays */
	uint8_t outers;        /* 0: a plain packet */
	struct variant middle; /* segments that are neither first nor last */
	/* Readable past the header's end in whole vectors: see the paths' template copies. */
	uint8_t template[LSO_MAX_HEADERS + 64] __attribute__((aligned(64)));
	/* Of a packet in tunnels, the outermost header first. */
	struct outer outer[OUTERS_MAX];
	bool outer_ids;     /* they count up */
	uint64_t l4_pseudo; /* of the packet that is cut, without the length */
};

_Static_assert(sizeof(struct segmenter) <= sizeof(struct lso_segmenter), "opaque is too small");

/*
 * One code path. sum and copy_sum return a sum folded to 32 bits, begun at an even offset; the
 * others do what the public calls of their names say.
 */
struct engine {
	enum lso_path path;
	uint32_t (*sum)(const uint8_t *data, size_t length);
	uint32_t (*copy_sum)(uint8_t *to, const uint8_t *from, size_t length);
	uint32_t (*next_frames)(struct segmenter *s, uint8_t *slab, size_t stride,
				struct iovec *frames, uint32_t max);
	uint32_t (*next_iovs)(struct segmenter *s, uint8_t *headers, size_t stride,
			      struct iovec *iov, uint32_t max_iov, uint16_t *counts, uint32_t max);
	/* coalesce_private.h: the short way */
	uint32_t (*coalesce)(struct lso_coalescer *c, const struct iovec *frames, uint32_t count,
			     bool verify, void *const *cookies);
};

extern const struct engine lso_engine_portable;
#if defined(__x86_64__)
extern const struct engine lso_engine_avx2;
extern const struct engine lso_engine_avx512;
#endif
#if defined(__aarch64__)
extern const struct engine lso_engine_neon;
#endif

/* lso_engine() - the code path for calls that name none. */
const struct engine *lso_engine(void);

/* lso_engine_find() - a path by name; NULL when the machine or the build lacks it. */
const struct engine *lso_engine_find(enum lso_path path);

/*
 * lso_make_template() - fill all of @s but its cursor from a packet's headers
 * @header, @readable: the headers, contiguous, and how many bytes may be read there
 * @payload:           bytes
 */
enum lso_status lso_make_template(struct segmenter *s, const uint8_t *header, size_t readable,
				  const struct lso_layout *layout, size_t payload,
				  const struct lso_options *options);

/* is_snap() - RFC 1042's header in front of an EtherType */
static inline bool is_snap(const uint8_t *bytes)
{
	static const uint8_t snap[6] = { 0xaa, 0xaa, 0x03, 0, 0, 0 };

	return !memcmp(bytes, snap, sizeof(snap));
}

/*
 * lso_parse_bytes() - lso_parse() of a frame of which so many bytes are there
 * Return: LSO_TRUNCATED also when more than @length are needed.
 */
enum lso_status lso_parse_bytes(const uint8_t *bytes, size_t length, struct lso_layout *out);

/*
 * lso_parse_network() - the IP header at out->l3_offset, with IPv6's extension headers
 * @readable: as @length of lso_parse_bytes()
 * @out:      all but the transport header's fields are filled
 */
enum lso_status lso_parse_network(const uint8_t *bytes, size_t readable, int version,
				  struct lso_layout *out);

/* lso_parse_transport() - the TCP or UDP header behind it */
enum lso_status lso_parse_transport(const uint8_t *bytes, size_t readable, struct lso_layout *out);

/* What lso_walk() finds. */
struct walk {
	struct lso_tunnel tunnel;
	struct outer outer[OUTERS_MAX]; /* kind, offset, checksum; of UDP pseudo as well */
	size_t outers;
};

/*
 * lso_walk() - find a packet's headers through its tunnels
 * @headers, @readable: as @bytes and @length of lso_parse_bytes()
 * @remove:             take the hop-by-hop headers of jumbograms out of @headers; they count in
 *                      tunnel.jumbo_length, and in no offset, then
 */
enum lso_status lso_walk(uint8_t *headers, size_t readable, bool remove,
			 const struct lso_tunnel_options *options, struct walk *w);

/*
 * lso_put_outers() - finish a tunnelled segment's outer headers
 * @header:         all its headers; those of the inner packet are final
 * @i:              its number
 * @payload, @count: where its payload lies
 */
void lso_put_outers(const struct segmenter *s, uint8_t *header, uint32_t i,
		    const struct iovec *payload, int count);

/* lso_has_jumbo_alone() - of a jumbogram's headers: is the option all of its hop-by-hop header? */
bool lso_has_jumbo_alone(const uint8_t *headers, const struct lso_layout *layout);

/*
 * lso_remove_jumbo() - take the hop-by-hop header out of a jumbogram's headers
 * @headers, @readable: those that lso_parse_bytes() called LSO_JUMBOGRAM, and how many bytes of
 *                      them are there
 * Return: the header's length, or 0 when it is not a jumbo payload option and nothing else.
 */
size_t lso_remove_jumbo(uint8_t *headers, size_t readable, const struct lso_layout *layout);

/* lso_iov_length() - bytes in all fragments, at most SIZE_MAX. */
size_t lso_iov_length(const struct iovec *iov, int count);

/* lso_iov_read() - copy up to @length bytes from the start of a packet. Return: bytes copied. */
size_t lso_iov_read(const struct iovec *iov, int count, uint8_t *to, size_t length);

/* lso_iov_seek() - a cursor @offset bytes into a packet. */
struct cursor lso_iov_seek(const struct iovec *iov, int count, size_t offset);

/* lso_cursor_take() - at most @length contiguous bytes; *@taken is 0 only at the packet's end. */
const uint8_t *lso_cursor_take(struct cursor *c, size_t length, size_t *taken);

/* lso_sum_scattered() - sum over the next @length bytes. */
uint32_t lso_sum_scattered(const struct engine *engine, struct cursor *c, size_t length);

/* lso_copy_scattered() - copy the next @length bytes and sum them. */
uint32_t lso_copy_scattered(const struct engine *engine, uint8_t *to, struct cursor *c,
			    size_t length);

/*
 * lso_refer_scattered() - as lso_sum_scattered(), with references to the bytes in @iov
 * @filled: out: entries used, or -1 when @max are too few; then the cursor has not moved
 */
uint32_t lso_refer_scattered(const struct engine *engine, struct cursor *c, size_t length,
			     struct iovec *iov, uint32_t max, int *filled);

/* lso_pseudo() - unfolded sum over the pseudo-header. */
uint64_t lso_pseudo(const uint8_t *frame, const struct lso_layout *layout, uint32_t length);

#endif
