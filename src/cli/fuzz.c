/* SPDX-License-Identifier: MIT */
/* netcx fuzz: the command line of src/test/fuzz. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>

#include "cli/adapter_options.h"
#include "cli/cli.h"
#include "cli/preload.h"
#include "cli/test_options.h"

#define LIMIT_S    10
#define MOST_LIMIT 3600
#define MOST_RUNS  1000000000u
#define MOST_TIME  31536000u /* a year */
#define TIME_S     60

static const char help[] =
	"Usage: netcx fuzz DRIVER.so [OPTIONS]\n"
	"       netcx fuzz DRIVER.so --replay FILE | --minimize FILE [OPTIONS]\n"
	"\n"
	"Does sequences of steps to a NetAdapterCx driver until one does harm: packets to be sent, whose\n"
	"segments and checksums are judged, frames from the wire, changes of the offloads, OIDs, filters,\n"
	"receive scaling, restarts, sleep and what wakes from it, the cable; of a device, too, that\n"
	"interrupts without a reason, whose registers read wrong, or that is pulled out. Harm is a crash,\n"
	"a broken rule, a callback that does not return, a leak, what a sanitizer finds, and, while the\n"
	"device works, a wrong frame on the wire.\n"
	"\n"
	"A driver of `netcx build --sanitize fuzzer` has libFuzzer in it, which goes by what is reached;\n"
	"any other gets sequences by the seed, each in a process of its own.\n"
	"\n"
	"  --device MODEL    the hardware the driver drives, whose wire is looked at: rtl8168 or\n"
	"                    rtl8168-ext\n"
	"  --peer KEY=VALUE  a driver whose wire is software gets a second adapter with this keyword,\n"
	"                    which has what the first sends; may be repeated\n"
	"  --set KEY=VALUE   a configuration keyword of the adapter under test; may be repeated\n"
	"  --inf FILE        the driver's INF; default: DRIVER.inf or DRIVER.inx beside it\n"
	"  --os VERSION      the Windows that the INF is read for\n"
	"  --codepage NUMBER the code page of an INF without a byte order mark\n"
	"  --seed NUMBER     of the sequences; default 1\n"
	"  --runs N          sequences at most\n"
	"  --time SECONDS    as long; default 60, unless --runs says otherwise\n"
	"  --all             go on after a finding, to the end of --runs or --time; the different ones,\n"
	"                    by rule and place, are listed at the end with how often each came\n"
	"  --jobs N          processes at once, without libFuzzer; default: one for each processor\n"
	"  --limit SECONDS   that a sequence may take; default 10\n"
	"  --out FOLDER      where a finding is written; default: the current one\n"
	"  --corpus FOLDER   libFuzzer's sequences: it begins with them, and adds to them\n"
	"  --replay FILE     do a sequence again, and list its steps\n"
	"  --minimize FILE   leave out steps as long as the same rule is broken; into FILE.min\n"
	"\n"
	"A finding is a file, fuzz-RULE-SEED-RUN, of 16 bytes a step.\n"
	"\n"
	"Exit codes: 0 nothing was found, 1 something was, 2 wrong usage, 130 ended by a signal; with --all\n"
	"that, too, when something was found before.\n"
	"\n"
	"Examples:\n"
	"  netcx fuzz build/drivers/rtl8168/rtl8168.so --device rtl8168 --time 600\n"
	"  netcx build driver --sanitize address,fuzzer && netcx fuzz out/driver.so --corpus corpus\n"
	"  netcx fuzz nic.so --device rtl8168 --replay fuzz-TcpFlags-1-17\n";

enum {
	OPT_ADAPTER_KEY = 1, /* by the option's name */
	OPT_PEER,
	OPT_SEED,
	OPT_RUNS,
	OPT_TIME,
	OPT_JOBS,
	OPT_LIMIT,
	OPT_OUT,
	OPT_ALL,
	OPT_CORPUS,
	OPT_REPLAY,
	OPT_MINIMIZE,
};

static const struct option options[] = {
	{ "device", required_argument, NULL, OPT_ADAPTER_KEY },
	{ "set", required_argument, NULL, OPT_ADAPTER_KEY },
	{ "inf", required_argument, NULL, OPT_ADAPTER_KEY },
	{ "os", required_argument, NULL, OPT_ADAPTER_KEY },
	{ "codepage", required_argument, NULL, OPT_ADAPTER_KEY },
	{ "peer", required_argument, NULL, OPT_PEER },
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "runs", required_argument, NULL, OPT_RUNS },
	{ "time", required_argument, NULL, OPT_TIME },
	{ "jobs", required_argument, NULL, OPT_JOBS },
	{ "limit", required_argument, NULL, OPT_LIMIT },
	{ "all", no_argument, NULL, OPT_ALL },
	{ "out", required_argument, NULL, OPT_OUT },
	{ "corpus", required_argument, NULL, OPT_CORPUS },
	{ "replay", required_argument, NULL, OPT_REPLAY },
	{ "minimize", required_argument, NULL, OPT_MINIMIZE },
	{ 0 },
};

