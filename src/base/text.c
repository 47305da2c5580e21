/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct text text_in(char *room, size_t size)
{
	room[0] = '\0';
	return (struct text){ .at = room, .size = size };
}

void text_add(struct text *text, const char *format, ...)
{
	size_t left = text->size - text->length;
	va_list list;
	int n;

	va_start(list, format);
	n = vsnprintf(text->at + text->length, left, format, list);
	va_end(list);
	if (n > 0)
		text->length += (size_t)n < left ? (size_t)n : left - 1;
}

void text_add_count(struct text *text, uint64_t count, const char *of)
{
	if (count)
		text_add(text, "%s%" PRIu64 " %s", text->length ? ", " : "", count, of);
}

void text_add_lines(struct text *text, const char *before, const char *lines)
{
	while (*lines) {
		size_t length = strcspn(lines, "\n");

		text_add(text, "%s%.*s\n", before, (int)length, lines);
		lines += length + (lines[length] == '\n');
	}
}
