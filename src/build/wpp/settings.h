/* SPDX-License-Identifier: MIT */
/* What a project says about WPP: <WppEnabled> and the like of a <ClCompile>. */
#ifndef BUILD_WPP_SETTINGS_H
#define BUILD_WPP_SETTINGS_H

#include "build/msbuild.h"
#include "build/project.h"

/*
 * wpp_settings_read() - into the source
 * @folder: the project's
 * @error:  on failure what is wrong, the caller's
 */
bool wpp_settings_read(struct source *source, struct project *project, const struct item *item,
		       const char *folder, char **error);

#endif
