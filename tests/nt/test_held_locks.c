/* SPDX-License-Identifier: MIT */
/* Locks that are still held where they must not be, and those that may be. */
#include <pthread.h>
#include <stdatomic.h>

#include "nt/callback.h"
#include "nt/held_locks.h"
#include "nt/irql.h"
#include "nt/left_behind.h"
#include "stage/machine.h"

#define TEST_TAG 0x74736554 /* "Test" */
#define VERIFIER "violation 0xC4 DRIVER_VERIFIER_DETECTED_VIOLATION in "

static KSPIN_LOCK FirstLock, SecondLock;

static void returned_with_a_lock(void *context)
{
	struct nt_callback callback;

	nt_callback_enter(&callback, "net", "EvtSomething");
	KeAcquireSpinLockRaiseToDpc(&FirstLock);
	nt_callback_leave(&callback);
}

static void tried_and_returned(void *context)
{
	struct nt_callback callback;

	KeRaiseIrqlToDpcLevel();
	nt_callback_enter(&callback, "", "KDEFERRED_ROUTINE");
	KeTryToAcquireSpinLockAtDpcLevel(&FirstLock);
	nt_callback_leave(&callback);
}

static void lowered_with_a_lock(void *context)
{
	KIRQL irql = KeRaiseIrqlToDpcLevel();

	KeAcquireSpinLockAtDpcLevel(&FirstLock);
	KeLowerIrql(irql);
}

static void released_the_first_first(void *context)
{
	KIRQL first, second;

	KeAcquireSpinLock(&FirstLock, &first);
	KeAcquireSpinLock(&SecondLock, &second);
	KeReleaseSpinLock(&FirstLock, first);
	KeReleaseSpinLock(&SecondLock, second);
}

static VOID give_back_too_little(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
	KIRQL irql;

	KeAcquireSpinLock(&FirstLock, &irql);
	KeReleaseSpinLock(&FirstLock, PASSIVE_LEVEL);
}

static void lowered_in_a_dpc(void *context)
{
	KDPC dpc;

	KeInitializeDpc(&dpc, give_back_too_little, NULL);
	KeInsertQueueDpc(&dpc, NULL, NULL);
}

static void initialised_while_held(void *context)
{
	KIRQL irql;

	KeAcquireSpinLock(&FirstLock, &irql);
	KeInitializeSpinLock(&FirstLock);
}

static void freed_while_held(void *context)
{
	KSPIN_LOCK *lock = ExAllocatePoolWithTag(NonPagedPoolNx, 64, TEST_TAG);

	KeInitializeSpinLock(lock + 3);
	KeAcquireSpinLockRaiseToDpc(lock + 3);
	ExFreePoolWithTag(lock, TEST_TAG);
}

static void taken_twice(void *context)
{
	KIRQL irql;

	KeAcquireSpinLock(&FirstLock, &irql);
	KeAcquireSpinLockAtDpcLevel(&FirstLock);
}

static void what_is_left_held_is_named(void **state)
{
	child_violates(returned_with_a_lock, NULL, VERIFIER "EvtSomething (driver \"net\"): ",
		       "it returned with the spin lock 0x",
		       "(FirstLock), which returned_with_a_lock test_held_locks.c:",
		       "took in EvtSomething.", "bug check 0xC4, 100A", NULL);
	child_violates(tried_and_returned, NULL, VERIFIER "KDEFERRED_ROUTINE: ",
		       "(FirstLock), which tried_and_returned test_held_locks.c:", NULL);
	child_violates(lowered_with_a_lock, NULL, VERIFIER "KeLowerIrql: ",
		       "IRQL was to drop from 2 to 0 with the spin lock 0x",
		       "(FirstLock), which lowered_with_a_lock test_held_locks.c:", NULL);
	child_violates(released_the_first_first, NULL, VERIFIER "KeReleaseSpinLock: ",
		       "(SecondLock), which released_the_first_first test_held_locks.c:", NULL);
	child_violates(lowered_in_a_dpc, NULL, VERIFIER "KeReleaseSpinLock: ",
		       "KDEFERRED_ROUTINE was called at IRQL 2, and lowers it to 0", NULL);
	child_violates(initialised_while_held, NULL,
		       VERIFIER "KeInitializeSpinLock: ", "(FirstLock)", "bug check 0xC4, 1005",
		       NULL);
	child_violates(freed_while_held, NULL, VERIFIER "ExFreePoolWithTag: ",
		       "in the pool block that is freed lies the spin lock 0x",
		       "which freed_while_held test_held_locks.c:", "bug check 0xC4, 100B", NULL);
	child_violates(taken_twice, NULL,
		       "0xF SPIN_LOCK_ALREADY_OWNED in KeAcquireSpinLockAtDpcLevel",
		       "(FirstLock), which taken_twice test_held_locks.c:", NULL);
}

