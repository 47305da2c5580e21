/* SPDX-License-Identifier: MIT */
/*
 * The ring verifier of 21H2, which runs there under Driver Verifier, and here always: what of a
 * ring is the framework's, what may come back, and how. What is seen when:
 *
 *   a ring's header and its indices   each time the driver's code begins or ends on the thread
 *   elements that the driver returns  when EvtPacketQueueAdvance or EvtPacketQueueCancel is over
 *   elements that it has returned     when the framework fills them again, or the queue starts
 *
 * So nothing is looked at twice that nobody has touched, and a packet costs a comparison each way.
 * Windows copies whole rings around each EvtPacketQueueAdvance. Its order is kept: header, range,
 * then the elements.
 */
#include "cx/api/2/verify_ring.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cx/api/2/client.h"
#include "nt/violation.h"

/* What of a header is the framework's alone. */
#define FIXED(X)            \
	X(OSReserved1)      \
	X(ElementStride)    \
	X(NumberOfElements) \
	X(ElementIndexMask) \
	X(EndIndex)         \
	X(OSReserved2[0])   \
	X(OSReserved2[1])   \
	X(OSReserved2[2])   \
	X(OSReserved2[3])

static const char element_demand[] =
	"Elements that a driver does not own, from EndIndex on to BeginIndex, are the framework's.";

/* ---- reports ---- */

const char *cx2_last_callback(const struct cx2_queue *q)
{
	return q->last_callback ? q->last_callback : "the queue's creation";
}

static _Noreturn void report(const struct cx2_queue *q, const char *call, enum cx_rule rule,
			     uint64_t was, uint64_t now, const char *demand, const char *passed)
{
	cx_violation(CX_AT(call, q->core.adapter->name, cx2_queue_code(q)), rule, now, was, demand,
		     "%s", passed);
}

static struct text place(char *buffer, size_t size, const struct cx2_queue *q,
			 const struct cx2_ring *ring, const char *field)
{
	struct text text = text_in(buffer, size);

	text_add(&text, "%s of the %s ring of %s queue %u", field, ring->name,
		 cx_queue_direction(&q->core), q->core.id);
	return text;
}

static void add_change(struct text *text, uint64_t was, uint64_t now)
{
	bool large = was > UINT32_MAX || now > UINT32_MAX;

	text_add(text, large ? " went from 0x%llx to 0x%llx" : " went from %llu to %llu",
		 (unsigned long long)was, (unsigned long long)now);
}

/* A header's field. @ran NULL: no callback on the queue's thread has done it. */
static _Noreturn void header_changed(const struct cx2_queue *q, const struct cx2_ring *ring,
				     const struct nt_callback *ran, enum cx_rule rule,
				     const char *field, uint64_t was, uint64_t now,
				     const char *demand)
{
	char passed[256];
	struct text text = place(passed, sizeof(passed), q, ring, field);

	add_change(&text, was, now);
	if (!ran)
		text_add(
			&text,
			" after %s: a DPC, a timer, an interrupt or another thread of the driver wrote it",
			cx2_last_callback(q));
	text_add(&text, ".");
	report(q, ran ? ran->name : "code between the queue's callbacks", rule, was, now, demand,
	       passed);
}

/* A field of an element, in @call. */
_Noreturn void cx2_element_changed(const struct cx2_queue *q, const struct cx2_ring *ring,
				   uint32_t index, enum cx_rule rule, const char *field,
				   uint64_t was, uint64_t now, const char *demand)
{
	char passed[256], name[64];
	struct text text;

	snprintf(name, sizeof(name), "%s of element %u", field, index);
	text = place(passed, sizeof(passed), q, ring, name);
	add_change(&text, was, now);
	text_add(&text, ".");
	report(q, cx2_last_callback(q), rule, was, now, demand, passed);
}

/* A field of an element that has a value that cannot be. */
_Noreturn void cx2_element_bad(const struct cx2_queue *q, const struct cx2_ring *ring,
			       uint32_t index, enum cx_rule rule, const char *field, uint64_t value,
			       const char *demand)
{
	char passed[256], name[64];
	struct text text;

	snprintf(name, sizeof(name), "%s of element %u", field, index);
	text = place(passed, sizeof(passed), q, ring, name);
	text_add(&text, value > UINT32_MAX ? " is 0x%llx." : " is %llu.",
		 (unsigned long long)value);
	report(q, cx2_last_callback(q), rule, 0, value, demand, passed);
}

