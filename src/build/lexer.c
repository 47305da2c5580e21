/* SPDX-License-Identifier: MIT */
/* C17 and C++20, phases of translation 1 to 3, without trigraphs. */
#include "build/lexer.h"

#include <ctype.h>
#include <string.h>

void lexer_begin(struct lexer *lexer, const char *text, size_t length)
{
	*lexer = (struct lexer){ .at = text, .end = text + length, .line = 1, .line_begins = true };
}

bool token_is(const struct token *token, const char *text)
{
	return token->length == strlen(text) && memcmp(token->at, text, token->length) == 0;
}

static bool starts(const struct lexer *l, const char *with)
{
	size_t length = strlen(with);

	return (size_t)(l->end - l->at) >= length && memcmp(l->at, with, length) == 0;
}

static void step(struct lexer *l)
{
	if (*l->at++ == '\n')
		l->line++;
}

/* A backslash in front of a line's end, which joins it to the next. Return: its bytes, or 0. */
static size_t splice(const char *at, const char *end)
{
	if (end - at >= 2 && at[0] == '\\' && at[1] == '\n')
		return 2;
	return end - at >= 3 && at[0] == '\\' && at[1] == '\r' && at[2] == '\n' ? 3 : 0;
}

static void skip_line_comment(struct lexer *l)
{
	while (l->at < l->end && *l->at != '\n') {
		if (splice(l->at, l->end))
			while (*l->at != '\n')
				l->at++;
		step(l);
	}
}

static void skip_comment(struct lexer *l)
{
	l->at += 2;
	while (l->at < l->end && !starts(l, "*/"))
		step(l);
	l->at += l->at < l->end ? 2 : 0;
}

static void skip_blanks(struct lexer *l)
{
	while (l->at < l->end) {
		size_t joined = splice(l->at, l->end);

		if (joined) {
			l->at += joined;
			l->line++;
		} else if (starts(l, "//")) {
			skip_line_comment(l);
		} else if (starts(l, "/*")) {
			skip_comment(l);
		} else if (isspace((unsigned char)*l->at)) {
			l->line_begins |= *l->at == '\n';
			step(l);
		} else {
			return;
		}
	}
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

/* From the quote to behind the other one, or to the line's end when there is none. */
static void take_quoted(struct lexer *l, char quote)
{
	l->at++;
	while (l->at < l->end && *l->at != quote && *l->at != '\n') {
		if (*l->at == '\\' && l->end - l->at > 1)
			step(l);
		step(l);
	}
	if (l->at < l->end && *l->at == quote)
		l->at++;
}

/* R"mark( ... )mark" from the quote on. */
static void take_raw(struct lexer *l)
{
	const char *mark = ++l->at;
	size_t length = 0;

	while (l->at < l->end && *l->at != '(' && *l->at != '\n' && length < 16) {
		l->at++;
		length++;
	}
	while (l->at < l->end) {
		if (*l->at == ')' && (size_t)(l->end - l->at) > length + 1 &&
		    memcmp(l->at + 1, mark, length) == 0 && l->at[1 + length] == '"') {
			l->at += length + 2;
			return;
		}
		step(l);
	}
}

static void take_number(struct lexer *l)
{
	while (l->at < l->end) {
		bool exponent = strchr("eEpP", *l->at) && *l->at;

		if (exponent && l->end - l->at > 1 && (l->at[1] == '+' || l->at[1] == '-'))
			l->at += 2;
		else if (is_word(*l->at) || *l->at == '.')
			l->at++;
		else if (*l->at == '\'' && l->end - l->at > 1 && is_word(l->at[1]))
			l->at += 2;
		else
			return;
	}
}

/* A word, unless it is what a text begins with. */
static enum token_kind take_word(struct lexer *l)
{
	static const char *const prefixes[] = { "L", "u", "U", "u8", "R", "LR", "uR", "UR", "u8R" };
	const char *from = l->at;
	size_t length;

	while (l->at < l->end && is_word(*l->at))
		l->at++;
	length = (size_t)(l->at - from);
	if (l->at == l->end || (*l->at != '"' && *l->at != '\''))
		return TOKEN_WORD;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (strlen(prefixes[i]) != length || memcmp(prefixes[i], from, length) != 0)
			continue;
		if (*l->at == '"' && from[length - 1] == 'R')
			take_raw(l);
		else
			take_quoted(l, *l->at);
		return TOKEN_TEXT;
	}
	return TOKEN_WORD;
}

bool lexer_next(struct lexer *l, struct token *token)
{
	skip_blanks(l);
	if (l->at >= l->end)
		return false;
	*token = (struct token){ .at = l->at, .line = l->line, .starts_line = l->line_begins };
	l->line_begins = false;
	if (isdigit((unsigned char)*l->at) ||
	    (*l->at == '.' && l->end - l->at > 1 && isdigit((unsigned char)l->at[1]))) {
		token->kind = TOKEN_NUMBER;
		take_number(l);
	} else if (is_word(*l->at)) {
		token->kind = take_word(l);
	} else if (*l->at == '"' || *l->at == '\'') {
		token->kind = TOKEN_TEXT;
		take_quoted(l, *l->at);
	} else {
		token->kind = TOKEN_SIGN;
		l->at += starts(l, "##") ? 2 : 1;
	}
	token->length = (size_t)(l->at - token->at);
	return true;
}
