/* SPDX-License-Identifier: MIT */
#include "nt/timer.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "nt/deadlock.h"
#include "nt/event.h"
#include "nt/export.h"
#include "nt/irql.h"
#include "nt/machine.h"
#include "nt/thread.h"

struct nt_timers {
	struct nt_machine *machine;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t thread;
	struct nt_timer *first;
	const struct nt_timer *firing;
	const struct nt_thread *self; /* of its thread */
	bool running, ending;
};

struct nt_timers *nt_timers_create(struct nt_machine *machine)
{
	struct nt_timers *timers = calloc(1, sizeof(*timers));

	if (!timers)
		return NULL;
	timers->machine = machine;
	pthread_mutex_init(&timers->lock, NULL);
	clock_condition_init(&timers->changed);
	return timers;
}

void nt_timers_destroy(struct nt_timers *timers)
{
	bool running;

	if (!timers)
		return;
	pthread_mutex_lock(&timers->lock);
	timers->ending = true;
	running = timers->running;
	pthread_cond_broadcast(&timers->changed);
	pthread_mutex_unlock(&timers->lock);
	if (running)
		pthread_join(timers->thread, NULL);
	pthread_cond_destroy(&timers->changed);
	pthread_mutex_destroy(&timers->lock);
	free(timers);
}

/* With the lock held; it is dropped for the time of the call. */
static void fire_first(struct nt_timers *timers)
{
	struct nt_timer *timer = timers->first;
	KIRQL irql;

	timers->first = timer->next;
	timer->due_ns = 0;
	timers->firing = timer;
	pthread_mutex_unlock(&timers->lock);
	irql = nt_irql_raise(DISPATCH_LEVEL);
	nt_self.in_dpc = true;
	timer->fire(timer);
	nt_self.in_dpc = false;
	pthread_mutex_lock(&timers->lock);
	timers->firing = NULL;
	pthread_cond_broadcast(&timers->changed);
	pthread_mutex_unlock(&timers->lock);
	/* Its DPCs run now, and may wait for who waits for fire(). */
	nt_irql_lower(irql);
	pthread_mutex_lock(&timers->lock);
}

static void *run(void *argument)
{
	struct nt_timers *timers = argument;

	nt_thread_enter(timers->machine);
	pthread_mutex_lock(&timers->lock);
	timers->self = nt_waits_self();
	while (!timers->ending) {
		const struct nt_timer *timer = timers->first;

		if (!timer) {
			pthread_cond_wait(&timers->changed, &timers->lock);
		} else if (timer->due_ns > clock_ns()) {
			clock_wait(&timers->changed, &timers->lock, timer->due_ns);
		} else {
			fire_first(timers);
		}
	}
	pthread_mutex_unlock(&timers->lock);
	nt_thread_leave();
	return NULL;
}

static bool take_out(struct nt_timers *timers, struct nt_timer *timer)
{
	for (struct nt_timer **at = &timers->first; *at; at = &(*at)->next) {
		if (*at != timer)
			continue;
		*at = timer->next;
		timer->due_ns = 0;
		return true;
	}
	return false;
}

bool nt_timer_set(struct nt_timers *timers, struct nt_timer *timer, uint64_t due_ns)
{
	struct nt_timer **at;
	bool was_set;

	pthread_mutex_lock(&timers->lock);
	if (!timers->running && !pthread_create(&timers->thread, NULL, run, timers)) {
		pthread_setname_np(timers->thread, "timers");
		timers->running = true;
	}
	was_set = take_out(timers, timer);
	timer->due_ns = due_ns ? due_ns : 1;
	for (at = &timers->first; *at && (*at)->due_ns <= timer->due_ns; at = &(*at)->next)
		;
	timer->next = *at;
	*at = timer;
	pthread_cond_broadcast(&timers->changed);
	pthread_mutex_unlock(&timers->lock);
	return was_set;
}

/* With the lock held; it is dropped. */
static void waits_for_firing(struct nt_timers *timers)
{
	const struct nt_thread *thread = timers->self;

	pthread_mutex_unlock(&timers->lock);
	nt_waits_for(thread, "the stop of a timer");
	pthread_mutex_lock(&timers->lock);
}

bool nt_timer_cancel(struct nt_timers *timers, struct nt_timer *timer, bool wait)
{
	bool was_set;

	pthread_mutex_lock(&timers->lock);
	was_set = take_out(timers, timer);
	while (wait && timers->firing == timer) {
		if (!clock_wait(&timers->changed, &timers->lock, clock_ns() + NT_WAITS_NS))
			waits_for_firing(timers);
		/* fire() may have set it again */
		was_set |= take_out(timers, timer);
	}
	pthread_mutex_unlock(&timers->lock);
	nt_waits_over();
	return was_set;
}

const struct nt_timer *nt_timer_find(struct nt_timers *timers,
				     bool (*matches)(void *context, const struct nt_timer *timer),
				     void *context)
{
	const struct nt_timer *timer;

	pthread_mutex_lock(&timers->lock);
	for (timer = timers->first; timer && !matches(context, timer); timer = timer->next)
		;
	pthread_mutex_unlock(&timers->lock);
	return timer;
}

bool nt_timer_is_set(struct nt_timers *timers, const struct nt_timer *timer)
{
	const struct nt_timer *t;

	pthread_mutex_lock(&timers->lock);
	for (t = timers->first; t && t != timer; t = t->next)
		;
	pthread_mutex_unlock(&timers->lock);
	return t;
}
