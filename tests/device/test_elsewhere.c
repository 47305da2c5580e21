/* SPDX-License-Identifier: MIT */
/*
 * The RTL8168D behind an address space of its own, as if it lived elsewhere: our driver's rings
 * and the datapath's packet buffers come from memory that another process could map, and the
 * listener hears of each.
 */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "device/rtl8168/model.h"
#include "stage/stage.h"

#define PAYLOAD 14000
#define MSS     1400

/* The address space, and what its listener was told. */
static struct {
	struct nt_dma dma;
	unsigned mapped, unmapped, outside; /* outside: not in a file */
	size_t bytes;
} space;

static int map(void *context, const struct nt_dma_mapping *mapping)
{
	space.mapped++;
	space.outside += mapping->fd < 0;
	space.bytes += mapping->length;
	return 0;
}

static void unmap(void *context, const struct nt_dma_mapping *mapping)
{
	space.unmapped++;
	space.bytes -= mapping->length;
}

static struct device *create(const struct device_ops *ops)
{
	struct device *device = rtl8168_ops.create(&rtl8168_ops);

	if (device)
		device->bus.dma = &space.dma;
	return device;
}

/* A TCP super-packet over IPv4, as Linux hands one over. */
static void send_super(struct stage *s)
{
	static const uint8_t head[] = { 2,    0, 0,  0, 0,    2,    2, 0, 0,  0, 0, 1, 8,  0,
					0x45, 0, 0,  0, 0,    1,    0, 0, 64, 6, 0, 0, 10, 0,
					0,    1, 10, 0, 0,    2,    4, 0, 8,  0, 0, 0, 0,  1,
					0,    0, 0,  1, 0x50, 0x10, 2, 0, 0,  0, 0, 0 };
	static uint8_t frame[sizeof(head) + PAYLOAD];

	struct iovec whole = { .iov_base = frame, .iov_len = sizeof(frame) };
	struct frame_meta meta = { .mss = MSS, .needs_checksum = true };

	memcpy(frame, head, sizeof(head));
	for (unsigned i = 0; i < PAYLOAD; i++)
		frame[sizeof(head) + i] = (uint8_t)(i * 7);
	assert_int_equal(lso_parse(&whole, 1, &meta.layout), LSO_OK);
	memory_edge_put(s->edge, frame, sizeof(frame), meta);
}

static void packets_travel_through_memory_the_device_can_map(void **state)
{
	const struct nt_dma_listener listener = { .in_files = true, .map = map, .unmap = unmap };
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };
	struct device_ops ops = rtl8168_ops;
	struct stage *s = stage_new_module("rtl8168", RTL8168_DRIVER);
	const struct kept_frame *last;

	nt_dma_init(&space.dma, &listener);
	ops.create = create;
	stage_use_model(s, &ops, mac);
	stage_use_datapath(s, NULL);
	stage_up(s);
	stage_await_link(s);
	assert_true(space.mapped > 2); /* both rings, both queues' buffers */
	assert_int_equal(space.outside, 0);
	assert_true(space.bytes > 256 * 2048);
	for (unsigned i = 0; i < NT_DMA_SLOTS; i++)
		assert_null(s->machine.dma.slots[i].va);

	send_super(s);
	frame_store_await(&s->wire->sent, PAYLOAD / MSS);
	last = &s->wire->sent.frames[PAYLOAD / MSS - 1];
	assert_int_equal(last->length, 54 + MSS);
	assert_int_equal(last->bytes[54 + MSS - 1], (uint8_t)((PAYLOAD - 1) * 7));

	stage_remove(s);
	assert_int_equal(space.unmapped, space.mapped);
	assert_int_equal(space.bytes, 0);
	assert_null(space.dma.files);
	stage_free(s);
	nt_dma_destroy(&space.dma);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packets_travel_through_memory_the_device_can_map),
	};

	return cmocka_run_group_tests_name("device elsewhere", tests, NULL, NULL);
}
