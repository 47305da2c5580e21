/* SPDX-License-Identifier: MIT */
/* What the datapath's files share. */
#ifndef DATAPATH_PRIVATE_H
#define DATAPATH_PRIVATE_H

#include <netcx/lso.h>
#include <pthread.h>
#include <stdatomic.h>

#include "cx/execution.h"
#include "datapath/buffers.h"
#include "datapath/datapath.h"

/*
 * A packet queue among those that a thread goes round: alone, or in the execution context of its
 * driver. Lives as long as the queue: a driver may notify while its queue is paused.
 */
struct dp_thread {
	struct cx_poll poll;
	struct dp *dp;
	struct cx_queue *queue;
	counter *notifies; /* the counter of the notify DDI; any thread adds */
	struct cx_execution own;
	struct cx_execution *execution; /* own, dp's common one, or the driver's */
	bool running;                   /* between dp_thread_start() and dp_thread_join() */
	uint64_t waited_ns;             /* when waited_ms was last looked at */
	unsigned waited_ms;             /* for the driver to return its packets, since EvtCancel */
};

static inline struct dp_thread *dp_thread_of(struct cx_poll *poll)
{
	return (struct dp_thread *)poll;
}

int dp_thread_init(struct dp_thread *thread, struct dp *dp, struct cx_queue *queue,
		   const struct cx_poll_ops *ops, counter *notifies);
void dp_thread_destroy(struct dp_thread *thread); /* the queue is gone */

/*
 * dp_thread_start() - go round it. Return: 0 or -errno.
 * dp_thread_ask_to_stop(), dp_thread_join() - cancel it, and until it has stopped
 * dp_thread_wake() - look round once more; any thread
 */
int dp_thread_start(struct dp_thread *thread);
void dp_thread_ask_to_stop(struct dp_thread *thread);
void dp_thread_join(struct dp_thread *thread);
void dp_thread_wake(struct dp_thread *thread);

/* The client's callbacks, with their counters; on the queue's thread. */
void dp_call_start(struct dp_thread *thread);
void dp_call_stop(struct dp_thread *thread);
void dp_call_advance(struct dp_thread *thread, counter *count);
void dp_call_arm(struct cx_poll *poll);
void dp_call_cancel(struct dp_thread *thread);

/*
 * dp_note_waiting() - after EvtCancel, nothing has come back in this round
 * A driver that never returns its @held packets would hang Windows' pause; here it is reported in
 * the end.
 */
void dp_note_waiting(struct dp_thread *thread, uint32_t held);

/* How many elements lie in [from, to) of a ring. */
static inline uint32_t dp_ring_distance(const struct cx_ring *ring, uint32_t from, uint32_t to)
{
	return (to - from) & ring->mask;
}

/*
 * dp_returned() - up to where the driver has returned packets, checked
 * @drain: the oldest packet not yet taken back; the driver has those from there to what was posted
 * An index outside of what the driver owned is a violation, and does not return.
 */
uint32_t dp_returned(const struct cx_queue *queue, uint32_t drain);

/* What is to be done to a frame before and in the driver. Filled by dp_plan(). */
struct dp_plan {
	struct lso_layout layout;
	enum lso_status parsed;
	bool segment;           /* cut it in software first */
	bool drop;              /* a super-packet that nobody here can cut */
	uint16_t mss;           /* for the LSO extension, 0 else */
	bool software_checksum; /* the TCP/UDP checksum is to be finished here */
	bool hardware_l4;       /* checksum extension: Layer4 REQUIRED */
	bool hardware_l3;       /* checksum extension: Layer3 REQUIRED */
	struct cx_tag tag;      /* for the hardware to put in */
	enum lso_ip_id ip_id;   /* of the pieces, when it is cut */
};

/* What the driver segments of one layer 4 protocol, beside the kinds of packets. */
struct dp_gso_limits {
	size_t maximum_offload_size, minimum_segment_count;
	uint16_t l4_offset_limit; /* 0: none */
};

/* What the transmit side goes by when it plans a batch. */
struct dp_tx_rules {
	uint64_t active; /* the driver's part as cx_tx_word(), less what dp_limit_lso() took */
	struct dp_gso_limits lso, uso;
	uint16_t checksum_l3_limit, checksum_l4_limit; /* 0: none */
	bool checksum_extension, lso_extension;
	unsigned tags; /* CX_IEEE8021Q_*: what the hardware puts in */
	bool fallback; /* software stands in for hardware: what it cuts looks like the hardware's */
};

/* dp_read_rules() - as they are now; @limit: the part of cx_tx_word() that is held back */
void dp_read_rules(struct dp_tx_rules *rules, const struct cx_queue *queue, uint64_t limit);

