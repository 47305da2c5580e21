/* SPDX-License-Identifier: MIT */
/* What a linked driver leaves to netcx, and where its source uses it. */
#ifndef BUILD_SYMBOLS_H
#define BUILD_SYMBOLS_H

#include "build/findings.h"
#include "build/program.h"
#include "build/strings.h"

/*
 * symbols_check_user_mode() - a user-mode driver's file calls nothing of kernel mode
 * @path:  the shared object
 * @error: on failure what it calls, the caller's
 */
bool symbols_check_user_mode(const char *path, char **error);

/*
 * symbols_missing() - the undefined symbols of a shared object that nobody has
 * @path:    the shared object
 * @program: who will load it
 * @entry:   whether the object defines DriverEntry
 * Return: false: it cannot be read, and @error, the caller's, says why.
 */
bool symbols_missing(const char *path, const struct program *program, struct strings *missing,
		     bool *entry, char **error);

/*
 * symbols_locate() - find the references to them in the objects, by their relocations
 * @objects, @sources: object files with debug information, and what each was compiled from
 */
void symbols_locate(const struct strings *objects, const struct strings *sources,
		    const struct strings *missing, struct findings *findings);

#endif
