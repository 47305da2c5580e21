/* SPDX-License-Identifier: MIT */
#include "memory_wire.h"

#include "test.h"

static void wire_send(void *context, const struct frame *frames, int count)
{
	struct memory_wire *wire = context;

	for (int i = 0; i < count; i++)
		frame_store_add(&wire->sent, frames[i].iov, frames[i].count, &frames[i].meta);
	frame_store_batch_ends(&wire->sent);
}

static size_t wire_receive(void *context, const struct iovec *iov, int count,
			   struct frame_meta *meta)
{
	struct memory_wire *wire = context;

	return frame_store_take(&wire->coming, iov, count, meta);
}

void memory_wire_init(struct memory_wire *wire)
{
	frame_store_init(&wire->sent);
	frame_store_init(&wire->coming);
}

void memory_wire_destroy(struct memory_wire *wire)
{
	frame_store_destroy(&wire->sent);
	frame_store_destroy(&wire->coming);
}

struct device_wire memory_wire_connector(struct memory_wire *wire)
{
	return (struct device_wire){ .context = wire, .send = wire_send, .receive = wire_receive };
}

void memory_wire_arrive(struct memory_wire *wire, const void *frame, size_t length,
			const struct frame_meta *meta)
{
	struct iovec iov = { .iov_base = (void *)frame, .iov_len = length };

	assert_true(frame_store_add(&wire->coming, &iov, 1, meta));
}
