/* SPDX-License-Identifier: MIT */
/* The thread pool: work, timers, waits, and what is to be done when a callback returns. */
#include <windows.h>

#include "nt/left_behind.h"
#include "stage/machine.h"
#include "win32.h"
#include "win32/state.h"

/* What the callbacks of a test tell, and wait for. */
struct seen {
	_Atomic int calls, inside, most;
	_Atomic DWORD result;
	HANDLE go, told;
	CRITICAL_SECTION section;
	HANDLE semaphore, mutex;
};

static FILETIME in_ms(int milliseconds)
{
	LARGE_INTEGER time = { .QuadPart = -(LONGLONG)milliseconds * 10000 };

	return (FILETIME){ time.LowPart, (DWORD)time.HighPart };
}

static VOID count(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct seen *seen = context;
	int inside = ++seen->inside;

	if (inside > seen->most)
		seen->most = inside;
	if (seen->go)
		WaitForSingleObject(seen->go, INFINITE);
	seen->inside--;
	seen->calls++;
}

static VOID tell(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct seen *seen = context;

	assert_true(CallbackMayRunLong(instance));
	seen->calls++;
	SetEvent(seen->told);
}

static VOID count_simply(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	((struct seen *)context)->calls++;
}

static VOID on_timer(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	tell(instance, context);
}

static VOID on_wait(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
		    TP_WAIT_RESULT result)
{
	struct seen *seen = context;

	seen->result = result;
	tell(instance, context);
}

static void each_submission_is_a_callback(void **state)
{
	struct seen seen = { .go = CreateEventW(NULL, TRUE, FALSE, NULL) };
	PTP_WORK work = CreateThreadpoolWork(count, &seen, NULL);

	for (int i = 0; i < 5; i++)
		SubmitThreadpoolWork(work);
	while (seen.inside < 5)
		Sleep(1);
	SetEvent(seen.go);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	assert_int_equal(seen.calls, 5);
	/* One that waits for another does not hold it up. */
	assert_int_equal(seen.most, 5);
	CloseThreadpoolWork(work);
	CloseHandle(seen.go);
}

/* What has not begun is never called: the pool has all the threads that it may have, and none is
 * free. */
static void what_is_cancelled_is_not_called(void **state)
{
	struct test_machine *m = *state;
	struct seen seen = { .calls = 0 };
	PTP_WORK work = CreateThreadpoolWork(count, &seen, NULL);
	struct w32_pool *pool = &((struct w32 *)m->machine.subsystem)->pool;

	pool->own.threads += 500;
	SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, TRUE);
	pool->own.threads -= 500;
	assert_true(TrySubmitThreadpoolCallback(count_simply, &seen, NULL));
	while (!seen.calls)
		Sleep(1);
	CloseThreadpoolWork(work);
	assert_int_equal(seen.calls, 1);
}

static void a_callback_needs_no_object(void **state)
{
	struct seen seen = { .told = CreateEventW(NULL, FALSE, FALSE, NULL) };
	TP_CALLBACK_ENVIRON environment;

	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackRunsLong(&environment);
	SetThreadpoolCallbackPriority(&environment, TP_CALLBACK_PRIORITY_HIGH);
	SetThreadpoolCallbackLibrary(&environment, GetModuleHandleW(NULL));
	assert_true(TrySubmitThreadpoolCallback(tell, &seen, &environment));
	assert_int_equal(WaitForSingleObject(seen.told, 10000), WAIT_OBJECT_0);
	assert_int_equal(seen.calls, 1);
	environment.ActivationContext = (struct _ACTIVATION_CONTEXT *)&seen;
	assert_false(TrySubmitThreadpoolCallback(tell, &seen, &environment));
	assert_int_equal(GetLastError(), ERROR_NOT_SUPPORTED);
	assert_null(CreateThreadpoolWork(NULL, &seen, NULL));
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	DestroyThreadpoolEnvironment(&environment);
	CloseHandle(seen.told);
}

