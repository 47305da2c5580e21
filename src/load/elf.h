/* SPDX-License-Identifier: MIT */
/*
 * A look into a shared object before it is loaded: dlopen() trusts what it maps, and its messages
 * are not for a driver's author. Tables are libelf's business, which stays inside the file.
 */
#ifndef LOAD_ELF_H
#define LOAD_ELF_H

#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* An ELF file that is looked at. Owned by who opened it; one thread. */
struct elf_file {
	unsigned char *bytes; /* the file, mapped to be read */
	size_t size;
	Elf *elf;         /* over @bytes */
	Elf_Scn *symbols; /* the dynamic ones; NULL when the file has no section headers */
};

/*
 * elf_open() - map a file and check that it is a whole ELF file for this machine
 * @error: on failure what is wrong with it, a few words
 */
bool elf_open(struct elf_file *file, const char *path, struct error *error);
void elf_close(struct elf_file *file);

/* elf_is_shared() - it is a shared object; otherwise @error says what it is. */
bool elf_is_shared(const struct elf_file *file, struct error *error);

/* elf_find() - a defined symbol's initialised data in @file's memory; NULL: fewer than @length
 * bytes. */
const void *elf_find(const struct elf_file *file, const char *name, size_t length);

/* elf_section() - a section's initialised data, *@length bytes of it; NULL: there is none. */
const void *elf_section(const struct elf_file *file, const char *name, size_t *length);

/* elf_defines() - it defines a function or object of that name. */
bool elf_defines(const struct elf_file *file, const char *name);

/*
 * elf_each_defined() - the names that others may take from it
 * elf_each_undefined() - the names that must come from elsewhere; weak ones are left out
 */
void elf_each_defined(const struct elf_file *file, void (*visit)(void *context, const char *name),
		      void *context);
void elf_each_undefined(const struct elf_file *file, void (*visit)(void *context, const char *name),
			void *context);

/* elf_each_dynamic() - the texts of the dynamic section's entries of kind @tag (DT_NEEDED ...). */
void elf_each_dynamic(const struct elf_file *file, GElf_Sxword tag,
		      void (*visit)(void *context, const char *text), void *context);

#endif
