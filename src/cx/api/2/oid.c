/* SPDX-License-Identifier: MIT */
/*
 * OIDs of a 2.x driver. Packet filter and multicast list are callbacks of its own, some the
 * framework answers itself, and the rest is for request queues, which only the preview of 2.0 has.
 */
#include "base/array.h"
#include "cx/api/2/adapter.h"
#include "cx/api/2/client.h"

/*
 * What 2004 and 21H2 answer in the driver's place: it never sees these, whatever queues it has.
 * Here there is nobody for whom the answers would matter, but for the look-ahead's.
 */
static bool is_frameworks(const struct cx_oid *oid)
{
	static const NDIS_OID queries[] = {
		OID_GEN_INTERRUPT_MODERATION,
		OID_GEN_STATISTICS,
		OID_GEN_XMIT_OK,
		OID_GEN_RCV_OK,
		OID_GEN_VENDOR_ID,
		OID_GEN_VENDOR_DESCRIPTION,
		OID_GEN_VENDOR_DRIVER_VERSION,
		OID_GEN_MAXIMUM_TOTAL_SIZE,
		OID_GEN_TRANSMIT_BLOCK_SIZE,
		OID_GEN_RECEIVE_BLOCK_SIZE,
		OID_GEN_TRANSMIT_BUFFER_SPACE,
		OID_GEN_RECEIVE_BUFFER_SPACE,
	};
	static const NDIS_OID sets[] = {
		OID_GEN_INTERRUPT_MODERATION, OID_TCP_OFFLOAD_PARAMETERS,
		OID_OFFLOAD_ENCAPSULATION,    OID_PM_PARAMETERS,
		OID_PM_ADD_WOL_PATTERN,       OID_PM_REMOVE_WOL_PATTERN,
		OID_PM_ADD_PROTOCOL_OFFLOAD,  OID_PM_REMOVE_PROTOCOL_OFFLOAD,
	};
	enum cx_request_kind kind = cx_request_kind_of(oid);
	const NDIS_OID *oids = kind == CX_SET_DATA ? sets : queries;
	size_t count = kind == CX_SET_DATA     ? ARRAY_COUNT(sets)
		       : kind == CX_QUERY_DATA ? ARRAY_COUNT(queries)
					       : 0;

	for (size_t i = 0; i < count; i++)
		if (oids[i] == oid->oid)
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
	if (oid->type == NdisRequestSetInformation && set(cx2_adapter(adapter), oid)) {
		oid->bytes_read = NT_SUCCESS(oid->status) ? oid->input_length : 0;
		oid->done(oid);
	} else if (is_frameworks(oid)) {
		oid->status = STATUS_NOT_SUPPORTED;
		oid->done(oid);
	} else {
		cx_request_send(adapter, oid);
	}
}
