/* SPDX-License-Identifier: MIT */
/*
 * An adapter's keywords, from what AddReg puts below Ndi\params. Source: "Specifying Configuration
 * Parameters for the Advanced Properties Page", Windows driver documentation.
 */
#include "inf/params.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "inf/addreg.h"
#include "inf/private.h"

/* More than any real file has; they bound the time that a hostile one takes. */
#define MAX_KEYWORDS 1024
#define MAX_OPTIONS  4096 /* of one keyword */

/* What a keyword's key may have. */
enum param {
	PARAM_TYPE,
	PARAM_DESC,
	PARAM_DEFAULT,
	PARAM_OPTIONAL,
	PARAM_BASE,
	PARAM_MIN,
	PARAM_MAX,
	PARAM_STEP,
	PARAMS
};

static const char *const param_names[PARAMS] = {
	[PARAM_TYPE] = "type",         [PARAM_DESC] = "ParamDesc", [PARAM_DEFAULT] = "default",
	[PARAM_OPTIONAL] = "optional", [PARAM_BASE] = "base",      [PARAM_MIN] = "min",
	[PARAM_MAX] = "max",           [PARAM_STEP] = "step",
};

/* A keyword while its lines come in. Lives as long as the INF, of which `keyword` is handed out. */
struct draft {
	struct inf_keyword keyword; /* first: draft_of() */
	struct {
		const char *text; /* NULL: not given */
		const struct inf_entry *entry;
	} params[PARAMS];
	struct keyword_option *options; /* in the order of their making */
	unsigned count, room;
};

static struct draft *draft_of(struct inf_keyword *keyword)
{
	return (struct draft *)keyword;
}

/* What reading carries along. */
struct reading {
	struct inf *inf;
	struct inf_keyword **keywords;
	struct inf_error *error;
	bool values; /* the second time: what AddReg gives the keywords themselves */
};

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

/* ---- lines come in ---- */

/* Where the keyword is in the list, or would be; @count: how many are before it. */
static struct inf_keyword **keyword_at(struct reading *r, const char *name, size_t length,
				       unsigned *count)
{
	struct inf_keyword **at = r->keywords;

	for (*count = 0; *at; at = &(*at)->next, ++*count) {
		if (strncasecmp((*at)->keyword.name, name, length) == 0 &&
		    (*at)->keyword.name[length] == '\0')
			break;
	}
	return at;
}

static struct inf_keyword *make_keyword(struct reading *r, const char *name, size_t length,
					const struct inf_entry *entry)
{
	struct draft *draft = inf_alloc(r->inf, sizeof(*draft));
	char *copy = inf_alloc(r->inf, length + 1);

	if (!draft || !copy)
		return NULL;
	memcpy(copy, name, length);
	draft->keyword.keyword = (struct keyword){ .name = copy, .type = KEYWORD_TEXT, .base = 10 };
	draft->keyword.entry = entry;
	return &draft->keyword;
}

/* One value in a keyword's own key. */
static void put_param(struct draft *d, const struct inf_addreg *a)
{
	for (size_t i = 0; i < PARAMS; i++) {
		if (strcasecmp(a->name, param_names[i]) != 0)
			continue;
		if (a->remove) {
			d->params[i].text = NULL;
		} else if (inf_may_set(a, d->params[i].text)) {
			d->params[i].text = inf_value(a->entry, INF_DATA);
			d->params[i].entry = a->entry;
		}
	}
}

static bool grow_options(struct reading *r, struct draft *d)
{
	unsigned room = d->room ? 2 * d->room : 4;
	struct keyword_option *options;

	if (d->count < d->room)
		return true;
	options = inf_alloc(r->inf, room * sizeof(*options));
	if (!options)
		return false;
	if (d->count)
		memcpy(options, d->options, d->count * sizeof(*options));
	d->options = options;
	d->room = room;
	return true;
}

/* One value in a keyword's enum key: a number, and what it is called. */
static bool put_option(struct reading *r, struct draft *d, const struct inf_addreg *a)
{
	unsigned i = 0;
	long value;

	if (!number_of(a->name, 10, &value))
		return inf_fail(r->error, a->entry,
				"%.100s: an enum's value is a number, not %.60s",
				d->keyword.keyword.name, a->name);
	while (i < d->count && d->options[i].value != value)
		i++;
	if (a->remove) {
		if (i < d->count)
			memmove(&d->options[i], &d->options[i + 1],
				(--d->count - i) * sizeof(*d->options));
		return true;
	}
	if (!inf_may_set(a, i < d->count))
		return true;
	if (i == MAX_OPTIONS || !grow_options(r, d))
		return inf_fail(r->error, a->entry, "%.100s: more than %d values, or out of memory",
				d->keyword.keyword.name, MAX_OPTIONS);
	d->count += i == d->count;
	d->options[i] = (struct keyword_option){ value, inf_value(a->entry, INF_DATA) };
	return true;
}

/* Below the key of the keyword that *at is; @rest: the rest of the path. */
static bool read_below(struct reading *r, struct inf_keyword **at, const char *rest,
		       const struct inf_addreg *a)
{
	bool key = a->name[0] == '\0' || (a->flags & (INF_FLAG_KEY_ONLY | INF_FLAG_KEY_COMMON));
	struct draft *d = draft_of(*at);

	if (*rest == '\0') {
		if (!key)
			put_param(d, a);
		else if (a->remove)
			*at = d->keyword.next;
	} else if (strcasecmp(rest, "enum") == 0) {
		if (!key)
			return put_option(r, d, a);
		if (a->remove)
			d->count = 0;
	}
	return true;
}

