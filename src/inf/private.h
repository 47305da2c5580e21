/* SPDX-License-Identifier: MIT */
/* Shared by the parts of the INF reader: memory and sections, syntax, %tokens%. */
#ifndef INF_PRIVATE_H
#define INF_PRIVATE_H

#include "inf/inf.h"

struct chunk;

/* Owned by the caller of inf_parse(). */
struct inf {
	struct chunk *chunks;
	size_t used, room; /* of the first chunk, bytes */
	struct inf_section *sections, **tail;
	unsigned section_count;
	bool bare_utf8;      /* it looks like UTF-8, and was not read as that */
	bool crlf_utf16;     /* git has put bytes into it, which were left out */
	const char *package; /* the folder that Windows keeps the file and its driver in */
};

/* Where the scanner is. Owned by inf_parse(). */
struct scan {
	struct inf *inf;
	struct inf_error *error;
	const char *p, *end;
	unsigned line, column;
	char field[INF_MAX_VALUE];
	size_t length; /* of field, bytes */
};

/* inf_fail() - say what is wrong with an entry, or with NULL the whole file. Return: false. */
bool inf_fail(struct inf_error *error, const struct inf_entry *entry, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* scan_fail() - fill the error with the place the scanner is at. Return: false. */
bool scan_fail(struct scan *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* scan_keep() - a copy that lives as long as the INF. NULL: no memory, the error is filled. */
const char *scan_keep(struct scan *s, const char *text, size_t length);

/* scan_add() - a byte more to the field. False, with the error filled: it is too long. */
bool scan_add(struct scan *s, char c);

/* scan_all() - read sections and entries; what has %tokens% keeps them. */
bool scan_all(struct scan *s);

/* scan_expand() - replace %tokens% in all entries but those of [Strings]. */
bool scan_expand(struct scan *s);

#endif
