/* SPDX-License-Identifier: MIT */
/* The edge with nothing behind it: swallows what it is sent, never receives. */
#include <stdlib.h>

#include "edge/private.h"
#include "frame/frame.h"

static void null_close(struct edge *edge)
{
	free(edge);
}

static ssize_t null_receive(struct edge *edge, const struct iovec *iov, int count,
			    struct frame_meta *meta)
{
	*meta = (struct frame_meta){ 0 };
	return 0;
}

int edge_swallow(struct edge *edge, const struct frame *frames, int count)
{
	struct edge_sent sent = { 0 };

	for (int i = 0; i < count; i++)
		edge_sent_frame(&sent, frame_length(frames[i].iov, frames[i].count),
				frames[i].meta.mss != 0);
	edge_count_sent(edge, &sent);
	return count;
}

static const struct edge_ops null_ops = {
	.close = null_close,
	.receive = null_receive,
	.send = edge_swallow,
};

struct edge *edge_null_open(const char *argument, const struct edge_config *config,
			    struct error *error)
{
	struct edge *edge = calloc(1, sizeof(*edge));

	if (!edge)
		return error_set(error, "out of memory");
	edge->ops = &null_ops;
	edge->fd = -1;
	edge->change_fd = -1;
	return edge;
}
