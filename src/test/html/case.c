/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "test/html/html.h"

static void put_pair(FILE *to, const char *what, const char *text)
{
	if (!text || !*text)
		return;
	fprintf(to, "<dt>%s</dt><dd>", what);
	html_text(to, text);
	fputs("</dd>\n", to);
}

static void put_differences(FILE *to, const struct comparison *differs)
{
	if (!differs->count)
		return;
	fputs("<h4>Fields that differ</h4>\n<table class=fields><thead><tr><th scope=col>Field</th>"
	      "<th scope=col class=n>At</th><th scope=col>Expected</th><th scope=col>Is</th></tr>"
	      "</thead><tbody>\n",
	      to);
	for (unsigned i = 0; i < differs->count; i++) {
		const struct compare_field *f = &differs->fields[i];

		fputs("<tr><th scope=row>", to);
		html_text(to, f->name);
		fprintf(to, "</th><td class=n>%zu</td><td><code>", f->offset);
		html_text(to, *f->expected ? f->expected : "nothing");
		fputs("</code></td><td><code>", to);
		html_text(to, *f->actual ? f->actual : "missing");
		fputs("</code></td></tr>\n", to);
	}
	fputs("</tbody></table>\n", to);
}

static void put_group(FILE *to, const char *name)
{
	char group[64];

	snprintf(group, sizeof(group), "%.*s", (int)strcspn(name, "/"), name);
	html_text(to, group);
}

void html_case(FILE *to, const struct test_case *test, const struct test_result *result)
{
	const char *verdict = result_verdict(result->verdict);

	fputs("<details class=case id=\"", to);
	html_text(to, test->name);
	fprintf(to, "\" data-verdict=\"%s\" data-group=\"", verdict);
	put_group(to, test->name);
	fprintf(to, "\"%s>\n<summary><span class=\"verdict %s\">%s</span> <span class=name>",
		result->verdict == TEST_FAILED ? " open" : "",
		result->verdict == TEST_NOT_RUN ? "left" : verdict, verdict);
	html_text(to, test->name);
	fprintf(to, "</span> <span class=seconds>%.2f s</span> <span class=text>", result->seconds);
	html_text(to, result->text);
	fputs("</span></summary>\n<div class=detail>\n<dl>\n", to);
	if (result->verdict == TEST_FAILED)
		put_pair(to, "Rule broken", result->rule);
	put_pair(to, "Demand", test->rule);
	put_pair(to, "Source", test->source);
	put_pair(to, "On Windows", test->windows);
	put_pair(to, "Seen", result->text);
	if (result->packets)
		fprintf(to, "<dt>Packets</dt><dd>%u judged</dd>\n", result->packets);
	fputs("</dl>\n", to);
	put_differences(to, &result->differs);
	html_packets(to, result);
	if (result->report) {
		fputs("<h4>The host's report</h4>\n<pre tabindex=0>", to);
		html_text(to, result->report);
		fputs("</pre>\n", to);
	}
	html_events(to, result->events);
	fputs("</div>\n</details>\n", to);
}
