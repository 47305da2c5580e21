/* SPDX-License-Identifier: MIT */
/* Events, timers, clocks, the worker. */
#include "base/clock.h"
#include "nt/irql.h"
#include "nt/timer.h"
#include "nt/worker.h"
#include "stage/machine.h"

static LARGE_INTEGER ms(LONGLONG count)
{
	return (LARGE_INTEGER){ .QuadPart = -count * 10000 };
}

static NTSTATUS wait_for(PVOID object, LONGLONG milliseconds)
{
	LARGE_INTEGER timeout = ms(milliseconds);

	return KeWaitForSingleObject(object, Executive, KernelMode, FALSE, &timeout);
}

static void a_notification_event_stays_signaled(void **state)
{
	KEVENT event;

	KeInitializeEvent(&event, NotificationEvent, FALSE);
	assert_int_equal(wait_for(&event, 0), STATUS_TIMEOUT);
	assert_int_equal(KeSetEvent(&event, 0, FALSE), 0);
	assert_int_equal(KeSetEvent(&event, 0, FALSE), 1);
	assert_int_equal(wait_for(&event, 1000), STATUS_SUCCESS);
	assert_int_equal(wait_for(&event, 0), STATUS_SUCCESS);
	KeClearEvent(&event);
	assert_int_equal(KeReadStateEvent(&event), 0);
	assert_int_equal(wait_for(&event, 1), STATUS_TIMEOUT);
}

static void a_synchronization_event_lets_one_through(void **state)
{
	KEVENT event;

	KeInitializeEvent(&event, SynchronizationEvent, TRUE);
	assert_int_equal(wait_for(&event, 1000), STATUS_SUCCESS);
	assert_int_equal(wait_for(&event, 1), STATUS_TIMEOUT);
}

struct pair {
	struct nt_machine *machine;
	KEVENT go, done;
};

static void *answer(void *context)
{
	struct pair *pair = context;

	nt_thread_enter(pair->machine);
	KeWaitForSingleObject(&pair->go, Executive, KernelMode, FALSE, NULL);
	KeSetEvent(&pair->done, 0, FALSE);
	nt_thread_leave();
	return NULL;
}

static void threads_wake_each_other(void **state)
{
	struct test_machine *m = *state;
	struct pair pair = { .machine = &m->machine };
	pthread_t thread;

	KeInitializeEvent(&pair.go, SynchronizationEvent, FALSE);
	KeInitializeEvent(&pair.done, NotificationEvent, FALSE);
	pthread_create(&thread, NULL, answer, &pair);
	assert_int_equal(wait_for(&pair.done, 5), STATUS_TIMEOUT);
	KeSetEvent(&pair.go, 0, FALSE);
	assert_int_equal(wait_for(&pair.done, 5000), STATUS_SUCCESS);
	pthread_join(thread, NULL);
}

static void an_absolute_timeout_is_of_the_system_clock(void **state)
{
	LARGE_INTEGER now, until;
	uint64_t start = clock_ns();
	KEVENT event;

	KeInitializeEvent(&event, NotificationEvent, FALSE);
	KeQuerySystemTime(&now);
	until.QuadPart = now.QuadPart + 20 * 10000;
	assert_int_equal(KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &until),
			 STATUS_TIMEOUT);
	assert_true(clock_ns() - start >= 15000000);
}

static void wait_at_dispatch(void *context)
{
	KEVENT event;

	KeInitializeEvent(&event, NotificationEvent, FALSE);
	KeRaiseIrqlToDpcLevel();
	wait_for(&event, 10);
}

static void waiting_at_dispatch_level_ends_the_driver(void **state)
{
	child_violates(wait_at_dispatch, NULL, "IRQL_NOT_LESS_OR_EQUAL in KeWaitForSingleObject",
		       "called at IRQL 2", NULL);
}

static void timer_dpc(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
	__atomic_fetch_add((int *)context, 1 + 100 * (KeGetCurrentIrql() != DISPATCH_LEVEL),
			   __ATOMIC_SEQ_CST);
}

