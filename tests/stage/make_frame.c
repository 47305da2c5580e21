/* SPDX-License-Identifier: MIT */
#include "make_frame.h"

#include <netcx/lso.h>
#include <netinet/in.h>

#include "test.h"

static void put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static size_t put_ip(uint8_t *ip, const struct shape *shape, size_t after)
{
	size_t options = (size_t)shape->ip_words * (shape->version == 6 ? 8 : 4);

	if (shape->version == 6) {
		ip[0] = 0x60;
		put16(ip + 4, (unsigned)(after + options > 65535 ? 0 : after + options));
		ip[6] = shape->protocol;
		ip[7] = 64;
		ip[8] = ip[24] = 0xfd;
		ip[23] = 1;
		ip[39] = 2;
		if (options) {
			ip[6] = shape->hop_by_hop ? IPPROTO_HOPOPTS : IPPROTO_DSTOPTS;
			ip[40] = shape->protocol;
			ip[41] = (uint8_t)(shape->ip_words - 1);
			ip[42] = 1; /* PadN */
			ip[43] = (uint8_t)(options - 4);
		}
		return 40 + options;
	}
	ip[0] = (uint8_t)(0x45 + shape->ip_words);
	put16(ip + 2, (unsigned)(after + 20 + options > 65535 ? 0 : after + 20 + options));
	ip[6] = 0x40;
	ip[8] = 64;
	ip[9] = shape->protocol;
	memcpy(ip + 12, "\x0a\x01\x00\x01\x0a\x01\x00\x02", 8);
	memset(ip + 20, 1, options);
	return 20 + options;
}

struct test_frame make_frame(const struct shape *wanted)
{
	struct shape shape = *wanted;
	struct test_frame frame = { 0 };
	struct lso_layout layout;
	struct iovec iov;
	size_t l4;

	shape.version = shape.version ? shape.version : 4;
	shape.protocol = shape.protocol ? shape.protocol : IPPROTO_TCP;
	l4 = shape.protocol == IPPROTO_TCP ? 20 + (size_t)shape.tcp_words * 4 : 8;
	frame.l3 = 14 + (size_t)shape.tags * 4;
	frame.l4 = frame.l3 + (shape.version == 6 ? 40 + (size_t)shape.ip_words * 8
						  : 20 + (size_t)shape.ip_words * 4);
	frame.headers = frame.l4 + l4;
	frame.length = frame.headers + shape.payload;
	frame.bytes = calloc(1, frame.length);
	assert_non_null(frame.bytes);

	memcpy(frame.bytes, "\x02\0\0\0\0\x02\x02\0\0\0\0\x01", 12);
	for (int i = 0; i < shape.tags; i++) {
		put16(frame.bytes + 12 + i * 4, i + 1 < shape.tags ? 0x88a8 : 0x8100);
		put16(frame.bytes + 14 + i * 4, 100 + (unsigned)i);
	}
	put16(frame.bytes + frame.l3 - 2, shape.version == 6 ? 0x86dd : 0x0800);
	put_ip(frame.bytes + frame.l3, &shape, l4 + shape.payload);
	put16(frame.bytes + frame.l4, 1111);
	put16(frame.bytes + frame.l4 + 2, 2222);
	if (shape.protocol == IPPROTO_TCP) {
		frame.bytes[frame.l4 + 12] = (uint8_t)(0x50 + (shape.tcp_words << 4));
		frame.bytes[frame.l4 + 13] = 0x10;
		memset(frame.bytes + frame.l4 + 20, 1, (size_t)shape.tcp_words * 4);
	} else if (shape.protocol == IPPROTO_UDP) {
		put16(frame.bytes + frame.l4 + 4, (unsigned)(8 + shape.payload));
	}
	for (size_t i = 0; i < shape.payload; i++)
		frame.bytes[frame.headers + i] = (uint8_t)(i * 7 + i / 251);

	iov = (struct iovec){ frame.bytes, frame.length };
	if (lso_parse(&iov, 1, &layout) == LSO_OK) {
		lso_fill_checksums(frame.bytes, frame.length, &layout, true, shape.final);
		if (!shape.final)
			lso_set_seed(frame.bytes, &layout, (uint32_t)(frame.length - frame.l4));
	}
	return frame;
}
