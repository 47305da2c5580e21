/* SPDX-License-Identifier: MIT */
/* The cable between a device and a wire edge: what goes through as it is, and what does not. */
#include <errno.h>

#include "device/wire.h"
#include "frames.h"
#include "test.h"

/* An edge that receives what the test says, and keeps what it was given to send. */
static struct {
	ssize_t results[4];
	struct frame_meta metas[4];
	uint8_t bytes[4][2000];
	unsigned next;
	const struct frame *sent;
	int sent_count;
} script;

static int losses, loss;

static ssize_t edge_gives(struct edge *edge, const struct iovec *iov, int count,
			  struct frame_meta *meta)
{
	unsigned i = script.next++;

	(void)edge;
	assert_true(i < 4);
	*meta = script.metas[i];
	if (script.results[i] > 0)
		frame_write(iov, count, 0, script.bytes[i], (size_t)script.results[i]);
	return script.results[i];
}

static int edge_takes(struct edge *edge, const struct frame *frames, int count)
{
	(void)edge;
	script.sent = frames;
	script.sent_count = count;
	return count;
}

static const struct edge_ops ops = { .receive = edge_gives, .send = edge_takes };
static struct edge edge = { .ops = &ops, .super_packets = true };

static void lost(void *context, int error)
{
	assert_ptr_equal(context, &script);
	losses++;
	loss = error;
}

static struct wire cable(void)
{
	memset(&script, 0, sizeof(script));
	losses = 0;
	return (struct wire){ .edge = &edge, .lost = lost, .context = &script };
}

/* A frame into the script, with the checksum that a sender leaves to its NIC. */
static void arrives(unsigned i, const struct frame_spec *spec, uint16_t mss)
{
	size_t length = frame_build(script.bytes[i], spec);
	struct iovec iov = { script.bytes[i], length };
	struct frame_meta *meta = &script.metas[i];

	assert_int_equal(lso_parse(&iov, 1, &meta->layout), LSO_OK);
	lso_fill_checksums(script.bytes[i], length, &meta->layout, true, false);
	lso_set_seed(script.bytes[i], &meta->layout, (uint32_t)(length - meta->layout.l4_offset));
	meta->mss = mss;
	meta->needs_checksum = true;
	script.results[i] = (ssize_t)length;
}

/* A cable carries whole frames: an open checksum is filled in, wherever the room is split. */
static void ordinary_frames_arrive_whole(void **state)
{
	static const struct frame_spec specs[] = { { 4, FRAME_TCP, 301, false, false },
						   { 6, FRAME_UDP, 300, false, true } };
	uint8_t room[3000];
	struct frame_meta meta;

	(void)state;
	for (size_t split = 0; split <= 400; split++) {
		struct wire wire = cable();
		struct device_wire connector = wire_connector(&wire);
		struct iovec iov[] = { { room, split }, { room + split, sizeof(room) - split } };

		for (unsigned i = 0; i < 2; i++) {
			memset(&meta, 0xff, sizeof(meta));
			arrives(i, &specs[i], 0);
			assert_int_equal(connector.receive(connector.context, iov, 2, &meta),
					 script.results[i]);
			assert_true(frame_sums_right(room, &specs[i]));
			assert_int_equal(meta.mss, 0);
			assert_false(meta.needs_checksum);
			assert_false(frame_parsed(&meta));
		}
	}
}

/* Super-packets of TCP go through with all that is known of them, those of UDP not at all. */
static void super_packets_arrive_as_they_are(void **state)
{
	const struct frame_spec tcp = { 4, FRAME_TCP, 1500, false, false };
	const struct frame_spec udp = { 4, FRAME_UDP, 1500, false, false };
	struct wire wire = cable();
	struct device_wire connector = wire_connector(&wire);
	uint8_t room[2000];
	struct iovec iov = { room, sizeof(room) };
	struct frame_meta meta;

	(void)state;
	assert_true(connector.super_packets);
	arrives(0, &udp, 500);
	arrives(1, &tcp, 500);
	assert_int_equal(connector.receive(connector.context, &iov, 1, &meta), script.results[1]);
	assert_int_equal(script.next, 2);
	assert_memory_equal(room, script.bytes[1], (size_t)script.results[1]);
	assert_int_equal(meta.mss, 500);
	assert_true(meta.needs_checksum);
	assert_memory_equal(&meta.layout, &script.metas[1].layout, sizeof(meta.layout));
	assert_int_equal(meta.layout.payload_offset, 66);
}

/* What a device sends, the edge gets: not a copy, and in one call. */
static void what_is_sent_is_not_touched(void **state)
{
	const struct frame frames[100] = { { .count = 0 } };
	struct wire wire = cable();
	struct device_wire connector = wire_connector(&wire);

	(void)state;
	connector.send(connector.context, frames, 100);
	assert_ptr_equal(script.sent, frames);
	assert_int_equal(script.sent_count, 100);
}

/* Nothing there, and the end of a capture, are no loss; the loss of the edge is told once. */
static void a_lost_edge_is_told_once(void **state)
{
	struct wire wire = cable();
	struct device_wire connector = wire_connector(&wire);
	uint8_t room[2000];
	struct iovec iov = { room, sizeof(room) };
	struct frame_meta meta;

	(void)state;
	script.results[1] = -ENODATA;
	script.results[2] = -ENODEV;
	script.results[3] = -ENODEV;
	for (int i = 0; i < 4; i++) {
		assert_int_equal(losses, i == 3);
		assert_int_equal(connector.receive(connector.context, &iov, 1, &meta), 0);
	}
	assert_int_equal(losses, 1);
	assert_int_equal(loss, ENODEV);

	wire = cable();
	wire.lost = NULL;
	script.results[0] = -ENODEV;
	assert_int_equal(connector.receive(connector.context, &iov, 1, &meta), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ordinary_frames_arrive_whole),
		cmocka_unit_test(super_packets_arrive_as_they_are),
		cmocka_unit_test(what_is_sent_is_not_touched),
		cmocka_unit_test(a_lost_edge_is_told_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
