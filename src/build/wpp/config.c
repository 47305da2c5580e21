/* SPDX-License-Identifier: MIT */
#include "build/wpp/config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "build/lexer.h"
#include "build/wpp/arguments.h"

#define NO_LINES (~0U)

/* Statements being read. */
struct reading {
	struct wpp_config *config;
	const char *file;
	unsigned before; /* lines in the file before the text; NO_LINES: it is no file's */
	struct lexer lexer;
	struct token token; /* the one that the statement begins with, or is at */
};

static unsigned line_of(const struct reading *r)
{
	return r->before + r->token.line;
}

static void complain(struct reading *r, const char *form, ...)
	__attribute__((format(printf, 2, 3)));

static void complain(struct reading *r, const char *form, ...)
{
	va_list list;
	char *what;

	va_start(list, form);
	what = string_format_list(form, list);
	va_end(list);
	if (line_of(r))
		strings_format(&r->config->errors, "%s:%u: %s", r->file, line_of(r), what);
	else
		strings_format(&r->config->errors, "%s: %s", r->file, what);
	free(what);
}

/* ---- what there is ---- */

struct wpp_function *wpp_config_find(const struct wpp_config *config, const char *name)
{
	for (size_t i = 0; i < config->function_count; i++) {
		if (strcmp(config->functions[i].name, name) == 0)
			return &config->functions[i];
	}
	return NULL;
}

const struct wpp_type *wpp_config_type(const struct wpp_config *config, const char *name)
{
	for (size_t i = config->type_count; i-- > 0;) {
		if (strcmp(config->types[i].name, name) == 0)
			return &config->types[i];
	}
	return NULL;
}

void wpp_config_add_type(struct wpp_config *config, struct wpp_type type)
{
	struct wpp_type *old = (struct wpp_type *)wpp_config_type(config, type.name);

	if (old) {
		wpp_type_free(old);
		*old = type;
		return;
	}
	config->types = array_resize(config->types, config->type_count + 1, sizeof(type));
	config->types[config->type_count++] = type;
}

static void free_affix(struct wpp_affix *affix)
{
	free(affix->format);
	strings_free(&affix->values);
	*affix = (struct wpp_affix){ 0 };
}

static void free_function(struct wpp_function *f)
{
	free(f->name);
	free(f->place);
	strings_free(&f->fixed);
	strings_free(&f->fixed_values);
	strings_free(&f->parameters);
	free_affix(&f->prefix);
	free_affix(&f->suffix);
}

/* A later declaration counts; prefix and suffix of its name stay. */
static void add_function(struct wpp_config *config, struct wpp_function f)
{
	struct wpp_function *old = wpp_config_find(config, f.name);

	if (old) {
		f.prefix = old->prefix;
		f.suffix = old->suffix;
		old->prefix = old->suffix = (struct wpp_affix){ 0 };
		free_function(old);
		*old = f;
		return;
	}
	config->functions = array_resize(config->functions, config->function_count + 1, sizeof(f));
	config->functions[config->function_count++] = f;
}

void wpp_config_init(struct wpp_config *config)
{
	*config = (struct wpp_config){ 0 };
	wpp_add_default_types(config);
	wpp_config_function(config, "WPP", "DoTraceMessage(LEVEL, MSG, ...)");
}

void wpp_config_free(struct wpp_config *config)
{
	for (size_t i = 0; i < config->function_count; i++)
		free_function(&config->functions[i]);
	for (size_t i = 0; i < config->type_count; i++)
		wpp_type_free(&config->types[i]);
	free(config->functions);
	free(config->types);
	strings_free(&config->defines);
	strings_free(&config->errors);
	*config = (struct wpp_config){ 0 };
}

/* ---- statements ---- */

static bool next(struct reading *r)
{
	return lexer_next(&r->lexer, &r->token);
}

static bool is(const struct reading *r, const char *text)
{
	return token_is(&r->token, text);
}

static char *word(const struct reading *r)
{
	return string_copy_n(r->token.at, r->token.length);
}

/* To behind the statement's semicolon. */
static void skip(struct reading *r)
{
	while (!is(r, ";") && next(r)) {
	}
}

/* The parenthesis that the statement is at, and what is in it. */
static bool read_arguments(struct reading *r, const char *of, struct strings *list)
{
	unsigned line;

	if (!is(r, "(")) {
		complain(r, "%s: '(' is expected and not '%.*s'", of, (int)r->token.length,
			 r->token.at);
		return false;
	}
	if (wpp_arguments(&r->lexer, list, &line))
		return true;
	complain(r, "%s: its ')' is missing", of);
	return false;
}

