/* SPDX-License-Identifier: MIT */
/* Push locks, spin locks that are shared, fast and guarded mutexes, and regions. */
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "nt/callback.h"
#include "nt/irql.h"
#include "stage/machine.h"

#define VERIFIER "violation 0xC4 DRIVER_VERIFIER_DETECTED_VIOLATION in "
#define THREADS  4
#define ROUNDS   20000

static EX_PUSH_LOCK PushLock, OtherPushLock;
static EX_SPIN_LOCK SharedSpin;
static FAST_MUTEX FastMutex;
static KGUARDED_MUTEX GuardedMutex;

static int set_up(void **state)
{
	ExInitializePushLock(&PushLock);
	ExInitializePushLock(&OtherPushLock);
	SharedSpin = 0;
	ExInitializeFastMutex(&FastMutex);
	KeInitializeGuardedMutex(&GuardedMutex);
	return machine_set_up(state);
}

/* ---- each kind, as one thing ---- */
struct lock {
	void (*exclusive)(void), (*release_exclusive)(void);
	void (*shared)(void), (*release_shared)(void); /* NULL: it cannot be */
};

static KIRQL irql_before; /* of who has the lock exclusively */

static void push_exclusive(void)
{
	KeEnterCriticalRegion();
	ExAcquirePushLockExclusive(&PushLock);
}

static void push_release_exclusive(void)
{
	ExReleasePushLockExclusive(&PushLock);
	KeLeaveCriticalRegion();
}

static void push_shared(void)
{
	KeEnterCriticalRegion();
	ExAcquirePushLockShared(&PushLock);
}

static void push_release_shared(void)
{
	ExReleasePushLockShared(&PushLock);
	KeLeaveCriticalRegion();
}

static void spin_exclusive(void)
{
	KIRQL irql = ExAcquireSpinLockExclusive(&SharedSpin);

	irql_before = irql;
}

static void spin_release_exclusive(void)
{
	ExReleaseSpinLockExclusive(&SharedSpin, irql_before);
}

static void spin_shared(void)
{
	ExAcquireSpinLockShared(&SharedSpin);
}

static void spin_release_shared(void)
{
	ExReleaseSpinLockShared(&SharedSpin, PASSIVE_LEVEL);
}

static void spin_exclusive_at_dpc(void)
{
	KeRaiseIrqlToDpcLevel();
	ExAcquireSpinLockExclusiveAtDpcLevel(&SharedSpin);
}

static void spin_release_exclusive_at_dpc(void)
{
	ExReleaseSpinLockExclusiveFromDpcLevel(&SharedSpin);
	KeLowerIrql(PASSIVE_LEVEL);
}

static void spin_shared_at_dpc(void)
{
	KeRaiseIrqlToDpcLevel();
	ExAcquireSpinLockSharedAtDpcLevel(&SharedSpin);
}

static void spin_release_shared_at_dpc(void)
{
	ExReleaseSpinLockSharedFromDpcLevel(&SharedSpin);
	KeLowerIrql(PASSIVE_LEVEL);
}

static void fast_acquire(void)
{
	ExAcquireFastMutex(&FastMutex);
}

static void fast_release(void)
{
	ExReleaseFastMutex(&FastMutex);
}

static void guarded_acquire(void)
{
	KeAcquireGuardedMutex(&GuardedMutex);
}

static void guarded_release(void)
{
	KeReleaseGuardedMutex(&GuardedMutex);
}

static const struct lock push = { push_exclusive, push_release_exclusive, push_shared,
				  push_release_shared },
			 spin = { spin_exclusive, spin_release_exclusive, spin_shared,
				  spin_release_shared },
			 spin_at_dpc = { spin_exclusive_at_dpc, spin_release_exclusive_at_dpc,
					 spin_shared_at_dpc, spin_release_shared_at_dpc },
			 fast = { fast_acquire, fast_release, NULL, NULL },
			 guarded = { guarded_acquire, guarded_release, NULL, NULL };

/* ---- what a lock is for ---- */
struct crowd {
	struct nt_machine *machine;
	const struct lock *lock;
	_Atomic int inside; /* -1: one has it alone */
	atomic_bool went_wrong;
	unsigned long first, second; /* equal, but for who has the lock alone */
	_Atomic unsigned number;
};

static void alone(struct crowd *crowd)
{
	int nobody = 0;

	crowd->lock->exclusive();
	if (!atomic_compare_exchange_strong(&crowd->inside, &nobody, -1))
		crowd->went_wrong = true;
	crowd->first++;
	crowd->second++;
	atomic_fetch_add(&crowd->inside, 1);
	crowd->lock->release_exclusive();
}

