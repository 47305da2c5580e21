/* SPDX-License-Identifier: MIT */
/* What stands between parentheses, as the preprocessor takes it apart. */
#ifndef BUILD_WPP_ARGUMENTS_H
#define BUILD_WPP_ARGUMENTS_H

#include "build/lexer.h"
#include "build/strings.h"

/*
 * wpp_arguments() - from behind a parenthesis to the one that closes it; commas in inner
 * parentheses do not separate
 * @list: the texts, trimmed; "()" gives none
 * @line: out, the line where it ends
 * Return: false: the text ends before.
 */
bool wpp_arguments(struct lexer *lexer, struct strings *list, unsigned *line);

/* wpp_split() - the arguments of a text in parentheses. Return: false: it is none. */
bool wpp_split(struct strings *list, const char *text);

/*
 * wpp_literal() - the contents of one string literal or of several beside each other, as in the
 * source; a wide one's, too. A macro among them ends the text in between: 'at " __TIME__ "'
 * Return: the caller's, or NULL: it is none.
 */
char *wpp_literal(const char *text);

#endif
