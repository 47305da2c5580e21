/* SPDX-License-Identifier: MIT */
/* Which hosts run, and which adapter is meant. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/client.h"
#include "cli/others.h"
#include "control/protocol.h"

/* A host that is alive answers "show" at once. */
#define SHOW_SECONDS 5

static int add(struct targets *targets, long pid, json_t *adapter)
{
	struct target *list = realloc(targets->list, (targets->count + 1) * sizeof(*list));

	if (!list)
		return -ENOMEM;
	targets->list = list;
	targets->list[targets->count++] = (struct target){ pid, json_incref(adapter) };
	return 0;
}

/* By SIGSTOP or a debugger. */
static bool is_stopped(long pid)
{
	char path[48], line[512], *name_end;
	bool stopped = false;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (fgets(line, sizeof(line), file) && (name_end = strrchr(line, ')')))
		stopped = !strncmp(name_end, ") T", 3) || !strncmp(name_end, ") t", 3);
	fclose(file);
	return stopped;
}

/* A message, unless nobody wants to hear of it (@command NULL). Return: CLI_FAILED. */
__attribute__((format(printf, 2, 3))) static int say(const char *command, const char *format, ...)
{
	char text[512];
	va_list list;

	if (!command)
		return CLI_FAILED;
	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	return cli_error(CLI_FAILED, command, "%s", text);
}

static int no_answer(struct targets *targets, const char *command, long pid, int number)
{
	targets->silent++;
	/* Who asks to end is not told that the answer did not come. */
	if (number == EINTR)
		return CLI_FAILED;
	if (number != EAGAIN)
		return say(command, "the host (pid %ld) does not answer: %s", pid,
			   strerror(number));
	if (is_stopped(pid))
		return say(
			command,
			"the host (pid %ld) does not answer: it is stopped; `kill -CONT %ld` lets it go on",
			pid, pid);
	return say(command, "the host (pid %ld) does not answer within %d seconds", pid,
		   SHOW_SECONDS);
}

/* Return: the answer to "show", or NULL: the host is gone, or what is wrong with it has been told.
 */
static json_t *ask_host(struct targets *targets, const char *command, const char *directory,
			long pid)
{
	struct client client;
	char path[256];
	json_t *reply;
	int result = client_connect(&client, pid, SHOW_SECONDS);

	/* A socket that nobody listens on any more is removed. */
	if (result == -ECONNREFUSED) {
		snprintf(path, sizeof(path), "%s/%ld.sock", directory, pid);
		unlink(path);
	}
	if (result == -ECONNREFUSED || result == -ENOENT)
		return NULL;
	if (result < 0) {
		no_answer(targets, command, pid, -result);
		return NULL;
	}
	reply = client_ask(&client, json_pack("{s:s}", "op", "show"));
	if (!reply)
		no_answer(targets, command, pid, errno);
	client_close(&client);
	if (*json_text(reply, "error")) {
		targets->silent++;
		say(command, "the host (pid %ld) does not answer: %s", pid,
		    json_text(reply, "error"));
		json_decref(reply);
		return NULL;
	}
	return reply;
}

static int add_host(struct targets *targets, const char *command, const char *directory, long pid)
{
	json_t *reply = ask_host(targets, command, directory, pid), *adapter;
	int result = 0;
	size_t i;

	json_array_foreach(json_object_get(reply, "adapters"), i, adapter)
	{
		if (result == 0)
			result = add(targets, pid, adapter);
	}
	json_decref(reply);
	return result;
}

static int by_pid(const void *a, const void *b)
{
	const struct target *x = a, *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

/* What control_directory() refused. */
static int no_directory(const char *command, const char *directory, int number)
{
	struct stat st;

	if (number == EPERM && lstat(directory, &st) == 0 && st.st_uid != geteuid())
		return say(command, "the control sockets: %s belongs to another user", directory);
	if (number == EPERM)
		return say(command,
			   "the control sockets: %s is open to others; its mode is to be 0700",
			   directory);
	return say(command, "the control sockets: %s: %s", directory, strerror(number));
}

/*
 * XDG_RUNTIME_DIR, as su and sudo may hand it on, leads to another user's hosts: they are not ours
 * to ask, but that is not the same as none.
 */
static int check_runtime(const char *command)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	char path[PATH_MAX];
	struct stat st;

	if (!runtime || runtime[0] != '/')
		return CLI_OK;
	snprintf(path, sizeof(path), "%s/netcx", runtime);
	if (lstat(path, &st) == 0 ? st.st_uid == geteuid() : errno != EACCES)
		return CLI_OK;
	say(command, "no adapter of this user's runs; XDG_RUNTIME_DIR (%s) is another user's",
	    runtime);
	if (command)
		others_print(stderr, command);
	return CLI_FAILED;
}

