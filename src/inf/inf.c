/* SPDX-License-Identifier: MIT */
/*
 * The syntax of INF files: sections, entries, quoted strings, continued lines, comments and
 * %tokens% from [Strings]. Source: "General Syntax Rules for INF Files" and "INF Strings Section"
 * in the Windows driver documentation.
 */
#include "inf/inf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "inf/text.h"

/* More than any real file has; they bound the time that a hostile one takes. */
#define MAX_FIELDS   1024 /* in one entry */
#define MAX_SECTIONS 4096
#define MAX_STRINGS  4096 /* entries of [Strings] that are looked at */

struct chunk {
	struct chunk *next;
	_Alignas(max_align_t) char data[];
};

struct inf {
	struct chunk *chunks;
	size_t used, room; /* of the first chunk */
	struct inf_section *sections, **tail;
	const struct inf_section *strings;
	unsigned section_count;
};

/* Where the scanner is. Owned by inf_parse(). */
struct scan {
	struct inf *inf;
	struct inf_error *error;
	const char *p, *end;
	unsigned line, column;
	char field[INF_MAX_VALUE];
	size_t length;
};

void *inf_alloc(struct inf *inf, size_t size)
{
	size_t room = size > 16384 ? size : 16384;
	struct chunk *chunk;
	void *memory;

	size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
	if (!inf->chunks || inf->room - inf->used < size) {
		room = size > room ? size : room;
		chunk = calloc(1, sizeof(*chunk) + room);
		if (!chunk)
			return NULL;
		chunk->next = inf->chunks;
		inf->chunks = chunk;
		inf->room = room;
		inf->used = 0;
	}
	memory = inf->chunks->data + inf->used;
	inf->used += size;
	return memory;
}

static bool __attribute__((format(printf, 2, 3))) fail(struct scan *s, const char *format, ...)
{
	va_list list;

	s->error->line = s->line;
	s->error->column = s->column;
	va_start(list, format);
	vsnprintf(s->error->text, sizeof(s->error->text), format, list);
	va_end(list);
	return false;
}

static const char *keep(struct scan *s, const char *text, size_t length)
{
	char *copy = inf_alloc(s->inf, length + 1);

	if (!copy) {
		fail(s, "out of memory");
		return NULL;
	}
	memcpy(copy, text, length);
	return copy;
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

static bool at_line_end(const struct scan *s)
{
	return s->p == s->end || *s->p == '\n' || *s->p == ';' ||
	       (*s->p == '\r' && (s->p + 1 == s->end || s->p[1] == '\n'));
}

/* A backslash with nothing behind it but blanks or a comment: the entry goes on. */
static bool at_continuation(const struct scan *s)
{
	const char *p = s->p;

	if (p == s->end || *p != '\\')
		return false;
	p++;
	while (p < s->end && (*p == ' ' || *p == '\t' || *p == '\r'))
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
		while (s->p < s->end && (*s->p == ' ' || *s->p == '\t'))
			step(s);
		if (!at_continuation(s))
			return;
		skip_line(s);
	}
}

static bool add_char(struct scan *s, char c)
{
	if (s->length + 1 >= sizeof(s->field))
		return fail(s, "a field longer than %d bytes", INF_MAX_VALUE - 1);
	s->field[s->length++] = c;
	return true;
}

static bool scan_quoted(struct scan *s)
{
	unsigned line = s->line, column = s->column;

	step(s);
	while (s->p < s->end && *s->p != '\n' && *s->p != '\r') {
		if (*s->p == '"') {
			step(s);
			if (s->p == s->end || *s->p != '"')
				return true;
		}
		if (!add_char(s, *s->p))
			return false;
		step(s);
	}
	s->line = line;
	s->column = column;
	return fail(s, "a quotation mark that is never closed");
}

/* One field up to ',' (or '=' while @key): blanks around it are not part of it. */
static bool scan_field(struct scan *s, bool key)
{
	size_t solid = 0; /* up to the last character that is no blank */

	s->length = 0;
	skip_blanks(s);
	while (!at_line_end(s) && *s->p != ',' && !(key && *s->p == '=')) {
		if (at_continuation(s)) {
			skip_blanks(s);
			continue;
		}
		if (*s->p == '"') {
			if (!scan_quoted(s))
				return false;
			solid = s->length;
			continue;
		}
		if (!add_char(s, *s->p))
			return false;
		if (*s->p != ' ' && *s->p != '\t' && *s->p != '\r')
			solid = s->length;
		step(s);
	}
	s->length = solid;
	return true;
}

static struct inf_section *find_section(const struct inf *inf, const char *name)
{
	for (struct inf_section *section = inf->sections; section; section = section->next) {
		if (strcasecmp(section->name, name) == 0)
			return section;
	}
	return NULL;
}

static struct inf_section *scan_section(struct scan *s)
{
	struct inf_section *section;
	const char *start, *name;
	size_t length;

