/* SPDX-License-Identifier: MIT */
/*
 * Receive segment coalescing: liblso's coalescer, and the packets that it has let go until there
 * are descriptors for them.
 *
 * It is made when the control register asks for the first time, and anew when the register says
 * something else and nothing is held any more. Its memory is touched then, and no earlier.
 */
#include <stdlib.h>
#include <string.h>

#include "device/rtl8168/model.h"

/* A frame's cookie: what is known of it beside its bytes. */
#define COOKIE(match, queue) ((void *)((uintptr_t)(queue) << 16 | (match)))
#define COOKIE_MATCH(cookie) ((uint16_t)(uintptr_t)(cookie))
#define COOKIE_QUEUE(cookie) ((uint8_t)((uintptr_t)(cookie) >> 16))

static uint64_t written_back(const struct lso_unit *unit)
{
	bool udp = unit->gso == LSO_GSO_UDP;
	uint32_t second = udp ? unit->mss : unit->duplicate_acks;
	uint32_t segments = unit->segments ? unit->segments : 1;

	if (unit->frames < 2)
		return 0;
	return (uint64_t)unit->timestamp_delta << 32 | (uint64_t)(second & 0xFFFF) << 16 |
	       (segments & 0xFFFF);
}

/* There is room: a frame goes in only when nothing waits. */
static void keep(void *context, const struct lso_unit *unit)
{
	struct rtl_rsc *rsc = context;
	struct rtl_unit *to = &rsc->units[rsc->first + rsc->count];

	rsc->count++;
	to->length = unit->length;
	to->queue = COOKIE_QUEUE(unit->cookies[0]);
	to->match = COOKIE_MATCH(unit->cookies[0]);
	to->frames = unit->frames;
	to->written_back = written_back(unit);
	to->good = unit->sum == LSO_SUM_GOOD && unit->end != LSO_END_IP_SUM;
	to->layout = unit->layout;
	rtl_iov_copy(unit->iov, unit->count, to->bytes, unit->length);
}

static struct lso_coalesce_options options_of(struct rtl_rsc *rsc, uint32_t control)
{
	return (struct lso_coalesce_options){
		.size = sizeof(struct lso_coalesce_options),
		.emit = keep,
		.context = rsc,
		.rules = LSO_RULES_RSC,
		.protocols = (control & RTL_RSC_TCP4 ? LSO_COALESCE_TCP4 : 0) |
			     (control & RTL_RSC_TCP6 ? LSO_COALESCE_TCP6 : 0) |
			     (control & RTL_RSC_UDP4 ? LSO_COALESCE_UDP4 : 0) |
			     (control & RTL_RSC_UDP6 ? LSO_COALESCE_UDP6 : 0),
		.flows = RTL_RSC_FLOWS,
		.hash_seed = (uintptr_t)rsc,
		.copy = true,
		.no_timestamps = !(control & RTL_RSC_TIMESTAMPS),
		.updates = true,
		.duplicate_acks = control & RTL_RSC_DUPLICATES,
	};
}

/* The coalescer's memory, then the packets that wait, then a segment. */
bool rtl_rsc_init(struct rtl8168 *r)
{
	struct rtl_rsc *rsc = &r->rx.rsc;
	struct lso_coalesce_options options = options_of(rsc, RTL_RSC_BITS);
	size_t unit = (RTL_UNIT + 63) & ~(size_t)63;

	rsc->size = (lso_coalesce_size(&options) + 63) & ~(size_t)63;
	rsc->memory = aligned_alloc(64, rsc->size + (RTL_UNITS + 1) * unit);
	if (!rsc->memory)
		return false;
	for (unsigned i = 0; i < RTL_UNITS; i++)
		rsc->units[i].bytes = rsc->memory + rsc->size + i * unit;
	rsc->segment = rsc->memory + rsc->size + RTL_UNITS * unit;
	return true;
}

void rtl_rsc_destroy(struct rtl8168 *r)
{
	free(r->rx.rsc.memory);
}

static uint32_t held(const struct rtl_rsc *rsc)
{
	return rsc->active ? lso_coalesce_held(rsc->coalescer) : 0;
}

bool rtl_rsc_on(const struct rtl_rx *rx)
{
	return rx->rsc.wanted & RTL_RSC_PROTOCOLS || rx->rsc.count || held(&rx->rsc);
}

bool rtl_rsc_is_stale(const struct rtl_rx *rx)
{
	return rx->rsc.active != rx->rsc.wanted;
}

void rtl_rsc_drop(struct rtl_rx *rx)
{
	rx->rsc.first = rx->rsc.count = 0;
	rx->rsc.active = 0;
}

void rtl_rsc_frame(struct rtl8168 *r, uint8_t *frame, size_t length, uint16_t match, unsigned queue,
		   bool trusted)
{
	struct rtl_rsc *rsc = &r->rx.rsc;
	struct iovec iov = { .iov_base = frame, .iov_len = length };

	if (rtl_rsc_is_stale(&r->rx)) {
		struct lso_coalesce_options options = options_of(rsc, rsc->wanted);

		lso_coalesce_begin(&rsc->coalescer, rsc->memory, rsc->size, &options);
		rsc->active = rsc->wanted;
	}
	lso_coalesce_frame(rsc->coalescer, &iov, 1, trusted ? LSO_FRAME_TRUSTED : LSO_FRAME_VERIFY,
			   COOKIE(match, queue));
}

bool rtl_rsc_flush(struct rtl8168 *r)
{
	return held(&r->rx.rsc) && lso_coalesce_flush(r->rx.rsc.coalescer, 1);
}

struct rtl_unit *rtl_rsc_next(struct rtl_rx *rx)
{
	return rx->rsc.count ? &rx->rsc.units[rx->rsc.first] : NULL;
}

void rtl_rsc_done(struct rtl_rx *rx)
{
	/* From the beginning when all are gone, so that the memory of few is used again and again.
	 */
	rx->rsc.count--;
	rx->rsc.first = rx->rsc.count ? rx->rsc.first + 1 : 0;
}
