/* SPDX-License-Identifier: MIT */
/* The functions that live in the headers: rings, packets, initialisers, checked arithmetic,
 * strings. */
#define NETCX_HOST
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <signal.h>
#include <unistd.h>
#include <sys/wait.h>
#include <cmocka.h>
#include <ntddk.h>
#include <ntstrsafe.h>
#include <wdf.h>
#include <netadaptercx.h>

#define ELEMENTS 8
#define STRIDE   32

/* A queue's rings as the framework makes them. */
struct rings {
	_Alignas(16) UCHAR packets[offsetof(NET_RING_BUFFER, Buffer) + ELEMENTS * STRIDE];
	_Alignas(16) UCHAR fragments[offsetof(NET_RING_BUFFER, Buffer) +
				     ELEMENTS * sizeof(NET_PACKET_FRAGMENT)];
	NET_DATAPATH_DESCRIPTOR descriptor;
};

static NET_RING_BUFFER *ring_init(void *memory, USHORT stride)
{
	NET_RING_BUFFER *ring = memory;

	ring->ElementStride = stride;
	ring->NumberOfElements = ELEMENTS;
	ring->ElementIndexMask = ELEMENTS - 1;
	return ring;
}

static NET_RING_BUFFER *rings_init(struct rings *rings)
{
	memset(rings, 0, sizeof(*rings));
	rings->descriptor.RingBuffer[0] = ring_init(rings->packets, STRIDE);
	rings->descriptor.RingBuffer[1] = ring_init(rings->fragments, sizeof(NET_PACKET_FRAGMENT));
	return rings->descriptor.RingBuffer[0];
}

static void next_packet_stops_at_the_end(void **state)
{
	struct rings rings;
	NET_RING_BUFFER *ring = rings_init(&rings);
	unsigned seen = 0;

	(void)state;
	ring->BeginIndex = ring->NextIndex = 6;
	ring->EndIndex = 2;
	while (NetRingBufferGetNextPacket(&rings.descriptor)) {
		assert_ptr_equal(NetRingBufferGetNextPacket(&rings.descriptor),
				 ring->Buffer + ring->NextIndex * STRIDE);
		NetRingBufferAdvanceNextPacket(&rings.descriptor);
		seen++;
	}
	assert_int_equal(seen, 4);
	assert_int_equal(ring->NextIndex, 2);
	assert_int_equal(NetRingBufferGetNumberOfElementsInRange(ring, 6, 2), 4);
	assert_int_equal(NetRingBufferGetNumberOfElementsInRange(ring, 5, 5), 0);
}

/* Only the completed ones in front, only those the hardware had, and not more than the batch. */
static void completed_packets_are_returned_in_order(void **state)
{
	struct rings rings;
	NET_RING_BUFFER *ring = rings_init(&rings);

	(void)state;
	ring->BeginIndex = 6;
	ring->NextIndex = 3;
	ring->EndIndex = 4;
	for (UINT32 i = 6; i != 2; i = NetRingBufferIncrementIndex(ring, i))
		NetRingBufferGetPacketAtIndex(&rings.descriptor, i)->Completed = 1;

	NetRingBufferReturnCompletedPackets(&rings.descriptor, 1);
	assert_int_equal(ring->BeginIndex, 7);
	NetRingBufferReturnCompletedPacketsThroughIndex(&rings.descriptor, 1, 100);
	assert_int_equal(ring->BeginIndex, 1);
	NetRingBufferReturnCompletedPackets(&rings.descriptor, 100);
	assert_int_equal(ring->BeginIndex, 2); /* 2 is not completed */

	NetRingBufferReturnAllPackets(&rings.descriptor);
	assert_int_equal(ring->BeginIndex, 4);
	assert_int_equal(ring->NextIndex, 4);
}

static void fragments_wrap(void **state)
{
	struct rings rings;
	NET_PACKET packet = { .FragmentOffset = 7, .FragmentCount = 2 };

	(void)state;
	rings_init(&rings);
	assert_ptr_equal(NET_PACKET_GET_FRAGMENT(&packet, &rings.descriptor, 0),
			 rings.descriptor.RingBuffer[1]->Buffer + 7 * sizeof(NET_PACKET_FRAGMENT));
	assert_ptr_equal(NET_PACKET_GET_FRAGMENT(&packet, &rings.descriptor, 1),
			 rings.descriptor.RingBuffer[1]->Buffer);
}

