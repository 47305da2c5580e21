/* SPDX-License-Identifier: MIT */
/*
 * Every rule of power and of NETCONFIGURATION in 2.x that ends a driver, broken by the driver
 * "wake" in a child process, compiled for 2.0 and for 2.5.
 */
#include <stdio.h>
#include <string.h>

#include "stage/child.h"
#include "wake_stage.h"

struct life {
	const char *rule;
	unsigned minor;
};

/* Two patterns and an ARP offload are previewed, the device sleeps, and wakes by its own signal. */
static void live(void *context)
{
	const struct life *life = context;
	struct sleep sleep = { .stage = wake_stage(life->minor), .how = { .wake = true } };

	wake_options->Break = life->rule;
	sleep.wanted.arp_count = 1;
	want_pattern(&sleep.wanted, "0806");
	want_pattern(&sleep.wanted, "86dd");
	stage_bring_up(sleep.stage);
	sleep_prepare(&sleep);
	sleep_begin(&sleep);
	sleep_end(&sleep, strcmp(life->rule, "media-reason-unknown") == 0 ||
				  strcmp(life->rule, "reason-null") == 0);
	stage_free(sleep.stage);
}

static void breaks(const char *rule, unsigned minor, int number, const char *name, const char *call,
		   const char *passed)
{
	struct life life = { rule, minor };
	char report[160], bugcheck[32], version[32];

	snprintf(report, sizeof(report), "violation %d %s in %s", number, name, call);
	snprintf(bugcheck, sizeof(bugcheck), "0x19E, %X", (unsigned)number);
	snprintf(version, sizeof(version), "NetAdapterCx 2.%u", minor);
	child_violates(live, &life, report, passed, bugcheck, version, "#0 ", ".c:", NULL);
}

struct call {
	const char *rule, *name; /* what is behind "dispatch-" or "size-", the function */
	unsigned since;          /* minor version */
};

static void irql_comes_first(void **state)
{
	static const struct call calls[] = {
		{ "Bitmap", "NetAdapterWakeSetBitmapCapabilities", 0 },
		{ "Magic", "NetAdapterWakeSetMagicPacketCapabilities", 0 },
		{ "Media", "NetAdapterWakeSetMediaChangeCapabilities", 0 },
		{ "Filter", "NetAdapterWakeSetPacketFilterCapabilities", 0 },
		{ "Eapol", "NetAdapterWakeSetEapolPacketCapabilities", 1 },
		{ "Arp", "NetAdapterPowerOffloadSetArpCapabilities", 0 },
		{ "Ns", "NetAdapterPowerOffloadSetNSCapabilities", 0 },
		{ "Callbacks", "NetDeviceInitSetPowerPolicyEventCallbacks", 0 },
		{ "SourceList", "NetDeviceGetWakeSourceList", 0 },
		{ "OffloadList", "NetDeviceGetPowerOffloadList", 0 },
		{ "SourceCount", "NetWakeSourceListGetCount", 0 },
		{ "SourceElement", "NetWakeSourceListGetElement", 0 },
		{ "OffloadCount", "NetPowerOffloadListGetCount", 0 },
		{ "OffloadElement", "NetPowerOffloadListGetElement", 0 },
		{ "SourceType", "NetWakeSourceGetType", 0 },
		{ "SourceAdapter", "NetWakeSourceGetAdapter", 0 },
		{ "BitmapParameters", "NetWakeSourceGetBitmapParameters", 0 },
		{ "MediaParameters", "NetWakeSourceGetMediaChangeParameters", 0 },
		{ "OffloadType", "NetPowerOffloadGetType", 0 },
		{ "OffloadAdapter", "NetPowerOffloadGetAdapter", 1 },
		{ "ArpParameters", "NetPowerOffloadGetArpParameters", 0 },
		{ "NsParameters", "NetPowerOffloadGetNSParameters", 0 },
		{ "ReasonPacket", "NetAdapterReportWakeReasonPacket", 0 },
		{ "ReasonMedia", "NetAdapterReportWakeReasonMediaChange", 0 },
		{ "Query", "NetAdapterQueryWakeReason", 4 },
		{ "OpenAdapter", "NetAdapterOpenConfiguration", 0 },
		{ "OpenDevice", "NetDeviceOpenConfiguration", 0 },
		{ "Address", "NetConfigurationQueryLinkLayerAddress", 0 },
	};
	char rule[64];

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		snprintf(rule, sizeof(rule), "dispatch-%s", calls[i].rule);
		if (calls[i].since == 0)
			breaks(rule, 0, 1, "IrqlIsNotPassive", calls[i].name, "The IRQL is 2");
		breaks(rule, 5, 1, "IrqlIsNotPassive", calls[i].name, "The IRQL is 2");
	}
}

