/* SPDX-License-Identifier: MIT */
/* What kernel mode alone has: for who uses it in a user-mode driver. */
#ifndef BUILD_KERNEL_NAMES_H
#define BUILD_KERNEL_NAMES_H

#include "build/compiler.h"
#include "build/findings.h"

/*
 * kernel_names_note() - names that nobody has declared may be of our headers as kernel mode sees
 * them
 * @include_root: the folder with wdk/; @temporary: a folder to write to
 */
void kernel_names_note(struct findings *findings, const struct compiler *compiler,
		       const char *include_root, const char *temporary);

#endif
