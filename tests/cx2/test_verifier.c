/* SPDX-License-Identifier: MIT */
/*
 * Every rule of 2.x that ends a driver, broken by the recorder in a child process, once compiled
 * for 2.0 and once for 2.5: the report names rule, number and version, DDI and adapter, says what
 * was passed, and has the bug check's parameters and the driver's own backtrace.
 */
#include <stdio.h>

#include "base/array.h"
#include "broken.h"
#include "nt/violation.h"
#include "recorder.h"
#include "stage/child.h"
#include "test.h"

static const struct broken adapter_rules[] = {
	{ "passive", { 1, 1 }, "IrqlIsNotPassive", "NetAdapterStart", "IRQL is 2", ", 2." },
	{ "dispatch",
	  { 2, 2 },
	  "IrqlNotLessOrEqualDispatch",
	  "NetAdapterSetLinkState",
	  "IRQL is 5",
	  ", 5." },
	{ "start-twice", { 3, 3 }, "AdapterAlreadyStarted", "NetAdapterStart", "is started", "." },
	{ "permanent-address-started",
	  { 3, 3 },
	  "AdapterAlreadyStarted",
	  "NetAdapterSetPermanentLinkLayerAddress",
	  "is started",
	  "." },
	{ "init-null",
	  { 14, 15 },
	  "ParameterCantBeNull",
	  "NetAdapterInitFree",
	  "AdapterInit is NULL",
	  "." },
	{ "init-device-null",
	  { 14, 15 },
	  "ParameterCantBeNull",
	  "NetAdapterInitAllocate",
	  "Device is NULL",
	  "." },
	{ "init-bogus",
	  { 38, 39 },
	  "InvalidNetAdapterInitSignature",
	  "NetAdapterCreate",
	  "no such object",
	  ", " },
	{ "init-twice",
	  { 39, 40 },
	  "NetAdapterInitAlreadyUsed",
	  "NetAdapterCreate",
	  "has made adapter \"Ethernet #2\"",
	  ", " },
	{ "adapter-parent",
	  { 22, 23 },
	  "ParentObjectNotNull",
	  "NetAdapterCreate",
	  "ParentObject is",
	  "." },
	{ "tx-callback-null",
	  { 37, 38 },
	  "InvalidDatapathCallbacks",
	  "NetAdapterInitSetDatapathCallbacks",
	  "EvtAdapterCreateTxQueue is NULL",
	  ", " },
	{ "rx-callback-null",
	  { 37, 38 },
	  "InvalidDatapathCallbacks",
	  "NetAdapterInitSetDatapathCallbacks",
	  "EvtAdapterCreateRxQueue is NULL",
	  ", " },
	{ "callbacks-null",
	  { 14, 15 },
	  "ParameterCantBeNull",
	  "NetAdapterInitSetDatapathCallbacks",
	  "DatapathCallbacks is NULL",
	  "." },
	{ "demux-size",
	  { ABSENT, 8 },
	  "InvalidStructTypeSize",
	  "NetAdapterInitAddTxDemux",
	  "NET_ADAPTER_TX_DEMUX.Size is 4, 12",
	  ", 4, C." },
	{ "demux-type",
	  { ABSENT, 82 },
	  "InvalidTxDemuxType",
	  "NetAdapterInitAddTxDemux",
	  "Type is 2",
	  ", " },
	{ "demux-one",
	  { ABSENT, 83 },
	  "InvalidTxDemuxRange",
	  "NetAdapterInitAddTxDemux",
	  "Range is 1",
	  ", " },
	{ "demux-nine",
	  { ABSENT, 83 },
	  "InvalidTxDemuxRange",
	  "NetAdapterInitAddTxDemux",
	  "Range is 9",
	  ", " },
};

#define DATAPATH "NetAdapterSetDataPathCapabilities"
#define SCALING  "NetAdapterSetReceiveScalingCapabilities"
#define STATE    "NetAdapterSetLinkState"