/* ---- headers and indices ---- */

static void read_header(const NET_RING *ring, struct cx2_ring_header *header)
{
#define READ(field) header->field = __atomic_load_n(&ring->field, __ATOMIC_RELAXED);
	FIXED(READ)
#undef READ
	header->BeginIndex = __atomic_load_n(&ring->BeginIndex, __ATOMIC_ACQUIRE);
}

static void verify_fixed(const struct cx2_queue *q, const struct cx2_ring *ring,
			 const struct nt_callback *ran, const struct cx2_ring_header *now)
{
	const struct cx2_ring_header *was = &ring->header;

#define VERIFY(field)                                                           \
	if (__builtin_expect(now->field != was->field, 0))                      \
		header_changed(q, ring, ran, CX_INVALID_RING_IMMUTABLE, #field, \
			       (uint64_t)was->field, (uint64_t)now->field,      \
			       "This part of a ring is the framework's; a driver only reads it.");
	FIXED(VERIFY)
#undef VERIFY
}

static void verify_begin(const struct cx2_queue *q, const struct cx2_ring *ring,
			 const struct nt_callback *ran, uint32_t now)
{
	uint32_t was = ring->header.BeginIndex, mask = ring->at->mask;

	if (now == was)
		return;
	if (!ran || ran != q->returning)
		header_changed(
			q, ring, ran, CX_INVALID_RING_BEGIN_INDEX, "BeginIndex", was, now,
			"A driver returns elements, by moving BeginIndex, in EvtPacketQueueAdvance and EvtPacketQueueCancel.");
	if (now > mask || ((now - was) & mask) > ((ring->at->posted - was) & mask))
		header_changed(
			q, ring, ran, CX_INVALID_RING_BEGIN_INDEX, "BeginIndex", was, now,
			"A driver moves BeginIndex forward, never beyond EndIndex, and keeps it within ElementIndexMask.");
}

/* Mostly nothing has changed, and this is asked several times a round: all of it at once. */
static bool header_is_same(const struct cx2_ring *ring)
{
	const uint64_t *now = (const uint64_t *)ring->shared, *was = (const void *)&ring->header;

#define DIFFERENCE(word) (__atomic_load_n(&now[word], __ATOMIC_RELAXED) ^ was[word])
	return !(DIFFERENCE(0) | DIFFERENCE(1) | DIFFERENCE(2) | DIFFERENCE(3) | DIFFERENCE(4) |
		 DIFFERENCE(5)) &&
	       __atomic_load_n(&ring->shared->BeginIndex, __ATOMIC_ACQUIRE) ==
		       ring->header.BeginIndex;
#undef DIFFERENCE
}

static void look_at_ring(const struct cx2_queue *q, struct cx2_ring *ring,
			 const struct nt_callback *ran)
{
	struct cx2_ring_header now;

	if (ring->header.EndIndex != ring->at->posted)
		ring->header.EndIndex = ring->at->posted;
	if (__builtin_expect(header_is_same(ring), 1))
		return;
	read_header(ring->shared, &now);
	verify_fixed(q, ring, ran, &now);
	verify_begin(q, ring, ran, now.BeginIndex);
	ring->header.BeginIndex = now.BeginIndex;
}

static void look_at_rings(struct nt_callback_watch *watch, const struct nt_callback *ran)
{
	struct cx2_queue *q =
		(struct cx2_queue *)((char *)watch - offsetof(struct cx2_queue, watch));

	for (unsigned i = 0; i <= NetRingTypeDataBuffer; i++)
		if (q->rings[i].shared)
			look_at_ring(q, &q->rings[i], ran);
}

void cx2_rings_compare(struct cx2_queue *q)
{
	for (unsigned i = 0; i <= NetRingTypeDataBuffer; i++) {
		const struct cx2_ring *ring = &q->rings[i];

		if (ring->shared && __builtin_expect(ring->shared->EndIndex != ring->at->posted, 0))
			look_at_rings(&q->watch, NULL);
	}
}

