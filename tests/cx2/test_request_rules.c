/* SPDX-License-Identifier: MIT */
/*
 * The rules of the requests that the preview of 2.0 has, broken by the recorder in a child process,
 * and the rule that every export begins with: its IRQL.
 */
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "broken.h"
#include "nt/violation.h"
#include "recorder.h"
#include "stage/child.h"
#include "test.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests),
		cmocka_unit_test(a_bad_handler_is_told_softly),
		cmocka_unit_test(requests_are_the_frameworks),
		cmocka_unit_test(irql_comes_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
