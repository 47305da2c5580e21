/* SPDX-License-Identifier: MIT */
#include "build/user_mode_names.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

static bool write_source(const char *path)
{
	FILE *file = fopen(path, "we");

	if (!file)
		return false;
	fputs("#include <ntddk.h>\n#include <ntstrsafe.h>\n#include <wdf.h>\n#include <ndis.h>\n",
	      file);
	return fclose(file) == 0;
}

/* The headers' text, the caller's; NULL: they could not be read. */
static char *read_headers(const struct compiler *compiler, const char *include_root,
			  const char *temporary)
{
	char *source = string_format("%s/kernel.c", temporary), *text = NULL;
	struct strings options = { 0 };

	strings_format(&options, "-I%s/wdk", include_root);
	if (write_source(source))
		text = compiler_read_headers(compiler, &options, source);
	strings_free(&options);
	free(source);
	return text;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Where the text behind a string or a character begins; @at: at its first quote. */
static const char *behind_quotes(const char *at)
{
	char quote = *at++;

	while (*at && *at != quote)
		at += at[0] == '\\' && at[1] ? 2 : 1;
	return *at ? at + 1 : at;
}

/* "#define NAME ..."; other lines of the preprocessor say nothing. */
static bool defines(const char *line, const char *name, size_t length)
{
	static const char define[] = "#define ";

	return !strncmp(line, define, sizeof(define) - 1) &&
	       !strncmp(line + sizeof(define) - 1, name, length) &&
	       !is_word(line[sizeof(define) - 1 + length]);
}

/*
 * Is the word that ends at @end what is declared there? A parameter is not, but "(*PFN_FOO)(", nor
 * is a member, but an enumerator.
 */
static bool declared_there(const char *end, int parentheses, int braces)
{
	end += strspn(end, " \n");
	if (parentheses)
		return parentheses == 1 && !braces && *end == ')' &&
		       end[1 + strspn(end + 1, " \n")] == '(';
	return !braces || *end == ',' || *end == '=' || *end == '}';
}

/* Do they declare it, or define it as a macro? */
static bool have(const char *headers, const char *name)
{
	size_t length = strlen(name);
	int parentheses = 0, braces = 0;

	for (const char *at = headers; *at;) {
		size_t word = 0;

		if (*at == '#' && (at == headers || at[-1] == '\n')) {
			if (defines(at, name, length))
				return true;
			at += strcspn(at, "\n");
			continue;
		}
		if (*at == '"' || *at == '\'') {
			at = behind_quotes(at);
			continue;
		}
		while (is_word(at[word]))
			word++;
		if (word == length && !strncmp(at, name, length) &&
		    declared_there(at + length, parentheses, braces))
			return true;
		parentheses += (*at == '(') - (*at == ')');
		braces += (*at == '{') - (*at == '}');
		at += word ? word : 1;
	}
	return false;
}

/* Files' completions, as nothing opens a file; and a thread's stack, which Linux makes as it needs.
 */
static void note_absent(struct findings *findings)
{
	static const char *const names[] = {
		"CreateThreadpoolIo",           "StartThreadpoolIo", "CancelThreadpoolIo",
		"WaitForThreadpoolIoCallbacks", "CloseThreadpoolIo", "SetThreadpoolStackInformation"
	};

	for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
		for (int kind = FINDING_NAME; kind <= FINDING_SYMBOL; kind++)
			findings_note(
				findings, (enum finding_kind)kind, names[i],
				string_copy("of Win32, and left out on purpose (docs/win32.md)"));
	}
}

void user_mode_names_note(struct findings *findings, const struct compiler *compiler,
			  const char *include_root, const char *temporary)
{
	char *headers = findings_of_kind(findings, FINDING_NAME) && temporary
				? read_headers(compiler, include_root, temporary)
				: NULL;

	note_absent(findings);
	for (size_t i = 0; i < findings->count && headers; i++) {
		const struct finding *f = &findings->at[i];

		if (f->kind == FINDING_NAME && !f->note && have(headers, f->name))
			findings_note(
				findings, FINDING_NAME, f->name,
				string_copy(
					"of kernel mode, which a user-mode driver (UMDF) has not"));
	}
	free(headers);
}
