/* SPDX-License-Identifier: MIT */
#include "nt/format.h"

#include <ntddk.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/utf.h"
#include "nt/registry.h"

#define PIECE 256 /* units of UTF-16 that fit a buffer in UTF-8 */

struct output {
	char *at;
	size_t size, used, whole;
	bool wide; /* %s and %c are UTF-16 */
};

static void put(struct output *out, const char *text, size_t length)
{
	size_t room = out->size - 1 - out->used;

	out->whole += length;
	length = length < room ? length : room;
	memcpy(out->at + out->used, text, length);
	out->used += length;
	out->at[out->used] = 0;
}

/* One conversion as it was written: "%-8I64x" is flags "-8", prefix "I64", letter 'x'. */
struct conversion {
	char flags[16];
	char prefix[4];
	char letter;
};

/* Return: the position behind it; a '*' takes its number from the arguments. */
static const char *parse(const char *at, struct conversion *c, va_list *arguments)
{
	size_t flags = 0, prefix = 0;

	memset(c, 0, sizeof(*c));
	for (; *at && strchr("-+ #0123456789.*", *at); at++) {
		char number[12] = { *at, 0 };

		if (*at == '*')
			snprintf(number, sizeof(number), "%d", va_arg(*arguments, int));
		if (flags + strlen(number) < sizeof(c->flags)) {
			strcpy(c->flags + flags, number);
			flags += strlen(number);
		}
	}
	if (!strncmp(at, "I64", 3) || !strncmp(at, "I32", 3)) {
		memcpy(c->prefix, at, 3);
		at += 3;
	} else {
		for (; *at && strchr("hlwLIzjt", *at); at++)
			if (prefix < sizeof(c->prefix) - 1)
				c->prefix[prefix++] = *at;
	}
	c->letter = *at;
	return *at ? at + 1 : at;
}

static bool is_wide64(const char *prefix)
{
	static const char *const wide[] = { "I64", "ll", "I", "z", "j", "t" };

	for (size_t i = 0; i < ARRAY_COUNT(wide); i++)
		if (!strcmp(prefix, wide[i]))
			return true;
	return false;
}

static void put_integer(struct output *out, const struct conversion *c, va_list *arguments)
{
	const char *prefix = is_wide64(c->prefix)       ? "ll"
			     : !strcmp(c->prefix, "hh") ? "hh"
			     : !strcmp(c->prefix, "h")  ? "h"
							: "";
	char format[32], text[96];

	snprintf(format, sizeof(format), "%%%s%s%c", c->flags, prefix, c->letter);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	if (prefix[0] == 'l')
		snprintf(text, sizeof(text), format, va_arg(*arguments, long long));
	else
		snprintf(text, sizeof(text), format, va_arg(*arguments, int));
#pragma GCC diagnostic pop
	put(out, text, strlen(text));
}

/* Width and precision of a text apply to the text as it is printed, in UTF-8. */
static void put_text(struct output *out, const struct conversion *c, const char *text)
{
	char format[24], line[1024];

	if (!c->flags[0]) {
		put(out, text, strlen(text));
		return;
	}
	snprintf(format, sizeof(format), "%%%ss", c->flags);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(line, sizeof(line), format, text);
#pragma GCC diagnostic pop
	put(out, line, strlen(line));
}

static void put_utf16(struct output *out, const struct conversion *c, const WCHAR *text,
		      size_t units)
{
	char utf8[1024];

	/* In pieces, none of which ends between the halves of a character. */
	while (!c->flags[0] && units > PIECE) {
		size_t piece = PIECE - ((text[PIECE - 1] & 0xFC00) == 0xD800);

		utf8_from_utf16(utf8, sizeof(utf8), text, piece);
		put_text(out, c, utf8);
		text += piece;
		units -= piece;
	}
	utf8_from_utf16(utf8, sizeof(utf8), text, units);
	put_text(out, c, utf8);
}

static void put_wide(struct output *out, const struct conversion *c, const WCHAR *text)
{
	size_t units = 0;

	if (!text) {
		put_text(out, c, "(null)");
		return;
	}
	while (text[units])
		units++;
	put_utf16(out, c, text, units);
}

