/* SPDX-License-Identifier: MIT */
/* What MSBuild's property functions take and give: .NET's types, as far as projects meet them. */
#ifndef BUILD_VALUE_H
#define BUILD_VALUE_H

#include <stdint.h>

#include "build/strings.h"

enum value_kind {
	VALUE_NULL, /* written null, or nothing was found */
	VALUE_TEXT,
	VALUE_WHOLE,
	VALUE_REAL,
	VALUE_BOOLEAN,
	VALUE_LIST, /* string[] */
	VALUE_VERSION,
};

#define VERSION_PARTS 4

/* System.Version: 2 to 4 parts; those that are not written are -1. */
struct dotted {
	int part[VERSION_PARTS];
};

/* Owns @text and @list. {0} is null. */
struct value {
	enum value_kind kind;
	char *text;
	bool escaped; /* @text is: the result of [MSBuild]::Escape */
	int64_t whole;
	double real;
	bool truth;
	struct strings list;
	struct dotted version;
};

/* Constructors; value_text() takes its text over, value_copy() copies it. */
struct value value_text(char *text);
struct value value_copy(const char *text);
struct value value_whole(int64_t number);
struct value value_real(double number);
struct value value_boolean(bool truth);
struct value value_version(const struct dotted *version);
void value_free(struct value *value);

/* value_say() - as .NET writes it; a list has ';' between its escaped texts. The caller's. */
char *value_say(const struct value *value);

/* value_type() - the .NET name of its type, for messages. */
const char *value_type(const struct value *value);

/* Conversions as MSBuild makes them for an argument. Return: false when it cannot be. */
bool value_to_whole(const struct value *value, int64_t *number);
bool value_to_int(const struct value *value, int *number);
bool value_to_real(const struct value *value, double *number);

/*
 * number_real()    - "-12.5": sign, digits, one point; neither exponent nor blanks nor words
 * number_hex()     - "0x1F": at most 32 bits, of which the highest is the sign
 * number_read()    - either of them, as conditions read numbers
 * number_dotted()  - System.Version.TryParse: "10.0", "10.0.17763.0"
 */
bool number_real(const char *text, double *number);
bool number_hex(const char *text, double *number);
bool number_read(const char *text, double *number);
bool number_dotted(const char *text, struct dotted *version);

/* dotted_compare() - below 0, 0, above 0; a part that is not written is less than 0. */
int dotted_compare(const struct dotted *a, const struct dotted *b);

/*
 * Places in a text are counted as .NET does, in units of UTF-16.
 * text_units() - how many it has
 * text_at()    - where unit @unit begins, or NULL when there are fewer
 */
size_t text_units(const char *text);
const char *text_at(const char *text, size_t unit);

/* text_order() - -1, 0, 1 as a dictionary has them: a, A, b. */
int text_order(const char *a, const char *b);

/* text_escape() - MSBuild's own characters as %xx; the caller's. See properties_unescape(). */
char *text_escape(const char *text);

#endif
