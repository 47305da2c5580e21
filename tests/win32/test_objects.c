/* SPDX-License-Identifier: MIT */
/* Handles, events, threads and waits of user mode, and what becomes of wrong ones. */
#include <sched.h>
#include <windows.h>
#include <winternl.h>

#include "nt/object.h"
#include "nt/wait.h"
#include "stage/machine.h"
#include "win32.h"

static HANDLE event(BOOL manual, BOOL set)
{
	HANDLE handle = CreateEventW(NULL, manual, set, NULL);

	assert_non_null(handle);
	return handle;
}

static void an_event_of_each_kind(void **state)
{
	HANDLE manual = event(TRUE, FALSE), automatic = event(FALSE, TRUE);

	assert_int_equal(WaitForSingleObject(manual, 0), WAIT_TIMEOUT);
	assert_true(SetEvent(manual));
	assert_int_equal(WaitForSingleObject(manual, INFINITE), WAIT_OBJECT_0);
	assert_int_equal(WaitForSingleObjectEx(manual, 0, TRUE), WAIT_OBJECT_0);
	assert_true(ResetEvent(manual));
	assert_int_equal(WaitForSingleObject(manual, 1), WAIT_TIMEOUT);
	assert_int_equal(WaitForSingleObject(automatic, 0), WAIT_OBJECT_0);
	assert_int_equal(WaitForSingleObject(automatic, 0), WAIT_TIMEOUT);
	assert_true(CloseHandle(manual));
	assert_true(CloseHandle(automatic));
}

static void an_event_goes_by_its_name(void **state)
{
	HANDLE first, second, opened, ansi;

	first = CreateEventW(NULL, FALSE, FALSE, u"Global\\netcx");
	assert_int_equal(GetLastError(), ERROR_SUCCESS);
	second =
		CreateEventExW(NULL, u"Global\\netcx", CREATE_EVENT_MANUAL_RESET, EVENT_ALL_ACCESS);
	assert_int_equal(GetLastError(), ERROR_ALREADY_EXISTS);
	ansi = CreateEventA(NULL, TRUE, FALSE, "Global\\netcx");
	assert_int_equal(GetLastError(), ERROR_ALREADY_EXISTS);
	opened = OpenEventW(EVENT_MODIFY_STATE, FALSE, u"Global\\netcx");
	assert_true(CompareObjectHandles(first, second) && CompareObjectHandles(first, opened));
	assert_true(SetEvent(ansi));
	/* It is the first one's: a wait takes the signal. */
	assert_int_equal(WaitForSingleObject(second, 0), WAIT_OBJECT_0);
	assert_int_equal(WaitForSingleObject(first, 0), WAIT_TIMEOUT);
	CloseHandle(first);
	CloseHandle(second);
	CloseHandle(opened);
	CloseHandle(ansi);
	assert_null(OpenEventW(SYNCHRONIZE, FALSE, u"Global\\netcx"));
	assert_int_equal(GetLastError(), ERROR_FILE_NOT_FOUND);
	assert_null(OpenEventW(SYNCHRONIZE, FALSE, NULL));
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	assert_null(CreateEventExW(NULL, NULL, 4, EVENT_ALL_ACCESS));
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	opened = CreateEventExW(NULL, NULL, CREATE_EVENT_INITIAL_SET, EVENT_ALL_ACCESS);
	assert_int_equal(WaitForSingleObject(opened, 0), WAIT_OBJECT_0);
	CloseHandle(opened);
}

struct work {
	HANDLE go, self;
	DWORD id;
	atomic_int begun;
};

static DWORD WINAPI wait_for_go(LPVOID context)
{
	struct work *work = context;

	work->id = GetCurrentThreadId();
	work->begun++;
	WaitForSingleObject(work->go, INFINITE);
	return 7;
}

