/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/json_text.h"
#include "cli/cli.h"

/* The process is one command: what it has said, and where its JSON goes. */
static char first_error[1024];
static FILE *json_to;
static bool answered, among_events;

int cli_error(int code, const char *command, const char *format, ...)
{
	va_list list, again;

	fprintf(stderr, "netcx: %s%s", command, *command ? ": " : "");
	va_start(list, format);
	va_copy(again, list);
	vfprintf(stderr, format, list);
	if (!*first_error)
		vsnprintf(first_error, sizeof(first_error), format, again);
	va_end(again);
	va_end(list);
	fputc('\n', stderr);
	return code;
}

void cli_json(FILE *to)
{
	json_to = to;
}

void cli_json_events(FILE *to)
{
	json_to = to;
	among_events = true;
}

bool cli_asks_json(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "--json") == 0 || strcmp(argv[i], "--log=json") == 0)
			return true;
		if (strcmp(argv[i], "--log") == 0 && i + 1 < argc &&
		    strcmp(argv[i + 1], "json") == 0)
			return true;
	}
	return false;
}

void cli_answered(void)
{
	answered = true;
}

const char *cli_error_text(void)
{
	return *first_error ? first_error : NULL;
}

static void print_refusal(void)
{
	fputs(among_events ? "{\"kind\":\"log\",\"name\":\"Refused\",\"error\":" : "{\"error\":",
	      json_to);
	json_text_print(json_to, first_error);
	fputs("}\n", json_to);
}

int cli_bad_option(const char *command, char **argv, int result)
{
	const char *given = argv[optind - 1];

	if (result == ':')
		cli_error(CLI_USAGE, command, "%s: a value is expected behind it", given);
	else if (optopt && strncmp(given, "--", 2) != 0)
		cli_error(CLI_USAGE, command, "-%c: no such option", optopt);
	else if (optopt)
		cli_error(CLI_USAGE, command, "%s: it takes no value", given);
	else
		cli_error(CLI_USAGE, command, "%s: no such option", given);
	fprintf(stderr, "Try: netcx %s --help\n", command);
	return CLI_USAGE;
}

int cli_read_options(const char *command, int argc, char **argv, const struct option *options,
		     cli_option_reader *read, void *context)
{
	struct error error = { "" };
	int option, index = 0;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", options, &index)) != -1) {
		if (option == '?' || option == ':')
			return cli_bad_option(command, argv, option);
		if (!read(context, option, options[index].name, optarg, &error))
			return cli_error(CLI_USAGE, command, "%s", error.text);
	}
	return CLI_OK;
}

int cli_finish(int code)
{
	if (code != CLI_OK && json_to && *first_error && !answered)
		print_refusal();
	if (fflush(stdout) != 0 && code == CLI_OK)
		return cli_error(CLI_FAILED, "", "standard output cannot be written");
	return code;
}

bool cli_asks_help(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return true;
	}
	return false;
}
