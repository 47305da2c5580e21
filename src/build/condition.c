/* SPDX-License-Identifier: MIT */
#include "build/condition.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "build/function.h"
#include "build/path.h"
#include "build/value.h"

#define DEEPEST 64 /* nested parentheses and negations */

enum token {
	END,
	VALUE,
	OPEN,
	CLOSE,
	COMMA,
	NOT,
	AND,
	OR,
	EQUAL,
	UNEQUAL,
	LESS,
	LESS_OR_EQUAL,
	GREATER,
	GREATER_OR_EQUAL
};

/* A condition being read: one token ahead. */
struct reader {
	const struct scope *scope;
	const char *folder;
	const char *next;  /* behind @token */
	const char *start; /* of @token */
	enum token token;
	char *raw;   /* a VALUE's text as it is written ... */
	char *value; /* ... and expanded, still escaped */
	bool quoted;
	unsigned decided; /* more than 0: what is read cannot change the result any more */
	int depth;
	char *error;
};

/* One side of a comparison. */
struct operand {
	char *text; /* NULL: not a text, but true or false */
	char *raw;
	bool truth;
};

static void fail(struct reader *r, const char *what)
{
	if (!r->error)
		r->error = string_format("%s at '%s'", what, *r->start ? r->start : "its end");
	r->token = END;
}

static void take_value(struct reader *r, const char *from, size_t length, bool quoted)
{
	free(r->raw);
	free(r->value);
	r->raw = string_copy_n(from, length);
	r->value = r->decided ? string_copy("") : properties_expand(r->scope, r->raw);
	r->quoted = quoted;
	r->token = VALUE;
	if (!quoted && string_same(r->raw, "and"))
		r->token = AND;
	else if (!quoted && string_same(r->raw, "or"))
		r->token = OR;
}

static const struct {
	const char *text;
	enum token token;
} signs[] = {
	{ "==", EQUAL },
	{ "!=", UNEQUAL },
	{ "<=", LESS_OR_EQUAL },
	{ ">=", GREATER_OR_EQUAL },
	{ "<", LESS },
	{ ">", GREATER },
	{ "!", NOT },
	{ "(", OPEN },
	{ ")", CLOSE },
	{ ",", COMMA },
};

/* $(Name), %(Name), @(Name): behind its last parenthesis; NULL: @text is none, or is not closed. */
static const char *reference_end(const char *text)
{
	return strchr("$%@", *text) && *text && text[1] == '(' ? function_closing(text + 2) : NULL;
}

/* The quote that ends the one at @text; those within references do not. */
static const char *quote_end(const char *text)
{
	for (text++; *text && *text != '\'';) {
		const char *end = reference_end(text);

		text = end ? end : text + 1;
	}
	return *text ? text : NULL;
}

static bool take_sign(struct reader *r)
{
	for (size_t i = 0; i < ARRAY_COUNT(signs); i++) {
		size_t length = strlen(signs[i].text);

		if (strncmp(r->next, signs[i].text, length) == 0) {
			r->token = signs[i].token;
			r->next += length;
			return true;
		}
	}
	return false;
}

static void take_quoted(struct reader *r)
{
	const char *end = quote_end(r->next);

	if (!end) {
		fail(r, "a quote is not closed");
		return;
	}
	take_value(r, r->next + 1, (size_t)(end - r->next) - 1, true);
	r->next = end + 1;
}

static void take_word(struct reader *r)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+.";
	const char *end = reference_end(r->next);

	if (!end && strchr("$%@", *r->next) && r->next[1] == '(') {
		fail(r, "a parenthesis is not closed");
		return;
	}
	if (!end)
		end = r->next + strspn(r->next, letters);
	if (end == r->next) {
		fail(r, "not understood");
		return;
	}
	take_value(r, r->next, (size_t)(end - r->next), false);
	r->next = end;
}

static void advance(struct reader *r)
{
	while (isspace((unsigned char)*r->next))
		r->next++;
	r->start = r->next;
	if (*r->next == '\0')
		r->token = END;
	else if (*r->next == '\'')
		take_quoted(r);
	else if (!take_sign(r))
		take_word(r);
}

