/* SPDX-License-Identifier: MIT */
/*
 * From [Manufacturer] over the Models section to DDInstall and its AddReg sections. Source: the
 * pages of these INF sections and directives, and "Specifying Configuration Parameters for the
 * Advanced Properties Page", Windows driver documentation.
 */
#include "inf/install.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "inf/addreg.h"

#if defined(__x86_64__)
#define ARCHITECTURE "NTamd64"
#elif defined(__aarch64__)
#define ARCHITECTURE "NTarm64"
#else
#define ARCHITECTURE "NTx86"
#endif

static bool __attribute__((format(printf, 3, 4)))
fail(struct inf_error *error, unsigned line, const char *format, ...)
{
	va_list list;

	error->line = line;
	error->column = line ? 1 : 0;
	va_start(list, format);
	vsnprintf(error->text, sizeof(error->text), format, list);
	va_end(list);
	return false;
}

/* More than any real file has; they bound the time that a hostile one takes. */
#define MAX_MODELS   65536
#define MAX_KEYWORDS 1024

/* [name.decoration], as far as the file has it; "" is no decoration. */
static const struct inf_section *decorated(const struct inf *inf, const char *name,
					   const char *decoration)
{
	char full[600];
	int n = snprintf(full, sizeof(full), "%s%s%s", name, *decoration ? "." : "", decoration);

	return n < (int)sizeof(full) ? inf_section(inf, full) : NULL;
}

static bool for_this_machine(const char *decoration)
{
	size_t n = strcspn(decoration, ".");

	return (n == strlen(ARCHITECTURE) && strncasecmp(decoration, ARCHITECTURE, n) == 0) ||
	       (n == 2 && strncasecmp(decoration, "NT", 2) == 0) ||
	       (n == 8 && strncasecmp(decoration, "NT$ARCH$", 8) == 0);
}

/* The Models section of one manufacturer: the last decoration that fits is the most special one. */
static const struct inf_section *models_of(const struct inf *inf, const struct inf_entry *maker)
{
	const char *name = inf_value(maker, 0);
	const struct inf_section *best = decorated(inf, name, ""), *section;

	for (unsigned i = 1; i < maker->count; i++) {
		if (!for_this_machine(maker->values[i]))
			continue;
		section = decorated(inf, name, maker->values[i]);
		if (section)
			best = section;
	}
	return best;
}

static bool matches(const struct inf_entry *model, const char *hardware_id)
{
	for (unsigned i = 1; hardware_id && i < model->count; i++) {
		if (strncasecmp(model->values[i], hardware_id, strlen(hardware_id)) == 0)
			return true;
	}
	return false;
}

static const struct inf_entry *find_model(const struct inf *inf, const struct inf_section *makers,
					  const char *hardware_id)
{
	const struct inf_entry *first = NULL;
	int left = MAX_MODELS;

	for (const struct inf_entry *maker = makers->entries; maker && left > 0;
	     maker = maker->next, left -= 256) {
		const struct inf_section *models = models_of(inf, maker);

		for (const struct inf_entry *m = models ? models->entries : NULL; m && left > 0;
		     m = m->next, left--) {
			if (!m->key || m->count == 0)
				continue;
			if (matches(m, hardware_id))
				return m;
			if (!first)
				first = m;
		}
	}
	return first;
}

static const struct inf_section *find_install(const struct inf *inf, const char *name)
{
	static const char *const decorations[] = { ARCHITECTURE, "NT$ARCH$", "NT", "" };
	const struct inf_section *section = NULL;

	for (size_t i = 0; i < 4 && !section; i++)
		section = decorated(inf, name, decorations[i]);
	return section;
}

