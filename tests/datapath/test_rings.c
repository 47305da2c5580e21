/* SPDX-License-Identifier: MIT */
/*
 * A driver writes to what is the framework's in a ring: field by field, in each of its callbacks,
 * from a DPC and from another thread. The report names the field and the place; nothing else ends.
 */
#include <unistd.h>

#include "nt/crash.h"
#include "probe_stage.h"
#include "stage/child.h"

static const uint8_t plain[200] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xB5 };

extern void __asan_init(void) __attribute__((weak));
extern void __tsan_init(void) __attribute__((weak));

enum which { TX_PACKETS, TX_FRAGMENTS, RX_PACKETS, RX_FRAGMENTS };
static const char *const which_names[] = {
	"of the packet ring of transmit queue 0",
	"of the fragment ring of transmit queue 0",
	"of the packet ring of receive queue 0",
	"of the fragment ring of receive queue 0",
};

/* One write. */
struct damage {
	enum which ring;
	enum probe_place place;
	size_t offset, size; /* in NET_RING_BUFFER */
	uint64_t change;     /* exclusive or */
	const char *rule, *field;
};

/* The child's. */
static const struct damage *damage;
static unsigned calls; /* of the place, on one thread */

static NET_RING_BUFFER *ring_of(PCNET_DATAPATH_DESCRIPTOR datapath, enum which which)
{
	return which == TX_PACKETS || which == RX_PACKETS
		       ? NET_DATAPATH_DESCRIPTOR_GET_PACKET_RING_BUFFER(datapath)
		       : NET_DATAPATH_DESCRIPTOR_GET_FRAGMENT_RING_BUFFER(datapath);
}

static void write_to(NET_RING_BUFFER *ring, const struct damage *d)
{
	unsigned char *at = (unsigned char *)ring + d->offset;
	uint64_t value = 0;

	memcpy(&value, at, d->size);
	value ^= d->change;
	memcpy(at, &value, d->size);
}

/* The second time, when packets have gone through. */
static void do_damage(enum probe_place place, PCNET_DATAPATH_DESCRIPTOR datapath, BOOLEAN transmit,
		      ULONG id)
{
	if (transmit != (damage->ring <= TX_FRAGMENTS) || place != damage->place)
		return;
	if (place == PROBE_ADVANCED && calls++ != 1)
		return;
	write_to(ring_of(datapath, damage->ring), damage);
}

/* Some packets each way, a pause and its end. */
static void run_driver(probe_deed *deed)
{
	struct stage *s;

	probe_reset();
	probe.deed = deed;
	calls = 0;
	s = probe_stage(NULL);
	for (unsigned i = 1; i < 4; i++) {
		memory_edge_put(s->edge, plain, sizeof(plain), (struct frame_meta){ 0 });
		probe_await(i);
		probe_receive(plain, sizeof(plain), 0);
	}
	probe_stage_free(s);
}

static void damaged(void *context)
{
	damage = context;
	run_driver(do_damage);
}

#define FIELD(field) offsetof(NET_RING_BUFFER, field), sizeof(((NET_RING_BUFFER *)0)->field)
#define FIXED(field, change)                                         \
	{                                                            \
		FIELD(field), change, "InvalidRingImmutable", #field \
	}

/* Of every ring. */
static const struct {
	size_t offset, size;
	uint64_t change;
	const char *rule, *field;
} fixed[] = {
	FIXED(OSReserved1, 1),      FIXED(ElementStride, 0x7F0),
	FIXED(NumberOfElements, 7), FIXED(ElementIndexMask, 0xFF00),
	FIXED(EndIndex, 2),         FIXED(EndIndex, 0x80000000),
	FIXED(OSReserved2[0], 1),   FIXED(OSReserved2[1], 0xFF00000000000000),
};

static const char *const place_names[] = {
	[PROBE_STARTS] = "in EvtPacketQueueStart (",
	[PROBE_ADVANCED] = "in EvtPacketQueueAdvance (",
	[PROBE_ARMS] = "in EvtPacketQueueSetNotificationEnabled (",
	[PROBE_CANCELS] = "in EvtPacketQueueCancel (",
	[PROBE_STOPS] = "in EvtPacketQueueStop (",
};

static void is_named(const struct damage *d)
{
	char field[128];

	snprintf(field, sizeof(field), "%s %s went from", d->field, which_names[d->ring]);
	child_violates(damaged, (void *)d, d->rule, place_names[d->place], field, NULL);
}

static void fixed_fields_in_every_ring(void **state)
{
	(void)state;
	for (enum which ring = TX_PACKETS; ring <= RX_FRAGMENTS; ring++) {
		for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
			const struct damage d = { ring,          PROBE_ADVANCED,  fixed[i].offset,
						  fixed[i].size, fixed[i].change, fixed[i].rule,
						  fixed[i].field };

			is_named(&d);
		}
	}
}

