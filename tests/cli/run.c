/* SPDX-License-Identifier: MIT */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "stage/files.h"

#define MOST_ARGUMENTS 32
#define PATIENCE_MS    20000
#define SHOWN          400
#define NOBODY         65534
/* Exit code of a child that could not get the surroundings that it was to have. */
#define NOT_HERE 77

static char scratch_path[FOLDER_ROOM];

const char *scratch(void)
{
	return scratch_path;
}

const char *driver_path(const char *name)
{
	static char paths[4][512];
	static unsigned next;
	char *path = paths[next++ % 4];

	if (name[0] != '@')
		return name;
	snprintf(path, sizeof(paths[0]), "%s/cli_%s.so", getenv("NETCX_TEST_DRIVERS"), name + 1);
	return path;
}

int make_scratch(void **state)
{
	(void)state;
	return folder_make(scratch_path);
}

int remove_scratch(void **state)
{
	(void)state;
	return folder_remove(scratch_path);
}

/* A copy in the scratch directory: the build may lie in a home that only its owner can enter. */
static char *copy_for_nobody(const char *from)
{
	const char *name = strrchr(from, '/');
	int in = open(from, O_RDONLY | O_CLOEXEC), out;
	char *path, *slash;

	/* In a folder below: the sockets' own is called like the program. */
	if (in < 0 || asprintf(&path, "%s/nobodys/%s", scratch_path, name ? name + 1 : from) < 0)
		_exit(127);
	slash = strrchr(path, '/');
	*slash = '\0';
	mkdir(path, 0755);
	chmod(path, 0755);
	*slash = '/';
	out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	if (out < 0)
		_exit(127);
	while (sendfile(out, in, NULL, 1u << 30) > 0)
		;
	fchmod(out, 0755);
	close(out);
	close(in);
	return path;
}

/* The rest of the child is a user without privileges. */
static void become_nobody(void)
{
	if (chdir(scratch_path) || setgroups(0, NULL) || setgid(NOBODY) || setuid(NOBODY))
		_exit(NOT_HERE);
	/* Another user does not take it along. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* The child sees a /dev/net/tun with these permissions, which goes away with it. */
static void give_tun(mode_t mode)
{
	int fd;

	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("tmpfs", "/dev/net", "tmpfs", 0, NULL) ||
	    mknod("/dev/net/tun", S_IFCHR, makedev(10, 200)) || chmod("/dev/net/tun", mode))
		_exit(NOT_HERE);
	fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		_exit(NOT_HERE);
	close(fd);
}

