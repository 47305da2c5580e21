/* SPDX-License-Identifier: MIT */
/*
 * A driver pauses its offloads while it has super-packets: it is told that all is off when they are
 * back, or when it keeps them for too long.
 */
#include <pthread.h>
#include <unistd.h>

#include "rings_stage.h"
#include "stage/make_frame.h"

#define MSS 1400

static struct rings *rings;

static struct stage *open_holding(void)
{
	struct stage *s = rings_open(5, &rings);

	rings->gso = TRUE;
	rings->holds = TRUE;
	assert_int_equal(stage_load(s), STATUS_SUCCESS);
	stage_keyword(s, "*LsoV2IPv4", "1");
	rings_up(s, NULL);
	return s;
}

static unsigned seen(void)
{
	unsigned count;

	pthread_mutex_lock(&rings->lock);
	count = rings->sent;
	pthread_mutex_unlock(&rings->lock);
	return count;
}

/* Until the driver has seen @count packets in all. */
static void send_super_packet(struct stage *s, unsigned count)
{
	struct test_frame frame = make_frame(&(struct shape){ .version = 4, .payload = 9000 });
	const struct iovec iov = { frame.bytes, frame.length };
	struct frame_meta meta = { .mss = MSS, .needs_checksum = true };

	assert_int_equal(lso_parse(&iov, 1, &meta.layout), LSO_OK);
	memory_edge_put(s->edge, frame.bytes, frame.length, meta);
	free(frame.bytes);
	for (unsigned i = 0; i < 10000 && seen() < count; i++)
		usleep(1000);
	assert_int_equal(seen(), count);
}

static void pause_offloads(void *context)
{
	cx_offload_pause(context);
}

static void resume_offloads(void *context)
{
	cx_offload_resume(context);
}

/* The stack is told at once; the driver still has its packet then, and gives it back soon. */
static void *return_when_the_stack_knows(void *context)
{
	struct stage *s = context;
	unsigned calls;

	while (journal_count(&s->journal, "event Ethernet NDIS_STATUS_TASK_OFFLOAD*") == 0)
		usleep(100);
	usleep(20000);
	pthread_mutex_lock(&rings->lock);
	calls = rings->offloadCalls;
	rings->holds = FALSE;
	pthread_mutex_unlock(&rings->lock);
	NetTxQueueNotifyMoreCompletedPacketsAvailable(rings->tx);
	return calls ? context : NULL;
}

static void forget_calls(struct stage *s)
{
	journal_forget(&s->journal);
	pthread_mutex_lock(&rings->lock);
	rings->offloadCalls = 0;
	pthread_mutex_unlock(&rings->lock);
}

static void a_pause_waits_for_super_packets(void **state)
{
	struct stage *s = open_holding();
	struct dp_counters counters;
	pthread_t thread;
	void *early;

	send_super_packet(s, 1);
	dp_counters(s->dp, &counters);
	assert_int_equal(counters.tx_lso_packets, 1);
	forget_calls(s);
	pthread_create(&thread, NULL, return_when_the_stack_knows, s);
	stage_call(s, pause_offloads, s->adapter);
	pthread_join(thread, &early);
	assert_null(early);
	assert_int_equal(rings->offloadCalls, 1);
	assert_int_equal(rings->heldThen, 0);

	/* What comes now is cut for it, and whole again after the resume. */
	send_super_packet(s, 8);
	dp_counters(s->dp, &counters);
	assert_int_equal(counters.tx_lso_packets, 1);
	assert_int_equal(counters.tx_software_segments, 7);
	stage_call(s, resume_offloads, s->adapter);
	assert_int_equal(rings->offloadCalls, 2);
	send_super_packet(s, 9);
	dp_counters(s->dp, &counters);
	assert_int_equal(counters.tx_lso_packets, 2);
	stage_free(s);
}

static void a_pause_does_not_wait_for_ever(void **state)
{
	struct stage *s = open_holding();

	send_super_packet(s, 1);
	forget_calls(s);
	stage_call(s, pause_offloads, s->adapter);
	assert_int_equal(rings->offloadCalls, 1);
	assert_int_equal(rings->heldThen, 1);
	assert_true(journal_tells(
		&s->journal,
		"the driver still has packets with offloads, 500 ms after they went off"));
	stage_free(s);
}

static void an_idle_queue_is_not_waited_for(void **state)
{
	struct stage *s = open_holding();

	forget_calls(s);
	stage_call(s, pause_offloads, s->adapter);
	assert_int_equal(rings->offloadCalls, 1);
	assert_false(journal_tells(&s->journal, "still has packets"));
	stage_stop(s);
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pause_waits_for_super_packets),
		cmocka_unit_test(a_pause_does_not_wait_for_ever),
		cmocka_unit_test(an_idle_queue_is_not_waited_for),
	};

	return cmocka_run_group_tests_name("cx2 pause", tests, NULL, NULL);
}