static const struct broken capability_rules[] = {
	{ "tx-size",
	  { 8, 8 },
	  "InvalidStructTypeSize",
	  DATAPATH,
	  "NET_ADAPTER_TX_CAPABILITIES.Size is 55, 56",
	  ", 37, 38." },
	{ "rx-size",
	  { 8, 8 },
	  "InvalidStructTypeSize",
	  DATAPATH,
	  "NET_ADAPTER_RX_CAPABILITIES.Size is 57, 56",
	  ", 39, 38." },
	{ "dma-size",
	  { 8, 8 },
	  "InvalidStructTypeSize",
	  DATAPATH,
	  "NET_ADAPTER_DMA_CAPABILITIES.Size is 0, 32",
	  ", 0, 20." },
	{ "tx-dma",
	  { 31, 32 },
	  "InvalidAdapterTxCapabilities",
	  DATAPATH,
	  "DmaCapabilities is NULL",
	  ", 1." },
	{ "tx-enabler",
	  { 31, 32 },
	  "InvalidAdapterTxCapabilities",
	  DATAPATH,
	  "DmaEnabler is NULL",
	  ", 1." },
	{ "tx-version",
	  { 31, 32 },
	  "InvalidAdapterTxCapabilities",
	  DATAPATH,
	  "WdmDmaVersionOverride is 2",
	  ", 2." },
	{ "tx-queues",
	  { 31, 32 },
	  "InvalidAdapterTxCapabilities",
	  DATAPATH,
	  "MaximumNumberOfQueues is 0",
	  ", 3." },
	{ "tx-alignment",
	  { 31, 32 },
	  "InvalidAdapterTxCapabilities",
	  DATAPATH,
	  "FragmentBufferAlignment is 3",
	  ", 4." },
	{ "tx-hint",
	  { 25, 26 },
	  "NotPowerOfTwo",
	  DATAPATH,
	  "FragmentRingNumberOfElementsHint is 1000",
	  ", 3E8, 5." },
	{ "rx-attachment",
	  { 32, 33 },
	  "InvalidAdapterRxCapabilities",
	  DATAPATH,
	  "AttachmentMode is 0",
	  "." },
	{ "rx-return-null",
	  { 32, 33 },
	  "InvalidAdapterRxCapabilities",
	  DATAPATH,
	  "EvtAdapterReturnRxBuffer is NULL",
	  "." },
	{ "rx-dma",
	  { 32, 33 },
	  "InvalidAdapterRxCapabilities",
	  DATAPATH,
	  "DmaCapabilities is NULL",
	  ", 1." },
	{ "rx-version",
	  { 32, 33 },
	  "InvalidAdapterRxCapabilities",
	  DATAPATH,
	  "WdmDmaVersionOverride is 2",
	  ", 2." },
	{ "rx-queues",
	  { 32, 33 },
	  "InvalidAdapterRxCapabilities",
	  DATAPATH,
	  "MaximumNumberOfQueues is 0",
	  ", 3." },
	{ "rx-alignment",
	  { 25, 26 },
	  "NotPowerOfTwo",
	  DATAPATH,
	  "FragmentBufferAlignment is 48",
	  ", 30, 4." },
	{ "rx-hint",
	  { 25, 26 },
	  "NotPowerOfTwo",
	  DATAPATH,
	  "FragmentRingNumberOfElementsHint is 3",
	  ", 3, 5." },
	{ "datapath-started", { 3, 3 }, "AdapterAlreadyStarted", DATAPATH, "is started", "." },
	{ "link-size",
	  { 8, 8 },
	  "InvalidStructTypeSize",
	  "NetAdapterSetLinkLayerCapabilities",
	  "NET_ADAPTER_LINK_LAYER_CAPABILITIES.Size is 4, 24",
	  ", 4, 18." },
	{ "link-started",
	  { 3, 3 },
	  "AdapterAlreadyStarted",
	  "NetAdapterSetLinkLayerCapabilities",
	  "is started",
	  "." },
	{ "state-connect",
	  { 13, 14 },
	  "InvalidLinkState",
	  STATE,
	  "MediaConnectState is 3",
	  ", 0, 3." },
	{ "state-duplex",
	  { 13, 14 },
	  "InvalidLinkState",
	  STATE,
	  "MediaDuplexState is 7",
	  ", 1, 7." },
	{ "state-pause",
	  { 13, 14 },
	  "InvalidLinkState",
	  STATE,
	  "SupportedPauseFunctions is 5",
	  ", 2, 5." },
	{ "state-negotiated",
	  { 13, 14 },
	  "InvalidLinkState",
	  STATE,
	  "AutoNegotiationFlags is 0x10",
	  ", 3, 10." },
	{ "mtu-zero",
	  { 18, 19 },
	  "MtuMustBeGreaterThanZero",
	  "NetAdapterSetLinkLayerMtuSize",
	  "MtuSize is 0",
	  "." },
	{ "address-too-long",
	  { 10, 10 },
	  "MacAddressLengthTooLong",
	  "NetAdapterSetCurrentLinkLayerAddress",
	  "Length is 33",
	  ", 21, 20." },
	{ "scaling-table", { 25, 26 }, "NotPowerOfTwo", SCALING, "TableSize is 100", ", 64." },
	{ "scaling-queues", { 25, 26 }, "NotPowerOfTwo", SCALING, "NumberOfQueues is 3", ", 3." },
	{ "scaling-hash",
	  { 33, 34 },
	  "InvalidReceiveScalingHashType",
	  SCALING,
	  "HashTypes is 0x2",
	  ", 2." },
	{ "scaling-protocol",
	  { 34, 35 },
	  "InvalidReceiveScalingProtocolType",
	  SCALING,
	  "ProtocolTypes is 0x40",
	  ", 40." },
	{ "scaling-outer",
	  { 35, 36 },
	  "InvalidReceiveScalingEncapsulationType",
	  SCALING,
	  "Outer is 0x4",
	  ", 4." },
	{ "scaling-inner",
	  { 35, 36 },
	  "InvalidReceiveScalingEncapsulationType",
	  SCALING,
	  "Inner is 0x8",
	  ", 8." },
	{ "scaling-started", { 3, 3 }, "AdapterAlreadyStarted", SCALING, "is started", "." },
	{ "scaling-null", { 14, 15 }, "ParameterCantBeNull", SCALING, "Capabilities is NULL", "." },
};

