/* SPDX-License-Identifier: MIT */
#include "build/attribute.h"

#include <string.h>

#include "build/lexer.h"

static const char written[] = "[[nodiscard]]", instead[] = "NETCX_NODISC ";

_Static_assert(sizeof(written) == sizeof(instead), "lines and columns stay");

/* In a text or a comment it is none: its word has to be a token of its own. */
bool attribute_replace(char *text, size_t length)
{
	struct lexer lexer;
	struct token token;
	bool changed = false;

	lexer_begin(&lexer, text, length);
	while (lexer_next(&lexer, &token)) {
		char *begin = (char *)token.at - strlen("[[");

		if (!token_is(&token, "nodiscard") || begin < text ||
		    (size_t)(text + length - begin) < strlen(written) ||
		    memcmp(begin, written, strlen(written)) != 0)
			continue;
		memcpy(begin, instead, strlen(instead));
		changed = true;
	}
	return changed;
}
