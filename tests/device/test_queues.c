/* SPDX-License-Identifier: MIT */
/* Four receive queues: which ring a frame lands in, and which interrupt tells of it. */
#include "frames.h"
#include "queues.h"

struct rig {
	struct card *card;
	struct queues *q;
	int interrupts;
	uint8_t seen[RTL_RX_QUEUES]; /* status that the ISR found, of queue 0 the low half */
};

static const unsigned isr_at[] = { RTL_ISR, RTL_ISR1, RTL_ISR2, RTL_ISR3 };
static const unsigned imr_at[] = { RTL_IMR, RTL_IMR1, RTL_IMR2, RTL_IMR3 };

/* As a driver with several queues has it: look at all four, clear what was found. */
static BOOLEAN isr(void *context)
{
	struct rig *rig = context;
	BOOLEAN ours = FALSE;

	for (int n = 0; n < RTL_RX_QUEUES; n++) {
		uint8_t status = (uint8_t)card_read(rig->card, isr_at[n], 1);

		rig->seen[n] |= status;
		card_write(rig->card, isr_at[n], 1, status);
		ours = ours || status;
	}
	rig->interrupts += ours;
	return ours;
}

static int set_up(void **state)
{
	static struct rig rig;

	rig = (struct rig){ .card = card_create("rtl8168", true) };
	card_start(rig.card);
	rig.q = queues_create(rig.card);
	queues_on(rig.q);
	nt_interrupt_connect(&rig.card->device->bus.interrupts[0], isr, &rig);
	*state = &rig;
	return 0;
}

static int tear_down(void **state)
{
	struct rig *rig = *state;

	nt_interrupt_connect(&rig->card->device->bus.interrupts[0], NULL, NULL);
	device_remove(rig->card->device);
	queues_destroy(rig->q);
	card_destroy(rig->card);
	return 0;
}

/* A TCP frame for us that hashes to queue @n; @mark tells it from others. */
static size_t frame_for(unsigned n, size_t payload, uint8_t mark, uint8_t *frame)
{
	struct frame_spec spec = { 4, FRAME_TCP, payload, true, false };
	struct rtl_rss rss = { .control = RSS_EVERYTHING };
	size_t length;
	uint32_t hash;

	memcpy(rss.key, queues_key, sizeof(rss.key));
	for (uint16_t port = 1;; port++) {
		length = frame_build(frame, &spec);
		memcpy(frame, card_mac, 6);
		frame[34] = (uint8_t)(port >> 8);
		frame[35] = (uint8_t)port;
		assert_int_not_equal(0, rtl_rss_hash(&rss, frame, length, &hash));
		if (hash % 4 == n)
			break;
	}
	frame[66] = mark; /* the checksum no longer holds, and nobody asks for it */
	return length;
}

static void arrive(struct rig *rig, unsigned n, uint8_t mark)
{
	uint8_t frame[256];
	size_t length = frame_for(n, 60, mark, frame);

	memory_wire_arrive(&rig->card->wire, frame, length, NULL);
}

static uint8_t mark_in(const struct rig *rig, unsigned n, int i)
{
	return rig->q->buffers[n][i * CARD_RX_BUFFER + 66];
}

static void assert_filled(const struct rig *rig, int q0, int q1, int q2, int q3)
{
	assert_int_equal(queues_filled(rig->q, 0), q0);
	assert_int_equal(queues_filled(rig->q, 1), q1);
	assert_int_equal(queues_filled(rig->q, 2), q2);
	assert_int_equal(queues_filled(rig->q, 3), q3);
}

