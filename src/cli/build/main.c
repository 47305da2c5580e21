/* SPDX-License-Identifier: MIT */
/*
 * netcx-build, which `netcx build` starts: the command line becomes the options of a build. Its
 * option --netcx is between the two: the netcx that will run the driver.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "build/build.h"
#include "build/path.h"
#include "build/program.h"
#include "cli/cli.h"

static const char help[] =
	"Usage: netcx build [PATH] [OPTIONS]\n"
	"\n"
	"Compiles a driver from its own source into a shared object for `netcx run`, with clang\n"
	"14 or newer. PATH is a .vcxproj, a folder with one, or a folder with .c and .cpp files;\n"
	"default: the current folder. What is missing on netcx's side is listed at the end.\n"
	"It is built for kernel mode (KMDF) or user mode (UMDF), as its properties say.\n"
	"\n"
	"  -o FILE                the result; default out/NAME.so. The project's .inf or .inx\n"
	"                         goes beside it\n"
	"  --configuration NAME   default Release, else the one of the project that comes nearest\n"
	"  --platform NAME        default x64, else ARM64; selects in the project, the code is this\n"
	"                         machine's\n"
	"  -p NAME=VALUE          set a property of the project, as msbuild's /p: does\n"
	"  --sanitize LIST        address, undefined and fuzzer (libFuzzer, for netcx fuzz), with commas;\n"
	"                         or thread, whose drivers netcx-thread runs, the host with that\n"
	"                         sanitizer in it\n"
	"  --coverage             count lines; notes and counts lie in NAME.objects, and clang's gcov\n"
	"                         reads them: llvm-cov gcov (GNU's gcov does not)\n"
	"  --compile-commands[=FILE]\n"
	"                         write a compilation database for clangd and clang-tidy, default\n"
	"                         compile_commands.json, and NAME.vfs.json beside the result:\n"
	"                         clang-tidy wants it as --vfsoverlay\n"
	"  --long 32|64           bits of long in the driver's sources; default 32, as on Windows\n"
	"  --keep-going           compile all files, also when one has failed\n"
	"  -j N                   so many compilers at once; default: the processors\n"
	"  --clang PROGRAM        the compiler; default: clang, else the newest clang-NN\n"
	"  --include-root FOLDER  netcx's driver headers; default: $NETCX_INCLUDE_ROOT, else those\n"
	"                         that came with netcx\n"
	"  -v                     show the commands\n"
	"  --json                 the answer is one JSON object: {\"driver\",\"missing\":[...]} or\n"
	"                         {\"error\",\"missing\":[...]}; messages go to standard error\n"
	"\n"
	"Exit codes: 0 built, 1 something failed or is missing, 2 wrong usage.\n"
	"\n"
	"Examples:\n"
	"  netcx build driver/driver.vcxproj && netcx run out/driver.so\n"
	"  netcx build driver --configuration Debug --sanitize address,undefined\n";

enum {
	OPT_CONFIGURATION = 1,
	OPT_PLATFORM,
	OPT_SANITIZE,
	OPT_COVERAGE,
	OPT_COMMANDS,
	OPT_KEEP_GOING,
	OPT_CLANG,
	OPT_INCLUDE_ROOT,
	OPT_NETCX,
	OPT_LONG,
	OPT_JSON,
};

static const struct option options[] = {
	{ "configuration", required_argument, NULL, OPT_CONFIGURATION },
	{ "platform", required_argument, NULL, OPT_PLATFORM },
	{ "property", required_argument, NULL, 'p' },
	{ "sanitize", required_argument, NULL, OPT_SANITIZE },
	{ "coverage", no_argument, NULL, OPT_COVERAGE },
	{ "compile-commands", optional_argument, NULL, OPT_COMMANDS },
	{ "keep-going", no_argument, NULL, OPT_KEEP_GOING },
	{ "jobs", required_argument, NULL, 'j' },
	{ "clang", required_argument, NULL, OPT_CLANG },
	{ "include-root", required_argument, NULL, OPT_INCLUDE_ROOT },
	{ "netcx", required_argument, NULL, OPT_NETCX },
	{ "long", required_argument, NULL, OPT_LONG },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "output", required_argument, NULL, 'o' },
	{ "verbose", no_argument, NULL, 'v' },
	{ 0 },
};

static int read_jobs(struct build_options *b, const char *text)
{
	char *end;
	unsigned long count;

	errno = 0;
	count = strtoul(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end || errno || count == 0 || count > 1024)
		return cli_error(CLI_USAGE, "build", "-j %s: a number from 1 to 1024 is expected",
				 text);
	b->parallel = (unsigned)count;
	return CLI_OK;
}

static int read_property(struct build_options *b, const char *text)
{
	const char *equal = strchr(text, '=');
	char *name;

	if (!equal || equal == text)
		return cli_error(CLI_USAGE, "build", "-p %s: NAME=VALUE is expected", text);
	name = string_copy_n(text, (size_t)(equal - text));
	properties_set_global(&b->properties, name, equal + 1);
	free(name);
	return CLI_OK;
}

static int read_sanitizers(struct build_options *b, const char *text)
{
	size_t first = b->sanitizers.count;

	strings_split(&b->sanitizers, text, ',');
	for (size_t i = first; i < b->sanitizers.count; i++) {
		if (strcmp(b->sanitizers.at[i], "address") != 0 &&
		    strcmp(b->sanitizers.at[i], "undefined") != 0 &&
		    strcmp(b->sanitizers.at[i], "fuzzer") != 0 &&
		    strcmp(b->sanitizers.at[i], "thread") != 0)
			return cli_error(
				CLI_USAGE, "build",
				"--sanitize %s: address, undefined, fuzzer and thread are known",
				text);
	}
	if (b->sanitizers.count == first)
		return cli_error(CLI_USAGE, "build",
				 "--sanitize: address, undefined, fuzzer or thread is expected");
	if (strings_has(&b->sanitizers, "thread") && b->sanitizers.count > 1)
		return cli_error(CLI_USAGE, "build", "--sanitize %s: thread goes alone", text);
	return CLI_OK;
}

static int read_long(struct build_options *b, const char *text)
{
	b->wide_long = strcmp(text, "64") == 0;
	if (!b->wide_long && strcmp(text, "32") != 0)
		return cli_error(CLI_USAGE, "build", "--long %s: 32 or 64 is expected", text);
	return CLI_OK;
}

static int read_option(struct build_options *b, int option, const char *value)
{
	switch (option) {
	case OPT_CONFIGURATION:
		properties_set_global(&b->properties, "Configuration", value);
		break;
	case OPT_PLATFORM:
		properties_set_global(&b->properties, "Platform", value);
		break;
	case OPT_SANITIZE:
		return read_sanitizers(b, value);
	case OPT_COVERAGE:
		b->coverage = true;
		break;
	case OPT_COMMANDS:
		b->compile_commands = value ? value : "compile_commands.json";
		break;
	case OPT_KEEP_GOING:
		b->keep_going = true;
		break;
	case OPT_CLANG:
		b->clang = value;
		break;
	case OPT_INCLUDE_ROOT:
		b->include_root = value;
		break;
	case OPT_NETCX:
		b->netcx = value;
		break;
	case OPT_LONG:
		return read_long(b, value);
	case OPT_JSON:
		b->json = true;
		break;
	case 'p':
		return read_property(b, value);
	case 'j':
		return read_jobs(b, value);
	case 'o':
		b->output = value;
		break;
	case 'v':
		b->verbose = true;
		break;
	}
	return CLI_OK;
}

/* Where our headers are; the caller's. */
static char *include_root(const char *given, const char *netcx)
{
	const char *variable = getenv("NETCX_INCLUDE_ROOT");

	if (given || (variable && *variable))
		return realpath(given ? given : variable, NULL);
	return program_include_root(netcx);
}

