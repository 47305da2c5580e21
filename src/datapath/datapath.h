/* SPDX-License-Identifier: MIT */
/*
 * The datapath of one adapter: frames of the stack edge become NET_PACKETs in the transmit queue,
 * received packets of all queues become frames. One thread per packet queue; no locks, allocations
 * or system calls per packet beyond the edge's own.
 */
#ifndef DATAPATH_DATAPATH_H
#define DATAPATH_DATAPATH_H

#include "base/count.h"
#include "cx/adapter.h"
#include "cx/packet.h"
#include "edge/edge.h"
#include "frame/watch.h"

/*
 * The hardware's receive side, driven by the thread that waits for it: while the receive queue
 * sleeps, fd becoming readable runs pump() on its thread. Without hardware: fd -1, pump NULL.
 */
struct dp_pump {
	int fd;
	int (*pump)(void *context, int budget); /* Return: frames taken off the wire */
	bool (*ready)(void *context);           /* a frame could be taken now */
	bool (*holds)(void *context); /* one is there of which fd says nothing; NULL: never */
	void *context;
};

struct dp_config {
	struct nt_machine *machine;
	struct nt_dma *dma; /* what the adapter's device reaches; NULL: the machine's */
	struct edge *stack;
	struct watch *watch; /* who captures; NULL: nobody ever does */
	struct dp_pump pump;
	uint32_t tx_packets, rx_packets; /* ring elements, powers of two; 0: default 256, 512 */
	unsigned tx_queues; /* transmit queues at most, unless they are by priority; 0: one */
	bool uncut;         /* super-packets leave the hardware as they are */
	uint32_t
		tx_fragment_size; /* scatter packets in pieces of so many bytes; 0: whole, always */
	/*
	 * Told of each received packet as the driver has it, before it goes up; on its queue's
	 * thread, which waits. NULL: nobody asks.
	 */
	void (*received)(void *listener, unsigned queue, const struct cx_rx_packet *packet);
	void *listener;
	/* A finite stack edge has ended and every packet of it has been completed. Any thread. */
	void (*finished)(void *context);
	/* The stack edge is gone for good (its device was deleted); error is -errno. Any thread. */
	void (*edge_lost)(void *context, int error);
	void *context;
};

#define DP_TX_COUNTERS(X)                                                \
	X(packets) /* posted to the driver */                            \
	X(bytes)                                                         \
	X(lso_packets) /* with Mss != 0 */                               \
	X(lso_bytes)                                                     \
	X(lso_segments) /* what those divide into */                     \
	X(plain_packets)                                                 \
	X(plain_bytes)                                                   \
	X(software_segmented) /* super-packets cut before the driver */  \
	X(software_segments)                                             \
	X(software_checksums) /* frames checksummed before the driver */ \
	X(dropped)            /* cannot be handed to this driver */      \
	X(ignored)            /* posted with IgnoreThisPacket */         \
	X(advances)                                                      \
	X(notifies)

#define DP_RX_COUNTERS(X)                                                                   \
	X(packets)                                                                          \
	X(bytes)                                                                            \
	X(checksum_valid)                                                                   \
	X(checksum_bad)                                                                     \
	X(hashed) /* the driver told the hash that receive scaling found */                 \
	X(ignored)                                                                          \
	X(bad)       /* lengths or indices that cannot be */                                \
	X(coalesced) /* super-packets: segments that the hardware has made one packet of */ \
	X(coalesced_segments)                                                               \
	X(coalesced_cut) /* of these, cut for a stack that takes none */                    \
	X(gro_packets)   /* super-packets that were made here */                            \
	X(gro_frames)    /* of so many received frames */                                   \
	X(advances)                                                                         \
	X(notifies)

/* Of one queue, counted by its thread; kept when the queue is made anew. */
struct dp_tx_counters {
	DP_TX_COUNTERS(COUNT_MEMBER)
};

struct dp_rx_counters {
	DP_RX_COUNTERS(COUNT_MEMBER)
	counter gro_ends[LSO_ENDS]; /* what went up by way of coalescing, by why it went then */
};

#define DP_TX_MEMBER(name) counter tx_##name;
#define DP_RX_MEMBER(name) counter rx_##name;

/* The sums over the queues of each side. */
struct dp_counters {
	DP_TX_COUNTERS(DP_TX_MEMBER)
	DP_RX_COUNTERS(DP_RX_MEMBER)
	counter rx_gro_ends[LSO_ENDS];
};

struct dp;

/* dp_create() - no threads yet. The configuration is copied. NULL: no memory. */
struct dp *dp_create(const struct dp_config *config);
void dp_destroy(struct dp *dp);

