/* SPDX-License-Identifier: MIT */
/*
 * Large send: cut by liblso as the chip would, or passed whole to a wire that takes
 * super-packets. The descriptor's claims are compared with the frame first.
 */
#include <netinet/in.h>
#include <string.h>

#include "device/rtl8168/model.h"

#define IP_MAX 65535

/*
 * The one look at the headers, as the driver's memory has them now: all that follows goes by
 * @layout, whatever a driver does to the bytes meanwhile. Return: NULL when the frame is what the
 * descriptor says.
 */
static const char *check(const struct rtl_tx *tx, const struct rtl_packet *p, unsigned inserted,
			 struct lso_layout *layout)
{
	bool udp = tx->card->extension & RTL_EXTENSION_USO && p->offload & RTL_TX_LSO_UDP;
	bool ipv4 = p->status & RTL_TX_LSO_IPV4, ipv6 = p->status & RTL_TX_LSO_IPV6;
	enum lso_status status;

	if (ipv4 && ipv6)
		return "large send for IPv4 and IPv6 at once";
	if (!RTL_TX_LSO_MSS(p->offload))
		return "large send with an MSS of 0";
	status = lso_parse(p->iov, p->count, layout);
	if (status)
		return lso_reason(status);
	if (layout->l4_protocol != (udp ? IPPROTO_UDP : IPPROTO_TCP))
		return udp ? "UDP segmentation of a frame that is not UDP"
			   : "large send of a frame that is not TCP";
	if (layout->ip_version != (ipv4 ? 4 : 6))
		return "large send for the other IP version than the frame's";
	if (layout->l4_offset != RTL_TX_LSO_L4(p->status) + inserted)
		return "large send with a transport header offset that is not the frame's";
	if (p->length <= layout->payload_offset)
		return "large send without payload";
	return NULL;
}

/* Final but for what the wire does to each segment: NDIS' template to Linux' virtio_net_hdr. */
static void whole_headers(uint8_t *headers, const struct lso_layout *layout, uint32_t length)
{
	uint8_t *ip = headers + layout->l3_offset;
	uint16_t ip_length, sum;

	if (layout->ip_version == 4) {
		ip_length = htons((uint16_t)(length - layout->l3_offset));
		memcpy(ip + 2, &ip_length, sizeof(ip_length));
		memset(ip + 10, 0, 2);
		sum = (uint16_t)~lso_checksum(ip, (size_t)layout->l4_offset - layout->l3_offset, 0);
		memcpy(ip + 10, &sum, sizeof(sum));
	} else {
		ip_length = htons((uint16_t)(length - layout->l3_offset - 40));
		memcpy(ip + 4, &ip_length, sizeof(ip_length));
	}
	lso_set_seed(headers, layout, length - layout->l4_offset);
}

static void send_whole(struct rtl_tx *tx, const struct rtl_packet *p,
		       const struct lso_layout *layout)
{
	uint32_t mss = RTL_TX_LSO_MSS(p->offload);
	uint32_t payload = p->length - layout->payload_offset;
	uint32_t segments = (payload + mss - 1) / mss;
	struct iovec *iov;
	uint8_t *headers;

	rtl_batch_room(tx, p->count + 1, layout->payload_offset);
	headers = rtl_batch_slab(tx, layout->payload_offset);
	rtl_iov_copy(p->iov, p->count, headers, layout->payload_offset);
	whole_headers(headers, layout, p->length);

	iov = tx->iovecs + tx->iovec_count;
	iov[0].iov_base = headers;
	iov[0].iov_len = layout->payload_offset;
	rtl_batch_push(tx, 1 + rtl_iov_from(p->iov, p->count, layout->payload_offset, iov + 1),
		       &(struct frame_meta){
			       .mss = (uint16_t)mss,
			       .needs_checksum = true,
			       .layout = *layout,
		       });
	count_add(&tx->counters.tx_segments, segments);
	count_add(&tx->counters.tx_frames, segments);
	count_add(&tx->counters.tx_bytes, payload + (uint64_t)segments * layout->payload_offset);
	count_add(&tx->tally.tx_ok, segments);
}

/*
 * Segments are copied: the kernel takes a frame in one piece for less than one in several, what is
 * copied is summed on the way, and the driver's payload is read once.
 */
static const char *send_cut(struct rtl_tx *tx, const struct rtl_packet *p,
			    const struct lso_layout *layout)
{
	const struct lso_options options = { .mss = RTL_TX_LSO_MSS(p->offload), .layout = layout };
	enum lso_status status = lso_begin(&tx->segmenter, p->iov, p->count, &options);
	struct rtl_run run;

	if (status)
		return lso_reason(status);
	count_add(&tx->counters.tx_segments, lso_segments(&tx->segmenter));
	while (lso_remaining(&tx->segmenter)) {
		rtl_batch_run(tx, lso_header_size(&tx->segmenter), lso_frame_size(&tx->segmenter),
			      &run);
		rtl_batch_push_run(tx, &run,
				   (int)lso_next_slab(&tx->segmenter, run.slab, run.stride,
						      run.frames, (uint32_t)run.room));
	}
	return NULL;
}

const char *rtl_frame_large_send(struct rtl_tx *tx, const struct rtl_packet *p, unsigned inserted)
{
	struct lso_layout layout;
	const char *problem = check(tx, p, inserted, &layout);
	uint32_t mss = RTL_TX_LSO_MSS(p->offload);

	if (problem)
		return problem;
	/* A wire that takes super-packets takes TCP's. */
	if (tx->card->device.wire.super_packets && layout.l4_protocol == IPPROTO_TCP &&
	    p->length - layout.payload_offset > mss && p->length - layout.l3_offset <= IP_MAX)
		send_whole(tx, p, &layout);
	else
		problem = send_cut(tx, p, &layout);
	if (!problem)
		count_add(&tx->counters.tx_super_packets, 1);
	return problem;
}
