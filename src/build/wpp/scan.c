/* SPDX-License-Identifier: MIT */
#include "build/wpp/scan.h"

#include <stdlib.h>
#include <string.h>

#include "build/lexer.h"
#include "build/path.h"
#include "build/wpp/arguments.h"
#include "build/wpp/place.h"

/* A source being gone through. */
struct scan {
	struct wpp_calls *calls;
	struct wpp_config *config;
	const char *file;
	struct strings *notes;
	struct lexer lexer;
	struct token token;
	unsigned depth;        /* of parentheses behind the name of a function or macro */
	size_t outermost;      /* calls before those inside the outermost one */
	bool directive, joins; /* in a line with a '#', whose value goes on */
};

static void complain(struct scan *s, unsigned line, const char *name, const char *form, ...)
	__attribute__((format(printf, 4, 5)));

static void complain(struct scan *s, unsigned line, const char *name, const char *form, ...)
{
	va_list list;
	char *what;

	va_start(list, form);
	what = string_format_list(form, list);
	va_end(list);
	strings_format(&s->config->errors, "%s:%u: %s: %s", s->file, line, name, what);
	free(what);
}

/* ---- arguments ---- */

/* The arguments in one list, those in inner parentheses behind the others. */
static bool flatten(const struct wpp_function *f, struct strings *list)
{
	struct strings inner = { 0 };
	bool ok;

	if (f->nesting == WPP_FLAT)
		return true;
	if (list->count == 0 || (f->nesting == WPP_ALL_NESTED && list->count != 1))
		return false;
	ok = wpp_split(&inner, list->at[list->count - 1]);
	if (ok) {
		free(list->at[--list->count]);
		list->at[list->count] = NULL;
		strings_append(list, &inner);
	}
	strings_free(&inner);
	return ok;
}

/* "TraceEvents(LEVEL, FLAGS, MSG, ...)", the caller's */
static char *declared(const struct wpp_function *f)
{
	struct buffer text = { 0 };

	buffer_add_format(&text, "%s(%s", f->name, f->nesting == WPP_ALL_NESTED ? "(" : "");
	for (size_t i = 0; i < f->parameters.count; i++) {
		bool inner =
			f->nesting == WPP_MESSAGE_NESTED && strcmp(f->parameters.at[i], "MSG") == 0;

		buffer_add_format(&text, "%s%s%s", i ? ", " : "", inner ? "(" : "",
				  f->parameters.at[i]);
	}
	if (f->more)
		buffer_add(&text, f->parameters.count ? ", ..." : "...");
	buffer_add(&text, f->nesting == WPP_FLAT ? ")" : "))");
	return buffer_take(&text);
}

/* Those of the function's own names, and how many are left. */
static bool take_arguments(struct scan *s, struct wpp_call *call, struct strings *list)
{
	const struct wpp_function *f = call->function;
	size_t wanted = f->parameters.count;
	char *form;

	if (flatten(f, list) && list->count >= wanted && (f->more || list->count == wanted)) {
		for (size_t i = 0; i < list->count; i++)
			strings_copy(&call->parameters, list->at[i]);
		call->values = (unsigned)(list->count - wanted);
		return true;
	}
	form = declared(f);
	complain(s, call->line, f->name, "it has %zu arguments; declared is %s (%s)", list->count,
		 form, f->place);
	free(form);
	return false;
}

/* ---- messages ---- */

static bool add_format(struct scan *s, struct wpp_call *call, const char *format)
{
	struct wpp_place place = wpp_place_of(call, path_name(s->file));
	char *error = NULL;

	if (wpp_format(&call->message, s->config, &place, format, &error))
		return true;
	complain(s, call->line, call->function->name, "%s", error);
	free(error);
	return false;
}

static bool add_affix(struct scan *s, struct wpp_call *call, const struct wpp_affix *affix,
		      const char *what)
{
	unsigned before = call->message.values, wanted;

	if (!affix->format)
		return true;
	if (!add_format(s, call, affix->format))
		return false;
	wanted = call->message.values - before;
	if (wanted == affix->values.count)
		return true;
	complain(s, call->line, call->function->name, "its %s \"%s\" wants %u values and has %zu",
		 what, affix->format, wanted, affix->values.count);
	return false;
}

/* The message's text, or NULL: it has none. */
static const char *message_of(const struct wpp_call *call)
{
	const struct wpp_function *f = call->function;

	for (size_t i = 0; i < f->parameters.count; i++) {
		if (strcmp(f->parameters.at[i], "MSG") == 0)
			return call->parameters.at[i];
	}
	/* "(FLAGS, ...)": what follows may begin with a message. */
	return call->values ? call->parameters.at[f->parameters.count] : NULL;
}

static bool has_msg(const struct wpp_function *f)
{
	return strings_has(&f->parameters, "MSG");
}

/* "IN PCCHAR DebugMessage": the function is declared here, for a build without WPP. */
static bool is_declaration(const char *text)
{
	struct lexer lexer;
	struct token token;
	unsigned words = 0;

	lexer_begin(&lexer, text, strlen(text));
	while (lexer_next(&lexer, &token)) {
		if (token.kind != TOKEN_WORD && !token_is(&token, "*"))
			return false;
		words += token.kind == TOKEN_WORD;
	}
	return words > 1;
}