void dp_plan(struct dp_plan *plan, const struct iovec *frame, int count, size_t length,
	     const struct frame_meta *meta, const struct dp_tx_rules *rules);

/* dp_seed_without_length() - Linux' checksum seed to that of NDIS' LSO and USO, in the frame. */
void dp_seed_without_length(uint8_t *frame, const struct lso_layout *layout);

/*
 * A super-packet on its way out in pieces, because the driver may not have it whole. Owned by the
 * transmit queue; holds the buffer (and the overflow) until the last piece is out.
 */
struct dp_split {
	bool busy;
	uint32_t buffer;
	struct iovec packet[2];
	struct lso_layout layout; /* of the packet, and so of each segment */
	struct lso_segmenter segmenter;
	struct cx_tag tag; /* of each segment */
};

bool dp_split_begin(struct dp_split *split, uint16_t mss, enum lso_ip_id ip_id);

/*
 * dp_take_tag() - the outermost 802.1Q tag of a frame to be sent, out of it, for the hardware
 * @frame:  its first piece, all headers in it; gets shorter
 * @meta:   of the frame; its offsets follow
 * @may:    CX_IEEE8021Q_*: what the hardware puts in
 * @tag:    filled when the tag was taken
 * Return: by how many bytes the frame is shorter. 0: it has none, or one that the hardware cannot
 * put in as a whole, which stays.
 */
size_t dp_take_tag(struct iovec *frame, struct frame_meta *meta, unsigned may, struct cx_tag *tag);

/* Headers of a received frame that are not as the driver has left them. */
struct dp_head {
	size_t length;
	uint8_t bytes[LSO_MAX_HEADERS + 4]; /* with a tag put in */
};

/*
 * dp_describe_received() - what goes up for a packet that read_rx() has read
 * @packet: the piece in front of its first one is free, and may become the frame's first
 * @head:   filled when headers are to be others; lives as long as the frame
 * @frame:  filled
 * Return: false when what the driver says of it cannot be true; then it is no frame.
 */
bool dp_describe_received(const struct cx_rx_packet *packet, struct dp_head *head,
			  struct frame *frame);

/* A receive queue's way up. Its own. */
struct dp_up {
	struct edge *stack;
	struct watch *watch; /* who captures */
	uint16_t queue;      /* its id */
};

/* dp_watch_up() - what a capture is given of them, where watch_on() has said that there is one */
void dp_watch_up(const struct dp_up *up, const struct frame *frames, int count);

/* dp_send_up() - frames into the stack edge, and to a capture */
static inline void dp_send_up(const struct dp_up *up, const struct frame *frames, int count)
{
	if (watch_on(up->watch, WATCH_STACK))
		dp_watch_up(up, frames, count);
	edge_send(up->stack, frames, count);
}

/*
 * Received frames on their way up, coalesced. Owned by the receive queue, used by its thread. Made
 * when the stack edge takes super-packets, whether or not it is on.
 */
struct dp_coalesce {
	struct lso_coalescer *coalescer; /* NULL: the stack takes no super-packets */
	void *memory;
	struct dp_pending *pending; /* what has come out of it, and is yet to be sent */
	const struct iovec *taken;  /* what dp_coalesce_take() is called with */
	const struct dp_up *up;
	struct dp_rx_counters *counters;
};

/* dp_coalesce_create() - Return: false: no memory; to be destroyed all the same */
bool dp_coalesce_create(struct dp_coalesce *coalesce, const struct dp_up *up,
			struct dp_rx_counters *counters);
void dp_coalesce_destroy(struct dp_coalesce *coalesce);

/*
 * dp_coalesce_take() - the next frame
 * @frame: an ordinary one, whose bytes stay as they are while it is held, or until it is sent
 * @bad:   a checksum of it is known to be wrong
 * dp_coalesce_send() - what is not held goes up
 * dp_coalesce_flush() - what is held, too
 */
void dp_coalesce_take(struct dp_coalesce *coalesce, const struct frame *frame, bool bad);
void dp_coalesce_send(struct dp_coalesce *coalesce);
void dp_coalesce_flush(struct dp_coalesce *coalesce);

#define DP_ROUNDS_KEPT \
	4u /* a power of two; so many rounds may have frames that are held, this one among them */

/*
 * dp_coalesce_round() - the next round begins: what has been held for too many goes up
 * @round: its number, one more than the last one's
 * dp_coalesce_holds() - is anything held? Then *@round is the one that its oldest frame came in.
 */
void dp_coalesce_round(struct dp_coalesce *coalesce, uint64_t round);
bool dp_coalesce_holds(const struct dp_coalesce *coalesce, uint64_t *round);

