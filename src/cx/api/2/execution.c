/* SPDX-License-Identifier: MIT */
/* Source: docs of netexecutioncontext.h, and the framework of 21H2. */
#include "cx/api/2/execution.h"

#include <stdio.h>

#include "base/clock.h"
#include "cx/api/2/verifier.h"
#include "nt/deadlock.h"
#include "nt/irql.h"
#include "nt/violation.h"
#include "wdf/check.h"
#include "wdf/driver.h"

static struct cx2_execution *execution_of(struct cx_execution *core)
{
	return (struct cx2_execution *)((char *)core - offsetof(struct cx2_execution, core));
}

/* Windows hangs there; the code is Driver Verifier's of a deadlock. */
static _Noreturn void waits_for_itself(const struct cx2_execution *execution, const char *call,
				       const char *what)
{
	nt_violation_say(
		0xC4, 0x1001, "DRIVER_VERIFIER_DETECTED_VIOLATION", call, execution->device->name,
		"What an execution context's thread runs does not wait for what that thread has yet to do.",
		"it was called on the thread of execution context %p, and waits for %s, which that thread runs: on Windows it waits for ever.",
		(const void *)execution, what);
}

/* ---- the driver's callbacks around a round ---- */

/* A driver may return elements of its queues there, and in tasks, as in EvtAdvance. */
static void look_at_queues(struct nt_callback_watch *watch, const struct nt_callback *ran)
{
	struct cx2_execution *execution =
		(struct cx2_execution *)((char *)watch - offsetof(struct cx2_execution, watch));

	for (struct cx2_queue *q = execution->running; q; q = q->next_grouped)
		q->watch.look(&q->watch, ran);
}

static void may_return(struct cx2_execution *execution, const struct nt_callback *callback)
{
	for (struct cx2_queue *q = execution->running; q; q = q->next_grouped) {
		q->returning = callback;
		q->last_callback = callback->name;
	}
}

static void take_returned(struct cx2_execution *execution)
{
	for (struct cx2_queue *q = execution->running; q; q = q->next_grouped) {
		q->returning = NULL;
		cx2_rings_returned(q);
	}
}

static void call_around(struct cx2_execution *execution, const char *name,
			BOOLEAN (*function)(NETEXECUTIONCONTEXT))
{
	struct nt_callback callback;

	nt_callback_watch(&execution->watch);
	nt_callback_enter(&callback, execution->device->name, name);
	nt_callback_of(&callback, execution);
	may_return(execution, &callback);
	/* 21H2 does not look at what comes back: it calls them by another type. */
	function((NETEXECUTIONCONTEXT)&execution->object);
	nt_callback_leave(&callback);
	take_returned(execution);
}

static void pre_advance(struct cx_execution *core)
{
	struct cx2_execution *execution = execution_of(core);

	if (execution->config.EvtPreAdvance)
		call_around(execution, "EvtNetExecutionContextPreAdvance",
			    execution->config.EvtPreAdvance);
}

static void post_advance(struct cx_execution *core)
{
	struct cx2_execution *execution = execution_of(core);

	if (execution->config.EvtPostAdvance)
		call_around(execution, "EvtNetExecutionContextPostAdvance",
			    execution->config.EvtPostAdvance);
}

static void set_notification(struct cx_execution *core, bool enabled)
{
	struct cx2_execution *execution = execution_of(core);
	struct nt_callback callback;

	nt_callback_watch(&execution->watch);
	nt_callback_enter(&callback, execution->device->name,
			  "EvtNetExecutionContextSetNotificationEnabled");
	nt_callback_of(&callback, execution);
	execution->config.EvtSetNotificationEnabled((NETEXECUTIONCONTEXT)&execution->object,
						    enabled);
	nt_callback_leave(&callback);
}

/* ---- tasks ---- */

static struct cx2_task *take_task(struct cx2_execution *execution)
{
	struct cx2_task *task;

	pthread_mutex_lock(&execution->lock);
	task = execution->first;
	if (task) {
		execution->first = task->next;
		if (!execution->first)
			execution->last = &execution->first;
		task->queued = false; /* from here on it may be queued again, by itself, too */
	}
	pthread_mutex_unlock(&execution->lock);
	return task;
}

static void run_task(struct cx2_execution *execution, struct cx2_task *task)
{
	struct nt_callback callback;

	nt_callback_watch(&execution->watch);
	nt_callback_begin(&callback, execution->device->name, "EvtNetExecutionContextTask");
	nt_callback_of(&callback, task);
	may_return(execution, &callback);
	task->function((NETEXECUTIONCONTEXTTASK)&task->object);
	nt_callback_end(&callback);
	take_returned(execution);
	pthread_mutex_lock(&execution->lock);
	task->busy = task->queued;
	pthread_cond_broadcast(&execution->finished);
	pthread_mutex_unlock(&execution->lock);
	wdf_object_dereference(&task->object); /* cx2_task_enqueue() took it */
}

/* What they queue meanwhile comes after the next round. */
static void run_tasks(struct cx_execution *core)
{
	struct cx2_execution *execution = execution_of(core);
	struct cx2_task *task, *last;

	pthread_mutex_lock(&execution->lock);
	last = execution->first;
	while (last && last->next)
		last = last->next;
	pthread_mutex_unlock(&execution->lock);
	while (last && (task = take_task(execution))) {
		bool end = task == last;

		run_task(execution, task);
		if (end)
			break;
	}
}

bool cx2_task_enqueue(struct cx2_task *task)
{
	struct cx2_execution *execution = task->execution;

	pthread_mutex_lock(&execution->lock);
	if (task->queued) {
		pthread_mutex_unlock(&execution->lock);
		return false;
	}
	wdf_object_reference(&task->object);
	task->queued = task->busy = true;
	task->next = NULL;
	*execution->last = task;
	execution->last = &task->next;
	pthread_mutex_unlock(&execution->lock);
	cx_execution_call_tasks(&execution->core);
	return true;
}

