/* SPDX-License-Identifier: MIT */
/*
 * A driver with counters has in it where they are to be written: NAME.gcda. Beside it lies
 * NAME.gcno, which says whose format both are in. gcov prints sources with counts:
 * "count:line:text".
 */
#include "test/coverage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/array.h"

#define SUFFIX     ".gcda"
#define MOST_PATH  4096
#define MOST_LINES 200000

static bool grow(void *array, size_t count, size_t size)
{
	void **at = array, *more;

	if (count & (count - 1))
		return true;
	more = realloc(*at, (count ? count * 2 : 1) * size);
	if (more)
		*at = more;
	return more;
}

static bool is_ours(const char *path)
{
	static const char *const others[] = { "/usr/", "/netadaptercx/", "/include/wdk/",
					      "/include/um/", "/include/crt/" };

	for (size_t i = 0; i < ARRAY_COUNT(others); i++) {
		if (strstr(path, others[i]))
			return false;
	}
	return true;
}

static struct coverage_file *file_of(struct coverage *c, const char *path)
{
	for (size_t i = 0; i < c->file_count; i++) {
		if (!strcmp(c->files[i].path, path))
			return &c->files[i];
	}
	if (!grow(&c->files, c->file_count, sizeof(*c->files)))
		return NULL;
	c->files[c->file_count] = (struct coverage_file){ .path = strdup(path) };
	return c->files[c->file_count].path ? &c->files[c->file_count++] : NULL;
}

/* "-", "#####", "=====" (only reached by exceptions), "12", "12*" (not all of it ran) */
static long read_count(const char *text)
{
	text += strspn(text, " ");
	if (*text == '-')
		return COVERAGE_NO_CODE;
	return *text >= '0' && *text <= '9' ? strtol(text, NULL, 10) : 0;
}

/* A header's line is told by each file that includes it. */
static void note_line(struct coverage_file *file, size_t number, long count, const char *text)
{
	struct coverage_line *line;

	if (number == file->line_count + 1 && number <= MOST_LINES) {
		if (!grow(&file->lines, file->line_count, sizeof(*file->lines)))
			return;
		line = &file->lines[file->line_count++];
		*line = (struct coverage_line){ COVERAGE_NO_CODE, strdup(text) };
	}
	if (!number || number > file->line_count || count == COVERAGE_NO_CODE)
		return;
	line = &file->lines[number - 1];
	line->count = line->count == COVERAGE_NO_CODE ? count : line->count + count;
}

static void read_listing(struct coverage *c, FILE *from)
{
	struct coverage_file *file = NULL;
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	while ((n = getline(&line, &room, from)) > 0) {
		char *colon = strchr(line, ':'), *end;
		unsigned long number = colon ? strtoul(colon + 1, &end, 10) : 0;

		if (!colon || *end != ':')
			continue;
		line[strcspn(line, "\r\n")] = '\0';
		if (number)
			file ? note_line(file, number, read_count(line), end + 1) : (void)0;
		else if (!strncmp(end + 1, "Source:", 7))
			file = is_ours(end + 8) ? file_of(c, end + 8) : NULL;
	}
	free(line);
}

/* Return: a file with what it has printed, or NULL. */
static FILE *listing(const char *const *command, const char *folder, int *status)
{
	int fd = memfd_create("gcov", MFD_CLOEXEC);
	pid_t pid = fd >= 0 ? fork() : -1;

	if (pid == 0) {
		int nothing = open("/dev/null", O_RDWR);

		dup2(nothing, STDIN_FILENO);
		dup2(fd, STDOUT_FILENO);
		dup2(nothing, STDERR_FILENO);
		if (chdir(folder) == 0)
			execvp(command[0], (char *const *)command);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, status, 0) != pid) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	lseek(fd, 0, SEEK_SET);
	return fdopen(fd, "r");
}

/* The notes' version: "B22*" of gcc 12, "408*" of clang, from the last byte to the first. */
static bool is_clangs(const char *notes, bool *there)
{
	char begin[8] = "";
	int fd = open(notes, O_RDONLY | O_CLOEXEC);

	*there = fd >= 0 && read(fd, begin, sizeof(begin)) == sizeof(begin);
	if (fd >= 0)
		close(fd);
	return begin[7] == '4' && begin[4] == '*';
}

