/* SPDX-License-Identifier: MIT */
#include "build/path.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#define DEEPEST         32            /* levels of folders, against loops of symbolic links */
#define LONGEST_TEXT    (1024 * 1024) /* bytes of a file that is read as a whole */
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"
#define WIDEST          20000 /* folders that a pattern may lead through: a project is smaller */

char *path_join(const char *folder, const char *path)
{
	char *joined = *path == '/' || *path == '\\' || *folder == '\0'
			       ? string_copy(path)
			       : string_format("%s/%s", folder, path);

	for (char *c = joined; *c; c++) {
		if (*c == '\\')
			*c = '/';
	}
	return joined;
}

char *path_absolute(const char *path)
{
	char *here = *path == '/' ? string_copy("") : getcwd(NULL, 0);
	char *joined = string_format("%s/%s", here ? here : "", path);
	struct strings parts = { 0 };
	struct buffer result = { 0 };

	strings_split(&parts, joined, '/');
	for (size_t i = 0, kept = 0; i < parts.count; i++) {
		if (strcmp(parts.at[i], ".") == 0)
			continue;
		if (strcmp(parts.at[i], "..") == 0) {
			while (kept && result.length && result.at[result.length - 1] != '/')
				result.at[--result.length] = '\0';
			if (kept) {
				result.at[--result.length] = '\0';
				kept--;
			}
			continue;
		}
		buffer_add_format(&result, "/%s", parts.at[i]);
		kept++;
	}
	if (result.length == 0)
		buffer_add(&result, "/");
	strings_free(&parts);
	free(joined);
	free(here);
	return buffer_take(&result);
}

/* The name in a folder that equals @name but for letter case: itself first. Caller's, or NULL. */
static char *find_name(const char *folder, const char *name)
{
	char *exact = string_format("%s/%s", folder, name);
	char *found = NULL;
	struct dirent *entry;
	DIR *dir;

	if (access(exact, F_OK) == 0) {
		free(exact);
		return string_copy(name);
	}
	free(exact);
	dir = opendir(*folder ? folder : "/");
	while (dir && !found && (entry = readdir(dir))) {
		if (string_same(entry->d_name, name))
			found = string_copy(entry->d_name);
	}
	if (dir)
		closedir(dir);
	return found;
}

char *path_find(const char *folder, const char *path)
{
	char *joined = path_join(folder, path);
	char *absolute = path_absolute(joined);
	struct strings parts = { 0 };
	struct buffer result = { 0 };
	bool found = true;

	if (access(absolute, F_OK) != 0) {
		strings_split(&parts, absolute, '/');
		buffer_add(&result, "");
		for (size_t i = 0; found && i < parts.count; i++) {
			char *name = find_name(result.at, parts.at[i]);

			found = name;
			buffer_add_format(&result, "/%s", found ? name : "");
			free(name);
		}
		free(absolute);
		absolute = found ? buffer_take(&result) : NULL;
	}
	buffer_free(&result);
	strings_free(&parts);
	free(joined);
	return absolute;
}

const char *path_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

char *path_folder(const char *path)
{
	const char *name = path_name(path);

	if (name == path)
		return string_copy(".");
	return name == path + 1 ? string_copy("/") : string_copy_n(path, (size_t)(name - path) - 1);
}

const char *path_extension(const char *path)
{
	const char *name = path_name(path);
	const char *dot = strrchr(name, '.');

	return dot && dot != name ? dot : name + strlen(name);
}

char *path_stem(const char *path)
{
	const char *name = path_name(path);

	return string_copy_n(name, (size_t)(path_extension(path) - name));
}

bool path_is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

bool path_is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

char *path_read_text(const char *folder, const char *path, const char **why)
{
	char *found = *path ? path_find(folder, path) : NULL, *text;
	FILE *file = found ? file_open_regular(found) : NULL;
	size_t size;

	free(found);
	*why = "cannot be read";
	if (!file)
		return NULL;
	text = array_new(LONGEST_TEXT + 1, 1);
	size = fread(text, 1, LONGEST_TEXT + 1, file);
	if (size > LONGEST_TEXT)
		*why = "is longer than 1 MB";
	else if (memchr(text, '\0', size))
		*why = "is not in UTF-8";
	else if (!ferror(file))
		*why = NULL;
	fclose(file);
	if (!*why && strncmp(text, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)) == 0)
		memmove(text, text + strlen(BYTE_ORDER_MARK), size - strlen(BYTE_ORDER_MARK) + 1);
	if (!*why)
		return text;
	free(text);
	return NULL;
}

int path_make_folders(const char *folder)
{
	char *path = string_copy(folder);
	int result = 0;

	for (char *slash = path + 1; result == 0; slash++) {
		slash = strchrnul(slash, '/');
		char was = *slash;

		*slash = '\0';
		if (mkdir(path, 0777) < 0 && errno != EEXIST)
			result = -errno;
		*slash = was;
		if (was == '\0')
			break;
	}
	if (result == 0 && !path_is_folder(folder))
		result = -ENOTDIR;
	free(path);
	return result;
}

void path_remove_tree(const char *folder)
{
	struct dirent *entry;
	DIR *dir = opendir(folder);

	while (dir && (entry = readdir(dir))) {
		char *path;
		struct stat st;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		path = string_format("%s/%s", folder, entry->d_name);
		if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
			path_remove_tree(path);
		else
			unlink(path);
		free(path);
	}
	if (dir)
		closedir(dir);
	rmdir(folder);
}

