/* SPDX-License-Identifier: MIT */
/*
 * The ring verifier of 21H2: a driver returns received packets and fragments that cannot be. Each
 * rule by its number in the driver's version, with the field, the ring, the element, its value and
 * the callback.
 */
#include "ring_deed.h"

/* ---- 54 to 58: what is to be written of a received packet, and what is not ---- */

static void rx_ignore(struct rings_event *event)
{
	packet_of(event)->Ignore = 1;
}

static void rx_reserved(struct rings_event *event)
{
	packet_of(event)->Reserved1 = 5;
}

static void rx_layout_reserved(struct rings_event *event)
{
	packet_of(event)->Layout.Reserved0 = 3;
}

static void rx_index_as_posted(struct rings_event *event)
{
	packet_of(event)->FragmentIndex = UINT32_MAX;
}

static void rx_count_as_posted(struct rings_event *event)
{
	packet_of(event)->FragmentCount = UINT16_MAX;
}

static void rx_no_length(struct rings_event *event)
{
	fragment_of(event)->ValidLength = 0;
}

static void rx_capacity(struct rings_event *event)
{
	fragment_of(event)->Capacity = 4096;
}

static void rx_no_capacity(struct rings_event *event)
{
	fragment_of(event)->Capacity = 0;
}

static void rx_bounced(struct rings_event *event)
{
	fragment_of(event)->OsReserved_Bounced = 1;
}

static void rx_other_buffer(struct rings_event *event)
{
	NetExtensionGetFragmentVirtualAddress(&deed_rings->virtualAddress,
					      packet_of(event)->FragmentIndex)
		->VirtualAddress = event;
}

static void rx_no_buffer(struct rings_event *event)
{
	NetExtensionGetFragmentVirtualAddress(&deed_rings->virtualAddress,
					      packet_of(event)->FragmentIndex)
		->VirtualAddress = NULL;
}

static void rx_foreign_handle(struct rings_event *event)
{
	NetExtensionGetFragmentDataBuffer(&deed_rings->dataBuffer, packet_of(event)->FragmentIndex)
		->Handle = (NET_DATA_BUFFER_HANDLE)(uintptr_t)511;
}

static void rx_wild_handle(struct rings_event *event)
{
	NetExtensionGetFragmentDataBuffer(&deed_rings->dataBuffer, packet_of(event)->FragmentIndex)
		->Handle = (NET_DATA_BUFFER_HANDLE)(uintptr_t)event;
}

static void what_a_driver_writes_of_a_received_packet(void **state)
{
	const struct deed ignore = { .place = RINGS_FILLS, .transmit = false, .act = rx_ignore };
	const struct deed reserved = { .place = RINGS_FILLS,
				       .transmit = false,
				       .act = rx_reserved };
	const struct deed reserved0 = { .place = RINGS_FILLS,
					.transmit = false,
					.act = rx_layout_reserved };
	const struct deed index = { .place = RINGS_FILLS,
				    .transmit = false,
				    .act = rx_index_as_posted };
	const struct deed count = { .place = RINGS_FILLS,
				    .transmit = false,
				    .act = rx_count_as_posted };

	deed_breaks(
		&ignore, 54, "InvalidRingImmutableDriverRxPacketIgnore", ADVANCE,
		"FragmentIndex of element 0 of the packet ring of receive queue 0 went from 4294967295 to 0.");
	deed_breaks(
		&reserved, 55, "InvalidRingModifiedRxPacket", ADVANCE,
		"Reserved1 of element 0 of the packet ring of receive queue 0 went from 0 to 5.");
	deed_breaks(&reserved0, 55, "InvalidRingModifiedRxPacket", ADVANCE, "Layout.Reserved0 of");
	deed_breaks(&index, 57, "InvalidRingUnmodifiedRxPacket", ADVANCE,
		    "FragmentIndex, as it was");
	deed_breaks(&count, 57, "InvalidRingUnmodifiedRxPacket", ADVANCE,
		    "FragmentCount, as it was");
}

