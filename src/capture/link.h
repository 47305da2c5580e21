/* SPDX-License-Identifier: MIT */
/* Link types of captures (https://www.tcpdump.org/linktypes.html): their names, their headers. */
#ifndef CAPTURE_LINK_H
#define CAPTURE_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CAPTURE_ETHERNET  1 /* LINKTYPE_ETHERNET */

#define CAPTURE_NAME_ROOM 24

/* capture_link_name() - "LINUX_SLL"; "113" if it has none here. Return: @room or a constant */
const char *capture_link_name(uint16_t link, char room[static CAPTURE_NAME_ROOM]);

/* capture_link_is_known() - can capture_link_find() find packets behind its headers? */
bool capture_link_is_known(uint16_t link);

/* What a packet's own type is when its link header does not say one of Ethernet's. */
#define CAPTURE_NO_ETHERTYPE 0xffff

/* What lies in front of a network packet, and would lie in front of each part of it. */
struct capture_link {
	size_t offset;      /* bytes of it */
	bool ethernet;      /* an Ethernet frame follows; else a packet of */
	uint16_t ethertype; /* this type, as Ethernet's, or CAPTURE_NO_ETHERTYPE */
	/* A length of 16 bits in it, of what begins at length_from; length_at 0: it has none. */
	size_t length_at, length_from;
	bool length_little; /* is in little-endian byte order */
	/* A byte of flags, of which 0x10 says that a check sequence follows; 0: it has none. */
	size_t fcs_at;
};

/*
 * capture_link_find() - look behind a link header
 * @link:   known
 * @length: bytes of the packet that are there
 * Return: false when it is too short, broken, or nothing to look into (encrypted, say).
 */
bool capture_link_find(uint16_t link, const uint8_t *bytes, size_t length,
		       struct capture_link *found);

/* capture_link_resize() - let a copy of the header speak of a packet of another size behind it. */
void capture_link_resize(uint8_t *header, const struct capture_link *link, size_t packet);

/* capture_link_without_fcs() - let it say that no check sequence follows. */
void capture_link_without_fcs(uint8_t *header, const struct capture_link *link);

#endif
