/* SPDX-License-Identifier: MIT */
/*
 * The honest baseline: what a careful programmer writes in an hour. One pass, contiguous input,
 * headers copied and patched for each segment, each header summed anew, the payload copied and
 * summed in one loop that the compiler vectorises (this file is built -O3 -march=native).
 */
#include <arpa/inet.h>
#include <string.h>

#include "lso_bench.h"

static uint64_t sum_words(const uint8_t *p, size_t length)
{
	uint64_t sum = 0;
	uint16_t word;

	for (size_t i = 0; i + 1 < length; i += 2) {
		memcpy(&word, p + i, 2);
		sum += word;
	}
	if (length % 2)
		sum += htons((uint16_t)(p[length - 1] << 8));
	return sum;
}

static uint64_t copy_words(uint8_t *restrict to, const uint8_t *restrict p, size_t length)
{
	uint64_t sum = 0;
	uint32_t word;
	size_t i;

	for (i = 0; i + 3 < length; i += 4) {
		memcpy(&word, p + i, 4);
		memcpy(to + i, &word, 4);
		sum += word;
	}
	memcpy(to + i, p + i, length - i);
	return sum + sum_words(to + i, length - i);
}

static uint64_t sum_fast(const uint8_t *p, size_t length)
{
	uint64_t sum = 0;
	uint32_t word;
	size_t i;

	for (i = 0; i + 3 < length; i += 4) {
		memcpy(&word, p + i, 4);
		sum += word;
	}
	return sum + sum_words(p + i, length - i);
}

static uint16_t finish(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void put16(uint8_t *p, uint16_t v)
{
	memcpy(p, &v, 2);
}

/* patch() - make a copy of the packet's headers those of segment @i */
static void patch(const struct workload *w, uint8_t *header, uint32_t i, uint32_t bytes, bool last,
		  uint64_t sum)
{
	uint8_t *ip = header + w->l3;
	uint8_t *tcp = header + w->l4;
	size_t l4_length = w->header - w->l4 + bytes;
	uint32_t sequence;

	if (w->ipv6) {
		put16(ip + 4, htons((uint16_t)l4_length));
		sum += sum_words(ip + 8, 32);
	} else {
		put16(ip + 2, htons((uint16_t)(w->header - w->l3 + bytes)));
		put16(ip + 4, htons((uint16_t)(((ip[4] << 8 | ip[5]) + i) & 0x7fff)));
		put16(ip + 10, 0);
		put16(ip + 10, finish(sum_words(ip, 20)));
		sum += sum_words(ip + 12, 8);
	}
	memcpy(&sequence, tcp + 4, 4);
	sequence = htonl(ntohl(sequence) + i * w->mss);
	memcpy(tcp + 4, &sequence, 4);
	if (i)
		tcp[13] &= 0x7f;
	if (!last)
		tcp[13] &= 0xf6;
	put16(tcp + 16, 0);
	sum += htons(6) + htons((uint16_t)l4_length) + sum_words(tcp, w->header - w->l4);
	put16(tcp + 16, finish(sum));
}

uint32_t plain_copy(struct workload *w, uint32_t packet, enum lso_path path)
{
	const uint8_t *in = w->place->packets[packet];
	size_t stride = (w->header + 63) / 64 * 64 + (w->mss + 63) / 64 * 64;
	uint8_t *frame = w->place->slab + 64 - w->header % 64;
	uint32_t i = 0;

	(void)path;
	for (uint32_t at = 0; at < PAYLOAD; at += w->mss, i++, frame += stride) {
		uint32_t bytes = PAYLOAD - at < w->mss ? PAYLOAD - at : w->mss;
		uint64_t sum;

		memcpy(frame, in, w->header);
		sum = copy_words(frame + w->header, in + w->header + at, bytes);
		patch(w, frame, i, bytes, at + bytes == PAYLOAD, sum);
		w->out[i] = (struct iovec){ frame, w->header + bytes };
	}
	return i;
}

uint32_t plain_zero_copy(struct workload *w, uint32_t packet, enum lso_path path)
{
	uint8_t *in = w->place->packets[packet];
	size_t stride = (w->header + 63) / 64 * 64;
	uint8_t *header = w->place->slab;
	uint32_t i = 0;

	(void)path;
	for (uint32_t at = 0; at < PAYLOAD; at += w->mss, i++, header += stride) {
		uint32_t bytes = PAYLOAD - at < w->mss ? PAYLOAD - at : w->mss;

		memcpy(header, in, w->header);
		patch(w, header, i, bytes, at + bytes == PAYLOAD,
		      sum_fast(in + w->header + at, bytes));
		w->out[2 * i] = (struct iovec){ header, w->header };
		w->out[2 * i + 1] = (struct iovec){ in + w->header + at, bytes };
		w->counts[i] = 2;
	}
	return i;
}
