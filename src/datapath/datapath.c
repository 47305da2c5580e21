/* SPDX-License-Identifier: MIT */
/* One adapter's datapath: queues made, run, paused, deleted, in the order of 1809. */
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include "datapath/private.h"

#define LIMIT_POLL_US 200

struct dp *dp_create(const struct dp_config *config)
{
	struct dp *dp = calloc(1, sizeof(*dp));

	if (!dp)
		return NULL;
	dp->config = *config;
	return dp;
}

void dp_destroy(struct dp *dp)
{
	if (!dp)
		return;
	dp_stop(dp);
	dp_queues_destroy(dp);
	free(dp);
}

/*
 * dp_queues_create() - transmit queue 0, then receive queue 0
 * Return: the first failure's status; then nothing is left behind.
 */
NTSTATUS dp_queues_create(struct dp *dp, struct cx_adapter *adapter)
{
	NTSTATUS status;

	dp->adapter = adapter;
	status = dp_tx_create(dp, &dp->tx);
	if (NT_SUCCESS(status))
		status = dp_rx_create(dp, &dp->rx);
	if (!NT_SUCCESS(status))
		dp_queues_destroy(dp);
	return status;
}

/* dp_queues_destroy() - transmit queue objects go first, then receive. */
void dp_queues_destroy(struct dp *dp)
{
	if (dp->tx)
		dp_tx_destroy(dp->tx);
	if (dp->rx)
		dp_rx_destroy(dp->rx);
	dp->tx = NULL;
	dp->rx = NULL;
	dp->adapter = NULL;
}

/* dp_start() - the transmit thread starts first, then the receive thread. */
NTSTATUS dp_start(struct dp *dp)
{
	int error;

	if (dp->running || !dp->tx)
		return STATUS_SUCCESS;
	error = dp_thread_start(&dp->tx->thread, dp, dp->tx->queue, dp_tx_body, dp->tx);
	if (!error)
		error = dp_thread_start(&dp->rx->thread, dp, dp->rx->queue, dp_rx_body, dp->rx);
	dp->running = true;
	if (!error)
		return STATUS_SUCCESS;
	nt_log(dp->adapter->name, "datapath: no thread for a packet queue: errno %d", -error);
	dp_stop(dp);
	return STATUS_INSUFFICIENT_RESOURCES;
}

/*
 * dp_stop() - pause: transmit is cancelled and waited for, then receive
 * On return the driver has returned every packet and both EvtStop have run.
 */
void dp_stop(struct dp *dp)
{
	if (!dp->running)
		return;
	dp_thread_stop(&dp->tx->thread);
	dp_thread_stop(&dp->rx->thread);
	dp->running = false;
}

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void dp_limit_lso(struct dp *dp, bool ipv4, bool ipv6, int timeout_ms)
{
	uint32_t limit = (ipv4 ? 0 : CX_ACTIVE_LSO_IPV4) | (ipv6 ? 0 : CX_ACTIVE_LSO_IPV6);
	uint64_t deadline = now_ms() + (uint64_t)timeout_ms, generation;
	uint32_t before = atomic_exchange(&dp->limit, limit);

	generation = atomic_fetch_add(&dp->limit_generation, 1) + 1;
	if (!dp->running || !(limit & ~before))
		return;
	dp_thread_wake(&dp->tx->thread);
	while (atomic_load(&dp->tx->limit_seen) < generation ||
	       atomic_load(&dp->tx->lso_in_flight)) {
		struct timespec pause = { .tv_nsec = LIMIT_POLL_US * 1000 };

		if (now_ms() >= deadline)
			return;
		nanosleep(&pause, NULL);
	}
}

void dp_counters(const struct dp *dp, struct dp_counters *counters)
{
	const uint64_t *from = (const uint64_t *)&dp->counters;
	uint64_t *to = (uint64_t *)counters;

	for (size_t i = 0; i < sizeof(*counters) / sizeof(*to); i++)
		to[i] = __atomic_load_n(&from[i], __ATOMIC_RELAXED);
}

void dp_rings(const struct dp *dp, struct dp_rings *rings)
{
	*rings = (struct dp_rings){ 0 };
	if (dp->tx) {
		rings->tx_packets = dp->tx->queue->packets->NumberOfElements;
		rings->tx_fragments = dp->tx->queue->fragments->NumberOfElements;
	}
	if (dp->rx) {
		rings->rx_packets = dp->rx->queue->packets->NumberOfElements;
		rings->rx_fragments = dp->rx->queue->fragments->NumberOfElements;
	}
}
