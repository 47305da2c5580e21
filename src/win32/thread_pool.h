/* SPDX-License-Identifier: MIT */
/*
 * The thread pool: objects whose callbacks are queued, and threads that run them, as many as have
 * work. An object that waits for a handle has a thread of the pool as long as it does.
 */
#ifndef WIN32_THREAD_POOL_H
#define WIN32_THREAD_POOL_H

#include "nt/timer.h"
#include "win32/state.h"

enum w32_task_kind { W32_TASK_SIMPLE, W32_TASK_WORK, W32_TASK_TIMER, W32_TASK_WAIT };

/* A wait that a thread of the pool is in; on its stack. */
struct w32_watch {
	DISPATCHER_HEADER over; /* set when it is wanted no more */
};

/*
 * A driver's PTP_WORK, PTP_TIMER or PTP_WAIT, or a call of TrySubmitThreadpoolCallback. Freed when
 * it is closed and no thread has it. Under the pool's lock, but for what the kind says.
 */
struct w32_task {
	enum w32_task_kind kind;
	struct w32_pool *pool;
	struct _TP_POOL *threads;        /* that call it back */
	PTP_SIMPLE_CALLBACK after;       /* each callback; NULL: nothing */
	struct _TP_CLEANUP_GROUP *group; /* NULL: in none */
	PTP_CLEANUP_GROUP_CANCEL_CALLBACK cancelled;
	const void *routine; /* the driver's */
	PVOID context;
	const void *maker;       /* in the driver */
	char name[160];          /* "thread pool's work FooWork foo.c:12" */
	unsigned pending;        /* callbacks to come */
	unsigned running, users; /* callbacks that run; threads that have it */
	bool closed, ready;
	struct w32_task *next_ready, *next, **link;
	/* A timer's. */
	struct nt_timer timer;
	_Atomic DWORD period_ms; /* 0: once */
	bool set;
	/* A wait's. */
	struct nt_object *object; /* a reference; NULL: waits for nothing */
	uint64_t until_ns;
	struct w32_watch *watch; /* of the thread that waits; NULL: none does */
	DWORD result;
};

/* Objects that are closed together. Under the pool's lock. */
struct _TP_CLEANUP_GROUP {
	const void *maker; /* in the driver */
	struct _TP_CLEANUP_GROUP *next;
};

/* What a callback is told of itself; on the stack of its thread. */
struct _TP_CALLBACK_INSTANCE {
	HANDLE event, semaphore, mutex;
	DWORD count; /* of the semaphore */
	PCRITICAL_SECTION section;
};

/*
 * w32_task_make() - NULL with the last error
 * @like: kind, routine, context, maker; @environment: the driver's, or NULL
 */
struct w32_task *w32_task_make(const struct w32_task *like, PTP_CALLBACK_ENVIRON environment,
			       const char *call);

/* w32_task_check() - ends the driver when it is not an object of this kind that is open */
struct w32_task *w32_task_check(void *object, enum w32_task_kind kind, const char *call);

/* w32_pool_say_invalid() - the driver ends: @object is no @kind that is open */
_Noreturn void w32_pool_say_invalid(const char *call, const void *object, const char *kind);

/* w32_pool_check(), w32_group_check() - the same of a pool that was made, and of a group */
void w32_pool_check(struct w32_pool *pool, const struct _TP_POOL *threads, const char *call);
void w32_group_check(struct w32_pool *pool, const struct _TP_CLEANUP_GROUP *group,
		     const char *call);

/* w32_task_submit() - one callback more */
void w32_task_submit(struct w32_task *task);

/* w32_task_await() - until none is to come or runs; @cancel: those that have not begun are not */
void w32_task_await(struct w32_task *task, bool cancel, const char *call);

/* w32_task_disarm() - no more callbacks come by themselves */
void w32_task_disarm(struct w32_task *task);

/* w32_task_let_go() - of a thread that was one of @task's users */
void w32_task_let_go(struct w32_task *task);

/* w32_task_close() - the driver has it no more */
void w32_task_close(struct w32_task *task);

/* w32_task_abandon() - callbacks that have not begun are none any more. Return: whether one was. */
bool w32_task_abandon(struct w32_task *task);

/* w32_threads_start() - until there are as many. Return: whether there are. Under the lock. */
bool w32_threads_start(struct _TP_POOL *threads, unsigned count);

/* w32_threads_free_closed() - pools that nobody needs any more; under the lock */
void w32_threads_free_closed(struct w32_pool *pool);

/* w32_pools_report() - pools and groups that the driver has not closed. Return: how many. */
unsigned long w32_pools_report(struct w32_pool *pool, const char *driver, const void *module);

/* w32_timer_set() - @due: NULL: no more. Return: whether it was set. */
bool w32_timer_set(struct w32_task *task, const FILETIME *due, DWORD period_ms);

/* w32_wait_set() - for this handle; NULL: for none. Return: whether it waited. */
bool w32_wait_set(struct w32_task *task, HANDLE handle, const FILETIME *timeout, const char *call);

#endif
