/* SPDX-License-Identifier: MIT */
/* Paths as a Windows project writes them: backslashes, any letter case, wildcards. */
#ifndef BUILD_PATH_H
#define BUILD_PATH_H

#include <stdbool.h>

#include "build/strings.h"

/* What path_*() return is the caller's. */

/* path_join() - @path below @folder, unless it is absolute; backslashes become slashes. */
char *path_join(const char *folder, const char *path);

/*
 * path_find() - @path below @folder as it is spelled on disk, whatever its letter case here
 * Return: an absolute path without . and .., or NULL when there is no such file or folder.
 */
char *path_find(const char *folder, const char *path);

/* path_absolute() - without . and .. and doubled slashes, by its text only. */
char *path_absolute(const char *path);

char *path_folder(const char *path);     /* "/a/b.c": "/a"; "b.c": "." */
const char *path_name(const char *path); /* "/a/b.c": "b.c", inside @path */
char *path_stem(const char *path);       /* "/a/b.c": "b" */

/* path_extension() - ".c", inside @path; "" when there is none. */
const char *path_extension(const char *path);

bool path_is_file(const char *path);
bool path_is_folder(const char *path);

/*
 * path_read_text() - a text file of at most 1 MB, found like path_find(), without a byte order mark
 * @why: on failure what comes behind its name in a sentence
 * Return: the caller's, or NULL.
 */
char *path_read_text(const char *folder, const char *path, const char **why);

/* path_copy_file() - whole or not at all. Return: 0 or -errno. */
int path_copy_file(const char *from, const char *to);

/* path_make_folders() - mkdir -p. Return: 0 or -errno. */
int path_make_folders(const char *folder);

/* path_remove_tree() - rm -r of a folder of ours. */
void path_remove_tree(const char *folder);

/* path_fits() - a name fits a pattern with * and ?, without letter case; "*.*" is any name. */
bool path_fits(const char *name, const char *pattern);

/*
 * path_glob() - the files below @folder that fit a pattern with *, ? and ** (MSBuild's item
 * wildcards), each once and sorted, as absolute paths; names with a dot in front, too
 */
void path_glob(struct strings *found, const char *folder, const char *pattern);

#endif
