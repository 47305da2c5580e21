/* SPDX-License-Identifier: MIT */
#include "build/wpp/files.h"

#include <stdlib.h>
#include <string.h>

#include "build/lexer.h"
#include "build/path.h"

#define MOST_FILES 1024

/* Behind #include: "name" or <name>. Return: the caller's, or NULL. */
static char *included(struct lexer *l)
{
	struct token token;
	const char *end;

	if (!lexer_next(l, &token))
		return NULL;
	if (token.kind == TOKEN_TEXT && *token.at == '"' && token.length > 2)
		return string_copy_n(token.at + 1, token.length - 2);
	if (!token_is(&token, "<"))
		return NULL;
	end = memchr(l->at, '>', (size_t)(l->end - l->at));
	return end ? string_copy_n(l->at, (size_t)(end - l->at)) : NULL;
}

void wpp_includes(struct strings *names, const char *text)
{
	struct lexer l;
	struct token token;

	lexer_begin(&l, text, strlen(text));
	while (lexer_next(&l, &token)) {
		bool line = token.starts_line && token_is(&token, "#");
		char *name;

		if (!line || !lexer_next(&l, &token) || !token_is(&token, "include"))
			continue;
		name = included(&l);
		if (name)
			strings_add(names, name);
	}
}

static bool has(const struct wpp_files *files, const char *path)
{
	for (size_t i = 0; i < files->count; i++) {
		if (strcmp(files->at[i].path, path) == 0)
			return true;
	}
	return false;
}

/* Takes @path over. */
static void add(struct wpp_files *files, char *path)
{
	const char *why;
	char *text = path && files->count < MOST_FILES && !has(files, path)
			     ? path_read_text("", path, &why)
			     : NULL;

	if (!text) {
		free(path);
		return;
	}
	files->at = array_resize(files->at, files->count + 1, sizeof(*files->at));
	files->at[files->count++] = (struct wpp_file){ path, text };
}

static char *find(const char *name, const char *from, const struct strings *folders)
{
	char *folder = path_folder(from), *found = path_find(folder, name);

	free(folder);
	for (size_t i = 0; i < folders->count && !found; i++)
		found = path_find(folders->at[i], name);
	return found;
}

void wpp_files_read(struct wpp_files *files, const char *source, const struct strings *folders)
{
	add(files, string_copy(source));
	for (size_t i = 0; i < files->count; i++) {
		struct strings names = { 0 };

		wpp_includes(&names, files->at[i].text);
		for (size_t n = 0; n < names.count; n++)
			add(files, find(names.at[n], files->at[i].path, folders));
		strings_free(&names);
	}
}

void wpp_files_free(struct wpp_files *files)
{
	for (size_t i = 0; i < files->count; i++) {
		free(files->at[i].path);
		free(files->at[i].text);
	}
	free(files->at);
	*files = (struct wpp_files){ 0 };
}
