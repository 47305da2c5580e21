/* SPDX-License-Identifier: MIT */
/*
 * The loops over segments. Each code path includes this file after it has defined
 *
 *   PATH_TARGET    the function attribute that allows its instructions
 *   path_sum       struct engine's sum
 *   path_copy_sum  struct engine's copy_sum
 *   path_copy      copy headers, 34 bytes or more, exactly; the source is aligned to 64 bytes
 *
 * so that all of it is compiled together for its instruction set. A segment costs its payload, one
 * copy of the template and four fields: what lso_make_template() prepared is not looked at again.
 */
#ifndef NETCX_SRC_LSO_RUN_H
#define NETCX_SRC_LSO_RUN_H

#include "fields.h"

static inline const struct variant *variant_of(const struct segmenter *s, uint32_t i)
{
	if (i + 1 == s->segments)
		return &s->variant[LAST];
	return &s->variant[i ? MIDDLE : FIRST];
}

PATH_TARGET static uint32_t path_next_frames(struct segmenter *s, uint8_t *slab, size_t stride,
					     struct iovec *frames, uint32_t max)
{
	uint32_t n = s->segments - s->next;

	if (n > max)
		n = max;
	for (uint32_t k = 0; k < n; k++) {
		const struct variant *v = variant_of(s, s->next);
		uint8_t *frame = slab ? slab + k * stride : frames[k].iov_base;
		uint8_t *payload = frame + s->header;
		uint32_t sum;

		frames[k].iov_base = frame;
		frames[k].iov_len = (size_t)s->header + v->payload;
		path_copy(frame, s->template, s->header);
		if (s->cursor.left >= v->payload) {
			sum = path_copy_sum(payload, s->cursor.at, v->payload);
			s->cursor.at += v->payload;
			s->cursor.left -= v->payload;
		} else {
			sum = lso_copy_scattered(s->engine, payload, &s->cursor, v->payload);
		}
		if (v != &s->variant[MIDDLE])
			lso_put_variant(s, frame, v);
		lso_put_counted(s, frame, v, s->next++, sum);
	}
	return n;
}

PATH_TARGET static uint32_t path_next_iovs(struct segmenter *s, uint8_t *headers, size_t stride,
					   struct iovec *iov, uint32_t max_iov, uint16_t *counts,
					   uint32_t max)
{
	uint32_t n = s->segments - s->next;

	if (n > max)
		n = max;
	for (uint32_t k = 0; k < n; k++) {
		const struct variant *v = variant_of(s, s->next);
		uint8_t *header = headers + k * stride;
		uint32_t sum;
		int filled = 1;

		if (max_iov < 2)
			return k;
		if (s->cursor.left >= v->payload) {
			iov[1].iov_base = (uint8_t *)(uintptr_t)s->cursor.at;
			iov[1].iov_len = v->payload;
			sum = path_sum(s->cursor.at, v->payload);
			s->cursor.at += v->payload;
			s->cursor.left -= v->payload;
		} else {
			sum = lso_refer_scattered(s->engine, &s->cursor, v->payload, iov + 1,
						  max_iov - 1, &filled);
			if (filled < 0)
				return k;
		}
		path_copy(header, s->template, s->header);
		if (v != &s->variant[MIDDLE])
			lso_put_variant(s, header, v);
		lso_put_counted(s, header, v, s->next++, sum);
		iov[0].iov_base = header;
		iov[0].iov_len = s->header;
		counts[k] = (uint16_t)(1 + filled);
		iov += 1 + filled;
		max_iov -= 1 + (uint32_t)filled;
	}
	return n;
}

#endif
