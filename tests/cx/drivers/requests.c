/* SPDX-License-Identifier: MIT */
/* The request queues of the driver "recorder", compiled for 1.3 and for the preview of 2.0. */
#if NETADAPTER_VERSION_MAJOR == 2
#include "../../cx2/drivers/rules.h"
/* What follows needs the recorder's headers. */
#include <preview/netrequest.h>
#include <preview/netrequestqueue.h>
#else
#include "rules.h"
#endif

/* What the driver keeps with each request. */
typedef struct _RECORDER_REQUEST {
	ULONG Id;
} RECORDER_REQUEST;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(RECORDER_REQUEST, RecorderGetRequest)

static EVT_NET_REQUEST_SET_DATA SetFilter;
static EVT_NET_REQUEST_QUERY_DATA QueryVendor;
static EVT_NET_REQUEST_METHOD Method;
static EVT_NET_REQUEST_DEFAULT_SET_DATA DefaultSet;
static EVT_NET_REQUEST_DEFAULT_QUERY_DATA DefaultQuery;
static EVT_NET_REQUEST_DEFAULT_METHOD DefaultMethod;
static EVT_NET_REQUEST_DEFAULT AnyParallel;
static EVT_WDF_OBJECT_CONTEXT_DESTROY RequestDestroy;

static void RequestDestroy(WDFOBJECT Object)
{
	if (RecorderGetRequest(Object)->Id)
		RecorderOptions.RequestsGone++;
}

void RecorderRequestAttributes(PWDF_OBJECT_ATTRIBUTES Attributes)
{
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(Attributes, RECORDER_REQUEST);
	Attributes->EvtDestroyCallback = RequestDestroy;
}

static VOID SetFilter(NETREQUESTQUEUE Queue, NETREQUEST Request, PVOID Buffer, UINT Length)
{
	RECORDER_PLACE place = { .Device = RecorderOptions.Device,
				 .Adapter = NetRequestQueueGetAdapter(Queue),
				 .Request = Request };

	RecorderOptions.RequestQueue = Queue;
	RecorderGetRequest(Request)->Id = NetRequestGetId(Request);
	RecorderSay("SetFilter(%x,%u)", *(ULONG *)Buffer, Length);
	RecorderBreak(PointRequest, &place);
	NetRequestSetDataComplete(Request, STATUS_SUCCESS, sizeof(ULONG));
}

static VOID QueryVendor(NETREQUESTQUEUE Queue, NETREQUEST Request, PVOID Buffer, UINT Length)
{
	RECORDER_PLACE place = { .Adapter = NetRequestQueueGetAdapter(Queue), .Request = Request };

	RecorderGetRequest(Request)->Id = NetRequestGetId(Request);
	RecorderSay("QueryVendor(%u)", Length);
	RecorderBreak(PointQueryRequest, &place);
	*(ULONG *)Buffer = 0x00112233;
	NetRequestQueryDataComplete(Request, STATUS_SUCCESS, sizeof(ULONG));
}

static VOID DefaultQuery(NETREQUESTQUEUE Queue, NETREQUEST Request, NDIS_OID Oid, PVOID Buffer,
			 UINT Length)
{
	UINT input, output;
	PVOID buffer;

	UNREFERENCED_PARAMETER(Queue);
	UNREFERENCED_PARAMETER(Buffer);
	RecorderGetRequest(Request)->Id = Oid;
	RecorderSay("DefaultQuery(%x,%u)", Oid, Length);
	if (NetRequestRetrieveInputOutputBuffer(Request, 0, 64, &buffer, &input, &output) ==
	    STATUS_BUFFER_TOO_SMALL) {
		NetRequestSetBytesNeeded(Request, 64);
		NetRequestCompleteWithoutInformation(Request, STATUS_NDIS_INVALID_LENGTH);
		return;
	}
	NetRequestQueryDataComplete(Request, STATUS_SUCCESS, 0);
}

