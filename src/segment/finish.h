/* SPDX-License-Identifier: MIT */
/* What a sender leaves to its NIC in a packet that needs no cutting. */
#ifndef SEGMENT_FINISH_H
#define SEGMENT_FINISH_H

#include <netcx/lso.h>

enum segment_finish_how {
	/*
	 * Only what senders leave to their NIC is finished: the sum over the pseudo-header, with
	 * the length or without, complemented or not, or 0; in IPv4's header 0. A checksum that is
	 * wrong in another way came so over the wire.
	 */
	SEGMENT_FINISH_LEFT = 0,
	SEGMENT_FINISH_ALL = 1,   /* one that is wrong in any way */
	SEGMENT_FINISH_LEAVE = 2, /* with it, or: leave TCP's and UDP's to a NIC */
};

struct segment_finished {
	bool length;    /* of IP, and with it UDP's, was filled in */
	bool checksums; /* one or more were */
	bool left;      /* TCP's or UDP's holds the seed with the length, for others to finish */
	bool wrong;     /* one is wrong and was left so */
	bool no_length; /* IP's or UDP's is not the packet's, and was left so: no checksum was
			   looked at */
	bool no_end;    /* the length is 0, and where the packet ends nobody can tell */
};

/*
 * segment_finish() - do what the NIC would have done
 * @frame, @length: the packet and nothing behind it
 * @layout, @status: what lso_parse() made of it; without TCP or UDP it is IPv4's header, and GRE's
 *                   and SCTP's checksums
 * @how:            flags
 */
struct segment_finished segment_finish(uint8_t *frame, size_t length,
				       const struct lso_layout *layout, enum lso_status status,
				       enum segment_finish_how how);

/*
 * segment_finish_inner() - the same for a packet inside another, in the same frame
 * @layout: its, from the frame's first byte
 */
struct segment_finished segment_finish_inner(uint8_t *frame, size_t length,
					     const struct lso_layout *layout,
					     enum lso_status status, enum segment_finish_how how);

/*
 * segment_sum_is_right() - has a packet a checksum over what it carries, UDP's or GRE's, that is
 * right? Then it is to stay so when what it carries is finished.
 * @frame, @length, @layout: as for segment_finish()
 */
bool segment_sum_is_right(const uint8_t *frame, size_t length, const struct lso_layout *layout);

/*
 * segment_lacks_udp_checksum() - is a checksum of 0 one that is left to the NIC?
 * @layout: parsed to LSO_OK
 * IPv4's UDP may go without; IPv6's may not, but for tunnels (RFC 8200 8.1, RFC 6935).
 */
bool segment_lacks_udp_checksum(const uint8_t *frame, const struct lso_layout *layout);

#endif
