/* SPDX-License-Identifier: MIT */
/* Several transmit rings, which rtl8168-ext has and the chip has not. */
#include <stdlib.h>

#include "card.h"
#include "frames.h"
#include "queues.h"

#define MANY   20000 /* packets of one ring, where two rings run at once */
#define MARK   14    /* where a frame says what it is: ring, number */
#define LENGTH 100

/* A driver with the rings beside the card's own, CARD_TX descriptors each. */
struct rings {
	struct card *card;
	struct card_descriptor *ring[RTL_TX_RINGS];
	uint64_t logical[RTL_TX_RINGS];
	unsigned next[RTL_TX_RINGS];
};

static void set_ring(struct card *card, unsigned n, uint64_t logical)
{
	card_write(card, RTL_TX_RING(n), 4, (uint32_t)logical);
	card_write(card, RTL_TX_RING(n) + 4, 4, (uint32_t)(logical >> 32));
}

static struct rings *rings_of(struct card *card)
{
	struct rings *rings = calloc(1, sizeof(*rings));

	assert_non_null(rings);
	rings->card = card;
	for (unsigned n = 1; n < RTL_TX_RINGS; n++) {
		rings->ring[n] = aligned_alloc(4096, 4096);
		assert_non_null(rings->ring[n]);
		memset(rings->ring[n], 0, 4096);
		rings->logical[n] =
			nt_dma_map(&card->machine.dma, rings->ring[n], 4096, UINT64_MAX);
		set_ring(card, n, rings->logical[n]);
	}
	return rings;
}

static void rings_free(struct rings *rings)
{
	for (unsigned n = 1; n < RTL_TX_RINGS; n++) {
		nt_dma_unmap(&rings->card->machine.dma, rings->logical[n]);
		free(rings->ring[n]);
	}
	free(rings);
}

/* One frame, all of it at @address, into the ring's next descriptor. */
static struct card_descriptor *post_at(struct rings *rings, unsigned n, uint64_t address)
{
	struct card_descriptor *d = &rings->ring[n][rings->next[n]];
	uint16_t end = rings->next[n] == CARD_TX - 1 ? RTL_EOR : 0;

	d->length = LENGTH;
	d->offload = d->vlan = 0;
	d->address = address;
	__atomic_store_n(&d->status, RTL_OWN | RTL_FS | RTL_LS | end, __ATOMIC_RELEASE);
	rings->next[n] = (rings->next[n] + 1) % CARD_TX;
	return d;
}

static struct card_descriptor *post(struct rings *rings, unsigned n, uint8_t number)
{
	uint8_t frame[LENGTH] = { [MARK] = (uint8_t)n, number };

	return post_at(rings, n, card_store(rings->card, frame, sizeof(frame)));
}

static void doorbell(struct card *card, unsigned n)
{
	card_write(card, RTL_TX_RING(n) + RTL_TX_RING_DOORBELL, 1, 1);
}

static void assert_marks(struct card *card, const uint8_t *rings, const uint8_t *numbers, int count)
{
	assert_sent(card, count);
	for (int i = 0; i < count; i++) {
		assert_int_equal(card->wire.sent.frames[i].bytes[MARK], rings[i]);
		assert_int_equal(card->wire.sent.frames[i].bytes[MARK + 1], numbers[i]);
	}
}

static bool owned(const struct card_descriptor *d)
{
	return d->status & RTL_OWN;
}

static void each_ring_sends_its_own(void **state)
{
	struct rings *rings = rings_of(*state);
	struct card_descriptor *second = post(rings, 2, 1), *other = post(rings, 1, 1);
	struct card_descriptor *last = post(rings, 2, 2);

	doorbell(rings->card, 3);
	assert_sent(rings->card, 0);
	doorbell(rings->card, 2);
	assert_marks(rings->card, (uint8_t[]){ 2, 2 }, (uint8_t[]){ 1, 2 }, 2);
	assert_false(owned(second) || owned(last));
	assert_true(owned(other));
	card_doorbell(rings->card);
	assert_sent(rings->card, 2);
	doorbell(rings->card, 1);
	assert_marks(rings->card, (uint8_t[]){ 2, 2, 1 }, (uint8_t[]){ 1, 2, 1 }, 3);
	assert_false(owned(other));
	assert_int_equal(card_counters(rings->card)->tx_frames, 3);
	assert_int_equal(card_counters(rings->card)->tx_plain_packets, 3);
	rings_free(rings);
}

