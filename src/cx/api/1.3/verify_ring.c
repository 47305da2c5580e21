/* SPDX-License-Identifier: MIT */
/*
 * The rules for a ring's header, which lies in memory that the driver writes to. The framework goes
 * by copies of its own; here the header is held against them each time the driver's code begins or
 * ends on the queue's thread, so that what was changed is known by field and callback. Each field
 * is read once.
 *
 * Who may change what: DDI page NET_RING_BUFFER. Of the packet ring the driver moves BeginIndex, in
 * EvtPacketQueueAdvance and EvtPacketQueueCancel, and NextIndex. The fragment ring's indices are
 * the framework's; on receive a driver may move these two along with its packets.
 */
#include <stddef.h>
#include <stdio.h>

#include "base/text.h"
#include "cx/api/1.3/client.h"
#include "cx/api/1.3/queue.h"
#include "cx/api/1.3/verifier.h"
#include "nt/violation.h"

/* A look at one ring. */
struct look {
	const struct cx13_queue *queue;
	const struct nt_callback *ran; /* whose code it was; NULL: none on the queue's thread */
	const char *ring;              /* "packet" */
	const struct cx13_ring_header *was;
	struct cx13_ring_header now;
};

/* What of a header is the framework's alone. */
#define FIXED(X)            \
	X(OSReserved1)      \
	X(ElementStride)    \
	X(NumberOfElements) \
	X(ElementIndexMask) \
	X(EndIndex)         \
	X(OSReserved2[0])   \
	X(OSReserved2[1])

static void read_header(const NET_RING_BUFFER *ring, struct cx13_ring_header *header)
{
#define READ(field) header->field = __atomic_load_n(&ring->field, __ATOMIC_RELAXED);
	FIXED(READ)
	READ(BeginIndex)
	READ(NextIndex)
#undef READ
}

static _Noreturn void report(const struct look *look, const char *rule, const char *field,
			     uint64_t was, uint64_t now, const char *demand)
{
	const struct cx13_queue *q = look->queue;
	const char *last = q->last_callback ? q->last_callback : "the queue's creation";
	bool large = was > UINT32_MAX || now > UINT32_MAX;
	char passed[320];
	struct text text = text_in(passed, sizeof(passed));

	text_add(&text, "%s of the %s ring of %s queue %u went from ", field, look->ring,
		 cx_queue_direction(&q->core), q->core.id);
	text_add(&text, large ? "0x%llx to 0x%llx" : "%llu to %llu", (unsigned long long)was,
		 (unsigned long long)now);
	if (!look->ran)
		text_add(
			&text,
			" after %s: a DPC, a timer, an interrupt or another thread of the driver wrote it",
			last);
	text_add(&text, ".");
	nt_violation(&(struct nt_violation){
		.bugcheck = CX_BUGCODE_NETADAPTER_DRIVER,
		.parameter = { 0, now, was, 0 },
		.rule = rule,
		.call = look->ran ? look->ran->name : "code between the queue's callbacks",
		.object = q->core.adapter->name,
		.passed = passed,
		.demand = demand,
	});
}

/* 21H2's ring verifier has this rule; 1809 would go by what the driver wrote. */
static _Noreturn void changed(const struct look *look, const char *field, uint64_t was,
			      uint64_t now)
{
	report(look, "InvalidRingImmutable", field, was, now,
	       "This part of a ring is the framework's; a driver only reads it.");
}

