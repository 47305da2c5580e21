/* SPDX-License-Identifier: MIT */
/* Received packets out to the stack: bytes, checksum verdicts, whose buffers, and wrong lengths. */

#include <arpa/inet.h>
#include <netcx/lso.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/bytes.h"
#include "probe_stage.h"
#include "stage/make_frame.h"
#include "stage/processors.h"

#define PATIENCE_MS 10000
#define MANY        2000 /* frames, of which a batch of the transmit queue takes 32 */

static const uint8_t frame[1000] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45 };

static void frames_reach_the_stack(void **state)
{
	struct stage *s;

	(void)state;
	probe_reset();
	s = probe_stage(NULL);
	for (unsigned i = 0; i < 1500; i++)
		probe_receive(frame, 60 + i % 900, NET_PACKET_RX_CHECKSUM_NOT_CHECKED);
	frame_store_await(&s->edge->out, 1500);
	for (unsigned i = 0; i < 1500; i++) {
		assert_int_equal(s->edge->out.frames[i].length, 60 + i % 900);
		assert_memory_equal(s->edge->out.frames[i].bytes, frame, 60 + i % 900);
		assert_false(s->edge->out.frames[i].meta.checksum_valid);
	}
	probe_stage_free(s);
}

static void checksum_verdict_is_passed_on(void **state)
{
	static const struct {
		uint8_t verdict;
		bool valid;
	} cases[] = {
		{ NET_PACKET_RX_CHECKSUM_VALID, true },
		{ NET_PACKET_RX_CHECKSUM_INVALID, false },
		{ NET_PACKET_RX_CHECKSUM_NOT_CHECKED, false },
	};
	struct dp_counters counters;
	struct stage *s;

	(void)state;
	probe_reset();
	s = probe_stage(NULL);
	for (unsigned i = 0; i < 3; i++) {
		probe_receive(frame, sizeof(frame), cases[i].verdict);
		frame_store_await(&s->edge->out, i + 1);
		assert_int_equal(s->edge->out.frames[i].meta.checksum_valid, cases[i].valid);
	}
	dp_counters(s->dp, &counters);
	assert_int_equal(counters.rx_checksum_valid, 1);
	assert_int_equal(counters.rx_checksum_bad, 1);
	probe_stage_free(s);
}

static void driver_managed_buffers_come_home(void **state)
{
	struct stage *s;

	(void)state;
	probe_reset();
	probe.settings.driverManaged = TRUE;
	s = probe_stage(NULL);
	for (unsigned i = 0; i < 600; i++)
		probe_receive(frame, 500, NET_PACKET_RX_CHECKSUM_VALID);
	frame_store_await(&s->edge->out, 600);
	stage_stop(s);
	assert_int_equal(probe.returned, 600);
	probe_stage_free(s);
}

/* A flow's segments, of which one round has more than go up at a time. */
static struct {
	struct test_frame first; /* its bytes become the others' */
	struct lso_layout layout;
	unsigned wanted;
} flow;

#define SEGMENTS 200u

static void make_segments(enum probe_place place, PCNET_DATAPATH_DESCRIPTOR datapath,
			  BOOLEAN transmit, ULONG id)
{
	NET_RING_BUFFER *ring = NET_DATAPATH_DESCRIPTOR_GET_PACKET_RING_BUFFER(datapath);
	struct test_frame *f = &flow.first;

	if (place != PROBE_ADVANCES || transmit || id)
		return;
	for (; flow.wanted; flow.wanted--) {
		NET_PACKET *packet = NetRingBufferGetPacketAtIndex(datapath, ring->BeginIndex);
		NET_PACKET_FRAGMENT *fragment = NET_PACKET_GET_FRAGMENT(packet, datapath, 0);
		unsigned number = SEGMENTS - flow.wanted;
		uint32_t sequence = htonl(number * 100);

		memcpy(f->bytes + f->l4 + 4, &sequence, sizeof(sequence));
		store_be16(f->bytes + f->l3 + 4, (uint16_t)number);
		memset(f->bytes + f->headers, (int)number + 1, 100);
		lso_fill_checksums(f->bytes, f->length, &flow.layout, true, true);
		fragment->VirtualAddress = malloc(f->length);
		memcpy(fragment->VirtualAddress, f->bytes, f->length);
		fragment->Capacity = fragment->ValidLength = f->length;
		fragment->RxBufferReturnContext = &probe;
		ring->BeginIndex = NetRingBufferIncrementIndex(ring, ring->BeginIndex);
	}
}

