/* SPDX-License-Identifier: MIT */
/*
 * Source: "INF AddReg Directive", "INF DelReg Directive", "INF AddService Directive" and, for
 * Include and Needs, "INF DDInstall Section", Windows driver documentation.
 */
#include "inf/addreg.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "inf/private.h"

/* More than any real file has; they bound the time that a hostile one takes. */
#define MAX_LINES 65536
#define MAX_DEPTH 8 /* of Needs */

/* Flags that say the same in both kinds of lines: the key as a whole, the 32 and 64-bit trees. */
#define NEUTRAL (INF_FLAG_KEY_COMMON | 0x5000u)

struct walk {
	const struct inf *inf;
	unsigned lines, depth;
	bool (*visit)(void *context, const struct inf_addreg *addreg);
	bool (*service)(void *context, const struct inf_entry *entry);
	void *context;
	struct text *notes; /* NULL: nobody asks */
	struct inf_error *error;
};

static void __attribute__((format(printf, 2, 3))) note(struct walk *w, const char *format, ...)
{
	char line[200];
	va_list list;

	if (!w->notes)
		return;
	va_start(list, format);
	vsnprintf(line, sizeof(line), format, list);
	va_end(list);
	text_add(w->notes, "%s%s", w->notes->length ? "\n" : "", line);
}

bool inf_may_set(const struct inf_addreg *a, bool exists)
{
	return exists ? !(a->flags & INF_FLAG_NOCLOBBER) : !(a->flags & INF_FLAG_OVERWRITE_ONLY);
}

/* The roots but HKR are Windows' own trees, which nobody here has. */
static bool is_root(const char *name)
{
	static const char *const roots[] = { "HKR", "HKLM", "HKCR", "HKCU", "HKU" };

	for (size_t i = 0; i < ARRAY_COUNT(roots); i++) {
		if (strcasecmp(name, roots[i]) == 0)
			return true;
	}
	return false;
}

/*
 * Flags tell the two kinds of lines apart: one section may be named by AddReg and by DelReg. A
 * DelReg line without flags deletes.
 */
static bool is_meant(struct inf_addreg *a, bool remove)
{
	a->remove = remove || (a->flags & INF_FLAG_DELETE);
	if (a->flags & INF_FLAG_DELREG)
		return remove;
	return !remove || (a->flags & ~NEUTRAL) == 0;
}

/*
 * Flags are a number. A %token% that [Strings] lacks counts as none, as for setup: Microsoft's
 * netvadapterum.inf has one.
 */
static bool read_flags(struct walk *w, const struct inf_entry *e, unsigned *flags)
{
	const char *text = inf_value(e, 3);
	size_t length = strlen(text);
	unsigned long number;
	char *end;

	*flags = 0;
	if (length > 2 && text[0] == '%' && strchr(text + 1, '%') == text + length - 1) {
		note(w, "line %u: the flags %.60s are not in [Strings] and count as 0", e->line,
		     text);
		return true;
	}
	errno = 0;
	number = strtoul(text, &end, 0);
	if (*end != '\0' || errno || number > UINT32_MAX)
		return inf_fail(w->error, e, "the flags of an AddReg line are a number, not %.60s",
				text);
	*flags = (unsigned)number;
	return true;
}

static bool read_line(struct walk *w, enum inf_key key, bool remove, const struct inf_entry *e)
{
	struct inf_addreg a = {
		.key = key, .subkey = inf_value(e, 1), .name = inf_value(e, 2), .entry = e
	};
	const char *root = inf_value(e, 0);

	if (++w->lines > MAX_LINES)
		return inf_fail(w->error, e, "more than %d AddReg lines", MAX_LINES);
	if (!is_root(root))
		return inf_fail(w->error, e,
				"a registry root is HKR, HKLM, HKCR, HKCU or HKU, not %.60s", root);
	if (strcasecmp(root, "HKR") != 0)
		return true;
	return read_flags(w, e, &a.flags) &&
	       (!is_meant(&a, remove) || !w->visit || w->visit(w->context, &a));
}

static bool read_lines(struct walk *w, enum inf_key key, const struct inf_entry *directive)
{
	const char *name = directive->key;

	for (unsigned i = 0; i < directive->count; i++) {
		const struct inf_section *section = inf_section(w->inf, directive->values[i]);

		if (directive->values[i][0] == '\0') /* a comma at the end */
			continue;
		if (!section)
			return inf_fail(w->error, directive, "%s: there is no section [%.100s]",
					name, directive->values[i]);
		for (const struct inf_entry *e = section->entries; e; e = e->next) {
			if (!read_line(w, key, strcasecmp(name, "DelReg") == 0, e))
				return false;
		}
	}
	return true;
}

