/* SPDX-License-Identifier: MIT */
/*
 * Packets scattered over fragments: the caller's iovec is walked by a cursor, and the sums of
 * pieces that begin at odd offsets are byte-swapped.
 */
#include "bytes.h"
#include "private.h"

size_t lso_iov_length(const struct iovec *iov, int count)
{
	size_t total = 0;

	for (int i = 0; i < count; i++) {
		if (iov[i].iov_len > SIZE_MAX - total)
			return SIZE_MAX;
		total += iov[i].iov_len;
	}
	return total;
}

size_t lso_iov_read(const struct iovec *iov, int count, uint8_t *to, size_t length)
{
	size_t done = 0;

	for (int i = 0; i < count && done < length; i++) {
		size_t n = iov[i].iov_len;

		if (n > length - done)
			n = length - done;
		if (n)
			memcpy(to + done, iov[i].iov_base, n);
		done += n;
	}
	return done;
}

struct cursor lso_iov_seek(const struct iovec *iov, int count, size_t offset)
{
	struct cursor c = { .iov = iov, .count = count };

	while (offset) {
		size_t taken;

		lso_cursor_take(&c, offset, &taken);
		if (taken == 0)
			break;
		offset -= taken;
	}
	return c;
}

const uint8_t *lso_cursor_take(struct cursor *c, size_t length, size_t *taken)
{
	const uint8_t *at;

	while (c->left == 0) {
		if (c->count <= 0) {
			*taken = 0;
			return NULL;
		}
		c->at = c->iov->iov_base;
		c->left = c->iov->iov_len;
		c->iov++;
		c->count--;
	}
	at = c->at;
	*taken = c->left < length ? c->left : length;
	c->at += *taken;
	c->left -= *taken;
	return at;
}

uint32_t lso_sum_scattered(const struct engine *engine, struct cursor *c, size_t length)
{
	uint64_t sum = 0;
	size_t done = 0;

	while (done < length) {
		size_t n;
		const uint8_t *at = lso_cursor_take(c, length - done, &n);

		if (n == 0)
			break;
		sum = add_piece(sum, done, engine->sum(at, n));
		done += n;
	}
	return fold32(sum);
}

uint32_t lso_copy_scattered(const struct engine *engine, uint8_t *to, struct cursor *c,
			    size_t length)
{
	uint64_t sum = 0;
	size_t done = 0;

	while (done < length) {
		size_t n;
		const uint8_t *at = lso_cursor_take(c, length - done, &n);

		if (n == 0)
			break;
		sum = add_piece(sum, done, engine->copy_sum(to + done, at, n));
		done += n;
	}
	return fold32(sum);
}

uint32_t lso_refer_scattered(const struct engine *engine, struct cursor *c, size_t length,
			     struct iovec *iov, uint32_t max, int *filled)
{
	struct cursor look = *c;
	uint32_t used = 0;
	uint64_t sum = 0;
	size_t done = 0;

	while (done < length) {
		size_t n;
		const uint8_t *at = lso_cursor_take(&look, length - done, &n);

		if (n == 0)
			break;
		if (used == max) {
			*filled = -1;
			return 0;
		}
		iov[used].iov_base = (uint8_t *)(uintptr_t)at;
		iov[used++].iov_len = n;
		sum = add_piece(sum, done, engine->sum(at, n));
		done += n;
	}
	*c = look;
	*filled = (int)used;
	return fold32(sum);
}
