/* SPDX-License-Identifier: MIT */
/* System.IO: paths, files, folders. What a project asks of the disk is answered by this machine's.
 */
#include <stdlib.h>
#include <string.h>

#include "build/function.h"
#include "build/path.h"
#include "build/windows_path.h"

char *call_joined(const struct call *call)
{
	char *path = string_copy(call_text(call, 0));

	for (size_t i = 1; i < call->count; i++) {
		char *joined = windows_join(path, call_text(call, i));

		free(path);
		path = joined;
	}
	return path;
}

static void combine(struct call *call)
{
	call_give(call, call_joined(call));
}

static void full_path(struct call *call)
{
	char *folder = call->count > 1 ? windows_full(call->scope->folder, call_text(call, 1))
				       : string_copy(call->scope->folder);

	if (*call_text(call, 0) == '\0')
		call_fail(call, "the path is empty");
	else
		call_give(call, windows_full(folder, call_text(call, 0)));
	free(folder);
}

static void file_name(struct call *call)
{
	call_give(call, string_copy(windows_name(call_text(call, 0))));
}

static void folder_name(struct call *call)
{
	call_give(call, windows_folder(call_text(call, 0)));
}

static void extension(struct call *call)
{
	call_give(call, string_copy(windows_extension(call_text(call, 0))));
}

static void has_extension(struct call *call)
{
	call->result = value_boolean(*windows_extension(call_text(call, 0)));
}

/* As far as the last dot of its name, or all of it. */
static size_t stem_length(const char *path)
{
	const char *dot = strrchr(windows_name(path), '.');

	return dot ? (size_t)(dot - path) : strlen(path);
}

static void stem(struct call *call)
{
	const char *path = call_text(call, 0), *name = windows_name(path);

	call_give(call, string_copy_n(name, stem_length(path) - (size_t)(name - path)));
}

static void change_extension(struct call *call)
{
	const char *path = call_text(call, 0), *with = call_text(call, 1);
	bool none = call->arguments[1].kind == VALUE_NULL;

	call_give(call, string_format("%.*s%s%s", (int)stem_length(path), path,
				      none || *with == '.' ? "" : ".", with));
}

static void is_rooted(struct call *call)
{
	call->result = value_boolean(windows_root(call_text(call, 0)));
}

static void root(struct call *call)
{
	const char *path = call_text(call, 0);
	char *given = string_copy_n(path, windows_root(path));

	call_give(call, windows_path(given));
	free(given);
}

static void separator(struct call *call)
{
	call_give(call, string_copy("\\"));
}

static void other_separator(struct call *call)
{
	call_give(call, string_copy("/"));
}

static void list_separator(struct call *call)
{
	call_give(call, string_copy(";"));
}

static void temporary_folder(struct call *call)
{
	const char *folder = getenv("TMPDIR");
	char *slashed = string_format("%s/", folder ? folder : "/tmp");

	call_give(call, windows_full("\\", slashed));
	free(slashed);
}

static void relative_path(struct call *call)
{
	char *from = windows_full(call->scope->folder, call_text(call, 0));
	char *to = windows_full(call->scope->folder, call_text(call, 1));

	call_give(call, windows_relative(from, to));
	free(to);
	free(from);
}

const struct function path_functions[] = {
	{ "AltDirectorySeparatorChar", 0, 0, other_separator },
	{ "ChangeExtension", 2, 2, change_extension },
	{ "Combine", 1, ANY_NUMBER, combine },
	{ "DirectorySeparatorChar", 0, 0, separator },
	{ "GetDirectoryName", 1, 1, folder_name },
	{ "GetExtension", 1, 1, extension },
	{ "GetFileName", 1, 1, file_name },
	{ "GetFileNameWithoutExtension", 1, 1, stem },
	{ "GetFullPath", 1, 2, full_path },
	{ "GetPathRoot", 1, 1, root },
	{ "GetRelativePath", 2, 2, relative_path },
	{ "GetTempPath", 0, 0, temporary_folder },
	{ "HasExtension", 1, 1, has_extension },
	{ "IsPathRooted", 1, 1, is_rooted },
	{ "PathSeparator", 0, 0, list_separator },
	{ 0 },
};

/* What an argument names on this machine, the caller's; NULL: nothing. */
static char *on_disk(struct call *call, size_t argument)
{
	const char *path = call_text(call, argument);

	return *path ? path_find(call->scope->folder, path) : NULL;
}

void function_file_exists(struct call *call)
{
	char *found = on_disk(call, 0);

	call->result = value_boolean(found && path_is_file(found));
	free(found);
}

static void read_all(struct call *call)
{
	const char *why;
	char *text = path_read_text(call->scope->folder, call_text(call, 0), &why);

	if (!text)
		call_fail(call, "'%s' %s", call_text(call, 0), why);
	call_give(call, text);
}

const struct function file_functions[] = {
	{ "Exists", 1, 1, function_file_exists },
	{ "ReadAllText", 1, 1, read_all },
	{ 0 },
};

void function_folder_exists(struct call *call)
{
	char *found = on_disk(call, 0);

	call->result = value_boolean(found && path_is_folder(found));
	free(found);
}

static void parent(struct call *call)
{
	char *full = windows_full(call->scope->folder, call_text(call, 0));

	call_give(call, windows_folder(full));
	free(full);
}

/* The files of a folder that fit a pattern, below it too with "AllDirectories". */
static void files_of(struct call *call)
{
	const char *mode = call_text(call, 2), *dot = strrchr(mode, '.');
	bool deep = string_same(dot ? dot + 1 : mode, "AllDirectories");
	char *found = on_disk(call, 0);
	char *pattern = string_format("%s%s", deep ? "**/" : "",
				      call->count > 1 ? call_text(call, 1) : "*");
	struct strings files = { 0 };

	call->result = (struct value){ .kind = VALUE_LIST };
	if (found)
		path_glob(&files, found, pattern);
	else
		call_fail(call, "the folder '%s' is not there", call_text(call, 0));
	for (size_t i = 0; i < files.count; i++)
		strings_add(&call->result.list, windows_path(files.at[i]));
	strings_free(&files);
	free(pattern);
	free(found);
}

const struct function folder_functions[] = {
	{ "Exists", 1, 1, function_folder_exists },
	{ "GetFiles", 1, 3, files_of },
	{ "GetParent", 1, 1, parent },
	{ 0 },
};