static void each_frame_lands_in_its_queue(void **state)
{
	struct rig *rig = *state;
	static const unsigned order[] = { 3, 0, 2, 2, 1, 3, 0, 3, 1, 3 };
	uint8_t frame[256];
	int next[RTL_RX_QUEUES] = { 0 };

	for (uint8_t i = 0; i < 10; i++)
		arrive(rig, order[i], i + 1);
	assert_int_equal(device_pump(rig->card->device, 64), 10);
	assert_filled(rig, 2, 2, 2, 4);
	for (uint8_t i = 0; i < 10; i++) {
		unsigned n = order[i];
		size_t length = frame_for(n, 60, i + 1, frame);
		const struct card_descriptor *d = &rig->q->rx[n][next[n]];

		assert_int_equal(d->length, length + 4);
		assert_int_equal(d->status, RTL_FS | RTL_LS | RTL_RX_PHYSICAL);
		assert_memory_equal(rig->q->buffers[n] + next[n] * CARD_RX_BUFFER, frame, length);
		next[n]++;
	}
	assert_int_equal(card_counters(rig->card)->rx_frames, 10);
}

/* ARP and the like have no hash; broadcasts with one follow it, as any frame. */
static void what_is_not_hashed_is_queue_0s(void **state)
{
	struct rig *rig = *state;
	uint8_t arp[42];

	memset(arp, 0xFF, sizeof(arp));
	arp[12] = 0x08;
	arp[13] = 0x06;
	memset(rig->q->buffers[0], 0xEE, 64);
	memory_wire_arrive(&rig->card->wire, arp, sizeof(arp), NULL);
	assert_int_equal(device_pump(rig->card->device, 64), 1);
	assert_filled(rig, 1, 0, 0, 0);
	assert_int_equal(rig->q->rx[0][0].length, 64); /* padded, CRC */
	assert_int_equal(rig->q->buffers[0][59], 0);
}

static void the_filter_and_the_sizes_hold(void **state)
{
	struct rig *rig = *state;
	uint8_t frame[4096];
	size_t length = frame_for(1, 60, 0, frame);
	struct device_counters c;

	frame[0] ^= 4;
	memory_wire_arrive(&rig->card->wire, frame, length, NULL);
	memory_wire_arrive(&rig->card->wire, frame, 13, NULL);
	length = frame_for(1, 3000, 0, frame);
	memory_wire_arrive(&rig->card->wire, frame, length, NULL);
	assert_int_equal(device_pump(rig->card->device, 64), 3);
	assert_filled(rig, 0, 0, 0, 0);
	c = *card_counters(rig->card);
	assert_int_equal(c.rx_filtered, 1);
	assert_int_equal(c.rx_errors, 2);
	assert_true(card_read(rig->card, RTL_ISR, 2) & RTL_RER);
	arrive(rig, 1, 9);
	assert_int_equal(device_pump(rig->card->device, 64), 1);
	assert_int_equal(mark_in(rig, 1, 0), 9);
}

/* Status latches in the queue's own register and interrupts by its own mask. */
static void each_queue_has_its_interrupt(void **state)
{
	struct rig *rig = *state;

	for (unsigned n = 0; n < RTL_RX_QUEUES; n++) {
		arrive(rig, n, 1);
		assert_int_equal(device_pump(rig->card->device, 64), 1);
		assert_int_equal(rig->interrupts, 0); /* masked */
		for (unsigned other = 0; other < RTL_RX_QUEUES; other++)
			assert_int_equal(card_read(rig->card, isr_at[other], 1),
					 other == n ? RTL_ROK : 0);
		for (unsigned other = 0; other < RTL_RX_QUEUES; other++) {
			if (other != n)
				card_write(rig->card, imr_at[other], 1, 0xFF);
		}
		assert_int_equal(rig->interrupts, 0);
		card_write(rig->card, imr_at[n], 1, RTL_QUEUE_ROK);
		assert_int_equal(rig->interrupts, 1);
		assert_int_equal(rig->seen[n], RTL_ROK);
		assert_int_equal(card_read(rig->card, isr_at[n], 1), 0);
		assert_int_equal(card_read(rig->card, imr_at[n], 1), RTL_QUEUE_ROK);
		assert_false(rig->card->device->bus.interrupts[0].asserted);
		for (unsigned other = 0; other < RTL_RX_QUEUES; other++)
			card_write(rig->card, imr_at[other], 1, 0);
		rig->interrupts = 0;
	}
}

