/* SPDX-License-Identifier: MIT */
/* Waits that cannot end: circles of locks, a DPC that waits for itself, what is no lock. */
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "nt/deadlock.h"
#include "nt/irql.h"
#include "nt/worker.h"
#include "stage/machine.h"

#define THREADS 3

/* Each thread takes its lock, then, when all have theirs, the next one's. */
struct circle {
	struct nt_machine *machine;
	KSPIN_LOCK locks[THREADS];
	unsigned count;
	atomic_uint taken, next;
};

static void *take_two(void *context)
{
	struct circle *circle = context;
	unsigned mine = circle->next++;
	char name[16];

	snprintf(name, sizeof(name), "%c-thread", (char)(0x41 + mine));
	pthread_setname_np(pthread_self(), name);
	nt_thread_enter(circle->machine);
	KeRaiseIrqlToDpcLevel();
	KeAcquireSpinLockAtDpcLevel(&circle->locks[mine]);
	circle->taken++;
	while (circle->taken < circle->count)
		sched_yield();
	KeAcquireSpinLockAtDpcLevel(&circle->locks[(mine + 1) % circle->count]);
	KeMemoryBarrier();
	return NULL;
}

static void take_in_a_circle(void *context)
{
	struct circle circle = { .machine = nt_machine(), .count = *(unsigned *)context };
	pthread_t thread;

	for (unsigned i = 0; i < circle.count; i++)
		pthread_create(&thread, NULL, take_two, &circle);
	for (;;)
		pause();
}

static VOID flush(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
	KeFlushQueuedDpcs();
}

static void flush_in_dpc(void *context)
{
	KDPC dpc;

	KeInitializeDpc(&dpc, flush, NULL);
	KeInsertQueueDpc(&dpc, NULL, NULL);
}

static void take_what_is_no_lock(void *context)
{
	KSPIN_LOCK lock = 0xAAAAAAAAAAAAAAAA;
	KIRQL irql;

	KeAcquireSpinLock(&lock, &irql);
}

static void waits_without_an_end_are_named(void **state)
{
	unsigned two = 2, three = 3;

	child_violates(
		take_in_a_circle, &two,
		"violation 0xC4 DRIVER_VERIFIER_DETECTED_VIOLATION in "
		"KeAcquireSpinLockAtDpcLevel: deadlock: KeAcquireSpinLockAtDpcLevel on thread ",
		"on thread A-thread", "on thread B-thread", "bug check 0xC4, 1001", NULL);
	child_violates(take_in_a_circle, &three, ": deadlock: ", "on thread A-thread",
		       "on thread B-thread", "on thread C-thread", " waits for the first", NULL);
	child_violates(flush_in_dpc, NULL, "0xA IRQL_NOT_LESS_OR_EQUAL in KeFlushQueuedDpcs",
		       "it was called inside a DPC", NULL);
	child_violates(take_what_is_no_lock, NULL,
		       "0xC4 DRIVER_VERIFIER_DETECTED_VIOLATION in KeAcquireSpinLock: ",
		       "is 0xaaaaaaaaaaaaaaaa, which no thread has put there",
		       "bug check 0xC4, 1002", NULL);
}

/* ---- what ends, however long it takes ---- */

struct contest {
	struct nt_machine *machine;
	struct nt_worker *worker;
	KSPIN_LOCK outer, inner;
	unsigned long count;
};

static void add(void *context)
{
	struct contest *contest = context;
	KIRQL irql, again;

	KeAcquireSpinLock(&contest->outer, &irql);
	KeAcquireSpinLock(&contest->inner, &again);
	contest->count++;
	KeStallExecutionProcessor(200); /* sleeps: the others wait for long */
	KeReleaseSpinLock(&contest->inner, again);
	KeReleaseSpinLock(&contest->outer, irql);
}

static void *contend(void *context)
{
	struct contest *contest = context;

	nt_thread_enter(contest->machine);
	for (int i = 0; i < 100; i++) {
		add(contest);
		nt_worker_call(contest->worker, add, contest);
	}
	nt_thread_leave();
	return NULL;
}

static void locks_in_one_order_may_be_waited_for(void **state)
{
	struct contest contest = { .machine = nt_machine() };
	pthread_t threads[4];

	contest.worker = nt_worker_create(contest.machine, "worker");
	assert_non_null(contest.worker);
	for (size_t i = 0; i < ARRAYSIZE(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, contend, &contest), 0);
	for (size_t i = 0; i < ARRAYSIZE(threads); i++)
		pthread_join(threads[i], NULL);
	nt_worker_destroy(contest.worker);
	assert_int_equal(contest.count, ARRAYSIZE(threads) * 200);
}

struct keeper {
	struct nt_machine *machine;
	KSPIN_LOCK lock;
	atomic_bool has;
};

static void *keep_for_a_while(void *context)
{
	struct keeper *keeper = context;
	KIRQL irql;

	nt_thread_enter(keeper->machine);
	KeAcquireSpinLock(&keeper->lock, &irql);
	keeper->has = true;
	usleep(200000);
	KeReleaseSpinLock(&keeper->lock, irql);
	nt_thread_leave();
	return NULL;
}

static void a_lock_that_is_kept_for_long_is_no_deadlock(void **state)
{
	struct keeper keeper = { .machine = nt_machine() };
	pthread_t thread;
	KIRQL irql;

	assert_int_equal(pthread_create(&thread, NULL, keep_for_a_while, &keeper), 0);
	while (!keeper.has)
		sched_yield();
	KeAcquireSpinLock(&keeper.lock, &irql);
	KeReleaseSpinLock(&keeper.lock, irql);
	pthread_join(thread, NULL);
}

static void run_note(void *context)
{
	strcat(context, "a");
}

static void run_other(void *context)
{
	strcat(context, "b");
}

struct posted {
	struct nt_worker *worker;
	char text[16];
};

static void run_out_of_turn(void *context)
{
	struct posted *posted = context;

	nt_worker_post(posted->worker, run_note, posted->text);
	nt_worker_post(posted->worker, run_other, posted->text);
	assert_true(nt_worker_run_posted(posted->worker, run_other, posted->text));
	assert_false(nt_worker_run_posted(posted->worker, run_other, posted->text));
	nt_worker_post(posted->worker, run_other, posted->text);
}

static void posted_work_can_be_run_out_of_turn(void **state)
{
	struct posted posted = { .worker = nt_worker_create(nt_machine(), "worker") };

	assert_non_null(posted.worker);
	nt_worker_call(posted.worker, run_out_of_turn, &posted);
	nt_worker_destroy(posted.worker);
	assert_string_equal(posted.text, "bab");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, machine_set_up, machine_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(waits_without_an_end_are_named),
		TEST(locks_in_one_order_may_be_waited_for),
		TEST(a_lock_that_is_kept_for_long_is_no_deadlock),
		TEST(posted_work_can_be_run_out_of_turn),
	};

	return cmocka_run_group_tests_name("nt deadlock", tests, NULL, NULL);
}
