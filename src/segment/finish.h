/* SPDX-License-Identifier: MIT */
/* What a sender leaves to its NIC in a packet that needs no cutting. */
#ifndef SEGMENT_FINISH_H
#define SEGMENT_FINISH_H

#include <netcx/lso.h>

struct segment_finished {
	bool length;    /* of IP, and with it UDP's, was filled in */
	bool checksums; /* one or more were */
	bool wrong;     /* one is wrong and was left so */
	bool no_end;    /* the length is 0, and where the packet ends nobody can tell */
};

/*
 * segment_finish() - do what the NIC would have done
 * @frame, @length: the packet and nothing behind it
 * @layout, @status: what lso_parse() made of it; without TCP or UDP it is IPv4's header alone
 * @all:            finish a checksum whatever is in it; else only what senders leave: the sum over
 *                  the pseudo-header, with the length or without, complemented or not, or 0; in
 *                  IPv4's header 0. One that is wrong in another way came so over the wire.
 */
struct segment_finished segment_finish(uint8_t *frame, size_t length,
				       const struct lso_layout *layout, enum lso_status status,
				       bool all);

/*
 * segment_lacks_udp_checksum() - is a checksum of 0 one that is left to the NIC?
 * @layout: parsed to LSO_OK
 * IPv4's UDP may go without; IPv6's may not, but for tunnels (RFC 8200 8.1, RFC 6935).
 */
bool segment_lacks_udp_checksum(const uint8_t *frame, const struct lso_layout *layout);

#endif
