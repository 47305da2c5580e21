/* SPDX-License-Identifier: MIT */
/*
 * netcx build: an executable of its own, so that what it needs (libxml2 and ICU) is no part of the
 * process that runs a driver. It lies beside this one in a build tree, in libexec when installed.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "cli/cli.h"

/* This program's path, and its folder. */
struct place {
	char program[PATH_MAX], folder[PATH_MAX];
};

static bool find_place(struct place *place)
{
	char *slash;

	if (!realpath("/proc/self/exe", place->program))
		return false;
	strcpy(place->folder, place->program);
	slash = strrchr(place->folder, '/');
	*slash = '\0';
	return true;
}

/* NETCX_LIBEXEC is meson's: absolute, or seen from the folder with netcx. */
static bool find_build(const struct place *place, char *path, size_t size)
{
	const char *const places[] = { "netcx-build", NETCX_LIBEXEC "/netcx-build" };

	for (size_t i = 0; i < ARRAY_COUNT(places); i++) {
		int n = places[i][0] == '/'
				? snprintf(path, size, "%s", places[i])
				: snprintf(path, size, "%s/%s", place->folder, places[i]);

		if (n > 0 && (size_t)n < size && access(path, F_OK) == 0)
			return true;
	}
	return false;
}

static int run(int argc, char **argv)
{
	char path[PATH_MAX], netcx[] = "--netcx";
	struct place place;
	char **command;

	if (!find_place(&place))
		return cli_error(CLI_FAILED, "build", "/proc/self/exe: %s", strerror(errno));
	if (!find_build(&place, path, sizeof(path)))
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
