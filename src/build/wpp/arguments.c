/* SPDX-License-Identifier: MIT */
#include "build/wpp/arguments.h"

#include <stdlib.h>
#include <string.h>

static void add(struct strings *list, const char *from, const char *to)
{
	char *raw = string_copy_n(from, (size_t)(to - from));

	strings_add(list, string_trim(raw));
	free(raw);
}

bool wpp_arguments(struct lexer *lexer, struct strings *list, unsigned *line)
{
	const char *from = lexer->at;
	struct token token;
	unsigned depth = 0;
	size_t tokens = 0;

	while (lexer_next(lexer, &token)) {
		bool sign = token.kind == TOKEN_SIGN;

		if (sign && depth == 0 && *token.at == ')') {
			if (tokens || list->count)
				add(list, from, token.at);
			*line = token.line;
			return true;
		}
		tokens++;
		if (sign && *token.at == '(')
			depth++;
		else if (sign && *token.at == ')')
			depth--;
		else if (sign && depth == 0 && *token.at == ',') {
			add(list, from, token.at);
			from = lexer->at;
		}
	}
	return false;
}

bool wpp_split(struct strings *list, const char *text)
{
	struct lexer lexer;
	struct token token;
	unsigned line;

	lexer_begin(&lexer, text, strlen(text));
	return lexer_next(&lexer, &token) && token_is(&token, "(") &&
	       wpp_arguments(&lexer, list, &line) && !lexer_next(&lexer, &token);
}

/* What is between a literal's quotes. Return: false: it is no string literal, or a raw one. */
static bool add_literal(struct buffer *text, const struct token *token)
{
	const char *at = token->at, *end = at + token->length;

	while (at < end && (*at == 'L' || *at == 'u' || *at == 'U' || *at == '8'))
		at++;
	if (end - at < 2 || *at != '"' || end[-1] != '"')
		return false;
	buffer_add_n(text, at + 1, (size_t)(end - at) - 2);
	return true;
}

/* A macro between literals, __DATE__, stays one between them; __FUNCTION__ is what %!FUNC! says. */
static bool add_word(struct buffer *text, const struct token *token, bool *any)
{
	if (token->kind != TOKEN_WORD)
		return false;
	if (token_is(token, "__FUNCTION__") || token_is(token, "__FUNCTIONW__")) {
		buffer_add(text, "%!FUNC!");
		*any = true;
	} else {
		buffer_add_format(text, "\" %.*s \"", (int)token->length, token->at);
	}
	return true;
}

char *wpp_literal(const char *text)
{
	struct buffer contents = { 0 };
	struct lexer lexer;
	struct token token;
	bool ok = true, any = false;

	lexer_begin(&lexer, text, strlen(text));
	while (ok && lexer_next(&lexer, &token)) {
		bool literal = token.kind == TOKEN_TEXT;

		ok = literal ? add_literal(&contents, &token) : add_word(&contents, &token, &any);
		any |= literal;
	}
	if (ok && any)
		return buffer_take(&contents);
	buffer_free(&contents);
	return NULL;
}
