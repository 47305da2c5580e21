/* SPDX-License-Identifier: MIT */
/* Restarts of the adapter under test, as an administrator's, with patience for the driver. */
#include <errno.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "test/bench.h"
#include "test/test.h"

#define SOON_MS  30u  /* until the next frame is tried */
#define GRACE_MS 500u /* behind the datapath's own word about packets that are held */

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

static bool is_done(struct restart *r, unsigned patience_ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += patience_ms / 1000;
	until.tv_nsec += (long)(patience_ms % 1000) * (long)NS_PER_MS;
	if (until.tv_nsec >= (long)NS_PER_S) {
		until.tv_nsec -= (long)NS_PER_S;
		until.tv_sec++;
	}
	while (sem_clockwait(&r->done, CLOCK_MONOTONIC, &until)) {
		if (errno != EINTR)
			return false;
	}
	return true;
}

/* A callback that does not return has ended the process before: the host watches them. */
static _Noreturn void fail_stuck(struct bench *b)
{
	char held[sizeof(b->held)];

	pthread_mutex_lock(&b->held_lock);
	memcpy(held, b->held, sizeof(held));
	pthread_mutex_unlock(&b->held_lock);
	bench_fail(b, RULE_BuffersComeBack,
		   "a restart has not ended after %u ms, and no callback runs%s%s",
		   bench_start_patience(b) + GRACE_MS, *held ? ": " : "", held);
}

void bench_restart(struct bench *b, bool whole)
{
	struct restart r = { .bench = b, .whole = whole };
	pthread_t thread;

	sem_init(&r.done, 0, 0);
	if (pthread_create(&thread, NULL, wait_for_worker, &r))
		bench_fail(b, RULE_DriverStarts, "no thread for a restart");
	if (!is_done(&r, bench_start_patience(b) + GRACE_MS))
		fail_stuck(b);
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
