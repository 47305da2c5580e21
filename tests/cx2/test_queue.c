/* SPDX-License-Identifier: MIT */
/*
 * Packet queues of 2.x in right use: frames go through whole, whatever their fragments and whoever
 * has the buffers; extensions are there when they were declared; each start begins at 0.
 */
#include <unistd.h>

#include "base/clock.h"
#include "rings_stage.h"

#define FRAMES 1500 /* several times round each ring */

static uint8_t frame[1200] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xB5 };
static const unsigned minors[] = { 0, 1, 2, 5 };

static struct rings *rings;

static void number(unsigned i)
{
	memcpy(frame + 14, &i, sizeof(i));
	memset(frame + 18, (int)i, sizeof(frame) - 18);
}

static void send_and_compare(struct stage *s, unsigned i)
{
	number(i);
	rings_send(s, rings, frame, 100 + i % 1000, i + 1);
	pthread_mutex_lock(&rings->lock);
	assert_int_equal(rings->last.length, 100 + i % 1000);
	assert_memory_equal(rings->last.bytes, frame, rings->last.length);
	pthread_mutex_unlock(&rings->lock);
}

static void receive_and_compare(struct stage *s, unsigned i)
{
	struct kept_frame *kept;

	number(i);
	rings_receive(rings, frame, 100 + i % 1000);
	frame_store_await(&s->edge->out, i + 1);
	kept = &s->edge->out.frames[i];
	assert_int_equal(kept->length, 100 + i % 1000);
	assert_memory_equal(kept->bytes, frame, kept->length);
}

/* Its own buffers go back behind the frames. */
static void await_returned(unsigned count)
{
	for (unsigned i = 0; i < 10000; i++) {
		if (__atomic_load_n(&rings->returned, __ATOMIC_SEQ_CST) == count)
			return;
		usleep(1000);
	}
	fail_msg("%u buffers have come back of %u", rings->returned, count);
}

static void goes_round(unsigned minor, enum rings_buffers buffers, unsigned pieces, bool skips)
{
	struct stage *s = rings_open(minor, &rings);
	struct dp_counters counters;

	rings->buffers = buffers;
	rings->pieces = pieces;
	rings->skipsOne = skips;
	rings_up(s, NULL);
	for (unsigned i = 0; i < FRAMES; i++)
		receive_and_compare(s, i);
	dp_counters(s->dp, &counters);
	assert_int_equal(counters.rx_packets, FRAMES);
	assert_int_equal(counters.rx_bad, 0);
	if (buffers == RINGS_DRIVER)
		await_returned(FRAMES * (pieces ? pieces : 1));
	stage_free(s);
}

static void frames_come_up_whole(void **state)
{
	for (size_t i = 0; i < sizeof(minors) / sizeof(minors[0]); i++)
		goes_round(minors[i], RINGS_SYSTEM, 0, false);
}

static void a_received_packet_may_have_many_fragments(void **state)
{
	goes_round(5, RINGS_SYSTEM, 7, false);
}

static void fragments_may_come_back_without_a_packet(void **state)
{
	goes_round(5, RINGS_SYSTEM, 2, true);
}

static void a_driver_may_have_buffers_of_its_own(void **state)
{
	goes_round(0, RINGS_DRIVER, 0, false);
	goes_round(5, RINGS_DRIVER, 3, true);
}

static void a_driver_may_attach_the_framework_s_buffers(void **state)
{
	goes_round(2, RINGS_ATTACHES, 0, false);
	goes_round(5, RINGS_ATTACHES, 3, true);
}

static void frames_go_down_whole(void **state)
{
	for (size_t i = 0; i < sizeof(minors) / sizeof(minors[0]); i++) {
		struct stage *s = rings_open(minors[i], &rings);

		rings_up(s, NULL);
		for (unsigned j = 0; j < FRAMES; j++)
			send_and_compare(s, j);
		stage_free(s);
	}
}

