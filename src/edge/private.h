/* SPDX-License-Identifier: MIT */
/* What the edges share among themselves. */
#ifndef EDGE_PRIVATE_H
#define EDGE_PRIVATE_H

#include <net/if.h>
#include <sched.h>
#include <stdio.h>

#include "base/count.h"
#include "base/error.h"
#include "edge/edge.h"

/* Bytes of an Ethernet header; no frame is shorter. */
#define EDGE_MIN_FRAME 14

/*
 * How many bad frames receive() throws away before it says "none now", so that a flood of them
 * cannot hold its thread. The fd stays readable.
 */
#define EDGE_DROPS_PER_CALL 64

static inline void edge_count_rx(struct edge_counters *counters, size_t length, bool super)
{
	count_add(&counters->rx_frames, 1);
	count_add(&counters->rx_bytes, length);
	if (super)
		count_add(&counters->rx_super, 1);
}

/* What one call of send() took: added up first, so that its frames share the atomic additions. */
struct edge_sent {
	uint64_t frames, bytes, super, dropped;
};

static inline void edge_sent_frame(struct edge_sent *sent, size_t length, bool super)
{
	sent->frames++;
	sent->bytes += length;
	sent->super += super;
}

/*
 * edge_count_sent() - for an edge whose send() several threads call. Two may be on one processor by
 * turns, so each addition is still one instruction.
 */
static inline void edge_count_sent(struct edge *edge, const struct edge_sent *sent)
{
	struct edge_counters *c = &edge->sent[(unsigned)sched_getcpu() % EDGE_SENDERS].is;

	count_shared(&c->tx_frames, sent->frames);
	count_shared(&c->tx_bytes, sent->bytes);
	if (sent->super)
		count_shared(&c->tx_super, sent->super);
	if (sent->dropped)
		count_shared(&c->tx_dropped, sent->dropped);
}

static inline void edge_count_tx(struct edge *edge, size_t length, bool super)
{
	count_add(&edge->counters.tx_frames, 1);
	count_add(&edge->counters.tx_bytes, length);
	if (super)
		count_add(&edge->counters.tx_super, 1);
}

/* edge_swallow() - send() of an edge that nobody is behind: all is taken, and counted */
int edge_swallow(struct edge *edge, const struct frame *frames, int count);

/*
 * edge_end() - say what ended the edge; the first one's words stay
 * Each thread of the edge may call it, while others call edge_ended().
 */
void edge_end(struct edge *edge, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * edge_interface_name() - the first @length bytes of @text as an interface's name
 * Return: false after error_set() when the kernel would not take it as it is.
 */
bool edge_interface_name(char name[static IFNAMSIZ], const char *text, size_t length,
			 struct error *error);

/*
 * The constructors. @argument is what follows the colon. Each returns the edge with its name still
 * empty, or NULL after error_set().
 */
struct edge *edge_tap_open(const char *argument, const struct edge_config *config,
			   struct error *error);
struct edge *edge_packet_open(const char *argument, const struct edge_config *config,
			      struct error *error);
struct edge *edge_pcap_open(const char *argument, const struct edge_config *config,
			    struct error *error);
struct edge *edge_null_open(const char *argument, const struct edge_config *config,
			    struct error *error);

#endif
