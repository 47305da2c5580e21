/* SPDX-License-Identifier: MIT */
#ifndef BUILD_CONDITION_H
#define BUILD_CONDITION_H

#include "build/properties.h"

/*
 * condition_holds() - an MSBuild condition: == != < <= > >= and or ! ( ) Exists()
 * HasTrailingSlash()
 * @folder: what relative paths in Exists() are below
 * @text:   NULL and "" hold
 * @error:  on failure what is wrong, the caller's; NULL otherwise
 *
 * Texts are compared without letter case, numbers (also 0x) and booleans by their value; "and"
 * binds stronger than "or". Source: MSBuild conditions, Microsoft's documentation.
 */
bool condition_holds(const struct scope *scope, const char *folder, const char *text, char **error);

#endif
