/* SPDX-License-Identifier: MIT */
/* Which hosts run, and which adapter is meant. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/client.h"
#include "control/protocol.h"

static int add(struct targets *targets, long pid, json_t *adapter)
{
	struct target *list = realloc(targets->list, (targets->count + 1) * sizeof(*list));

	if (!list)
		return -ENOMEM;
	targets->list = list;
	targets->list[targets->count++] = (struct target){ pid, json_incref(adapter) };
	return 0;
}

/* The adapters of one host; a socket that nobody listens on any more is removed. */
static int ask_host(struct targets *targets, const char *directory, long pid)
{
	struct client client;
	json_t *reply, *adapter;
	char path[256];
	size_t i;
	int result = client_connect(&client, pid);

	if (result == -ECONNREFUSED) {
		snprintf(path, sizeof(path), "%s/%ld.sock", directory, pid);
		unlink(path);
	}
	if (result < 0)
		return 0;
	reply = client_ask(&client, json_pack("{s:s}", "op", "show"));
	client_close(&client);
	if (!reply) {
		targets->silent++;
		return 0;
	}
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

int targets_find(struct targets *targets)
{
	char directory[96];
	struct dirent *entry;
	DIR *dir;
	int result = control_directory(directory, sizeof(directory), false);

	*targets = (struct targets){ 0 };
	if (result == -ENOENT)
		return 0;
	if (result < 0)
		return result;
	dir = opendir(directory);
	if (!dir)
		return -errno;
	while (result == 0 && (entry = readdir(dir))) {
		char *end;
		long pid = strtol(entry->d_name, &end, 10);

		if (pid > 0 && strcmp(end, ".sock") == 0)
			result = ask_host(targets, directory, pid);
	}
	closedir(dir);
	if (targets->count)
		qsort(targets->list, targets->count, sizeof(*targets->list), by_pid);
	return result;
}

void targets_free(struct targets *targets)
{
	for (size_t i = 0; i < targets->count; i++)
		json_decref(targets->list[i].adapter);
	free(targets->list);
	*targets = (struct targets){ 0 };
}

bool target_is(const struct target *target, const char *name)
{
	const char *edge = json_text(json_object_get(target->adapter, "stack"), "name");
	char pid[32];

	snprintf(pid, sizeof(pid), "%ld", target->pid);
	return strcmp(json_text(target->adapter, "name"), name) == 0 || strcmp(pid, name) == 0 ||
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
		if (name && !target_is(&targets->list[i], name))
			continue;
		found = &targets->list[i];
		count++;
	}
	if (count == 1)
		return found;
	if (targets->count == 0) {
		cli_error(CLI_FAILED, command, "no adapter of this user's runs%s",
			  targets->silent ? " (a host does not answer)" : "");
	} else if (count == 0) {
		cli_error(CLI_FAILED, command, "there is no adapter \"%s\"; there is", name);
		list_targets(targets);
	} else {
		cli_error(CLI_FAILED, command, "%s; name one of them, or its pid",
			  name ? "several adapters have that name" : "there are several adapters");
		list_targets(targets);
	}
	return NULL;
}
