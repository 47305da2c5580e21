/* SPDX-License-Identifier: MIT */
/*
 * Every rule that ends a driver: broken by the recorder in a child process. The report names rule,
 * number, DDI and adapter, says what was passed and what is demanded, has the bug check's
 * parameters and the driver's own backtrace; the exit code is 158.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cx/api/1.3/verifier.h"
#include "nt/violation.h"
#include "recorder.h"
#include "stage/child.h"

struct broken {
	const char *name; /* in drivers/rules*.c */
	int code;
	const char *rule, *call;
	const char *passed;   /* a part of the sentence */
	const char *bugcheck; /* parameters as far as they are known beforehand */
};

static const struct broken adapter_rules[] = {
	{ "passive", 1, "IrqlIsNotPassive", "NetAdapterStart", "IRQL is 2", "0x19E, 1, 2." },
	{ "dispatch", 2, "IrqlNotLessOrEqualDispatch", "NetAdapterSetCurrentLinkState", "IRQL is 5",
	  "0x19E, 2, 5." },
	{ "start-twice", 3, "AdapterAlreadyStarted", "NetAdapterStart", "is started", "0x19E, 3." },
	{ "permanent-address-started", 3, "AdapterAlreadyStarted",
	  "NetAdapterSetPermanentLinkLayerAddress", "is started", "0x19E, 3." },
	{ "delete-default", 45, "IllegalAdapterDelete", "WdfObjectDelete", "is started",
	  "0x19E, 2D." },
	{ "init-null", 15, "ParameterCantBeNull", "NetAdapterInitFree", "AdapterInit is NULL",
	  "0x19E, F." },
	{ "init-device-null", 15, "ParameterCantBeNull", "NetDefaultAdapterInitAllocate",
	  "Device is NULL", "0x19E, F." },
	{ "init-bogus", 48, "InvalidNetAdapterInitSignature", "NetAdapterCreate", "no such object",
	  "0x19E, 30, " },
	{ "init-twice", 49, "NetAdapterInitAlreadyUsed", "NetAdapterCreate",
	  "has made adapter \"Ethernet #2\"", "0x19E, 31, " },
	{ "init-changed", 49, "NetAdapterInitAlreadyUsed", "NetAdapterInitSetNetRequestAttributes",
	  "has made adapter", "0x19E, 31, " },
	{ "extension-init-bogus", 50, "InvalidNetAdapterExtensionInitSignature",
	  "NetAdapterExtensionInitSetNetRequestPreprocessCallback", "no such object",
	  "0x19E, 32, " },
	{ "adapter-parent", 27, "ParentObjectNotNull", "NetAdapterCreate", "ParentObject is",
	  "0x19E, 1B." },
	{ "callback-null", 47, "InvalidDatapathCallbacks", "EvtAdapterCreateRxQueue", "is NULL",
	  "0x19E, 2F, " },
	{ "query-flags", 16, "InvalidQueryUlongFlag", "NetConfigurationQueryUlong", "Flags is 0x10",
	  "0x19E, 10, 10." },
	{ "query-address-null", 15, "ParameterCantBeNull", "NetConfigurationQueryLinkLayerAddress",
	  "LinkLayerAddress is NULL", "0x19E, F." },
	{ "power-any-time", 4, "EvtArmDisarmWakeNotInProgress",
	  "NetPowerSettingsGetWakePatternCount", "No such callback", "0x19E, 4." },
	{ "power-flags", 10, "InvalidPowerCapabilities", "NetAdapterSetPowerCapabilities",
	  "Flags is 0x4", "0x19E, A, 0, 4." },
	{ "power-patterns", 10, "InvalidPowerCapabilities", "NetAdapterSetPowerCapabilities",
	  "SupportedWakePatterns is 0x10", "0x19E, A, 1, 10." },
	{ "power-offloads", 10, "InvalidPowerCapabilities", "NetAdapterSetPowerCapabilities",
	  "SupportedProtocolOffloads is 0x4", "0x19E, A, 2, 4." },
	{ "power-wake-up", 10, "InvalidPowerCapabilities", "NetAdapterSetPowerCapabilities",
	  "SupportedWakeUpEvents is 0x4", "0x19E, A, 3, 4." },
	{ "power-media", 10, "InvalidPowerCapabilities", "NetAdapterSetPowerCapabilities",
	  "SupportedMediaSpecificWakeUpEvents is 0x80000000", "0x19E, A, 4, 80000000." },
	{ "power-preview-changed", 10, "InvalidPowerCapabilities", "NetAdapterSetPowerCapabilities",
	  "EvtAdapterPreviewWakePattern has changed", "0x19E, A, 5, 40." },
	{ "power-offload-preview-changed", 10, "InvalidPowerCapabilities",
	  "NetAdapterSetPowerCapabilities", "EvtAdapterPreviewProtocolOffload has changed",
	  "0x19E, A, 6, 40." },
	{ "power-references-changed", 10, "InvalidPowerCapabilities",
	  "NetAdapterSetPowerCapabilities", "ManageS0IdlePowerReferences has changed",
	  "0x19E, A, 7, 1." },
};

