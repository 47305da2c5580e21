/* SPDX-License-Identifier: MIT */
#include "cli/explain_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define WIDTH 96
/* Functions of a rule that everyone has, such as IrqlIsNotPassive, are not listed. */
#define MOST_CALLERS 12

const char *explain_kind_name(enum explain_kind kind)
{
	static const char *const names[] = {
		[EXPLAIN_RULE] = "rule",
		[EXPLAIN_FUNCTION] = "function",
		[EXPLAIN_CALLBACK] = "callback",
		[EXPLAIN_KEYWORD] = "keyword",
		[EXPLAIN_OID] = "OID",
		[EXPLAIN_STATUS] = "NTSTATUS",
		[EXPLAIN_INDICATION] = "indication",
		[EXPLAIN_BUGCHECK] = "bug check",
		[EXPLAIN_WDF] = "wdf",
		[EXPLAIN_STRUCTURE] = "structure",
	};

	return names[kind];
}

/* Words, broken at WIDTH; lines behind the first begin with @indent spaces. */
static void print_wrapped(const char *head, const char *text, int indent)
{
	int column = printf("%*s", -indent, head);

	while (*text) {
		int length = (int)strcspn(text, " ");

		if (column + 1 + length > WIDTH && column > indent)
			column = printf("\n%*s", indent, "") - 1;
		else if (column > indent)
			column += printf(" ");
		column += printf("%.*s", length, text);
		text += length + (text[length] == ' ');
	}
	putchar('\n');
}

static void print_list(const char *title, const char *const *list)
{
	if (!list)
		return;
	printf("  %s:\n", title);
	for (; *list; list++)
		print_wrapped("    - ", *list, 6);
}

static void print_names(const char *title, const char *const *list)
{
	char room[1024], head[40];
	struct text names = text_in(room, sizeof(room));

	if (!list)
		return;
	for (size_t i = 0; list[i]; i++)
		text_add(&names, "%s%s", i ? ", " : "", list[i]);
	snprintf(head, sizeof(head), "  %s: ", title);
	print_wrapped(head, room, (int)strlen(head));
}

/* ---- versions ---- */

/* "2.1 to 2.5" for versions that follow each other. */
static void add_span(struct text *text, const char *first, const char *last)
{
	text_add(text, "%s%s", text->length ? ", " : "", first);
	if (first != last)
		text_add(text, " to %s", last);
}

static bool in_list(const char *list, const char *version)
{
	size_t length = strlen(version);

	for (const char *at = list; (at = strstr(at, version)); at += length) {
		if (at[length] == ' ' || !at[length])
			return true;
	}
	return false;
}

static void print_versions(const struct explain_fact *fact)
{
	char room[128];
	struct text text = text_in(room, sizeof(room));
	const char *first = NULL, *last = NULL;

	for (size_t i = 0; explain_versions[i]; i++) {
		if (in_list(fact->versions, explain_versions[i])) {
			first = first ? first : explain_versions[i];
			last = explain_versions[i];
		} else if (first) {
			add_span(&text, first, last);
			first = NULL;
		}
		if (strcmp(explain_versions[i], "2.0") == 0 &&
		    strstr(fact->versions, "2.0-preview"))
			text_add(&text, "%spreview headers of 2.0", text.length ? ", " : "");
	}
	if (first)
		add_span(&text, first, last);
	printf("  NetAdapterCx: %s\n", room);
}

/* A rule's numbers; "1.3: 51 (0x33), 2.0: 41 (0x29)". */
static void print_numbers(const struct explain_fact *rule)
{
	char room[256];
	struct text text = text_in(room, sizeof(room));
	const struct explain_number *n = rule->numbers;

	if (!n)
		return;
	while (n->version) {
		const char *first = n->version, *last = first;
		unsigned number = n->number;

		for (n++; n->version && n->number == number; n++)
			last = n->version;
		add_span(&text, first, last);
		text_add(&text, ": %u (0x%X)", number, number);
	}
	print_wrapped("  NetAdapterCx ", room, 15);
}

/* ---- parameters ---- */

static bool has_number(const struct explain_answer *answer, const struct explain_parameter *p)
{
	return p->which <= answer->parameter_count && answer->parameter[p->which - 1] == p->value;
}

/* With numbers only what they mean; without, everything that they can mean. */
static void print_parameters(const struct explain_fact *fact, const struct explain_answer *answer)
{
	for (const struct explain_parameter *p = fact->parameters; p && p->meaning; p++) {
		char head[64];
		bool known = p->which <= answer->parameter_count;

		if (p->one && known && !has_number(answer, p))
			continue;
		if (p->one)
			snprintf(head, sizeof(head), "  parameter %u is 0x%" PRIX64 ": ", p->which,
				 p->value);
		else if (known)
			snprintf(head, sizeof(head), "  parameter %u (0x%" PRIX64 "): ", p->which,
				 answer->parameter[p->which - 1]);
		else
			snprintf(head, sizeof(head), "  parameter %u: ", p->which);
		print_wrapped(head, p->meaning, (int)strlen(head));
	}
}

/* ---- a rule's functions, where to look ---- */

static bool has_rule(const struct explain_fact *function, const char *rule)
{
	for (size_t i = 0; function->rules && function->rules[i]; i++) {
		if (strcmp(function->rules[i], rule) == 0)
			return true;
	}
	return false;
}

