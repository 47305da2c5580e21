/* SPDX-License-Identifier: MIT */
/*
 * A driver that writes at random, and one whose threads reach for everything at once: whatever
 * they say, nothing is touched outside what was mapped, and no two threads meet unlocked.
 *
 * Usage: test_noise [ROUNDS [SEED]]
 */
#include <pthread.h>
#include <stdlib.h>

#include "card.h"
#include "frames.h"
#include "queues.h"
#include "stage/random.h"

#define ONE (RTL_FS | RTL_LS)

static uint32_t rounds = 20000;
static uint64_t seed = 1;

/* A descriptor of noise around a frame that is sometimes a real one. */
static void noise_descriptor(struct card *card, struct random *r)
{
	struct frame_spec spec = { random_one_in(r, 2) ? 4 : 6,
				   random_one_in(r, 3) ? FRAME_UDP : FRAME_TCP,
				   random_below(r, 9000), random_one_in(r, 2), false };
	uint16_t status = (uint16_t)random_next(r) & (uint16_t) ~(RTL_OWN | RTL_EOR);
	uint16_t offload = (uint16_t)random_next(r);
	uint8_t frame[10000];
	size_t length = frame_build(frame, &spec);
	uint64_t at;

	for (uint32_t i = random_below(r, 4); i && random_one_in(r, 2); i--)
		frame[random_below(r, 120)] = (uint8_t)random_next(r);
	at = card_store(card, frame, length);
	if (random_one_in(r, 2)) {
		status = (status & (RTL_FS | RTL_LS)) |
			 (spec.version == 4 ? RTL_TX_LSO_IPV4 : RTL_TX_LSO_IPV6) |
			 (uint16_t)(frame_l4(&spec) << 2);
		offload &= RTL_TX_VLAN | 0x3FF << 2;
	}
	if (!random_one_in(r, 4))
		status |= ONE;
	if (random_one_in(r, 8))
		length = random_below(r, (uint32_t)length + 1);
	if (random_one_in(r, 8)) {
		at = card->arena_logical + random_below(r, CARD_ARENA - 65536);
		length = random_below(r, 65536);
	}
	card_post(card, at, length, status, offload);
}

static void noise_arrives(struct card *card, struct random *r)
{
	struct frame_spec spec = { random_one_in(r, 2) ? 4 : 6, FRAME_TCP, random_below(r, 65000),
				   false, false };
	struct frame_meta meta = { .mss = (uint16_t)random_next(r) };
	static uint8_t frame[66000];
	size_t length;

	if (frame_store_left(&card->wire.coming) == CARD_COMING)
		return;
	if (random_one_in(r, 2))
		spec.payload %= 1500;
	length = frame_build(frame, &spec);
	memcpy(frame, card_mac, 6);
	if (random_one_in(r, 4))
		frame[random_below(r, 80)] ^= (uint8_t)random_next(r);
	if (random_one_in(r, 8))
		length = 1 + random_below(r, (uint32_t)length);
	if (random_one_in(r, 2))
		meta.mss %= 1600;
	if (random_one_in(r, 2)) /* a wire that lies is one that is damaged */
		meta.layout =
			(struct lso_layout){ .l2_type = (uint8_t)random_below(r, 3),
					     .ip_version = (uint8_t)random_below(r, 8),
					     .l4_protocol = random_one_in(r, 2) ? 6 : 17,
					     .l3_offset = (uint16_t)random_below(r, 30),
					     .l4_offset = (uint16_t)(34 + 4 * random_below(r, 20)),
					     .payload_offset =
						     (uint16_t)(54 + 4 * random_below(r, 40)) };
	memory_wire_arrive(&card->wire, frame, length, random_one_in(r, 2) ? &meta : NULL);
}

/* Registers anywhere, but rings and tally block stay where memory is (see the test above). */
static void noise_register(struct card *card, struct random *r)
{
	unsigned width = 1u << random_below(r, 3), at = random_below(r, 0x100) & ~(width - 1);

	if ((at & ~7u) == RTL_TNPDS || (at & ~3u) == RTL_RDSAR || (at & ~3u) == RTL_RDSAR + 4 ||
	    (at & ~7u) == RTL_DTCCR || (at & ~7u) == RTL_ERIDR)
		return;
	/* A link that is lost takes long to come back. */
	if ((at & ~3u) == RTL_PHYAR && !random_one_in(r, 64))
		return;
	card_read(card, at, width);
	card_write(card, at, width, (uint32_t)random_next(r));
}

