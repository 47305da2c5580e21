/* SPDX-License-Identifier: MIT */
/*
 * What becomes of a frame on its way to the driver: its layout, what the hardware does
 * to it, and what must be done in software because the active capabilities do not allow more.
 */
#include <netinet/in.h>

#include "datapath/private.h"

/* NDIS_LARGE_SEND_OFFLOAD_MAX_HEADER_LENGTH: what an LSO packet's headers may take. */
#define LSO_MAX_HEADER_BYTES 128u

/* An LSO packet never carries these (NDIS: "Offloading the Segmentation of Large TCP Packets"). */
#define TCP_FLAGS_OFFSET 13u
#define TCP_SYN_RST_URG  (0x02u | 0x04u | 0x20u)
#define TCP_HEADER       20u /* bytes without options */

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

static bool within(size_t offset, uint16_t limit)
{
	return !limit || offset <= limit;
}

/* What a driver segments is TCP without flags that a segment cannot repeat, or UDP. */
static bool kind_may_be_segmented(const struct lso_layout *layout, const uint8_t *header,
				  const struct dp_tx_rules *rules)
{
	unsigned l3 = layer3_kind(layout);

	if (layout->l4_protocol == IPPROTO_UDP)
		return cx_tx_word_uso(rules->active, l3);
	return layout->l4_protocol == IPPROTO_TCP &&
	       cx_tx_word_lso(rules->active, l3, tcp_kind(layout)) &&
	       !(header[layout->l4_offset + TCP_FLAGS_OFFSET] & TCP_SYN_RST_URG);
}

static bool hardware_may_segment(const struct dp_plan *plan, const struct iovec *frame, int count,
				 size_t length, uint16_t mss, const struct dp_tx_rules *rules)
{
	const struct lso_layout *layout = &plan->layout;
	const struct dp_gso_limits *limits =
		layout->l4_protocol == IPPROTO_UDP ? &rules->uso : &rules->lso;
	size_t payload = length - layout->payload_offset;

	return rules->lso_extension && count == 1 &&
	       kind_may_be_segmented(layout, frame[0].iov_base, rules) &&
	       layout->payload_offset <= LSO_MAX_HEADER_BYTES &&
	       within(layout->l4_offset, limits->l4_offset_limit) &&
	       payload <= limits->maximum_offload_size &&
	       (payload + mss - 1) / mss >= limits->minimum_segment_count;
}

static bool hardware_may_checksum(const struct lso_layout *layout, const struct dp_tx_rules *rules)
{
	unsigned l3 = layer3_kind(layout);

	if (!rules->checksum_extension || !within(layout->l3_offset, rules->checksum_l3_limit) ||
	    !within(layout->l4_offset, rules->checksum_l4_limit))
		return false;
	return layout->l4_protocol == IPPROTO_TCP
		       ? cx_tx_word_tcp_checksum(rules->active, l3, tcp_kind(layout))
		       : cx_tx_word_udp_checksum(rules->active, l3);
}

static bool hardware_may_sum_header(const struct lso_layout *layout,
				    const struct dp_tx_rules *rules)
{
	return rules->checksum_extension && layout->ip_version == 4 && layout->payload_offset &&
	       within(layout->l3_offset, rules->checksum_l3_limit) &&
	       cx_tx_word_ipv4_checksum(rules->active, layer3_kind(layout));
}

static struct dp_gso_limits limits_of(const struct cx_gso_caps *hardware)
{
	return (struct dp_gso_limits){ hardware->maximum_offload_size,
				       hardware->minimum_segment_count, hardware->l4_offset_limit };
}

/* Sizes and limits never change while the adapter is started: an OID leaves them alone. */
void dp_read_rules(struct dp_tx_rules *rules, const struct cx_queue *queue, uint64_t limit)
{
	const struct cx_offload *offload = &queue->adapter->offload;
	const struct cx_offload_state *hardware = &offload->hardware;

	*rules = (struct dp_tx_rules){
		.active = atomic_load(&offload->tx) & ~limit,
		.lso = limits_of(&hardware->lso),
		.uso = limits_of(&hardware->uso),
		.checksum_l3_limit = hardware->tx_checksum.l3_offset_limit,
		.checksum_l4_limit = hardware->tx_checksum.l4_offset_limit,
		.checksum_extension = queue->has_checksum,
		.lso_extension = queue->has_lso,
		.fallback = offload->fallback,
	};
	if (queue->has_ieee8021q)
		rules->tags = cx_tx_word_ieee8021q(rules->active);
}

/*
 * The IP IDs of what is cut here: as Linux would send it, or, in the hardware's place, as NDIS asks
 * of hardware, which for UDP is the same.
 */
static enum lso_ip_id ip_id_of(const struct lso_layout *layout, const struct dp_tx_rules *rules)
{
	return rules->fallback && layout->l4_protocol == IPPROTO_TCP ? LSO_IP_ID_NDIS
								     : LSO_IP_ID_LINUX;
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
		plan->ip_id = ip_id_of(&plan->layout, rules);
		return;
	}
	if (meta->needs_checksum) {
		if (plan->parsed == LSO_OK && hardware_may_checksum(&plan->layout, rules))
			plan->hardware_l4 = true;
		else
			plan->software_checksum = true;
	}
	plan->hardware_l3 = hardware_may_sum_header(&plan->layout, rules);
}

/*
 * Linux seeds the checksum field with the pseudo-header's sum including the length; NDIS wants it
 * without (NDIS: "the TCP length is not in the sum", the same for USO). The IPv4 total length and
 * UDP's length stay the full ones, which is what the documents ask for.
 */
void dp_seed_without_length(uint8_t *frame, const struct lso_layout *layout)
{
	lso_set_seed(frame, layout, 0);
}
