/* SPDX-License-Identifier: MIT */
/* What lists, versions, numbers and truth values can be asked. */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build/function.h"

static void list_length(struct call *call)
{
	call->result = value_whole((int64_t)call->self->list.count);
}

static void list_value(struct call *call)
{
	int at = call_int(call, 0);

	if (at >= 0 && (size_t)at < call->self->list.count)
		call->result = value_copy(call->self->list.at[at]);
	else
		call_fail(call, "%d is beyond the %zu parts", at, call->self->list.count);
}

static void list_contains(struct call *call)
{
	call->result = value_boolean(strings_has(&call->self->list, call_text(call, 0)));
}

const struct function list_functions[] = {
	{ "Contains", 1, 1, list_contains },
	{ "Count", 0, 0, list_length },
	{ "GetValue", 1, 1, list_value },
	{ "Length", 0, 0, list_length },
	{ 0 },
};

static void give_part(struct call *call, int part)
{
	call->result = value_whole(call->self->version.part[part]);
}

static void major(struct call *call)
{
	give_part(call, 0);
}

static void minor(struct call *call)
{
	give_part(call, 1);
}

static void build_part(struct call *call)
{
	give_part(call, 2);
}

static void revision(struct call *call)
{
	give_part(call, 3);
}

static void version_text(struct call *call)
{
	struct value some = value_version(&call->self->version);
	int parts = call->count ? call_int(call, 0) : VERSION_PARTS;

	if (parts < 0 || parts > VERSION_PARTS ||
	    (call->count && parts && some.version.part[parts - 1] < 0)) {
		call_fail(call, "the version has not %d parts", parts);
		return;
	}
	for (int i = parts; i < VERSION_PARTS; i++)
		some.version.part[i] = -1;
	call->result = value_text(value_say(&some));
}

/* The argument as a version, whatever it was. */
static bool other_version(struct call *call, struct dotted *other)
{
	if (!number_dotted(call_text(call, 0), other))
		call_fail(call, "'%s' is no version", call_text(call, 0));
	return !call->error;
}

static void version_order(struct call *call)
{
	struct dotted other;

	if (other_version(call, &other))
		call->result = value_whole(dotted_compare(&call->self->version, &other));
}

static void version_same(struct call *call)
{
	struct dotted other;

	if (other_version(call, &other))
		call->result = value_boolean(dotted_compare(&call->self->version, &other) == 0);
}

const struct function version_functions[] = {
	{ "Build", 0, 0, build_part },      { "CompareTo", 1, 1, version_order },
	{ "Equals", 1, 1, version_same },   { "Major", 0, 0, major },
	{ "Minor", 0, 0, minor },           { "Revision", 0, 0, revision },
	{ "ToString", 0, 1, version_text }, { 0 },
};

/* "D4", "X8", "x": .NET's standard formats for whole numbers. */
static char *format_whole(struct call *call, int64_t number, const char *format)
{
	char *end = "";
	unsigned long width = format[0] ? strtoul(format + 1, &end, 10) : 0;

	if (format[0] == '\0' || string_same(format, "G"))
		return string_format("%lld", (long long)number);
	if (*end == '\0' && width < 100 && strchr("dD", format[0]))
		return string_format("%s%0*lld", number < 0 ? "-" : "", (int)width,
				     llabs((long long)number));
	if (*end == '\0' && width < 100 && format[0] == 'X')
		return string_format("%0*llX", (int)width, (unsigned long long)number);
	if (*end == '\0' && width < 100 && format[0] == 'x')
		return string_format("%0*llx", (int)width, (unsigned long long)number);
	call_fail(call, "the format '%s' is not known; D, X and x with a width are", format);
	return string_copy("");
}

char *call_format(struct call *call, const struct value *value, const char *format)
{
	if (value->kind == VALUE_WHOLE)
		return format_whole(call, value->whole, format);
	if (*format && value->kind == VALUE_REAL)
		call_fail(call, "the format '%s' is not known", format);
	return value_say(value);
}

static void number_text(struct call *call)
{
	call->result = value_text(call_format(call, call->self, call_text(call, 0)));
}