void cx2_task_await(struct cx2_task *task, const char *call)
{
	struct cx2_execution *execution = task->execution;

	pthread_mutex_lock(&execution->lock);
	if (task->busy && cx_execution_here(&execution->core)) {
		pthread_mutex_unlock(&execution->lock);
		waits_for_itself(execution, call, "a task of it");
	}
	while (task->busy) {
		if (clock_wait(&execution->finished, &execution->lock, clock_ns() + NT_WAITS_NS))
			continue;
		pthread_mutex_unlock(&execution->lock);
		nt_waits_for(execution->core.self, call);
		pthread_mutex_lock(&execution->lock);
	}
	pthread_mutex_unlock(&execution->lock);
	nt_waits_over();
}

/* A task that is deleted runs first when it is to; its own callback may delete it. */
static void task_dispose(struct wdf_object *object)
{
	struct cx2_task *task = (struct cx2_task *)object;

	if (nt_irql() < DISPATCH_LEVEL && !nt_callback_inside(task))
		cx2_task_await(task, "WdfObjectDelete");
}

static void task_release(struct wdf_object *object)
{
	wdf_object_dereference(&((struct cx2_task *)object)->execution->object);
}

static const struct wdf_class task_class = {
	.name = "NETEXECUTIONCONTEXTTASK",
	.size = sizeof(struct cx2_task),
	.dispose = task_dispose,
	.release = task_release,
};

struct cx2_task *cx2_task_of(NETEXECUTIONCONTEXTTASK handle, const char *call)
{
	return wdf_object_of(handle, &task_class, call);
}

NTSTATUS cx2_task_make(struct cx2_execution *execution, PFN_NET_EXECUTION_CONTEXT_TASK function,
		       WDF_OBJECT_ATTRIBUTES *attributes, struct cx2_task **made)
{
	struct cx2_task *task;
	void *object;
	NTSTATUS status;

	status = wdf_object_create(&task_class, execution->object.driver, &execution->object,
				   attributes, &object);
	if (!NT_SUCCESS(status))
		return status;
	task = object;
	wdf_object_reference(&execution->object);
	task->execution = execution;
	task->function = function;
	*made = task;
	return STATUS_SUCCESS;
}

/* ---- the context ---- */

static void may_delete(struct wdf_object *object, const char *call)
{
	const struct cx2_execution *execution = (const struct cx2_execution *)object;
	unsigned queues = execution->queues;

	if (queues)
		wdf_violation(
			wdf_driver_name(object->driver), WDF_OBJECT_DELETION, (uintptr_t)object,
			call,
			"An execution context is deleted when no packet queue is left that was made with it.",
			"%p is a NETEXECUTIONCONTEXT in use by %u packet queue%s.", (void *)object,
			queues, queues == 1 ? "" : "s");
	if (cx_execution_here(&execution->core))
		waits_for_itself(execution, call, "its own end");
}

static void execution_dispose(struct wdf_object *object)
{
	cx_execution_end(&((struct cx2_execution *)object)->core);
}

static void execution_release(struct wdf_object *object)
{
	struct cx2_execution *execution = (struct cx2_execution *)object;

	cx_execution_destroy(&execution->core);
	pthread_cond_destroy(&execution->finished);
	pthread_mutex_destroy(&execution->lock);
}

static const struct wdf_class execution_class = {
	.name = "NETEXECUTIONCONTEXT",
	.size = sizeof(struct cx2_execution),
	.dispose = execution_dispose,
	.release = execution_release,
	.may_delete = may_delete,
};

struct cx2_execution *cx2_execution_of(NETEXECUTIONCONTEXT handle, const char *call)
{
	return wdf_object_of(handle, &execution_class, call);
}

static const struct cx_execution_ops ops = {
	.pre_advance = pre_advance,
	.post_advance = post_advance,
	.set_notification = set_notification,
	.run_tasks = run_tasks,
};

NTSTATUS cx2_execution_make(struct cx_device *device, struct wdf_object *parent,
			    const NET_EXECUTION_CONTEXT_CONFIG *config,
			    WDF_OBJECT_ATTRIBUTES *attributes, struct cx2_execution **made)
{
	struct cx2_execution *execution;
	void *object;
	NTSTATUS status;
	int error;

	status = wdf_object_create(&execution_class, parent->driver, parent, attributes, &object);
	if (!NT_SUCCESS(status))
		return status;
	execution = object;
	execution->device = device;
	execution->config = *config;
	execution->watch.look = look_at_queues;
	execution->last = &execution->first;
	pthread_mutex_init(&execution->lock, NULL);
	clock_condition_init(&execution->finished);
	error = cx_execution_init(&execution->core, nt_machine(), "netcx-ec", &ops);
	if (!error)
		error = cx_execution_run(&execution->core);
	if (error) {
		wdf_object_delete(&execution->object);
		return STATUS_INSUFFICIENT_RESOURCES;
	}
	*made = execution;
	return STATUS_SUCCESS;
}

void cx2_execution_join(struct cx2_execution *execution)
{
	wdf_object_reference(&execution->object);
	execution->queues++;
}

void cx2_execution_leave(struct cx2_execution *execution)
{
	execution->queues--;
	wdf_object_dereference(&execution->object);
}

void cx2_execution_started(struct cx2_queue *queue)
{
	queue->next_grouped = queue->execution->running;
	queue->execution->running = queue;
}

void cx2_execution_stopped(struct cx2_queue *queue)
{
	struct cx2_queue **at = &queue->execution->running;

	while (*at != queue)
		at = &(*at)->next_grouped;
	*at = queue->next_grouped;
}
