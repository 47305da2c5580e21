/* SPDX-License-Identifier: MIT */
/* What a host's watch (frame/watch.h) gives, as pcapng: an interface for each point. */
#ifndef CLI_CAPTURE_WRITE_H
#define CLI_CAPTURE_WRITE_H

#include <jansson.h>

#include "frame/watch.h"

/* Of one point. */
struct capture_sum {
	bool there;               /* it is captured */
	uint32_t source;          /* its number in the file */
	uint64_t packets;         /* written */
	uint64_t lost, told_lost; /* for want of room in the ring; as far as packets have told it */
};

/* A capture that is written; the command's. */
struct capture_writing {
	FILE *file;
	struct watch_reader reader;
	struct capture_sum points[WATCH_POINTS];
	uint64_t packets; /* of all points */
	uint64_t begun;   /* CLOCK_REALTIME, nanoseconds */
};

/*
 * capture_write_begin() - what the file begins with
 * @reply: of the host, to "capture"
 * @snap:  bytes of a packet, at most; 0: all
 * All of them return false and errno when the file takes no more.
 */
bool capture_write_begin(struct capture_writing *writing, const json_t *reply, uint32_t snap);

/*
 * capture_write_some() - what is there now
 * @most: packets in the whole file; 0: any number
 */
bool capture_write_some(struct capture_writing *writing, uint64_t most);

/* capture_write_end() - the sums of each interface */
bool capture_write_end(struct capture_writing *writing);

#endif