static void a_sent_packet_may_have_many_fragments(void **state)
{
	struct stage *s = rings_open(5, &rings);

	rings_up(s, &(struct dp_config){ .tx_fragment_size = 100 });
	for (unsigned j = 0; j < FRAMES; j++)
		send_and_compare(s, j);
	pthread_mutex_lock(&rings->lock);
	assert_true(rings->last.packet.FragmentCount > 5);
	pthread_mutex_unlock(&rings->lock);
	stage_free(s);
}

/* Of a frame whose headers are known. */
static void the_layout_says_where_the_headers_are(void **state)
{
	static const uint8_t udp[60] = { 2,    0, 0,  0,  0, 2, 2, 0, 0,  0,  0, 1, 8,  0,
					 0x45, 0, 0,  46, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0,
					 0,    1, 10, 0,  0, 2, 0, 7, 0,  9,  0, 26 };
	struct stage *s = rings_open(5, &rings);
	const NET_PACKET_LAYOUT *layout = &rings->last.packet.Layout;

	rings_up(s, NULL);
	rings_send(s, rings, udp, sizeof(udp), 1);
	assert_int_equal(layout->Layer2Type, NetPacketLayer2TypeEthernet);
	assert_int_equal(layout->Layer2HeaderLength, 14);
	assert_int_equal(layout->Layer3Type, NetPacketLayer3TypeIPv4NoOptions);
	assert_int_equal(layout->Layer3HeaderLength, 20);
	assert_int_equal(layout->Layer4Type, NetPacketLayer4TypeUdp);
	assert_int_equal(layout->Layer4HeaderLength, 8);
	stage_free(s);
}

static void each_start_begins_at_element_0(void **state)
{
	struct stage *s = rings_open(5, &rings);

	rings_up(s, NULL);
	for (unsigned i = 0; i < 6; i++) {
		if (i) {
			stage_stop(s);
			assert_int_equal(stage_start(s), STATUS_SUCCESS);
		}
		rings_send(s, rings, frame, 100, i + 1);
		rings_receive(rings, frame, 100);
	}
	pthread_mutex_lock(&rings->lock);
	assert_int_equal(rings->starts, 12);
	assert_int_equal(rings->starts, rings->startsAtZero);
	pthread_mutex_unlock(&rings->lock);
	stage_free(s);
}

static void packets_may_come_back_after_cancel(void **state)
{
	struct stage *s = rings_open(5, &rings);

	rings->keepsAtCancel = TRUE;
	rings_up(s, NULL);
	rings_receive(rings, frame, 100);
	stage_stop(s);
	assert_int_equal(rings->ignored, 511);
	stage_free(s);
}

/* 21H2: "there are pending Tx packets". */
static void an_empty_transmit_queue_is_not_armed(void **state)
{
	struct stage *s = rings_open(5, &rings);

	rings_up(s, NULL);
	rings_send(s, rings, frame, 100, 1);
	rings_receive(rings, frame, 100);
	usleep(20000);
	pthread_mutex_lock(&rings->lock);
	assert_true(rings->arms > 0);
	assert_int_equal(rings->armsTx, 0);
	pthread_mutex_unlock(&rings->lock);
	stage_free(s);
}

/* A packet that comes just before the queue's thread sleeps, when there was none to be armed for.
 */
static void a_driver_that_completes_when_it_is_armed_is_armed(void **state)
{
	struct stage *s = rings_open(5, &rings);
	unsigned completed = 0;

	rings->waits = TRUE;
	rings_up(s, NULL);
	for (unsigned i = 0; i < 10000; i++) {
		uint64_t until = clock_ns() + 2000000000;

		memory_edge_put(s->edge, frame, 100, (struct frame_meta){ 0 });
		do {
			pthread_mutex_lock(&rings->lock);
			completed = rings->completed;
			pthread_mutex_unlock(&rings->lock);
		} while (completed <= i && clock_ns() < until);
		assert_int_equal(completed, i + 1);
		for (volatile unsigned spin = 0; spin < i % 500 * 10; spin++)
			;
	}
	stage_free(s);
}

/* ---- extensions ---- */

struct asked {
	PCWSTR name;
	ULONG version;
	NET_EXTENSION_TYPE type;
};

