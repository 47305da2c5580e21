/* SPDX-License-Identifier: MIT */
/*
 * The files that a driver was linked from, by the note of each (parts/netcxdriverapi.h): all are
 * compiled for one version of NetAdapterCx. Structures and callbacks of two have other shapes.
 */
#ifndef LOAD_OBJECTS_H
#define LOAD_OBJECTS_H

#include <stdbool.h>

#include "base/error.h"
#include "load/elf.h"

/* objects_check() - Return: false; *@error names both versions, and a file of each. */
bool objects_check(const struct elf_file *file, struct error *error);

#endif
