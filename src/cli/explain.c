/* SPDX-License-Identifier: MIT */
/* netcx explain: what a number or a name of NetAdapterCx means. No host is asked. */
#include "explain/explain.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/explain_question.h"
#include "cli/explain_text.h"

static const char help[] =
	"Usage: netcx explain [--api VERSION] [--json] WHAT ...\n"
	"\n"
	"Says what something of NetAdapterCx is, what usually causes it, where to look, and which\n"
	"versions have it. It needs no running host.\n"
	"\n"
	"  WHAT            a bug check and its parameters, 0x19e 33 0 1, also as a debugger prints\n"
	"                  them: 'BugCheck 19E, {33, 0, 1, 0}'. All are hexadecimal; where another\n"
	"                  number results when parameter 1 is decimal, as in reports of netcx, both\n"
	"                  are told\n"
	"                  a rule's name: InvalidLsoCapabilities; or its number: violation 51\n"
	"                  a function or callback: NetAdapterStart, EvtNetAdapterOffloadSetGso\n"
	"                  a keyword of INF files: '*LsoV2IPv4'\n"
	"                  an OID, an NTSTATUS or an indication of NDIS, by name or number:\n"
	"                  OID_TCP_OFFLOAD_PARAMETERS, 0xC0000010\n"
	"  --api VERSION   numbers of rules are those of this version of NetAdapterCx: 1.3, 2.0 ...\n"
	"                  2.5. Without it all versions are told. Numbers of 2.2 to 2.5 are not public\n"
	"                  and taken to be those of 2.1\n"
	"  --list          the names of all that is known, instead of WHAT\n"
	"  --json          print JSON; with --list all that is known\n"
	"\n"
	"What is nearly a known name is explained as that, when only one is so near.\n"
	"\n"
	"Exit codes: 0 explained, 1 not known: names that are near are printed, 2 wrong usage.\n"
	"\n"
	"Examples:\n"
	"  netcx explain 0x19e 33 0 1 --api 1.3\n"
	"  netcx explain EvtNetAdapterOffloadSetGso\n"
	"  netcx explain 0xC0000010\n";

static const struct option options[] = { { "api", required_argument, NULL, 'a' },
					 { "list", no_argument, NULL, 'l' },
					 { "json", no_argument, NULL, 'j' },
					 { 0 } };

static bool is_version(const char *version)
{
	for (size_t i = 0; explain_versions[i]; i++) {
		if (strcmp(explain_versions[i], version) == 0)
			return true;
	}
	return false;
}

static int list_all(bool json)
{
	json_t *all = json_array();

	for (size_t i = 0; i < explain_count; i++) {
		if (json)
			json_array_append_new(all, explain_json(&explain_facts[i]));
		else
			printf("%-10s %s\n", explain_kind_name(explain_facts[i].kind),
			       explain_facts[i].name);
	}
	if (json) {
		json_dumpf(all, stdout, JSON_INDENT(2));
		putchar('\n');
	}
	json_decref(all);
	return CLI_OK;
}

static void print_text(const struct explain_answer *answer)
{
	if (answer->count && !answer->exact)
		printf("%s is not known; the nearest is %s:\n\n", answer->asked,
		       answer->facts[0]->name);
	explain_print_readings(answer);
	for (size_t i = 0; i < answer->count; i++) {
		if (i > 0)
			putchar('\n');
		explain_print(answer->facts[i], answer);
	}
}

static int report(const struct explain_answer *answer, bool json)
{
	if (!json)
		print_text(answer);
	if (!answer->count)
		cli_error(CLI_FAILED, "explain", "%s: %s", answer->asked, answer->why);
	if (json)
		explain_print_json(answer);
	if (answer->count)
		return CLI_OK;
	for (size_t i = 0; i < answer->near_count && !json; i++)
		fprintf(stderr, "  %-10s %s\n", explain_kind_name(answer->near[i]->kind),
			answer->near[i]->name);
	return CLI_FAILED;
}

static int explain(int argc, char **argv)
{
	struct explain_answer answer = { 0 };
	const char *version = NULL;
	bool json = false, list = false;
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (option == '?' || option == ':')
			return cli_bad_option("explain", argv, option);
		json = json || option == 'j';
		list = list || option == 'l';
		version = option == 'a' ? optarg : version;
	}
	if (version && !is_version(version))
		return cli_error(
			CLI_USAGE, "explain",
			"--api %s: a version of NetAdapterCx is expected, 1.3 or 2.0 to 2.5",
			version);
	if (list && optind < argc)
		return cli_error(CLI_USAGE, "explain", "--list explains nothing: leave %s out",
				 argv[optind]);
	if (list)
		return list_all(json);
	if (optind == argc)
		return cli_error(
			CLI_USAGE, "explain",
			"what? A number or a name is expected, such as 0x19e 33 0 1 or NetAdapterStart");
	if (!explain_ask(&answer, argc - optind, argv + optind, version))
		return cli_error(CLI_USAGE, "explain", "%s", answer.why);
	return report(&answer, json);
}

const struct cli_command cli_explain = { "explain", "what a bug check, rule or name means", help,
					 explain };
