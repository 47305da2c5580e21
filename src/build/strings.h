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
struct buffer {
	char *at;
	size_t length, room;
};

/* string_format() - printf into new memory, the caller's. */
char *string_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* string_format_list() - the same with va_start() done. */
char *string_format_list(const char *format, va_list list) __attribute__((format(printf, 1, 0)));

/* string_copy(), string_copy_n() - a copy, the caller's; NULL gives NULL. */
char *string_copy(const char *text);
char *string_copy_n(const char *text, size_t length);

/* array_new() - zeroed. array_resize() - realloc that cannot fail. */
void *array_new(size_t count, size_t size);
void *array_resize(void *memory, size_t count, size_t size);

/* strings_add() - takes @text over. strings_copy() - adds a copy. */
void strings_add(struct strings *list, char *text);
void strings_copy(struct strings *list, const char *text);
void strings_format(struct strings *list, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* strings_add_once() - takes @text over, which is added unless the list has an equal one. */
void strings_add_once(struct strings *list, char *text);
void strings_append(struct strings *list, const struct strings *more);
bool strings_has(const struct strings *list, const char *text);
void strings_free(struct strings *list);

/* strings_split() - the non-empty, trimmed parts between separators are added. */
void strings_split(struct strings *list, const char *text, char separator);

void buffer_add(struct buffer *text, const char *more);
void buffer_add_n(struct buffer *text, const char *more, size_t length);
void buffer_add_format(struct buffer *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void buffer_free(struct buffer *text);

/* buffer_take() - the text as the caller's memory, never NULL; @text is empty after it. */
char *buffer_take(struct buffer *text);

/* string_trim() - a copy without white space at both ends, the caller's. */
char *string_trim(const char *text);

/* string_same() - equal but for letter case (ASCII, as MSBuild compares names). */
bool string_same(const char *a, const char *b);

#endif