static void layer3_types(void **state)
{
	NET_PACKET packet = { 0 };

	(void)state;
	for (unsigned type = 0; type < 16; type++) {
		packet.Layout.Layer3Type = (UINT8)(type & 15);
		assert_int_equal(NetPacketIsIpv4(&packet), type >= 1 && type <= 3);
		assert_int_equal(NetPacketIsIpv6(&packet), type >= 4 && type <= 6);
	}
}

/* An IPv6 chain may be long: 9 bits hold what 1809's parser takes. */
static void layout_holds_its_maxima(void **state)
{
	NET_PACKET_LAYOUT layout = { 0 };

	(void)state;
	layout.Layer2HeaderLength = 0x7f;
	layout.Layer3HeaderLength = 0x1ff;
	layout.Layer4HeaderLength = 0xff;
	assert_int_equal(layout.Layer2HeaderLength, 0x7f);
	assert_int_equal(layout.Layer3HeaderLength, 0x1ff);
	assert_int_equal(layout.Layer4HeaderLength, 0xff);
	assert_int_equal(layout.Layer2Type, 0);
}

/* Every INIT: Size, the arguments, zero elsewhere - over memory that was not. */
static void initialisers(void **state)
{
	NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES lso;
	NET_ADAPTER_TX_CAPABILITIES tx;
	NET_ADAPTER_RX_CAPABILITIES rx;
	NET_ADAPTER_DMA_CAPABILITIES dma;
	NET_ADAPTER_LINK_STATE link;
	WDF_OBJECT_ATTRIBUTES attributes;
	NET_PACKET_QUEUE_CONFIG queue;

	(void)state;
	memset(&lso, 0xaa, sizeof(lso));
	NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES_INIT(&lso, TRUE, FALSE, 64000, 2);
	assert_int_equal(lso.Size, sizeof(lso));
	assert_true(lso.IPv4 && !lso.IPv6);
	assert_int_equal(lso.MaximumOffloadSize, 64000);
	assert_int_equal(lso.MinimumSegmentCount, 2);

	memset(&tx, 0xaa, sizeof(tx));
	NET_ADAPTER_TX_CAPABILITIES_INIT_FOR_DMA(&tx, &dma, 65536, 1);
	assert_int_equal(tx.Size, sizeof(tx));
	assert_int_equal(tx.MappingRequirement, NetMemoryMappingRequirementDmaMapped);
	assert_int_equal(tx.MaximumFragmentBufferSize, 65536);
	assert_int_equal(tx.PayloadBackfill, 0);
	assert_ptr_equal(tx.DmaCapabilities, &dma);

	memset(&rx, 0xaa, sizeof(rx));
	NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED_DMA(&rx, &dma, 2048, 1);
	assert_int_equal(rx.AllocationMode, NetRxFragmentBufferAllocationModeSystem);
	assert_int_equal(rx.MappingRequirement, NetMemoryMappingRequirementDmaMapped);
	assert_ptr_equal(rx.DmaCapabilities, &dma);

	memset(&link, 0xaa, sizeof(link));
	NET_ADAPTER_LINK_STATE_INIT_DISCONNECTED(&link);
	assert_int_equal(link.Size, sizeof(link));
	assert_int_equal(link.MediaConnectState, MediaConnectStateDisconnected);
	assert_true(link.TxLinkSpeed == NDIS_LINK_SPEED_UNKNOWN);

	memset(&attributes, 0xaa, sizeof(attributes));
	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	assert_int_equal(attributes.ExecutionLevel, WdfExecutionLevelInheritFromParent);
	assert_null(attributes.ParentObject);

	memset(&queue, 0xaa, sizeof(queue));
	NET_PACKET_QUEUE_CONFIG_INIT(&queue, NULL, NULL, NULL);
	assert_null(queue.EvtStart);
	assert_null(queue.EvtStop);
}

/* Of an address longer than the field what fits is copied; the length is left for the framework to
 * refuse. */
static void address_too_long(void **state)
{
	NET_ADAPTER_LINK_LAYER_ADDRESS address;
	UCHAR bytes[64];

	(void)state;
	memset(bytes, 7, sizeof(bytes));
	NET_ADAPTER_LINK_LAYER_ADDRESS_INIT(&address, sizeof(bytes), bytes);
	assert_int_equal(address.Length, sizeof(bytes));
	assert_int_equal(address.Address[31], 7);
	NET_ADAPTER_LINK_LAYER_ADDRESS_INIT(&address, 6, bytes);
	assert_int_equal(address.Address[5], 7);
	assert_int_equal(address.Address[6], 0);
}

