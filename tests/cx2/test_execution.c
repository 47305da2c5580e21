/* SPDX-License-Identifier: MIT */
/*
 * Execution contexts of 2.1 and later: one thread for both queues, in the order of a round, its
 * notifications, its tasks, and what is no right use of them.
 */
#include <dlfcn.h>
#include <unistd.h>

#include "rings_stage.h"

static uint8_t frame[1200] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xB5 };
static const unsigned minors[] = { 1, 2, 5 };

static struct rings *rings;
static void (*act)(enum rings_act act);

static struct stage *open_grouped(unsigned minor)
{
	struct stage *s = rings_open(minor, &rings);

	rings->grouped = rings->around = TRUE;
	*(void **)&act = dlsym(s->module, "rings_act");
	assert_non_null(act);
	return s;
}

static struct stage *up_grouped(unsigned minor)
{
	struct stage *s = open_grouped(minor);

	rings_up(s, NULL);
	return s;
}

static unsigned steps(enum rings_step step)
{
	unsigned count = 0;

	pthread_mutex_lock(&rings->lock);
	for (unsigned i = 0; i < rings->stepCount; i++)
		count += rings->steps[i] == step;
	pthread_mutex_unlock(&rings->lock);
	return count;
}

static void forget_steps(void)
{
	pthread_mutex_lock(&rings->lock);
	rings->stepCount = 0;
	pthread_mutex_unlock(&rings->lock);
}

static unsigned tasks_run(void)
{
	return __atomic_load_n(&rings->tasksRun, __ATOMIC_SEQ_CST);
}

static void await_tasks(unsigned count)
{
	for (unsigned i = 0; i < 10000 && tasks_run() < count; i++)
		usleep(1000);
	assert_int_equal(tasks_run(), count);
}

/* All callbacks have come on one thread. */
static void had_one_thread(void)
{
	pthread_mutex_lock(&rings->lock);
	assert_int_equal(rings->strangers, 0);
	assert_true(rings->contextMatches);
	assert_int_equal(rings->arms, 0); /* the queues' own */
	pthread_mutex_unlock(&rings->lock);
}

static void one_thread_goes_round_both_queues(void **state)
{
	for (size_t m = 0; m < sizeof(minors) / sizeof(minors[0]); m++) {
		struct stage *s = up_grouped(minors[m]);

		for (unsigned i = 0; i < 600; i++) {
			memset(frame + 14, (int)i, sizeof(frame) - 14);
			rings_send(s, rings, frame, 100 + i, i + 1);
			rings_receive(rings, frame, 100 + i);
			frame_store_await(&s->edge->out, i + 1);
			assert_int_equal(s->edge->out.frames[i].length, 100 + i);
			assert_memory_equal(s->edge->out.frames[i].bytes, frame, 100 + i);
		}
		had_one_thread();
		stage_free(s);
	}
}

/* EvtPreAdvance, each queue, EvtPostAdvance; nothing of a round outside of it. */
static void a_round_has_its_order(void **state)
{
	struct stage *s = up_grouped(5);
	unsigned rounds = 0;
	bool inside = false;

	for (unsigned i = 0; i < 50; i++) {
		rings_send(s, rings, frame, 100, i + 1);
		rings_receive(rings, frame, 100);
	}
	stage_stop(s);
	pthread_mutex_lock(&rings->lock);
	for (unsigned i = 0; i < rings->stepCount; i++) {
		enum rings_step step = rings->steps[i];

		assert_int_equal(inside, step != RINGS_PRE && step != RINGS_ARMED &&
						 step != RINGS_DISARMED && step != RINGS_TASK);
		if (step == RINGS_PRE || step == RINGS_POST)
			inside = step == RINGS_PRE;
		rounds += step == RINGS_POST;
	}
	pthread_mutex_unlock(&rings->lock);
	assert_true(rounds >= 100);
	stage_free(s);
}

/* Armed after a round without work, once more round, then asleep; awake it is disarmed. */
static void its_notification_is_armed_before_it_sleeps(void **state)
{
	struct stage *s = up_grouped(5);
	unsigned at;

	rings_receive(rings, frame, 100);
	usleep(50000);
	forget_steps();
	act(RINGS_NOTIFY);
	usleep(100000);
	pthread_mutex_lock(&rings->lock);
	assert_true(rings->stepCount > 4);
	assert_int_equal(rings->steps[0], RINGS_DISARMED);
	assert_int_equal(rings->steps[1], RINGS_PRE);
	at = rings->stepCount - 1;
	assert_int_equal(rings->steps[at], RINGS_POST);
	while (rings->steps[at] != RINGS_ARMED)
		at--;
	assert_int_equal(rings->steps[at + 1], RINGS_PRE);
	pthread_mutex_unlock(&rings->lock);
	assert_int_equal(steps(RINGS_ARMED), 1);
	assert_int_equal(steps(RINGS_DISARMED), 1);
	stage_free(s);
}

