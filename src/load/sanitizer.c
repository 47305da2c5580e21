/* SPDX-License-Identifier: MIT */
#include "load/sanitizer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "load/elf.h"

/* Those that replace malloc. The undefined sanitizer alone does not mind when it comes. */
static bool is_runtime(const char *library)
{
	static const char *const prefixes[] = { "libclang_rt.asan", "libasan." };

	for (size_t i = 0; i < ARRAY_COUNT(prefixes); i++) {
		if (strncmp(library, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	}
	return false;
}

static void note_library(void *context, const char *library)
{
	char **needed = context;

	if (!*needed && is_runtime(library))
		*needed = strdup(library);
}

/* Where the runtime is, looked for in the folders that the object itself names. */
struct search {
	const char *library;
	char *found; /* the caller's */
};

static void look_in_folders(void *context, const char *folders)
{
	struct search *search = context;

	while (*folders && !search->found) {
		int length = (int)strcspn(folders, ":");
		struct stat st;
		char *path;

		if (length > 0 &&
		    asprintf(&path, "%.*s/%s", length, folders, search->library) > 0) {
			if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
				search->found = path;
			else
				free(path);
		}
		folders += length + (folders[length] == ':');
	}
}

char *sanitizer_runtime(const char *path)
{
	struct search search = { 0 };
	struct elf_file file;
	char *needed = NULL;

	if (!elf_open(&file, path, NULL))
		return NULL;
	elf_each_dynamic(&file, DT_NEEDED, note_library, &needed);
	if (needed) {
		search.library = needed;
		elf_each_dynamic(&file, DT_RUNPATH, look_in_folders, &search);
		elf_each_dynamic(&file, DT_RPATH, look_in_folders, &search);
	}
	elf_close(&file);
	if (!search.found)
		return needed;
	free(needed);
	return search.found;
}

static void note_thread(void *context, const char *name)
{
	bool *found = context;

	*found |= strcmp(name, "__tsan_init") == 0;
}

bool sanitizer_is_thread(const char *path)
{
	struct elf_file file;
	bool found = false;

	if (!elf_open(&file, path, NULL))
		return false;
	elf_each_undefined(&file, note_thread, &found);
	elf_close(&file);
	return found;
}
