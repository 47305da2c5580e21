/* SPDX-License-Identifier: MIT */
/* The tally counters: dumped by DMA as a 64-byte block, cleared by moving the base line. */
#include <string.h>

#include "device/rtl8168/model.h"

/* As it lies in memory, little endian. */
struct tally_block {
	uint64_t tx_ok, rx_ok, tx_error;
	uint32_t rx_error;
	uint16_t rx_missed, alignment;
	uint32_t one_collision, more_collisions;
	uint64_t rx_physical, rx_broadcast;
	uint32_t rx_multicast;
	uint16_t tx_aborted, tx_underrun;
};

_Static_assert(sizeof(struct tally_block) == 64, "the tally block is 64 bytes");

static void dump(struct rtl8168 *r, const struct rtl_tally *now, uint64_t address)
{
	const struct rtl_tally *base = &r->tally_base;
	struct tally_block block = {
		.tx_ok = now->tx_ok - base->tx_ok,
		.rx_ok = now->rx_ok - base->rx_ok,
		.tx_error = now->tx_error - base->tx_error,
		.rx_error = (uint32_t)(now->rx_error - base->rx_error),
		.rx_missed = (uint16_t)(now->rx_missed - base->rx_missed),
		.rx_physical = now->rx_physical - base->rx_physical,
		.rx_broadcast = now->rx_broadcast - base->rx_broadcast,
		.rx_multicast = (uint32_t)(now->rx_multicast - base->rx_multicast),
	};

	memcpy(rtl_dma(r, address, sizeof(block), "tally counter block"), &block, sizeof(block));
}

void rtl_tally_command(struct rtl8168 *r, uint64_t dtccr)
{
	struct rtl_tally now;

	count_copy(&now, &r->tally, sizeof(now));
#define ADD(name) count_add(&now.name, count_read(&r->tx[i].tally.name));
	for (unsigned i = 0; i < r->tx_rings; i++) {
		RTL_TALLY(ADD)
	}
#undef ADD
	if (dtccr & RTL_DTCCR_DUMP)
		dump(r, &now, dtccr & ~(uint64_t)0x3F);
	if (dtccr & RTL_DTCCR_CLEAR)
		count_copy(&r->tally_base, &now, sizeof(now));
}