/* All but the folder itself and the one above: names with a dot in front are names. */
static int is_entry(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

bool path_fits(const char *name, const char *pattern)
{
	const char *star = NULL, *from = NULL;

	if (strcmp(pattern, "*.*") == 0)
		return true;
	while (*name) {
		if (*pattern == '*') {
			star = pattern++;
			from = name;
		} else if (*pattern == '?' ||
			   tolower((unsigned char)*pattern) == tolower((unsigned char)*name)) {
			pattern++;
			name++;
		} else if (star) {
			pattern = star + 1;
			name = ++from;
		} else {
			return false;
		}
	}
	return pattern[strspn(pattern, "*")] == '\0';
}

/* A search for one pattern. */
struct search {
	struct strings *found;
	unsigned folders;
};

static void glob_parts(struct search *s, const char *folder, char **parts, int depth);

static void glob_entry(struct search *s, const char *path, const char *name, char **parts,
		       int depth)
{
	bool any_depth = strcmp(parts[0], "**") == 0, last = !parts[1];

	if (!any_depth && !path_fits(name, parts[0]))
		return;
	if (path_is_folder(path) && (any_depth || !last))
		glob_parts(s, path, any_depth ? parts : parts + 1, depth + 1);
	else if (last && !any_depth && path_is_file(path))
		strings_copy(s->found, path);
}

/* A part without wildcards: there is one such folder at most. */
static void glob_given(struct search *s, const char *folder, char **parts, int depth)
{
	char *given = string_format("%s/%s", folder, parts[0]);
	char *next = path_find("", given);

	if (next && path_is_folder(next))
		glob_parts(s, next, parts + 1, depth + 1);
	free(next);
	free(given);
}

static void glob_parts(struct search *s, const char *folder, char **parts, int depth)
{
	bool any_depth = strcmp(parts[0], "**") == 0, last = !parts[1];
	struct dirent **entries;
	int count;

	if (depth > DEEPEST || ++s->folders > WIDEST)
		return;
	if (!any_depth && !last && !strpbrk(parts[0], "*?")) {
		glob_given(s, folder, parts, depth);
		return;
	}
	/* "**" is also no folder at all. */
	if (any_depth)
		glob_parts(s, folder, last ? (char *[]){ "*", NULL } : parts + 1, depth + 1);
	count = scandir(*folder ? folder : "/", &entries, is_entry, alphasort);
	for (int i = 0; i < count; i++) {
		char *path = string_format("%s/%s", folder, entries[i]->d_name);

		glob_entry(s, path, entries[i]->d_name, parts, depth);
		free(path);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

/* "**\**" finds what "**" finds. */
static void join_depths(struct strings *parts)
{
	size_t kept = 0;

	for (size_t i = 0; i < parts->count; i++) {
		if (kept && strcmp(parts->at[i], "**") == 0 &&
		    strcmp(parts->at[kept - 1], "**") == 0)
			free(parts->at[i]);
		else
			parts->at[kept++] = parts->at[i];
	}
	parts->count = kept;
	if (parts->at)
		parts->at[kept] = NULL;
}

/* A pattern as "**\x\**" comes to one file in several ways. */
static void add_once(struct strings *found, const struct strings *files,
		     const struct strings *parts)
{
	size_t first = found->count, depths = 0;

	for (size_t i = 0; i < parts->count; i++)
		depths += strcmp(parts->at[i], "**") == 0;
	for (size_t i = 0; i < files->count; i++) {
		const struct strings mine = { .at = first ? found->at + first : found->at,
					      .count = found->count - first };

		if (depths < 2 || !strings_has(&mine, files->at[i]))
			strings_copy(found, files->at[i]);
	}
}

void path_glob(struct strings *found, const char *folder, const char *pattern)
{
	char *joined = path_join(*pattern == '/' ? "" : folder, pattern);
	char *absolute = path_absolute(joined);
	struct strings files = { 0 }, parts = { 0 };
	struct search search = { .found = &files };

	strings_split(&parts, absolute, '/');
	join_depths(&parts);
	if (parts.count)
		glob_parts(&search, "", parts.at, 0);
	add_once(found, &files, &parts);
	strings_free(&files);
	strings_free(&parts);
	free(absolute);
	free(joined);
}

static int copy_bytes(int from, int to)
{
	char buffer[65536];
	ssize_t n;

	while ((n = read(from, buffer, sizeof(buffer))) > 0) {
		for (ssize_t done = 0, m; done < n; done += m) {
			m = write(to, buffer + done, (size_t)(n - done));
			if (m < 0)
				return -errno;
		}
	}
	return n < 0 ? -errno : 0;
}

int path_copy_file(const char *from, const char *to)
{
	char *unfinished = string_format("%s.%ld", to, (long)getpid());
	int result, in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	result = in < 0 || out < 0 ? -errno : copy_bytes(in, out);
	if (in >= 0)
		close(in);
	if (out >= 0 && close(out) < 0 && result == 0)
		result = -errno;
	if (result == 0 && rename(unfinished, to) < 0)
		result = -errno;
	if (result < 0)
		unlink(unfinished);
	free(unfinished);
	return result;
}
