/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#include "device/rtl8168/model.h"

#define ARENA (32u << 20)

const uint8_t bench_mac[6] = { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 };

/* ---- the wire ---- */
static void wire_send(void *context, const struct device_frame *frames, int count)
{
	struct bench *b = context;

	b->sent_batches++;
	for (int i = 0; i < count; i++) {
		struct bench_frame *sent = &b->sent[b->sent_count++];

		assert_in_range(b->sent_count, 1, BENCH_SENT);
		sent->length = 0;
		for (int n = 0; n < frames[i].count; n++)
			sent->length += frames[i].iov[n].iov_len;
		sent->bytes = malloc(sent->length);
		sent->length = 0;
		for (int n = 0; n < frames[i].count; n++) {
			memcpy(sent->bytes + sent->length, frames[i].iov[n].iov_base,
			       frames[i].iov[n].iov_len);
			sent->length += frames[i].iov[n].iov_len;
		}
	}
}

static size_t wire_receive(void *context, const struct iovec *iov, int count,
			   struct device_gso *gso)
{
	struct bench *b = context;
	struct bench_frame *frame = &b->coming[b->coming_first];
	size_t done = 0;

	if (b->coming_first == b->coming_last)
		return 0;
	b->coming_first++;
	memset(gso, 0, sizeof(*gso));
	for (int i = 0; i < count && done < frame->length; i++) {
		size_t n = frame->length - done;

		if (n > iov[i].iov_len)
			n = iov[i].iov_len;
		memcpy(iov[i].iov_base, frame->bytes + done, n);
		done += n;
	}
	done = frame->length;
	free(frame->bytes);
	return done;
}

/* ---- the host's part: queues, whose start and end run as on their threads ---- */
static void *adapter_created(void *context, struct cx_adapter *adapter)
{
	((struct bench *)context)->adapter = adapter;
	return context;
}

static void adapter_deleted(void *context, struct cx_adapter *adapter)
{
	((struct bench *)context)->adapter = NULL;
}

static void ignore_adapter(void *context, struct cx_adapter *adapter)
{
}

static void ignore_offload(void *context, struct cx_adapter *adapter,
			   const struct cx_offload_state *active)
{
}

static void ignore_mtu(void *context, struct cx_adapter *adapter, uint32_t mtu)
{
}

static void link_changed(void *context, struct cx_adapter *adapter)
{
	struct bench *b = context;

	pthread_mutex_lock(&b->link_lock);
	b->link_changes++;
	pthread_cond_broadcast(&b->link_changed);
	pthread_mutex_unlock(&b->link_lock);
}

static void notified(void *context)
{
	(*(int *)context)++;
}

static NTSTATUS create_queue(struct cx_adapter *adapter, enum cx_queue_kind kind,
			     uint32_t fragments, struct cx_queue **queue)
{
	const struct cx_queue_request request = { .kind = kind,
						  .packet_count = BENCH_RING,
						  .fragment_count = fragments };

	return cx_queue_create(adapter, &request, queue);
}

static NTSTATUS datapath_create(void *context, struct cx_adapter *adapter)
{
	struct bench *b = context;
	NTSTATUS status = create_queue(adapter, CX_QUEUE_TX, 4 * BENCH_RING, &b->tx);

	if (NT_SUCCESS(status))
		status = create_queue(adapter, CX_QUEUE_RX, BENCH_RING, &b->rx);
	if (!NT_SUCCESS(status))
		return status;
	b->tx_fragments = 0;
	b->tx->notify = b->rx->notify = notified;
	b->tx->notify_context = &b->tx_notifies;
	b->rx->notify_context = &b->rx_notifies;
	return STATUS_SUCCESS;
}

static NTSTATUS datapath_start(void *context, struct cx_adapter *adapter)
{
	struct bench *b = context;

	cx13_queue(b->tx)->config.EvtStart(cx13_queue_handle(b->tx));
	cx13_queue(b->rx)->config.EvtStart(cx13_queue_handle(b->rx));
	return STATUS_SUCCESS;
}