static const struct broken capability_rules[] = {
	{ "tx-size", 8, "InvalidStructTypeSize", "NetAdapterSetDatapathCapabilities",
	  "NET_ADAPTER_TX_CAPABILITIES.Size is 63, 64 is expected", "0x19E, 8, 3F, 40." },
	{ "rx-size", 8, "InvalidStructTypeSize", "NetAdapterSetDatapathCapabilities",
	  "NET_ADAPTER_RX_CAPABILITIES.Size", "0x19E, 8, 39, 38." },
	{ "dma-size", 8, "InvalidStructTypeSize", "NetAdapterSetDatapathCapabilities",
	  "NET_ADAPTER_DMA_CAPABILITIES.Size is 0", "0x19E, 8, 0, 20." },
	{ "tx-null", 15, "ParameterCantBeNull", "NetAdapterSetDatapathCapabilities",
	  "TxCapabilities is NULL", "0x19E, F." },
	{ "tx-dma", 40, "InvalidAdapterTxCapabilities", "NetAdapterSetDatapathCapabilities",
	  "DmaCapabilities is NULL", "0x19E, 28, " },
	{ "tx-queues", 40, "InvalidAdapterTxCapabilities", "NetAdapterSetDatapathCapabilities",
	  "MaximumNumberOfQueues is 0", "0x19E, 28, " },
	{ "tx-alignment", 40, "InvalidAdapterTxCapabilities", "NetAdapterSetDatapathCapabilities",
	  "FragmentBufferAlignment is 3", "0x19E, 28, " },
	{ "tx-hint", 31, "NotPowerOfTwo", "NetAdapterSetDatapathCapabilities",
	  "FragmentRingNumberOfElementsHint is 1000", "0x19E, 1F, 3E8, 4." },
	{ "rx-attachment", 41, "InvalidAdapterRxCapabilities", "NetAdapterSetDatapathCapabilities",
	  "AttachmentMode is 0", "0x19E, 29, " },
	{ "rx-return-null", 41, "InvalidAdapterRxCapabilities", "NetAdapterSetDatapathCapabilities",
	  "EvtAdapterReturnRxBuffer is NULL", "0x19E, 29, " },
	{ "rx-dma", 41, "InvalidAdapterRxCapabilities", "NetAdapterSetDatapathCapabilities",
	  "DmaCapabilities is NULL", "0x19E, 29, " },
	{ "rx-queues", 41, "InvalidAdapterRxCapabilities", "NetAdapterSetDatapathCapabilities",
	  "MaximumNumberOfQueues is 0", "0x19E, 29, " },
	{ "rx-alignment", 31, "NotPowerOfTwo", "NetAdapterSetDatapathCapabilities",
	  "FragmentBufferAlignment is 48", "0x19E, 1F, 30, 3." },
	{ "rx-hint", 31, "NotPowerOfTwo", "NetAdapterSetDatapathCapabilities",
	  "FragmentRingNumberOfElementsHint is 3", "0x19E, 1F, 3, 4." },
	{ "datapath-started", 3, "AdapterAlreadyStarted", "NetAdapterSetDatapathCapabilities",
	  "is started", "0x19E, 3." },
	{ "link-size", 8, "InvalidStructTypeSize", "NetAdapterSetLinkLayerCapabilities",
	  "Size is 4", "0x19E, 8, 4, 20." },
	{ "link-statistics", 12, "InvalidLinkLayerCapabilities",
	  "NetAdapterSetLinkLayerCapabilities", "SupportedStatistics is 0x00800000",
	  "0x19E, C, 1, 800000." },
	{ "link-filters", 12, "InvalidLinkLayerCapabilities", "NetAdapterSetLinkLayerCapabilities",
	  "SupportedPacketFilters is 0x00000040", "0x19E, C, 0, 40." },
	{ "link-started", 3, "AdapterAlreadyStarted", "NetAdapterSetLinkLayerCapabilities",
	  "is started", "0x19E, 3." },
	{ "state-size", 8, "InvalidStructTypeSize", "NetAdapterSetCurrentLinkState", "Size is 0",
	  "0x19E, 8, 0, " },
	{ "state-connect", 13, "InvalidLinkState", "NetAdapterSetCurrentLinkState",
	  "MediaConnectState is 3", "0x19E, D, 0, 3." },
	{ "state-duplex", 13, "InvalidLinkState", "NetAdapterSetCurrentLinkState",
	  "MediaDuplexState is 7", "0x19E, D, 1, 7." },
	{ "state-pause", 13, "InvalidLinkState", "NetAdapterSetCurrentLinkState",
	  "SupportedPauseFunctions is 5", "0x19E, D, 2, 5." },
	{ "state-negotiated", 13, "InvalidLinkState", "NetAdapterSetCurrentLinkState",
	  "AutoNegotiationFlags is 0x10", "0x19E, D, 3, 10." },
	{ "mtu-zero", 22, "MtuMustBeGreaterThanZero", "NetAdapterSetLinkLayerMtuSize",
	  "MtuSize is 0", "0x19E, 16." },
	{ "address-too-long", 11, "MacAddressLengthTooLong", "NetAdapterSetCurrentLinkLayerAddress",
	  "Length is 33", "0x19E, B, 21, 20." },
	{ "address-null", 15, "ParameterCantBeNull", "NetAdapterSetPermanentLinkLayerAddress",
	  "LinkLayerAddress is NULL", "0x19E, F." },
	{ "lso-size", 8, "InvalidStructTypeSize", "NetAdapterOffloadSetLsoCapabilities",
	  "Size is 20, 24 is expected", "0x19E, 8, 14, 18." },
	{ "lso-maximum", 51, "InvalidLsoCapabilities", "NetAdapterOffloadSetLsoCapabilities",
	  "IPv4 is TRUE and MaximumOffloadSize is 0", "0x19E, 33, 0, 1." },
	{ "lso-minimum", 51, "InvalidLsoCapabilities", "NetAdapterOffloadSetLsoCapabilities",
	  "IPv6 is TRUE and MinimumSegmentCount is 0", "0x19E, 33, 0, 2." },
	{ "lso-both", 51, "InvalidLsoCapabilities", "NetAdapterOffloadSetLsoCapabilities",
	  "MaximumOffloadSize is 0", "0x19E, 33, 0, 1." },
	{ "lso-started", 3, "AdapterAlreadyStarted", "NetAdapterOffloadSetLsoCapabilities",
	  "is started", "0x19E, 3." },
	{ "checksum-size", 8, "InvalidStructTypeSize", "NetAdapterOffloadSetChecksumCapabilities",
	  "Size is 0", "0x19E, 8, 0, 8." },
	{ "checksum-started", 3, "AdapterAlreadyStarted",
	  "NetAdapterOffloadSetChecksumCapabilities", "is started", "0x19E, 3." },
	{ "scaling-table", 31, "NotPowerOfTwo", "NetAdapterSetReceiveScalingCapabilities",
	  "IndirectionTableSize is 100", "0x19E, 1F, 64." },
	{ "scaling-queues", 31, "NotPowerOfTwo", "NetAdapterSetReceiveScalingCapabilities",
	  "NumberOfQueues is 3", "0x19E, 1F, 3." },
	{ "scaling-hash", 42, "InvalidReceiveScalingHashType",
	  "NetAdapterSetReceiveScalingCapabilities", "HashTypes is 0x2", "0x19E, 2A, 2." },
	{ "scaling-protocol", 43, "InvalidReceiveScalingProtocolType",
	  "NetAdapterSetReceiveScalingCapabilities", "ProtocolTypes is 0x40", "0x19E, 2B, 40." },
	{ "scaling-outer", 44, "InvalidReceiveScalingEncapsulationType",
	  "NetAdapterSetReceiveScalingCapabilities", "Outer is 0x4", "0x19E, 2C, 4." },
	{ "scaling-inner", 44, "InvalidReceiveScalingEncapsulationType",
	  "NetAdapterSetReceiveScalingCapabilities", "Inner is 0x8", "0x19E, 2C, 8." },
	{ "scaling-started", 3, "AdapterAlreadyStarted", "NetAdapterSetReceiveScalingCapabilities",
	  "is started", "0x19E, 3." },
	{ "scaling-null", 15, "ParameterCantBeNull", "NetAdapterSetReceiveScalingCapabilities",
	  "Capabilities is NULL", "0x19E, F." },
};

