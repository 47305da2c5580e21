/* SPDX-License-Identifier: MIT */
#include "build/properties.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"

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
	char *text = string_format("%c(%s)", kind, inner);

	if (scope->unknown && !strings_has(scope->unknown, text))
		strings_copy(scope->unknown, text);
	free(text);
}

static void add_property(const struct scope *scope, const char *name, struct buffer *result)
{
	const char *value = properties_get(scope->properties, name);

	if (!value && is_name(name))
		value = getenv(name);
	if (value)
		buffer_add(result, value);
	else if (!is_name(name)) /* a property function: $([MSBuild]::...), $(Name.Replace(...)) */
		not_understood(scope, '$', name);
}

static void add_metadata(const struct scope *scope, const char *name, struct buffer *result)
{
	const char *dot = strrchr(name, '.');
	const char *value = properties_get(scope->metadata, dot ? dot + 1 : name);

	if (value)
		buffer_add(result, value);
}

static void add_items(const struct scope *scope, const char *type, struct buffer *result)
{
	char *list;

	if (!is_name(type)) { /* a transform: @(Type->'...') */
		not_understood(scope, '@', type);
		return;
	}
	list = scope->items(scope->context, type);
	buffer_add(result, list);
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

char *properties_expand(const struct scope *scope, const char *text)
{
	struct buffer result = { 0 };

	while (*text) {
		bool known = (*text == '$') || (*text == '%' && scope->metadata) ||
			     (*text == '@' && scope->items);
		const char *end = known && text[1] == '(' ? closing(text + 2) : NULL;
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
