/* SPDX-License-Identifier: MIT */
/* Heaps, clocks, pages, modules. */
#include <string.h>
#include <strsafe.h>
#include <windows.h>

#include "nt/fault.h"
#include "nt/left_behind.h"
#include "stage/machine.h"
#include "win32.h"

static void blocks_come_and_go(void **state)
{
	HANDLE heap = GetProcessHeap(), other = HeapCreate(0, 0, 0);
	char *block = HeapAlloc(heap, HEAP_ZERO_MEMORY, 100);

	for (int i = 0; i < 100; i++)
		assert_int_equal(block[i], 0);
	assert_int_equal(HeapSize(heap, 0, block), 100);
	strcpy(block, "netcx");
	assert_null(HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, block, 200));
	block = HeapReAlloc(heap, HEAP_ZERO_MEMORY, block, 200);
	assert_string_equal(block, "netcx");
	assert_int_equal(block[199], 0);
	assert_int_equal(HeapSize(heap, 0, block), 200);
	assert_true(HeapFree(heap, 0, block));
	assert_true(HeapFree(heap, 0, NULL));
	assert_null(HeapAlloc(heap, 0, (SIZE_T)1 << 50));
	assert_non_null(HeapAlloc(other, 0, 10));
	assert_true(HeapDestroy(other));
}

static void local_memory_is_the_heaps(void **state)
{
	char *block = LocalAlloc(LPTR, 10);

	assert_int_equal(block[9], 0);
	assert_int_equal(LocalSize(block), 10);
	assert_null(LocalFree(block));
	assert_null(LocalFree(NULL));
	assert_null(LocalAlloc(LMEM_MOVEABLE, 10));
	assert_int_equal(GetLastError(), ERROR_NOT_SUPPORTED);
	assert_null(LocalAlloc(0, (SIZE_T)1 << 50));
	assert_int_equal(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
	block = GlobalAlloc(GPTR, 10);
	assert_int_equal(block[9], 0);
	assert_int_equal(GlobalSize(block), 10);
	assert_null(GlobalFree(block));
	assert_null(GlobalFree(NULL));
	assert_null(GlobalAlloc(LMEM_MOVEABLE, 10));
}

static void frees_twice(void *context)
{
	void *block = HeapAlloc(GetProcessHeap(), 0, 8);

	HeapFree(GetProcessHeap(), 0, block);
	HeapFree(GetProcessHeap(), 0, block);
}

static void frees_elsewhere(void *context)
{
	HeapFree(HeapCreate(0, 0, 0), 0, HeapAlloc(GetProcessHeap(), 0, 8));
}

static void destroys_ours(void *context)
{
	HeapDestroy(GetProcessHeap());
}

static void uses_no_heap(void *context)
{
	HeapAlloc(context, 0, 8);
}

static void frees_a_held_lock(void *context)
{
	PSRWLOCK lock = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*lock));

	AcquireSRWLockExclusive(lock);
	HeapFree(GetProcessHeap(), 0, lock);
}

static void heaps_have_rules(void **state)
{
	child_violates(frees_twice, NULL, "0x7 DOUBLE_FREE in HeapFree", NULL);
	child_violates(frees_elsewhere, NULL, "0x6 SWITCHED_HEAP_HANDLE in HeapFree", NULL);
	child_violates(destroys_ours, NULL, "0x9 DESTROY_PROCESS_HEAP in HeapDestroy", NULL);
	child_violates(uses_no_heap, (void *)frees_twice, "0x5 BAD_HEAP_HANDLE in HeapAlloc", NULL);
	child_violates(frees_a_held_lock, NULL, "in HeapFree", "SRW lock", NULL);
}

static void what_is_left_is_told(void **state)
{
	struct test_machine *m = *state;
	Dl_info info;

	assert_true(dladdr((void *)frees_twice, &info));
	assert_non_null(HeapAlloc(GetProcessHeap(), 0, 24));
	assert_non_null(LocalAlloc(0, 8));
	nt_left_by_module(&m->machine, "probe", info.dli_fbase);
	assert_true(journal_tells(&m->journal, "heap leak: 2 blocks, 32 bytes, not freed"));
}

static ULONGLONG of(FILETIME time)
{
	return (ULONGLONG)time.dwHighDateTime << 32 | time.dwLowDateTime;
}

