/* SPDX-License-Identifier: MIT */
/*
 * Several reads or writes of a TAP by one system call, io_uring(7): where system calls are dear (a
 * virtual machine, page tables switched at each) the call is most of what a frame costs.
 *
 * Each is done when the call returns, in order: what cannot be done at once is refused, as by
 * read(2) and write(2) on such a file. A kernel that has no io_uring, or does not let us have it,
 * is no failure: frames go one by one then.
 */
#ifndef EDGE_TAP_RING_H
#define EDGE_TAP_RING_H

#include <liburing.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

#define TAP_RING      32u     /* at a time, at most */
#define TAP_UNTOUCHED INT_MIN /* the result of one that the kernel has not taken */

/* Owned by the edge; one thread's at a time. */
struct tap_ring {
	int fd; /* the TAP's; open until the ring is closed */
	unsigned count;
	int results[TAP_RING]; /* bytes, -errno or TAP_UNTOUCHED */
	_Atomic bool unfit;    /* the kernel cannot; stays so */
	struct io_uring io;
};

/* tap_ring_open() - Return: false: there is none, and nothing to be closed. */
bool tap_ring_open(struct tap_ring *ring, int fd);
void tap_ring_close(struct tap_ring *ring);

/*
 * tap_ring_read() - one more, into @size bytes
 * tap_ring_write() - one more, of @count pieces, which stay as they are
 * Not more than TAP_RING between two runs.
 */
void tap_ring_read(struct tap_ring *ring, void *to, size_t size);
void tap_ring_write(struct tap_ring *ring, const struct iovec *pieces, int count);

/*
 * tap_ring_run() - do all of them; the results stand in their order
 * Return: how many there are. The next one is the first again.
 */
unsigned tap_ring_run(struct tap_ring *ring);

/* tap_ring_fit() - does it do anything? Any thread. */
static inline bool tap_ring_fit(const struct tap_ring *ring)
{
	return !atomic_load_explicit(&ring->unfit, memory_order_relaxed);
}

#endif
