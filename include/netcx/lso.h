/* SPDX-License-Identifier: MIT */
/*
 * liblso - large send offload in software: a TCP or UDP super-packet in, the frames a NIC would
 * send out.
 *
 * No allocation, no globals, no I/O: every call works on the caller's memory alone and may run on
 * any number of threads at once.
 *
 * A frame here is its headers and its packet's payload and nothing behind: all that lies behind the
 * headers is payload, since an IP length of a super-packet says little. Whoever reads frames from a
 * capture or takes them off a wire leaves away what follows the packet: padding to 60 bytes, a
 * frame check sequence (a capture may say how long that is: the link type's field in pcap,
 * if_fcslen in pcapng), what a switch or tap has added. The packet ends where its IP length says
 * unless that is 0.
 *
 * Header fields are read and written in network order. Arguments and results are in host order and
 * lengths in bytes, but for sums and checksum seeds, which are as they lie in memory: those of
 * lso_checksum() and the calls behind it.
 */
#ifndef NETCX_LSO_H
#define NETCX_LSO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "lso_version.h"

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/* Why a frame can or cannot be parsed to its transport header, or segmented. Text: lso_reason(). */
enum lso_status {
	LSO_OK = 0,
	LSO_TRUNCATED,        /* the frame ends inside a header */
	LSO_NOT_IP,           /* no IPv4 or IPv6 in it */
	LSO_BAD_IP_HEADER,    /* IHL or version is impossible */
	LSO_BAD_TCP_HEADER,   /* data offset is impossible */
	LSO_IP_FRAGMENT,      /* MF or a fragment offset, or an IPv6 fragment header */
	LSO_NOT_TCP_UDP,      /* another protocol, or AH/ESP in front */
	LSO_HEADERS_TOO_LONG, /* more than LSO_MAX_HEADERS in front of the payload */
	LSO_NO_PAYLOAD,       /* nothing to segment */
	LSO_BAD_MSS,          /* 0 */
	LSO_TOO_LONG,         /* a segment would not fit its IP, UDP or 802.3 length field */
	LSO_ROUTING,          /* an IPv6 routing header whose final destination is not known here */
	LSO_JUMBOGRAM,        /* an IPv6 jumbo payload option: its length lies outside the header */
	LSO_NO_PATH,          /* the code path asked for is not in this build or this machine */
	LSO_BAD_LAYOUT,       /* a layout given to lso_begin() that no packet has */
	LSO_BAD_TUNNEL, /* a tunnel's header of unknown version or kind, or a control message */
	LSO_TUNNEL_SEQUENCE, /* a tunnel that numbers its packets, GRE or GTP-U: only the sender can
			      */
	LSO_BAD_OPTIONS,     /* options whose size is that of no version, or out of range */
	LSO_BAD_MEMORY,      /* memory for a coalescer that is too small or not aligned */
};

#define LSO_MAX_HEADERS  512 /* L2 + L3 + L4, bytes */
#define LSO_JUMBO_HEADER 8   /* bytes of a jumbogram's hop-by-hop header: see lso_begin() */

enum lso_l2_type { LSO_L2_UNKNOWN, LSO_L2_ETHERNET, LSO_L2_LLC_SNAP };

/*
 * Where the headers of one frame lie. Filled by lso_parse(); offsets are from the frame's first
 * byte. After LSO_OK all of it holds. After another status the fields up to the layer that parsed
 * hold and the rest are 0.
 */
struct lso_layout {
	uint8_t l2_type;            /* enum lso_l2_type */
	uint8_t vlan_tags;          /* 802.1Q and 802.1ad tags, counted in l3_offset */
	uint8_t ip_version;         /* 4, 6, or 0 */
	uint8_t l4_protocol;        /* IPPROTO_TCP, IPPROTO_UDP, another one, or 0 */
	bool ip_options;            /* IPv4 IHL above 5, or IPv6 extension headers */
	bool ip_fragment;           /* a fragment: the transport header may be missing */
	uint16_t l3_offset;         /* = length of the link-layer header with its tags */
	uint16_t l4_offset;         /* 0 when there is none */
	uint16_t payload_offset;    /* = all headers; 0 when the transport header did not parse */
	uint16_t final_destination; /* where a source route's last address lies; 0: in the header */
};

/*
 * lso_parse() - find the headers of a frame
 * @iov, @count: the frame, scattered at any boundary
 * @layout:      filled as far as the frame parses
 *
 * Return: LSO_OK when link, IP and TCP or UDP headers are whole and sane, else the reason.
 * Never reads outside @iov. The IP length fields are not trusted and not compared.
 */
