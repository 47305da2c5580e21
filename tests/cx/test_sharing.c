/* SPDX-License-Identifier: MIT */
/*
 * Contexts with one processor: who is told of work by another is gone round for, while its own
 * thread sleeps.
 */
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <semaphore.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "cx/execution.h"
#include "stage/machine.h"
#include "stage/processors.h"

#define PATIENCE_MS 10000

/* A context with one queue; its thread's, but for the atomics. */
struct side {
	struct cx_execution execution; /* the first member */
	struct cx_poll poll;
	_Atomic int work;      /* rounds that have progress */
	_Atomic int worker;    /* the thread that the last of them ran on */
	_Atomic int woken;     /* its thread has slept, and sleeps no more */
	_Atomic int sleeper;   /* the thread that this was */
	_Atomic int task_runs; /* the thread that a task ran on; 0: none has */
	int fd, next_fd;       /* what it sleeps on, and after its next progress; -1: nothing */
	struct side *peer;     /* gets work with each progress, and is told */
	_Atomic int tells;     /* so often yet */
	bool gives_task;       /* and a task */
	bool waits;            /* for `go_on`, once it has told */
	struct side *helper; /* of a task: is told, and has to be done with it before the task is */
};

static struct side left, right, third;
static sem_t told, go_on;

static struct side *of(struct cx_poll *poll)
{
	return (struct side *)((char *)poll - offsetof(struct side, poll));
}

static void nothing(struct cx_poll *poll)
{
	(void)poll;
}

static void tell(struct side *peer, bool task)
{
	peer->work++;
	if (task)
		cx_execution_call_tasks(&peer->execution);
	cx_execution_notify(&peer->execution);
}

static bool one_round(struct cx_poll *poll)
{
	struct side *side = of(poll);

	assert_true(cx_execution_here(&side->execution));
	if (!side->work)
		return false;
	side->worker = gettid();
	side->fd = side->next_fd;
	if (side->peer && side->tells-- > 0)
		tell(side->peer, side->gives_task);
	if (side->waits) {
		sem_post(&told);
		sem_wait(&go_on);
	}
	side->work--;
	return true;
}

static bool sleep_on(struct cx_poll *poll, struct cx_poll_sleep *until)
{
	until->fd = of(poll)->fd;
	return true;
}

static void woken(struct cx_poll *poll, bool ready)
{
	(void)ready;
	of(poll)->woken++;
	of(poll)->sleeper = gettid();
}

static bool yes(struct cx_poll *poll)
{
	(void)poll;
	return true;
}

static const struct cx_poll_ops poll_ops = {
	.begin = nothing,
	.round = one_round,
	.arm = nothing,
	.sleep = sleep_on,
	.woken = woken,
	.cancel = nothing,
	.empty = yes,
	.await = yes,
	.end = nothing,
};

static void set_notification(struct cx_execution *execution, bool enabled)
{
	assert_true(cx_execution_here(execution));
	(void)enabled;
}

static void run_tasks(struct cx_execution *execution)
{
	struct side *side = (struct side *)execution;

	side->task_runs = gettid();
	if (!side->helper)
		return;
	tell(side->helper, false);
	for (unsigned i = 0; i < PATIENCE_MS && side->helper->work; i++)
		usleep(1000);
	assert_int_equal(side->helper->work, 0);
}

static const struct cx_execution_ops context_ops = { .set_notification = set_notification,
						     .run_tasks = run_tasks };

static cpu_set_t all;

static void await_sleep(struct side *side)
{
	for (unsigned i = 0; i < PATIENCE_MS && !(side->execution.sleeping && !side->work); i++)
		usleep(1000);
	assert_int_equal(side->work, 0);
	/* Now it has said that it sleeps; and now it does. */
	pthread_mutex_lock(&side->execution.turn);
	pthread_mutex_unlock(&side->execution.turn);
}

static void begin(struct side *side, struct test_machine *m)
{
	*side = (struct side){ .poll.ops = &poll_ops, .fd = -1, .next_fd = -1, .tells = INT_MAX };
	assert_int_equal(cx_execution_init(&side->execution, &m->machine, "test", &context_ops), 0);
	assert_int_equal(cx_execution_run(&side->execution), 0);
	side->work = 1;
	assert_int_equal(cx_execution_add(&side->execution, &side->poll), 0);
	await_sleep(side);
}

/* Both asleep, after a round of their own threads. */
static void begin_both(struct test_machine *m)
{
	processors_one(&all);
	begin(&left, m);
	begin(&right, m);
	assert_int_not_equal(left.worker, right.worker);
	left.peer = &right;
}

static void finish(struct side *side)
{
	cx_execution_remove(&side->execution, &side->poll);
	cx_execution_await(&side->execution, &side->poll);
	cx_execution_end(&side->execution);
	cx_execution_destroy(&side->execution);
}

static void finish_both(void)
{
	finish(&left);
	finish(&right);
	processors_back(&all);
}

static void who_is_told_sleeps_on(void **state)
{
	int slept;

	begin_both(*state);
	slept = right.woken;
	for (unsigned i = 0; i < 100; i++) {
		tell(&left, false);
		await_sleep(&left);
		await_sleep(&right);
	}
	assert_int_equal(right.worker, left.worker);
	assert_int_equal(right.woken, slept);
	finish_both();
}

