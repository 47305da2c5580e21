/* SPDX-License-Identifier: MIT */
#include "build/condition.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "build/path.h"

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
	char *value; /* a VALUE's text, expanded */
	bool quoted;
	int depth;
	char *error;
};

static void fail(struct reader *r, const char *what)
{
	if (!r->error)
		r->error = string_format("%s at '%s'", what, *r->start ? r->start : "its end");
	r->token = END;
}

static void take_value(struct reader *r, const char *from, size_t length, bool quoted)
{
	char *raw = string_copy_n(from, length);

	free(r->value);
	r->value = properties_expand(r->scope, raw);
	properties_unescape(r->value);
	r->quoted = quoted;
	r->token = VALUE;
	if (!quoted && string_same(raw, "and"))
		r->token = AND;
	else if (!quoted && string_same(raw, "or"))
		r->token = OR;
	free(raw);
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

/* $(Name), %(Name), @(Name) without quotes: as far as its last parenthesis. */
static const char *reference_end(const char *text)
{
	int depth = 0;

	for (text++; *text; text++) {
		depth += *text == '(' ? 1 : *text == ')' ? -1 : 0;
		if (depth == 0)
			return text + 1;
	}
	return NULL;
}

static void advance(struct reader *r)
{
	const char *end;

	while (isspace((unsigned char)*r->next))
		r->next++;
	r->start = r->next;
	if (*r->next == '\0') {
		r->token = END;
		return;
	}
	if (*r->next == '\'') {
		end = strchr(r->next + 1, '\'');
		if (!end) {
			fail(r, "a quote is not closed");
			return;
		}
		take_value(r, r->next + 1, (size_t)(end - r->next) - 1, true);
		r->next = end + 1;
		return;
	}
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		size_t length = strlen(signs[i].text);

		if (strncmp(r->next, signs[i].text, length) == 0) {
			r->token = signs[i].token;
			r->next += length;
			return;
		}
	}
	if (strchr("$%@", *r->next) && r->next[1] == '(') {
		end = reference_end(r->next);
		if (!end) {
			fail(r, "a parenthesis is not closed");
			return;
		}
	} else {
		end = r->next +
		      strspn(r->next,
			     "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+.");
		if (end == r->next) {
			fail(r, "not understood");
			return;
		}
	}
	take_value(r, r->next, (size_t)(end - r->next), false);
	r->next = end;
}

static bool to_number(const char *text, double *number)
{
	char *end;

	if (*text == '\0' || isspace((unsigned char)*text) || isalpha((unsigned char)*text))
		return false;
	*number = strtod(text, &end);
	return *end == '\0';
}

static bool to_boolean(const char *text, bool *value)
{
	static const char *const on[] = { "true", "on", "yes", "!false", "!off", "!no" };
	static const char *const off[] = { "false", "off", "no", "!true", "!on", "!yes" };

	for (size_t i = 0; i < sizeof(on) / sizeof(on[0]); i++) {
		if (string_same(text, on[i]) || string_same(text, off[i])) {
			*value = string_same(text, on[i]);
			return true;
		}
	}
	return false;
}

static bool equal(const char *a, const char *b)
{
	double number_a, number_b;
	bool boolean_a, boolean_b;

	if (to_number(a, &number_a) && to_number(b, &number_b))
		return number_a == number_b;
	if (to_boolean(a, &boolean_a) && to_boolean(b, &boolean_b))
		return boolean_a == boolean_b;
	return string_same(a, b);
}

/* "10.0.17763.0" against "10.0.18362.0": versions are compared part by part. */
static int compare_versions(const char *a, const char *b)
{
	while (*a || *b) {
		unsigned long part_a = strtoul(a, (char **)&a, 10);
		unsigned long part_b = strtoul(b, (char **)&b, 10);

		if (part_a != part_b)
			return part_a < part_b ? -1 : 1;
		a += *a == '.';
		b += *b == '.';
		if (*a && !isdigit((unsigned char)*a))
			break;
	}
	return 0;
}

static bool is_version(const char *text)
{
	return isdigit((unsigned char)*text) && text[strspn(text, "0123456789.")] == '\0';
}

static bool compare(struct reader *r, enum token sign, const char *a, const char *b)
{
	double number_a, number_b;
	int order;

	if (sign == EQUAL || sign == UNEQUAL)
		return equal(a, b) == (sign == EQUAL);
	if (to_number(a, &number_a) && to_number(b, &number_b)) {
		order = (number_a > number_b) - (number_a < number_b);
	} else if (is_version(a) && is_version(b)) {
		order = compare_versions(a, b);
	} else {
		fail(r, "a number is expected on both sides");
		return false;
	}
	return sign == LESS            ? order < 0
	       : sign == LESS_OR_EQUAL ? order <= 0
	       : sign == GREATER       ? order > 0
				       : order >= 0;
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
		char *path = *r->value ? path_find(r->folder, r->value) : NULL;

		result = path;
		free(path);
	} else if (string_same(name, "hastrailingslash")) {
		size_t length = strlen(r->value);

		result = length && strchr("/\\", r->value[length - 1]);
	} else {
		fail(r, "a function that is not known");
		return false;
	}
	advance(r);
	if (r->token != CLOSE)
		fail(r, "')' is expected");
	else
		advance(r);
	return result;
}

static bool any_of(struct reader *r);

static bool one(struct reader *r)
{
	bool result = false;
	enum token sign;
	char *left;

	if (++r->depth > DEEPEST) {
		fail(r, "too deep");
	} else if (r->token == NOT) {
		advance(r);
		result = !one(r);
	} else if (r->token == OPEN) {
		advance(r);
		result = any_of(r);
		if (r->token != CLOSE)
			fail(r, "')' is expected");
		else
			advance(r);
	} else if (r->token == VALUE) {
		bool quoted = r->quoted;

		left = string_copy(r->value);
		advance(r);
		sign = r->token;
		if (sign == OPEN && !quoted) {
			result = call(r, left);
		} else if (sign >= EQUAL) {
			advance(r);
			if (r->token != VALUE)
				fail(r, "something to compare with is expected");
			else
				result = compare(r, sign, left, r->value);
			if (r->token == VALUE)
				advance(r);
		} else if (!to_boolean(left, &result)) {
			fail(r, "true or false is expected");
		}
		free(left);
	} else {
		fail(r, "a value is expected");
	}
	r->depth--;
	return result;
}

static bool all_of(struct reader *r)
{
	bool result = one(r);

	while (r->token == AND) {
		advance(r);
		result &= one(r);
	}
	return result;
}

static bool any_of(struct reader *r)
{
	bool result = all_of(r);

	while (r->token == OR) {
		advance(r);
		result |= all_of(r);
	}
	return result;
}

bool condition_holds(const struct scope *scope, const char *folder, const char *text, char **error)
{
	struct reader r = { .scope = scope, .folder = folder };
	bool result;

	*error = NULL;
	if (!text || text[strspn(text, " \t\r\n")] == '\0')
		return true;
	r.next = r.start = text;
	advance(&r);
	result = any_of(&r);
	if (r.token != END)
		fail(&r, "not understood");
	free(r.value);
	*error = r.error;
	return result && !r.error;
}
