/* SPDX-License-Identifier: MIT */
/* One thing that a driver does to its rings, in a child process. */
#ifndef TESTS_CX2_RING_DEED_H
#define TESTS_CX2_RING_DEED_H

#include "rings_stage.h"

struct deed {
	enum rings_place place;
	bool transmit;
	void (*act)(struct rings_event *event);
	enum rings_buffers buffers;
	unsigned pieces;
	unsigned after; /* calls of the place before it */
	bool stays;     /* do it from then on */
};

/* The child's driver, for a deed; and what an event of it is about. */
extern struct rings *deed_rings;

NET_RING *packet_ring(struct rings_event *event);
NET_RING *fragment_ring(struct rings_event *event);
NET_RING *buffer_ring(struct rings_event *event);
NET_PACKET *packet_of(struct rings_event *event);
NET_FRAGMENT *fragment_of(struct rings_event *event); /* the packet's first */

/*
 * deed_run() - for a child: packets each way with it, a pause and its end, in a driver of 2.@minor
 * deed_breaks() - it breaks a rule in a driver of 2.0, and in one of 2.5
 * @number: of 21H2; 2004's is one less
 */
struct deed_child {
	const struct deed *deed;
	unsigned minor;
};
void deed_run(void *child);
void deed_breaks(const struct deed *deed, unsigned number, const char *rule, const char *callback,
		 const char *text);

/* deed_is_noted() - it breaks the rule in a driver of 2.5, which goes on; it is told once */
void deed_is_noted(const struct deed *deed, const char *rule, const char *text);

#define ADVANCE "EvtPacketQueueAdvance"

#endif
