/* SPDX-License-Identifier: MIT */
/* One adapter's datapath: queues made, run, paused, deleted, in the order of 1809. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "datapath/private.h"

static void init_limit(struct dp *dp)
{
	pthread_condattr_t monotonic;

	pthread_mutex_init(&dp->limit_lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&dp->limit_changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
}

struct dp *dp_create(const struct dp_config *config)
{
	struct dp *dp = aligned_alloc(_Alignof(struct dp), sizeof(*dp));

	if (!dp)
		return NULL;
	memset(dp, 0, sizeof(*dp));
	init_limit(dp);
	dp->config = *config;
	dp->watch = config->watch ? config->watch : &dp->unwatched;
	if (!dp->config.dma)
		dp->config.dma = &config->machine->dma;
	atomic_init(&dp->coalesce, true);
	dp_scatter(dp, config->tx_fragment_size, config->tx_fragment_size);
	dp->one_processor = cx_execution_on_one_processor();
	if (cx_execution_init(&dp->common, config->machine, "netcx-queues", NULL)) {
		dp_destroy(dp);
		return NULL;
	}
	return dp;
}

void dp_destroy(struct dp *dp)
{
	if (!dp)
		return;
	dp_stop(dp);
	dp_queues_destroy(dp);
	cx_execution_destroy(&dp->common);
	pthread_cond_destroy(&dp->limit_changed);
	pthread_mutex_destroy(&dp->limit_lock);
	free(dp);
}

/* How many transmit queues an adapter gets. */
static unsigned tx_queues(const struct dp *dp)
{
	const struct cx_tx_caps *caps = &dp->adapter->tx;
	unsigned most = caps->queues ? caps->queues : 1;
	unsigned wanted = caps->priorities       ? caps->priorities
			  : dp->config.tx_queues ? dp->config.tx_queues
						 : 1;

	if (most > wanted)
		most = wanted;
	return most < CX_TX_QUEUES ? most : CX_TX_QUEUES;
}

/* Each reads a queue of the stack edge, as far as it has some. */
static void share_out_stack(struct dp *dp)
{
	unsigned queues;

	dp->by_priority = dp->adapter->tx.priorities && dp->tx_count > 1;
	queues = edge_set_queues(dp->config.stack, dp->by_priority ? 1 : dp->tx_count);
	for (unsigned i = 0; i < queues; i++)
		dp->tx[i]->source = (int)i;
	if (queues < dp->tx_count && !dp->by_priority && *dp->config.stack->few)
		nt_log(dp->adapter->name, "%s feeds %u of %u transmit queues: %s",
		       dp->config.stack->name, queues, dp->tx_count, dp->config.stack->few);
}

static NTSTATUS create_tx(struct dp *dp)
{
	unsigned count = tx_queues(dp);
	NTSTATUS status = STATUS_SUCCESS;

	while (dp->tx_count < count && NT_SUCCESS(status)) {
		status = dp_tx_create(dp, dp->tx_count, &dp->tx[dp->tx_count]);
		dp->tx_count += NT_SUCCESS(status);
	}
	if (NT_SUCCESS(status))
		share_out_stack(dp);
	return status;
}

/*
 * dp_queues_create() - the transmit queues, then receive queue 0
 * Return: the first failure's status; then nothing is left behind.
 */
NTSTATUS dp_queues_create(struct dp *dp, struct cx_adapter *adapter)
{
	NTSTATUS status;

	dp->adapter = adapter;
	status = create_tx(dp);
	if (NT_SUCCESS(status))
		status = dp_rx_create(dp, 0, &dp->rx[0]);
	if (NT_SUCCESS(status))
		dp->rx_count = 1;
	else
		dp_queues_destroy(dp);
	return status;
}

NTSTATUS dp_scaling_create(struct dp *dp, unsigned queues)
{
	NTSTATUS status = STATUS_SUCCESS;

	while (dp->rx_count < queues && NT_SUCCESS(status)) {
		status = dp_rx_create(dp, dp->rx_count, &dp->rx[dp->rx_count]);
		dp->rx_count += NT_SUCCESS(status);
	}
	if (!NT_SUCCESS(status))
		dp_scaling_destroy(dp);
	return status;
}

void dp_scaling_destroy(struct dp *dp)
{
	for (unsigned i = 1; i < dp->rx_count; i++) {
		dp_rx_destroy(dp->rx[i]);
		dp->rx[i] = NULL;
	}
	dp->rx_count = dp->rx_count ? 1 : 0;
}

