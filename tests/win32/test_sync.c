/* SPDX-License-Identifier: MIT */
/* Critical sections, condition variables, one-time initialisation, waits for addresses, mutexes and
 * semaphores. */
#include <string.h>
#include <windows.h>

#include "nt/left_behind.h"
#include "stage/machine.h"
#include "win32.h"

static CRITICAL_SECTION section;
static CONDITION_VARIABLE changed = CONDITION_VARIABLE_INIT;
static SRWLOCK lock = SRWLOCK_INIT;
static volatile LONG counter;

static DWORD run(LPTHREAD_START_ROUTINE routine, void *context)
{
	HANDLE thread = CreateThread(NULL, 0, routine, context, 0, NULL);
	DWORD code;

	assert_int_equal(WaitForSingleObject(thread, INFINITE), WAIT_OBJECT_0);
	GetExitCodeThread(thread, &code);
	CloseHandle(thread);
	return code;
}

static DWORD WINAPI count_in_section(LPVOID context)
{
	for (int i = 0; i < 10000; i++) {
		EnterCriticalSection(&section);
		EnterCriticalSection(&section);
		counter = counter + 1;
		LeaveCriticalSection(&section);
		LeaveCriticalSection(&section);
	}
	return 0;
}

static DWORD WINAPI try_section(LPVOID context)
{
	if (!TryEnterCriticalSection(&section))
		return 0;
	LeaveCriticalSection(&section);
	return 1;
}

static void a_section_has_one_thread(void **state)
{
	HANDLE threads[3];

	counter = 0;
	assert_true(InitializeCriticalSectionAndSpinCount(&section, 100));
	for (int i = 0; i < 3; i++)
		threads[i] = CreateThread(NULL, 0, count_in_section, NULL, 0, NULL);
	assert_int_equal(WaitForMultipleObjects(3, threads, TRUE, INFINITE), WAIT_OBJECT_0);
	for (int i = 0; i < 3; i++)
		CloseHandle(threads[i]);
	assert_int_equal(counter, 30000);
	assert_int_equal(SetCriticalSectionSpinCount(&section, 7), 100);
	assert_int_equal(run(try_section, NULL), 1);
	EnterCriticalSection(&section);
	assert_true(TryEnterCriticalSection(&section));
	assert_int_equal(section.RecursionCount, 2);
	assert_int_equal(run(try_section, NULL), 0);
	LeaveCriticalSection(&section);
	LeaveCriticalSection(&section);
	DeleteCriticalSection(&section);
	assert_false(InitializeCriticalSectionEx(&section, 0, 1));
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	assert_true(InitializeCriticalSectionEx(&section, 0, CRITICAL_SECTION_NO_DEBUG_INFO));
	DeleteCriticalSection(&section);
}

static void initialises_twice(void *context)
{
	InitializeCriticalSection(&section);
	InitializeCriticalSection(&section);
}

static void enters_none(void *context)
{
	memset(&section, 0, sizeof(section));
	EnterCriticalSection(&section);
}

static void leaves_unentered(void *context)
{
	InitializeCriticalSection(&section);
	LeaveCriticalSection(&section);
}

static DWORD WINAPI leave_it(LPVOID context)
{
	LeaveCriticalSection(&section);
	return 0;
}

static DWORD WINAPI keep_it(LPVOID context)
{
	EnterCriticalSection(&section);
	return 0;
}

static void leaves_anothers(void *context)
{
	InitializeCriticalSection(&section);
	EnterCriticalSection(&section);
	run(leave_it, NULL);
}

static void ends_inside(void *context)
{
	InitializeCriticalSection(&section);
	run(keep_it, NULL);
}

static void deletes_owned(void *context)
{
	InitializeCriticalSection(&section);
	EnterCriticalSection(&section);
	DeleteCriticalSection(&section);
}

