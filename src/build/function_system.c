/* SPDX-License-Identifier: MIT */
/* The static functions of System.String, Char and Environment, and what the system says of itself.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "build/function.h"

static void is_empty(struct call *call)
{
	call->result = value_boolean(*call_text(call, 0) == '\0');
}

static void is_blank(struct call *call)
{
	const char *text = call_text(call, 0);

	call->result = value_boolean(text[strspn(text, " \t\r\n\v\f")] == '\0');
}

static void copy(struct call *call)
{
	call_give(call, string_copy(call_text(call, 0)));
}

static void empty(struct call *call)
{
	call_give(call, string_copy(""));
}

/* The arguments from @first on, with @between. */
static void join_from(struct call *call, size_t first, const char *between)
{
	struct buffer result = { 0 };

	for (size_t i = first; i < call->count; i++) {
		const struct value *v = &call->arguments[i];

		for (size_t j = 0; v->kind == VALUE_LIST && j < v->list.count; j++)
			buffer_add_format(&result, "%s%s", i > first || j ? between : "",
					  v->list.at[j]);
		if (v->kind != VALUE_LIST)
			buffer_add_format(&result, "%s%s", i > first ? between : "", v->text);
	}
	call_give(call, buffer_take(&result));
}

static void concat(struct call *call)
{
	join_from(call, 0, "");
}

static void join(struct call *call)
{
	join_from(call, 1, call_text(call, 0));
}

static void compare(struct call *call)
{
	bool any_case = string_same(call_text(call, 2), "true") ||
			strcasestr(call_text(call, 2), "IgnoreCase");
	int order = any_case ? strcasecmp(call_text(call, 0), call_text(call, 1))
			     : text_order(call_text(call, 0), call_text(call, 1));

	call->result = value_whole((order > 0) - (order < 0));
}

static void equals(struct call *call)
{
	bool any_case = strcasestr(call_text(call, 2), "IgnoreCase");

	call->result =
		value_boolean(any_case ? string_same(call_text(call, 0), call_text(call, 1))
				       : strcmp(call_text(call, 0), call_text(call, 1)) == 0);
}

/* "{0}", "{0,8}", "{0:X4}" at @text: what it stands for is added. Return: behind it. */
static const char *format_one(struct call *call, const char *text, struct buffer *result)
{
	const char *end = strchr(text, '}');
	char *rest, *form, *shown;
	unsigned long index = strtoul(text + 1, &rest, 10);
	long width = *rest == ',' ? strtol(rest + 1, &rest, 10) : 0;

	if (!end || rest == text + 1 || (*rest != ':' && *rest != '}') || index >= ANY_NUMBER ||
	    index + 1 >= call->count || width > 1000 || width < -1000) {
		call_fail(call, "the format at '%s' is not understood", text);
		return text + strlen(text);
	}
	form = string_copy_n(rest + 1, *rest == ':' ? (size_t)(end - rest) - 1 : 0);
	shown = call_format(call, &call->arguments[index + 1], form);
	buffer_add_format(result, "%*s", (int)width, shown);
	free(shown);
	free(form);
	return end + 1;
}

static void format(struct call *call)
{
	const char *text = call_text(call, 0);
	struct buffer result = { 0 };

	while (*text && !call->error) {
		if ((text[0] == '{' || text[0] == '}') && text[1] == text[0]) {
			buffer_add_n(&result, text, 1);
			text += 2;
		} else if (*text == '{') {
			text = format_one(call, text, &result);
		} else {
			buffer_add_n(&result, text++, 1);
		}
	}
	call_give(call, buffer_take(&result));
}

const struct function static_text_functions[] = {
	{ "Compare", 2, 3, compare },
	{ "Concat", 1, ANY_NUMBER, concat },
	{ "Copy", 1, 1, copy },
	{ "Empty", 0, 0, empty },
	{ "Equals", 2, 3, equals },
	{ "Format", 1, ANY_NUMBER, format },
	{ "IsNullOrEmpty", 1, 1, is_empty },
	{ "IsNullOrWhiteSpace", 1, 1, is_blank },
	{ "Join", 2, ANY_NUMBER, join },
	{ "new", 1, 1, copy },
	{ 0 },
};