/*
 * For cx_host_ops; PASSIVE_LEVEL on the device's worker. dp_start() fails only when the system has
 * no thread to give. dp_stop() returns when the driver has returned every packet.
 * dp_scaling_create() adds receive queues 1 to @queues - 1 before dp_start(); after a failure there
 * is queue 0 alone. dp_scaling_destroy() deletes those that have not been started.
 */
NTSTATUS dp_queues_create(struct dp *dp, struct cx_adapter *adapter);
NTSTATUS dp_scaling_create(struct dp *dp, unsigned queues);
void dp_scaling_destroy(struct dp *dp);
NTSTATUS dp_start(struct dp *dp);
void dp_stop(struct dp *dp);
void dp_queues_destroy(struct dp *dp);

/*
 * dp_scatter() - other pieces for the packets that are read from now on, where tx_fragment_size has
 * made room for them
 * @first: bytes of the first one, at most
 * @piece: of each of the others; larger when the driver takes not so many
 * Any thread.
 */
void dp_scatter(struct dp *dp, uint32_t first, uint32_t piece);

/*
 * dp_place() - where in their buffers the packets lie that are read from now on, likewise
 * @offset: bytes of a fragment's buffer in front of its data: the fragment's Offset. At least what
 *          the driver wants left free there
 * @shift:  the first buffer begins so many bytes later than it would; both together at most
 *          DP_PLACE_ROOM. More where the driver wants its data aligned
 * Any thread.
 */
#define DP_PLACE_ROOM 512u
void dp_place(struct dp *dp, uint32_t offset, uint32_t shift);

/*
 * dp_limit_lso() - hand no LSO packets but of these families to the driver from now on, whatever
 * the active capabilities say, and wait until the driver has returned those of the others
 * @ipv4, @ipv6: true: as the active capabilities allow; false: cut in software
 * @timeout_ms:  how long to wait at most; nothing is waited for when the limit is not a new one
 *
 * PASSIVE_LEVEL on the device's worker. NDIS asks for it (ndis_ops.limit_lso) when the stack has
 * stopped to produce them, before the driver is told: so nothing is lost at a switch-off.
 */
void dp_limit_lso(struct dp *dp, bool ipv4, bool ipv6, int timeout_ms);

/*
 * dp_drain() - wait until the driver has returned each packet that it was given under other active
 * capabilities than now's, whole super-packets and what it has to sum
 * @timeout_ms: at most; then it is logged
 *
 * PASSIVE_LEVEL on the device's worker.
 */
void dp_drain(struct dp *dp, int timeout_ms);

void dp_counters(const struct dp *dp, struct dp_counters *counters);
void dp_tx_counters(const struct dp *dp, unsigned queue, struct dp_tx_counters *counters);
void dp_rx_counters(const struct dp *dp, unsigned queue, struct dp_rx_counters *counters);

/* What a transmit queue waits for whose driver has done what it could with what it was given. */
enum dp_rest {
	DP_AWAKE, /* nothing: it goes round */
	DP_WAITS_FOR_FRAMES,
	DP_WAITS_FOR_ROOM, /* until the driver has returned something */
};

/* What a queue is at now, beside what it has counted. */
struct dp_queue_state {
	uint32_t held;     /* ring elements that the driver has */
	enum dp_rest rest; /* of a transmit queue */
	uint64_t cpu_ns;   /* of its thread, which other queues may share; 0: none runs */
};

/* dp_tx_state(), dp_rx_state() - any thread, as long as dp lives */
struct dp_queue_state dp_tx_state(const struct dp *dp, unsigned queue);
struct dp_queue_state dp_rx_state(const struct dp *dp, unsigned queue);

/*
 * dp_set_coalesce() - do received frames of TCP go up as super-packets from now on? Any thread.
 * At the beginning they do; only a stack that takes super-packets is given any.
 */
void dp_set_coalesce(struct dp *dp, bool on);

/* Ring elements of the queues there are; 0 where there is none. All of a side have the same. */
struct dp_rings {
	unsigned tx_queues, rx_queues;
	uint32_t tx_packets, tx_fragments;
	uint32_t rx_packets, rx_fragments;
};

/* dp_rings() - PASSIVE_LEVEL on the device's worker. */
void dp_rings(const struct dp *dp, struct dp_rings *rings);

/*
 * dp_receives() - has each receive queue gone round since the datapath was started last?
 * PASSIVE_LEVEL on the device's worker.
 */
bool dp_receives(const struct dp *dp);

struct cx_traffic;

/* dp_count_traffic() - for cx_host_ops; PASSIVE_LEVEL on the device's worker */
void dp_count_traffic(const struct dp *dp, struct cx_traffic *traffic);

#endif
