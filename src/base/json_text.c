/* SPDX-License-Identifier: MIT */
#include "base/json_text.h"

#include "base/utf.h"

void json_text_print(FILE *to, const char *text)
{
	char bytes[UTF8_MOST];

	fputc('"', to);
	while (*text) {
		uint32_t character = utf8_get(&text);

		if (character == '"' || character == '\\')
			fprintf(to, "\\%c", (char)character);
		else if (character < 0x20)
			fprintf(to, "\\u%04x", (unsigned)character);
		else
			fwrite(bytes, 1, utf8_put(bytes, character), to);
	}
	fputc('"', to);
}
