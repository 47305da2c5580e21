/* SPDX-License-Identifier: MIT */
/*
 * Paths as text, the way .NET takes them apart on Windows: both slashes separate, a backslash is
 * written, "C:" is a root. Properties hold such paths, "\home\me\driver\" for a folder of this
 * machine, so that a project's Replace('\', '/') and EndsWith('\') find what they look for;
 * build/path.h takes them as they are.
 */
#ifndef BUILD_WINDOWS_PATH_H
#define BUILD_WINDOWS_PATH_H

#include "build/strings.h"

/* What windows_*() return is the caller's unless something else is said. */

/* windows_path() - a path of this machine with backslashes. */
char *windows_path(const char *path);

bool windows_is_slash(char c);

/* windows_root() - how many characters of @path are its root: 0, "\" 1, "C:" 2, "C:\" 3. */
size_t windows_root(const char *path);

const char *windows_name(const char *path);      /* behind the last separator, inside @path */
const char *windows_extension(const char *path); /* ".c", inside @path; "" when there is none */
char *windows_folder(const char *path);          /* NULL: a root has none */
char *windows_join(const char *folder, const char *path);

/* windows_full() - below @folder unless it has a root, without . and .. and doubled separators. */
char *windows_full(const char *folder, const char *path);

/* windows_relative() - from the folder @base to @path, both full; @path where they share nothing.
 */
char *windows_relative(const char *base, const char *path);

#endif
