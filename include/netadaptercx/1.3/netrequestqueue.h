// SPDX-License-Identifier: MIT
/*
 * netrequestqueue.h - how a driver gets control requests (OIDs): a queue with a handler per OID,
 * and a default handler per kind for the rest. PASSIVE_LEVEL. Part of netadaptercx.h.
 */
#ifndef NETCX_NETREQUESTQUEUE_H
#define NETCX_NETREQUESTQUEUE_H

#include <netrequest.h>

typedef enum _NET_REQUEST_QUEUE_TYPE {
	NetRequestQueueTypeInvalid = 0,
	NetRequestQueueDefaultSequential,
	NetRequestQueueDefaultParallel
} NET_REQUEST_QUEUE_TYPE;

/* ---- callbacks ---- */
typedef VOID EVT_NET_REQUEST_SET_DATA(_In_ NETREQUESTQUEUE RequestQueue, _In_ NETREQUEST Request,
				      _In_ PVOID InputBuffer, _In_ UINT InputBufferLength);
typedef EVT_NET_REQUEST_SET_DATA *PFN_NET_REQUEST_SET_DATA;
typedef VOID EVT_NET_REQUEST_DEFAULT_SET_DATA(_In_ NETREQUESTQUEUE RequestQueue,
					      _In_ NETREQUEST Request, _In_ NDIS_OID Oid,
					      _In_ PVOID InputBuffer, _In_ UINT InputBufferLength);
typedef EVT_NET_REQUEST_DEFAULT_SET_DATA *PFN_NET_REQUEST_DEFAULT_SET_DATA;
typedef VOID EVT_NET_REQUEST_QUERY_DATA(_In_ NETREQUESTQUEUE RequestQueue, _In_ NETREQUEST Request,
					_In_ PVOID OutputBuffer, _In_ UINT OutputBufferLength);
typedef EVT_NET_REQUEST_QUERY_DATA *PFN_NET_REQUEST_QUERY_DATA;
typedef VOID EVT_NET_REQUEST_DEFAULT_QUERY_DATA(_In_ NETREQUESTQUEUE RequestQueue,
						_In_ NETREQUEST Request, _In_ NDIS_OID Oid,
						_In_ PVOID OutputBuffer,
						_In_ UINT OutputBufferLength);
typedef EVT_NET_REQUEST_DEFAULT_QUERY_DATA *PFN_NET_REQUEST_DEFAULT_QUERY_DATA;
typedef VOID EVT_NET_REQUEST_METHOD(_In_ NETREQUESTQUEUE RequestQueue, _In_ NETREQUEST Request,
				    _In_ PVOID InputOutputBuffer, _In_ UINT InputBufferLength,
				    _In_ UINT OutputBufferLength);
typedef EVT_NET_REQUEST_METHOD *PFN_NET_REQUEST_METHOD;
typedef VOID EVT_NET_REQUEST_DEFAULT_METHOD(_In_ NETREQUESTQUEUE RequestQueue,
					    _In_ NETREQUEST Request, _In_ NDIS_OID Oid,
					    _In_ PVOID InputOutputBuffer,
					    _In_ UINT InputBufferLength,
					    _In_ UINT OutputBufferLength);
typedef EVT_NET_REQUEST_DEFAULT_METHOD *PFN_NET_REQUEST_DEFAULT_METHOD;
typedef VOID EVT_NET_REQUEST_DEFAULT(_In_ NETREQUESTQUEUE RequestQueue, _In_ NETREQUEST Request,
				     _In_ NDIS_REQUEST_TYPE RequestType, _In_ NDIS_OID Oid,
				     _In_ PVOID InputOutputBuffer, _In_ UINT InputBufferLength,
				     _In_ UINT OutputBufferLength);
typedef EVT_NET_REQUEST_DEFAULT *PFN_NET_REQUEST_DEFAULT;

/* ---- handlers: lists, newest first; lengths in bytes ---- */
typedef struct _NET_REQUEST_QUEUE_SET_DATA_HANDLER {
	struct _NET_REQUEST_QUEUE_SET_DATA_HANDLER *Next;
	WDFMEMORY Memory; /* set when the handler was allocated for the driver */
	NDIS_OID Oid;
	PFN_NET_REQUEST_SET_DATA EvtRequestSetData;
	UINT MinimumInputLength;
} NET_REQUEST_QUEUE_SET_DATA_HANDLER, *PNET_REQUEST_QUEUE_SET_DATA_HANDLER;

