/* SPDX-License-Identifier: MIT */
#include "test/report.h"

#include <errno.h>
#include <string.h>

#define HEX_LINE 64 /* digits */

struct report_counts report_count(const struct report *report)
{
	struct report_counts counts = { 0 };

	for (size_t i = 0; i < report->count; i++) {
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
	printf(" in %.1f s (--seed %llu)\n", report->seconds, (unsigned long long)report->seed);
	if (counts.failed)
		printf("The driver does not conform.\n");
	else if (!counts.passed && counts.skipped && !report->interrupted)
		printf("Nothing was tested: all was skipped.\n");
	else if (report->interrupted)
		printf("Ended by a signal before all had run.\n");
}

static bool open_one(struct output *output, const char *option, const char *path,
		     struct error *error)
{
	return !path || output_open(output, path, NULL) ||
	       error_set(error, "%s %s: %s", option, path, strerror(errno));
}

static bool close_one(struct output *output, const char *option, const char *path,
		      struct error *error)
{
	return !output->file || output_close(output, true) ||
	       error_set(error, "%s %s: %s", option, path, strerror(errno));
}

int report_open(struct report_files *files, const struct test_options *options, struct error *error)
{
	*files = (struct report_files){ 0 };
	if (options->junit && options->html && !strcmp(options->junit, options->html))
		return error_number(error, NETCX_USAGE, "--junit and --html: both are to be %s",
				    options->html);
	if (open_one(&files->junit, "--junit", options->junit, error) &&
	    open_one(&files->html, "--html", options->html, error))
		return NETCX_OK;
	report_drop(files);
	return NETCX_FAILED;
}

void report_drop(struct report_files *files)
{
	if (files->junit.file)
		output_discard(&files->junit);
	if (files->html.file)
		output_discard(&files->html);
}

int report_write(struct report_files *files, const struct test_options *options,
		 const struct report *report, struct error *error)
{
	bool written;

	if (options->json)
		report_json(report);
	else
		report_sum(report);
	if (files->junit.file)
		report_junit(report, files->junit.file);
	if (files->html.file)
		report_html(report, files->html.file);
	written = close_one(&files->junit, "--junit", options->junit, error);
	written &= close_one(&files->html, "--html", options->html, error);
	return !written || report_count(report).failed ? NETCX_FAILED : NETCX_OK;
}
