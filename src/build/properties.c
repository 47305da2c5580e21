/* SPDX-License-Identifier: MIT */
#include "build/properties.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "build/function.h"

static struct property *find(const struct properties *properties, const char *name)
{
	for (size_t i = 0; i < properties->count; i++) {
		if (string_same(properties->at[i].name, name))
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
	char *new_value = string_copy(value);

	if (property && property->global && !global) {
		free(new_value);
		return;
	}
	if (!property) {
		properties->at = array_resize(properties->at, properties->count + 1,
					      sizeof(*properties->at));
		property = &properties->at[properties->count++];
		*property = (struct property){ .name = string_copy(name) };
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

const char *property_value(const struct scope *scope, const char *name)
{
	const char *value = properties_get(scope->properties, name);

	if (!value)
		value = getenv(name);
	return value ? value : "";
}

/* A property's name: what else stands in $(...) is a function. */
static bool is_name(const char *text)
{
	for (const char *c = text; *c; c++) {
		if (!isalnum((unsigned char)*c) && *c != '_' && *c != '-')
			return false;
	}
	return *text != '\0';
}

static void note(const struct scope *scope, char kind, const char *inner)
{
	if (scope->notes)
		strings_add_once(
			scope->notes,
			string_format("%c(%s) is not understood and taken as empty", kind, inner));
}

/* Takes @why over. */
static void fail(const struct scope *scope, const char *inner, char *why)
{
	if (scope->error && !*scope->error)
		*scope->error = string_format("$(%s): %s", inner, why);
	free(why);
}

static void add_function(const struct scope *scope, const char *body, struct buffer *result)
{
	struct value value = { 0 };
	char *error = NULL, *text, *escaped;

	if (!function_evaluate(scope, body, &value, &error)) {
		fail(scope, body, error);
		return;
	}
	text = value_say(&value);
	escaped = value.kind == VALUE_TEXT && !value.escaped ? text_escape(text) : NULL;
	buffer_add(result, escaped ? escaped : text);
	free(escaped);
	free(text);
	value_free(&value);
}

static void add_property(const struct scope *scope, const char *name, struct buffer *result)
{
	if (is_name(name))
		buffer_add(result, property_value(scope, name));
	else if (*name)
		add_function(scope, name, result);
}

static void add_metadata(const struct scope *scope, const char *name, struct buffer *result)
{
	const char *dot = strrchr(name, '.');
	const char *value = properties_get(scope->metadata, dot ? dot + 1 : name);

	if (value)
		buffer_add(result, value);
}

static void add_items(const struct scope *scope, const char *reference, struct buffer *result)
{
	char *list = scope->items(scope, reference);

	if (list)
		buffer_add(result, list);
	else
		note(scope, '@', reference);
	free(list);
}

char *properties_expand(const struct scope *scope, const char *text)
{
	struct buffer result = { 0 };

	while (*text && result.length <= LONGEST) {
		bool known = (*text == '$') || (*text == '%' && scope->metadata) ||
			     (*text == '@' && scope->items);
		const char *end = known && text[1] == '(' ? function_closing(text + 2) : NULL;
		char *raw, *inner;

		if (!end) {
			buffer_add_n(&result, text++, 1);
			continue;
		}
		raw = string_copy_n(text + 2, (size_t)(end - text) - 3);
		inner = string_trim(raw);
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
	if (*text)
		fail(scope, "...", string_copy("the text is longer than 1 MB"));
	return buffer_take(&result);
}

void properties_unescape(char *text)
{
	char *to = text;

	while (*text) {
		unsigned high = *text == '%' ? hex_digit((uint8_t)text[1]) : 16;
		unsigned low = high < 16 ? hex_digit((uint8_t)text[2]) : 16;

		if (low < 16 && high * 16 + low != 0) {
			*to++ = (char)(high * 16 + low);
			text += 3;
		} else {
			*to++ = *text++;
		}
	}
	*to = '\0';
}