static void sizes_are_looked_at(void **state)
{
	static const struct call calls[] = {
		{ "Bitmap", "NetAdapterWakeSetBitmapCapabilities", 0 },
		{ "Magic", "NetAdapterWakeSetMagicPacketCapabilities", 0 },
		{ "Media", "NetAdapterWakeSetMediaChangeCapabilities", 0 },
		{ "Filter", "NetAdapterWakeSetPacketFilterCapabilities", 0 },
		{ "Eapol", "NetAdapterWakeSetEapolPacketCapabilities", 1 },
		{ "Arp", "NetAdapterPowerOffloadSetArpCapabilities", 0 },
		{ "Ns", "NetAdapterPowerOffloadSetNSCapabilities", 0 },
		{ "Callbacks", "NetDeviceInitSetPowerPolicyEventCallbacks", 0 },
		{ "SourceList", "NetDeviceGetWakeSourceList", 0 },
		{ "OffloadList", "NetDeviceGetPowerOffloadList", 0 },
		{ "SourceCount", "NetWakeSourceListGetCount", 0 },
		{ "SourceElement", "NetWakeSourceListGetElement", 0 },
		{ "OffloadCount", "NetPowerOffloadListGetCount", 0 },
		{ "OffloadElement", "NetPowerOffloadListGetElement", 0 },
		{ "BitmapParameters", "NetWakeSourceGetBitmapParameters", 0 },
		{ "MediaParameters", "NetWakeSourceGetMediaChangeParameters", 0 },
		{ "ArpParameters", "NetPowerOffloadGetArpParameters", 0 },
		{ "NsParameters", "NetPowerOffloadGetNSParameters", 0 },
	};
	char rule[64];

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		snprintf(rule, sizeof(rule), "size-%s", calls[i].rule);
		if (calls[i].since == 0)
			breaks(rule, 0, 8, "InvalidStructTypeSize", calls[i].name, "Size is 4");
		breaks(rule, 5, 8, "InvalidStructTypeSize", calls[i].name, "Size is 4");
	}
}

