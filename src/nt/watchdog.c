/* SPDX-License-Identifier: MIT */
#include "nt/watchdog.h"

#include <errno.h>
#include <execinfo.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "nt/symbols.h"
#include "nt/thread.h"

#define TICK_MS        250
#define TICKS(seconds) ((seconds) * (1000 / TICK_MS))
#define FRAMES         64
#define ANSWER_S       1 /* a thread that does not take the signal is reported without frames */

struct nt_watchdog {
	struct nt_machine *machine;
	void (*stuck)(void *context, const struct nt_stuck *what);
	void *context;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	unsigned seconds;
	bool ending, roused;
};

/* One report is the process's last: what the interrupted thread fills in is the process's too. */
static void *addresses[FRAMES];
static int address_count;
static sem_t answered;

static void take_addresses(int signal)
{
	int error = errno;

	(void)signal;
	address_count = backtrace(addresses, FRAMES);
	sem_post(&answered);
	errno = error;
}

/* SIGURG: nothing but out-of-band data, which nobody here waits for, sends it. */
static void backtrace_of(pthread_t thread, char *text, size_t size)
{
	struct sigaction action = { .sa_handler = take_addresses,
				    .sa_flags = SA_RESTART | SA_ONSTACK };
	struct sigaction before;
	struct timespec until;
	void *warm[1];
	int result;

	text[0] = '\0';
	/* The first backtrace() loads libgcc: not in a handler. */
	backtrace(warm, 1);
	sem_init(&answered, 0, 0);
	if (sigaction(SIGURG, &action, &before) || pthread_kill(thread, SIGURG))
		return;
	until = clock_timespec(clock_wall_ns() + ANSWER_S * NS_PER_S);
	do
		result = sem_timedwait(&answered, &until);
	while (result && errno == EINTR);
	if (result == 0)
		nt_frames(addresses, address_count, -1, text, size);
}

/*
 * A callback's names lie on the other thread's stack, and an inner one may return while they are
 * read: what is read counts only if it is still the thread's afterwards.
 */
__attribute__((no_sanitize("thread"))) static bool read_names(
	_Atomic(const struct nt_callback *) *place, const char **object, const char **name)
{
	const struct nt_callback *callback = atomic_load_explicit(place, memory_order_acquire);

	if (!callback)
		return false;
	*object = callback->object;
	*name = callback->name;
	return atomic_load_explicit(place, memory_order_acquire) == callback;
}

/* Has this thread been in one call for too long? */
static bool is_stuck(struct nt_thread *thread, unsigned ticks, struct nt_stuck *what)
{
	uint64_t calls = atomic_load_explicit(&thread->calls, memory_order_acquire);
	const char *object, *name;

	if (calls != thread->seen_calls || !(calls & 1)) {
		thread->seen_calls = calls;
		thread->seen_ticks = 0;
		return false;
	}
	if (++thread->seen_ticks < ticks || !read_names(&thread->outermost, &object, &name) ||
	    atomic_load_explicit(&thread->calls, memory_order_acquire) != calls)
		return false;
	what->outer = NULL;
	what->adapter = atomic_load(&thread->adapter);
	if (!nt_callback_is_adapter(what->adapter))
		what->adapter = nt_callback_is_adapter(object) ? object : NULL;
	if (read_names(&thread->callback, &what->object, &what->callback)) {
		if (what->callback != name)
			what->outer = name;
	} else {
		what->object = object;
		what->callback = name;
	}
	what->seconds = thread->seen_ticks / TICKS(1);
	return true;
}

/* The list stays locked over the report: a thread that returns now after all waits there. */
static void look(struct nt_watchdog *watchdog, unsigned ticks)
{
	struct nt_machine *machine = watchdog->machine;
	struct nt_stuck what;
	char frames[4096];

	pthread_mutex_lock(&machine->threads_lock);
	for (struct nt_thread *t = machine->threads; t; t = t->next) {
		if (!is_stuck(t, ticks, &what))
			continue;
		t->seen_ticks = 0;
		backtrace_of(t->self, frames, sizeof(frames));
		what.frames = frames;
		watchdog->stuck(watchdog->context, &what);
	}
	pthread_mutex_unlock(&machine->threads_lock);
}

static bool any_call(struct nt_machine *machine)
{
	bool any = false;

	pthread_mutex_lock(&machine->threads_lock);
	for (struct nt_thread *t = machine->threads; t && !any; t = t->next)
		any = atomic_load(&t->calls) & 1;
	pthread_mutex_unlock(&machine->threads_lock);
	return any;
}

