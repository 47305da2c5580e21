/* SPDX-License-Identifier: MIT */
/*
 * Each declaration has two fingerprints: of its words as they are, and with int for long. One whose
 * second is another's first, in the same scope, has that other as its twin. What a function
 * returns, its parameters' names and what comes behind a constructor's colon are left out of both.
 */
#include "build/long_twins.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/array.h"
#include "build/lexer.h"
#include "build/strings.h"

#define DEEPEST 200 /* blocks inside each other, and conditions; what is deeper has no twins */

/* One declaration as far as its ';' or '{'. */
struct declaration {
	uint64_t as_is, with_int;
	unsigned scope, condition;
	size_t first, end; /* its longs, inside @longs */
};

/* The words of one type beside each other: "unsigned long int". */
struct words {
	const char *first; /* its long */
	unsigned longs, shorts, ints, chars;
	bool is_unsigned, is_signed, any;
};

struct reader {
	struct declaration *declarations;
	size_t declaration_count;
	const char **longs;
	size_t long_count;

	struct declaration now;
	struct words words;
	struct token last; /* what has not been put into the fingerprints yet; at NULL: nothing */
	unsigned parentheses;
	bool any;     /* @now has words */
	bool names;   /* it has a word of those that open a scope */
	bool called;  /* the parameters have begun */
	bool stopped; /* the rest of it does not tell it from others */

	/* Inside functions nothing is declared that could have a twin. */
	bool is_code[DEEPEST];
	unsigned scopes[DEEPEST], depth;
	unsigned conditions[DEEPEST], condition_depth;
	unsigned newest; /* scopes and conditions are numbered */
	bool directive;
};

/* ---- fingerprints ---- */

static void mix(uint64_t *hash, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		*hash = (*hash ^ (unsigned char)text[i]) * 0x100000001b3U;
	*hash = (*hash ^ ' ') * 0x100000001b3U;
}

static void mix_type(uint64_t *hash, const struct words *w, unsigned longs)
{
	const char type[] = { 't',
			      w->is_unsigned ? 'u' : 's',
			      (char)('0' + longs),
			      (char)('0' + w->shorts),
			      (char)('0' + w->chars),
			      w->chars && w->is_signed ? 's' : '-' };

	mix(hash, type, sizeof(type));
}

static void put_words(struct reader *r)
{
	struct words *w = &r->words;

	if (!w->any)
		return;
	mix_type(&r->now.as_is, w, w->longs);
	mix_type(&r->now.with_int, w, w->longs == 1 ? 0 : w->longs);
	if (w->longs == 1) {
		r->longs = array_resize(r->longs, r->long_count + 1, sizeof(*r->longs));
		r->longs[r->long_count++] = w->first;
		r->now.end = r->long_count;
	}
	*w = (struct words){ 0 };
}

static bool add_word(struct words *w, const struct token *token)
{
	if (token_is(token, "long")) {
		w->first = token->at;
		w->longs++;
	} else if (token_is(token, "short")) {
		w->shorts++;
	} else if (token_is(token, "int")) {
		w->ints++;
	} else if (token_is(token, "char")) {
		w->chars++;
	} else if (token_is(token, "unsigned")) {
		w->is_unsigned = true;
	} else if (token_is(token, "signed")) {
		w->is_signed = true;
	} else {
		return false;
	}
	w->any = true;
	return true;
}

static void put_last(struct reader *r)
{
	if (r->last.at) {
		mix(&r->now.as_is, r->last.at, r->last.length);
		mix(&r->now.with_int, r->last.at, r->last.length);
	}
	r->last.at = NULL;
}

/* A word behind a type and before ',' or ')' is a parameter's name. */
static void put(struct reader *r, const struct token *token, bool behind_type)
{
	bool ends = token_is(token, ",") || token_is(token, ")");

	if (r->last.at && ends && r->parentheses > 0 && behind_type)
		r->last.at = NULL;
	put_last(r);
	r->last = *token;
}

/* ---- declarations ---- */

static void begin(struct reader *r)
{
	r->now = (struct declaration){ .first = r->long_count, .end = r->long_count };
	r->words = (struct words){ 0 };
	r->last.at = NULL;
	r->parentheses = 0;
	r->any = r->names = r->called = r->stopped = false;
}

static void end(struct reader *r)
{
	put_words(r);
	put_last(r);
	if (r->any && r->depth < DEEPEST && !r->is_code[r->depth]) {
		r->now.scope = r->scopes[r->depth];
		r->now.condition =
			r->condition_depth < DEEPEST ? r->conditions[r->condition_depth] : 0;
		r->declarations = array_resize(r->declarations, r->declaration_count + 1,
					       sizeof(*r->declarations));
		r->declarations[r->declaration_count++] = r->now;
	}
	begin(r);
}

