/* SPDX-License-Identifier: MIT */
/*
 * What a NIC is to make of a packet, written a second time: its own look at the headers, its own
 * checksum, no line in common with liblso. Slow and plain: each segment is built from the packet by
 * the rules' own words.
 */
#ifndef TEST_REFERENCE_H
#define TEST_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where the headers of a frame lie. */
struct reference {
	const uint8_t *frame;
	size_t length, l3, l4, payload; /* bytes, offsets */
	int version;                    /* of IP; 0: none */
	uint8_t protocol;               /* the last next-header value */
	bool transport;                 /* TCP or UDP, whole and no fragment: l4, payload count */
};

/* reference_read() - look at a frame, which stays where it is */
void reference_read(struct reference *reference, const uint8_t *frame, size_t length);

/* reference_segments() - how many the packet is cut into */
unsigned reference_segments(const struct reference *reference, size_t mss);

/*
 * reference_segment() - one of them
 * @ndis: the identification stays below 0x8000, or not changed in that bit, and counts in 15 bits
 * @out:  room for the headers and @mss bytes
 * Return: its length.
 */
size_t reference_segment(const struct reference *reference, size_t mss, unsigned index, bool ndis,
			 uint8_t *out);

/* reference_finish() - the checksums of a whole frame, in place */
void reference_finish(uint8_t *frame, size_t length, bool header, bool transport);

/* reference_good() - are all checksums that it has right? */
bool reference_good(const uint8_t *frame, size_t length);

#endif
