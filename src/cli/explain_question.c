/* SPDX-License-Identifier: MIT */
#include "cli/explain_question.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"

#define NETADAPTER_DRIVER 0x19E
#define DECIMAL_DIGITS    3 /* more are a debugger's */

static void add(struct explain_answer *answer, const struct explain_fact *fact)
{
	for (size_t i = 0; i < answer->count; i++) {
		if (answer->facts[i] == fact)
			return;
	}
	if (answer->count < EXPLAIN_FACTS)
		answer->facts[answer->count++] = fact;
}

static bool has_hex_mark(const char *word)
{
	return word[0] == '0' && tolower((unsigned char)word[1]) == 'x';
}

static bool is_decimal(const char *word)
{
	return word[0] && strspn(word, "0123456789") == strlen(word);
}

/* Hexadecimal with or without 0x, and with the mark that debuggers put between the halves. */
static bool hex_of(const char *word, uint64_t *number)
{
	char digits[24];
	size_t n = 0;

	for (const char *at = has_hex_mark(word) ? word + 2 : word; *at; at++) {
		if (*at == '`')
			continue;
		if (!isxdigit((unsigned char)*at) || n == 16)
			return false;
		digits[n++] = *at;
	}
	digits[n] = '\0';
	*number = strtoull(digits, NULL, 16);
	return n > 0;
}

/* What a debugger or we ourselves print in front of the numbers. */
static bool says_nothing(const char *word)
{
	static const char *const words[] = {
		"bugcheck", "bug", "check", "code", "stop", "violation"
	};

	for (size_t i = 0; i < ARRAY_COUNT(words); i++) {
		if (strcasecmp(words[i], word) == 0)
			return true;
	}
	return false;
}

/* ---- parameter 1 as the number of a rule ---- */

static void add_reading(struct explain_answer *answer, const char *version, uint64_t number,
			bool decimal)
{
	const struct explain_fact *rule = explain_rule(version, number);
	struct explain_reading *last =
		answer->reading_count ? &answer->readings[answer->reading_count - 1] : NULL;

	if (rule)
		add(answer, rule);
	if (last && last->decimal == decimal && last->rule == rule) {
		last->last = version;
		return;
	}
	if (answer->reading_count < EXPLAIN_READINGS)
		answer->readings[answer->reading_count++] = (struct explain_reading){
			.decimal = decimal,
			.number = number,
			.first = version,
			.last = version,
			.rule = rule,
		};
}

static void read_rule(struct explain_answer *answer, uint64_t number, bool decimal)
{
	for (size_t i = 0; explain_versions[i]; i++) {
		if (!answer->version || strcmp(answer->version, explain_versions[i]) == 0)
			add_reading(answer, explain_versions[i], number, decimal);
	}
}

/* "51" is hexadecimal in a dump of Windows' and decimal in a report of ours. */
static void read_rules(struct explain_answer *answer, const char *word, uint64_t number)
{
	uint64_t decimal = strtoull(word, NULL, 10);

	read_rule(answer, number, false);
	if (is_decimal(word) && word[0] != '0' && strlen(word) <= DECIMAL_DIGITS &&
	    decimal != number)
		read_rule(answer, decimal, true);
}

/* ---- the kinds of questions ---- */

__attribute__((format(printf, 2, 3))) static bool refuse(struct explain_answer *answer,
							 const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(answer->why, sizeof(answer->why), format, list);
	va_end(list);
	return false;
}

static const struct explain_fact *bugcheck_of(const char *word)
{
	const struct explain_fact *fact = NULL;
	uint64_t code;

	if (!isxdigit((unsigned char)word[0]) || !hex_of(word, &code))
		fact = explain_named(word);
	else if (code <= UINT32_MAX)
		while ((fact = explain_valued(fact, (uint32_t)code)) &&
		       fact->kind != EXPLAIN_BUGCHECK)
			;
	return fact && fact->kind == EXPLAIN_BUGCHECK ? fact : NULL;
}

static bool ask_bugcheck(struct explain_answer *answer, char **words, size_t count)
{
	const struct explain_fact *fact = bugcheck_of(words[0]);

	for (size_t i = 1; i < count; i++) {
		if (!hex_of(words[i], &answer->parameter[i - 1]))
			return refuse(answer, "%.60s: parameter %zu is a hexadecimal number",
				      words[i], i);
	}
	answer->parameter_count = count - 1;
	if (!fact) {
		refuse(answer, "no bug check that is known here (netcx explain --list)");
		return true;
	}
	add(answer, fact);
	if (fact->value == NETADAPTER_DRIVER)
		read_rules(answer, words[1], answer->parameter[0]);
	return true;
}

/* One number: a status, an OID, a bug check, or the number of a rule. */
static bool ask_number(struct explain_answer *answer, const char *word)
{
	const struct explain_fact *fact = NULL;
	uint64_t number;

	if (word[0] == '-' || (is_decimal(word) && strlen(word) > 8))
		number = (uint32_t)strtoll(word, NULL, 10);
	else if (!hex_of(word, &number))
		return false;
	while (number <= UINT32_MAX && (fact = explain_valued(fact, (uint32_t)number)))
		add(answer, fact);
	if (is_decimal(word) && strlen(word) <= DECIMAL_DIGITS)
		read_rule(answer, strtoull(word, NULL, 10), true);
	if (!answer->count)
		refuse(answer, "no status, OID, bug check or rule that is known here has it");
	return true;
}

static void ask_name(struct explain_answer *answer, const char *name)
{
	const struct explain_fact *fact = explain_named(name);
	size_t equal;

	if (fact) {
		add(answer, fact);
		return;
	}
	answer->exact = false;
	answer->near_count = explain_near(name, answer->near, EXPLAIN_NEAR, &equal);
	if (equal == 1)
		add(answer, answer->near[0]);
	else
		refuse(answer, "not known%s",
		       answer->near_count ? "; near it:" : " (netcx explain --list)");
}

/* A line as it was copied becomes words. @room is written to. Return: how many; too many: 0 */
static size_t split(char *room, char **words)
{
	size_t count = 0;

	for (char *word = strtok(room, " ,{}()[]:;\t\n"); word;
	     word = strtok(NULL, " ,{}()[]:;\t\n")) {
		if (says_nothing(word))
			continue;
		if (count == EXPLAIN_WORDS)
			return 0;
		words[count++] = word;
	}
	return count;
}

bool explain_ask(struct explain_answer *answer, int count, char **given, const char *version)
{
	char room[sizeof(answer->asked)], *words[EXPLAIN_WORDS];
	size_t length = 0, n;

	for (int i = 0; i < count && length < sizeof(room); i++)
		length += (size_t)snprintf(answer->asked + length, sizeof(room) - length, "%s%s",
					   i ? " " : "", given[i]);
	answer->version = version;
	answer->exact = true;
	memcpy(room, answer->asked, sizeof(room));
	n = split(room, words);
	if (!n || length >= sizeof(room))
		return refuse(answer,
			      "one name, or a number with at most four parameters, is expected");
	if (n > 1 && (isdigit((unsigned char)words[0][0]) || bugcheck_of(words[0])))
		return ask_bugcheck(answer, words, n);
	if (n > 1)
		return refuse(answer, "one name at a time: %.60s is one too many", words[1]);
	if (isdigit((unsigned char)words[0][0]) || words[0][0] == '-') {
		if (ask_number(answer, words[0]))
			return true;
		return refuse(answer, "%.60s: neither a number nor a name", words[0]);
	}
	ask_name(answer, words[0]);
	return true;
}