/* dp_queues_destroy() - transmit queue objects go first, then receive, by their ids. */
void dp_queues_destroy(struct dp *dp)
{
	for (unsigned i = 0; i < dp->tx_count; i++) {
		dp_tx_destroy(dp->tx[i]);
		dp->tx[i] = NULL;
	}
	for (unsigned i = 0; i < dp->rx_count; i++) {
		dp_rx_destroy(dp->rx[i]);
		dp->rx[i] = NULL;
	}
	dp->tx_count = 0;
	dp->rx_count = 0;
	dp->adapter = NULL;
}

/* dp_start() - the transmit threads start first, then the receive threads. */
NTSTATUS dp_start(struct dp *dp)
{
	int error = 0;

	if (dp->running || !dp->tx_count)
		return STATUS_SUCCESS;
	for (unsigned i = 0; i < dp->tx_count && !error; i++)
		error = dp_thread_start(&dp->tx[i]->thread);
	for (unsigned i = 0; i < dp->rx_count && !error; i++) {
		dp->rx[i]->advances_before = count_read(&dp->rx[i]->counters->advances);
		error = dp_thread_start(&dp->rx[i]->thread);
	}
	dp->running = true;
	if (!error)
		return STATUS_SUCCESS;
	nt_log(dp->adapter->name, "datapath: no thread for a packet queue: errno %d", -error);
	dp_stop(dp);
	return STATUS_INSUFFICIENT_RESOURCES;
}

/*
 * dp_stop() - pause: transmit is cancelled and waited for, then all receive queues at a time
 * On return the driver has returned every packet and every EvtStop has run.
 */
void dp_stop(struct dp *dp)
{
	if (!dp->running)
		return;
	for (unsigned i = 0; i < dp->tx_count; i++)
		dp_thread_ask_to_stop(&dp->tx[i]->thread);
	for (unsigned i = 0; i < dp->tx_count; i++)
		dp_thread_join(&dp->tx[i]->thread);
	for (unsigned i = 0; i < dp->rx_count; i++)
		dp_thread_ask_to_stop(&dp->rx[i]->thread);
	for (unsigned i = 0; i < dp->rx_count; i++)
		dp_thread_join(&dp->rx[i]->thread);
	dp->running = false;
}

/* Under the limit's lock: has every transmit queue met it? */
static bool limit_is_met(const struct dp *dp, uint64_t generation)
{
	for (unsigned i = 0; i < dp->tx_count; i++)
		if (dp->tx[i]->limit_met < generation)
			return false;
	return true;
}

static bool is_drained(const struct dp *dp, uint64_t generation)
{
	for (unsigned i = 0; i < dp->tx_count; i++)
		if (dp->tx[i]->drain_met < generation)
			return false;
	return true;
}

/* The transmit threads look round, and tell. Return: all have, before the time was up. */
static bool wait_for(struct dp *dp, bool (*met)(const struct dp *dp, uint64_t generation),
		     uint64_t generation, int timeout_ms)
{
	struct timespec until = clock_timespec(clock_ns() + (uint64_t)timeout_ms * NS_PER_MS);
	int error = 0;

	for (unsigned i = 0; i < dp->tx_count; i++)
		dp_thread_wake(&dp->tx[i]->thread);
	pthread_mutex_lock(&dp->limit_lock);
	while (!met(dp, generation) && !error)
		error = pthread_cond_timedwait(&dp->limit_changed, &dp->limit_lock, &until);
	pthread_mutex_unlock(&dp->limit_lock);
	return !error;
}

void dp_limit_lso(struct dp *dp, bool ipv4, bool ipv6, int timeout_ms)
{
	uint64_t limit =
		cx_tx_word_gso_bits((ipv4 ? 0 : CX_L3_ALL_IPV4) | (ipv6 ? 0 : CX_L3_ALL_IPV6));
	uint64_t before = atomic_exchange(&dp->limit, limit);
	uint64_t generation = atomic_fetch_add(&dp->limit_generation, 1) + 1;

	if (dp->running && (limit & ~before))
		wait_for(dp, limit_is_met, generation, timeout_ms);
}