static void cancel(struct cx_queue *queue)
{
	cx13_queue(queue)->config.EvtCancel(cx13_queue_handle(queue));
	assert_int_equal(cx13_queue(queue)->packets->BeginIndex,
			 cx13_queue(queue)->packets->EndIndex);
	if (cx13_queue(queue)->config.EvtStop)
		cx13_queue(queue)->config.EvtStop(cx13_queue_handle(queue));
}

static void datapath_stop(void *context, struct cx_adapter *adapter)
{
	struct bench *b = context;

	cancel(b->tx);
	cancel(b->rx);
}

static void datapath_destroy(void *context, struct cx_adapter *adapter)
{
	struct bench *b = context;

	cx_queue_delete(b->tx);
	cx_queue_delete(b->rx);
	b->tx = b->rx = NULL;
}

static const struct cx_host_ops ops = {
	.adapter_created = adapter_created,
	.adapter_deleted = adapter_deleted,
	.adapter_started = ignore_adapter,
	.adapter_halted = ignore_adapter,
	.datapath_create = datapath_create,
	.datapath_start = datapath_start,
	.datapath_stop = datapath_stop,
	.datapath_destroy = datapath_destroy,
	.offload_indicated = ignore_offload,
	.link_changed = link_changed,
	.mtu_changed = ignore_mtu,
	.address_changed = ignore_adapter,
};

/* ---- the machine ---- */
static uint8_t *dma_memory(struct bench *b, size_t size, uint64_t *logical)
{
	uint8_t *memory =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(memory, MAP_FAILED);
	*logical = nt_dma_map(&b->machine.dma, memory, size, UINT64_MAX);
	assert_true(*logical != 0);
	return memory;
}

struct bench *bench_new(void)
{
	struct bench *b = calloc(1, sizeof(*b));
	struct device_wire wire = { .context = b, .send = wire_send, .receive = wire_receive };

	assert_non_null(b);
	pthread_mutex_init(&b->link_lock, NULL);
	pthread_cond_init(&b->link_changed, NULL);
	b->module = dlopen(RTL8168_DRIVER, RTLD_NOW | RTLD_LOCAL);
	if (!b->module)
		fail_msg("%s", dlerror());
	assert_int_equal(nt_machine_init(&b->machine), 0);
	nt_thread_enter(&b->machine);
	b->worker = nt_worker_create(&b->machine, "worker");
	assert_non_null(b->worker);
	b->software = nt_reg_create();
	b->hardware = nt_reg_create();
	b->parameters = nt_reg_create();
	b->host = (struct cx_host){ .ops = &ops, .context = b };
	b->card = device_create(&b->machine, "rtl8168", bench_mac, &wire);
	assert_non_null(b->card);
	device_set_link(b->card, true);
	b->arena = dma_memory(b, ARENA, &b->arena_logical);
	b->buffers = dma_memory(b, BENCH_RING * BENCH_BUFFER, &b->buffers_logical);
	return b;
}

void bench_keyword(struct bench *b, const char *name, const char *value)
{
	assert_int_equal(nt_reg_set_string(b->software, name, value), STATUS_SUCCESS);
}

struct step {
	struct bench *bench;
	NTSTATUS status;
	NDIS_OFFLOAD_PARAMETERS parameters;
};

static void start(void *context)
{
	struct step *step = context;
	struct bench *b = step->bench;
	wdf_driver_entry *entry = (wdf_driver_entry *)dlsym(b->module, "DriverEntry");
	struct wdf_device_config config = {
		.name = "Ethernet",
		.regions = { { b->card->bus.physical[RTL_BAR], RTL_BAR_LENGTH } },
		.interrupts = b->card->bus.interrupts,
		.interrupt_count = b->card->bus.interrupt_count,
		.hardware_key = b->hardware,
		.software_key = b->software,
		.worker = b->worker,
		.extension_context = &b->host,
	};

	step->status = STATUS_SUCCESS;
	if (!b->driver)
		step->status =
			wdf_driver_load(&b->machine, "rtl8168", entry, b->parameters, &b->driver);
	if (NT_SUCCESS(step->status) && !b->device)
		step->status = wdf_device_add(b->driver, &config, &b->device);
	if (NT_SUCCESS(step->status))
		step->status = wdf_device_start(b->device);
}

