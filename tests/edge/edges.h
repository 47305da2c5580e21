/* SPDX-License-Identifier: MIT */
/* What the edges' tests share: frames, namespaces of their own, commands. */
#ifndef TESTS_EDGE_EDGES_H
#define TESTS_EDGE_EDGES_H

#include <errno.h>
#include <netinet/in.h>

#include "edge/edge.h"
#include "stage/make_frame.h"
#include "stage/random.h"
#include "test.h"

/*
 * A network namespace for this process, with a loopback and IPv6 silent. Ends the test as skipped
 * (77) where namespaces or TAPs cannot be had.
 */
void own_namespace(void);

/* Where the headers of a frame lie; what assert_meta() compares. */
#define LAYOUT(version, protocol, l3, l4, headers)                                 \
	{                                                                          \
		.l2_type = LSO_L2_ETHERNET, .ip_version = (uint8_t)(version),      \
		.l4_protocol = (protocol), .l3_offset = (uint16_t)(l3),            \
		.l4_offset = (uint16_t)(l4), .payload_offset = (uint16_t)(headers) \
	}

/* Field by field: a struct has padding. */
void assert_meta(const struct frame_meta *meta, const struct frame_meta *expected);

/* Runs a command; it has to succeed. */
void run(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Whether the output of a command contains a text. */
bool says(const char *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What it has counted, whichever of its threads did. Not atomic: clang reads no such member of a
 * returned structure. */
#define COUNTED_MEMBER(name) uint64_t name;
struct counted {
	EDGE_COUNTERS(COUNTED_MEMBER)
};

static inline struct counted counted(const struct edge *edge)
{
	struct edge_counters counters;

	edge_counters(edge, &counters);
#define COUNTED_VALUE(name) .name = count_read(&counters.name),
	return (struct counted){ EDGE_COUNTERS(COUNTED_VALUE) };
#undef COUNTED_VALUE
}

/* Opens an edge that has to open. */
struct edge *open_edge(const char *spec, const struct edge_config *config);

/* Opens one that must not; the message has to begin with the edge and contain @text. */
void open_fails(const char *spec, const struct edge_config *config, const char *text);

/* Receives within a second, in one piece. Return: length. */
size_t receive(struct edge *edge, uint8_t *room, size_t size, struct frame_meta *meta);

/* The next change, within a second; fails when there is none. */
struct edge_change next_change(struct edge *edge);

/* No change comes, for a while. */
void no_change(struct edge *edge);

/* A raw socket on an interface with virtio_net_hdr; what it sends goes into the interface. */
int raw_socket(const char *interface);

#endif