/* What is made one of frames in a driver's own buffers goes up before it has them back. */
static void driver_managed_buffers_are_not_held(void **state)
{
	unsigned at = 0;
	struct stage *s;

	(void)state;
	probe_reset();
	probe.settings.driverManaged = TRUE;
	probe.deed = make_segments;
	flow.first = make_frame(&(struct shape){ .payload = 100 });
	assert_int_equal(
		lso_parse(&(struct iovec){ flow.first.bytes, flow.first.length }, 1, &flow.layout),
		LSO_OK);
	flow.wanted = SEGMENTS;
	s = stage_new("probe", ProbeDriverEntry);
	stage_use_datapath(s, NULL);
	s->edge->edge.super_packets = true;
	dp_set_coalesce(s->dp, true);
	stage_up(s);
	probe_receive(frame, 500, NET_PACKET_RX_CHECKSUM_VALID);
	for (unsigned i = 0; i < PATIENCE_MS && probe.returned < SEGMENTS + 1; i++)
		usleep(1000);
	stage_stop(s);
	assert_int_equal(probe.returned, SEGMENTS + 1);
	for (unsigned i = 0; i < frame_store_count(&s->edge->out); i++) {
		const struct kept_frame *up = &s->edge->out.frames[i];

		for (size_t n = flow.first.headers; up->length != 500 && n < up->length; n++, at++)
			assert_int_equal(up->bytes[n], (uint8_t)(at / 100 + 1));
	}
	assert_int_equal(at, SEGMENTS * 100);
	assert_in_range(frame_store_count(&s->edge->out), 2, 20);
	free(flow.first.bytes);
	probe_stage_free(s);
}

/* A length outside the buffer is a counted drop, never a read. */
static void wrong_lengths_are_dropped(void **state)
{
	struct dp_counters counters;
	struct stage *s;

	(void)state;
	probe_reset();
	s = probe_stage(NULL);
	probe.misdeed = PROBE_BAD_LENGTH;
	probe_receive(frame, 500, NET_PACKET_RX_CHECKSUM_VALID);
	probe.misdeed = PROBE_BEHAVES;
	probe_receive(frame, 500, NET_PACKET_RX_CHECKSUM_VALID);
	frame_store_await(&s->edge->out, 1);
	dp_counters(s->dp, &counters);
	assert_int_equal(counters.rx_bad, 1);
	assert_int_equal(counters.rx_packets, 1);
	probe_stage_free(s);
}

/* The datapath may be paused and run again at any time; nothing is lost or kept. */
static void pause_and_go_on(void **state)
{
	struct stage *s;

	(void)state;
	probe_reset();
	s = probe_stage(NULL);
	for (unsigned i = 0; i < 20; i++) {
		probe_receive(frame, 100, NET_PACKET_RX_CHECKSUM_VALID);
		frame_store_await(&s->edge->out, i + 1);
		stage_stop(s);
		assert_int_equal(stage_start(s), 0);
	}
	probe_stage_free(s);
}

/* Many drivers only move BeginIndex in EvtCancel: what nothing was received into is no error. */
static void unused_packets_may_come_back_as_they_were(void **state)
{
	struct dp_counters counters;
	struct stage *s;

	(void)state;
	probe_reset();
	s = probe_stage(NULL);
	probe.misdeed = PROBE_RETURNS_AS_THEY_WERE;
	for (unsigned i = 0; i < 3; i++)
		probe_receive(frame, 100, NET_PACKET_RX_CHECKSUM_VALID);
	frame_store_await(&s->edge->out, 3);
	stage_stop(s);
	dp_counters(s->dp, &counters);
	assert_int_equal(counters.rx_packets, 3);
	assert_int_equal(counters.rx_bad, 0);
	assert_int_not_equal(counters.rx_ignored, 0);
	probe_stage_free(s);
}

static void sleep_and_wake(void *device)
{
	const struct wdf_sleep how = { .idle = false };

	assert_int_equal(wdf_device_sleep(device, &how), 0);
	assert_int_equal(wdf_device_wake(device, false), 0);
}

/* The same queues run again after a sleep: their rings begin at 0, whatever they had reached. */
static void rings_begin_anew_after_a_pause(void **state)
{
	struct stage *s;

	(void)state;
	probe_reset();
	s = probe_stage(NULL);
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < 7; i++) {
			probe_receive(frame, 100, NET_PACKET_RX_CHECKSUM_VALID);
			memory_edge_put(s->edge, frame, 100, (struct frame_meta){ 0 });
		}
		frame_store_await(&s->edge->out, (round + 1) * 7);
		probe_await((round + 1) * 7);
		stage_call(s, sleep_and_wake, s->device);
	}
	/* The last ones by now: the queues have worked. */
	probe_receive(frame, 100, NET_PACKET_RX_CHECKSUM_VALID);
	memory_edge_put(s->edge, frame, 100, (struct frame_meta){ 0 });
	frame_store_await(&s->edge->out, 22);
	probe_await(22);
	pthread_mutex_lock(&probe.lock);
	assert_int_equal(probe.starts, 8);
	assert_int_equal(probe.startsAtZero, 8);
	pthread_mutex_unlock(&probe.lock);
	probe_stage_free(s);
}

/* A device's side of a wire: its descriptor is readable once for each frame. */
static struct {
	int fd;
	_Atomic unsigned looks, frames;
	_Atomic unsigned held; /* of which the descriptor says nothing */
} wire;

