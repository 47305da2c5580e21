/* SPDX-License-Identifier: MIT */
#include "build/value.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"

struct value value_text(char *text)
{
	return (struct value){ .kind = VALUE_TEXT, .text = text };
}

struct value value_copy(const char *text)
{
	return value_text(string_copy(text));
}

struct value value_whole(int64_t number)
{
	return (struct value){ .kind = VALUE_WHOLE, .whole = number };
}

struct value value_real(double number)
{
	return (struct value){ .kind = VALUE_REAL, .real = number };
}

struct value value_boolean(bool truth)
{
	return (struct value){ .kind = VALUE_BOOLEAN, .truth = truth };
}

struct value value_version(const struct dotted *version)
{
	return (struct value){ .kind = VALUE_VERSION, .version = *version };
}

void value_free(struct value *value)
{
	free(value->text);
	strings_free(&value->list);
	*value = (struct value){ 0 };
}

/* The shortest digits that read back as the same number. */
static char *say_real(double number)
{
	char text[64];

	if (isnan(number))
		return string_copy("NaN");
	if (isinf(number))
		return string_copy(number < 0 ? "-Infinity" : "Infinity");
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*G", digits, number);
		if (strtod(text, NULL) == number)
			break;
	}
	return string_copy(text);
}

static char *say_list(const struct strings *list)
{
	struct buffer result = { 0 };

	for (size_t i = 0; i < list->count; i++) {
		char *escaped = text_escape(list->at[i]);

		buffer_add(&result, result.length ? ";" : "");
		buffer_add(&result, escaped);
		free(escaped);
	}
	return buffer_take(&result);
}

static char *say_version(const struct dotted *version)
{
	struct buffer result = { 0 };

	for (int i = 0; i < VERSION_PARTS && version->part[i] >= 0; i++)
		buffer_add_format(&result, "%s%d", i ? "." : "", version->part[i]);
	return buffer_take(&result);
}

char *value_say(const struct value *value)
{
	switch (value->kind) {
	case VALUE_TEXT:
		return string_copy(value->text);
	case VALUE_WHOLE:
		return string_format("%lld", (long long)value->whole);
	case VALUE_REAL:
		return say_real(value->real);
	case VALUE_BOOLEAN:
		return string_copy(value->truth ? "True" : "False");
	case VALUE_LIST:
		return say_list(&value->list);
	case VALUE_VERSION:
		return say_version(&value->version);
	case VALUE_NULL:
		break;
	}
	return string_copy("");
}

const char *value_type(const struct value *value)
{
	static const char *const types[] = {
		[VALUE_NULL] = "null",
		[VALUE_TEXT] = "System.String",
		[VALUE_WHOLE] = "System.Int64",
		[VALUE_REAL] = "System.Double",
		[VALUE_BOOLEAN] = "System.Boolean",
		[VALUE_LIST] = "System.String[]",
		[VALUE_VERSION] = "System.Version",
	};

	return types[value->kind];
}

/* A sign and digits, with blanks around: .NET's NumberStyles.Integer. */
static bool read_whole(const char *text, int64_t *number)
{
	char *trimmed = string_trim(text), *digits = trimmed, *end;
	bool ok;

	digits += *digits == '-' || *digits == '+';
	ok = *digits && digits[strspn(digits, "0123456789")] == '\0';
	if (ok) {
		errno = 0;
		*number = strtoll(trimmed, &end, 10);
		ok = errno == 0;
	}
	free(trimmed);
	return ok;
}

bool value_to_whole(const struct value *value, int64_t *number)
{
	switch (value->kind) {
	case VALUE_WHOLE:
		*number = value->whole;
		return true;
	case VALUE_REAL:
		if (!(value->real >= -9.2e18 && value->real <= 9.2e18) ||
		    value->real != trunc(value->real))
			return false;
		*number = (int64_t)value->real;
		return true;
	case VALUE_TEXT:
		return read_whole(value->text, number);
	default:
		return false;
	}
}

