/* SPDX-License-Identifier: MIT */
/* NETPACKETQUEUE: making it inside the client's callback, its element layout, its rings. */
#include "cx/api/1.3/queue.h"

#include <stdlib.h>
#include <string.h>

#include "cx/api/1.3/client.h"
#include "cx/api/1.3/verifier.h"
#include "nt/callback.h"
#include "nt/event.h"
#include "nt/fault.h"

NT_FAULT_NAMES("EvtAdapterCreateTxQueue", "EvtAdapterCreateRxQueue");

/* Contexts are aligned as WDF aligns its own: MEMORY_ALLOCATION_ALIGNMENT of 64-bit Windows. */
#define CONTEXT_ALIGNMENT 16
#define RING_ALIGNMENT    64

static size_t round_up(size_t value, size_t alignment)
{
	return (value + alignment - 1) & ~(alignment - 1);
}

static void queue_release(struct wdf_object *object)
{
	struct cx13_queue *queue = (struct cx13_queue *)object;

	nt_guard_remove(&queue->guarded);
	if (queue->guarded.length)
		nt_guard_open(queue->packets->Buffer, queue->guarded.length);
	free(queue->packets);
	free(queue->fragments);
	free(queue->fragments_of);
	free(queue->contexts);
	cx_extensions_clear(&queue->extensions);
}

static const struct wdf_class queue_class = {
	.name = "NETPACKETQUEUE",
	.size = sizeof(struct cx13_queue),
	.release = queue_release,
	.may_delete = cx_refuse_delete,
};

struct cx13_queue *cx13_queue_of(NETPACKETQUEUE handle, const char *call)
{
	return wdf_object_of(handle, &queue_class, call);
}

NTSTATUS cx13_queue_init_add_context(struct cx13_queue_init *init,
				     const NET_PACKET_CONTEXT_ATTRIBUTES *attributes)
{
	struct cx13_packet_context *contexts;

	contexts = realloc(init->contexts, (init->context_count + 1) * sizeof(*contexts));
	if (!contexts)
		return STATUS_INSUFFICIENT_RESOURCES;
	init->contexts = contexts;
	contexts[init->context_count++] = (struct cx13_packet_context){
		.type = attributes->ContextTypeInfo,
		.size = attributes->ContextSizeOverride ? attributes->ContextSizeOverride
							: attributes->ContextTypeInfo->ContextSize,
	};
	return STATUS_SUCCESS;
}

NTSTATUS cx13_queue_init_add_extension(struct cx13_queue_init *init,
				       const NET_PACKET_EXTENSION *extension)
{
	const struct cx_extension own = cx13_extension_of(extension);

	if (cx_extensions_find(&init->extensions, own.name, own.version))
		return STATUS_SUCCESS;
	return cx_extensions_add(&init->extensions, &own);
}

/*
 * What the framework adds to a queue's packets: the extensions of the declared offloads, whether
 * the offloads are on or off. LSO is of transmit packets only.
 */
static NTSTATUS add_offload_extensions(struct cx13_queue_init *init)
{
	const struct cx_extension extensions[] = { cx13_checksum_extension(),
						   cx13_lso_extension() };
	const struct cx_extensions *registered = &cx13_adapter(init->creation.adapter)->extensions;
	size_t count = init->creation.request.kind == CX_QUEUE_TX ? 2 : 1;
	NTSTATUS status = STATUS_SUCCESS;

	for (size_t i = 0; i < count && NT_SUCCESS(status); i++)
		if (cx_extensions_find(registered, extensions[i].name, 1))
			status = cx_extensions_add(&init->extensions, &extensions[i]);
	return status;
}

/*
 * NET_PACKET, then contexts, then extensions, each in order of registration, then a gap. Return:
 * the stride.
 */
static size_t lay_out(struct cx13_queue *queue)
{
	size_t offset = sizeof(NET_PACKET);

	for (size_t i = 0; i < queue->context_count; i++) {
		offset = round_up(offset, CONTEXT_ALIGNMENT);
		queue->contexts[i].offset = offset;
		offset += queue->contexts[i].size;
	}
	for (size_t i = 0; i < queue->extensions.count; i++) {
		offset = round_up(offset, queue->extensions.items[i].alignment);
		queue->extensions.items[i].offset = offset;
		offset += queue->extensions.items[i].size;
	}
	return round_up(offset + NT_GUARD_LOOK, CONTEXT_ALIGNMENT);
}

/* Each packet ends with a gap: an extension's offset that is none lies in front of the next one. */
static void make_gaps(struct cx13_queue *queue, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		nt_guard_fill((unsigned char *)queue->packets->Buffer + (i + 1) * queue->stride -
				      NT_GUARD_LOOK,
			      NT_GUARD_LOOK);
	queue->guarded = (struct nt_guarded){ .memory = queue->packets->Buffer,
					      .length = queue->stride * count,
					      .describe = cx13_describe_packet };
	nt_guard_add(&queue->guarded);
}