static void close_parenthesis(struct reader *r)
{
	if (r->token == CLOSE)
		advance(r);
	else
		fail(r, "')' is expected");
}

static bool to_boolean(const char *text, bool *value)
{
	static const char *const on[] = { "true", "on", "yes", "!false", "!off", "!no" };
	static const char *const off[] = { "false", "off", "no", "!true", "!on", "!yes" };

	for (size_t i = 0; i < ARRAY_COUNT(on); i++) {
		if (string_same(text, on[i]) || string_same(text, off[i])) {
			*value = string_same(text, on[i]);
			return true;
		}
	}
	return false;
}

static bool operand_boolean(const struct operand *o, bool *value)
{
	*value = o->truth;
	return !o->text || to_boolean(o->text, value);
}

/*
 * The text that stands for a number or a version. $(MSBuildToolsVersion) was one until it became
 * "Current"; MSBuild then compares Visual Studio's version instead.
 */
static const char *number_text(const struct reader *r, const struct operand *o)
{
	if (o->text && strcmp(o->text, "Current") == 0 &&
	    string_same(o->raw, "$(MSBuildToolsVersion)"))
		return property_value(r->scope, "VisualStudioVersion");
	return o->text ? o->text : "";
}

static bool equal(const struct reader *r, const struct operand *a, const struct operand *b)
{
	double number_a, number_b;
	bool truth_a, truth_b;

	if ((a->text && *a->text == '\0') || (b->text && *b->text == '\0'))
		return a->text && b->text && *a->text == *b->text;
	if (number_read(number_text(r, a), &number_a) && number_read(number_text(r, b), &number_b))
		return number_a == number_b;
	if (operand_boolean(a, &truth_a) && operand_boolean(b, &truth_b))
		return truth_a == truth_b;
	return a->text && b->text && string_same(a->text, b->text);
}

/* A number against a version: by the first part, and an equal one leaves the version greater. */
static int compare_mixed(double number, const struct dotted *version)
{
	return number > version->part[0] ? 1 : -1;
}

/* Return: false when they have no order. */
static bool order_of(const struct reader *r, const struct operand *a, const struct operand *b,
		     int *order)
{
	const char *text_a = number_text(r, a), *text_b = number_text(r, b);
	double number_a, number_b;
	struct dotted version_a, version_b;
	bool is_number_a = number_read(text_a, &number_a);
	bool is_number_b = number_read(text_b, &number_b);
	bool is_version_a = number_dotted(text_a, &version_a);
	bool is_version_b = number_dotted(text_b, &version_b);

	if (is_number_a && is_number_b)
		*order = (number_a > number_b) - (number_a < number_b);
	else if (is_version_a && is_version_b)
		*order = dotted_compare(&version_a, &version_b);
	else if (is_number_a && is_version_b)
		*order = compare_mixed(number_a, &version_b);
	else if (is_version_a && is_number_b)
		*order = -compare_mixed(number_b, &version_a);
	else
		return false;
	return true;
}

static bool compare(struct reader *r, enum token sign, const struct operand *a,
		    const struct operand *b)
{
	const struct operand *bad;
	struct dotted version;
	double number;
	int order = 0;

	if (r->decided)
		return false;
	if (sign == EQUAL || sign == UNEQUAL)
		return equal(r, a, b) == (sign == EQUAL);
	if (!order_of(r, a, b, &order)) {
		bad = number_read(number_text(r, a), &number) ||
				      number_dotted(number_text(r, a), &version)
			      ? b
			      : a;
		if (!r->error)
			r->error = string_format(
				"numbers or versions are compared by order, and %s is '%s'",
				bad->text ? bad->raw : "one side", bad->text ? bad->text : "");
		return false;
	}
	return sign == LESS            ? order < 0
	       : sign == LESS_OR_EQUAL ? order <= 0
	       : sign == GREATER       ? order > 0
				       : order >= 0;
}

