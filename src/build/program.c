/* SPDX-License-Identifier: MIT */
#include "build/program.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "build/path.h"
#include "load/elf.h"

static void note_name(void *context, const char *name)
{
	struct program *program = context;

	strings_copy(&program->names, name);
}

/* Loaded here as the program has them; one that this system lacks, the program lacks too. */
static void note_library(void *context, const char *library)
{
	struct program *program = context;
	void *handle = dlopen(library, RTLD_LAZY | RTLD_LOCAL);

	if (!handle)
		return;
	program->libraries = array_resize(program->libraries, program->library_count + 1,
					  sizeof(*program->libraries));
	program->libraries[program->library_count++] = handle;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

bool program_open(struct program *program, const char *path, char **error)
{
	struct elf_file file;
	struct error why;

	*program = (struct program){ 0 };
	if (!elf_open(&file, path, &why)) {
		*error = string_format("%s: %s", path, why.text);
		return false;
	}
	elf_each_defined(&file, note_name, program);
	elf_each_dynamic(&file, DT_NEEDED, note_library, program);
	elf_close(&file);
	if (program->names.count)
		qsort(program->names.at, program->names.count, sizeof(char *), compare);
	return true;
}

void program_add_cxx(struct program *program)
{
	note_library(program, "libstdc++.so.6");
	note_library(program, "libgcc_s.so.1");
}

bool program_has(const struct program *program, const char *symbol)
{
	if (program->names.count &&
	    bsearch(&symbol, program->names.at, program->names.count, sizeof(char *), compare))
		return true;
	for (size_t i = 0; i < program->library_count; i++) {
		if (dlsym(program->libraries[i], symbol))
			return true;
	}
	return false;
}

void program_close(struct program *program)
{
	for (size_t i = 0; i < program->library_count; i++)
		dlclose(program->libraries[i]);
	free(program->libraries);
	strings_free(&program->names);
	*program = (struct program){ 0 };
}

char *program_include_root(const char *path)
{
	static const char *const places[] = { "share/netcx/include", "../share/netcx/include" };
	char *folder = path_folder(path), *found = NULL;

	for (size_t i = 0; i < 2 && !found; i++) {
		char *place = string_format("%s/%s", folder, places[i]);

		found = realpath(place, NULL);
		free(place);
	}
	free(folder);
	return found;
}