#define FILTER        "NetAdapterSetReceiveFilterCapabilities"

#define PACKET_FILTER "NetAdapterSetPacketFilterCapabilities"

static const struct broken filter_rules[] = {
	{ "packet-filter-size",
	  { 8, ABSENT },
	  "InvalidStructTypeSize",
	  PACKET_FILTER,
	  "Size is 8, 16",
	  ", 8, 10." },
	{ "packet-filter-callback",
	  { 12, ABSENT },
	  "InvalidSetPacketFilterCallBack",
	  PACKET_FILTER,
	  "EvtSetPacketFilter is NULL",
	  "." },
	{ "packet-filter-unknown",
	  { 11, ABSENT },
	  "InvalidPacketFilterCapabilities",
	  PACKET_FILTER,
	  "SupportedPacketFilters is 0x81",
	  ", 0, 81." },
	{ "packet-filter-started",
	  { 3, ABSENT },
	  "AdapterAlreadyStarted",
	  PACKET_FILTER,
	  "is started",
	  "." },
	{ "multicast-size",
	  { 8, ABSENT },
	  "InvalidStructTypeSize",
	  "NetAdapterSetMulticastCapabilities",
	  "Size is 4, 16",
	  ", 4, 10." },
	{ "filter-size",
	  { ABSENT, 8 },
	  "InvalidStructTypeSize",
	  FILTER,
	  "Size is 8, 24",
	  ", 8, 18." },
	{ "filter-callback",
	  { ABSENT, 12 },
	  "InvalidSetReceiveFilterCallBack",
	  FILTER,
	  "EvtSetReceiveFilter is NULL",
	  "." },
	{ "filter-unknown",
	  { ABSENT, 11 },
	  "InvalidReceiveFilterCapabilities",
	  FILTER,
	  "SupportedPacketFilters is 0x41",
	  ", 0, 41." },
	{ "filter-nothing",
	  { ABSENT, 11 },
	  "InvalidReceiveFilterCapabilities",
	  FILTER,
	  "0x0, MaximumMulticastAddresses is 0",
	  "." },
	{ "filter-no-room",
	  { ABSENT, 11 },
	  "InvalidReceiveFilterCapabilities",
	  FILTER,
	  "0x2, MaximumMulticastAddresses is 0",
	  ", 2." },
	{ "filter-no-flag",
	  { ABSENT, 11 },
	  "InvalidReceiveFilterCapabilities",
	  FILTER,
	  "0x1, MaximumMulticastAddresses is 3",
	  ", 1, 3." },
	{ "filter-started", { ABSENT, 3 }, "AdapterAlreadyStarted", FILTER, "is started", "." },
	{ "filter-thread",
	  { ABSENT, 13 },
	  "SetReceiveFilterFromWrongThread",
	  "NetReceiveFilterGetPacketFilter",
	  "on another thread",
	  "." },
	{ "filter-kept",
	  { ABSENT, 13 },
	  "SetReceiveFilterFromWrongThread",
	  "NetReceiveFilterGetMulticastAddressList",
	  "EvtSetReceiveFilter has returned",
	  "." },
	{ "filter-dirql",
	  { ABSENT, 2 },
	  "IrqlNotLessOrEqualDispatch",
	  "NetReceiveFilterGetMulticastAddressCount",
	  "IRQL is 5",
	  ", 5." },
	/* Of WiFi, which is not here. */
	{ "wifi-wmm",
	  { ABSENT, 87 },
	  "DemuxNotPresent",
	  "NetTxQueueGetDemuxWmmInfo",
	  "does not go by WMM class",
	  ", " },
	{ "wifi-peer",
	  { ABSENT, 87 },
	  "DemuxNotPresent",
	  "NetTxQueueGetDemuxPeerAddress",
	  "does not go by peer",
	  ", " },
	{ "wifi-wmm-receive",
	  { ABSENT, 44 },
	  "InvalidQueueHandle",
	  "NetTxQueueGetDemuxWmmInfo",
	  "",
	  "" },
	{ "wifi-peer-receive",
	  { ABSENT, 44 },
	  "InvalidQueueHandle",
	  "NetTxQueueGetDemuxPeerAddress",
	  "",
	  "" },
	{ "wifi-datapath",
	  { ABSENT, 43 },
	  "IllegalPrivateApiCall",
	  "NetAdapterWifiDestroyPeerAddressDatapath",
	  "an adapter of an Ethernet driver",
	  "." },
	{ "reset-size",
	  { ABSENT, 85 },
	  "ResetDiagnosticsSizeTooLarge",
	  "NetDeviceStoreResetDiagnostics",
	  "ResetDiagnosticsSize is 1048577",
	  ", 100001, 100000." },
	{ "reset-twice",
	  { ABSENT, 86 },
	  "IsNotCollectingResetDiagnostics",
	  "NetDeviceStoreResetDiagnostics",
	  "has stored them already",
	  ", " },
	{ "reset-outside",
	  { ABSENT, 86 },
	  "IsNotCollectingResetDiagnostics",
	  "NetDeviceStoreResetDiagnostics",
	  "is not running here",
	  ", " },
};

