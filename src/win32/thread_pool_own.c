/* SPDX-License-Identifier: MIT */
/* Thread pools of a driver's own, and groups that close objects together. */
#include <stdio.h>
#include <stdlib.h>

#include "nt/fault.h"
#include "nt/symbols.h"
#include "nt/violation.h"
#include "win32/thread_pool.h"

#define MOST_THREADS   500
#define INVALID_OBJECT 0xC000000D

NT_FAULT_NAMES("CreateThreadpool", "CreateThreadpoolCleanupGroup", "SetThreadpoolThreadMinimum");

_Noreturn void w32_pool_say_invalid(const char *call, const void *object, const char *kind)
{
	char passed[96];

	snprintf(passed, sizeof(passed), "%p is no %s that is open.", object, kind);
	nt_violation(&(struct nt_violation){
		.bugcheck = INVALID_OBJECT,
		.ends_by = "the end of the driver's host process, exception",
		.rule = "INVALID_PARAMETER",
		.call = call,
		.passed = passed,
		.demand = "An object of the thread pool is used until it is closed.",
	});
}

void w32_pool_check(struct w32_pool *pool, const struct _TP_POOL *threads, const char *call)
{
	const struct _TP_POOL *at;

	pthread_mutex_lock(&pool->lock);
	for (at = pool->made; at && (at != threads || at->closed); at = at->next)
		;
	pthread_mutex_unlock(&pool->lock);
	if (!at)
		w32_pool_say_invalid(call, threads, "thread pool");
}

void w32_group_check(struct w32_pool *pool, const struct _TP_CLEANUP_GROUP *group, const char *call)
{
	const struct _TP_CLEANUP_GROUP *at;

	pthread_mutex_lock(&pool->lock);
	for (at = pool->groups; at && at != group; at = at->next)
		;
	pthread_mutex_unlock(&pool->lock);
	if (!at)
		w32_pool_say_invalid(call, group, "cleanup group");
}

void w32_threads_free_closed(struct w32_pool *pool)
{
	struct _TP_POOL **at = &pool->made, *threads;

	while ((threads = *at)) {
		if (!threads->closed || threads->tasks || threads->threads || threads->leaving) {
			at = &threads->next;
			continue;
		}
		*at = threads->next;
		free(threads);
	}
}

NETCX_EXPORT PTP_POOL WINAPI CreateThreadpool(PVOID reserved)
{
	struct w32_pool *pool = &w32_state("CreateThreadpool")->pool;
	struct _TP_POOL *threads = nt_fault("CreateThreadpool") ? NULL : malloc(sizeof(*threads));

	if (!threads) {
		w32_fail(ERROR_NOT_ENOUGH_MEMORY);
		return NULL;
	}
	*threads = (struct _TP_POOL){
		.all = pool, .end = &threads->first, .most = MOST_THREADS, .maker = CALLER
	};
	pthread_mutex_lock(&pool->lock);
	threads->next = pool->made;
	pool->made = threads;
	pthread_mutex_unlock(&pool->lock);
	return threads;
}

/* Its threads end and its memory goes when its last object has gone. */
static void close_pool(struct _TP_POOL *threads)
{
	struct w32_pool *pool = threads->all;

	pthread_mutex_lock(&pool->lock);
	threads->closed = true;
	w32_threads_free_closed(pool);
	pthread_cond_broadcast(&pool->changed);
	pthread_mutex_unlock(&pool->lock);
}

NETCX_EXPORT VOID WINAPI CloseThreadpool(PTP_POOL ptpp)
{
	static const char call[] = "CloseThreadpool";

	w32_pool_check(&w32_state(call)->pool, ptpp, call);
	close_pool(ptpp);
}

/* One at least. What runs already goes on, and its thread ends afterwards. */
NETCX_EXPORT VOID WINAPI SetThreadpoolThreadMaximum(PTP_POOL ptpp, DWORD cthrdMost)
{
	static const char call[] = "SetThreadpoolThreadMaximum";
	struct w32_pool *pool = &w32_state(call)->pool;

	w32_pool_check(pool, ptpp, call);
	pthread_mutex_lock(&pool->lock);
	ptpp->most = cthrdMost == 0 ? 1 : cthrdMost < MOST_THREADS ? cthrdMost : MOST_THREADS;
	if (ptpp->first)
		w32_threads_start(ptpp, ptpp->threads + 1);
	pthread_cond_broadcast(&pool->changed);
	pthread_mutex_unlock(&pool->lock);
}