static struct inf_keyword *keyword_of(struct inf *inf, struct inf_install *install,
				      const char *name, size_t length, unsigned line)
{
	struct inf_keyword **at = &install->keywords;
	unsigned left = MAX_KEYWORDS;
	char *copy;

	for (; *at; at = &(*at)->next) {
		if (strncasecmp((*at)->keyword.name, name, length) == 0 &&
		    (*at)->keyword.name[length] == '\0')
			return *at;
		if (--left == 0)
			return NULL;
	}
	*at = inf_alloc(inf, sizeof(**at));
	copy = inf_alloc(inf, length + 1);
	if (!*at || !copy) {
		*at = NULL;
		return NULL;
	}
	memcpy(copy, name, length);
	(*at)->keyword = (struct keyword){ .name = copy, .type = KEYWORD_TEXT, .base = 10 };
	(*at)->line = line;
	return *at;
}

static bool number_of(const char *text, int base, long *number)
{
	char *end;

	errno = 0;
	*number = strtol(text, &end, base);
	return *text && *end == '\0' && errno == 0;
}

/* A type's own limits, before min and max narrow them. */
static const struct {
	const char *name;
	enum keyword_type type;
	long minimum, maximum;
} types[] = {
	{ "enum", KEYWORD_ENUM, 0, 0 },
	{ "int", KEYWORD_NUMBER, -2147483647L - 1, 2147483647L },
	{ "long", KEYWORD_NUMBER, -2147483647L - 1, 2147483647L },
	{ "word", KEYWORD_NUMBER, 0, 65535 },
	{ "dword", KEYWORD_NUMBER, 0, 4294967295L },
	{ "edit", KEYWORD_TEXT, 0, 0 },
};

static bool set_type(struct inf_keyword *k, const char *text)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcasecmp(text, types[i].name) != 0)
			continue;
		k->keyword.type = types[i].type;
		if (!k->typed) {
			k->keyword.minimum = types[i].minimum;
			k->keyword.maximum = types[i].maximum;
		}
		k->typed = true;
		return true;
	}
	return false;
}

static bool add_option(struct inf *inf, struct inf_keyword *k, const char *name, const char *text)
{
	struct keyword_option *options;
	long value;

	if (!number_of(name, 10, &value))
		return false;
	if ((k->keyword.option_count & (k->keyword.option_count - 1)) == 0) {
		unsigned room = k->keyword.option_count ? 2 * k->keyword.option_count : 1;

		options = inf_alloc(inf, room * sizeof(*options));
		if (!options)
			return false;
		if (k->keyword.option_count)
			memcpy(options, k->keyword.options,
			       k->keyword.option_count * sizeof(*options));
		k->keyword.options = options;
	} else {
		options = (struct keyword_option *)k->keyword.options;
	}
	options[k->keyword.option_count++] = (struct keyword_option){ value, text };
	return true;
}

/* What reading the keywords carries along. */
struct reading {
	struct inf *inf;
	struct inf_install *install;
	struct inf_error *error;
	bool types; /* the first pass takes types alone: min and max narrow them */
};

/* One value under Ndi\params\KEYWORD. */
static bool read_param(struct reading *r, struct inf_keyword *k, const struct inf_addreg *a)
{
	const char *name = a->name, *value = inf_value(a->entry, 4);

	if (strcasecmp(name, "type") == 0) {
		if (!set_type(k, value))
			return fail(r->error, a->entry->line, "%s: no such type of keyword: %s",
				    k->keyword.name, value);
	} else if (r->types) {
		return true;
	} else if (strcasecmp(name, "ParamDesc") == 0) {
		k->description = value;
	} else if (strcasecmp(name, "default") == 0) {
		k->default_value = value;
	} else if (strcasecmp(name, "optional") == 0) {
		k->optional = strcmp(value, "1") == 0;
	} else if (strcasecmp(name, "base") == 0) {
		k->keyword.base = strcmp(value, "16") == 0 ? 16 : 10;
	} else if (strcasecmp(name, "min") == 0 || strcasecmp(name, "max") == 0 ||
		   strcasecmp(name, "step") == 0) {
		long number;

		if (!number_of(value, 10, &number))
			return fail(r->error, a->entry->line, "%s: %s is not a number: %s",
				    k->keyword.name, name, value);
		if (strcasecmp(name, "min") == 0)
			k->keyword.minimum = number;
		else if (strcasecmp(name, "max") == 0)
			k->keyword.maximum = number;
		else
			k->keyword.step = number;
	}
	return true;
}

