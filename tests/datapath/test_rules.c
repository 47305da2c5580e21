/* SPDX-License-Identifier: MIT */
/* Drivers that break the rings' rules end with a report; offload changes meet running traffic. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench.h"
#include "nt/violation.h"
#include "probe.h"

static const uint8_t plain[200] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xB5 };

/* Runs @misbehave in a child and compares how it ended. */
static void assert_violation(void (*misbehave)(void), const char *rule, const char *words)
{
	static char report[65536];
	size_t length = 0;
	ssize_t got;
	int pipes[2], status;
	pid_t child;

	assert_int_equal(pipe(pipes), 0);
	child = fork();
	if (!child) {
		dup2(pipes[1], STDERR_FILENO);
		close(pipes[0]);
		misbehave();
		_exit(0);
	}
	close(pipes[1]);
	while ((got = read(pipes[0], report + length, sizeof(report) - 1 - length)) > 0)
		length += (size_t)got;
	report[length] = 0;
	close(pipes[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != NT_VIOLATION_EXIT_CODE)
		fail_msg("status %x: %s", (unsigned)status, report);
	if (!strstr(report, rule) || !strstr(report, words))
		fail_msg("the report has no \"%s\" or \"%s\": %s", rule, words, report);
}

static struct bench *start_with(enum probe_misdeed misdeed)
{
	probe_reset();
	probe.misdeed = misdeed;
	return bench_start(NULL);
}

static void begin_too_far(void)
{
	bench_send(start_with(PROBE_BEGIN_TOO_FAR), plain, sizeof(plain), (struct frame_meta){ 0 });
	sleep(20);
}

static void irql_raised(void)
{
	bench_send(start_with(PROBE_RAISES_IRQL), plain, sizeof(plain), (struct frame_meta){ 0 });
	sleep(20);
}

static void transmit_kept(void)
{
	struct bench *b = start_with(PROBE_HOLDS_PACKETS);

	bench_send(b, plain, sizeof(plain), (struct frame_meta){ 0 });
	bench_wait_packets(b, 1);
	bench_stop(b);
}

static void receive_kept(void)
{
	bench_stop(start_with(PROBE_KEEPS_RECEIVE_BUFFERS));
}

static void last_queue_too_far(void)
{
	probe_reset();
	probe.misdeed = PROBE_LAST_QUEUE_TOO_FAR;
	probe.settings.rxQueues = PROBE_RX_QUEUES;
	bench_start(NULL);
	sleep(20);
}

static void begin_index_is_checked(void **state)
{
	(void)state;
	assert_violation(begin_too_far, "InvalidRingBeginIndex", "never beyond EndIndex");
	assert_violation(last_queue_too_far, "InvalidRingBeginIndex", "never beyond EndIndex");
}

static void irql_is_checked(void **state)
{
	(void)state;
	assert_violation(irql_raised, "IRQL_UNEXPECTED_VALUE", "EvtPacketQueueAdvance");
}

static void packets_must_come_back(void **state)
{
	(void)state;
	assert_violation(transmit_kept, "PacketsNotReturned", "1 packets have not been returned");
	assert_violation(receive_kept, "PacketsNotReturned", "EvtPacketQueueCancel");
}

static unsigned advances(void)
{
	unsigned n;

	pthread_mutex_lock(&probe.lock);
	n = probe.advances;
	pthread_mutex_unlock(&probe.lock);
	return n;
}

/* A packet held for a while and then returned is fine, and no work is done meanwhile. */
static void held_packets_may_come_late(void **state)
{
	struct bench *b = start_with(PROBE_HOLDS_PACKETS);
	struct dp_counters counters;
	unsigned before;

	(void)state;
	bench_send(b, plain, sizeof(plain), (struct frame_meta){ 0 });
	bench_wait_packets(b, 1);
	usleep(100000);
	before = advances();
	usleep(200000);
	assert_int_equal(advances(), before); /* armed, asleep */
	probe.misdeed = PROBE_BEHAVES;
	NetTxQueueNotifyMoreCompletedPacketsAvailable(probe.txQueue);
	dp_counters(b->dp, &counters);
	assert_int_equal(counters.tx_notifies, 1);
	bench_send(b, plain, sizeof(plain), (struct frame_meta){ 0 });
	bench_wait_packets(b, 2);
	bench_stop(b);
}

/* A super-packet by hand: IPv4, no options, so that only the driver's flags decide. */
static size_t super_packet(uint8_t *frame)
{
	static const uint8_t head[] = { 2,    0, 0,    0,    0,    2,    2, 0, 0,  0, 0, 1, 8,  0,
					0x45, 0, 0x27, 0x38, 0,    1,    0, 0, 64, 6, 0, 0, 10, 0,
					0,    1, 10,   0,    0,    2,    4, 0, 8,  0, 0, 0, 0,  1,
					0,    0, 0,    1,    0x50, 0x10, 2, 0, 0,  0, 0, 0 };

	memset(frame, 0, 10054);
	memcpy(frame, head, sizeof(head));
	return 10054;
}

static const struct frame_meta super_meta = { .mss = 1460,
					      .needs_checksum = true,
					      .layout = { .l2_type = LSO_L2_ETHERNET,
							  .ip_version = 4,
							  .l4_protocol = 6,
							  .l3_offset = 14,
							  .l4_offset = 34,
							  .payload_offset = 54 } };

/* dp_limit_lso: what the stack gave up is cut, and on return the driver holds no LSO packet. */
static void limit_waits_and_cuts(void **state)
{
	static uint8_t frame[10054];
	size_t length = super_packet(frame);
	struct bench *b = start_with(PROBE_BEHAVES);
	unsigned lso = 0;

	(void)state;
	for (int i = 0; i < 100; i++)
		bench_send(b, frame, length, super_meta);
	dp_limit_lso(b->dp, false, true, 1000);
	pthread_mutex_lock(&probe.lock);
	for (unsigned i = 0; i < probe.count; i++)
		lso += probe.packets[i].mss != 0;
	pthread_mutex_unlock(&probe.lock);
	bench_wait_packets(b, lso + (100 - lso) * 7);
	for (unsigned i = 0; i < probe.count; i++)
		assert_int_equal(probe.packets[i].mss != 0, i < lso);
	dp_limit_lso(b->dp, true, true, 1000);
	bench_send(b, frame, length, super_meta);
	bench_wait_packets(b, lso + (100 - lso) * 7 + 1);
	assert_int_equal(probe.packets[probe.count - 1].mss, 1460);
	bench_stop(b);
}

static _Atomic bool done;

static void *keep_sending(void *context)
{
	static uint8_t frame[10054];
	size_t length = super_packet(frame);
	struct bench *b = context;

	while (!done) {
		bench_send(b, frame, length, super_meta);
		usleep(100);
	}
	return NULL;
}

/* Offload callbacks run on their own thread while EvtAdvance runs: this is the thread sanitizer's.
 */
static void offload_changes_meet_traffic(void **state)
{
	struct bench *b;
	pthread_t sender;

	(void)state;
	probe_reset();
	probe.quiet = TRUE;
	b = bench_start(NULL);
	done = false;
	assert_int_equal(pthread_create(&sender, NULL, keep_sending, b), 0);
	for (unsigned i = 0; i < 200; i++)
		bench_oid(b, i % 2 + 1, (i / 2) % 2 + 1);
	done = true;
	pthread_join(sender, NULL);
	assert_int_equal(probe.lsoCalls, 201);
	bench_stop(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(begin_index_is_checked),
		cmocka_unit_test(irql_is_checked),
		cmocka_unit_test(packets_must_come_back),
		cmocka_unit_test(held_packets_may_come_late),
		cmocka_unit_test(limit_waits_and_cuts),
		cmocka_unit_test(offload_changes_meet_traffic),
	};

	return cmocka_run_group_tests_name("datapath: rules", tests, NULL, NULL);
}