NETCX_EXPORT BOOL WINAPI SetThreadpoolThreadMinimum(PTP_POOL ptpp, DWORD cthrdMic)
{
	static const char call[] = "SetThreadpoolThreadMinimum";
	struct w32_pool *pool = &w32_state(call)->pool;
	bool there;

	w32_pool_check(pool, ptpp, call);
	if (cthrdMic > ptpp->most)
		return w32_fail(ERROR_INVALID_PARAMETER);
	if (nt_fault(call))
		return w32_fail(ERROR_NOT_ENOUGH_MEMORY);
	pthread_mutex_lock(&pool->lock);
	there = w32_threads_start(ptpp, cthrdMic);
	pthread_mutex_unlock(&pool->lock);
	return there ? TRUE : w32_fail(ERROR_NOT_ENOUGH_MEMORY);
}

NETCX_EXPORT PTP_CLEANUP_GROUP WINAPI CreateThreadpoolCleanupGroup(VOID)
{
	static const char call[] = "CreateThreadpoolCleanupGroup";
	struct w32_pool *pool = &w32_state(call)->pool;
	struct _TP_CLEANUP_GROUP *group = nt_fault(call) ? NULL : malloc(sizeof(*group));

	if (!group) {
		w32_fail(ERROR_NOT_ENOUGH_MEMORY);
		return NULL;
	}
	group->maker = CALLER;
	pthread_mutex_lock(&pool->lock);
	group->next = pool->groups;
	pool->groups = group;
	pthread_mutex_unlock(&pool->lock);
	return group;
}

/* Return: one of its objects that is held until it is let go; NULL: it has none. */
static struct w32_task *hold_member(struct w32_pool *pool, const struct _TP_CLEANUP_GROUP *group)
{
	struct w32_task *task;

	pthread_mutex_lock(&pool->lock);
	for (task = pool->tasks; task && task->group != group; task = task->next)
		;
	if (task) {
		task->group = NULL;
		task->users++;
	}
	pthread_mutex_unlock(&pool->lock);
	return task;
}

/* A callback without an object is closed from the beginning, and tells only when it never was. */
static void close_member(struct w32_task *task, bool cancel, PVOID context, const char *call)
{
	bool open = !task->closed, tell = cancel && open;

	if (cancel && w32_task_abandon(task) && !open)
		tell = true;
	if (open)
		w32_task_disarm(task);
	w32_task_await(task, cancel, call);
	if (tell && task->cancelled)
		task->cancelled(task->context, context);
	if (open)
		w32_task_close(task);
	w32_task_let_go(task);
}

NETCX_EXPORT VOID WINAPI CloseThreadpoolCleanupGroupMembers(PTP_CLEANUP_GROUP ptpcg,
							    BOOL fCancelPendingCallbacks,
							    PVOID pvCleanupContext)
{
	static const char call[] = "CloseThreadpoolCleanupGroupMembers";
	struct w32_pool *pool = &w32_state(call)->pool;
	struct w32_task *task;

	w32_group_check(pool, ptpcg, call);
	while ((task = hold_member(pool, ptpcg)))
		close_member(task, fCancelPendingCallbacks, pvCleanupContext, call);
}

static void close_group(struct w32_pool *pool, struct _TP_CLEANUP_GROUP *group)
{
	struct _TP_CLEANUP_GROUP **at;

	pthread_mutex_lock(&pool->lock);
	for (at = &pool->groups; *at != group; at = &(*at)->next)
		;
	*at = group->next;
	for (struct w32_task *task = pool->tasks; task; task = task->next)
		if (task->group == group)
			task->group = NULL;
	pthread_mutex_unlock(&pool->lock);
	free(group);
}

NETCX_EXPORT VOID WINAPI CloseThreadpoolCleanupGroup(PTP_CLEANUP_GROUP ptpcg)
{
	static const char call[] = "CloseThreadpoolCleanupGroup";
	struct w32_pool *pool = &w32_state(call)->pool;

	w32_group_check(pool, ptpcg, call);
	close_group(pool, ptpcg);
}

static void say_left(const char *driver, const char *what, const void *maker)
{
	char where[256];

	nt_symbol(maker, where, sizeof(where));
	nt_log(driver, "thread pool leak: the %s that %s has made was not closed before unload",
	       what, where);
}

unsigned long w32_pools_report(struct w32_pool *pool, const char *driver, const void *module)
{
	struct _TP_CLEANUP_GROUP *group, *next_group;
	struct _TP_POOL *threads, *next;
	unsigned long count = 0;

	for (threads = pool->made; threads; threads = next) {
		next = threads->next;
		if (threads->closed || w32_module_of(threads->maker) != module)
			continue;
		say_left(driver, "pool", threads->maker);
		close_pool(threads);
		count++;
	}
	for (group = pool->groups; group; group = next_group) {
		next_group = group->next;
		if (w32_module_of(group->maker) != module)
			continue;
		say_left(driver, "cleanup group", group->maker);
		close_group(pool, group);
		count++;
	}
	return count;
}
