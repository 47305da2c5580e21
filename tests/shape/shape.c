/* SPDX-License-Identifier: MIT */
/* The tiny shape: how its drivers are spoken to, and how their packets are written and read. */
#include "shape.h"

#include <stdlib.h>
#include <string.h>

#include "cx/adapter.h"
#include "nt/callback.h"
#include "nt/violation.h"
#include "tiny.h"

struct tiny_adapter {
	struct cx_adapter core;
	struct tiny_callbacks callbacks;
	struct cx_queue *tx[CX_TX_QUEUES];
};

struct tiny_queue {
	struct cx_queue core;
	struct tiny_ring *ring; /* shared with the driver */
};

struct tiny_settings tiny_settings;

static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 9 };

static struct tiny_adapter *adapter_of(struct cx_adapter *adapter)
{
	return (struct tiny_adapter *)adapter;
}

static struct tiny_queue *queue_of(struct cx_queue *queue)
{
	return (struct tiny_queue *)queue;
}

/* ---- packets ---- */

static void rewind_queue(struct cx_queue *queue)
{
	queue_of(queue)->ring->head = queue_of(queue)->ring->tail = 0;
	queue->packets.returned = queue->packets.posted = 0;
}

static void write_tx(struct cx_queue *queue, uint32_t index, const struct cx_tx_packet *packet)
{
	queue_of(queue)->ring->slots[index] = (struct tiny_slot){
		.frame = packet->data,
		.length = (ULONG)packet->length,
		.room = (ULONG)packet->length,
		.segment = packet->mss,
		.checksum = packet->checksum,
		.tag = (USHORT)(packet->tag.priority << 13 | packet->tag.vlan),
	};
}

static void returned_tx(struct cx_queue *queue, uint32_t from, uint32_t to)
{
}

static void post_rx(struct cx_queue *queue, uint32_t from, uint32_t to,
		    const struct cx_rx_buffers *buffers, uint32_t buffers_to)
{
	struct tiny_ring *ring = queue_of(queue)->ring;

	for (uint32_t i = from; i != to; i = (i + 1) & ring->mask)
		ring->slots[i] = (struct tiny_slot){ .frame = buffers->data + i * buffers->stride,
						     .room = (ULONG)buffers->size };
}

static enum cx_rx_result read_rx(struct cx_queue *queue, uint32_t index,
				 struct cx_rx_packet *packet)
{
	struct tiny_slot slot = queue_of(queue)->ring->slots[index];

	if (!slot.length)
		return CX_RX_IGNORED;
	if (slot.length > packet->buffers->size)
		return CX_RX_BAD;
	packet->iov[0] =
		(struct iovec){ .iov_base = packet->buffers->data + index * packet->buffers->stride,
				.iov_len = slot.length };
	packet->count = 1;
	packet->checksum = slot.checksum ? CX_RX_CHECKSUM_VALID : CX_RX_NOT_CHECKED;
	packet->coalesced.segments = slot.segments;
	packet->coalesced.size = (uint16_t)slot.segment;
	packet->tag = (struct cx_tag){ .actions = slot.tag ? 3 : 0,
				       .priority = (uint8_t)(slot.tag >> 13),
				       .vlan = slot.tag & 0xFFF };
	return CX_RX_FRAME;
}

static const struct cx_packet_format packets = {
	.rewind = rewind_queue,
	.write_tx = write_tx,
	.returned_tx = returned_tx,
	.post_rx = post_rx,
	.read_rx = read_rx,
};

/* ---- queues ---- */

static void queue_release(struct wdf_object *object)
{
	struct tiny_queue *queue = (struct tiny_queue *)object;

	if (queue->core.adapter && queue->core.kind == CX_QUEUE_TX)
		adapter_of(queue->core.adapter)->tx[queue->core.id] = NULL;
	free(queue->ring);
}

static const struct wdf_class queue_class = {
	.name = "TINYQUEUE",
	.size = sizeof(struct tiny_queue),
	.release = queue_release,
};