static void sections_have_rules(void **state)
{
	child_violates(initialises_twice, NULL, "0x211 LOCKS in InitializeCriticalSection",
		       "is initialised already", NULL);
	child_violates(enters_none, NULL, "0x210 LOCKS in EnterCriticalSection",
		       "is not initialised", NULL);
	child_violates(leaves_unentered, NULL, "0x209 LOCKS in LeaveCriticalSection", NULL);
	child_violates(leaves_anothers, NULL, "0x214 LOCKS in LeaveCriticalSection",
		       "leaves_anothers", NULL);
	child_violates(ends_inside, NULL, "0x200 LOCKS", "keep_it", NULL);
	child_violates(deletes_owned, NULL, "0x208 LOCKS in DeleteCriticalSection", NULL);
}

static DWORD WINAPI change_under_srw(LPVOID context)
{
	AcquireSRWLockExclusive(&lock);
	counter = 1;
	ReleaseSRWLockExclusive(&lock);
	WakeConditionVariable(&changed);
	return 0;
}

static DWORD WINAPI change_in_section(LPVOID context)
{
	EnterCriticalSection(&section);
	counter = 2;
	LeaveCriticalSection(&section);
	WakeAllConditionVariable(&changed);
	return 0;
}

static void a_condition_is_waited_for(void **state)
{
	HANDLE thread;

	counter = 0;
	InitializeConditionVariable(&changed);
	AcquireSRWLockExclusive(&lock);
	assert_false(SleepConditionVariableSRW(&changed, &lock, 2, 0));
	assert_int_equal(GetLastError(), ERROR_TIMEOUT);
	assert_false(SleepConditionVariableSRW(&changed, &lock, 2, 4));
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	thread = CreateThread(NULL, 0, change_under_srw, NULL, 0, NULL);
	while (counter != 1)
		assert_true(SleepConditionVariableSRW(&changed, &lock, INFINITE, 0));
	ReleaseSRWLockExclusive(&lock);
	WaitForSingleObject(thread, INFINITE);
	CloseHandle(thread);
	AcquireSRWLockShared(&lock);
	assert_false(
		SleepConditionVariableSRW(&changed, &lock, 1, CONDITION_VARIABLE_LOCKMODE_SHARED));
	ReleaseSRWLockShared(&lock);

	InitializeCriticalSection(&section);
	EnterCriticalSection(&section);
	assert_false(SleepConditionVariableCS(&changed, &section, 2));
	assert_int_equal(GetLastError(), ERROR_TIMEOUT);
	thread = CreateThread(NULL, 0, change_in_section, NULL, 0, NULL);
	while (counter != 2)
		assert_true(SleepConditionVariableCS(&changed, &section, INFINITE));
	LeaveCriticalSection(&section);
	WaitForSingleObject(thread, INFINITE);
	CloseHandle(thread);
	DeleteCriticalSection(&section);
}

static DWORD WINAPI wake_later(LPVOID context)
{
	Sleep(3);
	InterlockedIncrement(&counter);
	if (context)
		WakeByAddressAll((PVOID)&counter);
	else
		WakeByAddressSingle((PVOID)&counter);
	return 0;
}

static void an_address_is_waited_for(void **state)
{
	LONG seen = 0;
	UINT64 large = 5, other = 6;

	counter = 0;
	assert_false(WaitOnAddress(&counter, &seen, 3, 0));
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	assert_false(WaitOnAddress(&counter, &seen, sizeof(seen), 2));
	assert_int_equal(GetLastError(), ERROR_TIMEOUT);
	assert_true(WaitOnAddress(&large, &other, 8, INFINITE));
	assert_true(WaitOnAddress(&large, &other, 1, INFINITE));
	assert_true(WaitOnAddress(&large, &other, 2, INFINITE));
	for (int i = 0; i < 2; i++) {
		HANDLE thread = CreateThread(NULL, 0, wake_later, i ? state : NULL, 0, NULL);

		seen = i;
		while (ReadNoFence(&counter) == seen)
			assert_true(WaitOnAddress(&counter, &seen, sizeof(seen), INFINITE));
		WaitForSingleObject(thread, INFINITE);
		CloseHandle(thread);
	}
}

