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

void *new_array(size_t count, size_t size)
{
	return checked(calloc(count ? count : 1, size));
}

void *resize(void *memory, size_t count, size_t size)
{
	return checked(reallocarray(memory, count ? count : 1, size));
}

static char *format_list(const char *form, va_list list)
{
	char *text;

	if (vasprintf(&text, form, list) < 0)
		text = NULL;
	return checked(text);
}

char *format(const char *form, ...)
{
	va_list list;
	char *text;

	va_start(list, form);
	text = format_list(form, list);
	va_end(list);
	return text;
}

char *copy(const char *text)
{
	return text ? checked(strdup(text)) : NULL;
}

char *copy_n(const char *text, size_t length)
{
	return checked(strndup(text, length));
}

void strings_add(struct strings *list, char *text)
{
	if (list->count + 2 > list->room) {
		list->room = list->room ? list->room * 2 : 8;
		list->at = resize(list->at, list->room, sizeof(*list->at));
	}
	list->at[list->count++] = text;
	list->at[list->count] = NULL;
}

void strings_copy(struct strings *list, const char *text)
{
	strings_add(list, copy(text));
}

void strings_format(struct strings *list, const char *form, ...)
{
	va_list arguments;

	va_start(arguments, form);
	strings_add(list, format_list(form, arguments));
	va_end(arguments);
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
		char *raw = copy_n(text, (size_t)(end - text));
		char *part = trim(raw);

		free(raw);
		if (*part)
			strings_add(list, part);
		else
			free(part);
		text = *end ? end + 1 : end;
	}
}

void text_add_n(struct text *text, const char *more, size_t length)
{
	if (text->length + length + 1 > text->room) {
		text->room = (text->length + length + 1) * 2;
		text->at = resize(text->at, text->room, 1);
	}
	memcpy(text->at + text->length, more, length);
	text->length += length;
	text->at[text->length] = '\0';
}

void text_add(struct text *text, const char *more)
{
	text_add_n(text, more, strlen(more));
}

void text_add_format(struct text *text, const char *form, ...)
{
	va_list list;
	char *more;

	va_start(list, form);
	more = format_list(form, list);
	va_end(list);
	text_add(text, more);
	free(more);
}

void text_free(struct text *text)
{
	free(text->at);
	*text = (struct text){ 0 };
}

char *text_take(struct text *text)
{
	char *at = text->at ? text->at : copy("");

	*text = (struct text){ 0 };
	return at;
}

char *trim(const char *text)
{
	size_t length;

	while (isspace((unsigned char)*text))
		text++;
	length = strlen(text);
	while (length && isspace((unsigned char)text[length - 1]))
		length--;
	return copy_n(text, length);
}

bool same(const char *a, const char *b)
{
	return strcasecmp(a, b) == 0;
}
