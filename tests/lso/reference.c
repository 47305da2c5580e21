/* SPDX-License-Identifier: MIT */
#include "reference.h"

#include <netcx/lso.h>

static unsigned int get16(const uint8_t *p)
{
	return p[0] * 256u + p[1];
}

static void set16(uint8_t *p, unsigned int v)
{
	p[0] = (uint8_t)(v / 256);
	p[1] = (uint8_t)(v % 256);
}

uint32_t reference_sum(const uint8_t *bytes, size_t length, uint32_t sum)
{
	for (size_t i = 0; i < length; i++) {
		sum += i % 2 ? bytes[i] : bytes[i] * 256u;
		if (sum > 65535)
			sum -= 65535;
	}
	return sum;
}

/* Copies the headers but for a jumbogram's hop-by-hop header. Return: bytes left out */
static size_t reference_headers(const struct packet *p, uint8_t *frame)
{
	size_t n = 0;

	for (size_t k = 0; k < p->payload; k++) {
		if (!p->jumbo || k < p->l3 + 40 || k >= p->l3 + 48)
			frame[n++] = p->bytes[k];
	}
	if (p->jumbo)
		frame[p->l3 + 6] = p->bytes[p->l3 + 40];
	return p->payload - n;
}

static uint32_t reference_pseudo(const struct packet *p, const uint8_t *frame, size_t length)
{
	uint8_t tail[6] = { 0 };
	uint32_t sum;

	tail[0] = (uint8_t)(length >> 16);
	tail[1] = (uint8_t)(length >> 8);
	tail[2] = (uint8_t)length;
	tail[5] = p->tcp ? 6 : 17;
	/* 24 bits of length and a zero in front: the same sum as RFC 8200 8.1's 32 bits */
	sum = tail[0] + get16(tail + 1);
	sum = sum > 65535 ? sum - 65535 : sum;
	sum = reference_sum(tail + 4, 2, sum);
	if (p->ip_version == 4)
		return reference_sum(frame + p->l3 + 12, 8, sum);
	sum = reference_sum(frame + p->l3 + 8, 16, sum);
	if (p->jumbo && p->destination > p->l3 + 24)
		return reference_sum(frame + p->destination - 8, 16, sum);
	return reference_sum(frame + p->destination, 16, sum);
}

size_t reference_segment(const struct packet *p, uint32_t i, uint8_t *frame)
{
	uint32_t n = packet_segments(p);
	size_t from = p->payload + (size_t)i * p->mss;
	size_t bytes = p->length - from < p->mss ? p->length - from : p->mss;
	size_t removed = reference_headers(p, frame);
	size_t l4_offset = p->l4 - removed;
	size_t length = p->payload - removed + bytes;
	uint8_t *ip = frame + p->l3;
	uint8_t *l4 = frame + l4_offset;
	uint32_t sum;

	for (size_t k = 0; k < bytes; k++)
		frame[p->payload - removed + k] = p->bytes[from + k];

	if (p->snap)
		set16(ip - 10, (unsigned int)(length - p->l3 + 8));
	if (p->ip_version == 4) {
		unsigned int id = get16(ip + 4);

		if (p->ip_id == LSO_IP_ID_LINUX || (p->ip_id == LSO_IP_ID_NDIS && !p->tcp))
			id = (id + i) % 0x10000;
		else if (p->ip_id == LSO_IP_ID_NDIS)
			id = id / 0x8000 * 0x8000 + (id + i) % 0x8000;
		set16(ip + 2, (unsigned int)(length - p->l3));
		set16(ip + 4, id);
		set16(ip + 10, 0);
		set16(ip + 10, 65535 - reference_sum(ip, l4_offset - p->l3, 0));
	} else {
		set16(ip + 4, (unsigned int)(length - p->l3 - 40));
	}

	if (p->tcp) {
		uint32_t sequence = get16(l4 + 4) * 65536u + get16(l4 + 6) + i * p->mss;

		set16(l4 + 4, sequence >> 16);
		set16(l4 + 6, sequence & 0xffff);
		if (i != 0 && !p->accurate_ecn)
			l4[13] &= 0x7f; /* CWR */
		if (i != n - 1)
			l4[13] &= 0xf6; /* PSH, FIN */
		set16(l4 + 16, 0);
		sum = reference_pseudo(p, frame, length - l4_offset);
		sum = reference_sum(l4, length - l4_offset, sum);
		set16(l4 + 16, 65535 - sum);
		return length;
	}

	set16(l4 + 4, (unsigned int)(length - l4_offset));
	if (p->udp_zero_checksum && get16(l4 + 6) == 0)
		return length;
	set16(l4 + 6, 0);
	sum = reference_pseudo(p, frame, length - l4_offset);
	sum = reference_sum(l4, length - l4_offset, sum);
	set16(l4 + 6, sum == 65535 ? 65535 : 65535 - sum);
	return length;
}
