/* SPDX-License-Identifier: MIT */
#include "queues.h"

#include <stdlib.h>

/* Windows documentation, "Verifying the RSS hash calculation". */
const uint8_t queues_key[RTL_RSS_KEY_LENGTH] = {
	0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3,
	0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3,
	0x80, 0x30, 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
};

#define BUFFERS (CARD_RX_BUFFER * CARD_RX)

static void *map(struct card *card, size_t length, uint64_t *logical)
{
	void *memory = aligned_alloc(4096, (length + 4095) & ~(size_t)4095);

	assert_non_null(memory);
	memset(memory, 0, length);
	*logical = nt_dma_map(&card->machine.dma, memory, length, UINT64_MAX);
	return memory;
}

struct queues *queues_create(struct card *card)
{
	struct queues *q = calloc(1, sizeof(*q));

	assert_non_null(q);
	q->card = card;
	q->rx[0] = card->rx;
	q->logical[0] = card->rx_logical;
	q->buffers[0] = card->rx_buffers;
	q->buffers_logical[0] = card->rx_buffers_logical;
	for (unsigned n = 1; n < RTL_RX_QUEUES; n++) {
		q->rx[n] = map(card, sizeof(*q->rx[n]) * CARD_RX, &q->logical[n]);
		q->buffers[n] = map(card, BUFFERS, &q->buffers_logical[n]);
		for (int i = 0; i < CARD_RX; i++)
			queues_post(q, n, i);
	}
	return q;
}

void queues_destroy(struct queues *q)
{
	for (unsigned n = 1; n < RTL_RX_QUEUES; n++) {
		nt_dma_unmap(&q->card->machine.dma, q->logical[n]);
		nt_dma_unmap(&q->card->machine.dma, q->buffers_logical[n]);
		free(q->rx[n]);
		free(q->buffers[n]);
	}
	free(q);
}

void queues_set_ring(struct queues *q, unsigned n)
{
	unsigned at = RTL_ERI_RDSAR1 + 8 * (n - 1);

	eri_write(q->card, at, (uint32_t)q->logical[n]);
	eri_write(q->card, at + 4, (uint32_t)(q->logical[n] >> 32));
}

void queues_post(struct queues *q, unsigned n, int i)
{
	struct card_descriptor *d = &q->rx[n][i];

	d->length = CARD_RX_BUFFER;
	d->vlan = 0;
	d->offload = 0;
	d->address = q->buffers_logical[n] + (uint64_t)i * CARD_RX_BUFFER;
	__atomic_store_n(&d->status, RTL_OWN | (i == CARD_RX - 1 ? RTL_EOR : 0), __ATOMIC_RELEASE);
}

int queues_filled(const struct queues *q, unsigned n)
{
	int filled = 0;

	for (int i = 0; i < CARD_RX; i++)
		filled += !(q->rx[n][i].status & RTL_OWN);
	return filled;
}

uint32_t eri_read(struct card *card, unsigned at)
{
	card_write(card, RTL_ERIAR, 4, 0xF000 | at);
	assert_true(card_read(card, RTL_ERIAR, 4) & RTL_ACCESS_FLAG);
	return card_read(card, RTL_ERIDR, 4);
}

void eri_write(struct card *card, unsigned at, uint32_t value)
{
	card_write(card, RTL_ERIDR, 4, value);
	card_write(card, RTL_ERIAR, 4, RTL_ACCESS_FLAG | 0xF000 | at);
}

void rss_key(struct card *card, const uint8_t *key)
{
	for (unsigned i = 0; i < RTL_RSS_KEY_LENGTH; i += 4) {
		uint32_t word;

		memcpy(&word, key + i, 4);
		eri_write(card, RTL_ERI_RSS_KEY + i, word);
	}
}

void rss_table(struct card *card, const unsigned *of, int count)
{
	uint32_t words[RTL_RSS_TABLE_WORDS] = { 0 };

	for (int i = 0; i < 128; i++) {
		words[i / 32] |= (of[i % count] & 1u) << i % 32;
		words[4 + i / 32] |= (of[i % count] >> 1 & 1u) << i % 32;
	}
	for (unsigned i = 0; i < RTL_RSS_TABLE_WORDS; i++)
		card_write(card, RTL_RSS_TABLE + 4 * i, 4, words[i]);
}

void queues_on(struct queues *q)
{
	static const unsigned round_robin[] = { 0, 1, 2, 3 };

	for (unsigned n = 1; n < RTL_RX_QUEUES; n++)
		queues_set_ring(q, n);
	rss_key(q->card, queues_key);
	rss_table(q->card, round_robin, 4);
	eri_write(q->card, RTL_ERI_RSS_CONTROL, RSS_EVERYTHING);
}
