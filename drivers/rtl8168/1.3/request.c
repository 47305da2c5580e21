/* SPDX-License-Identifier: MIT */
/*
 * request.c - the OIDs that reach the driver. The framework answers or handles most of them; the
 * queue is sequential, so there is one request at a time, at PASSIVE_LEVEL.
 */
#include "framework.h"

static EVT_NET_REQUEST_SET_DATA EvtSetPacketFilter;
static EVT_NET_REQUEST_SET_DATA EvtSetMulticastList;
static EVT_NET_REQUEST_QUERY_DATA EvtQueryStatistics;

NTSTATUS
RtRequestCreateQueue(RT_ADAPTER *Adapter)
{
	NET_REQUEST_QUEUE_CONFIG config;

	PAGED_CODE();

	NET_REQUEST_QUEUE_CONFIG_INIT_DEFAULT_SEQUENTIAL(&config, Adapter->NetAdapter);
	NET_REQUEST_QUEUE_CONFIG_ADD_SET_DATA_HANDLER(&config, OID_GEN_CURRENT_PACKET_FILTER,
						      EvtSetPacketFilter, sizeof(ULONG));
	NET_REQUEST_QUEUE_CONFIG_ADD_SET_DATA_HANDLER(&config, OID_802_3_MULTICAST_LIST,
						      EvtSetMulticastList, 0);
	NET_REQUEST_QUEUE_CONFIG_ADD_QUERY_DATA_HANDLER(&config, OID_GEN_STATISTICS,
							EvtQueryStatistics,
							NDIS_SIZEOF_STATISTICS_INFO_REVISION_1);
	return NetRequestQueueCreate(&config, WDF_NO_OBJECT_ATTRIBUTES, NULL);
}

_Use_decl_annotations_ static VOID
EvtSetPacketFilter(NETREQUESTQUEUE RequestQueue, NETREQUEST Request, PVOID InputBuffer,
		   UINT InputBufferLength)
{
	RT_ADAPTER *adapter = RtGetAdapter(NetRequestQueueGetAdapter(RequestQueue));
	ULONG packetFilter = *(ULONG UNALIGNED *)InputBuffer;

	UNREFERENCED_PARAMETER(InputBufferLength);
	PAGED_CODE();

	if (packetFilter & ~(ULONG)RT_PACKET_FILTERS) {
		NetRequestSetDataComplete(Request, STATUS_NDIS_NOT_SUPPORTED, 0);
		return;
	}
	RtFilterSetPacketFilter(adapter, packetFilter);
	RtFilterApply(adapter);
	NetRequestSetDataComplete(Request, STATUS_SUCCESS, sizeof(ULONG));
}

/* The list replaces the one before. */
_Use_decl_annotations_ static VOID
EvtSetMulticastList(NETREQUESTQUEUE RequestQueue, NETREQUEST Request, PVOID InputBuffer,
		    UINT InputBufferLength)
{
	RT_ADAPTER *adapter = RtGetAdapter(NetRequestQueueGetAdapter(RequestQueue));
	UCHAR hash[RT_MULTICAST_HASH] = { 0 };
	UINT i;

	PAGED_CODE();

	if (InputBufferLength % ETH_LENGTH_OF_ADDRESS != 0) {
		NetRequestSetDataComplete(Request, STATUS_NDIS_INVALID_LENGTH, 0);
		return;
	}
	if (InputBufferLength > RT_MULTICAST_ADDRESSES * ETH_LENGTH_OF_ADDRESS) {
		NetRequestSetDataComplete(Request, STATUS_NDIS_MULTICAST_FULL, 0);
		return;
	}
	for (i = 0; i < InputBufferLength; i += ETH_LENGTH_OF_ADDRESS)
		RtFilterHashAddress(hash, (const UCHAR *)InputBuffer + i);
	RtFilterSetMulticastHash(adapter, hash);
	RtFilterApply(adapter);
	NetRequestSetDataComplete(Request, STATUS_SUCCESS, InputBufferLength);
}

_Use_decl_annotations_ static VOID
EvtQueryStatistics(NETREQUESTQUEUE RequestQueue, NETREQUEST Request, PVOID OutputBuffer,
		   UINT OutputBufferLength)
{
	RT_ADAPTER *adapter = RtGetAdapter(NetRequestQueueGetAdapter(RequestQueue));
	NTSTATUS status;

	UNREFERENCED_PARAMETER(OutputBufferLength);
	PAGED_CODE();

	status = RtStatisticsQuery(adapter, OutputBuffer);
	NetRequestQueryDataComplete(
		Request, status, NT_SUCCESS(status) ? NDIS_SIZEOF_STATISTICS_INFO_REVISION_1 : 0);
}
