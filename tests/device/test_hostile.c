/* SPDX-License-Identifier: MIT */
/*
 * Drivers that get it wrong: descriptors that lie are counted and given back, addresses that were
 * never mapped end the driver, and nothing is ever read outside what was mapped.
 */
#include "card.h"
#include "frames.h"
#include "queues.h"
#include "stage/random.h"

/* What was just posted was refused: nothing sent, counted, TER, said in words, given back. */
static void assert_refused(struct card *card, int packets)
{
	struct frame_spec spec = { 4, FRAME_TCP, 300, true, false };
	struct device_counters before = *card_counters(card), after;
	uint8_t frame[512];
	size_t length = frame_build(frame, &spec);
	int logs = card_logs(card);

	card_write(card, RTL_ISR, 2, 0xFFFF);
	card_doorbell(card);
	after = *card_counters(card);
	assert_sent(card, 0);
	assert_int_equal(after.tx_errors - before.tx_errors, packets);
	assert_int_equal(after.tx_frames, before.tx_frames);
	assert_true(card_read(card, RTL_ISR, 2) & RTL_TER);
	assert_true(card_logs(card) > logs);
	for (int i = 0; i < CARD_TX; i++)
		assert_false(card->tx[i].status & RTL_OWN);
	/* And the transmitter goes on. */
	card_send(card, frame, length, 0, 0);
	assert_sent(card, 1);
	frame_store_forget(&card->wire.sent);
}

#define ONE (RTL_FS | RTL_LS)

static void chains_out_of_order(void **state)
{
	struct card *card = *state;
	uint64_t at = card->arena_logical;

	card_post(card, at, 100, 0, 0);
	assert_refused(card, 1);
	card_post(card, at, 100, RTL_LS, 0);
	assert_refused(card, 1);
	card_post(card, at, 100, RTL_FS, 0);
	assert_refused(card, 1);
	card_post(card, at, 100, RTL_FS, 0);
	card_post(card, at, 100, 0, 0);
	assert_refused(card, 1);
	card_post(card, at, 0, RTL_FS, 0);
	card_post(card, at, 100, RTL_LS, 0);
	assert_refused(card, 1);
	card_post(card, at, 100, RTL_FS, 0);
	card_post(card, at, 0, RTL_LS, 0);
	assert_refused(card, 1);
	card_post(card, at, 13, ONE, 0);
	assert_refused(card, 1);
}

/* FS before the last packet's LS: the broken one goes, the next is whole. */
static void a_new_packet_ends_a_broken_one(void **state)
{
	struct card *card = *state;
	uint64_t at = card->arena_logical;

	card_post(card, at, 100, RTL_FS, 0);
	card_post(card, at, 100, 0, 0);
	card_post(card, at, 80, ONE, 0);
	card_doorbell(card);
	assert_sent(card, 1);
	assert_int_equal(card->wire.sent.frames[0].length, 80);
	assert_int_equal(card_counters(card)->tx_errors, 1);
}

/* A ring that is one packet without end. */
static void a_ring_without_ls(void **state)
{
	struct card *card = *state;

	for (int i = 0; i < CARD_TX; i++)
		card_post(card, card->arena_logical, 10, i ? 0 : RTL_FS, 0);
	assert_refused(card, 1);
	for (int i = 0; i < CARD_TX; i++)
		card_post(card, card->arena_logical, 10, 0, 0);
	assert_refused(card, CARD_TX);
}