/* {LEVEL=TRACE_LEVEL_ERROR, FLAGS=Error}, from behind the brace to behind the other one */
static bool read_fixed(struct reading *r, struct wpp_function *f)
{
	const char *from;
	bool whole = true;

	while (next(r) && !is(r, "}")) {
		if (is(r, ","))
			continue;
		if (r->token.kind != TOKEN_WORD)
			break;
		strings_add(&f->fixed, word(r));
		whole = next(r) && is(r, "=");
		if (!whole)
			break;
		from = r->lexer.at;
		while (next(r) && !is(r, ",") && !is(r, "}")) {
		}
		if (!is(r, ",") && !is(r, "}"))
			break;
		char *raw = string_copy_n(from, (size_t)(r->token.at - from));

		strings_add(&f->fixed_values, string_trim(raw));
		free(raw);
		if (is(r, "}"))
			break;
	}
	if (whole && is(r, "}"))
		return next(r);
	complain(r, "%s: {NAME=VALUE, ...} is expected behind its name", f->name);
	return false;
}

/* Names as they are declared; the last may be "...". */
static bool take_names(struct reading *r, struct wpp_function *f, const struct strings *names)
{
	for (size_t i = 0; i < names->count; i++) {
		const char *name = names->at[i];
		bool last = i + 1 == names->count;

		if (last && strcmp(name, "...") == 0) {
			f->more = true;
		} else if (isalpha((unsigned char)*name) || *name == '_') {
			strings_copy(&f->parameters, name);
		} else {
			complain(r, "%s: '%s' is no parameter's name%s", f->name, name,
				 strcmp(name, "...") == 0 ? "; it comes last" : "");
			return false;
		}
	}
	return true;
}

/* (LEVEL, FLAGS, MSG, ...), and with parentheses once more around all or the message */
static bool take_parameters(struct reading *r, struct wpp_function *f, struct strings *list)
{
	const char *last = list->count ? list->at[list->count - 1] : "";
	struct strings inner = { 0 };
	bool ok;

	if (*last != '(')
		return take_names(r, f, list);
	f->nesting = list->count == 1 ? WPP_ALL_NESTED : WPP_MESSAGE_NESTED;
	ok = wpp_split(&inner, last);
	if (ok && f->nesting == WPP_MESSAGE_NESTED &&
	    (inner.count == 0 || strcmp(inner.at[0], "MSG") != 0))
		ok = false;
	if (!ok)
		complain(r, "%s: '%s': (MSG, ...) is expected in the inner parentheses", f->name,
			 last);
	free(list->at[--list->count]);
	list->at[list->count] = NULL;
	ok = ok && take_names(r, f, list) && take_names(r, f, &inner);
	strings_free(&inner);
	return ok;
}

/* FUNC Name{...}(...), from the name on */
static bool read_function(struct reading *r)
{
	struct wpp_function f = { .name = word(r) };
	struct strings list = { 0 };
	bool ok;

	f.place = string_format("%s:%u", r->file, line_of(r));
	ok = next(r) && (!is(r, "{") || read_fixed(r, &f)) && read_arguments(r, f.name, &list) &&
	     take_parameters(r, &f, &list);
	strings_free(&list);
	if (ok)
		add_function(r->config, f);
	else
		free_function(&f);
	return ok;
}

/* A function that is named before it is declared. */
static struct wpp_function *named_function(struct reading *r, const char *name)
{
	struct wpp_function *f = wpp_config_find(r->config, name);

	if (!f) {
		add_function(r->config, (struct wpp_function){ .name = string_copy(name) });
		f = wpp_config_find(r->config, name);
	}
	return f;
}

/* USEPREFIX(Name, "format", values...) */
static void take_affix(struct reading *r, const char *statement, const struct strings *list)
{
	char *format = list->count > 1 ? wpp_literal(list->at[1]) : NULL;
	struct wpp_function *f;
	struct wpp_affix *affix;

	if (!format) {
		complain(r, "%s: (FUNCTION, \"format\", values ...) is expected", statement);
		return;
	}
	f = named_function(r, list->at[0]);
	affix = strstr(statement, "PREFIX") ? &f->prefix : &f->suffix;
	free_affix(affix);
	affix->format = format;
	for (size_t i = 2; i < list->count; i++)
		strings_copy(&affix->values, list->at[i]);
}

static void take_no_affix(struct reading *r, const char *statement, const struct strings *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct wpp_function *f = named_function(r, list->at[i]);

		free_affix(strstr(statement, "PREFIX") ? &f->prefix : &f->suffix);
	}
}

