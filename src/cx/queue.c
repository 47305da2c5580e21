/* SPDX-License-Identifier: MIT */
#include "cx/queue.h"

#include "cx/adapter.h"
#include "cx/client.h"

void cx_queue_init(struct cx_queue *queue, struct cx_adapter *adapter,
		   const struct cx_queue_request *request)
{
	queue->adapter = adapter;
	queue->kind = request->kind;
	queue->id = request->id;
}

NTSTATUS cx_queue_create(struct cx_adapter *adapter, const struct cx_queue_request *request,
			 struct cx_queue **queue)
{
	NTSTATUS status;

	*queue = NULL;
	status = adapter->owner->client->create_queue(adapter, request, queue);
	if (NT_SUCCESS(status) && request->kind == CX_QUEUE_RX)
		adapter->rx_queues[request->id] = *queue;
	return status;
}

void cx_queue_delete(struct cx_queue *queue)
{
	struct cx_queue **listed = &queue->adapter->rx_queues[queue->id];

	if (queue->kind == CX_QUEUE_RX && *listed == queue)
		*listed = NULL;
	wdf_object_delete(&queue->object);
}
