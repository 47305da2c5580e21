/* SPDX-License-Identifier: MIT */
#include <netcx/host.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "cli/cli.h"

static int help(int argc, char **argv);
static int version(int argc, char **argv);

static const struct cli_command cli_help = { "help", "this text, or that of a command",
					     "Usage: netcx help [COMMAND]\n", help };
static const struct cli_command cli_version = {
	"version", "the version of this build",
	"Usage: netcx version [--json]\n\n"
	"Prints netcx's version and the versions of NetAdapterCx and KMDF it has.\n",
	version
};

static const struct cli_command *const commands[] = {
	&cli_run,     &cli_build,    &cli_wait,    &cli_show,    &cli_set,     &cli_restart,
	&cli_remove,  &cli_link,     &cli_offload, &cli_oid,     &cli_sleep,   &cli_wake,
	&cli_top,     &cli_events,   &cli_trace,   &cli_capture, &cli_test,    &cli_fuzz,
	&cli_segment, &cli_coalesce, &cli_explain, &cli_plot,    &cli_version, &cli_help
};

#define COMMANDS ARRAY_COUNT(commands)

static const struct cli_command *find(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	}
	return NULL;
}

static void usage(FILE *to)
{
	fputs("netcx runs NetAdapterCx drivers on Linux.\n\n"
	      "Usage: netcx COMMAND [OPTIONS]\n\n",
	      to);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(to, "  %-9s %s\n", commands[i]->name, commands[i]->summary);
	fputs("\nA command's own options: netcx COMMAND --help\n"
	      "\n"
	      "Exit codes: 0 fine; 1 failed, and a message says why; 2 wrong usage; 130 a run that a second\n"
	      "signal has ended at once; 158 the driver broke a rule. They are the same for all commands.\n",
	      to);
	fputs(CLI_BUGS, to);
}

static void print_help(const struct cli_command *command)
{
	fputs(command->help, stdout);
	fputs(CLI_BUGS, stdout);
}

static int help(int argc, char **argv)
{
	const struct cli_command *command;

	if (argc > 2)
		return cli_error(CLI_USAGE, "help", "%s: one command is expected", argv[2]);
	if (argc < 2) {
		usage(stdout);
		return CLI_OK;
	}
	command = find(argv[1]);
	if (!command)
		return cli_error(CLI_USAGE, "help", "%s: no such command", argv[1]);
	if (!command->help)
		return command->run(2, (char *[]){ argv[1], (char[]){ "--help" }, NULL });
	print_help(command);
	return CLI_OK;
}

static int version(int argc, char **argv)
{
	bool json = argc > 1 && strcmp(argv[1], "--json") == 0;
	char api[64];

	if (argc > 1 + json)
		return cli_error(CLI_USAGE, "version", "%s: nothing is expected", argv[1 + json]);
	netcx_api_versions(api, sizeof(api));
	if (json)
		printf("{\"netcx\":\"%s\",\"netadaptercx\":\"%s\",\"kmdf\":\"1.27\"}\n",
		       netcx_version(), api);
	else
		printf("netcx %s, NetAdapterCx %s, KMDF 1.27\n", netcx_version(), api);
	return CLI_OK;
}

int main(int argc, char **argv)
{
	const struct cli_command *command;
	const char *name = argc > 1 ? argv[1] : NULL;

	if (!name) {
		usage(stderr);
		return CLI_USAGE;
	}
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		name = "help";
	if (strcmp(name, "--version") == 0)
		name = "version";
	command = find(name);
	if (!command) {
		cli_error(CLI_USAGE, "", "%s: no such command", name);
		fputs("Try: netcx --help\n", stderr);
		return CLI_USAGE;
	}
	if (command->help && cli_asks_help(argc - 1, argv + 1)) {
		print_help(command);
		return cli_finish(CLI_OK);
	}
	if (cli_asks_json(argc - 1, argv + 1) && command == &cli_run)
		cli_json_events(stdout);
	else if (cli_asks_json(argc - 1, argv + 1))
		cli_json(command == &cli_build ? NULL : stdout);
	return cli_finish(command->run(argc - 1, argv + 1));
}