static bool other_number(struct call *call, double *self, double *other)
{
	value_to_real(call->self, self);
	if (!value_to_real(&call->arguments[0], other))
		call_fail(call, "'%s' is no number", call_text(call, 0));
	return !call->error;
}

static void number_order(struct call *call)
{
	double a, b;

	if (other_number(call, &a, &b))
		call->result = value_whole((a > b) - (a < b));
}

static void number_same(struct call *call)
{
	double a, b;

	if (other_number(call, &a, &b))
		call->result = value_boolean(a == b);
}

const struct function number_functions[] = {
	{ "CompareTo", 1, 1, number_order },
	{ "Equals", 1, 1, number_same },
	{ "ToString", 0, 1, number_text },
	{ 0 },
};

static void truth_text(struct call *call)
{
	call->result = value_text(value_say(call->self));
}

static void truth_same(struct call *call)
{
	char *text = value_say(call->self);

	call->result = value_boolean(string_same(text, call_text(call, 0)));
	free(text);
}

const struct function boolean_functions[] = {
	{ "Equals", 1, 1, truth_same },
	{ "ToString", 0, 0, truth_text },
	{ 0 },
};

static double real(struct call *call, size_t argument)
{
	double number = 0;

	if (!value_to_real(&call->arguments[argument], &number))
		call_fail(call, "'%s' is no number", call_text(call, argument));
	return number;
}

/* A whole number stays one where both sides are. */
static void give_number(struct call *call, double number)
{
	int64_t whole;
	bool all = number >= -9e15 && number <= 9e15 && number == trunc(number);

	for (size_t i = 0; i < call->count; i++)
		all &= value_to_whole(&call->arguments[i], &whole);
	call->result = all ? value_whole((int64_t)number) : value_real(number);
}

static void maximum(struct call *call)
{
	give_number(call, fmax(real(call, 0), real(call, 1)));
}

static void minimum(struct call *call)
{
	give_number(call, fmin(real(call, 0), real(call, 1)));
}

static void absolute(struct call *call)
{
	give_number(call, fabs(real(call, 0)));
}

static void up(struct call *call)
{
	give_number(call, ceil(real(call, 0)));
}

static void down(struct call *call)
{
	give_number(call, floor(real(call, 0)));
}

/* Halves go to the even neighbour, as .NET has it. */
static void nearest(struct call *call)
{
	give_number(call, nearbyint(real(call, 0)));
}

static void cut_off(struct call *call)
{
	give_number(call, trunc(real(call, 0)));
}

static void power(struct call *call)
{
	call->result = value_real(pow(real(call, 0), real(call, 1)));
}

const struct function math_functions[] = {
	{ "Abs", 1, 1, absolute },  { "Ceiling", 1, 1, up },       { "Floor", 1, 1, down },
	{ "Max", 2, 2, maximum },   { "Min", 2, 2, minimum },      { "Pow", 2, 2, power },
	{ "Round", 1, 1, nearest }, { "Truncate", 1, 1, cut_off }, { 0 },
};

/* "ff" of base 16, "11" of base 2: System.Convert.ToInt32(text, base) knows 2, 8, 10, 16. */
static void convert_based(struct call *call, int bits)
{
	int base = call_int(call, 1);
	const char *text = call_text(call, 0), *digits = text;
	char *end = "x";
	unsigned long long number = 0;

	if (base == 16 && digits[0] == '0' && (digits[1] | 0x20) == 'x')
		digits += 2;
	if ((base == 2 || base == 8 || base == 10 || base == 16) && *digits &&
	    strspn(digits, "0123456789abcdefABCDEF-") == strlen(digits))
		number = strtoull(digits, &end, base);
	if (*end)
		call_fail(call, "'%s' is no number of base %d", text, base);
	else if (bits == 32 && base != 10 && number > UINT32_MAX)
		call_fail(call, "'%s' has more than 32 bits", text);
	call->result = value_whole(bits == 32 ? (int32_t)(uint32_t)number : (int64_t)number);
}