static void together(struct crowd *crowd)
{
	crowd->lock->shared();
	if (atomic_fetch_add(&crowd->inside, 1) < 0 || crowd->first != crowd->second)
		crowd->went_wrong = true;
	atomic_fetch_sub(&crowd->inside, 1);
	crowd->lock->release_shared();
}

static void *contend(void *context)
{
	struct crowd *crowd = context;
	unsigned number = crowd->number++;

	nt_thread_enter(crowd->machine);
	for (unsigned i = 0; i < ROUNDS; i++)
		if (!crowd->lock->shared || (i + number) % 4 == 0)
			alone(crowd);
		else
			together(crowd);
	nt_thread_leave();
	return NULL;
}

static void contend_for(struct test_machine *m, const struct lock *lock)
{
	struct crowd crowd = { .machine = &m->machine, .lock = lock };
	pthread_t threads[THREADS];

	for (unsigned i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, contend, &crowd), 0);
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_false(crowd.went_wrong);
	assert_int_equal(crowd.first, THREADS * ROUNDS / (lock->shared ? 4 : 1));
	assert_int_equal(crowd.second, crowd.first);
}

static void one_has_it_or_several_share_it(void **state)
{
	contend_for(*state, &push);
	contend_for(*state, &spin);
	contend_for(*state, &spin_at_dpc);
	contend_for(*state, &fast);
	contend_for(*state, &guarded);
	assert_int_equal(PushLock, 0);
	assert_int_equal(SharedSpin, 0);
}

/* A writer is not starved: who comes after it waits, though the lock is shared. */
struct writer {
	struct nt_machine *machine;
	atomic_bool reader_came, writer_came, in_order;
};

static void *write_once(void *context)
{
	struct writer *writer = context;

	nt_thread_enter(writer->machine);
	push_exclusive();
	writer->in_order = !writer->reader_came;
	writer->writer_came = true;
	push_release_exclusive();
	nt_thread_leave();
	return NULL;
}

static void *read_once(void *context)
{
	struct writer *writer = context;

	nt_thread_enter(writer->machine);
	push_shared();
	writer->reader_came = true;
	push_release_shared();
	nt_thread_leave();
	return NULL;
}

static void who_wants_it_alone_is_not_passed(void **state)
{
	struct writer writer = { .machine = nt_machine() };
	pthread_t one, other;

	push_shared();
	assert_int_equal(pthread_create(&one, NULL, write_once, &writer), 0);
	while (!(__atomic_load_n(&PushLock, __ATOMIC_RELAXED) & 0x40000000))
		usleep(1000);
	assert_int_equal(pthread_create(&other, NULL, read_once, &writer), 0);
	usleep(20000);
	assert_false(writer.reader_came || writer.writer_came);
	push_release_shared();
	pthread_join(one, NULL);
	pthread_join(other, NULL);
	assert_true(writer.reader_came && writer.writer_came && writer.in_order);
	assert_int_equal(PushLock, 0);
}

static void levels_and_regions_go_with_them(void **state)
{
	assert_false(KeAreApcsDisabled() || KeAreAllApcsDisabled());
	ExAcquireSpinLockShared(&SharedSpin);
	assert_int_equal(KeGetCurrentIrql(), DISPATCH_LEVEL);
	assert_int_equal(SharedSpin, 1);
	ExReleaseSpinLockShared(&SharedSpin, PASSIVE_LEVEL);
	assert_int_equal(KeGetCurrentIrql(), PASSIVE_LEVEL);

	assert_true(ExTryToAcquireFastMutex(&FastMutex));
	assert_int_equal(KeGetCurrentIrql(), APC_LEVEL);
	assert_true(KeAreAllApcsDisabled());
	ExReleaseFastMutex(&FastMutex);
	assert_int_equal(KeGetCurrentIrql(), PASSIVE_LEVEL);

	assert_true(KeTryToAcquireGuardedMutex(&GuardedMutex));
	assert_int_equal(KeGetCurrentIrql(), PASSIVE_LEVEL);
	assert_true(KeAreAllApcsDisabled() && KeAreApcsDisabled());
	KeReleaseGuardedMutex(&GuardedMutex);
	assert_false(KeAreAllApcsDisabled());

	KeEnterCriticalRegion();
	KeEnterCriticalRegion();
	KeLeaveCriticalRegion();
	assert_true(KeAreApcsDisabled() && !KeAreAllApcsDisabled());
	KeLeaveCriticalRegion();
	KeEnterGuardedRegion();
	assert_true(KeAreAllApcsDisabled());
	KeLeaveGuardedRegion();
	assert_false(KeAreApcsDisabled());
}

/* ---- shared is given again to who shares it ---- */
static void a_sharer_may_share_again(void **state)
{
	push_shared();
	push_shared();
	assert_int_equal(PushLock, 2);
	push_release_shared();
	push_release_shared();
	assert_int_equal(PushLock, 0);
}