/* The line is up as long as any of the four has a reason. */
static void the_line_is_the_level_of_all(void **state)
{
	struct rig *rig = *state;
	const struct nt_interrupt *line = &rig->card->device->bus.interrupts[0];

	nt_interrupt_connect(&rig->card->device->bus.interrupts[0], NULL, NULL);
	for (unsigned n = 0; n < RTL_RX_QUEUES; n++) {
		card_write(rig->card, imr_at[n], 1, RTL_QUEUE_ROK);
		arrive(rig, n, 1);
	}
	device_pump(rig->card->device, 64);
	for (unsigned n = 0; n < RTL_RX_QUEUES; n++) {
		assert_true(line->asserted);
		/* writing 0, or the other bit, clears nothing */
		card_write(rig->card, isr_at[n], 1, RTL_QUEUE_RDU);
		assert_int_equal(card_read(rig->card, isr_at[n], 1), RTL_QUEUE_ROK);
		card_write(rig->card, isr_at[n], 1, 0xFF);
	}
	assert_false(line->asserted);
}

/* IMR1, IMR2, ISR1, ISR2 lie side by side, and so do IMR3 and ISR3. */
static void an_access_may_take_several(void **state)
{
	struct rig *rig = *state;

	nt_interrupt_connect(&rig->card->device->bus.interrupts[0], NULL, NULL);
	for (unsigned n = 1; n < RTL_RX_QUEUES; n++)
		arrive(rig, n, 1);
	device_pump(rig->card->device, 64);
	card_write(rig->card, 0x82, 4, 0x00025544); /* two others, IMR1 = 2, IMR2 = 0 */
	assert_int_equal(card_read(rig->card, 0x82, 2), 0x5544);
	assert_int_equal(card_read(rig->card, 0x84, 4), 0x01010002);
	assert_int_equal(card_read(rig->card, 0x82, 4), 0x00025544);
	card_write(rig->card, 0x84, 4, 0x01000302);
	assert_int_equal(card_read(rig->card, 0x84, 4), 0x00010302);
	card_write(rig->card, 0xC0, 2, 0x0103);
	assert_int_equal(card_read(rig->card, 0xBE, 4), 0x00030000);
	assert_int_equal(card_read(rig->card, 0xC0, 4), 0x00000003);
}

/* A frame whose queue has no descriptor is kept, and the ones behind it wait on the wire. */
static void a_dry_queue_holds_the_rest(void **state)
{
	struct rig *rig = *state;

	for (uint8_t i = 0; i < CARD_RX + 2; i++)
		arrive(rig, 2, i);
	arrive(rig, 1, 77);
	card_write(rig->card, RTL_IMR2, 1, RTL_QUEUE_RDU);
	assert_true(device_receive_ready(rig->card->device));
	assert_int_equal(device_pump(rig->card->device, 64), CARD_RX);
	assert_false(device_receive_ready(rig->card->device));
	assert_filled(rig, 0, 0, CARD_RX, 0);
	assert_int_equal(rig->seen[2], RTL_QUEUE_ROK | RTL_QUEUE_RDU);
	assert_int_equal(rig->interrupts, 1);
	assert_int_equal(device_pump(rig->card->device, 64), 0);
	assert_int_equal(rig->interrupts, 1); /* RDU once for one lack */
	assert_int_equal(card_read(rig->card, RTL_ISR, 2) & (RTL_RDU | RTL_ROK), 0);
	assert_true(rig->q->rx[2][CARD_RX - 1].status & RTL_EOR);

	queues_post(rig->q, 2, 0);
	assert_int_equal(device_pump(rig->card->device, 64), 1);
	assert_int_equal(mark_in(rig, 2, 0), CARD_RX);
	assert_int_equal(rig->interrupts, 2);
	queues_post(rig->q, 2, 1);
	assert_int_equal(device_pump(rig->card->device, 64), 2);
	assert_int_equal(mark_in(rig, 2, 1), CARD_RX + 1);
	assert_int_equal(mark_in(rig, 1, 0), 77);
	assert_true(device_receive_ready(rig->card->device));
	assert_int_equal(card_counters(rig->card)->rx_missed, 0);
}

