/* SPDX-License-Identifier: MIT */
/* Files that a user names and that are read as a whole: what else a name may lead to is refused. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdio.h>

/* Not numbers of the kernel's, whose last is 4095. */
#define FILE_NOT_REGULAR 4096
#define FILE_DANGLING    4097

/*
 * file_open_regular() - open a regular file for reading; never waits, as a pipe without a writer
 * would let it
 * Return: the file, or NULL and errno: EISDIR, FILE_NOT_REGULAR for pipes, devices and sockets,
 * FILE_DANGLING for a symbolic link that leads nowhere, or what open(2) said.
 */
FILE *file_open_regular(const char *path);

/* file_error() - words for such an errno. */
const char *file_error(int number);

#endif
