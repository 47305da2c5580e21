/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target: any bytes as C. Its tokens lie in it one behind the other; with long as Windows has
 * it, each line is as long as before, and there is nothing left to replace.
 */
#include "build/long.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "build/lexer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_tokens(const char *text, size_t size)
{
	const char *at = text;
	struct lexer lexer;
	struct token token;
	unsigned line = 1;

	lexer_begin(&lexer, text, size);
	while (lexer_next(&lexer, &token)) {
		if (token.at < at || token.length == 0 ||
		    token.length > (size_t)(text + size - token.at))
			abort();
		for (; at < token.at; at++)
			line += *at == '\n';
		if (token.line != line)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size ? size : 1);

	if (!text)
		abort();
	memcpy(text, data, size);
	check_tokens(text, size);
	long_replace(text, size);
	for (size_t i = 0; i < size; i++) {
		if ((text[i] == '\n') != (data[i] == '\n'))
			abort();
	}
	if (long_replace(text, size))
		abort();
	free(text);
	return 0;
}
