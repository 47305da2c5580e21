/* SPDX-License-Identifier: MIT */
/* NETREQUESTQUEUE: a driver's handlers of OID requests, and choosing among them. */
#include <stdlib.h>

#include "cx/api/1.3/adapter.h"
#include "cx/request.h"
#include "nt/callback.h"

static void queue_dispose(struct wdf_object *object)
{
	struct cx13_request_queue *queue = (struct cx13_request_queue *)object;
	struct cx13_requests *requests = &cx13_adapter(queue->adapter)->requests;

	for (int i = 0; i < CX_REQUEST_QUEUES; i++)
		if (requests->queues[i] == queue)
			requests->queues[i] = NULL;
}

static void queue_release(struct wdf_object *object)
{
	struct cx13_request_queue *queue = (struct cx13_request_queue *)object;

	free(queue->set.items);
	free(queue->query.items);
	free(queue->method.items);
}

static const struct wdf_class queue_class = {
	.name = "NETREQUESTQUEUE",
	.size = sizeof(struct cx13_request_queue),
	.dispose = queue_dispose,
	.release = queue_release,
};

struct cx13_request_queue *cx13_request_queue_of(NETREQUESTQUEUE handle, const char *call)
{
	return wdf_object_of(handle, &queue_class, call);
}

static struct cx13_request_handler *add(struct cx13_request_handlers *handlers)
{
	struct cx13_request_handler *items =
		realloc(handlers->items, (handlers->count + 1) * sizeof(*items));

	if (!items)
		return NULL;
	handlers->items = items;
	items[handlers->count] = (struct cx13_request_handler){ 0 };
	return &items[handlers->count++];
}

/* The configuration's lists, copied in order. */
static bool copy_handlers(struct cx13_request_queue *queue, const NET_REQUEST_QUEUE_CONFIG *config)
{
	struct cx13_request_handler *to;

	for (const NET_REQUEST_QUEUE_SET_DATA_HANDLER *h = config->SetDataHandlers; h;
	     h = h->Next) {
		to = add(&queue->set);
		if (!to)
			return false;
		to->oid = h->Oid;
		to->set = h->EvtRequestSetData;
		to->minimum_input = (ULONG)h->MinimumInputLength;
	}
	for (const NET_REQUEST_QUEUE_QUERY_DATA_HANDLER *h = config->QueryDataHandlers; h;
	     h = h->Next) {
		to = add(&queue->query);
		if (!to)
			return false;
		to->oid = h->Oid;
		to->query = h->EvtRequestQueryData;
		to->minimum_output = (ULONG)h->MinimumOutputLength;
	}
	for (const NET_REQUEST_QUEUE_METHOD_HANDLER *h = config->MethodHandlers; h; h = h->Next) {
		to = add(&queue->method);
		if (!to)
			return false;
		to->oid = h->Oid;
		to->method = h->EvtRequestMethod;
		to->minimum_input = (ULONG)h->MinimumInputLength;
		to->minimum_output = (ULONG)h->MinimumOutputLength;
	}
	return true;
}

/* Handlers that the ..._ADD_..._HANDLER functions allocated are ours to free. */
static void free_config_memory(const NET_REQUEST_QUEUE_CONFIG *config)
{
	NET_REQUEST_QUEUE_SET_DATA_HANDLER *set, *next_set;
	NET_REQUEST_QUEUE_QUERY_DATA_HANDLER *query, *next_query;
	NET_REQUEST_QUEUE_METHOD_HANDLER *method, *next_method;

	for (set = config->SetDataHandlers; set; set = next_set) {
		next_set = set->Next;
		if (set->Memory)
			WdfObjectDelete(set->Memory);
	}
	for (query = config->QueryDataHandlers; query; query = next_query) {
		next_query = query->Next;
		if (query->Memory)
			WdfObjectDelete(query->Memory);
	}
	for (method = config->MethodHandlers; method; method = next_method) {
		next_method = method->Next;
		if (method->Memory)
			WdfObjectDelete(method->Memory);
	}
}

NTSTATUS cx13_request_queue_create(struct cx_adapter *adapter,
				   const NET_REQUEST_QUEUE_CONFIG *config,
				   PWDF_OBJECT_ATTRIBUTES attributes,
				   struct cx13_request_queue **made)
{
	bool parallel = config->Type == NetRequestQueueDefaultParallel;
	struct cx13_request_queue *queue;
	void *object;
	NTSTATUS status;