static void what_a_driver_writes_of_its_fragments(void **state)
{
	const char *modified = "InvalidRingModifiedRxFragment";
	const char *unmodified = "InvalidRingUnmodifiedRxFragment";
	const struct deed no_length = { .place = RINGS_FILLS,
					.transmit = false,
					.act = rx_no_length };
	const struct deed no_capacity = { .place = RINGS_FILLS,
					  .transmit = false,
					  .act = rx_no_capacity,
					  .buffers = RINGS_DRIVER };
	const struct deed no_buffer = { .place = RINGS_FILLS,
					.transmit = false,
					.act = rx_no_buffer,
					.buffers = RINGS_DRIVER };
	const struct deed foreign_handle = { .place = RINGS_FILLS,
					     .transmit = false,
					     .act = rx_foreign_handle,
					     .buffers = RINGS_ATTACHES };
	const struct deed wild = { .place = RINGS_FILLS,
				   .transmit = false,
				   .act = rx_wild_handle,
				   .buffers = RINGS_ATTACHES };
	const struct deed capacity = { .place = RINGS_FILLS,
				       .transmit = false,
				       .act = rx_capacity };
	const struct deed bounced = { .place = RINGS_FILLS, .transmit = false, .act = rx_bounced };
	const struct deed other = { .place = RINGS_FILLS,
				    .transmit = false,
				    .act = rx_other_buffer };

	deed_breaks(&no_length, 56, modified, ADVANCE,
		    "ValidLength of element 0 of the fragment ring of receive queue 0 is 0.");
	deed_breaks(&no_capacity, 56, modified, ADVANCE, "Capacity of element 0");
	deed_breaks(&no_buffer, 56, modified, ADVANCE, "ms_fragment_virtualaddress of element 0");
	deed_breaks(
		&foreign_handle, 56, modified, ADVANCE,
		"ms_fragment_databuffer of element 0 of the fragment ring of receive queue 0 is 511.");
	deed_breaks(&wild, 56, modified, ADVANCE, "ms_fragment_databuffer of element 0");
	deed_breaks(
		&capacity, 58, unmodified, ADVANCE,
		"Capacity of element 0 of the fragment ring of receive queue 0 went from 2048 to 4096.");
	deed_breaks(&bounced, 58, unmodified, ADVANCE, "OsReserved_Bounced of element 0");
	deed_breaks(&other, 58, unmodified, ADVANCE, "ms_fragment_virtualaddress of element 0");
}

/* ---- 60 to 65: a packet's fragments ---- */

static void set_fragments(struct rings_event *event, UINT32 index, UINT16 count)
{
	packet_of(event)->FragmentIndex = index;
	packet_of(event)->FragmentCount = count;
}

static void no_fragments(struct rings_event *event)
{
	set_fragments(event, 0, 0);
}

static void too_many(struct rings_event *event)
{
	set_fragments(event, 0, 600);
}

static void index_outside(struct rings_event *event)
{
	set_fragments(event, 511, 1); /* the one that is never posted at first */
}

static void index_wild(struct rings_event *event)
{
	set_fragments(event, 0x10000, 1);
}

static void count_outside(struct rings_event *event)
{
	set_fragments(event, 510, 2);
}

/* Beyond the end of the ring, to its first elements again. */
static void count_round(struct rings_event *event)
{
	set_fragments(event, 2, 511);
}

static void index_kept(struct rings_event *event)
{
	set_fragments(event, 5, 1);
}

static void count_kept(struct rings_event *event)
{
	set_fragments(event, 0, 2);
}