bool value_to_int(const struct value *value, int *number)
{
	int64_t wide;

	if (!value_to_whole(value, &wide) || wide < INT_MIN || wide > INT_MAX)
		return false;
	*number = (int)wide;
	return true;
}

bool value_to_real(const struct value *value, double *number)
{
	char *trimmed, *end;
	bool ok;

	if (value->kind == VALUE_REAL || value->kind == VALUE_WHOLE) {
		*number = value->kind == VALUE_REAL ? value->real : (double)value->whole;
		return true;
	}
	if (value->kind != VALUE_TEXT)
		return false;
	/* NumberStyles.Float: an exponent, too, but no hexadecimal digits and no words. */
	trimmed = string_trim(value->text);
	ok = *trimmed && trimmed[strspn(trimmed, "+-0123456789.eE")] == '\0';
	if (ok) {
		*number = strtod(trimmed, &end);
		ok = *end == '\0';
	}
	free(trimmed);
	return ok;
}

bool number_real(const char *text, double *number)
{
	const char *digits = text + (*text == '-' || *text == '+');
	size_t before = strspn(digits, "0123456789");
	const char *point = digits + before;
	size_t after = *point == '.' ? strspn(point + 1, "0123456789") : 0;

	if (before + after == 0 || point[*point == '.' ? after + 1 : 0] != '\0')
		return false;
	*number = strtod(text, NULL);
	return !isinf(*number);
}

bool number_hex(const char *text, double *number)
{
	uint64_t bits = 0;

	if (text[0] != '0' || (text[1] | 0x20) != 'x' || text[2] == '\0')
		return false;
	for (text += 2; *text; text++) {
		if (hex_digit((unsigned char)*text) == 16 || bits > UINT32_MAX >> 4)
			return false;
		bits = bits << 4 | hex_digit((unsigned char)*text);
	}
	*number = (double)(int32_t)(uint32_t)bits;
	return true;
}

bool number_read(const char *text, double *number)
{
	return number_real(text, number) || number_hex(text, number);
}

bool number_dotted(const char *text, struct dotted *version)
{
	int parts = 0;

	*version = (struct dotted){ { -1, -1, -1, -1 } };
	for (;; text++) {
		unsigned long long number;
		size_t digits = strspn(text, "0123456789");

		if (digits == 0 || parts == VERSION_PARTS)
			return false;
		errno = 0;
		number = strtoull(text, NULL, 10);
		if (errno || number > INT_MAX)
			return false;
		version->part[parts++] = (int)number;
		text += digits;
		if (*text != '.')
			break;
	}
	return *text == '\0' && parts >= 2;
}

int dotted_compare(const struct dotted *a, const struct dotted *b)
{
	for (int i = 0; i < VERSION_PARTS; i++) {
		if (a->part[i] != b->part[i])
			return a->part[i] < b->part[i] ? -1 : 1;
	}
	return 0;
}

/* Units of the character whose first byte this is; 0: it is a further byte. */
static size_t units_of(char byte)
{
	return (byte & 0xC0) == 0x80 ? 0 : (byte & 0xF8) == 0xF0 ? 2 : 1;
}

size_t text_units(const char *text)
{
	size_t units = 0;

	for (; *text; text++)
		units += units_of(*text);
	return units;
}

const char *text_at(const char *text, size_t unit)
{
	size_t units = 0;

	for (; *text; text++) {
		if (units >= unit && units_of(*text))
			return text;
		units += units_of(*text);
	}
	return units >= unit ? text : NULL;
}

int text_order(const char *a, const char *b)
{
	int order = strcasecmp(a, b);

	if (order == 0)
		order = strcmp(b, a);
	return (order > 0) - (order < 0);
}

char *text_escape(const char *text)
{
	struct buffer result = { 0 };

	for (; *text; text++) {
		if (strchr("%*?@$();'", *text))
			buffer_add_format(&result, "%%%02x", (unsigned char)*text);
		else
			buffer_add_n(&result, text, 1);
	}
	return buffer_take(&result);
}