static bool walk_section(struct walk *w, enum inf_key key, const char *name);
static bool walk_services(struct walk *w, const char *name);

/* Of wudfrd.inf and netcxrd.inf, whose part is ours. Whether all is there: inf/user_mode.c. */
static bool is_played(const char *section)
{
	return strncasecmp(section, "WUDFRD.NT", 9) == 0 ||
	       strncasecmp(section, "netcxrd_Filter.NT", 17) == 0;
}

/* What @section needs, by the same function that walks @section itself. */
static bool walk_needs(struct walk *w, enum inf_key key, const struct inf_section *section)
{
	bool ok = true;

	w->depth++;
	for (const struct inf_entry *e = section->entries; e && ok; e = e->next) {
		if (!e->key || strcasecmp(e->key, "Needs") != 0)
			continue;
		for (unsigned i = 0; i < e->count && ok; i++) {
			const char *name = e->values[i];

			if (w->depth > MAX_DEPTH || ++w->lines > MAX_LINES)
				ok = inf_fail(w->error, e,
					      "[%.100s] needs sections in a circle, or too many",
					      section->name);
			else if (!inf_section(w->inf, name) && *name && !is_played(name))
				note(w, "[%.60s] needs %.60s, which is in another INF",
				     section->name, name);
			else
				ok = key == INF_SERVICE ? walk_services(w, name)
							: walk_section(w, key, name);
		}
	}
	w->depth--;
	return ok;
}

static bool walk_directive(struct walk *w, enum inf_key key, const struct inf_section *section,
			   const char *name)
{
	for (const struct inf_entry *e = section->entries; e; e = e->next) {
		if (e->key && strcasecmp(e->key, name) == 0 && !read_lines(w, key, e))
			return false;
	}
	return true;
}

/* The directives of one section. */
static bool walk_directives(struct walk *w, enum inf_key key, const struct inf_section *section)
{
	return w->service || (walk_directive(w, key, section, "DelReg") &&
			      walk_directive(w, key, section, "AddReg"));
}

static bool walk_section(struct walk *w, enum inf_key key, const char *name)
{
	const struct inf_section *section = inf_section(w->inf, name);

	return !section || (walk_needs(w, key, section) && walk_directives(w, key, section));
}

static bool walk_service(struct walk *w, const struct inf_entry *e)
{
	const struct inf_section *section = inf_section(w->inf, inf_value(e, 2));

	if (w->service && !w->service(w->context, e))
		return false;
	if (!section && *inf_value(e, 2))
		return inf_fail(w->error, e, "AddService: there is no section [%.100s]",
				inf_value(e, 2));
	return !section || walk_directives(w, INF_SERVICE, section);
}

static bool walk_services(struct walk *w, const char *name)
{
	const struct inf_section *section = inf_section(w->inf, name);

	if (section && !walk_needs(w, INF_SERVICE, section))
		return false;
	for (const struct inf_entry *e = section ? section->entries : NULL; e; e = e->next) {
		if (e->key && strcasecmp(e->key, "AddService") == 0 && !walk_service(w, e))
			return false;
	}
	return true;
}

static bool walk(struct walk *w, const char *install)
{
	char name[300];

	if (!walk_section(w, INF_SOFTWARE, install))
		return false;
	snprintf(name, sizeof(name), "%s.HW", install);
	if (!walk_section(w, INF_HARDWARE, name))
		return false;
	snprintf(name, sizeof(name), "%s.Services", install);
	return walk_services(w, name);
}

bool inf_each_addreg(const struct inf *inf, const char *install,
		     bool (*visit)(void *context, const struct inf_addreg *addreg), void *context,
		     struct inf_error *error)
{
	struct walk w = { .inf = inf, .visit = visit, .context = context, .error = error };

	return walk(&w, install);
}

void inf_each_service(const struct inf *inf, const char *install,
		      bool (*visit)(void *context, const struct inf_entry *entry), void *context)
{
	struct inf_error error;
	struct walk w = { .inf = inf, .service = visit, .context = context, .error = &error };
	char name[300];

	snprintf(name, sizeof(name), "%s.Services", install);
	walk_services(&w, name);
}

void inf_notes(const struct inf *inf, const char *install, struct text *notes)
{
	struct inf_error error;
	struct walk w = { .inf = inf, .notes = notes, .error = &error };

	if (inf->crlf_utf16)
		note(&w,
		     "UTF-16 with single CR bytes, as git's eol=crlf makes them: Windows reads no such file, here they are left out");
	if (inf->bare_utf8)
		note(&w, "UTF-8 without a mark: Windows reads it in its ANSI code page");
	walk(&w, install);
}