NTSTATUS bench_start(struct bench *b)
{
	struct step step = { .bench = b };

	nt_worker_call(b->worker, start, &step);
	return step.status;
}

NTSTATUS bench_oid(struct bench *b, NDIS_REQUEST_TYPE type, NDIS_OID oid, void *data, UINT length)
{
	bool query = type == NdisRequestQueryInformation;
	struct cx_oid request = { .type = type,
				  .oid = oid,
				  .buffer = data,
				  .input_length = query ? 0 : length,
				  .output_length = query ? length : 0 };

	return cx_oid_call(b->adapter, &request);
}

/* On the card's timer the driver's DPC tells the link, and then the partner's answers come. */
void bench_await_link(struct bench *b)
{
	struct timespec end;
	int error = 0;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += 30;
	pthread_mutex_lock(&b->link_lock);
	while (!cx_adapter_link_up(b->adapter, NULL, NULL) && !error)
		error = pthread_cond_timedwait(&b->link_changed, &b->link_lock, &end);
	pthread_mutex_unlock(&b->link_lock);
	assert_int_equal(error, 0);
	/* Those would interrupt in the middle of what a test does by hand. */
	rtl_link_end((struct rtl8168 *)b->card, true);
}

/* As NDIS, with a stack that takes every multicast. */
void bench_up(struct bench *b)
{
	ULONG filter = NDIS_PACKET_TYPE_DIRECTED | NDIS_PACKET_TYPE_ALL_MULTICAST |
		       NDIS_PACKET_TYPE_BROADCAST;

	assert_int_equal(bench_start(b), STATUS_SUCCESS);
	assert_non_null(b->tx);
	assert_non_null(b->rx);
	assert_int_equal(bench_oid(b, NdisRequestSetInformation, OID_GEN_CURRENT_PACKET_FILTER,
				   &filter, sizeof(filter)),
			 STATUS_SUCCESS);
	bench_await_link(b);
}

static void stop(void *context)
{
	wdf_device_stop(((struct bench *)context)->device);
}

void bench_stop(struct bench *b)
{
	nt_worker_call(b->worker, stop, b);
}

static void remove_all(void *context)
{
	struct bench *b = context;

	if (b->device)
		wdf_device_remove(b->device);
	if (b->driver)
		wdf_driver_unload(b->driver);
}

void bench_free(struct bench *b)
{
	nt_worker_call(b->worker, remove_all, b);
	nt_worker_destroy(b->worker);
	device_destroy(b->card);
	nt_dma_unmap(&b->machine.dma, b->arena_logical);
	nt_dma_unmap(&b->machine.dma, b->buffers_logical);
	munmap(b->arena, ARENA);
	munmap(b->buffers, BENCH_RING * BENCH_BUFFER);
	nt_reg_destroy(b->software);
	nt_reg_destroy(b->hardware);
	nt_reg_destroy(b->parameters);
	nt_thread_leave();
	nt_machine_destroy(&b->machine);
	for (int i = 0; i < b->sent_count; i++)
		free(b->sent[i].bytes);
	for (int i = b->coming_first; i < b->coming_last; i++)
		free(b->coming[i].bytes);
	dlclose(b->module);
	pthread_cond_destroy(&b->link_changed);
	pthread_mutex_destroy(&b->link_lock);
	free(b);
}

