/* SPDX-License-Identifier: MIT */
#include "cli/preload.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "load/sanitizer.h"

/* Set for the second start, so that there is no third. */
#define DONE "NETCX_PRELOADED"

static bool is_loaded(void)
{
	return dlsym(RTLD_DEFAULT, "__asan_init") || dlsym(RTLD_DEFAULT, "__tsan_init");
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

void cli_preload(const char *driver, int argc, char **argv)
{
	char **command, *runtime;

	if (is_loaded() || getenv(DONE) || !(runtime = sanitizer_runtime(driver))) {
		unsetenv(DONE);
		return;
	}
	command = calloc((size_t)argc + 2, sizeof(*command));
	if (command) {
		set_preload(runtime);
		setenv(DONE, "1", 1);
		command[0] = (char *)"netcx";
		for (int i = 0; i < argc; i++)
			command[i + 1] = argv[i];
		execv("/proc/self/exe", command);
		perror("netcx: run: /proc/self/exe");
	}
	free(command);
	free(runtime);
}
