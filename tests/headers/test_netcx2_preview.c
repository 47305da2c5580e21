/* SPDX-License-Identifier: MIT */
/* What the preview headers of NetAdapterCx 2.0 have inline. */
#define NETADAPTER_VERSION_MAJOR 2
#define NETADAPTER_VERSION_MINOR 0
#include <wdf.h>
#include <preview/netadaptercx.h>
#include <preview/netadapter.h>
#include <preview/netadapteroffload.h>
#include <preview/netrequest.h>
#include <preview/netrequestqueue.h>
#include <net/databuffer.h>
#include <net/ieee8021q.h>
#include <net/lso.h>
#include "test.h"

#ifndef NETCX_ADAPTER_PREVIEW
#error preview/netadaptercx.h says what it is
#endif

/* Filled with ones before, so that what is left out shows. */
#define FILLED(type, name) \
	type name;         \
	memset(&name, 0xff, sizeof(name))

static void set_offload(NETADAPTER adapter, NETOFFLOAD offload)
{
	(void)adapter;
	(void)offload;
}

static void set_filter(NETADAPTER adapter, NET_PACKET_FILTER_FLAGS flags)
{
	(void)adapter;
	(void)flags;
}

static void set_multicast_list(NETADAPTER adapter, ULONG count,
			       NET_ADAPTER_LINK_LAYER_ADDRESS *list)
{
	(void)adapter;
	(void)count;
	(void)list;
}

static void offloads(void **state)
{
	FILLED(NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES, lso);
	FILLED(NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES, rsc);

	NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES_INIT(&lso, TRUE, FALSE, 64000, 2, set_offload);
	assert_int_equal(lso.Size, 32);
	assert_int_equal(lso.IPv4, TRUE);
	assert_int_equal(lso.IPv6, FALSE);
	assert_int_equal(lso.MaximumOffloadSize, 64000);
	assert_int_equal(lso.MinimumSegmentCount, 2);
	assert_ptr_equal(lso.EvtAdapterOffloadSetLso, set_offload);

	NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES_INIT(&rsc, FALSE, TRUE, TRUE, set_offload);
	assert_int_equal(rsc.Size, 16);
	assert_int_equal(rsc.IPv4, FALSE);
	assert_int_equal(rsc.IPv6, TRUE);
	assert_int_equal(rsc.Timestamp, TRUE);
	assert_ptr_equal(rsc.EvtAdapterOffloadSetRsc, set_offload);
}

static void filters(void **state)
{
	FILLED(NET_ADAPTER_PACKET_FILTER_CAPABILITIES, filter);
	FILLED(NET_ADAPTER_MULTICAST_CAPABILITIES, multicast);

	NET_ADAPTER_PACKET_FILTER_CAPABILITIES_INIT(
		&filter, NetPacketFilterFlagDirected | NetPacketFilterFlagBroadcast, set_filter);
	assert_int_equal(filter.Size, 16);
	assert_int_equal(filter.SupportedPacketFilters, 9);
	assert_ptr_equal(filter.EvtSetPacketFilter, set_filter);

	NET_ADAPTER_MULTICAST_CAPABILITIES_INIT(&multicast, 32, set_multicast_list);
	assert_int_equal(multicast.Size, 16);
	assert_int_equal(multicast.MaxMulticastAddresses, 32);
	assert_ptr_equal(multicast.EvtSetMulticastList, set_multicast_list);
}

static void large_send_extension(void **state)
{
	NET_PACKET_LSO data[3] = { { { { 0 } } } };
	NET_EXTENSION extension = { .Reserved = { data, (void *)sizeof(data[0]) }, { TRUE } };

	NetExtensionGetPacketLso(&extension, 2)->TCP.Mss = 0xfffff;
	assert_int_equal(data[1].TCP.Mss, 0);
	assert_int_equal(data[2].TCP.Mss, 0xfffff);
	assert_int_equal(data[2].TCP.Reserved0, 0);
}