static void convert_whole(struct call *call, int bits)
{
	double number = 0;
	int64_t whole;

	if (call->count == 2) {
		convert_based(call, bits);
		return;
	}
	if (call->arguments[0].kind == VALUE_BOOLEAN) {
		call->result = value_whole(call->arguments[0].truth);
		return;
	}
	if (value_to_whole(&call->arguments[0], &whole))
		number = (double)whole;
	else if (call->arguments[0].kind == VALUE_REAL)
		whole = (int64_t)(number = nearbyint(call->arguments[0].real));
	else
		call_fail(call, "'%s' is no whole number", call_text(call, 0));
	if (bits == 32 && (number < INT_MIN || number > UINT32_MAX))
		call_fail(call, "'%s' has more than 32 bits", call_text(call, 0));
	if (!call->error)
		call->result = value_whole(whole);
}

static void convert_int(struct call *call)
{
	convert_whole(call, 32);
}

static void convert_long(struct call *call)
{
	convert_whole(call, 64);
}

static void convert_real(struct call *call)
{
	call->result = value_real(real(call, 0));
}

static void convert_boolean(struct call *call)
{
	const char *text = call_text(call, 0);

	if (string_same(text, "true") || string_same(text, "false"))
		call->result = value_boolean(string_same(text, "true"));
	else
		call_fail(call, "'%s' is neither true nor false", text);
}

static char *in_base(uint64_t number, unsigned base)
{
	char digits[65], *at = digits + 64;

	*at = '\0';
	do {
		*--at = "0123456789abcdef"[number % base];
		number /= base;
	} while (number);
	return string_copy(at);
}

static void convert_text(struct call *call)
{
	int base = call->count > 1 ? call_int(call, 1) : 10;
	int64_t number;

	if (call->count == 1)
		call->result = value_copy(call_text(call, 0));
	else if (!value_to_whole(&call->arguments[0], &number))
		call_fail(call, "'%s' is no whole number", call_text(call, 0));
	else if (base == 10)
		call->result = value_text(string_format("%lld", (long long)number));
	else if (base == 2 || base == 8 || base == 16)
		call->result = value_text(in_base(
			number >= INT_MIN && number < 0 ? (uint32_t)number : (uint64_t)number,
			(unsigned)base));
	else
		call_fail(call, "%d is no base; 2, 8, 10 and 16 are", base);
}

const struct function convert_functions[] = {
	{ "ToBoolean", 1, 1, convert_boolean }, { "ToDouble", 1, 1, convert_real },
	{ "ToInt16", 1, 2, convert_int },       { "ToInt32", 1, 2, convert_int },
	{ "ToInt64", 1, 2, convert_long },      { "ToString", 1, 2, convert_text },
	{ "ToUInt16", 1, 2, convert_int },      { "ToUInt32", 1, 2, convert_int },
	{ "ToUInt64", 1, 2, convert_long },     { 0 },
};

static void parse_number(struct call *call)
{
	int64_t whole;

	if (value_to_whole(&call->arguments[0], &whole))
		call->result = value_whole(whole);
	else
		call->result = value_real(real(call, 0));
}

const struct function static_number_functions[] = {
	{ "Parse", 1, 1, parse_number },
	{ 0 },
};

static void parse_version(struct call *call)
{
	struct dotted version;

	if (number_dotted(call_text(call, 0), &version))
		call->result = value_version(&version);
	else
		call_fail(call, "'%s' is no version: 2 to 4 numbers with dots between them",
			  call_text(call, 0));
}

/* Version(text), or Version(major, minor, ...). */
static void new_version(struct call *call)
{
	struct dotted version = { { -1, -1, -1, -1 } };

	if (call->count == 1) {
		parse_version(call);
		return;
	}
	for (size_t i = 0; i < call->count; i++) {
		version.part[i] = call_int(call, i);
		if (version.part[i] < 0)
			call_fail(call, "%d is no part of a version", version.part[i]);
	}
	call->result = value_version(&version);
}

const struct function static_version_functions[] = {
	{ "new", 1, VERSION_PARTS, new_version },
	{ "Parse", 1, 1, parse_version },
	{ 0 },
};
