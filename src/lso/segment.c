/* SPDX-License-Identifier: MIT */
/*
 * The public calls that cut a super-packet.
 */
#include "bytes.h"
#include "private.h"

static struct segmenter *inside(struct lso_segmenter *s)
{
	return (struct segmenter *)s;
}

static const struct segmenter *inside_const(const struct lso_segmenter *s)
{
	return (const struct segmenter *)s;
}

enum lso_status lso_begin(struct lso_segmenter *segmenter, const struct iovec *iov, int count,
			  const struct lso_options *options)
{
	struct segmenter *s = inside(segmenter);
	uint8_t gathered[LSO_MAX_HEADERS];
	struct lso_layout layout;
	enum lso_status status;
	const uint8_t *header;
	size_t readable;

	s->engine = lso_engine_find(options->path);
	if (!s->engine)
		return LSO_NO_PATH;
	status = lso_parse(iov, count, &layout);
	if (status)
		return status;

	if (iov[0].iov_len >= layout.payload_offset) {
		header = iov[0].iov_base;
		readable = iov[0].iov_len;
		s->cursor.at = header + layout.payload_offset;
		s->cursor.left = readable - layout.payload_offset;
		s->cursor.iov = iov + 1;
		s->cursor.count = count - 1;
	} else {
		header = gathered;
		readable = lso_iov_read(iov, count, gathered, sizeof(gathered));
		s->cursor = lso_iov_seek(iov, count, layout.payload_offset);
	}
	return lso_make_template(s, header, readable, &layout,
				 lso_iov_length(iov, count) - layout.payload_offset, options);
}

uint32_t lso_segments(const struct lso_segmenter *s)
{
	return inside_const(s)->segments;
}

uint32_t lso_remaining(const struct lso_segmenter *s)
{
	return inside_const(s)->segments - inside_const(s)->next;
}

size_t lso_header_size(const struct lso_segmenter *s)
{
	return inside_const(s)->header;
}

size_t lso_frame_size(const struct lso_segmenter *segmenter)
{
	const struct segmenter *s = inside_const(segmenter);

	/* With one segment it is the last that is longest. */
	return (size_t)s->header + (s->segments == 1 ? s->variant[LAST].payload : s->mss);
}

size_t lso_next(struct lso_segmenter *s, uint8_t *frame)
{
	struct iovec written = { .iov_base = frame };

	if (inside(s)->engine->next_frames(inside(s), NULL, 0, &written, 1) == 0)
		return 0;
	return written.iov_len;
}

uint32_t lso_next_frames(struct lso_segmenter *s, struct iovec *frames, uint32_t max)
{
	return inside(s)->engine->next_frames(inside(s), NULL, 0, frames, max);
}

uint32_t lso_next_slab(struct lso_segmenter *s, uint8_t *slab, size_t stride, struct iovec *frames,
		       uint32_t max)
{
	return inside(s)->engine->next_frames(inside(s), slab, stride, frames, max);
}

int lso_next_iov(struct lso_segmenter *segmenter, uint8_t *header, struct iovec *iov, int max)
{
	struct segmenter *s = inside(segmenter);
	uint16_t count;

	if (s->next == s->segments)
		return 0;
	if (max < 2 || s->engine->next_iovs(s, header, 0, iov, (uint32_t)max, &count, 1) == 0)
		return -1;
	return count;
}

uint32_t lso_next_iovs(struct lso_segmenter *s, uint8_t *headers, size_t stride, struct iovec *iov,
		       uint32_t max_iov, uint16_t *counts, uint32_t max)
{
	return inside(s)->engine->next_iovs(inside(s), headers, stride, iov, max_iov, counts, max);
}
