/* SPDX-License-Identifier: MIT */
/*
 * The loops over segments. Each code path includes this file after it has defined
 *
 *   PATH_ENGINE, PATH_ID   the name of its struct engine, its enum lso_path
 *   PATH_TARGET            the function attribute that allows its instructions
 *   sum_short, copy_short  struct engine's sum and copy_sum, for up to 65536 bytes
 *   sum_long, copy_long    if there are any, others, which are better for
 *   PATH_LONG              so many bytes or more
 *   copy_header            copy headers, 42 bytes or more, exactly; the source is aligned to 64
 *   copy_header_wide       the same, but up to 63 bytes more may be written
 *
 * so that all of it is compiled together for its instruction set.
 *
 * Nearly all segments are middle ones whose payload lies in one fragment: a run of these has loops
 * of its own, made once for each kind of packet. Of the others nearly all lie in two. The bytes
 * that they write might be the segmenter's, for all the compiler knows, so they take it apart into
 * locals first.
 */
#ifndef LSO_RUN_H
#define LSO_RUN_H

#include "fields.h"

#define BLOCK 65536u

#define RUN   PATH_TARGET static inline __attribute__((always_inline))

#ifndef PATH_LONG
#define PATH_LONG SIZE_MAX
#define sum_long  sum_short
#define copy_long copy_short
#endif

/* is_long() - is the long way to sum or copy so many bytes better than the short? */
static inline bool is_long(size_t length)
{
	return length >= PATH_LONG;
}

static inline void put_iov(struct iovec *iov, const uint8_t *base, size_t length)
{
	iov->iov_base = (uint8_t *)(uintptr_t)base;
	iov->iov_len = length;
}

/* advance() - go on behind @n bytes of the cursor's fragment */
static inline void advance(struct cursor *c, size_t n)
{
	c->at += n;
	c->left -= n;
}

/* to_wrap() - how many segments from the next on have IDs that count up */
static inline uint32_t to_wrap(const struct segmenter *s)
{
	if (!s->ipv4 || !s->id_mask)
		return UINT32_MAX;
	return s->id_mask - ((s->id + s->next) & s->id_mask) + 1u;
}

/* run_length() - how many of the next @max segments a run can take; 0: take one by itself */
static inline uint32_t run_length(const struct segmenter *s, uint32_t max)
{
	uint32_t middle = s->segments - 1 - s->next;
	size_t here;

	if (!lso_is_middle(s, s->next) || s->cursor.left < s->mss)
		return 0;
	max = max < middle ? max : middle;
	max = max < to_wrap(s) ? max : to_wrap(s);
	if (s->cursor.left >= (size_t)max * s->mss)
		return max;
	if (s->cursor.left < 2 * (size_t)s->mss) /* not worth a run */
		return 0;
	here = s->cursor.left / s->mss;
	return (uint32_t)here;
}

/*
 * takes_last() - can a run of the next @n segments, all but the last, take that one with it?
 *
 * Only where segments are long: with short ones it gains nothing.
 */
static inline bool takes_last(const struct segmenter *s, uint32_t n, uint32_t max)
{
	return is_long(s->mss) && n < max && s->next + n + 1 == s->segments &&
	       s->last_payload >= 64 && n < to_wrap(s) &&
	       s->cursor.left >= (size_t)n * s->mss + s->last_payload;
}

/* run_done() - go on behind @n segments, the last of the packet with them if @last */
static inline void run_done(struct segmenter *s, uint32_t n, bool last)
{
	s->next += n + last;
	advance(&s->cursor, (size_t)n * s->mss + (last ? s->last_payload : 0));
}

/*
 * take_two() - the cursor's next @length bytes, when they are the rest of this fragment and the
 * beginning of the next
 * @length: more than this fragment has left
 */
static inline bool take_two(struct cursor *c, size_t length, struct iovec two[2])
{
	const uint8_t *next;

	if (c->left == 0 || c->count <= 0 || c->iov->iov_len < length - c->left)
		return false;
	next = c->iov->iov_base;
	put_iov(&two[0], c->at, c->left);
	put_iov(&two[1], next, length - c->left);
	c->at = next + two[1].iov_len;
	c->left = c->iov->iov_len - two[1].iov_len;
	c->iov++;
	c->count--;
	return true;
}

