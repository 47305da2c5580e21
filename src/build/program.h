/* SPDX-License-Identifier: MIT */
/* The netcx that will run a driver: what the driver finds in it and in its libraries. */
#ifndef BUILD_PROGRAM_H
#define BUILD_PROGRAM_H

#include <stdbool.h>

#include "build/strings.h"

/* Owned by one build. {0} has nothing. */
struct program {
	struct strings names; /* defined by the program, sorted */
	void **libraries;     /* of dlopen(): dlsym() searches what they need, too */
	size_t library_count;
};

/*
 * program_open() - read what a program has
 * Return: false: it cannot be read, and @error, the caller's, says why.
 */
bool program_open(struct program *program, const char *path, char **error);
/* program_add_cxx() - the libraries of C++, which a user-mode driver is linked with (command.h) */
void program_add_cxx(struct program *program);
bool program_has(const struct program *program, const char *symbol);
void program_close(struct program *program);

/* program_include_root() - the driver headers that came with a program: share/netcx/include beside
 * it in a build tree, below the prefix when installed. Return: the caller's, NULL: not there. */
char *program_include_root(const char *path);

#endif
