/* SPDX-License-Identifier: MIT */
/* Heaps, clocks, and text for a debugger. */
#include <string.h>
#include <windows.h>

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

static void text_becomes_an_event(void **state)
{
	struct test_machine *m = *state;

	OutputDebugStringA("hello %s\n");
	OutputDebugStringW(u"gr\u00fc\u00df\n");
	OutputDebugStringA(NULL);
	assert_true(journal_tells(&m->journal, "hello %s"));
	assert_true(journal_tells(&m->journal, "gr\u00fc\u00df"));
	assert_false(IsDebuggerPresent());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(blocks_come_and_go), TEST(local_memory_is_the_heaps),
		TEST(heaps_have_rules),   TEST(what_is_left_is_told),
		TEST(clocks_go_on),       TEST(text_becomes_an_event),
	};

	return cmocka_run_group_tests_name("win32: memory", tests, NULL, NULL);
}