/* What a queue's thread says of itself, once a round, or before and after a sleep. */
struct dp_gauge {
	_Atomic uint32_t held;
	_Atomic enum dp_rest rest;
	_Atomic int32_t thread; /* its number (gettid(2)) while it runs; else 0 */
};

static inline void dp_gauge_end(struct dp_gauge *gauge)
{
	atomic_store(&gauge->held, 0);
	atomic_store(&gauge->rest, DP_AWAKE);
	atomic_store(&gauge->thread, 0);
}

static inline void dp_gauge_held(struct dp_gauge *gauge, uint32_t held)
{
	atomic_store_explicit(&gauge->held, held, memory_order_relaxed);
}

/* Our own record of a posted packet: the driver can write to the element, not to this. */
struct dp_tx_packet {
	uint32_t buffer; /* or DP_NO_BUFFER */
	uint8_t lso;     /* IP version of an LSO packet, 0: it is none */
};

/* Frames that the reader of the stack edge has for another queue, and whether any are under way. */
struct dp_handed_list {
	pthread_mutex_t lock; /* of all that follows */
	struct dp_handed *first, **last;
	unsigned count;
	bool idle; /* nothing in the list, and the driver has returned all that was */
};

struct dp_tx {
	struct dp_thread thread; /* the first member */
	struct dp *dp;
	struct cx_queue *queue;
	const struct cx_packet_format *format; /* of the driver's shape of API */
	struct dp_tx_counters *counters;
	struct dp_gauge *gauge;
	struct watch *watch; /* dp's */
	int source;          /* the stack edge's queue that it reads; -1: none */
	struct dp_handed_list handed;
	struct dp_buffers buffers;
	struct dp_tx_packet *packets; /* by packet ring index */
	uint32_t drain;               /* oldest packet not yet taken back from the driver */
	uint32_t outstanding;
	uint32_t lso_ipv4, lso_ipv6; /* LSO packets among them */
	uint32_t capacity;           /* packets posted at most */
	uint32_t fragments_max;      /* per packet */
	size_t batch_bytes;          /* of the packets of one round; the last may be more */
	size_t alignment;            /* of a fragment's data: the driver's wish, 1: none */
	size_t offset;               /* of it in its buffer: what the driver wants left free */
	size_t room;                 /* of each buffer, behind a frame: dp_place() */
	struct dp_split split;
	uint8_t *overflow; /* the tail of frames larger than a buffer */
	size_t overflow_size;
	bool dry; /* the stack edge had nothing at the last look */
	bool source_ended, finished_told;
	uint64_t limit, limit_seen; /* dp's, with its generation, as this thread works by */
	uint64_t limit_met;         /* the generation that was met last; written under the lock */
	uint64_t drain_seen, drain_met; /* the same of dp_drain() */
	uint32_t drain_left;            /* packets of before drain_seen that the driver has */
};

struct dp_rx {
	struct dp_thread thread; /* the first member */
	struct dp *dp;
	struct cx_queue *queue;
	const struct cx_packet_format *format;
	struct dp_rx_counters *counters;
	struct dp_gauge *gauge;
	struct dp_up up;
	struct dp_pump pump;       /* queue 0's thread drives the hardware for all of them */
	struct dp_buffers buffers; /* system-managed: buffer i is of element i of queue->buffers */
	struct cx_rx_buffers ours; /* the same, for the shape */
	bool driver_managed;
	bool dry;              /* the wire had nothing at the last look */
	bool cancelled;        /* EvtCancel has returned */
	uint32_t drain;        /* as dp_tx has it */
	uint32_t buffer_drain; /* the same in queue->buffers */
	uint64_t round;        /* drain()s since the queue was made: the clock of coalescing */
	/* Where each of the last rounds began, by its number: drain and buffer_drain. */
	struct {
		uint32_t drain, buffer_drain;
	} began[DP_ROUNDS_KEPT];
	bool kept;         /* what coalescing holds was kept back when buffers were posted last */
	bool heads_in_use; /* held frames may refer to heads */
	struct frame *frames;  /* a batch for the edge */
	struct dp_head *heads; /* of each of them */
	bool *bad;             /* of each: the driver has found a wrong checksum */
	uint16_t *repeated;    /* of each: so many more that were equal to it, of TCP's ACKs */
	struct dp_coalesce coalesce;
	uint8_t *segment; /* of a super-packet that is cut for the edge; NULL: none was yet */
	struct iovec *iov;
	unsigned starved_ms;      /* growing pause while the device has no descriptor */
	uint64_t advances_before; /* counters->advances when the thread was started last */
};