static const struct broken queue_rules[] = {
	{ "queue-size", 8, "InvalidStructTypeSize", "NetTxQueueCreate", "Size is 8",
	  "0x19E, 8, 8, 30." },
	{ "queue-cancel-null", 26, "NetQueueInvalidConfiguration", "NetTxQueueCreate",
	  "EvtCancel is NULL", "0x19E, 1A." },
	{ "queue-advance-null", 26, "NetQueueInvalidConfiguration", "NetTxQueueCreate",
	  "EvtAdvance is NULL", "0x19E, 1A." },
	{ "queue-notification-null", 26, "NetQueueInvalidConfiguration", "NetTxQueueCreate",
	  "EvtSetNotificationEnabled is NULL", "0x19E, 1A." },
	{ "queue-parent", 27, "ParentObjectNotNull", "NetTxQueueCreate", "ParentObject is",
	  "0x19E, 1B." },
	{ "queue-context", 30, "ObjectAttributesContextSizeTooLarge", "NetTxQueueCreate",
	  "size is 4294967296", "0x19E, 1E, 100000000, FFFFFFFF." },
	{ "queue-twice", 29, "QueueAlreadyCreated", "NetTxQueueCreate", "Queue 0 has been made",
	  "0x19E, 1D." },
	{ "queue-init-bogus", 23, "BadQueueInitContext", "NetTxQueueInitGetQueueId",
	  "no init object in use", "0x19E, 17." },
	{ "queue-init-kind", 23, "BadQueueInitContext", "NetRxQueueInitGetQueueId",
	  "of a transmit queue", "0x19E, 17." },
	{ "queue-init-kept", 23, "BadQueueInitContext", "NetTxQueueInitGetQueueId",
	  "no init object in use", "0x19E, 17." },
	{ "queue-thread", 24, "CreatingNetQueueFromWrongThread", "NetTxQueueCreate",
	  "from another thread", "0x19E, 18." },
	{ "context-override", 34, "InvalidPacketContextSizeOverride",
	  "NetTxQueueInitAddPacketContextAttributes", "ContextSizeOverride is 23",
	  "0x19E, 22, 17, 18." },
	{ "token-bogus", 33, "InvalidPacketContextToken", "NetPacketGetContextFromToken",
	  "none of queue 0's", "0x19E, 21, " },
	{ "token-dirql", 2, "IrqlNotLessOrEqualDispatch", "NetPacketGetTypedContext", "IRQL is 8",
	  "0x19E, 2, 8." },
	{ "extension-size", 8, "InvalidStructTypeSize", "NetAdapterRegisterPacketExtension",
	  "Size is 0", "0x19E, 8, 0, 20." },
	{ "extension-name-null", 35, "InvalidNetPacketExtensionName",
	  "NetAdapterRegisterPacketExtension", "Name is NULL", "0x19E, 23, " },
	{ "extension-name-empty", 35, "InvalidNetPacketExtensionName",
	  "NetAdapterRegisterPacketExtension", "Name is empty", "0x19E, 23, " },
	{ "extension-name-reserved", 35, "InvalidNetPacketExtensionName",
	  "NetAdapterRegisterPacketExtension", "begins with \"ms_\"", "0x19E, 23, " },
	{ "extension-version", 36, "InvalidNetPacketExtensionVersion",
	  "NetAdapterRegisterPacketExtension", "Version is 0", "0x19E, 24, " },
	{ "extension-alignment-zero", 37, "InvalidNetPacketExtensionAlignment",
	  "NetAdapterRegisterPacketExtension", "Alignment is 0x0", "0x19E, 25, " },
	{ "extension-alignment-mask", 37, "InvalidNetPacketExtensionAlignment",
	  "NetAdapterRegisterPacketExtension", "Alignment is 0x4", "0x19E, 25, " },
	{ "extension-alignment-large", 37, "InvalidNetPacketExtensionAlignment",
	  "NetAdapterRegisterPacketExtension", "Alignment is 0xf", "0x19E, 25, " },
	{ "extension-empty", 38, "InvalidNetPacketExtensionExtensionSize",
	  "NetAdapterRegisterPacketExtension", "ExtensionSize is 0", "0x19E, 26, " },
	{ "extension-huge", 38, "InvalidNetPacketExtensionExtensionSize",
	  "NetAdapterRegisterPacketExtension", "ExtensionSize is 257", "0x19E, 26, " },
	{ "extension-lso-size", 39, "NetPacketExtensionVersionedSizeMismatch",
	  "NetAdapterRegisterPacketExtension", "version 1 has 4 bytes", "0x19E, 27, " },
	{ "extension-checksum-version", 39, "NetPacketExtensionVersionedSizeMismatch",
	  "NetAdapterRegisterPacketExtension", "Version is 2", "0x19E, 27, " },
	{ "extension-started", 3, "AdapterAlreadyStarted", "NetAdapterRegisterPacketExtension",
	  "is started", "0x19E, 3." },
	{ "query-name", 35, "InvalidNetPacketExtensionName", "NetTxQueueGetPacketExtensionOffset",
	  "Name is empty", "0x19E, 23, " },
	{ "queue-extension-reserved", 35, "InvalidNetPacketExtensionName",
	  "NetTxQueueInitAddPacketExtension", "begins with \"ms_\"", "0x19E, 23, " },
	{ "rx-queue-twice", 29, "QueueAlreadyCreated", "NetRxQueueCreate", "Queue 2 has been made",
	  "0x19E, 1D." },
	{ "rx-queue-advance-null", 26, "NetQueueInvalidConfiguration", "NetRxQueueCreate",
	  "EvtAdvance is NULL", "0x19E, 1A." },
	{ "rx-queue-of-other", 23, "BadQueueInitContext", "NetRxQueueCreate",
	  "no init object in use", "0x19E, 17." },
	{ "rx-queue-passive", 1, "IrqlIsNotPassive", "NetRxQueueGetDatapathDescriptor", "IRQL is 2",
	  "0x19E, 1, 2." },
};

