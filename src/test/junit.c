/* SPDX-License-Identifier: MIT */
/* JUnit's XML, as Jenkins, GitLab and others read it: a suite for the run, a case each. */
#include <stdlib.h>
#include <string.h>

#include "test/report.h"

/* Text inside XML 1.0, which has no control characters but three. */
static void put_part(FILE *to, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '&')
			fputs("&amp;", to);
		else if (c == '<')
			fputs("&lt;", to);
		else if (c == '>')
			fputs("&gt;", to);
		else if (c == '"')
			fputs("&quot;", to);
		else if (c == '\n' || c == '\t' || (c >= ' ' && c < 0x7F))
			putc(c, to);
		else
			fprintf(to, "\\x%02X", c);
	}
}

static void put_text(FILE *to, const char *text)
{
	put_part(to, text, strlen(text));
}

static void put_failure(FILE *to, const struct test_case *test, const struct test_result *result)
{
	fputs("      <failure type=\"", to);
	put_text(to, result->rule);
	fputs("\" message=\"", to);
	put_text(to, result->text);
	fputs("\">", to);
	put_text(to, test->rule);
	fputs("\nSource: ", to);
	put_text(to, test->source);
	fputs("\nOn Windows: ", to);
	put_text(to, test->windows);
	for (unsigned i = 0; i < result->differs.count; i++) {
		const struct compare_field *f = &result->differs.fields[i];

		fprintf(to, "\n%s: expected %s, is %s", f->name,
			*f->expected ? f->expected : "nothing", *f->actual ? f->actual : "missing");
	}
	if (result->expected)
		fprintf(to, "\nexpected: %s", result->expected);
	if (result->actual)
		fprintf(to, "\nactual:   %s", result->actual);
	fputs("</failure>\n", to);
	if (result->report) {
		fputs("      <system-err>", to);
		put_text(to, result->report);
		fputs("</system-err>\n", to);
	}
}

static void put_property(FILE *to, const char *indent, const char *name, const char *value)
{
	fprintf(to, "%s<property name=\"%s\" value=\"", indent, name);
	put_text(to, value);
	fputs("\"/>\n", to);
}

static void put_number(FILE *to, const char *name, unsigned long long number)
{
	char value[24];

	snprintf(value, sizeof(value), "%llu", number);
	put_property(to, "      ", name, value);
}

/* All of it, for `netcx test --merge`. */
static void put_json(FILE *to, const struct test_case *test, const struct test_result *result)
{
	json_t *json = report_case_json(test, result);
	char *text = json_dumps(json, JSON_COMPACT | JSON_ENSURE_ASCII);

	if (text) {
		fputs("      <properties>\n", to);
		put_property(to, "        ", "netcx", text);
		fputs("      </properties>\n", to);
	}
	free(text);
	json_decref(json);
}

static void put_case(FILE *to, const struct test_case *test, const struct test_result *result)
{
	fputs("    <testcase classname=\"netcx.", to);
	put_part(to, test->name, strcspn(test->name, "/"));
	fputs("\" name=\"", to);
	put_text(to, test->name);
	fprintf(to, "\" time=\"%.3f\"", result->seconds);
	if (result->verdict == TEST_PASSED && !*result->text) {
		fputs("/>\n", to);
		return;
	}
	fputs(">\n", to);
	if (result->verdict == TEST_SKIPPED) {
		fputs("      <skipped message=\"", to);
		put_text(to, result->text);
		fputs("\"/>\n", to);
	} else if (result->verdict == TEST_PASSED) {
		put_json(to, test, result);
		fputs("      <system-out>", to);
		put_text(to, result->text);
		fputs("</system-out>\n", to);
	} else {
		put_json(to, test, result);
		put_failure(to, test, result);
	}
	fputs("    </testcase>\n", to);
}

static void put_properties(FILE *to, const struct report *report, unsigned left)
{
	char shard[32];

	snprintf(shard, sizeof(shard), "%u/%u", report->shard, report->shards);
	fputs("    <properties>\n", to);
	put_property(to, "      ", "driver", report->driver);
	if (report->device)
		put_property(to, "      ", "device", report->device);
	put_property(to, "      ", "netcx", report->netcx);
	put_number(to, "seed", report->seed);
	if (report->shard)
		put_property(to, "      ", "shard", shard);
	if (report->interrupted)
		put_property(to, "      ", "interrupted", "true");
	for (size_t i = 0; i < report->remark_count; i++)
		put_property(to, "      ", "remark", report->remarks[i]);
	put_number(to, "not run", left);
	for (size_t i = 0; i < report->count; i++) {
		if (report->results[i].verdict == TEST_NOT_RUN)
			put_property(to, "      ", "not run case", report->cases[i]->name);
	}
	fputs("    </properties>\n", to);
}

void report_junit(const struct report *report, FILE *to)
{
	struct report_counts counts = report_count(report);
	unsigned ran = counts.passed + counts.failed + counts.skipped;

	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", to);
	/* What is skipped is the testsuite's: schemas have no such attribute here. */
	fprintf(to, "<testsuites tests=\"%u\" failures=\"%u\" errors=\"0\" time=\"%.3f\">\n", ran,
		counts.failed, report->seconds);
	fputs("  <testsuite name=\"netcx test ", to);
	put_text(to, report->driver);
	fprintf(to, "\" tests=\"%u\" failures=\"%u\" errors=\"0\" skipped=\"%u\" time=\"%.3f\">\n",
		ran, counts.failed, counts.skipped, report->seconds);
	put_properties(to, report, counts.left);
	for (size_t i = 0; i < report->count; i++) {
		if (report->results[i].verdict != TEST_NOT_RUN)
			put_case(to, report->cases[i], &report->results[i]);
	}
	fputs("  </testsuite>\n</testsuites>\n", to);
}
