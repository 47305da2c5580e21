/* SPDX-License-Identifier: MIT */
/*
 * NETREQUEST and NETREQUESTQUEUE, as the preview of NetAdapterCx 2.0 exports them. Source: DDI
 * pages of netrequest.h and netrequestqueue.h.
 */
#include "cx/api/2/adapter.h"
#include "cx/api/2/adapter_init.h"
#include "cx/api/2/verifier.h"
#include "cx/api/request_config.h"
#include "nt/export.h"

/* NetAdapterInitSetNetRequestAttributes (2.0) - context and callbacks of each NETREQUEST. IRQL:
 * PASSIVE_LEVEL. */
NETCX_EXPORT void netcx_2_NetAdapterInitSetNetRequestAttributes(
	NETADAPTER_INIT *AdapterInit, WDF_OBJECT_ATTRIBUTES *NetRequestAttributes)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	cx_verify_not_null(at, AdapterInit, "AdapterInit");
	cx_verify_not_null(at, NetRequestAttributes, "NetRequestAttributes");
	cx_set_request_attributes(at, &cx2_adapter_init_of(AdapterInit, at)->core,
				  NetRequestAttributes);
}

/*
 * NetRequestQueueCreate (2.0) - one of an adapter's two default queues of OID requests
 * @Configuration: copied; handlers allocated by NET_REQUEST_QUEUE_CONFIG_ADD_... are taken over
 * @Queue: may be NULL
 * Return: STATUS_SUCCESS, STATUS_INSUFFICIENT_RESOURCES, STATUS_INVALID_PARAMETER (a handler
 * without a callback was added), STATUS_UNSUCCESSFUL (one was added before Adapter was set). IRQL:
 * PASSIVE_LEVEL.
 */
NETCX_EXPORT NTSTATUS netcx_2_NetRequestQueueCreate(PNET_REQUEST_QUEUE_CONFIG Configuration,
						    PWDF_OBJECT_ATTRIBUTES QueueAttributes,
						    NETREQUESTQUEUE *Queue)
{
	const struct cx_site *at = CX_SITE(NULL);
	struct cx_adapter *a;

	cx_verify_passive(at);
	cx_verify_size(at, Configuration, NET_REQUEST_QUEUE_CONFIG);
	cx_verify_request_config(at, Configuration);
	a = cx2_adapter_of(Configuration->Adapter, at->call);
	return cx_create_request_queue(CX_SITE(a->name), a, Configuration, QueueAttributes, Queue);
}

/* NetRequestQueueGetAdapter (2.0). IRQL: <= DISPATCH_LEVEL. */
NETCX_EXPORT NETADAPTER netcx_2_NetRequestQueueGetAdapter(NETREQUESTQUEUE NetRequestQueue)
{
	return cx2_adapter_handle(cx_request_queue_of(CX_SITE(NULL), NetRequestQueue)->adapter);
}

/* NetRequestGet... (2.0) - what NDIS asks. IRQL: <= DISPATCH_LEVEL. */
NETCX_EXPORT NETADAPTER netcx_2_NetRequestGetAdapter(NETREQUEST Request)
{
	return cx2_adapter_handle(cx_request_of(CX_SITE(NULL), Request)->adapter);
}

NETCX_EXPORT NDIS_OID netcx_2_NetRequestGetId(NETREQUEST Request)
{
	return cx_request_of(CX_SITE(NULL), Request)->oid->oid;
}

NETCX_EXPORT NDIS_REQUEST_TYPE netcx_2_NetRequestGetType(NETREQUEST Request)
{
	return cx_request_of(CX_SITE(NULL), Request)->oid->type;
}

NETCX_EXPORT NDIS_PORT_NUMBER netcx_2_NetRequestGetPortNumber(NETREQUEST Request)
{
	return cx_request_of(CX_SITE(NULL), Request)->oid->port;
}

NETCX_EXPORT NDIS_NIC_SWITCH_ID netcx_2_NetRequestGetSwitchId(NETREQUEST Request)
{
	return cx_request_of(CX_SITE(NULL), Request)->oid->switch_id;
}

NETCX_EXPORT NDIS_NIC_SWITCH_VPORT_ID netcx_2_NetRequestGetVPortId(NETREQUEST Request)
{
	return cx_request_of(CX_SITE(NULL), Request)->oid->vport_id;
}

/* NetRequestWdmGetNdisOidRequest (2.0) - opaque to drivers here, but the same for one request. */
NETCX_EXPORT PNDIS_OID_REQUEST netcx_2_NetRequestWdmGetNdisOidRequest(NETREQUEST Request)
{
	return (PNDIS_OID_REQUEST)cx_request_of(CX_SITE(NULL), Request)->oid;
}

/*
 * NetRequestRetrieveInputOutputBuffer (2.0) - the request's one buffer and both its lengths
 * Return: STATUS_SUCCESS, or STATUS_BUFFER_TOO_SMALL below one of the lengths required.
 */
NETCX_EXPORT NTSTATUS netcx_2_NetRequestRetrieveInputOutputBuffer(
	NETREQUEST Request, UINT MininumInputLengthRequired, UINT MininumOutputLengthRequired,
	PVOID *InputOutputBuffer, PUINT InputBufferLength, PUINT OutputBufferLength)
{
	return cx_request_buffer(CX_SITE(NULL), Request, MininumInputLengthRequired,
				 MininumOutputLengthRequired, InputOutputBuffer, InputBufferLength,
				 OutputBufferLength);
}

/* NetRequestSetBytesNeeded (2.0) - before completing with a status that says "too short". */
NETCX_EXPORT VOID netcx_2_NetRequestSetBytesNeeded(NETREQUEST Request, UINT BytesNeeded)
{
	cx_request_set_needed(CX_SITE(NULL), Request, BytesNeeded);
}

/*
 * NetRequestSetDataComplete, NetRequestQueryDataComplete, NetRequestMethodComplete (2.0) - the end
 * of a request of that type; the handle is gone afterwards
 * @BytesRead, @BytesWritten: of the buffer. IRQL: <= DISPATCH_LEVEL.
 */
NETCX_EXPORT VOID netcx_2_NetRequestSetDataComplete(NETREQUEST Request, NTSTATUS CompletionStatus,
						    UINT BytesRead)
{
	cx_request_end_of_kind(CX_SITE(NULL), Request, CX_SET_DATA, CompletionStatus, BytesRead, 0);
}

NETCX_EXPORT VOID netcx_2_NetRequestQueryDataComplete(NETREQUEST Request, NTSTATUS CompletionStatus,
						      UINT BytesWritten)
{
	cx_request_end_of_kind(CX_SITE(NULL), Request, CX_QUERY_DATA, CompletionStatus, 0,
			       BytesWritten);
}

NETCX_EXPORT VOID netcx_2_NetRequestMethodComplete(NETREQUEST Request, NTSTATUS CompletionStatus,
						   UINT BytesRead, UINT BytesWritten)
{
	cx_request_end_of_kind(CX_SITE(NULL), Request, CX_METHOD, CompletionStatus, BytesRead,
			       BytesWritten);
}

/* NetRequestCompleteWithoutInformation (2.0) - the end of a request of any type, with a status
 * only. */
NETCX_EXPORT VOID netcx_2_NetRequestCompleteWithoutInformation(NETREQUEST Request,
							       NTSTATUS CompletionStatus)
{
	cx_request_end(CX_SITE(NULL), Request, CompletionStatus);
}