static const struct broken request_rules[] = {
	{ "request-queue-size", 8, "InvalidStructTypeSize", "NetRequestQueueCreate", "Size is 1",
	  "0x19E, 8, 1, " },
	{ "request-queue-adapter", 9, "InvalidQueueConfiguration", "NetRequestQueueCreate",
	  "Adapter is NULL", "0x19E, 9." },
	{ "request-queue-set", 9, "InvalidQueueConfiguration", "NetRequestQueueCreate",
	  "SizeOfSetDataHandler is 7", "0x19E, 9, 7, 28." },
	{ "request-queue-query", 9, "InvalidQueueConfiguration", "NetRequestQueueCreate",
	  "SizeOfQueryDataHandler is 8", "0x19E, 9, 8, 28." },
	{ "request-queue-method", 9, "InvalidQueueConfiguration", "NetRequestQueueCreate",
	  "SizeOfMethodHandler is 9", "0x19E, 9, 9, 28." },
	{ "request-queue-type", 19, "InvalidRequestQueueType", "NetRequestQueueCreate", "Type is 9",
	  "0x19E, 13, 9." },
	{ "request-queue-twice", 7, "DefaultRequestQueueAlreadyExists", "NetRequestQueueCreate",
	  "a default sequential queue already", "0x19E, 7, 1." },
	{ "request-attributes-null", 15, "ParameterCantBeNull",
	  "NetAdapterInitSetNetRequestAttributes", "NetRequestAttributes is NULL", "0x19E, F." },
	{ "request-attributes-init-null", 15, "ParameterCantBeNull",
	  "NetAdapterInitSetNetRequestAttributes", "AdapterInit is NULL", "0x19E, F." },
	{ "request-attributes-late", 49, "NetAdapterInitAlreadyUsed",
	  "NetAdapterInitSetNetRequestAttributes", "has made adapter", "0x19E, 31, " },
	{ "complete-pending", 5, "CompletingNetRequestWithPendingStatus",
	  "NetRequestSetDataComplete", "STATUS_PENDING", "0x19E, 5." },
	{ "complete-without-pending", 5, "CompletingNetRequestWithPendingStatus",
	  "NetRequestCompleteWithoutInformation", "STATUS_PENDING", "0x19E, 5." },
	{ "complete-query-pending", 5, "CompletingNetRequestWithPendingStatus",
	  "NetRequestQueryDataComplete", "STATUS_PENDING", "0x19E, 5." },
	{ "complete-method-pending", 5, "CompletingNetRequestWithPendingStatus",
	  "NetRequestMethodComplete", "STATUS_PENDING", "0x19E, 5." },
	{ "complete-set", 6, "InvalidNetRequestType", "NetRequestSetDataComplete", "type is 0",
	  "0x19E, 6." },
	{ "bytes-needed", 6, "InvalidNetRequestType", "NetRequestSetBytesNeeded", "type is 7",
	  "0x19E, 6, 7." },
	{ "complete-query", 6, "InvalidNetRequestType", "NetRequestQueryDataComplete", "type is 1",
	  "0x19E, 6, 1." },
	{ "complete-method", 6, "InvalidNetRequestType", "NetRequestMethodComplete", "type is 1",
	  "0x19E, 6, 1." },
	{ "request-dirql", 2, "IrqlNotLessOrEqualDispatch", "NetRequestGetId", "IRQL is 3",
	  "0x19E, 2, 3." },
};

