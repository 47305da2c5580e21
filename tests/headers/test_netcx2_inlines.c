/* SPDX-License-Identifier: MIT */
/* What NetAdapterCx 2.x has inline: rings, extensions, and what the INIT functions fill in. */
#define NETADAPTER_VERSION_MAJOR 2
#define NETADAPTER_VERSION_MINOR 5
#include <wdf.h>
#include <netadaptercx.h>
#include <net/gso.h>
#include <net/mdl.h>
#include <net/packethash.h>
#include <net/rsc.h>
#include <net/virtualaddress.h>
#include <net/wifi/exemptionaction.h>
#include "test.h"

/* Filled with ones before, so that what is left out shows. */
#define FILLED(type, name) \
	type name;         \
	memset(&name, 0xff, sizeof(name))

static void rings(void **state)
{
	union {
		NET_RING ring;
		UCHAR room[64 + 8 * 24];
	} memory = { .ring = {
			     .ElementStride = 24, .NumberOfElements = 8, .ElementIndexMask = 7 } };
	NET_RING *ring = &memory.ring;
	NET_RING_COLLECTION rings = { { ring, NULL, NULL } };

	assert_ptr_equal(NetRingGetElementAtIndex(ring, 0), memory.room + 64);
	assert_ptr_equal(NetRingGetPacketAtIndex(ring, 7), memory.room + 64 + 7 * 24);
	assert_ptr_equal(NetRingGetFragmentAtIndex(ring, 3), memory.room + 64 + 3 * 24);
	assert_ptr_equal(NetRingGetDataBufferAtIndex(ring, 1), memory.room + 64 + 24);
	assert_int_equal(NetRingIncrementIndex(ring, 7), 0);
	assert_int_equal(NetRingAdvanceIndex(ring, 6, 5), 3);
	assert_int_equal(NetRingAdvanceIndex(ring, 0, -1), 7);
	assert_int_equal(NetRingGetRangeCount(ring, 6, 2), 4);
	assert_int_equal(NetRingGetRangeCount(ring, 3, 3), 0);
	assert_ptr_equal(NetRingCollectionGetPacketRing(&rings), ring);
	assert_null(NetRingCollectionGetFragmentRing(&rings));
	assert_null(NetRingCollectionGetDataBufferRing(&rings));
}

static void extensions(void **state)
{
	UCHAR data[64];
	NET_EXTENSION extension = { .Reserved = { data + 4, (void *)12 }, { TRUE } };
	NET_FRAGMENT_VIRTUAL_ADDRESS addresses[2] = { { data }, { data + 10 } };
	NET_EXTENSION fragments = { .Reserved = { addresses, (void *)sizeof(addresses[0]) } };
	NET_FRAGMENT fragment = { .Offset = 7 };

	assert_ptr_equal(NetExtensionGetData(&extension, 0), data + 4);
	assert_ptr_equal(NetExtensionGetPacketGso(&extension, 2), data + 28);
	assert_ptr_equal(NetExtensionGetPacketHash(&extension, 1), data + 16);
	assert_ptr_equal(NetExtensionGetFragmentMdl(&extension, 2), data + 28);
	assert_ptr_equal(WifiExtensionGetExemptionAction(&extension, 1), data + 16);
	assert_ptr_equal(NetExtensionGetPacketRscTimestamp(&extension, 3), data + 40);
	assert_ptr_equal(NetExtensionGetFragmentVirtualAddress(&fragments, 1)->VirtualAddress,
			 data + 10);
	assert_ptr_equal(NetExtensionGetFragmentVirtualAddressOffset(&fragment, &fragments, 1),
			 data + 17);
}

static void packets(void **state)
{
	for (int type = 0; type <= 6; type++) {
		NET_PACKET packet = { .Layout = { .Layer3Type = (UINT8)type } };

		assert_int_equal(NetPacketIsIpv4(&packet), type >= 1 && type <= 3);
		assert_int_equal(NetPacketIsIpv6(&packet), type >= 4);
		assert_ptr_equal(NetPacketGetExtension(&packet, 12), (UCHAR *)&packet + 12);
	}
}

