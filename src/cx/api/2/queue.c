/* SPDX-License-Identifier: MIT */
/* NETPACKETQUEUE: making it inside the client's callback, its rings, the calls of its callbacks. */
#include "cx/api/2/queue.h"

#include <stdlib.h>
#include <string.h>

#include "cx/api/2/client.h"
#include "cx/api/2/execution.h"
#include "cx/api/2/verifier.h"
#include "nt/event.h"
#include "nt/fault.h"

NT_FAULT_NAMES("EvtAdapterCreateTxQueue", "EvtAdapterCreateRxQueue");

#define RING_ALIGNMENT 64

static void queue_dispose(struct wdf_object *object)
{
	struct cx2_queue *queue = (struct cx2_queue *)object;

	if (queue->execution)
		cx2_execution_leave(queue->execution);
	queue->execution = NULL;
}

static void queue_release(struct wdf_object *object)
{
	struct cx2_queue *queue = (struct cx2_queue *)object;

	for (unsigned i = 0; i <= NetRingTypeDataBuffer; i++) {
		free(queue->rings[i].shared);
		free(queue->rings[i].copies);
	}
}

static const struct wdf_class queue_class = {
	.name = "NETPACKETQUEUE",
	.size = sizeof(struct cx2_queue),
	.dispose = queue_dispose,
	.release = queue_release,
	.may_delete = cx_refuse_delete,
};

struct cx2_queue *cx2_queue_of(NETPACKETQUEUE handle, const char *call)
{
	return wdf_object_of(handle, &queue_class, call);
}

/* ---- rings ---- */

static NET_RING *make_shared(struct cx2_queue *queue, size_t stride, uint32_t count)
{
	size_t size = offsetof(NET_RING, Buffer) + stride * count;
	NET_RING *ring;

	size = (size + RING_ALIGNMENT - 1) & ~(size_t)(RING_ALIGNMENT - 1);
	if (size < sizeof(*ring))
		size = sizeof(*ring);
	ring = aligned_alloc(RING_ALIGNMENT, size);
	if (!ring)
		return NULL;
	memset(ring, 0, size);
	ring->ElementStride = (UINT16)stride;
	ring->NumberOfElements = count;
	ring->ElementIndexMask = count - 1;
	ring->OSReserved2[1] = queue;
	return ring;
}

static bool make_ring(struct cx2_queue *queue, NET_RING_TYPE type, size_t stride, uint32_t count)
{
	static const char *const names[] = { "packet", "fragment", "data buffer" };
	struct cx_ring *const indices[] = { &queue->core.packets, &queue->fragments,
					    &queue->data_buffers };
	struct cx2_ring *ring = &queue->rings[type];

	ring->name = names[type];
	ring->stride = stride;
	ring->shared = make_shared(queue, stride, count);
	ring->copies = calloc(count, stride);
	ring->at = indices[type];
	queue->collection.Rings[type] = ring->shared;
	if (!ring->shared || !ring->copies)
		return false;
	*ring->at = (struct cx_ring){ .end = &ring->shared->EndIndex, .mask = count - 1 };
	return true;
}

static size_t lay_out(struct cx2_queue *queue, NET_EXTENSION_TYPE type, size_t size)
{
	size = cx2_lay_out(&queue->layout, cx2_adapter(queue->core.adapter), queue->core.kind, type,
			   size);
	return size <= CX2_STRIDE ? CX2_STRIDE : CX2_STRIDE_MAX;
}

