/* SPDX-License-Identifier: MIT */
#include "nt/guard.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "nt/thread.h"
#include "nt/violation.h"

extern void __asan_set_error_report_callback(void (*callback)(const char *)) __attribute__((weak));
extern void *__asan_get_report_address(void) __attribute__((weak));
extern size_t __asan_get_report_access_size(void) __attribute__((weak));
extern int __asan_get_report_access_type(void) __attribute__((weak));

#define SPECIAL_POOL_DETECTED_MEMORY_CORRUPTION 0xC1
#define NEARBY_BYTES                            0x23
#define BYTES_BEHIND                            0x24

static const char rule[] = "SPECIAL_POOL_DETECTED_MEMORY_CORRUPTION";

void nt_guard_fill(void *gap, size_t length)
{
	memset(gap, NT_GUARD_BYTE, length);
	nt_guard_close(gap, length);
}

size_t nt_guard_broken(const void *gap, size_t length, size_t *first, size_t *last)
{
	const unsigned char *at = gap;
	size_t count = 0;

	*first = *last = 0;
	if (nt_guard_poisons())
		return 0;
	for (size_t i = 0; i < length; i++) {
		if (at[i] == NT_GUARD_BYTE)
			continue;
		if (!count++)
			*first = i;
		*last = i;
	}
	return count;
}

bool nt_guard_describe(const void *at, struct text *text)
{
	struct nt_guards *guards = nt_self.machine ? &nt_self.machine->guards : NULL;
	const struct nt_guarded *g;

	/* A crash while the list is changed: then without a name. */
	if (!guards || pthread_mutex_trylock(&guards->lock))
		return false;
	for (g = guards->first; g; g = g->next)
		if ((uintptr_t)at - (uintptr_t)g->memory < g->length)
			break;
	if (g)
		g->describe(g, at, text);
	pthread_mutex_unlock(&guards->lock);
	return g;
}

/* What the sanitizer calls a wild address has a name here. It has printed its report. */
static void on_sanitizer_report(const char *report)
{
	const void *at = __asan_get_report_address ? __asan_get_report_address() : NULL;
	const struct nt_callback *callback = nt_self.callback;
	char room[320];
	struct text text = text_in(room, sizeof(room));

	if (nt_self.watch)
		nt_self.watch->look(nt_self.watch, callback);
	text_add(&text, "%zu byte%s %s: ", __asan_get_report_access_size(),
		 __asan_get_report_access_size() == 1 ? "" : "s",
		 __asan_get_report_access_type() ? "written" : "read");
	if (!nt_guard_describe(at, &text))
		return;
	text_add(&text, ".");
	nt_violation_note(&(struct nt_violation){
		.bugcheck = SPECIAL_POOL_DETECTED_MEMORY_CORRUPTION,
		.parameter = { (uintptr_t)at, (uintptr_t)at, 0, NEARBY_BYTES },
		.rule = rule,
		.call = callback ? callback->name : "a thread of the driver",
		.object = callback ? callback->object : NULL,
		.passed = room,
		.demand = "Memory is used between its ends, and as long as it is the driver's.",
	});
}

void nt_guard_add(struct nt_guarded *guarded)
{
	static atomic_bool asked; /* the sanitizer is the process's */
	struct nt_guards *list = &nt_self.machine->guards;

	if (__asan_set_error_report_callback && !atomic_exchange(&asked, true))
		__asan_set_error_report_callback(on_sanitizer_report);
	pthread_mutex_lock(&list->lock);
	guarded->list = list;
	guarded->next = list->first;
	guarded->link = &list->first;
	if (list->first)
		list->first->link = &guarded->next;
	list->first = guarded;
	pthread_mutex_unlock(&list->lock);
}

void nt_guard_remove(struct nt_guarded *guarded)
{
	struct nt_guards *list = guarded->list;

	if (!list)
		return;
	pthread_mutex_lock(&list->lock);
	*guarded->link = guarded->next;
	if (guarded->next)
		guarded->next->link = guarded->link;
	guarded->list = NULL;
	pthread_mutex_unlock(&list->lock);
}

void nt_guard_violation(const struct nt_overrun *overrun)
{
	nt_violation(&(struct nt_violation){
		.bugcheck = SPECIAL_POOL_DETECTED_MEMORY_CORRUPTION,
		.parameter = { (uintptr_t)overrun->memory, (uintptr_t)overrun->broken, 0,
			       overrun->behind ? BYTES_BEHIND : NEARBY_BYTES },
		.rule = rule,
		.call = overrun->where,
		.object = overrun->object,
		.passed = overrun->passed,
		.demand =
			"Memory is written between its ends, and as long as it is the driver's; with -fsanitize=address the report has the line.",
	});
}

/*
 * In front of a block lies its gap, behind as much as keeps the alignment. The sanitizer's own heap
 * has gaps, and says where a block was allocated.
 */
static size_t front_of(size_t alignment)
{
	return alignment > NT_GUARD_GAP ? alignment : NT_GUARD_GAP;
}

void *nt_guard_allocate(size_t size, size_t alignment)
{
	size_t front = front_of(alignment);
	unsigned char *memory;
	void *block;

	if (nt_guard_poisons())
		return posix_memalign(&block, alignment, size ? size : 1) ? NULL : block;
	if (size > SIZE_MAX - front - NT_GUARD_GAP ||
	    posix_memalign(&block, alignment, front + size + NT_GUARD_GAP))
		return NULL;
	memory = (unsigned char *)block + front;
	nt_guard_fill(memory - NT_GUARD_GAP, NT_GUARD_GAP);
	nt_guard_fill(memory + size, NT_GUARD_GAP);
	return memory;
}

static void check_gap(const unsigned char *memory, size_t size, bool behind, const char *call,
		      const char *what)
{
	const unsigned char *gap = behind ? memory + size : memory - NT_GUARD_GAP;
	size_t first, last, off, count = nt_guard_broken(gap, NT_GUARD_GAP, &first, &last);
	char passed[256];

	if (!count)
		return;
	off = behind ? first : NT_GUARD_GAP - first;
	snprintf(passed, sizeof(passed),
		 "%zu byte%s %s written, the first lies %zu byte%s %s a %s.", count,
		 count == 1 ? "" : "s", count == 1 ? "was" : "were", off, off == 1 ? "" : "s",
		 behind ? "behind the end of" : "in front of", what);
	nt_guard_violation(&(struct nt_overrun){ .where = call,
						 .memory = memory,
						 .broken = gap + first,
						 .behind = behind,
						 .passed = passed });
}

void nt_guard_free(void *memory, size_t size, size_t alignment, const char *call, const char *what)
{
	if (!memory)
		return;
	if (nt_guard_poisons()) {
		free(memory);
		return;
	}
	check_gap(memory, size, true, call, what);
	check_gap(memory, size, false, call, what);
	free((unsigned char *)memory - front_of(alignment));
}
