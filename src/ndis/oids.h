/* SPDX-License-Identifier: MIT */
/* The OIDs that NDIS and TCP/IP send an adapter by themselves. On the nic's worker. */
#ifndef NDIS_OIDS_H
#define NDIS_OIDS_H

#include "edge/edge.h"

struct port;

/*
 * ndis_start() - the adapter's datapath runs: what is asked and set after each start
 * Nothing is waited for, and no answer stops anything.
 */
void ndis_start(struct port *port);

/* ndis_filter() - the stack wants other frames: packet filter and multicast list, if changed */
void ndis_filter(struct port *port, const struct edge_filter *wanted);

#endif
