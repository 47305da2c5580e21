/* SPDX-License-Identifier: MIT */
/*
 * A driver's functions are of one shape of NetAdapterCx: structures of two have the same names and
 * other fields, so a file that calls both was put together from what does not belong together.
 */
#ifndef LOAD_SHAPES_H
#define LOAD_SHAPES_H

#include "load/elf.h"

/* shapes_check() - one shape at most; otherwise @error names a function of each. */
bool shapes_check(const struct elf_file *file, struct error *error);

#endif