void dp_drain(struct dp *dp, int timeout_ms)
{
	uint64_t generation = atomic_fetch_add(&dp->drain_generation, 1) + 1;

	if (dp->running && !wait_for(dp, is_drained, generation, timeout_ms))
		nt_log(dp->adapter->name,
		       "the driver still has packets with offloads, %d ms after they went off",
		       timeout_ms);
}

void dp_set_coalesce(struct dp *dp, bool on)
{
	atomic_store(&dp->coalesce, on);
}

void dp_tx_counters(const struct dp *dp, unsigned queue, struct dp_tx_counters *counters)
{
	count_copy(counters, &dp->tx_counters[queue].is, sizeof(*counters));
}

void dp_rx_counters(const struct dp *dp, unsigned queue, struct dp_rx_counters *counters)
{
	count_copy(counters, &dp->rx_counters[queue].is, sizeof(*counters));
}

/* The clock of one thread, as pthread_getcpuclockid(3) makes it of the thread's number. */
static uint64_t cpu_of(int32_t thread)
{
	const clockid_t clock = (clockid_t)((~(unsigned)thread << 3) | 6);
	struct timespec time;

	if (!thread || clock_gettime(clock, &time) < 0)
		return 0;
	return (uint64_t)time.tv_sec * NS_PER_S + (uint64_t)time.tv_nsec;
}

static struct dp_queue_state state_of(const struct dp_gauge *gauge)
{
	return (struct dp_queue_state){
		.held = atomic_load((_Atomic uint32_t *)&gauge->held),
		.rest = atomic_load((_Atomic enum dp_rest *)&gauge->rest),
		.cpu_ns = cpu_of(atomic_load((_Atomic int32_t *)&gauge->thread)),
	};
}

struct dp_queue_state dp_tx_state(const struct dp *dp, unsigned queue)
{
	return state_of(&dp->tx_counters[queue].gauge);
}

struct dp_queue_state dp_rx_state(const struct dp *dp, unsigned queue)
{
	return state_of(&dp->rx_counters[queue].gauge);
}

void dp_counters(const struct dp *dp, struct dp_counters *counters)
{
	*counters = (struct dp_counters){ 0 };
#define ADD(name) count_add(&counters->tx_##name, count_read(&dp->tx_counters[i].is.name));
	for (unsigned i = 0; i < CX_TX_QUEUES; i++) {
		DP_TX_COUNTERS(ADD)
	}
#undef ADD
#define ADD(name) count_add(&counters->rx_##name, count_read(&dp->rx_counters[i].is.name));
	for (unsigned i = 0; i < CX_RX_QUEUES; i++) {
		DP_RX_COUNTERS(ADD)
		for (unsigned end = 0; end < LSO_ENDS; end++)
			count_add(&counters->rx_gro_ends[end],
				  count_read(&dp->rx_counters[i].is.gro_ends[end]));
	}
#undef ADD
}

void dp_rings(const struct dp *dp, struct dp_rings *rings)
{
	*rings = (struct dp_rings){ 0 };
	rings->tx_queues = dp->tx_count;
	if (dp->tx_count) {
		rings->tx_packets = dp->tx[0]->queue->packets.mask + 1;
		rings->tx_fragments = dp->tx[0]->queue->fragment_count;
	}
	rings->rx_queues = dp->rx_count;
	if (dp->rx_count) {
		rings->rx_packets = dp->rx[0]->queue->packets.mask + 1;
		rings->rx_fragments = dp->rx[0]->queue->fragment_count;
	}
}

bool dp_receives(const struct dp *dp)
{
	if (!dp->running || !dp->rx_count)
		return false;
	for (unsigned i = 0; i < dp->rx_count; i++)
		if (count_read(&dp->rx[i]->counters->advances) == dp->rx[i]->advances_before)
			return false;
	return true;
}

void dp_count_traffic(const struct dp *dp, struct cx_traffic *traffic)
{
	struct dp_counters counters;
	struct dp_rings rings;

	dp_counters(dp, &counters);
	dp_rings(dp, &rings);
	*traffic = (struct cx_traffic){
		.tx_packets = count_read(&counters.tx_packets),
		.tx_bytes = count_read(&counters.tx_bytes),
		.tx_errors = count_read(&counters.tx_dropped),
		.rx_packets = count_read(&counters.rx_packets),
		.rx_bytes = count_read(&counters.rx_bytes),
		.rx_errors = count_read(&counters.rx_bad),
		.tx_fragments = rings.tx_fragments,
		.rx_fragments = rings.rx_fragments,
	};
}
