/* SPDX-License-Identifier: MIT */
#include "test/fuzz/findings.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A sanitizer's and the C library's own functions are in each report of their kind. */
static bool is_drivers(const char *place)
{
	return strchr(place, ':') && !strstr(place, "compiler-rt") && !strstr(place, "sysdeps") &&
	       !strstr(place, "libsanitizer");
}

/* "#0 HelloSend hello.c:40", and a sanitizer's "#2 0x7f10 in HelloSend /a/hello.c:40:7". */
static bool read_frame(const char *line, char place[FINDING_PLACE])
{
	char function[64], where[256];
	const char *file;

	if (sscanf(line, " #%*u 0x%*x in %63s %255s", function, where) != 2 &&
	    sscanf(line, " #%*u %63s %255s", function, where) != 2)
		return false;
	if (!is_drivers(where))
		return false;
	file = strrchr(where, '/');
	snprintf(place, FINDING_PLACE, "%s %.80s", function, file ? file + 1 : where);
	return true;
}

static bool find_frame(const char *report, char place[FINDING_PLACE])
{
	for (const char *line = report; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (read_frame(line, place))
			return true;
	}
	return false;
}

/* "segment 3 has 1460 bytes" and "segment 4 has 536 bytes" are one. */
static void take_out_numbers(const char *text, char place[FINDING_PLACE])
{
	size_t length = 0;

	while (*text && length + 1 < FINDING_PLACE) {
		if (!isdigit((unsigned char)*text)) {
			place[length++] = *text++;
			continue;
		}
		place[length++] = 'N';
		while (isxdigit((unsigned char)*text) || *text == 'x')
			text++;
	}
	place[length] = '\0';
}

static void find_place(const struct test_result *result, char place[FINDING_PLACE])
{
	if (result->differs.count)
		snprintf(place, FINDING_PLACE, "%s", result->differs.fields[0].name);
	else if (!find_frame(result->report, place))
		take_out_numbers(result->text, place);
}

struct finding *findings_note(struct findings *findings, const struct test_result *result,
			      bool *is_new)
{
	struct finding **end = &findings->first, *f;
	char place[FINDING_PLACE];

	find_place(result, place);
	*is_new = false;
	for (; *end; end = &(*end)->next) {
		f = *end;
		if (strcmp(f->rule, result->rule) != 0 || strcmp(f->place, place) != 0)
			continue;
		f->times++;
		return f;
	}
	f = calloc(1, sizeof(*f));
	if (!f)
		return NULL;
	*is_new = true;
	snprintf(f->rule, sizeof(f->rule), "%s", result->rule);
	snprintf(f->place, sizeof(f->place), "%s", place);
	f->times = 1;
	*end = f;
	findings->count++;
	return f;
}

void findings_print(const struct findings *findings)
{
	for (const struct finding *f = findings->first; f; f = f->next)
		printf("%6llu x  %s: %s\n          %s\n", (unsigned long long)f->times, f->rule,
		       f->place, f->path ? f->path : "not written");
}

void findings_free(struct findings *findings)
{
	struct finding *next;

	for (struct finding *f = findings->first; f; f = next) {
		next = f->next;
		free(f->path);
		free(f);
	}
	*findings = (struct findings){ 0 };
}
