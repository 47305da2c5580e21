/* SPDX-License-Identifier: MIT */
#include "edge/tap_batch.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "edge/tap_ring.h"

struct entry {
	struct tap_front front;
	const struct iovec *iov;
	int pieces;
	size_t length;
	bool super;
};

struct tap_batch {
	_Atomic bool taken;
	unsigned count;
	int used; /* of iov */
	struct tap_ring ring;
	struct entry entries[TAP_RING];
	struct iovec iov[TAP_IOV];
};

static struct tap_batch *batch_new(int fd)
{
	struct tap_batch *batch = calloc(1, sizeof(*batch));

	if (!batch || tap_ring_open(&batch->ring, fd))
		return batch;
	free(batch);
	return NULL;
}

void tap_batches_open(struct tap_batches *batches, int fd)
{
	*batches = (struct tap_batches){ 0 };
	for (unsigned i = 0; i < EDGE_SENDERS; i++) {
		batches->each[i] = batch_new(fd);
		if (!batches->each[i])
			return;
	}
}

void tap_batches_close(struct tap_batches *batches)
{
	for (unsigned i = 0; i < EDGE_SENDERS && batches->each[i]; i++) {
		tap_ring_close(&batches->each[i]->ring);
		free(batches->each[i]);
	}
	*batches = (struct tap_batches){ 0 };
}

static bool take(struct tap_batch *batch)
{
	return batch && tap_ring_fit(&batch->ring) &&
	       !atomic_exchange_explicit(&batch->taken, true, memory_order_acquire);
}

/* That of its processor; another thread may have been interrupted there. */
struct tap_batch *tap_batch_take(const struct tap_batches *batches)
{
	unsigned first = (unsigned)sched_getcpu();

	for (unsigned i = 0; i < EDGE_SENDERS; i++) {
		struct tap_batch *batch = batches->each[(first + i) % EDGE_SENDERS];

		if (take(batch))
			return batch;
	}
	return NULL;
}

void tap_batch_done(struct tap_batch *batch)
{
	atomic_store_explicit(&batch->taken, false, memory_order_release);
}

struct tap_front *tap_batch_room(struct tap_batch *batch, int pieces, struct iovec **at,
				 struct edge_sent *sent)
{
	if (batch->count == TAP_RING || batch->used + pieces > TAP_IOV)
		tap_batch_write(batch, sent);
	*at = batch->iov + batch->used;
	return &batch->entries[batch->count].front;
}

void tap_batch_put(struct tap_batch *batch, int pieces, size_t length, bool super)
{
	struct entry *entry = &batch->entries[batch->count++];

	entry->iov = batch->iov + batch->used;
	entry->pieces = pieces;
	entry->length = length;
	entry->super = super;
	batch->used += pieces;
	tap_ring_write(&batch->ring, entry->iov, pieces);
}

bool tap_write(int fd, const struct iovec *pieces, int count)
{
	ssize_t sent;

	/* The kernel reads no list of pieces then: 60 ns less a frame. */
	do
		sent = count == 1 ? write(fd, pieces->iov_base, pieces->iov_len)
				  : writev(fd, pieces, count);
	while (sent < 0 && errno == EINTR);
	return sent >= 0;
}

/* What the ring cannot do is done without it. */
static bool is_written(const struct tap_batch *batch, unsigned index)
{
	const struct entry *entry = &batch->entries[index];
	int result = batch->ring.results[index];

	if (result == TAP_UNTOUCHED || result == -EOPNOTSUPP || result == -EINTR)
		return tap_write(batch->ring.fd, entry->iov, entry->pieces);
	return result >= 0;
}

void tap_batch_write(struct tap_batch *batch, struct edge_sent *sent)
{
	unsigned count = tap_ring_run(&batch->ring);

	for (unsigned i = 0; i < count; i++) {
		if (is_written(batch, i))
			edge_sent_frame(sent, batch->entries[i].length, batch->entries[i].super);
		else
			sent->dropped++;
	}
	batch->count = 0;
	batch->used = 0;
}
