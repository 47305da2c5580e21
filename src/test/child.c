/* SPDX-License-Identifier: MIT */
#include "test/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/utf.h"
#include "nt/violation.h"
#include "test/bench.h"

#define MOST_REPORT 65536   /* bytes of standard error that are kept */
#define MOST_EVENTS 4000000 /* bytes of events that are looked at */
#define FIRST       60u     /* events that are kept of a long list, and of its end */

static _Noreturn void become(const struct child *child, const struct test_options *options,
			     const struct test_case *test)
{
	int nothing = open("/dev/null", O_RDWR);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0); /* Ctrl-C is the runner's */
	dup2(nothing, STDIN_FILENO);
	dup2(nothing, STDOUT_FILENO);
	dup2(child->error_fd, STDERR_FILENO);
	bench_run(options, test, child->result_fd, child->event_fd);
}

static void close_files(const struct child *child)
{
	close(child->result_fd);
	close(child->event_fd);
	close(child->error_fd);
}

bool child_start(struct child *child, const struct test_options *options,
		 const struct test_case *test, struct error *error)
{
	child->result_fd = memfd_create("result", MFD_CLOEXEC);
	child->event_fd = memfd_create("events", MFD_CLOEXEC);
	child->error_fd = memfd_create("stderr", MFD_CLOEXEC);
	child->pid =
		child->result_fd >= 0 && child->event_fd >= 0 && child->error_fd >= 0 ? fork() : -1;
	child->started = clock_ns();
	if (child->pid == 0)
		become(child, options, test);
	if (child->pid > 0)
		return true;
	error_set(error, "no process for %s: %s", test->name, strerror(errno));
	child->pid = 0;
	close_files(child);
	return false;
}

/* All that is in a file without a name, as text; NULL: nothing. */
static char *read_all(int fd, size_t most)
{
	struct stat st;
	size_t size = fstat(fd, &st) == 0 && (size_t)st.st_size < most ? (size_t)st.st_size : most;
	char *text = malloc(size + 1);
	ssize_t n = text ? pread(fd, text, size, 0) : 0;

	if (n <= 0) {
		free(text);
		return NULL;
	}
	text[n] = '\0';
	return text;
}

/* What a driver has printed may be anything: terminals and reports get text. */
static void make_plain(char *text)
{
	while (text && *text) {
		size_t n = utf8_sequence(text, UTF8_MOST);
		unsigned char c = (unsigned char)*text;

		if (!n || (c < ' ' && c != '\n' && c != '\t') || c == 0x7F)
			*text = '?';
		text += n ? n : 1;
	}
}

/* The first and the last events of a long list, with a line between them that says so. */
static void shorten(char *lines)
{
	size_t count = 0, at = 0;
	char *cut = NULL, *go_on = NULL;
	char gap[48];

	for (char *c = lines; c && *c; c++)
		count += *c == '\n';
	if (count <= 2 * FIRST + 1)
		return;
	for (char *c = lines; *c; c++) {
		if (*c == '\n' && ++at == FIRST)
			cut = c + 1;
		else if (*c == '\n' && at == count - FIRST)
			go_on = c + 1;
	}
	snprintf(gap, sizeof(gap), "{\"left_out\":%zu}\n", count - 2 * FIRST);
	/* What is left out is longer than that: it is a line of JSON at least. */
	memcpy(cut, gap, strlen(gap));
	memmove(cut + strlen(gap), go_on, strlen(go_on) + 1);
}

static void failed(struct test_result *result, const char *rule, const char *text)
{
	result->verdict = TEST_FAILED;
	snprintf(result->rule, sizeof(result->rule), "%s", rule);
	snprintf(result->text, sizeof(result->text), "%.*s", (int)strcspn(text, "\n"), text);
}

/* "netcx: violation 51 InvalidLsoCapabilities in NetAdapterOffload...": the rule has a name. */
static bool take_violation(struct test_result *result)
{
	static const char begin[] = "netcx: violation ";
	const char *line = result->report ? strstr(result->report, begin) : NULL;
	char rule[sizeof(result->rule)];

	if (!line || sscanf(line + strlen(begin), "%*s %63s", rule) != 1)
		return false;
	failed(result, rule, line + strlen("netcx: "));
	return true;
}

static void say_death(struct test_result *result, int status)
{
	const char *report = result->report ? result->report : "";
	const char *fault = strstr(report, "ERROR: ");
	const char *hang = strstr(report, "has not return");
	const char *held = strstr(report, "the driver has not returned everything");
	char text[64];

	if (fault) {
		failed(result, rule_name(RULE_MemoryIsRight), fault + strlen("ERROR: "));
	} else if (held) {
		failed(result, rule_name(RULE_BuffersComeBack), held);
	} else if (hang) {
		while (hang > report && hang[-1] != '\n')
			hang--;
		failed(result, rule_name(RULE_CallbackReturns), hang + strcspn(hang, " ") + 1);
	} else {
		if (WIFSIGNALED(status))
			snprintf(text, sizeof(text), "its process ended by signal %d (%s)",
				 WTERMSIG(status), strsignal(WTERMSIG(status)));
		else
			snprintf(text, sizeof(text), "its process ended with exit code %d",
				 WEXITSTATUS(status));
		failed(result, rule_name(RULE_DriverLives), text);
	}
}

static bool take_result(struct test_result *result, int fd)
{
	json_t *json;
	bool told;

	lseek(fd, 0, SEEK_SET);
	json = json_loadfd(fd, 0, NULL);
	told = json && result_from_json(result, json);
	json_decref(json);
	return told;
}

void child_end(struct child *child, int status, bool late, const struct test_options *options,
	       struct test_result *result)
{
	bool told = take_result(result, child->result_fd);
	char text[64];

	result->report = read_all(child->error_fd, MOST_REPORT);
	make_plain(result->report);
	result->events = read_all(child->event_fd, MOST_EVENTS);
	shorten(result->events);
	result->seconds = (double)(clock_ns() - child->started) / NS_PER_S;
	close_files(child);
	child->pid = 0;
	if (late) {
		snprintf(text, sizeof(text), "it has not ended after %u s", options->limit);
		failed(result, rule_name(RULE_CallbackReturns), text);
	} else if (WIFEXITED(status) && WEXITSTATUS(status) == NT_VIOLATION_EXIT_CODE) {
		if (!take_violation(result))
			say_death(result, status);
	} else if (!told || WIFSIGNALED(status) ||
		   (WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != CHILD_TOLD)) {
		say_death(result, status);
	} else if (result->verdict == TEST_PASSED) {
		/* What Windows tolerates is reported, and the driver goes on. */
		take_violation(result);
	}
}
