/* SPDX-License-Identifier: MIT */
/*
 * The ring verifier of 21H2: a driver writes to what is the framework's in a ring, or to what it
 * only has to send. Each rule by its number in the driver's version, with the field, the ring, the
 * element, both values and the callback.
 */
#include "ring_deed.h"

/* ---- 50 InvalidRingImmutable ---- */

#define DAMAGE(name, ring, field, value)            \
	static void name(struct rings_event *event) \
	{                                           \
		ring(event)->field = (value);       \
	}

DAMAGE(end_index, packet_ring, EndIndex, 300)
DAMAGE(mask, fragment_ring, ElementIndexMask, 7)
DAMAGE(stride, packet_ring, ElementStride, 4)
DAMAGE(elements, fragment_ring, NumberOfElements, 5)
DAMAGE(reserved1, packet_ring, OSReserved1, 9)
DAMAGE(reserved2, packet_ring, OSReserved2[1], NULL)
DAMAGE(drain_index, fragment_ring, OSReserved0, 5)
DAMAGE(far_reserved, fragment_ring, OSReserved2[3], event)
DAMAGE(buffers_end, buffer_ring, EndIndex, 77)

static void a_ring_s_header_is_the_framework_s(void **state)
{
	const struct {
		void (*act)(struct rings_event *event);
		const char *field, *ring;
	} fields[] = {
		{ end_index, "EndIndex", "packet" },
		{ mask, "ElementIndexMask", "fragment" },
		{ stride, "ElementStride", "packet" },
		{ elements, "NumberOfElements", "fragment" },
		{ reserved1, "OSReserved1", "packet" },
		{ reserved2, "OSReserved2[1]", "packet" },
		{ drain_index, "OSReserved2[0]", "fragment" },
		{ far_reserved, "OSReserved2[3]", "fragment" },
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		for (int tx = 0; tx < 2; tx++) {
			const struct deed d = { .place = RINGS_ADVANCED,
						.transmit = tx,
						.act = fields[i].act,
						.after = 2 };
			char text[128];

			snprintf(text, sizeof(text), "%s of the %s ring of %s queue 0 went from",
				 fields[i].field, fields[i].ring, tx ? "transmit" : "receive");
			deed_breaks(&d, 50, "InvalidRingImmutable", ADVANCE, text);
		}
}

static void in_each_callback(void **state)
{
	const struct {
		enum rings_place place;
		const char *name;
	} places[] = {
		{ RINGS_STARTS, "EvtPacketQueueStart" },
		{ RINGS_ARMS, "EvtPacketQueueSetNotificationEnabled" },
		{ RINGS_CANCELS, "EvtPacketQueueCancel" },
		{ RINGS_STOPS, "EvtPacketQueueStop" },
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		const struct deed d = { .place = places[i].place, .act = stride };

		deed_breaks(&d, 50, "InvalidRingImmutable", places[i].name,
			    "ElementStride of the packet ring of receive queue 0 went from");
	}
}

static void the_third_ring_too(void **state)
{
	const struct deed d = { .place = RINGS_ADVANCED,
				.act = buffers_end,
				.buffers = RINGS_ATTACHES };

	deed_breaks(&d, 50, "InvalidRingImmutable", ADVANCE,
		    "EndIndex of the data buffer ring of receive queue 0 went from 511 to 77");
}

/* ---- 59 InvalidRingBeginIndex ---- */

static void begin_too_far(struct rings_event *event)
{
	NET_RING *ring = packet_ring(event);

	ring->BeginIndex = NetRingIncrementIndex(ring, ring->EndIndex);
}

static void begin_back(struct rings_event *event)
{
	NET_RING *ring = fragment_ring(event);

	ring->BeginIndex = NetRingAdvanceIndex(ring, ring->BeginIndex, -3);
}

static void begin_outside(struct rings_event *event)
{
	packet_ring(event)->BeginIndex = 512;
}

static void begin_elsewhere(struct rings_event *event)
{
	packet_ring(event)->BeginIndex = packet_ring(event)->EndIndex;
}

static void a_driver_returns_what_it_has(void **state)
{
	const struct deed tx_far = {
		.place = RINGS_ADVANCED, .transmit = true, .act = begin_too_far, .after = 3
	};
	const struct deed back = {
		.place = RINGS_ADVANCED, .transmit = true, .act = begin_back, .after = 3
	};
	const struct deed outside = { .place = RINGS_ADVANCED,
				      .transmit = false,
				      .act = begin_outside };
	const char *rule = "InvalidRingBeginIndex";

	deed_breaks(&tx_far, 59, rule, ADVANCE,
		    "BeginIndex of the packet ring of transmit queue 0");
	deed_breaks(&back, 59, rule, ADVANCE,
		    "BeginIndex of the fragment ring of transmit queue 0");
	deed_breaks(&outside, 59, rule, ADVANCE, "receive queue 0 went from 0 to 512.");
}

static void a_driver_returns_in_advance_and_cancel(void **state)
{
	const struct deed arms = { .place = RINGS_ARMS, .transmit = false, .act = begin_elsewhere };

	/* From where depends on what the wire has brought by then. */
	deed_breaks(&arms, 59, "InvalidRingBeginIndex", "EvtPacketQueueSetNotificationEnabled",
		    "BeginIndex of the packet ring of receive queue 0 went from ");
}

/* ---- 51 InvalidRingImmutableFrameworkElement ---- */

/* The one behind what the driver has just returned. */
static UINT32 foreign(NET_RING *ring)
{
	return NetRingAdvanceIndex(ring, ring->BeginIndex, -2);
}

static void foreign_packet(struct rings_event *event)
{
	NET_RING *ring = packet_ring(event);

	NetRingGetPacketAtIndex(ring, foreign(ring))->FragmentCount ^= 0x4000;
}

static void foreign_scratch(struct rings_event *event)
{
	NET_RING *ring = packet_ring(event);

	NetRingGetPacketAtIndex(ring, foreign(ring))->Scratch ^= 1;
}

static void foreign_fragment(struct rings_event *event)
{
	NET_RING *ring = fragment_ring(event);

	NetRingGetFragmentAtIndex(ring, foreign(ring))->Offset ^= 1;
}

static void foreign_address(struct rings_event *event)
{
	NET_RING *ring = fragment_ring(event);
	const NET_EXTENSION *extension =
		event->transmit ? &deed_rings->txAddress : &deed_rings->virtualAddress;

	NetExtensionGetFragmentVirtualAddress(extension, foreign(ring))->VirtualAddress = event;
}

static void elements_that_are_not_its_own(void **state)
{
	const char *rule = "InvalidRingImmutableFrameworkElement";
	const struct deed packet = {
		.place = RINGS_ADVANCED, .transmit = true, .act = foreign_packet, .after = 9
	};
	const struct deed scratch = {
		.place = RINGS_ADVANCED, .transmit = true, .act = foreign_scratch, .after = 9
	};
	const struct deed fragment = {
		.place = RINGS_ADVANCED, .transmit = true, .act = foreign_fragment, .after = 9
	};
	const struct deed address = {
		.place = RINGS_ADVANCED, .transmit = true, .act = foreign_address, .after = 9
	};

	deed_breaks(&packet, 51, rule, ADVANCE, "FragmentCount of element");
	deed_breaks(&packet, 51, rule, ADVANCE,
		    "of the packet ring of transmit queue 0 went from 1 to");
	deed_is_noted(&scratch, "violation 51 InvalidRingImmutableFrameworkElement",
		      "Scratch of element");
	deed_breaks(&fragment, 51, rule, ADVANCE, "Offset of element");
	deed_breaks(&fragment, 51, rule, ADVANCE,
		    "of the fragment ring of transmit queue 0 went from 0 to 1.");
	deed_breaks(&address, 51, rule, ADVANCE, "ms_fragment_virtualaddress of element");
}

/* ---- 52, 53: transmit is read only ---- */

static void tx_count(struct rings_event *event)
{
	packet_of(event)->FragmentCount = 3;
}

static void tx_layout(struct rings_event *event)
{
	packet_of(event)->Layout.Layer2HeaderLength = 77;
}

static void tx_ignore(struct rings_event *event)
{
	packet_of(event)->Ignore = 1;
}

static void tx_length(struct rings_event *event)
{
	fragment_of(event)->ValidLength = 3;
}

static void tx_bounced(struct rings_event *event)
{
	fragment_of(event)->OsReserved_Bounced = 1;
}

static void transmit_packets_are_read_only(void **state)
{
	const struct deed count = { .place = RINGS_FILLS, .transmit = true, .act = tx_count };
	const struct deed layout = { .place = RINGS_FILLS, .transmit = true, .act = tx_layout };
	const struct deed ignore = { .place = RINGS_FILLS, .transmit = true, .act = tx_ignore };
	const struct deed length = { .place = RINGS_FILLS, .transmit = true, .act = tx_length };
	const struct deed bounced = { .place = RINGS_FILLS, .transmit = true, .act = tx_bounced };
	const char *packet = "InvalidRingImmutableDriverTxPacket";
	const char *fragment = "InvalidRingImmutableDriverTxFragment";

	deed_breaks(
		&count, 52, packet, ADVANCE,
		"FragmentCount of element 0 of the packet ring of transmit queue 0 went from 1 to 3.");
	deed_breaks(&layout, 52, packet, ADVANCE, "Layout.Layer2HeaderLength of element 0");
	deed_breaks(&ignore, 52, packet, ADVANCE, "Ignore of element 0");
	deed_breaks(
		&length, 53, fragment, ADVANCE,
		"ValidLength of element 0 of the fragment ring of transmit queue 0 went from 200 to 3.");
	deed_breaks(&bounced, 53, fragment, ADVANCE, "OsReserved_Bounced of element 0");
}

/* ---- what hangs on Windows ---- */

static void keep_fragments(struct rings_event *event)
{
	fragment_ring(event)->BeginIndex = 0;
}

static void transmit_fragments_are_to_come_back(void **state)
{
	const struct deed d = {
		.place = RINGS_ADVANCED, .transmit = true, .act = keep_fragments, .stays = true
	};
	struct deed_child child = { &d, 5 };

	child_violates(deed_run, &child, "FragmentsNotReturned",
		       "All packets of transmit queue 0 have been returned", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ring_s_header_is_the_framework_s),
		cmocka_unit_test(in_each_callback),
		cmocka_unit_test(the_third_ring_too),
		cmocka_unit_test(a_driver_returns_what_it_has),
		cmocka_unit_test(a_driver_returns_in_advance_and_cancel),
		cmocka_unit_test(elements_that_are_not_its_own),
		cmocka_unit_test(transmit_packets_are_read_only),
		cmocka_unit_test(transmit_fragments_are_to_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
