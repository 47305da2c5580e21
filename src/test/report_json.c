/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "test/report.h"

/* Lines of JSON as an array. */
static json_t *events_json(const char *lines)
{
	json_t *events = json_array();

	while (lines && *lines) {
		size_t n = strcspn(lines, "\n");
		json_t *event = json_loadb(lines, n, 0, NULL);

		/* One that was cut off with its process is none. */
		if (event)
			json_array_append_new(events, event);
		lines += n + (lines[n] == '\n');
	}
	return events;
}

json_t *report_case_json(const struct test_case *test, const struct test_result *result)
{
	json_t *json = result_to_json(result);

	json_object_set_new(json, "name", json_string(test->name));
	json_object_set_new(json, "seconds", json_real(result->seconds));
	if (result->events)
		json_object_set_new(json, "events", events_json(result->events));
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
	json_t *cases = json_array(), *remarks = NULL, *json;

	for (size_t i = 0; i < report->count; i++)
		json_array_append_new(cases,
				      report_case_json(report->cases[i], &report->results[i]));
	for (size_t i = 0; i < report->remark_count; i++) {
		if (!remarks)
			remarks = json_array();
		json_array_append_new(remarks, json_string(report->remarks[i]));
	}
	json = json_pack("{s:s, s:s*, s:s, s:I, s:i, s:i, s:b, s:i, s:i, s:i, s:i, s:f, s:o*, s:o}",
			 "driver", report->driver, "device", report->device, "netcx", report->netcx,
			 "seed", (json_int_t)report->seed, "shard", (int)report->shard, "shards",
			 (int)report->shards, "interrupted", report->interrupted, "passed",
			 (int)counts.passed, "failed", (int)counts.failed, "skipped",
			 (int)counts.skipped, "not_run", (int)counts.left, "seconds",
			 report->seconds, "remarks", remarks, "cases", cases);
	json_dumpf(json, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(json);
}
