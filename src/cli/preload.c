/* SPDX-License-Identifier: MIT */
#include "cli/preload.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "build/sanitizer.h"
#include "build/strings.h"

/* Set for the second start, so that there is no third. */
#define DONE "NETCX_PRELOADED"

static bool is_loaded(void)
{
	return dlsym(RTLD_DEFAULT, "__asan_init") || dlsym(RTLD_DEFAULT, "__tsan_init");
}

void cli_preload(const char *driver, int argc, char **argv)
{
	const char *before = getenv("LD_PRELOAD");
	struct strings command = { 0 };
	char *runtime, *preload;

	if (is_loaded() || getenv(DONE) || !(runtime = sanitizer_runtime(driver))) {
		unsetenv(DONE);
		return;
	}
	preload = before && *before ? format("%s:%s", runtime, before) : copy(runtime);
	setenv("LD_PRELOAD", preload, 1);
	setenv(DONE, "1", 1);
	strings_copy(&command, "netcx");
	for (int i = 0; i < argc; i++)
		strings_copy(&command, argv[i]);
	execv("/proc/self/exe", command.at);
	perror("netcx: run: /proc/self/exe");
	strings_free(&command);
	free(preload);
	free(runtime);
}