/* The character that is asked about: the first, or the one at a place. */
static int character(struct call *call)
{
	int at = call->count > 1 ? call_int(call, 1) : 0;
	const char *found = at < 0 ? NULL : text_at(call_text(call, 0), (size_t)at);

	if (!found || *found == '\0')
		call_fail(call, "'%s' has no character %d", call_text(call, 0), at);
	return found ? (unsigned char)*found : 0;
}

static void is_digit(struct call *call)
{
	call->result = value_boolean(isdigit(character(call)));
}

static void is_letter(struct call *call)
{
	call->result = value_boolean(isalpha(character(call)));
}

static void is_letter_or_digit(struct call *call)
{
	call->result = value_boolean(isalnum(character(call)));
}

static void is_upper(struct call *call)
{
	call->result = value_boolean(isupper(character(call)));
}

static void is_lower(struct call *call)
{
	call->result = value_boolean(islower(character(call)));
}

static void is_space(struct call *call)
{
	call->result = value_boolean(isspace(character(call)));
}

const struct function char_functions[] = {
	{ "IsDigit", 1, 2, is_digit },
	{ "IsLetter", 1, 2, is_letter },
	{ "IsLetterOrDigit", 1, 2, is_letter_or_digit },
	{ "IsLower", 1, 2, is_lower },
	{ "IsUpper", 1, 2, is_upper },
	{ "IsWhiteSpace", 1, 2, is_space },
	{ 0 },
};

/* As $(NAME), but what a project has set itself is not in the environment. */
static void variable(struct call *call)
{
	const char *value = getenv(call_text(call, 0));

	if (string_same(call_text(call, 0), "OS"))
		value = "Windows_NT";
	if (value)
		call_give(call, string_copy(value));
}

void function_yes(struct call *call)
{
	call->result = value_boolean(true);
}

void function_no(struct call *call)
{
	call->result = value_boolean(false);
}

static void line_end(struct call *call)
{
	call_give(call, string_copy("\r\n"));
}

static void machine(struct call *call)
{
	char name[256] = "";

	gethostname(name, sizeof(name) - 1);
	call_give(call, string_copy(name));
}

static void user(struct call *call)
{
	const char *name = getenv("USER");

	call_give(call, string_copy(name ? name : ""));
}

static void processors(struct call *call)
{
	call->result = value_whole(sysconf(_SC_NPROCESSORS_ONLN));
}

const struct function environment_functions[] = {
	{ "GetEnvironmentVariable", 1, 1, variable },
	{ "Is64BitOperatingSystem", 0, 0, function_yes },
	{ "Is64BitProcess", 0, 0, function_yes },
	{ "MachineName", 0, 0, machine },
	{ "NewLine", 0, 0, line_end },
	{ "ProcessorCount", 0, 0, processors },
	{ "UserName", 0, 0, user },
	{ 0 },
};

void function_is_windows(struct call *call)
{
	call->result = value_boolean(string_same(call_text(call, 0), "Windows"));
}

static void architecture(struct call *call)
{
#if defined(__aarch64__)
	call_give(call, string_copy("Arm64"));
#else
	call_give(call, string_copy("X64"));
#endif
}

const struct function runtime_functions[] = {
	{ "IsOSPlatform", 1, 1, function_is_windows },
	{ "OSArchitecture", 0, 0, architecture },
	{ "ProcessArchitecture", 0, 0, architecture },
	{ 0 },
};

static void windows(struct call *call)
{
	call_give(call, string_copy("WINDOWS"));
}

static void linux_platform(struct call *call)
{
	call_give(call, string_copy("LINUX"));
}

static void osx(struct call *call)
{
	call_give(call, string_copy("OSX"));
}

const struct function platform_functions[] = {
	{ "Create", 1, 1, copy },          { "FreeBSD", 0, 0, linux_platform },
	{ "Linux", 0, 0, linux_platform }, { "OSX", 0, 0, osx },
	{ "Windows", 0, 0, windows },      { 0 },
};

const struct function system_functions[] = {
	{ "IsFreeBSD", 0, 0, function_no },  { "IsLinux", 0, 0, function_no },
	{ "IsMacOS", 0, 0, function_no },    { "IsOSPlatform", 1, 1, function_is_windows },
	{ "IsWindows", 0, 0, function_yes }, { 0 },
};