/* Each has its own place to go on from. */
static void rings_wrap(void **state)
{
	struct rings *rings = rings_of(*state);

	for (uint8_t i = 0; i < 3 * CARD_TX; i++) {
		post(rings, 1 + i % 3, i);
		post(rings, 1 + i % 3, i);
		doorbell(rings->card, 1 + i % 3);
		assert_sent(rings->card, 2 * (i + 1));
	}
	rings_free(rings);
}

static void offloads_are_those_of_ring_0(void **state)
{
	static const struct frame_spec spec = { 4, FRAME_TCP, 3000, false, true };
	struct rings *rings = rings_of(*state);
	struct frame_spec segment = spec;
	uint8_t frame[128 + 3000];
	size_t length = frame_build(frame, &spec);
	struct card_descriptor *d = &rings->ring[3][0];

	rings->card->device->wire.super_packets = false;
	*d = (struct card_descriptor){
		.length = (uint16_t)length,
		.offload = 1000 << 2,
		.address = card_store(rings->card, frame, length),
		.status = (uint16_t)(RTL_OWN | RTL_FS | RTL_LS | RTL_TX_LSO_IPV4 |
				     frame_l4(&spec) << 2),
	};
	doorbell(rings->card, 3);
	assert_sent(rings->card, 3);
	segment.payload = 1000;
	for (int i = 0; i < 3; i++)
		assert_true(frame_sums_right(rings->card->wire.sent.frames[i].bytes, &segment));
	assert_int_equal(card_counters(rings->card)->tx_super_packets, 1);
	assert_int_equal(card_counters(rings->card)->tx_segments, 3);
	rings_free(rings);
}

static void a_ring_interrupts_by_its_own_registers(void **state)
{
	struct rings *rings = rings_of(*state);
	struct card *card = rings->card;

	card_write(card, RTL_ISR, 2, 0xFFFF);
	post(rings, 2, 0);
	doorbell(card, 2);
	assert_int_equal(card_read(card, RTL_ISR, 2), 0);
	assert_int_equal(card_read(card, RTL_TX_RING(1) + RTL_TX_RING_ISR, 1), 0);
	assert_int_equal(card_read(card, RTL_TX_RING(2) + RTL_TX_RING_ISR, 1), RTL_RING_TOK);
	assert_false(card->device->bus.interrupts[0].asserted);

	/* Latched while masked. */
	nt_interrupt_connect(&card->device->bus.interrupts[0], NULL, NULL);
	card_write(card, RTL_TX_RING(2) + RTL_TX_RING_IMR, 1, RTL_RING_TER);
	assert_false(card->device->bus.interrupts[0].asserted);
	card_write(card, RTL_TX_RING(2) + RTL_TX_RING_IMR, 1, RTL_RING_TOK);
	assert_true(card->device->bus.interrupts[0].asserted);
	assert_int_equal(card_read(card, RTL_TX_RING(2) + RTL_TX_RING_IMR, 1), RTL_RING_TOK);
	assert_int_equal(card_read(card, RTL_TX_RING(1) + RTL_TX_RING_IMR, 1), 0);

	card_write(card, RTL_TX_RING(2) + RTL_TX_RING_ISR, 1, RTL_RING_TER);
	assert_true(card->device->bus.interrupts[0].asserted);
	card_write(card, RTL_TX_RING(2) + RTL_TX_RING_ISR, 1, RTL_RING_TOK);
	assert_false(card->device->bus.interrupts[0].asserted);
	assert_int_equal(card_read(card, RTL_TX_RING(2) + RTL_TX_RING_ISR, 1), 0);
	rings_free(rings);
}

/* Any width does; the doorbell's byte rings, the status byte clears. */
static void one_write_reaches_all_of_it(void **state)
{
	struct rings *rings = rings_of(*state);
	struct card *card = rings->card;

	post(rings, 1, 0);
	card_write(card, RTL_TX_RING(1) + RTL_TX_RING_DOORBELL, 4,
		   1 | RTL_RING_TER << 8 | RTL_RING_TER << 16);
	assert_sent(card, 1);
	assert_int_equal(card_read(card, RTL_TX_RING(1) + RTL_TX_RING_DOORBELL, 4),
			 RTL_RING_TER << 8 | RTL_RING_TOK << 16);
	assert_int_equal(card_read(card, RTL_TX_RING(1), 4), (uint32_t)rings->logical[1]);
	rings_free(rings);
}

