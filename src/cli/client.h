/* SPDX-License-Identifier: MIT */
/* The other end of the control socket (control/protocol.h). */
#ifndef CLI_CLIENT_H
#define CLI_CLIENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define CLIENT_LINE_MAX (1u << 20)

/* A connection to one host. */
struct client {
	int fd;
	int received; /* a descriptor that came with a reply; -1: none did. Whose it is closes it */
	long pid;
	size_t start, length; /* of unread bytes in buffer */
	size_t room;
	char *buffer;
};

/* How long to wait for a host: an offload changes in the time that a driver needs for it. */
#define CLIENT_PATIENCE_SECONDS 10

/*
 * client_connect() - to the host of a process
 * @seconds: how long this, and each word of the host, may take; then it is EAGAIN
 * Return: 0 or -errno.
 */
int client_connect(struct client *client, long pid, unsigned seconds);
void client_close(struct client *client);

/*
 * client_ask() - one request, one reply. @request is taken over. NULL: no answer, errno tells;
 * EINTR: by a signal that asks to end (stop.h). Other signals (a terminal's new size) do not end
 * the wait.
 */
json_t *client_ask(struct client *client, json_t *request);

/*
 * client_line() - the next line, without its newline, valid until the next call
 * Return: NULL at the end (errno 0), when interrupted (EINTR) or on an error.
 */
const char *client_line(struct client *client);

/* One adapter of a running host. */
struct target {
	long pid;
	json_t *adapter; /* as `show` gives it */
};

struct targets {
	struct target *list;
	size_t count;
	unsigned silent; /* hosts that did not answer, or would not */
};

/*
 * targets_find() - the adapters of all hosts of this user
 * Return: CLI_OK, or CLI_FAILED after a message of @command. What keeps a host from answering is
 * told in a message too, and counted. @command NULL: no messages.
 */
int targets_find(struct targets *targets, const char *command);
void targets_free(struct targets *targets);

/*
 * targets_mean() - does ADAPTER on the command line mean this one of them? Its name; where nobody
 * has that name, its TAP's, or the host's PID; or PID/NAME.
 */
bool targets_mean(const struct targets *targets, const struct target *target, const char *name);

/*
 * targets_one() - the one that is meant; @name NULL: the only one
 * Return: NULL after a message of @command that lists what there is.
 */
const struct target *targets_one(const struct targets *targets, const char *command,
				 const char *name);

/*
 * targets_host() - the same where a whole host may be meant: all that is meant may be adapters of
 * one
 * @whole: out, not only the one that is returned is meant
 */
const struct target *targets_host(const struct targets *targets, const char *command,
				  const char *name, bool *whole);

/* target_ask() - the request with the adapter's name put in; not taken over. NULL: errno tells. */
json_t *target_ask(const struct target *target, json_t *request);

/*
 * ask_target() - the same, after which a message of @command has said what is wrong
 * Return: the reply, or NULL after a message.
 */
json_t *ask_target(const char *command, const struct target *target, json_t *request);

/*
 * ask_adapter() - find the adapter that is meant, and ask; @request is taken over
 * Return: the reply, or NULL after a message of @command.
 */
json_t *ask_adapter(const char *command, const char *adapter, json_t *request);

/*
 * json_add_error() - the error that there was so far becomes a member of what a command is about to
 * print, which is its answer
 */
void json_add_error(json_t *object);

/* print_json() - what a command answers, with the error that there was so far; not taken over. */
void print_json(json_t *object, FILE *to);

/* print_reply() - as JSON, without its "ok". */
void print_reply(json_t *reply);

/* json_text() - a member that is a string, or "". */
const char *json_text(const json_t *object, const char *member);

#endif