static void datapath(void **state)
{
	FILLED(NET_ADAPTER_TX_CAPABILITIES, tx);
	FILLED(NET_ADAPTER_RX_CAPABILITIES, rx);
	FILLED(NET_ADAPTER_DMA_CAPABILITIES, dma);

	NET_ADAPTER_DMA_CAPABILITIES_INIT(&dma, NULL);
	assert_int_equal(dma.Size, sizeof(dma));
	assert_int_equal(dma.MaximumPhysicalAddress.QuadPart, 0);
	assert_int_equal(dma.CacheEnabled, WdfUseDefault);
	assert_int_equal(dma.PreferredNode, 0x80000000);

	NET_ADAPTER_TX_CAPABILITIES_INIT_FOR_DMA(&tx, &dma, 3);
	assert_int_equal(tx.Size, sizeof(tx));
	assert_int_equal(tx.MappingRequirement, NetMemoryMappingRequirementDmaMapped);
	assert_int_equal(tx.PayloadBackfill, 0);
	assert_int_equal(tx.MaximumNumberOfFragments, SIZE_MAX);
	assert_int_equal(tx.FragmentBufferAlignment, 1);
	assert_int_equal(tx.FragmentRingNumberOfElementsHint, 0);
	assert_int_equal(tx.MaximumNumberOfQueues, 3);
	assert_ptr_equal(tx.DmaCapabilities, &dma);

	NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED_DMA(&rx, &dma, 1514, 2);
	assert_int_equal(rx.Size, sizeof(rx));
	assert_int_equal(rx.AllocationMode, NetRxFragmentBufferAllocationModeSystem);
	assert_int_equal(rx.AttachmentMode, NetRxFragmentBufferAttachmentModeSystem);
	assert_int_equal(rx.MaximumFrameSize, 1514);
	assert_int_equal(rx.MaximumNumberOfQueues, 2);
	assert_int_equal(rx.MappingRequirement, NetMemoryMappingRequirementDmaMapped);
	assert_ptr_equal(rx.DmaCapabilities, &dma);
	NET_ADAPTER_RX_CAPABILITIES_INIT_DRIVER_MANAGED(&rx, (PFN_NET_ADAPTER_RETURN_RX_BUFFER)16,
							9000, 1);
	assert_int_equal(rx.AllocationMode, NetRxFragmentBufferAllocationModeDriver);
	assert_int_equal(rx.AttachmentMode, NetRxFragmentBufferAttachmentModeDriver);
	assert_ptr_equal(rx.EvtAdapterReturnRxBuffer, (PFN_NET_ADAPTER_RETURN_RX_BUFFER)16);
	assert_int_equal(rx.FragmentBufferAlignment, 1);
	assert_null(rx.DmaCapabilities);
}

static void link(void **state)
{
	const UCHAR mac[40] = { 2, 3, 4, 5, 6, 7, 8 };
	FILLED(NET_ADAPTER_LINK_STATE, up);
	FILLED(NET_ADAPTER_LINK_LAYER_ADDRESS, address);

	NET_ADAPTER_LINK_STATE_INIT(&up, 1000, MediaConnectStateConnected, MediaDuplexStateFull,
				    NetAdapterPauseFunctionTypeSendOnly,
				    NetAdapterAutoNegotiationFlagDuplexAutoNegotiated);
	assert_int_equal(up.Size, sizeof(up));
	assert_int_equal(up.TxLinkSpeed, 1000);
	assert_int_equal(up.RxLinkSpeed, 1000);
	assert_int_equal(up.SupportedPauseFunctions, 1);
	assert_int_equal(up.AutoNegotiationFlags, 4);
	NET_ADAPTER_LINK_STATE_INIT_DISCONNECTED(&up);
	assert_int_equal(up.TxLinkSpeed, NET_ADAPTER_LINK_SPEED_UNKNOWN);
	assert_int_equal(up.RxLinkSpeed, UINT64_MAX);
	assert_int_equal(up.MediaConnectState, 2);
	assert_int_equal(up.MediaDuplexState, 0);
	assert_int_equal(up.SupportedPauseFunctions, 0);
	assert_int_equal(up.AutoNegotiationFlags, 0);

	NET_ADAPTER_LINK_LAYER_ADDRESS_INIT(&address, 6, mac);
	assert_int_equal(address.Length, 6);
	assert_memory_equal(address.Address, mac, 6);
	assert_int_equal(address.Address[6], 0);
	/* More than there is room for: the length as given, the bytes that fit. */
	NET_ADAPTER_LINK_LAYER_ADDRESS_INIT(&address, 40, mac);
	assert_int_equal(address.Length, 40);
	assert_memory_equal(address.Address, mac, 32);
}

static void offloads(void **state)
{
	FILLED(NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES, gso);
	FILLED(NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES, tx);
	FILLED(NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES, rsc);
	FILLED(NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES, rss);

	NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES_INIT(&gso, NetAdapterOffloadLayer3FlagIPv4NoOptions,
						  NetAdapterOffloadLayer4FlagUdp, 60000, 2, NULL);
	assert_int_equal(gso.Layer3Flags, 1);
	assert_int_equal(gso.Layer4Flags, 4);
	assert_int_equal(gso.Layer4HeaderOffsetLimit, 0);
	assert_int_equal(gso.MaximumOffloadSize, 60000);
	assert_int_equal(gso.MinimumSegmentCount, 2);
	NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES_INIT(
		&tx, NetAdapterOffloadLayer3FlagIPv6NoExtensions, NULL);
	assert_int_equal(tx.Layer3Flags, 4);
	assert_int_equal(tx.Layer4Flags, 0);
	assert_int_equal(tx.Layer3HeaderOffsetLimit | tx.Layer4HeaderOffsetLimit, 0);
	NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES_INIT(&rsc, NetAdapterOffloadLayer3FlagIPv4NoOptions,
						  NetAdapterOffloadLayer4FlagTcpNoOptions, NULL);
	assert_false(rsc.TcpTimestampOption);
	NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES_INIT(
		&rss, 4, NetAdapterReceiveScalingUnhashedTargetTypeHashIndex,
		NetAdapterReceiveScalingHashTypeToeplitz, NetAdapterReceiveScalingProtocolTypeTcp,
		NULL, NULL, NULL, NULL);
	assert_int_equal(rss.IndirectionTableSize, 128);
	assert_int_equal(rss.ReceiveScalingEncapsulationTypes.Outer, 0);
	assert_false(rss.SynchronizeSetIndirectionEntries);
}

