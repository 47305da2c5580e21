/* SPDX-License-Identifier: MIT */
#include "precomp.h"

#include "trace.h"
#include "adapter.h"

// OIDs as 1809 delivers them: a table of handlers, and a default one that does not support the
// rest.
EVT_NET_REQUEST_QUERY_DATA EvtQueryAddress;
EVT_NET_REQUEST_SET_DATA EvtSetPacketFilter;
EVT_NET_REQUEST_DEFAULT EvtRequestDefault;

typedef struct _HABITS_OID_QUERY {
	NDIS_OID Oid;
	PFN_NET_REQUEST_QUERY_DATA EvtQuery;
	ULONG Minimum;
} HABITS_OID_QUERY;

static const HABITS_OID_QUERY Queries[] = {
	{ OID_802_3_PERMANENT_ADDRESS, EvtQueryAddress, ETHERNET_ADDRESS_LENGTH },
	{ OID_802_3_CURRENT_ADDRESS, EvtQueryAddress, ETHERNET_ADDRESS_LENGTH },
};

_Use_decl_annotations_ VOID EvtQueryAddress(NETREQUESTQUEUE RequestQueue, NETREQUEST Request,
					    PVOID OutputBuffer, UINT OutputBufferLength)
{
	HABITS_ADAPTER *adapter = HabitsGetAdapter(NetRequestQueueGetAdapter(RequestQueue));

	UNREFERENCED_PARAMETER((OutputBufferLength));
	RtlCopyMemory(OutputBuffer, adapter->Address, sizeof(adapter->Address));
	NetRequestQueryDataComplete(Request, STATUS_SUCCESS, sizeof(adapter->Address));
}

_Use_decl_annotations_ VOID EvtSetPacketFilter(NETREQUESTQUEUE RequestQueue, NETREQUEST Request,
					       PVOID InputBuffer, UINT InputBufferLength)
{
	HABITS_ADAPTER *adapter = HabitsGetAdapter(NetRequestQueueGetAdapter(RequestQueue));

	UNREFERENCED_PARAMETER((InputBufferLength));
	adapter->PacketFilter = *(UNALIGNED ULONG *)InputBuffer;
	NetRequestSetDataComplete(Request, STATUS_SUCCESS, sizeof(ULONG));
}

_Use_decl_annotations_ VOID EvtRequestDefault(NETREQUESTQUEUE RequestQueue, NETREQUEST Request,
					      NDIS_REQUEST_TYPE RequestType, NDIS_OID Oid,
					      PVOID InputOutputBuffer, UINT InputBufferLength,
					      UINT OutputBufferLength)
{
	UNREFERENCED_PARAMETER(
		(RequestQueue, InputOutputBuffer, InputBufferLength, OutputBufferLength));

	switch (RequestType) {
	case NdisRequestSetInformation:
		HabitsTraceEntry(TraceLoggingHexUInt32(Oid, "Oid"));
		__fallthrough;
	case NdisRequestQueryInformation:
	default:
		NetRequestCompleteWithoutInformation(Request, STATUS_NOT_SUPPORTED);
		break;
	}
}

_Use_decl_annotations_ NTSTATUS HabitsCreateRequestQueue(HABITS_ADAPTER *Adapter)
{
	NTSTATUS status;

	NET_REQUEST_QUEUE_CONFIG config;
	NET_REQUEST_QUEUE_CONFIG_INIT_DEFAULT_SEQUENTIAL(&config, Adapter->NetAdapter);
	config.EvtRequestDefault = EvtRequestDefault;
	for (ULONG i = 0; i < ARRAYSIZE(Queries); i++) {
		NET_REQUEST_QUEUE_CONFIG_ADD_QUERY_DATA_HANDLER(
			&config, Queries[i].Oid, Queries[i].EvtQuery, Queries[i].Minimum);
	}
	NET_REQUEST_QUEUE_CONFIG_ADD_SET_DATA_HANDLER(&config, OID_GEN_CURRENT_PACKET_FILTER,
						      EvtSetPacketFilter, sizeof(ULONG));

	HABITS_GOTO_IF_FAILED(Exit, status,
			      NetRequestQueueCreate(&config, WDF_NO_OBJECT_ATTRIBUTES, NULL));
Exit:
	return status;
}