typedef struct _NET_REQUEST_QUEUE_QUERY_DATA_HANDLER {
	struct _NET_REQUEST_QUEUE_QUERY_DATA_HANDLER *Next;
	WDFMEMORY Memory; /* set when the handler was allocated for the driver */
	NDIS_OID Oid;
	PFN_NET_REQUEST_QUERY_DATA EvtRequestQueryData;
	UINT MinimumOutputLength;
} NET_REQUEST_QUEUE_QUERY_DATA_HANDLER, *PNET_REQUEST_QUEUE_QUERY_DATA_HANDLER;

typedef struct _NET_REQUEST_QUEUE_METHOD_HANDLER {
	struct _NET_REQUEST_QUEUE_METHOD_HANDLER *Next;
	WDFMEMORY Memory; /* set when the handler was allocated for the driver */
	NDIS_OID Oid;
	PFN_NET_REQUEST_METHOD EvtRequestMethod;
	UINT MinimumInputLength;
	UINT MinimumOutputLength;
} NET_REQUEST_QUEUE_METHOD_HANDLER, *PNET_REQUEST_QUEUE_METHOD_HANDLER;

typedef struct _NET_REQUEST_QUEUE_CONFIG {
	ULONG Size;
	NETADAPTER Adapter;
	NET_REQUEST_QUEUE_TYPE Type;
	PFN_NET_REQUEST_DEFAULT_SET_DATA EvtRequestDefaultSetData;
	PFN_NET_REQUEST_DEFAULT_QUERY_DATA EvtRequestDefaultQueryData;
	PFN_NET_REQUEST_DEFAULT_METHOD EvtRequestDefaultMethod;
	PFN_NET_REQUEST_DEFAULT EvtRequestDefault;
	NTSTATUS AddHandlerError; /* of the first handler that could not be added;
				     NetRequestQueueCreate fails */
	ULONG SizeOfSetDataHandler;
	ULONG SizeOfQueryDataHandler;
	ULONG SizeOfMethodHandler;
	PNET_REQUEST_QUEUE_SET_DATA_HANDLER SetDataHandlers;
	PNET_REQUEST_QUEUE_QUERY_DATA_HANDLER QueryDataHandlers;
	PNET_REQUEST_QUEUE_METHOD_HANDLER MethodHandlers;
} NET_REQUEST_QUEUE_CONFIG, *PNET_REQUEST_QUEUE_CONFIG;

FORCEINLINE VOID NET_REQUEST_QUEUE_CONFIG_INIT(PNET_REQUEST_QUEUE_CONFIG NetRequestQueueConfig,
					       NETADAPTER Adapter, NET_REQUEST_QUEUE_TYPE QueueType)
{
	WDF_STRUCT_INIT(NetRequestQueueConfig, NET_REQUEST_QUEUE_CONFIG);
	NetRequestQueueConfig->Adapter = Adapter;
	NetRequestQueueConfig->Type = QueueType;
	NetRequestQueueConfig->SizeOfSetDataHandler = sizeof(NET_REQUEST_QUEUE_SET_DATA_HANDLER);
	NetRequestQueueConfig->SizeOfQueryDataHandler =
		sizeof(NET_REQUEST_QUEUE_QUERY_DATA_HANDLER);
	NetRequestQueueConfig->SizeOfMethodHandler = sizeof(NET_REQUEST_QUEUE_METHOD_HANDLER);
}

FORCEINLINE VOID NET_REQUEST_QUEUE_CONFIG_INIT_DEFAULT_SEQUENTIAL(
	PNET_REQUEST_QUEUE_CONFIG NetRequestQueueConfig, NETADAPTER Adapter)
{
	NET_REQUEST_QUEUE_CONFIG_INIT(NetRequestQueueConfig, Adapter,
				      NetRequestQueueDefaultSequential);
}

FORCEINLINE VOID NET_REQUEST_QUEUE_CONFIG_INIT_DEFAULT_PARALLEL(
	PNET_REQUEST_QUEUE_CONFIG NetRequestQueueConfig, NETADAPTER Adapter)
{
	NET_REQUEST_QUEUE_CONFIG_INIT(NetRequestQueueConfig, Adapter,
				      NetRequestQueueDefaultParallel);
}

