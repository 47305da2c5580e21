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
 * Texts are compared without letter case, numbers (-1.5, 0x1F) and booleans by their value, and
 * with < and > versions of 2 to 4 parts, too, of which one that is not written is less than 0.
 * "and" binds stronger than "or"; what the left side has decided is not looked at. Source: MSBuild
 * conditions, Microsoft's documentation, and its published sources where that is silent.
 */
bool condition_holds(const struct scope *scope, const char *folder, const char *text, char **error);

#endif
