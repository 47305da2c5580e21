/* SPDX-License-Identifier: MIT */
/*
 * A project file as MSBuild evaluates it: properties and imports in the order of the text, then
 * item definitions, then items. Targets and tasks are not for us.
 */
#ifndef BUILD_MSBUILD_H
#define BUILD_MSBUILD_H

#include "build/properties.h"

/* <ClCompile Include="a.cpp"> */
struct item {
	char *type;
	char *identity;             /* as written, after expansion: "src\a.cpp" */
	char *file;                 /* the project or .props file it stands in ... */
	int line;                   /* ... and where */
	struct properties metadata; /* with what the item's definition gives */
};

struct msbuild {
	struct properties properties;
	struct item *items;
	size_t item_count;
	struct strings
		warnings; /* whole sentences: imports that are not there, what is not understood */
};

/*
 * msbuild_evaluate() - read a project and what it imports from beside it
 * @file:    absolute
 * @globals: properties of the command line; a project cannot change them
 * @error:   on failure one message with file and line, the caller's
 *
 * What a project imports from Visual Studio's own folders is left out silently: those are not here.
 * The result is the caller's to msbuild_free(), also after a failure.
 */
bool msbuild_evaluate(struct msbuild *msbuild, const char *file, const struct properties *globals,
		      char **error);
void msbuild_free(struct msbuild *msbuild);

/* msbuild_get() - a property's value, "" when it has none. */
const char *msbuild_get(const struct msbuild *msbuild, const char *name);

/* item_get() - an item's metadata, "" when it has none. */
const char *item_get(const struct item *item, const char *name);

#endif