/* ---- one handler of the driver's own memory, or one allocated here ---- */
FORCEINLINE VOID NET_REQUEST_QUEUE_SET_DATA_HANDLER_INIT(
	PNET_REQUEST_QUEUE_SET_DATA_HANDLER SetDataHandler, NDIS_OID Oid,
	PFN_NET_REQUEST_SET_DATA EvtRequestSetData, UINT MinimumInputLength)
{
	RtlZeroMemory(SetDataHandler, sizeof(*SetDataHandler));
	SetDataHandler->Oid = Oid;
	SetDataHandler->EvtRequestSetData = EvtRequestSetData;
	SetDataHandler->MinimumInputLength = MinimumInputLength;
}

FORCEINLINE VOID NET_REQUEST_QUEUE_CONFIG_ADD_INITIALIZED_SET_DATA_HANDLER(
	PNET_REQUEST_QUEUE_CONFIG NetRequestQueueConfig,
	PNET_REQUEST_QUEUE_SET_DATA_HANDLER SetDataHandler)
{
	SetDataHandler->Next = NetRequestQueueConfig->SetDataHandlers;
	NetRequestQueueConfig->SetDataHandlers = SetDataHandler;
}

FORCEINLINE VOID NET_REQUEST_QUEUE_CONFIG_ADD_SET_DATA_HANDLER(
	PNET_REQUEST_QUEUE_CONFIG NetRequestQueueConfig, NDIS_OID Oid,
	PFN_NET_REQUEST_SET_DATA EvtRequestSetData, UINT MinimumInputLength)
{
	PNET_REQUEST_QUEUE_SET_DATA_HANDLER handler;
	WDFMEMORY memory;
	PVOID buffer;
	NTSTATUS status = STATUS_INVALID_PARAMETER;

	if (EvtRequestSetData != NULL)
		status = WdfMemoryCreate(WDF_NO_OBJECT_ATTRIBUTES, NonPagedPoolNx, 0,
					 sizeof(*handler), &memory, &buffer);
	if (!NT_SUCCESS(status)) {
		if (NT_SUCCESS(NetRequestQueueConfig->AddHandlerError))
			NetRequestQueueConfig->AddHandlerError = status;
		return;
	}
	handler = (PNET_REQUEST_QUEUE_SET_DATA_HANDLER)buffer;
	NET_REQUEST_QUEUE_SET_DATA_HANDLER_INIT(handler, Oid, EvtRequestSetData,
						MinimumInputLength);
	handler->Memory = memory;
	NET_REQUEST_QUEUE_CONFIG_ADD_INITIALIZED_SET_DATA_HANDLER(NetRequestQueueConfig, handler);
}

FORCEINLINE VOID NET_REQUEST_QUEUE_QUERY_DATA_HANDLER_INIT(
	PNET_REQUEST_QUEUE_QUERY_DATA_HANDLER QueryDataHandler, NDIS_OID Oid,
	PFN_NET_REQUEST_QUERY_DATA EvtRequestQueryData, UINT MinimumOutputLength)
{
	RtlZeroMemory(QueryDataHandler, sizeof(*QueryDataHandler));
	QueryDataHandler->Oid = Oid;
	QueryDataHandler->EvtRequestQueryData = EvtRequestQueryData;
	QueryDataHandler->MinimumOutputLength = MinimumOutputLength;
}

FORCEINLINE VOID NET_REQUEST_QUEUE_CONFIG_ADD_INITIALIZED_QUERY_DATA_HANDLER(
	PNET_REQUEST_QUEUE_CONFIG NetRequestQueueConfig,
	PNET_REQUEST_QUEUE_QUERY_DATA_HANDLER QueryDataHandler)
{
	QueryDataHandler->Next = NetRequestQueueConfig->QueryDataHandlers;
	NetRequestQueueConfig->QueryDataHandlers = QueryDataHandler;
}

