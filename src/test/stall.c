/* SPDX-License-Identifier: MIT */
/* A receiver that takes nothing for a while: what its peer does is what it does without room. */
#include <unistd.h>

#include "base/clock.h"
#include "test/bench.h"

#define LOOK_US 500

/* A small frame is on its way to the edge, so that a thread of the adapter's is held there. */
void bench_stall(struct bench *b, struct test_edge *edge)
{
	test_edge_hold(edge, true);
	if (edge == b->wire)
		bench_marker(b);
	else
		bench_receive_marker(b);
	if (!test_edge_await_held(edge, bench_patience(b)))
		bench_fail(b, edge == b->wire ? RULE_PacketsAreSent : RULE_FramesArrive,
			   "nothing reaches the %s for %u ms", edge->edge.name, bench_patience(b));
}

static enum dp_rest rest_of(struct nic *nic)
{
	enum dp_rest rest;

	pthread_mutex_lock(&nic->lock);
	rest = dp_tx_state(nic->first.dp, 0).rest;
	pthread_mutex_unlock(&nic->lock);
	return rest;
}

/* Frames that are there wake the queue's thread: when they are gone it has not slept since. */
static bool has_tried(struct nic *sender, struct test_edge *from)
{
	bool taken = !test_edge_waiting(from);
	enum dp_rest rest = rest_of(sender);

	return rest == DP_WAITS_FOR_ROOM || (taken && rest == DP_WAITS_FOR_FRAMES);
}

void bench_await_tried(struct bench *b, struct nic *sender, struct test_edge *from)
{
	uint64_t until = clock_ns() + bench_start_patience(b) * NS_PER_MS;

	while (!has_tried(sender, from)) {
		if (clock_ns() > until)
			bench_fail(b, RULE_PacketsAreSent,
				   "%zu frames are not read, and their queue never rests for %u ms",
				   test_edge_waiting(from), bench_start_patience(b));
		usleep(LOOK_US);
	}
}

void bench_go_on(struct test_edge *edge)
{
	test_edge_hold(edge, false);
}
