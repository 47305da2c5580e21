/* SPDX-License-Identifier: MIT */
/*
 * NETREQUEST and NETREQUESTQUEUE, as NetAdapterCx 1.3 exports them. Source: DDI pages of
 * netrequest.h and netrequestqueue.h, 1809.
 */
#include "cx/api/1.3/adapter.h"
#include "cx/api/1.3/verifier.h"
#include "cx/request.h"
#include "nt/export.h"

/* A wrong size: parameter 2 is what was given, parameter 3 what is expected. */
static void cx13_verify_handler_size(const struct cx_site *at, const char *name, ULONG given,
				     size_t expected)
{
	if (given != expected)
		cx_violation(at, CX_INVALID_QUEUE_CONFIGURATION, given, expected,
			     "NET_REQUEST_QUEUE_CONFIG_INIT_... fills in the handlers' sizes.",
			     "%s is %u, %zu is expected.", name, given, expected);
}

static void cx13_verify_queue_configuration(const struct cx_site *at,
					    const NET_REQUEST_QUEUE_CONFIG *config)
{
	if (!config->Adapter)
		cx_violation(at, CX_INVALID_QUEUE_CONFIGURATION, 0, 0,
			     "A request queue belongs to an adapter.", "Adapter is NULL.");
	cx13_verify_handler_size(at, "SizeOfSetDataHandler", (ULONG)config->SizeOfSetDataHandler,
				 sizeof(NET_REQUEST_QUEUE_SET_DATA_HANDLER));
	cx13_verify_handler_size(at, "SizeOfQueryDataHandler",
				 (ULONG)config->SizeOfQueryDataHandler,
				 sizeof(NET_REQUEST_QUEUE_QUERY_DATA_HANDLER));
	cx13_verify_handler_size(at, "SizeOfMethodHandler", (ULONG)config->SizeOfMethodHandler,
				 sizeof(NET_REQUEST_QUEUE_METHOD_HANDLER));
}

static void cx13_verify_queue_type(const struct cx_site *at, const struct cx_adapter *a,
				   NET_REQUEST_QUEUE_TYPE type)
{
	int index =
		type == NetRequestQueueDefaultParallel ? CX_QUEUE_PARALLEL : CX_QUEUE_SEQUENTIAL;

	if (type != NetRequestQueueDefaultSequential && type != NetRequestQueueDefaultParallel)
		cx_violation(at, CX_INVALID_REQUEST_QUEUE_TYPE, (ULONG)type, 0,
			     "A request queue is default sequential (1) or default parallel (2).",
			     "Type is %d.", (int)type);
	if (cx13_adapter((struct cx_adapter *)a)->requests.queues[index])
		cx_violation(at, CX_DEFAULT_REQUEST_QUEUE_ALREADY_EXISTS, (ULONG)type, 0,
			     "An adapter has one default request queue of each type.",
			     "The adapter has a default %s queue already.",
			     index == CX_QUEUE_PARALLEL ? "parallel" : "sequential");
}

/* What went wrong while handlers were added, told softly: parameter 2 is which. */
static NTSTATUS check_add_error(const struct cx_site *at, NET_REQUEST_QUEUE_ADD_HANDLER_ERROR error)
{
	static const char demand[] =
		"A handler has a callback, and each NET_REQUEST_QUEUE_CONFIG_ADD_... succeeds.";

	if (error.AsUchar == 0)
		return STATUS_SUCCESS;
	if (error.AllocationFailed) {
		cx_soft_violation(at, CX_QUEUE_CONFIGURATION_HAS_ERROR, 0, 0, demand,
				  "A handler could not be allocated.");
		return STATUS_INSUFFICIENT_RESOURCES;
	}
	if (error.CallbackNull) {
		cx_soft_violation(at, CX_QUEUE_CONFIGURATION_HAS_ERROR, 1, 0, demand,
				  "A handler was added without a callback.");
		return STATUS_INVALID_PARAMETER;
	}
	cx_soft_violation(at, CX_QUEUE_CONFIGURATION_HAS_ERROR, 2, 0, demand,
			  "A handler was added without an adapter.");
	return STATUS_UNSUCCESSFUL;
}

