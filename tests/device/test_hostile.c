/* SPDX-License-Identifier: MIT */
/*
 * Drivers that get it wrong: descriptors that lie are counted and given back, addresses that were
 * never mapped end the driver, and nothing is ever read outside what was mapped.
 */
#include "../lso/random.h"
#include "bench.h"
#include "frames.h"
#include "queues.h"

/* What was just posted was refused: nothing sent, counted, TER, said in words, given back. */
static void assert_refused(struct bench *b, int packets)
{
	struct frame_spec spec = { 4, FRAME_TCP, 300, true, false };
	struct device_counters before = bench_counters(b), after;
	uint8_t frame[512];
	size_t length = frame_build(frame, &spec);
	int logs = b->logs;

	bench_write(b, RTL_ISR, 2, 0xFFFF);
	bench_doorbell(b);
	after = bench_counters(b);
	assert_sent(b, 0);
	assert_int_equal(after.tx_errors - before.tx_errors, packets);
	assert_int_equal(after.tx_frames, before.tx_frames);
	assert_true(bench_read(b, RTL_ISR, 2) & RTL_TER);
	assert_true(b->logs > logs);
	for (int i = 0; i < BENCH_TX; i++)
		assert_false(b->tx[i].status & RTL_OWN);
	/* And the transmitter goes on. */
	bench_send(b, frame, length, 0, 0);
	assert_sent(b, 1);
	bench_forget_sent(b);
}

#define ONE (RTL_FS | RTL_LS)

static void chains_out_of_order(void **state)
{
	struct bench *b = *state;
	uint64_t at = b->arena_logical;

	bench_post(b, at, 100, 0, 0);
	assert_refused(b, 1);
	bench_post(b, at, 100, RTL_LS, 0);
	assert_refused(b, 1);
	bench_post(b, at, 100, RTL_FS, 0);
	assert_refused(b, 1);
	bench_post(b, at, 100, RTL_FS, 0);
	bench_post(b, at, 100, 0, 0);
	assert_refused(b, 1);
	bench_post(b, at, 0, RTL_FS, 0);
	bench_post(b, at, 100, RTL_LS, 0);
	assert_refused(b, 1);
	bench_post(b, at, 100, RTL_FS, 0);
	bench_post(b, at, 0, RTL_LS, 0);
	assert_refused(b, 1);
	bench_post(b, at, 13, ONE, 0);
	assert_refused(b, 1);
}

/* FS before the last packet's LS: the broken one goes, the next is whole. */
static void a_new_packet_ends_a_broken_one(void **state)
{
	struct bench *b = *state;
	uint64_t at = b->arena_logical;

	bench_post(b, at, 100, RTL_FS, 0);
	bench_post(b, at, 100, 0, 0);
	bench_post(b, at, 80, ONE, 0);
	bench_doorbell(b);
	assert_sent(b, 1);
	assert_int_equal(b->sent[0].length, 80);
	assert_int_equal(bench_counters(b).tx_errors, 1);
}

/* A ring that is one packet without end. */
static void a_ring_without_ls(void **state)
{
	struct bench *b = *state;

	for (int i = 0; i < BENCH_TX; i++)
		bench_post(b, b->arena_logical, 10, i ? 0 : RTL_FS, 0);
	assert_refused(b, 1);
	for (int i = 0; i < BENCH_TX; i++)
		bench_post(b, b->arena_logical, 10, 0, 0);
	assert_refused(b, BENCH_TX);
}

