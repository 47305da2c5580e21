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

#define MOST_THREADS   500 /* of Windows' own pool */
#define INVALID_OBJECT 0xC000000D
#define DEADLOCK       0x1001
#define RETURN_NS      (200 * NS_PER_MS) /* from what a callback tells to its return */

static const char *const kinds[] = { "callback", "work", "timer", "wait" };

void w32_pool_init(struct w32_pool *pool)
{
	pool->machine = nt_machine();
	pthread_mutex_init(&pool->lock, NULL);
	clock_condition_init(&pool->changed);
	pool->end = &pool->first;
}

/* Under the lock. */
static void free_unused(struct w32_task *task)
{
	if (!task->closed || task->pending || task->running || task->users)
		return;
	*task->link = task->next;
	if (task->next)
		task->next->link = task->link;
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
	nt_callback_leave(&callback);
	pthread_mutex_lock(&pool->lock);
	task->running--;
	pthread_cond_broadcast(&pool->changed);
}

/* Under the lock, which is given back meanwhile. */
static void watch(struct w32_pool *pool, struct w32_task *task)
{
	struct nt_object *object = task->object;
	struct w32_watch mine;
	DISPATCHER_HEADER *headers[] = { NULL, &mine.over };
	uint64_t until_ns = task->until_ns;
	bool abandoned;
	int which;

	if (!object || task->watch)
		return;
	nt_wait_init(&mine.over, NT_WAIT_EVENT_NOTIFICATION, false);
	headers[0] = &object->header;
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
	run(pool, task);
}

/* Under the lock. */
static void queue(struct w32_pool *pool, struct w32_task *task)
{
	if (task->ready)
		return;
	task->ready = true;
	task->next_ready = NULL;
	*pool->end = task;
	pool->end = &task->next_ready;
	pthread_cond_broadcast(&pool->changed);
}

static struct w32_task *take(struct w32_pool *pool)
{
	struct w32_task *task = pool->first;

	pool->first = task->next_ready;
	if (!pool->first)
		pool->end = &pool->first;
	task->ready = false;
	return task;
}

/* Under the lock: one turn of the task that is first. */
static void serve(struct w32_pool *pool)
{
	struct w32_task *task = take(pool);

	task->users++;
	if (task->kind == W32_TASK_WAIT) {
		watch(pool, task);
	} else if (task->pending) {
		if (--task->pending)
			queue(pool, task);
		run(pool, task);
	}
	task->users--;
	free_unused(task);
}

static void *work(void *context)
{
	struct w32_pool *pool = context;

	nt_thread_enter(pool->machine);
	pthread_mutex_lock(&pool->lock);
	while (!pool->ending) {
		if (pool->first) {
			pool->idle--;
			serve(pool);
			pool->idle++;
			continue;
		}
		pthread_cond_wait(&pool->changed, &pool->lock);
	}
	pool->idle--;
	pthread_mutex_unlock(&pool->lock);
	nt_thread_leave();
	pthread_mutex_lock(&pool->lock);
	pool->threads--;
	pthread_cond_broadcast(&pool->changed);
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

/* Under the lock: every callback that is to come has a thread, so that one may wait for another. */
static void start_thread(struct w32_pool *pool)
{
	pthread_attr_t attributes;
	pthread_t thread;

	if (pool->threads >= MOST_THREADS)
		return;
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	if (!pthread_create(&thread, &attributes, work, pool)) {
		pool->threads++;
		pool->idle++;
	}
	pthread_attr_destroy(&attributes);
}

static unsigned turns(const struct w32_pool *pool)
{
	unsigned count = 0;

	for (const struct w32_task *task = pool->first; task; task = task->next_ready)
		count += task->pending > 1 ? task->pending : 1;
	return count;
}

static void queue_and_start(struct w32_pool *pool, struct w32_task *task)
{
	queue(pool, task);
	if (turns(pool) > pool->idle)
		start_thread(pool);
}

static void fire(struct nt_timer *at);

struct w32_task *w32_task_make(const struct w32_task *like, PTP_CALLBACK_ENVIRON environment,
			       const char *call)
{
	struct w32_pool *pool = &w32_state(call)->pool;
	struct w32_task *task;
	char where[128];

	if (!like->routine || (environment && (environment->Pool || environment->CleanupGroup ||
					       environment->ActivationContext ||
					       environment->FinalizationCallback))) {
		w32_fail(like->routine ? ERROR_NOT_SUPPORTED : ERROR_INVALID_PARAMETER);
		return NULL;
	}
	task = nt_fault(call) ? NULL : malloc(sizeof(*task));
	if (!task) {
		w32_fail(ERROR_NOT_ENOUGH_MEMORY);
		return NULL;
	}
	*task = *like;
	task->pool = pool;
	nt_symbol((const char *)task->routine + 1, where, sizeof(where));
	snprintf(task->name, sizeof(task->name), "thread pool's %s %s", kinds[task->kind], where);
	task->timer.fire = fire;
	pthread_mutex_lock(&pool->lock);
	task->next = pool->tasks;
	task->link = &pool->tasks;
	if (task->next)
		task->next->link = &task->next;
	pool->tasks = task;
	pthread_mutex_unlock(&pool->lock);
	return task;
}

struct w32_task *w32_task_check(void *object, enum w32_task_kind kind, const char *call)
{
	struct w32_pool *pool = &w32_state(call)->pool;
	struct w32_task *task;
	char passed[96];
	bool open;

	pthread_mutex_lock(&pool->lock);
	for (task = pool->tasks; task && task != object; task = task->next)
		;
	open = task && task->kind == kind && !task->closed;
	pthread_mutex_unlock(&pool->lock);
	if (open)
		return task;
	snprintf(passed, sizeof(passed), "%p is no %s object that is open.", object, kinds[kind]);
	nt_violation(&(struct nt_violation){
		.bugcheck = INVALID_OBJECT,
		.ends_by = "the end of the driver's host process, exception",
		.rule = "INVALID_PARAMETER",
		.call = call,
		.passed = passed,
		.demand = "An object of the thread pool is used until it is closed.",
	});
}

void w32_task_submit(struct w32_task *task)
{
	struct w32_pool *pool = task->pool;

	pthread_mutex_lock(&pool->lock);
	task->pending++;
	queue_and_start(pool, task);
	pthread_mutex_unlock(&pool->lock);
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

void w32_task_close(struct w32_task *task)
{
	struct w32_pool *pool = task->pool;

	if (task->kind == W32_TASK_TIMER)
		w32_timer_set(task, NULL, 0);
	if (task->kind == W32_TASK_WAIT)
		w32_wait_set(task, NULL, NULL, "CloseThreadpoolWait");
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
	if (object)
		queue_and_start(pool, task);
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
	check_none_runs(&w32->pool, driver, module);
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
	while (pool->threads)
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
	pthread_cond_destroy(&pool->changed);
	pthread_mutex_destroy(&pool->lock);
}
