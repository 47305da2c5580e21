/* SPDX-License-Identifier: MIT */
/* A stack edge that is memory: the test is the stack. */
#ifndef TESTS_STAGE_MEMORY_EDGE_H
#define TESTS_STAGE_MEMORY_EDGE_H

#include "edge/edge.h"
#include "frame_store.h"

struct memory_edge {
	struct edge edge;
	struct frame_store in;  /* what the stack sends */
	struct frame_store out; /* what it has received */
};

void memory_edge_init(struct memory_edge *edge);
void memory_edge_destroy(struct memory_edge *edge);

/*
 * memory_edge_put() - the stack sends a frame, which is copied. One thread; it waits while there
 * is no room.
 */
void memory_edge_put(struct memory_edge *edge, const void *frame, size_t length,
		     struct frame_meta meta);

#endif
