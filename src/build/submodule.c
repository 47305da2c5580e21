/* SPDX-License-Identifier: MIT */
#include "build/submodule.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "build/path.h"

/* One [submodule "..."] of a .gitmodules. */
struct submodule {
	char *path, *url;
};

static void forget(struct submodule *one)
{
	free(one->path);
	free(one->url);
	*one = (struct submodule){ 0 };
}

/* git-config(1): "path = wil", with blanks anywhere; a value may stand in double quotes. */
static void read_value(const char *line, const char *key, char **value)
{
	const char *at = line + strlen(key);
	char *text;

	if (strncmp(line, key, strlen(key)) != 0 || at[strspn(at, " \t")] != '=')
		return;
	text = string_trim(strchr(at, '=') + 1);
	free(*value);
	*value = text[0] == '"' ? string_copy_n(text + 1, strcspn(text + 1, "\""))
				: string_copy(text);
	free(text);
}

static bool is_empty(const char *folder)
{
	DIR *directory = opendir(folder);
	const struct dirent *entry;
	bool empty = true;

	while (directory && (entry = readdir(directory)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			empty = false;
	if (directory)
		closedir(directory);
	return empty;
}

static bool is_below(const char *folder, const char *root)
{
	size_t length = strlen(root);

	return strncmp(folder, root, length) == 0 &&
	       (folder[length] == '/' || folder[length] == '\0');
}

/* What fetches it, the caller's: an archive of the sources is no repository that could. */
static char *command_for(const struct submodule *one, const char *root)
{
	char *git = path_join(root, ".git"), *command;
	bool repository = path_is_folder(git) || path_is_file(git);

	if (repository || !one->url)
		command = string_format("git -C %s submodule update --init %s", root, one->path);
	else
		command = string_format("git clone %s %s/%s", one->url, root, one->path);
	free(git);
	return command;
}

/* Does @folder lie in this one, and is it empty? Return: the sentence, or NULL. */
static char *check(const struct submodule *one, const char *root, const char *folder)
{
	char *module, *command, *sentence = NULL;

	if (!one->path || !*one->path)
		return NULL;
	module = path_join(root, one->path);
	if (is_below(folder, module) && is_empty(module)) {
		command = command_for(one, root);
		sentence = string_format("submodule %s is not there: %s", one->path, command);
		free(command);
	}
	free(module);
	return sentence;
}

static char *look_in(const char *root, const char *folder)
{
	const char *why;
	char *text = path_read_text(root, ".gitmodules", &why), *sentence = NULL;
	struct strings lines = { 0 };
	struct submodule one = { 0 };

	if (text)
		strings_split(&lines, text, '\n');
	for (size_t i = 0; i < lines.count && !sentence; i++) {
		char *line = string_trim(lines.at[i]);

		if (*line == '[') {
			sentence = check(&one, root, folder);
			forget(&one);
		}
		read_value(line, "path", &one.path);
		read_value(line, "url", &one.url);
		free(line);
	}
	if (!sentence)
		sentence = check(&one, root, folder);
	forget(&one);
	strings_free(&lines);
	free(text);
	return sentence;
}

/* A folder is looked for from the repository that it lies in up to the outermost one. */
static char *missing_for(const char *folder)
{
	char *root = string_copy(folder), *sentence = NULL;

	while (!sentence && strcmp(root, "/") != 0 && strcmp(root, ".") != 0) {
		char *above = path_folder(root);

		sentence = look_in(above, folder);
		free(root);
		root = above;
	}
	free(root);
	return sentence;
}

char *submodule_missing(const struct project *project)
{
	char *sentence = NULL;

	for (size_t i = 0; i < project->source_count && !sentence; i++) {
		const struct strings *folders = &project->sources[i].include_folders;

		for (size_t k = 0; k < folders->count && !sentence; k++)
			if (!path_is_folder(folders->at[k]))
				sentence = missing_for(folders->at[k]);
	}
	return sentence;
}
