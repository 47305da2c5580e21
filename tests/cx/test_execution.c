/* SPDX-License-Identifier: MIT */
/* An execution: what its thread calls, in what order, and when it sleeps. */
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "cx/execution.h"
#include "stage/machine.h"
#include "stage/processors.h"

#define PATIENCE_MS 10000

/* What was called, in order, a letter each; the thread's, read when it sleeps. */
static struct {
	struct cx_execution execution;
	pthread_mutex_t lock;
	char calls[4096], idle[4096];
	_Atomic unsigned tasks;
	_Atomic int policy; /* of the thread's scheduling */
} bench = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void note(char call)
{
	size_t used;

	pthread_mutex_lock(&bench.lock);
	used = strlen(bench.calls);
	if (used + 1 < sizeof(bench.calls))
		bench.calls[used] = call;
	pthread_mutex_unlock(&bench.lock);
}

/* A queue: @work rounds have progress; @held rounds after its cancel nothing is returned. */
struct queue {
	struct cx_poll poll;
	char name; /* in small letters: a round; in capitals: begin, cancel, end with a sign */
	_Atomic int work, held;
	int fd;                  /* what it sleeps on; 0: nothing */
	_Atomic int ready, idle; /* so often it was woken: its fd was, or was not, readable */
};

static struct queue *queue_of(struct cx_poll *poll)
{
	return (struct queue *)poll;
}

static void begin(struct cx_poll *poll)
{
	note('(');
	note(queue_of(poll)->name);
}

static bool one_round(struct cx_poll *poll)
{
	bench.policy = sched_getscheduler(0);
	note(queue_of(poll)->name);
	return queue_of(poll)->work > 0 && queue_of(poll)->work--;
}

static void arm(struct cx_poll *poll)
{
	note('!');
	(void)poll;
}

static bool sleep_for_ever(struct cx_poll *poll, struct cx_poll_sleep *until)
{
	if (queue_of(poll)->fd)
		until->fd = queue_of(poll)->fd;
	return true;
}

static void woken(struct cx_poll *poll, bool ready)
{
	if (ready)
		queue_of(poll)->ready++;
	else
		queue_of(poll)->idle++;
}

static void cancel(struct cx_poll *poll)
{
	note('x');
	(void)poll;
}

static bool empty(struct cx_poll *poll)
{
	return queue_of(poll)->held <= 0;
}

static bool await(struct cx_poll *poll)
{
	queue_of(poll)->held--;
	return false;
}

static void end(struct cx_poll *poll)
{
	note(queue_of(poll)->name);
	note(')');
}

static const struct cx_poll_ops poll_ops = {
	.begin = begin,
	.round = one_round,
	.arm = arm,
	.sleep = sleep_for_ever,
	.woken = woken,
	.cancel = cancel,
	.empty = empty,
	.await = await,
	.end = end,
};

static void pre_advance(struct cx_execution *execution)
{
	assert_true(cx_execution_here(execution));
	note('<');
}

static void post_advance(struct cx_execution *execution)
{
	(void)execution;
	note('>');
}

static void set_notification(struct cx_execution *execution, bool enabled)
{
	(void)execution;
	note(enabled ? '+' : '-');
}

static void run_tasks(struct cx_execution *execution)
{
	(void)execution;
	note('t');
	bench.tasks++;
}

static const struct cx_execution_ops context_ops = {
	.pre_advance = pre_advance,
	.post_advance = post_advance,
	.set_notification = set_notification,
	.run_tasks = run_tasks,
};

static void forget_calls(void)
{
	pthread_mutex_lock(&bench.lock);
	memset(bench.calls, 0, sizeof(bench.calls));
	bench.idle[0] = '\0';
	pthread_mutex_unlock(&bench.lock);
}

static void start(struct test_machine *m, const struct cx_execution_ops *ops)
{
	forget_calls();
	bench.tasks = 0;
	assert_int_equal(cx_execution_init(&bench.execution, &m->machine, "test", ops), 0);
	assert_int_equal(cx_execution_run(&bench.execution), 0);
}

static void stop(void)
{
	cx_execution_end(&bench.execution);
	cx_execution_destroy(&bench.execution);
}

/*
 * The round that a wake-up for nothing costs: what came last in `calls` once more. A context is
 * disarmed before it; a queue alone is armed in the middle of it.
 */
static void remember_idle_round(const char *calls)
{
	const char *round = strrchr(calls, '+'), *disarm = round ? "-" : "";

	while (round && round > calls && *round != '<')
		round--;
	if (!round && strchr(calls, '!'))
		round = strrchr(calls, '!') - 1;
	snprintf(bench.idle, sizeof(bench.idle), "%s%s", disarm, round ? round : "");
}

