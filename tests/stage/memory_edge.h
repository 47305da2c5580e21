/* SPDX-License-Identifier: MIT */
/* A stack edge that is memory: the test is the stack. */
#ifndef TESTS_STAGE_MEMORY_EDGE_H
#define TESTS_STAGE_MEMORY_EDGE_H

#include "edge/edge.h"
#include "frame_store.h"

#define MEMORY_QUEUES 4

/* A queue from which one thread receives. */
struct memory_queue {
	int fd;
	struct frame_store in; /* what the stack sends */
};

struct memory_edge {
	struct edge edge;
	struct frame_store in;                       /* what the stack sends, by queue 0 */
	struct frame_store out;                      /* what it has received */
	struct memory_queue *further[MEMORY_QUEUES]; /* from 1 on; made when first asked for */
	unsigned queues;                             /* that it says to have; 0: one */
	_Atomic unsigned sends;                      /* calls of send() */
	_Atomic bool ended; /* once all is taken, a finite one has no more */
};

void memory_edge_init(struct memory_edge *edge);
void memory_edge_destroy(struct memory_edge *edge);

/*
 * memory_edge_put() - the stack sends a frame, which is copied. One thread; it waits while there
 * is no room.
 */
void memory_edge_put(struct memory_edge *edge, const void *frame, size_t length,
		     struct frame_meta meta);

/* memory_edge_put_queue() - the same, by one of its queues */
void memory_edge_put_queue(struct memory_edge *edge, unsigned queue, const void *frame,
			   size_t length, struct frame_meta meta);

/* memory_edge_end() - a finite one: what has been put is all */
void memory_edge_end(struct memory_edge *edge);

#endif
