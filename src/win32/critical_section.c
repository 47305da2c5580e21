/* SPDX-License-Identifier: MIT */
/*
 * Critical sections. RecursionCount and OwningThread are as Windows has them; LockSemaphore's place
 * holds the word that is waited for: 0 free, 1 owned, 2 owned and somebody sleeps. DebugInfo marks
 * one that is initialised, with where.
 */
#include <limits.h>
#include <linux/futex.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "nt/deadlock.h"
#include "nt/held_locks.h"
#include "nt/symbols.h"
#include "nt/thread.h"
#include "nt/violation.h"
#include "win32/state.h"

#define EXIT_THREAD_OWNS_LOCK 0x200
#define LOCK_IN_UNLOADED_DLL  0x201
#define DOUBLE_INITIALIZE     0x211
#define NOT_INITIALIZED       0x210
#define OVER_RELEASED         0x209
#define NOT_LOCK_OWNER        0x214
#define INVALID_LOCK_COUNT    0x208

static const char kind[] = "critical section";

/* One that is initialised. In the machine's list, under sections_lock. */
struct w32_section {
	LPCRITICAL_SECTION section;
	const void *caller;
	struct w32_section *next;
};

static uint32_t *word_of(LPCRITICAL_SECTION section)
{
	return (uint32_t *)&section->LockSemaphore;
}

static struct w32_section **find(struct w32 *w32, LPCRITICAL_SECTION section)
{
	struct w32_section **at = &w32->sections;

	while (*at && (*at)->section != section)
		at = &(*at)->next;
	return at;
}

static _Noreturn void say(LPCRITICAL_SECTION section, uint32_t code, const char *call,
			  const char *demand, const char *seen)
{
	char text[384];

	nt_violation_stop(code, (uintptr_t)section, "LOCKS", call, demand, "the %s, %s",
			  nt_held_text(section, kind, section, text, sizeof(text)), seen);
}

static void check_initialised(LPCRITICAL_SECTION section, const char *call)
{
	w32_check_thread(call);
	if (!section->DebugInfo)
		say(section, NOT_INITIALIZED, call,
		    "A critical section is initialised before it is used, and not used once it is deleted.",
		    "is not initialised.");
}

static void initialise(LPCRITICAL_SECTION section, DWORD spins, const char *call,
		       const void *caller)
{
	struct w32 *w32 = w32_state(call);
	struct w32_section *entry = malloc(sizeof(*entry));
	bool twice;

	if (!entry)
		abort();
	pthread_mutex_lock(&w32->sections_lock);
	twice = *find(w32, section);
	*entry = (struct w32_section){ section, caller, w32->sections };
	w32->sections = entry;
	pthread_mutex_unlock(&w32->sections_lock);
	if (twice)
		say(section, DOUBLE_INITIALIZE, call,
		    "A critical section is initialised once, and again when it has been deleted.",
		    "is initialised already.");
	*section = (CRITICAL_SECTION){ .DebugInfo = (PRTL_CRITICAL_SECTION_DEBUG)entry,
				       .LockCount = -1,
				       .SpinCount = spins };
}

NETCX_EXPORT VOID WINAPI InitializeCriticalSection(LPCRITICAL_SECTION lpCriticalSection)
{
	initialise(lpCriticalSection, 0, "InitializeCriticalSection", CALLER);
}

NETCX_EXPORT BOOL WINAPI InitializeCriticalSectionAndSpinCount(LPCRITICAL_SECTION lpCriticalSection,
							       DWORD dwSpinCount)
{
	initialise(lpCriticalSection, dwSpinCount, "InitializeCriticalSectionAndSpinCount", CALLER);
	return TRUE;
}

NETCX_EXPORT BOOL WINAPI InitializeCriticalSectionEx(LPCRITICAL_SECTION lpCriticalSection,
						     DWORD dwSpinCount, DWORD Flags)
{
	if (Flags & ~(DWORD)CRITICAL_SECTION_NO_DEBUG_INFO)
		return w32_fail(ERROR_INVALID_PARAMETER);
	initialise(lpCriticalSection, dwSpinCount, "InitializeCriticalSectionEx", CALLER);
	return TRUE;
}

static bool is_mine(LPCRITICAL_SECTION section)
{
	return __atomic_load_n(&section->OwningThread, __ATOMIC_RELAXED) == PsGetCurrentThreadId();
}

static void own(LPCRITICAL_SECTION section, const void *where)
{
	__atomic_store_n(&section->OwningThread, PsGetCurrentThreadId(), __ATOMIC_RELAXED);
	section->RecursionCount = 1;
	nt_held_take_user(section, kind, EXIT_THREAD_OWNS_LOCK, where);
}