PATH_TARGET static inline uint32_t sum_block(const uint8_t *p, size_t length)
{
	return is_long(length) ? sum_long(p, length) : sum_short(p, length);
}

PATH_TARGET static inline uint32_t copy_block(uint8_t *to, const uint8_t *p, size_t length)
{
	return is_long(length) ? copy_long(to, p, length) : copy_short(to, p, length);
}

/* put_header() - copy_header() where it is rare */
PATH_TARGET static __attribute__((noinline)) void put_header(uint8_t *to, const uint8_t *from,
							     size_t length)
{
	copy_header(to, from, length);
}

PATH_TARGET static __attribute__((noinline)) uint32_t path_sum(const uint8_t *p, size_t length)
{
	uint64_t sum = 0;

	for (; length > BLOCK; p += BLOCK, length -= BLOCK)
		sum += sum_block(p, BLOCK);
	return fold32(sum + sum_block(p, length));
}

PATH_TARGET static __attribute__((noinline)) uint32_t path_copy_sum(uint8_t *to, const uint8_t *p,
								    size_t length)
{
	uint64_t sum = 0;

	for (; length > BLOCK; p += BLOCK, to += BLOCK, length -= BLOCK)
		sum += copy_block(to, p, BLOCK);
	return fold32(sum + copy_block(to, p, length));
}

/* Which of the path's ways suits the MSS. A loop has only one: more would cost registers. */
enum size { TINY, SHORT, LONG };

/* run_last() - the last segment behind a run: see takes_last() */
RUN void run_last(const struct segmenter *s, const struct counted *middle, const uint8_t *from,
		  uint8_t *frame, struct iovec *written)
{
	const struct variant v = lso_last(s);
	const struct counted c = lso_counted_as(*middle, &v);
	uint32_t sum;

	copy_header_wide(frame, s->template, s->header);
	lso_put_variant(s, frame, &v);
	sum = copy_long(frame + s->header, from, v.payload);
	lso_put_counted(&c, frame + s->l3, frame + s->l4, s->segments - 1, sum);
	put_iov(written, frame, (size_t)s->header + v.payload);
}

RUN void run_frames(const struct segmenter *s, bool ipv4, bool tcp, enum size size, uint8_t *slab,
		    size_t stride, struct iovec *frames, uint32_t n, bool last)
{
	const struct counted c = lso_counted_of(s, &s->middle, ipv4, tcp);
	const uint8_t *template = s->template;
	const uint8_t *from = s->cursor.at;
	const size_t header = s->header;
	const size_t l3 = s->l3;
	const size_t l4 = s->l4;
	uint32_t i = s->next;

	for (n += i; i < n; i++) {
		uint8_t *frame = slab ? slab : frames->iov_base;
		uint32_t sum;

		if (size == TINY) { /* no payload that would overwrite what is too much */
			put_header(frame, template, header);
			sum = path_copy_sum(frame + header, from, c.mss);
		} else {
			copy_header_wide(frame, template, header);
			if (size == LONG)
				sum = copy_long(frame + header, from, c.mss);
			else
				sum = copy_short(frame + header, from, c.mss);
		}
		lso_put_counted(&c, frame + l3, frame + l4, i, sum);
		put_iov(frames++, frame, header + c.mss);
		from += c.mss;
		/* by number: in the other form of the call slab is NULL, and may not be added to */
		slab = (uint8_t *)((uintptr_t)slab + stride);
	}
	if (size == LONG && last)
		run_last(s, &c, from, slab ? slab : frames->iov_base, frames);
}

