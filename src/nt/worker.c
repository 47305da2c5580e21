/* SPDX-License-Identifier: MIT */
#include "nt/worker.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/clock.h"
#include "nt/deadlock.h"
#include "nt/machine.h"

/* Posted work is allocated; a caller that waits has it on its stack and is told by done. */
struct work {
	void (*run)(void *);
	void *context;
	bool *done;
	struct work *next;
};

struct nt_worker {
	struct nt_machine *machine;
	pthread_t thread;
	_Atomic(const struct nt_thread *) self; /* of the thread, once it runs */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct work *first, **end;
	bool ending;
};

static void *run(void *argument)
{
	struct nt_worker *worker = argument;

	nt_thread_enter(worker->machine);
	worker->self = nt_waits_self();
	pthread_mutex_lock(&worker->lock);
	while (worker->first || !worker->ending) {
		struct work *work = worker->first;
		bool *done;

		if (!work) {
			pthread_cond_wait(&worker->changed, &worker->lock);
			continue;
		}
		worker->first = work->next;
		if (!worker->first)
			worker->end = &worker->first;
		done = work->done;
		pthread_mutex_unlock(&worker->lock);
		work->run(work->context);
		pthread_mutex_lock(&worker->lock);
		if (done) {
			*done = true;
			pthread_cond_broadcast(&worker->changed);
		} else {
			free(work);
		}
	}
	pthread_mutex_unlock(&worker->lock);
	nt_thread_leave();
	return NULL;
}

struct nt_worker *nt_worker_create(struct nt_machine *machine, const char *name)
{
	struct nt_worker *worker = calloc(1, sizeof(*worker));

	if (!worker)
		return NULL;
	worker->machine = machine;
	worker->end = &worker->first;
	pthread_mutex_init(&worker->lock, NULL);
	clock_condition_init(&worker->changed);
	if (pthread_create(&worker->thread, NULL, run, worker)) {
		pthread_cond_destroy(&worker->changed);
		pthread_mutex_destroy(&worker->lock);
		free(worker);
		return NULL;
	}
	pthread_setname_np(worker->thread, name);
	return worker;
}

void nt_worker_destroy(struct nt_worker *worker)
{
	if (!worker)
		return;
	pthread_mutex_lock(&worker->lock);
	worker->ending = true;
	pthread_cond_broadcast(&worker->changed);
	pthread_mutex_unlock(&worker->lock);
	pthread_join(worker->thread, NULL);
	pthread_cond_destroy(&worker->changed);
	pthread_mutex_destroy(&worker->lock);
	free(worker);
}

static void append(struct nt_worker *worker, struct work *work)
{
	*worker->end = work;
	worker->end = &work->next;
	pthread_cond_broadcast(&worker->changed);
}

bool nt_worker_is_current(const struct nt_worker *worker)
{
	return pthread_equal(pthread_self(), worker->thread);
}

void nt_worker_call_in(struct nt_worker *worker, void (*run_work)(void *), void *context,
		       const char *call)
{
	bool done = false;
	struct work work = { .run = run_work, .context = context, .done = &done };

	if (nt_worker_is_current(worker)) {
		run_work(context);
		return;
	}
	pthread_mutex_lock(&worker->lock);
	append(worker, &work);
	while (!done) {
		if (clock_wait(&worker->changed, &worker->lock, clock_ns() + NT_WAITS_NS))
			continue;
		pthread_mutex_unlock(&worker->lock);
		nt_waits_for(worker->self, call);
		pthread_mutex_lock(&worker->lock);
	}
	pthread_mutex_unlock(&worker->lock);
	nt_waits_over();
}

void nt_worker_call(struct nt_worker *worker, void (*run_work)(void *), void *context)
{
	nt_worker_call_in(worker, run_work, context, "a call of the worker");
}

bool nt_worker_run_posted(struct nt_worker *worker, void (*run_work)(void *), void *context)
{
	struct work *work;

	pthread_mutex_lock(&worker->lock);
	for (struct work **at = &worker->first; (work = *at); at = &work->next) {
		if (work->done || work->run != run_work || work->context != context)
			continue;
		*at = work->next;
		if (!*at)
			worker->end = at;
		break;
	}
	pthread_mutex_unlock(&worker->lock);
	if (!work)
		return false;
	run_work(context);
	free(work);
	return true;
}

int nt_worker_post(struct nt_worker *worker, void (*run_work)(void *), void *context)
{
	struct work *work = malloc(sizeof(*work));

	if (!work)
		return -ENOMEM;
	*work = (struct work){ .run = run_work, .context = context };
	pthread_mutex_lock(&worker->lock);
	append(worker, work);
	pthread_mutex_unlock(&worker->lock);
	return 0;
}