static void a_super_packet_stays_together(void **state)
{
	struct rig *rig = *state;
	struct frame_meta meta = { .mss = 500,
				   .layout = { .l2_type = LSO_L2_ETHERNET,
					       .ip_version = 4,
					       .l4_protocol = 6,
					       .l3_offset = 14,
					       .l4_offset = 34,
					       .payload_offset = 66 } };
	uint8_t frame[8192];

	for (unsigned n = 0; n < RTL_RX_QUEUES; n++) {
		size_t length = frame_for(n, 3000, 0, frame);

		memory_wire_arrive(&rig->card->wire, frame, length, &meta);
	}
	assert_int_equal(device_pump(rig->card->device, 64), 24);
	assert_filled(rig, 6, 6, 6, 6);
	for (unsigned n = 0; n < RTL_RX_QUEUES; n++) {
		for (int i = 0; i < 6; i++) {
			const uint8_t *at = rig->q->buffers[n] + i * CARD_RX_BUFFER;

			assert_int_equal(rig->q->rx[n][i].length, 566 + 4);
			/* sequence numbers: 77 and then 500 each */
			assert_int_equal(at[38] << 24 | at[39] << 16 | at[40] << 8 | at[41],
					 77 + i * 500);
		}
	}
}

/* A ring that was never set has no driver behind it; nor has one that was taken away. */
static void without_a_ring_frames_go_to_queue_0(void **state)
{
	struct rig *rig = *state;

	eri_write(rig->card, RTL_ERI_RDSAR1 + 8, 0);
	eri_write(rig->card, RTL_ERI_RDSAR1 + 12, 0);
	arrive(rig, 2, 5);
	arrive(rig, 3, 6);
	assert_int_equal(device_pump(rig->card->device, 64), 2);
	assert_filled(rig, 1, 0, 0, 1);
	assert_int_equal(mark_in(rig, 0, 0), 5);
	assert_int_equal(card_read(rig->card, RTL_ISR, 2) & RTL_ROK, RTL_ROK);
	assert_int_equal(card_read(rig->card, RTL_ISR2, 1), 0);
}

/* Queues start in any order: with queue 0's ring yet to come its frames wait. */
static void queue_0_may_start_last(void **state)
{
	struct rig *rig = *state;

	card_write(rig->card, RTL_CMD, 1, RTL_CMD_TE);
	card_write(rig->card, RTL_RDSAR, 4, 0);
	card_write(rig->card, RTL_RDSAR + 4, 4, 0);
	card_write(rig->card, RTL_CMD, 1, RTL_CMD_TE | RTL_CMD_RE);
	arrive(rig, 1, 1);
	arrive(rig, 0, 2);
	assert_int_equal(device_pump(rig->card->device, 64), 1);
	assert_filled(rig, 0, 1, 0, 0);
	assert_false(device_receive_ready(rig->card->device));
	card_start(rig->card);
	assert_int_equal(device_pump(rig->card->device, 64), 1);
	assert_int_equal(mark_in(rig, 0, 0), 2);
}

/* Drivers write it in two accesses, in either order, with the receiver on for another queue. */
static void half_an_address_is_no_ring(void **state)
{
	struct rig *rig = *state;
	struct card *card = rig->card;
	unsigned at = RTL_ERI_RDSAR1 + 8;

	eri_write(card, at, 0x12345600);
	arrive(rig, 2, 1);
	assert_int_equal(device_pump(card->device, 64), 1);
	assert_filled(rig, 1, 0, 0, 0);
	queues_set_ring(rig->q, 2);
	arrive(rig, 2, 2);
	assert_int_equal(device_pump(card->device, 64), 1);
	assert_filled(rig, 1, 0, 1, 0);

	eri_write(card, at + 4, (uint32_t)(rig->q->logical[2] >> 32));
	arrive(rig, 2, 3);
	assert_int_equal(device_pump(card->device, 64), 1);
	assert_filled(rig, 2, 0, 1, 0);
	eri_write(card, at, (uint32_t)rig->q->logical[2]);

	/* Queue 0's frames have nowhere else to go, and wait. */
	card_write(card, RTL_RDSAR, 4, 0x12345600);
	arrive(rig, 0, 4);
	assert_int_equal(device_pump(card->device, 64), 0);
	card_rx_return(card, 0);
	card_write(card, RTL_RDSAR, 4, (uint32_t)card->rx_logical);
	card_write(card, RTL_RDSAR + 4, 4, (uint32_t)(card->rx_logical >> 32));
	assert_int_equal(device_pump(card->device, 64), 1);
	assert_int_equal(mark_in(rig, 0, 0), 4);
}

