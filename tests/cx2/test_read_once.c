/* SPDX-License-Identifier: MIT */
/*
 * A structure that a driver hands in is read once: what is checked is what counts, though another
 * thread of the driver writes to it meanwhile.
 */
#include "cx/api/2/adapter_init.h"
#include "cx/api/2/execution.h"
#include "recorder.h"
#include "stage/read_once.h"

#define SIZE_KEPT (sizeof(ULONG)) /* Size is looked at before the rest is copied */

/* A structure with a Size, and one without. */
#define SIZED(structure)   read_once(&(structure), sizeof(structure), SIZE_KEPT)
#define UNSIZED(structure) read_once(&(structure), sizeof(structure), 0)

static struct stage *loaded(void)
{
	struct stage *s = stage_with(5);

	stage_enter(s);
	assert_int_equal(stage_load(s), STATUS_SUCCESS);
	return s;
}

static WDFDEVICE device_of(struct stage *s)
{
	return (WDFDEVICE)wdf_device_object(s->device);
}

static WDFDMAENABLER enabler_of(struct stage *s)
{
	WDF_DMA_ENABLER_CONFIG config;
	WDFDMAENABLER enabler;

	WDF_DMA_ENABLER_CONFIG_INIT(&config, WdfDmaProfileScatterGather64Duplex, 65536);
	config.WdmDmaVersionOverride = 3;
	assert_int_equal(
		WdfDmaEnablerCreate(device_of(s), &config, WDF_NO_OBJECT_ATTRIBUTES, &enabler),
		STATUS_SUCCESS);
	return enabler;
}

/* The datapath's capabilities are four structures: each in turn is the one that changes. */
struct datapath {
	NET_ADAPTER_DMA_CAPABILITIES dma;
	NET_ADAPTER_TX_CAPABILITIES tx;
	NET_ADAPTER_RX_CAPABILITIES rx;
};

static void fill(struct datapath *d, struct stage *s)
{
	NET_ADAPTER_DMA_CAPABILITIES_INIT(&d->dma, enabler_of(s));
	d->dma.MaximumPhysicalAddress.QuadPart = 0x123456789ALL;
	NET_ADAPTER_TX_CAPABILITIES_INIT_FOR_DMA(&d->tx, &d->dma, 3);
	d->tx.FragmentRingNumberOfElementsHint = 128;
	NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED_DMA(&d->rx, &d->dma, 1536, 2);
	d->rx.FragmentBufferAlignment = 64;
}

static void assert_declared(const struct cx_adapter *a)
{
	assert_int_equal(a->tx.queues, 3);
	assert_int_equal(a->tx.fragment_ring, 128);
	assert_true(a->tx.dma.mapped);
	assert_int_equal(a->tx.dma.limit, 0x123456789AULL);
	assert_int_equal(a->rx.buffer_size, 1536);
	assert_int_equal(a->rx.alignment, 64);
	assert_true(a->rx.dma.mapped);
	assert_int_equal(a->rx.dma.limit, 0x123456789AULL);
}

static void datapath_capabilities(void **state)
{
	struct stage *s = loaded();

	for (int which = 0; which < 4; which++) {
		struct datapath d;
		NET_ADAPTER_TX_CAPABILITIES *tx = &d.tx;
		NET_ADAPTER_RX_CAPABILITIES *rx = &d.rx;

		fill(&d, s);
		if (which == 0)
			tx = SIZED(d.tx);
		else if (which == 1)
			rx = SIZED(d.rx);
		else if (which == 2)
			d.tx.DmaCapabilities = SIZED(d.dma);
		else
			d.rx.DmaCapabilities = SIZED(d.dma);
		NetAdapterSetDataPathCapabilities(cx2_adapter_handle(s->adapter), tx, rx);
		assert_true(read_once_end());
		assert_declared(s->adapter);
	}
	stage_free(s);
}

static void take_back(NETADAPTER adapter, NET_FRAGMENT_RETURN_CONTEXT_HANDLE handle)
{
}

static void receive_buffers_of_the_driver(void **state)
{
	struct stage *s = loaded();
	NET_ADAPTER_RX_CAPABILITIES rx;
	struct datapath d;

	fill(&d, s);
	NET_ADAPTER_RX_CAPABILITIES_INIT_DRIVER_MANAGED(&rx, take_back, 1514, 1);
	NetAdapterSetDataPathCapabilities(cx2_adapter_handle(s->adapter), &d.tx, SIZED(rx));
	assert_true(read_once_end());
	assert_true(s->adapter->rx.driver_buffers);
	assert_ptr_equal(cx2_adapter(s->adapter)->return_rx_buffer, take_back);
	stage_free(s);
}