/* A data buffer ring has as many elements as the fragment ring: a buffer for each fragment. */
static bool make_rings(struct cx2_queue *queue, const struct cx_queue_request *request)
{
	size_t packet = lay_out(queue, NetExtensionTypePacket, sizeof(NET_PACKET));
	size_t fragment = lay_out(queue, NetExtensionTypeFragment, sizeof(NET_FRAGMENT));
	size_t buffer = lay_out(queue, NetExtensionTypeBuffer, sizeof(SIZE_T));
	bool made = make_ring(queue, NetRingTypePacket, packet, request->packet_count) &&
		    make_ring(queue, NetRingTypeFragment, fragment, request->fragment_count);

	queue->core.fragment_count = request->fragment_count;
	queue->core.buffers = &queue->fragments;
	if (made && queue->layout.offset[CX2_DATA_BUFFER]) {
		made = make_ring(queue, NetRingTypeDataBuffer, buffer, request->fragment_count);
		queue->core.buffers = &queue->data_buffers;
	}
	return made;
}

static void group(struct cx2_queue *queue, struct cx2_execution *execution)
{
	queue->execution = execution;
	queue->core.execution = &execution->core;
	cx2_execution_join(execution);
}

NTSTATUS cx2_queue_make(struct cx_queue_creation *creation, PWDF_OBJECT_ATTRIBUTES attributes,
			const NET_PACKET_QUEUE_CONFIG *config, struct cx2_execution *execution,
			struct cx2_queue **made)
{
	struct cx_adapter *adapter = creation->adapter;
	struct cx2_queue *queue;
	void *object;
	NTSTATUS status;

	status = wdf_object_create(&queue_class, adapter->object.driver, &adapter->object,
				   attributes, &object);
	if (!NT_SUCCESS(status))
		return status;
	queue = object;
	cx_queue_init(&queue->core, adapter, &creation->request);
	queue->config = *config;
	if (execution)
		group(queue, execution);
	if (!make_rings(queue, &creation->request)) {
		cx_queue_delete(&queue->core);
		return STATUS_INSUFFICIENT_RESOURCES;
	}
	cx2_rings_made(queue);
	queue->core.has_checksum = queue->layout.offset[CX2_CHECKSUM];
	queue->core.has_lso = queue->layout.offset[CX2_GSO] || queue->layout.offset[CX2_LSO];
	queue->core.has_ieee8021q = queue->layout.offset[CX2_IEEE8021Q];
	creation->queue = &queue->core;
	*made = queue;
	return STATUS_SUCCESS;
}

void cx2_queue_extension(const struct cx2_queue *queue, const NET_EXTENSION_QUERY *query,
			 NET_EXTENSION *extension)
{
	static const unsigned char rings[] = {
		[NetExtensionTypePacket] = NetRingTypePacket,
		[NetExtensionTypeFragment] = NetRingTypeFragment,
		[NetExtensionTypeBuffer] = NetRingTypeDataBuffer,
	};
	enum cx2_extension found = cx2_extension_find(cx2_adapter(queue->core.adapter), query);
	const struct cx2_ring *ring = &queue->rings[rings[query->Type]];

	memset(extension, 0, sizeof(*extension));
	if (found == CX2_EXTENSIONS || !queue->layout.offset[found])
		return;
	extension->Reserved[0] = ring->shared->Buffer + queue->layout.offset[found];
	extension->Reserved[1] = (void *)ring->stride;
	extension->Enabled = TRUE;
}

/* ---- the client's callback that makes a queue ---- */

static NTSTATUS call_client(struct cx_queue_creation *creation)
{
	struct cx_adapter *adapter = creation->adapter;
	const NET_ADAPTER_DATAPATH_CALLBACKS *callbacks = &cx2_adapter(adapter)->callbacks;
	bool tx = creation->request.kind == CX_QUEUE_TX;
	const char *name = tx ? "EvtAdapterCreateTxQueue" : "EvtAdapterCreateRxQueue";
	NETADAPTER handle = cx2_adapter_handle(adapter);
	struct nt_callback frame;
	NTSTATUS status;

	nt_callback_begin(&frame, adapter->name, name);
	if (nt_fault_callback(name))
		status = STATUS_INSUFFICIENT_RESOURCES;
	else if (tx)
		status = callbacks->EvtAdapterCreateTxQueue(handle, (NETTXQUEUE_INIT *)creation);
	else
		status = callbacks->EvtAdapterCreateRxQueue(handle, (NETRXQUEUE_INIT *)creation);
	NT_CALLBACK_END(&frame, NT_UINT("queue", creation->request.id),
			NT_STATUS("status", status));
	if (!NT_SUCCESS(status))
		adapter->failed_callback = name;
	return status;
}

