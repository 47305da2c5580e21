/* SPDX-License-Identifier: MIT */
/*
 * A million frames: what comes out, cut again, is what went in, in each flow's order (catcher.h).
 * Half of them are the segments of super-packets, made by the tests' own segmenter and shuffled;
 * half are frames with something unusual here and there, of which a second model says what becomes.
 *
 * Usage: test_coalesce_round [FRAMES [SEED]]
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "catcher.h"
#include "model.h"
#include "reference.h"
#include "segs.h"

#define ALL     15 /* protocols */
#define SOURCES 12
#define BATCH   50000

static uint32_t frames = 1000000;
static uint64_t seed = 1;

/* A flow in the making: a super-packet and how far it has been cut. */
struct source {
	struct packet p;
	uint32_t next;
	uint32_t count;
};

/* make_source() - flags, options and headers that keep all frames alone are rare enough already */
static void make_source(struct source *s, struct random *r)
{
	static const struct packet_limits limits = { .max_payload = 9000, .max_segments = 40 };

	do {
		packet_make(&s->p, r, &limits);
	} while (s->p.snap || (s->p.ip_options && s->p.ip_version == 4));
	if (s->p.tcp) {
		s->p.bytes[s->p.l4 + 12] &= 0xf0;
		s->p.bytes[s->p.l4 + 13] &= 0x49; /* ECE, PSH, FIN */
		s->p.bytes[s->p.l4 + 13] |= 0x10;
	}
	s->next = 0;
	s->count = packet_segments(&s->p);
}

static void cut_source(struct catcher *k, struct source *s, uint8_t *frame)
{
	size_t n = reference_segment(&s->p, s->next++, frame);

	catcher_frame(k, frame, n, 0, LSO_FRAME_VERIFY);
}

/* shuffled() - about @count segments of super-packets, of several flows at a time */
static void shuffled(struct catcher *k, struct random *r, uint32_t count)
{
	static struct source sources[SOURCES];
	static uint8_t frame[SEG_MAX];

	for (int i = 0; i < SOURCES; i++) {
		if (!sources[i].p.bytes)
			sources[i].p.bytes = test_malloc(PACKET_MAX);
		sources[i].next = sources[i].count = 0;
	}
	while (k->in < count) {
		struct source *s = &sources[random_below(r, SOURCES)];

		if (s->next == s->count)
			make_source(s, r);
		for (uint32_t n = random_between(r, 1, 4); n && s->next < s->count; n--)
			cut_source(k, s, frame);
	}
	for (int i = 0; i < SOURCES; i++) {
		while (sources[i].next < sources[i].count)
			cut_source(k, &sources[i], frame);
		test_free(sources[i].p.bytes);
		sources[i].p.bytes = NULL;
	}
	lso_coalesce_flush(k->c, UINT32_MAX);
}

static struct lso_coalesce_options any_options(struct random *r)
{
	return (struct lso_coalesce_options){
		.rules = random_below(r, 2) ? LSO_RULES_RSC : LSO_RULES_LINUX,
		.unit_sum = (enum lso_unit_sum)random_below(r, 3),
		.protocols = ALL,
		.flows = random_between(r, 1, MODEL_FLOWS),
		.max_frames = random_one_in(r, 3) ? random_between(r, 2, 20) : 200,
		.max_length = random_one_in(r, 4) ? random_between(r, 300, 65535) : 65535,
		.hash_seed = random_next(r),
		.copy = random_below(r, 2),
		.ndis_ip_id = random_below(r, 2),
	};
}

static void segments_of_super_packets_come_together_and_apart(void **state)
{
	struct random r = { seed };
	uint32_t units = 0;
	uint32_t in = 0;

	(void)state;
	while (in < frames / 2) {
		struct lso_coalesce_options options = any_options(&r);
		struct catcher k;

		options.flows += SOURCES;
		catcher_make(&k, &options, BATCH + 1000);
		shuffled(&k, &r, frames / 2 - in < BATCH ? frames / 2 - in : BATCH);
		assert_int_equal(k.in, k.out);
		assert_int_equal(k.lossy, 0);
		in += k.in;
		units += k.units;
		catcher_free(&k);
	}
	print_message("%u frames, %u units\n", in, units);
	assert_true(in > units + units / 4); /* it has done something */
}

/* vary() - now and then something is unusual */
static void vary(struct random *r, struct seg *s)
{
	static const uint8_t extension[8] = { 0, 0, 1, 4 };

	switch (random_below(r, 34)) {
	case 0:
		s->flags ^= (uint16_t)(1u << random_below(r, 12));
		break;
	case 1:
		s->ack += random_between(r, 0, 2);
		break;
	case 2:
		s->window ^= 1;
		break;
	case 3:
		s->sequence += random_between(r, 0, 200) - 100;
		break;
	case 4:
		s->id = (uint16_t)(s->id + random_below(r, 4) - 1);
		break;
	case 5:
		s->ttl ^= 1;
		break;
	case 6:
		s->tos ^= 3;
		break;
	case 7:
		s->payload = random_below(r, (uint32_t)s->payload + 3);
		break;
	case 8:
		s->fragment ^= (uint16_t)(0x2000u << random_below(r, 3));
		break;
	case 9:
		s->sum_off = (uint16_t)random_next(r);
		break;
	case 10:
		s->ip_sum_off = (uint16_t)random_next(r);
		break;
	case 11:
		s->padding = random_below(r, 6);
		break;
	case 12:
		s->ip_options = true;
		break;
	case 13:
		s->extension = extension;
		break;
	case 14:
		s->urgent ^= 1;
		break;
	case 15:
		s->length_off = (int)random_below(r, 3) - 1;
		break;
	case 16:
		s->udp_length_off = (int)random_below(r, 3) - 1;
		break;
	case 17:
		s->no_sum = s->udp;
		break;
	case 18:
		seg_stamp(s, random_below(r, 2), 1);
		break;
	case 19:
		s->tag ^= 5;
		break;
	case 20:
		s->snap = random_one_in(r, 4);
		break;
	case 21:
		s->flags |= SEG_PSH;
		break;
	case 22:
		s->fragment = (uint16_t)(s->fragment + random_below(r, 2));
		break;
	case 23:
		s->flow_label ^= 1;
		break;
	default:
		break;
	}
}