static void addresses(void **state)
{
	struct stage *s = loaded();
	NETADAPTER adapter = cx2_adapter_handle(s->adapter);
	NET_ADAPTER_LINK_LAYER_ADDRESS address = { .Length = 6, .Address = { 2, 0, 0, 0, 0, 9 } };

	NetAdapterSetPermanentLinkLayerAddress(adapter, UNSIZED(address));
	assert_true(read_once_end());
	assert_int_equal(s->adapter->permanent_address.length, 6);
	assert_memory_equal(s->adapter->permanent_address.bytes, address.Address, 6);
	NetAdapterSetCurrentLinkLayerAddress(adapter, UNSIZED(address));
	assert_true(read_once_end());
	assert_int_equal(s->adapter->current_address.length, 6);
	assert_memory_equal(s->adapter->current_address.bytes, address.Address, 6);
	stage_free(s);
}

static void link_state(void **state)
{
	struct stage *s = loaded();
	NET_ADAPTER_LINK_STATE link;

	NET_ADAPTER_LINK_STATE_INIT(&link, 4711, MediaConnectStateConnected, MediaDuplexStateFull,
				    NetAdapterPauseFunctionTypeUnknown,
				    NetAdapterAutoNegotiationFlagNone);
	NetAdapterSetLinkState(cx2_adapter_handle(s->adapter), SIZED(link));
	assert_true(read_once_end());
	assert_int_equal(s->adapter->link.tx_bps, 4711);
	assert_true(s->adapter->link.full_duplex);
	stage_free(s);
}

static void offload_capabilities(void **state)
{
	struct stage *s = loaded();
	NETADAPTER adapter = cx2_adapter_handle(s->adapter);
	const struct cx_offload_state *hardware = &s->adapter->offload.hardware;
	NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES checksum;
	NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES gso;

	NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES_INIT(
		&checksum, NetAdapterOffloadLayer3FlagIPv4NoOptions, NULL);
	checksum.Layer4Flags = NetAdapterOffloadLayer4FlagUdp;
	NetAdapterOffloadSetTxChecksumCapabilities(adapter, SIZED(checksum));
	assert_true(read_once_end());
	assert_int_equal(hardware->tx_checksum.udp.l3, CX_L3_IPV4);
	NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES_INIT(&gso, NetAdapterOffloadLayer3FlagIPv4NoOptions,
						  NetAdapterOffloadLayer4FlagTcpNoOptions, 64000, 2,
						  NULL);
	NetAdapterOffloadSetGsoCapabilities(adapter, SIZED(gso));
	assert_true(read_once_end());
	assert_int_equal(hardware->lso.maximum_offload_size, 64000);
	stage_free(s);
}

static void set_filter(NETADAPTER adapter, NETRECEIVEFILTER filter)
{
}

static void receive_filter_capabilities(void **state)
{
	struct stage *s = loaded();
	NET_ADAPTER_RECEIVE_FILTER_CAPABILITIES filter;

	NET_ADAPTER_RECEIVE_FILTER_CAPABILITIES_INIT(&filter, set_filter);
	filter.SupportedPacketFilters = NetPacketFilterFlagDirected | NetPacketFilterFlagMulticast;
	filter.MaximumMulticastAddresses = 7;
	NetAdapterSetReceiveFilterCapabilities(cx2_adapter_handle(s->adapter), SIZED(filter));
	assert_true(read_once_end());
	assert_int_equal(s->adapter->filter.multicast_list, 7);
	assert_ptr_equal(cx2_adapter(s->adapter)->filter.set_receive_filter, set_filter);
	stage_free(s);
}

static NTSTATUS no_queue(NETADAPTER adapter, void *init)
{
	return STATUS_UNSUCCESSFUL;
}

static void what_an_init_object_takes(void **state)
{
	struct stage *s = loaded();
	NETADAPTER_INIT *init = NetAdapterInitAllocate(device_of(s));
	const struct cx2_adapter_init *taken = (const struct cx2_adapter_init *)init;
	NET_ADAPTER_DATAPATH_CALLBACKS callbacks;
	NET_ADAPTER_TX_DEMUX demux;

	NET_ADAPTER_DATAPATH_CALLBACKS_INIT(&callbacks, (PFN_NET_ADAPTER_CREATE_TXQUEUE)no_queue,
					    (PFN_NET_ADAPTER_CREATE_RXQUEUE)no_queue);
	NetAdapterInitSetDatapathCallbacks(init, SIZED(callbacks));
	assert_true(read_once_end());
	assert_ptr_equal(taken->callbacks.EvtAdapterCreateRxQueue, no_queue);
	NET_ADAPTER_TX_8021P_DEMUX_INIT(&demux);
	demux.Range = 5;
	NetAdapterInitAddTxDemux(init, SIZED(demux));
	assert_true(read_once_end());
	assert_int_equal(taken->demux.Range, 5);
	assert_int_equal(taken->demux.Size, sizeof(demux));
	NetAdapterInitFree(init);
	stage_free(s);
}

