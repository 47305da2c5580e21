/* SPDX-License-Identifier: MIT */
/*
 * netcxrequestqueue.h - how a driver gets control requests (OIDs): a queue with a handler per OID,
 * and a default handler per kind for the rest. 1.3 and the preview of 2.0 have the same.
 * PASSIVE_LEVEL. Part of netrequestqueue.h.
 */
#ifndef NETCX_NETCXREQUESTQUEUE_H
#define NETCX_NETCXREQUESTQUEUE_H

#include <parts/netcxrequest.h>

typedef enum _NET_REQUEST_QUEUE_TYPE NETCX_INT_ENUM {
	NetRequestQueueTypeInvalid = 0,
	NetRequestQueueDefaultSequential,
	NetRequestQueueDefaultParallel
} NET_REQUEST_QUEUE_TYPE;

#define HANDLER_TAG 0x726c6448 /* "Hdlr" in memory: the pool tag of copied handlers */

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
	WDFMEMORY Memory; /* of the copy that the queue is made from */
	NDIS_OID Oid;
	PFN_NET_REQUEST_SET_DATA EvtRequestSetData;
	UINT MinimumInputLength;
	UINT MinimumOutputLength; /* 0 unless the driver sets it */
} NET_REQUEST_QUEUE_SET_DATA_HANDLER, *PNET_REQUEST_QUEUE_SET_DATA_HANDLER;

typedef struct _NET_REQUEST_QUEUE_QUERY_DATA_HANDLER {
	struct _NET_REQUEST_QUEUE_QUERY_DATA_HANDLER *Next;
	WDFMEMORY Memory; /* of the copy that the queue is made from */
	NDIS_OID Oid;
	PFN_NET_REQUEST_QUERY_DATA EvtRequestQueryData;
	UINT MinimumInputLength; /* 0 unless the driver sets it */
	UINT MinimumOutputLength;
} NET_REQUEST_QUEUE_QUERY_DATA_HANDLER, *PNET_REQUEST_QUEUE_QUERY_DATA_HANDLER;

typedef struct _NET_REQUEST_QUEUE_METHOD_HANDLER {
	struct _NET_REQUEST_QUEUE_METHOD_HANDLER *Next;
	WDFMEMORY Memory; /* of the copy that the queue is made from */
	NDIS_OID Oid;
	PFN_NET_REQUEST_METHOD EvtRequestMethod;
	UINT MinimumInputLength;
	UINT MinimumOutputLength;
} NET_REQUEST_QUEUE_METHOD_HANDLER, *PNET_REQUEST_QUEUE_METHOD_HANDLER;

/* What went wrong while handlers were added; NetRequestQueueCreate fails then. */
typedef union _NET_REQUEST_QUEUE_ADD_HANDLER_ERROR {
	__extension__ struct {
		UCHAR AllocationFailed : 1;
		UCHAR CallbackNull : 1;
		UCHAR AdapterNull : 1;
	};
	UCHAR AsUchar;
} NET_REQUEST_QUEUE_ADD_HANDLER_ERROR;

typedef struct _NET_REQUEST_QUEUE_CONFIG {
	ULONG Size;
	NETADAPTER Adapter;
	NET_REQUEST_QUEUE_TYPE Type;
	PFN_NET_REQUEST_DEFAULT_SET_DATA EvtRequestDefaultSetData;
	PFN_NET_REQUEST_DEFAULT_QUERY_DATA EvtRequestDefaultQueryData;
	PFN_NET_REQUEST_DEFAULT_METHOD EvtRequestDefaultMethod;
	PFN_NET_REQUEST_DEFAULT EvtRequestDefault;
	NET_REQUEST_QUEUE_ADD_HANDLER_ERROR AddHandlerError;
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

/* ---- handlers: the driver's own is copied, so it may be on the stack ---- */
/* Return: the copy, which goes with the adapter at the latest, or NULL with the error noted. */
FORCEINLINE PVOID netcx_request_handler_copy(PNET_REQUEST_QUEUE_CONFIG Config, BOOLEAN HasCallback,
					     const VOID *Handler, SIZE_T Size, WDFMEMORY *Memory)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	PVOID copy;

	if (!HasCallback) {
		Config->AddHandlerError.CallbackNull = 1;
		return NULL;
	}
	if (Config->Adapter == NULL) {
		Config->AddHandlerError.AdapterNull = 1;
		return NULL;
	}
	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.ParentObject = Config->Adapter;
	if (!NT_SUCCESS(WdfMemoryCreate(&attributes, NonPagedPoolNx, HANDLER_TAG, Size, Memory,
					&copy))) {
		Config->AddHandlerError.AllocationFailed = 1;
		return NULL;
	}
	RtlCopyMemory(copy, Handler, Size);
	return copy;
}

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
	WDFMEMORY memory;
	PNET_REQUEST_QUEUE_SET_DATA_HANDLER copy =
		(PNET_REQUEST_QUEUE_SET_DATA_HANDLER)netcx_request_handler_copy(
			NetRequestQueueConfig, SetDataHandler->EvtRequestSetData != NULL,
			SetDataHandler, sizeof(*SetDataHandler), &memory);

	if (copy == NULL)
		return;
	copy->Memory = memory;
	copy->Next = NetRequestQueueConfig->SetDataHandlers;
	NetRequestQueueConfig->SetDataHandlers = copy;
}

