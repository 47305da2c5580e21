/* SPDX-License-Identifier: MIT */
#include "frames.h"

#include <string.h>

static const uint8_t destination[6] = { 0x02, 0, 0, 0, 0, 1 };
static const uint8_t source[6] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };

/* RFC 1071, one 16-bit word after the other. */
static uint32_t sum_bytes(const uint8_t *bytes, size_t length, uint32_t sum)
{
	for (size_t i = 0; i < length; i++) {
		sum += i % 2 ? bytes[i] : (uint32_t)bytes[i] << 8;
		sum = (sum & 0xFFFF) + (sum >> 16);
	}
	return sum;
}

static void put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static size_t l4_header(const struct frame_spec *spec)
{
	return spec->protocol == FRAME_TCP ? 32 : 8;
}

size_t frame_l4(const struct frame_spec *spec)
{
	return 14 + (spec->version == 4 ? 20 : 40);
}

size_t frame_headers(const struct frame_spec *spec)
{
	return frame_l4(spec) + l4_header(spec);
}

static uint32_t transport_sum(const uint8_t *frame, const struct frame_spec *spec)
{
	size_t l4 = frame_l4(spec), length = l4_header(spec) + spec->payload;
	uint32_t sum;

	if (spec->version == 4)
		sum = sum_bytes(frame + 26, 8, 0);
	else
		sum = sum_bytes(frame + 22, 32, 0);
	sum += (uint32_t)spec->protocol + (uint32_t)(length >> 16) + (uint32_t)(length & 0xFFFF);
	sum = (sum & 0xFFFF) + (sum >> 16);
	return sum_bytes(frame + l4, length, sum);
}

void frame_sum(uint8_t *frame, const struct frame_spec *spec)
{
	uint8_t *field = frame + frame_l4(spec) + (spec->protocol == FRAME_TCP ? 16 : 6);
	uint32_t sum;

	put16(field, 0);
	sum = ~transport_sum(frame, spec) & 0xFFFF;
	put16(field, spec->protocol == FRAME_UDP && !sum ? 0xFFFF : sum);
	if (spec->version == 4) {
		put16(frame + 24, 0);
		put16(frame + 24, ~sum_bytes(frame + 14, 20, 0));
	}
}

size_t frame_build(uint8_t *to, const struct frame_spec *spec)
{
	size_t l4 = frame_l4(spec), headers = frame_headers(spec);
	size_t length = headers + spec->payload;

	memset(to, 0, headers);
	memcpy(to, destination, 6);
	memcpy(to + 6, source, 6);
	if (spec->version == 4) {
		put16(to + 12, 0x0800);
		to[14] = 0x45;
		put16(to + 16, (uint32_t)(length - 14));
		put16(to + 18, 0x1234);
		to[22] = 64;
		to[23] = (uint8_t)spec->protocol;
		memcpy(to + 26, (uint8_t[]){ 10, 0, 0, 1, 10, 0, 0, 2 }, 8);
	} else {
		put16(to + 12, 0x86DD);
		to[14] = 0x60;
		put16(to + 18, (uint32_t)(length - 54));
		to[20] = (uint8_t)spec->protocol;
		to[21] = 64;
		to[22] = to[38] = 0xFD;
		to[37] = 1;
		to[53] = 2;
	}
	put16(to + l4, 40000);
	put16(to + l4 + 2, 5201);
	if (spec->protocol == FRAME_TCP) {
		put16(to + l4 + 6, 77); /* sequence number */
		to[l4 + 12] = 0x80;     /* 32 bytes: timestamp option */
		to[l4 + 13] = 0x10;     /* ACK */
		memcpy(to + l4 + 20, (uint8_t[]){ 1, 1, 8, 10, 0, 0, 0, 9, 0, 0, 0, 8 }, 12);
	} else {
		put16(to + l4 + 4, (uint32_t)(8 + spec->payload));
	}
	for (size_t i = 0; i < spec->payload; i++)
		to[headers + i] = spec->odd ? 0xFF : (uint8_t)(i * 7 + i / 256);
	if (spec->final)
		frame_sum(to, spec);
	return length;
}

bool frame_sums_right(const uint8_t *frame, const struct frame_spec *spec)
{
	if (spec->version == 4 && sum_bytes(frame + 14, 20, 0) != 0xFFFF)
		return false;
	return transport_sum(frame, spec) == 0xFFFF;
}