static void switched_off_all_is_queue_0s(void **state)
{
	struct rig *rig = *state;

	for (uint8_t i = 0; i < CARD_RX + 1; i++)
		arrive(rig, 3, i);
	assert_int_equal(device_pump(rig->card->device, 64), CARD_RX);
	/* One is held for queue 3, at which nobody may look any more. */
	eri_write(rig->card, RTL_ERI_RSS_CONTROL, 0);
	arrive(rig, 1, 99);
	assert_int_equal(device_pump(rig->card->device, 64), 2);
	assert_filled(rig, 2, 0, 0, CARD_RX);
	assert_int_equal(mark_in(rig, 0, 0), CARD_RX);
	assert_int_equal(mark_in(rig, 0, 1), 99);
	/* And on again, mid-ring. */
	eri_write(rig->card, RTL_ERI_RSS_CONTROL, RSS_EVERYTHING);
	arrive(rig, 1, 98);
	arrive(rig, 0, 97);
	assert_int_equal(device_pump(rig->card->device, 64), 2);
	assert_filled(rig, 3, 1, 0, CARD_RX);
}

/* A new table counts from the next frame on. */
static void the_table_may_change(void **state)
{
	struct rig *rig = *state;
	static const unsigned all_in_1[] = { 1 }, turned[] = { 3, 2, 1, 0 };

	rss_table(rig->card, all_in_1, 1);
	for (unsigned n = 0; n < RTL_RX_QUEUES; n++)
		arrive(rig, n, 1);
	device_pump(rig->card->device, 64);
	assert_filled(rig, 0, 4, 0, 0);
	rss_table(rig->card, turned, 4);
	arrive(rig, 3, 1);
	arrive(rig, 1, 1);
	device_pump(rig->card->device, 64);
	assert_filled(rig, 1, 4, 1, 0);
}

/* RE off loses what comes and what was held; on again all four rings begin at their base. */
static void the_receiver_goes_off_and_on(void **state)
{
	struct rig *rig = *state;

	for (unsigned n = 0; n < RTL_RX_QUEUES; n++)
		arrive(rig, n, 1);
	for (uint8_t i = 0; i < CARD_RX; i++)
		arrive(rig, 2, 1);
	device_pump(rig->card->device, 64);
	assert_filled(rig, 1, 1, CARD_RX, 1); /* and one held */
	card_write(rig->card, RTL_CMD, 1, RTL_CMD_TE);
	arrive(rig, 1, 2);
	assert_int_equal(device_pump(rig->card->device, 64), 1);
	assert_int_equal(card_counters(rig->card)->rx_missed, 1);
	for (unsigned n = 0; n < RTL_RX_QUEUES; n++) {
		for (int i = 0; i < CARD_RX; i++)
			queues_post(rig->q, n, i);
	}
	card_write(rig->card, RTL_CMD, 1, RTL_CMD_TE | RTL_CMD_RE);
	for (unsigned n = 0; n < RTL_RX_QUEUES; n++)
		arrive(rig, n, (uint8_t)(50 + n));
	assert_int_equal(device_pump(rig->card->device, 64), 4);
	for (unsigned n = 0; n < RTL_RX_QUEUES; n++)
		assert_int_equal(mark_in(rig, n, 0), 50 + n);
	assert_filled(rig, 1, 1, 1, 1);
}

