/* SPDX-License-Identifier: MIT */
#include "nt/held_locks.h"

#include <stdint.h>

#include "base/text.h"
#include "nt/symbols.h"
#include "nt/thread.h"
#include "nt/violation.h"

#define VERIFIER            0xC4
#define APC_INDEX_MISMATCH  0x1
#define VERIFIER_LOWER_IRQL 0x31
#define VERIFIER_THREAD_END 0x100A /* the thread that ends owns the lock */

/* What is told of a held lock: a copy, since the holder goes on. */
struct picture {
	const void *lock, *name, *where;
	const char *kind, *callback;
	uint32_t stop; /* 0: it is the kernel's */
};

static struct picture picture_of(const struct nt_held *held)
{
	return (struct picture){
		.lock = atomic_load_explicit(&held->lock, memory_order_relaxed),
		.name = atomic_load_explicit(&held->name, memory_order_relaxed),
		.where = atomic_load_explicit(&held->where, memory_order_relaxed),
		.kind = atomic_load_explicit(&held->kind, memory_order_relaxed),
		.callback = atomic_load_explicit(&held->callback, memory_order_relaxed),
		.stop = atomic_load_explicit(&held->stop, memory_order_relaxed),
	};
}

static unsigned count_of(const struct nt_thread *thread)
{
	return atomic_load_explicit(&thread->held_count, memory_order_acquire);
}

static const void *lock_of(const struct nt_held *held)
{
	return atomic_load_explicit(&held->lock, memory_order_relaxed);
}

static KIRQL level_of(const struct nt_held *held)
{
	return atomic_load_explicit(&held->level, memory_order_relaxed);
}

static void take(const void *lock, const char *kind, const void *name, KIRQL level, uint32_t stop,
		 const void *where)
{
	const struct nt_callback *inside =
		atomic_load_explicit(&nt_self.callback, memory_order_relaxed);
	unsigned count = atomic_load_explicit(&nt_self.held_count, memory_order_relaxed);
	struct nt_held *held = &nt_self.held[count];

	if (count == NT_HELD_LOCKS)
		return;
	atomic_store_explicit(&held->lock, lock, memory_order_relaxed);
	atomic_store_explicit(&held->name, name, memory_order_relaxed);
	atomic_store_explicit(&held->where, where, memory_order_relaxed);
	atomic_store_explicit(&held->kind, kind, memory_order_relaxed);
	atomic_store_explicit(&held->callback, inside ? inside->name : NULL, memory_order_relaxed);
	atomic_store_explicit(&held->stop, stop, memory_order_relaxed);
	atomic_store_explicit(&held->level, level, memory_order_relaxed);
	atomic_store_explicit(&nt_self.held_count, count + 1, memory_order_release);
	if (level > nt_self.held_level)
		nt_self.held_level = level;
}

void nt_held_take(const void *lock, const char *kind, const void *name, KIRQL level,
		  const void *where)
{
	take(lock, kind, name, level, 0, where);
}

void nt_held_take_user(const void *lock, const char *kind, uint32_t stop, const void *where)
{
	take(lock, kind, lock, PASSIVE_LEVEL, stop, where);
}

/* The youngest one of this thread; its count: there is none. */
static unsigned index_of(const void *lock)
{
	unsigned count = atomic_load_explicit(&nt_self.held_count, memory_order_relaxed);

	for (unsigned i = count; i-- > 0;)
		if (lock_of(&nt_self.held[i]) == lock)
			return i;
	return count;
}

static void copy(struct nt_held *to, const struct nt_held *from)
{
	const struct picture picture = picture_of(from);

	atomic_store_explicit(&to->lock, picture.lock, memory_order_relaxed);
	atomic_store_explicit(&to->name, picture.name, memory_order_relaxed);
	atomic_store_explicit(&to->where, picture.where, memory_order_relaxed);
	atomic_store_explicit(&to->kind, picture.kind, memory_order_relaxed);
	atomic_store_explicit(&to->callback, picture.callback, memory_order_relaxed);
	atomic_store_explicit(&to->stop, picture.stop, memory_order_relaxed);
	atomic_store_explicit(&to->level, level_of(from), memory_order_relaxed);
}

void nt_held_give(const void *lock)
{
	unsigned count = atomic_load_explicit(&nt_self.held_count, memory_order_relaxed);
	unsigned at = index_of(lock);
	KIRQL level = PASSIVE_LEVEL;

	if (at == count)
		return;
	for (count--; at < count; at++)
		copy(&nt_self.held[at], &nt_self.held[at + 1]);
	atomic_store_explicit(&nt_self.held_count, count, memory_order_release);
	for (unsigned i = 0; i < count; i++)
		if (level_of(&nt_self.held[i]) > level)
			level = level_of(&nt_self.held[i]);
	nt_self.held_level = level;
}

bool nt_held_by_framework(const void *lock)
{
	unsigned at = index_of(lock);

	return at < atomic_load_explicit(&nt_self.held_count, memory_order_relaxed) &&
	       !atomic_load_explicit(&nt_self.held[at].where, memory_order_relaxed);
}

bool nt_held_by_self(const void *lock)
{
	return index_of(lock) < atomic_load_explicit(&nt_self.held_count, memory_order_relaxed);
}

