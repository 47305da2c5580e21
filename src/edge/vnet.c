/* SPDX-License-Identifier: MIT */
#include "edge/vnet.h"

#include <net/ethernet.h>
#include <netinet/in.h>

#include "base/bytes.h"
#include "edge/private.h"
#include "frame/frame.h"

#define IPV4_HEADER  20
#define IPV6_HEADER  40
#define TCP_HEADER   20
#define TCP_OFFSET   12 /* of the byte with the data offset, in the header: RFC 9293 3.1 */
#define TCP_FLAGS    13
#define TCP_CHECKSUM 16
#define TCP_CWR      0x80
#define UDP_HEADER   8
#define KNOWN_FLAGS  (VIRTIO_NET_HDR_F_NEEDS_CSUM | VIRTIO_NET_HDR_F_DATA_VALID)

/* The pseudo-header sum with the length that the frame really has behind its IP header. */
static uint16_t true_seed(const struct frame_head *head, size_t length)
{
	return lso_pseudo_sum(head->bytes, &head->layout,
			      (uint32_t)(length - head->layout.l4_offset));
}

static uint16_t field_at(const struct frame_head *head, size_t offset)
{
	uint16_t value;

	memcpy(&value, head->bytes + offset, sizeof(value));
	return value;
}

static void describe(struct frame_meta *meta, const struct lso_layout *layout)
{
	meta->needs_checksum = true;
	meta->layout = *layout;
}

/* The frame of @iov without the room behind it, for lso_fill_partial() which sums to the end. */
static bool complete(const struct iovec *iov, int count, size_t length, size_t start, size_t offset)
{
	uint16_t sum;

	if (start > length || offset > length - start || length - start - offset < sizeof(sum))
		return false;
	sum = (uint16_t)~lso_checksum_iov(iov, count, start, length - start, 0);
	if (!sum)
		sum = 0xffff;
	frame_write(iov, count, start + offset, &sum, sizeof(sum));
	return true;
}

static bool starts_where_it_says(const struct virtio_net_hdr *header,
				 const struct lso_layout *layout)
{
	return header->csum_start == layout->l4_offset &&
	       header->csum_offset == frame_checksum_offset(layout);
}

static bool is_what_gso_says(uint8_t type, const struct lso_layout *layout)
{
	switch (type) {
	case VIRTIO_NET_HDR_GSO_TCPV4:
	case VIRTIO_NET_HDR_GSO_TCPV4 | VIRTIO_NET_HDR_GSO_ECN:
		return layout->l4_protocol == IPPROTO_TCP && layout->ip_version == 4;
	case VIRTIO_NET_HDR_GSO_TCPV6:
	case VIRTIO_NET_HDR_GSO_TCPV6 | VIRTIO_NET_HDR_GSO_ECN:
		return layout->l4_protocol == IPPROTO_TCP && layout->ip_version == 6;
	case VIRTIO_NET_HDR_GSO_UDP_L4:
		return layout->l4_protocol == IPPROTO_UDP;
	default:
		return false;
	}
}

static bool decode_super(const struct virtio_net_hdr *header, const struct frame_head *head,
			 const struct iovec *iov, int count, size_t length, struct frame_meta *meta)
{
	const struct lso_layout *layout = &head->layout;
	size_t field;
	uint16_t seed;

	if (head->status != LSO_OK || !is_what_gso_says(header->gso_type, layout) ||
	    !header->gso_size)
		return false;
	if ((header->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) && !starts_where_it_says(header, layout))
		return false;

	describe(meta, layout);
	meta->mss = header->gso_size;
	field = (size_t)layout->l4_offset + frame_checksum_offset(layout);
	seed = true_seed(head, length);
	if (field_at(head, field) != seed)
		frame_write(iov, count, field, &seed, sizeof(seed));
	return true;
}

/* Whether a checksum may start at @start, given that it is not the frame's own TCP's or UDP's. */
static bool foreign_start(const struct frame_head *head, size_t start)
{
	const struct lso_layout *layout = &head->layout;

	switch (head->status) {
	case LSO_OK:
		/* A tunnel over UDP leaves its inner checksum to the device. Nothing is in TCP. */
		return layout->l4_protocol == IPPROTO_UDP &&
		       start >= (size_t)layout->l4_offset + UDP_HEADER;
	case LSO_NOT_IP:
	case LSO_NOT_TCP_UDP:
	case LSO_IP_FRAGMENT:
	case LSO_HEADERS_TOO_LONG:
		return start >= EDGE_MIN_FRAME && start >= layout->l3_offset;
	default:
		return false;
	}
}