static void a_thread_runs_and_leaves_its_code(void **state)
{
	struct work work = { .go = event(FALSE, FALSE) };
	DWORD id, code;
	HANDLE thread = CreateThread(NULL, 0, wait_for_go, &work, 0, &id);

	assert_non_null(thread);
	assert_int_equal(WaitForSingleObject(thread, 5), WAIT_TIMEOUT);
	assert_true(GetExitCodeThread(thread, &code));
	assert_int_equal(code, STILL_ACTIVE);
	SetEvent(work.go);
	assert_int_equal(WaitForSingleObject(thread, INFINITE), WAIT_OBJECT_0);
	assert_true(GetExitCodeThread(thread, &code));
	assert_int_equal(code, 7);
	assert_int_equal(work.id, id);
	assert_int_equal(GetThreadId(thread), id);
	assert_true(id != GetCurrentThreadId());
	assert_int_equal(GetThreadId(GetCurrentThread()), GetCurrentThreadId());
	assert_int_equal(GetCurrentProcessId(), getpid());
	CloseHandle(thread);
	CloseHandle(work.go);
}

static DWORD WINAPI exits(LPVOID context)
{
	ExitThread(9);
}

static void a_thread_may_wait_to_be_resumed(void **state)
{
	HANDLE thread = CreateThread(NULL, 1 << 20, exits, NULL, CREATE_SUSPENDED, NULL);
	DWORD code;

	assert_int_equal(WaitForSingleObject(thread, 10), WAIT_TIMEOUT);
	assert_int_equal(ResumeThread(thread), 1);
	assert_int_equal(WaitForSingleObject(thread, INFINITE), WAIT_OBJECT_0);
	assert_int_equal(ResumeThread(thread), 0);
	assert_true(GetExitCodeThread(thread, &code));
	assert_int_equal(code, 9);
	CloseHandle(thread);
	assert_null(CreateThread(NULL, 0, NULL, NULL, 0, NULL));
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	assert_null(CreateThread(NULL, 0, exits, NULL, 0x80, NULL));
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
}

static void a_thread_has_its_priority(void **state)
{
	assert_int_equal(GetThreadPriority(GetCurrentThread()), THREAD_PRIORITY_NORMAL);
	assert_true(SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_TIME_CRITICAL));
	assert_int_equal(GetThreadPriority(GetCurrentThread()), THREAD_PRIORITY_TIME_CRITICAL);
	assert_true(SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_IDLE));
	assert_true(SetThreadPriority(GetCurrentThread(), THREAD_MODE_BACKGROUND_BEGIN));
	assert_int_equal(GetThreadPriority(GetCurrentThread()), THREAD_PRIORITY_IDLE);
	assert_false(SetThreadPriority(GetCurrentThread(), 3));
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	assert_true(SwitchToThread());
}

static void a_thread_is_tied_to_processors(void **state)
{
	const DWORD count = GetActiveProcessorCount(ALL_PROCESSOR_GROUPS);
	GROUP_AFFINITY before, now, one = { .Mask = 1 };
	PROCESSOR_NUMBER number = { .Number = 77 };

	assert_int_equal(GetMaximumProcessorCount(0), count);
	assert_int_equal(GetActiveProcessorCount(1), 0);
	assert_int_equal(GetActiveProcessorGroupCount(), 1);
	assert_true(GetThreadGroupAffinity(GetCurrentThread(), &before));
	assert_int_equal(__builtin_popcountl(before.Mask), count);
	assert_true(SetThreadGroupAffinity(GetCurrentThread(), &one, &now));
	assert_int_equal(now.Mask, before.Mask);
	assert_true(GetThreadGroupAffinity(GetCurrentThread(), &now));
	assert_int_equal(now.Mask, 1);
	assert_int_equal(GetCurrentProcessorNumber(), 0);
	GetCurrentProcessorNumberEx(&number);
	assert_int_equal(number.Number, 0);
	assert_int_equal(SetThreadAffinityMask(GetCurrentThread(), before.Mask), 1);
	assert_int_equal(SetThreadAffinityMask(GetCurrentThread(), 0), 0);
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	one.Group = 1;
	assert_false(SetThreadGroupAffinity(GetCurrentThread(), &one, NULL));
	assert_true(GetThreadGroupAffinity(GetCurrentThread(), &now));
	assert_int_equal(now.Mask, before.Mask);
}