static void a_timer_signals_and_queues_its_dpc(void **state)
{
	int fired = 0;
	KTIMER timer;
	KDPC dpc;

	KeInitializeTimer(&timer);
	KeInitializeDpc(&dpc, timer_dpc, &fired);
	assert_false(KeSetTimer(&timer, ms(5), &dpc));
	assert_int_equal(wait_for(&timer, 5000), STATUS_SUCCESS);
	for (int i = 0; i < 1000 && !__atomic_load_n(&fired, __ATOMIC_SEQ_CST); i++)
		KeStallExecutionProcessor(1000);
	assert_int_equal(__atomic_load_n(&fired, __ATOMIC_SEQ_CST), 1);
	assert_false(KeCancelTimer(&timer));
}

static void a_set_timer_can_be_moved_and_cancelled(void **state)
{
	KTIMER timer;

	KeInitializeTimerEx(&timer, SynchronizationTimer);
	assert_false(KeSetTimer(&timer, ms(100000), NULL));
	assert_true(KeSetTimer(&timer, ms(1), NULL));
	assert_int_equal(wait_for(&timer, 5000), STATUS_SUCCESS);
	assert_int_equal(wait_for(&timer, 1), STATUS_TIMEOUT);
	assert_false(KeSetTimerEx(&timer, ms(1), 1, NULL));
	for (int i = 0; i < 3; i++)
		assert_int_equal(wait_for(&timer, 5000), STATUS_SUCCESS);
	KeCancelTimer(&timer);
	nt_timer_cancel(((struct test_machine *)*state)->machine.timers,
			(struct nt_timer *)&timer.DueTime, true);
}

static void clocks_advance(void **state)
{
	LARGE_INTEGER frequency, before = KeQueryPerformanceCounter(&frequency);
	uint64_t start = clock_ns(), ticks = ReadTimeStampCounter();

	assert_int_equal(frequency.QuadPart, 10000000);
	KeStallExecutionProcessor(50);
	assert_true(ReadTimeStampCounter() > ticks);
	assert_true(clock_ns() - start >= 50000);
	KeStallExecutionProcessor(500);
	assert_true(KeQueryPerformanceCounter(NULL).QuadPart - before.QuadPart >= 5500);
}

static void append(void *context)
{
	char *text = context;

	strcat(text, KeGetCurrentIrql() == PASSIVE_LEVEL ? "p" : "?");
}

struct nested {
	struct nt_worker *worker;
	char *text;
};

static void call_nested(void *context)
{
	struct nested *nested = context;

	nt_worker_call(nested->worker, append, nested->text);
	strcat(nested->text, "n");
}

static void a_worker_runs_in_order_and_finishes_before_it_ends(void **state)
{
	struct test_machine *m = *state;
	struct nt_worker *worker = nt_worker_create(&m->machine, "test");
	char text[32] = "";
	struct nested nested = { worker, text };

	assert_non_null(worker);
	assert_int_equal(nt_worker_post(worker, append, text), 0);
	nt_worker_call(worker, call_nested, &nested);
	assert_string_equal(text, "ppn");
	assert_int_equal(nt_worker_post(worker, append, text), 0);
	nt_worker_destroy(worker);
	assert_string_equal(text, "ppnp");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, machine_set_up, machine_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_notification_event_stays_signaled),
		TEST(a_synchronization_event_lets_one_through),
		TEST(threads_wake_each_other),
		TEST(an_absolute_timeout_is_of_the_system_clock),
		TEST(waiting_at_dispatch_level_ends_the_driver),
		TEST(a_timer_signals_and_queues_its_dpc),
		TEST(a_set_timer_can_be_moved_and_cancelled),
		TEST(clocks_advance),
		TEST(a_worker_runs_in_order_and_finishes_before_it_ends),
	};

	return cmocka_run_group_tests_name("nt wait", tests, NULL, NULL);
}
