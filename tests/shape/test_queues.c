/* SPDX-License-Identifier: MIT */
/* Several transmit queues on the real datapath: by flow, by priority, in one execution context. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cx/execution.h"
#include "driver.h"
#include "shape.h"
#include "stage/stage.h"
#include "tcp_packet.h"

#define FRAMES      200u
#define PATIENCE_MS 10000

static _Atomic unsigned finished_calls;

static void finished(void *context)
{
	finished_calls++;
}

static struct stage *stage_with(const struct tiny_settings *settings, unsigned edge_queues,
				bool finite)
{
	const struct dp_config config = { .tx_queues = 3, .finished = finished };
	struct stage *s = stage_new("tiny", TinyDriverEntry);

	tiny_settings = *settings;
	finished_calls = 0;
	stage_use_datapath(s, &config);
	s->edge->queues = edge_queues;
	s->edge->edge.finite = finite;
	stage_up(s);
	return s;
}

static void done(struct stage *s)
{
	stage_free(s);
	tiny_settings = (struct tiny_settings){ 0 };
}

static uint64_t sent_by(const struct stage *s, unsigned queue)
{
	struct dp_tx_counters counters;

	dp_tx_counters(s->dp, queue, &counters);
	return counters.packets;
}

static void each_queue_reads_its_own(void **state)
{
	struct stage *s = stage_with(&(struct tiny_settings){ .tx_queues = 8 }, 3, false);
	struct packet *p = malloc(sizeof(*p));
	struct dp_counters sums;
	struct dp_rings rings;

	dp_rings(s->dp, &rings);
	assert_int_equal(rings.tx_queues, 3); /* as many as the user allows */
	for (unsigned i = 0; i < FRAMES; i++) {
		build(p, i, 500 + i);
		memory_edge_put_queue(s->edge, i % 3, p->bytes, p->length, p->meta);
	}
	frame_store_await(&s->edge->out, FRAMES);
	for (unsigned i = 0; i < 3; i++)
		assert_in_range(sent_by(s, i), FRAMES / 3, FRAMES / 3 + 1);
	dp_counters(s->dp, &sums);
	assert_int_equal(sums.tx_packets, FRAMES);
	free(p);
	done(s);
}

static void a_stack_of_one_queue_feeds_the_first(void **state)
{
	struct stage *s = stage_with(&(struct tiny_settings){ .tx_queues = 2 }, 1, false);
	struct packet *p = malloc(sizeof(*p));

	for (unsigned i = 0; i < FRAMES; i++) {
		build(p, i, 500);
		memory_edge_put(s->edge, p->bytes, p->length, p->meta);
	}
	frame_store_await(&s->edge->out, FRAMES);
	assert_int_equal(sent_by(s, 0), FRAMES);
	assert_int_equal(sent_by(s, 1), 0);
	free(p);
	done(s);
}

/* A limit is met when no queue has LSO packets of that family any more. */
static void a_limit_holds_for_all_queues(void **state)
{
	struct stage *s = stage_with(&(struct tiny_settings){ .tx_queues = 3 }, 3, false);
	struct packet *p = malloc(sizeof(*p));

	for (unsigned i = 0; i < 30; i++) {
		build(p, i, 20 * MSS);
		memory_edge_put_queue(s->edge, i % 3, p->bytes, p->length, p->meta);
	}
	frame_store_await(&s->edge->out, 30);
	assert_int_equal(tiny_seen.large, 30);
	dp_limit_lso(s->dp, false, true, PATIENCE_MS);
	for (unsigned i = 0; i < 3; i++) {
		build(p, i, 20 * MSS);
		memory_edge_put_queue(s->edge, i, p->bytes, p->length, p->meta);
	}
	frame_store_await(&s->edge->out, 30 + 3 * 20);
	assert_int_equal(tiny_seen.large, 30);
	free(p);
	done(s);
}

static void priorities_have_their_queues(void **state)
{
	const struct tiny_settings settings = { .tx_queues = 64, .priorities = 8 };
	struct stage *s = stage_with(&settings, 3, false);
	struct packet *p = malloc(sizeof(*p));
	uint8_t last[8] = { 0 };

	for (unsigned i = 0; i < FRAMES; i++) {
		build_tagged(p, i, i % 8);
		memory_edge_put(s->edge, p->bytes, p->length, p->meta);
	}
	build(p, FRAMES, 10);
	memory_edge_put(s->edge, p->bytes, p->length, p->meta);
	frame_store_await(&s->edge->out, FRAMES + 1);
	for (unsigned i = 1; i < 8; i++)
		assert_int_equal(sent_by(s, i), FRAMES / 8);
	assert_int_equal(sent_by(s, 0), FRAMES / 8 + 1);
	/* Whole, and each priority in order: the number is in the TCP sequence. */
	for (unsigned i = 0; i < FRAMES + 1; i++) {
		const struct kept_frame *frame = &s->edge->out.frames[i];
		bool tagged = frame->bytes[12] == 0x81;
		uint8_t number = frame->bytes[tagged ? 45 : 41];

		assert_int_equal(frame->length, tagged ? HEADERS + 104 : HEADERS + 10);
		if (!tagged)
			continue;
		assert_int_equal(frame->bytes[14] >> 5, number % 8);
		assert_true(number >= last[number % 8]);
		last[number % 8] = number;
	}
	free(p);
	done(s);
}

