/* SPDX-License-Identifier: MIT */
#include "build/cl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build/path.h"

void cl_warn(struct cl *cl, const char *form, ...)
{
	va_list list;
	char *text;

	va_start(list, form);
	text = string_format_list(form, list);
	va_end(list);
	strings_add_once(&cl->project->warnings, string_format("%s: %s", cl->file, text));
	free(text);
}

/*
 * The quotes and backslashes of one word. @split: it ends at a blank outside of quotes.
 * Return: behind it.
 */
static const char *take_word(const char *text, bool split, struct buffer *word)
{
	bool quoted = false;

	buffer_add(word, "");
	for (; *text && (quoted || !split || !strchr(" \t\r\n", *text)); text++) {
		size_t slashes = strspn(text, "\\");

		if (text[slashes] == '"') {
			buffer_add_n(word, text, slashes / 2);
			text += slashes;
			if (slashes % 2)
				buffer_add_n(word, text, 1);
			else if (quoted && text[1] == '"')
				buffer_add_n(word, text++, 1);
			else
				quoted = !quoted;
		} else if (slashes) {
			buffer_add_n(word, text, slashes);
			text += slashes - 1;
		} else {
			buffer_add_n(word, text, 1);
		}
	}
	return text;
}

void cl_split(struct strings *words, const char *text)
{
	for (;;) {
		struct buffer word = { 0 };

		text += strspn(text, " \t\r\n");
		if (*text == '\0')
			return;
		text = take_word(text, true, &word);
		strings_add(words, buffer_take(&word));
	}
}

char *cl_unquote(const char *text)
{
	struct buffer word = { 0 };

	take_word(text, false, &word);
	return buffer_take(&word);
}

/* How much of NAME, NAME=VALUE or NAME(X)=VALUE is the name. */
static size_t name_length(const char *definition)
{
	return strcspn(definition, "=(");
}

static bool is_of_name(const char *definition, const char *name, size_t length)
{
	return name_length(definition) == length && strncmp(definition, name, length) == 0;
}

/* Take out those of a list that are of that name. */
static void drop(struct strings *list, const char *name, size_t length)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		if (is_of_name(list->at[i], name, length))
			free(list->at[i]);
		else
			list->at[kept++] = list->at[i];
	}
	list->count = kept;
	if (list->at)
		list->at[kept] = NULL;
}

void cl_define(struct cl *cl, const char *definition)
{
	char *copy = string_copy(definition), *sign = strpbrk(copy, "=#");

	/* '#' may stand for the first '='. */
	if (sign)
		*sign = '=';
	if (name_length(copy) == 0) {
		cl_warn(cl, "the definition '%s' has no name and is left out", definition);
		free(copy);
		return;
	}
	drop(&cl->source->undefines, copy, name_length(copy));
	strings_add(&cl->source->defines, copy);
}

void cl_undefine(struct cl *cl, const char *name)
{
	drop(&cl->source->defines, name, strlen(name));
	strings_copy(&cl->source->undefines, name);
}

static bool is_in(const struct strings *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++) {
		if (is_of_name(list->at[i], name, strlen(name)))
			return true;
	}
	return false;
}

bool cl_says(const struct cl *cl, const char *name)
{
	return is_in(&cl->source->defines, name) || is_in(&cl->source->undefines, name);
}

/*
 * The kit's folder of one version of NetAdapterCx, $(KM_IncludePath)\netcx\kmdf\adapter\2.3: ours
 * is taken instead, and the version is noted.
 */
static bool is_kit_folder(struct cl *cl, const char *path)
{
	static const char folder[] = "/netcx/kmdf/adapter/";
	const char *at = strcasestr(path, folder);
	struct version version;

	if (!at || sscanf(at + strlen(folder), "%5u.%5u", &version.major, &version.minor) != 2)
		return false;
	cl->project->net_folder = version;
	return true;
}

static void add_folder(struct cl *cl, struct strings *to, const char *text)
{
	char *found = path_find(cl->folder, text), *joined = path_join(cl->folder, text);
	char *absolute = path_absolute(joined);
	bool kit = !found && is_kit_folder(cl, absolute);

	/* One that is not there stays: clang passes over it, and -v shows it. */
	if (found)
		strings_add_once(&cl->project->folders, string_copy(found));
	if (!kit)
		strings_copy(to, found ? found : absolute);
	free(absolute);
	free(joined);
	free(found);
}

void cl_include(struct cl *cl, const char *folder)
{
	add_folder(cl, &cl->source->include_folders, folder);
}

void cl_include_late(struct cl *cl, const char *folder)
{
	add_folder(cl, &cl->source->late_folders, folder);
}
