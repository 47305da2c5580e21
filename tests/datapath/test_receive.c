/* SPDX-License-Identifier: MIT */
/* Received packets out to the stack: bytes, checksum verdicts, whose buffers, and wrong lengths. */

#include "probe_stage.h"

static const uint8_t frame[1000] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45 };

static void frames_reach_the_stack(void **state)
{
	struct stage *s;

	(void)state;
	probe_reset();
	s = probe_stage(NULL);
	for (unsigned i = 0; i < 1500; i++)
		probe_receive(frame, 60 + i % 900, NET_PACKET_RX_CHECKSUM_NOT_CHECKED);
	frame_store_await(&s->edge->out, 1500);
	for (unsigned i = 0; i < 1500; i++) {
		assert_int_equal(s->edge->out.frames[i].length, 60 + i % 900);
		assert_memory_equal(s->edge->out.frames[i].bytes, frame, 60 + i % 900);
		assert_false(s->edge->out.frames[i].meta.checksum_valid);
	}
	probe_stage_free(s);
}

static void checksum_verdict_is_passed_on(void **state)
{
	static const struct {
		uint8_t verdict;
		bool valid;
	} cases[] = {
		{ NET_PACKET_RX_CHECKSUM_VALID, true },
		{ NET_PACKET_RX_CHECKSUM_INVALID, false },
		{ NET_PACKET_RX_CHECKSUM_NOT_CHECKED, false },
	};
	struct dp_counters counters;
	struct stage *s;

	(void)state;
	probe_reset();
	s = probe_stage(NULL);
	for (unsigned i = 0; i < 3; i++) {
		probe_receive(frame, sizeof(frame), cases[i].verdict);
		frame_store_await(&s->edge->out, i + 1);
		assert_int_equal(s->edge->out.frames[i].meta.checksum_valid, cases[i].valid);
	}
	dp_counters(s->dp, &counters);
	assert_int_equal(counters.rx_checksum_valid, 1);
	assert_int_equal(counters.rx_checksum_bad, 1);
	probe_stage_free(s);
}

static void driver_managed_buffers_come_home(void **state)
{
	struct stage *s;

	(void)state;
	probe_reset();
	probe.settings.driverManaged = TRUE;
	s = probe_stage(NULL);
	for (unsigned i = 0; i < 600; i++)
		probe_receive(frame, 500, NET_PACKET_RX_CHECKSUM_VALID);
	frame_store_await(&s->edge->out, 600);
	stage_stop(s);
	assert_int_equal(probe.returned, 600);
	probe_stage_free(s);
}

/* A length outside the buffer is a counted drop, never a read. */
static void wrong_lengths_are_dropped(void **state)
{
	struct dp_counters counters;
	struct stage *s;

	(void)state;
	probe_reset();
	s = probe_stage(NULL);
	probe.misdeed = PROBE_BAD_LENGTH;
	probe_receive(frame, 500, NET_PACKET_RX_CHECKSUM_VALID);
	probe.misdeed = PROBE_BEHAVES;
	probe_receive(frame, 500, NET_PACKET_RX_CHECKSUM_VALID);
	frame_store_await(&s->edge->out, 1);
	dp_counters(s->dp, &counters);
	assert_int_equal(counters.rx_bad, 1);
	assert_int_equal(counters.rx_packets, 1);
	probe_stage_free(s);
}

/* The datapath may be paused and run again at any time; nothing is lost or kept. */
static void pause_and_go_on(void **state)
{
	struct stage *s;

	(void)state;
	probe_reset();
	s = probe_stage(NULL);
	for (unsigned i = 0; i < 20; i++) {
		probe_receive(frame, 100, NET_PACKET_RX_CHECKSUM_VALID);
		frame_store_await(&s->edge->out, i + 1);
		stage_stop(s);
		assert_int_equal(stage_start(s), 0);
	}
	probe_stage_free(s);
}

/* Many drivers only move BeginIndex in EvtCancel: what nothing was received into is no error. */
static void unused_packets_may_come_back_as_they_were(void **state)
{
	struct dp_counters counters;
	struct stage *s;

	(void)state;
	probe_reset();
	s = probe_stage(NULL);
	probe.misdeed = PROBE_RETURNS_AS_THEY_WERE;
	for (unsigned i = 0; i < 3; i++)
		probe_receive(frame, 100, NET_PACKET_RX_CHECKSUM_VALID);
	frame_store_await(&s->edge->out, 3);
	stage_stop(s);
	dp_counters(s->dp, &counters);
	assert_int_equal(counters.rx_packets, 3);
	assert_int_equal(counters.rx_bad, 0);
	assert_int_not_equal(counters.rx_ignored, 0);
	probe_stage_free(s);
}

static void sleep_and_wake(void *device)
{
	const struct wdf_sleep how = { .idle = false };

	assert_int_equal(wdf_device_sleep(device, &how), 0);
	assert_int_equal(wdf_device_wake(device, false), 0);
}

/* The same queues run again after a sleep: their rings begin at 0, whatever they had reached. */
static void rings_begin_anew_after_a_pause(void **state)
{
	struct stage *s;

	(void)state;
	probe_reset();
	s = probe_stage(NULL);
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < 7; i++) {
			probe_receive(frame, 100, NET_PACKET_RX_CHECKSUM_VALID);
			memory_edge_put(s->edge, frame, 100, (struct frame_meta){ 0 });
		}
		frame_store_await(&s->edge->out, (round + 1) * 7);
		probe_await((round + 1) * 7);
		stage_call(s, sleep_and_wake, s->device);
	}
	/* The last ones by now: the queues have worked. */
	probe_receive(frame, 100, NET_PACKET_RX_CHECKSUM_VALID);
	memory_edge_put(s->edge, frame, 100, (struct frame_meta){ 0 });
	frame_store_await(&s->edge->out, 22);
	probe_await(22);
	pthread_mutex_lock(&probe.lock);
	assert_int_equal(probe.starts, 8);
	assert_int_equal(probe.startsAtZero, 8);
	pthread_mutex_unlock(&probe.lock);
	probe_stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_reach_the_stack),
		cmocka_unit_test(checksum_verdict_is_passed_on),
		cmocka_unit_test(driver_managed_buffers_come_home),
		cmocka_unit_test(wrong_lengths_are_dropped),
		cmocka_unit_test(pause_and_go_on),
		cmocka_unit_test(unused_packets_may_come_back_as_they_were),
		cmocka_unit_test(rings_begin_anew_after_a_pause),
	};

	return cmocka_run_group_tests_name("datapath: receive", tests, NULL, NULL);
}