/* usual() - a flow's first frame: a small choice, so that flows meet */
static struct seg usual(struct random *r, uint32_t i)
{
	struct seg s = seg_usual(i & 1 ? 4 : 6, i & 2);

	s.port = (uint16_t)(1000 + i / 4);
	s.source = (uint8_t)(1 + i % 3);
	s.payload =
		random_one_in(r, 20) ? random_between(r, 1000, 9000) : random_between(r, 1, 200);
	s.id = random_one_in(r, 3) ? 0x7ffa : (uint16_t)random_next(r);
	s.sequence = (uint32_t)random_next(r);
	if (random_one_in(r, 3))
		seg_stamp(&s, 1, 1);
	return s;
}

/* A flow that goes on, and what becomes of it by the model. */
struct conversation {
	struct model model;
	struct seg next[MODEL_FLOWS + 4];
	uint32_t wrong;
};

static struct conversation *talk; /* of the test that runs */

/* as_foretold() - a unit that came out against the model's */
static void as_foretold(struct catcher *k, const struct lso_unit *unit)
{
	const struct model_unit *m = model_next(&talk->model);

	assert_non_null(m);
	if (m->end != (int)unit->end || m->count != unit->frames)
		fail_msg("frame %u: %u frames, %s; the model says %u, %s", k->in, unit->frames,
			 lso_end_name(unit->end), m->count, lso_end_name((enum lso_end)m->end));
	for (uint32_t i = 0; i < m->count; i++)
		assert_int_equal(m->frames[i], (uint32_t)(uintptr_t)unit->cookies[i]);
}

/* one_frame() - or some; @split: in pieces, now and then. Each piece takes a frame's place. */
static void one_frame(struct catcher *k, struct random *r, uint8_t *frame, bool split)
{
	uint32_t i = random_below(r, MODEL_FLOWS + 4);
	struct seg *next = &talk->next[i];
	uint32_t ids = random_one_in(r, 4) ? 0 : 1;

	for (uint32_t n = random_between(r, 1, 6); n; n--) {
		struct seg s = *next;
		size_t length;

		vary(r, &s);
		s.fill = (uint8_t)random_next(r);
		length = seg_make(&s, frame);
		model_frame(&talk->model, frame, length, k->in + 1);
		catcher_frame(k, frame, length,
			      split && random_one_in(r, 4) ? random_below(r, 90) : 0,
			      LSO_FRAME_VERIFY);
		next->sequence = s.sequence + (uint32_t)s.payload;
		next->id = (uint16_t)(s.id + ids);
		if (ids && talk->model.ndis_id && (s.id & 0x7fff) == 0x7fff)
			next->id = s.id & 0x8000;
		if (random_one_in(r, 20))
			*next = usual(r, i);
	}
}

static void the_model_foretells_it(void **state)
{
	static uint8_t frame[SEG_MAX];
	struct random r = { seed + 1 };
	uint32_t in = 0;

	(void)state;
	talk = test_calloc(1, sizeof(*talk));
	while (in < frames / 2) {
		struct lso_coalesce_options options = any_options(&r);
		uint32_t batch = frames / 2 - in < BATCH / 10 ? frames / 2 - in : BATCH / 10;
		struct catcher k;

		memset(&talk->model, 0, sizeof(talk->model));
		talk->model.rsc = options.rules == LSO_RULES_RSC;
		talk->model.ndis_id = options.ndis_ip_id;
		talk->model.flows = options.flows;
		talk->model.max_frames = options.max_frames;
		talk->model.max_length = options.max_length;
		for (uint32_t i = 0; i < MODEL_FLOWS + 4; i++)
			talk->next[i] = usual(&r, i);
		catcher_make(&k, &options, batch + 10);
		k.note = as_foretold;
		while (k.in < batch) {
			one_frame(&k, &r, frame, options.copy || options.max_frames == 200);
			if (random_one_in(&r, 50)) {
				uint32_t n = random_below(&r, 4);

				model_flush(&talk->model, n);
				lso_coalesce_flush(k.c, n);
			}
		}
		model_flush(&talk->model, UINT32_MAX);
		lso_coalesce_flush(k.c, UINT32_MAX);
		assert_null(model_next(&talk->model));
		assert_int_equal(k.in, k.out);
		assert_int_equal(k.lossy, 0);
		in += k.in;
		catcher_free(&k);
	}
	test_free(talk);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(segments_of_super_packets_come_together_and_apart),
		cmocka_unit_test(the_model_foretells_it),
	};

	if (argc > 1)
		frames = (uint32_t)strtoul(argv[1], NULL, 0);
	if (argc > 2)
		seed = strtoull(argv[2], NULL, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