static BOOL WINAPI make_once(PINIT_ONCE once, PVOID parameter, PVOID *context)
{
	Sleep(2);
	InterlockedIncrement(&counter);
	*context = parameter;
	return parameter != NULL;
}

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static UINT64 made;

static DWORD WINAPI get_it(LPVOID context)
{
	PVOID got;

	return InitOnceExecuteOnce(&once, make_once, context, &got) && got == context;
}

static void it_is_initialised_once(void **state)
{
	HANDLE threads[4];
	PVOID context;
	BOOL pending;

	counter = 0;
	assert_int_equal(run(get_it, NULL), 0);
	for (int i = 0; i < 4; i++)
		threads[i] = CreateThread(NULL, 0, get_it, &made, 0, NULL);
	WaitForMultipleObjects(4, threads, TRUE, INFINITE);
	for (int i = 0; i < 4; i++)
		CloseHandle(threads[i]);
	assert_int_equal(counter, 2);
	assert_true(InitOnceBeginInitialize(&once, 0, &pending, &context));
	assert_false(pending);
	assert_ptr_equal(context, &made);

	InitOnceInitialize(&once);
	assert_false(InitOnceBeginInitialize(&once, INIT_ONCE_CHECK_ONLY, &pending, NULL));
	assert_false(InitOnceBeginInitialize(&once, 8, &pending, NULL));
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	assert_true(InitOnceBeginInitialize(&once, 0, &pending, NULL));
	assert_true(pending);
	assert_false(InitOnceComplete(&once, 0, (PVOID)1));
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	assert_true(InitOnceComplete(&once, INIT_ONCE_INIT_FAILED, NULL));
	assert_true(InitOnceBeginInitialize(&once, INIT_ONCE_ASYNC, &pending, NULL));
	assert_true(pending);
	assert_true(InitOnceComplete(&once, INIT_ONCE_ASYNC, &made));
	assert_false(InitOnceComplete(&once, INIT_ONCE_ASYNC, &made));
	assert_int_equal(GetLastError(), ERROR_GEN_FAILURE);
	assert_true(InitOnceBeginInitialize(&once, INIT_ONCE_CHECK_ONLY, &pending, &context));
	assert_ptr_equal(context, &made);
}

static DWORD WINAPI try_mutex(LPVOID context)
{
	DWORD result = WaitForSingleObject(context, 0);

	if (result == WAIT_OBJECT_0)
		ReleaseMutex(context);
	return result;
}

static DWORD WINAPI release_anothers(LPVOID context)
{
	return ReleaseMutex(context) ? 0 : GetLastError();
}

static DWORD WINAPI abandon(LPVOID context)
{
	return WaitForSingleObject(context, 0);
}

static void a_mutex_has_an_owner(void **state)
{
	HANDLE mutex = CreateMutexW(NULL, TRUE, u"netcx mutex"), again;

	assert_int_equal(run(try_mutex, mutex), WAIT_TIMEOUT);
	assert_int_equal(WaitForSingleObject(mutex, INFINITE), WAIT_OBJECT_0);
	assert_int_equal(run(release_anothers, mutex), ERROR_NOT_OWNER);
	assert_true(ReleaseMutex(mutex));
	assert_int_equal(run(try_mutex, mutex), WAIT_TIMEOUT);
	assert_true(ReleaseMutex(mutex));
	assert_int_equal(run(try_mutex, mutex), WAIT_OBJECT_0);
	assert_false(ReleaseMutex(mutex));
	assert_int_equal(GetLastError(), ERROR_NOT_OWNER);
	/* Left by its owner's end. */
	assert_int_equal(run(abandon, mutex), WAIT_OBJECT_0);
	assert_int_equal(WaitForSingleObject(mutex, INFINITE), WAIT_ABANDONED);
	assert_true(ReleaseMutex(mutex));
	assert_int_equal(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0);
	assert_true(ReleaseMutex(mutex));
	again = OpenMutexW(SYNCHRONIZE, FALSE, u"netcx mutex");
	assert_true(CompareObjectHandles(mutex, again));
	CloseHandle(again);
	again = CreateMutexA(NULL, TRUE, "netcx mutex");
	assert_int_equal(GetLastError(), ERROR_ALREADY_EXISTS);
	assert_int_equal(run(try_mutex, again), WAIT_OBJECT_0);
	CloseHandle(again);
	assert_null(CreateEventW(NULL, FALSE, FALSE, u"netcx mutex"));
	assert_int_equal(GetLastError(), ERROR_INVALID_HANDLE);
	CloseHandle(mutex);
	assert_null(CreateMutexExW(NULL, NULL, 2, 0));
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	mutex = CreateMutexExW(NULL, NULL, CREATE_MUTEX_INITIAL_OWNER, MUTEX_ALL_ACCESS);
	assert_true(ReleaseMutex(mutex));
	CloseHandle(mutex);
}

