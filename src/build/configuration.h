/* SPDX-License-Identifier: MIT */
/* A project's configurations, "Release|x64", and the one that it is built in. */
#ifndef BUILD_CONFIGURATION_H
#define BUILD_CONFIGURATION_H

#include "build/msbuild.h"
#include "build/project.h"

/*
 * configuration_evaluate() - msbuild_evaluate() in the configuration that is asked for, or, where
 * nothing is asked for and the project has no Release|x64, in the one that comes nearest to it,
 * which a warning says
 * @globals: Configuration and Platform are among them when the user has said them
 * @start:   the properties that it was evaluated with, the caller's to properties_free()
 */
bool configuration_evaluate(struct msbuild *m, struct project *project, const char *file,
			    const struct properties *globals, struct properties *start,
			    char **error);

#endif
