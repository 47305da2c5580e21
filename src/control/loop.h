/* SPDX-License-Identifier: MIT */
/* The main thread's event loop: epoll over sources that each know what to do. */
#ifndef CONTROL_LOOP_H
#define CONTROL_LOOP_H

#include <stdint.h>

/* One descriptor. Owned by who embeds it; stays where it is while it is in the loop. */
struct loop_source {
	int fd;
	void (*ready)(struct loop_source *source, uint32_t events); /* EPOLLIN ... */
	void *context;
};

struct loop {
	int epoll;
};

/* loop_init() - Return: 0 or -errno. */
int loop_init(struct loop *loop);
void loop_destroy(struct loop *loop);

/* loop_add(), loop_modify() - Return: 0 or -errno; @events of epoll_ctl(2). */
int loop_add(struct loop *loop, struct loop_source *source, uint32_t events);
int loop_modify(struct loop *loop, struct loop_source *source, uint32_t events);

/* loop_remove() - a source may remove itself, or any other, inside ready(). */
void loop_remove(struct loop *loop, struct loop_source *source);

/* loop_once() - wait and serve one source. @timeout_ms -1: for ever. Return: 1, 0 on timeout. */
int loop_once(struct loop *loop, int timeout_ms);

#endif