/* A line's value as the text that a keyword has, whatever type the line gives it. */
static const char *text_of(struct reading *r, const struct inf_addreg *a)
{
	const char *text = inf_value(a->entry, INF_DATA);
	char *decimal;

	if ((a->flags & INF_TYPE_MASK) != INF_TYPE_DWORD || a->entry->count != INF_DATA + 1)
		return text;
	decimal = inf_alloc(r->inf, 16);
	if (!decimal)
		return text;
	snprintf(decimal, 16, "%u", (unsigned)strtoll(text, NULL, 0));
	return decimal;
}

/* "HKR,, *SpeedDuplex, 0, 4" beside Ndi\params\*SpeedDuplex goes before its default. */
static void read_value(struct reading *r, const struct inf_addreg *a)
{
	unsigned count;
	struct inf_keyword *k = *keyword_at(r, a->name, strlen(a->name), &count);

	if (!k || (a->flags & (INF_FLAG_KEY_ONLY | INF_FLAG_KEY_COMMON)))
		return;
	if (a->remove)
		k->value = NULL;
	else if (inf_may_set(a, k->value))
		k->value = text_of(r, a);
}

static bool read_line(void *context, const struct inf_addreg *a)
{
	struct reading *r = context;
	const char *name = a->subkey, *rest;
	struct inf_keyword **at;
	unsigned count;
	size_t length;

	if (r->values && a->key == INF_SOFTWARE && *name == '\0')
		read_value(r, a);
	if (r->values || a->key != INF_SOFTWARE || strncasecmp(name, "Ndi\\params\\", 11) != 0)
		return true;
	name += 11;
	length = strcspn(name, "\\");
	rest = name[length] ? name + length + 1 : name + length;
	if (length == 0 || length > KEYWORD_MAX_NAME)
		return inf_fail(r->error, a->entry, "a keyword's name has 1 to %d characters",
				KEYWORD_MAX_NAME);
	at = keyword_at(r, name, length, &count);
	if (!*at && (a->remove || (a->flags & INF_FLAG_OVERWRITE_ONLY)))
		return true;
	if (!*at && count < MAX_KEYWORDS)
		*at = make_keyword(r, name, length, a->entry);
	if (!*at)
		return inf_fail(r->error, a->entry, "more than %d keywords, or out of memory",
				MAX_KEYWORDS);
	return read_below(r, at, rest, a);
}

/* ---- what they come to ---- */

static bool set_type(struct reading *r, struct draft *d)
{
	const char *text = d->params[PARAM_TYPE].text;
	struct keyword *k = &d->keyword.keyword;

	for (size_t i = 0; i < ARRAY_COUNT(types) && text; i++) {
		if (strcasecmp(text, types[i].name) != 0)
			continue;
		k->type = types[i].type;
		k->minimum = types[i].minimum;
		k->maximum = types[i].maximum;
		return true;
	}
	return !text || inf_fail(r->error, d->params[PARAM_TYPE].entry,
				 "%.60s: no such type of keyword: %.60s", k->name, text);
}

/* min, max and step are decimal, whatever base the keyword's own value has. */
static bool set_number(struct reading *r, struct draft *d, enum param param, long *to)
{
	const char *text = d->params[param].text;

	return !text || number_of(text, 10, to) ||
	       inf_fail(r->error, d->params[param].entry, "%.60s: %s is not a number: %.60s",
			d->keyword.keyword.name, param_names[param], text);
}

static bool is_text(const struct draft *d, enum param param, const char *text)
{
	return d->params[param].text && strcmp(d->params[param].text, text) == 0;
}

/* A default that counts, and that its own limits forbid: better told than installed. */
static bool check_default(struct reading *r, const struct draft *d)
{
	const struct inf_keyword *k = &d->keyword;
	struct error why;

	if (k->keyword.type == KEYWORD_ENUM && k->keyword.option_count == 0)
		return inf_fail(r->error, k->entry, "%.60s: an enum without values",
				k->keyword.name);
	if (!k->default_value || k->value || (k->optional && k->default_value[0] == '\0') ||
	    keyword_check(&k->keyword, k->default_value, &why))
		return true;
	return inf_fail(r->error, k->entry, "%.40s: its default is \"%.40s\": %.140s",
			k->keyword.name, k->default_value, why.text);
}

static bool finish(struct reading *r, struct draft *d)
{
	struct inf_keyword *k = &d->keyword;

	k->description = d->params[PARAM_DESC].text;
	k->default_value = d->params[PARAM_DEFAULT].text;
	k->optional = is_text(d, PARAM_OPTIONAL, "1");
	k->keyword.base = is_text(d, PARAM_BASE, "16") ? 16 : 10;
	k->keyword.options = d->options;
	k->keyword.option_count = d->count;
	return set_type(r, d) && set_number(r, d, PARAM_MIN, &k->keyword.minimum) &&
	       set_number(r, d, PARAM_MAX, &k->keyword.maximum) &&
	       set_number(r, d, PARAM_STEP, &k->keyword.step) && check_default(r, d);
}

bool inf_read_params(struct inf *inf, const char *install, struct inf_keyword **keywords,
		     struct inf_error *error)
{
	struct reading r = { .inf = inf, .keywords = keywords, .error = error };

	if (!inf_each_addreg(inf, install, read_line, &r, error))
		return false;
	r.values = true;
	if (!inf_each_addreg(inf, install, read_line, &r, error))
		return false;
	for (struct inf_keyword *k = *keywords; k; k = k->next) {
		if (!finish(&r, draft_of(k)))
			return false;
	}
	return true;
}