static void tag_extension(void **state)
{
	NET_PACKET_IEEE8021Q tag = { 0 };

	tag.TxTagging = NetPacketTxIeee8021qActionFlagVlanRequired;
	assert_int_equal(tag.Ieee8021pTag, 0);
	tag.TxTagging |= NetPacketTxIeee8021qActionFlagPriorityRequired;
	assert_int_equal(tag.Ieee8021pTag, 1);
}

static void data_buffers(void **state)
{
	union {
		NET_RING ring;
		UCHAR room[64 + 4 * sizeof(SIZE_T)];
	} memory = { .ring = { .ElementStride = sizeof(SIZE_T),
			       .NumberOfElements = 4,
			       .ElementIndexMask = 3,
			       .BeginIndex = 2,
			       .NextIndex = 3,
			       .EndIndex = 1 } };
	NET_DATA_BUFFER_HANDLE handles[2] = { NULL };
	NET_RING *ring = &memory.ring;

	for (UINT32 i = 0; i < 4; i++)
		*NetRingGetDataBufferAtIndex(ring, i) = 100 + i;
	/* All or nothing: two are there, round the ring's end. */
	assert_false(NetDataBufferFetch(ring, 3, handles));
	assert_int_equal(ring->NextIndex, 3);
	assert_true(NetDataBufferFetch(ring, 2, handles));
	assert_int_equal((SIZE_T)handles[0], 103);
	assert_int_equal((SIZE_T)handles[1], 100);
	assert_int_equal(ring->NextIndex, 1);
	NetDataBufferReturn(ring, 3);
	assert_int_equal(ring->BeginIndex, 1);
}

static void data_buffer_address(void **state)
{
	union {
		NET_RING ring;
		UCHAR room[64 + 4 * sizeof(struct netcx_data_buffer)];
	} memory = { .ring = { .ElementStride = sizeof(struct netcx_data_buffer),
			       .NumberOfElements = 4,
			       .ElementIndexMask = 3 } };
	struct netcx_data_buffer *third = NetRingGetElementAtIndex(&memory.ring, 2);

	third->Logical.LogicalAddress = 0x123456789ULL;
	assert_int_equal(NetDataBufferGetLogicalAddress(&memory.ring, (NET_DATA_BUFFER_HANDLE)2),
			 0x123456789ULL);
	assert_int_equal(NetDataBufferGetLogicalAddress(&memory.ring, (NET_DATA_BUFFER_HANDLE)1),
			 0);
}

static void request_queue(void **state)
{
	FILLED(NET_REQUEST_QUEUE_CONFIG, config);

	NET_REQUEST_QUEUE_CONFIG_INIT_DEFAULT_PARALLEL(&config, (NETADAPTER)16);
	assert_int_equal(config.Size, 96);
	assert_int_equal(config.Type, NetRequestQueueDefaultParallel);
	assert_ptr_equal(config.Adapter, 16);
	assert_int_equal(config.SizeOfMethodHandler, 40);
	assert_int_equal(config.AddHandlerError.AsUchar, 0);

	/* What is wrong with a handler is noted; NetRequestQueueCreate looks. */
	NET_REQUEST_QUEUE_CONFIG_ADD_SET_DATA_HANDLER(&config, 1, NULL, 4);
	assert_int_equal(config.AddHandlerError.CallbackNull, 1);
	assert_null(config.SetDataHandlers);
}

/* Handlers are copied by WDF, which nothing here gets as far as. */
NTSTATUS WdfMemoryCreate(PWDF_OBJECT_ATTRIBUTES attributes, POOL_TYPE type, ULONG tag, size_t size,
			 WDFMEMORY *memory, PVOID *buffer)
{
	(void)attributes;
	(void)type;
	(void)tag;
	(void)size;
	(void)memory;
	(void)buffer;
	return STATUS_INSUFFICIENT_RESOURCES;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(offloads),
		cmocka_unit_test(filters),
		cmocka_unit_test(large_send_extension),
		cmocka_unit_test(tag_extension),
		cmocka_unit_test(data_buffers),
		cmocka_unit_test(data_buffer_address),
		cmocka_unit_test(request_queue),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
