/* SPDX-License-Identifier: MIT */
/*
 * The queues of a TAP (IFF_MULTI_QUEUE): each is a file of its own, from which one thread receives.
 *
 * The kernel puts a frame into a queue by the hash of its flow, unless a frame of that flow has
 * been written into another queue: then it follows that one, which would draw all flows to the one
 * queue that we write to. So frames are written into a file that is detached, of which the kernel
 * learns nothing, and a flow stays where its hash puts it.
 */
#ifndef EDGE_TAP_QUEUES_H
#define EDGE_TAP_QUEUES_H

#include <linux/virtio_net.h>
#include <stdbool.h>
#include <sys/uio.h>

#include "edge/tap_ahead.h"
#include "edge/tap_batch.h"

#define TAP_QUEUES 64 /* at most */

/* One queue; its receiving thread's. */
struct tap_queue {
	int fd;
	struct edge_counters *counters; /* the edge's, or own */
	struct edge_counters own;
	struct tap_ahead *ahead; /* NULL: none is read ahead */
	/* Header, the caller's room, and a byte that only a frame too long reaches. */
	struct virtio_net_hdr header;
	uint8_t spill;
	struct iovec iov[TAP_IOV];
};

/* Owned by the edge. */
struct tap_queues {
	struct tap_queue *queue[TAP_QUEUES]; /* [0] is always in use */
	unsigned count;                      /* that are open */
	unsigned used;                       /* of these, that are attached */
	int send_fd;                         /* detached, or queue 0's */
	bool own_send_fd;
};

/*
 * tap_queues_open() - attach to the device @name, which is made when it does not exist
 * @vnet:     with a virtio_net_hdr in front of each frame
 * @wanted:   queues that may be used later
 * @counters: of queue 0
 * @few:      filled with the reason when it has to be fewer, else left alone
 * Return: false after error_set(); nothing is left open.
 */
bool tap_queues_open(struct tap_queues *queues, const char *name, bool vnet, unsigned wanted,
		     struct edge_counters *counters, char few[static 256], struct error *error);
void tap_queues_close(struct tap_queues *queues);

/* tap_queues_read_ahead() - have each read short frames ahead, where the kernel lets us; once */
void tap_queues_read_ahead(struct tap_queues *queues, bool vnet);

/*
 * tap_queues_use() - attach as many as that, as far as there are some; what others have read ahead
 * is lost and counted. Return: how many are attached.
 */
unsigned tap_queues_use(struct tap_queues *queues, unsigned count);

#endif
