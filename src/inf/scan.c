/* SPDX-License-Identifier: MIT */
/*
 * The syntax of INF files: sections, entries, quoted strings, continued lines and comments.
 * Source: "General Syntax Rules for INF Files", Windows driver documentation; where it is silent,
 * what setup makes of files that install.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "inf/private.h"

/* More than any real file has; they bound the time that a hostile one takes. */
#define MAX_FIELDS   1024 /* in one entry */
#define MAX_SECTIONS 4096

#define CONTROL_Z    '\x1A' /* ends a text since CP/M; setup reads no further */

bool scan_fail(struct scan *s, const char *format, ...)
{
	va_list list;

	s->error->line = s->line;
	s->error->column = s->column;
	va_start(list, format);
	vsnprintf(s->error->text, sizeof(s->error->text), format, list);
	va_end(list);
	return false;
}

const char *scan_keep(struct scan *s, const char *text, size_t length)
{
	char *copy = inf_alloc(s->inf, length + 1);

	if (!copy) {
		scan_fail(s, "out of memory");
		return NULL;
	}
	memcpy(copy, text, length);
	return copy;
}

bool scan_add(struct scan *s, char c)
{
	if (s->length + 1 >= sizeof(s->field))
		return scan_fail(s, "a field longer than %d bytes", INF_MAX_VALUE - 1);
	s->field[s->length++] = c;
	return true;
}

static void step(struct scan *s)
{
	if (*s->p == '\n') {
		s->line++;
		s->column = 1;
	} else if (((unsigned char)*s->p & 0xC0) != 0x80) {
		s->column++;
	}
	s->p++;
}

/* What separates words within a line; a carriage return is one where no line ends. */
static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

static bool at_line_end(const struct scan *s)
{
	return s->p == s->end || *s->p == '\n' || *s->p == ';' ||
	       (*s->p == '\r' && (s->p + 1 == s->end || s->p[1] == '\n'));
}

/* Backslashes with nothing behind them but blanks or a comment: the entry goes on. */
static bool at_continuation(const struct scan *s)
{
	const char *p = s->p;

	if (p == s->end || *p != '\\')
		return false;
	while (p < s->end && (*p == '\\' || is_blank(*p)))
		p++;
	return p == s->end || *p == '\n' || *p == ';';
}

static void skip_line(struct scan *s)
{
	while (s->p < s->end && *s->p != '\n')
		step(s);
	if (s->p < s->end)
		step(s);
}

static void skip_blanks(struct scan *s)
{
	for (;;) {
		while (s->p < s->end && is_blank(*s->p) && !at_line_end(s))
			step(s);
		if (!at_continuation(s))
			return;
		skip_line(s);
	}
}

/* What is between quotation marks; one that is missing stands at the line's end. */
static bool scan_quoted(struct scan *s)
{
	step(s);
	while (s->p < s->end && *s->p != '\n' &&
	       (*s->p != '\r' || (s->p + 1 < s->end && s->p[1] != '\n'))) {
		if (*s->p == '"') {
			step(s);
			if (s->p == s->end || *s->p != '"')
				return true;
		}
		if (!scan_add(s, *s->p))
			return false;
		step(s);
	}
	return true;
}

/* One field up to ',' (or '=' while @key): blanks around it are not part of it. */
static bool scan_field(struct scan *s, bool key)
{
	size_t solid = 0; /* up to the last character that is no blank */

	s->length = 0;
	skip_blanks(s);
	while (!at_line_end(s) && *s->p != ',' && !(key && *s->p == '=')) {
		if (at_continuation(s)) {
			s->length = solid;
			skip_blanks(s);
			continue;
		}
		if (*s->p == '"') {
			if (!scan_quoted(s))
				return false;
			solid = s->length;
			continue;
		}
		if (!scan_add(s, *s->p))
			return false;
		if (!is_blank(*s->p))
			solid = s->length;
		step(s);
	}
	s->length = solid;
	return true;
}

/* "[name]" on a line of its own; its name and length, or NULL with the error filled. */
static const char *scan_section_name(struct scan *s, size_t *length)
{
	const char *start;

	step(s);
	start = s->p;
	while (s->p < s->end && *s->p != ']' && *s->p != '\n' && *s->p != '\r')
		step(s);
	if (s->p == s->end || *s->p != ']') {
		scan_fail(s, "a section name without its closing bracket");
		return NULL;
	}
	*length = (size_t)(s->p - start);
	if (*length == 0 || *length > 255) {
		scan_fail(s, "a section name of %zu characters", *length);
		return NULL;
	}
	step(s);
	while (s->p < s->end && is_blank(*s->p) && !at_line_end(s))
		step(s);
	if (!at_line_end(s)) {
		scan_fail(s, "text after a section name");
		return NULL;
	}
	return start;
}

/* Sections of one name are one: the system merges their entries. */
static struct inf_section *scan_section(struct scan *s)
{
	struct inf_section *section;
	size_t length;
	const char *name = scan_section_name(s, &length);

	if (name)
		name = scan_keep(s, name, length);
	if (!name)
		return NULL;
	section = (struct inf_section *)inf_section(s->inf, name);
	if (section)
		return section;
	if (++s->inf->section_count > MAX_SECTIONS) {
		scan_fail(s, "more than %d sections", MAX_SECTIONS);
		return NULL;
	}
	section = inf_alloc(s->inf, sizeof(*section));
	if (!section) {
		scan_fail(s, "out of memory");
		return NULL;
	}
	section->name = name;
	section->tail = &section->entries;
	*s->inf->tail = section;
	s->inf->tail = &section->next;
	return section;
}

static bool scan_entry(struct scan *s, struct inf_section *section)
{
	const char *fields[MAX_FIELDS];
	struct inf_entry *entry = inf_alloc(s->inf, sizeof(*entry));
	bool more = true;

	if (!entry)
		return scan_fail(s, "out of memory");
	entry->line = s->line;
	entry->column = s->column;
	while (more) {
		bool first = entry->count == 0 && !entry->key;
		const char *text;

		if (entry->count == MAX_FIELDS)
			return scan_fail(s, "more than %d fields in one entry", MAX_FIELDS);
		if (!scan_field(s, first))
			return false;
		text = scan_keep(s, s->field, s->length);
		if (!text)
			return false;
		if (first && s->p < s->end && *s->p == '=')
			entry->key = text;
		else
			fields[entry->count++] = text;
		more = !at_line_end(s);
		if (more)
			step(s);
	}
	if (entry->count) {
		entry->values = inf_alloc(s->inf, entry->count * sizeof(*entry->values));
		if (!entry->values)
			return scan_fail(s, "out of memory");
		memcpy(entry->values, fields, entry->count * sizeof(*entry->values));
	}
	*section->tail = entry;
	section->tail = &entry->next;
	return true;
}

/* A line that is not blank: "[section]" or an entry. What stands before any section is no entry. */
static bool scan_line(struct scan *s, struct inf_section **section)
{
	if (*s->p == '[') {
		*section = scan_section(s);
		return *section;
	}
	return !*section || scan_entry(s, *section);
}

bool scan_all(struct scan *s)
{
	const char *end = memchr(s->p, CONTROL_Z, (size_t)(s->end - s->p));
	struct inf_section *section = NULL;

	if (end)
		s->end = end;
	while (s->p < s->end) {
		skip_blanks(s);
		if (!at_line_end(s) && !scan_line(s, &section))
			return false;
		skip_line(s);
	}
	if (!s->inf->sections) {
		s->line = s->column = 1;
		return scan_fail(s, "no [section]: not an INF");
	}
	return true;
}