/* Fewer queues than priorities: those without one share queue 0's. */
static void priorities_without_a_queue_share_the_first(void **state)
{
	const struct tiny_settings settings = { .tx_queues = 2, .priorities = 8 };
	struct stage *s = stage_with(&settings, 1, false);
	struct packet *p = malloc(sizeof(*p));

	for (unsigned i = 0; i < FRAMES; i++) {
		build_tagged(p, i, i % 8);
		memory_edge_put(s->edge, p->bytes, p->length, p->meta);
	}
	frame_store_await(&s->edge->out, FRAMES);
	assert_int_equal(sent_by(s, 1), FRAMES / 8);
	assert_int_equal(sent_by(s, 0), FRAMES - FRAMES / 8);
	free(p);
	done(s);
}

/* More for one priority than may wait: a capture is not read on meanwhile, and loses nothing. */
static void a_capture_is_finished_when_all_queues_are(void **state)
{
	const struct tiny_settings settings = { .tx_queues = 8, .priorities = 8 };
	struct stage *s = stage_with(&settings, 1, true);
	struct packet *p = malloc(sizeof(*p));
	struct dp_counters sums;

	for (unsigned i = 0; i < 3000; i++) {
		build_tagged(p, i, 6);
		memory_edge_put(s->edge, p->bytes, p->length, p->meta);
	}
	memory_edge_end(s->edge);
	frame_store_await(&s->edge->out, 3000);
	for (unsigned i = 0; i < PATIENCE_MS && !finished_calls; i++)
		usleep(1000);
	assert_int_equal(finished_calls, 1);
	dp_counters(s->dp, &sums);
	assert_int_equal(sums.tx_packets, 3000);
	assert_int_equal(sums.tx_dropped, 0);
	free(p);
	done(s);
}

/* ---- tags and coalesced segments: what went out comes back as it was ---- */

static void assert_back(struct stage *s, unsigned at, const struct packet *p, uint16_t mss)
{
	const struct kept_frame *frame = &s->edge->out.frames[at];
	bool tagged = p->bytes[12] == 0x81;
	size_t headers = HEADERS + (tagged ? 4 : 0);

	frame_store_await(&s->edge->out, at + 1);
	assert_int_equal(frame->length, p->length);
	assert_memory_equal(frame->bytes, p->bytes, tagged ? 20 : 16);
	assert_memory_equal(frame->bytes + headers, p->bytes + headers, p->length - headers);
	assert_int_equal(frame->meta.mss, mss);
}

static void tag(struct packet *p, uint16_t control)
{
	uint8_t bytes[4] = { 0x81, 0x00, (uint8_t)(control >> 8), (uint8_t)control };
	struct iovec whole = { p->bytes, p->length + 4 };

	memmove(p->bytes + 16, p->bytes + 12, p->length - 12);
	memcpy(p->bytes + 12, bytes, sizeof(bytes));
	p->length += 4;
	assert_int_equal(lso_parse(&whole, 1, &p->meta.layout), LSO_OK);
}

static void tags_travel_beside_the_packet(void **state)
{
	struct stage *s = stage_with(&(struct tiny_settings){ .tags = true }, 1, false);
	struct packet *p = malloc(sizeof(*p));
	struct dp_counters counters;
	unsigned at = 0;

	tiny_coalesces = true;
	s->edge->edge.super_packets = true;
	for (unsigned i = 0; i < 5; i++) {
		size_t payload = i ? i * 5 * MSS : 100;

		build(p, at, payload);
		tag(p, 5 << 13 | 0x123);
		memory_edge_put(s->edge, p->bytes, p->length, p->meta);
		assert_back(s, at++, p, payload > MSS ? p->meta.mss : 0);
	}
	assert_int_equal(tiny_seen.tagged, at);
	/* A drop eligible one is not NDIS' to say, and an empty one is no tag to it: both stay. */
	for (unsigned i = 0; i < 2; i++) {
		build(p, at, 100);
		tag(p, i ? 0 : 0x1005);
		memory_edge_put(s->edge, p->bytes, p->length, p->meta);
		assert_back(s, at++, p, 0);
	}
	assert_int_equal(tiny_seen.tagged, at - 2);
	dp_counters(s->dp, &counters);
	assert_int_equal(counters.rx_coalesced, at - 3);
	assert_int_equal(counters.rx_bad, 0);
	tiny_coalesces = false;
	free(p);
	done(s);
}

