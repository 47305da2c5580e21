/* SPDX-License-Identifier: MIT */
/*
 * 802.1Q tags of frames that are to be sent. Linux hands them over in the frame; a driver that has
 * declared to put them in gets them beside it, as Windows' stack would hand them over.
 */
#include <string.h>

#include "base/bytes.h"
#include "datapath/private.h"

#define ADDRESSES 12u /* bytes, in front of the tag */
#define TAG_BYTES 4u
#define TAG_TYPE  0x8100u
#define DROPPABLE 0x1000u /* of the tag control information: what NDIS cannot say */

/* What of a tag the hardware has to do; 0: it cannot do all of it, or there is nothing to do. */
static unsigned actions_for(uint16_t control, unsigned may)
{
	unsigned needed = (control >> 13 ? CX_IEEE8021Q_PRIORITY : 0u) |
			  (control & 0xFFF ? CX_IEEE8021Q_VLAN : 0u);

	return control & DROPPABLE || needed & ~may ? 0 : needed;
}

static void shorten(struct lso_layout *layout)
{
	layout->vlan_tags--;
	layout->l3_offset -= TAG_BYTES;
	layout->l4_offset -= TAG_BYTES;
	layout->payload_offset -= TAG_BYTES;
	if (layout->final_destination)
		layout->final_destination -= TAG_BYTES;
}

size_t dp_take_tag(struct iovec *frame, struct frame_meta *meta, unsigned may, struct cx_tag *tag)
{
	uint8_t *bytes = frame->iov_base;
	uint16_t control;
	unsigned actions;

	if (frame->iov_len < ADDRESSES + TAG_BYTES || load_be16(bytes + ADDRESSES) != TAG_TYPE)
		return 0;
	control = load_be16(bytes + ADDRESSES + 2);
	actions = actions_for(control, may);
	if (!actions)
		return 0;
	*tag = (struct cx_tag){ .actions = (uint8_t)actions,
				.priority = (uint8_t)(control >> 13),
				.vlan = control & 0xFFF };
	memmove(bytes + ADDRESSES, bytes + ADDRESSES + TAG_BYTES,
		frame->iov_len - ADDRESSES - TAG_BYTES);
	frame->iov_len -= TAG_BYTES;
	if (frame_parsed(meta))
		shorten(&meta->layout);
	return TAG_BYTES;
}