enum lso_status lso_parse(const struct iovec *iov, int count, struct lso_layout *layout);

/* lso_reason() - a status in a few words of English, for messages. Static storage. */
const char *lso_reason(enum lso_status status);

enum lso_ip_id {
	/* NDIS LSOv2: TCP's lower 15 bits + 1 each, from 0x7FFF to 0; bit 15 is the packet's in all
	 * segments. UDP's as LSO_IP_ID_LINUX */
	LSO_IP_ID_NDIS,
	LSO_IP_ID_LINUX, /* + 1 each, mod 2^16 */
	LSO_IP_ID_FIXED, /* the same on all segments */
};

/*
 * The code paths. AUTO is the best one this machine has, or the one that the environment variable
 * NETCX_LSO_PATH names (portable, avx2, avx512, neon) when the process first calls liblso; a name
 * that is unknown or that the machine lacks is ignored. All paths write identical bytes.
 */
enum lso_path { LSO_PATH_AUTO, LSO_PATH_PORTABLE, LSO_PATH_AVX2, LSO_PATH_AVX512, LSO_PATH_NEON };

/* lso_path_find() - what a path comes to here: AUTO gives the one in use, one that this machine
 * lacks gives AUTO. */
enum lso_path lso_path_find(enum lso_path path);

/* lso_path_name() - the name that NETCX_LSO_PATH takes; "auto" for LSO_PATH_AUTO. Static storage.
 */
const char *lso_path_name(enum lso_path path);

/* lso_version() - LSO_VERSION of the library that runs, which may be another than that of the
 * headers a program was compiled with. Static storage. */
const char *lso_version(void);

/* How to segment. All zero but mss is the NDIS way on the best code path. */
struct lso_options {
	uint32_t mss; /* payload bytes per segment, at least 1 */
	enum lso_ip_id ip_id;
	enum lso_path path;
	bool udp_zero_checksum; /* a template UDP checksum of 0 stays 0 in all segments */
	/*
	 * The connection uses Accurate ECN (RFC 9768): AE, CWR and ECE are one counter, which all
	 * segments repeat. Else CWR is an event of its own, on the first segment only, as the
	 * kernel tells SKB_GSO_TCP_ACCECN from SKB_GSO_TCP_ECN. The packet does not say which; its
	 * connection's handshake does.
	 */
	bool accurate_ecn;
	/* Of this packet, from lso_parse() when it said LSO_OK; saves the parse. NULL: unknown. */
	const struct lso_layout *layout;
};

/*
 * One super-packet being cut. Owned by the caller (1536 bytes, on the stack is fine), filled
 * by lso_begin(); refers to the caller's packet until the last segment is taken. Private inside.
 * Aligned to 64 bytes, which malloc() does not do: aligned_alloc(_Alignof(struct lso_segmenter),
 * ...).
 */
struct lso_segmenter {
	unsigned char opaque[1536] __attribute__((aligned(64)));
};

/*
 * lso_begin() - start to cut a super-packet
 * @s:            to be filled
 * @iov, @count:  the packet and nothing behind it: no padding, no check sequence; must stay as it
 *                is until the last segment is taken
 * @options:      read now
 *
 * Any IP length field and any checksum seed on input works: each segment's are computed from the
 * segment itself. A packet whose payload is not larger than the MSS gives one segment.
 * An IPv6 jumbogram, as Linux makes of what is longer than 64 KB ("BIG TCP"), gives segments that
 * are none: they go without its hop-by-hop header (RFC 2675 3). When that header has more in it
 * than the jumbo payload option, the packet is refused.
 *
 * With options->layout the headers are not looked for. The caller promises that lso_parse() said
 * LSO_OK of these bytes and filled it; what lies behind the headers may have changed since. Checked
 * is only what keeps the calls within the caller's memory. LSO_BAD_LAYOUT: no packet has it; it is
 * not IPv4 or IPv6, not TCP or UDP, a header is shorter than its protocol's shortest, that of IP or
 * transport no whole number of 32-bit words, the final destination not in front of the transport
 * header, or all are more than LSO_MAX_HEADERS. LSO_TRUNCATED: the packet is shorter than its
 * headers. So with the layout of another packet, or a forged one, the segments are wrong, but
 * nothing is read outside @iov and nothing written outside the room for the segments.
 * Return: LSO_OK or the reason; after a reason @s must not be used.
 */
