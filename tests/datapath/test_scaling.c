/* SPDX-License-Identifier: MIT */
/* Several receive queues: each on its thread, with its counters, all into one stack edge. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench.h"
#include "probe.h"

#define EACH 1000

static const uint8_t frame[200] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45 };

static void stop_device(void *device)
{
	wdf_device_stop(device);
}

static void start_device(void *device)
{
	assert_int_equal(wdf_device_start(device), 0);
}

static struct bench *start_scaled(void)
{
	probe_reset();
	probe.settings.rxQueues = PROBE_RX_QUEUES;
	return bench_start(NULL);
}

/* Of each queue all frames, in their order. */
static void assert_frames(struct bench *b, unsigned each)
{
	unsigned next[PROBE_RX_QUEUES] = { 0 };

	for (unsigned i = 0; i < b->stack.out_count; i++) {
		const struct bench_frame *f = &b->stack.out[i];
		unsigned number;

		assert_int_equal(f->length, 64);
		assert_in_range(f->data[14], 0, PROBE_RX_QUEUES - 1);
		memcpy(&number, f->data + 15, sizeof(number));
		assert_int_equal(number, next[f->data[14]]++);
	}
	for (unsigned i = 0; i < PROBE_RX_QUEUES; i++)
		assert_int_equal(next[i], each);
}

static void four_queues_deliver_at_once(void **state)
{
	struct bench *b = start_scaled();
	struct dp_rx_counters one;
	struct dp_counters all;
	struct dp_rings rings;

	(void)state;
	dp_rings(b->dp, &rings);
	assert_int_equal(rings.rx_queues, PROBE_RX_QUEUES);
	for (unsigned n = 0; n < EACH; n += 50) {
		for (unsigned i = 0; i < PROBE_RX_QUEUES; i++)
			probe_make_frames(i, 50);
	}
	bench_wait_out(b, PROBE_RX_QUEUES * EACH);
	assert_frames(b, EACH);
	for (unsigned i = 0; i < PROBE_RX_QUEUES; i++) {
		dp_rx_counters(b->dp, i, &one);
		assert_int_equal(one.packets, EACH);
		assert_int_equal(one.bytes, 64 * EACH);
		assert_int_equal(one.notifies, EACH / 50);
		assert_true(one.advances > 0);
	}
	dp_counters(b->dp, &all);
	assert_int_equal(all.rx_packets, PROBE_RX_QUEUES * EACH);
	assert_int_equal(all.rx_bytes, PROBE_RX_QUEUES * EACH * 64);
	assert_int_equal(all.rx_notifies, PROBE_RX_QUEUES * EACH / 50);
	bench_stop(b);
}

/* Stopped and started while all deliver: what the driver had made before is there, once. */
static void restarts_while_delivering(void **state)
{
	struct bench *b = start_scaled();
	unsigned made = 0;

	(void)state;
	for (unsigned n = 0; n < 10; n++) {
		for (unsigned i = 0; i < PROBE_RX_QUEUES; i++)
			probe_make_frames(i, 80);
		nt_worker_call(b->worker, stop_device, b->device);
		assert_int_equal(probe.disables, n + 1);
		made = 0;
		for (unsigned i = 0; i < PROBE_RX_QUEUES; i++)
			made += probe.sources[i].made;
		assert_int_equal(b->stack.out_count, made);
		nt_worker_call(b->worker, start_device, b->device);
		assert_int_equal(probe.enables, n + 2);
		assert_int_equal(probe.tables, 2 * (n + 2));
	}
	bench_wait_out(b, PROBE_RX_QUEUES * 800);
	assert_frames(b, 800);
	bench_stop(b);
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
	struct bench *b = start_scaled();
	struct dp_counters before, after;
	uint64_t cpu;

	(void)state;
	usleep(200000);
	dp_counters(b->dp, &before);
	cpu = cpu_ns();
	usleep(500000);
	cpu = cpu_ns() - cpu;
	dp_counters(b->dp, &after);
	assert_int_equal(before.rx_advances, after.rx_advances);
	assert_true(cpu < 50000000);
	bench_stop(b);
}

/* Whatever fails, queue 0 receives. */
static void queue_0_goes_on_alone(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct dp_rings rings;
		struct bench *b;

		probe_reset();
		probe.settings.rxQueues = PROBE_RX_QUEUES;
		if (i == 0)
			probe.settings.failQueue = 2;
		else
			probe.settings.failEnable = STATUS_UNSUCCESSFUL;
		b = bench_start(NULL);
		dp_rings(b->dp, &rings);
		assert_int_equal(rings.rx_queues, 1);
		for (unsigned n = 0; n < 600; n++)
			bench_receive(b, frame, sizeof(frame), NET_PACKET_RX_CHECKSUM_VALID);
		bench_wait_out(b, 600);
		assert_int_equal(probe.disables, 0);
		bench_stop(b);
	}
}

/*
 * A driver notifies once for each arming. A frame that comes in that moment disarms it while the
 * datapath is still in the call, and the next frame needs it armed again.
 */
static void a_frame_comes_while_arming(void **state)
{
	struct bench *b;

	(void)state;
	probe_reset();
	probe.settings.framesAtArming = 5;
	b = bench_start(NULL);
	bench_wait_out(b, 5);
	for (unsigned i = 0; i < 50; i++) {
		usleep(1000);
		probe_interrupt(frame, sizeof(frame));
		bench_wait_out(b, 6 + i);
	}
	bench_stop(b);
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
