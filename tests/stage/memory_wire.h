/* SPDX-License-Identifier: MIT */
/* A wire that is memory: the test is the other end of the cable. */
#ifndef TESTS_STAGE_MEMORY_WIRE_H
#define TESTS_STAGE_MEMORY_WIRE_H

#include "device/nic.h"
#include "frame_store.h"

struct memory_wire {
	struct frame_store sent;   /* by the device */
	struct frame_store coming; /* to be fetched by device_pump() */
};

void memory_wire_init(struct memory_wire *wire);
void memory_wire_destroy(struct memory_wire *wire);

/* memory_wire_connector() - for device_create(); the wire must outlive the device */
struct device_wire memory_wire_connector(struct memory_wire *wire);

/* memory_wire_arrive() - a frame comes in, which is copied; @meta may be NULL */
void memory_wire_arrive(struct memory_wire *wire, const void *frame, size_t length,
			const struct frame_meta *meta);

#endif
