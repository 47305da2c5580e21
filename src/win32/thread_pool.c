/* SPDX-License-Identifier: MIT */
#include "win32/thread_pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "nt/callback.h"
#include "nt/fault.h"
#include "nt/symbols.h"
#include "nt/time.h"
#include "nt/violation.h"
#include "nt/wait.h"

#define MOST_THREADS 500 /* of Windows' own pool */
#define DEADLOCK     0x1001
#define RETURN_NS    (200 * NS_PER_MS) /* from what a callback tells to its return */

static const char *const kinds[] = { "callback", "work", "timer", "wait" };

void w32_pool_init(struct w32_pool *pool)
{
	pool->machine = nt_machine();
	pthread_mutex_init(&pool->lock, NULL);
	clock_condition_init(&pool->changed);
	pool->own = (struct _TP_POOL){ .all = pool, .end = &pool->own.first, .most = MOST_THREADS };
}

/* Under the lock. */
static void free_unused(struct w32_task *task)
{
	if (!task->closed || task->pending || task->running || task->users)
		return;
	*task->link = task->next;
	if (task->next)
		task->next->link = task->link;
	task->threads->tasks--;
	w32_threads_free_closed(task->pool);
	free(task);
}

static void call_routine(struct w32_task *task, struct _TP_CALLBACK_INSTANCE *instance)
{
	switch (task->kind) {
	case W32_TASK_SIMPLE:
		((PTP_SIMPLE_CALLBACK)(ULONG_PTR)task->routine)(instance, task->context);
		break;
	case W32_TASK_WORK:
		((PTP_WORK_CALLBACK)(ULONG_PTR)task->routine)(instance, task->context,
							      (PTP_WORK)task);
		break;
	case W32_TASK_TIMER:
		((PTP_TIMER_CALLBACK)(ULONG_PTR)task->routine)(instance, task->context,
							       (PTP_TIMER)task);
		break;
	case W32_TASK_WAIT:
		((PTP_WAIT_CALLBACK)(ULONG_PTR)task->routine)(instance, task->context,
							      (PTP_WAIT)task, task->result);
		break;
	}
}

static void finish(const struct _TP_CALLBACK_INSTANCE *instance)
{
	if (instance->section)
		LeaveCriticalSection(instance->section);
	if (instance->mutex)
		ReleaseMutex(instance->mutex);
	if (instance->semaphore)
		ReleaseSemaphore(instance->semaphore, (LONG)instance->count, NULL);
	if (instance->event)
		SetEvent(instance->event);
}

/* Under the lock, which is given back meanwhile. */
static void run(struct w32_pool *pool, struct w32_task *task)
{
	struct _TP_CALLBACK_INSTANCE instance = { .event = NULL };
	struct nt_callback callback;

	task->running++;
	pthread_mutex_unlock(&pool->lock);
	nt_callback_enter_endless(&callback, "", task->name);
	nt_callback_of(&callback, task);
	call_routine(task, &instance);
	finish(&instance);
	if (task->after)
		task->after(&instance, task->context);
	nt_callback_leave(&callback);
	pthread_mutex_lock(&pool->lock);
	task->running--;
	pthread_cond_broadcast(&pool->changed);
}

/* Under the lock. */
static void queue(struct _TP_POOL *threads, struct w32_task *task)
{
	if (task->ready)
		return;
	task->ready = true;
	task->next_ready = NULL;
	*threads->end = task;
	threads->end = &task->next_ready;
	pthread_cond_broadcast(&threads->all->changed);
}

static struct w32_task *take(struct _TP_POOL *threads)
{
	struct w32_task *task = threads->first;

	threads->first = task->next_ready;
	if (!threads->first)
		threads->end = &threads->first;
	task->ready = false;
	return task;
}

static unsigned turns(const struct _TP_POOL *threads)
{
	unsigned count = 0;

	for (const struct w32_task *task = threads->first; task; task = task->next_ready)
		count += task->pending > 1 ? task->pending : 1;
	return count;
}

/* Every callback that is to come has a thread, so that one may wait for another. */
static void queue_and_start(struct _TP_POOL *threads, struct w32_task *task)
{
	queue(threads, task);
	if (turns(threads) > threads->idle)
		w32_threads_start(threads, threads->threads + 1);
}

/* Under the lock: callbacks are its own threads', a wait is one of the process'. */
static void queue_where_due(struct w32_task *task)
{
	if (task->pending)
		queue_and_start(task->threads, task);
	else if (task->object && !task->watch)
		queue_and_start(&task->pool->own, task);
}

