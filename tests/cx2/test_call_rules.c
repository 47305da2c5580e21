/* SPDX-License-Identifier: MIT */
/*
 * Rules that each of many calls has: queues of both kinds, and every question about a NETOFFLOAD.
 * Broken by the recorder in a child process, compiled for 2.0 and for 2.5.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "broken.h"
#include "recorder.h"
#include "stage/child.h"
#include "test.h"

static const struct broken queue_rules[] = {
	/* Later versions go on, see test_queue_rules.c. */
	{ "tx-queue-size",
	  { 8, ABSENT },
	  "InvalidStructTypeSize",
	  "NetTxQueueCreate",
	  "Size is 40, 48",
	  ", 28, 30." },
	{ "rx-queue-size",
	  { 8, ABSENT },
	  "InvalidStructTypeSize",
	  "NetRxQueueCreate",
	  "Size is 40, 48",
	  ", 28, 30." },
	{ "tx-parent",
	  { 22, 23 },
	  "ParentObjectNotNull",
	  "NetTxQueueCreate",
	  "ParentObject is",
	  "." },
	{ "tx-context",
	  { 24, 25 },
	  "ObjectAttributesContextSizeTooLarge",
	  "NetTxQueueCreate",
	  "context's size is 4294967296",
	  ", 100000000, FFFFFFFF." },
	{ "tx-no-advance",
	  { 21, 22 },
	  "NetQueueInvalidConfiguration",
	  "NetTxQueueCreate",
	  "EvtAdvance is NULL",
	  "" },
	{ "tx-no-arm",
	  { 21, 22 },
	  "NetQueueInvalidConfiguration",
	  "NetTxQueueCreate",
	  "EvtSetNotificationEnabled is NULL",
	  "" },
	{ "tx-no-cancel",
	  { 21, 22 },
	  "NetQueueInvalidConfiguration",
	  "NetTxQueueCreate",
	  "EvtCancel is NULL",
	  "" },
	{ "tx-thread",
	  { 20, 21 },
	  "CreatingNetQueueFromWrongThread",
	  "NetTxQueueCreate",
	  "from another thread",
	  "." },
	{ "rx-parent",
	  { 22, 23 },
	  "ParentObjectNotNull",
	  "NetRxQueueCreate",
	  "ParentObject is",
	  "." },
	{ "rx-context",
	  { 24, 25 },
	  "ObjectAttributesContextSizeTooLarge",
	  "NetRxQueueCreate",
	  "context's size is 4294967296",
	  ", 100000000, FFFFFFFF." },
	{ "rx-no-advance",
	  { 21, 22 },
	  "NetQueueInvalidConfiguration",
	  "NetRxQueueCreate",
	  "EvtAdvance is NULL",
	  "" },
	{ "rx-no-arm",
	  { 21, 22 },
	  "NetQueueInvalidConfiguration",
	  "NetRxQueueCreate",
	  "EvtSetNotificationEnabled is NULL",
	  "" },
	{ "rx-no-cancel",
	  { 21, 22 },
	  "NetQueueInvalidConfiguration",
	  "NetRxQueueCreate",
	  "EvtCancel is NULL",
	  "" },
	{ "rx-thread",
	  { 20, 21 },
	  "CreatingNetQueueFromWrongThread",
	  "NetRxQueueCreate",
	  "from another thread",
	  "." },
	{ "tx-init-none",
	  { 19, 20 },
	  "BadQueueInitContext",
	  "NetTxQueueInitGetQueueId",
	  "is no init object in use",
	  "." },
	{ "rx-init-of-tx",
	  { 19, 20 },
	  "BadQueueInitContext",
	  "NetRxQueueInitGetQueueId",
	  "is the init object of a transmit queue",
	  "." },
	{ "tx-init-of-rx",
	  { 19, 20 },
	  "BadQueueInitContext",
	  "NetTxQueueInitGetQueueId",
	  "is the init object of a receive queue",
	  "." },
	{ "rings-of-tx",
	  { 43, 44 },
	  "InvalidQueueHandle",
	  "NetRxQueueGetRingCollection",
	  "is transmit queue 0",
	  ", " },
	{ "extension-of-tx",
	  { 43, 44 },
	  "InvalidQueueHandle",
	  "NetRxQueueGetExtension",
	  "is transmit queue 0",
	  ", " },
	{ "notify-tx",
	  { 43, 44 },
	  "InvalidQueueHandle",
	  "NetRxQueueNotifyMoreReceivedPacketsAvailable",
	  "is transmit queue 0",
	  ", " },
	{ "priority-of-rx",
	  { ABSENT, 44 },
	  "InvalidQueueHandle",
	  "NetTxQueueGetDemux8021p",
	  "is receive queue 0",
	  ", " },
	{ "query-size",
	  { 8, 8 },
	  "InvalidStructTypeSize",
	  "NetTxQueueGetExtension",
	  "NET_EXTENSION_QUERY.Size is 8, 24",
	  ", 8, 18." },
	{ "query-name",
	  { 26, 27 },
	  "InvalidNetExtensionName",
	  "NetTxQueueGetExtension",
	  "Name is empty",
	  "" },
	{ "query-version",
	  { 27, 28 },
	  "InvalidNetExtensionVersion",
	  "NetTxQueueGetExtension",
	  "Version is 0",
	  "" },
	{ "query-type",
	  { 28, 29 },
	  "InvalidNetExtensionType",
	  "NetTxQueueGetExtension",
	  "Type is 7",
	  "" },
};

