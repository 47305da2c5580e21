/* SPDX-License-Identifier: MIT */
/*
 * A look into a shared object before it is loaded: dlopen() trusts what it maps, and its messages
 * are not for a driver's author.
 */
#ifndef LOAD_ELF_H
#define LOAD_ELF_H

#include <stdbool.h>
#include <stddef.h>

struct elf_file {
	const unsigned char *bytes; /* mapped */
	size_t size;
	/* into bytes; NULL and 0 when the file has no section headers */
	const void *symbols;
	size_t symbol_count;
	const char *strings;
	size_t strings_size;
};

/*
 * elf_open() - map a file and check that it is a whole shared object for this machine
 * @error, @size: on failure what is wrong with it, a few words
 */
bool elf_open(struct elf_file *elf, const char *path, char *error, size_t size);
void elf_close(struct elf_file *elf);

/* elf_find() - a defined symbol's initialised data, or NULL when fewer than @length bytes are
 * there. */
const void *elf_find(const struct elf_file *elf, const char *name, size_t length);

/* elf_defines() - it defines a function or object of that name. */
bool elf_defines(const struct elf_file *elf, const char *name);

/* elf_each_undefined() - the names that must come from elsewhere; weak ones are left out. */
void elf_each_undefined(const struct elf_file *elf, void (*visit)(void *context, const char *name),
			void *context);

#endif
