/* SPDX-License-Identifier: MIT */
/*
 * What reads and writes of registers do. A driver may use any width: a register that does
 * something does it when the byte with its command bit is written.
 */
#include "device/rtl8168/model.h"

/* What is left to do once the registers lock is let go. */
enum follow_up {
	FOLLOW_SWINT = 1,
	FOLLOW_LINE = 2,
	FOLLOW_LINK = 4,
	FOLLOW_POLL = 16, /* scan transmit ring 0; the further ones' bits follow */
};

static uint64_t all_ones(unsigned width)
{
	return width >= 8 ? UINT64_MAX : (1ull << (8 * width)) - 1;
}

static bool touches(unsigned offset, unsigned width, unsigned from, unsigned length)
{
	return offset < from + length && from < offset + width;
}

/* Interrupt registers alone: they need no lock, and drivers reach for them all the time. */
static bool interrupts_only(unsigned at, unsigned width)
{
	return (at >= RTL_IMR && at + width <= RTL_TCR) ||
	       (at >= RTL_IMR1 && at + width <= RTL_ISR2 + 1) ||
	       (at >= RTL_IMR3 && at + width <= RTL_ISR3 + 1) ||
	       (at >= RTL_TX_RING1 && at < RTL_TX_RING(RTL_TX_RINGS) &&
		(at & 0xF) >= RTL_TX_RING_IMR && (at & 0xF) + width <= RTL_TX_RING_ISR + 1);
}

static bool touches_interrupts(unsigned at, unsigned width)
{
	return touches(at, width, RTL_IMR, 4) || touches(at, width, RTL_IMR1, 4) ||
	       touches(at, width, RTL_IMR3, 2) ||
	       touches(at, width, RTL_TX_RING1, RTL_TX_RING(RTL_TX_RINGS) - RTL_TX_RING1);
}

uint64_t rtl_read(void *context, uint64_t offset, unsigned width)
{
	struct rtl8168 *r = context;
	unsigned at = (unsigned)offset;
	uint64_t value;

	if (r->device.removed)
		return all_ones(width);
	if (interrupts_only(at, width)) {
		value = rtl_interrupt_read(r, at, width);
		rtl_line_settle(r);
		return value;
	}

	pthread_mutex_lock(&r->registers_lock);
	value = rtl_file_get(r, at, width);
	pthread_mutex_unlock(&r->registers_lock);
	if (touches_interrupts(at, width))
		value |= rtl_interrupt_read(r, at, width);
	return value;
}

/* Ring addresses and RSC: the rest of the page is doorbells, interrupts, and nothing. */
static uint8_t extension_writable(const struct rtl8168 *r, unsigned at)
{
	if (at >= RTL_RSC && at < RTL_RSC + 4 && r->extension & RTL_EXTENSION_RSC)
		return (uint8_t)(RTL_RSC_BITS >> 8 * (at - RTL_RSC));
	return at < RTL_TX_RING(r->tx_rings) && at % 0x10 < RTL_TX_RING_DOORBELL ? 0xFF : 0;
}

/* The bits of one byte that a write changes. */
static uint8_t writable(const struct rtl8168 *r, unsigned at)
{
	bool unlocked = (r->registers[RTL_CR9346] & RTL_EEM_MASK) == RTL_EEM_UNLOCK;

	if (at < RTL_ID + 6 || (at >= RTL_CONFIG0 && at <= RTL_CONFIG4))
		return unlocked ? 0xFF : 0;
	if (at >= RTL_TCR && at < RTL_TCR + 4)
		return (uint8_t)(~RTL_TCR_READ_ONLY >> 8 * (at - RTL_TCR));
	if (at >= RTL_EXTENSION && at < RTL_EXTENSION + 4)
		return 0;
	if (rtl_is_interrupt_register(r, at) || at == RTL_TPPOLL || at == RTL_PHYSTATUS)
		return 0;
	if (at >= RTL_EXTENSION_PAGE && at < RTL_EXTENSION_PAGE_END)
		return extension_writable(r, at);
	if (at == RTL_CMD)
		return RTL_CMD_TE | RTL_CMD_RE | RTL_CMD_STOP;
	return 0xFF;
}

