/* SPDX-License-Identifier: MIT */
/*
 * Edges: where frames enter and leave the process. The stack edge is the protocol stack's side
 * of an adapter, the wire edge is the cable. An edge knows frames, no driver.
 */
#ifndef EDGE_EDGE_H
#define EDGE_EDGE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/count.h"
#include "base/error.h"
#include "frame/frame.h"

/* What a stack may hand over: what the adapter's active capabilities allow. */
struct edge_offloads {
	bool checksum; /* TCP and UDP */
	bool tso4, tso6;
	bool uso;              /* of UDP, both IP versions: Linux has one feature */
	uint32_t gso_max_size; /* bytes of a whole IP packet, 0: leave alone */
	uint16_t gso_max_segs; /* 0: leave alone */
};

#define EDGE_GROUPS 64

/* Which frames a stack wants, beside those to its address and to all. */
struct edge_filter {
	bool promiscuous, all_multicast;
	unsigned count; /* of groups; more than there is room for is all_multicast */
	uint8_t groups[EDGE_GROUPS][6];
};

enum edge_change_kind {
	EDGE_CHANGE_OFFLOADS, /* ethtool -K: from `before` to `offloads` */
	EDGE_CHANGE_MTU,
	EDGE_CHANGE_MAC,
	EDGE_CHANGE_UP,     /* administratively up or down */
	EDGE_CHANGE_FILTER, /* what its users want to receive */
	EDGE_CHANGE_MOVED,  /* into another network namespace */
};

/* A change on the network device that did not come from us. */
struct edge_change {
	enum edge_change_kind kind;
	struct edge_offloads offloads, before; /* as the caller knows them now, and did until now */
	uint32_t mtu;
	uint8_t mac[6];
	bool up;
	struct edge_filter filter;
	int not_followed; /* -errno: why it is not followed there; 0: it is */
};

/* Counted by the edge's threads, read by any. */
#define EDGE_COUNTERS(X)                                                                        \
	X(rx_frames) /* out of the edge, into the process */                                    \
	X(rx_bytes)                                                                             \
	X(rx_super)                                                                             \
	X(rx_dropped) /* malformed, a virtio_net_hdr against the frame, larger than the room */ \
	X(tx_frames)  /* into the edge */                                                       \
	X(tx_bytes)                                                                             \
	X(tx_super)                                                                             \
	X(tx_dropped) /* refused by the kernel */

struct edge_counters {
	EDGE_COUNTERS(COUNT_MEMBER)
};

/* Of edge.end: another thread may read the words once they all stand there. */
enum edge_end_state { EDGE_OPEN, EDGE_ENDING, EDGE_ENDED };

/*
 * One open edge. Owned by the host. receive() is for one thread, or one for each queue; control
 * calls are for another. send() is for several at once: the queues' threads call it, of the
 * stack's receive queues and of a card with several transmit rings.
 */
struct edge;

/* What became of a capture's packets on their way into the process. */
struct edge_account {
	uint64_t packets; /* read */
	uint64_t lost;    /* of these, not handed on */
	uint64_t cut;     /* of these, super-packets that no NIC takes whole: handed on in pieces */
	char why[384];    /* of the lost, "2 not captured whole, 1 ..." */
	char notes[256];  /* of what was handed on as it was, the same */
};

#define EDGE_LINE    64 /* bytes of the cache that processors take from each other */
#define EDGE_SENDERS 4

