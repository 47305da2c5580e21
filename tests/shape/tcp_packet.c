/* SPDX-License-Identifier: MIT */
#include "tcp_packet.h"

#include <arpa/inet.h>

void build(struct packet *p, unsigned number, size_t payload)
{
	static const uint8_t headers[HEADERS] = {
		2,    0,    0,  0,  0, 9, 2,    0, 0,  0, 0, 1, 8,    0, /* Ethernet */
		0x45, 0,    0,  0,  0, 0, 0x40, 0, 64, 6, 0, 0, 10,   0,
		0,    1,    10, 0,  0, 2, /* IPv4 */
		0x30, 0x39, 0,  80, 0, 0, 0,    0, 0,  0, 0, 0, 0x50, 0x10,
		1,    0,    0,  0,  0, 0, /* TCP */
	};
	uint16_t total = htons((uint16_t)(HEADERS - 14 + payload));
	uint32_t sequence = htonl(number);
	struct iovec whole;

	memcpy(p->bytes, headers, HEADERS);
	memcpy(p->bytes + 16, &total, 2);
	memcpy(p->bytes + 38, &sequence, 4);
	for (size_t i = 0; i < payload; i++)
		p->bytes[HEADERS + i] = (uint8_t)(number * 7 + i);
	p->length = HEADERS + payload;
	p->meta = (struct frame_meta){ .mss = payload > MSS ? MSS : 0, .needs_checksum = true };
	whole = (struct iovec){ .iov_base = p->bytes, .iov_len = p->length };
	assert_int_equal(lso_parse(&whole, 1, &p->meta.layout), LSO_OK);
}

void build_tagged(struct packet *p, unsigned number, unsigned priority)
{
	uint8_t tag[4] = { 0x81, 0x00, (uint8_t)(priority << 5), 5 };

	build(p, number, 100);
	memmove(p->bytes + 16, p->bytes + 12, p->length - 12);
	memcpy(p->bytes + 12, tag, sizeof(tag));
	p->length += sizeof(tag);
	p->meta = (struct frame_meta){ 0 };
}