static void every_callback_is_named(void **state)
{
	static const enum probe_place places[] = { PROBE_STARTS, PROBE_ADVANCED, PROBE_ARMS,
						   PROBE_CANCELS, PROBE_STOPS };

	(void)state;
	for (enum which ring = TX_PACKETS; ring <= RX_FRAGMENTS; ring++)
		for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
			is_named(&(struct damage){ ring, places[i], FIELD(EndIndex), 1,
						   "InvalidRingImmutable", "EndIndex" });
}

/* A packet is returned in two callbacks only, and only one that the driver has. */
static void begin_index_moves_where_it_may(void **state)
{
	(void)state;
	for (enum which ring = TX_PACKETS; ring <= RX_PACKETS; ring += 2) {
		is_named(&(struct damage){ ring, PROBE_ARMS, FIELD(BeginIndex), 1,
					   "InvalidRingBeginIndex", "BeginIndex" });
		is_named(&(struct damage){ ring, PROBE_STARTS, FIELD(BeginIndex), 1,
					   "InvalidRingBeginIndex", "BeginIndex" });
		is_named(&(struct damage){ ring, PROBE_STOPS, FIELD(BeginIndex), 1,
					   "InvalidRingBeginIndex", "BeginIndex" });
	}
	child_violates(damaged,
		       &(struct damage){ .ring = TX_PACKETS,
					 .place = PROBE_CANCELS,
					 FIELD(BeginIndex),
					 .change = 0x1000 },
		       "InvalidRingBeginIndex", "in EvtPacketQueueCancel (",
		       "BeginIndex of transmit queue 0 went from", NULL);
}

static void next_index_stays_inside(void **state)
{
	(void)state;
	for (enum which ring = TX_PACKETS; ring <= RX_PACKETS; ring += 2) {
		is_named(&(struct damage){ ring, PROBE_ADVANCED, FIELD(NextIndex), 0x10000,
					   "InvalidRingNextIndex", "NextIndex" });
		is_named(&(struct damage){ ring, PROBE_ARMS, FIELD(NextIndex), 0x80000000,
					   "InvalidRingNextIndex", "NextIndex" });
	}
	/* Within the ring, but of an element that the driver does not have. */
	is_named(&(struct damage){ TX_PACKETS, PROBE_ADVANCED, FIELD(NextIndex), 0x40,
				   "InvalidRingNextIndex", "NextIndex" });
}

/* A transmit queue's is the framework's alone; on receive a driver may move it along. */
static void fragment_indices(void **state)
{
	(void)state;
	is_named(&(struct damage){ TX_FRAGMENTS, PROBE_ADVANCED, FIELD(BeginIndex), 1,
				   "InvalidRingImmutable", "BeginIndex" });
	is_named(&(struct damage){ TX_FRAGMENTS, PROBE_ADVANCED, FIELD(NextIndex), 1,
				   "InvalidRingImmutable", "NextIndex" });
	is_named(&(struct damage){ RX_FRAGMENTS, PROBE_ADVANCED, FIELD(BeginIndex), 0x10000,
				   "InvalidRingBeginIndex", "BeginIndex" });
	is_named(&(struct damage){ RX_FRAGMENTS, PROBE_ADVANCED, FIELD(NextIndex), 0x10000,
				   "InvalidRingNextIndex", "NextIndex" });
}

static void move_fragments_along(enum probe_place place, PCNET_DATAPATH_DESCRIPTOR datapath,
				 BOOLEAN transmit, ULONG id)
{
	NET_RING_BUFFER *fragments = ring_of(datapath, RX_FRAGMENTS);

	if (transmit || (place != PROBE_ADVANCED && place != PROBE_CANCELS))
		return;
	fragments->BeginIndex = fragments->NextIndex = ring_of(datapath, RX_PACKETS)->BeginIndex;
}

static void moves_fragments_along(void *context)
{
	run_driver(move_fragments_along);
}

/* What no rule forbids: scratch in both headers, NextIndex up to EndIndex. */
static void use_scratch(enum probe_place place, PCNET_DATAPATH_DESCRIPTOR datapath,
			BOOLEAN transmit, ULONG id)
{
	NET_RING_BUFFER *packets = ring_of(datapath, RX_PACKETS);

	packets->NetAdapterScratch = (PVOID)&calls;
	ring_of(datapath, RX_FRAGMENTS)->NetAdapterScratch = (PVOID)datapath;
	if (place == PROBE_ADVANCES)
		packets->NextIndex = packets->EndIndex;
	if (place == PROBE_ADVANCES && transmit)
		packets->NextIndex = packets->BeginIndex;
}

