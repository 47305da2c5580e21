/* SPDX-License-Identifier: MIT */
/*
 * The encodings of INF files: UTF-16 with a byte order mark or without (what Windows wants for
 * other than English), UTF-8 with a mark, and without one the ANSI code page of the machine, as for
 * setup. iconv(3) knows them; what it refuses is replaced as Windows does.
 */
#include "inf/text.h"

#include <iconv.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf.h"
#include "inf/private.h"

/* What iconv() is asked, and what becomes of what it refuses. */
struct encoding {
	char name[16]; /* of iconv_open() */
	size_t unit;   /* bytes of the smallest character */
	size_t mark;   /* bytes of the mark it was known by */
	void (*mend)(char **to, const unsigned char *from);
};

/* A file's, on the heap. */
struct bytes {
	unsigned char *p;
	size_t size;
};

/* Half of a surrogate pair, or of a sequence, is no character. */
static void mend_replace(char **to, const unsigned char *from)
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

static struct encoding ansi(unsigned code_page)
{
	struct encoding e = { .unit = 1, .mend = mend_replace };

	if (code_page == 0)
		code_page = INF_CODE_PAGE;
	if (code_page == 1252)
		e.mend = mend_cp1252;
	if (code_page == CODE_PAGE_UTF8)
		snprintf(e.name, sizeof(e.name), "UTF-8");
	else
		snprintf(e.name, sizeof(e.name), "CP%u", code_page);
	return e;
}

bool inf_code_page_known(unsigned code_page)
{
	const struct encoding e = ansi(code_page);
	iconv_t cd = iconv_open("UTF-8", e.name);

	if (cd == (iconv_t)-1)
		return false;
	iconv_close(cd);
	return true;
}

/*
 * UTF-16 without a mark has a NUL in every second byte where it is plain English, and none in the
 * others. Return: 0: it is no UTF-16, or the index of the bytes with NULs plus 1.
 */
static size_t nul_side(const unsigned char *p, size_t size)
{
	size_t nuls[2] = { 0, 0 };

	for (size_t i = 0; i < size; i++)
		nuls[i % 2] += p[i] == 0;
	for (size_t side = 0; side < 2; side++) {
		if (nuls[side] > size / 4 && nuls[!side] == 0)
			return side + 1;
	}
	return 0;
}

static struct encoding find_encoding(const unsigned char *p, size_t size, unsigned code_page)
{
	static const struct encoding utf16_le = { "UTF-16LE", 2, 2, mend_replace };
	static const struct encoding utf16_be = { "UTF-16BE", 2, 2, mend_replace };
	struct encoding e = ansi(code_page);
	size_t side;

	if (size >= 2 && p[0] == 0xFF && p[1] == 0xFE)
		return utf16_le;
	if (size >= 2 && p[0] == 0xFE && p[1] == 0xFF)
		return utf16_be;
	if (size >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0) {
		e = ansi(CODE_PAGE_UTF8);
		e.mark = 3;
		return e;
	}
	side = nul_side(p, size);
	if (side) {
		e = side == 2 ? utf16_le : utf16_be;
		e.mark = 0;
	}
	return e;
}

/*
 * git that is told eol=crlf puts a byte 0D in front of each byte 0A, also of text in UTF-16 that it
 * failed to recognise, as it is with Microsoft's netvadapter.inf: 0D 00 0A 00 becomes 0D 00 0D 0A
 * 00. The unit 0A0D is no character, so what was there is known.
 */
static bool is_added_cr(const unsigned char *p, size_t left)
{
	return left >= 3 && p[0] == '\r' && p[1] == '\n' && p[2] == 0;
}

bool inf_is_crlf_utf16(const void *bytes, size_t size)
{
	const unsigned char *p = bytes;

	if (size < 2 || p[0] != 0xFF || p[1] != 0xFE)
		return false;
	for (size_t at = 2; at < size; at += 2) {
		if (is_added_cr(p + at, size - at))
			return true;
	}
	return false;
}

/* Without those bytes. Return: false: no memory. */
static bool drop_added_crs(const unsigned char *p, size_t size, struct bytes *to)
{
	to->p = malloc(size);
	to->size = 0;
	for (size_t at = 0; to->p && at < size; at += 2) {
		at += is_added_cr(p + at, size - at);
		for (size_t i = at; i < size && i < at + 2; i++)
			to->p[to->size++] = p[i];
	}
	return to->p;
}

/*
 * convert() - all of @from as UTF-8
 * @to: room for three bytes for each of @from
 * Return: the bytes written, or -1: iconv(3) does not know the encoding.
 */
static ssize_t convert(const struct encoding *encoding, const unsigned char *from, size_t size,
		       char *to)
{
	iconv_t cd = iconv_open("UTF-8", encoding->name);
	char *in = (char *)from, *out = to;
	size_t left = size - size % encoding->unit, room = size * 3;

	if (cd == (iconv_t)-1)
		return -1;
	while (left && iconv(cd, &in, &left, &out, &room) == (size_t)-1) {
		encoding->mend(&out, (unsigned char *)in);
		in += encoding->unit;
		left -= encoding->unit;
		room = size * 3 - (size_t)(out - to);
	}
	iconv(cd, NULL, NULL, &out, &room); /* what a code page holds back for a mark to follow */
	iconv_close(cd);
	return out - to;
}

/* The UTF-8 of it, or NULL with *error filled. */
static char *to_utf8(const unsigned char *p, size_t size, unsigned code_page, size_t *length,
		     struct inf_error *error)
{
	const struct encoding encoding = find_encoding(p, size, code_page);
	char *text = malloc(size * 3 + 1);
	ssize_t n;

	if (!text) {
		inf_fail(error, NULL, "out of memory");
		return NULL;
	}
	n = convert(&encoding, p + encoding.mark, size - encoding.mark, text);
	if (n < 0) {
		inf_fail(error, NULL, "this system's iconv has no %s", encoding.name);
		free(text);
		return NULL;
	}
	*length = (size_t)n;
	text[n] = '\0';
	return text;
}

bool inf_is_bare_utf8(const void *bytes, size_t size)
{
	const unsigned char *p = bytes;
	bool other = false; /* than ASCII */

	if (size >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
		return false;
	for (size_t at = 0, n; at < size; at += n) {
		n = utf8_sequence(p + at, size - at);
		if (n == 0)
			return false;
		other = other || n > 1;
	}
	return other;
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

/* to_utf8(), of UTF-16 without what git has put in. */
static char *read_as_utf8(const void *bytes, size_t size, unsigned code_page, size_t *length,
			  struct inf_error *error)
{
	struct bytes mended;
	char *text;

	if (!inf_is_crlf_utf16(bytes, size))
		return to_utf8(bytes, size, code_page, length, error);
	if (!drop_added_crs(bytes, size, &mended)) {
		inf_fail(error, NULL, "out of memory");
		return NULL;
	}
	text = to_utf8(mended.p, mended.size, code_page, length, error);
	free(mended.p);
	return text;
}

char *inf_decode(const void *bytes, size_t size, unsigned code_page, size_t *length,
		 struct inf_error *error)
{
	const char *nul;
	char *text;

	*error = (struct inf_error){ 0 };
	if (size > INF_MAX_FILE) {
		inf_fail(error, NULL, "larger than %u MB: not an INF", INF_MAX_FILE >> 20);
		return NULL;
	}
	text = read_as_utf8(bytes, size, code_page, length, error);
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