static void checked_arithmetic(void **state)
{
	ULONG product;
	SIZE_T sum;
	USHORT narrow;

	(void)state;
	assert_int_equal(RtlULongMult(65536, 65535, &product), STATUS_SUCCESS);
	assert_int_equal(product, 0xffff0000);
	assert_int_equal(RtlULongMult(65536, 65536, &product), STATUS_INTEGER_OVERFLOW);
	assert_int_equal(product, MAXULONG);
	assert_int_equal(RtlSizeTAdd(SIZE_MAX, 1, &sum), STATUS_INTEGER_OVERFLOW);
	assert_int_equal(RtlULongToUShort(0x10000, &narrow), STATUS_INTEGER_OVERFLOW);
}

static void bounded_strings(void **state)
{
	CHAR text[8] = "abc";
	size_t length;

	(void)state;
	assert_int_equal(RtlStringCbCatA(text, sizeof(text), "defg"), STATUS_SUCCESS);
	assert_string_equal(text, "abcdefg");
	assert_int_equal(RtlStringCbCatA(text, sizeof(text), "h"), STATUS_BUFFER_OVERFLOW);
	assert_string_equal(text, "abcdefg");
	assert_int_equal(RtlStringCbCopyA(text, 0, "x"), STATUS_INVALID_PARAMETER);
	memset(text, 'x', sizeof(text));
	assert_int_equal(RtlStringCbLengthA(text, sizeof(text), &length), STATUS_INVALID_PARAMETER);
}

static void lists(void **state)
{
	LIST_ENTRY head, a, b;

	(void)state;
	InitializeListHead(&head);
	assert_true(IsListEmpty(&head));
	InsertTailList(&head, &b);
	InsertHeadList(&head, &a);
	assert_ptr_equal(RemoveHeadList(&head), &a);
	assert_true(RemoveEntryList(&b));
	assert_true(IsListEmpty(&head));
}

/* One that is taken out twice, as a driver's race does it. */
static void a_broken_list_is_not_followed(void **state)
{
	LIST_ENTRY head, a, b;
	int status;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		signal(SIGILL, SIG_DFL);
		InitializeListHead(&head);
		InsertTailList(&head, &a);
		InsertTailList(&head, &b);
		RemoveEntryList(&a);
		RemoveEntryList(&a);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGILL);
}

static void interlocked(void **state)
{
	LONG value = 5;
	LONG64 wide = 1LL << 40;

	(void)state;
	assert_int_equal(InterlockedIncrement(&value), 6);
	assert_int_equal(InterlockedOr(&value, 1), 6);
	assert_int_equal(InterlockedCompareExchange(&value, 9, 1), 7);
	assert_int_equal(InterlockedCompareExchange(&value, 9, 7), 7);
	assert_int_equal(InterlockedExchange(&value, 0), 9);
	assert_true(InterlockedExchangeAdd64(&wide, 1) == 1LL << 40);
	assert_false(InterlockedBitTestAndSet(&value, 31));
	assert_true(InterlockedBitTestAndReset(&value, 31));
}

/* ---- request queues: handlers are copied, and what goes wrong is noted for the queue's making
 * ---- */

NTSTATUS WdfMemoryCreate(PWDF_OBJECT_ATTRIBUTES Attributes, POOL_TYPE PoolType, ULONG PoolTag,
			 size_t BufferSize, WDFMEMORY *Memory, PVOID *Buffer)
{
	static _Alignas(16) UCHAR room[128];

	assert_non_null(Attributes->ParentObject);
	if (BufferSize > sizeof(room))
		return STATUS_INSUFFICIENT_RESOURCES;
	*Memory = (WDFMEMORY)room;
	*Buffer = room;
	return STATUS_SUCCESS;
}

static VOID query(NETREQUESTQUEUE queue, NETREQUEST request, PVOID output, UINT length)
{
}

static VOID method(NETREQUESTQUEUE queue, NETREQUEST request, PVOID buffer, UINT in, UINT out)
{
}

/* ---- a type of context in each packet: its one description, and what casts to it ---- */

struct packet_context {
	int value;
};
typedef struct packet_context PACKET_CONTEXT;
NET_PACKET_DECLARE_CONTEXT_TYPE(PACKET_CONTEXT)
NET_PACKET_DECLARE_CASTING_FUNCTION(PACKET_CONTEXT, cast_to_context)

static PACKET_CONTEXT its_context;
static const NET_CONTEXT_TYPE_INFO *asked_for;

PVOID NetPacketGetTypedContext(PCNET_DATAPATH_DESCRIPTOR Descriptor, NET_PACKET *NetPacket,
			       PCNET_CONTEXT_TYPE_INFO TypeInfo)
{
	asked_for = TypeInfo;
	return &its_context;
}

