/* SPDX-License-Identifier: MIT */
#include "memory_edge.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "test.h"

#define PATIENCE_MS 10000

/* The descriptor is readable once for each frame, and for the end. */
static ssize_t take_from(struct memory_edge *edge, int fd, struct frame_store *in,
			 const struct iovec *iov, int count, struct frame_meta *meta)
{
	uint64_t one;

	if (read(fd, &one, sizeof(one)) < 0)
		return 0;
	if (edge->ended && !frame_store_left(in))
		return -ENODATA;
	return (ssize_t)frame_store_take(in, iov, count, meta);
}

static ssize_t take(struct edge *base, const struct iovec *iov, int count, struct frame_meta *meta)
{
	struct memory_edge *edge = (struct memory_edge *)base;

	return take_from(edge, base->fd, &edge->in, iov, count, meta);
}

static ssize_t take_queue(struct edge *base, unsigned queue, const struct iovec *iov, int count,
			  struct frame_meta *meta)
{
	struct memory_edge *edge = (struct memory_edge *)base;
	struct memory_queue *q = edge->further[queue];

	return take_from(edge, q->fd, &q->in, iov, count, meta);
}

static int queue_fd(const struct edge *base, unsigned queue)
{
	return ((const struct memory_edge *)base)->further[queue]->fd;
}

static int make_fd(void)
{
	int fd = eventfd(0, EFD_NONBLOCK | EFD_SEMAPHORE | EFD_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

static unsigned set_queues(struct edge *base, unsigned count)
{
	struct memory_edge *edge = (struct memory_edge *)base;

	if (count > edge->queues)
		count = edge->queues ? edge->queues : 1;
	for (unsigned i = 1; i < count; i++) {
		if (edge->further[i])
			continue;
		edge->further[i] = calloc(1, sizeof(*edge->further[i]));
		assert_non_null(edge->further[i]);
		edge->further[i]->fd = make_fd();
		frame_store_init(&edge->further[i]->in);
	}
	return count;
}

static int put(struct edge *base, const struct frame *frames, int count)
{
	struct memory_edge *edge = (struct memory_edge *)base;

	edge->sends++;
	for (int i = 0; i < count; i++)
		frame_store_add(&edge->out, frames[i].iov, frames[i].count, &frames[i].meta);
	return count;
}

static const struct edge_ops ops = { .receive = take,
				     .receive_queue = take_queue,
				     .queue_fd = queue_fd,
				     .set_queues = set_queues,
				     .send = put };

void memory_edge_init(struct memory_edge *edge)
{
	memset(edge, 0, sizeof(*edge));
	frame_store_init(&edge->in);
	frame_store_init(&edge->out);
	edge->edge.ops = &ops;
	edge->edge.fd = make_fd();
	edge->edge.change_fd = -1;
	strcpy(edge->edge.name, "memory");
}

void memory_edge_destroy(struct memory_edge *edge)
{
	close(edge->edge.fd);
	frame_store_destroy(&edge->in);
	frame_store_destroy(&edge->out);
	for (unsigned i = 1; i < MEMORY_QUEUES; i++) {
		if (!edge->further[i])
			continue;
		close(edge->further[i]->fd);
		frame_store_destroy(&edge->further[i]->in);
		free(edge->further[i]);
	}
}

static void tell(int fd)
{
	uint64_t one = 1;

	assert_int_equal(write(fd, &one, sizeof(one)), sizeof(one));
}

void memory_edge_put_queue(struct memory_edge *edge, unsigned queue, const void *frame,
			   size_t length, struct frame_meta meta)
{
	struct iovec iov = { .iov_base = (void *)frame, .iov_len = length };
	struct frame_store *in = queue ? &edge->further[queue]->in : &edge->in;

	for (int i = 0; !frame_store_add(in, &iov, 1, &meta); i++) {
		assert_in_range(i, 0, PATIENCE_MS);
		usleep(1000);
	}
	tell(queue ? edge->further[queue]->fd : edge->edge.fd);
}

void memory_edge_put(struct memory_edge *edge, const void *frame, size_t length,
		     struct frame_meta meta)
{
	memory_edge_put_queue(edge, 0, frame, length, meta);
}

void memory_edge_end(struct memory_edge *edge)
{
	edge->ended = true;
	tell(edge->edge.fd);
}