static void *hold_fast(void *context)
{
	struct crowd *crowd = context;

	nt_thread_enter(crowd->machine);
	ExAcquireFastMutex(&FastMutex);
	KeAcquireGuardedMutex(&GuardedMutex);
	crowd->inside = 1;
	while (crowd->inside != 2)
		usleep(100);
	KeReleaseGuardedMutex(&GuardedMutex);
	ExReleaseFastMutex(&FastMutex);
	nt_thread_leave();
	return NULL;
}

static void a_try_does_not_wait(void **state)
{
	struct crowd crowd = { .machine = nt_machine() };
	pthread_t holder;

	assert_int_equal(pthread_create(&holder, NULL, hold_fast, &crowd), 0);
	while (crowd.inside != 1)
		usleep(100);
	assert_false(ExTryToAcquireFastMutex(&FastMutex));
	assert_false(KeTryToAcquireGuardedMutex(&GuardedMutex));
	assert_int_equal(KeGetCurrentIrql(), PASSIVE_LEVEL);
	assert_false(KeAreAllApcsDisabled());
	crowd.inside = 2;
	pthread_join(holder, NULL);
}

/* ---- violations ---- */
static void returns_with_a_push_lock(void *context)
{
	struct nt_callback callback;

	nt_callback_enter(&callback, "net", "EvtSomething");
	KeEnterCriticalRegion();
	ExAcquirePushLockShared(&PushLock);
	KeLeaveCriticalRegion();
	nt_callback_leave(&callback);
}

static void returns_inside_a_region(void *context)
{
	struct nt_callback callback;

	nt_callback_enter(&callback, "net", "EvtSomething");
	KeEnterCriticalRegion();
	nt_callback_leave(&callback);
}

static void leaves_what_it_is_not_in(void *context)
{
	KeLeaveCriticalRegion();
}

static void leaves_a_guard_it_is_not_in(void *context)
{
	KeLeaveGuardedRegion();
}

static void takes_a_push_lock_twice(void *context)
{
	push_exclusive();
	ExAcquirePushLockShared(&PushLock);
}

static void wants_alone_what_it_shares(void *context)
{
	push_shared();
	ExAcquirePushLockExclusive(&PushLock);
}

static void takes_a_spin_lock_twice(void *context)
{
	ExAcquireSpinLockExclusive(&SharedSpin);
	ExAcquireSpinLockSharedAtDpcLevel(&SharedSpin);
}

static void takes_a_mutex_twice(void *context)
{
	ExAcquireFastMutex(&FastMutex);
	ExAcquireFastMutex(&FastMutex);
}

static void takes_a_guarded_mutex_twice(void *context)
{
	KeAcquireGuardedMutex(&GuardedMutex);
	KeTryToAcquireGuardedMutex(&GuardedMutex);
}

static void releases_what_is_free(void *context)
{
	ExReleasePushLockExclusive(&PushLock);
}

static void releases_it_the_other_way(void *context)
{
	push_exclusive();
	ExReleasePushLockShared(&PushLock);
}

static void releases_a_free_spin_lock(void *context)
{
	KeRaiseIrqlToDpcLevel();
	ExReleaseSpinLockSharedFromDpcLevel(&SharedSpin);
}

static void releases_a_free_mutex(void *context)
{
	KeReleaseGuardedMutex(&GuardedMutex);
}

static void takes_a_push_lock_at_dispatch(void *context)
{
	KeRaiseIrqlToDpcLevel();
	ExAcquirePushLockShared(&PushLock);
}

static void takes_a_mutex_at_dispatch(void *context)
{
	KeRaiseIrqlToDpcLevel();
	ExAcquireFastMutex(&FastMutex);
}

static void releases_a_spin_lock_below(void *context)
{
	ExReleaseSpinLockSharedFromDpcLevel(&SharedSpin);
}

static void initialises_what_is_held(void *context)
{
	push_shared();
	ExInitializePushLock(&PushLock);
}

static void passes_other_flags(void *context)
{
	ExAcquirePushLockExclusiveEx(&PushLock, 4);
}

static void what_is_left_is_named(void **state)
{
	child_violates(returns_with_a_push_lock, NULL,
		       "violation 0x1 APC_INDEX_MISMATCH in EvtSomething (driver \"net\"): ",
		       "it returned with the push lock 0x",
		       "(PushLock), which returns_with_a_push_lock test_shared_locks.c:",
		       "took in EvtSomething.", NULL);
	child_violates(
		returns_inside_a_region, NULL, "violation 0x1 APC_INDEX_MISMATCH in EvtSomething",
		"inside 0 critical and 0 guarded regions, and returned inside 1 and 0.", NULL);
	child_violates(leaves_what_it_is_not_in, NULL,
		       "0x1 APC_INDEX_MISMATCH in KeLeaveCriticalRegion",
		       "without a KeEnterCriticalRegion before it", NULL);
	child_violates(leaves_a_guard_it_is_not_in, NULL, "in KeLeaveGuardedRegion", NULL);
}

