/* SPDX-License-Identifier: MIT */
/*
 * Received frames of one round become super-packets, for a stack edge that takes them: liblso's
 * coalescer by the rules of Linux' GRO, for TCP. Frames are referred to, not copied: the driver has
 * the buffers of what is held no sooner than it is out. That is at the end of the round, but while
 * the wire has more than one round can take; then for ROUNDS rounds at most.
 *
 * A frame that the driver calls good is not summed again; one without a verdict is summed here
 * instead of in the kernel. UDP stays as it came: a socket that did not ask for several datagrams
 * at a time would have the kernel cut them again.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "datapath/private.h"

#define FLOWS     64u  /* held at a time; a round has hardly more frames */
#define FRAMES    128u /* 64 KB at an MSS of 512 and more */
#define ALIGNMENT 64u  /* that liblso asks for */
#define ROUNDS    (DP_ROUNDS_KEPT - 1)
#define PENDING   32u /* units that go up together */
#define PIECES    1024u

/*
 * Units on their way up. Their headers are copies, since the coalescer has a flow's place for the
 * next one; all else lies in the driver's buffers, or is what frames were taken with.
 */
struct dp_pending {
	unsigned count, pieces;
	struct frame frames[PENDING];
	uint8_t headers[PENDING][LSO_MAX_HEADERS];
	struct iovec iov[PIECES];
};

static void describe_single(struct frame *frame, const struct lso_unit *unit)
{
	bool told_good = unit->cookies[0];

	frame->meta.checksum_valid = told_good || unit->sum == LSO_SUM_GOOD;
}

static void describe_several(struct frame *frame, const struct lso_unit *unit)
{
	frame->meta = (struct frame_meta){
		.mss = (uint16_t)unit->mss,
		.needs_checksum = true,
		.layout = unit->layout,
	};
}

void dp_coalesce_send(struct dp_coalesce *coalesce)
{
	struct dp_pending *pending = coalesce->pending;

	if (pending->count)
		dp_send_up(coalesce->up, pending->frames, (int)pending->count);
	pending->count = 0;
	pending->pieces = 0;
}

/* Behind what is pending. A unit of more pieces than there is room for is sent from where it is. */
static void put(struct dp_coalesce *coalesce, struct frame *frame)
{
	struct dp_pending *pending = coalesce->pending;
	unsigned count = (unsigned)frame->count;
	struct iovec *iov;

	if (pending->count == PENDING || pending->pieces + count > PIECES)
		dp_coalesce_send(coalesce);
	if (count > PIECES) {
		dp_send_up(coalesce->up, frame, 1);
		return;
	}
	iov = pending->iov + pending->pieces;
	memcpy(iov, frame->iov, count * sizeof(*iov));
	if (frame->iov != coalesce->taken) {
		iov->iov_base = pending->headers[pending->count];
		memcpy(iov->iov_base, frame->iov->iov_base, iov->iov_len);
	}
	frame->iov = iov;
	pending->frames[pending->count++] = *frame;
	pending->pieces += count;
}

/* What comes out of the coalescer: one that it has held begins with its headers. */
static void take_unit(void *context, const struct lso_unit *unit)
{
	struct dp_coalesce *coalesce = context;
	struct dp_rx_counters *counters = coalesce->counters;
	struct frame frame = { .iov = unit->iov, .count = unit->count };

	count_add(&counters->gro_ends[unit->end], 1);
	if (unit->frames > 1) {
		describe_several(&frame, unit);
		count_add(&counters->gro_packets, 1);
		count_add(&counters->gro_frames, unit->frames);
	} else {
		describe_single(&frame, unit);
	}
	put(coalesce, &frame);
}

/* Nobody outside is to know which flows collide. Where there is no such number, an address does. */
static uint64_t seed_of(const struct dp_coalesce *coalesce)
{
	uint64_t seed;

	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) == sizeof(seed))
		return seed;
	return (uintptr_t)coalesce;
}

bool dp_coalesce_create(struct dp_coalesce *coalesce, const struct dp_up *up,
			struct dp_rx_counters *counters)
{
	const struct lso_coalesce_options options = {
		.size = sizeof(options),
		.emit = take_unit,
		.context = coalesce,
		.rules = LSO_RULES_LINUX,
		.unit_sum = LSO_UNIT_SUM_SEED,
		.protocols = LSO_COALESCE_TCP4 | LSO_COALESCE_TCP6,
		.flows = FLOWS,
		.max_frames = FRAMES,
		.max_age = ROUNDS,
		.hash_seed = seed_of(coalesce),
	};
	size_t size = (lso_coalesce_size(&options) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;

	*coalesce = (struct dp_coalesce){ .up = up, .counters = counters };
	coalesce->memory = aligned_alloc(ALIGNMENT, size);
	coalesce->pending = calloc(1, sizeof(*coalesce->pending));
	return coalesce->memory && coalesce->pending &&
	       lso_coalesce_begin(&coalesce->coalescer, coalesce->memory, size, &options) == LSO_OK;
}

void dp_coalesce_destroy(struct dp_coalesce *coalesce)
{
	free(coalesce->memory);
	free(coalesce->pending);
	*coalesce = (struct dp_coalesce){ 0 };
}

void dp_coalesce_take(struct dp_coalesce *coalesce, const struct frame *frame, bool bad)
{
	enum lso_frame_sum sum = bad                          ? LSO_FRAME_BAD
				 : frame->meta.checksum_valid ? LSO_FRAME_TRUSTED
							      : LSO_FRAME_VERIFY;

	coalesce->taken = frame->iov;
	lso_coalesce_frame(coalesce->coalescer, frame->iov, frame->count, sum,
			   (void *)(uintptr_t)frame->meta.checksum_valid);
	coalesce->taken = NULL;
}

void dp_coalesce_flush(struct dp_coalesce *coalesce)
{
	lso_coalesce_flush(coalesce->coalescer, UINT32_MAX);
	dp_coalesce_send(coalesce);
}

void dp_coalesce_round(struct dp_coalesce *coalesce, uint64_t round)
{
	lso_coalesce_expire(coalesce->coalescer, round);
	dp_coalesce_send(coalesce);
}

bool dp_coalesce_holds(const struct dp_coalesce *coalesce, uint64_t *round)
{
	if (!coalesce->coalescer || !lso_coalesce_held(coalesce->coalescer))
		return false;
	*round = lso_coalesce_due(coalesce->coalescer) - ROUNDS;
	return true;
}
