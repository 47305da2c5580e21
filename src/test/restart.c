/* SPDX-License-Identifier: MIT */
/* Restarts of the adapter under test, as an administrator's, with patience for the driver. */
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "test/bench.h"
#include "test/test.h"

#define SOON_MS 30u  /* until the next frame is tried */
#define STEP_MS 100u /* until it is asked whether the datapath waits for packets */

/* One restart on the adapter's worker, which a thread of its own waits for. */
struct restart {
	struct bench *bench;
	bool whole;
	NTSTATUS status;
	struct error why;
	sem_t done;
};

static void restart_now(void *restart)
{
	struct restart *r = restart;

	r->status = nic_restart_by_user(r->bench->nic, !r->whole, &r->why);
}

static void *wait_for_worker(void *restart)
{
	struct restart *r = restart;

	bench_worker(r->bench, restart_now, r);
	sem_post(&r->done);
	return NULL;
}

/* What the datapath has said of packets that do not come back; empty: nothing yet. */
static void read_held(struct bench *b, char held[sizeof(b->held)])
{
	pthread_mutex_lock(&b->held_lock);
	memcpy(held, b->held, sizeof(b->held));
	pthread_mutex_unlock(&b->held_lock);
}

static void forget_held(struct bench *b)
{
	pthread_mutex_lock(&b->held_lock);
	*b->held = '\0';
	pthread_mutex_unlock(&b->held_lock);
}

/*
 * Once the datapath has said, after 2,000 rounds, what does not come back, that has the patience of
 * all that must come. What it says after 10,000, and the watchdog after a time of its own, would be
 * a matter of who is faster.
 * @most_ms: while nothing was said; 0: any time
 */
static void judge_wait(struct bench *b, uint64_t begun, unsigned most_ms, const char *what)
{
	unsigned ms = (unsigned)((clock_ns() - begun) / NS_PER_MS);
	char held[sizeof(b->held)];

	read_held(b, held);
	if (*held)
		most_ms = bench_patience(b);
	if (most_ms && ms >= most_ms)
		bench_fail(b, RULE_BuffersComeBack,
			   "a %s has not ended after %u ms, and no callback runs%s%s", what, ms,
			   *held ? ": " : "", held);
}

static struct timespec next_step(void)
{
	return clock_timespec(clock_ns() + STEP_MS * NS_PER_MS);
}

/* A callback that does not return has ended the process before: the host watches them. */
static void await(struct restart *r)
{
	uint64_t begun = clock_ns();
	struct timespec until;

	for (until = next_step(); sem_clockwait(&r->done, CLOCK_MONOTONIC, &until);
	     until = next_step())
		judge_wait(r->bench, begun, bench_start_patience(r->bench), "restart");
}

void bench_stop(struct bench *b)
{
	uint64_t begun = clock_ns();
	struct timespec until;

	forget_held(b);
	netcx_host_stop(b->host);
	for (until = next_step(); sem_clockwait(&b->end, CLOCK_MONOTONIC, &until);
	     until = next_step())
		judge_wait(b, begun, 0, "stop");
	/* Not pthread_clockjoin_np(), which gcc's thread sanitizer takes for no join. */
	pthread_join(b->thread, NULL);
	sem_destroy(&b->end);
}

void bench_restart(struct bench *b, bool whole)
{
	struct restart r = { .bench = b, .whole = whole };
	pthread_t thread;

	forget_held(b);
	sem_init(&r.done, 0, 0);
	if (pthread_create(&thread, NULL, wait_for_worker, &r))
		bench_fail(b, RULE_DriverStarts, "no thread for a restart");
	await(&r);
	pthread_join(thread, NULL);
	sem_destroy(&r.done);
	if (!NT_SUCCESS(r.status))
		bench_fail(b, RULE_DriverStarts, "after a stop it does not start again: %s",
			   r.why.text);
}

/* Queues start on threads of their own, and what comes before is lost: markers, until one arrives.
 */
static void await_way(struct bench *b, struct test_edge *to, void (*put)(struct bench *),
		      const char *where)
{
	uint64_t until = clock_ns() + bench_start_patience(b) * NS_PER_MS;
	uint16_t before = b->marker;

	do {
		if (clock_ns() > until)
			bench_fail(b, RULE_DriverStarts,
				   "after a restart nothing reaches the %s for %u ms", where,
				   bench_start_patience(b));
		put(b);
	} while (!bench_find_marker(b, to, (uint16_t)(before + 1), SOON_MS));
	/* Those of the markers that were late. */
	put(b);
	if (!bench_find_marker(b, to, b->marker, bench_start_patience(b)))
		bench_fail(b, RULE_FramesArrive, "a small frame is lost on its way to the %s",
			   where);
}

void bench_settle(struct bench *b)
{
	bench_await_ready(b, b->nic);
	if (b->peer)
		bench_await_ready(b, b->peer);
	bench_turn(b);
	await_way(b, b->stack, bench_receive_marker, "stack");
	bench_turn(b);
	if (!b->options->adapter.device && !b->peer)
		return;
	await_way(b, b->wire, bench_marker, "wire");
}