static NET_RING_BUFFER *make_ring(struct cx13_queue *queue, size_t stride, ULONG count)
{
	size_t size = round_up(sizeof(NET_RING_BUFFER) + stride * count, RING_ALIGNMENT);
	NET_RING_BUFFER *ring = aligned_alloc(RING_ALIGNMENT, size);

	if (!ring)
		return NULL;
	memset(ring, 0, size);
	ring->ElementStride = (USHORT)stride;
	ring->NumberOfElements = count;
	ring->ElementIndexMask = count - 1;
	/* Whose ring it is; each says whether the other is still what we have put there. */
	ring->OSReserved2[0] = (void *)~(uintptr_t)queue;
	ring->OSReserved2[1] = queue;
	return ring;
}

static NTSTATUS make_rings(struct cx13_queue *queue, const struct cx_queue_request *request)
{
	size_t stride = lay_out(queue);

	if (stride > MAXUSHORT)
		return STATUS_INTEGER_OVERFLOW;
	queue->stride = stride;
	queue->fragment_mask = request->fragment_count - 1;
	queue->packets = make_ring(queue, stride, request->packet_count);
	queue->fragments = make_ring(queue, sizeof(NET_PACKET_FRAGMENT), request->fragment_count);
	queue->fragments_of = calloc(request->packet_count, sizeof(*queue->fragments_of));
	if (!queue->packets || !queue->fragments || !queue->fragments_of)
		return STATUS_INSUFFICIENT_RESOURCES;
	queue->descriptor.RingBuffer[NET_DATPATH_RING_BUFFER_INDEX_PACKET] = queue->packets;
	queue->descriptor.RingBuffer[NET_DATPATH_RING_BUFFER_INDEX_FRAGMENT] = queue->fragments;
	queue->core.packets = (struct cx_ring){
		.end = &queue->packets->EndIndex,
		.mask = request->packet_count - 1,
	};
	queue->core.fragment_count = request->fragment_count;
	make_gaps(queue, request->packet_count);
	cx13_rings_made(queue);
	return STATUS_SUCCESS;
}

NTSTATUS cx13_queue_make(struct cx13_queue_init *init, PWDF_OBJECT_ATTRIBUTES attributes,
			 const NET_PACKET_QUEUE_CONFIG *config, struct cx13_queue **made)
{
	struct cx13_queue *queue;
	void *object;
	NTSTATUS status;

	status = wdf_object_create(&queue_class, init->creation.adapter->object.driver,
				   &init->creation.adapter->object, attributes, &object);
	if (!NT_SUCCESS(status))
		return status;
	queue = object;
	cx_queue_init(&queue->core, init->creation.adapter, &init->creation.request);
	queue->config = *config;
	queue->contexts = init->contexts;
	queue->context_count = init->context_count;
	queue->extensions = init->extensions;
	init->contexts = NULL;
	init->context_count = 0;
	init->extensions = (struct cx_extensions){ 0 };

	status = make_rings(queue, &init->creation.request);
	if (!NT_SUCCESS(status)) {
		cx_queue_delete(&queue->core);
		return status;
	}
	queue->checksum_offset =
		cx13_queue_extension_offset(queue, NET_PACKET_EXTENSION_CHECKSUM_NAME, 1);
	queue->lso_offset = cx13_queue_extension_offset(queue, NET_PACKET_EXTENSION_LSO_NAME, 1);
	queue->core.has_checksum = queue->checksum_offset != NET_PACKET_EXTENSION_INVALID_OFFSET;
	queue->core.has_lso = queue->lso_offset != NET_PACKET_EXTENSION_INVALID_OFFSET;
	init->creation.queue = &queue->core;
	*made = queue;
	return STATUS_SUCCESS;
}

static NTSTATUS call_client(struct cx13_queue_init *init)
{
	struct cx_adapter *adapter = init->creation.adapter;
	const NET_ADAPTER_DATAPATH_CALLBACKS *callbacks = &cx13_adapter(adapter)->callbacks;
	bool tx = init->creation.request.kind == CX_QUEUE_TX;
	const char *name = tx ? "EvtAdapterCreateTxQueue" : "EvtAdapterCreateRxQueue";
	NETADAPTER handle = cx13_adapter_handle(adapter);
	struct nt_callback frame;
	NTSTATUS status;

	if (tx ? !callbacks->EvtAdapterCreateTxQueue : !callbacks->EvtAdapterCreateRxQueue)
		cx_violation(CX_AT(name, adapter->name), CX_INVALID_DATAPATH_CALLBACKS,
			     (uintptr_t)callbacks, 0,
			     "NET_ADAPTER_DATAPATH_CALLBACKS has both callbacks.", "%s is NULL.",
			     name);
	nt_callback_begin(&frame, adapter->name, name);
	if (nt_fault_callback(name))
		status = STATUS_INSUFFICIENT_RESOURCES;
	else if (tx)
		status = callbacks->EvtAdapterCreateTxQueue(handle, (PNETTXQUEUE_INIT)init);
	else
		status = callbacks->EvtAdapterCreateRxQueue(handle, (PNETRXQUEUE_INIT)init);
	NT_CALLBACK_END(&frame, NT_UINT("queue", init->creation.request.id),
			NT_STATUS("status", status));
	if (!NT_SUCCESS(status))
		adapter->failed_callback = name;
	return status;
}

