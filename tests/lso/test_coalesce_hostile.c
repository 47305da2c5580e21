/* SPDX-License-Identifier: MIT */
/*
 * Frames that lie, end too early or are noise, into a coalescer: nothing is read behind a frame,
 * nothing written behind the coalescer's memory, nothing lost, and what is exact is cut to what
 * came in (catcher.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "catcher.h"
#include "guard.h"
#include "segs.h"
#include "stage/random.h"

#define ALL    15    /* protocols */
#define LONG   66000 /* above the largest IP packet */
#define ROUNDS 20000

static struct lso_coalesce_options any_options(struct random *r, bool copy)
{
	bool rsc = random_below(r, 2);

	return (struct lso_coalesce_options){
		.rules = rsc ? LSO_RULES_RSC : LSO_RULES_LINUX,
		.unit_sum = (enum lso_unit_sum)random_below(r, 3),
		.protocols = ALL,
		.flows = random_between(r, 1, 4),
		.max_frames = random_between(r, 1, 8),
		.max_length = random_between(r, 40, 65535),
		.copy = copy,
		.updates = rsc && random_below(r, 2),
	};
}

/* hostile() - Return: its length */
static size_t hostile(struct random *r, uint8_t *to)
{
	static uint32_t sequence;
	struct seg s = seg_usual(random_below(r, 2) ? 4 : 6, random_below(r, 2));
	size_t n;

	s.sequence = sequence += 100;
	s.tag = random_one_in(r, 8) ? 5 : 0;
	if (random_one_in(r, 3))
		seg_stamp(&s, 1, 1);
	n = seg_make(&s, to);
	if (random_one_in(r, 10)) {
		n = random_below(r, 200);
		random_fill(r, to, n);
	}
	for (uint32_t k = random_below(r, 4); k && n; k--)
		to[random_below(r, n < 80 ? (uint32_t)n : 80)] = (uint8_t)random_next(r);
	return random_one_in(r, 3) ? random_below(r, (uint32_t)n + 1) : n;
}

static void count(void *context, const struct lso_unit *unit)
{
	uint64_t *out = context;
	volatile uint8_t last = 0;

	*out += unit->frames;
	for (int i = 0; i < unit->count; i++)
		if (unit->iov[i].iov_len)
			last = ((const uint8_t *)unit->iov[i].iov_base)[unit->iov[i].iov_len - 1];
	(void)last;
}

static void nothing_outside_is_touched(void **state)
{
	struct guard in = guard_make(SEG_MAX);
	static uint8_t made[SEG_MAX];
	struct random r = { 1 };

	(void)state;
	for (int i = 0; i < 200; i++) {
		struct lso_coalesce_options options = any_options(&r, true);
		struct lso_coalescer *c;
		struct guard memory;
		uint64_t out = 0;
		size_t size;

		options.size = sizeof(options);
		options.emit = count;
		options.context = &out;
		size = lso_coalesce_size(&options);
		memory = guard_make(size);
		assert_int_equal(lso_coalesce_begin(&c, guard_end(&memory, size), size, &options),
				 0);
		for (int k = 0; k < ROUNDS / 200; k++) {
			size_t n = hostile(&r, made);
			uint8_t *frame = guard_end(&in, n);
			size_t split = random_one_in(&r, 2) ? random_below(&r, (uint32_t)n + 1) : n;
			struct iovec iov[2] = { { frame, split }, { frame + split, n - split } };

			memcpy(frame, made, n);
			lso_coalesce_frame(c, iov, split < n ? 2 : 1,
					   (enum lso_frame_sum)random_below(&r, 4), NULL);
		}
		lso_coalesce_flush(c, UINT32_MAX);
		assert_int_equal(out, ROUNDS / 200);
		guard_free(&memory);
	}
	guard_free(&in);
}

static void nothing_is_lost(void **state)
{
	static uint8_t made[SEG_MAX];
	struct random r = { 2 };

	(void)state;
	for (int i = 0; i < 100; i++) {
		struct lso_coalesce_options options = any_options(&r, false);
		struct catcher k;

		catcher_make(&k, &options, ROUNDS / 100);
		for (int n = 0; n < ROUNDS / 100; n++) {
			size_t length = hostile(&r, made);

			catcher_frame(&k, made, length, random_below(&r, 2) * random_below(&r, 120),
				      LSO_FRAME_VERIFY);
		}
		lso_coalesce_flush(k.c, UINT32_MAX);
		assert_int_equal(k.in, k.out);
		catcher_free(&k);
	}
}

static void no_frame_and_too_much_of_one(void **state)
{
	const struct lso_coalesce_options options = { .flows = 1 };
	uint8_t *frame = calloc(1, LONG);
	struct seg s = seg_usual(4, false);
	struct iovec iov = { frame, LONG };
	struct catcher k;

	(void)state;
	assert_non_null(frame);
	catcher_make(&k, &options, 10);
	catcher_frame(&k, frame, 0, 0, LSO_FRAME_VERIFY);
	assert_int_equal(k.unit.end, LSO_END_HEADERS);
	seg_make(&s, frame);
	catcher_frame(&k, frame, LONG, 0, LSO_FRAME_VERIFY);
	assert_int_equal(k.unit.end, LSO_END_IP_LENGTH);
	catcher_frame(&k, frame, LONG, 0, LSO_FRAME_TRUSTED);
	assert_int_equal(k.unit.end, LSO_END_IP_LENGTH);
	lso_coalesce_frame(k.c, &iov, 0, LSO_FRAME_VERIFY, (void *)1);
	assert_int_equal(k.unit.end, LSO_END_HEADERS);
	assert_int_equal(k.units, 4);
	free(frame);
	catcher_free(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_outside_is_touched),
		cmocka_unit_test(nothing_is_lost),
		cmocka_unit_test(no_frame_and_too_much_of_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
