/* SPDX-License-Identifier: MIT */
/* The part of this folder's private functions that is about link headers. */
#ifndef CAPTURE_LINK_PRIVATE_H
#define CAPTURE_LINK_PRIVATE_H

#include "base/bytes.h"
#include "capture/link.h"

/* link_llc() - LLC (IEEE 802.2) with SNAP or alone. Each returns as capture_link_find() does. */
bool link_llc(const uint8_t *bytes, size_t length, size_t offset, struct capture_link *found);

/*
 * link_ethertype() - a packet of a type of Ethernet's begins at @offset
 * Return: false when the frame, of @length bytes, ends before.
 */
bool link_ethertype(struct capture_link *found, size_t length, size_t offset, uint16_t ethertype);

/* link_behind() - behind @header bytes there is a packet of the given link type */
bool link_behind(uint32_t link, const uint8_t *bytes, size_t length, size_t header,
		 struct capture_link *found);

/* A frame of IEEE 802.11 that begins at @at, and those behind a radio's header. */
bool link_ieee802_11(const uint8_t *bytes, size_t length, size_t at, struct capture_link *found);
bool link_radiotap(const uint8_t *bytes, size_t length, size_t at, struct capture_link *found);
bool link_prism(const uint8_t *bytes, size_t length, size_t at, struct capture_link *found);
bool link_avs(const uint8_t *bytes, size_t length, size_t at, struct capture_link *found);

/* Of switches, routers and rarer interfaces. */
bool link_juniper(const uint8_t *bytes, size_t length, size_t link, struct capture_link *found);
bool link_arcnet(const uint8_t *bytes, size_t length, size_t at, struct capture_link *found);
bool link_ipnet(const uint8_t *bytes, size_t length, size_t at, struct capture_link *found);

#endif
