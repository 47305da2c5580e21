/* SPDX-License-Identifier: MIT */
/*
 * The public calls that cut a super-packet.
 */
#include <netinet/in.h>

#include "bytes.h"
#include "private.h"

#define FETCH_AHEAD 768 /* bytes; measured */

static struct segmenter *inside(struct lso_segmenter *s)
{
	return (struct segmenter *)s;
}

static const struct segmenter *inside_const(const struct lso_segmenter *s)
{
	return (const struct segmenter *)s;
}

/*
 * fetch_ahead() - the packet from byte @at on, while its headers are looked at: the processor's own
 * prefetcher only begins once a few lines have been waited for. In several parts, because what more
 * lines are asked for than it can wait for at a time are forgotten.
 */
static inline void fetch_ahead(const uint8_t *packet, size_t length, size_t at)
{
	if (length < at + FETCH_AHEAD)
		return;
	for (size_t end = at + FETCH_AHEAD; at < end; at += 64)
		__builtin_prefetch(packet + at);
}

/* begin_here() - from the layout on, when all headers lie in the first fragment */
static inline enum lso_status begin_here(struct segmenter *s, const struct iovec *iov, int count,
					 const struct lso_layout *layout,
					 const struct lso_options *options)
{
	const uint8_t *packet = iov[0].iov_base;
	size_t length = iov[0].iov_len;
	enum lso_status status;

	fetch_ahead(packet, length, FETCH_AHEAD);
	s->cursor = (struct cursor){
		.at = packet + layout->payload_offset,
		.left = length - layout->payload_offset,
		.iov = iov + 1,
		.count = count - 1,
	};
	status = lso_make_template(s, packet, length, layout,
				   (count > 1 ? lso_iov_length(iov, count) : length) -
					   layout->payload_offset,
				   options);
	fetch_ahead(packet, length, 2 * FETCH_AHEAD);
	return status;
}

/*
 * begin_gathered() - lso_begin() of a packet whose headers are not all in its first fragment, or
 * are not those of its segments
 */
static enum lso_status begin_gathered(struct segmenter *s, const struct iovec *iov, int count,
				      const struct lso_options *options)
{
	uint8_t gathered[LSO_MAX_HEADERS];
	size_t readable = lso_iov_read(iov, count, gathered, sizeof(gathered));
	struct lso_layout layout;
	enum lso_status status = lso_parse_bytes(gathered, readable, &layout);
	size_t removed = 0;
	size_t headers;

	if (status == LSO_JUMBOGRAM)
		removed = lso_remove_jumbo(gathered, readable, &layout);
	if (removed)
		status = lso_parse_bytes(gathered, readable - removed, &layout);
	if (status)
		return status;
	headers = layout.payload_offset + removed;
	s->cursor = lso_iov_seek(iov, count, headers);
	return lso_make_template(s, gathered, readable - removed, &layout,
				 lso_iov_length(iov, count) - headers, options);
}

/*
 * is_possible() - can a layout be that of some packet? All that is read and written by it then lies
 * within its headers, and these within the template, whatever the packet's bytes are.
 */
static inline bool is_possible(const struct lso_layout *layout)
{
	bool tcp = layout->l4_protocol == IPPROTO_TCP;
	unsigned int link = layout->l2_type == LSO_L2_LLC_SNAP ? 14 + 8 : 14;
	unsigned int ip = layout->ip_version == 4 ? 20 : 40;
	unsigned int transport = tcp ? 20 : 8;

	return (layout->ip_version == 4 || layout->ip_version == 6) &&
	       (tcp || layout->l4_protocol == IPPROTO_UDP) && layout->l3_offset >= link &&
	       layout->l4_offset >= layout->l3_offset + ip &&
	       layout->payload_offset >= layout->l4_offset + transport &&
	       layout->payload_offset <= LSO_MAX_HEADERS &&
	       (layout->l4_offset - layout->l3_offset) % 4 == 0 &&
	       (layout->payload_offset - layout->l4_offset) % 4 == 0 &&
	       layout->final_destination + (layout->ip_version == 4 ? 4 : 16) <= layout->l4_offset;
}

