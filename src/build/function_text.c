/* SPDX-License-Identifier: MIT */
/* System.String: what a property's text can be asked. Letters are compared and changed as ASCII. */
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "build/function.h"

static const char *self_text(const struct call *call)
{
	return call->self->text;
}

/*
 * Does the last argument say how to compare? "OrdinalIgnoreCase", with its type in front or not.
 * @at: where it would stand
 */
static bool ignores_case(struct call *call, size_t at)
{
	static const char *const names[] = { "Ordinal", "CurrentCulture", "InvariantCulture" };
	const char *text = call_text(call, at), *dot = strrchr(text, '.');
	const char *name = dot ? dot + 1 : text;

	if (at >= call->count)
		return false;
	for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
		size_t length = strlen(names[i]);

		if (strncasecmp(name, names[i], length) != 0)
			continue;
		if (name[length] == '\0')
			return false;
		if (string_same(name + length, "IgnoreCase"))
			return true;
	}
	if (!string_same(text, "true") && !string_same(text, "false"))
		call_fail(call, "'%s' is no System.StringComparison", text);
	return string_same(text, "true");
}

static bool begins(const char *text, const char *with, bool any_case)
{
	size_t length = strlen(with);

	return any_case ? strncasecmp(text, with, length) == 0 : strncmp(text, with, length) == 0;
}

static void length(struct call *call)
{
	call->result = value_whole((int64_t)text_units(self_text(call)));
}

static void to_itself(struct call *call)
{
	call_give(call, string_copy(self_text(call)));
}

static void contains(struct call *call)
{
	bool any_case = ignores_case(call, 1);

	call->result = value_boolean(any_case ? strcasestr(self_text(call), call_text(call, 0))
					      : strstr(self_text(call), call_text(call, 0)));
}

static void starts_with(struct call *call)
{
	bool any_case = ignores_case(call, 1);

	call->result = value_boolean(begins(self_text(call), call_text(call, 0), any_case));
}

static void ends_with(struct call *call)
{
	const char *text = self_text(call), *end = call_text(call, 0);
	bool any_case = ignores_case(call, 1);

	call->result = value_boolean(strlen(text) >= strlen(end) &&
				     begins(text + strlen(text) - strlen(end), end, any_case));
}

/* Both are numbers: MSBuild then compares these. */
static bool both_numbers(const struct call *call, double *a, double *b)
{
	return call->count == 1 && value_to_real(call->self, a) &&
	       value_to_real(&call->arguments[0], b);
}

static void equals(struct call *call)
{
	bool any_case = ignores_case(call, 1);
	double a, b;

	if (both_numbers(call, &a, &b))
		call->result = value_boolean(a == b);
	else
		call->result =
			value_boolean(any_case ? string_same(self_text(call), call_text(call, 0))
					       : strcmp(self_text(call), call_text(call, 0)) == 0);
}

static void compare_to(struct call *call)
{
	double a, b;

	if (both_numbers(call, &a, &b))
		call->result = value_whole((a > b) - (a < b));
	else
		call->result = value_whole(text_order(self_text(call), call_text(call, 0)));
}

/* Where a search begins, in bytes: the argument at @at counts units. */
static const char *from_place(struct call *call, size_t at)
{
	int start = call_int(call, at);
	const char *place = start < 0 ? NULL : text_at(self_text(call), (size_t)start);

	if (!place && !call->error)
		call_fail(call, "%d is beyond the text '%s'", start, self_text(call));
	return place;
}

static bool is_whole(const struct call *call, size_t argument)
{
	int number;

	return argument < call->count && value_to_int(&call->arguments[argument], &number);
}

static void give_place(struct call *call, const char *found)
{
	char *before =
		found ? string_copy_n(self_text(call), (size_t)(found - self_text(call))) : NULL;

	call->result = value_whole(before ? (int64_t)text_units(before) : -1);
	free(before);
}

static void index_of(struct call *call)
{
	bool placed = is_whole(call, 1);
	bool any_case = ignores_case(call, placed ? 2 : 1);
	const char *from = placed ? from_place(call, 1) : self_text(call);

	if (from)
		give_place(call, any_case ? strcasestr(from, call_text(call, 0))
					  : strstr(from, call_text(call, 0)));
}

