/* SPDX-License-Identifier: MIT */
/* Text and lists of text, as a build needs them. Without memory the process ends. */
#ifndef BUILD_STRINGS_H
#define BUILD_STRINGS_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* A list that owns its texts; @at ends with NULL, as exec wants it. {0} is empty. */
struct strings {
	char **at;
	size_t count, room;
};

/* Text that grows; @at always ends with 0 once something was added. {0} is empty. */
struct text {
	char *at;
	size_t length, room;
};

/* format() - printf into new memory, the caller's. */
char *format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* copy(), copy_n() - a copy, the caller's; NULL gives NULL. */
char *copy(const char *text);
char *copy_n(const char *text, size_t length);

/* new_array() - zeroed. resize() - realloc that cannot fail. */
void *new_array(size_t count, size_t size);
void *resize(void *memory, size_t count, size_t size);

/* strings_add() - takes @text over. strings_copy() - adds a copy. */
void strings_add(struct strings *list, char *text);
void strings_copy(struct strings *list, const char *text);
void strings_format(struct strings *list, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void strings_append(struct strings *list, const struct strings *more);
bool strings_has(const struct strings *list, const char *text);
void strings_free(struct strings *list);

/* strings_split() - the non-empty, trimmed parts between separators are added. */
void strings_split(struct strings *list, const char *text, char separator);

void text_add(struct text *text, const char *more);
void text_add_n(struct text *text, const char *more, size_t length);
void text_add_format(struct text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void text_free(struct text *text);

/* text_take() - the text as the caller's memory, never NULL; @text is empty after it. */
char *text_take(struct text *text);

/* trim() - a copy without white space at both ends, the caller's. */
char *trim(const char *text);

/* same() - equal but for letter case (ASCII, as MSBuild compares names). */
bool same(const char *a, const char *b);

#endif
