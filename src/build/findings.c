/* SPDX-License-Identifier: MIT */
#include "build/findings.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/json_text.h"
#include "base/project.h"

#define PLACES_SHOWN 4

/* As include/wdk/excpt.h and crt/bits/exception_defines.h have the compiler say it. */
#define SEH_MESSAGE ": there is no structured exception handling on Linux"

static void free_finding(struct finding *finding)
{
	free(finding->name);
	free(finding->note);
	strings_free(&finding->places);
}

/* NULL: there is none. */
static struct finding *look_up(const struct findings *findings, enum finding_kind kind,
			       const char *name)
{
	for (size_t i = 0; i < findings->count; i++) {
		if (findings->at[i].kind == kind && strcmp(findings->at[i].name, name) == 0)
			return &findings->at[i];
	}
	return NULL;
}

static struct finding *find(struct findings *findings, enum finding_kind kind, const char *name)
{
	struct finding *finding = look_up(findings, kind, name);

	if (finding)
		return finding;
	findings->at = array_resize(findings->at, findings->count + 1, sizeof(*findings->at));
	findings->at[findings->count] = (struct finding){ .kind = kind, .name = string_copy(name) };
	return &findings->at[findings->count++];
}

void findings_add(struct findings *findings, enum finding_kind kind, const char *name,
		  const char *place)
{
	struct finding *finding = find(findings, kind, name);

	if (place)
		strings_add_once(&finding->places, string_copy(place));
}

void findings_note(struct findings *findings, enum finding_kind kind, const char *name, char *note)
{
	struct finding *finding = look_up(findings, kind, name);

	if (!finding) {
		free(note);
		return;
	}
	free(finding->note);
	finding->note = note;
}

/* clang's words around a name. */
static const struct {
	const char *before, *after;
	enum finding_kind kind;
} messages[] = {
	{ "fatal error: '", "' file not found", FINDING_HEADER },
	{ "error: use of undeclared identifier '", "'", FINDING_NAME },
	{ "error: unknown type name '", "'", FINDING_NAME },
	{ "error: call to undeclared function '", "'", FINDING_NAME },
	{ "error: implicit declaration of function '", "'", FINDING_NAME },
	{ "warning: implicit declaration of function '", "'", FINDING_NAME },
	{ "error: no type named '", "'", FINDING_NAME },
	{ "error: no member named '", "' in the global namespace", FINDING_NAME },
	{ "error: macro 'netcx_try' has been marked as deprecated: ", SEH_MESSAGE, FINDING_SEH },
	{ "error: ", SEH_MESSAGE, FINDING_SEH },
};

/* Its warnings for kernel mode (command.c). */
static const struct {
	const char *text, *name;
} warnings[] = {
	{ "warning: declaration requires a global constructor", KERNEL_CXX_INITIALIZER },
	{ "warning: declaration requires an exit-time destructor", KERNEL_CXX_DESTRUCTOR },
};

/* "driver.cpp:12" of "driver.cpp:12:3: error: ...", the caller's; NULL when it is no such line. */
static char *place_of(const char *line, const char *message)
{
	const char *end = message;
	int colons = 0;

	/* Backwards over ": ", the column and its colon. */
	while (end > line && colons < 2) {
		end--;
		if (*end == ':')
			colons++;
		else if (!isdigit((unsigned char)*end) && *end != ' ')
			return NULL;
	}
	return end > line ? string_copy_n(line, (size_t)(end - line)) : NULL;
}

static void read_warning(struct findings *findings, const char *line)
{
	for (size_t i = 0; i < ARRAY_COUNT(warnings); i++) {
		const char *message = strstr(line, warnings[i].text);
		char *place = message ? place_of(line, message) : NULL;

		if (place)
			findings_add(findings, FINDING_KERNEL_CXX, warnings[i].name, place);
		free(place);
	}
}

