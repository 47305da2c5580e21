/* SPDX-License-Identifier: MIT */
/* NETPACKETQUEUE: making it inside the client's callback, its element layout, its rings. */
#include "cx/queue.h"

#include <stdlib.h>
#include <string.h>

#include "cx/adapter.h"
#include "cx/api/1.3/verifier.h"
#include "nt/callback.h"
#include "nt/event.h"

/* Contexts are aligned as WDF aligns its own: MEMORY_ALLOCATION_ALIGNMENT of 64-bit Windows. */
#define CONTEXT_ALIGNMENT 16
#define RING_ALIGNMENT    64

static size_t round_up(size_t value, size_t alignment)
{
	return (value + alignment - 1) & ~(alignment - 1);
}

static void queue_release(struct wdf_object *object)
{
	struct cx_queue *queue = (struct cx_queue *)object;

	free(queue->packets);
	free(queue->fragments);
	free(queue->contexts);
	cx_extensions_clear(&queue->extensions);
}

static const struct wdf_class queue_class = {
	.name = "NETPACKETQUEUE",
	.size = sizeof(struct cx_queue),
	.release = queue_release,
	.may_delete = cx_refuse_delete,
};

struct cx_queue *cx_queue_of(NETPACKETQUEUE handle, const char *call)
{
	return wdf_object_of(handle, &queue_class, call);
}

NTSTATUS cx_queue_init_add_context(struct cx_queue_init *init,
				   const NET_PACKET_CONTEXT_ATTRIBUTES *attributes)
{
	struct cx_packet_context *contexts;

	contexts = realloc(init->contexts, (init->context_count + 1) * sizeof(*contexts));
	if (!contexts)
		return STATUS_INSUFFICIENT_RESOURCES;
	init->contexts = contexts;
	contexts[init->context_count++] = (struct cx_packet_context){
		.type = attributes->ContextTypeInfo,
		.size = attributes->ContextSizeOverride ? attributes->ContextSizeOverride
							: attributes->ContextTypeInfo->ContextSize,
	};
	return STATUS_SUCCESS;
}

NTSTATUS cx_queue_init_add_extension(struct cx_queue_init *init,
				     const NET_PACKET_EXTENSION *extension)
{
	if (cx_extensions_find(&init->extensions, extension->Name, extension->Version))
		return STATUS_SUCCESS;
	return cx_extensions_add(&init->extensions, extension);
}

/*
 * What the framework adds to a queue's packets: the extensions of the declared offloads, whether
 * the offloads are on or off. LSO is of transmit packets only.
 */
static NTSTATUS add_offload_extensions(struct cx_queue_init *init)
{
	static const PCWSTR names[] = { NET_PACKET_EXTENSION_CHECKSUM_NAME,
					NET_PACKET_EXTENSION_LSO_NAME };
	size_t count = init->kind == CX_QUEUE_TX ? 2 : 1;
	NET_PACKET_EXTENSION extension;
	NTSTATUS status = STATUS_SUCCESS;

	for (size_t i = 0; i < count && NT_SUCCESS(status); i++) {
		if (!cx_extensions_find(&init->adapter->extensions, names[i], 1))
			continue;
		if (i == 0)
			cx_extension_checksum(&extension);
		else
			cx_extension_lso(&extension);
		status = cx_extensions_add(&init->extensions, &extension);
	}
	return status;
}

/* NET_PACKET, then contexts, then extensions, each in order of registration. Return: the stride. */
static size_t lay_out(struct cx_queue *queue)
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
	return round_up(offset, CONTEXT_ALIGNMENT);
}

static NET_RING_BUFFER *make_ring(struct cx_queue *queue, size_t stride, ULONG count)
{
	size_t size = round_up(sizeof(NET_RING_BUFFER) + stride * count, RING_ALIGNMENT);
	NET_RING_BUFFER *ring = aligned_alloc(RING_ALIGNMENT, size);

	if (!ring)
		return NULL;
	memset(ring, 0, size);
	ring->ElementStride = (USHORT)stride;
	ring->NumberOfElements = count;
	ring->ElementIndexMask = count - 1;
	ring->OSReserved2[1] = queue;
	return ring;
}

