/* SPDX-License-Identifier: MIT */
/* Kernel mode or user mode: a driver is for KMDF or for UMDF, and of one version of it. */
#ifndef BUILD_FLAVOUR_H
#define BUILD_FLAVOUR_H

#include "build/project.h"

/*
 * flavour_read() - which of the two the properties ask for, and which version
 * @file: for the message
 * Return: false, with @error, the caller's: they contradict each other, or ask for what is not
 * there.
 */
bool flavour_read(struct project *project, const struct properties *properties, const char *file,
		  char **error);

/*
 * flavour_check_library() - a library that is compiled into the driver is of its framework and,
 * when it names a version, of that
 * @properties: the library's; @file: its project
 */
bool flavour_check_library(const struct project *project, const struct properties *properties,
			   const char *file, char **error);

/* flavour_settle() - once NetAdapterCx' version is known: the framework's, when none is named. */
bool flavour_settle(struct project *project, unsigned kmdf_minor, char **error);

/* flavour_framework() - "UMDF" or "KMDF" */
const char *flavour_framework(const struct project *project);

#endif
