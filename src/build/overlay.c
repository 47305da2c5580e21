/* SPDX-License-Identifier: MIT */
/* Format: LLVM's VirtualFileSystem.h, class RedirectingFileSystem (YAML, of which JSON is a part).
 */
#include "build/overlay.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "build/path.h"

#define DEEPEST 12
#define MOST    50000 /* files: whoever builds in / does not wait for ever */

struct listing {
	const struct strings *except;
	json_t *roots;
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

/* Two files whose names differ by case only are found by their exact names, without us. */
static bool has_twin(struct dirent **entries, int count, int i)
{
	for (int j = 0; j < count; j++) {
		if (j != i && string_same(entries[i]->d_name, entries[j]->d_name))
			return true;
	}
	return false;
}

static void list_folder(struct listing *listing, const char *folder, int depth)
{
	struct dirent **entries;
	json_t *contents;
	int count;

	if (depth > DEEPEST || listing->files > MOST || strings_has(&listing->done, folder))
		return;
	strings_copy(&listing->done, folder);
	count = scandir(folder, &entries, is_listed, alphasort);
	if (count < 0)
		return;
	contents = json_array();
	for (int i = 0; i < count; i++) {
		char *path = string_format("%s/%s", folder, entries[i]->d_name);

		if (path_is_folder(path))
			list_folder(listing, path, depth + 1);
		else if (path_is_file(path) && !strings_has(listing->except, path) &&
			 !has_twin(entries, count, i) &&
			 json_array_append_new(contents,
					       json_pack("{s:s, s:s, s:s}", "name",
							 entries[i]->d_name, "type", "file",
							 "external-contents", path)) == 0)
			listing->files++;
		free(path);
	}
	for (int i = 0; i < count; i++)
		free(entries[i]);
	free(entries);
	if (json_array_size(contents))
		json_array_append_new(listing->roots,
				      json_pack("{s:s, s:s, s:o}", "name", folder, "type",
						"directory", "contents", contents));
	else
		json_decref(contents);
}

int overlay_write(const struct strings *folders, const struct strings *except, const char *file)
{
	struct listing listing = { .except = except, .roots = json_array() };
	json_t *overlay;
	int result = 0;

	for (size_t i = 0; i < folders->count; i++)
		list_folder(&listing, folders->at[i], 0);
	overlay = json_pack("{s:i, s:s, s:o}", "version", 0, "case-sensitive", "false", "roots",
			    listing.roots);
	if (!overlay || json_dump_file(overlay, file, JSON_COMPACT) < 0)
		result = errno ? -errno : -EIO;
	json_decref(overlay);
	strings_free(&listing.done);
	return result;
}