static void put_counted(struct output *out, const struct conversion *c, va_list *arguments)
{
	if (strchr(c->prefix, 'w')) {
		const UNICODE_STRING *string = va_arg(*arguments, const UNICODE_STRING *);

		if (string && string->Buffer)
			put_utf16(out, c, string->Buffer, string->Length / sizeof(WCHAR));
	} else {
		const ANSI_STRING *string = va_arg(*arguments, const ANSI_STRING *);

		if (string && string->Buffer)
			put(out, string->Buffer, string->Length);
	}
}

static void put_double(struct output *out, const struct conversion *c, double value)
{
	char format[24], text[512];

	snprintf(format, sizeof(format), "%%%s%c", c->flags, c->letter);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(text, sizeof(text), format, value);
#pragma GCC diagnostic pop
	put(out, text, strlen(text));
}

/* Capitals are of the other kind than the format. A letter before decides for itself. */
static bool is_wide_text(const struct output *out, const struct conversion *c)
{
	if (strchr(c->prefix, 'h'))
		return false;
	if (strchr(c->prefix, 'w') || strchr(c->prefix, 'l'))
		return true;
	return out->wide == (c->letter == 's');
}

static void put_conversion(struct output *out, const struct conversion *c, va_list *arguments)
{
	char text[64];
	WCHAR unit;

	switch (c->letter) {
	case 'd':
	case 'i':
	case 'u':
	case 'x':
	case 'X':
	case 'o':
		put_integer(out, c, arguments);
		break;
	case 'p':
	case 'P':
		snprintf(text, sizeof(text), "%016llX",
			 (unsigned long long)(uintptr_t)va_arg(*arguments, void *));
		put(out, text, strlen(text));
		break;
	case 'c':
	case 'C':
		unit = (WCHAR)va_arg(*arguments, int);
		put_utf16(out, c, &unit, 1);
		break;
	case 'S':
	case 's':
		if (is_wide_text(out, c)) {
			put_wide(out, c, va_arg(*arguments, const WCHAR *));
		} else {
			const char *string = va_arg(*arguments, const char *);

			put_text(out, c, string ? string : "(null)");
		}
		break;
	case 'Z':
		put_counted(out, c, arguments);
		break;
	case 'f':
	case 'g':
	case 'G':
	case 'e':
	case 'E':
		put_double(out, c, va_arg(*arguments, double));
		break;
	case '%':
		put(out, "%", 1);
		break;
	default:
		put(out, "?", 1);
	}
}

static void format_all(struct output *out, const char *format, va_list list)
{
	va_list arguments;

	out->at[0] = 0;
	va_copy(arguments, list);
	while (*format) {
		size_t plain = strcspn(format, "%");
		struct conversion conversion;

		put(out, format, plain);
		format += plain;
		if (!*format)
			break;
		format = parse(format + 1, &conversion, &arguments);
		put_conversion(out, &conversion, &arguments);
	}
	va_end(arguments);
}

size_t nt_format(char *buffer, size_t size, const char *format, va_list arguments)
{
	struct output out = { .at = buffer, .size = size };

	format_all(&out, format, arguments);
	return out.whole;
}

/* Units of a UTF-8 text in UTF-16: one a character, two above the first 65,536. */
static size_t units_of(const char *text)
{
	size_t units = 0;

	for (; *text; text++)
		units += (*text & 0xC0) != 0x80 ? 1 + ((*text & 0xF8) == 0xF0) : 0;
	return units;
}

/* A unit of UTF-16 is at most three bytes of UTF-8, so what is cut there does not fit here. */
size_t nt_format_wide(WCHAR *buffer, size_t units, const WCHAR *format, va_list arguments)
{
	struct output out = { .wide = true };
	size_t length = 0, whole = SIZE_MAX;
	char *narrow;

	while (format[length])
		length++;
	out.size = 3 * units + 1;
	out.at = malloc(out.size);
	narrow = malloc(3 * length + 1);
	if (out.at && narrow) {
		utf8_from_utf16(narrow, 3 * length + 1, format, length);
		format_all(&out, narrow, arguments);
		utf16_from_utf8(buffer, units, out.at);
		whole = out.whole < out.size ? units_of(out.at) : out.whole;
	}
	free(narrow);
	free(out.at);
	return whole;
}
