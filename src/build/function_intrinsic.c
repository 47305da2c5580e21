/* SPDX-License-Identifier: MIT */
/* [MSBuild]::, MSBuild's own functions. The machine that they tell of is a Windows. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "build/function.h"
#include "build/path.h"
#include "build/windows_path.h"

/* Two whole numbers, or two real ones. Return: whether they are whole. */
static bool take_numbers(struct call *call, int64_t whole[2], double real[2])
{
	if (value_to_whole(&call->arguments[0], &whole[0]) &&
	    value_to_whole(&call->arguments[1], &whole[1]))
		return true;
	for (size_t i = 0; i < 2; i++) {
		if (!value_to_real(&call->arguments[i], &real[i])) {
			call_fail(call, "'%s' is no number", call_text(call, i));
			real[i] = 0;
		}
	}
	return false;
}

static void add(struct call *call)
{
	int64_t whole[2];
	double real[2];

	if (take_numbers(call, whole, real))
		call->result = value_whole((int64_t)((uint64_t)whole[0] + (uint64_t)whole[1]));
	else
		call->result = value_real(real[0] + real[1]);
}

static void subtract(struct call *call)
{
	int64_t whole[2];
	double real[2];

	if (take_numbers(call, whole, real))
		call->result = value_whole((int64_t)((uint64_t)whole[0] - (uint64_t)whole[1]));
	else
		call->result = value_real(real[0] - real[1]);
}

static void multiply(struct call *call)
{
	int64_t whole[2];
	double real[2];

	if (take_numbers(call, whole, real))
		call->result = value_whole((int64_t)((uint64_t)whole[0] * (uint64_t)whole[1]));
	else
		call->result = value_real(real[0] * real[1]);
}

/* Division of whole numbers that cannot be done: said. */
static bool divides(struct call *call, const int64_t whole[2])
{
	if (whole[1] == 0 || (whole[0] == INT64_MIN && whole[1] == -1))
		call_fail(call, "%" PRId64 " cannot be divided by %" PRId64, whole[0], whole[1]);
	return !call->error;
}

static void divide(struct call *call)
{
	int64_t whole[2];
	double real[2];

	if (!take_numbers(call, whole, real))
		call->result = value_real(real[0] / real[1]);
	else if (divides(call, whole))
		call->result = value_whole(whole[0] / whole[1]);
}

static void modulo(struct call *call)
{
	int64_t whole[2];
	double real[2];

	if (!take_numbers(call, whole, real))
		call->result = value_real(fmod(real[0], real[1]));
	else if (divides(call, whole))
		call->result = value_whole(whole[0] % whole[1]);
}

static void bits_or(struct call *call)
{
	call->result = value_whole(call_int(call, 0) | call_int(call, 1));
}

static void bits_and(struct call *call)
{
	call->result = value_whole(call_int(call, 0) & call_int(call, 1));
}

static void bits_xor(struct call *call)
{
	call->result = value_whole(call_int(call, 0) ^ call_int(call, 1));
}

static void bits_not(struct call *call)
{
	call->result = value_whole(~call_int(call, 0));
}

static void shift_left(struct call *call)
{
	uint32_t bits = (uint32_t)call_int(call, 0) << (call_int(call, 1) & 31);

	call->result = value_whole((int32_t)bits);
}

static void shift_right(struct call *call)
{
	call->result = value_whole(call_int(call, 0) >> (call_int(call, 1) & 31));
}

static void shift_right_unsigned(struct call *call)
{
	uint32_t bits = (uint32_t)call_int(call, 0) >> (call_int(call, 1) & 31);

	call->result = value_whole((int32_t)bits);
}

static void escape(struct call *call)
{
	call_give(call, text_escape(call_text(call, 0)));
	call->result.escaped = true;
}

static void unescape(struct call *call)
{
	call_give(call, string_copy(call_text(call, 0)));
	properties_unescape(call->result.text);
	call->result.escaped = true; /* it is left as it is */
}