/* All the paths of a list are there; an empty list is not. */
static bool exist(const struct reader *r, const char *list)
{
	struct strings paths = { 0 };
	bool result;

	strings_split(&paths, list, ';');
	result = paths.count > 0;
	for (size_t i = 0; i < paths.count && result; i++) {
		char *found;

		properties_unescape(paths.at[i]);
		found = path_find(r->folder, paths.at[i]);
		result = found;
		free(found);
	}
	strings_free(&paths);
	return result;
}

/* Exists('a') or HasTrailingSlash('a'); its name has been read, '(' is the token. */
static bool call(struct reader *r, const char *name)
{
	bool result = false;

	advance(r);
	if (r->token != VALUE) {
		fail(r, "a path is expected");
		return false;
	}
	if (string_same(name, "exists")) {
		result = !r->decided && exist(r, r->value);
	} else if (string_same(name, "hastrailingslash")) {
		size_t length = strlen(r->value);

		result = length && strchr("/\\", r->value[length - 1]);
	} else {
		fail(r, "a function that is not known");
		return false;
	}
	advance(r);
	close_parenthesis(r);
	return result;
}

static bool any_of(struct reader *r);

/* An operand that must be true or false. */
static bool need_boolean(struct reader *r, const struct operand *o)
{
	bool result = false;

	if (!operand_boolean(o, &result) && !r->decided && !r->error)
		r->error =
			string_format("true or false is expected, and %s is '%s'", o->raw, o->text);
	return result;
}

static void free_operand(struct operand *o)
{
	free(o->text);
	free(o->raw);
}

static struct operand factor(struct reader *r)
{
	struct operand o = { 0 };

	if (++r->depth > DEEPEST) {
		fail(r, "too deep");
	} else if (r->token == NOT) {
		struct operand inner;

		advance(r);
		inner = factor(r);
		o.truth = !need_boolean(r, &inner);
		free_operand(&inner);
	} else if (r->token == OPEN) {
		advance(r);
		o.truth = any_of(r);
		close_parenthesis(r);
	} else if (r->token == VALUE) {
		bool quoted = r->quoted;

		o.raw = string_copy(r->raw);
		o.text = string_copy(r->value);
		properties_unescape(o.text);
		advance(r);
		if (r->token == OPEN && !quoted) {
			o.truth = call(r, o.raw);
			free(o.text);
			o.text = NULL;
		}
	} else {
		fail(r, "a value is expected");
	}
	r->depth--;
	return o;
}

static bool one(struct reader *r)
{
	struct operand left = factor(r), right;
	enum token sign = r->token;
	bool result;

	if (sign >= EQUAL) {
		advance(r);
		right = factor(r);
		result = compare(r, sign, &left, &right);
		free_operand(&right);
	} else {
		result = !r->error && need_boolean(r, &left);
	}
	free_operand(&left);
	return result;
}

static bool all_of(struct reader *r)
{
	bool result = one(r);

	while (r->token == AND) {
		bool decided = !result;

		r->decided += decided;
		advance(r);
		result &= one(r);
		r->decided -= decided;
	}
	return result;
}

static bool any_of(struct reader *r)
{
	bool result = all_of(r);

	while (r->token == OR) {
		bool decided = result;

		r->decided += decided;
		advance(r);
		result |= all_of(r);
		r->decided -= decided;
	}
	return result;
}

bool condition_holds(const struct scope *scope, const char *folder, const char *text, char **error)
{
	struct scope watched = *scope;
	struct reader r = { .scope = &watched, .folder = folder };
	char *wrong = NULL;
	bool result;

	*error = NULL;
	if (!text || text[strspn(text, " \t\r\n")] == '\0')
		return true;
	watched.error = &wrong;
	r.next = r.start = text;
	advance(&r);
	result = any_of(&r);
	if (r.token != END)
		fail(&r, "not understood");
	free(r.value);
	free(r.raw);
	*error = wrong ? wrong : r.error;
	if (wrong)
		free(r.error);
	return result && !*error;
}