/* Return: what is behind one idle round at the beginning; NULL: there is none. */
static const char *skip_idle_round(const char *seen)
{
	size_t length = strlen(bench.idle);

	return length && !strncmp(seen, bench.idle, length) ? seen + length : NULL;
}

static bool calls_are(const char *seen, const char *calls)
{
	if (strncmp(seen, calls, strlen(calls)) != 0)
		return false;
	remember_idle_round(calls);
	seen += strlen(calls);
	for (const char *rest = seen; rest; rest = skip_idle_round(rest))
		seen = rest;
	return !*seen;
}

/* Return: are the calls just these? Who notifies cannot know that the thread is up already, so
 * before and behind them there may be rounds that found nothing. */
static bool called(const char *seen, const char *calls)
{
	char idle[sizeof(bench.idle)];
	bool there = false;

	memcpy(idle, bench.idle, sizeof(idle));
	while (seen && !there) {
		there = calls_are(seen, calls);
		if (!there)
			memcpy(bench.idle, idle, sizeof(idle));
		seen = skip_idle_round(seen);
	}
	return there;
}

/* Did the thread call this since they were forgotten? */
static bool has_called(const char *calls)
{
	bool found;

	pthread_mutex_lock(&bench.lock);
	found = strstr(bench.calls, calls);
	pthread_mutex_unlock(&bench.lock);
	return found;
}

/* Until the thread has called just this, and sleeps. */
static void await_calls(const char *calls)
{
	bool there = false;
	char seen[sizeof(bench.calls)];

	for (unsigned i = 0; i < PATIENCE_MS && !there; i++) {
		usleep(1000);
		pthread_mutex_lock(&bench.lock);
		memcpy(seen, bench.calls, sizeof(seen));
		there = bench.execution.sleeping && called(seen, calls);
		if (there)
			memset(bench.calls, 0, sizeof(bench.calls));
		pthread_mutex_unlock(&bench.lock);
	}
	if (!there)
		fail_msg("called \"%s\" for \"%s\"", seen, calls);
}

static void add(struct queue *queue)
{
	assert_int_equal(cx_execution_add(&bench.execution, &queue->poll), 0);
}

static void take_out(struct queue *queue)
{
	cx_execution_remove(&bench.execution, &queue->poll);
	cx_execution_await(&bench.execution, &queue->poll);
}

/* 1809's order: a round without progress, armed, a round, sleep; no call ends the armed period. */
static void a_queue_alone_is_armed_before_its_thread_sleeps(void **state)
{
	struct queue a = { .poll.ops = &poll_ops, .name = 'a', .work = 2 };

	start(*state, NULL);
	add(&a);
	await_calls("(aaaa!a");
	cx_execution_notify(&bench.execution);
	await_calls("a!a");
	take_out(&a);
	assert_true(has_called("xa)"));
	stop();
}

/* structs-2x 9: pre-advance, the queues, post-advance; armed with TRUE, and FALSE when awake. */
static void a_context_goes_round_its_queues(void **state)
{
	struct queue a = { .poll.ops = &poll_ops, .name = 'a' },
		     b = { .poll.ops = &poll_ops, .name = 'b' };

	start(*state, &context_ops);
	await_calls("");
	add(&a);
	await_calls("(a<a>+!<a>");
	add(&b);
	await_calls("-(b<ab>+!!<ab>");
	b.work = 1;
	cx_execution_notify(&bench.execution);
	await_calls("-<ab><ab>+!!<ab>");
	take_out(&a);
	take_out(&b);
	stop();
}

static void work_while_armed_ends_the_armed_period(void **state)
{
	struct queue a = { .poll.ops = &poll_ops, .name = 'a' };

	start(*state, &context_ops);
	add(&a);
	await_calls("(a<a>+!<a>");
	a.work = 1;
	cx_execution_wake(&bench.execution);
	await_calls("-<a><a>+!<a>");
	take_out(&a);
	stop();
}

static void tasks_run_between_rounds_without_queues_too(void **state)
{
	struct queue a = { .poll.ops = &poll_ops, .name = 'a' };

	start(*state, &context_ops);
	cx_execution_call_tasks(&bench.execution);
	for (unsigned i = 0; i < PATIENCE_MS && !bench.tasks; i++)
		usleep(1000);
	assert_int_equal(bench.tasks, 1);
	await_calls("t<>+<>");
	add(&a);
	await_calls("-(a<a>+!<a>");
	cx_execution_call_tasks(&bench.execution);
	await_calls("-t<a>+!<a>");
	take_out(&a);
	stop();
}