/* Each tells the other, as a pair's adapters do. */
static void both_tell_each_other(void **state)
{
	int slept;

	begin_both(*state);
	right.peer = &left;
	left.tells = right.tells = 50;
	slept = right.woken;
	tell(&left, false);
	await_sleep(&left);
	await_sleep(&right);
	assert_true(left.tells <= 0 && right.tells <= 0);
	assert_int_equal(right.woken, slept);
	assert_int_equal(right.worker, left.worker);
	finish_both();
}

/* Who is told by one that is gone round for is woken: else the first would never come back. */
static void three_in_a_ring_keep_nobody(void **state)
{
	begin_both(*state);
	begin(&third, *state);
	left.tells = 1;
	right.peer = &third;
	third.peer = &right;
	tell(&left, false);
	await_sleep(&left);
	while (third.tells > INT_MAX - 100)
		usleep(1000);
	cx_execution_remove(&left.execution, &left.poll);
	cx_execution_await(&left.execution, &left.poll);
	right.tells = third.tells = 0;
	cx_execution_end(&left.execution);
	cx_execution_destroy(&left.execution);
	await_sleep(&right);
	await_sleep(&third);
	finish(&third);
	finish(&right);
	processors_back(&all);
}

/* A task may wait for what it has told of. */
static void a_task_is_not_waited_for(void **state)
{
	begin_both(*state);
	left.helper = &right;
	left.peer = NULL;
	cx_execution_call_tasks(&left.execution);
	for (unsigned i = 0; i < PATIENCE_MS && !(left.task_runs && left.execution.sleeping); i++)
		usleep(1000);
	assert_int_equal(left.task_runs, left.sleeper);
	assert_int_equal(right.work, 0);
	assert_int_equal(right.worker, right.sleeper);
	finish_both();
}

/* More than is a visit's work. */
static void who_has_much_to_do_does_it_itself(void **state)
{
	begin_both(*state);
	right.work = 10000;
	tell(&left, false);
	await_sleep(&left);
	await_sleep(&right);
	assert_int_not_equal(right.worker, left.worker);
	assert_int_equal(right.worker, right.sleeper);
	finish_both();
}

/* What it waits for has changed meanwhile: its thread looks at that. */
static void a_sleeper_waits_for_what_is_of_now(void **state)
{
	int fd = eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC), slept;

	assert_true(fd > 0);
	begin_both(*state);
	slept = right.woken;
	right.next_fd = fd;
	tell(&left, false);
	for (unsigned i = 0; i < PATIENCE_MS && right.woken < slept + 10; i++)
		usleep(1000);
	assert_in_range(right.woken, slept + 10, INT_MAX);
	finish_both();
	close(fd);
}

/* A task may wait, for the thread that tells too. */
static void tasks_are_its_own_threads(void **state)
{
	begin_both(*state);
	left.gives_task = true;
	tell(&left, false);
	await_sleep(&left);
	await_sleep(&right);
	assert_int_equal(right.task_runs, right.sleeper);
	assert_int_not_equal(right.task_runs, left.worker);
	finish_both();
}

/* Return: how many owe it a round. */
static unsigned look_at(struct side *side, bool *ending)
{
	unsigned creditors;

	pthread_mutex_lock(&side->execution.lock);
	creditors = side->execution.creditors;
	*ending = side->execution.ending;
	pthread_mutex_unlock(&side->execution.lock);
	return creditors;
}

static void *finish_right(void *unused)
{
	finish(&right);
	memset(&right, 0xFF, sizeof(right));
	return unused;
}

/* One that is told, and ends before the round that told it does. */
static void one_that_ends_is_let_alone(void **state)
{
	pthread_t thread;
	bool ending;

	begin_both(*state);
	left.waits = true;
	right.work = -1; /* that round's, for nothing */
	tell(&left, false);
	sem_wait(&told);
	assert_int_equal(look_at(&right, &ending), 1);
	assert_int_equal(pthread_create(&thread, NULL, finish_right, NULL), 0);
	while (!ending) {
		usleep(1000);
		assert_int_equal(look_at(&right, &ending), 1);
	}
	usleep(20000);
	assert_int_equal(look_at(&right, &ending), 1);
	sem_post(&go_on);
	pthread_join(thread, NULL);
	await_sleep(&left);
	finish(&left);
	processors_back(&all);
}

/* With processors for both, each has its own. */
static void with_more_processors_each_is_woken(void **state)
{
	int slept;

	assert_int_equal(sched_getaffinity(0, sizeof(all), &all), 0);
	if (CPU_COUNT(&all) < 2)
		skip();
	begin(&left, *state);
	begin(&right, *state);
	left.peer = &right;
	slept = right.woken;
	tell(&left, false);
	await_sleep(&left);
	for (unsigned i = 0; i < PATIENCE_MS && right.woken == slept; i++)
		usleep(1000);
	await_sleep(&right);
	assert_int_equal(right.worker, right.sleeper);
	assert_in_range(right.woken, slept + 1, INT_MAX);
	finish_both();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_is_told_sleeps_on),
		cmocka_unit_test(both_tell_each_other),
		cmocka_unit_test(three_in_a_ring_keep_nobody),
		cmocka_unit_test(a_task_is_not_waited_for),
		cmocka_unit_test(who_has_much_to_do_does_it_itself),
		cmocka_unit_test(a_sleeper_waits_for_what_is_of_now),
		cmocka_unit_test(tasks_are_its_own_threads),
		cmocka_unit_test(one_that_ends_is_let_alone),
		cmocka_unit_test(with_more_processors_each_is_woken),
	};

	sem_init(&told, 0, 0);
	sem_init(&go_on, 0, 0);
	return cmocka_run_group_tests(tests, machine_set_up, machine_tear_down);
}
