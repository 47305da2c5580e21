/* SPDX-License-Identifier: MIT */
/* The options of netcx coalesce. */
#ifndef CLI_COALESCE_OPTIONS_H
#define CLI_COALESCE_OPTIONS_H

#include <netcx/lso.h>

struct coalesce_wishes {
	struct lso_coalesce_options options; /* but for emit and context; times in nanoseconds */
	bool trust;                          /* checksums are believed */
	bool stats;
	bool json;
	const char *format; /* of OUT, or NULL */
};

/* coalesce_read_options() - optind is at IN then. Return: CLI_OK, or CLI_USAGE, which is said */
int coalesce_read_options(struct coalesce_wishes *wishes, int argc, char **argv);

#endif