static void verify_fixed(const struct look *look)
{
	const struct cx13_ring_header *was = look->was, *now = &look->now;

#define VERIFY(field)                                      \
	if (__builtin_expect(now->field != was->field, 0)) \
		changed(look, #field, (uint64_t)(was->field), (uint64_t)(now->field));
	FIXED(VERIFY)
#undef VERIFY
}

/* 1809 ignores NextIndex; the driver itself would follow it out of what it owns. */
static void verify_next(const struct look *look)
{
	const struct cx13_ring_header *was = look->was, *now = &look->now;
	uint32_t mask = was->ElementIndexMask;

	if (now->NextIndex == was->NextIndex)
		return;
	if (now->NextIndex <= mask && ((now->NextIndex - was->BeginIndex) & mask) <=
					      ((was->EndIndex - was->BeginIndex) & mask))
		return;
	report(look, "InvalidRingNextIndex", "NextIndex", was->NextIndex, now->NextIndex,
	       "A driver keeps NextIndex from BeginIndex to EndIndex, within ElementIndexMask.");
}

static void verify_begin(const struct look *look)
{
	const struct cx13_ring_header *was = look->was, *now = &look->now;
	const struct cx13_queue *q = look->queue;
	uint32_t mask = was->ElementIndexMask;

	if (now->BeginIndex == was->BeginIndex)
		return;
	if (!look->ran || look->ran != q->returning)
		report(look, "InvalidRingBeginIndex", "BeginIndex", was->BeginIndex,
		       now->BeginIndex,
		       "A driver returns packets, by moving BeginIndex, in EvtPacketQueueAdvance and EvtPacketQueueCancel.");
	if (now->BeginIndex > mask || ((now->BeginIndex - was->BeginIndex) & mask) >
					      ((was->EndIndex - was->BeginIndex) & mask))
		cx13_bad_begin(&q->core, was->BeginIndex, now->BeginIndex, was->EndIndex);
}

/* Indices that the framework does not go by. */
static void verify_within(const struct look *look)
{
	const struct cx13_ring_header *was = look->was, *now = &look->now;
	static const char demand[] = "An index is within ElementIndexMask.";

	if (now->BeginIndex > was->ElementIndexMask)
		report(look, "InvalidRingBeginIndex", "BeginIndex", was->BeginIndex,
		       now->BeginIndex, demand);
	if (now->NextIndex > was->ElementIndexMask)
		report(look, "InvalidRingNextIndex", "NextIndex", was->NextIndex, now->NextIndex,
		       demand);
}

static void look_at_packets(struct cx13_queue *q, const struct nt_callback *ran)
{
	struct look look = { .queue = q, .ran = ran, .ring = "packet", .was = &q->packet_header };

	q->packet_header.EndIndex = q->core.packets.posted;
	read_header(q->packets, &look.now);
	verify_fixed(&look);
	verify_next(&look);
	verify_begin(&look);
	q->packet_header.NextIndex = look.now.NextIndex;
	q->packet_header.BeginIndex = q->core.packets.returned = look.now.BeginIndex;
}

static void look_at_fragments(struct cx13_queue *q, const struct nt_callback *ran)
{
	struct cx13_ring_header *was = &q->fragment_header;
	struct look look = { .queue = q, .ran = ran, .ring = "fragment", .was = was };

	was->EndIndex = q->fragment_end;
	read_header(q->fragments, &look.now);
	verify_fixed(&look);
	if (q->core.kind == CX_QUEUE_RX) {
		verify_within(&look);
		was->BeginIndex = look.now.BeginIndex;
		was->NextIndex = look.now.NextIndex;
		return;
	}
	if (look.now.BeginIndex != q->fragment_begin)
		changed(&look, "BeginIndex", q->fragment_begin, look.now.BeginIndex);
	if (look.now.NextIndex != q->fragment_begin)
		changed(&look, "NextIndex", q->fragment_begin, look.now.NextIndex);
}

static void look_at_rings(struct nt_callback_watch *watch, const struct nt_callback *ran)
{
	struct cx13_queue *q =
		(struct cx13_queue *)((char *)watch - offsetof(struct cx13_queue, watch));

	look_at_packets(q, ran);
	look_at_fragments(q, ran);
}

/* What the driver has nothing to do with, and what it may not have changed while it owned none. */
static void look_at_rest(struct cx13_queue *q)
{
	struct look look = { .queue = q, .ring = "packet", .was = &q->packet_header };

	q->packet_header.EndIndex = q->core.packets.posted;
	read_header(q->packets, &look.now);
	verify_fixed(&look);
	verify_within(&look);
	look_at_fragments(q, NULL);
}

void cx13_rings_compare(struct cx13_queue *q)
{
	if (__builtin_expect(q->packets->EndIndex != q->core.packets.posted ||
				     q->fragments->EndIndex != q->fragment_end,
			     0))
		look_at_rings(&q->watch, NULL);
}

/* ---- between the packets ---- */

static const unsigned char *element_at(const struct cx13_queue *q, uint32_t index)
{
	return (const unsigned char *)q->packets->Buffer + index * q->stride;
}

/* Its own end and the gap behind it; what lies just before an element is in front of that. */
void cx13_describe_packet(const struct nt_guarded *guarded, const void *at, struct text *text)
{
	const struct cx13_queue *q =
		(const void *)((const char *)guarded - offsetof(struct cx13_queue, guarded));
	size_t offset = (size_t)((const unsigned char *)at - element_at(q, 0));
	size_t index = offset / q->stride, within = offset % q->stride;
	size_t left = q->stride - within;

	if (left <= NT_GUARD_LOOK / 2)
		text_add(text, "%zu byte%s in front of packet %zu", left, left == 1 ? "" : "s",
			 index + 1);
	else if (left <= NT_GUARD_LOOK)
		text_add(text, "%zu bytes behind packet %zu", NT_GUARD_LOOK - left, index);
	else
		text_add(text, "byte %zu of packet %zu", within, index);
	text_add(text, " in the packet ring of %s queue %u", cx_queue_direction(&q->core),
		 q->core.id);
}

static _Noreturn void gap_broken(const struct cx13_queue *q, const unsigned char *gap)
{
	char passed[256], where[48];
	struct text text = text_in(passed, sizeof(passed));
	size_t first, last, count = nt_guard_broken(gap, NT_GUARD_LOOK, &first, &last);

	snprintf(where, sizeof(where), "%s queue %u", cx_queue_direction(&q->core), q->core.id);
	text_add(&text, "%zu byte%s %s written, the first lies ", count, count == 1 ? "" : "s",
		 count == 1 ? "was" : "were");
	cx13_describe_packet(&q->guarded, gap + first, &text);
	text_add(
		&text,
		": with NET_PACKET_EXTENSION_INVALID_OFFSET as an extension's offset, or past a context.");
	nt_guard_violation(&(struct nt_overrun){ .where = where,
						 .object = q->core.adapter->name,
						 .memory = gap,
						 .broken = gap + first,
						 .behind = true,
						 .passed = passed });
}

void cx13_verify_packet_gaps(const struct cx13_queue *q, uint32_t index)
{
	const unsigned char *end = element_at(q, index + 1);

	if (nt_guard_poisons())
		return;
	if (__builtin_expect(!nt_guard_holds(end - NT_GUARD_LOOK), 0))
		gap_broken(q, end - NT_GUARD_LOOK);
	if (index && __builtin_expect(!nt_guard_holds(end - q->stride - NT_GUARD_LOOK), 0))
		gap_broken(q, end - q->stride - NT_GUARD_LOOK);
}

void cx13_rings_made(struct cx13_queue *q)
{
	read_header(q->packets, &q->packet_header);
	read_header(q->fragments, &q->fragment_header);
	q->watch.look = look_at_rings;
}

static void zero(NET_RING_BUFFER *ring, struct cx13_ring_header *header)
{
	ring->BeginIndex = ring->NextIndex = ring->EndIndex = 0;
	header->BeginIndex = header->NextIndex = header->EndIndex = 0;
}

void cx13_rings_rewind(struct cx13_queue *q)
{
	look_at_rest(q);
	q->core.packets.posted = q->core.packets.returned = 0;
	q->fragment_begin = q->fragment_end = 0;
	zero(q->packets, &q->packet_header);
	zero(q->fragments, &q->fragment_header);
}

void cx13_rings_watch(struct cx13_queue *q, bool on)
{
	nt_callback_watch(on ? &q->watch : NULL);
}
