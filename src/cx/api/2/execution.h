/* SPDX-License-Identifier: MIT */
/*
 * NETEXECUTIONCONTEXT and NETEXECUTIONCONTEXTTASK (2.1 to 2.5): a thread of the driver's making,
 * which goes round the queues that the driver has given it, and runs its tasks in between. The
 * thread and its rounds are the core's (cx/execution.h).
 */
#ifndef CX_API_2_EXECUTION_H
#define CX_API_2_EXECUTION_H

#include <pthread.h>

#include "cx/api/2/queue.h"
#include "cx/execution.h"

struct cx2_task;

/* Owned by its WDFDEVICE. */
struct cx2_execution {
	struct wdf_object object;
	struct cx_execution core;
	struct cx_device *device;
	NET_EXECUTION_CONTEXT_CONFIG config;
	_Atomic unsigned queues; /* that were made with it and are there */

	/* Its thread's. */
	struct cx2_queue *running; /* between EvtStart and EvtStop, by next_grouped */
	struct nt_callback_watch
		watch; /* of all their rings, while a callback of the context runs */

	pthread_mutex_t lock;    /* of what follows, and of its tasks' state */
	pthread_cond_t finished; /* a task has; on CLOCK_MONOTONIC */
	struct cx2_task *first, **last;
};

/* Owned by its context. */
struct cx2_task {
	struct wdf_object object;
	struct cx2_execution *execution; /* referenced */
	PFN_NET_EXECUTION_CONTEXT_TASK function;
	struct cx2_task *next;
	bool queued, busy; /* to be run; that, or it runs */
};

struct cx2_execution *cx2_execution_of(NETEXECUTIONCONTEXT handle, const char *call);
struct cx2_task *cx2_task_of(NETEXECUTIONCONTEXTTASK handle, const char *call);

/*
 * cx2_execution_make() - NetExecutionContextCreate: the object and its thread
 * @parent: the device's object
 */
NTSTATUS cx2_execution_make(struct cx_device *device, struct wdf_object *parent,
			    const NET_EXECUTION_CONTEXT_CONFIG *config,
			    WDF_OBJECT_ATTRIBUTES *attributes, struct cx2_execution **execution);

/* cx2_task_make() - NetExecutionContextTaskCreate */
NTSTATUS cx2_task_make(struct cx2_execution *execution, PFN_NET_EXECUTION_CONTEXT_TASK function,
		       WDF_OBJECT_ATTRIBUTES *attributes, struct cx2_task **task);

/*
 * cx2_task_enqueue() - to be run on the context's thread
 * Return: false: it is queued already. <= DISPATCH_LEVEL
 */
bool cx2_task_enqueue(struct cx2_task *task);

/*
 * cx2_task_await() - until it has run, when it is to
 * A wait on the context's own thread would not end: a violation in @call. PASSIVE_LEVEL
 */
void cx2_task_await(struct cx2_task *task, const char *call);

/*
 * For queue.c:
 * cx2_execution_join() - a queue is made with it; cx2_execution_leave() - and is gone
 * cx2_execution_started(), _stopped() - it runs, on the context's thread, until then
 */
void cx2_execution_join(struct cx2_execution *execution);
void cx2_execution_leave(struct cx2_execution *execution);
void cx2_execution_started(struct cx2_queue *queue);
void cx2_execution_stopped(struct cx2_queue *queue);

#endif