static void set_parameters(void *context)
{
	struct step *step = context;

	step->parameters.Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
	step->parameters.Header.Revision = NDIS_OFFLOAD_PARAMETERS_REVISION_3;
	step->parameters.Header.Size = NDIS_SIZEOF_OFFLOAD_PARAMETERS_REVISION_3;
	step->status =
		cx_offload_oid(step->bench->adapter, &step->parameters, sizeof(step->parameters));
}

void bench_lso(struct bench *b, UCHAR ipv4, UCHAR ipv6)
{
	struct step step = { .bench = b };

	step.parameters.LsoV1 = ipv4;
	step.parameters.LsoV2IPv4 = ipv4;
	step.parameters.LsoV2IPv6 = ipv6;
	nt_worker_call(b->worker, set_parameters, &step);
	assert_int_equal(step.status, STATUS_SUCCESS);
}

void bench_checksum(struct bench *b, UCHAR ipv4, UCHAR tcp, UCHAR udp)
{
	struct step step = { .bench = b };

	step.parameters.IPv4Checksum = ipv4;
	step.parameters.TCPIPv4Checksum = step.parameters.TCPIPv6Checksum = tcp;
	step.parameters.UDPIPv4Checksum = step.parameters.UDPIPv6Checksum = udp;
	nt_worker_call(b->worker, set_parameters, &step);
	assert_int_equal(step.status, STATUS_SUCCESS);
}

/* ---- the datapath ---- */
NET_PACKET *bench_packet(struct cx_queue *queue, uint32_t index)
{
	return NetRingBufferGetPacketAtIndex(&cx13_queue(queue)->descriptor, index);
}

NET_PACKET_FRAGMENT *bench_fragment(struct cx_queue *queue, const NET_PACKET *packet)
{
	return NET_PACKET_GET_FRAGMENT(packet, &cx13_queue(queue)->descriptor, 0);
}

static void fill_layout(NET_PACKET_LAYOUT *layout, const uint8_t *frame, size_t length)
{
	struct iovec iov = { .iov_base = (void *)frame, .iov_len = length };
	struct lso_layout parsed;

	if (lso_parse(&iov, 1, &parsed) || !parsed.ip_version)
		return;
	layout->Layer2Type = NET_PACKET_LAYER2_TYPE_ETHERNET;
	layout->Layer2HeaderLength = parsed.l3_offset & 0x7f;
	layout->Layer3Type = parsed.ip_version == 4 ? NET_PACKET_LAYER3_TYPE_IPV4_NO_OPTIONS
						    : NET_PACKET_LAYER3_TYPE_IPV6_NO_EXTENSIONS;
	layout->Layer3HeaderLength = (parsed.l4_offset - parsed.l3_offset) & 0x1ff;
	layout->Layer4Type =
		parsed.l4_protocol == 6 ? NET_PACKET_LAYER4_TYPE_TCP : NET_PACKET_LAYER4_TYPE_UDP;
	layout->Layer4HeaderLength = (uint8_t)(parsed.payload_offset - parsed.l4_offset);
}