/* A ring's address takes it back to its base, and leaves the others where they are. */
static void a_new_ring_begins_at_its_base(void **state)
{
	struct rig *rig = *state;

	for (unsigned n = 0; n < RTL_RX_QUEUES; n++)
		arrive(rig, n, 1);
	device_pump(rig->card->device, 64);
	queues_post(rig->q, 2, 0);
	queues_set_ring(rig->q, 2);
	for (unsigned n = 0; n < RTL_RX_QUEUES; n++)
		arrive(rig, n, 2);
	assert_int_equal(device_pump(rig->card->device, 64), 4);
	assert_filled(rig, 2, 2, 1, 2);
	assert_int_equal(mark_in(rig, 2, 0), 2);
}

static void reset_forgets_the_queues(void **state)
{
	struct rig *rig = *state;

	for (unsigned n = 0; n < RTL_RX_QUEUES; n++) {
		card_write(rig->card, imr_at[n], 1, RTL_QUEUE_RDU);
		arrive(rig, n, 1);
	}
	device_pump(rig->card->device, 64);
	card_write(rig->card, RTL_CMD, 1, RTL_CMD_RST);
	for (unsigned n = 0; n < RTL_RX_QUEUES; n++) {
		assert_int_equal(card_read(rig->card, isr_at[n], 1), 0);
		assert_int_equal(card_read(rig->card, imr_at[n], 1), 0);
	}
	assert_int_equal(eri_read(rig->card, RTL_ERI_RSS_CONTROL), 0);
	assert_int_equal(eri_read(rig->card, RTL_ERI_RDSAR1), 0);
	assert_int_equal(card_read(rig->card, RTL_RSS_TABLE, 4), 0);
	card_start(rig->card);
	for (unsigned n = 0; n < RTL_RX_QUEUES; n++)
		arrive(rig, n, 2);
	assert_int_equal(device_pump(rig->card->device, 64), 4);
	assert_filled(rig, 4, 1, 1, 1);
}

static void a_removed_card_has_no_queues(void **state)
{
	struct rig *rig = *state;

	arrive(rig, 1, 1);
	card_write(rig->card, RTL_IMR1, 1, RTL_QUEUE_ROK | RTL_QUEUE_RDU);
	device_remove(rig->card->device);
	device_pump(rig->card->device, 64);
	assert_filled(rig, 0, 0, 0, 0);
	assert_int_equal(rig->interrupts, 0);
	for (unsigned n = 1; n < RTL_RX_QUEUES; n++) {
		assert_int_equal(card_read(rig->card, isr_at[n], 1), 0xFF);
		assert_int_equal(card_read(rig->card, imr_at[n], 1), 0xFF);
	}
	assert_int_equal(card_read(rig->card, RTL_RSS_TABLE, 4), 0xFFFFFFFF);
}

static void the_tally_counts_all_queues(void **state)
{
	struct rig *rig = *state;
	uint64_t at = rig->card->arena_logical, ok;

	for (unsigned n = 0; n < RTL_RX_QUEUES; n++)
		arrive(rig, n, 1);
	device_pump(rig->card->device, 64);
	card_write(rig->card, RTL_DTCCR + 4, 4, (uint32_t)(at >> 32));
	card_write(rig->card, RTL_DTCCR, 4, (uint32_t)at | RTL_DTCCR_DUMP);
	memcpy(&ok, rig->card->arena + 8, sizeof(ok));
	assert_int_equal(ok, 4);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(each_frame_lands_in_its_queue),
		TEST(what_is_not_hashed_is_queue_0s),
		TEST(the_filter_and_the_sizes_hold),
		TEST(each_queue_has_its_interrupt),
		TEST(the_line_is_the_level_of_all),
		TEST(an_access_may_take_several),
		TEST(a_dry_queue_holds_the_rest),
		TEST(a_super_packet_stays_together),
		TEST(without_a_ring_frames_go_to_queue_0),
		TEST(queue_0_may_start_last),
		TEST(half_an_address_is_no_ring),
		TEST(switched_off_all_is_queue_0s),
		TEST(the_table_may_change),
		TEST(the_receiver_goes_off_and_on),
		TEST(a_new_ring_begins_at_its_base),
		TEST(reset_forgets_the_queues),
		TEST(a_removed_card_has_no_queues),
		TEST(the_tally_counts_all_queues),
	};

	return cmocka_run_group_tests_name("device queues", tests, NULL, NULL);
}