/* The command line while it is read. */
struct reading {
	struct test_options test;
	struct adapter_options *adapter;
	const char *peer[CLI_MOST_PEER];
};

static bool read_option(void *context, int option, const char *name, const char *value,
			struct error *error)
{
	struct reading *reading = context;
	struct test_options *test = &reading->test;
	unsigned runs = 0;

	switch (option) {
	case OPT_PEER:
		return cli_add_peer(test, reading->peer, value, error);
	case OPT_SEED:
		return cli_read_seed(test, value, error);
	case OPT_RUNS:
		if (!cli_read_count(name, value, MOST_RUNS, &runs, error))
			return false;
		test->fuzz_runs = runs;
		return true;
	case OPT_TIME:
		return cli_read_count(name, value, MOST_TIME, &test->fuzz_seconds, error);
	case OPT_JOBS:
		return cli_read_count(name, value, 64, &test->jobs, error);
	case OPT_LIMIT:
		return cli_read_count(name, value, MOST_LIMIT, &test->limit, error);
	case OPT_ALL:
		test->fuzz_all = true;
		return true;
	case OPT_OUT:
		test->fuzz_folder = value;
		return true;
	case OPT_CORPUS:
		test->fuzz_corpus = value;
		return true;
	case OPT_REPLAY:
		test->fuzz_replay = value;
		return true;
	case OPT_MINIMIZE:
		test->fuzz_minimize = value;
		return true;
	default:
		return adapter_option_set(reading->adapter, name, value, error);
	}
}

static int check(const struct reading *reading)
{
	const struct test_options *test = &reading->test;
	struct error error = { "" };

	if (test->fuzz_replay && test->fuzz_minimize)
		return cli_error(CLI_USAGE, "fuzz", "--replay and --minimize: one at a time");
	if (test->fuzz_all && (test->fuzz_replay || test->fuzz_minimize))
		return cli_error(CLI_USAGE, "fuzz", "--all is for a hunt: not with %s",
				 test->fuzz_replay ? "--replay" : "--minimize");
	if (test->fuzz_runs && test->fuzz_seconds)
		return cli_error(CLI_USAGE, "fuzz", "--runs and --time: one of them");
	if (!cli_check_peer(test, reading->adapter->config.device, &error))
		return cli_error(CLI_USAGE, "fuzz", "%s", error.text);
	return CLI_OK;
}

static int read_command_line(struct reading *reading, int argc, char **argv)
{
	int result = cli_read_options("fuzz", argc, argv, options, read_option, reading);
	struct error error = { "" };

	if (result)
		return result;
	if (optind == argc)
		return cli_error(CLI_USAGE, "fuzz", "which driver? DRIVER.so is expected");
	if (optind + 1 < argc)
		return cli_error(CLI_USAGE, "fuzz", "%s: one driver is expected", argv[optind + 1]);
	if (!adapter_option_set(reading->adapter, "driver", argv[optind], &error))
		return cli_error(CLI_FAILED, "fuzz", "%s", error.text);
	return check(reading);
}

static int fuzz(struct reading *reading, int argc, char **argv)
{
	struct test_options *test = &reading->test;
	struct error error = { "" };
	int result;

	test->adapter = reading->adapter->config;
	test->peer = reading->peer;
	if (!test->fuzz_runs && !test->fuzz_seconds)
		test->fuzz_seconds = TIME_S;
	result = cli_preload(test->adapter.driver, argc, argv);
	if (result != CLI_OK)
		return result;
	signal(SIGPIPE, SIG_IGN);
	result = test_fuzz(test, &error);
	return *error.text ? cli_error(result, "fuzz", "%s", error.text) : result;
}

static int run(int argc, char **argv)
{
	struct reading reading = { .test = { .shard = 1,
					     .shards = 1,
					     .seed = 1,
					     .limit = LIMIT_S,
					     .fuzz_folder = "." },
				   .adapter = adapter_options_new() };
	int result;

	if (!reading.adapter)
		return cli_error(CLI_FAILED, "fuzz", "out of memory");
	result = read_command_line(&reading, argc, argv);
	if (result == CLI_OK)
		result = fuzz(&reading, argc, argv);
	adapter_options_free(reading.adapter);
	return result;
}

const struct cli_command cli_fuzz = { "fuzz", "do all to a driver that may happen to it", help,
				      run };
