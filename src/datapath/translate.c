/* SPDX-License-Identifier: MIT */
/*
 * What becomes of a frame on its way to the driver: its layout, what the hardware does
 * to it, and what must be done in software because the active capabilities do not allow more.
 */
#include <netinet/in.h>
#include <string.h>

#include "datapath/private.h"

/* NDIS_LARGE_SEND_OFFLOAD_MAX_HEADER_LENGTH: what an LSO packet's headers may take. */
#define LSO_MAX_HEADER_BYTES 128u

/* An LSO packet never carries these (NDIS: "Offloading the Segmentation of Large TCP Packets"). */
#define TCP_FLAGS_OFFSET    13u
#define TCP_SYN_RST_URG     (0x02u | 0x04u | 0x20u)
#define TCP_CHECKSUM_OFFSET 16u
#define TCP_HEADER          20u /* bytes without options */

/* CX_L3_*: the layer 3 kind of a parsed frame. */
static unsigned layer3_kind(const struct lso_layout *layout)
{
	if (layout->ip_version == 4)
		return layout->ip_options ? CX_L3_IPV4_OPTIONS : CX_L3_IPV4;
	return layout->ip_options ? CX_L3_IPV6_EXTENSIONS : CX_L3_IPV6;
}

static unsigned tcp_kind(const struct lso_layout *layout)
{
	return layout->payload_offset > layout->l4_offset + TCP_HEADER ? CX_L4_TCP_OPTIONS
								       : CX_L4_TCP;
}

static bool hardware_may_segment(const struct dp_plan *plan, const struct iovec *frame, int count,
				 size_t length, uint16_t mss, const struct dp_tx_rules *rules)
{
	const struct lso_layout *layout = &plan->layout;
	size_t payload = length - layout->payload_offset;
	const uint8_t *header = frame[0].iov_base;

	return rules->lso_extension && layout->l4_protocol == IPPROTO_TCP &&
	       cx_tx_word_lso(rules->active, layer3_kind(layout), tcp_kind(layout)) && count == 1 &&
	       layout->payload_offset <= LSO_MAX_HEADER_BYTES &&
	       payload <= rules->maximum_offload_size &&
	       (payload + mss - 1) / mss >= rules->minimum_segment_count &&
	       !(header[layout->l4_offset + TCP_FLAGS_OFFSET] & TCP_SYN_RST_URG);
}

static bool hardware_may_checksum(const struct lso_layout *layout, const struct dp_tx_rules *rules)
{
	unsigned l3 = layer3_kind(layout);

	if (!rules->checksum_extension)
		return false;
	return layout->l4_protocol == IPPROTO_TCP
		       ? cx_tx_word_tcp_checksum(rules->active, l3, tcp_kind(layout))
		       : cx_tx_word_udp_checksum(rules->active, l3);
}

/*
 * dp_plan() - decide what happens to one frame
 * @frame, @count: as received: one piece, or buffer and overflow
 * @length:        bytes in all
 * @meta:          what the stack edge says of it, already checked against its headers
 */
void dp_plan(struct dp_plan *plan, const struct iovec *frame, int count, size_t length,
	     const struct frame_meta *meta, const struct dp_tx_rules *rules)
{
	*plan = (struct dp_plan){ 0 };
	if (frame_parsed(meta))
		plan->layout = meta->layout;
	else
		plan->parsed = lso_parse(frame, count, &plan->layout);

	if (meta->mss) {
		if (plan->parsed != LSO_OK)
			plan->drop = true;
		else if (hardware_may_segment(plan, frame, count, length, meta->mss, rules))
			plan->mss = meta->mss;
		else
			plan->segment = true;
		return;
	}
	if (meta->needs_checksum) {
		if (plan->parsed == LSO_OK && hardware_may_checksum(&plan->layout, rules))
			plan->hardware_l4 = true;
		else
			plan->software_checksum = true;
	}
	plan->hardware_l3 = rules->checksum_extension && plan->layout.ip_version == 4 &&
			    plan->layout.payload_offset &&
			    cx_tx_word_ipv4_checksum(rules->active, layer3_kind(&plan->layout));
}

/*
 * Linux seeds the checksum field with the pseudo-header's sum including the TCP length; NDIS LSO
 * wants it without (NDIS: LSO, "the TCP length is not in the sum"). The IPv4 total length stays
 * the full one, which is what documents of 1809 ask for.
 */
void dp_seed_without_length(uint8_t *frame, const struct lso_layout *layout)
{
	uint16_t seed = lso_pseudo_sum(frame, layout, 0);

	memcpy(frame + layout->l4_offset + TCP_CHECKSUM_OFFSET, &seed, sizeof(seed));
}
