/* SPDX-License-Identifier: MIT */
#include "base/utf.h"

#include <string.h>

size_t utf8_put(char *to, uint32_t character)
{
	static const uint8_t mark[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
	size_t length = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;

	for (size_t i = length; i-- > 1; character >>= 6)
		to[i] = (char)(0x80 | (character & 0x3F));
	to[0] = (char)(mark[length] | character);
	return length;
}

/* Section 4's table: the second byte has narrower bounds behind E0, ED, F0 and F4. */
size_t utf8_sequence(const void *bytes, size_t left)
{
	const uint8_t *p = bytes;
	size_t length = p[0] < 0x80 ? 1 : p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;

	if (length == 1)
		return 1;
	if (p[0] < 0xC2 || p[0] > 0xF4 || left < length)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) ||
	    (p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F))
		return 0;
	return length;
}

uint32_t utf8_get(const char **from)
{
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	uint32_t c = (uint8_t) * (*from)++;
	int more = c >= 0xF0 && c < 0xF8 ? 3 : c >= 0xE0 ? 2 : c >= 0xC0 ? 1 : 0;

	if (c < 0x80)
		return c;
	if (!more || c >= 0xF8)
		return UTF_REPLACEMENT;
	c &= 0x3Fu >> more;
	for (int i = 0; i < more; i++) {
		if ((**from & 0xC0) != 0x80)
			return UTF_REPLACEMENT;
		c = c << 6 | (*(*from)++ & 0x3F);
	}
	return c < least[more] || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000) ? UTF_REPLACEMENT : c;
}

size_t utf8_from_utf16(char *to, size_t size, const uint16_t *from, size_t units)
{
	size_t used = 0;

	for (size_t i = 0; i < units && from[i]; i++) {
		char bytes[4];
		uint32_t c = from[i];
		size_t length;

		if (c >= 0xD800 && c < 0xDC00 && i + 1 < units && (from[i + 1] & 0xFC00) == 0xDC00)
			c = 0x10000 + ((c & 0x3FF) << 10) + (from[++i] & 0x3FFu);
		else if (c >= 0xD800 && c < 0xE000)
			c = UTF_REPLACEMENT;
		length = utf8_put(bytes, c);
		if (used + length >= size)
			break;
		memcpy(to + used, bytes, length);
		used += length;
	}
	if (size)
		to[used] = '\0';
	return used;
}

size_t utf16_from_utf8(uint16_t *to, size_t units, const char *from)
{
	size_t used = 0;

	while (*from) {
		uint32_t c = utf8_get(&from);
		size_t need = c >= 0x10000 ? 2 : 1;

		if (used + need >= units)
			break;
		if (need == 2)
			to[used++] = (uint16_t)(0xD800 + ((c - 0x10000) >> 10));
		to[used++] = need == 2 ? (uint16_t)(0xDC00 + (c & 0x3FF)) : (uint16_t)c;
	}
	if (units)
		to[used] = 0;
	return used;
}