/* What is the framework's alone, or no object of the kind: WDF's own bug check. */
static const struct broken handle_rules[] = {
	{ "queue-delete", 0x10D, "", "WdfObjectDelete", "NETPACKETQUEUE", "0x10D, 7" },
	{ "rx-queue-delete", 0x10D, "", "WdfObjectDelete", "NETPACKETQUEUE", "0x10D, 7" },
	{ "delete-request", 0x10D, "", "WdfObjectDelete", "NETREQUEST", "0x10D, 7" },
	{ "power-delete", 0x10D, "", "WdfObjectDelete", "NETPOWERSETTINGS", "0x10D, 7" },
	{ "wrong-handle", 0x10D, "", "NetConfigurationClose", "NETADAPTER", "0x10D, 5" },
	{ "complete-twice", 0x10D, "", "NetRequestSetDataComplete", "has been deleted",
	  "0x10D, 5" },
};

/* The driver's whole life with one rule broken; 0 when it survives. */
static void live(void *context)
{
	const char *name = context;
	struct stage *s = stage_with("recorder");
	ULONG filter = 1;
	struct cx_oid set = {
		.type = NdisRequestSetInformation,
		.oid = OID_GEN_CURRENT_PACKET_FILTER,
		.buffer = &filter,
		.input_length = sizeof(filter),
	};

	options->Break = name;
	/* A rule of making a queue needs that there is none, but for one. */
	options->Requests = strncmp(name, "request-queue-", 14) || strstr(name, "-twice");
	options->Preprocess = !strcmp(name, "bytes-needed");
	if (!strncmp(name, "rx-queue-", 9) || !strcmp(name, "no scaling callback"))
		options->ScalingQueues = 4;
	options->NoScalingCallback = !strcmp(name, "no scaling callback");
	if (NT_SUCCESS(stage_load(s)) && NT_SUCCESS(stage_start(s))) {
		cx_oid_call(s->adapter, &set);
		stage_oid(s, options->Preprocess ? NdisRequestReset : NdisRequestQueryInformation,
			  RECORDER_OID_QUERY, &filter, sizeof(filter));
	}
	for (int i = 0; i < s->journal.count; i++)
		fprintf(stderr, "line: %s\n", s->journal.lines[i]);
	stage_free(s);
}

