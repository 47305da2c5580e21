/* SPDX-License-Identifier: MIT */
/*
 * One JSON object written into a buffer of fixed size, without allocation: for events, which come
 * on any thread at any IRQL. Whatever is put in, the result is valid JSON in UTF-8.
 */
#ifndef CONTROL_JSON_LINE_H
#define CONTROL_JSON_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_line {
	char *text;
	size_t size, length;
	bool cut; /* a member did not fit: "cut":true is the last one */
};

/* json_line_begin() - @size at least 64 bytes */
void json_line_begin(struct json_line *j, char *text, size_t size);
void json_line_text(struct json_line *j, const char *name, const char *value);
void json_line_uint(struct json_line *j, const char *name, uint64_t value);
void json_line_bool(struct json_line *j, const char *name, bool value);
/* nanoseconds as milliseconds with three decimals */
void json_line_ms(struct json_line *j, const char *name, uint64_t ns);

/* json_line_end() - closes the object, adds a newline and a terminator. Return: the length. */
size_t json_line_end(struct json_line *j);

#endif
