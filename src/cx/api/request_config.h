/* SPDX-License-Identifier: MIT */
/*
 * NET_REQUEST_QUEUE_CONFIG, and the driver's handlers in it. 1.3 and the preview of 2.0 spell them
 * alike and each has types of its own, so this is compiled into each shape: it comes after the
 * version's netrequestqueue.h. Source: DDI pages of netrequestqueue.h, 1809.
 */
#ifndef CX_API_REQUEST_CONFIG_H
#define CX_API_REQUEST_CONFIG_H

#include "cx/adapter.h"
#include "cx/request.h"
#include "cx/verifier.h"

/* ---- what a configuration must be ---- */

/* A wrong size: parameter 2 is what was given, parameter 3 what is expected. */
static inline void cx_verify_handler_size(const struct cx_site *at, const char *name, ULONG given,
					  size_t expected)
{
	if (given != expected)
		cx_violation(at, CX_INVALID_QUEUE_CONFIGURATION, given, expected,
			     "NET_REQUEST_QUEUE_CONFIG_INIT_... fills in the handlers' sizes.",
			     "%s is %u, %zu is expected.", name, given, expected);
}

static inline void cx_verify_request_config(const struct cx_site *at,
					    const NET_REQUEST_QUEUE_CONFIG *config)
{
	if (!config->Adapter)
		cx_violation(at, CX_INVALID_QUEUE_CONFIGURATION, 0, 0,
			     "A request queue belongs to an adapter.", "Adapter is NULL.");
	cx_verify_handler_size(at, "SizeOfSetDataHandler", config->SizeOfSetDataHandler,
			       sizeof(NET_REQUEST_QUEUE_SET_DATA_HANDLER));
	cx_verify_handler_size(at, "SizeOfQueryDataHandler", config->SizeOfQueryDataHandler,
			       sizeof(NET_REQUEST_QUEUE_QUERY_DATA_HANDLER));
	cx_verify_handler_size(at, "SizeOfMethodHandler", config->SizeOfMethodHandler,
			       sizeof(NET_REQUEST_QUEUE_METHOD_HANDLER));
}

static inline enum cx_request_queue_kind cx_request_queue_kind_of(NET_REQUEST_QUEUE_TYPE type)
{
	return type == NetRequestQueueDefaultParallel ? CX_QUEUE_PARALLEL : CX_QUEUE_SEQUENTIAL;
}

static inline void cx_verify_request_queue_type(const struct cx_site *at,
						const struct cx_adapter *a,
						NET_REQUEST_QUEUE_TYPE type)
{
	if (type != NetRequestQueueDefaultSequential && type != NetRequestQueueDefaultParallel)
		cx_violation(at, CX_INVALID_REQUEST_QUEUE_TYPE, (ULONG)type, 0,
			     "A request queue is default sequential (1) or default parallel (2).",
			     "Type is %d.", (int)type);
	if (a->requests.queues[cx_request_queue_kind_of(type)])
		cx_violation(at, CX_DEFAULT_REQUEST_QUEUE_ALREADY_EXISTS, (ULONG)type, 0,
			     "An adapter has one default request queue of each type.",
			     "The adapter has a default %s queue already.",
			     type == NetRequestQueueDefaultParallel ? "parallel" : "sequential");
}