struct edge_ops {
	void (*close)(struct edge *edge);
	ssize_t (*receive)(struct edge *edge, const struct iovec *iov, int count,
			   struct frame_meta *meta);
	/* Of an edge that several threads receive from; receive() is queue 0 of it. */
	ssize_t (*receive_queue)(struct edge *edge, unsigned queue, const struct iovec *iov,
				 int count, struct frame_meta *meta);
	bool (*holds)(const struct edge *edge, unsigned queue); /* NULL: it never does */
	int (*queue_fd)(const struct edge *edge, unsigned queue);
	unsigned (*set_queues)(struct edge *edge, unsigned count);
	void (*counters)(const struct edge *edge, struct edge_counters *counters);
	int (*send)(struct edge *edge, const struct frame *frames, int count);
	int (*set_offloads)(struct edge *edge, const struct edge_offloads *offloads);
	int (*set_carrier)(struct edge *edge, bool up);
	int (*set_mtu)(struct edge *edge, uint32_t mtu);
	int (*set_mac)(struct edge *edge, const uint8_t mac[6]);
	int (*next_change)(struct edge *edge, struct edge_change *change);
	void (*account)(struct edge *edge, struct edge_account *account);
	void (*finish)(struct edge *edge, bool whole);
};

struct edge {
	const struct edge_ops *ops;
	/*
	 * Readable when receive() has something, once receive() has said 0: an edge may hold frames
	 * of a batch that it has read. -1: always when finite (a capture file), else never.
	 */
	int fd;
	int change_fd;      /* readable when next_change() has something; -1: never */
	bool super_packets; /* send() takes frames with meta.mss, receive() may give them */
	bool super_udp;     /* of UDP too, not of TCP alone */
	bool finite;        /* ends: receive() returns -ENODATA at its end (pcap) */
	char name[64];      /* "tap:nic0", for messages and netcx show */
	char note[256];     /* what its user should know from the start; empty: nothing */
	char few[256];      /* why it has fewer queues than it was opened for; empty: it has all */
	char end[256];      /* what ended it; edge_ended() reads it */
	_Atomic enum edge_end_state end_state;
	_Atomic bool stopping; /* edge_stop() */
	/*
	 * Of queue 0, and sent where one thread sends. edge_counters() has all: what several
	 * threads send at once each counts where its processor does. None of it is on a line of the
	 * cache with what the others count, or with what they read of the edge.
	 */
	char before_counters[EDGE_LINE];
	struct edge_counters counters;
	struct {
		char before[EDGE_LINE];
		struct edge_counters is;
	} sent[EDGE_SENDERS];
	char behind_counters[EDGE_LINE];
};

enum edge_role { EDGE_STACK, EDGE_WIRE };

/* What opening needs beyond the specification's text. */
struct edge_config {
	enum edge_role role;
	const char *netns; /* of the stack edge: name under /run/netns or a path; NULL: ours */
	uint32_t mtu;
	uint8_t mac[6]; /* of the stack edge's device; all zero: leave to the kernel */
	struct edge_offloads offloads;
	unsigned queues; /* threads that will receive at most; 0: one */
	bool single;     /* of a TAP: each frame is a system call of its own */
};

/*
 * edge_open() - open "tap:NAME", "tap:NAME,gso", "packet:IFACE", "pcap:FILE" or "null"
 * @error: on failure one sentence for the user: names the edge, what failed, what would help
 * Return: NULL on failure.
 * pcap as a stack edge reads FILE (super-packets in), and writes what comes back nowhere; as a wire
 * edge it writes FILE and receives nothing.
 */
struct edge *edge_open(const char *spec, const struct edge_config *config, struct error *error);
void edge_close(struct edge *edge);

/*
 * edge_ended() - what ended the edge, for the user; any thread
 * Return: one sentence once receive() has returned -errno to whomever, as long as the edge lives;
 * NULL before that, and at a regular end (-ENODATA).
 */
const char *edge_ended(const struct edge *edge);

/*
 * edge_receive() - the next frame
 * Return: its length; 0: none now; -ENODATA: there will never be one again; other -errno: the edge
 * is gone (device deleted). Frames longer than the room or malformed are dropped and counted, and
 * the next one is tried.
 */
static inline ssize_t edge_receive(struct edge *edge, const struct iovec *iov, int count,
				   struct frame_meta *meta)
{
	return edge->ops->receive(edge, iov, count, meta);
}

/*
 * edge_set_queues() - from now on @count threads receive, each from a queue of its own
 * Return: how many queues there are for them, the first ones: at least 1, at most @count. Which
 * frame comes out of which queue the kernel decides, by the frame's flow.
 * For the time when nobody receives.
 */