static void queues_of_both_kinds(void **state)
{
	broken_check(queue_rules, ARRAY_COUNT(queue_rules));
}

/* @number: of 2.0 when @minor is 0, of 2.5 when it is 5 */
static void breaks(const char *how, const char *call, unsigned minor, int number, const char *rule,
		   const char *passed)
{
	char name[128];
	struct broken broken = { .name = name,
				 .number = { minor ? ABSENT : number, minor ? number : ABSENT },
				 .rule = rule,
				 .call = call,
				 .passed = passed,
				 .parameters = "." };

	snprintf(name, sizeof(name), "%s %s", how, call);
	broken_check(&broken, 1);
}

static void ask(const char *call, unsigned minor)
{
	breaks("null", call, minor, minor ? 15 : 14, "ParameterCantBeNull", "Offload is NULL");
	breaks("none", call, minor, 8, "InvalidStructTypeSize", "is no NETOFFLOAD in use");
	breaks("other", call, minor, 8, "InvalidStructTypeSize", "This one was given to");
}

/* A later driver has no such callback, and no use for the question. */
static void ask_old(const char *call)
{
	ask(call, 0);
	breaks("other", call, 5, 93, "DeprecatedFunction", "");
}

/* A handle of nothing, memory that is no NETOFFLOAD, and the NETOFFLOAD of another offload. */
static void offloads_are_asked_about_themselves(void **state)
{
#define ASKED_20(name, other)  ask(#name, 0);
#define ASKED_25(name, other)  ask(#name, 5);
#define ASKED(name, other)     ask(#name, 0), ask(#name, 5);
#define ASKED_OLD(name, other) ask_old(#name);
#include "drivers/asked_list.h"
}

static void bring_up(void *context)
{
	const char *folder = getenv("CX_TEST_DRIVERS");
	char path[512];
	struct stage *s;

	snprintf(path, sizeof(path), "%s/cx2_version_%d.so", folder ? folder : ".",
		 *(const int *)context);
	s = stage_new_module("version", path);
	stage_bring_up(s);
	stage_free(s);
}

/* 2004's for 2.0, 21H2's for all that came after. */
static void a_number_is_of_the_driver_s_version(void **state)
{
	for (int minor = 0; minor <= 5; minor++) {
		char windows[128];

		snprintf(
			windows, sizeof(windows),
			"On Windows (NetAdapterCx 2.%d): bug check 0x19E, %s.\n       netcx explain 0x19E %s --api 2.%d\n",
			minor, minor ? "F" : "E", minor ? "F" : "E", minor);
		child_violates(bring_up, &minor,
			       minor ? "violation 15 ParameterCantBeNull in NetAdapterInitFree"
				     : "violation 14 ParameterCantBeNull in NetAdapterInitFree",
			       windows, "#0 DeviceAdd version.c:", NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(queues_of_both_kinds),
		cmocka_unit_test(offloads_are_asked_about_themselves),
		cmocka_unit_test(a_number_is_of_the_driver_s_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
