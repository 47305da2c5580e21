/* SPDX-License-Identifier: MIT */
/* What switches, routers and rarer interfaces put in front of packets. */
#include <net/ethernet.h>
#include <string.h>

#include "capture/link_private.h"

#define JUNIPER_EXTENSIONS 0x80 /* flags: a length of 16 bits and as many bytes come next, */
#define JUNIPER_NO_HEADER  0x02 /* and then no link header but the protocol */

/* Juniper's: "MGC", flags. Return: bytes up to the link header, 0 when there is none */
static size_t juniper(const uint8_t *bytes, size_t length)
{
	if (length < 4 || memcmp(bytes, "MGC", 3) != 0 || bytes[3] & JUNIPER_NO_HEADER)
		return 0;
	if (!(bytes[3] & JUNIPER_EXTENSIONS))
		return 4;
	return length < 6 || length < 6u + load_be16(bytes + 4) ? 0 : 6u + load_be16(bytes + 4);
}

/* @link: of the header that comes next */
bool link_juniper(const uint8_t *bytes, size_t length, size_t link, struct capture_link *found)
{
	size_t header = juniper(bytes, length);

	return header && link_behind((uint32_t)link, bytes, length, header, found);
}

/*
 * ARCnet as Linux has it: addresses, an offset of 16 bits, a type. RFC 1201's types are followed by
 * three bytes about fragments, those of RFC 1051 by nothing.
 */
bool link_arcnet(const uint8_t *bytes, size_t length, size_t at, struct capture_link *found)
{
	uint16_t type = CAPTURE_NO_ETHERTYPE;

	if (length < 8)
		return false;
	if (bytes[at] == 0xf0 || bytes[at] == 0xf1) /* RFC 1051 */
		return link_ethertype(found, length, at + 1,
				      bytes[at] == 0xf0 ? ETHERTYPE_IP : CAPTURE_NO_ETHERTYPE);
	if (bytes[at + 1]) /* a part of a packet */
		return false;
	if (bytes[at] == 0xd4)
		type = ETHERTYPE_IP;
	else if (bytes[at] == 0xc4)
		type = ETHERTYPE_IPV6;
	return link_ethertype(found, length, at + 4, type);
}

/* Solaris' between zones: version, family, hook, length of the packet, interfaces, zones. */
bool link_ipnet(const uint8_t *bytes, size_t length, size_t at, struct capture_link *found)
{
	if (length < at || load_be16(bytes + 4) || (bytes[1] != 2 && bytes[1] != 26))
		return false;
	found->length_at = 6;
	found->length_from = at;
	return link_ethertype(found, length, at, bytes[1] == 2 ? ETHERTYPE_IP : ETHERTYPE_IPV6);
}
