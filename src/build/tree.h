/* SPDX-License-Identifier: MIT */
/* The files below a project's folders. */
#ifndef BUILD_TREE_H
#define BUILD_TREE_H

#include "build/strings.h"

/*
 * tree_walk() - all folders below some, each once
 * @folders: absolute; what lies below another of them is visited once
 * @visit:   @files are a folder's own, as absolute paths, sorted; what version control and editors
 *           keep is left out
 */
void tree_walk(const struct strings *folders,
	       void (*visit)(void *context, const char *folder, const struct strings *files),
	       void *context);

#endif