/* ---- on another thread ---- */

/* It does something at DISPATCH_LEVEL and stays there until the other has looked. */
struct other {
	struct nt_machine *machine;
	void (*act)(struct other *other);
	atomic_bool done, end;
	pthread_t thread;
	KSPIN_LOCK *lock;
	KDPC *dpc;
};

static void *run_other(void *context)
{
	struct other *other = context;
	KIRQL irql;

	nt_thread_enter(other->machine);
	irql = KeRaiseIrqlToDpcLevel();
	other->act(other);
	other->done = true;
	while (!other->end)
		sched_yield();
	KeLowerIrql(irql);
	nt_thread_leave();
	return NULL;
}

static void start_other(struct other *other, void (*act)(struct other *other))
{
	other->machine = nt_machine();
	other->act = act;
	assert_int_equal(pthread_create(&other->thread, NULL, run_other, other), 0);
	while (!other->done)
		sched_yield();
}

static void end_other(struct other *other)
{
	other->end = true;
	pthread_join(other->thread, NULL);
}

static void take_lock(struct other *other)
{
	KeAcquireSpinLockAtDpcLevel(other->lock);
	KeMemoryBarrier(); /* not its last call: the report has its line */
}

static VOID count(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
	++*(atomic_int *)context;
}

static void queue_dpc(struct other *other)
{
	KeInsertQueueDpc(other->dpc, NULL, NULL);
}

static void released_by_another(void *context)
{
	struct other other = { .lock = &FirstLock };

	start_other(&other, take_lock);
	KeRaiseIrqlToDpcLevel();
	KeReleaseSpinLockFromDpcLevel(&FirstLock);
}

static void freed_under_another(void *context)
{
	struct other other = { .lock = ExAllocatePoolWithTag(NonPagedPoolNx, 64, TEST_TAG) };

	KeInitializeSpinLock(other.lock);
	start_other(&other, take_lock);
	ExFreePool(other.lock);
}

static void ended_with_a_lock(void *context)
{
	struct other other = { .lock = &FirstLock };

	start_other(&other, take_lock);
	end_other(&other);
}

static KDPC *make_dpc(atomic_int *counter)
{
	KDPC *dpc = ExAllocatePoolWithTag(NonPagedPoolNx, sizeof(*dpc), TEST_TAG);

	KeInitializeDpc(dpc, count, counter);
	return dpc;
}

static void freed_in_anothers_queue(void *context)
{
	struct other other = { .dpc = make_dpc(context) };

	start_other(&other, queue_dpc);
	ExFreePool(other.dpc);
}

static void initialised_in_anothers_queue(void *context)
{
	struct other other = { .dpc = make_dpc(context) };

	start_other(&other, queue_dpc);
	KeInitializeDpc(other.dpc, count, context);
}