FORCEINLINE VOID NET_REQUEST_QUEUE_CONFIG_ADD_QUERY_DATA_HANDLER(
	PNET_REQUEST_QUEUE_CONFIG NetRequestQueueConfig, NDIS_OID Oid,
	PFN_NET_REQUEST_QUERY_DATA EvtRequestQueryData, UINT MinimumOutputLength)
{
	PNET_REQUEST_QUEUE_QUERY_DATA_HANDLER handler;
	WDFMEMORY memory;
	PVOID buffer;
	NTSTATUS status = STATUS_INVALID_PARAMETER;

	if (EvtRequestQueryData != NULL)
		status = WdfMemoryCreate(WDF_NO_OBJECT_ATTRIBUTES, NonPagedPoolNx, 0,
					 sizeof(*handler), &memory, &buffer);
	if (!NT_SUCCESS(status)) {
		if (NT_SUCCESS(NetRequestQueueConfig->AddHandlerError))
			NetRequestQueueConfig->AddHandlerError = status;
		return;
	}
	handler = (PNET_REQUEST_QUEUE_QUERY_DATA_HANDLER)buffer;
	NET_REQUEST_QUEUE_QUERY_DATA_HANDLER_INIT(handler, Oid, EvtRequestQueryData,
						  MinimumOutputLength);
	handler->Memory = memory;
	NET_REQUEST_QUEUE_CONFIG_ADD_INITIALIZED_QUERY_DATA_HANDLER(NetRequestQueueConfig, handler);
}

FORCEINLINE VOID NET_REQUEST_QUEUE_METHOD_HANDLER_INIT(
	PNET_REQUEST_QUEUE_METHOD_HANDLER MethodHandler, NDIS_OID Oid,
	PFN_NET_REQUEST_METHOD EvtRequestMethod, UINT MinimumInputLength, UINT MinimumOutputLength)
{
	RtlZeroMemory(MethodHandler, sizeof(*MethodHandler));
	MethodHandler->Oid = Oid;
	MethodHandler->EvtRequestMethod = EvtRequestMethod;
	MethodHandler->MinimumInputLength = MinimumInputLength;
	MethodHandler->MinimumOutputLength = MinimumOutputLength;
}

FORCEINLINE VOID NET_REQUEST_QUEUE_CONFIG_ADD_INITIALIZED_METHOD_HANDLER(
	PNET_REQUEST_QUEUE_CONFIG NetRequestQueueConfig,
	PNET_REQUEST_QUEUE_METHOD_HANDLER MethodHandler)
{
	MethodHandler->Next = NetRequestQueueConfig->MethodHandlers;
	NetRequestQueueConfig->MethodHandlers = MethodHandler;
}

FORCEINLINE VOID NET_REQUEST_QUEUE_CONFIG_ADD_METHOD_HANDLER(
	PNET_REQUEST_QUEUE_CONFIG NetRequestQueueConfig, NDIS_OID Oid,
	PFN_NET_REQUEST_METHOD EvtRequestMethod, UINT MinimumInputLength, UINT MinimumOutputLength)
{
	PNET_REQUEST_QUEUE_METHOD_HANDLER handler;
	WDFMEMORY memory;
	PVOID buffer;
	NTSTATUS status = STATUS_INVALID_PARAMETER;

	if (EvtRequestMethod != NULL)
		status = WdfMemoryCreate(WDF_NO_OBJECT_ATTRIBUTES, NonPagedPoolNx, 0,
					 sizeof(*handler), &memory, &buffer);
	if (!NT_SUCCESS(status)) {
		if (NT_SUCCESS(NetRequestQueueConfig->AddHandlerError))
			NetRequestQueueConfig->AddHandlerError = status;
		return;
	}
	handler = (PNET_REQUEST_QUEUE_METHOD_HANDLER)buffer;
	NET_REQUEST_QUEUE_METHOD_HANDLER_INIT(handler, Oid, EvtRequestMethod, MinimumInputLength,
					      MinimumOutputLength);
	handler->Memory = memory;
	NET_REQUEST_QUEUE_CONFIG_ADD_INITIALIZED_METHOD_HANDLER(NetRequestQueueConfig, handler);
}

EXTERN_C_START

/* @Queue: may be NULL */
NTSTATUS NetRequestQueueCreate(PNET_REQUEST_QUEUE_CONFIG Configuration,
			       PWDF_OBJECT_ATTRIBUTES QueueAttributes, NETREQUESTQUEUE *Queue);
NETADAPTER NetRequestQueueGetAdapter(NETREQUESTQUEUE NetRequestQueue);

EXTERN_C_END

#endif