static void store(struct rtl8168 *r, unsigned at, uint8_t value)
{
	uint8_t mask = writable(r, at);

	r->registers[at] = (uint8_t)((r->registers[at] & ~mask) | (value & mask));
}

/*
 * Drivers write the address of a ring in halves, in either order, and switch the receiver on with
 * whichever queue starts first, so a ring is none until it has both. Nothing is published of what
 * the chip does between.
 */
static void half_written(struct rtl8168 *r, unsigned queue, unsigned halves)
{
	r->halves[queue] |= (uint8_t)halves;
	if (r->halves[queue] == (RTL_HALF_LOW | RTL_HALF_HIGH))
		r->halves[queue] = 0;
}

/*
 * Registers behind ERIAR, those of the RSS engine among them. The flag turns over at once, as when
 * it is done.
 */
static void eri_access(struct rtl8168 *r)
{
	uint32_t access = (uint32_t)rtl_file_get(r, RTL_ERIAR, 4);
	unsigned at = access & 0xFFC, rewind = 0;

	for (unsigned i = 0; i < 4; i++) {
		if (!(access & RTL_ACCESS_FLAG))
			r->registers[RTL_ERIDR + i] = r->eri[at + i];
		else if (access & 0x1000u << i)
			r->eri[at + i] = r->registers[RTL_ERIDR + i];
	}
	rtl_file_set(r, RTL_ERIAR, 4, access ^ RTL_ACCESS_FLAG);
	if (!(access & RTL_ACCESS_FLAG))
		return;
	for (unsigned queue = 1; queue < RTL_RX_QUEUES; queue++) {
		if (at - (at & 4) != RTL_ERI_RDSAR1 + 8 * (queue - 1))
			continue;
		rewind |= 1u << queue;
		half_written(r, queue, at & 4 ? RTL_HALF_HIGH : RTL_HALF_LOW);
	}
	rtl_receive_configure(r, rewind);
}

void rtl_reset(struct rtl8168 *r, bool power_on)
{
	rtl_file_reset(r, power_on);
	r->imr = 0;
	rtl_transmit_configure(r, RTL_REWIND_TX);
	rtl_receive_configure(r, RTL_REWIND_ALL);
	r->isr = 0;
}

static unsigned command(struct rtl8168 *r, uint8_t before, uint8_t value)
{
	uint8_t rising = (uint8_t)(r->registers[RTL_CMD] & ~before);

	if (value & RTL_CMD_RST) {
		rtl_reset(r, false);
		return FOLLOW_LINE;
	}
	rtl_transmit_configure(r, rising & RTL_CMD_TE ? RTL_REWIND_TX : 0);
	rtl_receive_configure(r, rising & RTL_CMD_RE ? RTL_REWIND_ALL : 0);
	return 0;
}

/* Registers that are windows to something else: PHY, EEPROM, tally counters, RSS engine. */
static unsigned window_registers(struct rtl8168 *r, unsigned at, unsigned width)
{
	bool anew = false, link_changed = false;

	if (touches(at, width, RTL_DTCCR, 1)) {
		rtl_tally_command(r, rtl_file_get(r, RTL_DTCCR, 8));
		rtl_file_set(r, RTL_DTCCR, 1, 0);
	}
	if (touches(at, width, RTL_CR9346, 1))
		r->registers[RTL_CR9346] = rtl_eeprom_write(&r->eeprom, r->registers[RTL_CR9346]);
	if (touches(at, width, RTL_PHYAR + 3, 1)) {
		uint32_t phyar = (uint32_t)rtl_file_get(r, RTL_PHYAR, 4);

		rtl_file_set(r, RTL_PHYAR, 4, rtl_phy_access(&r->phy, phyar, &anew));
		link_changed = anew && rtl_link_follow(r);
	}
	if (touches(at, width, RTL_ERIAR + 3, 1))
		eri_access(r);
	return link_changed ? FOLLOW_LINK : 0;
}

/* Return: a bit for each transmit ring whose address is written. */
static unsigned rings_moved(const struct rtl8168 *r, unsigned at, unsigned width)
{
	unsigned rings = touches(at, width, RTL_TNPDS, 8);

	for (unsigned i = 1; i < r->tx_rings; i++)
		rings |= (unsigned)touches(at, width, RTL_TX_RING(i), 8) << i;
	return rings;
}

