/* SPDX-License-Identifier: MIT */
#include "test/edge.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "test/sum.h"

#define ADDRESSES 12u /* bytes, in front of a tag */
#define TAG       4u

static void append(struct test_list *list, struct test_frame *frame)
{
	frame->next = NULL;
	*list->end = frame;
	list->end = &frame->next;
	list->count++;
}

static struct test_frame *remove_first(struct test_list *list)
{
	struct test_frame *frame = list->first;

	if (!frame)
		return NULL;
	list->first = frame->next;
	list->count--;
	if (!list->first)
		list->end = &list->first;
	return frame;
}

static void forget(struct test_list *list)
{
	struct test_frame *frame;

	while ((frame = remove_first(list)))
		free(frame);
}

static void edge_free(struct edge *base)
{
	struct test_edge *edge = (struct test_edge *)base;

	forget(&edge->in);
	forget(&edge->out);
	forget(&edge->told);
	pthread_cond_destroy(&edge->changed);
	pthread_mutex_destroy(&edge->lock);
	close(base->fd);
	free(edge);
}

/* The descriptor is readable once for each frame. */
static ssize_t receive(struct edge *base, const struct iovec *iov, int count,
		       struct frame_meta *meta)
{
	struct test_edge *edge = (struct test_edge *)base;
	struct test_frame *frame;
	uint64_t one;
	size_t length;

	if (read(base->fd, &one, sizeof(one)) < 0)
		return 0;
	pthread_mutex_lock(&edge->lock);
	frame = remove_first(&edge->in);
	pthread_mutex_unlock(&edge->lock);
	*meta = frame->meta;
	length = frame_write(iov, count, 0, frame->bytes, frame->length);
	free(frame);
	return (ssize_t)length;
}

static struct test_frame *copy_of(size_t length, const struct frame_meta *meta)
{
	struct test_frame *frame = malloc(sizeof(*frame) + length);

	if (!frame)
		return NULL;
	frame->length = length;
	frame->meta = *meta;
	return frame;
}

/* Under the lock. */
static void wait_while_held(struct test_edge *edge)
{
	if (!edge->holds)
		return;
	edge->waiting++;
	pthread_cond_broadcast(&edge->changed);
	while (edge->holds)
		pthread_cond_wait(&edge->changed, &edge->lock);
	edge->waiting--;
}

static int send_frames(struct edge *base, const struct frame *frames, int count)
{
	struct test_edge *edge = (struct test_edge *)base;
	int taken = 0;

	pthread_mutex_lock(&edge->lock);
	wait_while_held(edge);
	for (; taken < count; taken++) {
		const struct frame *from = &frames[taken];
		size_t length = frame_length(from->iov, from->count);
		struct test_frame *frame = copy_of(length, &from->meta);

		if (!frame)
			break;
		frame_read(from->iov, from->count, 0, frame->bytes, length);
		append(&edge->out, frame);
	}
	pthread_cond_broadcast(&edge->changed);
	pthread_mutex_unlock(&edge->lock);
	return taken;
}

static const struct edge_ops ops = {
	.close = edge_free,
	.receive = receive,
	.send = send_frames,
};

struct test_edge *test_edge_create(const char *name, bool super_packets)
{
	struct test_edge *edge = calloc(1, sizeof(*edge));
	pthread_condattr_t monotonic;