static void timers_fire_once_or_again(void **state)
{
	struct seen seen = { .told = CreateEventW(NULL, FALSE, FALSE, NULL) };
	PTP_TIMER timer = CreateThreadpoolTimer(on_timer, &seen, NULL);
	FILETIME due = in_ms(1), late = in_ms(1000000);

	assert_false(IsThreadpoolTimerSet(timer));
	SetThreadpoolTimer(timer, &due, 0, 0);
	assert_true(IsThreadpoolTimerSet(timer));
	assert_int_equal(WaitForSingleObject(seen.told, 10000), WAIT_OBJECT_0);
	assert_true(SetThreadpoolTimerEx(timer, &due, 1, 0));
	for (int i = 0; i < 3; i++)
		assert_int_equal(WaitForSingleObject(seen.told, 10000), WAIT_OBJECT_0);
	SetThreadpoolTimer(timer, NULL, 0, 0);
	WaitForThreadpoolTimerCallbacks(timer, TRUE);
	assert_false(IsThreadpoolTimerSet(timer));
	seen.calls = 0;
	assert_false(SetThreadpoolTimerEx(timer, &late, 0, 0));
	/* At once, when that is in the past. */
	assert_true(SetThreadpoolTimerEx(timer, &(FILETIME){ 1, 0 }, 0, 0));
	ResetEvent(seen.told);
	WaitForSingleObject(seen.told, 10000);
	WaitForThreadpoolTimerCallbacks(timer, FALSE);
	assert_int_equal(seen.calls, 1);
	SetThreadpoolTimer(timer, &late, 0, 0);
	CloseThreadpoolTimer(timer);
	CloseHandle(seen.told);
}

static void waits_end_once(void **state)
{
	struct seen seen = { .told = CreateEventW(NULL, FALSE, FALSE, NULL) };
	HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);
	PTP_WAIT wait = CreateThreadpoolWait(on_wait, &seen, NULL);
	FILETIME soon = in_ms(1);

	SetThreadpoolWait(wait, event, NULL);
	SetEvent(event);
	assert_int_equal(WaitForSingleObject(seen.told, 10000), WAIT_OBJECT_0);
	assert_int_equal(seen.result, WAIT_OBJECT_0);
	WaitForThreadpoolWaitCallbacks(wait, FALSE);
	assert_int_equal(seen.calls, 1);
	/* It has to be set again. */
	SetEvent(event);
	assert_int_equal(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
	assert_false(SetThreadpoolWaitEx(wait, event, &soon, NULL));
	assert_int_equal(WaitForSingleObject(seen.told, 10000), WAIT_OBJECT_0);
	assert_int_equal(seen.result, WAIT_TIMEOUT);
	WaitForThreadpoolWaitCallbacks(wait, FALSE);
	SetThreadpoolWait(wait, event, NULL);
	assert_true(SetThreadpoolWaitEx(wait, NULL, NULL, NULL));
	WaitForThreadpoolWaitCallbacks(wait, TRUE);
	SetEvent(event);
	assert_int_equal(WaitForSingleObject(seen.told, 20), WAIT_TIMEOUT);
	assert_int_equal(seen.calls, 2);
	ResetEvent(event);
	SetThreadpoolWait(wait, event, NULL);
	CloseThreadpoolWait(wait);
	CloseHandle(event);
	CloseHandle(seen.told);
}

static VOID returns(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct seen *seen = context;

	EnterCriticalSection(&seen->section);
	LeaveCriticalSectionWhenCallbackReturns(instance, &seen->section);
	WaitForSingleObject(seen->mutex, INFINITE);
	ReleaseMutexWhenCallbackReturns(instance, seen->mutex);
	ReleaseSemaphoreWhenCallbackReturns(instance, seen->semaphore, 2);
	SetEventWhenCallbackReturns(instance, seen->told);
}

static void what_is_done_at_return(void **state)
{
	struct seen seen = {
		.told = CreateEventW(NULL, FALSE, FALSE, NULL),
		.semaphore = CreateSemaphoreW(NULL, 0, 2, NULL),
		.mutex = CreateMutexW(NULL, FALSE, NULL),
	};

	InitializeCriticalSection(&seen.section);
	assert_true(TrySubmitThreadpoolCallback(returns, &seen, NULL));
	assert_int_equal(WaitForSingleObject(seen.told, 10000), WAIT_OBJECT_0);
	assert_int_equal(WaitForSingleObject(seen.semaphore, 0), WAIT_OBJECT_0);
	assert_int_equal(WaitForSingleObject(seen.semaphore, 0), WAIT_OBJECT_0);
	assert_int_equal(WaitForSingleObject(seen.mutex, 0), WAIT_OBJECT_0);
	assert_true(TryEnterCriticalSection(&seen.section));
	LeaveCriticalSection(&seen.section);
	DeleteCriticalSection(&seen.section);
	ReleaseMutex(seen.mutex);
	CloseHandle(seen.mutex);
	CloseHandle(seen.semaphore);
	CloseHandle(seen.told);
}

