/* SPDX-License-Identifier: MIT */
/* netcx events */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/client.h"
#include "control/event_text.h"

static const char help[] =
	"Usage: netcx events [ADAPTER] [--json] [--history]\n"
	"\n"
	"Follows what happens in a host: the life cycle, the driver's callbacks, what NDIS is told,\n"
	"violations. Ends with the host, or on SIGINT.\n"
	"\n"
	"  ADAPTER    an adapter's name, the name of its TAP, or the pid of its host; may be left out\n"
	"             when there is one host. Of several adapters in a host only this one's events\n"
	"             come, beside the host's own; all of them by its pid\n"
	"  --json     one JSON object per line\n"
	"  --history  begin with the events the host still has, instead of now\n"
	"\n"
	"Exit codes: 0 ended, 1 no such adapter or the host is gone, 2 wrong usage.\n";

static const struct option options[] = { { "json", no_argument, NULL, 'j' },
					 { "history", no_argument, NULL, 'H' },
					 { 0 } };

static volatile sig_atomic_t interrupted, followed = -1;

/* The connection ends as if the host had ended it, wherever the signal came in between. */
static void on_signal(int number)
{
	(void)number;
	interrupted = 1;
	shutdown(followed, SHUT_RDWR);
}

static void catch_signals(const struct client *client)
{
	struct sigaction action = { .sa_handler = on_signal };

	followed = client->fd;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

/*
 * Is an event of the adapter that was asked for? What names another adapter of the host is not; its
 * driver's and the host's own are.
 */
static bool concerns(const char *line, const struct targets *targets, const struct target *target)
{
	json_t *event = json_loads(line, 0, NULL);
	const char *name = json_text(event, "adapter");
	bool others = false;

	for (size_t i = 0; i < targets->count; i++) {
		const struct target *t = &targets->list[i];

		others |= t->pid == target->pid && t != target &&
			  strcmp(json_text(t->adapter, "name"), name) == 0;
	}
	json_decref(event);
	return !others;
}

/* @target: whose; NULL: the whole host's */
static int print_lines(struct client *client, const struct targets *targets,
		       const struct target *target, bool json, bool colour)
{
	char text[8192];
	const char *line;

	while (!interrupted && (line = client_line(client))) {
		if (target && !concerns(line, targets, target))
			continue;
		if (json)
			puts(line);
		else if (event_text(line, colour, text, sizeof(text)))
			fputs(text, stdout);
		if (fflush(stdout) != 0)
			return errno == EPIPE
				       ? CLI_OK
				       : cli_error(CLI_FAILED, "events", "%s", strerror(errno));
	}
	if (interrupted || errno == 0 || errno == EINTR)
		return CLI_OK;
	return cli_error(CLI_FAILED, "events", "the host (pid %ld): %s", client->pid,
			 strerror(errno));
}

/* @whole: the events of all adapters of its host */
static int follow(const struct targets *targets, const struct target *target, bool whole, bool json,
		  bool history)
{
	const char *no_colour = getenv("NO_COLOR");
	struct timeval for_ever = { 0 };
	struct client client;
	json_t *reply;
	int result = client_connect(&client, target->pid, CLIENT_PATIENCE_SECONDS);

	if (result < 0)
		return cli_error(CLI_FAILED, "events", "the host (pid %ld): %s", target->pid,
				 strerror(-result));
	reply = client_ask(&client, json_pack("{s:s,s:b}", "op", "events", "history", history));
	if (!reply) {
		client_close(&client);
		return cli_error(CLI_FAILED, "events", "the host (pid %ld) does not answer",
				 target->pid);
	}
	if (*json_text(reply, "error")) {
		cli_error(CLI_FAILED, "events", "the host (pid %ld): %s", target->pid,
			  json_text(reply, "error"));
		json_decref(reply);
		client_close(&client);
		return CLI_FAILED;
	}
	json_decref(reply);
	setsockopt(client.fd, SOL_SOCKET, SO_RCVTIMEO, &for_ever, sizeof(for_ever));
	catch_signals(&client);
	result = print_lines(&client, targets, whole ? NULL : target, json,
			     isatty(STDOUT_FILENO) && !(no_colour && *no_colour));
	client_close(&client);
	return result;
}

static int events(int argc, char **argv)
{
	const struct target *target;
	struct targets targets;
	bool json = false, history = false, whole = true;
	int option, result;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (option != 'j' && option != 'H')
			return cli_bad_option("events", argv, option);
		json |= option == 'j';
		history |= option == 'H';
	}
	if (optind + 1 < argc)
		return cli_error(CLI_USAGE, "events", "%s: one adapter is expected, not more",
				 argv[optind + 1]);
	result = targets_find(&targets, "events");
	if (result == CLI_OK) {
		target = targets_host(&targets, "events", argv[optind], &whole);
		result = target ? follow(&targets, target, whole, json, history) : CLI_FAILED;
	}
	targets_free(&targets);
	return result;
}

const struct cli_command cli_events = { "events", "follow callbacks, indications, violations", help,
					events };