	if (!edge)
		return NULL;
	edge->edge.fd = eventfd(0, EFD_NONBLOCK | EFD_SEMAPHORE | EFD_CLOEXEC);
	if (edge->edge.fd < 0) {
		free(edge);
		return NULL;
	}
	edge->edge.ops = &ops;
	edge->edge.change_fd = -1;
	edge->edge.super_packets = edge->edge.super_udp = super_packets;
	snprintf(edge->edge.name, sizeof(edge->edge.name), "%s", name);
	edge->in.end = &edge->in.first;
	edge->out.end = &edge->out.first;
	edge->told.end = &edge->told.first;
	pthread_mutex_init(&edge->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&edge->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return edge;
}

bool test_edge_put(struct test_edge *edge, const void *bytes, size_t length,
		   const struct frame_meta *meta)
{
	struct test_frame *frame = copy_of(length, meta);
	const uint64_t one = 1;

	if (!frame)
		return false;
	memcpy(frame->bytes, bytes, length);
	pthread_mutex_lock(&edge->lock);
	append(&edge->in, frame);
	pthread_mutex_unlock(&edge->lock);
	return write(edge->edge.fd, &one, sizeof(one)) == sizeof(one);
}

bool test_edge_put_all(struct test_edge *edge, const struct iovec *frames, size_t count)
{
	const struct frame_meta nothing = { 0 };
	uint64_t put = 0;

	pthread_mutex_lock(&edge->lock);
	for (; put < count; put++) {
		struct test_frame *frame = copy_of(frames[put].iov_len, &nothing);

		if (!frame)
			break;
		memcpy(frame->bytes, frames[put].iov_base, frame->length);
		append(&edge->in, frame);
	}
	pthread_mutex_unlock(&edge->lock);
	return put == count && write(edge->edge.fd, &put, sizeof(put)) == sizeof(put);
}

static struct timespec in(unsigned timeout_ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
	until.tv_sec += timeout_ms / 1000 + until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	return until;
}

void test_edge_hold(struct test_edge *edge, bool hold)
{
	pthread_mutex_lock(&edge->lock);
	edge->holds = hold;
	pthread_cond_broadcast(&edge->changed);
	pthread_mutex_unlock(&edge->lock);
}

bool test_edge_await_held(struct test_edge *edge, unsigned timeout_ms)
{
	struct timespec until = in(timeout_ms);
	bool held;

	pthread_mutex_lock(&edge->lock);
	while (!edge->waiting && timeout_ms) {
		if (pthread_cond_timedwait(&edge->changed, &edge->lock, &until) == ETIMEDOUT)
			timeout_ms = 0;
	}
	held = edge->waiting;
	pthread_mutex_unlock(&edge->lock);
	return held;
}

static struct test_frame *take(struct test_edge *edge, struct test_list *list, unsigned timeout_ms)
{
	struct timespec until = in(timeout_ms);
	struct test_frame *frame;

	pthread_mutex_lock(&edge->lock);
	while (!(frame = remove_first(list)) && timeout_ms) {
		if (pthread_cond_timedwait(&edge->changed, &edge->lock, &until) == ETIMEDOUT)
			timeout_ms = 0;
	}
	pthread_mutex_unlock(&edge->lock);
	return frame;
}

struct test_frame *test_edge_take(struct test_edge *edge, unsigned timeout_ms)
{
	return take(edge, &edge->out, timeout_ms);
}

struct test_frame *test_edge_told(struct test_edge *edge, unsigned timeout_ms)
{
	return take(edge, &edge->told, timeout_ms);
}

/* The bytes, with the tag in front of the type. */
static void read_packet(struct test_frame *frame, const struct cx_rx_packet *packet, size_t tag)
{
	size_t front = tag ? ADDRESSES : 0;

	frame_read(packet->iov, packet->count, 0, frame->bytes, front);
	if (tag) {
		put16(frame->bytes + front, 0x8100);
		put16(frame->bytes + front + 2,
		      (packet->tag.priority & 7u) << 13 | (packet->tag.vlan & 0xFFFu));
	}
	frame_read(packet->iov, packet->count, front, frame->bytes + front + tag,
		   frame->length - front - tag);
}

void test_edge_hear(void *context, unsigned queue, const struct cx_rx_packet *packet)
{
	const struct frame_meta nothing = { 0 };
	size_t length = frame_length(packet->iov, packet->count);
	size_t tag = packet->tag.actions && length >= ADDRESSES ? TAG : 0;
	struct test_edge *edge = context;
	struct test_frame *frame = copy_of(length + tag, &nothing);

	if (!frame)
		return;
	read_packet(frame, packet, tag);
	frame->said = (struct test_said){ .queue = queue,
					  .checksum = packet->checksum,
					  .coalesced = packet->coalesced,
					  .hash = packet->hash,
					  .hash_protocols = packet->hash_protocols };
	pthread_mutex_lock(&edge->lock);
	append(&edge->told, frame);
	pthread_cond_broadcast(&edge->changed);
	pthread_mutex_unlock(&edge->lock);
}

size_t test_edge_waiting(struct test_edge *edge)
{
	size_t count;

	pthread_mutex_lock(&edge->lock);
	count = edge->in.count;
	pthread_mutex_unlock(&edge->lock);
	return count;
}

void test_edge_forget(struct test_edge *edge)
{
	pthread_mutex_lock(&edge->lock);
	forget(&edge->out);
	pthread_mutex_unlock(&edge->lock);
}
