/* SPDX-License-Identifier: MIT */
/* JUnit's XML, as Jenkins, GitLab and others read it: a suite for the run, a case each. */
#include <string.h>

#include "test/report.h"

/* Text inside XML 1.0, which has no control characters but three. */
static void put_text(FILE *to, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

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

static void put_case(FILE *to, const struct test_case *test, const struct test_result *result)
{
	const char *slash = strchr(test->name, '/');

	fprintf(to, "    <testcase classname=\"netcx.%.*s\" name=\"%s\" time=\"%.3f\"",
		(int)(slash - test->name), test->name, test->name, result->seconds);
	if (result->verdict == TEST_PASSED) {
		fputs("/>\n", to);
		return;
	}
	fputs(">\n", to);
	if (result->verdict == TEST_SKIPPED) {
		fputs("      <skipped message=\"", to);
		put_text(to, result->text);
		fputs("\"/>\n", to);
	} else {
		put_failure(to, test, result);
	}
	fputs("    </testcase>\n", to);
}

void report_junit(const struct report *report, FILE *to)
{
	struct report_counts counts = report_count(report);
	unsigned ran = counts.passed + counts.failed + counts.skipped;

	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", to);
	fprintf(to, "<testsuites tests=\"%u\" failures=\"%u\" skipped=\"%u\" time=\"%.3f\">\n", ran,
		counts.failed, counts.skipped, report->seconds);
	fputs("  <testsuite name=\"netcx test ", to);
	put_text(to, report->options->adapter.driver);
	fprintf(to,
		"\" tests=\"%u\" failures=\"%u\" errors=\"0\" skipped=\"%u\" time=\"%.3f\">\n"
		"    <properties>\n"
		"      <property name=\"seed\" value=\"%llu\"/>\n"
		"      <property name=\"not run\" value=\"%u\"/>\n"
		"    </properties>\n",
		ran, counts.failed, counts.skipped, report->seconds,
		(unsigned long long)report->options->seed, counts.left);
	for (size_t i = 0; i < report->selection->count; i++) {
		if (report->results[i].verdict != TEST_NOT_RUN)
			put_case(to, report->selection->cases[i], &report->results[i]);
	}
	fputs("  </testsuite>\n</testsuites>\n", to);
}