static const struct asked checksum = { NET_PACKET_EXTENSION_CHECKSUM_NAME, 1,
				       NetExtensionTypePacket };
static const struct asked gso = { NET_PACKET_EXTENSION_GSO_NAME, 1, NetExtensionTypePacket };
static const struct asked lso = { NETCX_WIDE("ms_packet_lso"), 1, NetExtensionTypePacket };
static const struct asked rsc = { NET_PACKET_EXTENSION_RSC_NAME, 1, NetExtensionTypePacket };
static const struct asked rsc_2 = { NET_PACKET_EXTENSION_RSC_NAME, 2, NetExtensionTypePacket };
static const struct asked rsc_3 = { NET_PACKET_EXTENSION_RSC_NAME, 3, NetExtensionTypePacket };
static const struct asked timestamp = { NET_PACKET_EXTENSION_RSC_TIMESTAMP_NAME, 1,
					NetExtensionTypePacket };
static const struct asked tag = { NET_PACKET_EXTENSION_IEEE8021Q_NAME, 1, NetExtensionTypePacket };
static const struct asked hash = { NET_PACKET_EXTENSION_HASH_NAME, 1, NetExtensionTypePacket };
static const struct asked address = { NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS_NAME, 1,
				      NetExtensionTypeFragment };
static const struct asked logical = { NET_FRAGMENT_EXTENSION_LOGICAL_ADDRESS_NAME, 1,
				      NetExtensionTypeFragment };
static const struct asked mdl = { NET_FRAGMENT_EXTENSION_MDL_NAME, 1, NetExtensionTypeFragment };
static const struct asked context = { NET_FRAGMENT_EXTENSION_RETURN_CONTEXT_NAME, 1,
				      NetExtensionTypeFragment };
static const struct asked data_buffer = { NET_FRAGMENT_EXTENSION_DATA_BUFFER_NAME, 1,
					  NetExtensionTypeFragment };
static const struct asked buffer_address = { NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS_NAME, 1,
					     NetExtensionTypeBuffer };
static const struct asked buffer_logical = { NET_FRAGMENT_EXTENSION_LOGICAL_ADDRESS_NAME, 1,
					     NetExtensionTypeBuffer };
/* Version, kind of element and the rest of the name count. */
static const struct asked address_2 = { NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS_NAME, 2,
					NetExtensionTypeFragment };
static const struct asked packet_address = { NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS_NAME, 1,
					     NetExtensionTypePacket };
static const struct asked own = { NETCX_WIDE("contoso"), 1, NetExtensionTypePacket };

static const struct asked *const all[] = {
	&checksum,
	&gso,
	&lso,
	&rsc,
	&rsc_2,
	&rsc_3,
	&timestamp,
	&tag,
	&hash,
	&address,
	&logical,
	&mdl,
	&context,
	&data_buffer,
	&buffer_address,
	&buffer_logical,
	&address_2,
	&packet_address,
	&own,
};

static bool has(bool transmit, const struct asked *asked)
{
	NET_EXTENSION_QUERY query;
	NET_EXTENSION extension = { .Enabled = 77 };

	NET_EXTENSION_QUERY_INIT(&query, asked->name, asked->version, asked->type);
	if (transmit)
		NetTxQueueGetExtension(rings->tx, &query, &extension);
	else
		NetRxQueueGetExtension(rings->rx, &query, &extension);
	assert_true(extension.Enabled == TRUE || extension.Enabled == FALSE);
	assert_int_equal(extension.Enabled, extension.Reserved[0] && extension.Reserved[1]);
	return extension.Enabled;
}

/* These, and no others. */
static void has_only(bool transmit, const struct asked *const *expected)
{
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		bool wanted = false;

		for (size_t j = 0; expected[j]; j++)
			wanted |= expected[j] == all[i];
		if (has(transmit, all[i]) != wanted)
			fail_msg("the %s queue has %s extension %zu", transmit ? "tx" : "rx",
				 wanted ? "no" : "an", i);
	}
}

