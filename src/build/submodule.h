/* SPDX-License-Identifier: MIT */
/* git's submodules: a clone has their folders, but nothing in them until they are asked for. */
#ifndef BUILD_SUBMODULE_H
#define BUILD_SUBMODULE_H

#include "build/project.h"

/*
 * submodule_missing() - whose folders of headers lie in a submodule that was not fetched?
 * @project: with the include folders of its sources
 *
 * Return: a sentence with the command that fetches it, the caller's; NULL when there is none.
 */
char *submodule_missing(const struct project *project);

#endif
