/* SPDX-License-Identifier: MIT */
/* What the edges share among themselves. */
#ifndef EDGE_INTERNAL_H
#define EDGE_INTERNAL_H

#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>

#include "edge/edge.h"

/* Bytes of an Ethernet header; no frame is shorter. */
#define EDGE_MIN_FRAME 14

/*
 * How many bad frames receive() throws away before it says "none now", so that a flood of them
 * cannot hold its thread. The fd stays readable.
 */
#define EDGE_DROPS_PER_CALL 64

/* One thread writes a counter, others read it: a relaxed store is a plain one. */
static inline void edge_count(uint64_t *counter, uint64_t n)
{
	__atomic_store_n(counter, __atomic_load_n(counter, __ATOMIC_RELAXED) + n, __ATOMIC_RELAXED);
}

static inline void edge_count_rx(struct edge *edge, size_t length, bool super)
{
	edge_count(&edge->counters.rx_frames, 1);
	edge_count(&edge->counters.rx_bytes, length);
	if (super)
		edge_count(&edge->counters.rx_super, 1);
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

/* edge_count_sent() - for an edge whose send() several threads call */
static inline void edge_count_sent(struct edge *edge, const struct edge_sent *sent)
{
	struct edge_counters *c = &edge->counters;

	__atomic_fetch_add(&c->tx_frames, sent->frames, __ATOMIC_RELAXED);
	__atomic_fetch_add(&c->tx_bytes, sent->bytes, __ATOMIC_RELAXED);
	if (sent->super)
		__atomic_fetch_add(&c->tx_super, sent->super, __ATOMIC_RELAXED);
	if (sent->dropped)
		__atomic_fetch_add(&c->tx_dropped, sent->dropped, __ATOMIC_RELAXED);
}

static inline void edge_count_tx(struct edge *edge, size_t length, bool super)
{
	edge_count(&edge->counters.tx_frames, 1);
	edge_count(&edge->counters.tx_bytes, length);
	if (super)
		edge_count(&edge->counters.tx_super, 1);
}

/* Where a failed edge_open() says why. */
struct edge_error {
	const char *edge; /* the specification: every sentence begins with it */
	char *text;
	size_t size;
};

/* edge_fail() - write the sentence. Return: NULL, so that a constructor can return it. */
void *edge_fail(const struct edge_error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

enum edge_end_state { EDGE_OPEN, EDGE_ENDING, EDGE_ENDED };

/*
 * edge_end() - say what ended the edge; the first one's words stay
 * Each thread of the edge may call it, while others call edge_ended().
 */
void edge_end(struct edge *edge, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * edge_interface_name() - the first @length bytes of @text as an interface's name
 * Return: false after edge_fail() when the kernel would not take it as it is.
 */
bool edge_interface_name(char name[static IFNAMSIZ], const char *text, size_t length,
			 const struct edge_error *error);

/*
 * The constructors. @argument is what follows the colon. Each returns the edge with its name still
 * empty, or NULL after edge_fail().
 */
struct edge *edge_tap_open(const char *argument, const struct edge_config *config,
			   const struct edge_error *error);
struct edge *edge_packet_open(const char *argument, const struct edge_config *config,
			      const struct edge_error *error);
struct edge *edge_pcap_open(const char *argument, const struct edge_config *config,
			    const struct edge_error *error);
struct edge *edge_null_open(const char *argument, const struct edge_config *config,
			    const struct edge_error *error);

#endif
