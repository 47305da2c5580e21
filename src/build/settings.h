/* SPDX-License-Identifier: MIT */
#ifndef BUILD_SETTINGS_H
#define BUILD_SETTINGS_H

#include "build/msbuild.h"
#include "build/project.h"

/*
 * settings_read() - all that a project says about how one <ClCompile> is compiled
 * @source: has its path and language, which the settings may change
 * @file:   the project
 * @error:  on failure what is wrong, the caller's
 */
bool settings_read(struct source *source, struct project *project, const struct msbuild *msbuild,
		   const struct item *item, const char *file, char **error);

/*
 * settings_finish() - what comes behind a source's own folders: those that other projects make
 * public, then the project's IncludePath and ExternalIncludePath
 * @shared: absolute folders of the projects that are referred to
 */
void settings_finish(struct source *source, struct project *project, const struct msbuild *msbuild,
		     const struct strings *shared, const char *file);

/* settings_shared() - the folders that a project makes public, absolute: added to @folders. */
void settings_shared(struct strings *folders, const struct msbuild *msbuild, const char *file);

#endif
