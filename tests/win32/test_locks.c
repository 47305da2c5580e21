/* SPDX-License-Identifier: MIT */
/* Locks of user mode: right use, and what the Application Verifier would stop. */
#include <windows.h>

#include "stage/machine.h"
#include "win32.h"

static SRWLOCK lock = SRWLOCK_INIT;
static long counter;

static DWORD WINAPI count_under_lock(LPVOID context)
{
	for (int i = 0; i < 20000; i++) {
		AcquireSRWLockExclusive(&lock);
		counter++;
		ReleaseSRWLockExclusive(&lock);
	}
	return 0;
}

static void one_has_it_alone(void **state)
{
	HANDLE threads[3];

	counter = 0;
	for (int i = 0; i < 3; i++)
		threads[i] = CreateThread(NULL, 0, count_under_lock, NULL, 0, NULL);
	assert_int_equal(WaitForMultipleObjects(3, threads, TRUE, INFINITE), WAIT_OBJECT_0);
	for (int i = 0; i < 3; i++)
		CloseHandle(threads[i]);
	assert_int_equal(counter, 60000);
}

static DWORD WINAPI try_both(LPVOID context)
{
	DWORD had = 0;

	if (TryAcquireSRWLockExclusive(&lock)) {
		ReleaseSRWLockExclusive(&lock);
		had |= 1;
	}
	if (TryAcquireSRWLockShared(&lock)) {
		ReleaseSRWLockShared(&lock);
		had |= 2;
	}
	return had;
}

static DWORD tried_elsewhere(void)
{
	HANDLE thread = CreateThread(NULL, 0, try_both, NULL, 0, NULL);
	DWORD had;

	WaitForSingleObject(thread, INFINITE);
	GetExitCodeThread(thread, &had);
	CloseHandle(thread);
	return had;
}

static void or_several_share_it(void **state)
{
	InitializeSRWLock(&lock);
	assert_int_equal(tried_elsewhere(), 3);
	AcquireSRWLockShared(&lock);
	assert_int_equal(tried_elsewhere(), 2);
	ReleaseSRWLockShared(&lock);
	AcquireSRWLockExclusive(&lock);
	assert_int_equal(tried_elsewhere(), 0);
	assert_false(TryAcquireSRWLockExclusive(&lock));
	assert_false(TryAcquireSRWLockShared(&lock));
	ReleaseSRWLockExclusive(&lock);
	assert_null(lock.Ptr);
}

static void acquires_twice(void *context)
{
	AcquireSRWLockExclusive(&lock);
	AcquireSRWLockExclusive(&lock);
}

static void releases_the_wrong_way(void *context)
{
	AcquireSRWLockExclusive(&lock);
	ReleaseSRWLockShared(&lock);
}

static void releases_what_is_free(void *context)
{
	ReleaseSRWLockExclusive(&lock);
}

static DWORD WINAPI release_it(LPVOID context)
{
	ReleaseSRWLockExclusive(&lock);
	return 0;
}

static DWORD WINAPI keep_it(LPVOID context)
{
	AcquireSRWLockExclusive(&lock);
	return 0;
}

static DWORD WINAPI keep_it_and_exit(LPVOID context)
{
	AcquireSRWLockExclusive(&lock);
	ExitThread(0);
}

static void with_another_thread(void *context)
{
	if ((LPTHREAD_START_ROUTINE)context == release_it)
		AcquireSRWLockExclusive(&lock);
	WaitForSingleObject(CreateThread(NULL, 0, (LPTHREAD_START_ROUTINE)context, NULL, 0, NULL),
			    INFINITE);
}

static void initialises_a_held_one(void *context)
{
	AcquireSRWLockShared(&lock);
	InitializeSRWLock(&lock);
}

static void srw_locks_have_rules(void **state)
{
	child_violates(acquires_twice, NULL, "violation 0x253 SRWLOCK in AcquireSRWLockExclusive",
		       "Application Verifier stop 0x253", "acquires_twice", NULL);
	child_violates(releases_the_wrong_way, NULL, "0x252 SRWLOCK in ReleaseSRWLockShared", NULL);
	child_violates(releases_what_is_free, NULL, "0x252 SRWLOCK in ReleaseSRWLockExclusive",
		       NULL);
	child_violates(with_another_thread, (void *)release_it,
		       "0x255 SRWLOCK in ReleaseSRWLockExclusive", NULL);
	child_violates(with_another_thread, (void *)keep_it, "0x254 LOCKS", "SRW lock", "keep_it",
		       NULL);
	child_violates(with_another_thread, (void *)keep_it_and_exit, "0x254 LOCKS",
		       "end of a thread", NULL);
	child_violates(initialises_a_held_one, NULL, "0x251 SRWLOCK in InitializeSRWLock", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_has_it_alone),
		TEST(or_several_share_it),
		TEST(srw_locks_have_rules),
	};

	return cmocka_run_group_tests_name("win32: locks", tests, NULL, NULL);
}
