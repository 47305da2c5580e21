/* SPDX-License-Identifier: MIT */
/*
 * OIDs: those that NDIS and TCP/IP send by themselves, and the way of those from outside. Source:
 * the pages of the OIDs. NDIS answers most queries itself, from what the driver has declared;
 * these reach a driver, by NETREQUEST queues where it has them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cx/adapter.h"
#include "ndis/offload.h"
#include "ndis/offload_parameters.h"
#include "ndis/oid_names.h"

#define LOOKAHEAD 128 /* bytes that TCP/IP wants to see of a frame */

/* One OID on its way, freed by its completion. */
struct sent {
	struct cx_oid oid; /* first: the completion is given this one */
	const struct ndis_ops *ops;
	void *context;
	char adapter[64];
	_Alignas(8) uint8_t data[];
};

static void done(struct cx_oid *oid)
{
	struct sent *sent = (struct sent *)oid;

	sent->ops->oid_done(sent->context, sent->adapter, oid);
	free(sent);
}

static void send_own(struct ndis_port *port, NDIS_REQUEST_TYPE type, NDIS_OID oid, const void *data,
		     size_t length)
{
	bool query = type == NdisRequestQueryInformation;
	struct sent *sent = calloc(1, sizeof(*sent) + length);

	if (!sent)
		return;
	sent->ops = port->ops;
	sent->context = port->context;
	snprintf(sent->adapter, sizeof(sent->adapter), "%s", port->adapter->name);
	if (data)
		memcpy(sent->data, data, length);
	sent->oid = (struct cx_oid){ .type = type,
				     .oid = oid,
				     .buffer = length ? sent->data : NULL,
				     .input_length = query ? 0 : (UINT)length,
				     .output_length = query ? (UINT)length : 0,
				     .done = done };
	cx_oid_send(port->adapter, &sent->oid);
}

static void query(struct ndis_port *port, NDIS_OID oid)
{
	send_own(port, NdisRequestQueryInformation, oid, NULL, oid_by_number(oid)->length);
}

/* A list that the adapter has no room for is not handed down: it is to take all multicast. */
static ULONG filter_of(const struct ndis_filter *wanted, bool fits, ULONG supported)
{
	ULONG filter =
		NDIS_PACKET_TYPE_DIRECTED | NDIS_PACKET_TYPE_MULTICAST | NDIS_PACKET_TYPE_BROADCAST;

	if (wanted->all_multicast || !fits)
		filter |= supported & NDIS_PACKET_TYPE_ALL_MULTICAST
				  ? NDIS_PACKET_TYPE_ALL_MULTICAST
				  : NDIS_PACKET_TYPE_PROMISCUOUS;
	if (wanted->promiscuous)
		filter |= NDIS_PACKET_TYPE_PROMISCUOUS;
	return filter & supported;
}

static void set_filter(struct ndis_port *port, bool changes_only)
{
	const struct cx_filter_caps *caps = &port->adapter->filter;
	const struct ndis_filter *wanted = &port->wanted;
	bool fits = wanted->count <= caps->multicast_list;
	unsigned count = fits ? wanted->count : caps->multicast_list;
	ULONG filter = filter_of(wanted, fits, caps->packet_filters);

	if (!changes_only || count != port->set.count ||
	    memcmp(port->set.groups, wanted->groups, 6 * count) != 0) {
		port->set.count = count;
		memcpy(port->set.groups, wanted->groups, 6 * count);
		send_own(port, NdisRequestSetInformation, OID_802_3_MULTICAST_LIST, wanted->groups,
			 6 * (size_t)count);
	}
	if (!changes_only || filter != port->filter_set) {
		port->filter_set = filter;
		send_own(port, NdisRequestSetInformation, OID_GEN_CURRENT_PACKET_FILTER, &filter,
			 sizeof(filter));
	}
}

void ndis_started(struct ndis_port *port)
{
	port->start_oids_sent = false;
}

void ndis_running(struct ndis_port *port)
{
	const ULONG lookahead = LOOKAHEAD;

	if (port->start_oids_sent)
		return;
	port->start_oids_sent = true;
	query(port, OID_GEN_VENDOR_ID);
	query(port, OID_GEN_VENDOR_DESCRIPTION);
	query(port, OID_GEN_VENDOR_DRIVER_VERSION);
	query(port, OID_GEN_INTERRUPT_MODERATION);
	query(port, OID_GEN_STATISTICS);
	send_own(port, NdisRequestSetInformation, OID_GEN_CURRENT_LOOKAHEAD, &lookahead,
		 sizeof(lookahead));
	set_filter(port, false);
}

void ndis_filter(struct ndis_port *port, const struct ndis_filter *wanted)
{
	port->wanted = *wanted;
	if (port->start_oids_sent && port->adapter)
		set_filter(port, true);
}

/* The driver never sees it: NetAdapterCx has callbacks for what it asks for. */
static void offload_parameters(struct ndis_port *port, struct cx_oid *oid)
{
	struct cx_offload_request request;
	struct error error;

	oid->bytes_read = oid->bytes_written = oid->bytes_needed = 0;
	oid->status = STATUS_NOT_SUPPORTED; /* the query form */
	if (oid->type == NdisRequestSetInformation) {
		oid->status = ndis_read_parameters(oid->buffer, oid->input_length, &request);
		if (!NT_SUCCESS(oid->status))
			oid->bytes_needed = NDIS_SIZEOF_OFFLOAD_PARAMETERS_REVISION_3;
		else
			oid->status = ndis_set_offloads(port, &request, NDIS_FROM_OID, &error);
		if (NT_SUCCESS(oid->status))
			oid->bytes_read = oid->input_length;
	}
	oid->done(oid);
}

/* NDIS answers from what the framework has told it last; the driver is not asked. */
static void offload_report(const struct ndis_port *port, struct cx_oid *oid)
{
	const struct cx_offload *o = &port->adapter->offload;
	const struct cx_offload_state *state =
		oid->oid == OID_TCP_OFFLOAD_CURRENT_CONFIG ? &o->active : &o->capable;
	NDIS_OFFLOAD report;
	size_t size = ndis_report_offloads(o->paused ? NULL : state, o->ndis_revision, &report);

	oid->bytes_read = oid->bytes_written = oid->bytes_needed = 0;
	if (oid->type != NdisRequestQueryInformation) {
		oid->status = STATUS_NOT_SUPPORTED;
	} else if (oid->output_length < size) {
		oid->status = STATUS_NDIS_BUFFER_TOO_SHORT;
		oid->bytes_needed = (UINT)size;
	} else {
		memcpy(oid->buffer, &report, size);
		oid->bytes_written = (UINT)size;
		oid->status = STATUS_SUCCESS;
	}
	oid->done(oid);
}

void ndis_send_oid(struct ndis_port *port, struct cx_oid *oid)
{
	if (oid->oid == OID_TCP_OFFLOAD_PARAMETERS)
		offload_parameters(port, oid);
	else if (oid->oid == OID_TCP_OFFLOAD_CURRENT_CONFIG ||
		 oid->oid == OID_TCP_OFFLOAD_HARDWARE_CAPABILITIES)
		offload_report(port, oid);
	else
		cx_oid_send(port->adapter, oid);
}
