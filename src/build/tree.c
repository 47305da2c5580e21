/* SPDX-License-Identifier: MIT */
#include "build/tree.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "build/path.h"

#define DEEPEST 12
#define MOST    50000 /* files: whoever builds in / does not wait for ever */

struct walk {
	void (*visit)(void *context, const char *folder, const struct strings *files);
	void *context;
	struct strings done; /* folders */
	size_t files;
};

/* Names with a dot in front are names; what version control and editors keep is no header's. */
static int is_listed(const struct dirent *entry)
{
	static const char *const others[] = { ".", "..", ".git", ".hg", ".svn", ".vs" };

	for (size_t i = 0; i < ARRAY_COUNT(others); i++) {
		if (strcmp(entry->d_name, others[i]) == 0)
			return 0;
	}
	return 1;
}

static void walk_folder(struct walk *walk, const char *folder, int depth)
{
	struct strings files = { 0 };
	struct dirent **entries;
	int count;

	if (depth > DEEPEST || walk->files > MOST || strings_has(&walk->done, folder))
		return;
	strings_copy(&walk->done, folder);
	count = scandir(folder, &entries, is_listed, alphasort);
	if (count < 0)
		return;
	for (int i = 0; i < count; i++) {
		char *path = string_format("%s/%s", folder, entries[i]->d_name);

		if (path_is_folder(path))
			walk_folder(walk, path, depth + 1);
		else if (path_is_file(path))
			strings_copy(&files, path);
		free(path);
		free(entries[i]);
	}
	free(entries);
	walk->files += files.count;
	if (files.count)
		walk->visit(walk->context, folder, &files);
	strings_free(&files);
}

void tree_walk(const struct strings *folders,
	       void (*visit)(void *context, const char *folder, const struct strings *files),
	       void *context)
{
	struct walk walk = { .visit = visit, .context = context };

	for (size_t i = 0; i < folders->count; i++)
		walk_folder(&walk, folders->at[i], 0);
	strings_free(&walk.done);
}