static void large_sends_that_lie(void **state)
{
	struct bench *b = *state;
	struct frame_spec v4 = { 4, FRAME_TCP, 3000, false, false };
	struct frame_spec v6 = { 6, FRAME_TCP, 3000, false, false };
	struct frame_spec udp = { 4, FRAME_UDP, 3000, false, false };
	struct frame_spec empty = { 4, FRAME_TCP, 0, false, false };
	uint8_t frame[4096];
	size_t n4 = frame_build(frame, &v4);
	uint64_t at4 = bench_store(b, frame, n4), at6, at_udp, at_empty, at_noise;
	size_t n6 = frame_build(frame, &v6);

	at6 = bench_store(b, frame, n6);
	at_udp = bench_store(b, frame, frame_build(frame, &udp));
	at_empty = bench_store(b, frame, frame_build(frame, &empty));
	memset(frame, 0xFF, sizeof(frame));
	at_noise = bench_store(b, frame, sizeof(frame));

#define REFUSED(at, n, status, mss)                                           \
	do {                                                                  \
		bench_post(b, at, n, ONE | (status), (uint16_t)((mss) << 2)); \
		b->logs = 0;                                                  \
		bench_doorbell(b);                                            \
		assert_sent(b, 0);                                            \
		assert_int_equal(bench_counters(b).tx_errors, ++errors);      \
	} while (0)
	uint64_t errors = 0;

	REFUSED(at4, n4, RTL_TX_LSO_IPV4 | 34 << 2, 0);
	REFUSED(at4, n4, RTL_TX_LSO_IPV4 | 33 << 2, 1448);
	REFUSED(at4, n4, RTL_TX_LSO_IPV4 | 127 << 2, 1448);
	REFUSED(at4, n4, RTL_TX_LSO_IPV4, 1448);
	REFUSED(at4, n4, RTL_TX_LSO_IPV6 | 34 << 2, 1448);
	REFUSED(at4, n4, RTL_TX_LSO_IPV4 | RTL_TX_LSO_IPV6 | 34 << 2, 1448);
	REFUSED(at6, n6, RTL_TX_LSO_IPV4 | 54 << 2, 1448);
	REFUSED(at6, n6, RTL_TX_LSO_IPV6 | 34 << 2, 1448);
	REFUSED(at_udp, 3042, RTL_TX_LSO_IPV4 | 34 << 2, 1448);
	REFUSED(at_empty, 66, RTL_TX_LSO_IPV4 | 34 << 2, 1448);
	REFUSED(at4, 40, RTL_TX_LSO_IPV4 | 34 << 2, 1448); /* ends in the TCP header */
	REFUSED(at4, 20, RTL_TX_LSO_IPV4 | 34 << 2, 1448);
	REFUSED(at_noise, 4096, RTL_TX_LSO_IPV4 | 34 << 2, 1448);

	/* The bits belong on every descriptor of the packet. */
	bench_post(b, at4, 100, RTL_FS | RTL_TX_LSO_IPV4 | 34 << 2, 1448 << 2);
	bench_post(b, at4 + 100, n4 - 100, RTL_LS, 0);
	assert_refused(b, 1);
	bench_post(b, at4, 100, RTL_FS | RTL_TX_LSO_IPV4 | 34 << 2, 1448 << 2);
	bench_post(b, at4 + 100, n4 - 100, RTL_LS | RTL_TX_LSO_IPV4 | 34 << 2, 1460 << 2);
	bench_doorbell(b);
	assert_sent(b, 0);
}

