/* SPDX-License-Identifier: MIT */
/*
 * What NDIS and TCP/IP do between the protocol stack and the framework, for one adapter: offload
 * changes (offload.h), OIDs at start and for filters, wake settings, receive scaling's key and
 * table (scaling.h). It knows the framework below; what is above it, the stack and the datapath, it
 * reaches through ndis_ops.
 */
#ifndef NDIS_NDIS_H
#define NDIS_NDIS_H

#include <ndis.h>
#include <stdbool.h>
#include <stdint.h>

#include "cx/oid.h"

struct cx_offload_state;

#define NDIS_GROUPS 64 /* multicast addresses that are kept; more is all-multicast */

/* On the adapter's worker, but for oid_done(). */
struct ndis_ops {
	/* the stack hands over no more, and may hand over all, of what @state allows */
	void (*offer)(void *context, const struct cx_offload_state *state);
	/*
	 * The driver gets no LSO packets but of these families, whatever is active; those of the
	 * others that it has are waited for, @timeout_ms at most. Both true: the limit is over.
	 */
	void (*limit_lso)(void *context, bool ipv4, bool ipv6, int timeout_ms);
	/*
	 * An OID that NDIS has sent by itself is completed; its buffer is good until the return.
	 * @adapter: its name. Any thread, IRQL <= DISPATCH_LEVEL.
	 */
	void (*oid_done)(void *context, const char *adapter, const struct cx_oid *oid);
};

/* Which frames a stack wants, beside those to its address and to all. */
struct ndis_filter {
	bool promiscuous, all_multicast;
	unsigned count; /* of groups */
	uint8_t groups[NDIS_GROUPS][6];
};

/* NDIS' side of one adapter. Owned by who is above; all of it is the worker's. */
struct ndis_port {
	const struct ndis_ops *ops;
	void *context;
	const char *stack;              /* the stack's name in events: "tap:nic0" */
	struct cx_adapter *adapter;     /* NULL: there is none now */
	struct ndis_filter wanted, set; /* by the stack; of which the adapter was told the groups */
	uint32_t filter_set;            /* NDIS_PACKET_TYPE_* it was told */
	bool start_oids_sent;           /* since the last start */
};

/*
 * ndis_started() - NetAdapterStart has initialised the miniport: nothing was told it yet
 * ndis_running() - its datapath runs: what is asked and set after each start
 * Nothing is waited for, and no answer stops anything.
 */
void ndis_started(struct ndis_port *port);
void ndis_running(struct ndis_port *port);

/* ndis_filter() - the stack wants other frames: packet filter and multicast list, if changed */
void ndis_filter(struct ndis_port *port, const struct ndis_filter *wanted);

/*
 * ndis_send_oid() - an OID from outside: an administrator's, another component's
 * What is for NDIS itself is done here: OID_TCP_OFFLOAD_PARAMETERS, _CURRENT_CONFIG and
 * _HARDWARE_CAPABILITIES; the driver gets the others.
 * @oid: as for cx_oid_send(), which says what becomes of it; done() may run before the return
 */
void ndis_send_oid(struct ndis_port *port, struct cx_oid *oid);

#endif
