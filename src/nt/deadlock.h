/* SPDX-License-Identifier: MIT */
/*
 * Waits that cannot end: threads that wait for each other in a circle. (One that waits inside a
 * callback for its return: nt_callback_inside().) What a thread waits for is known where the
 * executive and the framework know who has it: locks, timers, work items, the device's worker,
 * queues. Who will set an event nobody knows.
 */
#ifndef NT_DEADLOCK_H
#define NT_DEADLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define NT_WAITS_NS   5000000u /* between two calls of nt_waits_for() */
#define NT_WAITS_RING 8        /* threads in a circle that is recognised */

struct nt_machine;
struct nt_thread;

/* A thread's. What is atomic is read by others, under the machine's threads_lock. */
struct nt_waits {
	_Atomic(const struct nt_thread *) thread; /* that it waits for; NULL: does not wait */
	_Atomic(const char *) call;               /* in which DDI */
	_Atomic unsigned round;                   /* it has asked anew who that is */
	/* Its own: the circle that it has seen, how often, and at which rounds of the others. */
	const struct nt_thread *ring[NT_WAITS_RING];
	unsigned rounds[NT_WAITS_RING], members, seen;
};

/*
 * nt_waits_for() - the calling thread has waited for a while, and goes on until another is done
 * @thread: what nt_waits_self() was there; NULL: nobody is known
 * @call:   the DDI in which it waits
 * To be called again each NT_WAITS_NS, with who it is then. Ends the driver when that thread waits,
 * perhaps for others in between, for the calling one (bug check 0xC4, 0x1001).
 */
void nt_waits_for(const struct nt_thread *thread, const char *call);

/* nt_waits_over() - it waits no longer. Also when it never has. */
void nt_waits_over(void);

/* nt_waits_self() - the calling thread, for others that wait for it */
const struct nt_thread *nt_waits_self(void);

/* nt_waits_is_thread() - is it one of the machine's? Anything may be asked for. */
bool nt_waits_is_thread(struct nt_machine *machine, const void *thread);

#endif
