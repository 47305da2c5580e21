/* SPDX-License-Identifier: MIT */
#include "edge/tap_ahead.h"

#include <errno.h>
#include <stdlib.h>

#include "edge/tap_ring.h"

#define SHORT  4096u
#define FEW    3u  /* short ones in a row: there will be more, which are worth a batch */
#define HEADER 16u /* room for one, so that the frame behind it is aligned */

/*
 * Bytes: a super-packet of 64 KB of IP and its headers; what fills it was cut off. A line of the
 * cache more, so that the frames' first bytes are not in one place of it.
 */
#define ROOM   (72u * 1024)
#define STRIDE (HEADER + ROOM + 64u)

struct tap_ahead {
	size_t header;
	unsigned wanted;      /* how many are read the next time */
	unsigned single;      /* short ones that came since, one by one */
	unsigned next, count; /* of what has been read */
	bool dry;             /* fewer came than there was room for: the queue was empty then */
	struct tap_ring ring;
	uint8_t *rooms; /* TAP_RING of them */
};

struct tap_ahead *tap_ahead_open(int fd, size_t header)
{
	struct tap_ahead *ahead = calloc(1, sizeof(*ahead));

	if (!ahead)
		return NULL;
	ahead->header = header;
	ahead->wanted = 1;
	ahead->rooms = malloc((size_t)TAP_RING * STRIDE);
	if (ahead->rooms && tap_ring_open(&ahead->ring, fd))
		return ahead;
	free(ahead->rooms);
	free(ahead);
	return NULL;
}

void tap_ahead_close(struct tap_ahead *ahead)
{
	if (!ahead)
		return;
	tap_ring_close(&ahead->ring);
	free(ahead->rooms);
	free(ahead);
}

static uint8_t *place(const struct tap_ahead *ahead, unsigned i)
{
	return ahead->rooms + (size_t)i * STRIDE + HEADER - ahead->header;
}

static bool is_none(int result)
{
	return result == -EAGAIN || result == -EOPNOTSUPP || result == TAP_UNTOUCHED;
}

/* How many next: one, where it is to be, after a long one. */
static unsigned decide(const struct tap_ahead *ahead, unsigned came)
{
	if (!tap_ring_fit(&ahead->ring) || !came)
		return 1;
	for (unsigned i = 0; i < ahead->count; i++)
		if (ahead->ring.results[i] > (int)SHORT)
			return 1;
	if (came < ahead->count)
		return came;
	return came * 2 < TAP_RING ? came * 2 : TAP_RING;
}

static void read_ahead(struct tap_ahead *ahead)
{
	unsigned came = 0;

	for (unsigned i = 0; i < ahead->wanted; i++)
		tap_ring_read(&ahead->ring, place(ahead, i), ahead->header + ROOM);
	ahead->next = ahead->single = 0;
	ahead->count = tap_ring_run(&ahead->ring);
	for (unsigned i = 0; i < ahead->count; i++)
		came += !is_none(ahead->ring.results[i]);
	ahead->dry = came < ahead->count;
	ahead->wanted = decide(ahead, came);
}

ssize_t tap_ahead_next(struct tap_ahead *ahead, uint8_t **at)
{
	if (ahead->next == ahead->count && !ahead->dry) {
		if (ahead->wanted == 1)
			return -EALREADY;
		read_ahead(ahead);
	}
	while (ahead->next < ahead->count) {
		unsigned i = ahead->next++;
		int result = ahead->ring.results[i];

		*at = place(ahead, i);
		if (result == (int)(ahead->header + ROOM))
			return -EINVAL;
		if (!is_none(result))
			return result;
	}
	/* A queue that was empty is looked at again when it is asked for again. */
	ahead->dry = false;
	return 0;
}

void tap_ahead_came(struct tap_ahead *ahead, ssize_t length)
{
	bool again = length > 0 && length <= SHORT && tap_ring_fit(&ahead->ring);

	ahead->single = again ? ahead->single + 1 : 0;
	ahead->wanted = ahead->single < FEW ? 1 : 2 * FEW;
}

unsigned tap_ahead_held(const struct tap_ahead *ahead)
{
	unsigned held = 0;

	for (unsigned i = ahead->next; i < ahead->count; i++)
		held += !is_none(ahead->ring.results[i]);
	return held;
}

unsigned tap_ahead_forget(struct tap_ahead *ahead)
{
	unsigned held = tap_ahead_held(ahead);

	ahead->next = ahead->count;
	return held;
}
