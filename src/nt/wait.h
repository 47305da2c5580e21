/* SPDX-License-Identifier: MIT */
/* What a thread can wait for, by the state in their common header: KEVENT, KTIMER, threads, and
 * mutants and semaphores that handles are of. */
#ifndef NT_WAIT_H
#define NT_WAIT_H

#include <ntddk.h>
#include <stdbool.h>
#include <stdint.h>

#include "nt/object.h"

/* DISPATCHER_HEADER.Lock holds the kind of object. */
enum nt_wait_kind {
	NT_WAIT_EVENT_NOTIFICATION = 0,
	NT_WAIT_EVENT_SYNCHRONIZATION = 1,
	NT_WAIT_MUTANT = 2,
	NT_WAIT_SEMAPHORE = 5,
	NT_WAIT_THREAD = 6,
	NT_WAIT_TIMER_NOTIFICATION = 8,
	NT_WAIT_TIMER_SYNCHRONIZATION = 9,
};

/* A mutex with an owner, who may take it again: the state is 1 when it is free, 0, -1 ... then. */
extern const struct nt_object_type nt_mutant_type;

struct nt_mutant {
	struct nt_object object;
	_Atomic(const struct nt_thread *) owner; /* NULL: nobody */
	_Atomic bool abandoned;                  /* its last owner has ended with it */
};

/* The state is what is left of it. */
struct nt_semaphore {
	struct nt_object object;
	LONG limit;
};

void nt_wait_init(DISPATCHER_HEADER *header, enum nt_wait_kind kind, bool signaled);

/*
 * nt_wait_signal() - wake one waiter (synchronization) or all. Return: was signaled before.
 * nt_wait_signal_in() - on a thread that is none of the machine's
 */
LONG nt_wait_signal(DISPATCHER_HEADER *header);
LONG nt_wait_signal_in(struct nt_machine *machine, DISPATCHER_HEADER *header);

/*
 * nt_wait() - until one of them is signaled, or all are at once, and take what a wait takes
 * @headers: @count of them; those of mutants and semaphores are their objects'
 * @until_ns: as clock_ns() will read; NT_WAIT_FOR_EVER
 * @call: the DDI, for a report of a circle of waits
 * @abandoned: written: a mutex that was taken was left by its owner's end
 * Return: which one; 0 for all; -1: the time has come.
 */
#define NT_WAIT_FOR_EVER UINT64_MAX
#define NT_WAIT_OBJECTS  64
int nt_wait(DISPATCHER_HEADER *const *headers, unsigned count, bool all, uint64_t until_ns,
	    const char *call, bool *abandoned);

/* nt_mutant_release() - false: the calling thread does not own it */
bool nt_mutant_release(struct nt_mutant *mutant);

/* nt_mutant_abandon_all() - the calling thread ends: what it owns is free */
void nt_mutant_abandon_all(void);

/* nt_semaphore_release() - false: it would be more than its limit. @before: what was left; NULL */
bool nt_semaphore_release(struct nt_semaphore *semaphore, LONG count, LONG *before);

#endif
