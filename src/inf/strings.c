/* SPDX-License-Identifier: MIT */
/*
 * %tokens% in entries: texts from [Strings] and directories by their number. Source: "INF Strings
 * Section" and "Using Dirids", Windows driver documentation.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "inf/private.h"

/* More than any real file has; it bounds the time that a hostile one takes. */
#define MAX_STRINGS 4096 /* entries of [Strings] that are looked at */

/* Windows speaks American English: MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US). */
#define LANGUAGE     0x0409u
#define PRIMARY_MASK 0x03FFu /* the lower bits: the language without its country */

#define WINDOWS      "C:\\Windows"
#define SYSTEM       WINDOWS "\\System32"
#define SPOOL        SYSTEM "\\spool"
#define START        "C:\\ProgramData\\Microsoft\\Windows\\Start Menu"

/* What a 64-bit Windows on C: has. 1 and 13 are the file's own (inf->package). */
static const struct {
	long id;
	const char *path;
} directories[] = {
	{ -1, "" },
	{ 0, "" },
	{ 10, WINDOWS },
	{ 11, SYSTEM },
	{ 12, SYSTEM "\\drivers" },
	{ 17, WINDOWS "\\INF" },
	{ 18, WINDOWS "\\Help" },
	{ 20, WINDOWS "\\Fonts" },
	{ 21, SYSTEM "\\viewers" },
	{ 23, SPOOL "\\drivers\\color" },
	{ 24, "C:\\" },
	{ 25, WINDOWS },
	{ 30, "C:\\" },
	{ 50, WINDOWS "\\system" },
	{ 51, SPOOL },
	{ 52, SPOOL "\\drivers" },
	{ 53, "C:\\Users\\Default" },
	{ 54, "C:\\" },
	{ 55, SPOOL "\\prtprocs\\x64" },
	{ 16406, START },
	{ 16407, START "\\Programs" },
	{ 16408, START "\\Programs\\StartUp" },
	{ 16409, "C:\\Users\\Public\\Desktop" },
	{ 16415, "C:\\Users\\Public\\Favorites" },
	{ 16419, "C:\\ProgramData" },
	{ 16420, WINDOWS },
	{ 16421, SYSTEM },
	{ 16422, "C:\\Program Files" },
	{ 16425, WINDOWS "\\SysWOW64" },
	{ 16426, "C:\\Program Files (x86)" },
	{ 16427, "C:\\Program Files\\Common Files" },
	{ 16428, "C:\\Program Files (x86)\\Common Files" },
	{ 16429, "C:\\ProgramData\\Microsoft\\Windows\\Templates" },
	{ 16430, "C:\\Users\\Public\\Documents" },
	{ 65535, "" },
};

/* How well [Strings.hhhh] fits the language: 3 exactly, 2 without a country, 1 another's; 0 not. */
static unsigned language_fit(const char *name)
{
	unsigned long id;
	char *end;

	if (strncasecmp(name, "Strings.", 8) != 0 || !name[8] || strlen(name) > 12 ||
	    strspn(name + 8, "0123456789abcdefABCDEF") != strlen(name + 8))
		return 0;
	id = strtoul(name + 8, &end, 16);
	if (id == LANGUAGE)
		return 3;
	if (id == (LANGUAGE & PRIMARY_MASK))
		return 2;
	return (id & PRIMARY_MASK) == (LANGUAGE & PRIMARY_MASK);
}

/* The one section that all tokens come from: setup does not look into a second one. */
static const struct inf_section *choose_strings(const struct inf *inf)
{
	const struct inf_section *best = inf_section(inf, "Strings");
	unsigned fit = 0;

	for (const struct inf_section *s = inf->sections; s; s = s->next) {
		unsigned f = language_fit(s->name);

		if (f > fit) {
			fit = f;
			best = s;
		}
	}
	return best;
}

static bool is_strings(const struct inf_section *section)
{
	return strncasecmp(section->name, "Strings", 7) == 0 &&
	       (section->name[7] == '\0' || section->name[7] == '.');
}

static const char *find_string(const struct inf_section *strings, const char *name, size_t length)
{
	unsigned left = MAX_STRINGS;

	for (const struct inf_entry *e = strings ? strings->entries : NULL; e && left;
	     e = e->next, left--) {
		if (e->key && strncasecmp(e->key, name, length) == 0 && e->key[length] == '\0')
			return inf_value(e, 0);
	}
	return NULL;
}

/* "%11%" between its signs. */
static const char *find_directory(const struct inf *inf, const char *name, size_t length)
{
	char number[8], *end;
	long id;

	if (length == 0 || length >= sizeof(number) || strspn(name, "-0123456789") < length)
		return NULL;
	memcpy(number, name, length);
	number[length] = '\0';
	id = strtol(number, &end, 10);
	if (*end)
		return NULL;
	if (id == 1 || id == 13)
		return inf->package;
	for (size_t i = 0; i < ARRAY_COUNT(directories); i++) {
		if (directories[i].id == id)
			return directories[i].path;
	}
	return NULL;
}

/* What "%name%" stands for, and how much of it; NULL: nothing, it stays. */
static const char *meaning(const struct inf *inf, const struct inf_section *strings,
			   const char *name, const char *close, size_t *length)
{
	size_t n = (size_t)(close - name);
	const char *value = n ? find_string(strings, name, n) : "%";

	if (value) {
		*length = strlen(value);
		return value;
	}
	value = find_directory(inf, name, n);
	if (!value)
		return NULL;
	/* A root directory ends in a backslash that the path behind it brings as well. */
	*length = strlen(value);
	if (*length && value[*length - 1] == '\\' && close[1] == '\\')
		--*length;
	return value;
}

static bool expand(struct scan *s, const struct inf_section *strings, const char **text)
{
	const char *p = *text, *close, *value;
	size_t length;

	if (!strchr(p, '%'))
		return true;
	s->length = 0;
	while (*p) {
		close = *p == '%' ? strchr(p + 1, '%') : NULL;
		value = close ? meaning(s->inf, strings, p + 1, close, &length) : NULL;
		if (!value) {
			value = p;
			length = close ? (size_t)(close + 1 - p) : 1;
		}
		for (size_t i = 0; i < length; i++) {
			if (!scan_add(s, value[i]))
				return false;
		}
		p = close ? close + 1 : p + 1;
	}
	*text = scan_keep(s, s->field, s->length);
	return *text;
}

static bool expand_entry(struct scan *s, const struct inf_section *strings, struct inf_entry *e)
{
	s->line = e->line;
	s->column = e->column;
	if (e->key && !expand(s, strings, &e->key))
		return false;
	for (unsigned i = 0; i < e->count; i++) {
		if (!expand(s, strings, &e->values[i]))
			return false;
	}
	return true;
}

bool scan_expand(struct scan *s)
{
	const struct inf_section *strings = choose_strings(s->inf);

	for (struct inf_section *section = s->inf->sections; section; section = section->next) {
		if (is_strings(section))
			continue;
		for (struct inf_entry *e = section->entries; e; e = e->next) {
			if (!expand_entry(s, strings, e))
				return false;
		}
	}
	return true;
}
