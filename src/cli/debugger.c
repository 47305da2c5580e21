/* SPDX-License-Identifier: MIT */
/*
 * The debugger takes this process' place, with the same command line below it. A register that a
 * driver reaches by plain dereference is a SIGSEGV that is no fault, so that signal is passed on; a
 * real one is reported, and the report ends in netcx_breakpoint() (nt/violation.h).
 */
#include "cli/debugger.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "cli/beside.h"
#include "cli/cli.h"

static const char *const gdb[] = { "gdb",   "-q",
				   "-ex",   "set breakpoint pending on",
				   "-ex",   "handle SIGSEGV nostop noprint pass",
				   "-ex",   "break netcx_breakpoint",
				   "-ex",   "run",
				   "--args" };

static const char *const lldb[] = {
	"lldb",
	"-o",
	"process launch --stop-at-entry",
	"-o",
	"process handle SIGSEGV --notify false --pass true --stop false",
	"-o",
	"breakpoint set --name netcx_breakpoint",
	"-o",
	"continue",
	"--"
};

/* The words of a run without its own --gdb or --lldb; a driver that is looked at does not hang. */
static size_t add_run(char **words, size_t count, char *program, int argc, char **argv)
{
	static char run[] = "run", watchdog[] = "--watchdog=0";

	words[count++] = program;
	words[count++] = run;
	words[count++] = watchdog;
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--gdb") != 0 && strcmp(argv[i], "--lldb") != 0)
			words[count++] = argv[i];
	}
	return count;
}

int debugger_start(const char *name, int argc, char **argv)
{
	bool is_gdb = strcmp(name, "gdb") == 0;
	const char *const *first = is_gdb ? gdb : lldb;
	size_t count = is_gdb ? ARRAY_COUNT(gdb) : ARRAY_COUNT(lldb);
	struct cli_place place;
	char **words;
	int why;

	if (!cli_find_place(&place))
		return cli_error(CLI_FAILED, "run", "/proc/self/exe: %s", strerror(errno));
	words = calloc(count + (size_t)argc + 3, sizeof(*words));
	if (!words)
		return cli_error(CLI_FAILED, "run", "out of memory");
	memcpy(words, first, count * sizeof(*words));
	add_run(words, count, place.program, argc, argv);
	execvp(name, words);
	why = errno;
	free(words);
	if (why == ENOENT)
		return cli_error(CLI_FAILED, "run", "--%s: there is none; apt install %s", name,
				 name);
	return cli_error(CLI_FAILED, "run", "--%s: %s", name, strerror(why));
}
