/* SPDX-License-Identifier: MIT */
/* Two packets side by side: a row for each field of their headers, then rows of payload. */
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "test/fields.h"
#include "test/html/html.h"

#define MOST_FIELDS 40
#define ROW         16 /* bytes of payload */
#define AROUND      1  /* rows that are the same and shown beside those that differ */

struct bytes {
	uint8_t *at;
	size_t length;
};

struct row {
	const char *name;
	size_t offset, length;
};

struct view {
	FILE *to;
	struct bytes expected, actual;
	bool both;
	struct row rows[MOST_FIELDS];
	size_t count;
};

static struct bytes read_hex(const char *hex)
{
	size_t digits = hex ? strlen(hex) : 0;
	struct bytes b = { .at = malloc(digits / 2 + 1), .length = digits / 2 };

	for (size_t i = 0; b.at && i < b.length; i++)
		b.at[i] = (uint8_t)(hex_digit((unsigned char)hex[2 * i]) << 4 |
				    (hex_digit((unsigned char)hex[2 * i + 1]) & 15));
	if (!b.at)
		b.length = 0;
	return b;
}

static void note_field(void *view, const char *name, enum test_rule rule, size_t offset,
		       size_t length)
{
	struct view *v = view;

	if (v->count < MOST_FIELDS)
		v->rows[v->count++] = (struct row){ name, offset, length };
}

static int by_offset(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return (x->offset > y->offset) - (x->offset < y->offset);
}

/* A byte of each, as far as they go. */
static bool differs_at(const struct view *v, size_t i)
{
	bool there = i < v->expected.length, here = i < v->actual.length;

	return v->both && (there != here || (there && v->expected.at[i] != v->actual.at[i]));
}

static bool differs(const struct view *v, size_t offset, size_t length)
{
	for (size_t i = offset; i < offset + length; i++) {
		if (differs_at(v, i))
			return true;
	}
	return false;
}

static void put_bytes(const struct view *v, const struct bytes *b, size_t offset, size_t length)
{
	fputs("<td><code>", v->to);
	for (size_t i = offset; i < offset + length && i < b->length; i++)
		fprintf(v->to, differs_at(v, i) ? "%s<b>%02x</b>" : "%s%02x", i > offset ? " " : "",
			b->at[i]);
	if (offset >= b->length)
		fputs("<i>none</i>", v->to);
	fputs("</code></td>", v->to);
}

static void put_row(const struct view *v, const char *name, size_t offset, size_t length)
{
	fprintf(v->to, "<tr%s><th scope=row>", differs(v, offset, length) ? " class=differs" : "");
	html_text(v->to, name);
	fprintf(v->to, "</th><td class=n>%zu</td>", offset);
	if (v->expected.length)
		put_bytes(v, &v->expected, offset, length);
	if (v->actual.length)
		put_bytes(v, &v->actual, offset, length);
	fputs("</tr>\n", v->to);
}

/* Is the row of payload from @offset on one to be seen? Of a packet without another all are. */
static bool is_shown(const struct view *v, size_t offset, size_t from, size_t end)
{
	size_t first = offset < from + AROUND * ROW ? from : offset - AROUND * ROW;
	size_t last = offset + (AROUND + 1) * ROW;

	return !v->both || differs(v, first, (last < end ? last : end) - first);
}

static void put_payload(const struct view *v, size_t from, size_t end)
{
	size_t same = 0;

	for (size_t at = from; at < end; at += ROW) {
		size_t n = end - at < ROW ? end - at : ROW;
		char name[32];

		if (!is_shown(v, at, from, end)) {
			same += n;
			continue;
		}
		if (same)
			fprintf(v->to,
				"<tr class=same><td colspan=4>%zu bytes the same</td></tr>\n",
				same);
		same = 0;
		snprintf(name, sizeof(name), "payload + %zu", at - from);
		put_row(v, name, at, n);
	}
	if (same)
		fprintf(v->to, "<tr class=same><td colspan=4>%zu bytes the same</td></tr>\n", same);
}

static void put_rows(struct view *v)
{
	const struct bytes *model = v->expected.length ? &v->expected : &v->actual;
	size_t end = v->expected.length > v->actual.length ? v->expected.length : v->actual.length;
	struct reference r;
	size_t at = 0;

	reference_read(&r, model->at, model->length);
	fields_of_headers(&r, note_field, v);
	fields_of_checksum(&r, note_field, v);
	qsort(v->rows, v->count, sizeof(*v->rows), by_offset);
	for (size_t i = 0; i < v->count; i++) {
		const struct row *row = &v->rows[i];

		if (row->offset < at || row->offset + row->length > end)
			continue;
		put_row(v, row->name, row->offset, row->length);
		at = row->offset + row->length;
	}
	put_payload(v, at, end);
}

void html_packets(FILE *to, const struct test_result *result)
{
	struct view v = { .to = to,
			  .expected = read_hex(result->expected),
			  .actual = read_hex(result->actual) };

	v.both = v.expected.length && v.actual.length;
	if (v.expected.length || v.actual.length) {
		fputs("<h4>Packets</h4>\n<div class=\"wide whole\" tabindex=0 role=region aria-label=Packets>"
		      "<table class=packets><thead><tr><th scope=col>Field</th>"
		      "<th scope=col class=n>At</th>",
		      to);
		if (v.expected.length)
			fprintf(to, "<th scope=col>Expected, %zu bytes</th>", v.expected.length);
		if (v.actual.length)
			fprintf(to, "<th scope=col>Is, %zu bytes</th>", v.actual.length);
		fputs("</tr></thead><tbody>\n", to);
		put_rows(&v);
		fputs("</tbody></table></div>\n", to);
	}
	free(v.expected.at);
	free(v.actual.at);
}
