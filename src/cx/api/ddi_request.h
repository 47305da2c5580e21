/* SPDX-License-Identifier: MIT */
/*
 * NETREQUEST and NETREQUESTQUEUE, as NetAdapterCx 1.3 and the preview of 2.0 export them. Both
 * spell them alike and each has types of its own, so this is compiled into each shape's
 * ddi_request.c, which defines REQUEST_DDI(name) (the exported symbol), request_adapter_of and
 * request_adapter_handle before. Source: DDI pages of netrequest.h and netrequestqueue.h.
 */
#include "cx/api/request_config.h"
#include "nt/export.h"
#include "nt/fault.h"

/*
 * NetRequestQueueCreate - one of an adapter's two default queues of OID requests
 * @Configuration: copied; handlers allocated by NET_REQUEST_QUEUE_CONFIG_ADD_... are taken over
 * @Queue: may be NULL
 * Return: STATUS_SUCCESS, STATUS_INSUFFICIENT_RESOURCES, STATUS_INVALID_PARAMETER (a handler
 * without a callback was added), STATUS_UNSUCCESSFUL (one was added before Adapter was set). IRQL:
 * PASSIVE_LEVEL.
 */
NETCX_EXPORT NTSTATUS REQUEST_DDI(NetRequestQueueCreate)(PNET_REQUEST_QUEUE_CONFIG Configuration,
							 PWDF_OBJECT_ATTRIBUTES QueueAttributes,
							 NETREQUESTQUEUE *Queue)
{
	const struct cx_site *at = CX_SITE(NULL);
	NET_REQUEST_QUEUE_CONFIG config;
	struct cx_adapter *a;
	NTSTATUS status;

	cx_verify_passive(at);
	cx_verify_size(at, Configuration, NET_REQUEST_QUEUE_CONFIG);
	config = *Configuration; /* what is checked is what counts */
	cx_verify_request_config(at, &config);
	a = request_adapter_of(config.Adapter, at->call);
	if (NT_FAULT("NetRequestQueueCreate"))
		return STATUS_INSUFFICIENT_RESOURCES;
	status = cx_create_request_queue(CX_SITE(a->name), a, &config, QueueAttributes, Queue);
	*Configuration = config; /* without the handlers that were taken over */
	return status;
}

/* NetRequestQueueGetAdapter. IRQL: <= DISPATCH_LEVEL. */
NETCX_EXPORT NETADAPTER REQUEST_DDI(NetRequestQueueGetAdapter)(NETREQUESTQUEUE NetRequestQueue)
{
	return request_adapter_handle(cx_request_queue_of(CX_SITE(NULL), NetRequestQueue)->adapter);
}

/* NetRequestGet... - what NDIS asks. IRQL: <= DISPATCH_LEVEL. */
NETCX_EXPORT NETADAPTER REQUEST_DDI(NetRequestGetAdapter)(NETREQUEST Request)
{
	return request_adapter_handle(cx_request_of(CX_SITE(NULL), Request)->adapter);
}

NETCX_EXPORT NDIS_OID REQUEST_DDI(NetRequestGetId)(NETREQUEST Request)
{
	return cx_request_of(CX_SITE(NULL), Request)->oid->oid;
}

NETCX_EXPORT NDIS_REQUEST_TYPE REQUEST_DDI(NetRequestGetType)(NETREQUEST Request)
{
	return cx_request_of(CX_SITE(NULL), Request)->oid->type;
}

NETCX_EXPORT NDIS_PORT_NUMBER REQUEST_DDI(NetRequestGetPortNumber)(NETREQUEST Request)
{
	return cx_request_of(CX_SITE(NULL), Request)->oid->port;
}

NETCX_EXPORT NDIS_NIC_SWITCH_ID REQUEST_DDI(NetRequestGetSwitchId)(NETREQUEST Request)
{
	return cx_request_of(CX_SITE(NULL), Request)->oid->switch_id;
}

NETCX_EXPORT NDIS_NIC_SWITCH_VPORT_ID REQUEST_DDI(NetRequestGetVPortId)(NETREQUEST Request)
{
	return cx_request_of(CX_SITE(NULL), Request)->oid->vport_id;
}

/* NetRequestWdmGetNdisOidRequest - opaque to drivers here, but the same for one request. */
NETCX_EXPORT PNDIS_OID_REQUEST REQUEST_DDI(NetRequestWdmGetNdisOidRequest)(NETREQUEST Request)
{
	return (PNDIS_OID_REQUEST)cx_request_of(CX_SITE(NULL), Request)->oid;
}

/*
 * NetRequestRetrieveInputOutputBuffer - the request's one buffer and both its lengths
 * Return: STATUS_SUCCESS, or STATUS_BUFFER_TOO_SMALL below one of the lengths required.
 */
NETCX_EXPORT NTSTATUS REQUEST_DDI(NetRequestRetrieveInputOutputBuffer)(
	NETREQUEST Request, UINT MininumInputLengthRequired, UINT MininumOutputLengthRequired,
	PVOID *InputOutputBuffer, PUINT InputBufferLength, PUINT OutputBufferLength)
{
	return cx_request_buffer(CX_SITE(NULL), Request, MininumInputLengthRequired,
				 MininumOutputLengthRequired, InputOutputBuffer, InputBufferLength,
				 OutputBufferLength);
}

/* NetRequestSetBytesNeeded - before completing with a status that says "too short". */
NETCX_EXPORT VOID REQUEST_DDI(NetRequestSetBytesNeeded)(NETREQUEST Request, UINT BytesNeeded)
{
	cx_request_set_needed(CX_SITE(NULL), Request, BytesNeeded);
}

/*
 * NetRequestSetDataComplete, NetRequestQueryDataComplete, NetRequestMethodComplete - the end
 * of a request of that type; the handle is gone afterwards
 * @BytesRead, @BytesWritten: of the buffer. IRQL: <= DISPATCH_LEVEL.
 */
NETCX_EXPORT VOID REQUEST_DDI(NetRequestSetDataComplete)(NETREQUEST Request,
							 NTSTATUS CompletionStatus, UINT BytesRead)
{
	cx_request_end_of_kind(CX_SITE(NULL), Request, CX_SET_DATA, CompletionStatus, BytesRead, 0);
}

NETCX_EXPORT VOID REQUEST_DDI(NetRequestQueryDataComplete)(NETREQUEST Request,
							   NTSTATUS CompletionStatus,
							   UINT BytesWritten)
{
	cx_request_end_of_kind(CX_SITE(NULL), Request, CX_QUERY_DATA, CompletionStatus, 0,
			       BytesWritten);
}

NETCX_EXPORT VOID REQUEST_DDI(NetRequestMethodComplete)(NETREQUEST Request,
							NTSTATUS CompletionStatus, UINT BytesRead,
							UINT BytesWritten)
{
	cx_request_end_of_kind(CX_SITE(NULL), Request, CX_METHOD, CompletionStatus, BytesRead,
			       BytesWritten);
}

/* NetRequestCompleteWithoutInformation - the end of a request of any type, with a status
 * only. */
NETCX_EXPORT VOID REQUEST_DDI(NetRequestCompleteWithoutInformation)(NETREQUEST Request,
								    NTSTATUS CompletionStatus)
{
	cx_request_end(CX_SITE(NULL), Request, CompletionStatus);
}