static bool read_keyword(void *context, const struct inf_addreg *a)
{
	struct reading *r = context;
	const char *name = a->subkey, *rest;
	struct inf_keyword *k;
	size_t length;

	if (a->key != INF_SOFTWARE || strncasecmp(name, "Ndi\\params\\", 11) != 0)
		return true;
	name += 11;
	length = strcspn(name, "\\");
	rest = name[length] ? name + length + 1 : name + length;
	if (length == 0 || length > KEYWORD_MAX_NAME)
		return fail(r->error, a->entry->line, "a keyword's name has 1 to %d characters",
			    KEYWORD_MAX_NAME);
	k = keyword_of(r->inf, r->install, name, length, a->entry->line);
	if (!k)
		return fail(r->error, a->entry->line, "more than %d keywords, or out of memory",
			    MAX_KEYWORDS);
	if (*rest == '\0')
		return read_param(r, k, a);
	if (strcasecmp(rest, "enum") == 0 && !r->types && a->name[0] &&
	    !add_option(r->inf, k, a->name, inf_value(a->entry, 4)))
		return fail(r->error, a->entry->line, "%s: an enum's value is a number, not %s",
			    k->keyword.name, a->name);
	return true;
}

/* A default that its own limits forbid: better told than installed. */
static bool check_defaults(const struct inf_install *install, struct inf_error *error)
{
	struct error why;

	for (const struct inf_keyword *k = install->keywords; k; k = k->next) {
		if (k->keyword.type == KEYWORD_ENUM && k->keyword.option_count == 0)
			return fail(error, k->line, "%s: an enum without values", k->keyword.name);
		if (!k->default_value || (k->optional && k->default_value[0] == '\0'))
			continue;
		if (!keyword_check(&k->keyword, k->default_value, &why))
			return fail(error, k->line, "%.40s: its default is \"%.40s\": %s",
				    k->keyword.name, k->default_value, why.text);
	}
	return true;
}

/* The function driver's service: the one that is added with SPSVCINST_ASSOCSERVICE, 2. */
static const char *service_of(const struct inf *inf, const char *install)
{
	const struct inf_section *section;
	const char *first = NULL;
	char name[300];
	long flags;

	snprintf(name, sizeof(name), "%s.Services", install);
	section = inf_section(inf, name);
	for (const struct inf_entry *e = section ? section->entries : NULL; e; e = e->next) {
		if (!e->key || strcasecmp(e->key, "AddService") != 0 || e->count == 0)
			continue;
		if (number_of(inf_value(e, 1), 0, &flags) && flags & 2)
			return e->values[0];
		if (!first)
			first = e->values[0];
	}
	return first;
}

bool inf_install(struct inf *inf, const char *hardware_id, struct inf_install *install,
		 struct inf_error *error)
{
	const struct inf_section *makers = inf_section(inf, "Manufacturer"), *section;
	const struct inf_entry *model;
	struct reading r = { .inf = inf, .install = install, .error = error, .types = true };

	*install = (struct inf_install){ 0 };
	*error = (struct inf_error){ 0 };
	if (!makers)
		return fail(error, 0, "no [Manufacturer] section: it installs no device");
	model = find_model(inf, makers, hardware_id);
	if (!model)
		return fail(error, 0, "[Manufacturer] leads to no device for this architecture");
	section = find_install(inf, inf_value(model, 0));
	if (!section)
		return fail(error, model->line, "there is no section [%.100s]",
			    inf_value(model, 0));
	install->section = section->name;
	install->description = model->key;
	install->model = model;
	install->service = service_of(inf, section->name);

	if (!inf_each_addreg(inf, section->name, read_keyword, &r, error))
		return false;
	r.types = false;
	return inf_each_addreg(inf, section->name, read_keyword, &r, error) &&
	       check_defaults(install, error);
}

const struct inf_keyword *inf_find_keyword(const struct inf_install *install, const char *name)
{
	for (const struct inf_keyword *k = install->keywords; k; k = k->next) {
		if (strcasecmp(k->keyword.name, name) == 0)
			return k;
	}
	return NULL;
}