static void child(const struct surroundings *around, const char *const *arguments, int out, int err)
{
	const bool nobody = around && around->nobody && geteuid() == 0;
	char *argv[MOST_ARGUMENTS + 2] = { "netcx" }, *program = getenv("NETCX");
	int n = 1;

	for (; arguments[n - 1] && n <= MOST_ARGUMENTS; n++) {
		argv[n] = (char *)driver_path(arguments[n - 1]);
		if (nobody && arguments[n - 1][0] == '@')
			argv[n] = copy_for_nobody(argv[n]);
	}
	if (nobody)
		program = copy_for_nobody(program);
	/* Nothing of a test that fails stays behind. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	setenv("XDG_RUNTIME_DIR", scratch_path, 1);
	setenv("XDG_CONFIG_HOME", scratch_path, 1);
	unsetenv("NETCX_STEP");
	unsetenv("NETCX_STATUS");
	if (around && around->step)
		setenv("NETCX_STEP", around->step, 1);
	if (around && around->status)
		setenv("NETCX_STATUS", around->status, 1);
	if (around && around->new_network && unshare(CLONE_NEWNET) != 0)
		_exit(NOT_HERE);
	if (around && around->tun)
		give_tun(around->tun);
	if (nobody)
		become_nobody();
	execv(program, argv);
	_exit(127);
}

static struct command *start_list(const struct surroundings *around, const char *const *arguments)
{
	struct command *c = calloc(1, sizeof(*c));
	int out[2], err[2];

	assert_non_null(c);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	assert_int_equal(pipe2(err, O_CLOEXEC), 0);
	c->pid = fork();
	assert_true(c->pid >= 0);
	if (c->pid == 0)
		child(around, arguments, out[1], err[1]);
	close(out[1]);
	close(err[1]);
	c->out = out[0];
	c->err = err[0];
	return c;
}

struct command *start(const struct surroundings *around, const char *argument, ...)
{
	const char *arguments[MOST_ARGUMENTS + 1] = { argument };
	va_list list;
	int n = 1;

	va_start(list, argument);
	while (n < MOST_ARGUMENTS && (arguments[n] = va_arg(list, const char *)))
		n++;
	va_end(list);
	return start_list(around, arguments);
}

/* As much as a failure shows of it. */
static const char *last_of(const char *text, size_t length)
{
	return length > SHOWN ? text + length - SHOWN : text;
}

/* Return: false at the end of the descriptor, which is closed then. */
static bool take(int *fd, char *text, size_t *length)
{
	ssize_t n;

	if (*length == OUTPUT_ROOM - 1)
		fail_msg("netcx says more than a test keeps, %u bytes; last:\n%s", OUTPUT_ROOM,
			 last_of(text, *length));
	n = read(*fd, text + *length, OUTPUT_ROOM - 1 - *length);
	if (n > 0) {
		*length += (size_t)n;
		text[*length] = '\0';
		return true;
	}
	close(*fd);
	*fd = -1;
	return false;
}

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

enum reading { FOUND, ENDED, TIMED_OUT };

/* Reads until @text is there, both ends are closed, or for so long. */
static enum reading read_for(struct command *c, const char *text, uint64_t ms)
{
	uint64_t end = now_ms() + ms;

	while (c->out >= 0 || c->err >= 0) {
		struct pollfd p[2] = { { c->out, POLLIN, 0 }, { c->err, POLLIN, 0 } };

		if (text && strstr(c->stdout_text, text))
			return FOUND;
		if (now_ms() > end || poll(p, 2, (int)(end - now_ms())) == 0)
			return TIMED_OUT;
		if (p[0].revents)
			take(&c->out, c->stdout_text, &c->stdout_length);
		if (p[1].revents)
			take(&c->err, c->stderr_text, &c->stderr_length);
	}
	return text && strstr(c->stdout_text, text) ? FOUND : ENDED;
}

/* Reads until @text is there or both ends are closed. */
static bool read_until(struct command *c, const char *text)
{
	enum reading reading = read_for(c, text, PATIENCE_MS);

	if (reading == TIMED_OUT) {
		kill(c->pid, SIGKILL);
		fail_msg("netcx takes too long%s%s; it said last:\n%s\n%s", text ? " for " : "",
			 text ? text : "", last_of(c->stdout_text, c->stdout_length),
			 last_of(c->stderr_text, c->stderr_length));
	}
	return reading == FOUND;
}

bool comes(struct command *c, const char *text, uint64_t ms)
{
	return read_for(c, text, ms) == FOUND;
}

void wait_for(struct command *c, const char *text)
{
	if (!read_until(c, text))
		fail_msg("netcx ended without saying \"%s\"; it said:\n%s%s", text, c->stdout_text,
			 c->stderr_text);
}

void await_host(const struct command *host, const char *adapter)
{
	char target[80];

	snprintf(target, sizeof(target), "%ld%s%s", (long)host->pid, adapter ? "/" : "",
		 adapter ? adapter : "");
	release(RUN("wait", target));
}

int finish(struct command *c)
{
	int status;

	read_until(c, NULL);
	assert_int_equal(waitpid(c->pid, &status, 0), c->pid);
	c->code = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
	return c->code;
}

int stop(struct command *c)
{
	kill(c->pid, SIGINT);
	return finish(c);
}

void release(struct command *c)
{
	free(c);
}

struct command *run_all(const struct surroundings *around, const char *const *arguments)
{
	struct command *c = start_list(around, arguments);

	finish(c);
	return c;
}

void expect(struct command *c, int code, const char *says)
{
	char *newline = strchr(c->stderr_text, '\n');

	if (c->code != code || !strstr(c->stderr_text, says) || !newline || newline[1] != '\0')
		fail_msg("exit code %d (%d expected), standard error (\"%s\" expected):\n%s%s",
			 c->code, code, says, c->stderr_text, c->stdout_text);
	release(c);
}

void socket_path(const struct command *c, char *path, size_t size)
{
	snprintf(path, size, "%s/netcx/%ld.sock", scratch_path, (long)c->pid);
}
