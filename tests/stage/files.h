/* SPDX-License-Identifier: MIT */
/* Files and folders that a test makes. What goes wrong fails it. */
#ifndef TESTS_STAGE_FILES_H
#define TESTS_STAGE_FILES_H

#include <stddef.h>

#define FOLDER_ROOM 32

/* folder_make() - an empty folder of our own below /tmp, for us alone. Return: 0, as cmocka's. */
int folder_make(char path[FOLDER_ROOM]);
/* folder_remove() - with all that is in it. Return: 0 or -1. */
int folder_remove(const char *path);

void file_put(const char *path, const void *bytes, size_t size);
void file_put_text(const char *path, const char *text);

/* file_get() - at most @room - 1 bytes, and a NUL behind them. Return: how many. */
size_t file_get(const char *path, void *bytes, size_t room);

#endif
