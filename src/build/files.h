/* SPDX-License-Identifier: MIT */
#ifndef BUILD_FILES_H
#define BUILD_FILES_H

/* copy_file() - whole or not at all. Return: 0 or -errno. */
int copy_file(const char *from, const char *to);

#endif