static void a_semaphore_counts(void **state)
{
	HANDLE handles[2] = { CreateSemaphoreW(NULL, 2, 3, u"netcx count"), NULL };
	LONG before = 9;

	assert_int_equal(WaitForSingleObject(handles[0], 0), WAIT_OBJECT_0);
	assert_int_equal(WaitForSingleObject(handles[0], 0), WAIT_OBJECT_0);
	assert_int_equal(WaitForSingleObject(handles[0], 1), WAIT_TIMEOUT);
	assert_true(ReleaseSemaphore(handles[0], 3, &before));
	assert_int_equal(before, 0);
	assert_false(ReleaseSemaphore(handles[0], 1, NULL));
	assert_int_equal(GetLastError(), ERROR_TOO_MANY_POSTS);
	assert_false(ReleaseSemaphore(handles[0], 0, NULL));
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	handles[1] = OpenSemaphoreW(SYNCHRONIZE, FALSE, u"netcx count");
	assert_int_equal(WaitForMultipleObjects(2, handles, FALSE, 0), WAIT_OBJECT_0);
	CloseHandle(handles[1]);
	CloseHandle(handles[0]);
	assert_null(CreateSemaphoreW(NULL, 4, 3, NULL));
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	assert_null(CreateSemaphoreExW(NULL, 0, 1, NULL, 1, 0));
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	handles[0] = CreateSemaphoreExW(NULL, 0, 1, NULL, 0, SEMAPHORE_ALL_ACCESS);
	assert_int_equal(WaitForSingleObject(handles[0], 0), WAIT_TIMEOUT);
	CloseHandle(handles[0]);
}

static LARGE_INTEGER in_ms(LONGLONG milliseconds)
{
	return (LARGE_INTEGER){ .QuadPart = -milliseconds * 10000 };
}

