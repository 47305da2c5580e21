/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

int cli_error(int code, const char *command, const char *format, ...)
{
	va_list list;

	fprintf(stderr, "netcx: %s%s", command, *command ? ": " : "");
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fputc('\n', stderr);
	return code;
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

int cli_finish(int code)
{
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