static inline unsigned edge_set_queues(struct edge *edge, unsigned count)
{
	return edge->ops->set_queues ? edge->ops->set_queues(edge, count) : 1;
}

/* edge_receive_queue(), edge_queue_fd() - edge_receive() and edge.fd of one of its queues */
static inline ssize_t edge_receive_queue(struct edge *edge, unsigned queue, const struct iovec *iov,
					 int count, struct frame_meta *meta)
{
	return queue ? edge->ops->receive_queue(edge, queue, iov, count, meta)
		     : edge->ops->receive(edge, iov, count, meta);
}

static inline int edge_queue_fd(const struct edge *edge, unsigned queue)
{
	return queue ? edge->ops->queue_fd(edge, queue) : edge->fd;
}

/*
 * edge_holds() - has one of its queues frames that it has read and not given yet? Its fd tells
 * nothing of them: who stops receiving before receive() has said 0 asks here before a sleep. The
 * receiving thread's.
 */
static inline bool edge_holds(const struct edge *edge, unsigned queue)
{
	return edge->ops->holds && edge->ops->holds(edge, queue);
}

/* edge_counters() - what all its threads have counted */
void edge_counters(const struct edge *edge, struct edge_counters *counters);

/*
 * edge_send() - frames out, in order; no order between those of two threads.
 * Return: how many were taken; refused ones are counted.
 * A frame with needs_checksum is finished in the caller's memory on an edge whose other side wants
 * it finished; one with mss is refused without super_packets, and so is meta that does not fit the
 * frame.
 */
static inline int edge_send(struct edge *edge, const struct frame *frames, int count)
{
	return edge->ops->send(edge, frames, count);
}

/*
 * edge_stop() - the run ends: nothing is waited for any more by receive() and send(), which may
 * hang on a pipe; any thread
 */
static inline void edge_stop(struct edge *edge)
{
	atomic_store(&edge->stopping, true);
}

/* edge_go_on() - it does not end after all */
static inline void edge_go_on(struct edge *edge)
{
	atomic_store(&edge->stopping, false);
}

/*
 * edge_finish() - nothing will be sent any more; once, when no other thread uses the edge. What
 * goes wrong is what ended the edge: edge_ended()
 * @whole: all was sent that was to be. Else a capture that was there before this one stays.
 */
void edge_finish(struct edge *edge, bool whole);

/* edge_account() - of a finite stack edge; any thread. All 0 of others. */
void edge_account(struct edge *edge, struct edge_account *account);

/*
 * edge_same_file() - do a stack's and a wire's specification lead to one capture file, by whatever
 * names? To open both would destroy it.
 */
bool edge_same_file(const char *stack, const char *wire);

/*
 * The control calls, one at a time; each returns 0, -EOPNOTSUPP on an edge without it, or
 * -errno. A change made here is not reported by edge_next_change().
 *
 * edge_set_offloads() acts on what differs from the state the caller knows: what it set last, or
 * was told by edge_next_change() since. So handing a reported change back does nothing, and a
 * user's change not yet reported is not overwritten. What is turned off here stays off whatever
 * `ethtool -K` asks; what the user turned off stays open to the user, and is turned on by asking.
 */
int edge_set_offloads(struct edge *edge, const struct edge_offloads *offloads);
int edge_set_carrier(struct edge *edge, bool up);
int edge_set_mtu(struct edge *edge, uint32_t mtu);
int edge_set_mac(struct edge *edge, const uint8_t mac[6]);

/*
 * edge_next_change() - what others have changed. To be called until it says 0 after opening, when
 * change_fd is readable, and after the calls above. The caller knows the device as it asked for it
 * when opening, and down, with nobody who wants any group. A device that was moved into another
 * network namespace is followed there; where that is not allowed, frames still pass.
 * Return: 1 and *change filled, 0 none, -ENODEV: device gone, -errno.
 */
int edge_next_change(struct edge *edge, struct edge_change *change);

#endif
