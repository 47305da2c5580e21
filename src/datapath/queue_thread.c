/* SPDX-License-Identifier: MIT */
/*
 * The thread of a packet queue: sleeping and waking, and the calls of the client's callbacks.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "cx/client.h"
#include "datapath/private.h"
#include "nt/deadlock.h"

/* A pause that no returned packet has ended for so long would hang Windows for good. */
#define RETURN_WARN_MS    2000u
#define RETURN_GIVE_UP_MS 10000u

void dp_thread_wake(struct dp_thread *thread)
{
	uint64_t one = 1;

	/* EAGAIN means that the counter is full: the sleeper will wake all the same. */
	if (write(thread->wake_fd, &one, sizeof(one)) < 0 && errno != EAGAIN)
		nt_log("", "datapath: eventfd: errno %d", errno);
}

/* NetTx/RxQueueNotifyMore...: any thread at any IRQL. */
static void on_notify(void *context)
{
	struct dp_thread *thread = context;

	count_shared(thread->notifies, 1);
	atomic_store(&thread->notified, true);
	if (atomic_load(&thread->sleeping))
		dp_thread_wake(thread);
}

int dp_thread_init(struct dp_thread *thread, struct dp *dp, struct cx_queue *queue,
		   counter *notifies)
{
	*thread = (struct dp_thread){ .dp = dp, .queue = queue, .notifies = notifies };
	thread->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (thread->wake_fd < 0)
		return -errno;
	queue->notify_context = thread;
	queue->notify = on_notify;
	return 0;
}

void dp_thread_destroy(struct dp_thread *thread)
{
	if (thread->wake_fd >= 0)
		close(thread->wake_fd);
}

int dp_thread_start(struct dp_thread *thread, void *(*body)(void *), void *context)
{
	const struct cx_queue *queue = thread->queue;
	char name[16];
	int error;

	atomic_store(&thread->notified, false);
	atomic_store(&thread->stopping, false);
	thread->armed = false;
	thread->self = NULL;
	error = pthread_create(&thread->thread, NULL, body, context);
	if (error)
		return -error;
	thread->running = true;
	snprintf(name, sizeof(name), "netcx-%s%u", queue->kind == CX_QUEUE_TX ? "tx" : "rx",
		 queue->id);
	pthread_setname_np(thread->thread, name);
	return 0;
}

void dp_thread_ask_to_stop(struct dp_thread *thread)
{
	if (!thread->running)
		return;
	atomic_store(&thread->stopping, true);
	dp_thread_wake(thread);
}

void dp_thread_join(struct dp_thread *thread)
{
	int error;

	if (!thread->running)
		return;
	/* The queue's callbacks may wait for whoever stops the queue. */
	do {
		const struct timespec until = clock_timespec(clock_wall_ns() + NT_WAITS_NS);

		error = pthread_timedjoin_np(thread->thread, NULL, &until);
		if (error)
			nt_waits_for(thread->self, "the stop of a packet queue");
	} while (error);
	nt_waits_over();
	thread->running = false;
}

void dp_thread_begin_round(struct dp_thread *thread)
{
	if (atomic_exchange(&thread->notified, false))
		thread->armed = false;
}

void dp_thread_sleep(struct dp_thread *thread, int fd, int timeout_ms)
{
	struct pollfd fds[2] = { { .fd = thread->wake_fd, .events = POLLIN },
				 { .fd = fd, .events = POLLIN } };
	uint64_t count;

	atomic_store(&thread->sleeping, true);
	if (!atomic_load(&thread->notified) && !atomic_load(&thread->stopping))
		poll(fds, fd < 0 ? 1 : 2, timeout_ms);
	atomic_store(&thread->sleeping, false);
	if (fds[0].revents && read(thread->wake_fd, &count, sizeof(count)) < 0 && errno != EAGAIN)
		nt_log("", "datapath: eventfd: errno %d", errno);
	/* Woken by whatever: the armed period is over, without a call with FALSE (1809). */
	atomic_store(&thread->notified, false);
	thread->armed = false;
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
	client_of(thread)->advance(thread->queue);
	count_add(count, 1);
}

void dp_call_arm(struct dp_thread *thread)
{
	thread->armed = true;
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

void dp_wait_for_return(struct dp_thread *thread, unsigned *waited_ms, uint32_t held)
{
	dp_thread_sleep(thread, -1, 1);
	if (!atomic_load(&thread->notified))
		usleep(1000); /* sleep does not wait while stopping is set */
	(*waited_ms)++;
	if (*waited_ms == RETURN_WARN_MS)
		nt_log(thread->queue->adapter->name,
		       "%s: the driver still holds %u %s packets after %u ms",
		       client_of(thread)->cancel_name, held, cx_queue_direction(thread->queue),
		       *waited_ms);
	if (*waited_ms < RETURN_GIVE_UP_MS)
		return;
	client_of(thread)->kept_packets(thread->queue, held, RETURN_GIVE_UP_MS / 1000);
}