static DWORD WINAPI tell_later(LPVOID context)
{
	struct work *work = context;

	Sleep(5);
	SetEvent(work->go);
	SetEvent(work->self);
	return 0;
}

static void several_are_waited_for_at_once(void **state)
{
	HANDLE handles[3] = { event(FALSE, FALSE), event(FALSE, FALSE), event(TRUE, FALSE) };
	struct work work = { .go = handles[1], .self = handles[0] };
	HANDLE thread;

	assert_int_equal(WaitForMultipleObjects(3, handles, FALSE, 0), WAIT_TIMEOUT);
	assert_int_equal(WaitForMultipleObjectsEx(3, handles, FALSE, 2, TRUE), WAIT_TIMEOUT);
	SetEvent(handles[2]);
	assert_int_equal(WaitForMultipleObjects(3, handles, FALSE, INFINITE), WAIT_OBJECT_0 + 2);
	/* All at once: nothing is taken while one is missing. */
	SetEvent(handles[0]);
	assert_int_equal(WaitForMultipleObjects(3, handles, TRUE, 2), WAIT_TIMEOUT);
	assert_int_equal(WaitForSingleObject(handles[0], 0), WAIT_OBJECT_0);
	thread = CreateThread(NULL, 0, tell_later, &work, 0, NULL);
	assert_int_equal(WaitForMultipleObjects(3, handles, TRUE, INFINITE), WAIT_OBJECT_0);
	assert_int_equal(WaitForMultipleObjects(2, handles, FALSE, 0), WAIT_TIMEOUT);
	assert_int_equal(WaitForSingleObject(thread, INFINITE), WAIT_OBJECT_0);
	CloseHandle(thread);
	/* One that is there twice, and more than there may be. */
	handles[1] = handles[0];
	assert_int_equal(WaitForMultipleObjects(3, handles, TRUE, 0), WAIT_FAILED);
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	assert_int_equal(WaitForMultipleObjects(65, handles, FALSE, 0), WAIT_FAILED);
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	CloseHandle(handles[0]);
	CloseHandle(handles[2]);
	CloseHandle(work.go);
}

#define PING_PONGS 2000

static DWORD WINAPI echo(LPVOID context)
{
	HANDLE *handles = context;

	for (int i = 0; i < PING_PONGS; i++) {
		WaitForMultipleObjects(2, handles, FALSE, INFINITE);
		SetEvent(handles[2]);
	}
	return 0;
}

static void no_signal_is_lost(void **state)
{
	HANDLE handles[3] = { event(FALSE, FALSE), event(FALSE, FALSE), event(FALSE, FALSE) };
	HANDLE thread = CreateThread(NULL, 0, echo, handles, 0, NULL);

	for (int i = 0; i < PING_PONGS; i++) {
		SetEvent(handles[i & 1]);
		assert_int_equal(WaitForSingleObject(handles[2], 20000), WAIT_OBJECT_0);
	}
	assert_int_equal(WaitForSingleObject(thread, INFINITE), WAIT_OBJECT_0);
	CloseHandle(thread);
	for (int i = 0; i < 3; i++)
		CloseHandle(handles[i]);
}

static void a_handle_is_duplicated(void **state)
{
	HANDLE first = event(TRUE, FALSE), second, self;

	assert_true(DuplicateHandle(GetCurrentProcess(), first, GetCurrentProcess(), &second, 0,
				    FALSE, DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE));
	assert_true(first != second);
	assert_true(SetEvent(second));
	assert_int_equal(WaitForSingleObject(second, 0), WAIT_OBJECT_0);
	assert_true(DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(),
				    &self, 0, FALSE, DUPLICATE_SAME_ACCESS));
	assert_int_equal(GetThreadId(self), GetCurrentThreadId());
	assert_true(CloseHandle(GetCurrentThread()) && CloseHandle(GetCurrentProcess()));
	CloseHandle(second);
	CloseHandle(self);
}

static DWORD WINAPI ends_with_another_error(LPVOID context)
{
	DWORD first = GetLastError();

	SetLastError(99);
	return first;
}

