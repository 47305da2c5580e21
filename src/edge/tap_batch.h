/* SPDX-License-Identifier: MIT */
/* Frames that are written into a TAP together (tap_ring.h). */
#ifndef EDGE_TAP_BATCH_H
#define EDGE_TAP_BATCH_H

#include <linux/virtio_net.h>

#include "edge/private.h"
#include "edge/vnet.h"

#define TAP_IOV 1024 /* pieces of one system call (the kernel's UIO_MAXIOV) */

/* What stands in front of a frame's pieces; has to live until it is written. */
struct tap_front {
	struct virtio_net_hdr header;
	uint8_t head[VNET_HEAD];
};

/* One thread's while it has taken it. */
struct tap_batch;

/* Owned by the edge. */
struct tap_batches {
	struct tap_batch *each[EDGE_SENDERS]; /* NULL: there is none */
};

/* tap_batches_open() - for frames into @fd, which is open until they are closed */
void tap_batches_open(struct tap_batches *batches, int fd);
void tap_batches_close(struct tap_batches *batches);

/*
 * tap_batch_take() - one that no thread has; tap_batch_done() gives it back
 * Return: NULL: there is none, and frames are written one by one.
 */
struct tap_batch *tap_batch_take(const struct tap_batches *batches);
void tap_batch_done(struct tap_batch *batch);

/*
 * tap_batch_room() - where the next frame is to be described; those before it are written when
 * there is no room beside them
 * @pieces: at most, TAP_IOV or fewer
 * @at:     where they are to be put
 * @sent:   counts what is written
 */
struct tap_front *tap_batch_room(struct tap_batch *batch, int pieces, struct iovec **at,
				 struct edge_sent *sent);

/* tap_batch_put() - the frame that has been described, of so many pieces and @length bytes */
void tap_batch_put(struct tap_batch *batch, int pieces, size_t length, bool super);

/* tap_batch_write() - all that is in it */
void tap_batch_write(struct tap_batch *batch, struct edge_sent *sent);

/* tap_write() - one frame. Return: false: refused. */
bool tap_write(int fd, const struct iovec *pieces, int count);

#endif