static VOID waits_for_itself(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	WaitForThreadpoolWorkCallbacks(work, FALSE);
}

/* One thread for its callbacks, and none for a wait. */
static void a_pool_of_ones_own(void **state)
{
	HANDLE never = CreateEventW(NULL, TRUE, FALSE, NULL);
	struct seen seen = { .told = CreateEventW(NULL, FALSE, FALSE, NULL) }, after = { 0 };
	PTP_POOL pool = CreateThreadpool(NULL);
	TP_CALLBACK_ENVIRON environment;
	PTP_WORK work;
	PTP_WAIT wait;

	assert_non_null(pool);
	SetThreadpoolThreadMaximum(pool, 1);
	assert_true(SetThreadpoolThreadMinimum(pool, 1));
	assert_false(SetThreadpoolThreadMinimum(pool, 2));
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, pool);
	SetThreadpoolCallbackPersistent(&environment);
	wait = CreateThreadpoolWait(on_wait, &seen, &environment);
	SetThreadpoolWait(wait, never, NULL);
	work = CreateThreadpoolWork(count, &seen, &environment);
	for (int i = 0; i < 20; i++)
		SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	assert_int_equal(seen.calls, 20);
	assert_int_equal(seen.most, 1);
	SetEvent(never);
	assert_int_equal(WaitForSingleObject(seen.told, 10000), WAIT_OBJECT_0);
	WaitForThreadpoolWaitCallbacks(wait, FALSE);
	assert_int_equal(seen.calls, 21);
	/* It lives as long as its objects do. */
	CloseThreadpool(pool);
	SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	assert_int_equal(seen.calls, 22);
	CloseThreadpoolWork(work);
	CloseThreadpoolWait(wait);
	InitializeThreadpoolEnvironment(&environment);
	environment.FinalizationCallback = count_simply;
	work = CreateThreadpoolWork(count, &after, &environment);
	SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	assert_int_equal(after.calls, 2);
	CloseThreadpoolWork(work);
	CloseHandle(seen.told);
	CloseHandle(never);
}

static VOID cancelled(PVOID object_context, PVOID cleanup_context)
{
	((struct seen *)object_context)->result++;
	((struct seen *)cleanup_context)->calls++;
}

static VOID let_go(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	SetEvent(context);
}

/* What runs is waited for, what has not begun is not called, and all are closed. */
static void a_group_is_closed_at_once(void **state)
{
	struct seen seen = { .go = CreateEventW(NULL, TRUE, FALSE, NULL) }, all = { 0 };
	PTP_TIMER timer = CreateThreadpoolTimer(let_go, seen.go, NULL), member;
	PTP_CLEANUP_GROUP group = CreateThreadpoolCleanupGroup();
	PTP_POOL pool = CreateThreadpool(NULL);
	FILETIME soon = in_ms(50), late = in_ms(100000);
	TP_CALLBACK_ENVIRON environment;
	PTP_WORK work;

	assert_non_null(group);
	SetThreadpoolThreadMaximum(pool, 1);
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, pool);
	SetThreadpoolCallbackCleanupGroup(&environment, group, cancelled);
	work = CreateThreadpoolWork(count, &seen, &environment);
	member = CreateThreadpoolTimer(on_timer, &seen, &environment);
	SetThreadpoolTimer(member, &late, 0, 0);
	SubmitThreadpoolWork(work);
	while (!seen.inside)
		Sleep(1);
	SubmitThreadpoolWork(work);
	assert_true(TrySubmitThreadpoolCallback(count_simply, &seen, &environment));
	SetThreadpoolTimer(timer, &soon, 0, 0);
	CloseThreadpoolCleanupGroupMembers(group, TRUE, &all);
	assert_int_equal(seen.calls, 1);
	assert_int_equal(all.calls, 3);
	assert_int_equal(seen.result, 3);
	/* Not cancelled: called all the same; and the group is empty then. */
	assert_true(TrySubmitThreadpoolCallback(count_simply, &seen, &environment));
	CloseThreadpoolCleanupGroupMembers(group, FALSE, &all);
	CloseThreadpoolCleanupGroupMembers(group, TRUE, &all);
	assert_int_equal(seen.calls, 2);
	assert_int_equal(all.calls, 3);
	CloseThreadpoolCleanupGroup(group);
	CloseThreadpool(pool);
	CloseThreadpoolTimer(timer);
	CloseHandle(seen.go);
}

