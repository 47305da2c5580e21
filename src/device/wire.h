/* SPDX-License-Identifier: MIT */
/*
 * The cable: a device's connector (nic.h) plugged into a wire edge. Frames go through as they are;
 * what one end does not know of is settled here.
 */
#ifndef DEVICE_WIRE_H
#define DEVICE_WIRE_H

#include "device/nic.h"
#include "edge/edge.h"
#include "frame/watch.h"

/* Owned by whoever plugs the device in; it must live until device_destroy(). */
struct wire {
	struct edge *edge;
	struct watch *watch; /* who captures; NULL: nobody ever does */
	/*
	 * lost: the edge is gone for good; @error is an errno, edge_ended() says it in words.
	 * Called once, by the thread that pumps the device. NULL: nobody wants to know.
	 */
	void (*lost)(void *context, int error);
	void *context;     /* of lost */
	_Atomic bool told; /* lost has been called */
};

/* wire_connector() - for device_create() */
struct device_wire wire_connector(struct wire *wire);

#endif
