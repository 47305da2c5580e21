/* SPDX-License-Identifier: MIT */
#include "files.h"

#include <ftw.h>

#include "test.h"

int folder_make(char path[FOLDER_ROOM])
{
	strcpy(path, "/tmp/netcx-test-XXXXXX");
	return mkdtemp(path) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

int folder_remove(const char *path)
{
	return nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void file_put(const char *path, const void *bytes, size_t size)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

void file_put_text(const char *path, const char *text)
{
	file_put(path, text, strlen(text));
}

size_t file_get(const char *path, void *bytes, size_t room)
{
	FILE *file = fopen(path, "rb");
	size_t size;

	assert_non_null(file);
	size = fread(bytes, 1, room - 1, file);
	((char *)bytes)[size] = '\0';
	fclose(file);
	return size;
}