static void a_task_runs_on_its_thread(void **state)
{
	struct stage *s = up_grouped(5);

	stage_enter(s);
	rings_receive(rings, frame, 100);
	act(RINGS_WAIT); /* it was never queued */
	act(RINGS_ENQUEUE);
	act(RINGS_WAIT);
	assert_int_equal(tasks_run(), 1);
	rings->inTask = RINGS_ENQUEUE; /* once more, from its own callback */
	act(RINGS_ENQUEUE);
	await_tasks(3);
	act(RINGS_WAIT);
	assert_int_equal(steps(RINGS_TASK), 3);
	had_one_thread();
	stage_free(s);
}

static void a_task_may_be_deleted_by_itself_and_by_others(void **state)
{
	struct stage *s = up_grouped(5);

	stage_enter(s);
	rings->inTask = RINGS_DELETE_TASK;
	act(RINGS_ENQUEUE);
	await_tasks(1);
	stage_free(s);

	s = up_grouped(5);
	stage_enter(s);
	act(RINGS_ENQUEUE);
	act(RINGS_DELETE_TASK); /* runs it first */
	assert_int_equal(tasks_run(), 1);
	stage_free(s);
}

static void queues_come_and_go(void **state)
{
	struct stage *s = up_grouped(5);

	for (unsigned i = 0; i < 20; i++) {
		rings_send(s, rings, frame, 100, i + 1);
		stage_stop(s);
		assert_int_equal(stage_start(s), STATUS_SUCCESS);
	}
	rings_receive(rings, frame, 100);
	stage_free(s);
}

/* ---- returning elements around a round ---- */

static void return_in_post(void)
{
	NET_RING *packets, *fragments;

	if (!rings->txRings)
		return;
	packets = NetRingCollectionGetPacketRing(rings->txRings);
	fragments = NetRingCollectionGetFragmentRing(rings->txRings);
	fragments->BeginIndex = fragments->EndIndex;
	packets->BeginIndex = packets->EndIndex;
}

static void elements_may_come_back_after_the_round(void **state)
{
	struct stage *s = open_grouped(5);
	struct dp_counters counters;

	rings->holds = TRUE;
	rings->inPost = return_in_post;
	rings_up(s, NULL);
	for (unsigned i = 0; i < 1000; i++)
		rings_send(s, rings, frame, 100, i + 1);
	dp_counters(s->dp, &counters);
	assert_int_equal(counters.tx_packets, 1000);
	stage_free(s);
}

static void elements_may_come_back_in_a_task(void **state)
{
	struct stage *s = open_grouped(5);
	struct dp_counters counters;

	rings->holds = TRUE;
	rings->inTaskToo = return_in_post;
	rings_up(s, NULL);
	stage_enter(s);
	for (unsigned i = 0; i < 300; i++) {
		rings_send(s, rings, frame, 100, i + 1);
		act(RINGS_ENQUEUE);
		act(RINGS_WAIT);
	}
	dp_counters(s->dp, &counters);
	assert_int_equal(counters.tx_packets, 300);
	stage_free(s);
}

/* ---- what is no right use; in a child ---- */

struct misdeed {
	unsigned minor;
	void (*set)(void);
	enum rings_act act;
};

static void do_misdeed(void *context)
{
	const struct misdeed *m = context;
	struct stage *s = open_grouped(m->minor);

	if (m->set)
		m->set();
	rings_up(s, NULL);
	stage_enter(s);
	rings_receive(rings, frame, 100);
	act(m->act);
	usleep(500000);
	stage_free(s);
}

#define BREAKS(what, ...)                                                 \
	for (size_t i = 0; i < sizeof(minors) / sizeof(minors[0]); i++) { \
		struct misdeed m = what;                                  \
		m.minor = minors[i];                                      \
		child_violates(do_misdeed, &m, __VA_ARGS__, NULL);        \
	}
#define MISDEED(...) ((struct misdeed){ __VA_ARGS__ })

static void no_callback(void)
{
	rings->badContext = RINGS_NO_CALLBACK;
}

static void bad_size(void)
{
	rings->badContext = RINGS_BAD_SIZE;
}

static void parent(void)
{
	rings->badContext = RINGS_PARENT;
}

static void task_parent(void)
{
	rings->badContext = RINGS_TASK_PARENT;
}

static void task_no_callback(void)
{
	rings->badContext = RINGS_TASK_NO_CALLBACK;
}

static void how_a_context_is_made(void **state)
{
	BREAKS(MISDEED(.set = no_callback), "violation 90 InvalidExecutionContextConfig",
	       "in NetExecutionContextCreate (", "EvtSetNotificationEnabled is NULL.");
	BREAKS(MISDEED(.set = bad_size), "violation 8 InvalidStructTypeSize",
	       "in NetExecutionContextCreate (", "NET_EXECUTION_CONTEXT_CONFIG.Size is 31");
	BREAKS(MISDEED(.set = parent), "violation 23 ParentObjectNotNull",
	       "in NetExecutionContextCreate (");
	BREAKS(MISDEED(.set = task_parent), "violation 23 ParentObjectNotNull",
	       "in NetExecutionContextTaskCreate (");
	BREAKS(MISDEED(.set = task_no_callback), "violation 15 ParameterCantBeNull",
	       "in NetExecutionContextTaskCreate (", "EvtTask is NULL.");
}