static NTSTATUS create_queue(struct cx_adapter *adapter, const struct cx_queue_request *request,
			     struct cx_queue **made)
{
	struct tiny_queue *queue;
	void *object;
	NTSTATUS status;

	status = wdf_object_create(&queue_class, adapter->object.driver, &adapter->object, NULL,
				   &object);
	if (!NT_SUCCESS(status))
		return status;
	queue = object;
	cx_queue_init(&queue->core, adapter, request);
	queue->ring = calloc(1, sizeof(*queue->ring) +
					request->packet_count * sizeof(queue->ring->slots[0]));
	if (!queue->ring) {
		wdf_object_delete(&queue->core.object);
		return STATUS_INSUFFICIENT_RESOURCES;
	}
	queue->ring->mask = request->packet_count - 1;
	queue->core.packets =
		(struct cx_ring){ .end = &queue->ring->tail, .mask = queue->ring->mask };
	queue->core.execution = tiny_settings.execution;
	queue->core.has_ieee8021q = tiny_settings.tags;
	queue->core.has_checksum = queue->core.has_lso = true;
	if (request->kind == CX_QUEUE_TX)
		adapter_of(adapter)->tx[request->id] = &queue->core;
	*made = &queue->core;
	return STATUS_SUCCESS;
}

static void no_call(struct cx_queue *queue)
{
}

static void advance(struct cx_queue *queue)
{
	struct tiny_adapter *a = adapter_of(queue->adapter);
	struct nt_callback frame;

	nt_callback_enter(&frame, queue->adapter->name, "Work");
	a->callbacks.Work(a, queue_of(queue), queue_of(queue)->ring, queue->kind == CX_QUEUE_TX);
	nt_callback_leave(&frame);
	queue->packets.returned = queue_of(queue)->ring->head;
}

/* This shape takes back what the driver has, without asking. */
static void cancel(struct cx_queue *queue)
{
	struct tiny_ring *ring = queue_of(queue)->ring;

	for (; ring->head != ring->tail; ring->head = (ring->head + 1) & ring->mask)
		ring->slots[ring->head].length = 0;
	queue->packets.returned = ring->head;
}

static _Noreturn void broken(const struct cx_queue *queue, const char *passed)
{
	nt_violation(&(struct nt_violation){ .bugcheck = 0x19E,
					     .rule = "TinyQueue",
					     .call = "Work",
					     .object = queue->adapter->name,
					     .passed = passed,
					     .demand = "A driver returns what it was given." });
}

static __attribute__((noreturn)) void bad_begin(const struct cx_queue *queue, uint32_t from,
						uint32_t to, uint32_t end)
{
	broken(queue, "The head is outside of what the driver owned.");
}

static __attribute__((noreturn)) void kept_packets(const struct cx_queue *queue, uint32_t held,
						   unsigned seconds)
{
	broken(queue, "Packets have not come back.");
}

/* ---- adapter and offloads ---- */

static const struct wdf_class adapter_class = {
	.name = "TINYADAPTER",
	.size = sizeof(struct tiny_adapter),
	.dispose = cx_adapter_dispose,
	.release = cx_adapter_release,
};

static NTSTATUS ready(struct cx_adapter *adapter)
{
	return cx_adapter_complete_addresses(adapter);
}

static void forget(struct cx_adapter *adapter)
{
}

static void default_offloads(struct cx_adapter *adapter, struct cx_offload_state *defaults)
{
	adapter->offload.ndis_revision = 5;
	*defaults = adapter->offload.hardware;
}

/* Finer than 1.3: IPv4's second version alone decides, and each family has its sizes always. */
static void merge_offloads(const struct cx_adapter *adapter,
			   const struct cx_offload_request *request, struct cx_offload_state *state)
{
	if (request->lso_v2_ipv4 == CX_OFF)
		state->lso.kinds.l3 &= (uint8_t)~CX_L3_IPV4;
	if (request->lso_v2_ipv4 == CX_ON)
		state->lso.kinds.l3 |= CX_L3_IPV4;
	if (request->lso_v2_ipv6 == CX_OFF)
		state->lso.kinds.l3 &= (uint8_t)~CX_L3_IPV6;
	if (request->lso_v2_ipv6 == CX_ON)
		state->lso.kinds.l3 |= CX_L3_IPV6;
}

