/* SPDX-License-Identifier: MIT */
/*
 * INF files: the text that tells Windows how to install a driver. Read here for what it puts into
 * the registry, and above all for the adapter's keywords with their defaults and limits.
 */
#ifndef INF_INF_H
#define INF_INF_H

#include <stdbool.h>
#include <stddef.h>

#define INF_MAX_FILE  (4u << 20) /* bytes */
#define INF_MAX_VALUE 4096       /* bytes of UTF-8 in one field, substitutions included */

struct inf;

/* Where and why a file was refused; line and column count from 1, in characters. */
struct inf_error {
	unsigned line, column; /* of an entry: where it starts. line 0: not about a place */
	char text[320];
};

/* "key = value, value" or "value, value". Strings are UTF-8, %tokens% replaced. */
struct inf_entry {
	unsigned line, column; /* where it starts, from 1 */
	const char *key;       /* NULL when there is none */
	const char **values;
	unsigned count;
	struct inf_entry *next;
};

struct inf_section {
	const char *name;
	struct inf_entry *entries;
	struct inf_entry **tail;
	struct inf_section *next;
};

/*
 * inf_open() - read a file: UTF-16, UTF-8 with a mark, or a code page of Windows
 * @code_page: of text without a mark: 932, 1250, 65001 for UTF-8; 0: 1252
 * Return: NULL with *error filled when it cannot be read or is no INF.
 */
struct inf *inf_open(const char *path, unsigned code_page, struct inf_error *error);

/* inf_code_page_known() - is there one of this number? */
bool inf_code_page_known(unsigned code_page);

/* inf_parse() - the same from memory; code page 1252. */
struct inf *inf_parse(const void *bytes, size_t size, struct inf_error *error);
void inf_free(struct inf *inf);

/* inf_section() - by name, without case; sections of one name are one. NULL: none. */
const struct inf_section *inf_section(const struct inf *inf, const char *name);

/* inf_value() - field @index of an entry, "" when there is none. */
const char *inf_value(const struct inf_entry *entry, unsigned index);

/* inf_driver_version() - of DriverVer in [Version]: "1.2.3.4", "" when it has none. */
const char *inf_driver_version(const struct inf *inf);

/* inf_alloc() - zeroed memory that lives as long as the INF. NULL: no memory. */
void *inf_alloc(struct inf *inf, size_t size);

#endif
