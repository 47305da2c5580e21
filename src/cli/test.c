/* SPDX-License-Identifier: MIT */
/* netcx test: the command line of src/test. */
#include "test/test.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/adapter_options.h"
#include "cli/cli.h"
#include "cli/preload.h"
#include "cli/test_options.h"

#define LIMIT_S     30
#define THOROUGH_S  600
#define PATIENCE_S  10
#define MOST_LIMIT  3600
#define MOST_SHARDS 100000

static const char help[] =
	"Usage: netcx test DRIVER.so [OPTIONS] [CASE ...]\n"
	"       netcx test --list [--json]\n"
	"       netcx test --merge REPORT ... [--junit FILE] [--html FILE] [--json]\n"
	"\n"
	"Holds a NetAdapterCx driver against the rules of its offloads: what it makes of packets, by\n"
	"two implementations that share no code. Each case has a process with a host, the driver, its\n"
	"stack and its wire in memory: no privilege is needed, and a driver that crashes, hangs, leaks\n"
	"or breaks a rule fails that case alone. An offload that a driver does not have is skipped, and\n"
	"said to be.\n"
	"\n"
	"  CASE              a case, a group (lso, checksum) or a pattern: 'lso/*/ipv6'; default: all\n"
	"  --list            the cases, each with its rule, its source and what a fault of it looks\n"
	"                    like on Windows\n"
	"  --merge           joins the reports (JUnit or JSON) of a run's shards into one: what is\n"
	"                    missing, broken or there twice is named, and the exit code is 1 then\n"
	"  --device MODEL    the hardware the driver drives, whose wire is looked at: rtl8168 or\n"
	"                    rtl8168-ext\n"
	"  --peer KEY=VALUE  a driver whose wire is software gets a second adapter with this keyword,\n"
	"                    which has what the first sends; may be repeated\n"
	"  --set KEY=VALUE   a configuration keyword of the adapter under test; may be repeated\n"
	"  --inf FILE        the driver's INF; default: DRIVER.inf or DRIVER.inx beside it\n"
	"  --os VERSION      the Windows that the INF is read for\n"
	"  --codepage NUMBER the code page of an INF without a byte order mark\n"
	"  --shard I/N       part I of N of the cases: for several machines or jobs\n"
	"  --jobs N          processes at once; default: one for each processor, 8 at most\n"
	"  --seed NUMBER     of the packets of the seeded cases; default 1\n"
	"  --limit SECONDS   that a case may take; default 30, with --thorough 600\n"
	"  --patience SECONDS  for a frame that has to come; default 10\n"
	"  --thorough        1,000 restarts, 5,000 changes of what is active and 100,000 races for a\n"
	"                    notification instead of some; takes minutes\n"
	"  --json            the report is one object of JSON on standard output\n"
	"  --junit FILE      write JUnit's XML as well; FILE is replaced at the end\n"
	"  --html FILE       write a page, too, that needs nothing else: verdicts, packets side by\n"
	"                    side, time lines, and the coverage of a driver built with --coverage\n"
	"\n"
	"Ctrl-C ends the run; the reports have what ran until then.\n"
	"\n"
	"Exit codes: 0 all passed or skipped, 1 a case failed, 2 wrong usage, 130 ended by a signal.\n"
	"\n"
	"Examples:\n"
	"  netcx test build/drivers/rtl8168/rtl8168.so --device rtl8168\n"
	"  netcx test build/drivers/virtual/virtual.so --set Station=1 --peer Station=2 lso\n"
	"  netcx test nic.so --device rtl8168 --shard 2/4 --junit part2.xml\n"
	"  netcx test --merge part*.xml --html report.html\n";

enum {
	OPT_ADAPTER_KEY = 1, /* by the option's name */
	OPT_PEER,
	OPT_SHARD,
	OPT_JOBS,
	OPT_SEED,
	OPT_LIMIT,
	OPT_JUNIT,
	OPT_HTML,
	OPT_JSON,
	OPT_THOROUGH,
	OPT_PATIENCE,
	OPT_LIST,
	OPT_MERGE,
};

static const struct option options[] = {
	{ "device", required_argument, NULL, OPT_ADAPTER_KEY },
	{ "set", required_argument, NULL, OPT_ADAPTER_KEY },
	{ "inf", required_argument, NULL, OPT_ADAPTER_KEY },
	{ "os", required_argument, NULL, OPT_ADAPTER_KEY },
	{ "codepage", required_argument, NULL, OPT_ADAPTER_KEY },
	{ "peer", required_argument, NULL, OPT_PEER },
	{ "shard", required_argument, NULL, OPT_SHARD },
	{ "jobs", required_argument, NULL, OPT_JOBS },
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "limit", required_argument, NULL, OPT_LIMIT },
	{ "junit", required_argument, NULL, OPT_JUNIT },
	{ "html", required_argument, NULL, OPT_HTML },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "patience", required_argument, NULL, OPT_PATIENCE },
	{ "thorough", no_argument, NULL, OPT_THOROUGH },
	{ "list", no_argument, NULL, OPT_LIST },
	{ "merge", no_argument, NULL, OPT_MERGE },
	{ 0 },
};

