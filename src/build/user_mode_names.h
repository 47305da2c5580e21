/* SPDX-License-Identifier: MIT */
/* What a user-mode driver asks for and will not get: it is not ours to add. */
#ifndef BUILD_USER_MODE_NAMES_H
#define BUILD_USER_MODE_NAMES_H

#include "build/compiler.h"
#include "build/findings.h"

/*
 * user_mode_names_note() - names that nobody has declared may be declared by our headers as kernel
 * mode sees them, or be of Win32's that are left out on purpose (docs/win32.md)
 * @include_root: the folder with wdk/; @temporary: a folder to write to
 */
void user_mode_names_note(struct findings *findings, const struct compiler *compiler,
			  const char *include_root, const char *temporary);

#endif
