/* SPDX-License-Identifier: MIT */
/*
 * Two shapes of API in one process: NetAdapterCx 1.3's probe and a driver of the tiny shape, each
 * on the real datapath, with traffic at the same time.
 */
#include <stdlib.h>
#include <string.h>

#include "cx/api/1.3/adapter.h"
#include "datapath/probe_stage.h"
#include "driver.h"
#include "shape.h"
#include "stage/stage.h"
#include "tcp_packet.h"

#define FRAMES 300

static size_t payload_of(unsigned number)
{
	return number % 5 == 4 ? 20 * MSS + number : 100 + number;
}

static struct stage *tiny_stage(void)
{
	struct stage *s = stage_new("tiny", TinyDriverEntry);

	stage_use_datapath(s, NULL);
	stage_up(s);
	return s;
}

/* The other side of the process: the same packets through 1.3. */
static void *send_to_probe(void *context)
{
	struct stage *s = context;
	struct packet *p = malloc(sizeof(*p));

	for (unsigned i = 0; i < FRAMES; i++) {
		build(p, i, payload_of(i));
		memory_edge_put(s->edge, p->bytes, p->length, p->meta);
	}
	free(p);
	return NULL;
}

static void traffic_through_both(void **state)
{
	struct stage *tiny = tiny_stage(), *probed = probe_stage(NULL);
	struct packet *p = malloc(sizeof(*p));
	struct dp_counters counters;
	pthread_t other;

	assert_ptr_equal(tiny->adapter->owner->client, &tiny_client);
	assert_ptr_equal(probed->adapter->owner->client, &cx13_client);
	assert_int_equal(pthread_create(&other, NULL, send_to_probe, probed), 0);
	for (unsigned i = 0; i < FRAMES; i++) {
		const struct kept_frame *back;

		build(p, i, payload_of(i));
		memory_edge_put(tiny->edge, p->bytes, p->length, p->meta);
		frame_store_await(&tiny->edge->out, i + 1);
		back = &tiny->edge->out.frames[i];
		assert_int_equal(back->length, p->length);
		assert_memory_equal(back->bytes + HEADERS, p->bytes + HEADERS, p->length - HEADERS);
		assert_true(back->meta.checksum_valid);
	}
	pthread_join(other, NULL);
	probe_await(FRAMES);
	dp_counters(tiny->dp, &counters);
	assert_int_equal(counters.tx_packets, FRAMES);
	assert_int_equal(counters.tx_lso_packets, FRAMES / 5);
	assert_int_equal(counters.rx_packets, FRAMES);
	assert_int_equal(counters.rx_bad, 0);
	assert_int_equal(tiny_seen.large, FRAMES / 5);
	free(p);
	stage_free(tiny);
	probe_stage_free(probed);
}

/* A change reaches the one it was sent to, by the rules of its own shape. */
static void offloads_are_each_ones_own(void **state)
{
	NDIS_OFFLOAD_PARAMETERS off = { .LsoV2IPv4 = NDIS_OFFLOAD_PARAMETERS_LSOV2_DISABLED };
	struct stage *tiny = tiny_stage(), *probed = probe_stage(NULL);
	struct packet *p = malloc(sizeof(*p));
	unsigned calls = probe.lsoCalls;

	assert_int_equal(tiny_seen.offloads, 1);
	assert_true(tiny_seen.ipv4 && tiny_seen.ipv6);
	/* LSO version 2 alone: 1.3's one bit stays on, the tiny shape's goes off. */
	assert_int_equal(stage_offload(tiny, &off), STATUS_SUCCESS);
	assert_int_equal(tiny_seen.offloads, 2);
	assert_false(tiny_seen.ipv4);
	assert_true(tiny_seen.ipv6);
	assert_false(cx_lso_ipv4(&tiny->adapter->offload.active));
	assert_int_equal(probe.lsoCalls, calls);
	assert_int_equal(stage_offload(probed, &off), STATUS_SUCCESS);
	assert_int_equal(probe.lsoCalls, calls + 1);
	assert_true(probe.lsoIPv4 == cx_lso_ipv4(&probed->adapter->offload.hardware));

	/* What the tiny driver may not have whole any more is cut before it. */
	build(p, 1, 20 * MSS);
	memory_edge_put(tiny->edge, p->bytes, p->length, p->meta);
	frame_store_await(&tiny->edge->out, 20);
	assert_int_equal(tiny->edge->out.frames[19].length, HEADERS + MSS);
	assert_int_equal(tiny_seen.large, 0);
	free(p);
	stage_free(tiny);
	probe_stage_free(probed);
}

/* A shape without NETREQUEST says so to NDIS; a restart makes new queues. */
static void oids_and_restarts(void **state)
{
	struct stage *tiny = tiny_stage();
	struct packet *p = malloc(sizeof(*p));
	uint8_t data[256];

	assert_int_equal(stage_oid(tiny, NdisRequestQueryInformation, OID_GEN_STATISTICS, data,
				   sizeof(data)),
			 STATUS_NOT_SUPPORTED);
	for (int i = 0; i < 20; i++) {
		stage_stop(tiny);
		assert_int_equal(stage_start(tiny), STATUS_SUCCESS);
		build(p, 3, 500);
		memory_edge_put(tiny->edge, p->bytes, p->length, p->meta);
		frame_store_await(&tiny->edge->out, (unsigned)i + 1);
	}
	free(p);
	stage_free(tiny);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(traffic_through_both),
		cmocka_unit_test(offloads_are_each_ones_own),
		cmocka_unit_test(oids_and_restarts),
	};

	probe_reset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
