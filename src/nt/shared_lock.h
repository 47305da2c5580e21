/* SPDX-License-Identifier: MIT */
/*
 * The word of a lock that one thread has, or several share: push locks and spin locks of the
 * executive. Zero when it is free.
 */
#ifndef NT_SHARED_LOCK_H
#define NT_SHARED_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#define NT_LOCK_EXCLUSIVE 0x80000000u /* one thread has it */
#define NT_LOCK_WANTED    0x40000000u /* one waits to have it alone: nobody is let in to share it */
#define NT_LOCK_SLEEPERS  0x20000000u /* somebody sleeps until it is released */
#define NT_LOCK_SHARERS   0x1fffffffu /* how many share it */

/* What a lock is, for reports and for who looks at the threads' locks. */
struct nt_shared_lock {
	uint32_t *word;
	const char *kind, *call; /* "push lock"; the DDI */
	bool user;               /* of user mode: its stops in place of Driver Verifier's */
};

/*
 * nt_shared_try() - take it if it can be had now
 * nt_shared_want() - mark it as wanted, while it cannot be had: who wants it alone is not passed by
 * others that would share it
 * @sleeps: whoever releases it is to wake the caller
 * Return: the word, 0: it can be had
 */
bool nt_shared_try(uint32_t *word, bool exclusive);
uint32_t nt_shared_want(uint32_t *word, bool exclusive, bool sleeps);

/*
 * nt_shared_check_recursion() - ends the driver when the calling thread waits for itself
 * nt_shared_look() - who holds it may wait for us: to be called each NT_WAITS_NS of a wait
 */
void nt_shared_check_recursion(const struct nt_shared_lock *lock, bool exclusive);
void nt_shared_look(const struct nt_shared_lock *lock);

/*
 * nt_shared_give() - release it; ends the driver when it is not so held, or by another thread
 * Return: it is free now, and somebody sleeps for it.
 */
bool nt_shared_give(const struct nt_shared_lock *lock, bool exclusive);

/*
 * nt_shared_acquire() / nt_shared_release() - for a lock whose waiters sleep on its word: all of
 * them try again, and the first one has it, or those who share it. That it is held is not noted.
 */
void nt_shared_acquire(const struct nt_shared_lock *lock, bool exclusive);
void nt_shared_release(const struct nt_shared_lock *lock, bool exclusive);

#endif