/* ---- elements of the framework's ---- */

static bool is_packet(const struct cx2_queue *q, const struct cx2_ring *ring)
{
	return ring == &q->rings[NetRingTypePacket];
}

/* The same but for the bit that is the driver's own? What it keeps there nobody else reads. */
static bool is_scratch_alone(const struct cx2_queue *q, const struct cx2_ring *ring,
			     const void *copy, const void *shared)
{
	uint64_t same[CX2_STRIDE_MAX / sizeof(uint64_t)];

	memcpy(same, shared, ring->stride);
	if (is_packet(q, ring))
		((NET_PACKET *)same)->Scratch = ((const NET_PACKET *)copy)->Scratch;
	else if (ring == &q->rings[NetRingTypeFragment])
		((NET_FRAGMENT *)same)->Scratch = ((const NET_FRAGMENT *)copy)->Scratch;
	return cx2_same_element(ring->stride, copy, same);
}

/*
 * A driver whose thread marks an element done, and then a second time when it has been returned
 * already: Windows, which looks only while EvtPacketQueueAdvance runs, sees it at times, and
 * nothing comes of it.
 */
static void note_scratch(const struct cx2_queue *q, const struct cx2_ring *ring, uint32_t index)
{
	cx_soft_violation(
		CX_AT(cx2_last_callback(q), q->core.adapter->name, cx2_queue_code(q)),
		CX_INVALID_RING_IMMUTABLE_FRAMEWORK_ELEMENT, 0, 0, element_demand,
		"Scratch of element %u of the %s ring of %s queue %u was written when the driver had returned the element, so another thread of its was late.",
		index, ring->name, cx_queue_direction(&q->core), q->core.id);
}

/* What of an element differs, by name: a field, or an extension as a number. */
static _Noreturn void name_difference(const struct cx2_queue *q, const struct cx2_ring *ring,
				      uint32_t index, const void *copy, const void *shared)
{
	enum cx_rule rule = CX_INVALID_RING_IMMUTABLE_FRAMEWORK_ELEMENT;
	size_t size;

#define NAME(field)                                                                       \
	if (was->field != now->field)                                                     \
		cx2_element_changed(q, ring, index, rule, #field, was->field, now->field, \
				    element_demand);
	if (is_packet(q, ring)) {
		const NET_PACKET *was = copy, *now = shared;

		PACKET_FIELDS(NAME)
		NAME(Ignore)
	} else if (ring == &q->rings[NetRingTypeFragment]) {
		const NET_FRAGMENT *was = copy, *now = shared;

		FRAGMENT_FIELDS(NAME)
	}
#undef NAME
	for (unsigned i = 0; i < CX2_EXTENSIONS; i++) {
		uint16_t offset = q->layout.offset[i];
		uint64_t was = 0, now = 0;

		if (!offset || ring != &q->rings[cx2_extension_ring(i)])
			continue;
		size = cx2_extension_size(i);
		memcpy(&was, (const char *)copy + offset, size);
		memcpy(&now, (const char *)shared + offset, size);
		if (was != now)
			cx2_element_changed(q, ring, index, rule, cx2_extension_name(i), was, now,
					    element_demand);
	}
	cx2_element_changed(q, ring, index, rule, "unused bytes", *(const uint64_t *)copy,
			    *(const uint64_t *)shared, element_demand);
}

void cx2_element_differs(const struct cx2_queue *q, const struct cx2_ring *ring, uint32_t index)
{
	const void *copy = cx2_copy_at(ring, index), *shared = cx2_shared_at(ring, index);
	uint64_t now[CX2_STRIDE_MAX / sizeof(uint64_t)];

	memcpy(now, shared, ring->stride);
	if (is_scratch_alone(q, ring, copy, now)) {
		note_scratch(q, ring, index);
		return;
	}
	name_difference(q, ring, index, copy, now);
}

/* ---- a queue's life ---- */

void cx2_rings_made(struct cx2_queue *q)
{
	for (unsigned i = 0; i <= NetRingTypeDataBuffer; i++)
		if (q->rings[i].shared)
			read_header(q->rings[i].shared, &q->rings[i].header);
	q->watch.look = look_at_rings;
}

