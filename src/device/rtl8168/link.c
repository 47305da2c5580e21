/* SPDX-License-Identifier: MIT */
/*
 * The link between PHY and MAC, and the time it takes. Seconds with real partners; here long enough
 * that a driver is done with its start before the link comes, as it is on a computer, and short
 * enough that nobody waits for it.
 */
#include "base/clock.h"
#include "device/rtl8168/model.h"

#define MS            1000000ull
#define LINK_NS       (30 * MS) /* from the wish to negotiate to the link */
#define COMPLETION_NS (20 * MS) /* from there to the partner's answers */

/* @r: registers lock held. */
static void wait_for_next(struct rtl8168 *r)
{
	if (r->phy.step == RTL_PHY_SETTLED) {
		r->link_due = 0;
		nt_timer_cancel(r->device.bus.machine->timers, &r->link_timer, false);
		return;
	}
	r->link_due = clock_ns() + (r->phy.step == RTL_PHY_LINK ? LINK_NS : COMPLETION_NS);
	nt_timer_set(r->device.bus.machine->timers, &r->link_timer, r->link_due);
}

bool rtl_link_follow(struct rtl8168 *r)
{
	bool changed = r->registers[RTL_PHYSTATUS] != r->phy.status;

	r->registers[RTL_PHYSTATUS] = r->phy.status;
	rtl_transmit_configure(r, 0);
	wait_for_next(r);
	return changed;
}

static void fire(struct nt_timer *timer)
{
	struct rtl8168 *r =
		(struct rtl8168 *)((char *)timer - offsetof(struct rtl8168, link_timer));
	bool changed = false;

	pthread_mutex_lock(&r->registers_lock);
	/* The driver may have begun anew between the timer's end and our lock. */
	if (r->link_due && clock_ns() >= r->link_due && !r->device.removed) {
		changed = rtl_phy_advance(&r->phy);
		changed |= rtl_link_follow(r);
	}
	pthread_mutex_unlock(&r->registers_lock);
	if (changed)
		rtl_raise(r, RTL_LINK_CHG);
}

void rtl_link_init(struct rtl8168 *r)
{
	r->link_timer.fire = fire;
}

void rtl_link_end(struct rtl8168 *r, bool wait)
{
	nt_timer_cancel(r->device.bus.machine->timers, &r->link_timer, wait);
}