FORCEINLINE VOID NET_REQUEST_QUEUE_CONFIG_ADD_SET_DATA_HANDLER(
	PNET_REQUEST_QUEUE_CONFIG NetRequestQueueConfig, NDIS_OID Oid,
	PFN_NET_REQUEST_SET_DATA EvtRequestSetData, UINT MinimumInputLength)
{
	NET_REQUEST_QUEUE_SET_DATA_HANDLER handler;

	NET_REQUEST_QUEUE_SET_DATA_HANDLER_INIT(&handler, Oid, EvtRequestSetData,
						MinimumInputLength);
	NET_REQUEST_QUEUE_CONFIG_ADD_INITIALIZED_SET_DATA_HANDLER(NetRequestQueueConfig, &handler);
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
	WDFMEMORY memory;
	PNET_REQUEST_QUEUE_QUERY_DATA_HANDLER copy =
		(PNET_REQUEST_QUEUE_QUERY_DATA_HANDLER)netcx_request_handler_copy(
			NetRequestQueueConfig, QueryDataHandler->EvtRequestQueryData != NULL,
			QueryDataHandler, sizeof(*QueryDataHandler), &memory);

	if (copy == NULL)
		return;
	copy->Memory = memory;
	copy->Next = NetRequestQueueConfig->QueryDataHandlers;
	NetRequestQueueConfig->QueryDataHandlers = copy;
}

FORCEINLINE VOID NET_REQUEST_QUEUE_CONFIG_ADD_QUERY_DATA_HANDLER(
	PNET_REQUEST_QUEUE_CONFIG NetRequestQueueConfig, NDIS_OID Oid,
	PFN_NET_REQUEST_QUERY_DATA EvtRequestQueryData, UINT MinimumOutputLength)
{
	NET_REQUEST_QUEUE_QUERY_DATA_HANDLER handler;

	NET_REQUEST_QUEUE_QUERY_DATA_HANDLER_INIT(&handler, Oid, EvtRequestQueryData,
						  MinimumOutputLength);
	NET_REQUEST_QUEUE_CONFIG_ADD_INITIALIZED_QUERY_DATA_HANDLER(NetRequestQueueConfig,
								    &handler);
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
	WDFMEMORY memory;
	PNET_REQUEST_QUEUE_METHOD_HANDLER copy =
		(PNET_REQUEST_QUEUE_METHOD_HANDLER)netcx_request_handler_copy(
			NetRequestQueueConfig, MethodHandler->EvtRequestMethod != NULL,
			MethodHandler, sizeof(*MethodHandler), &memory);

	if (copy == NULL)
		return;
	copy->Memory = memory;
	copy->Next = NetRequestQueueConfig->MethodHandlers;
	NetRequestQueueConfig->MethodHandlers = copy;
}

FORCEINLINE VOID NET_REQUEST_QUEUE_CONFIG_ADD_METHOD_HANDLER(
	PNET_REQUEST_QUEUE_CONFIG NetRequestQueueConfig, NDIS_OID Oid,
	PFN_NET_REQUEST_METHOD EvtRequestMethod, UINT MinimumInputLength, UINT MinimumOutputLength)
{
	NET_REQUEST_QUEUE_METHOD_HANDLER handler;

	NET_REQUEST_QUEUE_METHOD_HANDLER_INIT(&handler, Oid, EvtRequestMethod, MinimumInputLength,
					      MinimumOutputLength);
	NET_REQUEST_QUEUE_CONFIG_ADD_INITIALIZED_METHOD_HANDLER(NetRequestQueueConfig, &handler);
}

EXTERN_C_START

/* @Queue: may be NULL */
NTSTATUS NetRequestQueueCreate(PNET_REQUEST_QUEUE_CONFIG Configuration,
			       PWDF_OBJECT_ATTRIBUTES QueueAttributes, NETREQUESTQUEUE *Queue)
	NETCX_SYMBOL(NetRequestQueueCreate);
NETADAPTER NetRequestQueueGetAdapter(NETREQUESTQUEUE NetRequestQueue)
	NETCX_SYMBOL(NetRequestQueueGetAdapter);

EXTERN_C_END

#endif
