/* SPDX-License-Identifier: MIT */
/* The configuration blocks in a source's comments, from begin_wpp to end_wpp. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "build/wpp/config.h"

/* One line of a block, blanks in the place of what makes it a comment; the columns stay. */
static void add_line(struct buffer *text, const char *line, size_t length)
{
	size_t i = 0;

	while (i < length &&
	       (isspace((unsigned char)line[i]) || line[i] == '/' || line[i] == '*')) {
		buffer_add(text, " ");
		i++;
	}
	buffer_add_n(text, line + i, length - i);
	buffer_add(text, "\n");
}

/* A line whose comment begins with that; in the middle of one it is talked of. */
static bool begins_with(const char *line, size_t length, const char *word)
{
	size_t n = strlen(word);

	while (length && (isspace((unsigned char)*line) || *line == '/' || *line == '*')) {
		line++;
		length--;
	}
	return length >= n && strncmp(line, word, n) == 0 &&
	       (length == n || !(isalnum((unsigned char)line[n]) || line[n] == '_'));
}

/* "config" in "// begin_wpp config"; the caller's */
static char *kind_of(const char *line, size_t length)
{
	const char *at = memmem(line, length, "begin_wpp", 9), *end = line + length;
	size_t n = 0;

	for (at += 9; at < end && isspace((unsigned char)*at);)
		at++;
	while (at + n < end && (isalnum((unsigned char)at[n]) || at[n] == '_'))
		n++;
	return string_copy_n(at, n);
}

/* A block being gathered. */
struct block {
	unsigned line; /* of begin_wpp; 0: none is open */
	char *kind;
	struct buffer text;
};

static void end_block(struct wpp_config *config, const char *file, struct block *b)
{
	char *text = buffer_take(&b->text);

	if (strcmp(b->kind, "config") == 0)
		wpp_config_read(config, file, b->line + 1, text);
	else if (strcmp(b->kind, "enum") != 0 && strcmp(b->kind, "func") != 0)
		strings_format(&config->errors,
			       "%s:%u: begin_wpp '%s': begin_wpp config is expected", file, b->line,
			       b->kind);
	free(text);
	free(b->kind);
	*b = (struct block){ 0 };
}

static void unended(struct wpp_config *config, const char *file, struct block *b)
{
	strings_format(
		&config->errors,
		"%s:%u: begin_wpp without an end_wpp: a block ends with a comment that says so",
		file, b->line);
	buffer_free(&b->text);
	free(b->kind);
	*b = (struct block){ 0 };
}

void wpp_config_scan(struct wpp_config *config, const char *file, const char *text)
{
	struct block b = { 0 };

	for (unsigned line = 1; *text; line++) {
		size_t length = strcspn(text, "\n");

		if (begins_with(text, length, "begin_wpp")) {
			if (b.line)
				unended(config, file, &b);
			b.line = line;
			b.kind = kind_of(text, length);
		} else if (b.line && begins_with(text, length, "end_wpp")) {
			end_block(config, file, &b);
		} else if (b.line) {
			add_line(&b.text, text, length);
		}
		text += length + (text[length] == '\n');
	}
	if (b.line)
		unended(config, file, &b);
}
