/* SPDX-License-Identifier: MIT */
/*
 * Source: the pages of the OIDs. NDIS answers most queries itself, from what the driver has
 * declared; these reach a NetAdapterCx 1.3 driver's NETREQUEST queues.
 */
#include "ndis/oids.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cx/oid.h"
#include "host/nic.h"
#include "ndis/oid.h"

#define LOOKAHEAD 128 /* bytes that TCP/IP wants to see of a frame */

/* One OID on its way, freed by its completion. */
struct sent {
	struct cx_oid oid; /* first: the completion is given this one */
	char adapter[64];
	_Alignas(8) uint8_t data[];
};

/* A driver without a handler is the normal case, and nobody is told. */
static void done(struct cx_oid *oid)
{
	struct sent *sent = (struct sent *)oid;
	const struct oid_info *info = oid_by_number(oid->oid);
	bool query = oid->type == NdisRequestQueryInformation;
	size_t length =
		oid->bytes_written < oid->output_length ? oid->bytes_written : oid->output_length;
	json_t *value = NULL;
	char *text = NULL;

	if (oid->status != STATUS_NOT_SUPPORTED && oid->status != STATUS_NDIS_ADAPTER_NOT_READY &&
	    oid->status != STATUS_NDIS_REQUEST_ABORTED) {
		if (query && NT_SUCCESS(oid->status))
			value = oid_value(info->kind, sent->data, length);
		else if (!query)
			value = oid_value(info->kind, sent->data, oid->input_length);
		if (value)
			text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
		NT_EMIT(NT_EVENT_INDICATION, sent->adapter, info->name,
			NT_TEXT("type", query ? "query" : "set"), NT_STATUS("status", oid->status),
			NT_TEXT("value", text ? text : ""));
		free(text);
		json_decref(value);
	}
	free(sent);
}

static void send_oid(struct port *port, NDIS_REQUEST_TYPE type, NDIS_OID oid, const void *data,
		     size_t length)
{
	bool query = type == NdisRequestQueryInformation;
	struct sent *sent = calloc(1, sizeof(*sent) + length);

	if (!sent)
		return;
	snprintf(sent->adapter, sizeof(sent->adapter), "%s", port->cx->name);
	if (data)
		memcpy(sent->data, data, length);
	sent->oid = (struct cx_oid){ .type = type,
				     .oid = oid,
				     .buffer = length ? sent->data : NULL,
				     .input_length = query ? 0 : (UINT)length,
				     .output_length = query ? (UINT)length : 0,
				     .done = done };
	cx_oid_send(port->cx, &sent->oid);
}

static void query(struct port *port, NDIS_OID oid)
{
	send_oid(port, NdisRequestQueryInformation, oid, NULL, oid_by_number(oid)->length);
}

/* A list that the adapter has no room for is not handed down: it is to take all multicast. */
static ULONG filter_of(const struct edge_filter *wanted, bool fits, ULONG supported)
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

static void set_filter(struct port *port, bool changes_only)
{
	const struct cx_filter_caps *caps = &port->cx->filter;
	const struct edge_filter *wanted = &port->wanted;
	bool fits = wanted->count <= caps->multicast_list;
	unsigned count = fits ? wanted->count : caps->multicast_list;
	ULONG filter = filter_of(wanted, fits, caps->packet_filters);

	if (!changes_only || count != port->groups_set.count ||
	    memcmp(port->groups_set.groups, wanted->groups, 6 * count) != 0) {
		port->groups_set.count = count;
		memcpy(port->groups_set.groups, wanted->groups, 6 * count);
		send_oid(port, NdisRequestSetInformation, OID_802_3_MULTICAST_LIST, wanted->groups,
			 6 * (size_t)count);
	}
	if (!changes_only || filter != port->filter_set) {
		port->filter_set = filter;
		send_oid(port, NdisRequestSetInformation, OID_GEN_CURRENT_PACKET_FILTER, &filter,
			 sizeof(filter));
	}
}

/* All hosts, which every stack listens to; a TAP tells what its own wants. */
static void default_groups(struct port *port)
{
	static const uint8_t all_hosts[2][6] = { { 0x01, 0x00, 0x5E, 0, 0, 1 },
						 { 0x33, 0x33, 0, 0, 0, 1 } };

	if (port->stack->change_fd >= 0)
		return;
	memcpy(port->wanted.groups, all_hosts, sizeof(all_hosts));
	port->wanted.count = 2;
}

void ndis_start(struct port *port)
{
	const ULONG lookahead = LOOKAHEAD;

	if (port->greeted)
		return;
	port->greeted = true;
	default_groups(port);
	query(port, OID_GEN_VENDOR_ID);
	query(port, OID_GEN_VENDOR_DESCRIPTION);
	query(port, OID_GEN_VENDOR_DRIVER_VERSION);
	query(port, OID_GEN_INTERRUPT_MODERATION);
	query(port, OID_GEN_STATISTICS);
	send_oid(port, NdisRequestSetInformation, OID_GEN_CURRENT_LOOKAHEAD, &lookahead,
		 sizeof(lookahead));
	set_filter(port, false);
}

void ndis_filter(struct port *port, const struct edge_filter *wanted)
{
	port->wanted = *wanted;
	if (port->greeted && port->cx)
		set_filter(port, true);
}