/*
 * Nothing to watch: say so, look once more, and only then sleep without an end. A call that begins
 * after that look sees what was said. Return: false when a call is running after all.
 */
static bool may_sleep(struct nt_machine *machine)
{
	if (any_call(machine))
		return false;
	machine->watchdog_asleep = true;
	if (!any_call(machine))
		return true;
	machine->watchdog_asleep = false;
	return false;
}

/* Under watchdog->lock. Return: false when it was woken before the time. */
static bool wait_a_tick(struct nt_watchdog *watchdog)
{
	return !clock_wait(&watchdog->changed, &watchdog->lock, clock_ns() + TICK_MS * NS_PER_MS);
}

static void *run(void *argument)
{
	struct nt_watchdog *watchdog = argument;
	unsigned ticks;
	bool sleep;

	nt_thread_enter(watchdog->machine);
	pthread_mutex_lock(&watchdog->lock);
	while (!watchdog->ending) {
		if (!wait_a_tick(watchdog))
			continue;
		ticks = TICKS(watchdog->seconds);
		pthread_mutex_unlock(&watchdog->lock);
		look(watchdog, ticks);
		sleep = may_sleep(watchdog->machine);
		pthread_mutex_lock(&watchdog->lock);
		while (sleep && !watchdog->roused && !watchdog->ending)
			pthread_cond_wait(&watchdog->changed, &watchdog->lock);
		watchdog->roused = false;
	}
	pthread_mutex_unlock(&watchdog->lock);
	nt_thread_leave();
	return NULL;
}

static void rouse(struct nt_machine *machine)
{
	struct nt_watchdog *watchdog;

	pthread_mutex_lock(&machine->threads_lock);
	watchdog = machine->watchdog_asleep ? machine->watchdog : NULL;
	machine->watchdog_asleep = false;
	if (watchdog) {
		pthread_mutex_lock(&watchdog->lock);
		watchdog->roused = true;
		pthread_cond_signal(&watchdog->changed);
		pthread_mutex_unlock(&watchdog->lock);
	}
	pthread_mutex_unlock(&machine->threads_lock);
}

/* From here on (NULL: no longer) rouse() finds it. */
static void announce(struct nt_machine *machine, struct nt_watchdog *watchdog)
{
	pthread_mutex_lock(&machine->threads_lock);
	machine->watchdog = watchdog;
	machine->watchdog_asleep = false;
	machine->rouse_watchdog = rouse;
	pthread_mutex_unlock(&machine->threads_lock);
}

struct nt_watchdog *nt_watchdog_create(struct nt_machine *machine, unsigned seconds,
				       void (*stuck)(void *context, const struct nt_stuck *what),
				       void *context)
{
	struct nt_watchdog *watchdog = calloc(1, sizeof(*watchdog));

	if (!watchdog)
		return NULL;
	watchdog->machine = machine;
	watchdog->seconds = seconds;
	watchdog->stuck = stuck;
	watchdog->context = context;
	pthread_mutex_init(&watchdog->lock, NULL);
	clock_condition_init(&watchdog->changed);
	announce(machine, watchdog);
	if (pthread_create(&watchdog->thread, NULL, run, watchdog)) {
		announce(machine, NULL);
		pthread_cond_destroy(&watchdog->changed);
		pthread_mutex_destroy(&watchdog->lock);
		free(watchdog);
		return NULL;
	}
	pthread_setname_np(watchdog->thread, "netcx-watchdog");
	return watchdog;
}

void nt_watchdog_hurry(struct nt_watchdog *watchdog, unsigned seconds)
{
	pthread_mutex_lock(&watchdog->lock);
	if (seconds < watchdog->seconds)
		watchdog->seconds = seconds;
	pthread_mutex_unlock(&watchdog->lock);
}

void nt_watchdog_destroy(struct nt_watchdog *watchdog)
{
	if (!watchdog)
		return;
	pthread_mutex_lock(&watchdog->lock);
	watchdog->ending = true;
	pthread_cond_signal(&watchdog->changed);
	pthread_mutex_unlock(&watchdog->lock);
	pthread_join(watchdog->thread, NULL);
	announce(watchdog->machine, NULL);
	pthread_cond_destroy(&watchdog->changed);
	pthread_mutex_destroy(&watchdog->lock);
	free(watchdog);
}