/* Under the lock, which is given back meanwhile. */
static void watch(struct w32_pool *pool, struct w32_task *task)
{
	struct nt_object *object = task->object;
	struct w32_watch mine;
	DISPATCHER_HEADER *headers[] = { &object->header, &mine.over };
	uint64_t until_ns = task->until_ns;
	bool abandoned;
	int which;

	nt_wait_init(&mine.over, NT_WAIT_EVENT_NOTIFICATION, false);
	task->watch = &mine;
	task->object = NULL;
	pthread_mutex_unlock(&pool->lock);
	which = nt_wait(headers, 2, false, until_ns, "SetThreadpoolWait", &abandoned);
	nt_object_put(object);
	pthread_mutex_lock(&pool->lock);
	if (task->watch != &mine)
		return;
	task->watch = NULL;
	task->result = which < 0 ? WAIT_TIMEOUT : abandoned ? WAIT_ABANDONED_0 : WAIT_OBJECT_0;
	if (task->threads == &pool->own) {
		run(pool, task);
		return;
	}
	task->pending++;
	queue_where_due(task);
}

/* Under the lock: one turn of the task that is first. */
static void serve(struct _TP_POOL *threads)
{
	struct w32_pool *pool = threads->all;
	struct w32_task *task = take(threads);

	task->users++;
	if (task->pending && task->threads == threads) {
		if (--task->pending)
			queue(threads, task);
		run(pool, task);
	} else if (!task->pending && task->object && !task->watch && threads == &pool->own) {
		watch(pool, task);
	}
	queue_where_due(task);
	task->users--;
	free_unused(task);
}

/* More than there may be since SetThreadpoolThreadMaximum, or nobody is left to be served. */
static bool is_superfluous(const struct _TP_POOL *threads)
{
	return threads->all->ending || threads->threads > threads->most ||
	       (threads->closed && !threads->tasks);
}

