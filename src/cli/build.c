/* SPDX-License-Identifier: MIT */
/*
 * netcx build: an executable of its own, so that what it needs (libxml2 and ICU) is no part of the
 * process that runs a driver.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/beside.h"
#include "cli/cli.h"

static int run(int argc, char **argv)
{
	char path[PATH_MAX], netcx[] = "--netcx";
	struct cli_place place;
	char **command;

	if (!cli_find_place(&place))
		return cli_error(CLI_FAILED, "build", "/proc/self/exe: %s", strerror(errno));
	if (!cli_find_beside(&place, "netcx-build", path))
		return cli_error(
			CLI_FAILED, "build",
			"netcx-build is missing: it is expected beside %s or in %s; install netcx as a whole",
			place.program, NETCX_LIBEXEC);
	command = calloc((size_t)argc + 3, sizeof(*command));
	if (!command)
		return cli_error(CLI_FAILED, "build", "%s", strerror(errno));
	command[0] = path;
	command[1] = netcx;
	command[2] = place.program;
	for (int i = 1; i < argc; i++)
		command[i + 2] = argv[i];
	execv(path, command);
	free(command);
	return cli_error(CLI_FAILED, "build", "%s: %s", path, strerror(errno));
}

const struct cli_command cli_build = { "build", "compile a driver from its own source", NULL, run };
