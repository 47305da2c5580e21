/* SPDX-License-Identifier: MIT */
#include "build/strings.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void *checked(void *memory)
{
	if (!memory) {
		fputs("netcx: build: no memory\n", stderr);
		exit(1);
	}
	return memory;
}

void *array_new(size_t count, size_t size)
{
	return checked(calloc(count ? count : 1, size));
}

void *array_resize(void *memory, size_t count, size_t size)
{
	return checked(reallocarray(memory, count ? count : 1, size));
}

char *string_format_list(const char *form, va_list list)
{
	char *text;

	if (vasprintf(&text, form, list) < 0)
		text = NULL;
	return checked(text);
}

char *string_format(const char *form, ...)
{
	va_list list;
	char *text;

	va_start(list, form);
	text = string_format_list(form, list);
	va_end(list);
	return text;
}

char *string_copy(const char *text)
{
	return text ? checked(strdup(text)) : NULL;
}

char *string_copy_n(const char *text, size_t length)
{
	return checked(strndup(text, length));
}

void strings_add(struct strings *list, char *text)
{
	if (list->count + 2 > list->room) {
		list->room = list->room ? list->room * 2 : 8;
		list->at = array_resize(list->at, list->room, sizeof(*list->at));
	}
	list->at[list->count++] = text;
	list->at[list->count] = NULL;
}

void strings_copy(struct strings *list, const char *text)
{
	strings_add(list, string_copy(text));
}

void strings_format(struct strings *list, const char *form, ...)
{
	va_list arguments;

	va_start(arguments, form);
	strings_add(list, string_format_list(form, arguments));
	va_end(arguments);
}

void strings_add_once(struct strings *list, char *text)
{
	if (strings_has(list, text))
		free(text);
	else
		strings_add(list, text);
}

void strings_append(struct strings *list, const struct strings *more)
{
	for (size_t i = 0; i < more->count; i++)
		strings_copy(list, more->at[i]);
}

bool strings_has(const struct strings *list, const char *text)
{
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->at[i], text) == 0)
			return true;
	}
	return false;
}

void strings_free(struct strings *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->at[i]);
	free(list->at);
	*list = (struct strings){ 0 };
}

void strings_split(struct strings *list, const char *text, char separator)
{
	while (*text) {
		const char *end = strchrnul(text, separator);
		char *raw = string_copy_n(text, (size_t)(end - text));
		char *part = string_trim(raw);

		free(raw);
		if (*part)
			strings_add(list, part);
		else
			free(part);
		text = *end ? end + 1 : end;
	}
}

void buffer_add_n(struct buffer *text, const char *more, size_t length)
{
	if (text->length + length + 1 > text->room) {
		text->room = (text->length + length + 1) * 2;
		text->at = array_resize(text->at, text->room, 1);
	}
	memcpy(text->at + text->length, more, length);
	text->length += length;
	text->at[text->length] = '\0';
}

void buffer_add(struct buffer *text, const char *more)
{
	buffer_add_n(text, more, strlen(more));
}

void buffer_add_format(struct buffer *text, const char *form, ...)
{
	va_list list;
	char *more;

	va_start(list, form);
	more = string_format_list(form, list);
	va_end(list);
	buffer_add(text, more);
	free(more);
}

void buffer_free(struct buffer *text)
{
	free(text->at);
	*text = (struct buffer){ 0 };
}

char *buffer_take(struct buffer *text)
{
	char *at = text->at ? text->at : string_copy("");

	*text = (struct buffer){ 0 };
	return at;
}

char *string_trim(const char *text)
{
	size_t length;

	while (isspace((unsigned char)*text))
		text++;
	length = strlen(text);
	while (length && isspace((unsigned char)text[length - 1]))
		length--;
	return string_copy_n(text, length);
}

bool string_same(const char *a, const char *b)
{
	return strcasecmp(a, b) == 0;
}
