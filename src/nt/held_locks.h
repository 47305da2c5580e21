/* SPDX-License-Identifier: MIT */
/*
 * The locks that a thread has taken: whether one is left held, and where it was taken. The locks
 * themselves are elsewhere (spinlock.h, wdf/waitlock.c); each is known here by the address of its
 * first word.
 */
#ifndef NT_HELD_LOCKS_H
#define NT_HELD_LOCKS_H

#include <ntddk.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nt_callback;
struct nt_machine;
struct nt_thread;

#define NT_HELD_LOCKS 24 /* at a time on one thread; further ones are not watched */

/* Written by the thread that holds the lock, read by others for their reports. */
struct nt_held {
	_Atomic(const void *) lock;
	_Atomic(const void *) name;     /* as the driver knows it: the lock itself, or a handle */
	_Atomic(const void *) where;    /* a return address; NULL: the framework took it */
	_Atomic(const char *) kind;     /* "spin lock", "WDFWAITLOCK" */
	_Atomic(const char *) callback; /* inside which it was taken; NULL: none */
	_Atomic uint32_t stop;          /* of user mode: the Application Verifier's, see below */
	_Atomic KIRQL level;            /* below which its holder must not drop */
};

/*
 * nt_held_take() - the calling thread has taken a lock
 * nt_held_give() - and released it; nothing when it is not known
 */
void nt_held_take(const void *lock, const char *kind, const void *name, KIRQL level,
		  const void *where);
void nt_held_give(const void *lock);

/*
 * nt_held_take_user() - the same for a lock of user mode
 * @stop: what the Application Verifier stops with when its thread ends, or a callback returns
 */
void nt_held_take_user(const void *lock, const char *kind, uint32_t stop, const void *where);

/* nt_held_by_framework() - the calling thread holds it, and not by a call of the driver's. */
bool nt_held_by_framework(const void *lock);

/*
 * nt_held_by_self() - the calling thread holds it
 * nt_held_holder() - a thread of the machine that holds it; NULL: none is known to
 */
bool nt_held_by_self(const void *lock);
const struct nt_thread *nt_held_holder(struct nt_machine *machine, const void *lock);

/*
 * nt_held_text() - who holds a lock: "spin lock 0x7f12 (TxLock), which FooAdvance foo.c:12 took in
 * EvtPacketQueueAdvance". When nobody is known to: @kind and @name only. Return: @text.
 */
char *nt_held_text(const void *lock, const char *kind, const void *name, char *text, size_t size);

/*
 * nt_held_find() - a lock that lies in memory and is held by a thread of the machine
 * Return: its address, for nt_held_text(); NULL: there is none.
 */
const void *nt_held_find(struct nt_machine *machine, const void *memory, size_t size);

/*
 * For callback.c and irql.c, when one is held that must not be; they do not return.
 * nt_held_return() - more locks are held than when the callback began
 * nt_held_drop() - IRQL would drop below what a lock needs
 * nt_held_exit() - a thread ends with locks
 */
_Noreturn void nt_held_return(const struct nt_callback *callback);
_Noreturn void nt_held_drop(KIRQL to, const char *call);
_Noreturn void nt_held_exit(void);

#endif
