/* SPDX-License-Identifier: MIT */
#include "build/long.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "build/attribute.h"
#include "build/lexer.h"
#include "build/long_twins.h"
#include "build/path.h"
#include "build/tree.h"

/* ---- words ---- */

/* Words of one type beside each other: "static unsigned long int". */
struct run {
	char *first; /* its only long; NULL: none yet */
	unsigned longs;
	bool has_int, is_double, stays;
};

static void overwrite(char *at, const char *with, size_t length)
{
	size_t given = strlen(with);

	memset(at, ' ', length);
	memcpy(at, with, given < length ? given : length);
}

/* The run has come to its end. Return: whether anything was replaced. */
static bool finish(struct run *run)
{
	bool one = run->longs == 1 && !run->is_double && !run->stays;

	if (one)
		overwrite(run->first, run->has_int ? "" : "int", strlen("long"));
	*run = (struct run){ 0 };
	return one;
}

static bool is_one_of(const struct token *token, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (token_is(token, words[i]))
			return true;
	}
	return false;
}

/* Return: false: the word is none that a type is made of. */
static bool add_word(struct run *run, const struct token *token, const struct long_twins *twins)
{
	static const char *const others[] = {
		"unsigned", "signed",   "const",   "volatile",  "static",   "extern",
		"inline",   "register", "typedef", "constexpr", "__inline", "__forceinline"
	};

	if (token_is(token, "long")) {
		run->first = (char *)token->at;
		run->longs++;
		run->stays |= long_twins_has(twins, token->at);
	} else if (token_is(token, "int")) {
		run->has_int = true;
	} else if (token_is(token, "double")) {
		run->is_double = true;
	} else {
		return is_one_of(token, others, ARRAY_COUNT(others));
	}
	return true;
}

/* ---- numbers ---- */

static bool is_hexadecimal(const struct token *number)
{
	return number->length > 2 && number->at[0] == '0' &&
	       (number->at[1] == 'x' || number->at[1] == 'X');
}

static bool is_floating(const struct token *number)
{
	const char *signs = is_hexadecimal(number) ? ".pP" : ".eEpP";

	for (size_t i = 0; i < number->length; i++) {
		if (strchr(signs, number->at[i]))
			return true;
	}
	return false;
}

/* "1UL" becomes "1U ", "1L" becomes "1 ". Return: whether it was so. */
static bool replace_suffix(const struct token *number)
{
	size_t length = number->length, unsigneds = 0, longs = 0;
	char *at = (char *)number->at;

	while (length > 1 && strchr("uUlL", at[length - 1])) {
		length--;
		if (at[length] == 'l' || at[length] == 'L')
			longs++;
		else
			unsigneds++;
	}
	/* Else it is a literal of the user's own, 5_L. */
	if (longs != 1 || unsigneds > 1 || is_floating(number) ||
	    !isxdigit((unsigned char)at[length - 1]))
		return false;
	overwrite(at + length, unsigneds ? "U" : "", number->length - length);
	return true;
}

/* ---- lines ---- */

enum line {
	LINE_CODE,
	LINE_MACRO, /* #define */
	LINE_OTHER, /* any other directive: nothing in it is of a type */
};

/* A text being gone through. */
struct text {
	struct run run;
	struct token last; /* the token before */
	enum line line;
	bool changed;
	struct long_twins twins;
};

static void end_run(struct text *t)
{
	t->changed |= finish(&t->run);
}

/* A directive ends with its line, and so does a type in it. */
static void begin_line(struct text *t, const struct token *token)
{
	bool directive = token_is(token, "#");

	if (directive || t->line != LINE_CODE)
		end_run(t);
	t->line = directive ? LINE_OTHER : LINE_CODE;
}

/* The name behind #define is the macro's own, whatever it is. */
static bool is_name_of_macro(struct text *t, const struct token *token)
{
	if (t->line == LINE_OTHER && token_is(&t->last, "#") && token_is(token, "define")) {
		t->line = LINE_MACRO;
		return true;
	}
	return t->line == LINE_MACRO && token_is(&t->last, "define");
}

static void take(struct text *t, const struct token *token)
{
	bool pasted = t->last.at && token_is(&t->last, "##");

	if (token->starts_line)
		begin_line(t, token);
	if ((t->last.at && is_name_of_macro(t, token)) || t->line == LINE_OTHER)
		return;
	if (token->kind == TOKEN_WORD && add_word(&t->run, token, &t->twins)) {
		t->run.stays |= pasted;
		return;
	}
	/* Blanks in front of a # that began no line would make a directive of it. */
	t->run.stays |= token_is(token, "##") || token_is(token, "#");
	end_run(t);
	if (token->kind == TOKEN_NUMBER && !pasted)
		t->changed |= replace_suffix(token);
}

bool long_replace(char *text, size_t length)
{
	struct text t = { 0 };
	struct lexer lexer;
	struct token token;

	long_twins_find(&t.twins, text, length);
	lexer_begin(&lexer, text, length);
	while (lexer_next(&lexer, &token)) {
		take(&t, &token);
		t.last = token;
	}
	end_run(&t);
	long_twins_free(&t.twins);
	return t.changed;
}

/* ---- files ---- */

/* The files being gone through. */
struct writing {
	struct replacements *replacements;
	const char *into;
	int result;
};

static bool is_source(const char *path)
{
	static const char *const extensions[] = { ".h",   ".hpp", ".hxx", ".hh",  ".inl", ".inc",
						  ".ipp", ".c",   ".cpp", ".cxx", ".cc",  ".c++" };

	for (size_t i = 0; i < ARRAY_COUNT(extensions); i++) {
		if (string_same(path_extension(path), extensions[i]))
			return true;
	}
	return false;
}

static int write_file(const char *path, const char *text, size_t length)
{
	FILE *file = fopen(path, "we");
	bool written = file && fwrite(text, 1, length, file) == length;

	if (file && fclose(file) == 0 && written)
		return 0;
	return errno ? -errno : -EIO;
}

/* A file is read whole; what is too long or no text stays as it is. */
static void look_at(struct writing *w, const char *path)
{
	const char *why;
	char *text = w->result == 0 && is_source(path) ? path_read_text("", path, &why) : NULL;
	char *copy;

	bool longs = text && long_replace(text, strlen(text));
	bool attributes = text && attribute_replace(text, strlen(text));

	w->replacements->longs += longs;
	if (longs || attributes) {
		copy = string_format("%s/%zu%s", w->into, w->replacements->from.count,
				     path_extension(path));
		w->result = path_make_folders(w->into);
		if (w->result == 0)
			w->result = write_file(copy, text, strlen(text));
		strings_copy(&w->replacements->from, path);
		strings_add(&w->replacements->to, copy);
	}
	free(text);
}

static void look_into(void *context, const char *folder, const struct strings *files)
{
	(void)folder;
	for (size_t i = 0; i < files->count; i++)
		look_at(context, files->at[i]);
}

int long_write(struct replacements *replacements, const struct strings *folders, const char *into)
{
	struct writing w = { .replacements = replacements, .into = into };

	tree_walk(folders, look_into, &w);
	return w.result;
}

const char *replacements_find(const struct replacements *replacements, const char *path)
{
	for (size_t i = 0; i < replacements->from.count; i++) {
		if (strcmp(replacements->from.at[i], path) == 0)
			return replacements->to.at[i];
	}
	return NULL;
}

void replacements_free(struct replacements *replacements)
{
	strings_free(&replacements->from);
	strings_free(&replacements->to);
}