static void a_ring_of_address_0_is_none(void **state)
{
	struct rings *rings = rings_of(*state);
	struct card_descriptor *d = post(rings, 1, 0);

	set_ring(rings->card, 1, 0);
	doorbell(rings->card, 1);
	assert_true(owned(d));
	assert_sent(rings->card, 0);
	set_ring(rings->card, 1, rings->logical[1]);
	doorbell(rings->card, 1);
	assert_sent(rings->card, 1);
	rings_free(rings);
}

static void an_address_rewinds_its_ring_alone(void **state)
{
	struct rings *rings = rings_of(*state);

	for (unsigned n = 1; n < 3; n++) {
		post(rings, n, 0);
		doorbell(rings->card, n);
	}
	set_ring(rings->card, 1, rings->logical[1]);
	rings->next[1] = 0;
	for (unsigned n = 1; n < 3; n++) {
		post(rings, n, 1);
		doorbell(rings->card, n);
	}
	assert_marks(rings->card, (uint8_t[]){ 1, 2, 1, 2 }, (uint8_t[]){ 0, 0, 1, 1 }, 4);
	rings_free(rings);
}

static void the_transmitter_is_one(void **state)
{
	struct rings *rings = rings_of(*state);
	struct card *card = rings->card;
	struct card_descriptor *d = post(rings, 3, 0);

	card_write(card, RTL_CMD, 1, RTL_CMD_RE);
	doorbell(card, 3);
	assert_true(owned(d));
	card_write(card, RTL_CMD, 1, RTL_CMD_RE | RTL_CMD_TE);
	doorbell(card, 3);
	assert_sent(card, 1);

	/* A reset forgets them, so that a driver that knows none of them is not surprised. */
	card_write(card, RTL_CMD, 1, RTL_CMD_RST);
	assert_int_equal(card_read(card, RTL_TX_RING(3), 4), 0);
	assert_int_equal(card_read(card, RTL_TX_RING(3) + RTL_TX_RING_ISR, 1), 0);
	card_start(card);
	d = post(rings, 3, 0);
	doorbell(card, 3);
	assert_true(owned(d));
	rings_free(rings);
}

static void a_bad_packet_is_the_rings_error(void **state)
{
	struct rings *rings = rings_of(*state);
	struct card *card = rings->card;

	post(rings, 2, 0)->length = 0;
	post(rings, 2, 1);
	doorbell(card, 2);
	assert_marks(card, (uint8_t[]){ 2 }, (uint8_t[]){ 1 }, 1);
	assert_int_equal(card_read(card, RTL_TX_RING(2) + RTL_TX_RING_ISR, 1),
			 RTL_RING_TOK | RTL_RING_TER);
	assert_int_equal(card_counters(card)->tx_errors, 1);
	assert_true(journal_tells(&card->journal, "transmit ring 2, descriptor 0: "));
	rings_free(rings);
}

static void the_tally_block_has_the_sums(void **state)
{
	struct rings *rings = rings_of(*state);
	struct card *card = rings->card;
	uint64_t block[8] = { 0 }, at;
	uint8_t frame[LENGTH] = { 0 };

	card_send(card, frame, sizeof(frame), 0, 0);
	for (unsigned n = 1; n < RTL_TX_RINGS; n++) {
		post(rings, n, 0);
		doorbell(card, n);
	}
	card->arena_used = (card->arena_used + 63) & ~(size_t)63;
	at = card_store(card, block, sizeof(block));
	card_write(card, RTL_DTCCR + 4, 4, (uint32_t)(at >> 32));
	card_write(card, RTL_DTCCR, 4, (uint32_t)at | RTL_DTCCR_DUMP);
	memcpy(block, card->arena + (at - card->arena_logical), sizeof(block));
	assert_int_equal(block[0], RTL_TX_RINGS); /* sent */
	assert_int_equal(block[2], 0);            /* errors */
	rings_free(rings);
}