enum lso_status lso_begin(struct lso_segmenter *s, const struct iovec *iov, int count,
			  const struct lso_options *options);

/*
 * Tunnels: TCP and UDP super-packets in other packets, in up to LSO_MAX_HEADERS bytes of headers.
 *
 * Known by their EtherType or IP protocol: IPv4 and IPv6 in either (IPIP, SIT), GRE (RFC 2784 and
 * 2890; NVGRE), MPLS, PPPoE, NSH, EtherIP. Known by their UDP port are the others. All kinds of
 * VLAN tags and 802.3 with LLC-SNAP are passed over in each Ethernet header.
 */
enum lso_tunnel_kind {
	LSO_TUNNEL_NONE = 0,  /* of a port: what is sent there is no tunnel */
	LSO_TUNNEL_VXLAN,     /* RFC 7348; ports 4789 and 8472 */
	LSO_TUNNEL_VXLAN_GPE, /* draft-ietf-nvo3-vxlan-gpe; port 4790 */
	LSO_TUNNEL_GENEVE,    /* RFC 8926; port 6081 */
	LSO_TUNNEL_GTPU,      /* 3GPP TS 29.281, T-PDUs that are IP packets; port 2152 */
	LSO_TUNNEL_GUE,       /* draft-ietf-intarea-gue; port 6080 */
	LSO_TUNNEL_FOU,       /* an IP packet in UDP and nothing between; no port is its own */
	LSO_TUNNEL_GRE,       /* RFC 2784, 2890, 7637; in UDP, RFC 8086: port 4754 */
	LSO_TUNNEL_MPLS,      /* RFC 3032, RFC 4448; in UDP, RFC 7510: port 6635 */
	LSO_TUNNEL_IP,        /* IPv4 or IPv6 in IPv4 or IPv6: RFC 2003, 4213, 2473 */
	LSO_TUNNEL_PPPOE,     /* RFC 2516, session stage, not compressed */
	LSO_TUNNEL_NSH,       /* RFC 8300 */
	LSO_TUNNEL_ETHERNET,  /* Ethernet in IP: EtherIP, RFC 3378; protocol 143, RFC 8986 */
};

/* lso_tunnel_name() - "VXLAN", for messages. Static storage. */
const char *lso_tunnel_name(enum lso_tunnel_kind kind);

/* What packets to a UDP port are. */
struct lso_tunnel_port {
	uint16_t port;
	uint8_t kind; /* enum lso_tunnel_kind: one that can lie in UDP, or LSO_TUNNEL_NONE */
};

struct lso_tunnel_options {
	size_t size; /* sizeof(struct lso_tunnel_options): later versions may add to it */
	/* Ports beside the known ones; where one is known or listed twice, the first listed counts.
	 */
	const struct lso_tunnel_port *ports;
	size_t port_count;
	bool no_known_ports; /* only the listed ones */
	/* Of the outer IPv4 headers: LSO_IP_ID_FIXED, or + 1 each, mod 2^16, with the others. */
	enum lso_ip_id outer_ip_id;
};

/* Where a tunnelled packet's headers lie. Filled by lso_parse_tunnel(). */
struct lso_tunnel {
	uint8_t depth;         /* tunnels in one another; 0: a plain packet */
	uint8_t kind;          /* enum lso_tunnel_kind: of the outermost */
	uint8_t inner_kind;    /* of the innermost */
	uint16_t link_length;  /* bytes of the first link-layer header with its tags */
	uint16_t jumbo_length; /* bytes of hop-by-hop headers that the segments will not have */
	uint16_t reserved[4];
	struct lso_layout outer; /* of the outermost IP packet */
	struct lso_layout inner; /* of the innermost, as far as it parsed: what is cut. Of a plain
				    packet both are the same */
};

/*
 * lso_parse_tunnel() - lso_parse() through tunnels
 * @options: NULL: the known ports
 *
 * Return: what lso_parse() says, of the innermost packet or of the one that could not be entered;
 * LSO_JUMBOGRAM when any of them is one; or LSO_BAD_TUNNEL, LSO_TUNNEL_SEQUENCE, LSO_BAD_OPTIONS.
 */
enum lso_status lso_parse_tunnel(const struct iovec *iov, int count,
				 const struct lso_tunnel_options *options,
				 struct lso_tunnel *tunnel);

