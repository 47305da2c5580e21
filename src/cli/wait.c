/* SPDX-License-Identifier: MIT */
/* netcx wait */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "cli/client.h"

#define LOOK_MS      50
#define MOST_SECONDS 86400

static const char help[] =
	"Usage: netcx wait [ADAPTER] [--timeout SECONDS] [--json]\n"
	"\n"
	"Waits until an adapter runs: its driver is up, its devices are there, and commands reach it.\n"
	"It need not be there yet, so this can stand behind `netcx run ... &`.\n"
	"\n"
	"  ADAPTER            an adapter's name, the name of its TAP, or the pid of its host; default:\n"
	"                     there is one, and all that there are run\n"
	"  --timeout SECONDS  how long; default 30, 0: for ever\n"
	"  --json             print what runs: {\"adapters\":[{\"name\",\"state\",\"pid\"}]}\n"
	"\n"
	"Exit codes: 0 it runs, 1 it has failed, or does not run in that time, 2 wrong usage.\n"
	"\n"
	"A program that starts netcx can wait without asking: netcx run --ready-fd.\n"
	"\n"
	"Examples:\n"
	"  netcx run hello.so --stack tap:nic0 & netcx wait && ip link set nic0 up\n";

static const struct option options[] = { { "timeout", required_argument, NULL, 't' },
					 { "json", no_argument, NULL, 'j' },
					 { 0 } };

enum found { NOT_THERE, COMING, RUNS, FAILED };

static enum found state_of(const struct target *target)
{
	const char *state = json_text(target->adapter, "state");

	if (strcmp(state, "running") == 0 || strcmp(state, "asleep") == 0)
		return RUNS;
	return strcmp(state, "failed") == 0 ? FAILED : COMING;
}

static void note(json_t *adapters, const struct target *target)
{
	json_array_append_new(adapters,
			      json_pack("{s:s,s:s,s:I}", "name", json_text(target->adapter, "name"),
					"state", json_text(target->adapter, "state"), "pid",
					(json_int_t)target->pid));
}

/*
 * What is meant by @name, at worst; of which the first is copied to @what for the message.
 * @adapters: filled
 */
static enum found look(const char *name, json_t *adapters, char *what, size_t size)
{
	enum found found = NOT_THERE;
	struct targets targets;

	targets_find(&targets, NULL);
	for (size_t i = 0; i < targets.count; i++) {
		const struct target *target = &targets.list[i];
		enum found one;

		if (name && !targets_mean(&targets, target, name))
			continue;
		one = state_of(target);
		note(adapters, target);
		if (found == NOT_THERE || one == FAILED || (one == COMING && found == RUNS)) {
			found = one;
			snprintf(what, size, "adapter \"%s\" (pid %ld) is %s%s%s",
				 json_text(target->adapter, "name"), target->pid,
				 json_text(target->adapter, "state"),
				 *json_text(target->adapter, "failure") ? ": " : "",
				 json_text(target->adapter, "failure"));
		}
	}
	targets_free(&targets);
	return found;
}

static int await(const char *name, json_t *adapters, unsigned long seconds)
{
	const struct timespec moment = { .tv_nsec = LOOK_MS * 1000000 };
	uint64_t end = clock_ns() + seconds * NS_PER_S;
	char what[512] = "";

	for (;;) {
		enum found found;

		json_array_clear(adapters);
		found = look(name, adapters, what, sizeof(what));

		if (found == RUNS)
			return CLI_OK;
		if (found == FAILED)
			return cli_error(CLI_FAILED, "wait", "%s", what);
		if (seconds && clock_ns() > end && found == COMING)
			return cli_error(CLI_FAILED, "wait", "%s after %lu seconds", what, seconds);
		if (seconds && clock_ns() > end)
			return cli_error(CLI_FAILED, "wait",
					 "no adapter%s%s of this user's runs after %lu seconds",
					 name ? " " : "", name ? name : "", seconds);
		nanosleep(&moment, NULL);
	}
}

static int wait_for_it(int argc, char **argv)
{
	unsigned long seconds = 30;
	bool json = false;
	json_t *answer;
	char *end;
	int option, result;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (option == '?' || option == ':')
			return cli_bad_option("wait", argv, option);
		json |= option == 'j';
		if (option != 't')
			continue;
		errno = 0;
		seconds = strtoul(optarg, &end, 10);
		if (optarg[0] < '0' || optarg[0] > '9' || *end || errno || seconds > MOST_SECONDS)
			return cli_error(CLI_USAGE, "wait",
					 "--timeout %s: seconds are expected, 0 to %d", optarg,
					 MOST_SECONDS);
	}
	if (optind + 1 < argc)
		return cli_error(CLI_USAGE, "wait", "%s: one adapter is expected, not more",
				 argv[optind + 1]);
	answer = json_pack("{s:[]}", "adapters");
	result = await(argv[optind], json_object_get(answer, "adapters"), seconds);
	if (json)
		print_json(answer, stdout);
	json_decref(answer);
	return result;
}

const struct cli_command cli_wait = { "wait", "wait until an adapter runs", help, wait_for_it };