static void last_index_of(struct call *call)
{
	const char *text = self_text(call), *wanted = call_text(call, 0), *found = NULL;
	bool placed = is_whole(call, 1);
	bool any_case = ignores_case(call, placed ? 2 : 1);
	const char *last = placed ? from_place(call, 1) : text + strlen(text);

	for (; last && *text; text++) {
		if (text + strlen(wanted) <= last + (placed ? 1 : 0) &&
		    begins(text, wanted, any_case))
			found = text;
	}
	give_place(call, found);
}

static void index_of_any(struct call *call)
{
	const char *found = strpbrk(self_text(call), call_text(call, 0));

	give_place(call, found);
}

static void last_index_of_any(struct call *call)
{
	const char *found = NULL;

	for (const char *c = self_text(call); *c; c++)
		found = strchr(call_text(call, 0), *c) ? c : found;
	give_place(call, found);
}

/* A part of the text by its first unit and their number. */
static bool take_part(struct call *call, size_t at, const char **from, const char **to)
{
	int start = call_int(call, at), count = call_int(call, at + 1);

	*from = start < 0 ? NULL : text_at(self_text(call), (size_t)start);
	*to = !*from                  ? NULL
	      : at + 1 >= call->count ? *from + strlen(*from)
	      : count < 0             ? NULL
				      : text_at(*from, (size_t)count);
	if (!*to && !call->error)
		call_fail(call, "%d%s%.0d is not within the %zu characters of '%s'", start,
			  call->count > at + 1 ? ", " : "", call->count > at + 1 ? count : 0,
			  text_units(self_text(call)), self_text(call));
	return *to && !call->error;
}

static void substring(struct call *call)
{
	const char *from, *to;

	if (take_part(call, 0, &from, &to))
		call_give(call, string_copy_n(from, (size_t)(to - from)));
}

static void remove_part(struct call *call)
{
	const char *from, *to, *text = self_text(call);

	if (take_part(call, 0, &from, &to))
		call_give(call, string_format("%.*s%s", (int)(from - text), text, to));
}

static void insert(struct call *call)
{
	const char *place = from_place(call, 0), *text = self_text(call);

	if (place)
		call_give(call, string_format("%.*s%s%s", (int)(place - text), text,
					      call_text(call, 1), place));
}

static void character(struct call *call)
{
	int at = call_int(call, 0);
	const char *from = at < 0 ? NULL : text_at(self_text(call), (size_t)at);
	const char *to = from && *from ? text_at(from, 1) : NULL;

	if (to)
		call_give(call, string_copy_n(from, (size_t)(to - from)));
	else
		call_fail(call, "%d is beyond the text '%s'", at, self_text(call));
}

static void replace(struct call *call)
{
	const char *text = self_text(call), *old = call_text(call, 0), *found;
	struct buffer result = { 0 };

	if (*old == '\0') {
		call_fail(call, "what is to be replaced is empty");
		return;
	}
	while ((found = strstr(text, old)) && result.length < LONGEST) {
		buffer_add_n(&result, text, (size_t)(found - text));
		buffer_add(&result, call_text(call, 1));
		text = found + strlen(old);
	}
	buffer_add(&result, text);
	call_give(call, buffer_take(&result));
}

static char *change(const char *text, int (*letter)(int))
{
	char *result = string_copy(text);

	for (char *c = result; *c; c++)
		*c = (unsigned char)*c < 0x80 ? (char)letter(*c) : *c;
	return result;
}

static void to_lower(struct call *call)
{
	call_give(call, change(self_text(call), tolower));
}

static void to_upper(struct call *call)
{
	call_give(call, change(self_text(call), toupper));
}

/* The characters that all arguments name; without any, white space. */
static char *character_set(const struct call *call)
{
	struct buffer set = { 0 };

	for (size_t i = 0; i < call->count; i++)
		buffer_add(&set, call_text(call, i));
	if (set.length == 0)
		buffer_add(&set, " \t\r\n\v\f");
	return buffer_take(&set);
}

static void trim(struct call *call, bool start, bool end)
{
	char *set = character_set(call);
	const char *text = self_text(call);
	size_t size;

	text += start ? strspn(text, set) : 0;
	size = strlen(text);
	while (end && size && strchr(set, text[size - 1]))
		size--;
	call_give(call, string_copy_n(text, size));
	free(set);
}

static void trim_both(struct call *call)
{
	trim(call, true, true);
}

static void trim_start(struct call *call)
{
	trim(call, true, false);
}

static void trim_end(struct call *call)
{
	trim(call, false, true);
}