static void value_or_default(struct call *call)
{
	call_give(call, string_copy(*call_text(call, 0) ? call_text(call, 0) : call_text(call, 1)));
}

static void ensure_slash(struct call *call)
{
	const char *path = call_text(call, 0);
	size_t length = strlen(path);

	call_give(call, string_format("%s%s", path,
				      length && !windows_is_slash(path[length - 1]) ? "\\" : ""));
}

/* All arguments joined, as a full path; the caller's, or NULL. */
static char *full_path(struct call *call)
{
	char *path = call_joined(call), *full;

	if (*path == '\0')
		call_fail(call, "the path is empty");
	full = call->error ? NULL : windows_full(call->scope->folder, path);
	free(path);
	return full;
}

static void normalize_path(struct call *call)
{
	char *full = full_path(call);

	if (full)
		call_give(call, full);
}

static void normalize_folder(struct call *call)
{
	char *full = full_path(call);
	size_t length = full ? strlen(full) : 0;

	if (full)
		call_give(call, string_format("%s%s", full, full[length - 1] == '\\' ? "" : "\\"));
	free(full);
}

static void make_relative(struct call *call)
{
	const char *path = call_text(call, 1);
	char *from = windows_full(call->scope->folder, call_text(call, 0));
	char *to = windows_full(call->scope->folder, path);

	if (*path == '\0')
		call_fail(call, "the path is empty");
	call_give(call, windows_root(path) ? windows_relative(from, to) : windows_path(path));
	free(to);
	free(from);
}

/* The nearest folder at or above @start with that file in it, or NULL; the caller's. */
static char *folder_above(struct call *call, const char *start, const char *name)
{
	char *folder = windows_full(call->scope->folder, start);

	while (folder) {
		char *found = path_find(folder, name), *up;
		bool here = found && path_is_file(found);
		size_t length = strlen(folder);

		free(found);
		if (length > 1 && windows_is_slash(folder[length - 1]))
			folder[length - 1] = '\0';
		if (here)
			return folder;
		up = windows_folder(folder);
		free(folder);
		folder = up;
	}
	return NULL;
}

static void folder_of_file_above(struct call *call)
{
	char *folder = folder_above(call, call_text(call, 0), call_text(call, 1));

	call_give(call, folder ? folder : string_copy(""));
}

/* By itself it begins where the file lies that is read. */
static void path_of_file_above(struct call *call)
{
	const char *name = call_text(call, 0);
	char *start = call->count > 1 ? string_copy(call_text(call, 1))
				      : path_folder(call->scope->file ? call->scope->file : "/");
	char *folder = NULL;

	if (*name == '\0' || strpbrk(name, "/\\"))
		call_fail(call, "'%s' is no file's name", name);
	else
		folder = folder_above(call, start, name);
	call_give(call, folder ? windows_join(folder, name) : string_copy(""));
	free(folder);
	free(start);
}

/* "v10.0-beta": blanks, a v in front and what follows '-' or '+' do not count; 1 to 4 parts. */
static bool simple_version(struct call *call, size_t argument, struct dotted *version)
{
	char *text = string_trim(call_text(call, argument));
	char *start = text + (*text == 'v' || *text == 'V');
	char *full;
	bool ok;

	start[strcspn(start, "-+")] = '\0';
	full = string_format("%s%s", start, strchr(start, '.') ? "" : ".0");
	ok = number_dotted(full, version);
	if (!ok)
		call_fail(call, "'%s' is no version", call_text(call, argument));
	for (int i = 0; i < VERSION_PARTS; i++)
		version->part[i] = version->part[i] < 0 ? 0 : version->part[i];
	free(full);
	free(text);
	return ok;
}

static int version_order(struct call *call)
{
	struct dotted a, b;

	return simple_version(call, 0, &a) && simple_version(call, 1, &b) ? dotted_compare(&a, &b)
									  : 0;
}

static void version_equals(struct call *call)
{
	call->result = value_boolean(version_order(call) == 0);
}

static void version_differs(struct call *call)
{
	call->result = value_boolean(version_order(call) != 0);
}