RUN void run_iovs(const struct segmenter *s, bool ipv4, bool tcp, enum size size, uint8_t *headers,
		  size_t stride, struct iovec *iov, uint16_t *counts, uint32_t n)
{
	const struct counted c = lso_counted_of(s, &s->middle, ipv4, tcp);
	const uint8_t *template = s->template;
	const uint8_t *from = s->cursor.at;
	const size_t header = s->header;
	const size_t l3 = s->l3;
	const size_t l4 = s->l4;
	uint32_t i = s->next;

	for (n += i; i < n; i++) {
		uint32_t sum = size == LONG ? sum_long(from, c.mss) : sum_short(from, c.mss);

		copy_header(headers, template, header);
		lso_put_counted(&c, headers + l3, headers + l4, i, sum);
		put_iov(&iov[0], headers, header);
		put_iov(&iov[1], from, c.mss);
		*counts++ = 2;
		from += c.mss;
		headers += stride;
		iov += 2;
	}
}

/*
 * One function for each kind of packet: with the kind a constant, and by themselves, they leave the
 * compiler enough registers.
 */
#define RUN_OF_KIND(kind, ipv4, tcp)                                                           \
	PATH_TARGET static __attribute__((noinline)) void run_frames_##kind(                   \
		const struct segmenter *s, uint8_t *slab, size_t stride, struct iovec *frames, \
		uint32_t n, bool last)                                                         \
	{                                                                                      \
		if (s->mss < 64)                                                               \
			run_frames(s, ipv4, tcp, TINY, slab, stride, frames, n, false);        \
		else if (!is_long(s->mss))                                                     \
			run_frames(s, ipv4, tcp, SHORT, slab, stride, frames, n, false);       \
		else                                                                           \
			run_frames(s, ipv4, tcp, LONG, slab, stride, frames, n, last);         \
	}                                                                                      \
	PATH_TARGET static __attribute__((noinline)) void run_iovs_##kind(                     \
		const struct segmenter *s, uint8_t *headers, size_t stride, struct iovec *iov, \
		uint16_t *counts, uint32_t n)                                                  \
	{                                                                                      \
		if (!is_long(s->mss))                                                          \
			run_iovs(s, ipv4, tcp, SHORT, headers, stride, iov, counts, n);        \
		else                                                                           \
			run_iovs(s, ipv4, tcp, LONG, headers, stride, iov, counts, n);         \
	}

RUN_OF_KIND(tcp4, true, true)
RUN_OF_KIND(tcp6, false, true)
RUN_OF_KIND(udp4, true, false)
RUN_OF_KIND(udp6, false, false)

static void (*const run_frames_of[2][2])(const struct segmenter *s, uint8_t *slab, size_t stride,
					 struct iovec *frames, uint32_t n, bool last) = {
	{ run_frames_udp6, run_frames_tcp6 },
	{ run_frames_udp4, run_frames_tcp4 },
};

static void (*const run_iovs_of[2][2])(const struct segmenter *s, uint8_t *headers, size_t stride,
				       struct iovec *iov, uint16_t *counts, uint32_t n) = {
	{ run_iovs_udp6, run_iovs_tcp6 },
	{ run_iovs_udp4, run_iovs_tcp4 },
};

PATH_TARGET static void one_frame(struct segmenter *s, struct iovec *written, uint8_t *frame)
{
	uint8_t *payload = frame + s->header;
	struct iovec two[2];
	struct variant edge;
	const struct variant *v = lso_variant_at(s, s->next, &edge);
	const struct counted c = lso_counted_of(s, v, s->ipv4, s->tcp);
	uint32_t sum;

	put_iov(written, frame, (size_t)s->header + v->payload);
	put_header(frame, s->template, s->header);
	if (v == &edge)
		lso_put_variant(s, frame, v);
	if (s->cursor.left >= v->payload) {
		sum = path_copy_sum(payload, s->cursor.at, v->payload);
		advance(&s->cursor, v->payload);
	} else if (take_two(&s->cursor, v->payload, two)) {
		sum = path_copy_sum(payload, two[0].iov_base, two[0].iov_len);
		payload += two[0].iov_len;
		sum = fold32(add_piece(sum, two[0].iov_len,
				       path_copy_sum(payload, two[1].iov_base, two[1].iov_len)));
	} else {
		sum = lso_copy_scattered(s->engine, payload, &s->cursor, v->payload);
	}
	lso_put_counted(&c, frame + s->l3, frame + s->l4, s->next++, sum);
}