#define CREATE "NetRequestQueueCreate"

/* Of the preview of 2.0 alone. */
static const struct broken request_rules[] = {
	{ "request-queue-size",
	  { 8, ABSENT },
	  "InvalidStructTypeSize",
	  CREATE,
	  "Size is 1, 96",
	  ", 1, 60." },
	{ "request-queue-adapter",
	  { 9, ABSENT },
	  "InvalidQueueConfiguration",
	  CREATE,
	  "Adapter is NULL",
	  "." },
	{ "request-queue-set",
	  { 9, ABSENT },
	  "InvalidQueueConfiguration",
	  CREATE,
	  "SizeOfSetDataHandler is 7",
	  ", 7, 28." },
	{ "request-queue-query",
	  { 9, ABSENT },
	  "InvalidQueueConfiguration",
	  CREATE,
	  "SizeOfQueryDataHandler is 8",
	  ", 8, 28." },
	{ "request-queue-method",
	  { 9, ABSENT },
	  "InvalidQueueConfiguration",
	  CREATE,
	  "SizeOfMethodHandler is 9",
	  ", 9, 28." },
	{ "request-queue-type",
	  { 17, ABSENT },
	  "InvalidRequestQueueType",
	  CREATE,
	  "Type is 9",
	  ", 9." },
	{ "request-queue-twice",
	  { 7, ABSENT },
	  "DefaultRequestQueueAlreadyExists",
	  CREATE,
	  "a default sequential queue already",
	  ", 1." },
	{ "complete-pending",
	  { 5, ABSENT },
	  "CompletingNetRequestWithPendingStatus",
	  "NetRequestSetDataComplete",
	  "STATUS_PENDING",
	  "." },
	{ "complete-without-pending",
	  { 5, ABSENT },
	  "CompletingNetRequestWithPendingStatus",
	  "NetRequestCompleteWithoutInformation",
	  "STATUS_PENDING",
	  "." },
	{ "complete-query-pending",
	  { 5, ABSENT },
	  "CompletingNetRequestWithPendingStatus",
	  "NetRequestQueryDataComplete",
	  "STATUS_PENDING",
	  "." },
	{ "complete-method-pending",
	  { 5, ABSENT },
	  "CompletingNetRequestWithPendingStatus",
	  "NetRequestMethodComplete",
	  "STATUS_PENDING",
	  "." },
	{ "complete-set",
	  { 6, ABSENT },
	  "InvalidNetRequestType",
	  "NetRequestSetDataComplete",
	  "type is 0",
	  "." },
	{ "complete-query",
	  { 6, ABSENT },
	  "InvalidNetRequestType",
	  "NetRequestQueryDataComplete",
	  "type is 1",
	  ", 1." },
	{ "complete-method",
	  { 6, ABSENT },
	  "InvalidNetRequestType",
	  "NetRequestMethodComplete",
	  "type is 1",
	  ", 1." },
	{ "request-dirql",
	  { 2, ABSENT },
	  "IrqlNotLessOrEqualDispatch",
	  "NetRequestGetId",
	  "IRQL is 3",
	  ", 3." },
	{ "request-attributes-null",
	  { 14, ABSENT },
	  "ParameterCantBeNull",
	  "NetAdapterInitSetNetRequestAttributes",
	  "NetRequestAttributes is NULL",
	  "." },
	{ "request-attributes-init-null",
	  { 14, ABSENT },
	  "ParameterCantBeNull",
	  "NetAdapterInitSetNetRequestAttributes",
	  "AdapterInit is NULL",
	  "." },
	{ "request-attributes-late",
	  { 39, ABSENT },
	  "NetAdapterInitAlreadyUsed",
	  "NetAdapterInitSetNetRequestAttributes",
	  "has made adapter \"Ethernet #2\"",
	  ", " },
};