static void read_line(struct findings *findings, const char *line)
{
	read_warning(findings, line);
	for (size_t i = 0; i < ARRAY_COUNT(messages); i++) {
		const char *message = strstr(line, messages[i].before);
		const char *name, *end;
		char *text, *place;

		if (!message)
			continue;
		name = message + strlen(messages[i].before);
		end = strstr(name, messages[i].after);
		if (!end)
			continue;
		text = string_copy_n(name, (size_t)(end - name));
		place = place_of(line, message);
		if (place)
			findings_add(findings, messages[i].kind, text, place);
		free(place);
		free(text);
		return;
	}
}

/* Without the terminal's escapes: ESC [ ... letter. */
static char *plain(const char *text)
{
	struct buffer result = { 0 };

	while (*text) {
		if (text[0] == '\033' && text[1] == '[') {
			text += 2;
			while (*text && !isalpha((unsigned char)*text))
				text++;
			text += *text != '\0';
			continue;
		}
		buffer_add_n(&result, text++, 1);
	}
	return buffer_take(&result);
}

void findings_read(struct findings *findings, const char *output)
{
	char *text = plain(output);
	struct strings lines = { 0 };

	strings_split(&lines, text, '\n');
	for (size_t i = 0; i < lines.count; i++)
		read_line(findings, lines.at[i]);
	strings_free(&lines);
	free(text);
}

/* A message begins here: what was left out has come to its end. */
static bool begins_message(const char *line)
{
	return strstr(line, "error: ") || strstr(line, "warning: ") || strstr(line, "generated.") ||
	       strncmp(line, "In file included from", 21) == 0;
}

char *findings_shown(const char *output)
{
	struct buffer shown = { 0 };
	bool left_out = false;

	while (*output) {
		size_t length = strcspn(output, "\n");
		char *line = string_copy_n(output, length + (output[length] == '\n'));

		if (strstr(line, SEH_MESSAGE))
			left_out = true;
		else if (begins_message(line))
			left_out = false;
		if (!left_out)
			buffer_add(&shown, line);
		output += strlen(line);
		free(line);
	}
	return buffer_take(&shown);
}

size_t findings_of_kind(const struct findings *findings, enum finding_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < findings->count; i++)
		count += findings->at[i].kind == kind;
	return count;
}

/*
 * By file, then by line, those without one last: compilers run side by side, and their messages
 * come as they end.
 */
static int by_place(const void *a, const void *b)
{
	const char *one = *(char *const *)a, *other = *(char *const *)b;
	size_t length = strcspn(one, ":"), other_length = strcspn(other, ":");
	int order = strncmp(one, other, length < other_length ? length : other_length);

	if (order || length != other_length)
		return order ? order : length < other_length ? -1 : 1;
	if (!one[length] || !other[length])
		return !one[length] - !other[length];
	return atoi(one + length + 1) - atoi(other + length + 1);
}

static void print_one(const struct finding *finding, FILE *to)
{
	const struct strings *places = &finding->places;

	if (places->count)
		qsort(places->at, places->count, sizeof(*places->at), by_place);
	fprintf(to, "  %-40s", finding->name);
	for (size_t i = 0; i < finding->places.count && i < PLACES_SHOWN; i++)
		fprintf(to, "%s %s", i ? "," : "", finding->places.at[i]);
	if (finding->places.count > PLACES_SHOWN)
		fprintf(to, " and %zu more", finding->places.count - PLACES_SHOWN);
	if (finding->note)
		fprintf(to, ": %s", finding->note);
	fputc('\n', to);
}

/* A function that C has called without a declaration is missing twice. */
static void drop_repeated(struct findings *findings)
{
	size_t kept = 0;

	for (size_t i = 0; i < findings->count; i++) {
		struct finding one = findings->at[i];

		if (one.kind == FINDING_SYMBOL && look_up(findings, FINDING_NAME, one.name)) {
			free_finding(&one);
			continue;
		}
		findings->at[kept++] = one;
	}
	findings->count = kept;
}