static bool decode_partial(const struct virtio_net_hdr *header, const struct frame_head *head,
			   const struct iovec *iov, int count, size_t length,
			   struct frame_meta *meta)
{
	const struct lso_layout *layout = &head->layout;

	if (head->status == LSO_OK && header->csum_start == layout->l4_offset) {
		if (!starts_where_it_says(header, layout))
			return false;
		if (field_at(head, (size_t)header->csum_start + header->csum_offset) ==
		    true_seed(head, length)) {
			describe(meta, layout);
			return true;
		}
	} else if (!foreign_start(head, header->csum_start)) {
		return false;
	}
	return complete(iov, count, length, header->csum_start, header->csum_offset);
}

/* ip_header_told() - is there an IP header of @protocol that ends at @end, with nothing odd? */
static bool ip_header_told(const uint8_t *bytes, size_t end, uint8_t protocol,
			   struct lso_layout *layout)
{
	const uint8_t *ip = bytes + ETHER_HDR_LEN;
	size_t length = end - ETHER_HDR_LEN;

	switch (load_be16(bytes + ETHER_HDR_LEN - 2)) {
	case ETHERTYPE_IP:
		layout->ip_version = 4;
		layout->ip_options = length > IPV4_HEADER;
		return length >= IPV4_HEADER && ip[0] == (4 << 4 | length / 4) && length % 4 == 0 &&
		       length < 16 * 4 && !(load_be16(ip + 6) & 0x3fff) && ip[9] == protocol;
	case ETHERTYPE_IPV6:
		layout->ip_version = 6;
		return length == IPV6_HEADER && ip[0] >> 4 == 6 && ip[6] == protocol;
	default:
		return false;
	}
}

/*
 * take_told() - the layout that the kernel's header tells, which nobody needs to look for then
 *
 * csum_start and csum_offset say where the transport header lies and which one it is; a few bytes
 * of the frame have to agree. Told is a plain frame: no tag, no extension header. What lso_parse()
 * says of it is the same.
 */
static bool take_told(const struct virtio_net_hdr *header, struct frame_head *head)
{
	struct lso_layout layout = { .l2_type = LSO_L2_ETHERNET, .l3_offset = ETHER_HDR_LEN };
	bool tcp = header->csum_offset == TCP_CHECKSUM;
	size_t l4 = header->csum_start, size = UDP_HEADER;

	if (!(header->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) || l4 <= ETHER_HDR_LEN ||
	    l4 + TCP_HEADER > head->length)
		return false;
	layout.l4_protocol = tcp ? IPPROTO_TCP : IPPROTO_UDP;
	if (!ip_header_told(head->bytes, l4, layout.l4_protocol, &layout))
		return false;
	if (tcp)
		size = (size_t)(head->bytes[l4 + TCP_OFFSET] >> 4) * 4;
	if ((tcp && size < TCP_HEADER) || l4 + size > head->length)
		return false;
	layout.l4_offset = (uint16_t)l4;
	layout.payload_offset = (uint16_t)(l4 + size);
	head->layout = layout;
	head->status = LSO_OK;
	return true;
}

bool vnet_decode(const struct virtio_net_hdr *header, const struct iovec *iov, int count,
		 size_t length, struct frame_meta *meta)
{
	bool partial = header->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM;
	bool super = header->gso_type != VIRTIO_NET_HDR_GSO_NONE;
	struct frame_head head;

	*meta = (struct frame_meta){ 0 };
	if (length < EDGE_MIN_FRAME || (header->flags & ~KNOWN_FLAGS))
		return false;
	meta->checksum_valid = header->flags & VIRTIO_NET_HDR_F_DATA_VALID;
	if (!partial && !super)
		return true;

	frame_read_head(&head, iov, count, length);
	if (!take_told(header, &head))
		frame_parse(&head);
	if (!super)
		return decode_partial(header, &head, iov, count, length, meta);
	/* One segment or less: nothing is to be cut, but what it says has to be true. */
	if (head.status == LSO_OK && is_what_gso_says(header->gso_type, &head.layout) &&
	    header->gso_size && length - head.layout.payload_offset <= header->gso_size)
		return !partial || decode_partial(header, &head, iov, count, length, meta);
	return decode_super(header, &head, iov, count, length, meta);
}

