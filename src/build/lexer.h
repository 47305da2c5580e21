/* SPDX-License-Identifier: MIT */
/*
 * C and C++ source taken apart as far as one must to find its words: comments, texts and numbers
 * are what they are, nothing is expanded and no condition is evaluated.
 */
#ifndef BUILD_LEXER_H
#define BUILD_LEXER_H

#include <stdbool.h>
#include <stddef.h>

enum token_kind {
	TOKEN_WORD,   /* an identifier or a keyword */
	TOKEN_NUMBER, /* a preprocessing number: 0x1fUL, 1.5e-3, 1'000 */
	TOKEN_TEXT,   /* "...", '...', R"(...)", with its prefix */
	TOKEN_SIGN,   /* one character of anything else; "##" is one token */
};

struct token {
	enum token_kind kind;
	const char *at; /* inside the source */
	size_t length;
	unsigned line;    /* the first is 1 */
	bool starts_line; /* nothing but blanks and comments since the line before */
};

/* A source being read, whose text is not owned. Any bytes will do; nothing is read past @end. */
struct lexer {
	const char *at, *end;
	unsigned line;
	bool line_begins;
};

/* lexer_begin() - @length bytes of @text */
void lexer_begin(struct lexer *lexer, const char *text, size_t length);

/* lexer_next() - Return: false at the end. */
bool lexer_next(struct lexer *lexer, struct token *token);

/* token_is() - it is that word or sign. */
bool token_is(const struct token *token, const char *text);

#endif