/*
 * lso_begin_tunnel() - lso_begin() of a packet that may be tunnelled
 * @iov, @count: up to the end of the innermost packet
 * @options:     of the innermost packet, whose payload is cut to options->mss; its layout is not
 *               used
 * @tunnel:      read now; NULL: the known ports
 *
 * Each segment has all headers in front of its payload; the calls below count them among its own.
 * The innermost packet is cut as a plain one. Of the outer headers each segment has of its own:
 * IPv4 total length, identification and header checksum; IPv6 payload length; UDP length, and its
 * checksum, computed unless it is 0, which stays; a GRE checksum; the lengths of GTP-U, PPPoE and
 * 802.3. All else is repeated. These are the rules of Linux' own segmentation of tunnels. What
 * numbers its packets (GRE's, GTP-U's and pseudowires' sequence numbers) is refused.
 * A plain packet is cut as by lso_begin().
 * Return: as lso_begin() and lso_parse_tunnel().
 */
enum lso_status lso_begin_tunnel(struct lso_segmenter *s, const struct iovec *iov, int count,
				 const struct lso_options *options,
				 const struct lso_tunnel_options *tunnel);

/* lso_segments() - how many segments the packet divides into: ceil(payload / mss). */
uint32_t lso_segments(const struct lso_segmenter *s);

/* lso_frame_size() - bytes of the longest segment, headers included: room that lso_next() needs. */
size_t lso_frame_size(const struct lso_segmenter *s);

/* lso_header_size() - bytes of all headers of each segment. */
size_t lso_header_size(const struct lso_segmenter *s);

/*
 * lso_next() - write the next segment
 * @frame: room for lso_frame_size(s) bytes, any alignment, not overlapping the packet
 *
 * Headers, IP ID, sequence number, flags, lengths and checksums are final.
 * Return: bytes written, or 0 when no segment is left.
 * Rules: RFC 9293 3.1; RFC 3168 6.1.2 (CWR on the first segment only) or, with
 * options->accurate_ecn, RFC 9768 3.2.2 (on all); NDIS LSOv2 for the IP ID.
 */
size_t lso_next(struct lso_segmenter *s, uint8_t *frame);

/*
 * lso_next_iov() - the next segment without copying its payload
 * @header: room for lso_header_size(s) bytes; the segment's headers are written here
 * @iov:    filled: [0] is @header, the rest refer to the caller's packet
 * @max:    entries in @iov, at least 2 and 1 more for each fragment boundary in the segment
 *
 * Return: entries filled; 0 when no segment is left; -1 when @max is too small (nothing is lost:
 * call again with more room).
 */
int lso_next_iov(struct lso_segmenter *s, uint8_t *header, struct iovec *iov, int max);

/*
 * lso_next_frames() - the next segments, each into a buffer of its own, in one call
 * @frames: [].iov_base has room for lso_frame_size(s) bytes; [].iov_len is set to what was written
 * @max:    entries in @frames
 *
 * The fast way when there is room for several. Return: segments written; 0 when none is left.
 */
uint32_t lso_next_frames(struct lso_segmenter *s, struct iovec *frames, uint32_t max);

/*
 * lso_next_slab() - the next segments into one slab
 * @slab:   room for @max times @stride bytes, less what the last frame leaves free of its stride
 * @stride: from one frame to the next, at least lso_frame_size(s)
 * @frames: filled: where each frame lies; ready for writev(2), sendmmsg(2) or a ring
 *
 * The copy is fastest when the payload, lso_header_size(s) into each frame, is 64-byte aligned.
 * Return: segments written; 0 when none is left.
 */
uint32_t lso_next_slab(struct lso_segmenter *s, uint8_t *slab, size_t stride, struct iovec *frames,
		       uint32_t max);

/*
 * lso_next_iovs() - the next segments without copying their payload
 * @headers: segment i's headers are written at @headers + i * @stride
 * @stride:  at least lso_header_size(s)
 * @iov:     filled, segment after segment: its headers, then its payload in the caller's packet
 * @max_iov: entries in @iov, as for lso_next_iov(): 2 for each segment and 1 more for each
 *           fragment boundary
 * @counts:  filled: how many entries of @iov belong to segment i
 * @max:     segments to take at most
 *
 * Return: segments written; fewer than asked when none is left or @iov is full, 0 when not one
 * fits.
 */
uint32_t lso_next_iovs(struct lso_segmenter *s, uint8_t *headers, size_t stride, struct iovec *iov,
		       uint32_t max_iov, uint16_t *counts, uint32_t max);

/* lso_remaining() - segments not yet taken. */
uint32_t lso_remaining(const struct lso_segmenter *s);

