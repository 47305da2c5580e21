/* SPDX-License-Identifier: MIT */
#include "build/reference.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "build/function.h"

#define MOST_ARGUMENTS 4

static void add(struct referral *r, const struct item *item, char *text)
{
	r->at = array_resize(r->at, r->count + 1, sizeof(*r->at));
	r->at[r->count++] = (struct referred){ item, text };
}

void referral_free(struct referral *r)
{
	for (size_t i = 0; i < r->count; i++)
		free(r->at[i].text);
	free(r->at);
	free(r->between);
	*r = (struct referral){ 0 };
}

char *referral_text(const struct referral *r)
{
	struct buffer text = { 0 };

	for (size_t i = 0; i < r->count; i++)
		buffer_add_format(&text, "%s%s", i ? r->between : "", r->at[i].text);
	return buffer_take(&text);
}

/* A reference being read. */
struct reader {
	const struct scope *scope;
	const char *reference, *at;
	struct referral *referral;
};

static void skip_blanks(struct reader *r)
{
	while (isspace((unsigned char)*r->at))
		r->at++;
}

/* The text between quotes, the caller's; NULL: there is none. */
static char *take_quoted(struct reader *r)
{
	const char *end = *r->at && strchr("'`\"", *r->at) ? strchr(r->at + 1, *r->at) : NULL;
	char *text = end ? string_copy_n(r->at + 1, (size_t)(end - r->at) - 1) : NULL;

	if (end)
		r->at = end + 1;
	return text;
}

/* A function's argument, quoted or as it is; the caller's. NULL: it is not closed. */
static char *take_argument(struct reader *r)
{
	size_t length = strcspn(r->at, ",)");
	char *raw, *text;

	if (*r->at && strchr("'`\"", *r->at))
		return take_quoted(r);
	if (r->at[length] == '\0')
		return NULL;
	raw = string_copy_n(r->at, length);
	text = string_trim(raw);
	free(raw);
	r->at += length;
	return text;
}

static char *take_name(struct reader *r)
{
	const char *from = r->at;

	while (isalnum((unsigned char)*r->at) ||
	       (*r->at && strchr("_-.", *r->at) && strncmp(r->at, "->", 2) != 0))
		r->at++;
	return string_copy_n(from, (size_t)(r->at - from));
}

/* Each item's text becomes the template with its metadata; an empty one is no item. */
static void transform(struct reader *r, const char *template)
{
	struct referral *l = r->referral;
	size_t kept = 0;

	for (size_t i = 0; i < l->count; i++) {
		struct scope scope = *r->scope;
		char *text;

		scope.metadata = &l->at[i].item->metadata;
		scope.items = NULL;
		text = properties_expand(&scope, template);
		free(l->at[i].text);
		if (*text)
			l->at[kept++] = (struct referred){ l->at[i].item, text };
		else
			free(text);
	}
	l->count = kept;
}

/* One function's arguments, texts of the caller. */
struct arguments {
	char *at[MOST_ARGUMENTS];
	size_t count;
};

static const char *argument(const struct arguments *a, size_t i)
{
	return i < a->count ? a->at[i] : "";
}

static void keep_if(struct referral *l,
		    bool (*wanted)(const struct referral *, size_t, const struct arguments *),
		    const struct arguments *a)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->count; i++) {
		struct referred one = l->at[i];
		bool keep;

		/* What is before @kept stays as it is, so that it can be compared with. */
		l->at[i] = l->at[kept];
		l->at[kept] = one;
		keep = wanted(l, kept, a);
		if (keep)
			kept++;
	}
	for (size_t i = kept; i < l->count; i++)
		free(l->at[i].text);
	l->count = kept;
}

static bool is_new(const struct referral *l, size_t i, const struct arguments *a)
{
	for (size_t j = 0; j < i; j++) {
		if (string_same(l->at[j].text, l->at[i].text))
			return false;
	}
	return true;
}

static bool has_metadata(const struct referral *l, size_t i, const struct arguments *a)
{
	return *item_get(l->at[i].item, argument(a, 0)) != '\0';
}

static bool has_value(const struct referral *l, size_t i, const struct arguments *a)
{
	return string_same(item_get(l->at[i].item, argument(a, 0)), argument(a, 1));
}

/* The list becomes one text. */
static void become(struct referral *l, char *text)
{
	static const struct item nothing = { 0 };
	const struct item *item = l->count ? l->at[0].item : &nothing;

	for (size_t i = 0; i < l->count; i++)
		free(l->at[i].text);
	l->count = 0;
	add(l, item, text);
}

