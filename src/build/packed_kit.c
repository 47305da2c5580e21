/* SPDX-License-Identifier: MIT */
#include "build/packed_kit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "build/path.h"

static int write_wrapper(const char *folder, const char *name)
{
	char *path = string_format("%s/%s", folder, name);
	FILE *file = fopen(path, "we");
	int result = file ? 0 : -errno;

	free(path);
	if (!file)
		return result;
	fprintf(file, "#pragma pack(push, 16)\n#include_next <%s>\n#pragma pack(pop)\n", name);
	return fclose(file) == 0 ? 0 : -errno;
}

int packed_kit_write(const struct strings *kit, const char *folder)
{
	int result = path_make_folders(folder);

	for (size_t i = 0; i < kit->count && result == 0; i++) {
		struct strings headers = { 0 };

		path_glob(&headers, kit->at[i], "*.h");
		for (size_t j = 0; j < headers.count && result == 0; j++)
			result = write_wrapper(folder, path_name(headers.at[j]));
		strings_free(&headers);
	}
	return result;
}