/* Called without netcx, it takes the one beside it; the caller's. */
static char *netcx_beside(void)
{
	char *program = realpath("/proc/self/exe", NULL);
	char *folder = program ? path_folder(program) : NULL;
	char *netcx = folder ? path_join(folder, "netcx") : NULL;

	free(program);
	free(folder);
	return netcx;
}

static int run_build(struct build_options *b)
{
	const char *given = b->include_root;
	char *root = include_root(given, b->netcx);
	int result, signal_number = 0;

	if (!root)
		return cli_error(
			CLI_FAILED, "build",
			given ? "--include-root %s: no such folder"
			      : "netcx's driver headers are not found%s; --include-root or NETCX_INCLUDE_ROOT says where they are",
			given ? given : "");
	b->include_root = root;
	result = build(b, &signal_number);
	cli_answered();
	free(root);
	if (result == BUILD_INTERRUPTED) {
		/* All is tidied up: end as the signal would have ended us. */
		signal(signal_number, SIG_DFL);
		raise(signal_number);
	}
	return result == BUILD_OK ? CLI_OK : CLI_FAILED;
}

static int read_options(struct build_options *b, int argc, char **argv)
{
	int option, result = CLI_OK;

	opterr = 0;
	while (result == CLI_OK &&
	       (option = getopt_long(argc, argv, ":o:p:j:v", options, NULL)) != -1) {
		if (option == '?' || option == ':')
			result = cli_bad_option("build", argv, option);
		else
			result = read_option(b, option, optarg);
	}
	if (result == CLI_OK && optind + 1 < argc)
		result = cli_error(CLI_USAGE, "build", "%s: one path is expected, not more",
				   argv[optind + 1]);
	if (result == CLI_OK && optind < argc)
		b->path = argv[optind];
	return result;
}

int main(int argc, char **argv)
{
	char *beside = netcx_beside();
	struct build_options b = { .path = ".", .netcx = beside };
	int result;

	if (cli_asks_help(argc, argv)) {
		fputs(help, stdout);
		fputs(CLI_BUGS, stdout);
		free(beside);
		return cli_finish(CLI_OK);
	}
	cli_json(cli_asks_json(argc, argv) ? stdout : NULL);
	result = read_options(&b, argc, argv);
	if (result == CLI_OK)
		result = run_build(&b);
	properties_free(&b.properties);
	strings_free(&b.sanitizers);
	free(beside);
	return cli_finish(result);
}