/* begin_known() - lso_begin() of a packet whose layout the caller has */
static enum lso_status begin_known(struct segmenter *s, const struct iovec *iov, int count,
				   const struct lso_options *options)
{
	const struct lso_layout layout = *options->layout;
	uint8_t gathered[LSO_MAX_HEADERS];

	if (!is_possible(&layout))
		return LSO_BAD_LAYOUT;
	if (count > 0 && iov[0].iov_len >= layout.payload_offset) {
		fetch_ahead(iov[0].iov_base, iov[0].iov_len, 0);
		return begin_here(s, iov, count, &layout, options);
	}
	if (lso_iov_read(iov, count, gathered, layout.payload_offset) < layout.payload_offset)
		return LSO_TRUNCATED;
	s->cursor = lso_iov_seek(iov, count, layout.payload_offset);
	return lso_make_template(s, gathered, layout.payload_offset, &layout,
				 lso_iov_length(iov, count) - layout.payload_offset, options);
}

enum lso_status lso_begin(struct lso_segmenter *segmenter, const struct iovec *iov, int count,
			  const struct lso_options *options)
{
	struct segmenter *s = inside(segmenter);
	struct lso_layout layout;
	enum lso_status status;

	s->engine = lso_engine_find(options->path);
	if (!s->engine)
		return LSO_NO_PATH;
	if (options->layout)
		return begin_known(s, iov, count, options);
	if (count <= 0 || iov[0].iov_len < 14)
		return begin_gathered(s, iov, count, options);
	fetch_ahead(iov[0].iov_base, iov[0].iov_len, 0);
	status = lso_parse_bytes(iov[0].iov_base, iov[0].iov_len, &layout);
	if (status == LSO_TRUNCATED || status == LSO_JUMBOGRAM)
		return begin_gathered(s, iov, count, options);
	return status ? status : begin_here(s, iov, count, &layout, options);
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
	return (size_t)s->header + (s->segments == 1 ? s->last_payload : s->mss);
}

/* wrap_frames() - put the outer headers of a tunnel right in @n frames just written */
static __attribute__((noinline)) void wrap_frames(const struct segmenter *s,
						  const struct iovec *frames, uint32_t n)
{
	for (uint32_t k = 0; k < n; k++) {
		uint8_t *frame = frames[k].iov_base;
		const struct iovec payload = { frame + s->header, frames[k].iov_len - s->header };

		lso_put_outers(s, frame, s->next - n + k, &payload, 1);
	}
}

/* wrap_headers() - the same for segments that refer to their payload */
static __attribute__((noinline)) void wrap_headers(const struct segmenter *s,
						   const struct iovec *iov, const uint16_t *counts,
						   uint32_t n)
{
	for (uint32_t k = 0; k < n; k++) {
		lso_put_outers(s, iov[0].iov_base, s->next - n + k, iov + 1, counts[k] - 1);
		iov += counts[k];
	}
}

static inline uint32_t next_frames(struct segmenter *s, uint8_t *slab, size_t stride,
				   struct iovec *frames, uint32_t max)
{
	uint32_t n = s->engine->next_frames(s, slab, stride, frames, max);

	if (s->outers)
		wrap_frames(s, frames, n);
	return n;
}

static inline uint32_t next_iovs(struct segmenter *s, uint8_t *headers, size_t stride,
				 struct iovec *iov, uint32_t max_iov, uint16_t *counts,
				 uint32_t max)
{
	uint32_t n = s->engine->next_iovs(s, headers, stride, iov, max_iov, counts, max);

	if (s->outers)
		wrap_headers(s, iov, counts, n);
	return n;
}

size_t lso_next(struct lso_segmenter *s, uint8_t *frame)
{
	struct iovec written = { .iov_base = frame };

	return next_frames(inside(s), NULL, 0, &written, 1) == 0 ? 0 : written.iov_len;
}

uint32_t lso_next_frames(struct lso_segmenter *s, struct iovec *frames, uint32_t max)
{
	return next_frames(inside(s), NULL, 0, frames, max);
}

uint32_t lso_next_slab(struct lso_segmenter *s, uint8_t *slab, size_t stride, struct iovec *frames,
		       uint32_t max)
{
	return next_frames(inside(s), slab, stride, frames, max);
}

int lso_next_iov(struct lso_segmenter *segmenter, uint8_t *header, struct iovec *iov, int max)
{
	struct segmenter *s = inside(segmenter);
	uint16_t count;

	if (s->next == s->segments)
		return 0;
	if (max < 2 || next_iovs(s, header, 0, iov, (uint32_t)max, &count, 1) == 0)
		return -1;
	return count;
}

uint32_t lso_next_iovs(struct lso_segmenter *s, uint8_t *headers, size_t stride, struct iovec *iov,
		       uint32_t max_iov, uint16_t *counts, uint32_t max)
{
	return next_iovs(inside(s), headers, stride, iov, max_iov, counts, max);
}
