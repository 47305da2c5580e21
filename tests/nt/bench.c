/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nt/violation.h"

static void record(void *context, const struct nt_event *event)
{
	struct bench *bench = context;
	char line[2048];
	size_t used;

	used = (size_t)snprintf(line, sizeof(line), "%s %s:", event->object, event->name);
	for (size_t i = 0; i < event->field_count; i++) {
		const struct nt_field *field = &event->fields[i];

		if (field->type == NT_FIELD_TEXT)
			used += (size_t)snprintf(line + used, sizeof(line) - used, " %s=%s",
						 field->name, field->text);
		else if (strcmp(field->name, "duration_us"))
			used += (size_t)snprintf(line + used, sizeof(line) - used, " %s=%llx",
						 field->name, (unsigned long long)field->number);
		if (used >= sizeof(line))
			used = sizeof(line) - 1;
	}
	pthread_mutex_lock(&bench->lock);
	used = strlen(bench->events);
	snprintf(bench->events + used, sizeof(bench->events) - used, "%s\n", line);
	pthread_mutex_unlock(&bench->lock);
}

int bench_setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	if (!bench || nt_machine_init(&bench->machine))
		return -1;
	pthread_mutex_init(&bench->lock, NULL);
	bench->machine.sink = (struct nt_event_sink){ record, bench };
	nt_thread_enter(&bench->machine);
	*state = bench;
	return 0;
}

int bench_teardown(void **state)
{
	struct bench *bench = *state;

	nt_thread_leave();
	nt_machine_destroy(&bench->machine);
	pthread_mutex_destroy(&bench->lock);
	free(bench);
	return 0;
}

bool bench_told(struct bench *bench, const char *text)
{
	bool told;

	pthread_mutex_lock(&bench->lock);
	told = strstr(bench->events, text);
	pthread_mutex_unlock(&bench->lock);
	return told;
}

void bench_child(struct bench_end *end, void (*act)(void *context), void *context)
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
		alarm(30);
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

void bench_violates(void (*act)(void *context), void *context, ...)
{
	struct bench_end end;
	const char *text;
	va_list texts;

	bench_child(&end, act, context);
	if (end.exit_code != NT_VIOLATION_EXIT_CODE)
		print_error("exit code %d, signal %d:\n%s", end.exit_code, end.signal, end.text);
	assert_int_equal(end.exit_code, NT_VIOLATION_EXIT_CODE);
	va_start(texts, context);
	while ((text = va_arg(texts, const char *))) {
		if (!strstr(end.text, text))
			print_error("\"%s\" is not in:\n%s", text, end.text);
		assert_non_null(strstr(end.text, text));
	}
	va_end(texts);
}
