/* SPDX-License-Identifier: MIT */
#include "base/output.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/stream.h"

/*
 * Bytes to a write: several pages, but so few that the page cache takes small folios for them. On
 * ext4 of Linux 6.18, a virtual machine, 32 KB take a seventh less CPU time of all, or three times
 * as much: large folios are made of what the machine below has taken back.
 */
#define BUFFER (24u << 10)

/* fresh_name() - beside @path; to be freed. Return: NULL and errno. */
static char *fresh_name(const char *path)
{
	uint64_t number;
	char *name;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		return NULL;
	if (asprintf(&name, "%s.%016" PRIx64, path, number) >= 0)
		return name;
	errno = ENOMEM;
	return NULL;
}

int output_fresh(const char *path, unsigned mode, char **fresh)
{
	int fd;

	do {
		*fresh = fresh_name(path);
		if (!*fresh)
			return -1;
		/* With O_EXCL not even a symbolic link is followed. */
		fd = open(*fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
		if (fd >= 0)
			return fd;
		free(*fresh);
	} while (errno == EEXIST);
	*fresh = NULL;
	return -1;
}

/* A file without a name in @path's folder, so that a process that is killed leaves none. */
static int open_nameless(const char *path)
{
	char *folder = strdup(path), *slash;
	int fd;

	if (!folder)
		return -1;
	slash = strrchr(folder, '/');
	if (slash)
		slash[slash == folder] = '\0';
	fd = open(slash ? folder : ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	free(folder);
	if (fd >= 0 && access("/proc/self/fd", X_OK) != 0) { /* by which it gets one */
		close(fd);
		fd = -1;
	}
	return fd;
}

/* give_name() - to what open_nameless() opened, beside @output->path */
static bool give_name(struct output *output)
{
	char from[40];

	snprintf(from, sizeof(from), "/proc/self/fd/%d", fileno(output->file));
	do {
		free(output->fresh);
		output->fresh = fresh_name(output->path);
		if (!output->fresh)
			return false;
		if (linkat(AT_FDCWD, from, AT_FDCWD, output->fresh, AT_SYMLINK_FOLLOW) == 0)
			return true;
	} while (errno == EEXIST);
	free(output->fresh);
	output->fresh = NULL;
	return false;
}

/* The new file is to be what the old one was to others. Whose it is, only root can hand on. */
static int open_beside(struct output *output, const struct stat *old)
{
	int fd;

	if (access(output->path, W_OK) != 0)
		return -1;
	output->replaces = true;
	fd = open_nameless(output->path);
	if (fd < 0)
		fd = output_fresh(output->path, 0600, &output->fresh);
	if (fd < 0)
		return -1;
	if (fchown(fd, old->st_uid, old->st_gid) != 0)
		errno = 0;
	fchmod(fd, old->st_mode & 0777);
	return fd;
}

static bool is_standard_output(const char *path)
{
	return !strcmp(path, "-") || !strcmp(path, "/dev/stdout") || !strcmp(path, "/dev/fd/1") ||
	       !strcmp(path, "/proc/self/fd/1");
}

/* is_descriptor() - a name of a file that somebody has open already, which is what is written to */
static bool is_descriptor(const char *path)
{
	return !strncmp(path, "/dev/fd/", 8) || !strncmp(path, "/proc/", 6);
}

static int open_descriptor(struct output *output, const char *path, const _Atomic bool *stop)
{
	struct stat status, link;
	bool missing;

	if (is_standard_output(path)) {
		output->standard = true;
		output->regular = fstat(STDOUT_FILENO, &status) == 0 && S_ISREG(status.st_mode);
		return fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
	}
	missing = stat(path, &status) != 0;
	output->appeared = missing && lstat(path, &link) != 0;
	output->regular = missing || S_ISREG(status.st_mode);
	if (!output->regular)
		return stream_open_path(path, true, stop);
	if (is_descriptor(path))
		return open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	output->path = missing ? strdup(path) : realpath(path, NULL);
	if (!output->path)
		return -1;
	if (!missing && status.st_size > 0)
		return open_beside(output, &status);
	return open(output->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
}

static void forget(struct output *output)
{
	int number = errno;

	free(output->fresh);
	free(output->path);
	free(output->buffer);
	*output = (struct output){ 0 };
	errno = number;
}

/* enlarge() - stdio would write page by page, of which most would be the system calls' time */
static void enlarge(struct output *output)
{
	if (!output->regular)
		return;
	output->buffer = malloc(BUFFER);
	if (output->buffer)
		setvbuf(output->file, output->buffer, _IOFBF, BUFFER);
}

bool output_open(struct output *output, const char *path, const _Atomic bool *stop)
{
	int fd;

	*output = (struct output){ 0 };
	fd = open_descriptor(output, path, stop);
	if (fd >= 0)
		output->file = output->regular ? fdopen(fd, "w") : stream_file(fd, true, stop);
	if (output->file) {
		enlarge(output);
		return true;
	}
	if (fd >= 0)
		close(fd);
	if (output->fresh)
		unlink(output->fresh);
	forget(output);
	return false;
}

static bool flush(struct output *output)
{
	if (ferror(output->file)) {
		errno = errno ? errno : EIO;
		return false;
	}
	if (fflush(output->file) != 0)
		return false;
	/* Only what replaces another has to be on the disk before that is gone. */
	return !output->replaces || fsync(fileno(output->file)) == 0;
}

bool output_close(struct output *output, bool whole)
{
	bool good;
	int number;

	if (!output->file)
		return true;
	if (!flush(output) || (output->replaces && whole && !output->fresh && !give_name(output))) {
		number = errno;
		output_discard(output);
		errno = number;
		return false;
	}
	good = fclose(output->file) == 0;
	if (output->replaces && good && whole)
		good = rename(output->fresh, output->path) == 0;
	number = errno;
	if (output->fresh && !(good && whole))
		unlink(output->fresh);
	forget(output);
	errno = number;
	return good;
}

void output_discard(struct output *output)
{
	if (!output->file)
		return;
	fclose(output->file);
	if (output->fresh)
		unlink(output->fresh);
	else if (output->appeared && output->path)
		unlink(output->path);
	forget(output);
}

void output_keep(struct output *output, uint64_t length)
{
	int fd = -1;

	if (output->file && output->regular && !output->replaces && output->path)
		fd = fcntl(fileno(output->file), F_DUPFD_CLOEXEC, 0);
	if (fd < 0) {
		output_discard(output);
		return;
	}
	fclose(output->file); /* may write on */
	if (ftruncate(fd, (off_t)length) != 0 && output->appeared)
		unlink(output->path);
	close(fd);
	forget(output);
}

static bool find(const char *path, int standard, struct stat *status)
{
	if (strcmp(path, "-") == 0)
		return fstat(standard, status) == 0;
	return stat(path, status) == 0;
}

bool output_is_input(const char *in, const char *out)
{
	struct stat a, b;

	return find(in, STDIN_FILENO, &a) && find(out, STDOUT_FILENO, &b) && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino && (S_ISREG(a.st_mode) || S_ISFIFO(a.st_mode));
}
