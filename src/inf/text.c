/* SPDX-License-Identifier: MIT */
/*
 * The encodings of INF files: UTF-16 with a byte order mark (what Windows wants for other than
 * English), UTF-8, and the ANSI of old files, which is Windows' code page 1252 here. iconv(3) knows
 * them; what it refuses is replaced as Windows does.
 */
#include "inf/text.h"

#include <iconv.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What iconv() is asked, and what becomes of what it refuses. */
struct encoding {
	const char *name;                                   /* of iconv_open() */
	size_t unit;                                        /* bytes of the smallest character */
	void (*mend)(char **to, const unsigned char *from); /* NULL: then it is not this encoding */
};

/* Half of a surrogate pair is no character. */
static void mend_utf16(char **to, const unsigned char *from)
{
	memcpy(*to, "\xEF\xBF\xBD", 3); /* U+FFFD */
	*to += 3;
}

/* Five bytes of code page 1252 mean nothing; Windows takes them for control characters. */
static void mend_cp1252(char **to, const unsigned char *from)
{
	*(*to)++ = '\xC2';
	*(*to)++ = (char)*from;
}

static const struct encoding utf16_le = { "UTF-16LE", 2, mend_utf16 };
static const struct encoding utf16_be = { "UTF-16BE", 2, mend_utf16 };
static const struct encoding utf8 = { "UTF-8", 1, NULL };
static const struct encoding ansi = { "CP1252", 1, mend_cp1252 };

/*
 * convert() - all of @from as UTF-8
 * @to: room for three bytes for each of @from
 * Return: the bytes written, or -1: not in this encoding, or iconv(3) does not know it.
 */
static ssize_t convert(const struct encoding *encoding, const unsigned char *from, size_t size,
		       char *to)
{
	iconv_t cd = iconv_open("UTF-8", encoding->name);
	char *in = (char *)from, *out = to;
	size_t left = size - size % encoding->unit, room = size * 3;
	bool ok = cd != (iconv_t)-1;

	while (ok && left && iconv(cd, &in, &left, &out, &room) == (size_t)-1) {
		ok = encoding->mend;
		if (ok)
			encoding->mend(&out, (unsigned char *)in);
		in += encoding->unit;
		left -= encoding->unit;
		room = size * 3 - (size_t)(out - to);
	}
	if (cd != (iconv_t)-1)
		iconv_close(cd);
	return ok ? out - to : -1;
}

/* Which encoding it is, its mark cut off; the UTF-8 of it, or NULL with *error filled. */
static char *to_utf8(const unsigned char *p, size_t size, size_t *length, struct inf_error *error)
{
	const struct encoding *encoding = &utf8;
	char *text = malloc(size * 3 + 1);
	ssize_t n;
	size_t mark = 0;

	if (size >= 2 && p[0] == 0xFF && p[1] == 0xFE) {
		encoding = &utf16_le;
		mark = 2;
	} else if (size >= 2 && p[0] == 0xFE && p[1] == 0xFF) {
		encoding = &utf16_be;
		mark = 2;
	} else if (size >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0) {
		mark = 3;
	}
	if (!text) {
		snprintf(error->text, sizeof(error->text), "out of memory");
		return NULL;
	}
	n = convert(encoding, p + mark, size - mark, text);
	if (n < 0 && encoding == &utf8)
		n = convert(&ansi, p + mark, size - mark, text);
	if (n < 0) {
		snprintf(error->text, sizeof(error->text),
			 "not UTF-8, and this system's iconv has no %s",
			 encoding == &utf8 ? ansi.name : encoding->name);
		free(text);
		return NULL;
	}
	*length = (size_t)n;
	text[n] = '\0';
	return text;
}

/* The place of @at, in characters. */
static void find_place(const char *text, const char *at, struct inf_error *error)
{
	error->line = 1;
	error->column = 1;
	for (const char *c = text; c < at; c++) {
		error->line += *c == '\n';
		if (*c == '\n')
			error->column = 1;
		else
			error->column += (*c & 0xC0) != 0x80;
	}
}

char *inf_decode(const void *bytes, size_t size, size_t *length, struct inf_error *error)
{
	const char *nul;
	char *text;

	*error = (struct inf_error){ 0 };
	if (size > INF_MAX_FILE) {
		snprintf(error->text, sizeof(error->text), "larger than %u MB: not an INF",
			 INF_MAX_FILE >> 20);
		return NULL;
	}
	text = to_utf8(bytes, size, length, error);
	if (!text)
		return NULL;
	nul = memchr(text, '\0', *length);
	if (nul) {
		find_place(text, nul, error);
		snprintf(error->text, sizeof(error->text), "a NUL character: not a text file");
		free(text);
		return NULL;
	}
	return text;
}
