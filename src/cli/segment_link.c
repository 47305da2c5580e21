/* SPDX-License-Identifier: MIT */
#include "cli/segment_link.h"

#include <netcx/lso.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "frame/frame.h"

/* Bytes of the longest link header that is repeated: a radio's has a length of 16 bits. */
#define LONGEST_LINK 65536u
#define FIRST_SIZE   (1u << 20)

bool segment_room_make(struct segment_room *room)
{
	room->size = FIRST_SIZE;
	room->copy = malloc(room->size);
	room->part = malloc(LONGEST_LINK + 65535 + LSO_MAX_HEADERS);
	return room->copy && room->part;
}

void segment_room_free(struct segment_room *room)
{
	free(room->copy);
	free(room->part);
}

static bool grow(struct segment_room *room, size_t size)
{
	uint8_t *more;

	if (size <= room->size)
		return true;
	more = realloc(room->copy, size);
	if (!more)
		return false;
	room->copy = more;
	room->size = size;
	return true;
}

enum segment_found segment_frame_take(struct segment_frame *frame, struct segment_room *room,
				      const struct capture_packet *packet)
{
	struct capture_link *link = &frame->link;
	uint8_t *network;

	if (!capture_link_find(packet->interface->link, packet->bytes, packet->captured, link) ||
	    link->offset > LONGEST_LINK || link->offset > packet->length)
		return SEGMENT_OPAQUE;
	frame->added = link->ethernet ? 0 : FRAME_ETHERNET_HEADER;
	if (link->ethernet) {
		network = (uint8_t *)(uintptr_t)packet->bytes + link->offset;
	} else {
		/* An Ethernet header that is not there may lie over a link header that is longer.
		 */
		if (!grow(room, (size_t)packet->captured + FRAME_ETHERNET_HEADER))
			return SEGMENT_NO_MEMORY;
		network = room->copy + (link->offset > frame->added ? link->offset : frame->added);
		memcpy(network - link->offset, packet->bytes, packet->captured);
	}
	frame->bytes = network - frame->added;
	frame->captured = packet->captured - link->offset + frame->added;
	frame->length = packet->length - link->offset + frame->added;
	frame->fcs = link->fcs_at && packet->bytes[link->fcs_at] & 0x10 ? 4 : packet->fcs;
	if (frame->added) {
		memset(frame->bytes, 0, frame->added);
		store_be16(frame->bytes + 12, link->ethertype);
	}
	return SEGMENT_FOUND;
}

void segment_frame_whole(const struct segment_frame *frame, struct capture_packet *packet,
			 size_t behind)
{
	uint8_t *start = frame->bytes + frame->added - frame->link.offset;

	if (start != packet->bytes)
		memcpy(start, packet->bytes, frame->link.offset);
	if (behind)
		capture_link_without_fcs(start, &frame->link);
	packet->bytes = start;
	packet->captured -= (uint32_t)behind;
	packet->length -= (uint32_t)behind;
}

uint8_t *segment_frame_part_room(const struct segment_frame *frame, struct segment_room *room)
{
	return room->part + LONGEST_LINK - frame->added;
}

void segment_frame_part(const struct segment_frame *frame, struct segment_room *room,
			const struct capture_packet *whole, size_t length,
			struct capture_packet *part)
{
	const struct capture_link *link = &frame->link;
	uint8_t *start = room->part + LONGEST_LINK - link->offset;

	memcpy(start, whole->bytes, link->offset);
	capture_link_resize(start, link, length - frame->added);
	capture_link_without_fcs(start, link);
	part->bytes = start;
	part->captured = part->length = (uint32_t)(length - frame->added + link->offset);
}
