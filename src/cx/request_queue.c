/* SPDX-License-Identifier: MIT */
/* NETREQUESTQUEUE: a driver's handlers of OID requests, and choosing among them. */
#include <stdlib.h>

#include "cx/adapter.h"
#include "cx/request.h"
#include "nt/callback.h"

static void queue_dispose(struct wdf_object *object)
{
	struct cx_request_queue *queue = (struct cx_request_queue *)object;
	struct cx_requests *requests = &queue->adapter->requests;

	for (int i = 0; i < CX_REQUEST_QUEUES; i++)
		if (requests->queues[i] == queue)
			requests->queues[i] = NULL;
}

static void queue_release(struct wdf_object *object)
{
	struct cx_request_queue *queue = (struct cx_request_queue *)object;

	for (int i = 0; i < CX_REQUEST_KINDS; i++)
		free(queue->handlers[i].items);
}

static const struct wdf_class queue_class = {
	.name = "NETREQUESTQUEUE",
	.size = sizeof(struct cx_request_queue),
	.dispose = queue_dispose,
	.release = queue_release,
};

struct cx_request_queue *cx_request_queue_of(const struct cx_site *at, void *handle)
{
	struct cx_request_queue *queue = wdf_object_of(handle, &queue_class, at->call);
	struct cx_site site = *at;

	site.object = queue->adapter->name;
	cx_verify_dispatch(&site);
	return queue;
}

NTSTATUS cx_request_queue_allocate(struct cx_adapter *adapter, PWDF_OBJECT_ATTRIBUTES attributes,
				   struct cx_request_queue **queue)
{
	void *object;
	NTSTATUS status = wdf_object_create(&queue_class, adapter->object.driver, &adapter->object,
					    attributes, &object);

	if (!NT_SUCCESS(status))
		return status;
	*queue = object;
	(*queue)->adapter = adapter;
	return STATUS_SUCCESS;
}

bool cx_request_queue_add(struct cx_request_queue *queue, enum cx_request_kind kind,
			  const struct cx_request_handler *handler)
{
	struct cx_request_handlers *handlers = &queue->handlers[kind];
	struct cx_request_handler *items =
		realloc(handlers->items, (handlers->count + 1) * sizeof(*items));

	if (!items)
		return false;
	handlers->items = items;
	items[handlers->count++] = *handler;
	return true;
}

void cx_request_queue_install(struct cx_request_queue *queue, enum cx_request_queue_kind kind)
{
	queue->adapter->requests.queues[kind] = queue;
}

static const struct cx_request_handler *find(const struct cx_request_handlers *handlers,
					     NDIS_OID oid)
{
	for (size_t i = 0; i < handlers->count; i++)
		if (handlers->items[i].oid == oid)
			return &handlers->items[i];
	return NULL;
}

/* Return: false, and the request is completed, when a buffer is below the handler's minimum. */
static bool long_enough(const struct cx_request_handler *handler, struct cx_request *request)
{
	struct cx_oid *oid = request->oid;

	if (oid->input_length >= handler->minimum_input &&
	    oid->output_length >= handler->minimum_output)
		return true;
	oid->bytes_needed = oid->input_length < handler->minimum_input ? handler->minimum_input
								       : handler->minimum_output;
	cx_request_complete(request, STATUS_NDIS_BUFFER_TOO_SHORT);
	return false;
}

/* The handler of the kind and OID, else the default of the kind, else the default of all. */
bool cx_request_queue_call(struct cx_request_queue *queue, struct cx_request *request)
{
	enum cx_request_kind kind = cx_request_kind_of(request->oid);
	const struct cx_request_handler *handler;
	enum cx_request_call which = CX_CALL_DEFAULT;
	cx_request_callback *callback;
	struct nt_callback frame;

	if (kind == CX_REQUEST_KINDS)
		return false;
	callback = queue->defaults[kind];
	handler = find(&queue->handlers[kind], request->oid->oid);
	if (handler) {
		if (!long_enough(handler, request))
			return true;
		callback = handler->callback;
		which = CX_CALL_HANDLER;
	} else if (!callback) {
		callback = queue->default_of_all;
		which = CX_CALL_DEFAULT_OF_ALL;
	}
	if (!callback)
		return false;
	nt_callback_enter(&frame, queue->adapter->name, "EvtNetRequest");
	queue->call(queue, request, callback, kind, which);
	nt_callback_leave(&frame);
	return true;
}
