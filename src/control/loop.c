/* SPDX-License-Identifier: MIT */
#include "control/loop.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

int loop_init(struct loop *loop)
{
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	return loop->epoll < 0 ? -errno : 0;
}

void loop_destroy(struct loop *loop)
{
	if (loop->epoll >= 0)
		close(loop->epoll);
	loop->epoll = -1;
}

static int control(struct loop *loop, int what, struct loop_source *source, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = source };

	return epoll_ctl(loop->epoll, what, source->fd, &event) < 0 ? -errno : 0;
}

int loop_add(struct loop *loop, struct loop_source *source, uint32_t events)
{
	return control(loop, EPOLL_CTL_ADD, source, events);
}

int loop_modify(struct loop *loop, struct loop_source *source, uint32_t events)
{
	return control(loop, EPOLL_CTL_MOD, source, events);
}

void loop_remove(struct loop *loop, struct loop_source *source)
{
	control(loop, EPOLL_CTL_DEL, source, 0);
}

int loop_once(struct loop *loop, int timeout_ms)
{
	/* One at a time: what a source removes cannot be among events already fetched. */
	struct epoll_event event;
	struct loop_source *source;
	int n = epoll_wait(loop->epoll, &event, 1, timeout_ms);

	if (n <= 0)
		return n < 0 && errno == EINTR ? 1 : 0;
	source = event.data.ptr;
	source->ready(source, event.events);
	return 1;
}