static void without_the_offload_a_tag_stays_in_the_frame(void **state)
{
	struct stage *s = stage_with(&(struct tiny_settings){ 0 }, 1, false);
	struct packet *p = malloc(sizeof(*p));

	build(p, 0, 100);
	tag(p, 5 << 13 | 0x123);
	memory_edge_put(s->edge, p->bytes, p->length, p->meta);
	assert_back(s, 0, p, 0);
	assert_int_equal(tiny_seen.tagged, 0);
	free(p);
	done(s);
}

/* A stack that takes no super-packets gets the segments, in their place among the others. */
static void coalesced_segments_are_cut_for_a_stack_that_takes_none(void **state)
{
	struct stage *s = stage_with(&(struct tiny_settings){ 0 }, 1, false);
	struct packet *p = malloc(sizeof(*p));
	struct dp_counters counters;

	tiny_coalesces = true;
	build(p, 0, 100);
	memory_edge_put(s->edge, p->bytes, p->length, p->meta);
	build(p, 1, 10 * MSS);
	memory_edge_put(s->edge, p->bytes, p->length, p->meta);
	frame_store_await(&s->edge->out, 11);
	for (unsigned i = 1; i < 11; i++) {
		const struct kept_frame *frame = &s->edge->out.frames[i];

		assert_int_equal(frame->length, HEADERS + MSS);
		assert_int_equal(frame->meta.mss, 0);
		assert_memory_equal(frame->bytes + HEADERS, p->bytes + HEADERS + (i - 1) * MSS,
				    MSS);
	}
	dp_counters(s->dp, &counters);
	assert_int_equal(counters.rx_coalesced, 1);
	assert_int_equal(counters.rx_coalesced_segments, 10);
	assert_int_equal(counters.rx_coalesced_cut, 1);
	tiny_coalesces = false;
	free(p);
	done(s);
}

/* ---- grouped in an execution context ---- */

static _Atomic unsigned before, after, armed, tasks;

static void pre_advance(struct cx_execution *execution)
{
	before++;
}

static void post_advance(struct cx_execution *execution)
{
	after++;
}

static void set_notification(struct cx_execution *execution, bool enabled)
{
	armed += enabled;
}

static void run_tasks(struct cx_execution *execution)
{
	tasks++;
}

static const struct cx_execution_ops context_ops = {
	.pre_advance = pre_advance,
	.post_advance = post_advance,
	.set_notification = set_notification,
	.run_tasks = run_tasks,
};

static void one_thread_runs_queues_that_are_grouped(void **state)
{
	static struct cx_execution context;
	const struct tiny_settings settings = { .tx_queues = 2, .execution = &context };
	const struct dp_config config = { .tx_queues = 2 };
	struct stage *s = stage_new("tiny", TinyDriverEntry);
	struct packet *p = malloc(sizeof(*p));
	unsigned sent = 0;

	assert_int_equal(cx_execution_init(&context, &s->machine, "netcx-test", &context_ops), 0);
	assert_int_equal(cx_execution_run(&context), 0);
	tiny_settings = settings;
	stage_use_datapath(s, &config);
	s->edge->queues = 2;
	stage_up(s);
	for (int round = 0; round < 5; round++) {
		for (unsigned i = 0; i < FRAMES; i++, sent++) {
			build(p, sent, i % 5 ? 500 : 20 * MSS);
			memory_edge_put_queue(s->edge, i % 2, p->bytes, p->length, p->meta);
			if (i % 50 == 0)
				cx_execution_call_tasks(&context);
		}
		frame_store_await(&s->edge->out, sent);
		stage_stop(s);
		assert_int_equal(stage_start(s), STATUS_SUCCESS);
	}
	assert_int_equal(sent_by(s, 0), sent / 2);
	assert_int_equal(sent_by(s, 1), sent / 2);
	assert_true(before && after && armed && tasks);
	stage_remove(s);
	cx_execution_end(&context);
	cx_execution_destroy(&context);
	done(s);
	free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_queue_reads_its_own),
		cmocka_unit_test(a_stack_of_one_queue_feeds_the_first),
		cmocka_unit_test(a_limit_holds_for_all_queues),
		cmocka_unit_test(priorities_have_their_queues),
		cmocka_unit_test(priorities_without_a_queue_share_the_first),
		cmocka_unit_test(a_capture_is_finished_when_all_queues_are),
		cmocka_unit_test(tags_travel_beside_the_packet),
		cmocka_unit_test(without_the_offload_a_tag_stays_in_the_frame),
		cmocka_unit_test(coalesced_segments_are_cut_for_a_stack_that_takes_none),
		cmocka_unit_test(one_thread_runs_queues_that_are_grouped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