/* A number of the rule's, or 0: it may be called there. */
static void check_irql(const char *name, unsigned minor, int number)
{
	static struct child_end end;
	char rule[128], text[256];
	struct broken_life life = { rule, minor };
	const char *parameters = number == 1   ? "0x19E, 1, 2."
				 : number == 2 ? "0x19E, 2, 3."
					       : "0x19E, 2B.";

	snprintf(rule, sizeof(rule), "irql %s", name);
	if (!number) {
		broken_survives(rule, minor);
		return;
	}
	snprintf(text, sizeof(text), "violation %d %s in %s", number,
		 number == 1   ? "IrqlIsNotPassive"
		 : number == 2 ? "IrqlNotLessOrEqualDispatch"
			       : "IllegalPrivateApiCall",
		 name);
	child_run(&end, broken_live, &life);
	if (end.exit_code != NT_VIOLATION_EXIT_CODE || !strstr(end.text, text) ||
	    !strstr(end.text, parameters))
		fail_msg("2.%u, %s: no \"%s\" with %s in\n%s", minor, name, text, parameters,
			 end.text);
}

/* Every export one level too high, whatever else is wrong; those that have no such rule, highest.
 */
static void irql_comes_first(void **state)
{
#define PASSIVE_20(name, call)   check_irql(#name, 0, 1);
#define PASSIVE_25(name, call)   check_irql(#name, 5, 1);
#define PASSIVE(name, call)      check_irql(#name, 0, 1), check_irql(#name, 5, 1);
#define DISPATCH_20(name, call)  check_irql(#name, 0, 2);
#define DISPATCH_25(name, call)  check_irql(#name, 5, 2);
#define DISPATCH(name, call)     check_irql(#name, 0, 2), check_irql(#name, 5, 2);
#define HIGH_25(name, call)      check_irql(#name, 5, 0);
#define HIGH(name, call)         check_irql(#name, 0, 0), check_irql(#name, 5, 0);
#define EXTENSION_25(name, call) check_irql(#name, 5, 43);
#include "drivers/irql_list.h"
}

static void requests(void **state)
{
	broken_check(request_rules, ARRAY_COUNT(request_rules));
}