static void uses_scratch(void *context)
{
	run_driver(use_scratch);
}

static void what_is_allowed_is_let_be(void **state)
{
	struct child_end end;

	(void)state;
	child_run(&end, moves_fragments_along, NULL);
	assert_int_equal(end.exit_code, 0);
	child_run(&end, uses_scratch, NULL);
	assert_int_equal(end.exit_code, 0);
}

/* ---- by a DPC, and by another thread ---- */

static PCNET_DATAPATH_DESCRIPTOR dpc_rings;

static VOID DamageByDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
	write_to(ring_of(dpc_rings, damage->ring), damage);
}

/* It runs inside the callback, on its thread. */
static void queue_dpc(enum probe_place place, PCNET_DATAPATH_DESCRIPTOR datapath, BOOLEAN transmit,
		      ULONG id)
{
	static KDPC dpc;

	if (!transmit || place != PROBE_ADVANCES)
		return;
	dpc_rings = datapath;
	KeInitializeDpc(&dpc, DamageByDpc, NULL);
	KeInsertQueueDpc(&dpc, NULL, NULL);
}

static void damaged_by_dpc(void *context)
{
	damage = context;
	run_driver(queue_dpc);
}

static void a_dpc_is_named(void **state)
{
	(void)state;
	child_violates(damaged_by_dpc,
		       &(struct damage){ .ring = TX_PACKETS,
					 .place = PROBE_ADVANCES,
					 FIELD(BeginIndex),
					 .change = 1 },
		       "InvalidRingBeginIndex", "in KDEFERRED_ROUTINE (",
		       "BeginIndex of the packet ring of transmit queue 0 went from 0 to 1.", NULL);
	child_violates(damaged_by_dpc,
		       &(struct damage){ .ring = TX_FRAGMENTS,
					 .place = PROBE_ADVANCES,
					 FIELD(EndIndex),
					 .change = 0x100 },
		       "InvalidRingImmutable", "in KDEFERRED_ROUTINE (", "EndIndex", NULL);
}

static void note_rings(enum probe_place place, PCNET_DATAPATH_DESCRIPTOR datapath, BOOLEAN transmit,
		       ULONG id)
{
	if (transmit == (damage->ring <= TX_FRAGMENTS))
		__atomic_store_n(&dpc_rings, datapath, __ATOMIC_SEQ_CST);
}

/* The driver is asleep when this thread, which has never been one of its callbacks', writes. */
static void damaged_between(void *context)
{
	struct stage *s;

	damage = context;
	probe_reset();
	probe.deed = note_rings;
	s = probe_stage(NULL);
	memory_edge_put(s->edge, plain, sizeof(plain), (struct frame_meta){ 0 });
	probe_await(1);
	probe_receive(plain, sizeof(plain), 0);
	usleep(100000);
	write_to(ring_of(__atomic_load_n(&dpc_rings, __ATOMIC_SEQ_CST), damage->ring), damage);
	memory_edge_put(s->edge, plain, sizeof(plain), (struct frame_meta){ 0 });
	NetRxQueueNotifyMoreReceivedPacketsAvailable(probe.rxQueue);
	sleep(10);
	probe_stage_free(s);
}

static void between_callbacks_is_said(void **state)
{
	static const char where[] = "in code between the queue's callbacks (";

	(void)state;
	if (__tsan_init) /* it ends the child first: there is a race, and it is the fault */
		skip();
	for (enum which ring = TX_PACKETS; ring <= RX_PACKETS; ring += 2) {
		struct damage d = {
			.ring = ring, .place = PROBE_ADVANCES, FIELD(BeginIndex), .change = 0x40
		};

		child_violates(damaged_between, &d, "InvalidRingBeginIndex", where,
			       "after EvtPacketQueue", "another thread of the driver", NULL);
		d = (struct damage){
			.ring = ring, .place = PROBE_ADVANCES, FIELD(EndIndex), .change = 0x40
		};
		child_violates(damaged_between, &d, "InvalidRingImmutable", where, "EndIndex",
			       NULL);
		d = (struct damage){
			.ring = ring + 1, .place = PROBE_ADVANCES, FIELD(EndIndex), .change = 0x40
		};
		child_violates(damaged_between, &d, "InvalidRingImmutable", where, "EndIndex",
			       "fragment ring", NULL);
	}
}

/* ---- beyond the header ---- */

static void move_buffer(enum probe_place place, PCNET_DATAPATH_DESCRIPTOR datapath,
			BOOLEAN transmit, ULONG id)
{
	static UCHAR own[2048];
	NET_PACKET *packet;

	if (transmit || place != PROBE_ADVANCES)
		return;
	packet = NetRingBufferGetPacketAtIndex(datapath, ring_of(datapath, RX_PACKETS)->BeginIndex);
	NET_PACKET_GET_FRAGMENT(packet, datapath, 0)->VirtualAddress = own;
}