NTSTATUS cx13_create_queue(struct cx_adapter *adapter, const struct cx_queue_request *request,
			   struct cx_queue **queue)
{
	struct cx13_adapter *a = cx13_adapter(adapter);
	struct cx13_queue_init *init =
		request->kind == CX_QUEUE_TX ? &a->tx_queue_init : &a->rx_queue_inits[request->id];
	NTSTATUS status;

	cx_queue_creation_begin(&init->creation, adapter, request);
	status = add_offload_extensions(init);
	if (NT_SUCCESS(status))
		status = call_client(init);
	free(init->contexts);
	init->contexts = NULL;
	init->context_count = 0;
	cx_extensions_clear(&init->extensions);
	return cx_queue_creation_end(&init->creation, status, queue);
}

struct cx13_queue *cx13_queue_of_descriptor(const NET_DATAPATH_DESCRIPTOR *descriptor,
					    const char *call)
{
	const NET_RING_BUFFER *ring;
	void *owner, *inverse;

	cx_verify_not_null(CX_AT(call, NULL), descriptor, "Descriptor");
	ring = descriptor->RingBuffer[NET_DATPATH_RING_BUFFER_INDEX_PACKET];
	cx_verify_not_null(CX_AT(call, NULL), ring, "Descriptor->RingBuffer[0]");
	owner = ring->OSReserved2[1];
	inverse = ring->OSReserved2[0];
	if ((uintptr_t)owner != ~(uintptr_t)inverse)
		cx13_bad_owner(call, owner);
	return cx13_queue_of(owner, call);
}

struct cx13_packet_context *cx13_queue_context(const struct cx13_queue *queue,
					       PCNET_CONTEXT_TYPE_INFO type)
{
	for (size_t i = 0; i < queue->context_count; i++)
		if (queue->contexts[i].type == type)
			return &queue->contexts[i];
	return NULL;
}

size_t cx13_queue_extension_offset(const struct cx13_queue *queue, PCWSTR name, ULONG version)
{
	const struct cx_extension *found = cx_extensions_find(&queue->extensions, name, version);

	return found ? found->offset : NET_PACKET_EXTENSION_INVALID_OFFSET;
}

/* ---- the client's callbacks. Rules: DDI pages NET_PACKET_QUEUE_CONFIG, EVT_PACKET_QUEUE_* ---- */

/* A callback that is rare enough to be told as an event; NULL: the client has none. */
static void call_told(struct cx_queue *queue, const char *name, void (*function)(NETPACKETQUEUE),
		      bool returning)
{
	struct cx13_queue *q = cx13_queue(queue);
	struct nt_callback callback;

	if (!function)
		return;
	cx13_rings_watch(q, true);
	nt_callback_begin(&callback, queue->adapter->name, name);
	q->last_callback = name;
	q->returning = returning ? &callback : NULL;
	function(cx13_queue_handle(queue));
	NT_CALLBACK_END(&callback, NT_TEXT("queue", queue->kind == CX_QUEUE_TX ? "tx" : "rx"),
			NT_UINT("id", queue->id));
	q->returning = NULL;
}

void cx13_start(struct cx_queue *queue)
{
	cx13_rings_watch(cx13_queue(queue), true);
	call_told(queue, "EvtPacketQueueStart", cx13_queue(queue)->config.EvtStart, false);
}

void cx13_stop(struct cx_queue *queue)
{
	call_told(queue, "EvtPacketQueueStop", cx13_queue(queue)->config.EvtStop, false);
	cx13_rings_watch(cx13_queue(queue), false);
}

void cx13_cancel(struct cx_queue *queue)
{
	call_told(queue, "EvtPacketQueueCancel", cx13_queue(queue)->config.EvtCancel, true);
}

void cx13_advance(struct cx_queue *queue)
{
	struct cx13_queue *q = cx13_queue(queue);
	struct nt_callback callback;

	cx13_rings_watch(q, true);
	nt_callback_enter(&callback, queue->adapter->name, "EvtPacketQueueAdvance");
	q->last_callback = callback.name;
	q->returning = &callback;
	q->config.EvtAdvance(cx13_queue_handle(queue));
	nt_callback_leave(&callback);
	q->returning = NULL;
}

void cx13_arm(struct cx_queue *queue)
{
	struct cx13_queue *q = cx13_queue(queue);
	struct nt_callback callback;

	cx13_rings_watch(q, true);
	nt_callback_enter(&callback, queue->adapter->name, "EvtPacketQueueSetNotificationEnabled");
	q->last_callback = callback.name;
	q->config.EvtSetNotificationEnabled(cx13_queue_handle(queue), TRUE);
	nt_callback_leave(&callback);
}