static void each_thread_has_its_last_error(void **state)
{
	HANDLE thread;
	DWORD code;

	SetLastError(5);
	thread = CreateThread(NULL, 0, ends_with_another_error, NULL, 0, NULL);
	WaitForSingleObject(thread, INFINITE);
	GetExitCodeThread(thread, &code);
	CloseHandle(thread);
	assert_int_equal(code, 0);
	assert_int_equal(GetLastError(), 5);
	assert_int_equal(RtlNtStatusToDosErrorNoTeb(STATUS_NO_MEMORY), ERROR_NOT_ENOUGH_MEMORY);
	assert_int_equal(RtlNtStatusToDosErrorNoTeb(STATUS_SUCCESS), ERROR_SUCCESS);
	assert_int_equal(RtlNtStatusToDosErrorNoTeb(NTSTATUS_FROM_WIN32(ERROR_BUSY)), ERROR_BUSY);
	assert_int_equal(RtlNtStatusToDosErrorNoTeb((NTSTATUS)0xC0FFEE00), ERROR_MR_MID_NOT_FOUND);
	assert_int_equal(GetLastError(), 5);
	assert_int_equal(RtlNtStatusToDosError(STATUS_NOT_FOUND), ERROR_NOT_FOUND);
	assert_int_equal(GetLastError(), ERROR_NOT_FOUND);
	assert_int_equal(HRESULT_FROM_WIN32(ERROR_INVALID_PARAMETER), E_INVALIDARG);
	assert_int_equal(HRESULT_FROM_WIN32(0), S_OK);
	assert_int_equal(NTSTATUS_FROM_WIN32(ERROR_BUSY), (NTSTATUS)0xC00700AA);
}

static void time_passes(void **state)
{
	LARGE_INTEGER before = KeQueryPerformanceCounter(NULL), after;

	Sleep(3);
	assert_int_equal(SleepEx(2, TRUE), 0);
	Sleep(0);
	after = KeQueryPerformanceCounter(NULL);
	assert_true(after.QuadPart - before.QuadPart >= 50000);
}

static void closes_twice(void *context)
{
	HANDLE handle = event(TRUE, FALSE);

	CloseHandle(handle);
	CloseHandle(handle);
}

static void sets_a_closed_one(void *context)
{
	HANDLE handle = event(TRUE, FALSE);

	CloseHandle(handle);
	/* Others that came later do not stand in for it. */
	for (int i = 0; i < 20; i++)
		event(TRUE, FALSE);
	SetEvent(handle);
}

static void waits_for_nothing(void *context)
{
	WaitForSingleObject(NULL, 0);
}

static void sets_a_thread(void *context)
{
	SetEvent(GetCurrentThread());
}

static void resumes_an_event(void *context)
{
	ResumeThread(event(TRUE, FALSE));
}

static void waits_for_what_was_made_up(void *context)
{
	HANDLE handles[] = { event(TRUE, TRUE), (HANDLE)0x1238 };

	WaitForMultipleObjects(2, handles, TRUE, 0);
}

static void waits_for_none(void *context)
{
	WaitForMultipleObjects(0, NULL, FALSE, 0);
}

static void waits_for_the_process(void *context)
{
	WaitForSingleObject(GetCurrentProcess(), 0);
}

static void exits_ours(void *context)
{
	ExitThread(0);
}

static void raises(void *context)
{
	RaiseException(0xE0000001, 0, 0, NULL);
}

static void fails_fast(void *context)
{
	RaiseFailFastException(NULL, NULL, 0);
}

static void an_exception_ends_it(void **state)
{
	child_violates(raises, NULL, "violation 0xE0000001 UNHANDLED_EXCEPTION in RaiseException",
		       "the end of the driver's host process, exception 0xE0000001", NULL);
	child_violates(fails_fast, NULL, "0xC0000602 FAIL_FAST in RaiseFailFastException", NULL);
}