static void set_offloads(struct cx_adapter *adapter, const struct cx_offload_state *active)
{
	struct tiny_adapter *a = adapter_of(adapter);

	a->callbacks.Offload(a, cx_lso_ipv4(active), cx_lso_ipv6(active));
}

const struct cx_client tiny_client = {
	.major = 9,
	.minor = 1,
	.adapter_class = &adapter_class,
	.packets = &packets,
	.ready = ready,
	.forget = forget,
	.default_offloads = default_offloads,
	.merge_offloads = merge_offloads,
	.set_offloads = set_offloads,
	.create_queue = create_queue,
	.start = no_call,
	.advance = advance,
	.arm = no_call,
	.cancel = cancel,
	.stop = no_call,
	.cancel_name = "Cancel",
	.bad_begin = bad_begin,
	.kept_packets = kept_packets,
};

/* ---- the three functions ---- */

NTSTATUS TinyDeviceInit(PWDFDEVICE_INIT DeviceInit)
{
	return cx_device_init(DeviceInit, &tiny_client, __func__);
}

/* No options, no extension headers: each kind is told apart. */
static void declare(struct cx_adapter *a)
{
	struct cx_address address = { .length = 6 };

	a->tx = (struct cx_tx_caps){ .buffer_size = 64000 + 128,
				     .fragments = 1,
				     .alignment = 1,
				     .queues = tiny_settings.tx_queues,
				     .priorities = tiny_settings.priorities };
	a->rx = (struct cx_rx_caps){ .buffer_size = 64000 + 128, .alignment = 1 };
	a->offload.hardware.lso = (struct cx_gso_caps){
		.kinds = { CX_L3_IPV4 | CX_L3_IPV6, CX_L4_ALL_TCP },
		.maximum_offload_size = 64000,
		.minimum_segment_count = 2,
	};
	a->offload.hardware.uso = a->offload.hardware.lso;
	a->offload.hardware.uso.kinds.l4 = CX_L4_UDP;
	if (!tiny_settings.uso)
		a->offload.hardware.uso = (struct cx_gso_caps){ 0 };
	a->offload.hardware.ieee8021q =
		tiny_settings.tags ? CX_IEEE8021Q_PRIORITY | CX_IEEE8021Q_VLAN : 0;
	memcpy(address.bytes, mac, sizeof(mac));
	cx_adapter_set_mtu(a, 1500);
	cx_adapter_set_current_address(a, &address);
	cx_adapter_set_link(a, &(struct cx_link){ .connection = CX_CONNECTED,
						  .tx_bps = 1000000000,
						  .rx_bps = 1000000000,
						  .full_duplex = true });
}

NTSTATUS TinyAdapterStart(WDFDEVICE Device, const struct tiny_callbacks *Callbacks)
{
	struct cx_device *device = cx_device_of(Device, __func__);
	struct cx_adapter *a = device->default_adapter;
	NTSTATUS status = STATUS_SUCCESS;

	if (!a)
		status = cx_adapter_create(device, true, NULL, &a);
	if (a && !a->number)
		status = cx_adapter_publish(a, NULL);
	if (!NT_SUCCESS(status))
		return status;
	adapter_of(a)->callbacks = *Callbacks;
	a->has_queues = true;
	declare(a);
	return cx_adapter_start(a);
}

static void notify(struct cx_queue *queue)
{
	if (queue && queue->notify)
		queue->notify(queue->notify_context);
}

void TinyAdapterNotify(TINYADAPTER Adapter)
{
	notify(Adapter->core.rx_queues[0]);
	for (unsigned i = 0; i < CX_TX_QUEUES && Adapter->tx[i]; i++)
		notify(Adapter->tx[i]);
}