/*
 * NetRequestQueueCreate (1.3) - one of an adapter's two default queues of OID requests
 * @Configuration: copied; handlers allocated by NET_REQUEST_QUEUE_CONFIG_ADD_... are taken over
 * Return: STATUS_SUCCESS, STATUS_INSUFFICIENT_RESOURCES, STATUS_INVALID_PARAMETER (a handler
 * without a callback was added). IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT NTSTATUS netcx_1_3_NetRequestQueueCreate(PNET_REQUEST_QUEUE_CONFIG Configuration,
						      PWDF_OBJECT_ATTRIBUTES QueueAttributes,
						      NETREQUESTQUEUE *Queue)
{
	const struct cx_site *at = CX_SITE(NULL);
	struct cx13_request_queue *queue;
	struct cx_adapter *a;
	NTSTATUS status;

	cx_verify_passive(at);
	cx_verify_size(at, Configuration, NET_REQUEST_QUEUE_CONFIG);
	cx13_verify_queue_configuration(at, Configuration);
	a = cx13_adapter_of(Configuration->Adapter, at->call);
	at = CX_SITE(a->name);
	status = check_add_error(at, Configuration->AddHandlerError);
	if (!NT_SUCCESS(status))
		return status;
	cx13_verify_queue_type(at, a, Configuration->Type);
	status = cx13_request_queue_create(a, Configuration, QueueAttributes, &queue);
	if (NT_SUCCESS(status) && Queue)
		*Queue = (NETREQUESTQUEUE)queue;
	return status;
}

/* NetRequestQueueGetAdapter (1.3). IRQL: <= DISPATCH_LEVEL. */
NETCX_EXPORT NETADAPTER netcx_1_3_NetRequestQueueGetAdapter(NETREQUESTQUEUE NetRequestQueue)
{
	struct cx13_request_queue *queue = cx13_request_queue_of(NetRequestQueue, CX_CALL);

	cx_verify_dispatch(CX_SITE(queue->adapter->name));
	return cx13_adapter_handle(queue->adapter);
}

/* The request behind a handle, for a call at IRQL <= DISPATCH_LEVEL. */
static struct cx13_request *request_at_dispatch(const char *call, NETREQUEST handle)
{
	struct cx13_request *request = cx13_request_of(handle, call);

	cx_verify_dispatch(CX_AT(call, request->adapter->name));
	return request;
}

/* NetRequestGet... (1.3) - what NDIS asks. IRQL: <= DISPATCH_LEVEL. */
NETCX_EXPORT NETADAPTER netcx_1_3_NetRequestGetAdapter(NETREQUEST Request)
{
	return cx13_adapter_handle(request_at_dispatch(CX_CALL, Request)->adapter);
}

NETCX_EXPORT NDIS_OID netcx_1_3_NetRequestGetId(NETREQUEST Request)
{
	return request_at_dispatch(CX_CALL, Request)->oid->oid;
}

NETCX_EXPORT NDIS_REQUEST_TYPE netcx_1_3_NetRequestGetType(NETREQUEST Request)
{
	return request_at_dispatch(CX_CALL, Request)->oid->type;
}

NETCX_EXPORT NDIS_PORT_NUMBER netcx_1_3_NetRequestGetPortNumber(NETREQUEST Request)
{
	return request_at_dispatch(CX_CALL, Request)->oid->port;
}

NETCX_EXPORT NDIS_NIC_SWITCH_ID netcx_1_3_NetRequestGetSwitchId(NETREQUEST Request)
{
	return request_at_dispatch(CX_CALL, Request)->oid->switch_id;
}

NETCX_EXPORT NDIS_NIC_SWITCH_VPORT_ID netcx_1_3_NetRequestGetVPortId(NETREQUEST Request)
{
	return request_at_dispatch(CX_CALL, Request)->oid->vport_id;
}

/* NetRequestWdmGetNdisOidRequest (1.3) - opaque to drivers here, but the same for one request. */
NETCX_EXPORT PNDIS_OID_REQUEST netcx_1_3_NetRequestWdmGetNdisOidRequest(NETREQUEST Request)
{
	return (PNDIS_OID_REQUEST)request_at_dispatch(CX_CALL, Request)->oid;
}

/*
 * NetRequestRetrieveInputOutputBuffer (1.3) - the request's one buffer and both its lengths
 * Return: STATUS_SUCCESS, or STATUS_BUFFER_TOO_SMALL below one of the lengths required.
 */
NETCX_EXPORT NTSTATUS netcx_1_3_NetRequestRetrieveInputOutputBuffer(
	NETREQUEST Request, UINT MininumInputLengthRequired, UINT MininumOutputLengthRequired,
	PVOID *InputOutputBuffer, PUINT InputBufferLength, PUINT OutputBufferLength)
{
	struct cx_oid *oid = request_at_dispatch(CX_CALL, Request)->oid;

	if (oid->input_length < MininumInputLengthRequired ||
	    oid->output_length < MininumOutputLengthRequired) {
		oid->bytes_needed = oid->input_length < MininumInputLengthRequired
					    ? MininumInputLengthRequired
					    : MininumOutputLengthRequired;
		return STATUS_BUFFER_TOO_SMALL;
	}
	*InputOutputBuffer = oid->buffer;
	if (InputBufferLength)
		*InputBufferLength = oid->input_length;
	if (OutputBufferLength)
		*OutputBufferLength = oid->output_length;
	return STATUS_SUCCESS;
}