/* What rtl8168-ext has besides; rings lie where ring 0 does, or nowhere. */
static void noise_extension(struct card *card, struct random *r)
{
	unsigned ring = RTL_TX_RING(1 + random_below(r, 3));

	switch (random_below(r, 4)) {
	case 0:
		card_write(card, RTL_RSC, 4, random_one_in(r, 4) ? 0 : (uint32_t)random_next(r));
		break;
	case 1:
		card_write(card, ring, 4, random_one_in(r, 2) ? 0 : (uint32_t)card->tx_logical);
		break;
	case 2:
		card_write(card, ring + RTL_TX_RING_DOORBELL, 1, (uint32_t)random_next(r));
		break;
	default:
		card_read(card, ring + RTL_TX_RING_ISR, 1);
		card_write(card, ring + RTL_TX_RING_ISR, 1, (uint32_t)random_next(r));
	}
}

/* The RSS engine likewise: any key, control word and table, queues with and without a ring.
 * Return: descriptors that were filled. */
static int noise_rss(struct card *card, struct queues *q, struct random *r)
{
	int filled = 0;
	unsigned queue = 1 + random_below(r, 3), at = random_below(r, 0x1000) & 0xFFC;

	if (random_one_in(r, 8)) {
		queues_on(q);
	} else if (random_one_in(r, 3)) {
		queues_set_ring(q, queue);
	} else if (random_one_in(r, 8)) {
		eri_write(card, RTL_ERI_RDSAR1 + 8 * (queue - 1), 0);
		eri_write(card, RTL_ERI_RDSAR1 + 8 * (queue - 1) + 4, 0);
	} else if (random_one_in(r, 2)) {
		eri_write(card, RTL_ERI_RSS_CONTROL, (uint32_t)random_next(r));
	} else if (at < RTL_ERI_RDSAR1 || at >= RTL_ERI_RDSAR1 + 24) {
		card_write(card, RTL_ERIDR, 4, (uint32_t)random_next(r));
		card_write(card, RTL_ERIAR, 4,
			   ((uint32_t)random_next(r) & ~0xFFCu & ~RTL_ACCESS_FLAG) | at |
				   (random_one_in(r, 2) ? RTL_ACCESS_FLAG : 0));
	}
	for (unsigned n = 1; n < RTL_RX_QUEUES; n++) {
		filled += queues_filled(q, n);
		for (int i = 0; i < CARD_RX; i++) {
			if (random_one_in(r, 2))
				queues_post(q, n, i);
			if (random_one_in(r, 16))
				q->rx[n][i].length = (uint16_t)random_below(r, CARD_RX_BUFFER);
		}
	}
	return filled;
}

static void noise(void **state)
{
	struct card *card = *state;
	struct random random = { seed };
	struct queues *q = queues_create(card);
	int filled = 0;

	print_message("%u rounds, seed %llu\n", rounds, (unsigned long long)seed);
	for (uint32_t i = 0; i < rounds; i++) {
		uint32_t posted = random_below(&random, 5);

		while (posted--)
			noise_descriptor(card, &random);
		card_doorbell(card);
		frame_store_forget(&card->wire.sent);
		while (random_one_in(&random, 2))
			noise_arrives(card, &random);
		device_pump(card->device, (int)random_below(&random, 20));
		for (int n = 0; n < CARD_RX; n++) {
			if (random_one_in(&random, 2))
				card_rx_return(card, n);
			if (random_one_in(&random, 16))
				card->rx[n].length =
					(uint16_t)random_below(&random, CARD_RX_BUFFER);
		}
		if (random_one_in(&random, 4))
			noise_register(card, &random);
		if (random_one_in(&random, 4))
			noise_extension(card, &random);
		if (random_one_in(&random, 4))
			filled += noise_rss(card, q, &random);
		if (random_one_in(&random, 50))
			card_start(card);
		if (random_one_in(&random, 1000))
			device_set_link(card->device, !random_one_in(&random, 4));
	}
	assert_true(filled > 100);
	device_remove(card->device);
	queues_destroy(q);
}

/*
 * One thread rings, two pump, one resets and unplugs, one turns RSS over and posts, while this one
 * posts and rings.
 */
struct crowd {
	struct card *card;
	struct queues *q;
	int what;
	_Atomic bool *stop;
	_Atomic unsigned *spread; /* frames found in queues 1 to 3 */
};

/* A wire that always has a frame, of changing flows, and now and then a super-packet. */
static size_t endless(void *context, const struct iovec *iov, int count, struct frame_meta *meta)
{
	static unsigned frames; /* under the device's receive lock */
	unsigned n = frames++;
	struct frame_spec spec = { n % 2 ? 4 : 6, FRAME_TCP, n % 16 ? 100 : 4000, false, false };
	uint8_t frame[5000];
	size_t length = frame_build(frame, &spec);

	memcpy(frame, card_mac, 6);
	frame[frame_l4(&spec) + 1] = (uint8_t)n;
	frame_write(iov, count, 0, frame, length);
	meta->mss = n % 16 ? 0 : 1000;
	return length;
}

