/* SPDX-License-Identifier: MIT */
/*
 * ISR, IMR and the line. Status latches while masked and the line is a level, so that a driver
 * which arms IMR after an event still gets its interrupt.
 */
#include "device/models/rtl8168.h"

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
	struct nt_line *line = &r->device.line;

	for (;;) {
		int now = level(r);

		if (now) {
			if (!line->asserted)
				r->interrupts++;
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
	if (r->device.line.asserted && !level(r))
		rtl_line_update(r);
}

void rtl_raise(struct rtl8168 *r, uint16_t bits)
{
	if (!bits)
		return;
	r->isr |= bits;
	rtl_line_update(r);
}
