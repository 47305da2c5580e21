/* SPDX-License-Identifier: MIT */
/* A driver with four receive queues: rings and buffers for queues 1 to 3, and the RSS registers. */
#ifndef TESTS_DEVICE_QUEUES_H
#define TESTS_DEVICE_QUEUES_H

#include "card.h"
#include "device/rtl8168/model.h"

extern const uint8_t queues_key[RTL_RSS_KEY_LENGTH]; /* of Microsoft's verification suite */

/* [0] is the card's own ring. */
struct queues {
	struct card *card;
	struct card_descriptor *rx[RTL_RX_QUEUES];
	uint64_t logical[RTL_RX_QUEUES];
	uint8_t *buffers[RTL_RX_QUEUES];
	uint64_t buffers_logical[RTL_RX_QUEUES];
};

/* queues_create() - CARD_RX descriptors each, posted; the registers are as they were. */
struct queues *queues_create(struct card *card);
void queues_destroy(struct queues *q);

/* queues_set_ring() - tell the device where queue @n, 1 to 3, has its ring. */
void queues_set_ring(struct queues *q, unsigned n);
/* queues_post() - descriptor @i of queue @n goes to the device */
void queues_post(struct queues *q, unsigned n, int i);
/* queues_filled() - how many of queue @n's descriptors hold a frame */
int queues_filled(const struct queues *q, unsigned n);

uint32_t eri_read(struct card *card, unsigned at);
void eri_write(struct card *card, unsigned at, uint32_t value);
/* rss_key() - 40 bytes */
void rss_key(struct card *card, const uint8_t *key);
/* rss_table() - entry i of 128 stands for queue of[i % count] */
void rss_table(struct card *card, const unsigned *of, int count);

#define RSS_EVERYTHING                                                                  \
	(RTL_RSS_ENABLE | 7 << 8 | RTL_RSS_TCP_IPV4 | RTL_RSS_IPV4 | RTL_RSS_TCP_IPV6 | \
	 RTL_RSS_IPV6)

/* queues_on() - all rings, the key, entry i for queue i % 4, and RSS_EVERYTHING */
void queues_on(struct queues *q);

#endif