/* What one queue's driver still holds does not keep the others from their work. */
static void a_queue_that_ends_leaves_the_others_running(void **state)
{
	struct queue a = { .poll.ops = &poll_ops, .name = 'a', .held = 3 };
	struct queue b = { .poll.ops = &poll_ops, .name = 'b' };

	start(*state, NULL);
	add(&a);
	add(&b);
	cx_execution_remove(&bench.execution, &a.poll);
	cx_execution_await(&bench.execution, &a.poll);
	assert_int_equal(a.held, 0);
	assert_true(has_called("a)"));
	forget_calls();
	b.work = 1;
	cx_execution_notify(&bench.execution);
	for (unsigned i = 0; i < PATIENCE_MS && b.work; i++)
		usleep(1000);
	assert_int_equal(b.work, 0);
	take_out(&b);
	stop();
}

static int counter_that_is(unsigned value)
{
	int fd = eventfd(value, EFD_NONBLOCK | EFD_CLOEXEC);

	assert_true(fd > 0);
	return fd;
}

static void await_number(const _Atomic int *number, int least)
{
	for (unsigned i = 0; i < PATIENCE_MS && *number < least; i++)
		usleep(1000);
	assert_in_range(*number, least, INT_MAX);
}

/*
 * One is readable for good, one never, one has none. A sleep that is none, for each that comes in
 * meanwhile, looks at nobody's.
 */
static void a_queue_learns_whether_its_own_fd_was_readable(void **state)
{
	struct queue a = { .poll.ops = &poll_ops, .name = 'a', .fd = counter_that_is(0) },
		     b = { .poll.ops = &poll_ops, .name = 'b', .fd = counter_that_is(1) },
		     c = { .poll.ops = &poll_ops, .name = 'c' };

	start(*state, NULL);
	add(&a);
	add(&b);
	add(&c);
	await_number(&a.idle, 10);
	await_number(&b.ready, 10);
	await_number(&c.ready, 10);
	assert_in_range(a.ready, 0, 3);
	assert_int_equal(b.idle, 0);
	assert_int_equal(c.idle, 0);
	take_out(&a);
	take_out(&b);
	take_out(&c);
	stop();
	close(a.fd);
	close(b.fd);
}

/* One that waits for its fd has its turn while another one's work goes on and on. */
static void work_without_end_keeps_nobody_from_its_fd(void **state)
{
	struct queue a = { .poll.ops = &poll_ops, .name = 'a', .work = INT_MAX },
		     b = { .poll.ops = &poll_ops, .name = 'b', .fd = counter_that_is(1) };

	start(*state, NULL);
	add(&a);
	add(&b);
	await_number(&b.ready, 10);
	assert_in_range(a.work, INT_MAX / 2, INT_MAX);
	assert_true(has_called("abab"));
	a.work = 0;
	take_out(&a);
	take_out(&b);
	stop();
	close(b.fd);
}

static void policy_is(struct test_machine *m, const struct cx_execution_ops *ops, int expected)
{
	struct queue q = { .poll.ops = &poll_ops, .name = 'q', .work = 1 };

	start(m, ops);
	assert_int_equal(cx_execution_add(&bench.execution, &q.poll), 0);
	for (unsigned i = 0; i < PATIENCE_MS && q.work; i++)
		usleep(1000);
	assert_int_equal(bench.policy, expected);
	take_out(&q);
	stop();
}

/* Contexts wake each other; whose queues have a thread of their own do not. */
static void contexts_take_turns_on_one_processor(void **state)
{
	cpu_set_t all;
	int count = processors_one(&all);

	policy_is(*state, &context_ops, SCHED_BATCH);
	policy_is(*state, NULL, SCHED_OTHER);
	processors_back(&all);
	if (count > 1)
		policy_is(*state, &context_ops, SCHED_OTHER);
}

static void too_many_queues_are_refused(void **state)
{
	static struct queue queues[CX_EXECUTION_POLLS + 1];
	struct test_machine *m = *state;

	assert_int_equal(cx_execution_init(&bench.execution, &m->machine, "test", NULL), 0);
	for (unsigned i = 0; i < CX_EXECUTION_POLLS; i++)
		assert_int_equal(cx_execution_add(&bench.execution, &queues[i].poll), 0);
	assert_int_equal(cx_execution_add(&bench.execution, &queues[CX_EXECUTION_POLLS].poll),
			 -E2BIG);
	cx_execution_destroy(&bench.execution);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_queue_alone_is_armed_before_its_thread_sleeps),
		cmocka_unit_test(a_context_goes_round_its_queues),
		cmocka_unit_test(work_while_armed_ends_the_armed_period),
		cmocka_unit_test(tasks_run_between_rounds_without_queues_too),
		cmocka_unit_test(a_queue_that_ends_leaves_the_others_running),
		cmocka_unit_test(a_queue_learns_whether_its_own_fd_was_readable),
		cmocka_unit_test(work_without_end_keeps_nobody_from_its_fd),
		cmocka_unit_test(contexts_take_turns_on_one_processor),
		cmocka_unit_test(too_many_queues_are_refused),
	};

	return cmocka_run_group_tests(tests, machine_set_up, machine_tear_down);
}
