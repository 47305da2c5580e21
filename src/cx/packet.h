/* SPDX-License-Identifier: MIT */
/*
 * How the datapath writes and reads the packets of a queue without knowing what a packet looks like
 * in memory: that is the API shape's. One indirect call a packet at most.
 *
 * All functions run on the queue's thread. The driver can write to ring elements at any time, so an
 * implementation reads each field of one once, and checks what it read.
 */
#ifndef CX_PACKET_H
#define CX_PACKET_H

#include <netcx/lso.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

struct cx_queue;

/*
 * A ring that is shared with the driver, who can write to all of it: what we go by are copies of
 * our own. The queue's thread has them while it runs.
 */
struct cx_ring {
	uint32_t *end;     /* the driver's view of posted */
	uint32_t posted;   /* behind the last element that was given to the driver */
	uint32_t returned; /* the first that the driver has not returned, as the shape read it when
			    * the driver's last callback had returned; not checked */
	uint32_t mask;     /* elements - 1, elements a power of two */
};

/* cx_ring_post() - the driver has the elements up to @end now. */
static inline void cx_ring_post(struct cx_ring *ring, uint32_t end)
{
	ring->posted = *ring->end = end;
}

/* An 802.1Q tag beside a frame. */
struct cx_tag {
	uint8_t actions;  /* CX_IEEE8021Q_*: what of it is there */
	uint8_t priority; /* 0 to 7 */
	uint16_t vlan;    /* 0 to 4095 */
};

#define CX_TX_OFFSET 1023u /* bytes: a fragment's Offset has 10 bits */

/* A frame for the driver. */
struct cx_tx_packet {
	void *data;       /* one piece of memory */
	uint64_t logical; /* of data, for DMA; 0: not mapped */
	size_t length;    /* bytes; 0: the element is to be ignored, nothing else is set */
	size_t offset;    /* of each fragment's data in its buffer, which begins so many bytes in
			   * front of it; at most CX_TX_OFFSET */
	size_t first;     /* bytes of the first fragment, at most */
	size_t piece;     /* of each of the others, at most */
	const struct lso_layout *layout;
	bool transport;               /* layout's layer 4 is known too */
	uint16_t mss;                 /* bytes; an LSO or USO packet by its layer 4; 0: neither */
	bool ipv4_checksum, checksum; /* the hardware is to fill in the header's, layer 4's */
	struct cx_tag tag;            /* the hardware is to put it in */
};

enum cx_rx_checksum { CX_RX_NOT_CHECKED, CX_RX_CHECKSUM_VALID, CX_RX_CHECKSUM_BAD };

#define CX_RX_FRAGMENTS 64u /* of one received packet, at most */

/* Our buffers of a receive queue: element i of the queue's `buffers` has number i, for good. */
struct cx_rx_buffers {
	unsigned char *data; /* where the first one's frame goes */
	uint64_t logical;    /* of data, for DMA; 0: not mapped */
	size_t stride;       /* bytes from one to the next */
	size_t size;         /* bytes of each */
};

/* Segments that the hardware has made one packet of. */
struct cx_coalesced {
	uint16_t segments;  /* 0: it is no such packet */
	uint16_t size;      /* UDP: payload bytes of each but the last */
	uint16_t acks;      /* TCP: acknowledgements among them that say nothing new */
	uint32_t timestamp; /* TCP: from the first timestamp option to the last */
};

/* A frame from the driver. What a shape does not know of it is 0. */
struct cx_rx_packet {
	/* set by the caller, the rest 0 */
	const struct cx_rx_buffers *buffers; /* that were posted; NULL: the driver's own */
	struct iovec *iov;                   /* room for CX_RX_FRAGMENTS */
	/* filled in */
	int count; /* of iov */
	enum cx_rx_checksum checksum;
	struct cx_coalesced coalesced;
	struct cx_tag tag; /* that the hardware took out; actions: what it says of it */
	uint32_t hash;
	uint16_t hash_protocols; /* CX_HASH_*; 0: no hash */
};

enum cx_rx_result {
	CX_RX_FRAME,
	CX_RX_IGNORED, /* the driver says that there is nothing in it */
	CX_RX_BAD,     /* lengths or indices that cannot be */
};

struct cx_packet_format {
	/*
	 * rewind() - before a start: the queue begins at element 0, the driver owns nothing; the
	 * ring's copies of our own as well
	 */
	void (*rewind)(struct cx_queue *queue);
	/*
	 * write_tx() - make element @index a packet. Not yet the driver's: the caller moves the
	 * ring's end.
	 * returned_tx() - the driver has returned [@from, @to)
	 * room_tx() - can a packet of so many fragments be written now; NULL: whenever the packet
	 *             ring has room
	 */
	void (*write_tx)(struct cx_queue *queue, uint32_t index, const struct cx_tx_packet *packet);
	void (*returned_tx)(struct cx_queue *queue, uint32_t from, uint32_t to);
	bool (*room_tx)(struct cx_queue *queue, uint32_t fragments);
	/*
	 * post_rx() - make [@from, @to) empty, and the elements of the queue's `buffers` up to
	 *             @buffers_to, each with its buffer of ours or (@buffers NULL) without one. The
	 *             caller moves both ends.
	 * read_rx() - what the driver has put into it
	 * return_rx() - the driver's own buffers of [@from, @to) go back to it; NULL: never any
	 * held_rx() - what else than packets and buffers the driver is to return before a stop;
	 *             NULL: nothing
	 */
	void (*post_rx)(struct cx_queue *queue, uint32_t from, uint32_t to,
			const struct cx_rx_buffers *buffers, uint32_t buffers_to);
	enum cx_rx_result (*read_rx)(struct cx_queue *queue, uint32_t index,
				     struct cx_rx_packet *packet);
	void (*return_rx)(struct cx_queue *queue, uint32_t from, uint32_t to);
	uint32_t (*held_rx)(struct cx_queue *queue);
};

#endif