	status = wdf_object_create(&queue_class, adapter->object.driver, &adapter->object,
				   attributes, &object);
	if (!NT_SUCCESS(status))
		return status;
	queue = object;
	queue->adapter = adapter;
	queue->config = *config;
	if (!copy_handlers(queue, config)) {
		wdf_object_delete(&queue->object);
		return STATUS_INSUFFICIENT_RESOURCES;
	}
	free_config_memory(config);
	queue->config.SetDataHandlers = NULL;
	queue->config.QueryDataHandlers = NULL;
	queue->config.MethodHandlers = NULL;
	cx13_adapter(adapter)->requests.queues[parallel ? CX_QUEUE_PARALLEL : CX_QUEUE_SEQUENTIAL] =
		queue;
	*made = queue;
	return STATUS_SUCCESS;
}

static const struct cx13_request_handler *find(const struct cx13_request_handlers *handlers,
					       NDIS_OID oid)
{
	for (size_t i = 0; i < handlers->count; i++)
		if (handlers->items[i].oid == oid)
			return &handlers->items[i];
	return NULL;
}

/* Return: false, and the request is completed, when a buffer is below the handler's minimum. */
static bool long_enough(const struct cx13_request_handler *handler, struct cx13_request *request)
{
	struct cx_oid *oid = request->oid;

	if (oid->input_length >= handler->minimum_input &&
	    oid->output_length >= handler->minimum_output)
		return true;
	oid->bytes_needed = oid->input_length < handler->minimum_input ? handler->minimum_input
								       : handler->minimum_output;
	cx13_request_complete(request, STATUS_NDIS_BUFFER_TOO_SHORT);
	return false;
}

static bool call_set(struct cx13_request_queue *queue, struct cx13_request *request)
{
	const struct cx13_request_handler *handler = find(&queue->set, request->oid->oid);
	NETREQUESTQUEUE q = (NETREQUESTQUEUE)queue;
	NETREQUEST r = (NETREQUEST)request;
	struct cx_oid *oid = request->oid;

	if (handler && long_enough(handler, request))
		handler->set(q, r, oid->buffer, oid->input_length);
	else if (!handler && queue->config.EvtRequestDefaultSetData)
		queue->config.EvtRequestDefaultSetData(q, r, oid->oid, oid->buffer,
						       oid->input_length);
	else
		return handler;
	return true;
}

static bool call_query(struct cx13_request_queue *queue, struct cx13_request *request)
{
	const struct cx13_request_handler *handler = find(&queue->query, request->oid->oid);
	NETREQUESTQUEUE q = (NETREQUESTQUEUE)queue;
	NETREQUEST r = (NETREQUEST)request;
	struct cx_oid *oid = request->oid;

	if (handler && long_enough(handler, request))
		handler->query(q, r, oid->buffer, oid->output_length);
	else if (!handler && queue->config.EvtRequestDefaultQueryData)
		queue->config.EvtRequestDefaultQueryData(q, r, oid->oid, oid->buffer,
							 oid->output_length);
	else
		return handler;
	return true;
}

static bool call_method(struct cx13_request_queue *queue, struct cx13_request *request)
{
	const struct cx13_request_handler *handler = find(&queue->method, request->oid->oid);
	NETREQUESTQUEUE q = (NETREQUESTQUEUE)queue;
	NETREQUEST r = (NETREQUEST)request;
	struct cx_oid *oid = request->oid;

	if (handler && long_enough(handler, request))
		handler->method(q, r, oid->buffer, oid->input_length, oid->output_length);
	else if (!handler && queue->config.EvtRequestDefaultMethod)
		queue->config.EvtRequestDefaultMethod(q, r, oid->oid, oid->buffer,
						      oid->input_length, oid->output_length);
	else
		return handler;
	return true;
}

/* The handler of the type and OID, else the default of the type, else the default of all. */
static bool call_handler(struct cx13_request_queue *queue, struct cx13_request *request)
{
	struct cx_oid *oid = request->oid;
	bool handled = false;

	switch ((int)oid->type) {
	case NdisRequestSetInformation:
		handled = call_set(queue, request);
		break;
	case NdisRequestQueryInformation:
	case NdisRequestQueryStatistics:
		handled = call_query(queue, request);
		break;
	case NdisRequestMethod:
		handled = call_method(queue, request);
		break;
	}
	if (handled || !queue->config.EvtRequestDefault)
		return handled;
	queue->config.EvtRequestDefault((NETREQUESTQUEUE)queue, (NETREQUEST)request, oid->type,
					oid->oid, oid->buffer, oid->input_length,
					oid->output_length);
	return true;
}

bool cx13_request_queue_call(struct cx13_request_queue *queue, struct cx13_request *request)
{
	struct nt_callback frame;
	bool handled;

	nt_callback_enter(&frame, queue->adapter->name, "EvtNetRequest");
	handled = call_handler(queue, request);
	nt_callback_leave(&frame);
	return handled;
}
