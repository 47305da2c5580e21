/* SPDX-License-Identifier: MIT */
/* Format: LLVM's VirtualFileSystem.h, class RedirectingFileSystem (YAML, of which JSON is a part).
 */
#include "build/overlay.h"

#include <errno.h>
#include <jansson.h>

#include "build/path.h"
#include "build/tree.h"

struct listing {
	const struct strings *except;
	const struct replacements *replacements;
	json_t *roots;
};

/* Two files whose names differ by case only are found by their exact names, without us. */
static bool has_twin(const struct strings *files, size_t i)
{
	for (size_t j = 0; j < files->count; j++) {
		if (j != i && string_same(files->at[i], files->at[j]))
			return true;
	}
	return false;
}

/* A replaced one keeps its own name, in messages and for debuggers. */
static json_t *file_entry(const char *path, const char *instead)
{
	const char *name = path_name(path);

	if (instead)
		return json_pack("{s:s, s:s, s:s, s:b}", "name", name, "type", "file",
				 "external-contents", instead, "use-external-name", 0);
	return json_pack("{s:s, s:s, s:s}", "name", name, "type", "file", "external-contents",
			 path);
}

static void list_folder(void *context, const char *folder, const struct strings *files)
{
	struct listing *listing = context;
	json_t *contents = json_array();

	for (size_t i = 0; i < files->count; i++) {
		const char *path = files->at[i];
		const char *instead = replacements_find(listing->replacements, path);

		if (instead || (!strings_has(listing->except, path) && !has_twin(files, i)))
			json_array_append_new(contents, file_entry(path, instead));
	}
	if (json_array_size(contents))
		json_array_append_new(listing->roots,
				      json_pack("{s:s, s:s, s:o}", "name", folder, "type",
						"directory", "contents", contents));
	else
		json_decref(contents);
}

int overlay_write(const struct strings *folders, const struct strings *except,
		  const struct replacements *replacements, const char *file)
{
	struct listing listing = { .except = except,
				   .replacements = replacements,
				   .roots = json_array() };
	json_t *overlay;
	int result = 0;

	tree_walk(folders, list_folder, &listing);
	overlay = json_pack("{s:i, s:s, s:o}", "version", 0, "case-sensitive", "false", "roots",
			    listing.roots);
	if (!overlay || json_dump_file(overlay, file, JSON_COMPACT) < 0)
		result = errno ? -errno : -EIO;
	json_decref(overlay);
	return result;
}
