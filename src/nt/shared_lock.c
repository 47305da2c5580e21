/* SPDX-License-Identifier: MIT */
#include "nt/shared_lock.h"

#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "nt/deadlock.h"
#include "nt/held_locks.h"
#include "nt/thread.h"
#include "nt/violation.h"

#define VERIFIER        0xC4
#define SELF_DEADLOCK   0x1000
#define WRONG_THREAD    0x1004
#define UNACQUIRED_LOCK 0x1007

static uint32_t load(const uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

/* Return: whether the word was @from; it is @to then. */
static bool swap(uint32_t *word, uint32_t from, uint32_t to)
{
	return __atomic_compare_exchange_n(word, &from, to, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

/* What keeps a thread from having it. */
static uint32_t hindrance(bool exclusive)
{
	return NT_LOCK_EXCLUSIVE | (exclusive ? NT_LOCK_SHARERS : NT_LOCK_WANTED);
}

/* Who has it alone was the one who wanted it; another one will say so again. */
bool nt_shared_try(uint32_t *word, bool exclusive)
{
	uint32_t now, then;

	do {
		now = load(word);
		if (now & hindrance(exclusive))
			return false;
		then = exclusive ? NT_LOCK_EXCLUSIVE | (now & NT_LOCK_SLEEPERS) : now + 1;
	} while (!swap(word, now, then));
	return true;
}

uint32_t nt_shared_want(uint32_t *word, bool exclusive, bool sleeps)
{
	const uint32_t marks = (exclusive ? NT_LOCK_WANTED : 0) | (sleeps ? NT_LOCK_SLEEPERS : 0);
	uint32_t now;

	do {
		now = load(word);
		if (!(now & hindrance(exclusive)))
			return 0;
	} while ((now & marks) != marks && !swap(word, now, now | marks));
	return now | marks;
}

/* The Application Verifier's stops for slim reader/writer locks. */
static uint32_t stop_of(uint64_t code)
{
	return code == SELF_DEADLOCK ? 0x253 : code == WRONG_THREAD ? 0x255 : 0x252;
}

static _Noreturn void say(const struct nt_shared_lock *lock, uint64_t code, const char *demand,
			  const char *seen)
{
	char text[384];

	if (lock->user)
		nt_violation_stop(
			stop_of(code), (uintptr_t)lock->word, "SRWLOCK", lock->call, demand, seen,
			nt_held_text(lock->word, lock->kind, lock->word, text, sizeof(text)));
	nt_violation_say(VERIFIER, code, "DRIVER_VERIFIER_DETECTED_VIOLATION", lock->call, NULL,
			 demand, seen,
			 nt_held_text(lock->word, lock->kind, lock->word, text, sizeof(text)));
}

/* Several times shared is fine, but not past one who waits to have it alone. */
void nt_shared_check_recursion(const struct nt_shared_lock *lock, bool exclusive)
{
	bool held = nt_held_by_self(lock->word);

	if (held && (exclusive || load(lock->word) & (NT_LOCK_EXCLUSIVE | NT_LOCK_WANTED)))
		say(lock, SELF_DEADLOCK,
		    "A thread does not ask for a lock that it holds: shared, it may, unless another thread waits to have the lock alone.",
		    "the %s, is held by the thread that asks for it: on Windows it would wait for ever.");
}

void nt_shared_look(const struct nt_shared_lock *lock)
{
	nt_waits_for(nt_self.machine ? nt_held_holder(nt_self.machine, lock->word) : NULL,
		     lock->call);
}

static void check_held(const struct nt_shared_lock *lock, bool exclusive)
{
	uint32_t now = load(lock->word);
	const struct nt_thread *holder;

	if (!(now & (exclusive ? NT_LOCK_EXCLUSIVE : NT_LOCK_SHARERS)))
		say(lock, UNACQUIRED_LOCK,
		    "A lock is released once for each acquisition, in the way it was acquired: exclusive or shared.",
		    exclusive ? "the %s, is not held exclusively." : "the %s, is not held shared.");
	holder = exclusive && nt_self.machine ? nt_held_holder(nt_self.machine, lock->word) : NULL;
	if (holder && holder != &nt_self)
		say(lock, WRONG_THREAD, "A lock is released by the thread that acquired it.",
		    "another thread holds the %s.");
}

bool nt_shared_give(const struct nt_shared_lock *lock, bool exclusive)
{
	uint32_t now, then;

	check_held(lock, exclusive);
	nt_held_give(lock->word);
	do {
		now = load(lock->word);
		then = exclusive || (now & NT_LOCK_SHARERS) == 1 ? now & NT_LOCK_WANTED : now - 1;
	} while (!swap(lock->word, now, then));
	return !(then & NT_LOCK_SHARERS) && now & NT_LOCK_SLEEPERS;
}

static void sleep_on(uint32_t *word, uint32_t seen)
{
	const struct timespec while_after_while = { .tv_nsec = NT_WAITS_NS };

	syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, seen, &while_after_while, NULL, 0);
}

void nt_shared_acquire(const struct nt_shared_lock *lock, bool exclusive)
{
	while (!nt_shared_try(lock->word, exclusive)) {
		uint32_t seen;

		nt_shared_check_recursion(lock, exclusive);
		seen = nt_shared_want(lock->word, exclusive, true);
		if (!seen)
			continue;
		sleep_on(lock->word, seen);
		nt_shared_look(lock);
	}
	nt_waits_over();
}

void nt_shared_release(const struct nt_shared_lock *lock, bool exclusive)
{
	if (nt_shared_give(lock, exclusive))
		syscall(SYS_futex, lock->word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}
