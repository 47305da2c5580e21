/* SPDX-License-Identifier: MIT */
#include "build/properties.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static struct property *find(const struct properties *properties, const char *name)
{
	for (size_t i = 0; i < properties->count; i++) {
		if (same(properties->at[i].name, name))
			return &properties->at[i];
	}
	return NULL;
}

const char *properties_get(const struct properties *properties, const char *name)
{
	const struct property *property = find(properties, name);

	return property ? property->value : NULL;
}

static void set(struct properties *properties, const char *name, const char *value, bool global)
{
	struct property *property = find(properties, name);
	char *new_value = copy(value);

	if (property && property->global && !global) {
		free(new_value);
		return;
	}
	if (!property) {
		properties->at =
			resize(properties->at, properties->count + 1, sizeof(*properties->at));
		property = &properties->at[properties->count++];
		*property = (struct property){ .name = copy(name) };
	}
	free(property->value);
	property->value = new_value;
	property->global = global;
}

void properties_set(struct properties *properties, const char *name, const char *value)
{
	set(properties, name, value, false);
}

void properties_set_global(struct properties *properties, const char *name, const char *value)
{
	set(properties, name, value, true);
}

void properties_copy(struct properties *to, const struct properties *from)
{
	for (size_t i = 0; i < from->count; i++)
		set(to, from->at[i].name, from->at[i].value, from->at[i].global);
}

void properties_free(struct properties *properties)
{
	for (size_t i = 0; i < properties->count; i++) {
		free(properties->at[i].name);
		free(properties->at[i].value);
	}
	free(properties->at);
	*properties = (struct properties){ 0 };
}

static bool is_name(const char *text)
{
	if (*text == '\0')
		return false;
	for (; *text; text++) {
		if (!isalnum((unsigned char)*text) && !strchr("_-.", *text))
			return false;
	}
	return true;
}

static void not_understood(const struct scope *scope, char kind, const char *inner)
{
	char *text = format("%c(%s)", kind, inner);

	if (scope->unknown && !strings_has(scope->unknown, text))
		strings_copy(scope->unknown, text);
	free(text);
}

static void add_property(const struct scope *scope, const char *name, struct text *result)
{
	const char *value = properties_get(scope->properties, name);

	if (!value && is_name(name))
		value = getenv(name);
	if (value)
		text_add(result, value);
	else if (!is_name(name)) /* a property function: $([MSBuild]::...), $(Name.Replace(...)) */
		not_understood(scope, '$', name);
}

static void add_metadata(const struct scope *scope, const char *name, struct text *result)
{
	const char *dot = strrchr(name, '.');
	const char *value = properties_get(scope->metadata, dot ? dot + 1 : name);

	if (value)
		text_add(result, value);
}

static void add_items(const struct scope *scope, const char *type, struct text *result)
{
	char *list;

	if (!is_name(type)) { /* a transform: @(Type->'...') */
		not_understood(scope, '@', type);
		return;
	}
	list = scope->items(scope->context, type);
	text_add(result, list);
	free(list);
}

/* Past the ')' that closes the '(' before @text, or NULL. */
static const char *closing(const char *text)
{
	int depth = 1;

	for (; *text; text++) {
		depth += *text == '(' ? 1 : *text == ')' ? -1 : 0;
		if (depth == 0)
			return text + 1;
	}
	return NULL;
}

char *expand(const struct scope *scope, const char *text)
{
	struct text result = { 0 };

	while (*text) {
		bool known = (*text == '$') || (*text == '%' && scope->metadata) ||
			     (*text == '@' && scope->items);
		const char *end = known && text[1] == '(' ? closing(text + 2) : NULL;
		char *raw, *inner;

		if (!end) {
			text_add_n(&result, text++, 1);
			continue;
		}
		raw = copy_n(text + 2, (size_t)(end - text) - 3);
		inner = trim(raw);
		if (*text == '$')
			add_property(scope, inner, &result);
		else if (*text == '%')
			add_metadata(scope, inner, &result);
		else
			add_items(scope, inner, &result);
		free(inner);
		free(raw);
		text = end;
	}
	return text_take(&result);
}

static int hex_digit(char c)
{
	if (isdigit((unsigned char)c))
		return c - '0';
	return isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10 : -1;
}

void unescape(char *text)
{
	char *to = text;

	while (*text) {
		int high = *text == '%' ? hex_digit(text[1]) : -1;
		int low = high >= 0 ? hex_digit(text[2]) : -1;

		if (low >= 0 && high * 16 + low != 0) {
			*to++ = (char)(high * 16 + low);
			text += 3;
		} else {
			*to++ = *text++;
		}
	}
	*to = '\0';
}