/* As many of the second argument's character, or of blanks, as the width still wants. */
static char *padding(struct call *call)
{
	int width = call_int(call, 0);
	size_t units = text_units(self_text(call));
	const char *fill = *call_text(call, 1) ? call_text(call, 1) : " ";
	const char *end = text_at(fill, 1);
	struct buffer result = { 0 };

	if (width < 0 || width > LONGEST)
		call_fail(call, "%d is no width", width);
	else if (call->count > 1 && text_units(call_text(call, 1)) != 1)
		call_fail(call, "'%s' is not one character", call_text(call, 1));
	for (size_t i = units; !call->error && i < (size_t)width; i++)
		buffer_add_n(&result, fill, (size_t)(end - fill));
	return buffer_take(&result);
}

static void pad_left(struct call *call)
{
	char *fill = padding(call);

	call_give(call, string_format("%s%s", fill, self_text(call)));
	free(fill);
}

static void pad_right(struct call *call)
{
	char *fill = padding(call);

	call_give(call, string_format("%s%s", self_text(call), fill));
	free(fill);
}

/* A number of parts or StringSplitOptions behind the separators. */
static bool is_split_option(struct call *call, size_t at, bool *without_empty)
{
	const char *text = call_text(call, at), *dot = strrchr(text, '.');
	const char *name = dot ? dot + 1 : text;

	*without_empty |= string_same(name, "RemoveEmptyEntries");
	return string_same(name, "RemoveEmptyEntries") || string_same(name, "None");
}

/* split_most() - how many parts: the second argument of Split(char[], int) */
static size_t split_most(struct call *call, size_t *count)
{
	const char *text = *count > 1 ? call_text(call, *count - 1) : "";
	size_t digits = strspn(text, "0123456789");

	if (*count != 2 || digits == 0 || digits > 9 || text[digits])
		return SIZE_MAX;
	--*count;
	return strtoul(text, NULL, 10);
}

/* Each character of the arguments separates: char[], as a text that is given for it becomes. */
static void split(struct call *call)
{
	bool without_empty = false;
	size_t count = call->count, most;
	struct call separators = *call;
	const char *text = self_text(call);
	char *set;

	if (count && is_split_option(call, count - 1, &without_empty))
		count--;
	most = split_most(call, &count);
	separators.count = count;
	set = character_set(&separators);
	call->result = (struct value){ .kind = VALUE_LIST };
	for (;;) {
		bool last = call->result.list.count + 1 >= most;
		size_t part = last ? strlen(text) : strcspn(text, set);

		if (part || !without_empty)
			strings_add(&call->result.list, string_copy_n(text, part));
		if (text[part] == '\0' || call->result.list.count > LONGEST)
			break;
		text += part + 1;
	}
	free(set);
}

const struct function text_functions[] = {
	{ "Chars", 1, 1, character },
	{ "Clone", 0, 0, to_itself },
	{ "CompareTo", 1, 1, compare_to },
	{ "Contains", 1, 2, contains },
	{ "EndsWith", 1, 2, ends_with },
	{ "Equals", 1, 2, equals },
	{ "get_Chars", 1, 1, character },
	{ "get_Length", 0, 0, length },
	{ "IndexOf", 1, 3, index_of },
	{ "IndexOfAny", 1, 1, index_of_any },
	{ "Insert", 2, 2, insert },
	{ "LastIndexOf", 1, 3, last_index_of },
	{ "LastIndexOfAny", 1, 1, last_index_of_any },
	{ "Length", 0, 0, length },
	{ "Normalize", 0, 0, to_itself },
	{ "PadLeft", 1, 2, pad_left },
	{ "PadRight", 1, 2, pad_right },
	{ "Remove", 1, 2, remove_part },
	{ "Replace", 2, 2, replace },
	{ "Split", 0, ANY_NUMBER, split },
	{ "StartsWith", 1, 2, starts_with },
	{ "Substring", 1, 2, substring },
	{ "ToLower", 0, 0, to_lower },
	{ "ToLowerInvariant", 0, 0, to_lower },
	{ "ToString", 0, 0, to_itself },
	{ "ToUpper", 0, 0, to_upper },
	{ "ToUpperInvariant", 0, 0, to_upper },
	{ "Trim", 0, ANY_NUMBER, trim_both },
	{ "TrimEnd", 0, ANY_NUMBER, trim_end },
	{ "TrimStart", 0, ANY_NUMBER, trim_start },
	{ 0 },
};
