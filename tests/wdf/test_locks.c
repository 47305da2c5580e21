/* SPDX-License-Identifier: MIT */
/* Wait locks, spin locks, an interrupt's lock: what they do, and what must not be done with them.
 */
#include <unistd.h>

#include "nt/callback.h"
#include "test_driver.h"

typedef struct STATE {
	WDFINTERRUPT interrupt;
	WDFSPINLOCK lock;
} STATE;

static STATE the_state;

static BOOLEAN isr(WDFINTERRUPT interrupt, ULONG message)
{
	return FALSE;
}

static NTSTATUS make_locks(struct test_driver *d, WDFDEVICE device)
{
	WDF_INTERRUPT_CONFIG config;

	assert_int_equal(WdfSpinLockCreate(NULL, &the_state.lock), STATUS_SUCCESS);
	WDF_INTERRUPT_CONFIG_INIT(&config, isr, NULL);
	return WdfInterruptCreate(device, &config, NULL, &the_state.interrupt);
}

static STATE *started(void **state)
{
	struct test_driver *d = *state;

	d->after_create = make_locks;
	test_driver_add(d);
	assert_int_equal(wdf_device_start(d->device), STATUS_SUCCESS);
	return &the_state;
}

static void a_wait_lock_waits_and_gives_up(void **state)
{
	LONGLONG none = 0, soon = WDF_REL_TIMEOUT_IN_MS(2);
	WDFWAITLOCK lock;

	started(state);
	assert_int_equal(WdfWaitLockCreate(NULL, &lock), STATUS_SUCCESS);
	assert_int_equal(WdfWaitLockAcquire(lock, NULL), STATUS_SUCCESS);
	WdfWaitLockRelease(lock);
	assert_int_equal(WdfWaitLockAcquire(lock, &none), STATUS_SUCCESS);
	WdfWaitLockRelease(lock);
	assert_int_equal(WdfWaitLockAcquire(lock, &soon), STATUS_SUCCESS);
	WdfWaitLockRelease(lock);
	WdfObjectDelete(lock);
}

struct contest {
	WDFWAITLOCK lock;
	_Atomic int count;
	NTSTATUS status;
};

static void *try_lock(void *context)
{
	struct contest *contest = context;
	LONGLONG soon = WDF_REL_TIMEOUT_IN_MS(5);

	nt_thread_enter(&test_driver->nt->machine);
	contest->status = WdfWaitLockAcquire(contest->lock, &soon);
	nt_thread_leave();
	return NULL;
}

static void *count_locked(void *context)
{
	struct contest *contest = context;

	nt_thread_enter(&test_driver->nt->machine);
	for (int i = 0; i < 5000; i++) {
		WdfWaitLockAcquire(contest->lock, NULL);
		contest->count++;
		WdfWaitLockRelease(contest->lock);
	}
	nt_thread_leave();
	return NULL;
}

static void *keep_lock(void *context)
{
	struct contest *contest = context;

	nt_thread_enter(&test_driver->nt->machine);
	WdfWaitLockAcquire(contest->lock, NULL);
	contest->count = 1;
	for (;;)
		pause();
	return NULL;
}

static void a_wait_lock_excludes(void **state)
{
	struct contest contest = { 0 };
	pthread_t threads[2];

	started(state);
	assert_int_equal(WdfWaitLockCreate(NULL, &contest.lock), STATUS_SUCCESS);
	assert_int_equal(WdfWaitLockAcquire(contest.lock, NULL), STATUS_SUCCESS);
	pthread_create(&threads[0], NULL, try_lock, &contest);
	pthread_join(threads[0], NULL);
	assert_int_equal(contest.status, STATUS_TIMEOUT);
	WdfWaitLockRelease(contest.lock);
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, count_locked, &contest);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(contest.count, 10000);
}

static void acquire_twice(void *context)
{
	STATE *s = context;

	WdfSpinLockAcquire(s->lock);
	WdfSpinLockAcquire(s->lock);
}

static void release_unheld(void *context)
{
	WdfSpinLockRelease(((STATE *)context)->lock);
}

static void acquire_interrupt_twice(void *context)
{
	WdfInterruptAcquireLock(((STATE *)context)->interrupt);
	WdfInterruptAcquireLock(((STATE *)context)->interrupt);
}

static void release_interrupt_unheld(void *context)
{
	WdfInterruptReleaseLock(((STATE *)context)->interrupt);
}

static void wait_lock_at_dispatch(void *context)
{
	WDFWAITLOCK lock;

	WdfWaitLockCreate(NULL, &lock);
	KeRaiseIrqlToDpcLevel();
	WdfWaitLockAcquire(lock, NULL);
}

static void wait_lock_twice(void *context)
{
	WDFWAITLOCK lock;

	WdfWaitLockCreate(NULL, &lock);
	WdfWaitLockAcquire(lock, NULL);
	WdfWaitLockAcquire(lock, NULL);
}

static void release_anothers_wait_lock(void *context)
{
	struct contest contest = { 0 };
	pthread_t thread;

	WdfWaitLockCreate(NULL, &contest.lock);
	pthread_create(&thread, NULL, keep_lock, &contest);
	while (!contest.count)
		sched_yield();
	WdfWaitLockRelease(contest.lock);
}

