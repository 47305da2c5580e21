/* SPDX-License-Identifier: MIT */
#ifndef BUILD_FILES_H
#define BUILD_FILES_H

/* path_copy_file() - whole or not at all. Return: 0 or -errno. */
int path_copy_file(const char *from, const char *to);

#endif