struct dp {
	struct dp_config config;
	struct cx_adapter *adapter; /* while queues exist */
	struct watch *watch;        /* config's, or the next */
	struct watch unwatched;     /* nobody captures */
	/* By id, without gaps. */
	struct dp_tx *tx[CX_TX_QUEUES];
	struct dp_rx *rx[CX_RX_QUEUES];
	unsigned tx_count, rx_count;
	bool by_priority; /* the transmit queues are, and queue 0 reads for all (demux.c) */
	/*
	 * On one processor all queues that are in no execution context of the driver's have one
	 * thread: two would take the processor from each other at every acknowledgment.
	 */
	bool one_processor;
	struct cx_execution common;
	unsigned common_users;    /* queues that are in it; used on the device's worker only */
	bool running;             /* changed on the device's worker only */
	_Atomic bool starved;     /* queue 0's thread waits for some queue to give descriptors */
	_Atomic bool coalesce;    /* dp_set_coalesce() */
	_Atomic uint64_t scatter; /* dp_scatter(): first and piece, in 32 bits each */
	_Atomic uint64_t place;   /* dp_place(): offset and shift, likewise */
	/*
	 * dp_limit_lso(): the part of cx_tx_word() that is held back whatever is active. The
	 * transmit threads take both up at each batch, so that nothing is asked per packet, and
	 * say under the lock which generation's packets they have back.
	 */
	_Atomic uint64_t limit, limit_generation;
	_Atomic uint64_t drain_generation; /* of dp_drain(), in the same way */
	pthread_mutex_t limit_lock;
	pthread_cond_t limit_changed; /* on CLOCK_MONOTONIC */
	struct {
		_Alignas(64) struct dp_tx_counters is;
		struct dp_gauge gauge;
	} tx_counters[CX_TX_QUEUES];
	struct {
		_Alignas(64) struct dp_rx_counters is;
		struct dp_gauge gauge;
	} rx_counters[CX_RX_QUEUES];
};

NTSTATUS dp_tx_create(struct dp *dp, unsigned id, struct dp_tx **tx);
void dp_tx_destroy(struct dp_tx *tx);

/* ---- place.c ---- */

/*
 * dp_place_packet() - where a packet lies in its buffer: at its beginning, behind what the driver
 * wants left free, unless dp_place() said otherwise. Return: by how many bytes it was moved.
 * dp_scatter_packet() - its pieces: one, unless dp_scatter() said otherwise. Each begins as the
 * driver wants it aligned. Both on the queue's thread.
 */
size_t dp_place_packet(const struct dp_tx *tx, struct cx_tx_packet *packet);
void dp_scatter_packet(const struct dp_tx *tx, struct cx_tx_packet *packet);

/* ---- demux.c ---- */

void dp_demux_init(struct dp_tx *tx);
void dp_demux_destroy(struct dp_tx *tx); /* what is left of its frames is dropped, and counted */

/* dp_priority() - 802.1p of a frame's tag: 0 to 7; 0 without a tag */
unsigned dp_priority(const struct iovec *frame, int count, size_t length);

/*
 * dp_hand_over() - a frame to the queue that it belongs to; the reader's thread
 * Return: false when that one has too many already, or there is no memory: it is lost.
 * dp_take_handed() - the next one; that queue's thread
 * @room: as edge_receive() has it
 * Return: its length; 0: there is none
 */
bool dp_hand_over(struct dp_tx *to, const struct iovec *frame, int count, size_t length,
		  const struct frame_meta *meta);
size_t dp_take_handed(struct dp_tx *tx, const struct iovec *room, int count,
		      struct frame_meta *meta);

/* dp_note_idle() - a queue that is handed frames has none with the driver, after a round */
void dp_note_idle(struct dp_tx *tx);
/* dp_others_idle(), dp_others_full() - all but the reader's queue; the reader's thread */
bool dp_others_idle(struct dp *dp);
bool dp_others_full(struct dp *dp);

/* ---- watch.c: what a capture is given, where watch_on() has said that there is one ---- */

/* dp_watch_sent() - a frame has come off the stack edge */
void dp_watch_sent(const struct dp_tx *tx, const struct iovec *iov, int count, size_t length,
		   const struct frame_meta *meta);
/* dp_watch_posted(), dp_watch_returned() - a packet as the driver gets it, or has given it */
void dp_watch_posted(const struct dp_tx *tx, const struct cx_tx_packet *packet);
void dp_watch_returned(const struct dp_rx *rx, const struct cx_rx_packet *packet);

NTSTATUS dp_rx_create(struct dp *dp, unsigned id, struct dp_rx **rx);
void dp_rx_destroy(struct dp_rx *rx);

/*
 * dp_look_at_wire() - a queue has more to send, so there is no sleep whose poll(2) would say that
 * the wire has something: who receives on this thread looks. On the queue's thread.
 */
void dp_look_at_wire(const struct dp_tx *tx);

#endif
