/* SPDX-License-Identifier: MIT */
#include "test/report.h"

#include <string.h>

#define HEX_LINE 64 /* digits */

struct report_counts report_count(const struct report *report)
{
	struct report_counts counts = { 0 };

	for (size_t i = 0; i < report->selection->count; i++) {
		switch (report->results[i].verdict) {
		case TEST_PASSED:
			counts.passed++;
			break;
		case TEST_FAILED:
			counts.failed++;
			break;
		case TEST_SKIPPED:
			counts.skipped++;
			break;
		case TEST_NOT_RUN:
			counts.left++;
			break;
		}
	}
	return counts;
}

/* Digits of a packet, a line of them each, those that differ marked below. */
static void print_packet(const char *what, const char *hex, const char *other)
{
	size_t length = hex ? strlen(hex) : 0;

	printf("        %s%s\n", what, hex ? "" : " none");
	for (size_t at = 0; at < length; at += HEX_LINE) {
		int n = length - at < HEX_LINE ? (int)(length - at) : HEX_LINE;
		bool differs = other && (strlen(other) < at + (size_t)n ||
					 memcmp(hex + at, other + at, (size_t)n) != 0);

		if (other && !differs)
			continue;
		printf("          %4zu  %.*s\n", at / 2, n, hex + at);
		if (!differs)
			continue;
		printf("                ");
		for (int i = 0; i < n; i++) {
			bool same = at + (size_t)i < strlen(other) &&
				    hex[at + (size_t)i] == other[at + (size_t)i];

			putchar(same ? ' ' : '^');
		}
		putchar('\n');
	}
}

static void print_failure(const struct test_case *test, const struct test_result *result)
{
	const char *line = result->report;

	printf("        rule %s: %s\n", result->rule, test->rule);
	printf("        source: %s\n        on Windows: %s\n", test->source, test->windows);
	for (unsigned i = 0; i < result->differs.count; i++) {
		const struct compare_field *f = &result->differs.fields[i];

		printf("        %-32s expected %s, is %s\n", f->name,
		       *f->expected ? f->expected : "nothing", *f->actual ? f->actual : "missing");
	}
	if (result->expected || result->actual) {
		print_packet("expected, lines that differ:", result->expected, result->actual);
		print_packet("on the wire:", result->actual, result->expected);
	}
	while (line && *line) {
		int n = (int)strcspn(line, "\n");

		printf("        | %.*s\n", n, line);
		line += n + (line[n] == '\n');
	}
}

void report_case(const struct test_case *test, const struct test_result *result)
{
	static const char *const words[] = { "", "ok", "FAIL", "skip" };

	printf("%-4s  %-36s %6.2f s%s%s\n", words[result->verdict], test->name, result->seconds,
	       *result->text ? "  " : "", result->text);
	if (result->verdict == TEST_FAILED)
		print_failure(test, result);
	fflush(stdout);
}

void report_sum(const struct report *report)
{
	struct report_counts counts = report_count(report);

	printf("%u passed, %u failed, %u skipped", counts.passed, counts.failed, counts.skipped);
	if (counts.left)
		printf(", %u not run", counts.left);
	printf(" in %.1f s (--seed %llu)\n", report->seconds,
	       (unsigned long long)report->options->seed);
	if (counts.failed)
		printf("The driver does not conform.\n");
	else if (report->interrupted)
		printf("Ended by a signal before all had run.\n");
}

static json_t *case_json(const struct test_case *test, const struct test_result *result)
{
	json_t *json = result_to_json(result);

	json_object_set_new(json, "name", json_string(test->name));
	json_object_set_new(json, "seconds", json_real(result->seconds));
	if (result->verdict != TEST_FAILED)
		return json;
	json_object_set_new(json, "demand", json_string(test->rule));
	json_object_set_new(json, "source", json_string(test->source));
	json_object_set_new(json, "windows", json_string(test->windows));
	if (result->report)
		json_object_set_new(json, "report", json_string(result->report));
	return json;
}

void report_json(const struct report *report)
{
	struct report_counts counts = report_count(report);
	const struct netcx_adapter_config *adapter = &report->options->adapter;
	json_t *cases = json_array(), *json;

	for (size_t i = 0; i < report->selection->count; i++)
		json_array_append_new(cases,
				      case_json(report->selection->cases[i], &report->results[i]));
	json = json_pack("{s:s, s:s*, s:s, s:I, s:b, s:i, s:i, s:i, s:i, s:f, s:o}", "driver",
			 adapter->driver, "device", adapter->device, "netcx", netcx_version(),
			 "seed", (json_int_t)report->options->seed, "interrupted",
			 report->interrupted, "passed", (int)counts.passed, "failed",
			 (int)counts.failed, "skipped", (int)counts.skipped, "not_run",
			 (int)counts.left, "seconds", report->seconds, "cases", cases);
	json_dumpf(json, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(json);
}