#define HAS(transmit, ...) has_only(transmit, (const struct asked *const[]){ __VA_ARGS__, NULL })

static void ask(void *unused)
{
	(void)unused;
	if (rings->checksum) {
		HAS(true, &checksum, &gso, &tag, &address);
		HAS(false, &checksum, &rsc, &rsc_2, &timestamp, &tag, &hash, &address);
	} else if (rings->buffers == RINGS_ATTACHES) {
		HAS(true, &address);
		HAS(false, &address, &data_buffer, &buffer_address, &buffer_logical);
	} else if (rings->buffers == RINGS_DRIVER) {
		HAS(true, &address);
		HAS(false, &address, &context);
	} else {
		HAS(true, &address);
		HAS(false, &address);
	}
}

static void asks(unsigned minor, void (*set)(void), void (*question)(void *))
{
	struct stage *s = rings_open(minor, &rings);

	if (set)
		set();
	rings_up(s, NULL);
	stage_call(s, question, NULL);
	stage_free(s);
}

static void declare_all(void)
{
	rings->checksum = rings->gso = rings->rsc = rings->timestamps = rings->ieee8021q =
		rings->scaling = TRUE;
}

static void declare_attached(void)
{
	rings->buffers = RINGS_ATTACHES;
}

static void declare_driver(void)
{
	rings->buffers = RINGS_DRIVER;
}

static void extensions_are_those_that_were_declared(void **state)
{
	asks(5, NULL, ask);
	asks(5, declare_all, ask);
	asks(5, declare_attached, ask);
	asks(5, declare_driver, ask);
}

static void ask_21(void *unused)
{
	assert_false(has(false, &hash));
	assert_true(has(false, &rsc));
	assert_false(has(false, &rsc_2));
}

static void ask_22(void *unused)
{
	assert_true(has(false, &hash));
	assert_false(has(false, &rsc_2));
}

static void the_hash_is_there_from_2_2_and_udp_s_rsc_from_2_5(void **state)
{
	asks(1, declare_all, ask_21);
	asks(2, declare_all, ask_22);
}

static void ask_20(void *unused)
{
	assert_true(has(true, &lso));
	assert_true(has(true, &checksum));
	assert_true(has(true, &tag));
	assert_false(has(true, &gso));
}

static void ask_20_without(void *unused)
{
	assert_true(has(true, &lso));
	assert_false(has(true, &tag));
}

static void the_packets_of_2_0_have_its_lso(void **state)
{
	asks(0, declare_all, ask_20);
	asks(0, NULL, ask_20_without);
}

/* What late previews of 2.0 have inline reads what the extension says. */
static void data_buffers_are_found_by_their_handle(struct rings_event *event)
{
	NET_EXTENSION_QUERY query;
	NET_EXTENSION extension;
	NET_RING *ring;

	/* The queue does not run yet: its rings are nobody else's. */
	if (event->place != RINGS_CREATED || event->transmit)
		return;
	ring = NetRingCollectionGetDataBufferRing(NetRxQueueGetRingCollection(rings->rx));
	NET_EXTENSION_QUERY_INIT(&query, NET_FRAGMENT_EXTENSION_LOGICAL_ADDRESS_NAME, 1,
				 NetExtensionTypeBuffer);
	NetRxQueueGetExtension(rings->rx, &query, &extension);
	assert_true(extension.Enabled);
	for (UINT32 i = 0; i < ring->NumberOfElements; i++) {
		NET_FRAGMENT_LOGICAL_ADDRESS *address = NetExtensionGetData(&extension, i);
		UINT64 saved = address->LogicalAddress;

		address->LogicalAddress = 0x1000 + i;
		assert_int_equal(
			NetDataBufferGetLogicalAddress(ring, (NET_DATA_BUFFER_HANDLE)(SIZE_T)i),
			0x1000 + i);
		address->LogicalAddress = saved;
	}
}

