/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rules.h"

#define PACKET_MAX (65535 + LSO_MAX_HEADERS)

static uint32_t number_of(const void *cookie)
{
	return (uint32_t)(uintptr_t)cookie - 1;
}

/* cut_again() - the law */
static void cut_again(struct catcher *k, const struct lso_unit *unit)
{
	struct lso_options cut = unit->cut;
	struct lso_segmenter s;
	uint8_t *frame = malloc(PACKET_MAX);

	cut.layout = &unit->layout;
	assert_non_null(frame);
	assert_int_equal(lso_begin(&s, unit->iov, unit->count, &cut), LSO_OK);
	assert_int_equal(lso_segments(&s), unit->frames);
	for (uint32_t i = 0; i < unit->frames; i++) {
		uint32_t n = number_of(unit->cookies[i]);
		size_t length = lso_next(&s, frame);

		assert_int_equal(length, k->lengths[n]);
		assert_memory_equal(frame, k->frames[n], length);
	}
	free(frame);
}

/* right_sums() - of a unit of several, as they were asked for */
static void right_sums(const struct catcher *k, const struct lso_unit *unit)
{
	struct iovec iov = { k->packet, unit->length };
	const uint8_t *l4 = k->packet + unit->layout.l4_offset;
	bool tcp = unit->layout.l4_protocol == 6;
	uint16_t offset = tcp ? 16 : 6;
	uint8_t *copy;

	assert_int_equal(unit->partial,
			 k->unit_sum == LSO_UNIT_SUM_SEED && unit->sum == LSO_SUM_GOOD);
	if (k->unit_sum == LSO_UNIT_SUM_ZERO) {
		assert_memory_equal(l4 + offset, "\0\0", 2);
		if (unit->layout.ip_version == 4)
			assert_memory_equal(k->packet + unit->layout.l3_offset + 10, "\0\0", 2);
		return;
	}
	copy = malloc(unit->length);
	assert_non_null(copy);
	memcpy(copy, k->packet, unit->length);
	iov.iov_base = copy;
	if (unit->partial)
		assert_true(lso_fill_partial(&iov, 1, unit->layout.l4_offset, offset));
	assert_int_equal(lso_verify(copy, unit->length).l4, unit->sum);
	assert_true(lso_verify(copy, unit->length).ipv4 != LSO_SUM_BAD);
	free(copy);
}

static void gather(struct catcher *k, const struct lso_unit *unit)
{
	size_t length = 0;

	for (int i = 0; i < unit->count; i++) {
		assert_true(length + unit->iov[i].iov_len <= PACKET_MAX);
		memcpy(k->packet + length, unit->iov[i].iov_base, unit->iov[i].iov_len);
		length += unit->iov[i].iov_len;
	}
	assert_int_equal(length, unit->length);
}

static void caught(void *context, const struct lso_unit *unit)
{
	struct catcher *k = context;
	size_t used = strlen(k->log);

	k->unit = *unit;
	gather(k, unit);
	assert_true(unit->frames >= 1);
	assert_int_equal(unit->gso != LSO_GSO_NONE, unit->segments > 1);
	if (unit->exact && unit->frames == 1) {
		uint32_t n = number_of(unit->cookies[0]);

		assert_int_equal(unit->length, k->lengths[n]);
		assert_memory_equal(k->packet, k->frames[n], unit->length);
	}
	if (unit->exact && unit->frames > 1 && !k->partial)
		cut_again(k, unit);
	if (unit->frames > 1)
		right_sums(k, unit);
	k->lossy += !unit->exact;
	k->out += unit->frames;
	k->units++;
	if (used + 64 < sizeof(k->log))
		sprintf(k->log + used, "%s%u %s", used ? " | " : "", unit->frames,
			lso_end_name(unit->end));
	if (k->note)
		k->note(k, unit);
}

void catcher_make(struct catcher *k, const struct lso_coalesce_options *options, uint32_t frames)
{
	struct lso_coalesce_options o = *options;
	size_t size;

	memset(k, 0, sizeof(*k));
	k->unit_sum = o.unit_sum;
	o.size = sizeof(o);
	o.emit = caught;
	o.context = k;
	size = lso_coalesce_size(&o);
	assert_true(size > 0);
	k->memory = aligned_alloc(64, size);
	assert_non_null(k->memory);
	memset(k->memory, 0xa5, size);
	k->room = frames;
	k->frames = calloc(frames, sizeof(*k->frames));
	k->lengths = calloc(frames, sizeof(*k->lengths));
	k->packet = malloc(PACKET_MAX);
	assert_true(k->frames && k->lengths && k->packet);
	assert_int_equal(lso_coalesce_begin(&k->c, k->memory, size, &o), LSO_OK);
}

void catcher_free(struct catcher *k)
{
	for (uint32_t i = 0; i < k->in; i++)
		free(k->frames[i]);
	free(k->frames);
	free(k->lengths);
	free(k->memory);
	free(k->packet);
}

void catcher_frame(struct catcher *k, const uint8_t *frame, size_t length, size_t split,
		   enum lso_frame_sum sum)
{
	uint8_t *copy = malloc(length ? length : 1);
	struct iovec iov[2];

	assert_true(copy && k->in < k->room);
	memcpy(copy, frame, length);
	k->frames[k->in] = copy;
	k->lengths[k->in] = length;
	k->in++;
	if (split > length)
		split = length;
	iov[0] = (struct iovec){ copy, split ? split : length };
	iov[1] = (struct iovec){ copy + split, length - split };
	lso_coalesce_frame(k->c, iov, split ? 2 : 1, sum, (void *)(uintptr_t)k->in);
}

void rule_run(struct catcher *k, const struct rule *rule, int version, bool udp, size_t split,
	      enum lso_frame_sum sum)
{
	static uint8_t frame[SEG_MAX];

	for (int i = 0; i < rule->frames; i++) {
		struct seg s = seg_usual(version, udp);

		s.sequence += 100 * (uint32_t)i;
		s.id = (uint16_t)(s.id + i);
		s.fill = (uint8_t)(11 * i);
		rule->change(&s, i);
		catcher_frame(k, frame, seg_make(&s, frame), split, sum);
	}
	lso_coalesce_flush(k->c, UINT32_MAX);
}
