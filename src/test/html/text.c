/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/array.h"
#include "base/utf.h"
#include "test/html/html.h"

/* What cannot be seen but moves what can: marks and overrides of direction, zero widths. */
static bool is_hidden(uint32_t c)
{
	static const uint32_t ranges[][2] = { { 0x7F, 0x9F },     { 0xAD, 0xAD },
					      { 0x61C, 0x61C },   { 0x200B, 0x200F },
					      { 0x2028, 0x202E }, { 0x2060, 0x206F },
					      { 0xFEFF, 0xFEFF }, { 0xFFF9, 0xFFFB } };

	if (c < ' ')
		return c != '\n' && c != '\t';
	for (size_t i = 0; i < ARRAY_COUNT(ranges); i++) {
		if (c >= ranges[i][0] && c <= ranges[i][1])
			return true;
	}
	return false;
}

static const char *entity(uint32_t c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void html_text(FILE *to, const char *text)
{
	while (text && *text) {
		size_t n = utf8_sequence(text, UTF8_MOST);
		const char *next = text;
		uint32_t c = utf8_get(&next);
		const char *name = entity(c);

		if (!n)
			fprintf(to, "\\x%02X", (unsigned char)*text);
		else if (name)
			fputs(name, to);
		else if (is_hidden(c))
			fprintf(to, c < 0x100 ? "\\x%02X" : "\\u%04X", c);
		else
			fwrite(text, 1, n, to);
		text += n ? n : 1;
	}
}
