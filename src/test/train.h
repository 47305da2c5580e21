/* SPDX-License-Identifier: MIT */
/*
 * Trains of segments that come in at once, and what the driver makes of them held against NDIS'
 * rules for receive segment coalescing. The judge is told what came in and looks at what was
 * received, byte for byte; which segments a driver puts together is its own choice where the rules
 * leave one.
 */
#ifndef TEST_TRAIN_H
#define TEST_TRAIN_H

#include "test/bench.h"

#define TRAIN_SEGMENTS 64u
#define TRAIN_FRAME    1600u /* bytes of one, at most */

struct train_segment {
	struct packet_shape shape;
	const char *alone; /* why it may be part of no other packet: "FIN"; NULL: it may */
	bool taken;        /* it has been received */
	size_t length, l3, l4, payload; /* as packet has them */
	uint8_t bytes[TRAIN_FRAME];
};

/* The case's, who fills count and segments by train_add(). */
struct train {
	struct bench *bench;
	unsigned count;
	unsigned coalesced; /* packets of several segments that were received, of all trains */
	unsigned repeated;  /* acknowledgements that such packets count */
	struct train_segment segments[TRAIN_SEGMENTS];
};

/*
 * train_begin() - a receiver's host with one queue is up, that tells what it receives
 * @settings: keywords, ended by NULL; or NULL
 * train_clear() - the next train is empty
 * train_add() - one more. @alone: as above
 * train_put() - some of them, [@from, @to), come in at once
 * train_judge() - until all are received
 * train_run() - both, for all
 * train_run_super() - the segments of a super-packet that the adapter's peer is given to send
 * train_end() - behind the last train comes nothing more
 */
void train_begin(struct train *train, struct bench *bench, const char *const *settings);
void train_clear(struct train *train);
struct train_segment *train_add(struct train *train, const struct packet_shape *shape,
				const char *alone);
void train_put(struct train *train, unsigned from, unsigned to);
void train_judge(struct train *train);
void train_run(struct train *train);
void train_run_super(struct train *train, const struct packet_shape *shape);
void train_end(struct train *train);

#endif