static void the_real_chip_has_one(void **state)
{
	struct rings *rings = rings_of(*state);
	struct card_descriptor *d = post(rings, 1, 0);

	assert_int_equal(card_read(rings->card, RTL_EXTENSION, 4), 0);
	doorbell(rings->card, 1);
	assert_true(owned(d));
	assert_int_equal(card_read(rings->card, RTL_TX_RING(1), 4), 0);
	card_write(rings->card, RTL_TX_RING(1) + RTL_TX_RING_IMR, 1, 0xFF);
	assert_int_equal(card_read(rings->card, RTL_TX_RING(1) + RTL_TX_RING_IMR, 1), 0);
	rings_free(rings);
}

/* ---- two processors, a ring each ---- */

/* What came over the wire of each ring; a thread of a ring's own adds to it. */
struct seen {
	uint32_t frames[RTL_TX_RINGS];
	uint32_t out_of_order;
};

/* In whichever thread rings the doorbell: the device has no lock around it. */
static void look_at_frames(void *context, const struct frame *frames, int count)
{
	struct seen *seen = context;

	for (int i = 0; i < count; i++) {
		const uint8_t *bytes = frames[i].iov[0].iov_base;
		uint32_t number;

		memcpy(&number, bytes + MARK + 1, sizeof(number));
		if (number != seen->frames[bytes[MARK]]++)
			__atomic_add_fetch(&seen->out_of_order, 1, __ATOMIC_RELAXED);
	}
}

struct processor {
	struct rings *rings;
	unsigned n;
};

static void *send_many(void *argument)
{
	struct processor *p = argument;
	struct card *card = p->rings->card;
	size_t slots = (size_t)p->n * CARD_TX;

	nt_thread_enter(&card->machine);
	for (uint32_t number = 0; number < MANY; number++) {
		size_t at = (slots + number % CARD_TX) * LENGTH;
		struct card_descriptor *d = &p->rings->ring[p->n][p->rings->next[p->n]];

		while (__atomic_load_n(&d->status, __ATOMIC_ACQUIRE) & RTL_OWN)
			doorbell(card, p->n);
		card->arena[at + MARK] = (uint8_t)p->n;
		memcpy(card->arena + at + MARK + 1, &number, sizeof(number));
		post_at(p->rings, p->n, card->arena_logical + at);
		if (number % 5 == 4 || number == MANY - 1)
			doorbell(card, p->n);
		if (number % 64 == 63)
			card_write(card, RTL_TX_RING(p->n) + RTL_TX_RING_ISR, 1, 0xFF);
	}
	nt_thread_leave();
	return NULL;
}

static void rings_run_at_once(void **state)
{
	struct rings *rings = rings_of(*state);
	struct processor of[RTL_TX_RINGS];
	pthread_t threads[RTL_TX_RINGS];
	struct seen seen = { 0 };

	rings->card->device->wire.context = &seen;
	rings->card->device->wire.send = look_at_frames;
	for (unsigned n = 1; n < RTL_TX_RINGS; n++) {
		of[n] = (struct processor){ rings, n };
		assert_int_equal(pthread_create(&threads[n], NULL, send_many, &of[n]), 0);
	}
	for (unsigned n = 1; n < RTL_TX_RINGS; n++) {
		pthread_join(threads[n], NULL);
		assert_int_equal(seen.frames[n], MANY);
	}
	assert_int_equal(seen.out_of_order, 0);
	assert_int_equal(card_counters(rings->card)->tx_frames, 3 * MANY);
	assert_int_equal(card_counters(rings->card)->tx_errors, 0);
	rings_free(rings);
}

int main(void)
{
#define TEST(name)     cmocka_unit_test_setup_teardown(name, card_set_up, card_tear_down)
#define TEST_EXT(name) cmocka_unit_test_setup_teardown(name, card_set_up_ext, card_tear_down)
	const struct CMUnitTest tests[] = {
		TEST_EXT(each_ring_sends_its_own),
		TEST_EXT(rings_wrap),
		TEST_EXT(offloads_are_those_of_ring_0),
		TEST_EXT(a_ring_interrupts_by_its_own_registers),
		TEST_EXT(one_write_reaches_all_of_it),
		TEST_EXT(a_ring_of_address_0_is_none),
		TEST_EXT(an_address_rewinds_its_ring_alone),
		TEST_EXT(the_transmitter_is_one),
		TEST_EXT(a_bad_packet_is_the_rings_error),
		TEST_EXT(the_tally_block_has_the_sums),
		TEST(the_real_chip_has_one),
		TEST_EXT(rings_run_at_once),
	};

	return cmocka_run_group_tests_name("device rings", tests, NULL, NULL);
}