static void a_packet_s_fragments_came_back_with_it(void **state)
{
	const struct deed none = { .place = RINGS_FILLS, .transmit = false, .act = no_fragments };
	const struct deed many = { .place = RINGS_FILLS, .transmit = false, .act = too_many };
	const struct deed outside = { .place = RINGS_FILLS,
				      .transmit = false,
				      .act = index_outside };
	const struct deed wild = { .place = RINGS_FILLS, .transmit = false, .act = index_wild };
	const struct deed last = { .place = RINGS_FILLS, .transmit = false, .act = count_outside };
	const struct deed round = { .place = RINGS_FILLS, .transmit = false, .act = count_round };
	const struct deed kept = { .place = RINGS_FILLS, .transmit = false, .act = index_kept };
	const struct deed kept_last = { .place = RINGS_FILLS,
					.transmit = false,
					.act = count_kept };

	deed_breaks(&none, 60, "InvalidRingRxPacketFragmentCountZero", ADVANCE,
		    "FragmentCount of element 0 of the packet ring of receive queue 0 is 0.");
	deed_breaks(&many, 61, "InvalidRingRxPacketFragmentCountOutOfRange", ADVANCE, "is 600.");
	deed_breaks(&outside, 62, "InvalidRingRxPacketFragmentIndexOutOfPreRange", ADVANCE,
		    "is 511.");
	deed_breaks(&wild, 62, "InvalidRingRxPacketFragmentIndexOutOfPreRange", ADVANCE,
		    "is 65536.");
	deed_breaks(&last, 63, "InvalidRingRxPacketFragmentCountOutOfPreRange", ADVANCE, "is 2.");
	deed_breaks(&round, 63, "InvalidRingRxPacketFragmentCountOutOfPreRange", ADVANCE,
		    "is 511.");
	deed_breaks(&kept, 64, "InvalidRingRxPacketFragmentIndexOutOfPostRange", ADVANCE, "is 5.");
	deed_breaks(&kept_last, 65, "InvalidRingRxPacketFragmentCountOutOfPostRange", ADVANCE,
		    "is 2.");
}

/* ---- 66 to 74: layouts that cannot be ---- */

#define LAYOUT(name, ...)                                                      \
	static void name(struct rings_event *event)                            \
	{                                                                      \
		packet_of(event)->Layout = (NET_PACKET_LAYOUT){ __VA_ARGS__ }; \
	}

LAYOUT(layer2_type, .Layer2Type = 7)
LAYOUT(layer3_type, .Layer3Type = 7)
LAYOUT(layer4_type, .Layer4Type = 5)
LAYOUT(null_length, .Layer2Type = NetPacketLayer2TypeNull, .Layer2HeaderLength = 1)
LAYOUT(short_ethernet, .Layer2Type = NetPacketLayer2TypeEthernet, .Layer2HeaderLength = 13)
LAYOUT(short_ipv4, .Layer3Type = NetPacketLayer3TypeIPv4UnspecifiedOptions,
       .Layer3HeaderLength = 19)
LAYOUT(short_ipv6, .Layer3Type = NetPacketLayer3TypeIPv6NoExtensions, .Layer3HeaderLength = 39)
LAYOUT(short_tcp, .Layer4Type = NetPacketLayer4TypeTcp, .Layer4HeaderLength = 16)
LAYOUT(long_tcp, .Layer4Type = NetPacketLayer4TypeTcp, .Layer4HeaderLength = 64)
LAYOUT(odd_tcp, .Layer4Type = NetPacketLayer4TypeTcp, .Layer4HeaderLength = 22)
LAYOUT(short_udp, .Layer4Type = NetPacketLayer4TypeUdp, .Layer4HeaderLength = 7)