/* What only a super-packet has to be, beside what any frame with an open checksum has. */
static bool encode_super(const struct frame *frame, size_t length, struct virtio_net_hdr *header)
{
	const struct lso_layout *layout = &frame->meta.layout;
	bool udp = layout->l4_protocol == IPPROTO_UDP;
	size_t l4_header = (size_t)layout->payload_offset - layout->l4_offset;
	uint8_t flags = 0;

	if (!frame->meta.needs_checksum || layout->payload_offset < layout->l4_offset ||
	    layout->payload_offset >= length ||
	    (udp ? l4_header != UDP_HEADER : l4_header < TCP_HEADER) ||
	    (layout->ip_version != 4 && layout->ip_version != 6))
		return false;
	if (udp) {
		header->gso_type = VIRTIO_NET_HDR_GSO_UDP_L4;
	} else {
		header->gso_type = layout->ip_version == 4 ? VIRTIO_NET_HDR_GSO_TCPV4
							   : VIRTIO_NET_HDR_GSO_TCPV6;
		frame_read(frame->iov, frame->count, (size_t)layout->l4_offset + TCP_FLAGS, &flags,
			   1);
		if (flags & TCP_CWR)
			header->gso_type |= VIRTIO_NET_HDR_GSO_ECN;
	}
	header->hdr_len = layout->payload_offset;
	header->gso_size = frame->meta.mss;
	return true;
}

bool vnet_encode(const struct frame *frame, size_t length, struct virtio_net_hdr *header)
{
	const struct frame_meta *meta = &frame->meta;
	const struct lso_layout *layout = &meta->layout;

	*header = (struct virtio_net_hdr){ 0 };
	if (!meta->needs_checksum && !meta->mss) {
		header->flags = meta->checksum_valid ? VIRTIO_NET_HDR_F_DATA_VALID : 0;
		return true;
	}
	if (layout->l4_offset < EDGE_MIN_FRAME ||
	    (layout->l4_protocol != IPPROTO_TCP && layout->l4_protocol != IPPROTO_UDP))
		return false;
	header->csum_offset = frame_checksum_offset(layout);
	if ((size_t)layout->l4_offset + header->csum_offset + sizeof(uint16_t) > length)
		return false;
	header->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	header->csum_start = layout->l4_offset;
	return !meta->mss || encode_super(frame, length, header);
}

/* Whether the IP and UDP lengths end where the frame does. */
static bool ends_with_packet(const uint8_t *head, size_t length, const struct lso_layout *layout)
{
	size_t l4_length = length - layout->l4_offset;
	const uint8_t *l4 = head + layout->l4_offset;

	/* In a room without end the packet's end is what its IP length says. */
	return frame_packet_end(head, SIZE_MAX, 0, layout) == length &&
	       (layout->l4_protocol == IPPROTO_TCP || load_be16(l4 + 4) == l4_length);
}

size_t vnet_vouch(const struct frame *frame, size_t length, struct virtio_net_hdr *header,
		  uint8_t head[static VNET_HEAD])
{
	struct iovec first = { head, 0 };
	struct lso_layout layout;
	uint16_t field, seed;
	size_t offset;

	if (!frame->meta.checksum_valid || length < VNET_VOUCH_LEAST)
		return 0;
	first.iov_len = frame_read(frame->iov, frame->count, 0, head, VNET_HEAD);
	if (lso_parse(&first, 1, &layout) != LSO_OK || !ends_with_packet(head, length, &layout))
		return 0;
	offset = (size_t)layout.l4_offset + frame_checksum_offset(&layout);
	memcpy(&field, head + offset, sizeof(field));
	/* RFC 768: a UDP sender without a checksum. */
	if (!field && layout.l4_protocol == IPPROTO_UDP)
		return 0;
	seed = lso_pseudo_sum(head, &layout, (uint32_t)(length - layout.l4_offset));
	memcpy(head + offset, &seed, sizeof(seed));
	*header = (struct virtio_net_hdr){ .flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
					   .csum_start = layout.l4_offset,
					   .csum_offset = frame_checksum_offset(&layout) };
	return first.iov_len;
}