/* What went wrong while handlers were added, told softly: parameter 2 is which. */
static inline NTSTATUS cx_check_add_error(const struct cx_site *at,
					  NET_REQUEST_QUEUE_ADD_HANDLER_ERROR error)
{
	static const char demand[] =
		"A handler has a callback, and each NET_REQUEST_QUEUE_CONFIG_ADD_... succeeds.";
	NTSTATUS status = STATUS_SUCCESS;

	/* Where memory is short on purpose that is no fault of a driver's: the helpers tell
	 * nothing. */
	if (error.AllocationFailed) {
		if (!nt_machine()->faults)
			cx_soft_violation(at, CX_QUEUE_CONFIGURATION_HAS_ERROR, 0, 0, demand,
					  "A handler could not be allocated.");
		status = STATUS_INSUFFICIENT_RESOURCES;
	}
	if (error.CallbackNull) {
		cx_soft_violation(at, CX_QUEUE_CONFIGURATION_HAS_ERROR, 1, 0, demand,
				  "A handler was added without a callback.");
		status = STATUS_INVALID_PARAMETER;
	}
	error.AllocationFailed = error.CallbackNull = 0;
	if (error.AsUchar) {
		cx_soft_violation(at, CX_QUEUE_CONFIGURATION_HAS_ERROR, 2, 0, demand,
				  "A handler was added without an adapter.");
		status = STATUS_UNSUCCESSFUL;
	}
	return status;
}

/* ---- making a queue of it ---- */

/* The configuration's lists, copied in order. */
static inline bool cx_copy_handlers(struct cx_request_queue *queue,
				    const NET_REQUEST_QUEUE_CONFIG *config)
{
	bool copied = true;

	for (const NET_REQUEST_QUEUE_SET_DATA_HANDLER *h = config->SetDataHandlers; h && copied;
	     h = h->Next)
		copied = cx_request_queue_add(
			queue, CX_SET_DATA,
			&(struct cx_request_handler){
				h->Oid, h->MinimumInputLength, h->MinimumOutputLength,
				(cx_request_callback *)h->EvtRequestSetData });
	for (const NET_REQUEST_QUEUE_QUERY_DATA_HANDLER *h = config->QueryDataHandlers; h && copied;
	     h = h->Next)
		copied = cx_request_queue_add(
			queue, CX_QUERY_DATA,
			&(struct cx_request_handler){
				h->Oid, h->MinimumInputLength, h->MinimumOutputLength,
				(cx_request_callback *)h->EvtRequestQueryData });
	for (const NET_REQUEST_QUEUE_METHOD_HANDLER *h = config->MethodHandlers; h && copied;
	     h = h->Next)
		copied = cx_request_queue_add(
			queue, CX_METHOD,
			&(struct cx_request_handler){ h->Oid, h->MinimumInputLength,
						      h->MinimumOutputLength,
						      (cx_request_callback *)h->EvtRequestMethod });
	return copied;
}

/* Handlers that the ..._ADD_..._HANDLER functions allocated are ours to free, whatever comes of the
 * queue. */
static inline void cx_free_handlers(NET_REQUEST_QUEUE_CONFIG *config)
{
	for (NET_REQUEST_QUEUE_SET_DATA_HANDLER *h = config->SetDataHandlers, *next; h; h = next) {
		next = h->Next;
		if (h->Memory)
			WdfObjectDelete(h->Memory);
	}
	for (NET_REQUEST_QUEUE_QUERY_DATA_HANDLER *h = config->QueryDataHandlers, *next; h;
	     h = next) {
		next = h->Next;
		if (h->Memory)
			WdfObjectDelete(h->Memory);
	}
	for (NET_REQUEST_QUEUE_METHOD_HANDLER *h = config->MethodHandlers, *next; h; h = next) {
		next = h->Next;
		if (h->Memory)
			WdfObjectDelete(h->Memory);
	}
	config->SetDataHandlers = NULL;
	config->QueryDataHandlers = NULL;
	config->MethodHandlers = NULL;
}

static inline void cx_call_handler(cx_request_callback *callback, enum cx_request_kind kind,
				   NETREQUESTQUEUE queue, NETREQUEST request,
				   const struct cx_oid *oid)
{
	switch (kind) {
	case CX_SET_DATA:
		((PFN_NET_REQUEST_SET_DATA)callback)(queue, request, oid->buffer,
						     oid->input_length);
		break;
	case CX_QUERY_DATA:
		((PFN_NET_REQUEST_QUERY_DATA)callback)(queue, request, oid->buffer,
						       oid->output_length);
		break;
	default:
		((PFN_NET_REQUEST_METHOD)callback)(queue, request, oid->buffer, oid->input_length,
						   oid->output_length);
	}
}