/* Registers of which the transmit and receive paths have a copy. */
static void path_registers(struct rtl8168 *r, unsigned at, unsigned width)
{
	unsigned moved = rings_moved(r, at, width);
	bool ring;

	if (moved || touches(at, width, RTL_MTPS, 1) || touches(at, width, RTL_MODERATE_TX, 1))
		rtl_transmit_configure(r, moved);
	ring = touches(at, width, RTL_RDSAR, 8);
	if (ring)
		half_written(r, 0,
			     (touches(at, width, RTL_RDSAR, 4) ? RTL_HALF_LOW : 0) |
				     (touches(at, width, RTL_RDSAR + 4, 4) ? RTL_HALF_HIGH : 0));
	if (ring || touches(at, width, RTL_ID, 6) || touches(at, width, RTL_MAR, 8) ||
	    touches(at, width, RTL_RCR, 4) || touches(at, width, RTL_RMS, 2) ||
	    touches(at, width, RTL_CPCR, 2) || touches(at, width, RTL_MODERATE_RX, 1) ||
	    touches(at, width, RTL_RSS_TABLE, 4 * RTL_RSS_TABLE_WORDS) ||
	    touches(at, width, RTL_RSC, 4))
		rtl_receive_configure(r, ring ? 1 : 0);
}

static unsigned poll_bits(uint8_t value)
{
	return (value & RTL_TPPOLL_NPQ ? FOLLOW_POLL : 0) |
	       (value & RTL_TPPOLL_SWINT ? FOLLOW_SWINT : 0);
}

static bool is_ring_doorbell(unsigned at, unsigned width)
{
	return width == 1 && at >= RTL_TX_RING1 && at < RTL_TX_RING(RTL_TX_RINGS) &&
	       at % 0x10 == RTL_TX_RING_DOORBELL;
}

static unsigned ring_bits(const struct rtl8168 *r, unsigned at, unsigned width)
{
	unsigned follow = 0;

	for (unsigned i = 1; i < r->tx_rings; i++)
		if (touches(at, width, RTL_TX_RING(i) + RTL_TX_RING_DOORBELL, 1))
			follow |= FOLLOW_POLL << i;
	return follow;
}

static unsigned write_file(struct rtl8168 *r, unsigned at, unsigned width, uint64_t value)
{
	uint8_t command_before;
	unsigned follow = 0;

	pthread_mutex_lock(&r->registers_lock);
	command_before = r->registers[RTL_CMD];
	for (unsigned i = 0; i < width; i++)
		store(r, at + i, (uint8_t)(value >> 8 * i));
	follow |= window_registers(r, at, width);
	path_registers(r, at, width);
	if (touches(at, width, RTL_CMD, 1))
		follow |= command(r, command_before, (uint8_t)(value >> 8 * (RTL_CMD - at)));
	pthread_mutex_unlock(&r->registers_lock);
	return follow;
}

void rtl_write(void *context, uint64_t offset, unsigned width, uint64_t value)
{
	struct rtl8168 *r = context;
	unsigned at = (unsigned)offset;
	unsigned follow = 0;

	if (r->device.removed)
		return;
	if (touches_interrupts(at, width)) {
		rtl_interrupt_write(r, at, width, value);
		follow |= FOLLOW_LINE;
	}
	if (touches(at, width, RTL_TPPOLL, 1))
		follow |= poll_bits((uint8_t)(value >> 8 * (RTL_TPPOLL - at)));
	if (at >= RTL_EXTENSION_PAGE)
		follow |= ring_bits(r, at, width);
	/* The doorbells, arming and acknowledging are the hot ones and touch nothing else. */
	if (!(at == RTL_TPPOLL && width == 1) && !is_ring_doorbell(at, width) &&
	    !interrupts_only(at, width))
		follow |= write_file(r, at, width, value);
	for (unsigned i = 0; i < r->tx_rings; i++)
		if (follow & FOLLOW_POLL << i)
			rtl_transmit(&r->tx[i]);
	if (follow & FOLLOW_SWINT)
		rtl_raise(r, RTL_SWINT);
	if (follow & FOLLOW_LINK)
		rtl_raise(r, RTL_LINK_CHG);
	if (follow & FOLLOW_LINE)
		rtl_line_update(r);
}