/* CUSTOM_TYPE(Name, Item...) */
static void take_custom(struct reading *r, const char *statement, const struct strings *list)
{
	struct wpp_type type;
	char *error = NULL;

	if (list->count != 2)
		complain(r, "%s: (NAME, ITEM) is expected", statement);
	else if (!wpp_item_type(&type, list->at[1], &error))
		complain(r, "%s(%s): %s", statement, list->at[0], error);
	else {
		type.name = string_copy(list->at[0]);
		wpp_config_add_type(r->config, type);
	}
	free(error);
}

/* DEFINE_CPLX_TYPE(Name, MACRO, C type, Item, "s", _SIG_, 0, slots) */
static void take_complex(struct reading *r, const char *statement, const struct strings *list)
{
	struct wpp_type type;
	char *error = NULL;

	if (list->count < 6) {
		complain(
			r,
			"%s: (NAME, MACRO, C TYPE, ITEM, \"s\", _SIGNATURE_, 0, SLOTS) is expected",
			statement);
	} else if (!wpp_item_type(&type, list->at[3], &error)) {
		complain(r, "%s(%s): %s", statement, list->at[0], error);
	} else {
		free(type.c_type);
		type.name = string_copy(list->at[0]);
		type.way = WPP_MACRO;
		type.macro = string_copy(list->at[1]);
		type.c_type = string_copy(list->at[2]);
		type.slots = list->count > 7 ? (unsigned)strtoul(list->at[7], NULL, 0) : 1;
		wpp_config_add_type(r->config, type);
	}
	free(error);
}

/* WPP_FLAGS(-DNAME(x)=body), and without the sign; other options are about symbol files */
static void take_flags(struct reading *r, const char *statement, const struct strings *list)
{
	const char *text = list->count ? list->at[0] : "";
	const char *name = text + 2, *end;

	if (*text != '-') {
		complain(r, "%s: -DNAME or -DNAME(x)=text is expected and not '%s'", statement,
			 text);
		return;
	}
	if (text[1] != 'D')
		return;
	end = name + strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789_");
	if (*end == '(')
		end += strcspn(end, ")") + (strchr(end, ')') != NULL);
	strings_format(&r->config->defines, "%.*s %s", (int)(end - name), name,
		       end + (*end == '='));
}

static const struct {
	const char *word;
	void (*take)(struct reading *r, const char *statement, const struct strings *list);
} statements[] = {
	{ "USEPREFIX", take_affix },    { "USESUFFIX", take_affix },
	{ "NOPREFIX", take_no_affix },  { "NOSUFFIX", take_no_affix },
	{ "CUSTOM_TYPE", take_custom }, { "DEFINE_CPLX_TYPE", take_complex },
	{ "WPP_FLAGS", take_flags },
};

/* Return: false: it is none of these. */
static bool read_other(struct reading *r)
{
	for (size_t i = 0; i < ARRAY_COUNT(statements); i++) {
		struct strings list = { 0 };

		if (!is(r, statements[i].word))
			continue;
		if (next(r) && read_arguments(r, statements[i].word, &list))
			statements[i].take(r, statements[i].word, &list);
		strings_free(&list);
		return true;
	}
	return false;
}

/* A function may be declared without the word. */
static void read_statement(struct reading *r)
{
	if (is(r, ";") || read_other(r))
		return;
	if (is(r, "FUNC") && !next(r)) {
		complain(r, "FUNC: a function's name is expected");
		return;
	}
	if (r->token.kind == TOKEN_WORD && *r->lexer.at && strchr(" \t({", *r->lexer.at))
		read_function(r);
	else
		complain(r,
			 "'%.*s': FUNC, USEPREFIX, USESUFFIX, CUSTOM_TYPE or "
			 "DEFINE_CPLX_TYPE is expected",
			 (int)r->token.length, r->token.at);
}

void wpp_config_read(struct wpp_config *config, const char *file, unsigned line, const char *text)
{
	struct reading r = { .config = config, .file = file, .before = line - 1 };

	lexer_begin(&r.lexer, text, strlen(text));
	while (next(&r)) {
		size_t errors = config->errors.count;

		read_statement(&r);
		if (config->errors.count > errors)
			skip(&r);
		else if (next(&r) && !is(&r, ";"))
			complain(&r, "';' is expected and not '%.*s'", (int)r.token.length,
				 r.token.at);
	}
}

void wpp_config_function(struct wpp_config *config, const char *place, const char *declaration)
{
	struct reading r = { .config = config, .file = place, .before = NO_LINES };

	lexer_begin(&r.lexer, declaration, strlen(declaration));
	if (next(&r) && r.token.kind == TOKEN_WORD)
		read_function(&r);
	else
		complain(&r, "'%s': NAME(LEVEL, FLAGS, MSG, ...) is expected", declaration);
}