static void clocks_go_on(void **state)
{
	ULONGLONG ticks = GetTickCount64(), interrupt, precise, unbiased;
	LARGE_INTEGER frequency, counter, later;
	FILETIME system, exact;

	assert_true(QueryPerformanceFrequency(&frequency) && QueryPerformanceCounter(&counter));
	assert_int_equal(frequency.QuadPart, 10000000);
	assert_true(GetTickCount() - (DWORD)ticks < 60000);
	QueryInterruptTime(&interrupt);
	QueryInterruptTimePrecise(&precise);
	assert_true(QueryUnbiasedInterruptTime(&unbiased));
	assert_true(interrupt <= precise && precise <= unbiased);
	assert_true(interrupt / 10000 - ticks < 60000);
	GetSystemTimeAsFileTime(&system);
	GetSystemTimePreciseAsFileTime(&exact);
	assert_true(of(system) <= of(exact));
	/* 2020 and later. */
	assert_true(of(system) > 132223104000000000ULL);
	Sleep(1);
	QueryPerformanceCounter(&later);
	assert_true(later.QuadPart > counter.QuadPart);
}

static void pages_come_and_go(void **state)
{
	struct test_machine *m = *state;
	SYSTEM_INFO info;
	char *pages;
	Dl_info of;

	GetSystemInfo(&info);
	assert_int_equal(info.dwPageSize, 4096);
	assert_int_equal(info.dwNumberOfProcessors, GetActiveProcessorCount(0));
	assert_int_equal(info.dwAllocationGranularity, 65536);
	pages = VirtualAlloc(NULL, 5000, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
	assert_int_equal((uintptr_t)pages % 4096, 0);
	assert_int_equal(pages[8191], 0);
	pages[8191] = 1;
	assert_false(VirtualFree(pages, 4096, MEM_RELEASE));
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	assert_true(VirtualFree(pages, 0, MEM_RELEASE));
	assert_null(VirtualAlloc(NULL, 4096, MEM_COMMIT, PAGE_EXECUTE_READWRITE));
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	assert_null(VirtualAlloc(m, 4096, MEM_COMMIT, PAGE_READONLY));
	assert_int_equal(GetLastError(), ERROR_INVALID_ADDRESS);
	assert_true(dladdr((void *)frees_twice, &of));
	assert_non_null(VirtualAlloc(NULL, 1, MEM_RESERVE, PAGE_NOACCESS));
	nt_left_by_module(&m->machine, "probe", of.dli_fbase);
	assert_true(journal_tells(&m->journal, "memory leak: 4096 bytes"));
}

static void frees_pages_twice(void *context)
{
	void *pages = VirtualAlloc(NULL, 1, MEM_COMMIT, PAGE_READWRITE);

	VirtualFree(pages, 0, MEM_RELEASE);
	VirtualFree(pages, 0, MEM_RELEASE);
}

static void pages_are_freed_once(void **state)
{
	child_violates(frees_pages_twice, NULL, "0x600 INVALID_FREEMEM in VirtualFree", NULL);
}

static void modules_are_found(void **state)
{
	HMODULE by_address, by_name, own;
	WCHAR path[300], again[5];
	char narrow[300];
	Dl_info info;
	DWORD length;

	assert_true(dladdr((void *)modules_are_found, &info));
	assert_true(GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
					       GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
				       (LPCWSTR)(void *)modules_are_found, &by_address));
	assert_ptr_equal(by_address, info.dli_fbase);
	own = GetModuleHandleW(NULL);
	assert_ptr_equal(own, info.dli_fbase);
	assert_non_null(GetModuleHandleW(u"LIBC.dll"));
	assert_null(GetModuleHandleW(u"nothing.dll"));
	assert_int_equal(GetLastError(), ERROR_MOD_NOT_FOUND);
	assert_false(GetModuleHandleExW(8, NULL, &by_name));
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	assert_ptr_equal(GetModuleHandleW(u"kernelbase.dll"), own);
	length = GetModuleFileNameW(own, path, 300);
	assert_int_equal(length, GetModuleFileNameA(own, narrow, sizeof(narrow)));
	for (DWORD i = 0; i <= length; i++)
		assert_int_equal(path[i], narrow[i]);
	assert_string_equal(strrchr(narrow, '\\') + 1, "test_win32_memory");
	assert_null(strchr(narrow, '/'));
	assert_int_equal(GetModuleFileNameW(own, again, 5), 5);
	assert_int_equal(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
	assert_int_equal(again[4], 0);
	assert_int_equal(GetModuleFileNameA(own, narrow, 5), 5);
	assert_int_equal(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
	assert_int_equal(strlen(narrow), 4);
	assert_int_equal(GetModuleFileNameA((HMODULE)8, narrow, 5), 0);
	assert_int_equal(GetLastError(), ERROR_MOD_NOT_FOUND);
	assert_ptr_equal(GetProcAddress(own, "GetModuleHandleExW"), GetModuleHandleExW);
	assert_null(GetProcAddress(own, "NoSuchThing"));
	assert_int_equal(GetLastError(), ERROR_PROC_NOT_FOUND);
	assert_true(FreeLibrary(own) && DisableThreadLibraryCalls(own));
	assert_false(FreeLibrary((HMODULE)8) || DisableThreadLibraryCalls((HMODULE)8));
}

static DWORD WINAPI starts_nothing(LPVOID context)
{
	fail_msg("a thread that was not to be has begun");
	return 0;
}

/* NULL and the last error, as each page has it; HeapAlloc's leaves it alone. */
static void calls_fail_as_the_plan_has_it(void **state)
{
	static const char *const lines[] = { "HeapAlloc",
					     "HeapReAlloc",
					     "HeapCreate",
					     "LocalAlloc",
					     "VirtualAlloc",
					     "CreateThread",
					     "CreateEventW",
					     "CreateMutexA",
					     "TlsAlloc",
					     "FlsAlloc",
					     "OpenEventW",
					     "CreateThreadpool",
					     "CreateThreadpoolCleanupGroup",
					     "CreateThreadpoolWork",
					     "CreateThreadpoolTimer",
					     "CreateThreadpoolWait",
					     "TrySubmitThreadpoolCallback" };
	const PTP_WORK_CALLBACK any = (PTP_WORK_CALLBACK)(ULONG_PTR)starts_nothing;
	struct nt_machine *machine = &((struct test_machine *)*state)->machine;
	HANDLE heap = GetProcessHeap();
	void *block = HeapAlloc(heap, 0, 8);
	struct error error = { "" };

	machine->faults = nt_faults_create();
	for (unsigned i = 0; i < ARRAYSIZE(lines); i++)
		if (!nt_faults_add(machine->faults, lines[i], &error))
			fail_msg("%s", error.text);
	SetLastError(7);
	assert_null(HeapAlloc(heap, 0, 8));
	assert_null(HeapReAlloc(heap, 0, block, 16));
	assert_int_equal(GetLastError(), 7);
	assert_null(HeapCreate(0, 0, 0));
	assert_int_equal(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
	assert_null(LocalAlloc(LPTR, 8));
	assert_null(VirtualAlloc(NULL, 4096, MEM_COMMIT, PAGE_READWRITE));
	assert_null(CreateThread(NULL, 0, starts_nothing, NULL, 0, NULL));
	SetLastError(0);
	assert_null(CreateEventW(NULL, FALSE, FALSE, NULL));
	assert_int_equal(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
	assert_null(CreateMutexA(NULL, FALSE, NULL));
	assert_null(OpenEventW(EVENT_ALL_ACCESS, FALSE, u"none"));
	assert_int_equal(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
	assert_int_equal(TlsAlloc(), TLS_OUT_OF_INDEXES);
	assert_int_equal(FlsAlloc(NULL), FLS_OUT_OF_INDEXES);
	assert_null(CreateThreadpool(NULL));
	assert_null(CreateThreadpoolCleanupGroup());
	assert_null(CreateThreadpoolWork(any, NULL, NULL));
	assert_null(CreateThreadpoolTimer((PTP_TIMER_CALLBACK)(ULONG_PTR)any, NULL, NULL));
	assert_null(CreateThreadpoolWait((PTP_WAIT_CALLBACK)(ULONG_PTR)any, NULL, NULL));
	SetLastError(0);
	assert_false(TrySubmitThreadpoolCallback((PTP_SIMPLE_CALLBACK)(ULONG_PTR)any, NULL, NULL));
	assert_int_equal(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
	assert_null(nt_faults_unmatched(machine->faults, 0));
	nt_faults_destroy(machine->faults);
	machine->faults = NULL;
	HeapFree(heap, 0, block);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(blocks_come_and_go),
		TEST(local_memory_is_the_heaps),
		TEST(heaps_have_rules),
		TEST(what_is_left_is_told),
		TEST(clocks_go_on),
		TEST(pages_come_and_go),
		TEST(pages_are_freed_once),
		TEST(modules_are_found),
		TEST(calls_fail_as_the_plan_has_it),
	};

	return cmocka_run_group_tests_name("win32: memory", tests, NULL, NULL);
}
