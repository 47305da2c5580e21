/* SPDX-License-Identifier: MIT */
/* The two sides of a capture file as an edge. */
#ifndef EDGE_PCAP_H
#define EDGE_PCAP_H

#include "edge/private.h"

struct edge *edge_pcap_reader(const char *path, const struct edge_config *config,
			      struct error *error);
struct edge *edge_pcap_writer(const char *path, struct error *error);

#endif
