/* SPDX-License-Identifier: MIT */
/*
 * Guards around memory that a driver is given: gaps that nobody writes to. Under the address
 * sanitizer, whose runtime a driver may bring along, they are poisoned, and so is memory while it
 * is not the driver's: the access itself is reported, with its line. Without it gaps hold a pattern
 * that is looked at when the memory comes back.
 *
 * Blocks tell what they are by functions of their owner, so that an address in a report has a name.
 */
#ifndef NT_GUARD_H
#define NT_GUARD_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"

extern void __asan_poison_memory_region(const volatile void *, size_t) __attribute__((weak));
extern void __asan_unpoison_memory_region(const volatile void *, size_t) __attribute__((weak));

/* A gap is at least so long, in bytes; what is looked at each time is a part of it. */
#define NT_GUARD_GAP  64u
#define NT_GUARD_LOOK 16u

/* nt_guard_poisons() - does the address sanitizer watch, in place of patterns? */
static inline bool nt_guard_poisons(void)
{
	return __asan_poison_memory_region;
}

/*
 * nt_guard_close() / nt_guard_open() - nobody may touch it, and again anybody may
 * Nothing without the sanitizer. A closed region that ends inside of 8 bytes ends there when what
 * follows is closed, too.
 */
static inline void nt_guard_close(const void *memory, size_t length)
{
	if (nt_guard_poisons())
		__asan_poison_memory_region(memory, length);
}

static inline void nt_guard_open(const void *memory, size_t length)
{
	if (nt_guard_poisons())
		__asan_unpoison_memory_region(memory, length);
}

/* The same byte everywhere, so that one gap may begin inside of another. */
#define NT_GUARD_BYTE 0xD9

/* nt_guard_mark() / nt_guard_holds() - the NT_GUARD_LOOK bytes at @at, of any alignment. */
static inline void nt_guard_mark(void *at)
{
	memset(at, NT_GUARD_BYTE, NT_GUARD_LOOK);
}

static inline bool nt_guard_holds(const void *at)
{
	const uint64_t pattern = NT_GUARD_BYTE * 0x0101010101010101u;
	uint64_t there[NT_GUARD_LOOK / sizeof(pattern)];

	memcpy(there, at, NT_GUARD_LOOK);
	return !((there[0] ^ pattern) | (there[1] ^ pattern));
}

/*
 * nt_guard_fill() - make a gap: poisoned or with the pattern, from its first byte on
 * nt_guard_broken() - bytes of it that are not as they were; 0 under the sanitizer
 * @first, @last: offsets of the first and the last of them, when there are any
 */
void nt_guard_fill(void *gap, size_t length);
size_t nt_guard_broken(const void *gap, size_t length, size_t *first, size_t *last);

/* Memory that a driver was given, with its gaps. Its owner's, in its machine's list meanwhile. */
struct nt_guarded {
	const void *memory;
	size_t length; /* bytes, gaps and all */
	/*
	 * describe() - "3 bytes behind the end of the buffer of packet 7 of receive queue 0": what
	 * @at, which lies in it, is of. In the middle of a crash, too: takes no lock, no heap.
	 */
	void (*describe)(const struct nt_guarded *guarded, const void *at, struct text *text);
	struct nt_guards *list; /* NULL: it is in none */
	struct nt_guarded *next, **link;
};

/* All guarded memory of a machine. */
struct nt_guards {
	pthread_mutex_t lock;
	struct nt_guarded *first;
};

/*
 * nt_guard_add() - on a thread of the machine whose driver is given the memory
 * nt_guard_remove() - any thread; nothing when it was not added
 */
void nt_guard_add(struct nt_guarded *guarded);
void nt_guard_remove(struct nt_guarded *guarded);

/*
 * nt_guard_describe() - @at by whatever has been added to the calling thread's machine
 * Return: false: it lies in nothing.
 */
bool nt_guard_describe(const void *at, struct text *text);

/* What was written where nobody may write. */
struct nt_overrun {
	const char *where;  /* "receive queue 0" or the DDI in which it is found */
	const char *object; /* the adapter's or driver's name; NULL: none */
	const void *memory; /* what the driver was given */
	const void *broken; /* the first byte that was written */
	bool behind;        /* it lies behind the end */
	const char *passed; /* how much and of what, a sentence with its full stop */
};

/* nt_guard_violation() - bug check 0xC1, as special pool has it. */
_Noreturn void nt_guard_violation(const struct nt_overrun *overrun);

/*
 * nt_guard_allocate() - memory with a gap behind it and in front
 * @alignment: of the memory, a power of two, 16 at least
 * nt_guard_free() - @size and @alignment as they were; NULL is nothing
 * @call, @what: where it is, "the end of an object", and what it is, "WDFMEMORY of 64 bytes"
 * A gap that was written to is a violation, and does not return.
 */
void *nt_guard_allocate(size_t size, size_t alignment);
void nt_guard_free(void *memory, size_t size, size_t alignment, const char *call, const char *what);

#endif
