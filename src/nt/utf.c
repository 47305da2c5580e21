/* SPDX-License-Identifier: MIT */
/* UTF-16 to UTF-8 and back (RFC 3629). What is no character becomes U+FFFD. */
#include <string.h>

#include "nt/registry.h"

#define REPLACEMENT 0xFFFD

static size_t put_utf8(unsigned char *to, uint32_t c)
{
	if (c < 0x80) {
		to[0] = (unsigned char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (unsigned char)(0xC0 | c >> 6);
		to[1] = (unsigned char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (unsigned char)(0xE0 | c >> 12);
		to[1] = (unsigned char)(0x80 | (c >> 6 & 0x3F));
		to[2] = (unsigned char)(0x80 | (c & 0x3F));
		return 3;
	}
	to[0] = (unsigned char)(0xF0 | c >> 18);
	to[1] = (unsigned char)(0x80 | (c >> 12 & 0x3F));
	to[2] = (unsigned char)(0x80 | (c >> 6 & 0x3F));
	to[3] = (unsigned char)(0x80 | (c & 0x3F));
	return 4;
}

size_t nt_utf8(char *to, size_t size, const WCHAR *from, size_t units)
{
	size_t used = 0;

	for (size_t i = 0; i < units && from[i]; i++) {
		unsigned char bytes[4];
		uint32_t c = from[i];
		size_t length;

		if (c >= 0xD800 && c < 0xDC00 && i + 1 < units && (from[i + 1] & 0xFC00) == 0xDC00)
			c = 0x10000 + ((c & 0x3FF) << 10) + (from[++i] & 0x3FFu);
		else if (c >= 0xD800 && c < 0xE000)
			c = REPLACEMENT;
		length = put_utf8(bytes, c);
		if (used + length >= size)
			break;
		memcpy(to + used, bytes, length);
		used += length;
	}
	if (size)
		to[used] = 0;
	return used;
}

/* One character; *from moves on by at least one byte. */
static uint32_t get_utf8(const unsigned char **from)
{
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	uint32_t c = *(*from)++;
	int more = c >= 0xF0 && c < 0xF8 ? 3 : c >= 0xE0 ? 2 : c >= 0xC0 ? 1 : 0;

	if (c < 0x80)
		return c;
	if (!more || c >= 0xF8)
		return REPLACEMENT;
	c &= 0x3Fu >> more;
	for (int i = 0; i < more; i++) {
		if ((**from & 0xC0) != 0x80)
			return REPLACEMENT;
		c = c << 6 | (*(*from)++ & 0x3F);
	}
	return c < least[more] || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000) ? REPLACEMENT : c;
}

size_t nt_utf16(WCHAR *to, size_t units, const char *from)
{
	const unsigned char *at = (const unsigned char *)from;
	size_t used = 0;

	while (*at) {
		uint32_t c = get_utf8(&at);
		size_t need = c >= 0x10000 ? 2 : 1;

		if (used + need >= units)
			break;
		if (need == 2)
			to[used++] = (WCHAR)(0xD800 + ((c - 0x10000) >> 10));
		to[used++] = need == 2 ? (WCHAR)(0xDC00 + (c & 0x3FF)) : (WCHAR)c;
	}
	if (units)
		to[used] = 0;
	return used;
}
