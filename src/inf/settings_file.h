/* SPDX-License-Identifier: MIT */
/*
 * The file that an adapter's settings are kept in: FOLDER/DRIVER/ADAPTER.conf, a line KEYWORD=VALUE
 * each; empty lines and those that begin with # are the user's.
 */
#ifndef INF_SETTINGS_FILE_H
#define INF_SETTINGS_FILE_H

#include <stdbool.h>
#include <stddef.h>

#define SETTINGS_PATH_MAX 4096

/* settings_path() - where. A slash in a name becomes an underscore. Return: false: too long. */
bool settings_path(const char *folder, const char *driver, const char *adapter, char *path,
		   size_t size);

/*
 * settings_each() - visit the settings of a file, which need not exist
 * @visit: gets the line without its end; returns false to stop
 * Return: 0, -errno (words: file_error()), or -ECANCELED when @visit stopped.
 */
int settings_each(const char *path, bool (*visit)(void *context, unsigned number, const char *line),
		  void *context);

/*
 * settings_put() - set one keyword in the file, or remove it (@value NULL); the rest stays as it is
 * The file and its folders are made; it is replaced as a whole, so that nobody sees half of it.
 * Return: 0 or -errno (words: file_error()).
 */
int settings_put(const char *path, const char *keyword, const char *value);

#endif