/*
 * lso_checksum() - the Internet checksum's sum over bytes (RFC 1071)
 * @sum: the sum so far (0 at first), from an earlier call over an even number of bytes
 *
 * Return: the one's complement sum, folded to 16 bits, in network order as it lies in memory, not
 * complemented.
 */
uint16_t lso_checksum(const void *data, size_t length, uint16_t sum);

/* lso_checksum_iov() - the same over scattered bytes from @offset on, @length bytes. */
uint16_t lso_checksum_iov(const struct iovec *iov, int count, size_t offset, size_t length,
			  uint16_t sum);

/* lso_copy_checksum() - copy and sum in one pass. Return as lso_checksum(). */
uint16_t lso_copy_checksum(void *to, const void *from, size_t length, uint16_t sum);

/*
 * lso_pseudo_sum() - sum over the pseudo-header of a frame (RFC 9293 3.1, RFC 8200 8.1): the seed,
 * what a sender leaves in a TCP or UDP checksum field for the device to go on from
 * @frame:    the headers, contiguous
 * @layout:   from lso_parse()
 * @length:   TCP or UDP length in bytes to be counted in; 0 gives the NDIS LSO seed (without the
 *            length), the true length gives the seed that Linux' CHECKSUM_PARTIAL wants
 *
 * Return: the folded sum, in network order as it lies in memory, not complemented.
 */
uint16_t lso_pseudo_sum(const uint8_t *frame, const struct lso_layout *layout, uint32_t length);

/*
 * lso_seed_with_length(), lso_seed_without_length() - between the two conventions for the seed in
 * a TCP or UDP checksum field: NDIS LSO leaves the length out of the pseudo-header sum, Linux'
 * CHECKSUM_PARTIAL counts it in
 * @seed:   as it lies in the field
 * @length: TCP or UDP length in bytes, header included
 */
uint16_t lso_seed_with_length(uint16_t seed, uint32_t length);
uint16_t lso_seed_without_length(uint16_t seed, uint32_t length);

/*
 * lso_set_seed() - write lso_pseudo_sum() into a frame's TCP or UDP checksum field
 * @frame:  the headers, contiguous, parsed to LSO_OK
 * @length: as for lso_pseudo_sum()
 */
void lso_set_seed(uint8_t *frame, const struct lso_layout *layout, uint32_t length);

/*
 * lso_fill_partial() - finish a checksum that a sender left to the device (CHECKSUM_PARTIAL,
 * VIRTIO_NET_HDR_F_NEEDS_CSUM)
 * @iov, @count: the frame and nothing behind its packet, written to; the field may straddle
 *               fragments
 * @start:       the first byte that is summed, up to the frame's end
 * @offset:      from @start to the field, which holds the seed
 *
 * A result of 0 is written as 0xFFFF, which is right for TCP and for UDP.
 * Return: false, and nothing is written, when the field does not lie in the frame.
 */
bool lso_fill_partial(const struct iovec *iov, int count, size_t start, size_t offset);

/*
 * lso_fill_checksums() - compute a frame's checksums in place
 * @frame, @length: one frame, contiguous; L4 length is taken from @length, not from the IP header,
 *                   so nothing may lie behind the packet
 * @ipv4, @l4:      which to compute; a template UDP checksum need not be set. UDP's 0 becomes
 * 0xFFFF
 */
void lso_fill_checksums(uint8_t *frame, size_t length, const struct lso_layout *layout, bool ipv4,
			bool l4);

enum lso_verdict { LSO_SUM_ABSENT, LSO_SUM_GOOD, LSO_SUM_BAD };

/* What lso_verify() says of a frame's checksums. ABSENT: no such header, a fragment, or UDP's 0. */
struct lso_verdicts {
	enum lso_verdict ipv4;
	enum lso_verdict l4;
};

/*
 * lso_verify() - check a frame's IPv4 header and TCP or UDP checksums
 * Lengths are taken from the IP header (Ethernet padding is not part of the sum); lengths that do
 * not fit the frame are LSO_SUM_BAD. Jumbo IPv6 (payload length 0) uses the frame's length.
 */
struct lso_verdicts lso_verify(const uint8_t *frame, size_t length);

/* lso_verify_iov() - the same for a scattered frame. */
struct lso_verdicts lso_verify_iov(const struct iovec *iov, int count);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

/* The inverse: frames in, super-packets out. */
#include <netcx/lso_coalesce.h>

#endif