NTSTATUS cx2_create_queue(struct cx_adapter *adapter, const struct cx_queue_request *request,
			  struct cx_queue **queue)
{
	struct cx2_adapter *a = cx2_adapter(adapter);
	struct cx_queue_creation *creation = request->kind == CX_QUEUE_TX
						     ? &a->tx_queue_inits[request->id]
						     : &a->rx_queue_inits[request->id];

	cx_queue_creation_begin(creation, adapter, request);
	return cx_queue_creation_end(creation, call_client(creation), queue);
}

/* ---- the client's callbacks. Rules: DDI pages NET_PACKET_QUEUE_CONFIG, EVT_PACKET_QUEUE_* ---- */

/* A callback that is rare enough to be told as an event; NULL: the client has none. */
static void call_told(struct cx2_queue *q, const char *name, void (*function)(NETPACKETQUEUE),
		      bool returning)
{
	struct nt_callback callback;

	if (!function)
		return;
	cx2_rings_watch(q);
	nt_callback_begin(&callback, q->core.adapter->name, name);
	q->last_callback = name;
	q->returning = returning ? &callback : NULL;
	function(cx2_queue_handle(&q->core));
	NT_CALLBACK_END(&callback, NT_TEXT("queue", q->core.kind == CX_QUEUE_TX ? "tx" : "rx"),
			NT_UINT("id", q->core.id));
	q->returning = NULL;
}

void cx2_start(struct cx_queue *queue)
{
	struct cx2_queue *q = cx2_queue(queue);

	if (q->execution)
		cx2_execution_started(q);
	q->arming_owed = false;
	cx2_rings_watch(q);
	call_told(q, "EvtPacketQueueStart", q->config.EvtStart, false);
}

void cx2_stop(struct cx_queue *queue)
{
	struct cx2_queue *q = cx2_queue(queue);

	call_told(q, "EvtPacketQueueStop", q->config.EvtStop, false);
	cx2_rings_watch(NULL);
	if (q->execution)
		cx2_execution_stopped(q);
}

void cx2_cancel(struct cx_queue *queue)
{
	call_told(cx2_queue(queue), "EvtPacketQueueCancel", cx2_queue(queue)->config.EvtCancel,
		  true);
	cx2_rings_returned(cx2_queue(queue));
}

/* As 21H2: a transmit queue without packets has nothing to tell of. Once it has, it is armed. */
void cx2_arm(struct cx_queue *queue)
{
	struct cx2_queue *q = cx2_queue(queue);
	struct nt_callback callback;

	q->arming_owed =
		queue->kind == CX_QUEUE_TX && queue->packets.returned == queue->packets.posted;
	if (q->arming_owed)
		return;
	cx2_rings_watch(q);
	nt_callback_enter(&callback, queue->adapter->name, "EvtPacketQueueSetNotificationEnabled");
	q->last_callback = callback.name;
	q->config.EvtSetNotificationEnabled(cx2_queue_handle(queue), TRUE);
	nt_callback_leave(&callback);
}

void cx2_advance(struct cx_queue *queue)
{
	struct cx2_queue *q = cx2_queue(queue);
	struct nt_callback callback;

	cx2_rings_watch(q);
	nt_callback_enter(&callback, queue->adapter->name, "EvtPacketQueueAdvance");
	q->last_callback = callback.name;
	q->returning = &callback;
	q->config.EvtAdvance(cx2_queue_handle(queue));
	nt_callback_leave(&callback);
	q->returning = NULL;
	cx2_rings_returned(q);
	/* Packets that came in the round between arming and sleep: another round follows this one.
	 */
	if (q->arming_owed && queue->packets.returned != queue->packets.posted)
		cx2_arm(queue);
}