static void notify(NETEXECUTIONCONTEXT context, BOOLEAN enable)
{
}

static void work(NETEXECUTIONCONTEXTTASK task)
{
}

static void execution_contexts_and_tasks(void **state)
{
	struct stage *s = loaded();
	NET_EXECUTION_CONTEXT_CONFIG config;
	NET_EXECUTION_CONTEXT_TASK_CONFIG task_config;
	NETEXECUTIONCONTEXT context;
	NETEXECUTIONCONTEXTTASK task;

	NET_EXECUTION_CONTEXT_CONFIG_INIT(&config, notify);
	assert_int_equal(NetExecutionContextCreate(device_of(s), SIZED(config), NULL, &context),
			 STATUS_SUCCESS);
	assert_true(read_once_end());
	assert_ptr_equal(((struct cx2_execution *)context)->config.EvtSetNotificationEnabled,
			 notify);
	NET_EXECUTION_CONTEXT_TASK_CONFIG_INIT(&task_config, work);
	assert_int_equal(NetExecutionContextTaskCreate(context, NULL, SIZED(task_config), &task),
			 STATUS_SUCCESS);
	assert_true(read_once_end());
	assert_ptr_equal(((struct cx2_task *)task)->function, work);
	stage_free(s);
}

static void names_and_strings(void **state)
{
	struct stage *s = loaded();
	NETCONFIGURATION configuration;
	static WCHAR name_text[] = u"Cable", text[] = u"grey";
	UNICODE_STRING name = RTL_CONSTANT_STRING(name_text), value = RTL_CONSTANT_STRING(text);
	WDFSTRING read;
	UNICODE_STRING is;

	assert_int_equal(
		NetAdapterOpenConfiguration(cx2_adapter_handle(s->adapter), NULL, &configuration),
		STATUS_SUCCESS);
	assert_int_equal(NetConfigurationAssignUnicodeString(configuration, UNSIZED(name), &value),
			 STATUS_SUCCESS);
	assert_true(read_once_end());
	assert_int_equal(NetConfigurationAssignUnicodeString(configuration, &name, UNSIZED(value)),
			 STATUS_SUCCESS);
	assert_true(read_once_end());
	assert_int_equal(NetConfigurationQueryString(configuration, &name, NULL, &read),
			 STATUS_SUCCESS);
	WdfStringGetUnicodeString(read, &is);
	assert_int_equal(is.Length, value.Length);
	assert_memory_equal(is.Buffer, text, is.Length);
	stage_free(s);
}

static void wake_source_lists(void **state)
{
	struct stage *s = loaded();
	NET_WAKE_SOURCE_LIST list;

	NET_WAKE_SOURCE_LIST_INIT(&list);
	NetDeviceGetWakeSourceList(device_of(s), &list);
	assert_null(NetWakeSourceListGetElement(SIZED(list), 4711));
	assert_true(read_once_end());
	assert_int_equal(NetWakeSourceListGetCount(SIZED(list)), 0);
	assert_true(read_once_end());
	stage_free(s);
}

/* The tool itself: a second look sees something else. */
static void what_was_read_is_overwritten(void **state)
{
	const ULONG numbers[4] = { 1, 2, 3, 4 };
	const volatile ULONG *n = read_once(numbers, sizeof(numbers), 4);
	ULONG first = n[2], again = n[2], kept = n[0], last = n[3];

	assert_true(read_once_end());
	assert_int_equal(first, 3);
	assert_int_equal(again, 0xA5A5A5A5);
	assert_int_equal(kept, 1);
	assert_int_equal(last, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_read_is_overwritten),
		cmocka_unit_test(datapath_capabilities),
		cmocka_unit_test(receive_buffers_of_the_driver),
		cmocka_unit_test(addresses),
		cmocka_unit_test(link_state),
		cmocka_unit_test(offload_capabilities),
		cmocka_unit_test(receive_filter_capabilities),
		cmocka_unit_test(what_an_init_object_takes),
		cmocka_unit_test(execution_contexts_and_tasks),
		cmocka_unit_test(names_and_strings),
		cmocka_unit_test(wake_source_lists),
	};

	if (!read_once_can())
		return 77; /* meson: skipped */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
