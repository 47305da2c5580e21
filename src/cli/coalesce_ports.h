/* SPDX-License-Identifier: MIT */
/*
 * The packets of a capture on their way through coalescers, one for each interface: flows of two
 * interfaces are two, and what is known of a packet (its time, its block) is kept until it goes on.
 */
#ifndef CLI_COALESCE_PORTS_H
#define CLI_COALESCE_PORTS_H

#include <netcx/lso.h>

#include "capture/capture.h"

/* Of one run. */
struct coalesce_counts {
	uint64_t packets; /* read */
	uint64_t written;
	uint64_t joined;          /* read, and in a unit of several */
	uint64_t units;           /* of several */
	uint64_t inexact;         /* of these, cut again others than came in */
	uint64_t untouched;       /* of a link type that is none of Ethernet's */
	uint64_t left_out;        /* OUT cannot hold their link type */
	uint64_t ends[LSO_ENDS];  /* units of several, by why they ended */
	uint64_t alone[LSO_ENDS]; /* packets that stayed alone, by why */
};

struct coalesce_ports {
	struct lso_coalesce_options options;
	bool trust;
	struct coalesce_port *first;
	struct coalesce_counts counts;
	/* Where what comes out goes. Return: false and errno, after which it is not called again.
	 */
	bool (*write)(void *context, const struct capture_packet *packet);
	void *context;
	int failed;    /* errno */
	uint8_t *room; /* for a unit in one piece */
};

/* coalesce_packet() - one packet, copied. Return: false and errno */
bool coalesce_packet(struct coalesce_ports *p, const struct capture_packet *packet);

/* coalesce_flush() - all that is held. Return: false and errno */
bool coalesce_flush(struct coalesce_ports *p);

/* coalesce_forget() - the interfaces; nothing is held. At the end, and with a new section. */
void coalesce_forget(struct coalesce_ports *p);

#endif