static void moves_buffer(void *context)
{
	run_driver(move_buffer);
}

/* The driver crashes over what it has written: what it wrote is said, not only where it fell. */
static void break_and_fall(enum probe_place place, PCNET_DATAPATH_DESCRIPTOR datapath,
			   BOOLEAN transmit, ULONG id)
{
	NET_RING_BUFFER *ring = ring_of(datapath, TX_PACKETS);

	if (!transmit || place != PROBE_ADVANCES)
		return;
	ring->ElementStride = 0xFFFF;
	((NET_PACKET *)NetRingBufferGetElementAtIndex(ring, 0x7FFFFFF))->Completed = TRUE;
}

static void breaks_and_falls(void *context)
{
	nt_crash_install();
	run_driver(break_and_fall);
}

static void ask_with_broken_ring(enum probe_place place, PCNET_DATAPATH_DESCRIPTOR datapath,
				 BOOLEAN transmit, ULONG id)
{
	if (!transmit || place != PROBE_ADVANCES)
		return;
	ring_of(datapath, TX_PACKETS)->OSReserved2[1] = (PVOID)0x4141414141414140;
	NetPacketGetContextFromToken(datapath, NetRingBufferGetPacketAtIndex(datapath, 0), NULL);
}

static void asks_with_broken_ring(void *context)
{
	run_driver(ask_with_broken_ring);
}

/* What a driver does that never asked whether the extension is there. */
static void use_no_extension(enum probe_place place, PCNET_DATAPATH_DESCRIPTOR datapath,
			     BOOLEAN transmit, ULONG id)
{
	NET_RING_BUFFER *ring = ring_of(datapath, TX_PACKETS);
	NET_PACKET *packet = NetRingBufferGetPacketAtIndex(datapath, ring->BeginIndex);

	if (place != PROBE_ADVANCES || transmit != (damage->ring == TX_PACKETS) ||
	    ring->BeginIndex == ring->EndIndex || ring->BeginIndex != damage->change)
		return;
	NetPacketGetPacketChecksum(packet, NET_PACKET_EXTENSION_INVALID_OFFSET)->Layer4 = 3;
}

static void uses_no_extension(void *context)
{
	damage = context;
	run_driver(use_no_extension);
}

static void an_extension_that_is_not_there(void **state)
{
	static struct child_end end;
	struct damage second = { .ring = TX_PACKETS, .change = 1 };

	(void)state;
	child_violates(uses_no_extension, &(struct damage){ .ring = TX_PACKETS },
		       "OSReserved2[1] of the packet ring of transmit queue 0", NULL);
	for (; second.ring <= RX_PACKETS; second.ring += 2) {
		child_run(&end, uses_no_extension, &second);
		assert_non_null(strstr(end.text, "SPECIAL_POOL_DETECTED_MEMORY_CORRUPTION"));
		assert_non_null(
			strstr(end.text, "1 byte in front of packet 1 in the packet ring of"));
		assert_true(__asan_init ? end.exit_code > 0 : end.exit_code == 158);
	}
}

static void elements_and_their_queue(void **state)
{
	(void)state;
	child_violates(moves_buffer, NULL, "InvalidRingImmutableFrameworkElement",
		       "VirtualAddress of fragment 0 of receive queue 0",
		       "in EvtPacketQueueAdvance (", NULL);
	child_violates(asks_with_broken_ring, NULL, "InvalidRingImmutable",
		       "in NetPacketGetContextFromToken", "OSReserved2", NULL);
}

static void a_crash_over_it_names_the_field(void **state)
{
	(void)state;
	if (__asan_init || __tsan_init)
		skip();
	child_violates(breaks_and_falls, NULL, "InvalidRingImmutable",
		       "ElementStride of the packet ring of transmit queue 0 went from", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fixed_fields_in_every_ring),
		cmocka_unit_test(every_callback_is_named),
		cmocka_unit_test(begin_index_moves_where_it_may),
		cmocka_unit_test(next_index_stays_inside),
		cmocka_unit_test(fragment_indices),
		cmocka_unit_test(what_is_allowed_is_let_be),
		cmocka_unit_test(a_dpc_is_named),
		cmocka_unit_test(between_callbacks_is_said),
		cmocka_unit_test(an_extension_that_is_not_there),
		cmocka_unit_test(elements_and_their_queue),
		cmocka_unit_test(a_crash_over_it_names_the_field),
	};

	return cmocka_run_group_tests_name("datapath: rings", tests, NULL, NULL);
}