/* Those that nobody knows and that netcx may lack. */
static size_t ours(const struct findings *findings)
{
	size_t count = 0;

	for (size_t i = 0; i < findings->count; i++)
		count += findings->at[i].kind < FINDING_SEH && !findings->at[i].note;
	return count;
}

static int by_name(const void *a, const void *b)
{
	const struct finding *one = a, *other = b;

	return strcmp(one->name, other->name);
}

/* In a project with ExceptionHandling it has one, in newer commits for MSVC alone. */
#define WIL_SEH "wil/result_macros.h:"

static void advise_against_seh(const struct findings *findings, FILE *to)
{
	bool wil = false;

	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *f = &findings->at[i];

		for (size_t at = 0; f->kind == FINDING_SEH && at < f->places.count; at++)
			wil = wil || strstr(f->places.at[at], WIL_SEH);
	}
	fputs("Instead of __try: goto or a function's return to clean up, a check before an access to guard it; an access that\n"
	      "fails ends the run with its file and line. `#ifdef _MSC_VER` keeps __try for Windows.\n",
	      to);
	if (wil)
		fputs("wil's newer commits keep their own so: take one of them, or leave out ExceptionHandling.\n",
		      to);
}

void findings_print(struct findings *findings, FILE *to)
{
	static const char *const titles[] = {
		[FINDING_HEADER] = "headers that are not found",
		[FINDING_NAME] = "names that no header declares",
		[FINDING_SYMBOL] = "functions that this netcx does not have",
		[FINDING_SEH] = "structured exception handling, which there is not on Linux",
		[FINDING_KERNEL_CXX] = "warning: C++ that works here and not in Windows' kernel",
	};

	if (findings->count == 0)
		return;
	drop_repeated(findings);
	qsort(findings->at, findings->count, sizeof(*findings->at), by_name);
	for (int kind = FINDING_HEADER; kind <= FINDING_KERNEL_CXX; kind++) {
		if (findings_of_kind(findings, kind) == 0)
			continue;
		fprintf(to, "netcx: build: %s:\n", titles[kind]);
		for (size_t i = 0; i < findings->count; i++) {
			if ((int)findings->at[i].kind == kind)
				print_one(&findings->at[i], to);
		}
	}
	if (findings_of_kind(findings, FINDING_SEH))
		advise_against_seh(findings, to);
	if (ours(findings))
		fputs("What belongs to Windows and not to the driver is ours to add: please tell us,\n" PROJECT_ISSUES
		      "\n",
		      to);
}

static void print_member(FILE *to, const char *name, const char *text)
{
	fprintf(to, "\"%s\":", name);
	json_text_print(to, text);
}

static void print_object(const struct finding *finding, FILE *to)
{
	static const char *const kinds[] = {
		[FINDING_HEADER] = "header",
		[FINDING_NAME] = "name",
		[FINDING_SYMBOL] = "function",
		[FINDING_SEH] = "seh",
	};

	fputc('{', to);
	print_member(to, "kind", kinds[finding->kind]);
	fputc(',', to);
	print_member(to, "name", finding->name);
	if (finding->note) {
		fputc(',', to);
		print_member(to, "note", finding->note);
	}
	fputs(",\"places\":[", to);
	for (size_t i = 0; i < finding->places.count; i++) {
		fputs(i ? "," : "", to);
		json_text_print(to, finding->places.at[i]);
	}
	fputs("]}", to);
}

void findings_answer(const struct findings *findings, const char *driver, const char *error)
{
	fputc('{', stdout);
	if (driver)
		print_member(stdout, "driver", driver);
	else
		print_member(stdout, "error", *error ? error : "something is missing");
	fputs(",\"missing\":[", stdout);
	for (size_t i = 0; i < findings->count; i++) {
		fputs(i ? "," : "", stdout);
		print_object(&findings->at[i], stdout);
	}
	fputs("]}\n", stdout);
}

void findings_free(struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		free_finding(&findings->at[i]);
	free(findings->at);
	*findings = (struct findings){ 0 };
}