static bool find_in(const struct nt_thread *thread, const void *memory, size_t size,
		    struct picture *found)
{
	unsigned count = count_of(thread);

	for (unsigned i = 0; i < count; i++) {
		*found = picture_of(&thread->held[i]);
		if ((uintptr_t)found->lock - (uintptr_t)memory < size)
			return true;
	}
	return false;
}

static bool find(struct nt_machine *machine, const void *memory, size_t size, struct picture *found)
{
	bool is_there = false;

	pthread_mutex_lock(&machine->threads_lock);
	for (struct nt_thread *thread = machine->threads; thread && !is_there;
	     thread = thread->next)
		is_there = find_in(thread, memory, size, found);
	pthread_mutex_unlock(&machine->threads_lock);
	return is_there;
}

const struct nt_thread *nt_held_holder(struct nt_machine *machine, const void *lock)
{
	const struct nt_thread *thread;
	struct picture found;

	pthread_mutex_lock(&machine->threads_lock);
	thread = machine->threads;
	while (thread && !find_in(thread, lock, 1, &found))
		thread = thread->next;
	pthread_mutex_unlock(&machine->threads_lock);
	return thread;
}

const void *nt_held_find(struct nt_machine *machine, const void *memory, size_t size)
{
	struct picture found;

	return find(machine, memory, size, &found) ? found.lock : NULL;
}

/* "spin lock 0x7f12 (TxLock)" */
static void put_name(struct text *text, const char *kind, const void *name)
{
	char symbol[128];

	text_add(text, "%s %p", kind, name);
	if (nt_symbol_data(name, symbol, sizeof(symbol)))
		text_add(text, " (%s)", symbol);
}

static char *describe(const struct picture *held, char *buffer, size_t size)
{
	struct text text = text_in(buffer, size);
	char where[192];

	put_name(&text, held->kind, held->name);
	if (!held->where) {
		text_add(&text, ", which the framework holds");
		return buffer;
	}
	nt_symbol(held->where, where, sizeof(where));
	text_add(&text, ", which %s took%s%s", where, held->callback ? " in " : "",
		 held->callback ? held->callback : "");
	return buffer;
}

char *nt_held_text(const void *lock, const char *kind, const void *name, char *buffer, size_t size)
{
	struct picture found;
	struct text text;

	if (nt_self.machine && find(nt_self.machine, lock, 1, &found))
		return describe(&found, buffer, size);
	text = text_in(buffer, size);
	put_name(&text, kind, name);
	return buffer;
}

/* A wait lock keeps APCs off, a spin lock the dispatcher. */
_Noreturn void nt_held_return(const struct nt_callback *callback)
{
	const struct nt_held *last =
		&nt_self.held[atomic_load_explicit(&nt_self.held_count, memory_order_relaxed) - 1];
	const struct picture held = picture_of(last);
	bool spin = level_of(last) >= DISPATCH_LEVEL;
	char text[384];

	if (held.stop)
		nt_violation_stop(
			held.stop, (uintptr_t)held.lock, "LOCKS", callback->name,
			"A callback releases the locks that it has taken before it returns.",
			"it returned with the %s.", describe(&held, text, sizeof(text)));
	nt_violation_say(spin ? VERIFIER : APC_INDEX_MISMATCH,
			 spin ? VERIFIER_THREAD_END : (uintptr_t)held.where,
			 spin ? "DRIVER_VERIFIER_DETECTED_VIOLATION" : "APC_INDEX_MISMATCH",
			 callback->name, callback->object,
			 "A callback releases the locks that it has taken before it returns.",
			 "it returned with the %s.", describe(&held, text, sizeof(text)));
}

_Noreturn void nt_held_drop(KIRQL to, const char *call)
{
	unsigned at = atomic_load_explicit(&nt_self.held_count, memory_order_relaxed);
	struct picture held;
	char text[384];

	while (level_of(&nt_self.held[--at]) <= to)
		;
	held = picture_of(&nt_self.held[at]);
	nt_violation_say(
		VERIFIER, VERIFIER_LOWER_IRQL, "DRIVER_VERIFIER_DETECTED_VIOLATION", call, NULL,
		"IRQL stays at a lock's level until the lock is released; of several, the one taken first gives the old IRQL back last.",
		"IRQL was to drop from %u to %u with the %s.", nt_self.irql, to,
		describe(&held, text, sizeof(text)));
}

_Noreturn void nt_held_exit(void)
{
	const struct picture held = picture_of(&nt_self.held[0]);
	char text[384];

	if (held.stop)
		nt_violation_stop(held.stop, (uintptr_t)held.lock, "LOCKS", "end of a thread",
				  "A thread ends when it holds no lock any more.",
				  "a thread ends with the %s.",
				  describe(&held, text, sizeof(text)));
	nt_violation_say(VERIFIER, VERIFIER_THREAD_END, "DRIVER_VERIFIER_DETECTED_VIOLATION",
			 "end of a thread", NULL, "A thread ends when it holds no lock any more.",
			 "a thread of the machine ends with the %s.",
			 describe(&held, text, sizeof(text)));
}