PATH_TARGET static uint32_t path_next_frames(struct segmenter *s, uint8_t *slab, size_t stride,
					     struct iovec *frames, uint32_t max)
{
	uint32_t left = s->segments - s->next;
	uint32_t n = left < max ? left : max;
	uint32_t k = 0;

	while (k < n) {
		uint32_t run = run_length(s, n - k);
		bool last = run && takes_last(s, run, n - k);

		if (run == 0) {
			one_frame(s, &frames[k], slab ? slab + k * stride : frames[k].iov_base);
			k++;
			continue;
		}
		run_frames_of[s->ipv4][s->tcp](s, slab ? slab + k * stride : NULL,
					       slab ? stride : 0, frames + k, run, last);
		run_done(s, run, last);
		k += run + last;
	}
	return n;
}

/* one_iov() - Return: entries of @iov filled, or 0 when @max_iov are too few */
PATH_TARGET static uint32_t one_iov(struct segmenter *s, uint8_t *header, struct iovec *iov,
				    uint32_t max_iov)
{
	struct variant edge;
	const struct variant *v = lso_variant_at(s, s->next, &edge);
	const struct counted c = lso_counted_of(s, v, s->ipv4, s->tcp);
	struct iovec two[2];
	int filled = 1;
	uint32_t sum;

	if (max_iov < 2)
		return 0;
	if (s->cursor.left >= v->payload) {
		put_iov(&iov[1], s->cursor.at, v->payload);
		sum = path_sum(s->cursor.at, v->payload);
		advance(&s->cursor, v->payload);
	} else if (max_iov > 2 && take_two(&s->cursor, v->payload, two)) {
		put_iov(&iov[1], two[0].iov_base, two[0].iov_len);
		put_iov(&iov[2], two[1].iov_base, two[1].iov_len);
		sum = path_sum(two[0].iov_base, two[0].iov_len);
		sum = fold32(
			add_piece(sum, two[0].iov_len, path_sum(two[1].iov_base, two[1].iov_len)));
		filled = 2;
	} else {
		sum = lso_refer_scattered(s->engine, &s->cursor, v->payload, iov + 1, max_iov - 1,
					  &filled);
		if (filled < 0)
			return 0;
	}
	put_iov(&iov[0], header, s->header);
	put_header(header, s->template, s->header);
	if (v == &edge)
		lso_put_variant(s, header, v);
	lso_put_counted(&c, header + s->l3, header + s->l4, s->next++, sum);
	return 1 + (uint32_t)filled;
}

PATH_TARGET static uint32_t path_next_iovs(struct segmenter *s, uint8_t *headers, size_t stride,
					   struct iovec *iov, uint32_t max_iov, uint16_t *counts,
					   uint32_t max)
{
	uint32_t left = s->segments - s->next;
	uint32_t n = left < max ? left : max;
	uint32_t k = 0;

	while (k < n) {
		uint32_t room = n - k < max_iov / 2 ? n - k : max_iov / 2;
		uint32_t run = run_length(s, room);
		uint32_t used = 2 * run;

		if (run == 0) {
			used = one_iov(s, headers, iov, max_iov);
			if (used == 0)
				return k;
			counts[k] = (uint16_t)used;
			run = 1;
		} else {
			run_iovs_of[s->ipv4][s->tcp](s, headers, stride, iov, counts + k, run);
			run_done(s, run, false);
		}
		k += run;
		headers += run * stride;
		iov += used;
		max_iov -= used;
	}
	return n;
}

#include "coalesce_quick.h"

const struct engine PATH_ENGINE = {
	.path = PATH_ID,
	.sum = path_sum,
	.copy_sum = path_copy_sum,
	.next_frames = path_next_frames,
	.next_iovs = path_next_iovs,
	.coalesce = path_coalesce,
};

#endif