static void what_another_thread_holds_is_named(void **state)
{
	atomic_int counter = 0;

	child_violates(released_by_another, NULL,
		       "0x10 SPIN_LOCK_NOT_OWNED in KeReleaseSpinLockFromDpcLevel: another thread "
		       "holds the spin lock 0x",
		       "(FirstLock), which take_lock test_held_locks.c:", NULL);
	child_violates(freed_under_another, NULL,
		       VERIFIER "ExFreePool: ", "which take_lock test_held_locks.c:", NULL);
	child_violates(ended_with_a_lock, NULL,
		       VERIFIER "KeLowerIrql: ", "which take_lock test_held_locks.c:", NULL);
	child_violates(freed_in_anothers_queue, &counter,
		       "0xC7 TIMER_OR_DPC_INVALID in ExFreePool: the KDPC at 0x",
		       ", of count test_held_locks.c:", "is queued", NULL);
	child_violates(initialised_in_anothers_queue, &counter,
		       "0xC7 TIMER_OR_DPC_INVALID in KeInitializeDpc: the KDPC at 0x", NULL);
}

static void another_threads_dpc_can_be_removed(void **state)
{
	atomic_int counter = 0;
	struct other other = { .dpc = make_dpc(&counter) };

	start_other(&other, queue_dpc);
	assert_true(KeRemoveQueueDpc(other.dpc));
	assert_false(KeRemoveQueueDpc(other.dpc));
	ExFreePool(other.dpc);
	end_other(&other);
	assert_int_equal(counter, 0);
	KeFlushQueuedDpcs();
}

/* ---- what is right ---- */

static void locks_may_be_released_in_any_order(void **state)
{
	KIRQL first, second;

	KeAcquireSpinLock(&FirstLock, &first);
	KeAcquireSpinLock(&SecondLock, &second);
	KeReleaseSpinLock(&FirstLock, second);
	KeReleaseSpinLock(&SecondLock, first);
	assert_int_equal(KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static void a_callback_may_be_called_with_locks(void **state)
{
	struct nt_callback outer, inner;
	KIRQL irql, again;

	nt_callback_enter(&outer, "", "EvtOuter");
	KeAcquireSpinLock(&FirstLock, &irql);
	nt_callback_enter(&inner, "", "EvtInner");
	KeAcquireSpinLock(&SecondLock, &again);
	assert_false(KeTryToAcquireSpinLockAtDpcLevel(&SecondLock));
	KeReleaseSpinLock(&SecondLock, again);
	nt_callback_leave(&inner);
	KeReleaseSpinLockFromDpcLevel(&FirstLock);
	KeLowerIrql(irql);
	nt_callback_leave(&outer);
}

/* More than are watched: none is forgotten in a way that blames its driver. */
static void many_locks_at_a_time(void **state)
{
	KSPIN_LOCK locks[3 * NT_HELD_LOCKS] = { 0 };
	struct nt_callback callback;
	KIRQL irql = KeRaiseIrqlToDpcLevel();

	nt_callback_enter(&callback, "", "EvtSomething");
	for (size_t i = 0; i < ARRAYSIZE(locks); i++)
		KeAcquireSpinLockAtDpcLevel(&locks[i]);
	for (size_t i = 0; i < ARRAYSIZE(locks); i++)
		KeReleaseSpinLockFromDpcLevel(&locks[i]);
	nt_callback_leave(&callback);
	KeLowerIrql(irql);
}

static void a_lock_that_is_free_goes_with_its_memory(void **state)
{
	KSPIN_LOCK *lock = ExAllocatePoolWithTag(NonPagedPoolNx, 64, TEST_TAG);
	KIRQL irql;

	for (int i = 0; i < 2; i++) {
		KeInitializeSpinLock(lock);
		KeAcquireSpinLock(lock, &irql);
		KeReleaseSpinLock(lock, irql);
	}
	ExFreePool(lock);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, machine_set_up, machine_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_left_held_is_named),
		TEST(what_another_thread_holds_is_named),
		TEST(another_threads_dpc_can_be_removed),
		TEST(locks_may_be_released_in_any_order),
		TEST(a_callback_may_be_called_with_locks),
		TEST(many_locks_at_a_time),
		TEST(a_lock_that_is_free_goes_with_its_memory),
	};

	return cmocka_run_group_tests_name("nt held locks", tests, NULL, NULL);
}
