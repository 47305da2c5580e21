/* SPDX-License-Identifier: MIT */
/* Format: the LLVM Language Reference, "Functions", "Global Variables", "Attribute Groups". */
#include "build/inline.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "build/strings.h"

/* One of several equal definitions; kept although nothing in its own object may need it. */
#define LINK_ONCE "weak_odr "

struct module {
	struct strings groups;    /* "#3": attributes of functions that the source calls inline */
	struct strings functions; /* "@twice": those that became LINK_ONCE */
};

static bool begins(const char *line, const char *with)
{
	return strncmp(line, with, strlen(with)) == 0;
}

/* "attributes #3 = { inlinehint nounwind ... }" */
static void read_group(struct module *m, const char *line)
{
	const char *name = strchr(line, '#');
	size_t length = strcspn(name, " ");

	if (strstr(line, " inlinehint ") || strstr(line, " alwaysinline "))
		strings_add(&m->groups, string_copy_n(name, length));
}

/* Behind the parameters: "define i32 @twice(i32 noundef %0) #3 !dbg !20 {" */
static bool is_inline(const struct module *m, const char *line)
{
	const char *hash = strrchr(line, ')');
	bool found;
	char *name;

	hash = hash ? strchr(hash, '#') : NULL;
	if (!hash)
		return false;
	name = string_copy_n(hash, strcspn(hash, " "));
	found = strings_has(&m->groups, name);
	free(name);
	return found;
}

/* External linkage is the one without a word. */
static bool is_external(const char *line)
{
	static const char *const linkages[] = { "internal ", "private ", "linkonce", "weak",
						"extern_weak " };

	for (size_t i = 0; i < ARRAY_COUNT(linkages); i++) {
		if (begins(line, linkages[i]))
			return false;
	}
	return true;
}

/* A line that begins with "define ". */
static void write_function(struct module *m, struct buffer *to, const char *line)
{
	static const char only_inline[] = "available_externally ";
	const char *rest = line + strlen("define "), *name = strchr(line, '@');
	bool extern_inline = is_external(rest) && is_inline(m, line);

	if (!begins(rest, only_inline) && !extern_inline) {
		buffer_add(to, line);
		return;
	}
	if (begins(rest, only_inline))
		rest += strlen(only_inline);
	buffer_add_format(to, "define " LINK_ONCE "%s", rest);
	if (name)
		strings_add(&m->functions, string_copy_n(name, strcspn(name, "(")));
}

/* "@twice.count = internal global ...": the static variable "count" of twice(). */
static bool is_variable_of(const struct module *m, const char *line)
{
	const char *dot = strchr(line, '.');
	size_t length = strcspn(line, " ");
	bool found;
	char *name;

	/* A second one of that name, in an inner block, has a number behind it that is its
	 * object's. */
	if (!dot || dot > line + length || isdigit((unsigned char)line[length - 1]) ||
	    !begins(line + length, " = internal global "))
		return false;
	name = string_copy_n(line, (size_t)(dot - line));
	found = strings_has(&m->functions, name);
	free(name);
	return found;
}

static void write_variable(const struct module *m, struct buffer *to, const char *line)
{
	static const char is[] = " = internal ";
	size_t length = strcspn(line, " ");

	if (!is_variable_of(m, line)) {
		buffer_add(to, line);
		return;
	}
	buffer_add_n(to, line, length);
	buffer_add_format(to, " = " LINK_ONCE "hidden %s", line + length + strlen(is));
}

/* Calls @write for each line, with its newline. */
static char *each_line(struct module *m, const char *text,
		       void (*write)(struct module *m, struct buffer *to, const char *line))
{
	struct buffer result = { 0 };

	while (*text) {
		size_t length = strcspn(text, "\n");
		char *line = string_copy_n(text, length + (text[length] == '\n'));

		write(m, &result, line);
		text += strlen(line);
		free(line);
	}
	return buffer_take(&result);
}

static void groups(struct module *m, struct buffer *to, const char *line)
{
	if (begins(line, "attributes #"))
		read_group(m, line);
	(void)to;
}

static void functions(struct module *m, struct buffer *to, const char *line)
{
	if (begins(line, "define "))
		write_function(m, to, line);
	else
		buffer_add(to, line);
}

static void variables(struct module *m, struct buffer *to, const char *line)
{
	if (*line == '@')
		write_variable(m, to, line);
	else
		buffer_add(to, line);
}

char *inline_link_once(const char *text)
{
	struct module m = { 0 };
	char *linked, *result;

	free(each_line(&m, text, groups));
	linked = each_line(&m, text, functions);
	result = each_line(&m, linked, variables);
	free(linked);
	strings_free(&m.groups);
	strings_free(&m.functions);
	return result;
}

/* The caller's; NULL and errno when it cannot be read. */
static char *read_text(const char *file)
{
	struct buffer text = { 0 };
	char block[65536];
	size_t n;
	FILE *from = fopen(file, "re");
	bool bad;

	if (!from)
		return NULL;
	while ((n = fread(block, 1, sizeof(block), from)) > 0)
		buffer_add_n(&text, block, n);
	bad = ferror(from);
	fclose(from);
	if (!bad)
		return buffer_take(&text);
	buffer_free(&text);
	errno = EIO;
	return NULL;
}

int inline_link_once_file(const char *file)
{
	char *text = read_text(file), *linked;
	FILE *to = text ? fopen(file, "we") : NULL;
	int result = to ? 0 : -errno;

	if (to) {
		linked = inline_link_once(text);
		if (fputs(linked, to) < 0)
			result = -errno;
		if (fclose(to) < 0 && result == 0)
			result = -errno;
		free(linked);
	}
	free(text);
	return result;
}
