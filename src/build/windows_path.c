/* SPDX-License-Identifier: MIT */
#include "build/windows_path.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

bool windows_is_slash(char c)
{
	return c == '/' || c == '\\';
}

char *windows_path(const char *path)
{
	char *result = string_copy(path);

	for (char *c = result; *c; c++)
		*c = *c == '/' ? '\\' : *c;
	return result;
}

size_t windows_root(const char *path)
{
	if (isalpha((unsigned char)path[0]) && path[1] == ':')
		return windows_is_slash(path[2]) ? 3 : 2;
	return windows_is_slash(path[0]) ? 1 : 0;
}

const char *windows_name(const char *path)
{
	const char *name = path + windows_root(path);

	for (const char *c = name; *c; c++)
		name = windows_is_slash(*c) ? c + 1 : name;
	return name;
}

const char *windows_extension(const char *path)
{
	const char *name = windows_name(path), *dot = strrchr(name, '.');

	return dot && dot[1] ? dot : name + strlen(name);
}

char *windows_folder(const char *path)
{
	size_t root = windows_root(path), length = (size_t)(windows_name(path) - path);
	char *given, *result;

	if (strlen(path) == root)
		return NULL;
	while (length > root && windows_is_slash(path[length - 1]))
		length--;
	given = string_copy_n(path, length);
	result = windows_path(given);
	free(given);
	return result;
}

char *windows_join(const char *folder, const char *path)
{
	size_t length = strlen(folder);

	if (windows_root(path) || length == 0)
		return string_copy(path);
	if (*path == '\0')
		return string_copy(folder);
	return string_format(
		"%s%s%s", folder,
		windows_is_slash(folder[length - 1]) || folder[length - 1] == ':' ? "" : "\\",
		path);
}

/* The names between separators. */
static void split(struct strings *parts, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "/\\");

		if (length)
			strings_add(parts, string_copy_n(text, length));
		text += length + (text[length] != '\0');
	}
}

static void drop_last(struct strings *parts)
{
	if (parts->count)
		free(parts->at[--parts->count]);
}

char *windows_full(const char *folder, const char *path)
{
	char *joined = windows_join(folder, path);
	size_t root = windows_root(joined), length = strlen(joined);
	struct strings all = { 0 }, kept = { 0 };
	struct buffer result = { 0 };

	split(&all, joined + root);
	for (size_t i = 0; i < all.count; i++) {
		if (strcmp(all.at[i], "..") == 0)
			drop_last(&kept);
		else if (strcmp(all.at[i], ".") != 0)
			strings_copy(&kept, all.at[i]);
	}
	if (root >= 2)
		buffer_add_n(&result, joined, 2);
	for (size_t i = 0; i < kept.count; i++)
		buffer_add_format(&result, "\\%s", kept.at[i]);
	if (kept.count == 0 || windows_is_slash(joined[length - 1]))
		buffer_add(&result, "\\");
	strings_free(&kept);
	strings_free(&all);
	free(joined);
	return buffer_take(&result);
}

char *windows_relative(const char *base, const char *path)
{
	struct strings from = { 0 }, to = { 0 };
	struct buffer result = { 0 };
	size_t same = 0;

	split(&from, base);
	split(&to, path);
	while (same < from.count && same < to.count && string_same(from.at[same], to.at[same]))
		same++;
	if (same == 0)
		buffer_add(&result, path);
	else if (same == from.count && same == to.count)
		buffer_add(&result, ".");
	for (size_t i = same; same && i < from.count; i++)
		buffer_add(&result, i + 1 < from.count || same < to.count ? "..\\" : "..");
	for (size_t i = same; same && i < to.count; i++)
		buffer_add_format(&result, "%s%s", to.at[i], i + 1 < to.count ? "\\" : "");
	if (same && same < to.count && windows_is_slash(path[strlen(path) - 1]))
		buffer_add(&result, "\\");
	strings_free(&to);
	strings_free(&from);
	return buffer_take(&result);
}