static void open_block(struct reader *r, const struct token *before)
{
	bool code = !r->names || token_is(before, ")") || token_is(before, "const") ||
		    token_is(before, "noexcept") || token_is(before, "override");

	end(r);
	code |= r->depth < DEEPEST && r->is_code[r->depth];
	r->depth++;
	if (r->depth < DEEPEST) {
		r->is_code[r->depth] = code;
		r->scopes[r->depth] = ++r->newest;
	}
}

static void close_block(struct reader *r)
{
	end(r);
	r->depth -= r->depth > 0;
}

/* #if opens a condition, #else another in its place, #endif closes it. */
static void take_directive(struct reader *r, const struct token *token)
{
	bool opens = token_is(token, "if") || token_is(token, "ifdef") || token_is(token, "ifndef");
	bool changes = token_is(token, "else") || token_is(token, "elif");

	if (token_is(token, "endif"))
		r->condition_depth -= r->condition_depth > 0;
	r->condition_depth += opens;
	if ((opens || changes) && r->condition_depth < DEEPEST)
		r->conditions[r->condition_depth] = ++r->newest;
}

static bool is_access(const struct token *token)
{
	return token_is(token, "public") || token_is(token, "private") ||
	       token_is(token, "protected");
}

static bool opens_scope(const struct token *token)
{
	return token_is(token, "namespace") || token_is(token, "struct") ||
	       token_is(token, "class") || token_is(token, "union") || token_is(token, "extern");
}

/* Of a declaration, neither a block nor its end. @before: the token in front of it */
static void take_part(struct reader *r, const struct token *token, const struct token *before,
		      bool behind_type)
{
	if (token_is(token, ":") && is_access(before)) {
		begin(r);
		return;
	}
	r->any = true;
	r->names |= opens_scope(token);
	r->stopped |= token_is(token, ":") && token_is(before, ")");
	if (r->stopped)
		return;
	if (token->kind == TOKEN_WORD && add_word(&r->words, token)) {
		put_last(r);
		return;
	}
	put_words(r);
	if (token_is(token, "(") && !r->called) {
		r->now.as_is = r->now.with_int = 0;
		r->called = true;
	}
	put(r, token, behind_type);
	r->parentheses += token_is(token, "(");
	r->parentheses -= token_is(token, ")") && r->parentheses > 0;
}

/* What a parameter's name may come behind, seen from its own place. */
static bool is_type_end(const struct token *token)
{
	static const char *const others[] = { "const", "volatile", "struct",   "class",
					      "enum",  "union",    "typename", "operator" };

	for (size_t i = 0; i < ARRAY_COUNT(others); i++) {
		if (token_is(token, others[i]))
			return false;
	}
	return token->kind == TOKEN_WORD || token_is(token, "*") || token_is(token, "&") ||
	       token_is(token, ">");
}

static void read_all(struct reader *r, const char *text, size_t length)
{
	struct token token, before = { .at = "", .length = 0 }, further = before;
	struct lexer lexer;

	lexer_begin(&lexer, text, length);
	for (; lexer_next(&lexer, &token); further = before, before = token) {
		if (token.starts_line)
			r->directive = token_is(&token, "#");
		if (r->directive) {
			if (token_is(&before, "#"))
				take_directive(r, &token);
		} else if (token_is(&token, "{")) {
			open_block(r, &before);
		} else if (token_is(&token, "}")) {
			close_block(r);
		} else if (token_is(&token, ";")) {
			end(r);
		} else {
			take_part(r, &token, &before,
				  before.kind == TOKEN_WORD && is_type_end(&further));
		}
	}
	end(r);
}

/* ---- twins ---- */

static bool has_twin(const struct reader *r, const struct declaration *d)
{
	for (size_t i = 0; i < r->declaration_count && d->as_is != d->with_int; i++) {
		const struct declaration *other = &r->declarations[i];

		if (other->as_is == d->with_int && other->scope == d->scope &&
		    other->condition == d->condition)
			return true;
	}
	return false;
}

void long_twins_find(struct long_twins *twins, const char *text, size_t length)
{
	struct reader *r = array_new(1, sizeof(*r));

	*twins = (struct long_twins){ 0 };
	begin(r);
	read_all(r, text, length);
	for (size_t i = 0; i < r->declaration_count; i++) {
		const struct declaration *d = &r->declarations[i];

		if (d->first == d->end || !has_twin(r, d))
			continue;
		twins->at = array_resize(twins->at, twins->count + d->end - d->first,
					 sizeof(*twins->at));
		for (size_t j = d->first; j < d->end; j++)
			twins->at[twins->count++] = r->longs[j];
	}
	free(r->declarations);
	free(r->longs);
	free(r);
}

static int compare(const void *key, const void *member)
{
	uintptr_t a = (uintptr_t)key, b = (uintptr_t) * (const char *const *)member;

	return a < b ? -1 : a > b;
}

bool long_twins_has(const struct long_twins *twins, const char *at)
{
	return twins->count && bsearch(at, twins->at, twins->count, sizeof(*twins->at), compare);
}

void long_twins_free(struct long_twins *twins)
{
	free(twins->at);
	*twins = (struct long_twins){ 0 };
}
