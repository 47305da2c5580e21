/* SPDX-License-Identifier: MIT */
/* Frames of IEEE 802.11, and what radio drivers put in front of them. */
#include "capture/link_private.h"

#define DATA      2 /* the frame's type */
#define WITH_QOS  0x80
#define NO_DATA   0x40
#define TO_DS     0x01
#define FROM_DS   0x02
#define FRAGMENTS 0x04
#define PROTECTED 0x40
#define WITH_HTC  0x80
#define MANY      0x80 /* in the QoS field: several packets in one frame */

/* frame() - @pad: the header is made a multiple of 4 by bytes behind it */
static bool frame(const uint8_t *bytes, size_t length, size_t at, bool pad,
		  struct capture_link *found)
{
	const uint8_t *f = bytes + at;
	size_t header = 24;

	if (length < at + header || (f[0] >> 2 & 3) != DATA || f[0] & NO_DATA || f[0] & 3)
		return false;
	if (f[1] & (FRAGMENTS | PROTECTED) || f[22] & 15)
		return false;
	if ((f[1] & (TO_DS | FROM_DS)) == (TO_DS | FROM_DS))
		header += 6;
	if (f[0] & WITH_QOS) {
		if (length < at + header + 2 || f[header] & MANY)
			return false;
		header += 2 + (f[1] & WITH_HTC ? 4 : 0);
	}
	if (pad)
		header = (header + 3) & ~(size_t)3;
	return link_llc(bytes, length, at + header, found);
}

bool link_ieee802_11(const uint8_t *bytes, size_t length, size_t at, struct capture_link *found)
{
	return frame(bytes, length, at, false, found);
}

/*
 * radiotap_flags() - where the byte of flags is, 0: there is none (https://www.radiotap.org)
 * In front of it there may be more words that say what is there, and 8 aligned bytes of a time.
 */
static size_t radiotap_flags(const uint8_t *bytes, size_t header)
{
	uint32_t present = load_le32(bytes + 4);
	size_t at = 8;

	for (uint32_t word = present; word >> 31 && at + 4 <= header; at += 4)
		word = load_le32(bytes + at);
	if (!(present & 2))
		return 0;
	if (present & 1)
		at = ((at + 7) & ~(size_t)7) + 8;
	return at < header ? at : 0;
}

bool link_radiotap(const uint8_t *bytes, size_t length, size_t at, struct capture_link *found)
{
	size_t header, flags;

	if (length < 8)
		return false;
	header = load_le16(bytes + 2);
	if (header < 8 || header > length)
		return false;
	flags = radiotap_flags(bytes, header);
	if (!frame(bytes, length, header, flags && bytes[flags] & 0x20, found))
		return false;
	found->fcs_at = flags;
	return true;
}

/* Of 144 bytes, unless it is AVS' after all: older drivers mixed the two up. */
bool link_prism(const uint8_t *bytes, size_t length, size_t at, struct capture_link *found)
{
	if (length >= 8 && load_be16(bytes) == 0x8021)
		return link_avs(bytes, length, at, found);
	return length >= 144 && frame(bytes, length, 144, false, found);
}

bool link_avs(const uint8_t *bytes, size_t length, size_t at, struct capture_link *found)
{
	size_t header = length >= 8 ? load_be32(bytes + 4) : 0;

	return header >= 8 && header <= length && frame(bytes, length, header, false, found);
}
