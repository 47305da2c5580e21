/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "test/html/html.h"

static void put_head(FILE *to, const char *driver)
{
	fputs("<!DOCTYPE html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n", to);
	fprintf(to,
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src '%s'; base-uri 'none'; form-action 'none'\">\n",
		html_script_digest);
	fputs("<meta name=viewport content=\"width=device-width,initial-scale=1\">\n<title>netcx test: ",
	      to);
	html_text(to, driver);
	fprintf(to, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<header>\n", html_style);
}

static const char *short_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void put_about(FILE *to, const struct report *report)
{
	fputs("<h1>netcx test: ", to);
	html_text(to, short_name(report->driver));
	fputs("</h1>\n<p class=about><span>driver <code>", to);
	html_text(to, report->driver);
	fputs("</code></span> ", to);
	if (report->device) {
		fputs("<span>device ", to);
		html_text(to, report->device);
		fputs("</span> ", to);
	}
	if (report->shards > 1)
		fprintf(to, "<span>shard %u of %u</span> ", report->shard, report->shards);
	fprintf(to, "<span>seed %llu</span> <span>%.1f s</span> <span>netcx ",
		(unsigned long long)report->seed, report->seconds);
	html_text(to, report->netcx);
	fputs("</span></p>\n", to);
}

static void put_part(FILE *to, const char *class, unsigned count)
{
	if (count)
		fprintf(to, "<span class=%s style=\"flex:%u\"></span>", class, count);
}

/* What failed comes first, wherever its group is. */
static void put_failures(FILE *to, const struct report *report)
{
	bool some = false;

	for (size_t i = 0; i < report->count; i++) {
		if (report->results[i].verdict != TEST_FAILED)
			continue;
		fputs(some ? "<li>" : "<ul class=failures aria-label=Failures>\n<li>", to);
		some = true;
		fputs("<a href=\"#", to);
		html_text(to, report->cases[i]->name);
		fputs("\">", to);
		html_text(to, report->cases[i]->name);
		fputs("</a> ", to);
		html_text(to, report->results[i].rule);
		fputs(": ", to);
		html_text(to, report->results[i].text);
		fputs("</li>\n", to);
	}
	if (some)
		fputs("</ul>\n", to);
}

static void put_sum(FILE *to, const struct report *report, const struct report_counts *counts)
{
	size_t ran = report->count - counts->left;

	fprintf(to, "<p class=\"sum %s\">",
		counts->failed                         ? "failed"
		: counts->left || report->remark_count ? "left"
						       : "passed");
	if (counts->failed)
		fprintf(to, "The driver does not conform: %u of %zu cases failed.", counts->failed,
			ran);
	else if (counts->left || report->remark_count)
		fputs("No case failed, but not all have run.", to);
	else
		fputs("No case failed.", to);
	fprintf(to,
		"</p>\n<div class=parts role=img aria-label=\"%u passed, %u failed, %u skipped, %u not run\">",
		counts->passed, counts->failed, counts->skipped, counts->left);
	put_part(to, "failed", counts->failed);
	put_part(to, "passed", counts->passed);
	put_part(to, "skipped", counts->skipped);
	put_part(to, "left", counts->left);
	fputs("</div>\n", to);
	for (size_t i = 0; i < report->remark_count; i++) {
		fputs("<p class=remarks>", to);
		html_text(to, report->remarks[i]);
		fputs(".</p>\n", to);
	}
	if (report->interrupted)
		fputs("<p class=remarks>Ended by a signal before all had run.</p>\n", to);
	put_failures(to, report);
	fputs("</header>\n<main>\n", to);
}

static void put_button(FILE *to, const char *show, const char *label, size_t count)
{
	fprintf(to,
		"<button type=button data-show=\"%s\" aria-pressed=%s>%s <span>%zu</span></button>\n",
		show, strcmp(show, "all") ? "false" : "true", label, count);
}

/* A case begins a group when the one before is of another. */
static bool begins_group(const struct report *report, size_t i)
{
	size_t n = strcspn(report->cases[i]->name, "/") + 1;

	return !i || strncmp(report->cases[i]->name, report->cases[i - 1]->name, n) != 0;
}

static void put_group_name(FILE *to, const char *name)
{
	char group[64];

	snprintf(group, sizeof(group), "%.*s", (int)strcspn(name, "/"), name);
	html_text(to, group);
}

static void put_choice(FILE *to, const struct report *report, const struct report_counts *counts)
{
	fputs("<nav class=choose aria-label=\"Which cases are shown\">\n", to);
	put_button(to, "all", "all", report->count);
	put_button(to, "failed", "failed", counts->failed);
	put_button(to, "passed", "passed", counts->passed);
	put_button(to, "skipped", "skipped", counts->skipped);
	if (counts->left)
		put_button(to, "not run", "not run", counts->left);
	fputs("<label class=unseen for=group>group</label><select id=group>"
	      "<option value=\"\">all groups</option>",
	      to);
	for (size_t i = 0; i < report->count; i++) {
		if (!begins_group(report, i))
			continue;
		fputs("<option>", to);
		put_group_name(to, report->cases[i]->name);
		fputs("</option>", to);
	}
	fputs("</select>\n<label class=unseen for=find>find</label>"
	      "<input id=find type=search placeholder=\"find in names\">\n"
	      "<button type=button id=open>open or close</button>\n"
	      "<span class=shown id=shown role=status></span>\n</nav>\n",
	      to);
}

static void put_cases(FILE *to, const struct report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		if (begins_group(report, i)) {
			fputs(i ? "</section>\n<section class=group><h2>"
				: "<section class=group><h2>",
			      to);
			put_group_name(to, report->cases[i]->name);
			fputs("</h2>\n", to);
		}
		html_case(to, report->cases[i], &report->results[i]);
	}
	if (report->count)
		fputs("</section>\n", to);
}

void report_html(const struct report *report, FILE *to)
{
	const struct report_counts counts = report_count(report);

	put_head(to, report->driver);
	put_about(to, report);
	put_sum(to, report, &counts);
	put_choice(to, report, &counts);
	put_cases(to, report);
	if (report->coverage)
		html_coverage(to, report->coverage);
	fprintf(to, "</main>\n<script>%s</script>\n</body>\n</html>\n", html_script);
}
