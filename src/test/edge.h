/* SPDX-License-Identifier: MIT */
/*
 * An edge in memory: the stack's side or the wire's of an adapter under test. What is put into it
 * goes to the adapter, what the adapter sends is kept, in order, until it is taken.
 */
#ifndef TEST_EDGE_H
#define TEST_EDGE_H

#include <pthread.h>

#include "edge/edge.h"

/* A frame in a list. Freed by who takes it out. */
struct test_frame {
	struct test_frame *next;
	struct frame_meta meta;
	size_t length;
	uint8_t bytes[];
};

struct test_list {
	struct test_frame *first, **end;
};

/* The host's, once it was given to it, which closes it; its lists are good until then. */
struct test_edge {
	struct edge edge; /* the first member */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct test_list in, out; /* to the adapter, from it */
};

/*
 * test_edge_create() - a new one. @name: for messages. NULL: no memory, no descriptors.
 * @super_packets: it takes and gives TCP's and UDP's
 */
struct test_edge *test_edge_create(const char *name, bool super_packets);

/* test_edge_put() - a frame for the adapter, which is copied. Return: false: no memory. */
bool test_edge_put(struct test_edge *edge, const void *bytes, size_t length,
		   const struct frame_meta *meta);

/*
 * test_edge_take() - the oldest frame that the adapter has sent, the caller's from now on
 * @timeout_ms: to wait for one
 * Return: NULL: there was none.
 */
struct test_frame *test_edge_take(struct test_edge *edge, unsigned timeout_ms);

/* test_edge_forget() - what the adapter has sent so far */
void test_edge_forget(struct test_edge *edge);

#endif