static unsigned repost(struct queues *q)
{
	unsigned spread = 0;

	for (unsigned n = 0; n < RTL_RX_QUEUES; n++) {
		for (int i = 0; i < CARD_RX; i++) {
			if (__atomic_load_n(&q->rx[n][i].status, __ATOMIC_ACQUIRE) & RTL_OWN)
				continue;
			spread += n > 0;
			queues_post(q, n, i);
		}
	}
	return spread;
}

/* An ISR for all four, which the threads reach at once. */
static BOOLEAN quieten(void *context)
{
	struct card *card = context;
	uint32_t status = card_read(card, RTL_ISR, 2), others = card_read(card, RTL_ISR1, 2);
	uint32_t last = card_read(card, RTL_ISR3, 1);

	card_write(card, RTL_ISR, 2, status);
	card_write(card, RTL_ISR1, 2, others);
	card_write(card, RTL_ISR3, 1, last);
	return status || others || last;
}

static void turn_over(struct crowd *c, unsigned round)
{
	struct card *card = c->card;
	const unsigned of[] = { round, round / 2, 3, 1 };

	card_write(card, RTL_RSC, 4, round % 4 < 2 ? RTL_RSC_BITS : 0);
	rss_table(card, of, 4);
	queues_set_ring(c->q, 1 + round % 3);
	eri_write(card, RTL_ERI_RSS_CONTROL, round % 3 ? RSS_EVERYTHING : 0);
	card_write(card, RTL_IMR1, 2, round % 2 ? 0xFFFF : 0);
	card_write(card, RTL_IMR3, 1, round % 2 ? 0xFF : 0);
	card_write(card, RTL_ISR1, 2, 0xFFFF);
	card_write(card, RTL_ISR3, 1, 0xFF);
	*c->spread += repost(c->q);
}

static void *member(void *argument)
{
	struct crowd *c = argument;
	struct card *card = c->card;
	bool up = false;

	nt_thread_enter(&card->machine);
	for (unsigned round = 0; !*c->stop; round++) {
		if (c->what == 0) {
			card_doorbell(card);
		} else if (c->what == 1) {
			device_set_link(card->device, up = !up);
			card_write(card, RTL_IMR, 2, up ? 0xFFFF : 0);
			if (round % 16 == 0)
				card_write(card, RTL_CMD, 1, RTL_CMD_RST);
			card_write(card, RTL_CMD, 1, RTL_CMD_TE);
			card_write(card, RTL_CMD, 1, RTL_CMD_TE | RTL_CMD_RE);
			card_write(card, RTL_RCR, 4, RTL_RCR_PHYSICAL);
		} else if (c->what == 2) {
			turn_over(c, round);
		} else {
			device_pump(card->device, 4);
			device_receive_ready(card->device);
		}
	}
	nt_thread_leave();
	return NULL;
}

static void threads_may_meet(void **state)
{
	struct card *card = *state;
	_Atomic bool stop = false;
	_Atomic unsigned spread = 0;
	struct crowd crowd[5];
	pthread_t threads[5];
	uint8_t frame[64] = { 0 };
	struct queues *q = queues_create(card);

	card->device->wire.receive = endless;
	nt_interrupt_connect(&card->device->bus.interrupts[0], quieten, card);
	for (int i = 0; i < 5; i++) {
		crowd[i] = (struct crowd){ card, q, i, &stop, &spread };
		assert_int_equal(pthread_create(&threads[i], NULL, member, &crowd[i]), 0);
	}
	for (uint32_t i = 0; i < rounds / 10 || (!spread && i < 1000 * rounds); i++) {
		uint64_t at = card_store(card, frame, sizeof(frame));
		struct card_descriptor *d = &card->tx[card->tx_next];

		d->length = sizeof(frame);
		d->offload = 0;
		d->address = at;
		__atomic_store_n(&d->status,
				 ONE | RTL_OWN | (card->tx_next == CARD_TX - 1 ? RTL_EOR : 0),
				 __ATOMIC_RELEASE);
		card->tx_next = (card->tx_next + 1) % CARD_TX;
		card_doorbell(card);
	}
	stop = true;
	for (int i = 0; i < 5; i++)
		pthread_join(threads[i], NULL);
	assert_true(spread > 0);
	device_remove(card->device);
	queues_destroy(q);
}

int main(int argc, char **argv)
{
#define TEST(name)     cmocka_unit_test_setup_teardown(name, card_set_up, card_tear_down)
#define TEST_EXT(name) cmocka_unit_test_setup_teardown(name, card_set_up_ext, card_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(noise),
		TEST(threads_may_meet),
		TEST_EXT(noise),
		TEST_EXT(threads_may_meet),
	};

	if (argc > 1)
		rounds = (uint32_t)strtoul(argv[1], NULL, 0);
	if (argc > 2)
		seed = strtoull(argv[2], NULL, 0);
	return cmocka_run_group_tests_name("device noise", tests, NULL, NULL);
}
