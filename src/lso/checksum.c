/* SPDX-License-Identifier: MIT */
/*
 * The Internet checksum as a service (RFC 1071): sums, seeds, partial checksums.
 */
#include <netinet/in.h>

#include "bytes.h"
#include "private.h"

uint16_t lso_checksum(const void *data, size_t length, uint16_t sum)
{
	return fold16((uint64_t)lso_engine()->sum(data, length) + sum);
}

uint16_t lso_checksum_iov(const struct iovec *iov, int count, size_t offset, size_t length,
			  uint16_t sum)
{
	struct cursor c = lso_iov_seek(iov, count, offset);

	return fold16((uint64_t)lso_sum_scattered(lso_engine(), &c, length) + sum);
}

uint16_t lso_copy_checksum(void *to, const void *from, size_t length, uint16_t sum)
{
	return fold16((uint64_t)lso_engine()->copy_sum(to, from, length) + sum);
}

uint16_t lso_pseudo_sum(const uint8_t *frame, const struct lso_layout *layout, uint32_t length)
{
	return fold16(lso_pseudo(frame, layout, length));
}

uint16_t lso_seed_with_length(uint16_t seed, uint32_t length)
{
	return fold16((uint64_t)htobe32(length) + seed);
}

uint16_t lso_seed_without_length(uint16_t seed, uint32_t length)
{
	/* Subtract by adding the one's complement (RFC 1624 3). */
	return fold16((uint64_t)(uint16_t)~fold16(htobe32(length)) + seed);
}

/* checksum_at() - offset of a TCP or UDP header's checksum in the frame */
static size_t checksum_at(const struct lso_layout *layout)
{
	return layout->l4_offset + (layout->l4_protocol == IPPROTO_TCP ? 16u : 6u);
}

void lso_set_seed(uint8_t *frame, const struct lso_layout *layout, uint32_t length)
{
	store16(frame + checksum_at(layout), lso_pseudo_sum(frame, layout, length));
}

void lso_fill_checksums(uint8_t *frame, size_t length, const struct lso_layout *layout, bool ipv4,
			bool l4)
{
	const struct engine *engine = lso_engine();

	if (ipv4 && layout->ip_version == 4) {
		uint8_t *ip = frame + layout->l3_offset;

		store16(ip + 10, 0);
		store16(ip + 10, (uint16_t)~fold16(engine->sum(ip, (ip[0] & 0x0f) * 4u)));
	}
	if (l4 && layout->payload_offset) {
		uint32_t l4_length = (uint32_t)(length - layout->l4_offset);
		size_t at = checksum_at(layout);
		uint16_t checksum;
		uint64_t sum;

		store16(frame + at, 0);
		sum = engine->sum(frame + layout->l4_offset, l4_length);
		sum += lso_pseudo(frame, layout, l4_length);
		checksum = (uint16_t)~fold16(sum);
		if (checksum == 0 && layout->l4_protocol == IPPROTO_UDP)
			checksum = 0xffff; /* RFC 768 */
		store16(frame + at, checksum);
	}
}

bool lso_fill_partial(const struct iovec *iov, int count, size_t start, size_t offset)
{
	size_t length = lso_iov_length(iov, count);
	uint8_t field[2];
	uint16_t checksum;
	struct cursor c;

	if (start >= length || length - start < 2 || offset > length - start - 2)
		return false;
	c = lso_iov_seek(iov, count, start);
	checksum = (uint16_t)~fold16(lso_sum_scattered(lso_engine(), &c, length - start));
	store16(field, checksum ? checksum : 0xffff);

	c = lso_iov_seek(iov, count, start + offset);
	for (int i = 0; i < 2; i++) {
		size_t taken;
		const uint8_t *at = lso_cursor_take(&c, 1, &taken);

		if (taken)
			*(uint8_t *)(uintptr_t)at = field[i];
	}
	return true;
}