static void checksums_that_lie(void **state)
{
	struct bench *b = *state;
	struct frame_spec v4 = { 4, FRAME_TCP, 300, false, false };
	struct frame_spec v6 = { 6, FRAME_UDP, 300, false, false };
	uint8_t frame[512];
	size_t n4 = frame_build(frame, &v4), n6;
	uint64_t at4 = bench_store(b, frame, n4), at6, at_arp, at_long, at_short, errors = 0;

	frame[16] = 0xFF;
	at_long = bench_store(b, frame, n4);
	frame[16] = 0;
	frame[17] = 30; /* ends in front of the TCP header's end */
	at_short = bench_store(b, frame, n4);
	n6 = frame_build(frame, &v6);
	at6 = bench_store(b, frame, n6);
	frame[12] = 0x08;
	frame[13] = 0x06;
	at_arp = bench_store(b, frame, 64);

#undef REFUSED
#define REFUSED(at, n, offload)                                          \
	do {                                                             \
		bench_post(b, at, n, ONE, offload);                      \
		bench_doorbell(b);                                       \
		assert_sent(b, 0);                                       \
		assert_int_equal(bench_counters(b).tx_errors, ++errors); \
	} while (0)

	REFUSED(at4, n4, RTL_TX_UDP_SUM);
	REFUSED(at4, n4, RTL_TX_UDP_SUM | RTL_TX_TCP_SUM);
	REFUSED(at4, n4, RTL_TX_TCP_SUM | RTL_TX_IPV6 | 34 << 2);
	REFUSED(at6, n6, RTL_TX_UDP_SUM);
	REFUSED(at6, n6, RTL_TX_UDP_SUM | RTL_TX_IPV6 | 50 << 2);
	REFUSED(at6, n6, RTL_TX_UDP_SUM | RTL_TX_IPV6 | RTL_TX_IPV4_SUM | 54 << 2);
	REFUSED(at_arp, 64, RTL_TX_IPV4_SUM);
	REFUSED(at_long, n4, RTL_TX_TCP_SUM);
	REFUSED(at_short, n4, RTL_TX_TCP_SUM);
	REFUSED(at4, 30, RTL_TX_IPV4_SUM); /* ends in the IP header */
	REFUSED(at4, 50, RTL_TX_TCP_SUM);  /* ends in the TCP header */
	REFUSED(at4, 14, RTL_TX_IPV4_SUM);
	REFUSED(at4, 15, RTL_TX_IPV4_SUM);
}

/* A broken driver repeats itself: messages stop, counting does not. */
static void messages_are_limited(void **state)
{
	struct bench *b = *state;

	for (int i = 0; i < 1000; i++) {
		bench_post(b, b->arena_logical, 5, ONE, 0);
		bench_doorbell(b);
	}
	assert_int_equal(bench_counters(b).tx_errors, 1000);
	assert_in_range(b->logs, 1, 20);
	assert_non_null(strstr(b->last_log, "no more"));
}

static void send_from_nowhere(struct bench *b)
{
	bench_post(b, 0x123456789000, 100, ONE, 0);
	bench_doorbell(b);
}

static void send_past_the_end(struct bench *b)
{
	bench_post(b, b->arena_logical + BENCH_ARENA - 99, 100, ONE, 0);
	bench_doorbell(b);
}

static void send_from_virtual_memory(struct bench *b)
{
	bench_post(b, (uintptr_t)b->arena, 100, ONE, 0);
	bench_doorbell(b);
}

static void send_from_unmapped(struct bench *b)
{
	nt_dma_unmap(&b->machine.dma, b->arena_logical);
	bench_post(b, b->arena_logical, 100, ONE, 0);
	bench_doorbell(b);
}

static void ring_at_nothing(struct bench *b)
{
	bench_write(b, RTL_TNPDS, 4, 0);
	bench_doorbell(b);
}

static void ring_without_eor(struct bench *b)
{
	for (int i = 0; i < BENCH_TX; i++)
		bench_post(b, b->arena_logical, 100, ONE, 0);
	b->tx[BENCH_TX - 1].status &= (uint16_t)~RTL_EOR;
	bench_doorbell(b);
}

static void receive_into_nothing(struct bench *b)
{
	uint8_t frame[60] = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };

	b->rx[0].address = 4096;
	bench_arrive(b, frame, sizeof(frame), NULL);
	device_pump(b->device, 1);
}

static void receive_into_too_little(struct bench *b)
{
	b->rx[0].address = b->rx_buffers_logical + BENCH_RX_BUFFER * BENCH_RX - 100;
	device_pump(b->device, 1);
}

/* Every frame with a hash goes to queue @n. */
static void hash_to(struct bench *b, unsigned n)
{
	struct frame_spec spec = { 4, FRAME_TCP, 60, true, false };
	uint8_t frame[256];
	size_t length = frame_build(frame, &spec);

	memcpy(frame, bench_mac, 6);
	rss_table(b, &n, 1);
	eri_write(b, RTL_ERI_RSS_CONTROL, RSS_EVERYTHING);
	bench_arrive(b, frame, length, NULL);
	device_pump(b->device, 1);
}

