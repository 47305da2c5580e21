/* SPDX-License-Identifier: MIT */
#include "cx/queue.h"

#include "cx/adapter.h"
#include "cx/client.h"
#include "cx/verifier.h"
#include "nt/event.h"

void cx_queue_init(struct cx_queue *queue, struct cx_adapter *adapter,
		   const struct cx_queue_request *request)
{
	queue->adapter = adapter;
	queue->kind = request->kind;
	queue->id = request->id;
	queue->priority = request->priority;
	queue->buffers = &queue->packets;
}

void cx_queue_creation_begin(struct cx_queue_creation *creation, struct cx_adapter *adapter,
			     const struct cx_queue_request *request)
{
	*creation = (struct cx_queue_creation){
		.magic = CX_QUEUE_CREATION,
		.thread = pthread_self(),
		.adapter = adapter,
		.request = *request,
	};
}

NTSTATUS cx_queue_creation_end(struct cx_queue_creation *creation, NTSTATUS status,
			       struct cx_queue **queue)
{
	creation->magic = 0;
	if (NT_SUCCESS(status) && !creation->queue) {
		nt_log(creation->adapter->name,
		       "the callback returned success and made no packet queue");
		return STATUS_UNSUCCESSFUL;
	}
	if (NT_SUCCESS(status))
		*queue = creation->queue;
	else if (creation->queue)
		cx_queue_delete(creation->queue);
	return status;
}

const char *cx_queue_creation_object(const struct cx_queue_creation *creation)
{
	return creation && creation->magic == CX_QUEUE_CREATION ? creation->adapter->name : NULL;
}

void cx_verify_queue_signature(const struct cx_site *at, const struct cx_queue_creation *creation,
			       bool tx)
{
	if (!creation || creation->magic != CX_QUEUE_CREATION)
		cx_violation(
			at, CX_BAD_QUEUE_INIT_CONTEXT, 0, 0,
			"A queue's init object is valid only inside the queue-creation callback it is given to.",
			"%p is no init object in use.", (const void *)creation);
	if ((creation->request.kind == CX_QUEUE_TX) != tx)
		cx_violation(at, CX_BAD_QUEUE_INIT_CONTEXT, 0, 0,
			     "Transmit and receive queues have their own functions.",
			     "%p is the init object of a %s queue.", (const void *)creation,
			     tx ? "receive" : "transmit");
}

void cx_verify_queue_creation(const struct cx_site *at, const struct cx_queue_creation *creation,
			      bool tx)
{
	cx_verify_queue_signature(at, creation, tx);
	if (!pthread_equal(creation->thread, pthread_self()))
		cx_violation(
			at, CX_CREATING_NET_QUEUE_FROM_WRONG_THREAD, 0, 0,
			"The queue is made on the thread that runs the queue-creation callback.",
			"The call comes from another thread.");
	if (creation->queue)
		cx_violation(
			at, CX_QUEUE_ALREADY_CREATED, 0, 0,
			"A queue-creation callback makes one queue, after it has set up its packets.",
			"Queue %u has been made already.", creation->request.id);
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
