/* SPDX-License-Identifier: MIT */
/*
 * Packets of any link type for segmentation, which knows Ethernet: what is behind another link
 * header gets an Ethernet header for that time, and each part the link header in its place.
 */
#ifndef CLI_SEGMENT_LINK_H
#define CLI_SEGMENT_LINK_H

#include "capture/capture.h"
#include "capture/link.h"

/* Room for one packet and for its parts. The job's; grows. */
struct segment_room {
	uint8_t *copy, *part;
	size_t size; /* of the copy */
};

/* A packet, and the frame that is cut in its stead. */
struct segment_frame {
	struct capture_link link;
	uint8_t *bytes; /* the reader's, or in the room's copy */
	size_t captured, length;
	uint32_t fcs;
	size_t added; /* bytes in front that the packet does not have */
};

bool segment_room_make(struct segment_room *room);
void segment_room_free(struct segment_room *room);

enum segment_found { SEGMENT_NO_MEMORY = -1, SEGMENT_OPAQUE, SEGMENT_FOUND };

/*
 * segment_frame_take() - a packet of a link type that is known, copied unless it is Ethernet
 * @packet: its bytes are the reader's, where nobody looks at them again; they may be changed
 * Return: SEGMENT_OPAQUE when there is nothing to look into.
 */
enum segment_found segment_frame_take(struct segment_frame *frame, struct segment_room *room,
				      const struct capture_packet *packet);

/*
 * segment_frame_whole() - the packet as it is now, uncut
 * @behind: bytes at its end that are no longer its
 */
void segment_frame_whole(const struct segment_frame *frame, struct capture_packet *packet,
			 size_t behind);

/* segment_frame_part_room() - where a part is to be put, as an Ethernet frame */
uint8_t *segment_frame_part_room(const struct segment_frame *frame, struct segment_room *room);

/*
 * segment_frame_part() - the part as a packet of its link type
 * @whole:  the packet that was read
 * @length: bytes of the Ethernet frame
 */
void segment_frame_part(const struct segment_frame *frame, struct segment_room *room,
			const struct capture_packet *whole, size_t length,
			struct capture_packet *part);

#endif