static void second_ring_at_nothing(struct bench *b)
{
	eri_write(b, RTL_ERI_RDSAR1, 0xFFFFFFFF);
	hash_to(b, 1);
}

static void third_ring_went_away(struct bench *b)
{
	struct queues *q = queues_create(b);

	queues_on(q);
	nt_dma_unmap(&b->machine.dma, q->logical[3]);
	hash_to(b, 3);
}

static void second_ring_into_nothing(struct bench *b)
{
	struct queues *q = queues_create(b);

	queues_on(q);
	q->rx[1][0].address = 0x123456789000;
	hash_to(b, 1);
}

/* A bad ring that no frame is for is not looked at. */
static void quiet_ring(struct bench *b)
{
	eri_write(b, RTL_ERI_RDSAR1, 0xFFFFFFFF);
	hash_to(b, 2);
}

static void dump_into_nothing(struct bench *b)
{
	bench_write(b, RTL_DTCCR + 4, 4, 0x77);
	bench_write(b, RTL_DTCCR, 4, RTL_DTCCR_DUMP);
}

static void quiet_act(struct bench *b)
{
	bench_doorbell(b);
	device_pump(b->device, 10);
}

static void addresses_that_were_never_given_end_the_driver(void **state)
{
	struct bench *b = *state;

	assert_true(bench_ends_in_violation(send_from_nowhere, b));
	assert_true(bench_ends_in_violation(send_past_the_end, b));
	assert_true(bench_ends_in_violation(send_from_virtual_memory, b));
	assert_true(bench_ends_in_violation(send_from_unmapped, b));
	assert_true(bench_ends_in_violation(ring_at_nothing, b));
	assert_true(bench_ends_in_violation(ring_without_eor, b));
	assert_true(bench_ends_in_violation(receive_into_nothing, b));
	assert_true(bench_ends_in_violation(receive_into_too_little, b));
	assert_true(bench_ends_in_violation(second_ring_at_nothing, b));
	assert_true(bench_ends_in_violation(third_ring_went_away, b));
	assert_true(bench_ends_in_violation(second_ring_into_nothing, b));
	assert_false(bench_ends_in_violation(quiet_ring, b));
	assert_true(bench_ends_in_violation(dump_into_nothing, b));
	assert_false(bench_ends_in_violation(quiet_act, b));
}

/* Receive buffers too small for any frame: frames are lost, memory behind them is not touched. */
static void small_receive_buffers(void **state)
{
	struct bench *b = *state;
	uint8_t frame[200];

	memset(frame, 0xFF, sizeof(frame));
	for (uint16_t capacity = 0; capacity < 204; capacity++) {
		bench_rx_return(b, 0);
		b->rx[0].length = capacity;
		memset(bench_rx_buffer(b, 0), 0xEE, 256);
		bench_arrive(b, frame, sizeof(frame), NULL);
		assert_int_equal(device_pump(b->device, 1), 1);
		assert_true(b->rx[0].status & RTL_OWN);
		for (int i = capacity; i < 256; i++)
			assert_int_equal(bench_rx_buffer(b, 0)[i], 0xEE);
	}
	b->rx[0].length = 204;
	bench_arrive(b, frame, sizeof(frame), NULL);
	assert_int_equal(device_pump(b->device, 1), 1);
	assert_int_equal(b->rx[0].length, 204);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(chains_out_of_order),
		TEST(a_new_packet_ends_a_broken_one),
		TEST(a_ring_without_ls),
		TEST(large_sends_that_lie),
		TEST(checksums_that_lie),
		TEST(messages_are_limited),
		TEST(addresses_that_were_never_given_end_the_driver),
		TEST(small_receive_buffers),
	};

	return cmocka_run_group_tests_name("device hostile", tests, NULL, NULL);
}