static int take_frames(void *context, int budget)
{
	uint64_t one;
	int taken = 0;

	(void)context;
	wire.looks++;
	while (taken < budget && read(wire.fd, &one, sizeof(one)) == sizeof(one))
		taken++;
	wire.frames += (unsigned)taken;
	return taken;
}

static bool takes_frames(void *context)
{
	(void)context;
	return true;
}

/* One whose edge has read frames before the device had a place for them. */
static int take_held(void *context, int budget)
{
	(void)context;
	(void)budget;
	if (wire.looks++ % 2 == 0 || !wire.held)
		return 0;
	wire.held--;
	wire.frames++;
	return 1;
}

static bool holds_frames(void *context)
{
	(void)context;
	return wire.held;
}

static const struct dp_pump reads_singly = { .pump = take_frames, .ready = takes_frames };
static const struct dp_pump reads_ahead = { .pump = take_held,
					    .ready = takes_frames,
					    .holds = holds_frames };

/* With a wire, on one processor, where both queues have one thread. */
static struct stage *wired(const struct dp_pump *pump, cpu_set_t *before)
{
	struct dp_config mine = { .pump = *pump };

	processors_one(before);
	wire.fd = mine.pump.fd = eventfd(0, EFD_NONBLOCK | EFD_SEMAPHORE | EFD_CLOEXEC);
	assert_true(wire.fd >= 0);
	wire.looks = wire.frames = 0;
	wire.held = 3;
	probe_reset();
	return probe_stage(&mine);
}

static void unwire(struct stage *s, const cpu_set_t *before)
{
	probe_stage_free(s);
	close(wire.fd);
	processors_back(before);
}

/* Each look is a system call. What is sent one by one has a sleep behind it, which says enough. */
static void a_wire_that_has_nothing_is_not_asked(void **state)
{
	const uint64_t three = 3;
	cpu_set_t before;
	struct stage *s = wired(&reads_singly, &before);

	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		memory_edge_put(s->edge, frame, 100, (struct frame_meta){ 0 });
		probe_await(i + 1);
	}
	assert_in_range(wire.looks, 1, 20);
	assert_int_equal(write(wire.fd, &three, sizeof(three)), sizeof(three));
	for (unsigned i = 0; i < PATIENCE_MS && wire.frames < 3; i++)
		usleep(1000);
	assert_int_equal(wire.frames, 3);
	unwire(s, &before);
}

static void what_the_edge_holds_is_not_slept_over(void **state)
{
	cpu_set_t before;
	struct stage *s = wired(&reads_ahead, &before);

	(void)state;
	for (unsigned i = 0; i < PATIENCE_MS && wire.frames < 3; i++)
		usleep(1000);
	assert_int_equal(wire.frames, 3);
	unwire(s, &before);
}

/* Of the transmit queue, on its thread. */
static struct {
	struct memory_edge *stack; /* until it is filled */
	unsigned advances;
	unsigned late; /* from a frame on the wire to its look at it */
} sender;

/* At its first frame there are many more; in the midst of these the wire has one. */
static void in_advance(void)
{
	const uint64_t one = 1;

	for (unsigned i = 0; sender.stack && i < MANY; i++)
		memory_edge_put(sender.stack, frame, 100, (struct frame_meta){ 0 });
	sender.stack = NULL;
	sender.advances++;
	if (sender.advances > 10 && !wire.frames)
		sender.late++;
	if (sender.advances == 10)
		assert_int_equal(write(wire.fd, &one, sizeof(one)), sizeof(one));
}

static void who_sends_without_a_pause_looks_at_the_wire(void **state)
{
	cpu_set_t before;
	struct stage *s = wired(&reads_singly, &before);

	(void)state;
	sender.stack = s->edge;
	sender.advances = sender.late = 0;
	probe.inAdvance = in_advance;
	memory_edge_put(s->edge, frame, 100, (struct frame_meta){ 0 });
	probe_await(1 + MANY);
	stage_stop(s);
	assert_int_equal(wire.frames, 1);
	assert_in_range(sender.late, 0, 2);
	unwire(s, &before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_reach_the_stack),
		cmocka_unit_test(checksum_verdict_is_passed_on),
		cmocka_unit_test(driver_managed_buffers_come_home),
		cmocka_unit_test(driver_managed_buffers_are_not_held),
		cmocka_unit_test(wrong_lengths_are_dropped),
		cmocka_unit_test(pause_and_go_on),
		cmocka_unit_test(unused_packets_may_come_back_as_they_were),
		cmocka_unit_test(rings_begin_anew_after_a_pause),
		cmocka_unit_test(a_wire_that_has_nothing_is_not_asked),
		cmocka_unit_test(what_the_edge_holds_is_not_slept_over),
		cmocka_unit_test(who_sends_without_a_pause_looks_at_the_wire),
	};

	return cmocka_run_group_tests_name("datapath: receive", tests, NULL, NULL);
}
