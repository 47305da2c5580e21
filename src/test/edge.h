/* SPDX-License-Identifier: MIT */
/*
 * An edge in memory: the stack's side or the wire's of an adapter under test. What is put into it
 * goes to the adapter, what the adapter sends is kept, in order, until it is taken.
 */
#ifndef TEST_EDGE_H
#define TEST_EDGE_H

#include <pthread.h>

#include "cx/packet.h"
#include "edge/edge.h"

/* What the driver says of a received packet beside its bytes. */
struct test_said {
	unsigned queue; /* it came on */
	enum cx_rx_checksum checksum;
	struct cx_coalesced coalesced;
	uint32_t hash;
	uint16_t hash_protocols; /* CX_HASH_*; 0: no hash */
};

/* A frame in a list. Freed by who takes it out. */
struct test_frame {
	struct test_frame *next;
	struct frame_meta meta;
	struct test_said said; /* of test_edge_told() */
	size_t length;
	uint8_t bytes[];
};

struct test_list {
	struct test_frame *first, **end;
	size_t count;
};

/* The host's, once it was given to it, which closes it; its lists are good until then. */
struct test_edge {
	struct edge edge; /* the first member */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct test_list in, out; /* to the adapter, from it */
	struct test_list told;    /* received packets as the driver has them */
	bool holds;               /* under the lock: what is sent waits in its sender's thread */
	unsigned waiting;         /* under the lock: senders that wait */
};

/*
 * test_edge_create() - a new one. @name: for messages. NULL: no memory, no descriptors.
 * @super_packets: it takes and gives TCP's and UDP's
 */
struct test_edge *test_edge_create(const char *name, bool super_packets);

/*
 * test_edge_put() - a frame for the adapter, which is copied. Return: false: no memory.
 * test_edge_put_all() - several at once: whoever reads the edge finds all of them
 */
bool test_edge_put(struct test_edge *edge, const void *bytes, size_t length,
		   const struct frame_meta *meta);
bool test_edge_put_all(struct test_edge *edge, const struct iovec *frames, size_t count);

/*
 * test_edge_take() - the oldest frame that the adapter has sent, the caller's from now on
 * @timeout_ms: to wait for one
 * Return: NULL: there was none.
 */
struct test_frame *test_edge_take(struct test_edge *edge, unsigned timeout_ms);

/* test_edge_waiting() - frames that the adapter has not read yet */
size_t test_edge_waiting(struct test_edge *edge);

/*
 * test_edge_hold() - whoever sends to it from now on waits, or (@hold false) goes on
 * test_edge_await_held() - until somebody does. Return: false: nobody did for so long.
 */
void test_edge_hold(struct test_edge *edge, bool hold);
bool test_edge_await_held(struct test_edge *edge, unsigned timeout_ms);

/* test_edge_forget() - what the adapter has sent so far */
void test_edge_forget(struct test_edge *edge);

/*
 * test_edge_hear() - as dp_config.received, for a stack's @edge: the packet is kept
 * test_edge_told() - the oldest of those, as test_edge_take(); a tag that the driver has taken out
 *                    is in its place again
 */
void test_edge_hear(void *edge, unsigned queue, const struct cx_rx_packet *packet);
struct test_frame *test_edge_told(struct test_edge *edge, unsigned timeout_ms);

#endif