NTSTATUS cx_queue_make(struct cx_queue_init *init, PWDF_OBJECT_ATTRIBUTES attributes,
		       const NET_PACKET_QUEUE_CONFIG *config, struct cx_queue **made)
{
	struct cx_queue *queue;
	size_t stride;
	void *object;
	NTSTATUS status;

	status = wdf_object_create(&queue_class, init->adapter->object.driver,
				   &init->adapter->object, attributes, &object);
	if (!NT_SUCCESS(status))
		return status;
	queue = object;
	queue->adapter = init->adapter;
	queue->kind = init->kind;
	queue->id = init->id;
	queue->config = *config;
	queue->contexts = init->contexts;
	queue->context_count = init->context_count;
	queue->extensions = init->extensions;
	init->contexts = NULL;
	init->context_count = 0;
	init->extensions = (struct cx_extensions){ 0 };

	stride = lay_out(queue);
	if (stride > MAXUSHORT) {
		status = STATUS_INTEGER_OVERFLOW;
		goto failed;
	}
	queue->packets = make_ring(queue, stride, init->packet_count);
	queue->fragments = make_ring(queue, sizeof(NET_PACKET_FRAGMENT), init->fragment_count);
	if (!queue->packets || !queue->fragments) {
		status = STATUS_INSUFFICIENT_RESOURCES;
		goto failed;
	}
	queue->descriptor.RingBuffer[NET_DATPATH_RING_BUFFER_INDEX_PACKET] = queue->packets;
	queue->descriptor.RingBuffer[NET_DATPATH_RING_BUFFER_INDEX_FRAGMENT] = queue->fragments;
	queue->checksum_offset =
		cx_queue_extension_offset(queue, NET_PACKET_EXTENSION_CHECKSUM_NAME, 1);
	queue->lso_offset = cx_queue_extension_offset(queue, NET_PACKET_EXTENSION_LSO_NAME, 1);
	init->queue = queue;
	*made = queue;
	return STATUS_SUCCESS;
failed:
	cx_queue_delete(queue);
	return status;
}

static NTSTATUS call_client(struct cx_adapter *adapter, struct cx_queue_init *init)
{
	const NET_ADAPTER_DATAPATH_CALLBACKS *callbacks = &adapter->callbacks;
	bool tx = init->kind == CX_QUEUE_TX;
	const char *name = tx ? "EvtAdapterCreateTxQueue" : "EvtAdapterCreateRxQueue";
	NETADAPTER handle = cx_adapter_handle(adapter);
	struct nt_callback frame;
	NTSTATUS status;

	if (tx ? !callbacks->EvtAdapterCreateTxQueue : !callbacks->EvtAdapterCreateRxQueue)
		cx_violation(&(struct cx_site){ name, adapter->name },
			     CX_INVALID_DATAPATH_CALLBACKS, (uintptr_t)callbacks, 0,
			     "NET_ADAPTER_DATAPATH_CALLBACKS has both callbacks.", "%s is NULL.",
			     name);
	nt_callback_enter(&frame, adapter->name, name);
	if (tx)
		status = callbacks->EvtAdapterCreateTxQueue(handle, (PNETTXQUEUE_INIT)init);
	else
		status = callbacks->EvtAdapterCreateRxQueue(handle, (PNETRXQUEUE_INIT)init);
	nt_callback_leave(&frame);
	NT_EMIT(NT_EVENT_CALLBACK, adapter->name, name, NT_UINT("queue", init->id),
		NT_STATUS("status", status));
	if (!NT_SUCCESS(status))
		adapter->failed_callback = name;
	return status;
}

NTSTATUS cx_queue_create(struct cx_adapter *adapter, enum cx_queue_kind kind, ULONG id,
			 ULONG packet_count, ULONG fragment_count, struct cx_queue **queue)
{
	struct cx_queue_init *init =
		kind == CX_QUEUE_TX ? &adapter->tx_queue_init : &adapter->rx_queue_inits[id];
	NTSTATUS status;

	*queue = NULL;
	*init = (struct cx_queue_init){
		.magic = CX_QUEUE_INIT_MAGIC,
		.thread = pthread_self(),
		.adapter = adapter,
		.kind = kind,
		.id = id,
		.packet_count = packet_count,
		.fragment_count = fragment_count,
	};
	status = add_offload_extensions(init);
	if (NT_SUCCESS(status))
		status = call_client(adapter, init);
	init->magic = 0;
	free(init->contexts);
	init->contexts = NULL;
	cx_extensions_clear(&init->extensions);

	if (NT_SUCCESS(status) && !init->queue) {
		nt_log(adapter->name, "the callback returned success and made no packet queue");
		return STATUS_UNSUCCESSFUL;
	}
	if (!NT_SUCCESS(status) && init->queue) {
		cx_queue_delete(init->queue);
		return status;
	}
	if (NT_SUCCESS(status) && kind == CX_QUEUE_RX)
		adapter->rx_queues[id] = init->queue;
	*queue = init->queue;
	return status;
}

void cx_queue_delete(struct cx_queue *queue)
{
	struct cx_queue **listed = &queue->adapter->rx_queues[queue->id];

	if (queue->kind == CX_QUEUE_RX && *listed == queue)
		*listed = NULL;
	wdf_object_delete(&queue->object);
}

struct cx_packet_context *cx_queue_context(const struct cx_queue *queue,
					   PCNET_CONTEXT_TYPE_INFO type)
{
	for (size_t i = 0; i < queue->context_count; i++)
		if (queue->contexts[i].type == type)
			return &queue->contexts[i];
	return NULL;
}

size_t cx_queue_extension_offset(const struct cx_queue *queue, PCWSTR name, ULONG version)
{
	const struct cx_extension *found = cx_extensions_find(&queue->extensions, name, version);

	return found ? found->offset : NET_PACKET_EXTENSION_INVALID_OFFSET;
}
