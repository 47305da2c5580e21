/* SPDX-License-Identifier: MIT */
#include "child.h"

#include <sys/wait.h>
#include <unistd.h>

#include "nt/violation.h"
#include "test.h"

/* The sanitizers make everything slow. */
#define CHILD_SECONDS 120

void child_run(struct child_end *end, void (*act)(void *context), void *context)
{
	int out[2], status;
	size_t used = 0;
	ssize_t got;
	pid_t child;

	memset(end, 0, sizeof(*end));
	assert_int_equal(pipe(out), 0);
	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		dup2(out[1], STDERR_FILENO);
		close(out[0]);
		close(out[1]);
		alarm(CHILD_SECONDS);
		act(context);
		_exit(0);
	}
	close(out[1]);
	while ((got = read(out[0], end->text + used, sizeof(end->text) - 1 - used)) > 0)
		used += (size_t)got;
	close(out[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	end->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	end->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

void child_violates(void (*act)(void *context), void *context, ...)
{
	struct child_end *end = malloc(sizeof(*end));
	const char *text;
	va_list texts;

	assert_non_null(end);
	child_run(end, act, context);
	if (end->exit_code != NT_VIOLATION_EXIT_CODE)
		fail_msg("exit code %d, signal %d:\n%s", end->exit_code, end->signal, end->text);
	va_start(texts, context);
	while ((text = va_arg(texts, const char *)))
		if (!strstr(end->text, text))
			fail_msg("\"%s\" is not in:\n%s", text, end->text);
	va_end(texts);
	free(end);
}