/* The rules of this subject alone; each number of 2.0, then of 2.5. */
static void times_and_lists(void **state)
{
	breaks("source-list", 0, 48, "InvalidWakeSourceListSignature", "NetWakeSourceListGetCount",
	       "The list was not filled");
	breaks("source-list", 5, 49, "InvalidWakeSourceListSignature", "NetWakeSourceListGetCount",
	       "The list was not filled");
	breaks("offload-list", 0, 47, "InvalidPowerOffloadListSignature",
	       "NetPowerOffloadListGetElement", "The list was not filled");
	breaks("offload-list", 5, 48, "InvalidPowerOffloadListSignature",
	       "NetPowerOffloadListGetElement", "The list was not filled");
	breaks("source-list-element", 0, 48, "InvalidWakeSourceListSignature",
	       "NetWakeSourceListGetElement", "The list was not filled");
	breaks("source-list-element", 5, 49, "InvalidWakeSourceListSignature",
	       "NetWakeSourceListGetElement", "The list was not filled");
	breaks("offload-list-count", 0, 47, "InvalidPowerOffloadListSignature",
	       "NetPowerOffloadListGetCount", "The list was not filled");
	breaks("offload-list-count", 5, 48, "InvalidPowerOffloadListSignature",
	       "NetPowerOffloadListGetCount", "The list was not filled");
	breaks("list-out-of-date", 5, 49, "InvalidWakeSourceListSignature",
	       "NetWakeSourceListGetCount", "has changed since it was filled");
	breaks("reason-early", 0, 46, "DisarmNotInProgress", "NetAdapterReportWakeReasonPacket",
	       "not being woken");
	breaks("reason-early", 5, 47, "WakeNotInProgress", "NetAdapterReportWakeReasonPacket",
	       "not being woken");
	breaks("media-reason-early", 0, 46, "DisarmNotInProgress",
	       "NetAdapterReportWakeReasonMediaChange", "not being woken");
	breaks("media-reason-early", 5, 47, "WakeNotInProgress",
	       "NetAdapterReportWakeReasonMediaChange", "not being woken");
	breaks("media-reason-unknown", 0, 44, "InvalidNetAdapterWakeReasonMediaChange",
	       "NetAdapterReportWakeReasonMediaChange", "Reason is 0");
	breaks("media-reason-unknown", 5, 45, "InvalidNetAdapterWakeReasonMediaChange",
	       "NetAdapterReportWakeReasonMediaChange", "Reason is 0");
	breaks("reason-null", 0, 14, "ParameterCantBeNull", "NetAdapterReportWakeReasonPacket",
	       "Reason is NULL");
	breaks("reason-null", 5, 15, "ParameterCantBeNull", "NetAdapterReportWakeReasonPacket",
	       "Reason is NULL");
}

static void configuration(void **state)
{
	struct life life = { "close-twice", 5 };

	breaks("query-flags", 0, 15, "InvalidQueryUlongFlag", "NetConfigurationQueryUlong",
	       "Flags is 0x10");
	breaks("query-flags", 5, 16, "InvalidQueryUlongFlag", "NetConfigurationQueryUlong",
	       "Flags is 0x10");
	breaks("query-address-null", 0, 14, "ParameterCantBeNull",
	       "NetConfigurationQueryLinkLayerAddress", "LinkLayerAddress is NULL");
	breaks("query-address-null", 5, 15, "ParameterCantBeNull",
	       "NetConfigurationQueryLinkLayerAddress", "LinkLayerAddress is NULL");
	child_violates(live, &life, "violation 0x10D ", "NetConfigurationClose", NULL);
}

/* What Windows has no number of NetAdapterCx for. */
static void handles(void **state)
{
	struct life media = { "media-of-bitmap", 5 }, source = { "offload-as-source", 5 },
		    delete = { "delete-source", 5 }, early = { "callbacks-without-config", 5 },
		    null = { "config-of-null", 5 }, anything = { "config-of-anything", 5 };

	child_violates(
		live, &media,
		"violation 0x7E WrongPowerEntryType in NetWakeSourceGetMediaChangeParameters",
		"The wake source has type 1, it is for type 3", NULL);
	child_violates(live, &source, "violation 0x10D ", "NetWakeSourceGetType", NULL);
	child_violates(live, &delete, "violation 0x10D ", "WdfObjectDelete", "NETWAKESOURCE", NULL);
	child_violates(live, &early,
		       "violation 0x7E DeviceWithoutNetAdapterCx in NetDeviceInitSetPowerPolicy",
		       "NetDeviceInitConfig comes first", NULL);
	child_violates(live, &null, " in NetDeviceInitConfig", "DeviceInit is NULL", NULL);
	child_violates(live, &anything, " in NetDeviceInitConfig",
		       "is no WDFDEVICE_INIT that can still be changed", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(irql_comes_first), cmocka_unit_test(sizes_are_looked_at),
		cmocka_unit_test(times_and_lists),  cmocka_unit_test(configuration),
		cmocka_unit_test(handles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