static bool swap(uint32_t *word, uint32_t from, uint32_t to)
{
	return __atomic_compare_exchange_n(word, &from, to, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

static void wait_for(LPCRITICAL_SECTION section)
{
	const struct timespec while_after_while = { .tv_nsec = NT_WAITS_NS };
	uint32_t *word = word_of(section);

	while (__atomic_exchange_n(word, 2, __ATOMIC_ACQ_REL)) {
		syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, 2, &while_after_while, NULL, 0);
		nt_waits_for(nt_held_holder(nt_self.machine, section), "EnterCriticalSection");
	}
	nt_waits_over();
}

static void enter(LPCRITICAL_SECTION section, const void *where)
{
	if (is_mine(section)) {
		section->RecursionCount++;
		return;
	}
	if (!swap(word_of(section), 0, 1))
		wait_for(section);
	own(section, where);
}

NETCX_EXPORT VOID WINAPI EnterCriticalSection(LPCRITICAL_SECTION lpCriticalSection)
{
	check_initialised(lpCriticalSection, "EnterCriticalSection");
	enter(lpCriticalSection, CALLER);
}

NETCX_EXPORT BOOL WINAPI TryEnterCriticalSection(LPCRITICAL_SECTION lpCriticalSection)
{
	check_initialised(lpCriticalSection, "TryEnterCriticalSection");
	if (is_mine(lpCriticalSection)) {
		lpCriticalSection->RecursionCount++;
		return TRUE;
	}
	if (!swap(word_of(lpCriticalSection), 0, 1))
		return FALSE;
	own(lpCriticalSection, CALLER);
	return TRUE;
}

static void leave(LPCRITICAL_SECTION section)
{
	if (--section->RecursionCount)
		return;
	__atomic_store_n(&section->OwningThread, NULL, __ATOMIC_RELAXED);
	nt_held_give(section);
	if (__atomic_exchange_n(word_of(section), 0, __ATOMIC_ACQ_REL) == 2)
		syscall(SYS_futex, word_of(section), FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void check_owned(LPCRITICAL_SECTION section, const char *call)
{
	check_initialised(section, call);
	if (is_mine(section))
		return;
	say(section, section->OwningThread ? NOT_LOCK_OWNER : OVER_RELEASED, call,
	    "A critical section is left by the thread that has entered it, as often as it has.",
	    "is not this thread's.");
}

NETCX_EXPORT VOID WINAPI LeaveCriticalSection(LPCRITICAL_SECTION lpCriticalSection)
{
	check_owned(lpCriticalSection, "LeaveCriticalSection");
	leave(lpCriticalSection);
}

/* For a condition variable: entered once, as it must be. */
void w32_section_leave(LPCRITICAL_SECTION section, const char *call)
{
	check_owned(section, call);
	leave(section);
}

void w32_section_enter(LPCRITICAL_SECTION section, const void *where)
{
	enter(section, where);
}

static void forget(struct w32_section **at)
{
	struct w32_section *entry = *at;

	*at = entry->next;
	free(entry);
}

NETCX_EXPORT VOID WINAPI DeleteCriticalSection(LPCRITICAL_SECTION lpCriticalSection)
{
	struct w32 *w32 = w32_state("DeleteCriticalSection");
	struct w32_section **at;

	check_initialised(lpCriticalSection, "DeleteCriticalSection");
	if (lpCriticalSection->OwningThread)
		say(lpCriticalSection, INVALID_LOCK_COUNT, "DeleteCriticalSection",
		    "A critical section is deleted when no thread is in it.",
		    "is owned by a thread.");
	pthread_mutex_lock(&w32->sections_lock);
	at = find(w32, lpCriticalSection);
	if (*at)
		forget(at);
	pthread_mutex_unlock(&w32->sections_lock);
	*lpCriticalSection = (CRITICAL_SECTION){ .DebugInfo = NULL };
}

NETCX_EXPORT DWORD WINAPI SetCriticalSectionSpinCount(LPCRITICAL_SECTION lpCriticalSection,
						      DWORD dwSpinCount)
{
	check_initialised(lpCriticalSection, "SetCriticalSectionSpinCount");
	return (DWORD)__atomic_exchange_n(&lpCriticalSection->SpinCount, dwSpinCount,
					  __ATOMIC_RELAXED);
}

static struct w32_section **section_of(struct w32 *w32, const void *module)
{
	struct w32_section **at = &w32->sections;

	while (*at && w32_module_of((*at)->caller) != module)
		at = &(*at)->next;
	return at;
}

unsigned long w32_sections_report(struct w32 *w32, const char *driver, const void *module)
{
	unsigned long count = 0;
	struct w32_section **at;
	char where[256];

	pthread_mutex_lock(&w32->sections_lock);
	for (; *(at = section_of(w32, module)); count++) {
		nt_symbol((*at)->caller, where, sizeof(where));
		nt_log(driver,
		       "critical section leak: the one at %p, which %s has initialised, was not deleted before unload",
		       (void *)(*at)->section, where);
		forget(at);
	}
	pthread_mutex_unlock(&w32->sections_lock);
	return count;
}

void w32_sections_destroy(struct w32 *w32)
{
	while (w32->sections)
		forget(&w32->sections);
}
