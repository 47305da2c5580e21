/* SPDX-License-Identifier: MIT */
#include "build/kernel_names.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "build/jobs.h"

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
	static const char *const options[] = { "-E",
					       "-dD",
					       "-x",
					       "c",
					       "-std=gnu17",
					       "-fms-extensions",
					       "-nostdlibinc",
					       "-fshort-wchar",
					       "-D_KERNEL_MODE" };
	char *source = string_format("%s/kernel.c", temporary), *text = NULL;
	struct strings command = { 0 };

	strings_copy(&command, compiler->path);
	for (size_t i = 0; i < ARRAY_COUNT(options); i++)
		strings_copy(&command, options[i]);
	strings_format(&command, "-I%s/wdk", include_root);
	strings_copy(&command, source);
	if (write_source(source))
		text = command_output(&command);
	strings_free(&command);
	free(source);
	return text;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* A word of them? */
static bool have(const char *headers, const char *name)
{
	size_t length = strlen(name);
	const char *at = headers;

	while (length && (at = strstr(at, name))) {
		if ((at == headers || !is_word(at[-1])) && !is_word(at[length]))
			return true;
		at += length;
	}
	return false;
}

void kernel_names_note(struct findings *findings, const struct compiler *compiler,
		       const char *include_root, const char *temporary)
{
	char *headers = findings_of_kind(findings, FINDING_NAME) && temporary
				? read_headers(compiler, include_root, temporary)
				: NULL;

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
