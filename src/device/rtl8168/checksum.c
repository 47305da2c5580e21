/* SPDX-License-Identifier: MIT */
/*
 * Transmit checksum offload without large send. Only the headers are copied; the payload is
 * summed where it lies. Nothing of the checksum fields' contents is used.
 */
#include <netinet/in.h>
#include <string.h>

#include "base/bytes.h"
#include "device/rtl8168/model.h"

#define TCP_SUM_AT  16 /* offsets in the headers */
#define UDP_SUM_AT  6
#define IPV4_SUM_AT 10
#define IPV6_HEADER 40

/* Length of the IPv4 header at @offset, 0 when it is not whole or impossible. */
static size_t ipv4_header(const struct rtl_packet *p, size_t offset)
{
	const struct iovec *iov = p->iov;
	size_t at = offset, length;

	if (offset >= p->length)
		return 0;
	for (; at >= iov->iov_len; iov++)
		at -= iov->iov_len;
	length = (size_t)(((const uint8_t *)iov->iov_base)[at] & 15) * 4;
	return length >= 20 && offset + length <= p->length ? length : 0;
}

/* What the descriptor asks for, against what the frame is. @headers: to be copied, bytes. */
static const char *check(const struct rtl_packet *p, unsigned inserted, struct lso_layout *layout,
			 size_t *headers)
{
	bool tcp = p->offload & RTL_TX_TCP_SUM, udp = p->offload & RTL_TX_UDP_SUM;
	bool ipv6 = p->offload & RTL_TX_IPV6;
	enum lso_status status = lso_parse(p->iov, p->count, layout);

	if (!layout->ip_version)
		return "a checksum for a frame that is not IP";
	if (layout->ip_version != (ipv6 ? 6 : 4))
		return "a checksum for the other IP version than the frame's";
	if (ipv6 && p->offload & RTL_TX_IPV4_SUM)
		return "an IPv4 header checksum for an IPv6 frame";
	if (tcp && udp)
		return "a TCP and a UDP checksum at once";
	if (!tcp && !udp) {
		*headers = layout->l3_offset + ipv4_header(p, layout->l3_offset);
		if (*headers == layout->l3_offset || *headers > LSO_MAX_HEADERS)
			return "an IPv4 header checksum without a whole IPv4 header";
		return NULL;
	}
	if (status)
		return lso_reason(status);
	if (layout->l4_protocol != (tcp ? IPPROTO_TCP : IPPROTO_UDP))
		return "a checksum for the other transport protocol than the frame's";
	if (ipv6 && layout->l4_offset != RTL_TX_SUM_L4(p->offload) + inserted)
		return "a checksum with a transport header offset that is not the frame's";
	*headers = layout->payload_offset;
	return NULL;
}

/*
 * Bytes from the transport header on, by the IP header: padding behind a short packet is no part
 * of the sum. 0 when the IP header's length does not fit the frame.
 */
static size_t transport_length(const uint8_t *frame, const struct lso_layout *layout, size_t length)
{
	const uint8_t *ip = frame + layout->l3_offset;
	size_t in_front = layout->l4_offset - layout->l3_offset, ip_length;

	if (layout->ip_version == 4)
		ip_length = load_be16(ip + 2);
	else
		ip_length = (size_t)load_be16(ip + 4) + IPV6_HEADER;
	if (layout->l3_offset + ip_length > length ||
	    layout->l3_offset + ip_length < layout->payload_offset)
		return 0;
	return ip_length - in_front;
}

static void fill_ipv4(uint8_t *ip)
{
	uint16_t sum;

	memset(ip + IPV4_SUM_AT, 0, sizeof(sum));
	sum = (uint16_t)~lso_checksum(ip, (size_t)(ip[0] & 15) * 4, 0);
	memcpy(ip + IPV4_SUM_AT, &sum, sizeof(sum));
}

static void fill_transport(const struct rtl_packet *p, uint8_t *headers,
			   const struct lso_layout *layout, size_t length)
{
	bool udp = layout->l4_protocol == IPPROTO_UDP;
	size_t header_length = layout->payload_offset - layout->l4_offset;
	uint8_t *field = headers + layout->l4_offset + (udp ? UDP_SUM_AT : TCP_SUM_AT);
	uint16_t sum = lso_pseudo_sum(headers, layout, (uint32_t)length);

	memset(field, 0, sizeof(sum));
	sum = lso_checksum(headers + layout->l4_offset, header_length, sum);
	sum = lso_checksum_iov(p->iov, p->count, layout->payload_offset, length - header_length,
			       sum);
	sum = (uint16_t)~sum;
	if (udp && !sum)
		sum = 0xFFFF; /* 0 would say that there is none (RFC 768) */
	memcpy(field, &sum, sizeof(sum));
}

const char *rtl_frame_checksum(struct rtl_tx *tx, const struct rtl_packet *p, unsigned inserted)
{
	struct lso_layout layout;
	size_t headers_length = 0;
	const char *problem = check(p, inserted, &layout, &headers_length);
	uint8_t *headers;
	struct iovec *iov;

	if (problem)
		return problem;
	rtl_batch_room(tx, p->count + 1, headers_length);
	headers = tx->slab + tx->slab_used;
	rtl_iov_copy(p->iov, p->count, headers, headers_length);
	if (p->offload & RTL_TX_IPV4_SUM)
		fill_ipv4(headers + layout.l3_offset);
	if (p->offload & (RTL_TX_TCP_SUM | RTL_TX_UDP_SUM)) {
		size_t length = transport_length(headers, &layout, p->length);

		if (!length)
			return "a checksum with an IP length that is not the frame's";
		fill_transport(p, headers, &layout, length);
	}
	rtl_batch_slab(tx, headers_length);
	iov = tx->iovecs + tx->iovec_count;
	iov[0].iov_base = headers;
	iov[0].iov_len = headers_length;
	rtl_batch_push(tx, 1 + rtl_iov_from(p->iov, p->count, headers_length, iov + 1), NULL);
	return NULL;
}
