/* SPDX-License-Identifier: MIT */
/* Timers, run by one thread of the machine at DISPATCH_LEVEL. The thread exists once one was set.
 */
#ifndef NT_TIMER_H
#define NT_TIMER_H

#include <stdbool.h>
#include <stdint.h>

struct nt_machine;
struct nt_timers;

/* Owned by who embeds it, zero-filled but for fire. */
struct nt_timer {
	uint64_t due_ns;                      /* CLOCK_MONOTONIC; 0: not set */
	struct nt_timer *next;                /* of those set, soonest first */
	void (*fire)(struct nt_timer *timer); /* at DISPATCH_LEVEL; may set it again */
};

/* nt_timers_create() / _destroy() - a machine's timers; NULL: no memory. None may be set at the
 * end. */
struct nt_timers *nt_timers_create(struct nt_machine *machine);
void nt_timers_destroy(struct nt_timers *timers);

/*
 * nt_timer_set() - fire at a time, once; one that is set already is moved
 * Return: whether it was set. Any thread, any IRQL below NT_DIRQL.
 */
bool nt_timer_set(struct nt_timers *timers, struct nt_timer *timer, uint64_t due_ns);

/*
 * nt_timer_cancel() - it will not fire (again)
 * @wait: also wait until a fire() that runs has returned; not from fire() itself
 * Return: whether it was set.
 */
bool nt_timer_cancel(struct nt_timers *timers, struct nt_timer *timer, bool wait);

/*
 * nt_timer_find() - a timer that is set and matches; NULL: there is none
 * @matches: called with a lock held: no timer function from it
 * The timer is for comparison: it may be gone.
 */
const struct nt_timer *nt_timer_find(struct nt_timers *timers,
				     bool (*matches)(void *context, const struct nt_timer *timer),
				     void *context);

/* nt_timer_is_set() - whatever lies in @timer's memory by now: nothing of it is looked at. */
bool nt_timer_is_set(struct nt_timers *timers, const struct nt_timer *timer);

#endif