static void missing(struct coverage *c, const char *what, const char *why)
{
	if (!*c->why)
		snprintf(c->why, sizeof(c->why), "%.380s: %.120s", what, why);
}

static void read_one(struct coverage *c, const char *counts)
{
	const char *slash = strrchr(counts, '/');
	char notes[MOST_PATH], folder[MOST_PATH];
	const char *command[7];
	bool there, clangs;
	int status, n = 0;
	FILE *text;

	snprintf(notes, sizeof(notes), "%.*s.gcno", (int)(strlen(counts) - strlen(SUFFIX)), counts);
	snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - counts + 1) : 2,
		 slash ? counts : "./");
	clangs = is_clangs(notes, &there);
	if (!there || access(counts, R_OK) != 0) {
		missing(c, there ? counts : notes, strerror(errno));
		return;
	}
	command[n++] = clangs ? "llvm-cov" : "gcov";
	if (clangs)
		command[n++] = "gcov";
	command[n++] = "-t";
	command[n++] = "-o";
	command[n++] = folder;
	command[n++] = slash ? slash + 1 : counts;
	command[n] = NULL;
	text = listing(command, folder, &status);
	if (!text || status != 0)
		missing(c, command[0],
			WIFEXITED(status) && WEXITSTATUS(status) == 127
				? "it is not installed, and reads a driver's counts"
				: "it does not read the driver's counts");
	if (text) {
		read_listing(c, text);
		fclose(text);
	}
}

static bool has_notes(const char *counts)
{
	char notes[MOST_PATH];

	snprintf(notes, sizeof(notes), "%.*s.gcno", (int)(strlen(counts) - strlen(SUFFIX)), counts);
	return access(notes, R_OK) == 0;
}

/* A text that ends as a path does; what stands before it need not end as a text does. */
static void read_path(struct coverage *c, const char *text)
{
	const char *first = strchr(text, '/');

	for (const char *at = first; at; at = strchr(at + 1, '/')) {
		if (has_notes(at)) {
			read_one(c, at);
			return;
		}
	}
	if (first)
		missing(c, first, "neither the notes of the compiler nor the counts are there");
}

/* Each text in the file that ends as the counters' files do. */
static void find_counts(struct coverage *c, const char *bytes, size_t length)
{
	static const char end[] = SUFFIX; /* with its terminator */
	const char *at = bytes;

	while ((at = memmem(at, length - (size_t)(at - bytes), end, sizeof(end)))) {
		const char *start = at;

		while (start > bytes && start[-1])
			start--;
		at += sizeof(end);
		if ((size_t)(at - start) < MOST_PATH)
			read_path(c, start);
	}
}

static void count_up(struct coverage_file *file)
{
	for (size_t i = 0; i < file->line_count; i++) {
		file->code += file->lines[i].count != COVERAGE_NO_CODE;
		file->ran += file->lines[i].count > 0;
	}
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct coverage_file *)a)->path,
		      ((const struct coverage_file *)b)->path);
}

void coverage_read(struct coverage *c, const char *driver)
{
	int fd = open(driver, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *bytes = MAP_FAILED;

	*c = (struct coverage){ 0 };
	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0)
		bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (fd >= 0)
		close(fd);
	if (bytes != MAP_FAILED) {
		find_counts(c, bytes, (size_t)st.st_size);
		munmap(bytes, (size_t)st.st_size);
	}
	for (size_t i = 0; i < c->file_count; i++)
		count_up(&c->files[i]);
	if (c->file_count)
		qsort(c->files, c->file_count, sizeof(*c->files), by_path);
	else if (!*c->why)
		snprintf(c->why, sizeof(c->why),
			 "the driver was not built with --coverage, so its lines are not counted");
}

void coverage_free(struct coverage *c)
{
	for (size_t i = 0; i < c->file_count; i++) {
		for (size_t k = 0; k < c->files[i].line_count; k++)
			free(c->files[i].lines[k].text);
		free(c->files[i].lines);
		free(c->files[i].path);
	}
	free(c->files);
	*c = (struct coverage){ 0 };
}
