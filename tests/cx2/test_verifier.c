/* SPDX-License-Identifier: MIT */
/*
 * Every rule of 2.x that ends a driver, broken by the recorder in a child process, once compiled
 * for 2.0 and once for 2.5: the report names rule, number and version, DDI and adapter, says what
 * was passed, and has the bug check's parameters and the driver's own backtrace.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nt/violation.h"
#include "recorder.h"
#include "stage/child.h"

#define ABSENT (-1) /* the version has no such rule or call */

struct broken {
	const char *name; /* in drivers/rules*.c */
	int number[2];    /* of 2.0, of 2.5 */
	const char *rule, *call;
	const char *passed;     /* a part of the sentence */
	const char *parameters; /* 2 and 3 of the bug check, as far as they are known beforehand */
};

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

#define FILTER "NetAdapterSetReceiveFilterCapabilities"

static const struct broken filter_rules[] = {
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

struct life {
	const char *name;
	unsigned minor;
};

/* The driver's whole life with one rule broken. */
static void live(void *context)
{
	const struct life *life = context;
	struct stage *s = stage_with(life->minor);
	ULONG filter = 1;

	options->Break = life->name;
	options->ReceiveFilter = strstr(life->name, "-thread") || strstr(life->name, "-kept") ||
				 strstr(life->name, "-dirql");
	options->Reset = !strncmp(life->name, "reset-", 6);
	if (NT_SUCCESS(stage_bring_up(s)) && options->ReceiveFilter)
		stage_oid(s, NdisRequestSetInformation, OID_GEN_CURRENT_PACKET_FILTER, &filter,
			  sizeof(filter));
	for (int i = 0; i < s->journal.count; i++)
		fprintf(stderr, "line: %s\n", s->journal.lines[i]);
	stage_free(s);
}

static void expect(const char *report, const char *part, const struct life *life)
{
	if (!strstr(report, part))
		fail_msg("2.%u, %s: no \"%s\" in\n%s", life->minor, life->name, part, report);
}

static void check_one(const struct broken *r, unsigned minor, int number)
{
	static struct child_end end;
	struct life life = { r->name, minor };
	char text[256];

	child_run(&end, live, &life);
	if (end.exit_code != NT_VIOLATION_EXIT_CODE)
		fail_msg("2.%u, %s: exit code %d\n%s", minor, r->name, end.exit_code, end.text);
	snprintf(text, sizeof(text), "violation %d %s in %s", number, r->rule, r->call);
	expect(end.text, text, &life);
	expect(end.text, r->passed, &life);
	snprintf(text, sizeof(text), "0x19E, %X", (unsigned)number);
	expect(end.text, text, &life);
	expect(end.text, r->parameters, &life);
	snprintf(text, sizeof(text), "NetAdapterCx 2.%u", minor);
	expect(end.text, text, &life);
	expect(end.text, "#0 ", &life);
	expect(end.text, ".c:", &life);
}

static void check(const struct broken *rules, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (rules[i].number[0] != ABSENT)
			check_one(&rules[i], 0, rules[i].number[0]);
		check_one(&rules[i], 5, rules[i].number[1]);
	}
}

#define CHECK(rules) check(rules, sizeof(rules) / sizeof((rules)[0]))

static void adapters(void **state)
{
	CHECK(adapter_rules);
}

static void capabilities(void **state)
{
	CHECK(capability_rules);
}

static void filters_and_resets(void **state)
{
	CHECK(filter_rules);
}

/* What Windows has no number of NetAdapterCx for. */
static void started_adapter_is_not_deleted(void **state)
{
	struct life life = { "delete-started", 5 };

	child_violates(live, &life, "violation 0x10D ", "WdfObjectDelete",
		       "NETADAPTER that is started", "0x10D, 7", NULL);
}

static void scaling_has_all_callbacks(void **state)
{
	struct life life = { "scaling-callbacks", 5 };

	child_violates(live, &life, "violation 0x7E ReceiveScalingCallbackNull in " SCALING,
		       "EvtAdapterReceiveScalingEnable is NULL", NULL);
}

static void right_use_survives(void **state)
{
	static const char *const names[] = { "datapath-right", "rx-driver-right", "state-size",
					     "demux-two", "filter-right" };
	static struct child_end end;

	for (size_t i = 0; i < 5; i++) {
		struct life life = { names[i], 5 };

		child_run(&end, live, &life);
		assert_int_equal(end.exit_code, 0);
		assert_null(strstr(end.text, "violation"));
		expect(end.text, "line: NetAdapterStart=00000000", &life);
		expect(end.text, "line: survived", &life);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adapters),
		cmocka_unit_test(capabilities),
		cmocka_unit_test(filters_and_resets),
		cmocka_unit_test(started_adapter_is_not_deleted),
		cmocka_unit_test(scaling_has_all_callbacks),
		cmocka_unit_test(right_use_survives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
