/* SPDX-License-Identifier: MIT */
/*
 * A packet queue in the execution that goes round it, and the calls of the client's callbacks.
 */
#include <stdio.h>

#include "base/clock.h"
#include "cx/client.h"
#include "datapath/private.h"
#include "nt/sanitizer.h"

/* A pause that no returned packet has ended for so long would hang Windows for good. */
#define RETURN_WARN_MS    2000u
#define RETURN_GIVE_UP_MS 10000u

void dp_thread_wake(struct dp_thread *thread)
{
	cx_execution_wake(thread->execution);
}

/* NetTx/RxQueueNotifyMore...: any thread at any IRQL. */
static void on_notify(void *context)
{
	struct dp_thread *thread = context;

	count_shared(thread->notifies, 1);
	cx_execution_notify(thread->execution);
}

int dp_thread_init(struct dp_thread *thread, struct dp *dp, struct cx_queue *queue,
		   const struct cx_poll_ops *ops, counter *notifies)
{
	char name[16];
	int error;

	*thread = (struct dp_thread){
		.poll.ops = ops, .dp = dp, .queue = queue, .notifies = notifies
	};
	thread->execution = queue->execution    ? queue->execution
			    : dp->one_processor ? &dp->common
						: &thread->own;
	snprintf(name, sizeof(name), "netcx-%s%u", queue->kind == CX_QUEUE_TX ? "tx" : "rx",
		 queue->id);
	error = cx_execution_init(&thread->own, dp->config.machine, name, NULL);
	if (error)
		return error;
	queue->notify_context = thread;
	queue->notify = on_notify;
	return 0;
}

void dp_thread_destroy(struct dp_thread *thread)
{
	if (thread->execution)
		cx_execution_destroy(&thread->own);
}

/* A thread that is not the driver's is there only while a queue runs. */
static int begin_execution(struct dp_thread *thread)
{
	if (thread->execution == &thread->own)
		return cx_execution_run(&thread->own);
	if (thread->execution == &thread->dp->common && !thread->dp->common_users++)
		return cx_execution_run(&thread->dp->common);
	return 0;
}

static void end_execution(struct dp_thread *thread)
{
	if (thread->execution == &thread->own)
		cx_execution_end(&thread->own);
	else if (thread->execution == &thread->dp->common && !--thread->dp->common_users)
		cx_execution_end(&thread->dp->common);
}

int dp_thread_start(struct dp_thread *thread)
{
	int error;

	thread->waited_ms = 0;
	thread->waited_ns = 0;
	error = begin_execution(thread);
	if (!error)
		error = cx_execution_add(thread->execution, &thread->poll);
	thread->running = !error;
	if (error)
		end_execution(thread);
	return error;
}

void dp_thread_ask_to_stop(struct dp_thread *thread)
{
	if (thread->running)
		cx_execution_remove(thread->execution, &thread->poll);
}

void dp_thread_join(struct dp_thread *thread)
{
	if (!thread->running)
		return;
	cx_execution_await(thread->execution, &thread->poll);
	end_execution(thread);
	thread->running = false;
}

static const struct cx_client *client_of(const struct dp_thread *thread)
{
	return thread->queue->adapter->owner->client;
}

void dp_call_start(struct dp_thread *thread)
{
	client_of(thread)->start(thread->queue);
}

void dp_call_stop(struct dp_thread *thread)
{
	client_of(thread)->stop(thread->queue);
}

void dp_call_cancel(struct dp_thread *thread)
{
	client_of(thread)->cancel(thread->queue);
}

void dp_call_advance(struct dp_thread *thread, counter *count)
{
	nt_order_with_hardware();
	client_of(thread)->advance(thread->queue);
	nt_order_with_hardware();
	count_add(count, 1);
}

/* In an execution context of the driver's that one is armed, once for all. */
void dp_call_arm(struct cx_poll *poll)
{
	struct dp_thread *thread = dp_thread_of(poll);

	if (!thread->queue->execution)
		client_of(thread)->arm(thread->queue);
}

uint32_t dp_returned(const struct cx_queue *queue, uint32_t drain)
{
	const struct cx_ring *ring = &queue->packets;
	uint32_t begin = ring->returned;
	uint32_t owned = dp_ring_distance(ring, drain, ring->posted);

	if (begin <= ring->mask && dp_ring_distance(ring, drain, begin) <= owned)
		return begin;
	queue->adapter->owner->client->bad_begin(queue, drain, begin, ring->posted);
}

void dp_note_waiting(struct dp_thread *thread, uint32_t held)
{
	uint64_t now = clock_ns();

	/* Rounds without a pause in between, for another queue's sake, count once a millisecond. */
	if (now - thread->waited_ns < NS_PER_MS)
		return;
	thread->waited_ns = now;
	thread->waited_ms++;
	if (thread->waited_ms == RETURN_WARN_MS)
		nt_log(thread->queue->adapter->name,
		       "%s: the driver still holds %u %s packets after %u ms",
		       client_of(thread)->cancel_name, held, cx_queue_direction(thread->queue),
		       thread->waited_ms);
	if (thread->waited_ms < RETURN_GIVE_UP_MS)
		return;
	client_of(thread)->kept_packets(thread->queue, held, RETURN_GIVE_UP_MS / 1000);
}