static bool add_message(struct scan *s, struct wpp_call *call)
{
	const char *text = message_of(call);
	char *format = text ? wpp_literal(text) : NULL;
	unsigned before = call->message.values, wanted, given;
	bool ok;

	if (!text)
		return true;
	if (!format && is_declaration(text))
		return false;
	if (!format) {
		complain(s, call->line, call->function->name,
			 "its message is '%s'; a string literal is expected", text);
		return false;
	}
	ok = add_format(s, call, format);
	free(format);
	wanted = call->message.values - before;
	given = call->values - !has_msg(call->function);
	if (!ok || wanted == given)
		return ok;
	complain(s, call->line, call->function->name,
		 "its message wants %u value%s and %u %s given", wanted, wanted == 1 ? "" : "s",
		 given, given == 1 ? "is" : "are");
	return false;
}

static bool read_message(struct scan *s, struct wpp_call *call)
{
	const struct wpp_function *f = call->function;

	if (!has_msg(f) && !f->more && !f->prefix.format && !f->suffix.format) {
		complain(s, call->line, f->name,
			 "it has no message: %s declares no MSG, and there is no USEPREFIX and no "
			 "USESUFFIX for it",
			 f->place);
		return false;
	}
	if (!add_affix(s, call, &f->prefix, "prefix") || !add_message(s, call) ||
	    !add_affix(s, call, &f->suffix, "suffix"))
		return false;
	wpp_format_end(&call->message);
	return true;
}

/* ---- calls ---- */

static void free_call(struct wpp_call *call)
{
	strings_free(&call->parameters);
	wpp_message_free(&call->message);
}

void wpp_calls_free(struct wpp_calls *calls)
{
	for (size_t i = 0; i < calls->count; i++)
		free_call(&calls->at[i]);
	free(calls->at);
	*calls = (struct wpp_calls){ 0 };
}

/* A macro goes by its line: two of them in one cannot be told apart. */
static bool is_second(struct scan *s, const struct wpp_call *call)
{
	for (size_t i = 0; i < s->calls->count; i++) {
		if (s->calls->at[i].line != call->line)
			continue;
		complain(s, call->line, call->function->name,
			 "a second trace call in one line; each needs a line of its own");
		return true;
	}
	return false;
}

static void add_call(struct scan *s, struct wpp_call call)
{
	struct wpp_calls *calls = s->calls;

	calls->at = array_resize(calls->at, calls->count + 1, sizeof(call));
	calls->at[calls->count++] = call;
}

/* From the function's name; the lexer goes on inside its parentheses, where there may be more. */
static void read_call(struct scan *s, const struct wpp_function *f)
{
	struct wpp_call call = { .function = f, .line = s->token.line };
	struct lexer ahead = s->lexer;
	struct strings list = { 0 };
	struct token token;
	unsigned last;

	if (!lexer_next(&ahead, &token) || !token_is(&token, "("))
		return;
	if (s->directive) {
		strings_format(s->notes,
			       "%s:%u: %s in a #define is left out: a FUNC with USEPREFIX can do "
			       "what the macro does",
			       s->file, call.line, f->name);
		return;
	}
	if (!wpp_arguments(&ahead, &list, &last))
		complain(s, call.line, f->name, "its ')' is missing");
	else if (!is_second(s, &call) && take_arguments(s, &call, &list) &&
		 read_message(s, &call)) {
		add_call(s, call);
		call = (struct wpp_call){ 0 };
	}
	free_call(&call);
	strings_free(&list);
}

/* A call inside the arguments of a macro has the line where that one ends (clang's __LINE__). */
static void close_outermost(struct scan *s)
{
	struct wpp_calls *calls = s->calls;

	for (size_t i = s->outermost; i < calls->count; i++) {
		if (calls->at[i].line != s->token.line)
			calls->at[i].last_line = s->token.line;
	}
}

static void follow_parentheses(struct scan *s, bool after_word)
{
	if (token_is(&s->token, "(") && (s->depth || after_word)) {
		if (s->depth++ == 0)
			s->outermost = s->calls->count;
	} else if (token_is(&s->token, ")") && s->depth && --s->depth == 0) {
		close_outermost(s);
	} else if (token_is(&s->token, ";") || token_is(&s->token, "{")) {
		s->depth = 0;
	}
}

void wpp_scan(struct wpp_calls *calls, struct wpp_config *config, const char *file,
	      const char *text, struct strings *notes)
{
	struct scan s = { .calls = calls, .config = config, .file = file, .notes = notes };
	bool after_word = false;

	lexer_begin(&s.lexer, text, strlen(text));
	while (lexer_next(&s.lexer, &s.token)) {
		const struct wpp_function *f = NULL;

		if (s.token.starts_line)
			s.directive = token_is(&s.token, "#");
		if (s.token.kind == TOKEN_WORD) {
			char *name = string_copy_n(s.token.at, s.token.length);

			f = wpp_config_find(config, name);
			free(name);
		}
		if (f && f->place)
			read_call(&s, f);
		/* Not the call's own parentheses: those that it is in. */
		if (!s.directive)
			follow_parentheses(&s, after_word);
		after_word = s.token.kind == TOKEN_WORD && !(f && f->place && s.depth == 0);
	}
}
