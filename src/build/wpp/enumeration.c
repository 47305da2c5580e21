/* SPDX-License-Identifier: MIT */
/* The names of an enumeration, for ItemEnum: looked for in the text of the sources. */
#include <stdlib.h>
#include <string.h>

#include "build/lexer.h"
#include "build/wpp/write.h"

/* From behind "enum" to the brace. Return: whether there is one; @tag is what stands before. */
static bool find_brace(struct lexer *l, struct token *tag)
{
	struct token token;

	*tag = (struct token){ 0 };
	while (lexer_next(l, &token)) {
		if (token_is(&token, "{"))
			return true;
		if (token_is(&token, ";") || token_is(&token, "(") || token_is(&token, ")"))
			return false;
		if (token.kind == TOKEN_WORD && !tag->at)
			*tag = token;
	}
	return false;
}

/* The names up to the closing brace; a directive among them is left out with its line. */
static void read_names(struct lexer *l, struct strings *names)
{
	struct token token;
	bool wanted = true, directive = false;
	unsigned depth = 0;

	while (lexer_next(l, &token)) {
		if (token.starts_line)
			directive = token_is(&token, "#");
		if (directive)
			continue;
		if (token_is(&token, "}") && depth == 0)
			return;
		if (token_is(&token, "(") || token_is(&token, "{"))
			depth++;
		else if ((token_is(&token, ")") || token_is(&token, "}")) && depth)
			depth--;
		if (wanted && token.kind == TOKEN_WORD)
			strings_add(names, string_copy_n(token.at, token.length));
		wanted = depth == 0 && token_is(&token, ",");
	}
}

/* "} NAME, *PNAME;": what a typedef calls it. */
static bool is_called(struct lexer *l, const char *name)
{
	struct token token;

	while (lexer_next(l, &token) && !token_is(&token, ";")) {
		if (token_is(&token, name))
			return true;
	}
	return false;
}

bool wpp_enumeration_read(struct wpp_enumeration *e, const char *text)
{
	struct lexer l;
	struct token token, tag;

	lexer_begin(&l, text, strlen(text));
	while (lexer_next(&l, &token)) {
		struct strings names = { 0 };
		struct lexer behind;

		if (!token_is(&token, "enum") || !find_brace(&l, &tag))
			continue;
		read_names(&l, &names);
		behind = l;
		if ((tag.at && token_is(&tag, e->name)) || is_called(&behind, e->name)) {
			strings_free(&e->names);
			e->names = names;
			return true;
		}
		strings_free(&names);
	}
	return false;
}

void wpp_enumerations_free(struct wpp_enumerations *enumerations)
{
	for (size_t i = 0; i < enumerations->count; i++) {
		free(enumerations->at[i].name);
		strings_free(&enumerations->at[i].names);
	}
	free(enumerations->at);
	*enumerations = (struct wpp_enumerations){ 0 };
}