static void a_timer_is_waited_for(void **state)
{
	HANDLE timer = CreateWaitableTimerW(NULL, FALSE, u"netcx timer"), again;
	LARGE_INTEGER soon = in_ms(2), late = in_ms(60000), now = in_ms(0);

	assert_int_equal(WaitForSingleObject(timer, 0), WAIT_TIMEOUT);
	assert_true(SetWaitableTimer(timer, &soon, 0, NULL, NULL, FALSE));
	assert_int_equal(WaitForSingleObject(timer, INFINITE), WAIT_OBJECT_0);
	assert_int_equal(WaitForSingleObject(timer, 5), WAIT_TIMEOUT);
	assert_true(SetWaitableTimerEx(timer, &soon, 1, NULL, NULL, NULL, 0));
	for (int i = 0; i < 3; i++)
		assert_int_equal(WaitForSingleObject(timer, INFINITE), WAIT_OBJECT_0);
	assert_true(CancelWaitableTimer(timer));
	WaitForSingleObject(timer, 0);
	assert_int_equal(WaitForSingleObject(timer, 5), WAIT_TIMEOUT);
	assert_false(SetWaitableTimer(timer, &soon, -1, NULL, NULL, FALSE));
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	assert_false(SetWaitableTimer(
		timer, &soon, 0, (PTIMERAPCROUTINE)(void *)a_timer_is_waited_for, NULL, FALSE));
	assert_int_equal(GetLastError(), ERROR_NOT_SUPPORTED);
	again = OpenWaitableTimerW(SYNCHRONIZE, FALSE, u"netcx timer");
	assert_true(CompareObjectHandles(timer, again));
	CloseHandle(again);
	/* One that is set when its last handle goes is set no more. */
	assert_true(SetWaitableTimer(timer, &late, 1, NULL, NULL, FALSE));
	CloseHandle(timer);
	assert_null(CreateWaitableTimerExW(NULL, NULL, 4, 0));
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	timer = CreateWaitableTimerExW(NULL, NULL, CREATE_WAITABLE_TIMER_MANUAL_RESET,
				       TIMER_ALL_ACCESS);
	assert_true(SetWaitableTimer(timer, &now, 0, NULL, NULL, FALSE));
	assert_int_equal(WaitForSingleObject(timer, INFINITE), WAIT_OBJECT_0);
	assert_int_equal(WaitForSingleObject(timer, 0), WAIT_OBJECT_0);
	CloseHandle(timer);
}

static DWORD WINAPI end_with(LPVOID context)
{
	return (DWORD)(ULONG_PTR)FlsGetValue(*(DWORD *)context);
}

static atomic_int ended;

static VOID WINAPI value_ends(PVOID value)
{
	ended += *(int *)value;
}

static DWORD WINAPI set_own(LPVOID context)
{
	static int four = 4;

	return FlsSetValue(*(DWORD *)context, &four) && FlsGetValue(*(DWORD *)context) == &four;
}

static void each_thread_has_its_values(void **state)
{
	DWORD plain = TlsAlloc(), index = FlsAlloc(value_ends), again;
	int mine = 3;

	ended = 0;
	assert_null(TlsGetValue(plain));
	assert_true(TlsSetValue(plain, &mine) && FlsSetValue(index, &mine));
	assert_ptr_equal(TlsGetValue(plain), &mine);
	assert_int_equal(run(end_with, &index), 0);
	assert_int_equal(run(set_own, &index), 1);
	assert_int_equal(ended, 4);
	assert_true(FlsFree(index));
	assert_int_equal(ended, 7);
	assert_true(TlsFree(plain));
	again = TlsAlloc();
	assert_int_equal(again, plain);
	assert_null(TlsGetValue(again));
	assert_int_equal(GetLastError(), ERROR_SUCCESS);
	assert_true(TlsFree(again));
}

static void gets_none(void *context)
{
	TlsGetValue(5);
}

static void an_index_is_allocated(void **state)
{
	child_violates(gets_none, NULL, "0x301 INVALID_TLS_VALUE in TlsGetValue", NULL);
}

static void a_section_that_is_left_is_told(void **state)
{
	struct test_machine *m = *state;
	Dl_info info;

	assert_true(dladdr((void *)gets_none, &info));
	InitializeCriticalSection(&section);
	nt_left_by_module(&m->machine, "probe", info.dli_fbase);
	assert_true(journal_tells(&m->journal, "critical section leak: the one at "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_section_has_one_thread),
		TEST(sections_have_rules),
		TEST(a_condition_is_waited_for),
		TEST(an_address_is_waited_for),
		TEST(it_is_initialised_once),
		TEST(a_mutex_has_an_owner),
		TEST(a_semaphore_counts),
		TEST(a_timer_is_waited_for),
		TEST(each_thread_has_its_values),
		TEST(an_index_is_allocated),
		TEST(a_section_that_is_left_is_told),
	};

	return cmocka_run_group_tests_name("win32: synchronization", tests, NULL, NULL);
}
