/* SPDX-License-Identifier: MIT */
#include "nt/format.h"
#include <ntddk.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "nt/registry.h"

struct output {
	char *at;
	size_t size, used;
};

static void put(struct output *out, const char *text, size_t length)
{
	size_t room = out->size - 1 - out->used;

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

	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
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

	nt_utf8(utf8, sizeof(utf8), text, units);
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

static void put_conversion(struct output *out, const struct conversion *c, va_list *arguments)
{
	bool wide = strchr(c->prefix, 'w') || strchr(c->prefix, 'l');
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
		put_wide(out, c, va_arg(*arguments, const WCHAR *));
		break;
	case 's':
		if (wide) {
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
	case 'e':
		snprintf(text, sizeof(text), "%g", va_arg(*arguments, double));
		put(out, text, strlen(text));
		break;
	case '%':
		put(out, "%", 1);
		break;
	default:
		put(out, "?", 1);
	}
}

size_t nt_format(char *buffer, size_t size, const char *format, va_list list)
{
	struct output out = { .at = buffer, .size = size };
	va_list arguments;

	buffer[0] = 0;
	va_copy(arguments, list);
	while (*format) {
		size_t plain = strcspn(format, "%");
		struct conversion conversion;

		put(&out, format, plain);
		format += plain;
		if (!*format)
			break;
		format = parse(format + 1, &conversion, &arguments);
		put_conversion(&out, &conversion, &arguments);
	}
	va_end(arguments);
	return out.used;
}
