/* SPDX-License-Identifier: MIT */
/*
 * OIDs of a 2.x driver. Packet filter and multicast list are callbacks of its own, some the
 * framework answers itself (oid_answer.c), and the rest is for request queues, which only the
 * preview of 2.0 has.
 */
#include "base/array.h"
#include "cx/api/2/adapter.h"
#include "cx/api/2/client.h"
#include "cx/api/2/oid_answer.h"

/* Sets that are the framework's: a driver never sees them, whatever queues it has. */
static bool is_frameworks_set(NDIS_OID oid)
{
	static const NDIS_OID sets[] = {
		OID_GEN_INTERRUPT_MODERATION, OID_TCP_OFFLOAD_PARAMETERS,
		OID_OFFLOAD_ENCAPSULATION,    OID_PM_PARAMETERS,
		OID_PM_ADD_WOL_PATTERN,       OID_PM_REMOVE_WOL_PATTERN,
		OID_PM_ADD_PROTOCOL_OFFLOAD,  OID_PM_REMOVE_PROTOCOL_OFFLOAD,
	};

	for (size_t i = 0; i < ARRAY_COUNT(sets); i++)
		if (sets[i] == oid)
			return true;
	return false;
}

/* Return: false: not one of those that set something here. */
static bool set(struct cx2_adapter *a, struct cx_oid *oid)
{
	switch (oid->oid) {
	case OID_GEN_CURRENT_PACKET_FILTER:
		oid->status = cx2_take_packet_filter(a, oid->buffer, oid->input_length);
		return true;
	case OID_802_3_MULTICAST_LIST:
		oid->status = cx2_take_multicast_list(a, oid->buffer, oid->input_length);
		return true;
	case OID_GEN_CURRENT_LOOKAHEAD:
		oid->status = STATUS_SUCCESS;
		return true;
	}
	return false;
}

void cx2_send_oid(struct cx_adapter *adapter, struct cx_oid *oid)
{
	struct cx2_adapter *a = cx2_adapter(adapter);
	enum cx_request_kind kind = cx_request_kind_of(oid);

	if (kind == CX_SET_DATA && set(a, oid)) {
		oid->bytes_read = NT_SUCCESS(oid->status) ? oid->input_length : 0;
		oid->done(oid);
	} else if (kind == CX_QUERY_DATA && cx2_answer_query(a, oid)) {
		oid->done(oid);
	} else if (kind == CX_SET_DATA && is_frameworks_set(oid->oid)) {
		oid->status = STATUS_NOT_SUPPORTED;
		oid->done(oid);
	} else {
		cx_request_send(adapter, oid);
	}
}
