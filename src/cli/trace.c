/* SPDX-License-Identifier: MIT */
/* netcx trace */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/trace_level.h"
#include "cli/cli.h"
#include "cli/client.h"

static const char help[] =
	"Usage: netcx trace [ADAPTER] [--json]\n"
	"       netcx trace [ADAPTER] --provider NAME|GUID --level LEVEL [--flags A,B]\n"
	"       netcx trace [ADAPTER] --provider NAME|GUID --off | --default\n"
	"\n"
	"Drivers trace through providers: WPP's (WPP_DEFINE_CONTROL_GUID) and TraceLogging's. Lists\n"
	"those of a host, or says what of one is told. What is told is in netcx events; netcx run\n"
	"prints it with --trace. As long as nothing is said about it, a provider tells all while\n"
	"somebody follows the events, and is off else: that costs the driver next to nothing.\n"
	"\n"
	"  ADAPTER         an adapter's name, the name of its TAP, or the pid of its host; may be\n"
	"                  left out when there is one host. Providers are a driver's, for all of its\n"
	"                  adapters in the host\n"
	"  --provider P    its name or its GUID\n"
	"  --level LEVEL   critical, error, warning, info or verbose: that and what is more severe\n"
	"  --flags A,B     only traces with one of these flags; names, or numbers, as TraceLogging's\n"
	"                  keywords are\n"
	"  --off           nothing is told, whoever follows\n"
	"  --default       as if nothing had been said\n"
	"  --json          print the providers as JSON\n"
	"\n"
	"Exit codes: 0 done, 1 refused or no such adapter, 2 wrong usage.\n"
	"\n"
	"Example:\n"
	"  netcx trace --provider NetvadapterTraceGuid --level info && netcx events\n";

enum { OPT_PROVIDER = 1, OPT_LEVEL, OPT_FLAGS, OPT_OFF, OPT_DEFAULT, OPT_JSON };

static const struct option options[] = { { "provider", required_argument, NULL, OPT_PROVIDER },
					 { "level", required_argument, NULL, OPT_LEVEL },
					 { "flags", required_argument, NULL, OPT_FLAGS },
					 { "off", no_argument, NULL, OPT_OFF },
					 { "default", no_argument, NULL, OPT_DEFAULT },
					 { "json", no_argument, NULL, OPT_JSON },
					 { 0 } };

/* The command line. */
struct wish {
	const char *adapter, *provider, *level, *flags;
	unsigned levels; /* times that one was said */
	bool json;
};

static void take(struct wish *w, int option, const char *value)
{
	if (option == OPT_PROVIDER)
		w->provider = value;
	else if (option == OPT_FLAGS)
		w->flags = value;
	else if (option == OPT_JSON)
		w->json = true;
	else
		w->levels++;
	if (option == OPT_LEVEL)
		w->level = value;
	else if (option == OPT_OFF)
		w->level = "off";
	else if (option == OPT_DEFAULT)
		w->level = "default";
}

static int check(const struct wish *w)
{
	bool special =
		w->level && (strcmp(w->level, "off") == 0 || strcmp(w->level, "default") == 0);

	if (w->levels > 1)
		return cli_error(CLI_USAGE, "trace",
				 "one of --level, --off and --default is expected, not more");
	if (w->level && !special && trace_level(w->level) < 0)
		return cli_error(CLI_USAGE, "trace",
				 "--level %s: " TRACE_LEVEL_NAMES " is expected", w->level);
	if (w->provider && !w->level)
		return cli_error(CLI_USAGE, "trace",
				 "--provider wants one of --level, --off and --default with it");
	if (!w->provider && (w->level || w->flags))
		return cli_error(CLI_USAGE, "trace", "which one? --provider NAME is expected");
	if (w->flags && special)
		return cli_error(CLI_USAGE, "trace", "--flags goes with --level");
	return CLI_OK;
}

static void print_names(const char *before, const json_t *names)
{
	const json_t *name;
	size_t i;

	json_array_foreach(names, i, name)
	{
		printf("%s%s", i ? "," : before, json_string_value(name));
	}
}

static void print(const json_t *providers)
{
	const json_t *p;
	size_t i;

	if (json_array_size(providers) == 0)
		printf("no provider: no driver of this host traces, or none has begun to\n");
	json_array_foreach(providers, i, p)
	{
		printf("%-24s %s  %-12s  %-8s", json_text(p, "name"), json_text(p, "guid"),
		       json_text(p, "kind"), json_text(p, "level"));
		print_names("  only ", json_object_get(p, "listened"));
		print_names("  of ", json_object_get(p, "flags"));
		putchar('\n');
	}
}

/* NULL: a text is not UTF-8 */
static json_t *request_of(const struct wish *w)
{
	return json_pack("{s:s,s:s*,s:s*,s:s*}", "op", "trace", "provider", w->provider, "level",
			 w->level, "flags", w->flags);
}

/* The host's; its adapters have their drivers' providers in common. */
static json_t *ask(const struct wish *w, json_t *request)
{
	const struct target *target;
	struct targets targets;
	json_t *reply = NULL;
	bool whole;

	if (targets_find(&targets, "trace") == CLI_OK) {
		target = targets_host(&targets, "trace", w->adapter, &whole);
		if (target)
			reply = ask_target("trace", target, request);
	}
	targets_free(&targets);
	return reply;
}

static int carry_out(const struct wish *w)
{
	json_t *request = request_of(w), *reply;

	if (!request)
		return cli_error(CLI_USAGE, "trace", "a name is not UTF-8");
	reply = ask(w, request);
	json_decref(request);
	if (!reply)
		return CLI_FAILED;
	if (w->json)
		print_reply(reply);
	else
		print(json_object_get(reply, "providers"));
	json_decref(reply);
	return CLI_OK;
}

static int trace(int argc, char **argv)
{
	struct wish w = { 0 };
	int option, result;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (option == '?' || option == ':')
			return cli_bad_option("trace", argv, option);
		take(&w, option, optarg);
	}
	if (optind + 1 < argc)
		return cli_error(CLI_USAGE, "trace", "%s: one adapter is expected, not more",
				 argv[optind + 1]);
	w.adapter = argv[optind];
	result = check(&w);
	return result == CLI_OK ? carry_out(&w) : result;
}

const struct cli_command cli_trace = { "trace", "what drivers trace, and how much of it is told",
				       help, trace };