/* NetRequestSetBytesNeeded (1.3) - before completing with a status that says "too short". */
NETCX_EXPORT VOID netcx_1_3_NetRequestSetBytesNeeded(NETREQUEST Request, UINT BytesNeeded)
{
	request_at_dispatch(CX_CALL, Request)->oid->bytes_needed = BytesNeeded;
}

static void cx13_verify_not_pending(const struct cx_site *at, NTSTATUS status)
{
	if (status == STATUS_PENDING)
		cx_violation(at, CX_COMPLETING_NET_REQUEST_WITH_PENDING_STATUS, 0, 0,
			     "A request is completed with its final status.",
			     "CompletionStatus is STATUS_PENDING.");
}

static void cx13_verify_type(const struct cx_site *at, NDIS_REQUEST_TYPE type, bool right,
			     const char *demand)
{
	if (!right)
		cx_violation(at, CX_INVALID_NET_REQUEST_TYPE, (ULONG)type, 0, demand,
			     "The request's type is %d.", (int)type);
}

/*
 * NetRequestSetDataComplete, NetRequestQueryDataComplete, NetRequestMethodComplete (1.3) - the end
 * of a request of that type; the handle is gone afterwards
 * @BytesRead, @BytesWritten: of the buffer. IRQL: <= DISPATCH_LEVEL.
 */
NETCX_EXPORT VOID netcx_1_3_NetRequestSetDataComplete(NETREQUEST Request, NTSTATUS CompletionStatus,
						      UINT BytesRead)
{
	struct cx13_request *request = request_at_dispatch(CX_CALL, Request);
	const struct cx_site *at = CX_SITE(request->adapter->name);
	NDIS_REQUEST_TYPE type = request->oid->type;

	cx13_verify_not_pending(at, CompletionStatus);
	cx13_verify_type(at, type, type == NdisRequestSetInformation,
			 "It completes set requests (1) only.");
	request->oid->bytes_read = BytesRead;
	cx13_request_complete(request, CompletionStatus);
}

NETCX_EXPORT VOID netcx_1_3_NetRequestQueryDataComplete(NETREQUEST Request,
							NTSTATUS CompletionStatus,
							UINT BytesWritten)
{
	struct cx13_request *request = request_at_dispatch(CX_CALL, Request);
	const struct cx_site *at = CX_SITE(request->adapter->name);
	NDIS_REQUEST_TYPE type = request->oid->type;

	cx13_verify_not_pending(at, CompletionStatus);
	cx13_verify_type(at, type,
			 type == NdisRequestQueryInformation || type == NdisRequestQueryStatistics,
			 "It completes query requests (0 and 2) only.");
	request->oid->bytes_written = BytesWritten;
	cx13_request_complete(request, CompletionStatus);
}

NETCX_EXPORT VOID netcx_1_3_NetRequestMethodComplete(NETREQUEST Request, NTSTATUS CompletionStatus,
						     UINT BytesRead, UINT BytesWritten)
{
	struct cx13_request *request = request_at_dispatch(CX_CALL, Request);
	const struct cx_site *at = CX_SITE(request->adapter->name);
	NDIS_REQUEST_TYPE type = request->oid->type;

	cx13_verify_not_pending(at, CompletionStatus);
	cx13_verify_type(at, type, type == NdisRequestMethod,
			 "It completes method requests (12) only.");
	request->oid->bytes_read = BytesRead;
	request->oid->bytes_written = BytesWritten;
	cx13_request_complete(request, CompletionStatus);
}

/* NetRequestCompleteWithoutInformation (1.3) - the end of a request of any type, with a status
 * only. */
NETCX_EXPORT VOID netcx_1_3_NetRequestCompleteWithoutInformation(NETREQUEST Request,
								 NTSTATUS CompletionStatus)
{
	struct cx13_request *request = request_at_dispatch(CX_CALL, Request);

	cx13_verify_not_pending(CX_SITE(request->adapter->name), CompletionStatus);
	cx13_request_complete(request, CompletionStatus);
}

/* NetAdapterDispatchPreprocessedNetRequest (1.3) - an extension lets a request go on to the queues.
 */
NETCX_EXPORT VOID netcx_1_3_NetAdapterDispatchPreprocessedNetRequest(NETADAPTER Adapter,
								     NETREQUEST Request)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	cx_verify_not_null(at, Adapter, "Adapter");
	cx_verify_not_null(at, Request, "Request");
	cx13_adapter_of(Adapter, at->call);
	cx13_request_dispatch(cx13_request_of(Request, at->call));
}
