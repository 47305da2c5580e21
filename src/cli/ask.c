/* SPDX-License-Identifier: MIT */
/* One request to one adapter, from its name on the command line to its reply. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/client.h"

json_t *target_ask(const struct target *target, json_t *request)
{
	struct client client;
	json_t *reply = NULL;
	int result = client_connect(&client, target->pid, CLIENT_PATIENCE_SECONDS);

	json_object_set(request, "adapter", json_object_get(target->adapter, "name"));
	if (result == 0) {
		reply = client_ask(&client, json_incref(request));
		result = reply ? 0 : -errno;
		client_close(&client);
	}
	if (!reply)
		errno = -result;
	return reply;
}

static json_t *check(const char *command, const struct target *target, json_t *reply)
{
	const char *error;

	if (!reply) {
		cli_error(CLI_FAILED, command, "the host (pid %ld) does not answer: %s",
			  target->pid, errno == EAGAIN ? "its driver is busy" : strerror(errno));
		return NULL;
	}
	error = json_text(reply, "error");
	if (*error == '\0')
		return reply;
	cli_error(CLI_FAILED, command, "%s", error);
	json_decref(reply);
	return NULL;
}

json_t *ask_target(const char *command, const struct target *target, json_t *request)
{
	return check(command, target, target_ask(target, request));
}

json_t *ask_adapter(const char *command, const char *adapter, json_t *request)
{
	const struct target *target;
	struct targets targets;
	json_t *reply = NULL;

	if (targets_find(&targets, command) == CLI_OK) {
		target = targets_one(&targets, command, adapter);
		if (target)
			reply = ask_target(command, target, request);
	}
	targets_free(&targets);
	json_decref(request);
	return reply;
}

void json_add_error(json_t *object)
{
	if (cli_error_text() && json_is_object(object))
		json_object_set_new(object, "error", json_string(cli_error_text()));
	cli_answered();
}

void print_json(json_t *object, FILE *to)
{
	json_add_error(object);
	json_dumpf(object, to, JSON_INDENT(2));
	fputc('\n', to);
}

void print_reply(json_t *reply)
{
	json_object_del(reply, "ok");
	print_json(reply, stdout);
}