/* The command line while it is read. */
struct reading {
	struct test_options test;
	struct adapter_options *adapter;
	const char *peer[CLI_MOST_PEER];
	bool list, merge;
	const char *of_run; /* an option that only a run has; NULL: none was given */
};

static bool read_shard(struct test_options *test, const char *value, struct error *error)
{
	unsigned shard = 0, shards = 0;
	int end = 0;

	if (sscanf(value, "%u/%u%n", &shard, &shards, &end) != 2 || value[end] || value[0] < '0' ||
	    value[0] > '9' || !shards || shards > MOST_SHARDS)
		return error_set(error, "--shard %.64s: I/N is expected, such as 2/4", value);
	if (!shard || shard > shards)
		return error_set(error, "--shard %u/%u: of %u shards the first is 1/%u", shard,
				 shards, shards, shards);
	test->shard = shard;
	test->shards = shards;
	return true;
}

static bool read_option(void *context, int option, const char *name, const char *value,
			struct error *error)
{
	struct reading *reading = context;
	struct test_options *test = &reading->test;

	if (option <= OPT_LIMIT)
		reading->of_run = name;
	switch (option) {
	case OPT_PEER:
		return cli_add_peer(test, reading->peer, value, error);
	case OPT_SHARD:
		return read_shard(test, value, error);
	case OPT_JOBS:
		return cli_read_count(name, value, 64, &test->jobs, error);
	case OPT_SEED:
		return cli_read_seed(test, value, error);
	case OPT_LIMIT:
		return cli_read_count(name, value, MOST_LIMIT, &test->limit, error);
	case OPT_JUNIT:
		test->junit = value;
		return true;
	case OPT_HTML:
		test->html = value;
		return true;
	case OPT_JSON:
		return test->json = true;
	case OPT_PATIENCE:
		return cli_read_count(name, value, MOST_LIMIT, &test->patience, error);
	case OPT_THOROUGH:
		return test->thorough = true;
	case OPT_LIST:
		return reading->list = true;
	case OPT_MERGE:
		return reading->merge = true;
	default:
		return adapter_option_set(reading->adapter, name, value, error);
	}
}

/* What stands behind the options: nothing, reports, or a driver and cases. */
static int read_operands(struct reading *reading, int argc, char **argv)
{
	struct test_options *test = &reading->test;
	struct error error = { "" };

	if (reading->list && (optind < argc || reading->merge))
		return cli_error(CLI_USAGE, "test", "%s: --list takes no driver and no case",
				 optind < argc ? argv[optind] : "--merge");
	if (reading->merge && reading->of_run)
		return cli_error(CLI_USAGE, "test", "--%s is for a run; --merge joins what has run",
				 reading->of_run);
	if (optind == argc && !reading->list)
		return cli_error(CLI_USAGE, "test",
				 reading->merge ? "--merge: which reports?"
						: "which driver? DRIVER.so is expected");
	if (!reading->list && !reading->merge &&
	    !adapter_option_set(reading->adapter, "driver", argv[optind++], &error))
		return cli_error(CLI_FAILED, "test", "%s", error.text);
	test->patterns = (const char *const *)argv + optind;
	test->pattern_count = (size_t)(argc - optind);
	if (!cli_check_peer(test, reading->adapter->config.device, &error))
		return cli_error(CLI_USAGE, "test", "%s", error.text);
	return CLI_OK;
}

static int read_command_line(struct reading *reading, int argc, char **argv)
{
	int result = cli_read_options("test", argc, argv, options, read_option, reading);

	if (result)
		return result;
	return read_operands(reading, argc, argv);
}

static int merge_reports(const struct test_options *test)
{
	struct error error = { "" };
	int result = test_merge(test, &error);

	return *error.text ? cli_error(result, "test", "%s", error.text) : result;
}

static int run_cases(struct reading *reading, int argc, char **argv)
{
	struct test_options *test = &reading->test;
	struct error error = { "" };
	int result;

	if (!test->limit)
		test->limit = test->thorough ? THOROUGH_S : LIMIT_S;
	test->adapter = reading->adapter->config;
	test->peer = reading->peer;
	result = cli_preload(test->adapter.driver, argc, argv);
	if (result != CLI_OK)
		return result;
	signal(SIGPIPE, SIG_IGN);
	result = test_run(test, &error);
	return *error.text ? cli_error(result, "test", "%s", error.text) : result;
}

static int run(int argc, char **argv)
{
	struct reading reading = {
		.test = { .shard = 1, .shards = 1, .seed = 1, .patience = PATIENCE_S },
		.adapter = adapter_options_new()
	};
	int result;

	if (!reading.adapter)
		return cli_error(CLI_FAILED, "test", "out of memory");
	result = read_command_line(&reading, argc, argv);
	if (result == CLI_OK && reading.list)
		test_print_cases(reading.test.json);
	else if (result == CLI_OK && reading.merge)
		result = merge_reports(&reading.test);
	else if (result == CLI_OK)
		result = run_cases(&reading, argc, argv);
	adapter_options_free(reading.adapter);
	return result;
}

const struct cli_command cli_test = { "test", "hold a driver against the rules of its offloads",
				      help, run };