static VOID AnyParallel(NETREQUESTQUEUE Queue, NETREQUEST Request, NDIS_REQUEST_TYPE Type,
			NDIS_OID Oid, PVOID Buffer, UINT Input, UINT Output)
{
	UNREFERENCED_PARAMETER(Queue);
	UNREFERENCED_PARAMETER(Buffer);
	RecorderGetRequest(Request)->Id = Oid;
	RecorderSay("AnyParallel(%d,%x,%u,%u)", (int)Type, Oid, Input, Output);
	if (Type == NdisRequestMethod)
		NetRequestMethodComplete(Request, STATUS_SUCCESS, Input, Output);
	else
		NetRequestCompleteWithoutInformation(Request, STATUS_ACCESS_DENIED);
}

static VOID Method(NETREQUESTQUEUE Queue, NETREQUEST Request, PVOID Buffer, UINT Input, UINT Output)
{
	UNREFERENCED_PARAMETER(Queue);
	RecorderGetRequest(Request)->Id = NetRequestGetId(Request);
	RecorderSay("Method(%u,%u)", Input, Output);
	RtlFillMemory(Buffer, Output, 0x5a);
	NetRequestMethodComplete(Request, STATUS_SUCCESS, Input, Output);
}

static VOID DefaultSet(NETREQUESTQUEUE Queue, NETREQUEST Request, NDIS_OID Oid, PVOID Buffer,
		       UINT Length)
{
	UNREFERENCED_PARAMETER(Queue);
	UNREFERENCED_PARAMETER(Buffer);
	RecorderGetRequest(Request)->Id = Oid;
	RecorderSay("DefaultSet(%x,%u)", Oid, Length);
	NetRequestCompleteWithoutInformation(Request, STATUS_CANCELLED);
}

static VOID DefaultMethod(NETREQUESTQUEUE Queue, NETREQUEST Request, NDIS_OID Oid, PVOID Buffer,
			  UINT Input, UINT Output)
{
	UNREFERENCED_PARAMETER(Queue);
	UNREFERENCED_PARAMETER(Buffer);
	RecorderGetRequest(Request)->Id = Oid;
	RecorderSay("DefaultMethod(%x,%u,%u)", Oid, Input, Output);
	NetRequestMethodComplete(Request, STATUS_SUCCESS, Input, 0);
}

NTSTATUS RecorderCreateRequestQueues(NETADAPTER Adapter)
{
	NET_REQUEST_QUEUE_SET_DATA_HANDLER both;
	NET_REQUEST_QUEUE_CONFIG config;
	NETREQUESTQUEUE queue;
	NTSTATUS status;

	NET_REQUEST_QUEUE_CONFIG_INIT_DEFAULT_SEQUENTIAL(&config, Adapter);
	config.EvtRequestDefaultQueryData = DefaultQuery;
	NET_REQUEST_QUEUE_CONFIG_ADD_SET_DATA_HANDLER(&config, RECORDER_OID_SET, SetFilter,
						      sizeof(ULONG));
	NET_REQUEST_QUEUE_CONFIG_ADD_QUERY_DATA_HANDLER(&config, RECORDER_OID_QUERY, QueryVendor,
							sizeof(ULONG));
	NET_REQUEST_QUEUE_CONFIG_ADD_METHOD_HANDLER(&config, RECORDER_OID_METHOD, Method, 4, 8);
	NET_REQUEST_QUEUE_SET_DATA_HANDLER_INIT(&both, RECORDER_OID_BOTH, SetFilter, sizeof(ULONG));
	both.MinimumOutputLength = 2;
	NET_REQUEST_QUEUE_CONFIG_ADD_INITIALIZED_SET_DATA_HANDLER(&config, &both);
	if (RecorderOptions.RequestDefaults) {
		config.EvtRequestDefaultSetData = DefaultSet;
		config.EvtRequestDefaultMethod = DefaultMethod;
	}
	status = NetRequestQueueCreate(&config, WDF_NO_OBJECT_ATTRIBUTES, &queue);
	if (!NT_SUCCESS(status))
		return status;
	NET_REQUEST_QUEUE_CONFIG_INIT_DEFAULT_PARALLEL(&config, Adapter);
	config.EvtRequestDefault = AnyParallel;
	return NetRequestQueueCreate(&config, WDF_NO_OBJECT_ATTRIBUTES, NULL);
}
