/* SPDX-License-Identifier: MIT */
/* The programs that belong to this one: beside it in a build tree, in libexec when installed. */
#ifndef CLI_BESIDE_H
#define CLI_BESIDE_H

#include <limits.h>
#include <stdbool.h>

/* This program's path, and its folder. */
struct cli_place {
	char program[PATH_MAX], folder[PATH_MAX];
};

/* cli_find_place() - false: errno says why */
bool cli_find_place(struct cli_place *place);

/* cli_find_beside() - the program of that name that came with this one; false: it is not there. */
bool cli_find_beside(const struct cli_place *place, const char *name, char path[PATH_MAX]);

#endif