void bench_post(struct bench *b, const uint8_t *frame, size_t length,
		const struct bench_offer *offer)
{
	NET_RING_BUFFER *ring = cx13_queue(b->tx)->packets,
			*fragments = cx13_queue(b->tx)->fragments;
	NET_PACKET *packet = bench_packet(b->tx, ring->EndIndex);
	size_t piece = offer->piece ? offer->piece : length;

	assert_in_range(
		NetRingBufferGetNumberOfElementsInRange(ring, ring->BeginIndex, ring->EndIndex), 0,
		BENCH_RING - 2);
	if (b->arena_used + length > ARENA)
		b->arena_used = 0;
	memcpy(b->arena + b->arena_used, frame, length);
	memset(packet, 0, ring->ElementStride);
	packet->FragmentOffset = b->tx_fragments;
	packet->IgnoreThisPacket = offer->ignore;
	for (size_t at = 0; at < length; at += piece) {
		NET_PACKET_FRAGMENT *fragment =
			NetRingBufferGetElementAtIndex(fragments, b->tx_fragments);

		memset(fragment, 0, sizeof(*fragment));
		fragment->ValidLength = length - at < piece ? length - at : piece;
		fragment->Capacity = fragment->ValidLength;
		fragment->VirtualAddress = b->arena + b->arena_used + at;
		fragment->Mapping.DmaLogicalAddress.QuadPart =
			(LONGLONG)(b->arena_logical + b->arena_used + at);
		b->tx_fragments = NetRingBufferIncrementIndex(fragments, b->tx_fragments);
		packet->FragmentCount++;
	}
	b->arena_used += length;
	fill_layout(&packet->Layout, frame, length);
	NetPacketGetPacketLargeSendSegmentation(packet, cx13_queue(b->tx)->lso_offset)->TCP.Mss =
		offer->mss;
	if (offer->layer3)
		NetPacketGetPacketChecksum(packet, cx13_queue(b->tx)->checksum_offset)->Layer3 =
			NET_PACKET_TX_CHECKSUM_REQUIRED;
	if (offer->layer4)
		NetPacketGetPacketChecksum(packet, cx13_queue(b->tx)->checksum_offset)->Layer4 =
			NET_PACKET_TX_CHECKSUM_REQUIRED;
	ring->EndIndex = NetRingBufferIncrementIndex(ring, ring->EndIndex);
}

void bench_advance_tx(struct bench *b)
{
	cx13_queue(b->tx)->config.EvtAdvance(cx13_queue_handle(b->tx));
}

void bench_supply(struct bench *b)
{
	NET_RING_BUFFER *ring = cx13_queue(b->rx)->packets;
	uint32_t last = (ring->BeginIndex - 1) & ring->ElementIndexMask;

	while (ring->EndIndex != last) {
		NET_PACKET *packet = bench_packet(b->rx, ring->EndIndex);
		NET_PACKET_FRAGMENT *fragment;

		memset(packet, 0, ring->ElementStride);
		packet->FragmentOffset = ring->EndIndex;
		packet->FragmentCount = 1;
		fragment = bench_fragment(b->rx, packet);
		memset(fragment, 0, sizeof(*fragment));
		fragment->VirtualAddress = b->buffers + (size_t)ring->EndIndex * BENCH_BUFFER;
		fragment->Mapping.DmaLogicalAddress.QuadPart =
			(LONGLONG)(b->buffers_logical + (uint64_t)ring->EndIndex * BENCH_BUFFER);
		fragment->Capacity = b->adapter->rx.buffer_size;
		ring->EndIndex = NetRingBufferIncrementIndex(ring, ring->EndIndex);
	}
}

void bench_arrive(struct bench *b, const uint8_t *frame, size_t length)
{
	struct bench_frame *coming = &b->coming[b->coming_last++];

	assert_in_range(b->coming_last, 1, BENCH_COMING);
	coming->bytes = malloc(length);
	coming->length = length;
	memcpy(coming->bytes, frame, length);
}

void bench_pump(struct bench *b)
{
	device_pump(b->card, BENCH_COMING);
}

void bench_advance_rx(struct bench *b)
{
	cx13_queue(b->rx)->config.EvtAdvance(cx13_queue_handle(b->rx));
}

void bench_arm(struct bench *b, struct cx_queue *queue)
{
	cx13_queue(queue)->config.EvtSetNotificationEnabled(cx13_queue_handle(queue), TRUE);
}

const uint8_t *bench_received(struct bench *b, uint32_t index)
{
	return bench_fragment(b->rx, bench_packet(b->rx, index))->VirtualAddress;
}

NET_PACKET_CHECKSUM *bench_rx_checksum(struct bench *b, uint32_t index)
{
	return NetPacketGetPacketChecksum(bench_packet(b->rx, index),
					  cx13_queue(b->rx)->checksum_offset);
}