static void expect(const char *report, const char *part, const char *name)
{
	if (!strstr(report, part))
		fail_msg("%s: no \"%s\" in\n%s", name, part, report);
}

static void check(const struct broken *rules, size_t count)
{
	static struct child_end end;
	char text[256];

	for (size_t i = 0; i < count; i++) {
		const struct broken *r = &rules[i];

		child_run(&end, live, (void *)r->name);
		if (end.exit_code != NT_VIOLATION_EXIT_CODE)
			fail_msg("%s: exit code %d\n%s", r->name, end.exit_code, end.text);
		if (r->code == 0x10D)
			snprintf(text, sizeof(text), "violation 0x10D ");
		else
			snprintf(text, sizeof(text), "violation %d %s in %s", r->code, r->rule,
				 r->call);
		expect(end.text, text, r->name);
		expect(end.text, r->call, r->name);
		expect(end.text, r->passed, r->name);
		expect(end.text, r->bugcheck, r->name);
		/* The driver's own frames, innermost first, with their place. */
		if (r->code == 47)
			continue; /* found out between two callbacks */
		expect(end.text, "#0 ", r->name);
		expect(end.text, ".c:", r->name);
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

static void queues(void **state)
{
	CHECK(queue_rules);
}

static void requests(void **state)
{
	CHECK(request_rules);
}

static void handles(void **state)
{
	CHECK(handle_rules);
}

/* Every export one level too high, whatever else is wrong; those that have no such rule, highest.
 */
static void irql_comes_first(void **state)
{
	static const struct {
		const char *name;
		int code;
	} exports[] = {
#define PASSIVE(name, call)  { #name, 1 },
#define DISPATCH(name, call) { #name, 2 },
#define HIGH(name, call)     { #name, 0 },
#include "drivers/irql_list.h"
	};
	static struct child_end end;
	char rule[128], text[256];
	size_t count = sizeof(exports) / sizeof(exports[0]);

	for (size_t i = 0; i < count; i++) {
		snprintf(rule, sizeof(rule), "irql %s", exports[i].name);
		snprintf(text, sizeof(text), "violation %d %s in %s", exports[i].code,
			 exports[i].code == 1 ? "IrqlIsNotPassive" : "IrqlNotLessOrEqualDispatch",
			 exports[i].name);
		child_run(&end, live, rule);
		if (!exports[i].code) {
			assert_int_equal(end.exit_code, 0);
			expect(end.text, "line: survived", rule);
			continue;
		}
		if (end.exit_code != NT_VIOLATION_EXIT_CODE)
			fail_msg("%s survived\n%s", rule, end.text);
		expect(end.text, text, rule);
		expect(end.text, exports[i].code == 1 ? "0x19E, 1, 2." : "0x19E, 2, 3.", rule);
	}
}

/* Once in full: what a person reads. */
static void report_reads_well(void **state)
{
	static struct child_end end;

	child_run(&end, live, (void *)"lso-maximum");
	assert_int_equal(end.exit_code, NT_VIOLATION_EXIT_CODE);
	expect(end.text,
	       "netcx: violation 51 InvalidLsoCapabilities in NetAdapterOffloadSetLsoCapabilities (adapter \"Ethernet\"): IPv4 is TRUE and MaximumOffloadSize is 0.\n",
	       "lso-maximum");
	expect(end.text,
	       "A driver that offers LSO says how many payload bytes it takes. On Windows: bug check 0x19E, 33, 0, 1.\n"
	       "       netcx explain 0x19E 33 0 1 --api 1.3\n",
	       "lso-maximum");
	expect(end.text, "#0 LsoMaximum rules_capability.c:", "lso-maximum");
}

/* Windows would call it, whatever it is. */
static void scaling_has_all_callbacks(void **state)
{
	static const char name[] = "no scaling callback";
	static struct child_end end;

	child_run(&end, live, (void *)name);
	assert_int_equal(end.exit_code, NT_VIOLATION_EXIT_CODE);
	expect(end.text,
	       "violation 0x7E ReceiveScalingCallbackNull in NetAdapterSetReceiveScalingCapabilities (driver \"Ethernet\"): EvtAdapterReceiveScalingDisable is NULL.\n",
	       name);
}

/* Rules that only stop a debugger: the report, then a status. */
static void soft_rules_return_a_status(void **state)
{
	static const struct {
		const char *name, *report, *line;
	} soft[] = {
		{ "request-queue-handler-null", "bug check 0x19E, 12, 1.",
		  "RequestQueueCreate=c000000d" },
		{ "request-queue-allocation", "bug check 0x19E, 12.",
		  "RequestQueueCreate=c000009a" },
		{ "request-queue-other-error", "bug check 0x19E, 12, 2.",
		  "RequestQueueCreate=c0000001" },
	};
	static struct child_end end;

	for (size_t i = 0; i < 3; i++) {
		child_run(&end, live, (void *)soft[i].name);
		assert_int_equal(end.exit_code, 0);
		expect(end.text, "violation 18 QueueConfigurationHasError in NetRequestQueueCreate",
		       soft[i].name);
		expect(end.text, soft[i].report, soft[i].name);
		expect(end.text, soft[i].line, soft[i].name);
		expect(end.text, "line: NetAdapterStart=00000000", soft[i].name);
	}
}

/* What 1809 does not check passes here too. */
static void right_use_survives(void **state)
{
	static const char *const names[] = { "scaling-right", "lso-sizes-without-family",
					     "lso-huge", "no such rule" };
	static struct child_end end;

	for (size_t i = 0; i < 4; i++) {
		child_run(&end, live, (void *)names[i]);
		assert_int_equal(end.exit_code, 0);
		assert_null(strstr(end.text, "violation"));
		expect(end.text, "line: NetAdapterStart=00000000", names[i]);
		if (i < 3)
			expect(end.text, "line: survived", names[i]);
	}
}

/* All failure codes have a name; 0 to 51 without a gap. */
static void numbers_are_those_of_windows(void **state)
{
	assert_int_equal(CX_IRQL_IS_NOT_PASSIVE, 1);
	assert_int_equal(CX_INVALID_STRUCT_TYPE_SIZE, 8);
	assert_int_equal(CX_PARAMETER_CANT_BE_NULL, 15);
	assert_int_equal(CX_MTU_MUST_BE_GREATER_THAN_ZERO, 22);
	assert_int_equal(CX_NOT_POWER_OF_TWO, 31);
	assert_int_equal(CX_NET_PACKET_EXTENSION_VERSIONED_SIZE_MISMATCH, 39);
	assert_int_equal(CX_REMOVING_DEVICE_WITH_ADAPTERS, 46);
	assert_int_equal(CX_INVALID_LSO_CAPABILITIES, 51);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adapters),
		cmocka_unit_test(capabilities),
		cmocka_unit_test(queues),
		cmocka_unit_test(requests),
		cmocka_unit_test(handles),
		cmocka_unit_test(irql_comes_first),
		cmocka_unit_test(report_reads_well),
		cmocka_unit_test(scaling_has_all_callbacks),
		cmocka_unit_test(soft_rules_return_a_status),
		cmocka_unit_test(right_use_survives),
		cmocka_unit_test(numbers_are_those_of_windows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
