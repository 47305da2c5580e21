/* SPDX-License-Identifier: MIT */
#include "memory_edge.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include "test.h"

#define PATIENCE_MS 10000

/* The descriptor is readable once for each frame. */
static ssize_t take(struct edge *base, const struct iovec *iov, int count, struct frame_meta *meta)
{
	struct memory_edge *edge = (struct memory_edge *)base;
	uint64_t one;

	if (read(base->fd, &one, sizeof(one)) < 0)
		return 0;
	return (ssize_t)frame_store_take(&edge->in, iov, count, meta);
}

static int put(struct edge *base, const struct frame *frames, int count)
{
	struct memory_edge *edge = (struct memory_edge *)base;

	for (int i = 0; i < count; i++)
		frame_store_add(&edge->out, frames[i].iov, frames[i].count, &frames[i].meta);
	return count;
}

static const struct edge_ops ops = { .receive = take, .send = put };

void memory_edge_init(struct memory_edge *edge)
{
	memset(edge, 0, sizeof(*edge));
	frame_store_init(&edge->in);
	frame_store_init(&edge->out);
	edge->edge.ops = &ops;
	edge->edge.fd = eventfd(0, EFD_NONBLOCK | EFD_SEMAPHORE | EFD_CLOEXEC);
	assert_true(edge->edge.fd >= 0);
	edge->edge.change_fd = -1;
	strcpy(edge->edge.name, "memory");
}

void memory_edge_destroy(struct memory_edge *edge)
{
	close(edge->edge.fd);
	frame_store_destroy(&edge->in);
	frame_store_destroy(&edge->out);
}

void memory_edge_put(struct memory_edge *edge, const void *frame, size_t length,
		     struct frame_meta meta)
{
	struct iovec iov = { .iov_base = (void *)frame, .iov_len = length };
	uint64_t one = 1;

	for (int i = 0; !frame_store_add(&edge->in, &iov, 1, &meta); i++) {
		assert_in_range(i, 0, PATIENCE_MS);
		usleep(1000);
	}
	assert_int_equal(write(edge->edge.fd, &one, sizeof(one)), sizeof(one));
}