/* Its sample tells the hardware how long a buffer is by the fragment that will have it. */
static void bare_fragments_have_room(struct rings_event *event)
{
	const NET_RING *ring;

	if (event->place != RINGS_ADVANCES || event->transmit)
		return;
	ring = NetRingCollectionGetFragmentRing(event->rings);
	for (UINT32 i = ring->BeginIndex; i != ring->EndIndex; i = NetRingIncrementIndex(ring, i))
		assert_int_equal(NetRingGetFragmentAtIndex(ring, i)->Capacity, 2048);
}

static void a_fragment_says_how_large_a_data_buffer_is(void **state)
{
	struct stage *s = rings_open(0, &rings);

	rings->buffers = RINGS_ATTACHES;
	rings->deed = bare_fragments_have_room;
	rings_up(s, NULL);
	for (unsigned i = 0; i < 600; i++)
		receive_and_compare(s, i);
	stage_free(s);
}

static void a_late_preview_of_2_0_finds_its_data_buffers(void **state)
{
	struct stage *s = rings_open(0, &rings);

	rings->buffers = RINGS_ATTACHES;
	rings->deed = data_buffers_are_found_by_their_handle;
	rings_up(s, NULL);
	stage_free(s);
}

/* A verdict lies in the extension of its packet. */
static void says_valid(struct rings_event *event)
{
	if (event->place == RINGS_FILLS && !event->transmit)
		((NET_PACKET_CHECKSUM *)NetExtensionGetData(&rings->checksumExtension,
							    event->packet))
			->Layer4 = NetPacketRxChecksumEvaluationValid;
}

static void a_verdict_comes_up_with_its_packet(void **state)
{
	struct stage *s = rings_open(5, &rings);

	rings->checksum = TRUE;
	rings->deed = says_valid;
	rings_up(s, NULL);
	for (unsigned i = 0; i < 600; i++) {
		receive_and_compare(s, i);
		assert_true(s->edge->out.frames[i].meta.checksum_valid);
	}
	stage_free(s);
}

static void the_third_ring_is_there_for_who_attaches(void **state)
{
	const enum rings_buffers modes[] = { RINGS_SYSTEM, RINGS_DRIVER, RINGS_ATTACHES };

	for (size_t i = 0; i < 3; i++) {
		struct stage *s = rings_open(5, &rings);
		const NET_RING_COLLECTION *collection;

		rings->buffers = modes[i];
		rings_up(s, NULL);
		stage_enter(s);
		collection = NetRxQueueGetRingCollection(rings->rx);
		assert_int_equal(!!NetRingCollectionGetDataBufferRing(collection),
				 modes[i] == RINGS_ATTACHES);
		assert_null(
			NetRingCollectionGetDataBufferRing(NetTxQueueGetRingCollection(rings->tx)));
		stage_free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_come_up_whole),
		cmocka_unit_test(a_received_packet_may_have_many_fragments),
		cmocka_unit_test(fragments_may_come_back_without_a_packet),
		cmocka_unit_test(a_driver_may_have_buffers_of_its_own),
		cmocka_unit_test(a_driver_may_attach_the_framework_s_buffers),
		cmocka_unit_test(frames_go_down_whole),
		cmocka_unit_test(a_sent_packet_may_have_many_fragments),
		cmocka_unit_test(the_layout_says_where_the_headers_are),
		cmocka_unit_test(each_start_begins_at_element_0),
		cmocka_unit_test(packets_may_come_back_after_cancel),
		cmocka_unit_test(an_empty_transmit_queue_is_not_armed),
		cmocka_unit_test(a_driver_that_completes_when_it_is_armed_is_armed),
		cmocka_unit_test(extensions_are_those_that_were_declared),
		cmocka_unit_test(the_hash_is_there_from_2_2_and_udp_s_rsc_from_2_5),
		cmocka_unit_test(the_packets_of_2_0_have_its_lso),
		cmocka_unit_test(a_late_preview_of_2_0_finds_its_data_buffers),
		cmocka_unit_test(a_fragment_says_how_large_a_data_buffer_is),
		cmocka_unit_test(a_verdict_comes_up_with_its_packet),
		cmocka_unit_test(the_third_ring_is_there_for_who_attaches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