PVOID NetPacketGetContextFromToken(PCNET_DATAPATH_DESCRIPTOR Descriptor, NET_PACKET *NetPacket,
				   PNET_PACKET_CONTEXT_TOKEN Token)
{
	return Token ? &its_context : NULL;
}

static void packet_contexts(void **state)
{
	const NET_CONTEXT_TYPE_INFO *info = NET_PACKET_GET_CONTEXT_TYPE_INFO(PACKET_CONTEXT);
	struct rings rings;
	NET_PACKET packet;

	(void)state;
	assert_ptr_equal(info, &NET_CONTEXT_TYPE_INFO_NAME(PACKET_CONTEXT));
	assert_ptr_equal(info->UniqueType, info);
	assert_string_equal(info->ContextName, "PACKET_CONTEXT");
	assert_int_equal(info->ContextSize, sizeof(PACKET_CONTEXT));
	assert_ptr_equal(NetPacketGet_PACKET_CONTEXT(&rings.descriptor, &packet), &its_context);
	assert_ptr_equal(asked_for, info);
	assert_ptr_equal(cast_to_context(&rings.descriptor, &packet), &its_context);
	assert_null(cast_to_contextFromToken(&rings.descriptor, &packet, NULL));
	assert_ptr_equal(NetPacketGetPacketReceiveSegmentCoalescence(&packet, 8),
			 (UCHAR *)&packet + 8);
}

static void request_handlers(void **state)
{
	NET_REQUEST_QUEUE_QUERY_DATA_HANDLER query_handler;
	NET_REQUEST_QUEUE_METHOD_HANDLER method_handler;
	NET_REQUEST_QUEUE_CONFIG config;

	(void)state;
	NET_REQUEST_QUEUE_CONFIG_INIT(&config, (NETADAPTER)0x10, NetRequestQueueDefaultParallel);
	assert_int_equal(config.Size, sizeof(config));
	assert_ptr_equal(config.Adapter, (NETADAPTER)0x10);
	assert_int_equal(config.Type, NetRequestQueueDefaultParallel);
	assert_int_equal(config.SizeOfMethodHandler, sizeof(method_handler));

	NET_REQUEST_QUEUE_QUERY_DATA_HANDLER_INIT(&query_handler, OID_GEN_STATISTICS, query, 8);
	assert_int_equal(query_handler.Oid, OID_GEN_STATISTICS);
	assert_int_equal(query_handler.MinimumOutputLength, 8);
	NET_REQUEST_QUEUE_CONFIG_ADD_INITIALIZED_QUERY_DATA_HANDLER(&config, &query_handler);
	assert_int_equal(config.AddHandlerError.AsUchar, 0);
	assert_ptr_equal(config.QueryDataHandlers->EvtRequestQueryData, query);
	assert_ptr_not_equal(config.QueryDataHandlers, &query_handler);

	NET_REQUEST_QUEUE_METHOD_HANDLER_INIT(&method_handler, OID_GEN_STATISTICS, NULL, 4, 8);
	assert_int_equal(method_handler.MinimumInputLength, 4);
	assert_null(method_handler.EvtRequestMethod);
	NET_REQUEST_QUEUE_CONFIG_ADD_INITIALIZED_METHOD_HANDLER(&config, &method_handler);
	assert_int_equal(config.AddHandlerError.CallbackNull, 1);
	assert_null(config.MethodHandlers);
	config.Adapter = NULL;
	NET_REQUEST_QUEUE_CONFIG_ADD_METHOD_HANDLER(&config, OID_GEN_STATISTICS, method, 4, 8);
	assert_int_equal(config.AddHandlerError.AdapterNull, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(next_packet_stops_at_the_end),
		cmocka_unit_test(completed_packets_are_returned_in_order),
		cmocka_unit_test(fragments_wrap),
		cmocka_unit_test(layer3_types),
		cmocka_unit_test(layout_holds_its_maxima),
		cmocka_unit_test(initialisers),
		cmocka_unit_test(address_too_long),
		cmocka_unit_test(checked_arithmetic),
		cmocka_unit_test(bounded_strings),
		cmocka_unit_test(lists),
		cmocka_unit_test(a_broken_list_is_not_followed),
		cmocka_unit_test(interlocked),
		cmocka_unit_test(packet_contexts),
		cmocka_unit_test(request_handlers),
	};

	return cmocka_run_group_tests_name("headers", tests, NULL, NULL);
}