static void version_greater(struct call *call)
{
	call->result = value_boolean(version_order(call) > 0);
}

static void version_not_less(struct call *call)
{
	call->result = value_boolean(version_order(call) >= 0);
}

static void version_less(struct call *call)
{
	call->result = value_boolean(version_order(call) < 0);
}

static void version_not_greater(struct call *call)
{
	call->result = value_boolean(version_order(call) <= 0);
}

static void registry_value(struct call *call)
{
	call_not_here(call, "there is no registry for [MSBuild]::GetRegistryValue");
}

/* The key's value is not found, so the third argument is. */
static void registry_default(struct call *call)
{
	if (call->arguments[2].kind == VALUE_NULL)
		call_not_here(call, "there is no registry for [MSBuild]::GetRegistryValueFromView");
	else
		call_give(call, string_copy(call_text(call, 2)));
}

static void no_visual_studio(struct call *call)
{
	call_not_here(call, "there is no Visual Studio with folders to be named");
}

const struct function intrinsic_functions[] = {
	{ "Add", 2, 2, add },
	{ "AreFeaturesEnabled", 1, 1, function_yes },
	{ "BitwiseAnd", 2, 2, bits_and },
	{ "BitwiseNot", 1, 1, bits_not },
	{ "BitwiseOr", 2, 2, bits_or },
	{ "BitwiseXor", 2, 2, bits_xor },
	{ "DirectoryExists", 1, 1, function_folder_exists },
	{ "Divide", 2, 2, divide },
	{ "DoesTaskHostExist", 2, 2, function_no },
	{ "EnsureTrailingSlash", 1, 1, ensure_slash },
	{ "Escape", 1, 1, escape },
	{ "FileExists", 1, 1, function_file_exists },
	{ "GetCurrentToolsDirectory", 0, 0, no_visual_studio },
	{ "GetDirectoryNameOfFileAbove", 2, 2, folder_of_file_above },
	{ "GetMSBuildExtensionsPath", 0, 0, no_visual_studio },
	{ "GetMSBuildSDKsPath", 0, 0, no_visual_studio },
	{ "GetPathOfFileAbove", 1, 2, path_of_file_above },
	{ "GetProgramFiles32", 0, 0, no_visual_studio },
	{ "GetRegistryValue", 2, 3, registry_value },
	{ "GetRegistryValueFromView", 3, ANY_NUMBER, registry_default },
	{ "GetToolsDirectory32", 0, 0, no_visual_studio },
	{ "GetToolsDirectory64", 0, 0, no_visual_studio },
	{ "GetVsInstallRoot", 0, 0, no_visual_studio },
	{ "IsOSPlatform", 1, 1, function_is_windows },
	{ "IsOsBsdLike", 0, 0, function_no },
	{ "IsOsUnixLike", 0, 0, function_no },
	{ "IsRunningFromVisualStudio", 0, 0, function_no },
	{ "LeftShift", 2, 2, shift_left },
	{ "MakeRelative", 2, 2, make_relative },
	{ "Modulo", 2, 2, modulo },
	{ "Multiply", 2, 2, multiply },
	{ "NormalizeDirectory", 1, ANY_NUMBER, normalize_folder },
	{ "NormalizePath", 1, ANY_NUMBER, normalize_path },
	{ "RightShift", 2, 2, shift_right },
	{ "RightShiftUnsigned", 2, 2, shift_right_unsigned },
	{ "Subtract", 2, 2, subtract },
	{ "Unescape", 1, 1, unescape },
	{ "ValueOrDefault", 2, 2, value_or_default },
	{ "VersionEquals", 2, 2, version_equals },
	{ "VersionGreaterThan", 2, 2, version_greater },
	{ "VersionGreaterThanOrEquals", 2, 2, version_not_less },
	{ "VersionLessThan", 2, 2, version_less },
	{ "VersionLessThanOrEquals", 2, 2, version_not_greater },
	{ "VersionNotEquals", 2, 2, version_differs },
	{ 0 },
};