static void layouts_that_cannot_be(void **state)
{
	const struct {
		void (*act)(struct rings_event *event);
		unsigned number;
		const char *rule, *field;
	} layouts[] = {
		{ layer2_type, 66, "InvalidRingRxPacketLayer2Type ", "Layout.Layer2Type" },
		{ null_length, 67, "InvalidRingRxPacketLayer2TypeNullLengthNonZero",
		  "Layout.Layer2HeaderLength" },
		{ short_ethernet, 68, "InvalidRingRxPacketLayer2TypeEthernetLengthInvalid",
		  "Layout.Layer2HeaderLength" },
		{ short_ipv4, 69, "InvalidRingRxPacketLayer3TypeIPv4LengthInvalid",
		  "Layout.Layer3HeaderLength" },
		{ short_ipv6, 70, "InvalidRingRxPacketLayer3TypeIPv6LengthInvalid",
		  "Layout.Layer3HeaderLength" },
		{ short_tcp, 71, "InvalidRingRxPacketLayer4TypeTcpLengthInvalid",
		  "Layout.Layer4HeaderLength" },
		{ long_tcp, 71, "InvalidRingRxPacketLayer4TypeTcpLengthInvalid",
		  "Layout.Layer4HeaderLength" },
		{ odd_tcp, 71, "InvalidRingRxPacketLayer4TypeTcpLengthInvalid",
		  "Layout.Layer4HeaderLength" },
		{ short_udp, 72, "InvalidRingRxPacketLayer4TypeUdpLengthInvalid",
		  "Layout.Layer4HeaderLength" },
		{ layer3_type, 73, "InvalidRingRxPacketLayer3Type ", "Layout.Layer3Type" },
		{ layer4_type, 74, "InvalidRingRxPacketLayer4Type ", "Layout.Layer4Type" },
	};

	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
		const struct deed d = { .place = RINGS_FILLS,
					.transmit = false,
					.act = layouts[i].act };

		deed_breaks(&d, layouts[i].number, layouts[i].rule, ADVANCE, layouts[i].field);
	}
}

/* ---- 75, 76: packets that share fragments ---- */

/* A second packet, with the fragments from @index on, before the driver returns the first. */
static void add_packet(struct rings_event *event, UINT32 first, UINT16 first_count, UINT32 second)
{
	NET_RING *ring = packet_ring(event);
	NET_PACKET *next =
		NetRingGetPacketAtIndex(ring, NetRingIncrementIndex(ring, event->packet));

	packet_of(event)->FragmentIndex = first;
	packet_of(event)->FragmentCount = first_count;
	*next = *packet_of(event);
	next->FragmentIndex = second;
	next->FragmentCount = 1;
	/* The driver steps over both: it goes on from here. */
	ring->BeginIndex = NetRingIncrementIndex(ring, ring->BeginIndex);
}

static void in_reverse(struct rings_event *event)
{
	add_packet(event, 2, 1, 1);
}

static void shared(struct rings_event *event)
{
	add_packet(event, 0, 3, 2);
}

static void packets_share_no_fragment(void **state)
{
	const struct deed reverse = {
		.place = RINGS_FILLS, .transmit = false, .act = in_reverse, .pieces = 4
	};
	const struct deed overlap = {
		.place = RINGS_FILLS, .transmit = false, .act = shared, .pieces = 4
	};

	deed_breaks(&reverse, 75, "InvalidRingRxPacketFragmentIndexOverlap", ADVANCE,
		    "FragmentIndex of element 1");
	deed_breaks(&overlap, 76, "InvalidRingRxPacketFragmentCountOverlap", ADVANCE,
		    "FragmentIndex of element 1");
}

/* ---- all of these, of a packet that follows good ones of its kind ---- */

static void what_has_been_good_may_be_bad_the_next_time(void **state)
{
	const struct {
		void (*act)(struct rings_event *event);
		unsigned number;
		const char *rule, *field;
	} seconds[] = {
		{ rx_reserved, 55, "InvalidRingModifiedRxPacket", "Reserved1 of element 2" },
		{ rx_layout_reserved, 55, "InvalidRingModifiedRxPacket",
		  "Layout.Reserved0 of element 2" },
		{ rx_index_as_posted, 57, "InvalidRingUnmodifiedRxPacket",
		  "FragmentIndex, as it was" },
		{ rx_no_length, 56, "InvalidRingModifiedRxFragment", "ValidLength of element 2" },
		{ no_fragments, 60, "InvalidRingRxPacketFragmentCountZero", "of element 2" },
		{ index_kept, 64, "InvalidRingRxPacketFragmentIndexOutOfPostRange", "is 5." },
		{ short_ipv4, 69, "InvalidRingRxPacketLayer3TypeIPv4LengthInvalid",
		  "of element 2" },
		{ layer4_type, 74, "InvalidRingRxPacketLayer4Type ", "of element 2" },
	};

	for (size_t i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++) {
		const struct deed d = {
			.place = RINGS_FILLS, .transmit = false, .act = seconds[i].act, .after = 2
		};

		deed_breaks(&d, seconds[i].number, seconds[i].rule, ADVANCE, seconds[i].field);
	}
}