static inline void cx_call_default(cx_request_callback *callback, enum cx_request_kind kind,
				   NETREQUESTQUEUE queue, NETREQUEST request,
				   const struct cx_oid *oid)
{
	switch (kind) {
	case CX_SET_DATA:
		((PFN_NET_REQUEST_DEFAULT_SET_DATA)callback)(queue, request, oid->oid, oid->buffer,
							     oid->input_length);
		break;
	case CX_QUERY_DATA:
		((PFN_NET_REQUEST_DEFAULT_QUERY_DATA)callback)(queue, request, oid->oid,
							       oid->buffer, oid->output_length);
		break;
	default:
		((PFN_NET_REQUEST_DEFAULT_METHOD)callback)(queue, request, oid->oid, oid->buffer,
							   oid->input_length, oid->output_length);
	}
}

static inline void cx_call_request(struct cx_request_queue *queue, struct cx_request *request,
				   cx_request_callback *callback, enum cx_request_kind kind,
				   enum cx_request_call which)
{
	NETREQUESTQUEUE q = (NETREQUESTQUEUE)queue;
	NETREQUEST r = (NETREQUEST)request;
	const struct cx_oid *oid = request->oid;

	if (which == CX_CALL_HANDLER)
		cx_call_handler(callback, kind, q, r, oid);
	else if (which == CX_CALL_DEFAULT)
		cx_call_default(callback, kind, q, r, oid);
	else
		((PFN_NET_REQUEST_DEFAULT)callback)(q, r, oid->type, oid->oid, oid->buffer,
						    oid->input_length, oid->output_length);
}

/* The queue of a verified configuration. */
static inline NTSTATUS cx_make_request_queue(struct cx_adapter *a,
					     const NET_REQUEST_QUEUE_CONFIG *config,
					     PWDF_OBJECT_ATTRIBUTES attributes,
					     NETREQUESTQUEUE *made)
{
	struct cx_request_queue *queue;
	NTSTATUS status = cx_request_queue_allocate(a, attributes, &queue);

	if (!NT_SUCCESS(status))
		return status;
	queue->call = cx_call_request;
	queue->defaults[CX_SET_DATA] = (cx_request_callback *)config->EvtRequestDefaultSetData;
	queue->defaults[CX_QUERY_DATA] = (cx_request_callback *)config->EvtRequestDefaultQueryData;
	queue->defaults[CX_METHOD] = (cx_request_callback *)config->EvtRequestDefaultMethod;
	queue->default_of_all = (cx_request_callback *)config->EvtRequestDefault;
	if (!cx_copy_handlers(queue, config)) {
		wdf_object_delete(&queue->object);
		return STATUS_INSUFFICIENT_RESOURCES;
	}
	cx_request_queue_install(queue, cx_request_queue_kind_of(config->Type));
	if (made)
		*made = (NETREQUESTQUEUE)queue;
	return STATUS_SUCCESS;
}

/*
 * cx_create_request_queue() - NetRequestQueueCreate, once the adapter is known
 * @config: its size and cx_verify_request_config() were checked; its handlers are taken over
 * @queue: may be NULL; set to NULL on failure
 */
static inline NTSTATUS cx_create_request_queue(const struct cx_site *at, struct cx_adapter *a,
					       NET_REQUEST_QUEUE_CONFIG *config,
					       PWDF_OBJECT_ATTRIBUTES attributes,
					       NETREQUESTQUEUE *queue)
{
	NTSTATUS status;

	if (queue)
		*queue = NULL;
	cx_verify_request_queue_type(at, a, config->Type);
	status = cx_check_add_error(at, config->AddHandlerError);
	if (NT_SUCCESS(status))
		status = cx_make_request_queue(a, config, attributes, queue);
	cx_free_handlers(config);
	return status;
}

#endif