static void waits_in_task(void)
{
	rings->inTask = RINGS_WAIT;
}

static void deletes_in_task(void)
{
	rings->inTask = RINGS_DELETE_CONTEXT;
}

static void a_task_does_not_wait_for_itself(void **state)
{
	BREAKS(MISDEED(.set = waits_in_task, .act = RINGS_ENQUEUE),
	       "DRIVER_VERIFIER_DETECTED_VIOLATION in NetExecutionContextTaskWaitCompletion (",
	       "waits for a task of it");
}

static void a_context_in_use_is_not_deleted(void **state)
{
	BREAKS(MISDEED(.act = RINGS_DELETE_CONTEXT), "in WdfObjectDelete (",
	       "is a NETEXECUTIONCONTEXT in use by 2 packet queues.");
	BREAKS(MISDEED(.set = deletes_in_task, .act = RINGS_ENQUEUE), "in WdfObjectDelete (",
	       "is a NETEXECUTIONCONTEXT in use by 2 packet queues.");
}

/* The thread is kept from the task by a callback that lasts. */
static void linger(void)
{
	usleep(300000);
}

static void queue_twice(void *context)
{
	const struct misdeed *m = context;
	struct stage *s = open_grouped(m->minor);

	rings->inPost = linger;
	rings_up(s, NULL);
	stage_enter(s);
	act(RINGS_NOTIFY);
	usleep(50000);
	for (unsigned i = 0; i < 3; i++)
		act(RINGS_ENQUEUE);
	stage_free(s);
}

static void a_task_is_queued_once(void **state)
{
	for (size_t i = 0; i < sizeof(minors) / sizeof(minors[0]); i++) {
		struct misdeed m = { .minor = minors[i] };

		child_violates(queue_twice, &m, "violation 89 InvalidExecutionContextTask",
			       "in NetExecutionContextTaskEnqueue (", "is a task that is queued.",
			       NULL);
	}
}

/* ---- a queue's configuration with a context ---- */

static enum { NOTIFIES, NO_ADVANCE, NO_CANCEL, STALE } fault;

static void notifies(NETPACKETQUEUE queue, BOOLEAN enabled)
{
	(void)queue;
	(void)enabled;
}

static void spoil(struct rings_event *event)
{
	if (event->place != RINGS_CREATES || event->transmit)
		return;
	switch (fault) {
	case NOTIFIES:
		event->config->EvtSetNotificationEnabled = notifies;
		break;
	case NO_ADVANCE:
		event->config->EvtAdvance = NULL;
		break;
	case NO_CANCEL:
		event->config->EvtCancel = NULL;
		break;
	case STALE:
		event->config->ExecutionContext = (NETEXECUTIONCONTEXT)rings->adapter;
		break;
	}
}

static void spoils(void)
{
	rings->deed = spoil;
}

static void a_grouped_queue_leaves_notification_to_its_context(void **state)
{
	fault = NOTIFIES;
	BREAKS(MISDEED(.set = spoils), "violation 22 NetQueueInvalidConfiguration",
	       "in NetRxQueueCreate (", "0x19E, 16, 1.");
	fault = NO_ADVANCE;
	BREAKS(MISDEED(.set = spoils), "violation 22 NetQueueInvalidConfiguration",
	       "EvtAdvance is NULL.", "0x19E, 16, 2.");
	fault = NO_CANCEL;
	BREAKS(MISDEED(.set = spoils), "violation 22 NetQueueInvalidConfiguration",
	       "EvtCancel is NULL.", "0x19E, 16, 3.");
	fault = STALE;
	BREAKS(MISDEED(.set = spoils), "in NetRxQueueCreate (", "NETEXECUTIONCONTEXT");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_thread_goes_round_both_queues),
		cmocka_unit_test(a_round_has_its_order),
		cmocka_unit_test(its_notification_is_armed_before_it_sleeps),
		cmocka_unit_test(a_task_runs_on_its_thread),
		cmocka_unit_test(a_task_may_be_deleted_by_itself_and_by_others),
		cmocka_unit_test(queues_come_and_go),
		cmocka_unit_test(elements_may_come_back_after_the_round),
		cmocka_unit_test(elements_may_come_back_in_a_task),
		cmocka_unit_test(how_a_context_is_made),
		cmocka_unit_test(a_task_does_not_wait_for_itself),
		cmocka_unit_test(a_context_in_use_is_not_deleted),
		cmocka_unit_test(a_task_is_queued_once),
		cmocka_unit_test(a_grouped_queue_leaves_notification_to_its_context),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
