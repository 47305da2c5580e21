/* SPDX-License-Identifier: MIT */
/* Several receive queues: each on its thread, with its counters, all into one stack edge. */
#include <time.h>
#include <unistd.h>

#include "probe_stage.h"

#define EACH 1000

static const uint8_t frame[200] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45 };

static struct stage *start_scaled(void)
{
	probe_reset();
	probe.settings.rxQueues = PROBE_RX_QUEUES;
	return probe_stage(NULL);
}

/* Of each queue all frames, in their order. */
static void assert_frames(struct stage *s, unsigned each)
{
	unsigned next[PROBE_RX_QUEUES] = { 0 };

	for (unsigned i = 0; i < frame_store_count(&s->edge->out); i++) {
		const struct kept_frame *f = &s->edge->out.frames[i];
		unsigned number;

		assert_int_equal(f->length, 64);
		assert_in_range(f->bytes[14], 0, PROBE_RX_QUEUES - 1);
		memcpy(&number, f->bytes + 15, sizeof(number));
		assert_int_equal(number, next[f->bytes[14]]++);
	}
	for (unsigned i = 0; i < PROBE_RX_QUEUES; i++)
		assert_int_equal(next[i], each);
}

static void four_queues_deliver_at_once(void **state)
{
	struct stage *s = start_scaled();
	struct dp_rx_counters one;
	struct dp_counters all;
	struct dp_rings rings;

	(void)state;
	dp_rings(s->dp, &rings);
	assert_int_equal(rings.rx_queues, PROBE_RX_QUEUES);
	for (unsigned n = 0; n < EACH; n += 50) {
		for (unsigned i = 0; i < PROBE_RX_QUEUES; i++)
			probe_make_frames(i, 50);
	}
	frame_store_await(&s->edge->out, PROBE_RX_QUEUES * EACH);
	assert_frames(s, EACH);
	for (unsigned i = 0; i < PROBE_RX_QUEUES; i++) {
		dp_rx_counters(s->dp, i, &one);
		assert_int_equal(one.packets, EACH);
		assert_int_equal(one.bytes, 64 * EACH);
		assert_int_equal(one.notifies, EACH / 50);
		assert_true(one.advances > 0);
	}
	dp_counters(s->dp, &all);
	assert_int_equal(all.rx_packets, PROBE_RX_QUEUES * EACH);
	assert_int_equal(all.rx_bytes, PROBE_RX_QUEUES * EACH * 64);
	assert_int_equal(all.rx_notifies, PROBE_RX_QUEUES * EACH / 50);
	probe_stage_free(s);
}

/* Stopped and started while all deliver: what the driver had made before is there, once. */
static void restarts_while_delivering(void **state)
{
	struct stage *s = start_scaled();
	unsigned made = 0;

	(void)state;
	for (unsigned n = 0; n < 10; n++) {
		for (unsigned i = 0; i < PROBE_RX_QUEUES; i++)
			probe_make_frames(i, 80);
		stage_stop(s);
		assert_int_equal(probe.disables, n + 1);
		made = 0;
		for (unsigned i = 0; i < PROBE_RX_QUEUES; i++)
			made += probe.sources[i].made;
		assert_int_equal(frame_store_count(&s->edge->out), made);
		assert_int_equal(stage_start(s), 0);
		assert_int_equal(probe.enables, n + 2);
		assert_int_equal(probe.tables, 2 * (n + 2));
	}
	frame_store_await(&s->edge->out, PROBE_RX_QUEUES * 800);
	assert_frames(s, 800);
	probe_stage_free(s);
}

static uint64_t cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Nothing to do: every queue is armed once and sleeps. */
static void at_rest_nothing_runs(void **state)
{
	struct stage *s = start_scaled();
	struct dp_counters before, after;
	uint64_t cpu;

	(void)state;
	usleep(200000);
	dp_counters(s->dp, &before);
	cpu = cpu_ns();
	usleep(500000);
	cpu = cpu_ns() - cpu;
	dp_counters(s->dp, &after);
	assert_int_equal(before.rx_advances, after.rx_advances);
	assert_true(cpu < 50000000);
	probe_stage_free(s);
}

/* Whatever fails, queue 0 receives. */
static void queue_0_goes_on_alone(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct dp_rings rings;
		struct stage *s;

		probe_reset();
		probe.settings.rxQueues = PROBE_RX_QUEUES;
		if (i == 0)
			probe.settings.failQueue = 2;
		else
			probe.settings.failEnable = STATUS_UNSUCCESSFUL;
		s = probe_stage(NULL);
		dp_rings(s->dp, &rings);
		assert_int_equal(rings.rx_queues, 1);
		for (unsigned n = 0; n < 600; n++)
			probe_receive(frame, sizeof(frame), NET_PACKET_RX_CHECKSUM_VALID);
		frame_store_await(&s->edge->out, 600);
		assert_int_equal(probe.disables, 0);
		probe_stage_free(s);
	}
}

/*
 * A driver notifies once for each arming. A frame that comes in that moment disarms it while the
 * datapath is still in the call, and the next frame needs it armed again.
 */
static void a_frame_comes_while_arming(void **state)
{
	struct stage *s;

	(void)state;
	probe_reset();
	probe.settings.framesAtArming = 5;
	s = probe_stage(NULL);
	frame_store_await(&s->edge->out, 5);
	for (unsigned i = 0; i < 50; i++) {
		usleep(1000);
		probe_interrupt(frame, sizeof(frame));
		frame_store_await(&s->edge->out, 6 + i);
	}
	probe_stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(four_queues_deliver_at_once),
		cmocka_unit_test(restarts_while_delivering),
		cmocka_unit_test(at_rest_nothing_runs),
		cmocka_unit_test(queue_0_goes_on_alone),
		cmocka_unit_test(a_frame_comes_while_arming),
	};

	return cmocka_run_group_tests_name("datapath: receive scaling", tests, NULL, NULL);
}