static void reverse(struct referral *l)
{
	for (size_t i = 0; i < l->count / 2; i++) {
		struct referred one = l->at[i];

		l->at[i] = l->at[l->count - 1 - i];
		l->at[l->count - 1 - i] = one;
	}
}

/* Takes @why over: the first thing that is wrong is its scope's. */
static void fail(struct reader *r, char *why)
{
	if (r->scope->error && !*r->scope->error)
		*r->scope->error = string_format("@(%s): %s", r->reference, why);
	free(why);
}

/* What a text can be asked, asked of each. */
static bool each_text(struct reader *r, const char *name, const struct arguments *a)
{
	const struct function *f = function_find(text_functions, name);
	struct referral *l = r->referral;

	if (!f)
		return false;
	for (size_t i = 0; i < l->count; i++) {
		struct value self = value_copy(l->at[i].text), given[MOST_ARGUMENTS];
		struct call call = {
			.scope = r->scope, .self = &self, .arguments = given, .count = a->count
		};

		for (size_t j = 0; j < a->count; j++)
			given[j] = value_text(a->at[j]);
		function_call(f, &call);
		if (call.error)
			fail(r, call.error);
		free(l->at[i].text);
		l->at[i].text = value_say(&call.result);
		value_free(&call.result);
		value_free(&self);
	}
	return true;
}

static bool apply(struct reader *r, const char *name, const struct arguments *a)
{
	struct referral *l = r->referral;
	char *template;

	if (string_same(name, "Count")) {
		become(l, string_format("%zu", l->count));
	} else if (string_same(name, "Distinct") || string_same(name, "DistinctWithCase")) {
		keep_if(l, is_new, a);
	} else if (string_same(name, "Reverse")) {
		reverse(l);
	} else if (string_same(name, "HasMetadata")) {
		keep_if(l, has_metadata, a);
	} else if (string_same(name, "WithMetadataValue")) {
		keep_if(l, has_value, a);
	} else if (string_same(name, "AnyHaveMetadataValue")) {
		keep_if(l, has_value, a);
		become(l, string_copy(l->count ? "true" : "false"));
	} else if (string_same(name, "Metadata")) {
		template = string_format("%%(%s)", argument(a, 0));
		transform(r, template);
		free(template);
	} else {
		return each_text(r, name, a);
	}
	return true;
}

/* "Name('a', 2)": behind "->". */
static bool take_function(struct reader *r)
{
	char *name = take_name(r);
	struct arguments a = { 0 };
	bool ok = *r->at == '(';

	r->at += ok;
	skip_blanks(r);
	while (ok && *r->at != ')') {
		char *text = a.count < MOST_ARGUMENTS ? take_argument(r) : NULL;

		ok = text;
		if (!ok)
			break;
		a.at[a.count++] = text;
		skip_blanks(r);
		r->at += *r->at == ',';
		skip_blanks(r);
	}
	r->at += ok;
	ok = ok && apply(r, name, &a);
	for (size_t i = 0; i < a.count; i++)
		free(a.at[i]);
	free(name);
	return ok;
}

static bool take_step(struct reader *r)
{
	char *template;

	r->at += 2;
	skip_blanks(r);
	if (*r->at != '\'')
		return take_function(r);
	template = take_quoted(r);
	if (template)
		transform(r, template);
	free(template);
	return template;
}

bool reference_read(const struct msbuild *m, const struct scope *scope, const char *reference,
		    struct referral *referral)
{
	struct reader r = {
		.scope = scope, .reference = reference, .at = reference, .referral = referral
	};
	char *type;
	bool ok;

	*referral = (struct referral){ .between = string_copy(";") };
	skip_blanks(&r);
	type = take_name(&r);
	for (size_t i = 0; i < m->item_count; i++) {
		if (string_same(m->items[i].type, type))
			add(referral, &m->items[i], string_copy(m->items[i].identity));
	}
	ok = *type != '\0';
	free(type);
	for (skip_blanks(&r); ok && strncmp(r.at, "->", 2) == 0; skip_blanks(&r))
		ok = take_step(&r);
	if (ok && *r.at == ',') {
		r.at++;
		skip_blanks(&r);
		free(referral->between);
		referral->between = take_quoted(&r);
		ok = referral->between;
		skip_blanks(&r);
	}
	return ok && *r.at == '\0';
}
