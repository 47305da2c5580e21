/* SPDX-License-Identifier: MIT */
/*
 * The encodings of INF files: UTF-16 with a byte order mark (what Windows wants for other than
 * English), UTF-8, and the ANSI of old files, which is read as Latin-1.
 */
#include "inf/text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t put_utf8(char *to, uint32_t c)
{
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (char)(0xC0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (char)(0xE0 | c >> 12);
		to[1] = (char)(0x80 | (c >> 6 & 0x3F));
		to[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	to[0] = (char)(0xF0 | c >> 18);
	to[1] = (char)(0x80 | (c >> 12 & 0x3F));
	to[2] = (char)(0x80 | (c >> 6 & 0x3F));
	to[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

/* The length of the well-formed UTF-8 sequence at @p (RFC 3629 section 4), 0 when it is none. */
static size_t utf8_sequence(const unsigned char *p, size_t left)
{
	size_t n;

	if (p[0] < 0x80)
		return 1;
	n = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
	if (p[0] < 0xC2 || p[0] > 0xF4 || left < n)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	}
	if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) ||
	    (p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F))
		return 0;
	return n;
}

static char *from_utf16(const unsigned char *p, size_t size, bool big, size_t *length)
{
	size_t units = size / 2, n = 0;
	char *text = malloc(units * 3 + 1);

	if (!text)
		return NULL;
	for (size_t i = 0; i < units; i++) {
		uint32_t c = big ? (uint32_t)p[2 * i] << 8 | p[2 * i + 1]
				 : (uint32_t)p[2 * i + 1] << 8 | p[2 * i];
		uint32_t low = 0;

		if (c >= 0xD800 && c < 0xDC00 && i + 1 < units)
			low = big ? (uint32_t)p[2 * i + 2] << 8 | p[2 * i + 3]
				  : (uint32_t)p[2 * i + 3] << 8 | p[2 * i + 2];
		if (low >= 0xDC00 && low < 0xE000) {
			c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
			i++;
		} else if (c >= 0xD800 && c < 0xE000) {
			c = 0xFFFD;
		}
		n += put_utf8(text + n, c);
	}
	*length = n;
	return text;
}

static char *from_bytes(const unsigned char *p, size_t size, size_t *length)
{
	bool utf8 = true;
	size_t n = 0;
	char *text = malloc(size * 2 + 1);

	if (!text)
		return NULL;
	for (size_t i = 0, step; i < size && utf8; i += step) {
		step = utf8_sequence(p + i, size - i);
		utf8 = step != 0;
	}
	if (utf8) {
		memcpy(text, p, size);
		n = size;
	} else {
		for (size_t i = 0; i < size; i++)
			n += put_utf8(text + n, p[i]);
	}
	*length = n;
	return text;
}

char *inf_decode(const void *bytes, size_t size, size_t *length, struct inf_error *error)
{
	const unsigned char *p = bytes, *nul;
	char *text;

	*error = (struct inf_error){ 0 };
	if (size > INF_MAX_FILE) {
		snprintf(error->text, sizeof(error->text), "larger than %u MB: not an INF",
			 INF_MAX_FILE >> 20);
		return NULL;
	}
	if (size >= 2 && p[0] == 0xFF && p[1] == 0xFE)
		text = from_utf16(p + 2, size - 2, false, length);
	else if (size >= 2 && p[0] == 0xFE && p[1] == 0xFF)
		text = from_utf16(p + 2, size - 2, true, length);
	else if (size >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
		text = from_bytes(p + 3, size - 3, length);
	else
		text = from_bytes(p, size, length);
	if (!text) {
		snprintf(error->text, sizeof(error->text), "out of memory");
		return NULL;
	}
	text[*length] = '\0';

	nul = memchr(text, '\0', *length);
	if (nul) {
		error->line = 1;
		error->column = 1;
		for (const char *c = text; c < (const char *)nul; c++) {
			error->line += *c == '\n';
			error->column = *c == '\n' ? 1 : error->column + 1;
		}
		snprintf(error->text, sizeof(error->text), "a NUL character: not a text file");
		free(text);
		return NULL;
	}
	return text;
}
