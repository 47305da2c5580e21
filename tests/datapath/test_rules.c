/* SPDX-License-Identifier: MIT */
/* Drivers that break the rings' rules end with a report; offload changes meet running traffic. */
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "probe_stage.h"
#include "stage/child.h"

static const uint8_t plain[200] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xB5 };

static struct stage *start_with(enum probe_misdeed misdeed)
{
	probe_reset();
	probe.misdeed = misdeed;
	return probe_stage(NULL);
}

static void begin_too_far(void *context)
{
	memory_edge_put(start_with(PROBE_BEGIN_TOO_FAR)->edge, plain, sizeof(plain),
			(struct frame_meta){ 0 });
	sleep(20);
}

static void irql_raised(void *context)
{
	memory_edge_put(start_with(PROBE_RAISES_IRQL)->edge, plain, sizeof(plain),
			(struct frame_meta){ 0 });
	sleep(20);
}

static void transmit_kept(void *context)
{
	struct stage *s = start_with(PROBE_HOLDS_PACKETS);

	memory_edge_put(s->edge, plain, sizeof(plain), (struct frame_meta){ 0 });
	probe_await(1);
	probe_stage_free(s);
}

static void receive_kept(void *context)
{
	probe_stage_free(start_with(PROBE_KEEPS_RECEIVE_BUFFERS));
}

static void last_queue_too_far(void *context)
{
	probe_reset();
	probe.misdeed = PROBE_LAST_QUEUE_TOO_FAR;
	probe.settings.rxQueues = PROBE_RX_QUEUES;
	probe_stage(NULL);
	sleep(20);
}

static void begin_index_is_checked(void **state)
{
	(void)state;
	child_violates(begin_too_far, NULL, "InvalidRingBeginIndex", "never beyond EndIndex", NULL);
	child_violates(last_queue_too_far, NULL, "InvalidRingBeginIndex", "never beyond EndIndex",
		       NULL);
}

static void irql_is_checked(void **state)
{
	(void)state;
	child_violates(irql_raised, NULL, "IRQL_UNEXPECTED_VALUE", "EvtPacketQueueAdvance", NULL);
}

static void packets_must_come_back(void **state)
{
	(void)state;
	child_violates(transmit_kept, NULL, "PacketsNotReturned",
		       "1 packets have not been returned", NULL);
	child_violates(receive_kept, NULL, "PacketsNotReturned", "EvtPacketQueueCancel", NULL);
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
	struct stage *s = start_with(PROBE_HOLDS_PACKETS);
	struct dp_counters counters;
	unsigned before;

	(void)state;
	memory_edge_put(s->edge, plain, sizeof(plain), (struct frame_meta){ 0 });
	probe_await(1);
	usleep(100000);
	before = advances();
	usleep(200000);
	assert_int_equal(advances(), before); /* armed, asleep */
	probe.misdeed = PROBE_BEHAVES;
	NetTxQueueNotifyMoreCompletedPacketsAvailable(probe.txQueue);
	dp_counters(s->dp, &counters);
	assert_int_equal(counters.tx_notifies, 1);
	memory_edge_put(s->edge, plain, sizeof(plain), (struct frame_meta){ 0 });
	probe_await(2);
	probe_stage_free(s);
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
	struct stage *s = start_with(PROBE_BEHAVES);
	unsigned lso = 0;

	(void)state;
	for (int i = 0; i < 100; i++)
		memory_edge_put(s->edge, frame, length, super_meta);
	dp_limit_lso(s->dp, false, true, 1000);
	pthread_mutex_lock(&probe.lock);
	for (unsigned i = 0; i < probe.count; i++)
		lso += probe.packets[i].mss != 0;
	pthread_mutex_unlock(&probe.lock);
	probe_await(lso + (100 - lso) * 7);
	for (unsigned i = 0; i < probe.count; i++)
		assert_int_equal(probe.packets[i].mss != 0, i < lso);
	dp_limit_lso(s->dp, true, true, 1000);
	memory_edge_put(s->edge, frame, length, super_meta);
	probe_await(lso + (100 - lso) * 7 + 1);
	assert_int_equal(probe.packets[probe.count - 1].mss, 1460);
	probe_stage_free(s);
}

/* How long the limit was waited for, in milliseconds. */
static uint64_t limit_takes(struct stage *b, bool ipv4, bool ipv6, int timeout_ms)
{
	uint64_t began = clock_ns();

	dp_limit_lso(b->dp, ipv4, ipv6, timeout_ms);
	return (clock_ns() - began) / NS_PER_MS;
}

static void *give_back_later(void *context)
{
	usleep(100000);
	probe.misdeed = PROBE_BEHAVES;
	NetTxQueueNotifyMoreCompletedPacketsAvailable(probe.txQueue);
	return NULL;
}

/* The driver keeps an LSO packet: its family is waited for, until it is back or time is over. */
static void limit_waits_for_what_the_driver_has(void **state)
{
	static uint8_t frame[10054];
	struct stage *b = start_with(PROBE_HOLDS_PACKETS);
	pthread_t thread;

	(void)state;
	memory_edge_put(b->edge, frame, super_packet(frame), super_meta);
	probe_await(1);
	assert_true(limit_takes(b, true, false, 20000) < 10000);
	assert_true(limit_takes(b, false, false, 200) >= 200);
	assert_true(limit_takes(b, true, true, 20000) < 10000);
	assert_int_equal(pthread_create(&thread, NULL, give_back_later, b), 0);
	assert_true(limit_takes(b, false, true, 20000) < 10000);
	assert_int_equal(probe.misdeed, PROBE_BEHAVES);
	pthread_join(thread, NULL);
	probe_stage_free(b);
}

static _Atomic bool done;

static void *keep_sending(void *context)
{
	static uint8_t frame[10054];
	size_t length = super_packet(frame);
	struct stage *s = context;

	while (!done) {
		memory_edge_put(s->edge, frame, length, super_meta);
		usleep(100);
	}
	return NULL;
}

/* Offload callbacks run on their own thread while EvtAdvance runs: this is the thread sanitizer's.
 */
static void offload_changes_meet_traffic(void **state)
{
	struct stage *s;
	pthread_t sender;

	(void)state;
	probe_reset();
	probe.quiet = TRUE;
	s = probe_stage(NULL);
	done = false;
	assert_int_equal(pthread_create(&sender, NULL, keep_sending, s), 0);
	for (unsigned i = 0; i < 200; i++)
		stage_set_lso(s, i % 2 + 1, (i / 2) % 2 + 1);
	done = true;
	pthread_join(sender, NULL);
	assert_int_equal(probe.lsoCalls, 201);
	probe_stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(begin_index_is_checked),
		cmocka_unit_test(irql_is_checked),
		cmocka_unit_test(packets_must_come_back),
		cmocka_unit_test(held_packets_may_come_late),
		cmocka_unit_test(limit_waits_and_cuts),
		cmocka_unit_test(limit_waits_for_what_the_driver_has),
		cmocka_unit_test(offload_changes_meet_traffic),
	};

	return cmocka_run_group_tests_name("datapath: rules", tests, NULL, NULL);
}