static void queues(void **state)
{
	FILLED(NET_PACKET_QUEUE_CONFIG, config);
	FILLED(NET_EXTENSION_QUERY, query);
	FILLED(NET_ADAPTER_TX_DEMUX, demux);
	NETEXECUTIONCONTEXT context = (NETEXECUTIONCONTEXT)16;

	NET_PACKET_QUEUE_CONFIG_INIT(&config, (PFN_PACKET_QUEUE_ADVANCE)1,
				     (PFN_PACKET_QUEUE_SET_NOTIFICATION_ENABLED)2,
				     (PFN_PACKET_QUEUE_CANCEL)3);
	assert_int_equal(config.Size, 56);
	assert_null(config.EvtStart);
	assert_null(config.EvtStop);
	assert_ptr_equal(config.EvtAdvance, (PFN_PACKET_QUEUE_ADVANCE)1);
	assert_ptr_equal(config.EvtCancel, (PFN_PACKET_QUEUE_CANCEL)3);
	assert_null(config.ExecutionContext);
	NET_RX_QUEUE_CONFIG_INIT_EXECUTION_CONTEXT(&config, context, (PFN_PACKET_QUEUE_ADVANCE)1,
						   (PFN_PACKET_QUEUE_CANCEL)3);
	assert_ptr_equal(config.ExecutionContext, context);
	assert_null(config.EvtSetNotificationEnabled);
	assert_ptr_equal(config.EvtCancel, (PFN_PACKET_QUEUE_CANCEL)3);
	NET_TX_QUEUE_CONFIG_INIT_EXECUTION_CONTEXT(&config, context, (PFN_PACKET_QUEUE_ADVANCE)1);
	assert_null(config.EvtCancel);

	NET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_GSO_NAME,
				 NET_PACKET_EXTENSION_GSO_VERSION_1, NetExtensionTypePacket);
	assert_int_equal(query.Size, sizeof(query));
	assert_int_equal(query.Version, 1);
	assert_int_equal(query.Type, 1);
	NET_ADAPTER_TX_8021P_DEMUX_INIT(&demux);
	assert_int_equal(demux.Type, 1);
	assert_int_equal(demux.Range, 8);
}

static void power(void **state)
{
	FILLED(NET_ADAPTER_WAKE_REASON_PACKET, reason);
	FILLED(NET_ADAPTER_POWER_OFFLOAD_ARP_CAPABILITIES, arp);
	FILLED(NET_ADAPTER_WAKE_BITMAP_CAPABILITIES, bitmap);

	NET_ADAPTER_WAKE_REASON_PACKET_INIT(&reason);
	assert_int_equal(reason.PatternId, 0);
	assert_null(reason.WakePacket);
	NET_ADAPTER_WAKE_REASON_MAGIC_PACKET_INIT(&reason);
	assert_int_equal(reason.PatternId, 0xfffe);
	NET_ADAPTER_WAKE_REASON_EAPOL_PACKET_INIT(&reason);
	assert_int_equal(reason.PatternId, 0xfffd);
	NET_ADAPTER_WAKE_REASON_FILTER_PACKET_INIT(&reason);
	assert_int_equal(reason.PatternId, 0xfffc);
	NET_ADAPTER_POWER_OFFLOAD_ARP_CAPABILITIES_INIT(&arp, 3);
	assert_true(arp.ArpOffload);
	assert_int_equal(arp.MaximumOffloadCount, 3);
	NET_ADAPTER_WAKE_BITMAP_CAPABILITIES_INIT(&bitmap);
	assert_int_equal(bitmap.Size, sizeof(bitmap));
	assert_false(bitmap.BitmapPattern);
}

/* Nothing can be missing in the one framework that there is. */
static void availability(void **state)
{
	assert_true(NET_IS_FUNCTION_AVAILABLE(NET_ADAPTER_TX_8021P_DEMUX_INIT));
	assert_true(NET_IS_STRUCTURE_AVAILABLE(NET_PACKET_QUEUE_CONFIG));
	assert_true(NET_IS_FIELD_AVAILABLE(NET_PACKET_QUEUE_CONFIG, ExecutionContext));
	assert_int_equal(NET_STRUCTURE_SIZE(NET_PACKET_QUEUE_CONFIG), 56);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rings),        cmocka_unit_test(extensions),
		cmocka_unit_test(packets),      cmocka_unit_test(datapath),
		cmocka_unit_test(link),         cmocka_unit_test(offloads),
		cmocka_unit_test(queues),       cmocka_unit_test(power),
		cmocka_unit_test(availability),
	};

	return cmocka_run_group_tests_name("netadaptercx 2.x inlines", tests, NULL, NULL);
}
