/* SPDX-License-Identifier: MIT */
/*
 * ISR, IMR and the line. Status latches while masked and the line is a level, so that a driver
 * which arms IMR after an event still gets its interrupt. The registers of all queues and rings are
 * one word of status and one of mask inside, so that the level is one look at both.
 */
#include <stdatomic.h>

#include "device/rtl8168/model.h"

/* The same of a further transmit ring's registers, which rtl8168 has not. */
static int place_of_ring(const struct rtl8168 *r, unsigned at, bool *status)
{
	unsigned ring = (at - RTL_TX_RING1) / 0x10 + 1, byte = at & 0xF;

	*status = byte == RTL_TX_RING_ISR;
	if (ring >= r->tx_rings || (byte != RTL_TX_RING_IMR && byte != RTL_TX_RING_ISR))
		return -1;
	return (int)(8 * (RTL_RX_QUEUES + ring));
}

/*
 * Where a register's byte lies in rtl8168.imr, or (*@status) in rtl8168.isr.
 * Return: the shift; -1: it is not of the interrupt registers.
 */
static int place_of(const struct rtl8168 *r, unsigned at, bool *status)
{
	if (at >= RTL_TX_RING1)
		return place_of_ring(r, at, status);
	*status = (at >= RTL_ISR && at < RTL_ISR + 2) || at == RTL_ISR1 || at == RTL_ISR2 ||
		  at == RTL_ISR3;
	switch (at) {
	case RTL_IMR:
	case RTL_ISR:
		return 0;
	case RTL_IMR + 1:
	case RTL_ISR + 1:
		return 8;
	case RTL_IMR1:
	case RTL_ISR1:
		return 16;
	case RTL_IMR2:
	case RTL_ISR2:
		return 24;
	case RTL_IMR3:
	case RTL_ISR3:
		return 32;
	default:
		return -1;
	}
}

bool rtl_is_interrupt_register(const struct rtl8168 *r, unsigned at)
{
	bool status;

	return place_of(r, at, &status) >= 0;
}

uint64_t rtl_interrupt_read(struct rtl8168 *r, unsigned at, unsigned width)
{
	uint64_t isr = r->isr, imr = r->imr, value = 0;

	for (unsigned i = 0; i < width; i++) {
		bool status;
		int shift = place_of(r, at + i, &status);

		if (shift >= 0)
			value |= ((status ? isr : imr) >> shift & 0xFF) << 8 * i;
	}
	return value;
}

void rtl_interrupt_write(struct rtl8168 *r, unsigned at, unsigned width, uint64_t value)
{
	uint64_t clear = 0, mask = 0, bits = 0, imr = r->imr;

	for (unsigned i = 0; i < width; i++) {
		bool status;
		int shift = place_of(r, at + i, &status);
		uint64_t byte = value >> 8 * i & 0xFF;

		if (shift < 0)
			continue;
		if (status) {
			clear |= byte << shift;
		} else {
			mask |= 0xFFull << shift;
			bits |= byte << shift;
		}
	}
	if (clear)
		r->isr &= ~clear;
	while (mask && !atomic_compare_exchange_weak(&r->imr, &imr, (imr & ~mask) | bits))
		;
}

static struct nt_interrupt *rtl_line(struct rtl8168 *r)
{
	return &r->device.bus.interrupts[0];
}

static int level(struct rtl8168 *r)
{
	return (r->isr & r->imr) != 0 && !r->device.removed;
}

/*
 * Two threads may change ISR and set the line at once, and their nt_line_set() calls may come in
 * the other order. Whoever sets it looks again, so the last one to set has seen the last change.
 */
void rtl_line_update(struct rtl8168 *r)
{
	struct nt_interrupt *line = rtl_line(r);

	for (;;) {
		int now = level(r);

		if (now) {
			if (!line->asserted)
				count_shared(&r->counters.interrupts, 1);
			nt_line_set(line, 1);
		} else if (line->asserted) {
			nt_line_set(line, 0);
		}
		if (level(r) == now)
			return;
	}
}

/*
 * A thread that found the level high can be overtaken before it sets the line: then it delivers
 * an interrupt whose cause is gone already, and an ISR that finds none does not write anything.
 * Its look at the registers lowers the line.
 */
void rtl_line_settle(struct rtl8168 *r)
{
	if (rtl_line(r)->asserted && !level(r))
		rtl_line_update(r);
}

void rtl_raise(struct rtl8168 *r, uint64_t bits)
{
	if (!bits)
		return;
	/* What stands there already is not written: the rings' threads share the word. */
	if ((r->isr & bits) != bits)
		r->isr |= bits;
	rtl_line_update(r);
}