static void who_waits_for_itself_is_named(void **state)
{
	child_violates(takes_a_push_lock_twice, NULL, VERIFIER "ExAcquirePushLockShared: ",
		       "(PushLock), which push_exclusive test_shared_locks.c:",
		       "bug check 0xC4, 1000", NULL);
	child_violates(wants_alone_what_it_shares, NULL,
		       VERIFIER "ExAcquirePushLockExclusive: ", "(PushLock)", NULL);
	child_violates(takes_a_spin_lock_twice, NULL,
		       VERIFIER "ExAcquireSpinLockSharedAtDpcLevel: ",
		       "(SharedSpin), which takes_a_spin_lock_twice test_shared_locks.c:", NULL);
	child_violates(takes_a_mutex_twice, NULL, VERIFIER "ExAcquireFastMutex: ", "fast mutex 0x",
		       "(FastMutex), which takes_a_mutex_twice", NULL);
	child_violates(takes_a_guarded_mutex_twice, NULL,
		       VERIFIER "KeTryToAcquireGuardedMutex: ", "guarded mutex 0x", NULL);
}

static void what_is_not_held_is_not_released(void **state)
{
	child_violates(releases_what_is_free, NULL, VERIFIER "ExReleasePushLockExclusive: ",
		       "(PushLock), is not held exclusively.", "bug check 0xC4, 1007", NULL);
	child_violates(releases_it_the_other_way, NULL,
		       VERIFIER "ExReleasePushLockShared: ", "is not held shared.", NULL);
	child_violates(releases_a_free_spin_lock, NULL,
		       VERIFIER "ExReleaseSpinLockSharedFromDpcLevel: ", "(SharedSpin)", NULL);
	child_violates(releases_a_free_mutex, NULL,
		       VERIFIER "KeReleaseGuardedMutex: ", "has not acquired the guarded mutex 0x",
		       NULL);
}

static void wrong_levels_and_flags_are_named(void **state)
{
	child_violates(takes_a_push_lock_at_dispatch, NULL,
		       "0xA IRQL_NOT_LESS_OR_EQUAL in ExAcquirePushLockShared", "called at IRQL 2",
		       NULL);
	child_violates(takes_a_mutex_at_dispatch, NULL,
		       "0xA IRQL_NOT_LESS_OR_EQUAL in ExAcquireFastMutex", NULL);
	child_violates(releases_a_spin_lock_below, NULL,
		       "0xA IRQL_NOT_LESS_OR_EQUAL in ExReleaseSpinLockSharedFromDpcLevel", NULL);
	child_violates(initialises_what_is_held, NULL,
		       VERIFIER "ExInitializePushLock: ", "(PushLock), which push_shared",
		       "bug check 0xC4, 1005", NULL);
	child_violates(passes_other_flags, NULL,
		       "0x152 INVALID_PUSH_LOCK_FLAGS in ExAcquirePushLockExclusive",
		       "the flags are 0x4", NULL);
}

/* Each has the one and wants the other. */
static void *take_them_the_other_way(void *context)
{
	struct crowd *crowd = context;

	nt_thread_enter(crowd->machine);
	ExAcquirePushLockExclusive(&OtherPushLock);
	crowd->inside++;
	while (crowd->inside < 2)
		usleep(100);
	ExAcquirePushLockShared(&PushLock);
	return NULL;
}

static void take_them_in_two_orders(void *context)
{
	struct crowd crowd = { .machine = nt_machine() };
	pthread_t other;

	ExAcquirePushLockExclusive(&PushLock);
	pthread_create(&other, NULL, take_them_the_other_way, &crowd);
	crowd.inside++;
	while (crowd.inside < 2)
		usleep(100);
	ExAcquirePushLockExclusive(&OtherPushLock);
}

static void a_circle_of_push_locks_is_seen(void **state)
{
	child_violates(take_them_in_two_orders, NULL,
		       ": deadlock: ", "ExAcquirePushLockExclusive on thread ",
		       "ExAcquirePushLockShared on thread ", " waits for the first", NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, machine_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_has_it_or_several_share_it),
		TEST(who_wants_it_alone_is_not_passed),
		TEST(levels_and_regions_go_with_them),
		TEST(a_sharer_may_share_again),
		TEST(a_try_does_not_wait),
		TEST(what_is_left_is_named),
		TEST(who_waits_for_itself_is_named),
		TEST(what_is_not_held_is_not_released),
		TEST(wrong_levels_and_flags_are_named),
		TEST(a_circle_of_push_locks_is_seen),
	};

	return cmocka_run_group_tests_name("nt: shared locks", tests, NULL, NULL);
}