static void wrong_handles_are_told(void **state)
{
	child_violates(closes_twice, NULL, "violation 0x300 INVALID_HANDLE in CloseHandle",
		       "STATUS_INVALID_HANDLE", "Application Verifier stop 0x300", NULL);
	child_violates(sets_a_closed_one, NULL, "violation 0x300 INVALID_HANDLE in SetEvent", NULL);
	child_violates(waits_for_nothing, NULL, "0x303 NULL_HANDLE in WaitForSingleObject", NULL);
	child_violates(sets_a_thread, NULL, "0x305 INCORRECT_OBJECT_TYPE in SetEvent",
		       "of a thread, and a event is asked for", NULL);
	child_violates(resumes_an_event, NULL, "0x305 INCORRECT_OBJECT_TYPE in ResumeThread",
		       "of a event, and a thread", NULL);
	child_violates(waits_for_what_was_made_up, NULL,
		       "0x300 INVALID_HANDLE in WaitForMultipleObjects", "0x1238", NULL);
	child_violates(waits_for_none, NULL, "0x302 INCORRECT_WAIT_CALL in WaitForMultipleObjects",
		       NULL);
	child_violates(waits_for_the_process, NULL, "0x305", "of a process", NULL);
	child_violates(exits_ours, NULL, "0x100 TERMINATE_THREAD_CALL in ExitThread", NULL);
}

static DWORD WINAPI waits_for_ever(LPVOID context)
{
	Sleep(INFINITE);
	return 0;
}

static void unloads_while_it_runs(void *context)
{
	CreateThread(NULL, 0, waits_for_ever, NULL, 0, NULL);
	nt_object_end_module(nt_machine(), "probe", (const void *)waits_for_ever);
}

static void what_is_left_is_told(void **state)
{
	struct test_machine *m = *state;
	HANDLE thread;

	child_violates(unloads_while_it_runs, NULL, "0xCE", "the thread waits_for_ever",
		       "is still running", NULL);
	event(TRUE, FALSE);
	thread = CreateThread(NULL, 0, exits, NULL, 0, NULL);
	WaitForSingleObject(thread, INFINITE);
	assert_int_equal(nt_object_end_module(&m->machine, "probe", (const void *)exits), 2);
	assert_true(journal_tells(&m->journal, "handle leak: 1 handle of the event made by event"));
	assert_true(journal_tells(&m->journal, "handle leak: 1 handle of the thread exits"));
	assert_int_equal(nt_object_end_module(&m->machine, "probe", (const void *)exits), 0);
}

static DWORD describes_itself(LPVOID context)
{
	WCHAR *text;
	char name[16];

	assert_int_equal(GetThreadDescription(GetCurrentThread(), &text), S_OK);
	assert_int_equal(text[0], 0);
	LocalFree(text);
	assert_int_equal(SetThreadDescription(GetCurrentThread(), u"the one that polls"), S_OK);
	pthread_getname_np(pthread_self(), name, sizeof(name));
	assert_string_equal(name, "the one that po");
	return 0;
}

static void threads_are_described(void **state)
{
	HANDLE thread = CreateThread(NULL, 0, describes_itself, NULL, 0, NULL);
	WCHAR *text;

	WaitForSingleObject(thread, INFINITE);
	assert_int_equal(GetThreadDescription(thread, &text), S_OK);
	assert_memory_equal(text, u"the one that polls", 38);
	LocalFree(text);
	assert_int_equal(SetThreadDescription(thread, u"it"), S_OK);
	assert_int_equal(GetThreadDescription(thread, &text), S_OK);
	assert_memory_equal(text, u"it", 6);
	LocalFree(text);
	CloseHandle(thread);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(threads_are_described),
		TEST(an_event_of_each_kind),
		TEST(an_event_goes_by_its_name),
		TEST(a_thread_runs_and_leaves_its_code),
		TEST(a_thread_may_wait_to_be_resumed),
		TEST(a_thread_has_its_priority),
		TEST(a_thread_is_tied_to_processors),
		TEST(several_are_waited_for_at_once),
		TEST(no_signal_is_lost),
		TEST(a_handle_is_duplicated),
		TEST(each_thread_has_its_last_error),
		TEST(time_passes),
		TEST(wrong_handles_are_told),
		TEST(an_exception_ends_it),
		TEST(what_is_left_is_told),
	};

	return cmocka_run_group_tests_name("win32: objects", tests, NULL, NULL);
}
