/* SPDX-License-Identifier: MIT */
/*
 * netcx build: a driver's source, as it lies in its Visual Studio project, becomes a shared object
 * that `netcx run` loads. A layer of its own: it knows no driver at run time and no control
 * protocol.
 */
#ifndef BUILD_BUILD_H
#define BUILD_BUILD_H

#include "build/properties.h"
#include "build/strings.h"

#define BUILD_OK          0
#define BUILD_FAILED      1
#define BUILD_INTERRUPTED 2 /* *signal says by what */

struct build_options {
	const char *path;             /* a .vcxproj or a folder */
	const char *output;           /* NULL: out/NAME.so */
	const char *clang;            /* NULL: the newest that is found */
	const char *include_root;     /* the folder with wdk/ and netadaptercx/ */
	const char *compile_commands; /* a file to write; NULL: none */
	struct properties properties; /* of the command line */
	struct strings sanitizers;
	unsigned parallel; /* 0: as many as there are processors */
	bool coverage, keep_going, verbose;
	bool json; /* the answer on standard output is an object: "driver" or "error", "missing" */
	bool wide_long;    /* `long` has this machine's width, not Windows' */
	const char *netcx; /* the program that will run the driver */
};

/*
 * build() - all of it; what there is to say goes to standard error, the result's name to standard
 * output
 * @signal: set with BUILD_INTERRUPTED; everything is cleaned up
 */
int build(const struct build_options *options, int *signal);

#endif
