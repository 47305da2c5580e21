/* SPDX-License-Identifier: MIT */
#include "build/library.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "build/jobs.h"

/* The folder of "/usr/include/c++/12/new" when @path ends with @header, the caller's; or NULL. */
static char *folder_of(const char *path, size_t length, const char *header)
{
	size_t tail = strlen(header);

	if (length <= tail || strncmp(path + length - tail, header, tail) != 0)
		return NULL;
	return string_copy_n(path, length - tail);
}

/* "# 1 "/usr/include/c++/12/new" 1 3": the path between the quotes. */
static void read_marker(struct strings *folders, const char *line)
{
	static const char *const headers[] = { "/new", "/bits/c++config.h" };
	const char *begin = strchr(line, '"');
	const char *end = begin ? strchr(begin + 1, '"') : NULL;

	if (!end)
		return;
	for (size_t i = 0; i < ARRAY_COUNT(headers); i++) {
		char *folder = folder_of(begin + 1, (size_t)(end - begin) - 1, headers[i]);

		if (folder)
			strings_add_once(folders, folder);
	}
}

void library_folders(struct strings *folders, char *text)
{
	char *rest = NULL;

	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (line[0] == '#')
			read_marker(folders, line);
	}
}

/* It is asked rather than guessed: distributions and versions of gcc differ. */
static void ask_compiler(struct strings *folders, const struct compiler *compiler)
{
	static const char *const question[] = { "-E",       "-x",  "c++",      "-stdlib=libstdc++",
						"-include", "new", "/dev/null" };
	struct strings command = { 0 };
	char *output;

	strings_copy(&command, compiler->path);
	for (size_t i = 0; i < ARRAY_COUNT(question); i++)
		strings_copy(&command, question[i]);
	output = command_output(&command);
	if (output)
		library_folders(folders, output);
	free(output);
	strings_free(&command);
}

void library_find(struct strings *folders, const struct compiler *compiler,
		  const struct project *project)
{
	for (size_t i = 0; i < project->source_count; i++) {
		if (project->sources[i].language == LANGUAGE_CXX) {
			ask_compiler(folders, compiler);
			return;
		}
	}
}