static void print_callers(const struct explain_fact *rule)
{
	const char *names[MOST_CALLERS + 1] = { NULL };
	size_t count = 0;

	for (size_t i = 0; i < explain_count; i++) {
		if (!has_rule(&explain_facts[i], rule->name))
			continue;
		if (count < MOST_CALLERS)
			names[count] = explain_facts[i].name;
		count++;
	}
	if (count > MOST_CALLERS)
		printf("  checked by: %zu functions\n", count);
	else if (count)
		print_names("checked by", names);
}

static const char *where_of(enum explain_kind kind)
{
	static const char *const places[] = {
		[EXPLAIN_RULE] = "docs/rules.md has all rules",
		[EXPLAIN_FUNCTION] =
			"docs/ddi.md: versions, tests, where netcx differs from Windows",
		[EXPLAIN_CALLBACK] =
			"netcx events shows each call, but for those that come with packets",
		[EXPLAIN_KEYWORD] =
			"netcx show has its value, netcx set changes it; the INF's AddReg has the default",
		[EXPLAIN_OID] = "netcx oid sends it; netcx events shows those that come",
		[EXPLAIN_STATUS] = "netcx events shows the status that a callback returns",
	};

	return kind <= EXPLAIN_STATUS ? places[kind] : NULL;
}

static void print_where(const struct explain_fact *fact)
{
	const char *place = where_of(fact->kind);

	if (!fact->where && !place)
		return;
	print_list("where to look", fact->where ? fact->where : (const char *const[]){ NULL });
	if (place)
		print_wrapped("    - ", place, 6);
}

/* What a driver has or calls is caused by nobody. */
static bool is_called(const struct explain_fact *fact)
{
	return fact->kind == EXPLAIN_FUNCTION || fact->kind == EXPLAIN_CALLBACK ||
	       fact->kind == EXPLAIN_KEYWORD || fact->kind == EXPLAIN_WDF;
}

/* What a function is held to, each rule in its own words. */
static void print_rules(const char *const *rules)
{
	char line[512];

	if (rules)
		printf("  held to:\n");
	for (; rules && *rules; rules++) {
		const struct explain_fact *rule = explain_named(*rules);

		snprintf(line, sizeof(line), "%s: %s", *rules, rule ? rule->what : "");
		print_wrapped("    - ", line, 6);
	}
}

static bool names(const char *const *list, const char *name)
{
	for (; list && *list; list++) {
		if (strcmp(*list, name) == 0)
			return true;
	}
	return false;
}

/* The structures that go with a function. */
static void print_structures(const struct explain_fact *function)
{
	const char *list[MOST_CALLERS + 1] = { NULL };
	size_t count = 0;

	for (size_t i = 0; i < explain_count && count < MOST_CALLERS; i++) {
		if (explain_facts[i].kind == EXPLAIN_STRUCTURE &&
		    names(explain_facts[i].see, function->name))
			list[count++] = explain_facts[i].name;
	}
	if (count)
		print_names("structures", list);
}

static void print_line(const char *title, const char *text)
{
	char head[40];

	if (!text)
		return;
	snprintf(head, sizeof(head), "  %s: ", title);
	print_wrapped(head, text, (int)strlen(head));
}

void explain_print(const struct explain_fact *fact, const struct explain_answer *answer)
{
	printf("%s ", explain_kind_name(fact->kind));
	if (fact->has_value)
		printf(fact->kind == EXPLAIN_BUGCHECK ? "0x%X " : "0x%08X ", fact->value);
	puts(fact->name);
	print_wrapped("  ", fact->what, 2);
	print_line("type", fact->type);
	if (fact->versions)
		print_versions(fact);
	print_line("read by NetAdapterCx", fact->read_by);
	print_line("since", fact->since);
	print_numbers(fact);
	print_line("IRQL", fact->irql);
	print_line("values", fact->values);
	print_line("use", fact->use);
	print_names("set as", fact->also);
	print_list("also", fact->note);
	print_parameters(fact, answer);
	print_list(is_called(fact) ? "usual mistakes" : "usual causes", fact->cause);
	print_where(fact);
	print_rules(fact->rules);
	print_names(fact->kind == EXPLAIN_STRUCTURE ? "for" : "see", fact->see);
	print_structures(fact);
	if (fact->kind == EXPLAIN_RULE)
		print_callers(fact);
}

static void print_reading(const struct explain_reading *r)
{
	char room[32];
	struct text span = text_in(room, sizeof(room));

	add_span(&span, r->first, r->last);
	printf("  %-11s %s\n", room, r->rule ? r->rule->name : "no rule has that number");
}

void explain_print_readings(const struct explain_answer *answer)
{
	for (size_t i = 0; i < answer->reading_count; i++) {
		const struct explain_reading *r = &answer->readings[i];

		if (i == 0 || r->decimal != answer->readings[i - 1].decimal) {
			if (!r->decimal)
				printf("Parameter 1 is 0x%" PRIX64 ", rule number %" PRIu64
				       "; by version of NetAdapterCx:\n",
				       r->number, r->number);
			else
				printf("%s %" PRIu64 " decimal, as in netcx' reports:\n",
				       i ? "If it is" : "Rule number", r->number);
		}
		print_reading(r);
	}
	if (answer->reading_count)
		putchar('\n');
}
