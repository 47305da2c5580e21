/* SPDX-License-Identifier: MIT */
#include "cli/preload.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/beside.h"
#include "cli/cli.h"
#include "load/sanitizer.h"

/* Set for the second start, so that there is no third. */
#define DONE        "NETCX_PRELOADED"

#define THREAD_HOST "netcx-thread"

static bool has_address(void)
{
	return dlsym(RTLD_DEFAULT, "__asan_init");
}

static bool has_thread(void)
{
	return dlsym(RTLD_DEFAULT, "__tsan_init");
}

/* Before what is to be preloaded already. */
static void set_preload(const char *runtime)
{
	const char *before = getenv("LD_PRELOAD");
	char *preload;

	if (!before || !*before) {
		setenv("LD_PRELOAD", runtime, 1);
	} else if (asprintf(&preload, "%s:%s", runtime, before) >= 0) {
		setenv("LD_PRELOAD", preload, 1);
		free(preload);
	}
}

/* Returns only when it cannot be done, and has said so. */
static int start(const char *program, int argc, char **argv)
{
	char **command = calloc((size_t)argc + 2, sizeof(*command));

	if (command) {
		setenv(DONE, "1", 1);
		command[0] = (char *)"netcx";
		for (int i = 0; i < argc; i++)
			command[i + 1] = argv[i];
		execv(program, command);
	}
	free(command);
	return cli_error(CLI_FAILED, argv[0], "%s: %s", program, strerror(errno));
}

/*
 * What orders two accesses of a driver is often the host's doing, a lock, a ring's index, a queued
 * DPC: without the sanitizer in the host, too, right drivers would be reported.
 */
static int start_thread_host(const char *driver, int argc, char **argv)
{
	char path[PATH_MAX];
	struct cli_place place;

	if (has_address())
		return cli_error(
			CLI_FAILED, argv[0],
			"%s: it has the thread sanitizer in it, and this netcx the address sanitizer: no process has both",
			driver);
	if (!cli_find_place(&place))
		return cli_error(CLI_FAILED, argv[0], "/proc/self/exe: %s", strerror(errno));
	if (getenv(DONE) || !cli_find_beside(&place, THREAD_HOST, path))
		return cli_error(
			CLI_FAILED, argv[0],
			"%s: a driver with the thread sanitizer is run by a netcx that has it, too, " THREAD_HOST
			", which is not there: ninja -C %s " THREAD_HOST
			" makes it in netcx's build folder",
			driver, place.folder);
	return start(path, argc, argv);
}

int cli_preload(const char *driver, int argc, char **argv)
{
	char *runtime;
	int result;

	if (sanitizer_is_thread(driver)) {
		if (!has_thread())
			return start_thread_host(driver, argc, argv);
		unsetenv(DONE);
		return CLI_OK;
	}
	if (has_address() || getenv(DONE) || !(runtime = sanitizer_runtime(driver))) {
		unsetenv(DONE);
		return CLI_OK;
	}
	if (has_thread()) {
		free(runtime);
		return cli_error(
			CLI_FAILED, argv[0],
			"%s: it has the address sanitizer in it, and this netcx the thread sanitizer: no process has both",
			driver);
	}
	set_preload(runtime);
	result = start("/proc/self/exe", argc, argv);
	free(runtime);
	return result;
}