/* ---- 77, 78: data outside of its buffer ---- */

static void offset_outside(struct rings_event *event)
{
	fragment_of(event)->Capacity = 100;
	fragment_of(event)->Offset = 101;
}

static void length_outside(struct rings_event *event)
{
	fragment_of(event)->Offset = 10;
	fragment_of(event)->ValidLength = 2039;
}

static void capacity_too_large(struct rings_event *event)
{
	fragment_of(event)->Capacity = 2049;
}

static void data_lies_in_its_buffer(void **state)
{
	const struct deed offset = { .place = RINGS_FILLS,
				     .transmit = false,
				     .act = offset_outside,
				     .buffers = RINGS_DRIVER };
	const struct deed length = { .place = RINGS_FILLS,
				     .transmit = false,
				     .act = length_outside };
	const struct deed capacity = { .place = RINGS_FILLS,
				       .transmit = false,
				       .act = capacity_too_large,
				       .buffers = RINGS_ATTACHES };

	deed_breaks(&offset, 77, "InvalidRingRxPacketFragmentOffsetInvalid", ADVANCE, "is 101.");
	deed_breaks(&length, 78, "InvalidRingRxPacketFragmentLengthInvalid", ADVANCE,
		    "ValidLength, behind Offset 10, Capacity 2048, of element 0");
	deed_breaks(&capacity, 78, "InvalidRingRxPacketFragmentLengthInvalid", ADVANCE,
		    "Capacity of element 0 of the fragment ring of receive queue 0 is 2049.");
}

/* ---- what Windows without Driver Verifier would do ---- */

static void leave_layout(struct rings_event *event)
{
	NET_PACKET_LAYOUT *layout = &packet_of(event)->Layout;

	layout->Layer2Type = layout->Layer3Type = layout->Layer4Type = 0xF;
}

/* A note, once, and the frames come up. */
static void a_layout_may_be_left_alone(void **state)
{
	const struct deed d = {
		.place = RINGS_FILLS, .transmit = false, .act = leave_layout, .stays = true
	};

	deed_is_noted(&d, "violation 57 InvalidRingUnmodifiedRxPacket",
		      "Layout.Layer2Type of element 0");
}

static void fill_what_is_given_up(struct rings_event *event)
{
	NET_RING *ring = packet_ring(event);
	NET_PACKET *packet =
		NetRingGetPacketAtIndex(ring, NetRingAdvanceIndex(ring, ring->BeginIndex, -1));

	/* To be ignored at its return: it is this callback's, and the deed is in it. */
	if (!packet->Ignore)
		abort();
	packet->FragmentIndex = 0;
	packet->FragmentCount = 1;
}

/* Some that another thread has filled and that were not returned yet: Windows does not mind. */
static void a_filled_packet_may_be_given_up(void **state)
{
	const struct deed d = { .place = RINGS_CANCELS,
				.transmit = false,
				.act = fill_what_is_given_up };
	struct deed_child child = { &d, 5 };
	struct child_end end;

	child_run(&end, deed_run, &child);
	assert_int_equal(end.exit_code, 0);
	assert_null(strstr(end.text, "violation"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_driver_writes_of_a_received_packet),
		cmocka_unit_test(what_a_driver_writes_of_its_fragments),
		cmocka_unit_test(a_packet_s_fragments_came_back_with_it),
		cmocka_unit_test(layouts_that_cannot_be),
		cmocka_unit_test(packets_share_no_fragment),
		cmocka_unit_test(what_has_been_good_may_be_bad_the_next_time),
		cmocka_unit_test(data_lies_in_its_buffer),
		cmocka_unit_test(a_layout_may_be_left_alone),
		cmocka_unit_test(a_filled_packet_may_be_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
