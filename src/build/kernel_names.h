/* SPDX-License-Identifier: MIT */
/* What kernel mode alone has: for who uses it in a user-mode driver. */
#ifndef BUILD_KERNEL_NAMES_H
#define BUILD_KERNEL_NAMES_H

#include <stdbool.h>

#include "build/compiler.h"

/*
 * kernel_names_read() - our headers as kernel mode sees them
 * @include_root: the folder with wdk/; @temporary: a folder to write to
 * Return: the caller's; NULL: they could not be read.
 */
char *kernel_names_read(const struct compiler *compiler, const char *include_root,
			const char *temporary);

/* kernel_names_have() - a name stands in them. */
bool kernel_names_have(const char *headers, const char *name);

#endif