static void takes_a_pool_that_is_none(void *context)
{
	SetThreadpoolThreadMaximum(context, 1);
}

static void closes_a_groups_member(void *context)
{
	PTP_CLEANUP_GROUP group = CreateThreadpoolCleanupGroup();
	TP_CALLBACK_ENVIRON environment;
	PTP_WORK work;

	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackCleanupGroup(&environment, group, NULL);
	work = CreateThreadpoolWork(count, NULL, &environment);
	CloseThreadpoolCleanupGroupMembers(group, FALSE, NULL);
	CloseThreadpoolCleanupGroup(group);
	CloseThreadpoolWork(work);
}

static void callback_waits_for_itself(void *context)
{
	SubmitThreadpoolWork(CreateThreadpoolWork(waits_for_itself, NULL, NULL));
	Sleep(10000);
}

static void closes_twice(void *context)
{
	PTP_WORK work = CreateThreadpoolWork(count, NULL, NULL);

	CloseThreadpoolWork(work);
	CloseThreadpoolWork(work);
}

static void takes_a_timer_for_work(void *context)
{
	SubmitThreadpoolWork((PTP_WORK)CreateThreadpoolTimer(on_timer, NULL, NULL));
}

static void unloads_with_one_running(void *context)
{
	struct seen seen = { .go = CreateEventW(NULL, TRUE, FALSE, NULL) };
	Dl_info info;

	dladdr((void *)count, &info);
	SubmitThreadpoolWork(CreateThreadpoolWork(count, &seen, NULL));
	while (!seen.inside)
		Sleep(1);
	nt_left_by_module(context, "probe", info.dli_fbase);
}

static void the_pool_has_rules(void **state)
{
	struct test_machine *m = *state;

	child_violates(callback_waits_for_itself, NULL, "waits until that has returned",
		       "in WaitForThreadpoolWorkCallbacks", NULL);
	child_violates(closes_twice, NULL, "in CloseThreadpoolWork", "exception 0xC000000D", NULL);
	child_violates(takes_a_timer_for_work, NULL, "is no work object that is open", NULL);
	child_violates(takes_a_pool_that_is_none, &m->machine, "is no thread pool that is open",
		       NULL);
	child_violates(closes_a_groups_member, NULL, "is no work object that is open", NULL);
	child_violates(unloads_with_one_running, &m->machine, "0xCE", "the thread pool's work",
		       "is still running", NULL);
}

static void what_is_left_is_told(void **state)
{
	struct test_machine *m = *state;
	HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
	struct seen seen = { .told = event };
	FILETIME due = in_ms(1);
	PTP_TIMER timer = CreateThreadpoolTimer(on_timer, &seen, NULL);
	Dl_info info;

	assert_non_null(CreateThreadpool(NULL));
	assert_non_null(CreateThreadpoolCleanupGroup());
	SetThreadpoolTimer(timer, &due, 1, 0);
	SetThreadpoolWait(CreateThreadpoolWait(on_wait, &seen, NULL), event, NULL);
	WaitForSingleObject(event, INFINITE);
	assert_true(dladdr((void *)count, &info));
	nt_left_by_module(&m->machine, "probe", info.dli_fbase);
	assert_true(journal_tells(&m->journal, "thread pool leak: the timer object"));
	assert_true(journal_tells(&m->journal, "thread pool leak: the wait object"));
	assert_true(journal_tells(&m->journal, "thread pool leak: the pool"));
	assert_true(journal_tells(&m->journal, "thread pool leak: the cleanup group"));
}

int main(void)
{
	/* Its children first: the thread sanitizer has none while threads of other tests end. */
	const struct CMUnitTest tests[] = {
		TEST(the_pool_has_rules),
		TEST(each_submission_is_a_callback),
		TEST(what_is_cancelled_is_not_called),
		TEST(a_callback_needs_no_object),
		TEST(timers_fire_once_or_again),
		TEST(waits_end_once),
		TEST(what_is_done_at_return),
		TEST(a_pool_of_ones_own),
		TEST(a_group_is_closed_at_once),
		TEST(what_is_left_is_told),
	};

	return cmocka_run_group_tests_name("win32: thread pool", tests, NULL, NULL);
}
