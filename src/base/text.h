/* SPDX-License-Identifier: MIT */
/* Text that grows in room of a fixed size. What does not fit is left out. Allocates nothing. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* The room is the caller's; always terminated. */
struct text {
	char *at;
	size_t size, length; /* bytes; length without the terminator */
};

/* text_in() - empty text in @size bytes, at least 1 */
struct text text_in(char *room, size_t size);

/* text_add() - printf behind what is there. */
void text_add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* text_add_count() - "3 of this" behind what is there and a comma; nothing when @count is 0 */
void text_add_count(struct text *text, uint64_t count, const char *of);

/* text_add_lines() - each line of @lines with @before in front of it; ends with a newline. */
void text_add_lines(struct text *text, const char *before, const char *lines);

#endif