static void return_with_wait_lock(void *context)
{
	struct nt_callback callback;
	WDFWAITLOCK lock;

	WdfWaitLockCreate(NULL, &lock);
	nt_callback_enter(&callback, "net", "EvtDeviceD0Entry");
	WdfWaitLockAcquire(lock, NULL);
	nt_callback_leave(&callback);
}

static void release_in_wrong_order(void *context)
{
	STATE *s = context;
	WDFSPINLOCK second;

	WdfSpinLockCreate(NULL, &second);
	WdfSpinLockAcquire(s->lock);
	WdfSpinLockAcquire(second);
	WdfSpinLockRelease(s->lock);
}

static void lower_with_interrupt_lock(void *context)
{
	WdfInterruptAcquireLock(((STATE *)context)->interrupt);
	KeLowerIrql(DISPATCH_LEVEL);
}

static BOOLEAN release_inside(WDFINTERRUPT interrupt, WDFCONTEXT context)
{
	WdfInterruptReleaseLock(interrupt);
	return TRUE;
}

static void release_the_frameworks_lock(void *context)
{
	WdfInterruptSynchronize(((STATE *)context)->interrupt, release_inside, NULL);
}

static BOOLEAN synchronize_inside(WDFINTERRUPT interrupt, WDFCONTEXT context)
{
	return WdfInterruptSynchronize(interrupt, release_inside, NULL);
}

static void synchronize_twice(void *context)
{
	WdfInterruptSynchronize(((STATE *)context)->interrupt, synchronize_inside, NULL);
}

static void delete_held(void *context)
{
	WDFSPINLOCK lock;

	WdfSpinLockCreate(NULL, &lock);
	WdfSpinLockAcquire(lock);
	WdfObjectDelete(lock);
}

static void delete_held_wait_lock(void *context)
{
	WDFWAITLOCK lock;

	WdfWaitLockCreate(NULL, &lock);
	WdfWaitLockAcquire(lock, NULL);
	WdfObjectDelete(lock);
}

static void remove_with_interrupt_lock(void *context)
{
	WdfInterruptAcquireLock(((STATE *)context)->interrupt);
	test_driver_remove(test_driver);
}

static void broken_lock_rules_end_the_driver(void **state)
{
	STATE *s = started(state);

	child_violates(acquire_twice, s, "WDF_RECURSIVE_LOCK in WdfSpinLockAcquire",
		       "bug check 0x10D, 2", NULL);
	child_violates(release_unheld, s, "WDF_INVALID_LOCK_OPERATION in WdfSpinLockRelease", NULL);
	child_violates(acquire_interrupt_twice, s, "WDF_RECURSIVE_LOCK in WdfInterruptAcquireLock",
		       NULL);
	child_violates(release_interrupt_unheld, s,
		       "WDF_INVALID_LOCK_OPERATION in WdfInterruptReleaseLock", NULL);
	child_violates(wait_lock_at_dispatch, s, "in WdfWaitLockAcquire", "called at IRQL 2", NULL);
	child_violates(wait_lock_twice, s, "WDF_RECURSIVE_LOCK in WdfWaitLockAcquire", NULL);
}

static void locks_left_held_are_named(void **state)
{
	STATE *s = started(state);

	child_violates(release_anothers_wait_lock, s,
		       "WDF_INVALID_LOCK_OPERATION in WdfWaitLockRelease",
		       "this thread has not acquired the WDFWAITLOCK 0x",
		       "which keep_lock test_locks.c:", NULL);
	child_violates(return_with_wait_lock, s,
		       "violation 0x1 APC_INDEX_MISMATCH in EvtDeviceD0Entry (driver \"net\")",
		       "it returned with the WDFWAITLOCK 0x",
		       "which return_with_wait_lock test_locks.c:", NULL);
	child_violates(release_in_wrong_order, s,
		       "0xC4 DRIVER_VERIFIER_DETECTED_VIOLATION in WdfSpinLockRelease",
		       "with the WDFSPINLOCK 0x",
		       "which release_in_wrong_order test_locks.c:", NULL);
	child_violates(lower_with_interrupt_lock, s,
		       "0xC4 DRIVER_VERIFIER_DETECTED_VIOLATION in KeLowerIrql",
		       "from 11 to 2 with the interrupt lock of WDFINTERRUPT 0x", NULL);
	child_violates(release_the_frameworks_lock, s,
		       "WDF_INVALID_LOCK_OPERATION in WdfInterruptReleaseLock",
		       "which the framework holds", NULL);
	child_violates(synchronize_twice, s, "WDF_RECURSIVE_LOCK in WdfInterruptSynchronize", NULL);
	child_violates(delete_held, s, "WDF_INVALID_LOCK_OPERATION in the end of an object",
		       "the WDFSPINLOCK 0x", "which delete_held test_locks.c:", NULL);
	child_violates(delete_held_wait_lock, s, "WDF_INVALID_LOCK_OPERATION in",
		       "the WDFWAITLOCK 0x", "which delete_held_wait_lock test_locks.c:", NULL);
	child_violates(remove_with_interrupt_lock, s, "the interrupt lock of WDFINTERRUPT 0x",
		       "which remove_with_interrupt_lock test_locks.c:", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WDF_TEST(a_wait_lock_waits_and_gives_up),
		WDF_TEST(a_wait_lock_excludes),
		WDF_TEST(broken_lock_rules_end_the_driver),
		WDF_TEST(locks_left_held_are_named),
	};

	return cmocka_run_group_tests_name("wdf locks", tests, NULL, NULL);
}
