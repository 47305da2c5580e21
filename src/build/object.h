/* SPDX-License-Identifier: MIT */
/* An object file with its debug information, as libdwfl reads it. */
#ifndef BUILD_OBJECT_H
#define BUILD_OBJECT_H

#include <elfutils/libdwfl.h>
#include <gelf.h>
#include <stdbool.h>

/* Open from object_open() to object_close(). */
struct object {
	Dwfl *dwfl;
	Dwfl_Module *module;
	Elf *elf;
	GElf_Addr bias; /* what libdwfl has added to its addresses */
};

/* object_open() - false: it cannot be read, and there is nothing to close */
bool object_open(struct object *object, const char *path);
void object_close(struct object *object);

#endif
