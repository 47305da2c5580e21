/* SPDX-License-Identifier: MIT */
#include "edge/tap_ring.h"

#include <errno.h>

/* The file is not registered with the ring: that was no faster. */
bool tap_ring_open(struct tap_ring *ring, int fd)
{
	ring->fd = fd;
	ring->count = 0;
	atomic_init(&ring->unfit, false);
	if (io_uring_queue_init(TAP_RING, &ring->io, 0))
		return false;
	/* Linux 5.6, as reads and writes without a list of pieces: before, they are invalid. */
	if (ring->io.features & IORING_FEAT_RW_CUR_POS)
		return true;
	io_uring_queue_exit(&ring->io);
	return false;
}

void tap_ring_close(struct tap_ring *ring)
{
	io_uring_queue_exit(&ring->io);
}

/* Its place among the results, and in the kernel's queue unless that is given up. */
static struct io_uring_sqe *next(struct tap_ring *ring)
{
	ring->results[ring->count++] = TAP_UNTOUCHED;
	return tap_ring_fit(ring) ? io_uring_get_sqe(&ring->io) : NULL;
}

/*
 * RWF_NOWAIT: else what cannot be done at once would be left to a thread of the kernel, and what is
 * behind it would overtake it.
 */
static void add(struct tap_ring *ring, struct io_uring_sqe *sqe)
{
	sqe->rw_flags = RWF_NOWAIT;
	io_uring_sqe_set_data64(sqe, ring->count - 1);
}

void tap_ring_read(struct tap_ring *ring, void *to, size_t size)
{
	struct io_uring_sqe *sqe = next(ring);

	if (!sqe)
		return;
	io_uring_prep_read(sqe, ring->fd, to, (unsigned)size, 0);
	add(ring, sqe);
}

/* Of one piece the kernel reads no list. */
void tap_ring_write(struct tap_ring *ring, const struct iovec *pieces, int count)
{
	struct io_uring_sqe *sqe = next(ring);

	if (!sqe)
		return;
	if (count == 1)
		io_uring_prep_write(sqe, ring->fd, pieces->iov_base, (unsigned)pieces->iov_len, 0);
	else
		io_uring_prep_writev(sqe, ring->fd, pieces, (unsigned)count, 0);
	add(ring, sqe);
}

/* Return: how many have come to their end. */
static unsigned collect(struct tap_ring *ring)
{
	struct io_uring_cqe *cqe;
	unsigned head, seen = 0;

	io_uring_for_each_cqe(&ring->io, head, cqe)
	{
		ring->results[io_uring_cqe_get_data64(cqe)] = cqe->res;
		/* The file cannot be asked not to wait, as a TAP of an older kernel. */
		if (cqe->res == -EOPNOTSUPP)
			atomic_store_explicit(&ring->unfit, true, memory_order_relaxed);
		seen++;
	}
	io_uring_cq_advance(&ring->io, seen);
	return seen;
}

/*
 * What the kernel has taken has come to its end, so of what is left it has no hold. That stays in
 * the queue: nothing is submitted any more.
 */
unsigned tap_ring_run(struct tap_ring *ring)
{
	unsigned count = ring->count, waiting = tap_ring_fit(ring) ? count : 0;
	int status = 0;

	while (waiting && (status >= 0 || status == -EINTR)) {
		status = io_uring_submit_and_wait(&ring->io, waiting);
		waiting -= collect(ring);
	}
	if (waiting)
		atomic_store_explicit(&ring->unfit, true, memory_order_relaxed);
	ring->count = 0;
	return count;
}