/* Rules that only stop a debugger: the report, then a status. */
static void a_bad_handler_is_told_softly(void **state)
{
	static const struct {
		const char *name, *parameters, *line;
	} soft[] = {
		{ "request-queue-handler-null", "bug check 0x19E, 10, 1.",
		  "RequestQueueCreate=c000000d" },
		{ "request-queue-allocation", "bug check 0x19E, 10.",
		  "RequestQueueCreate=c000009a" },
		{ "request-queue-other-error", "bug check 0x19E, 10, 2.",
		  "RequestQueueCreate=c0000001" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(soft); i++) {
		static struct child_end end;
		struct broken_life life = { soft[i].name, 0 };

		child_run(&end, broken_live, &life);
		assert_int_equal(end.exit_code, 0);
		assert_non_null(
			strstr(end.text, "violation 16 QueueConfigurationHasError in " CREATE));
		assert_non_null(strstr(end.text, "NetAdapterCx 2.0"));
		assert_non_null(strstr(end.text, soft[i].parameters));
		assert_non_null(strstr(end.text, soft[i].line));
	}
}

/* WDF's own: the framework's object, and a handle that is gone. */
static void requests_are_the_frameworks(void **state)
{
	struct broken_life deleted = { "delete-request", 0 }, twice = { "complete-twice", 0 };

	child_violates(broken_live, &deleted, "violation 0x10D ", "WdfObjectDelete", "NETREQUEST",
		       "0x10D, 7", NULL);
	child_violates(broken_live, &twice, "violation 0x10D ", "NetRequestSetDataComplete",
		       "has been deleted", "0x10D, 5", NULL);
}

static void adapters(void **state)
{
	broken_check(adapter_rules, ARRAY_COUNT(adapter_rules));
}

static void capabilities(void **state)
{
	broken_check(capability_rules, ARRAY_COUNT(capability_rules));
}

static void filters_and_resets(void **state)
{
	broken_check(filter_rules, ARRAY_COUNT(filter_rules));
}

/* What Windows has no number of NetAdapterCx for. */
static void started_adapter_is_not_deleted(void **state)
{
	struct broken_life life = { "delete-started", 5 };

	child_violates(broken_live, &life, "violation 0x10D ", "WdfObjectDelete",
		       "NETADAPTER that is started", "0x10D, 7", NULL);
}

static void scaling_has_all_callbacks(void **state)
{
	struct broken_life life = { "scaling-callbacks", 5 };

	child_violates(broken_live, &life, "violation 0x7E ReceiveScalingCallbackNull in " SCALING,
		       "EvtAdapterReceiveScalingEnable is NULL", NULL);
}

/* What a driver of both versions would do: its 2.x device and adapter in the hands of 1.3. */
extern void *netcx_1_3_NetAdapterInitAllocate(void *device);
extern void netcx_1_3_NetAdapterStop(void *adapter);

static void mix(void *context)
{
	const struct broken_life *life = context;
	struct stage *s = stage_with(life->minor);

	stage_up(s);
	stage_enter(s);
	if (!strcmp(life->name, "device"))
		netcx_1_3_NetAdapterInitAllocate(options->Device);
	else
		netcx_1_3_NetAdapterStop(options->Adapter);
}

static void a_driver_keeps_to_one_version(void **state)
{
	struct broken_life device = { "device", 5 }, adapter = { "adapter", 5 };

	child_violates(mix, &device, "DeviceWithoutNetAdapterCx in NetAdapterInitAllocate",
		       "The device was made by NetAdapterCx 2.0's call",
		       "NetAdapterDeviceInitConfig", "keeps to one version", NULL);
	child_violates(mix, &adapter, "violation 0x10D", "NetAdapterStop",
		       "is a NETADAPTER of another version of its API", NULL);
}

static void right_use_survives(void **state)
{
	static const char *const names[] = { "datapath-right", "rx-driver-right", "state-size",
					     "demux-two", "filter-right" };

	for (size_t i = 0; i < ARRAY_COUNT(names); i++)
		broken_survives(names[i], 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adapters),
		cmocka_unit_test(capabilities),
		cmocka_unit_test(filters_and_resets),
		cmocka_unit_test(requests),
		cmocka_unit_test(irql_comes_first),
		cmocka_unit_test(a_bad_handler_is_told_softly),
		cmocka_unit_test(requests_are_the_frameworks),
		cmocka_unit_test(started_adapter_is_not_deleted),
		cmocka_unit_test(scaling_has_all_callbacks),
		cmocka_unit_test(a_driver_keeps_to_one_version),
		cmocka_unit_test(right_use_survives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
