/* SPDX-License-Identifier: MIT */
/* Fuzz target: any bytes as a project. It is refused with a reason in one line, or evaluated. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "build/path.h"
#include "build/project.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[] = "/tmp/netcx-fuzz-vcxproj-XXXXXX";

static void remove_folder(void)
{
	path_remove_tree(folder);
}

static char *project_file(void)
{
	static char *file;

	if (!file) {
		if (!mkdtemp(folder))
			abort();
		atexit(remove_folder);
		file = string_format("%s/p.vcxproj", folder);
	}
	return file;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct properties globals = { 0 };
	struct project project;
	char *file = project_file(), *error;
	FILE *out = fopen(file, "w");

	if (!out || fwrite(data, 1, size, out) != size || fclose(out) != 0)
		abort();
	/* In a configuration that is asked for, or in the nearest. */
	if (size % 2) {
		properties_set_global(&globals, "Configuration", "Release");
		properties_set_global(&globals, "Platform", "x64");
	}
	if (project_read(&project, file, &globals, &error) ? !!error : !error || *error == '\0')
		abort();
	free(error);
	project_free(&project);
	properties_free(&globals);
	return 0;
}
