/* SPDX-License-Identifier: MIT */
/* Frames for the tests: Ethernet to the card's address, IPv4 or IPv6, TCP or UDP. */
#include <arpa/inet.h>

#include "traffic.h"

static size_t put_ip(uint8_t *ip, int version, uint8_t protocol, size_t length)
{
	uint16_t total = htons((uint16_t)(length + (version == 4 ? 20 : 0)));

	if (version == 4) {
		memset(ip, 0, 20);
		ip[0] = 0x45;
		memcpy(ip + 2, &total, 2);
		ip[5] = 7; /* identification */
		ip[8] = 64;
		ip[9] = protocol;
		memcpy(ip + 12, "\x0a\x00\x00\x01\x0a\x00\x00\x02", 8);
		return 20;
	}
	memset(ip, 0, 40);
	ip[0] = 0x60;
	memcpy(ip + 4, &total, 2);
	ip[6] = protocol;
	ip[7] = 64;
	ip[8] = ip[24] = 0xfd;
	ip[23] = 1;
	ip[39] = 2;
	return 40;
}

static size_t put_frame(uint8_t *frame, int version, uint8_t protocol, size_t header,
			size_t payload)
{
	struct iovec iov = { .iov_base = frame };
	struct lso_layout layout;
	size_t at = 14;

	memcpy(frame, card_mac, 6);
	memcpy(frame + 6, "\x02\x00\x00\x00\x00\x01", 6);
	memcpy(frame + 12, version == 4 ? "\x08\x00" : "\x86\xdd", 2);
	at += put_ip(frame + at, version, protocol, header + payload);
	memset(frame + at, 0, header);
	frame[at + 1] = 80;
	frame[at + 3] = 81;
	if (protocol == 6) {
		frame[at + 12] = 0x50;
		frame[at + 13] = 0x10; /* ACK */
	} else {
		frame[at + 4] = (uint8_t)((header + payload) >> 8);
		frame[at + 5] = (uint8_t)(header + payload);
	}
	at += header;
	for (size_t i = 0; i < payload; i++)
		frame[at + i] = (uint8_t)(i * 7 + i / 251);
	iov.iov_len = at + payload;
	assert_int_equal(lso_parse(&iov, 1, &layout), 0);
	lso_fill_checksums(frame, iov.iov_len, &layout, true, true);
	return iov.iov_len;
}

size_t traffic_tcp(uint8_t *frame, int version, size_t payload)
{
	return put_frame(frame, version, 6, 20, payload);
}

size_t traffic_udp(uint8_t *frame, int version, size_t payload)
{
	return put_frame(frame, version, 17, 8, payload);
}
