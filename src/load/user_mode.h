/* SPDX-License-Identifier: MIT */
/* What the host has for kernel-mode drivers is nothing to a user-mode one (UMDF). */
#ifndef LOAD_USER_MODE_H
#define LOAD_USER_MODE_H

#include <stdbool.h>

#include "load/elf.h"

/* user_mode_is_kernel_name() - a function of kernel mode alone, by its name */
bool user_mode_is_kernel_name(const char *symbol);

/* user_mode_check() - it calls none of them; otherwise @error names them. */
bool user_mode_check(const struct elf_file *file, struct error *error);

#endif