static void *work(void *context)
{
	struct _TP_POOL *threads = context;
	struct w32_pool *pool = threads->all;

	nt_thread_enter(pool->machine);
	pthread_mutex_lock(&pool->lock);
	while (!is_superfluous(threads)) {
		if (threads->first) {
			threads->idle--;
			serve(threads);
			threads->idle++;
			continue;
		}
		pthread_cond_wait(&pool->changed, &pool->lock);
	}
	threads->idle--;
	threads->leaving++;
	threads->threads--;
	pthread_mutex_unlock(&pool->lock);
	nt_thread_leave();
	pthread_mutex_lock(&pool->lock);
	threads->leaving--;
	w32_threads_free_closed(pool);
	pthread_cond_broadcast(&pool->changed);
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

bool w32_threads_start(struct _TP_POOL *threads, unsigned count)
{
	pthread_attr_t attributes;
	pthread_t thread;

	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	while (threads->threads < count && threads->threads < threads->most &&
	       !pthread_create(&thread, &attributes, work, threads)) {
		threads->threads++;
		threads->idle++;
	}
	pthread_attr_destroy(&attributes);
	return threads->threads >= count;
}

static void fire(struct nt_timer *at);

static void check_environment(struct w32_pool *pool, const TP_CALLBACK_ENVIRON *environment,
			      const char *call)
{
	if (environment && environment->Pool)
		w32_pool_check(pool, environment->Pool, call);
	if (environment && environment->CleanupGroup)
		w32_group_check(pool, environment->CleanupGroup, call);
}

struct w32_task *w32_task_make(const struct w32_task *like, PTP_CALLBACK_ENVIRON environment,
			       const char *call)
{
	struct w32_pool *pool = &w32_state(call)->pool;
	struct w32_task *task;
	char where[128];

	if (!like->routine || (environment && environment->ActivationContext)) {
		w32_fail(like->routine ? ERROR_NOT_SUPPORTED : ERROR_INVALID_PARAMETER);
		return NULL;
	}
	check_environment(pool, environment, call);
	task = nt_fault(call) ? NULL : malloc(sizeof(*task));
	if (!task) {
		w32_fail(ERROR_NOT_ENOUGH_MEMORY);
		return NULL;
	}
	*task = *like;
	task->pool = pool;
	task->threads = environment && environment->Pool ? environment->Pool : &pool->own;
	if (environment) {
		task->group = environment->CleanupGroup;
		task->cancelled = environment->CleanupGroupCancelCallback;
		task->after = environment->FinalizationCallback;
	}
	nt_symbol((const char *)task->routine + 1, where, sizeof(where));
	snprintf(task->name, sizeof(task->name), "thread pool's %s %s", kinds[task->kind], where);
	task->timer.fire = fire;
	pthread_mutex_lock(&pool->lock);
	task->next = pool->tasks;
	task->link = &pool->tasks;
	if (task->next)
		task->next->link = &task->next;
	pool->tasks = task;
	task->threads->tasks++;
	pthread_mutex_unlock(&pool->lock);
	return task;
}

struct w32_task *w32_task_check(void *object, enum w32_task_kind kind, const char *call)
{
	struct w32_pool *pool = &w32_state(call)->pool;
	struct w32_task *task;
	char named[32];
	bool open;

	pthread_mutex_lock(&pool->lock);
	for (task = pool->tasks; task && task != object; task = task->next)
		;
	open = task && task->kind == kind && !task->closed;
	pthread_mutex_unlock(&pool->lock);
	if (open)
		return task;
	snprintf(named, sizeof(named), "%s object", kinds[kind]);
	w32_pool_say_invalid(call, object, named);
}

void w32_task_submit(struct w32_task *task)
{
	struct w32_pool *pool = task->pool;

	pthread_mutex_lock(&pool->lock);
	task->pending++;
	queue_where_due(task);
	pthread_mutex_unlock(&pool->lock);
}

bool w32_task_abandon(struct w32_task *task)
{
	bool any;

	pthread_mutex_lock(&task->pool->lock);
	any = task->pending;
	task->pending = 0;
	pthread_cond_broadcast(&task->pool->changed);
	pthread_mutex_unlock(&task->pool->lock);
	return any;
}

void w32_task_await(struct w32_task *task, bool cancel, const char *call)
{
	struct w32_pool *pool = task->pool;

	if (nt_callback_inside(task))
		nt_violation_say(
			0xC4, DEADLOCK, "DRIVER_VERIFIER_DETECTED_VIOLATION", call, NULL,
			"A callback does not wait for its own return.",
			"it was called inside the callback of the same %s object, %p, and waits until that has returned: on Windows it waits for ever.",
			kinds[task->kind], (void *)task);
	pthread_mutex_lock(&pool->lock);
	if (cancel)
		task->pending = 0;
	while (task->pending || task->running)
		pthread_cond_wait(&pool->changed, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
}

void w32_task_disarm(struct w32_task *task)
{
	if (task->kind == W32_TASK_TIMER)
		w32_timer_set(task, NULL, 0);
	if (task->kind == W32_TASK_WAIT)
		w32_wait_set(task, NULL, NULL, "CloseThreadpoolWait");
}

void w32_task_let_go(struct w32_task *task)
{
	struct w32_pool *pool = task->pool;

	pthread_mutex_lock(&pool->lock);
	task->users--;
	if (!task->ready)
		free_unused(task);
	pthread_mutex_unlock(&pool->lock);
}

void w32_task_close(struct w32_task *task)
{
	struct w32_pool *pool = task->pool;

	w32_task_disarm(task);
	pthread_mutex_lock(&pool->lock);
	task->closed = true;
	/* One that is in the queue is freed in its turn. */
	if (!task->ready)
		free_unused(task);
	pthread_mutex_unlock(&pool->lock);
}

static void fire(struct nt_timer *at)
{
	struct w32_task *task = CONTAINING_RECORD(at, struct w32_task, timer);
	DWORD period = task->period_ms;

	w32_task_submit(task);
	if (period)
		nt_timer_set(task->pool->machine->timers, at,
			     clock_ns() + (uint64_t)period * NS_PER_MS);
}

static LONGLONG ticks_of(const FILETIME *time)
{
	return (LONGLONG)((ULONGLONG)time->dwHighDateTime << 32 | time->dwLowDateTime);
}

/* What it has queued already is called all the same. */
bool w32_timer_set(struct w32_task *task, const FILETIME *due, DWORD period_ms)
{
	struct nt_timers *timers = task->pool->machine->timers;
	bool was;

	/* Twice: one that fires just now may set itself once more. */
	task->period_ms = 0;
	nt_timer_cancel(timers, &task->timer, true);
	nt_timer_cancel(timers, &task->timer, true);
	pthread_mutex_lock(&task->pool->lock);
	was = task->set;
	task->set = due;
	pthread_mutex_unlock(&task->pool->lock);
	task->period_ms = period_ms;
	if (due)
		nt_timer_set(timers, &task->timer, nt_deadline_ns(ticks_of(due)));
	return was;
}

bool w32_wait_set(struct w32_task *task, HANDLE handle, const FILETIME *timeout, const char *call)
{
	struct nt_object *object = handle ? w32_object(handle, NULL, call) : NULL, *before;
	struct w32_pool *pool = task->pool;
	bool was;

	pthread_mutex_lock(&pool->lock);
	before = task->object;
	was = before || task->watch;
	if (task->watch)
		nt_wait_signal_in(pool->machine, &task->watch->over);
	task->watch = NULL;
	task->object = object;
	task->until_ns = timeout ? nt_deadline_ns(ticks_of(timeout)) : NT_WAIT_FOR_EVER;
	queue_where_due(task);
	pthread_mutex_unlock(&pool->lock);
	if (before)
		nt_object_put(before);
	return was;
}

static _Noreturn void say_running(const struct w32_task *task, const char *driver)
{
	nt_violation_say(
		0xCE, (uintptr_t)task->routine,
		"DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS", "EvtDriverUnload", driver,
		"A driver waits for its callbacks (WaitForThreadpool...Callbacks) before it is unloaded.",
		"the %s is still running.", task->name);
}

/* Nothing of it is to be called any more. */
static void abandon(struct w32_task *task, const char *driver)
{
	char where[256];

	nt_symbol(task->maker, where, sizeof(where));
	nt_log(driver,
	       "thread pool leak: the %s object that %s has made was not closed before unload",
	       kinds[task->kind], where);
	pthread_mutex_lock(&task->pool->lock);
	task->pending = 0;
	pthread_mutex_unlock(&task->pool->lock);
	w32_task_close(task);
}

/* Return: one of the module's objects that the driver has not closed; NULL: there is none. */
static struct w32_task *open_of(struct w32_pool *pool, const void *module)
{
	struct w32_task *task;

	pthread_mutex_lock(&pool->lock);
	task = pool->tasks;
	while (task && (task->closed || w32_module_of(task->routine) != module))
		task = task->next;
	pthread_mutex_unlock(&pool->lock);
	return task;
}

/* Under the lock. Return: one whose callback runs or is to come. */
static const struct w32_task *busy_of(const struct w32_pool *pool, const void *module)
{
	const struct w32_task *task = pool->tasks;

	while (task &&
	       (w32_module_of(task->routine) != module || (!task->running && !task->pending)))
		task = task->next;
	return task;
}

/* What has told its end is given the time to return. */
static void check_none_runs(struct w32_pool *pool, const char *driver, const void *module)
{
	uint64_t until_ns = clock_ns() + RETURN_NS;
	const struct w32_task *task;
	struct w32_task copy;

	pthread_mutex_lock(&pool->lock);
	while (busy_of(pool, module) && clock_wait(&pool->changed, &pool->lock, until_ns))
		;
	task = busy_of(pool, module);
	if (task)
		copy = *task;
	pthread_mutex_unlock(&pool->lock);
	if (task)
		say_running(&copy, driver);
}

unsigned long w32_pool_report(struct w32 *w32, const char *driver, const void *module)
{
	unsigned long count = 0;
	struct w32_task *task;

	while ((task = open_of(&w32->pool, module))) {
		abandon(task, driver);
		count++;
	}
	count += w32_pools_report(&w32->pool, driver, module);
	check_none_runs(&w32->pool, driver, module);
	return count;
}

/* Under the lock. */
static unsigned threads_there(const struct w32_pool *pool)
{
	unsigned count = pool->own.threads + pool->own.leaving;

	for (const struct _TP_POOL *threads = pool->made; threads; threads = threads->next)
		count += threads->threads + threads->leaving;
	return count;
}

void w32_pool_stop(struct w32 *w32)
{
	struct w32_pool *pool = &w32->pool;

	pthread_mutex_lock(&pool->lock);
	pool->ending = true;
	for (struct w32_task *task = pool->tasks; task; task = task->next)
		if (task->watch)
			nt_wait_signal_in(pool->machine, &task->watch->over);
	pthread_cond_broadcast(&pool->changed);
	while (threads_there(pool))
		pthread_cond_wait(&pool->changed, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
}

void w32_pool_destroy(struct w32 *w32)
{
	struct w32_pool *pool = &w32->pool;

	while (pool->tasks) {
		struct w32_task *task = pool->tasks;

		pool->tasks = task->next;
		free(task);
	}
	while (pool->made) {
		struct _TP_POOL *threads = pool->made;

		pool->made = threads->next;
		free(threads);
	}
	while (pool->groups) {
		struct _TP_CLEANUP_GROUP *group = pool->groups;

		pool->groups = group->next;
		free(group);
	}
	pthread_cond_destroy(&pool->changed);
	pthread_mutex_destroy(&pool->lock);
}