	step(s);
	start = s->p;
	while (s->p < s->end && *s->p != ']' && *s->p != '\n' && *s->p != '\r')
		step(s);
	if (s->p == s->end || *s->p != ']') {
		fail(s, "a section name without its closing bracket");
		return NULL;
	}
	length = (size_t)(s->p - start);
	if (length == 0 || length > 255) {
		fail(s, "a section name of %zu characters", length);
		return NULL;
	}
	step(s);
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\t'))
		step(s);
	if (!at_line_end(s)) {
		fail(s, "text after a section name");
		return NULL;
	}
	name = keep(s, start, length);
	if (!name)
		return NULL;
	section = find_section(s->inf, name);
	if (section)
		return section;
	if (++s->inf->section_count > MAX_SECTIONS) {
		fail(s, "more than %d sections", MAX_SECTIONS);
		return NULL;
	}
	section = inf_alloc(s->inf, sizeof(*section));
	if (!section) {
		fail(s, "out of memory");
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
		return fail(s, "out of memory");
	entry->line = s->line;
	while (more) {
		bool first = entry->count == 0 && !entry->key;
		const char *text;

		if (entry->count == MAX_FIELDS)
			return fail(s, "more than %d fields in one entry", MAX_FIELDS);
		if (!scan_field(s, first))
			return false;
		text = keep(s, s->field, s->length);
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
			return fail(s, "out of memory");
		memcpy(entry->values, fields, entry->count * sizeof(*entry->values));
	}
	*section->tail = entry;
	section->tail = &entry->next;
	return true;
}

static const char *find_string(const struct inf *inf, const char *name, size_t length)
{
	unsigned left = MAX_STRINGS;

	if (!inf->strings)
		return NULL;
	for (const struct inf_entry *e = inf->strings->entries; e && left; e = e->next, left--) {
		if (e->key && strncasecmp(e->key, name, length) == 0 && e->key[length] == '\0')
			return inf_value(e, 0);
	}
	return NULL;
}

/*
 * Replaces %tokens%. "%%" is a percent sign; what [Strings] lacks stays, since %11% and its like
 * name directories.
 */
static bool expand(struct scan *s, const char **text)
{
	const char *p = *text, *close, *value;

	if (!strchr(p, '%'))
		return true;
	s->length = 0;
	while (*p) {
		close = *p == '%' ? strchr(p + 1, '%') : NULL;
		value = NULL;
		if (close == p + 1)
			value = "%";
		else if (close)
			value = find_string(s->inf, p + 1, (size_t)(close - p - 1));
		if (value) {
			for (const char *c = value; *c; c++) {
				if (!add_char(s, *c))
					return false;
			}
			p = close + 1;
			continue;
		}
		if (!add_char(s, *p++))
			return false;
	}
	*text = keep(s, s->field, s->length);
	return *text;
}

static bool expand_all(struct scan *s)
{
	s->inf->strings = find_section(s->inf, "Strings");
	s->column = 1;
	for (struct inf_section *section = s->inf->sections; section; section = section->next) {
		if (section == s->inf->strings)
			continue;
		for (struct inf_entry *e = section->entries; e; e = e->next) {
			s->line = e->line;
			if (e->key && !expand(s, &e->key))
				return false;
			for (unsigned i = 0; i < e->count; i++) {
				if (!expand(s, &e->values[i]))
					return false;
			}
		}
	}
	return true;
}

static bool scan_all(struct scan *s)
{
	struct inf_section *section = NULL;

	while (s->p < s->end) {
		skip_blanks(s);
		if (at_line_end(s)) {
			skip_line(s);
		} else if (*s->p == '[') {
			section = scan_section(s);
			if (!section)
				return false;
			skip_line(s);
		} else if (!section) {
			return fail(s, "text before the first [section]");
		} else {
			if (!scan_entry(s, section))
				return false;
			skip_line(s);
		}
	}
	if (!s->inf->sections)
		return fail(s, "no [section]: not an INF");
	return expand_all(s);
}

struct inf *inf_parse(const void *bytes, size_t size, struct inf_error *error)
{
	struct scan *s;
	struct inf *inf;
	size_t length;
	char *text = inf_decode(bytes, size, &length, error);
	bool ok = false;

	if (!text)
		return NULL;
	inf = calloc(1, sizeof(*inf));
	s = calloc(1, sizeof(*s));
	if (inf && s) {
		inf->tail = &inf->sections;
		*s = (struct scan){ .inf = inf,
				    .error = error,
				    .p = text,
				    .end = text + length,
				    .line = 1,
				    .column = 1 };
		ok = scan_all(s);
	} else {
		snprintf(error->text, sizeof(error->text), "out of memory");
	}
	free(s);
	free(text);
	if (!ok) {
		inf_free(inf);
		return NULL;
	}
	return inf;
}

struct inf *inf_open(const char *path, struct inf_error *error)
{
	FILE *file = file_open_regular(path);
	struct inf *inf = NULL;
	size_t size;
	char *bytes;

	*error = (struct inf_error){ 0 };
	if (!file) {
		snprintf(error->text, sizeof(error->text), "%s", file_error(errno));
		return NULL;
	}
	bytes = malloc(INF_MAX_FILE + 1);
	if (!bytes) {
		snprintf(error->text, sizeof(error->text), "out of memory");
		fclose(file);
		return NULL;
	}
	size = fread(bytes, 1, INF_MAX_FILE + 1, file);
	if (ferror(file))
		snprintf(error->text, sizeof(error->text), "%s", strerror(errno));
	else
		inf = inf_parse(bytes, size, error);
	free(bytes);
	fclose(file);
	return inf;
}

void inf_free(struct inf *inf)
{
	if (!inf)
		return;
	while (inf->chunks) {
		struct chunk *chunk = inf->chunks;

		inf->chunks = chunk->next;
		free(chunk);
	}
	free(inf);
}

const struct inf_section *inf_section(const struct inf *inf, const char *name)
{
	return find_section(inf, name);
}

const char *inf_value(const struct inf_entry *entry, unsigned index)
{
	return index < entry->count ? entry->values[index] : "";
}

const char *inf_driver_version(const struct inf *inf)
{
	const struct inf_section *version = find_section(inf, "Version");

	/* DriverVer = month/day/year, version */
	for (const struct inf_entry *e = version ? version->entries : NULL; e; e = e->next) {
		if (e->key && strcasecmp(e->key, "DriverVer") == 0)
			return inf_value(e, 1);
	}
	return "";
}