static void large_sends_that_lie(void **state)
{
	struct card *card = *state;
	struct frame_spec v4 = { 4, FRAME_TCP, 3000, false, false };
	struct frame_spec v6 = { 6, FRAME_TCP, 3000, false, false };
	struct frame_spec udp = { 4, FRAME_UDP, 3000, false, false };
	struct frame_spec empty = { 4, FRAME_TCP, 0, false, false };
	uint8_t frame[4096];
	size_t n4 = frame_build(frame, &v4);
	uint64_t at4 = card_store(card, frame, n4), at6, at_udp, at_empty, at_noise;
	size_t n6 = frame_build(frame, &v6);

	at6 = card_store(card, frame, n6);
	at_udp = card_store(card, frame, frame_build(frame, &udp));
	at_empty = card_store(card, frame, frame_build(frame, &empty));
	memset(frame, 0xFF, sizeof(frame));
	at_noise = card_store(card, frame, sizeof(frame));

#define REFUSED(at, n, status, mss)                                             \
	do {                                                                    \
		card_post(card, at, n, ONE | (status), (uint16_t)((mss) << 2)); \
		journal_forget(&card->journal);                                 \
		card_doorbell(card);                                            \
		assert_sent(card, 0);                                           \
		assert_int_equal(card_counters(card)->tx_errors, ++errors);     \
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
	card_post(card, at4, 100, RTL_FS | RTL_TX_LSO_IPV4 | 34 << 2, 1448 << 2);
	card_post(card, at4 + 100, n4 - 100, RTL_LS, 0);
	assert_refused(card, 1);
	card_post(card, at4, 100, RTL_FS | RTL_TX_LSO_IPV4 | 34 << 2, 1448 << 2);
	card_post(card, at4 + 100, n4 - 100, RTL_LS | RTL_TX_LSO_IPV4 | 34 << 2, 1460 << 2);
	card_doorbell(card);
	assert_sent(card, 0);
}

static void checksums_that_lie(void **state)
{
	struct card *card = *state;
	struct frame_spec v4 = { 4, FRAME_TCP, 300, false, false };
	struct frame_spec v6 = { 6, FRAME_UDP, 300, false, false };
	uint8_t frame[512];
	size_t n4 = frame_build(frame, &v4), n6;
	uint64_t at4 = card_store(card, frame, n4), at6, at_arp, at_long, at_short, errors = 0;

	frame[16] = 0xFF;
	at_long = card_store(card, frame, n4);
	frame[16] = 0;
	frame[17] = 30; /* ends in front of the TCP header's end */
	at_short = card_store(card, frame, n4);
	n6 = frame_build(frame, &v6);
	at6 = card_store(card, frame, n6);
	frame[12] = 0x08;
	frame[13] = 0x06;
	at_arp = card_store(card, frame, 64);

#undef REFUSED
#define REFUSED(at, n, offload)                                             \
	do {                                                                \
		card_post(card, at, n, ONE, offload);                       \
		card_doorbell(card);                                        \
		assert_sent(card, 0);                                       \
		assert_int_equal(card_counters(card)->tx_errors, ++errors); \
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
	struct card *card = *state;

	for (int i = 0; i < 1000; i++) {
		card_post(card, card->arena_logical, 5, ONE, 0);
		card_doorbell(card);
	}
	assert_int_equal(card_counters(card)->tx_errors, 1000);
	assert_in_range(card_logs(card), 1, 20);
	assert_non_null(strstr(card->journal.lines[card->journal.count - 1], "no more"));
}

static void send_from_nowhere(void *context)
{
	struct card *card = context;

	card_post(card, 0x123456789000, 100, ONE, 0);
	card_doorbell(card);
}

static void send_past_the_end(void *context)
{
	struct card *card = context;

	card_post(card, card->arena_logical + CARD_ARENA - 99, 100, ONE, 0);
	card_doorbell(card);
}

static void send_from_virtual_memory(void *context)
{
	struct card *card = context;

	card_post(card, (uintptr_t)card->arena, 100, ONE, 0);
	card_doorbell(card);
}

static void send_from_unmapped(void *context)
{
	struct card *card = context;

	nt_dma_name(&card->machine.dma, card->arena_logical, "test arena");
	nt_dma_unmap(&card->machine.dma, card->arena_logical);
	card_post(card, card->arena_logical, 100, ONE, 0);
	card_doorbell(card);
}

/* What has been mapped instead lies elsewhere, or the device would go on with the old address. */
static void send_from_replaced(void *context)
{
	struct card *card = context;

	nt_dma_unmap(&card->machine.dma, card->arena_logical);
	nt_dma_map(&card->machine.dma, card->arena, CARD_ARENA, UINT64_MAX);
	card_post(card, card->arena_logical, 100, ONE, 0);
	card_doorbell(card);
}

static void ring_at_nothing(void *context)
{
	struct card *card = context;

	card_write(card, RTL_TNPDS, 4, 0);
	card_doorbell(card);
}

static void ring_without_eor(void *context)
{
	struct card *card = context;

	for (int i = 0; i < CARD_TX; i++)
		card_post(card, card->arena_logical, 100, ONE, 0);
	card->tx[CARD_TX - 1].status &= (uint16_t)~RTL_EOR;
	card_doorbell(card);
}

static void receive_into_nothing(void *context)
{
	struct card *card = context;
	uint8_t frame[60] = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };

	card->rx[0].address = 4096;
	memory_wire_arrive(&card->wire, frame, sizeof(frame), NULL);
	device_pump(card->device, 1);
}

static void receive_into_too_little(void *context)
{
	struct card *card = context;

	card->rx[0].address = card->rx_buffers_logical + CARD_RX_BUFFER * CARD_RX - 100;
	device_pump(card->device, 1);
}

/* Every frame with a hash goes to queue @n. */
static void hash_to(struct card *card, unsigned n)
{
	struct frame_spec spec = { 4, FRAME_TCP, 60, true, false };
	uint8_t frame[256];
	size_t length = frame_build(frame, &spec);

	memcpy(frame, card_mac, 6);
	rss_table(card, &n, 1);
	eri_write(card, RTL_ERI_RSS_CONTROL, RSS_EVERYTHING);
	memory_wire_arrive(&card->wire, frame, length, NULL);
	device_pump(card->device, 1);
}

static void second_ring_at_nothing(void *context)
{
	struct card *card = context;

	eri_write(card, RTL_ERI_RDSAR1, 0xFFFFFFFF);
	eri_write(card, RTL_ERI_RDSAR1 + 4, 0);
	hash_to(card, 1);
}

static void third_ring_went_away(void *context)
{
	struct card *card = context;
	struct queues *q = queues_create(card);

	queues_on(q);
	nt_dma_unmap(&card->machine.dma, q->logical[3]);
	hash_to(card, 3);
}

static void second_ring_into_nothing(void *context)
{
	struct card *card = context;
	struct queues *q = queues_create(card);

	queues_on(q);
	q->rx[1][0].address = 0x123456789000;
	hash_to(card, 1);
}

/* A bad ring that no frame is for is not looked at. */
static void quiet_ring(void *context)
{
	struct card *card = context;

	eri_write(card, RTL_ERI_RDSAR1, 0xFFFFFFFF);
	eri_write(card, RTL_ERI_RDSAR1 + 4, 0);
	hash_to(card, 2);
}

static void dump_into_nothing(void *context)
{
	struct card *card = context;

	card_write(card, RTL_DTCCR + 4, 4, 0x77);
	card_write(card, RTL_DTCCR, 4, RTL_DTCCR_DUMP);
}

static void quiet_act(void *context)
{
	struct card *card = context;

	card_doorbell(card);
	device_pump(card->device, 10);
}

static void survives(void (*act)(void *context), struct card *card)
{
	static struct child_end end;

	child_run(&end, act, card);
	assert_int_equal(end.exit_code, 0);
}

static void addresses_that_were_never_given_end_the_driver(void **state)
{
	struct card *card = *state;

	child_violates(send_from_nowhere, card, NULL);
	child_violates(send_past_the_end, card, "runs 1 byte behind the end of the mapping at",
		       NULL);
	child_violates(send_from_virtual_memory, card, NULL);
	child_violates(send_from_unmapped, card, "is mapped for DMA no more", "test arena at 0x",
		       " ms ago.", NULL);
	child_violates(send_from_replaced, card, "is mapped for DMA no more", NULL);
	child_violates(ring_at_nothing, card, NULL);
	child_violates(ring_without_eor, card, NULL);
	child_violates(receive_into_nothing, card, NULL);
	child_violates(receive_into_too_little, card, "bytes behind the end of the", NULL);
	child_violates(second_ring_at_nothing, card, NULL);
	child_violates(third_ring_went_away, card, NULL);
	child_violates(second_ring_into_nothing, card, NULL);
	survives(quiet_ring, card);
	child_violates(dump_into_nothing, card, NULL);
	survives(quiet_act, card);
}

/* Receive buffers too small for any frame: frames are lost, memory behind them is not touched. */
static void small_receive_buffers(void **state)
{
	struct card *card = *state;
	uint8_t frame[200];

	memset(frame, 0xFF, sizeof(frame));
	for (uint16_t capacity = 0; capacity < 204; capacity++) {
		card_rx_return(card, 0);
		card->rx[0].length = capacity;
		memset(card_rx_buffer(card, 0), 0xEE, 256);
		memory_wire_arrive(&card->wire, frame, sizeof(frame), NULL);
		assert_int_equal(device_pump(card->device, 1), 1);
		assert_true(card->rx[0].status & RTL_OWN);
		for (int i = capacity; i < 256; i++)
			assert_int_equal(card_rx_buffer(card, 0)[i], 0xEE);
	}
	card->rx[0].length = 204;
	memory_wire_arrive(&card->wire, frame, sizeof(frame), NULL);
	assert_int_equal(device_pump(card->device, 1), 1);
	assert_int_equal(card->rx[0].length, 204);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, card_set_up, card_tear_down)
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