/* A driver may have moved its indices while the queue did not run, not more. */
static void look_at_rest(const struct cx2_queue *q, struct cx2_ring *ring)
{
	struct cx2_ring_header now;

	ring->header.EndIndex = ring->at->posted;
	read_header(ring->shared, &now);
	verify_fixed(q, ring, NULL, &now);
	if (now.BeginIndex > ring->at->mask)
		header_changed(q, ring, NULL, CX_INVALID_RING_BEGIN_INDEX, "BeginIndex",
			       ring->header.BeginIndex, now.BeginIndex,
			       "An index is within ElementIndexMask.");
	for (uint32_t i = 0; i <= ring->at->mask; i++)
		cx2_verify_let_alone(q, ring, i);
}

/* Each start begins at element 0: drivers begin their descriptor rings there too. */
void cx2_rings_rewind(struct cx2_queue *q)
{
	for (unsigned i = 0; i <= NetRingTypeDataBuffer; i++) {
		struct cx2_ring *ring = &q->rings[i];

		if (!ring->shared)
			continue;
		look_at_rest(q, ring);
		ring->shared->BeginIndex = ring->shared->NextIndex = ring->shared->EndIndex = 0;
		ring->header.BeginIndex = ring->begin = 0;
		ring->at->posted = ring->at->returned = 0;
	}
}

void cx2_rings_watch(struct cx2_queue *q)
{
	nt_callback_watch(q ? &q->watch : NULL);
}

static bool has_returned(const struct cx2_queue *q)
{
	for (unsigned i = 0; i <= NetRingTypeDataBuffer; i++) {
		const struct cx2_ring *ring = &q->rings[i];

		if (ring->shared && ring->begin != ring->header.BeginIndex)
			return true;
	}
	return false;
}

void cx2_rings_returned(struct cx2_queue *q)
{
	if (!has_returned(q))
		return;
	cx2_read_returned(q);
	for (unsigned i = 0; i <= NetRingTypeDataBuffer; i++) {
		struct cx2_ring *ring = &q->rings[i];

		if (ring->shared)
			ring->begin = ring->at->returned = ring->header.BeginIndex;
	}
}

/* The datapath goes by what has been checked here, so it finds nothing. */
void cx2_bad_begin(const struct cx_queue *queue, uint32_t from, uint32_t to, uint32_t end)
{
	const struct cx2_queue *q = (const struct cx2_queue *)queue;

	cx_violation(
		CX_AT(cx2_last_callback(q), queue->adapter->name, cx2_queue_code(q)),
		CX_INVALID_RING_BEGIN_INDEX, to, from,
		"A driver moves BeginIndex forward, never beyond EndIndex, and keeps it within ElementIndexMask.",
		"BeginIndex of %s queue %u went from %u to %u while the driver owned [%u, %u).",
		cx_queue_direction(queue), queue->id, from, to, from, end);
}

/* DRIVER_POWER_STATE_FAILURE: what a pause that hangs ends in. */
#define BUGCODE_HANG 0x9F

void cx2_kept_packets(const struct cx_queue *queue, uint32_t held, unsigned seconds)
{
	bool packets = queue->packets.returned != queue->packets.posted;

	nt_violation_say(
		BUGCODE_HANG, 0, packets ? "PacketsNotReturned" : "FragmentsNotReturned",
		"EvtPacketQueueCancel", queue->adapter->name,
		"After EvtCancel a driver returns every packet and every fragment: moves BeginIndex of both rings to EndIndex in EvtCancel or in the EvtAdvance calls that follow.",
		"%u %s of %s queue %u have not been returned %u s after EvtCancel.", held,
		packets ? "packets" : "fragments", cx_queue_direction(queue), queue->id, seconds);
}

void cx2_kept_fragments(const struct cx2_queue *q)
{
	nt_violation_say(
		BUGCODE_HANG, 0, "FragmentsNotReturned", cx2_last_callback(q),
		q->core.adapter->name,
		"A driver that returns packets returns their fragments: it moves BeginIndex of the fragment ring, too.",
		"All packets of transmit queue %u have been returned, and the fragment ring is full: its BeginIndex is %u, its EndIndex %u. On Windows nothing is sent any more.",
		q->core.id, q->fragments.returned, q->fragments.posted);
}