static int ask_hosts(struct targets *targets, const char *command, const char *directory)
{
	struct dirent *entry;
	int result = 0;
	DIR *dir = opendir(directory);

	if (!dir)
		return errno == ENOENT ? 0 : -errno;
	while (result == 0 && (entry = readdir(dir))) {
		char *end;
		long pid = strtol(entry->d_name, &end, 10);

		if (pid > 0 && strcmp(end, ".sock") == 0)
			result = add_host(targets, command, directory, pid);
	}
	closedir(dir);
	return result;
}

int targets_find(struct targets *targets, const char *command)
{
	char directory[96];
	int result = control_directory(directory, sizeof(directory), false);

	*targets = (struct targets){ 0 };
	if (result == 0)
		result = ask_hosts(targets, command, directory);
	if (result < 0 && result != -ENOENT)
		return no_directory(command, directory, -result);
	if (targets->count == 0)
		return targets->silent ? CLI_OK : check_runtime(command);
	qsort(targets->list, targets->count, sizeof(*targets->list), by_pid);
	return CLI_OK;
}

void targets_free(struct targets *targets)
{
	for (size_t i = 0; i < targets->count; i++)
		json_decref(targets->list[i].adapter);
	free(targets->list);
	*targets = (struct targets){ 0 };
}

static bool has_name(const struct target *target, const char *name)
{
	return strcmp(json_text(target->adapter, "name"), name) == 0;
}

bool targets_mean(const struct targets *targets, const struct target *target, const char *name)
{
	const char *edge = json_text(json_object_get(target->adapter, "stack"), "name");
	char pid[32], *rest;

	/* In full: where several hosts have one of that name. */
	if (strtol(name, &rest, 10) == target->pid && *rest == '/')
		return has_name(target, rest + 1);
	for (size_t i = 0; i < targets->count; i++) {
		if (has_name(&targets->list[i], name))
			return has_name(target, name);
	}
	snprintf(pid, sizeof(pid), "%ld", target->pid);
	return strcmp(pid, name) == 0 ||
	       (strncmp(edge, "tap:", 4) == 0 && strcmp(edge + 4, name) == 0);
}

static void list_targets(const struct targets *targets)
{
	for (size_t i = 0; i < targets->count; i++) {
		const struct target *t = &targets->list[i];

		fprintf(stderr, "  %-16s %-16s pid %ld  %s\n", json_text(t->adapter, "name"),
			json_text(json_object_get(t->adapter, "stack"), "name"), t->pid,
			json_text(json_object_get(t->adapter, "driver"), "path"));
	}
}

const struct target *targets_one(const struct targets *targets, const char *command,
				 const char *name)
{
	const struct target *found = NULL;
	size_t count = 0;

	for (size_t i = 0; i < targets->count; i++) {
		if (name && !targets_mean(targets, &targets->list[i], name))
			continue;
		found = &targets->list[i];
		count++;
	}
	if (count == 1)
		return found;
	if (targets->count == 0) {
		/* Who does not answer has been told. */
		if (targets->silent == 0) {
			cli_error(CLI_FAILED, command, "no adapter of this user's runs");
			others_print(stderr, command);
		}
	} else if (count == 0) {
		cli_error(CLI_FAILED, command, "there is no adapter \"%s\"; there is", name);
		list_targets(targets);
	} else {
		cli_error(CLI_FAILED, command, "%s; name one of them, its pid, or PID/NAME",
			  name ? "several adapters have that name" : "there are several adapters");
		list_targets(targets);
	}
	return NULL;
}

const struct target *targets_host(const struct targets *targets, const char *command,
				  const char *name, bool *whole)
{
	const struct target *found = NULL;
	size_t count = 0;

	for (size_t i = 0; i < targets->count; i++) {
		const struct target *t = &targets->list[i];

		if (name && !targets_mean(targets, t, name))
			continue;
		if (found && t->pid != found->pid)
			return targets_one(targets, command, name);
		found = t;
		count++;
	}
	*whole = !name || count > 1;
	return found ? found : targets_one(targets, command, name);
}
