/* SPDX-License-Identifier: MIT */
/* Received packets out to the stack: bytes, checksum verdicts, whose buffers, and wrong lengths. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bench.h"
#include "probe.h"

static const uint8_t frame[1000] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45 };

static void stop_device(void *device)
{
	wdf_device_stop(device);
}

static void start_device(void *device)
{
	assert_int_equal(wdf_device_start(device), 0);
}

static void frames_reach_the_stack(void **state)
{
	struct bench *b;

	(void)state;
	probe_reset();
	b = bench_start(NULL);
	for (unsigned i = 0; i < 1500; i++)
		bench_receive(b, frame, 60 + i % 900, NET_PACKET_RX_CHECKSUM_NOT_CHECKED);
	bench_wait_out(b, 1500);
	for (unsigned i = 0; i < 1500; i++) {
		assert_int_equal(b->stack.out[i].length, 60 + i % 900);
		assert_memory_equal(b->stack.out[i].data, frame, 60 + i % 900);
		assert_false(b->stack.out[i].meta.checksum_valid);
	}
	bench_stop(b);
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
	struct bench *b;

	(void)state;
	probe_reset();
	b = bench_start(NULL);
	for (unsigned i = 0; i < 3; i++) {
		bench_receive(b, frame, sizeof(frame), cases[i].verdict);
		bench_wait_out(b, i + 1);
		assert_int_equal(b->stack.out[i].meta.checksum_valid, cases[i].valid);
	}
	dp_counters(b->dp, &counters);
	assert_int_equal(counters.rx_checksum_valid, 1);
	assert_int_equal(counters.rx_checksum_bad, 1);
	bench_stop(b);
}

static void driver_managed_buffers_come_home(void **state)
{
	struct bench *b;

	(void)state;
	probe_reset();
	probe.settings.driverManaged = TRUE;
	b = bench_start(NULL);
	for (unsigned i = 0; i < 600; i++)
		bench_receive(b, frame, 500, NET_PACKET_RX_CHECKSUM_VALID);
	bench_wait_out(b, 600);
	nt_worker_call(b->worker, stop_device, b->device);
	assert_int_equal(probe.returned, 600);
	bench_stop(b);
}

/* A length outside the buffer is a counted drop, never a read. */
static void wrong_lengths_are_dropped(void **state)
{
	struct dp_counters counters;
	struct bench *b;

	(void)state;
	probe_reset();
	b = bench_start(NULL);
	probe.misdeed = PROBE_BAD_LENGTH;
	bench_receive(b, frame, 500, NET_PACKET_RX_CHECKSUM_VALID);
	probe.misdeed = PROBE_BEHAVES;
	bench_receive(b, frame, 500, NET_PACKET_RX_CHECKSUM_VALID);
	bench_wait_out(b, 1);
	dp_counters(b->dp, &counters);
	assert_int_equal(counters.rx_bad, 1);
	assert_int_equal(counters.rx_packets, 1);
	bench_stop(b);
}

/* The datapath may be paused and run again at any time; nothing is lost or kept. */
static void pause_and_go_on(void **state)
{
	struct bench *b;

	(void)state;
	probe_reset();
	b = bench_start(NULL);
	for (unsigned i = 0; i < 20; i++) {
		bench_receive(b, frame, 100, NET_PACKET_RX_CHECKSUM_VALID);
		bench_wait_out(b, i + 1);
		nt_worker_call(b->worker, stop_device, b->device);
		nt_worker_call(b->worker, start_device, b->device);
	}
	bench_stop(b);
}

/* Many drivers only move BeginIndex in EvtCancel: what nothing was received into is no error. */
static void unused_packets_may_come_back_as_they_were(void **state)
{
	struct dp_counters counters;
	struct bench *b;

	(void)state;
	probe_reset();
	b = bench_start(NULL);
	probe.misdeed = PROBE_RETURNS_AS_THEY_WERE;
	for (unsigned i = 0; i < 3; i++)
		bench_receive(b, frame, 100, NET_PACKET_RX_CHECKSUM_VALID);
	bench_wait_out(b, 3);
	nt_worker_call(b->worker, stop_device, b->device);
	dp_counters(b->dp, &counters);
	assert_int_equal(counters.rx_packets, 3);
	assert_int_equal(counters.rx_bad, 0);
	assert_int_not_equal(counters.rx_ignored, 0);
	bench_stop(b);
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
	struct bench *b;

	(void)state;
	probe_reset();
	b = bench_start(NULL);
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < 7; i++) {
			bench_receive(b, frame, 100, NET_PACKET_RX_CHECKSUM_VALID);
			bench_send(b, frame, 100, (struct frame_meta){ 0 });
		}
		bench_wait_out(b, (round + 1) * 7);
		bench_wait_packets(b, (round + 1) * 7);
		nt_worker_call(b->worker, sleep_and_wake, b->device);
	}
	/* The last ones by now: the queues have worked. */
	bench_receive(b, frame, 100, NET_PACKET_RX_CHECKSUM_VALID);
	bench_send(b, frame, 100, (struct frame_meta){ 0 });
	bench_wait_out(b, 22);
	bench_wait_packets(b, 22);
	pthread_mutex_lock(&probe.lock);
	assert_int_equal(probe.starts, 8);
	assert_int_equal(probe.startsAtZero, 8);
	pthread_mutex_unlock(&probe.lock);
	bench_stop(b);
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
