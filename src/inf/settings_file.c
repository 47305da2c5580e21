/* SPDX-License-Identifier: MIT */
#include "inf/settings_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/output.h"

/* A name as one part of a path. */
static void append_name(char *path, size_t size, const char *name)
{
	size_t used = strlen(path);

	/* No ".", no "..", nothing hidden. */
	if (name[0] == '.' && used + 1 < size)
		path[used++] = '_';
	for (name += name[0] == '.'; *name && used + 1 < size; name++)
		path[used++] = *name == '/' ? '_' : *name;
	path[used] = '\0';
}

bool settings_path(const char *folder, const char *driver, const char *adapter, char *path,
		   size_t size)
{
	if (strlen(folder) + strlen(driver) + strlen(adapter) + sizeof("//.conf") > size)
		return false;
	snprintf(path, size, "%s/", folder);
	append_name(path, size, driver);
	strcat(path, "/");
	append_name(path, size, adapter);
	strcat(path, ".conf");
	return true;
}

static bool is_setting(const char *line)
{
	line += strspn(line, " \t");
	return *line && *line != '#';
}

/* No file; nor one in a folder that is another user's, such as root's home without being root. */
static bool has_none(const char *path)
{
	char folder[SETTINGS_PATH_MAX];
	const char *slash = strrchr(path, '/');

	if (errno == ENOENT || errno == ENOTDIR)
		return true;
	snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - path) : 0, path);
	return errno == EACCES && access(folder, X_OK) != 0;
}

int settings_each(const char *path, bool (*visit)(void *context, unsigned number, const char *line),
		  void *context)
{
	FILE *file = file_open_regular(path);
	unsigned number = 0;
	size_t room = 0;
	char *line = NULL;
	int result = 0;

	if (!file) {
		result = -errno;
		return has_none(path) ? 0 : result;
	}
	while (result == 0 && getline(&line, &room, file) >= 0) {
		number++;
		line[strcspn(line, "\r\n")] = '\0';
		if (is_setting(line) && !visit(context, number, line))
			result = -ECANCELED;
	}
	if (result == 0 && ferror(file))
		result = -EIO;
	free(line);
	fclose(file);
	return result;
}

static int make_folders(const char *path)
{
	char folder[SETTINGS_PATH_MAX];

	for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
		if (mkdir(folder, 0777) && errno != EEXIST)
			return -errno;
	}
	return 0;
}

static bool sets(const char *line, const char *keyword)
{
	size_t n = strlen(keyword);

	return strncasecmp(line, keyword, n) == 0 && line[n] == '=';
}

/* The old file's lines into the new one, the keyword's replaced where it stands first. */
static bool copy_lines(FILE *from, FILE *to, const char *keyword, const char *value)
{
	size_t room = 0;
	char *line = NULL;
	bool put = !value;

	while (from && getline(&line, &room, from) >= 0) {
		line[strcspn(line, "\r\n")] = '\0';
		if (!sets(line, keyword)) {
			fprintf(to, "%s\n", line);
		} else if (!put) {
			fprintf(to, "%s=%s\n", keyword, value);
			put = true;
		}
	}
	free(line);
	if (!put)
		fprintf(to, "%s=%s\n", keyword, value);
	return !(from && ferror(from)) && fflush(to) == 0 && fsync(fileno(to)) == 0;
}

/* Closes @to. */
static int write_settings(FILE *from, FILE *to, const char *keyword, const char *value)
{
	int error = 0;

	if (!from)
		fprintf(to,
			"# Settings of a network adapter, written by `netcx set`. They count when the adapter starts.\n");
	if (!copy_lines(from, to, keyword, value))
		error = -errno;
	if (fclose(to) != 0 && error == 0)
		error = -errno;
	return error;
}

/* In a new file that takes the old one's place, which keeps its permissions. */
static int replace(const char *path, FILE *from, const char *keyword, const char *value)
{
	struct stat old;
	char *fresh;
	int fd = output_fresh(path, 0666, &fresh), error;
	FILE *to = fd >= 0 ? fdopen(fd, "w") : NULL;

	if (!to) {
		error = -errno;
		if (fd >= 0)
			close(fd);
	} else {
		if (from && fstat(fileno(from), &old) == 0)
			fchmod(fd, old.st_mode & 0777);
		error = write_settings(from, to, keyword, value);
	}
	if (error == 0 && rename(fresh, path) != 0)
		error = -errno;
	if (error && fd >= 0)
		unlink(fresh);
	free(fresh);
	return error;
}

int settings_put(const char *path, const char *keyword, const char *value)
{
	int error = make_folders(path);
	FILE *from;

	if (error)
		return error;
	from = file_open_regular(path);
	if (!from && errno != ENOENT)
		return -errno;
	error = replace(path, from, keyword, value);
	if (from)
		fclose(from);
	return error;
}
