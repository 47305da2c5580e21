/* SPDX-License-Identifier: MIT */
/* netcx offload */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/client.h"
#include "cli/print.h"

static const char help[] =
	"Usage: netcx offload [ADAPTER] [OPTIONS]\n"
	"\n"
	"Changes an adapter's active offloads while it runs, as an administrator does on Windows:\n"
	"the driver gets OID_TCP_OFFLOAD_PARAMETERS. Prints the configuration that is then active.\n"
	"\n"
	"  ADAPTER                      an adapter's name, the name of its TAP, or the pid of its\n"
	"                               host; may be left out when there is one\n"
	"  --lso-v4 on|off|same         large send offload of TCP over IPv4\n"
	"  --lso-v6 on|off|same         and over IPv6\n"
	"  --checksum-ipv4 on|off|same  IPv4 header checksums\n"
	"  --checksum-tcp on|off|same   TCP checksums, IPv4 and IPv6\n"
	"  --checksum-udp on|off|same   UDP checksums, IPv4 and IPv6\n"
	"  --json                       print the configuration as JSON\n"
	"\n"
	"What is not named stays the same; the driver is told even if all does.\n"
	"\n"
	"Exit codes: 0 done, 1 refused or no such adapter, 2 wrong usage.\n";

static const struct option options[] = {
	{ "lso-v4", required_argument, NULL, 1 },
	{ "lso-v6", required_argument, NULL, 2 },
	{ "checksum-ipv4", required_argument, NULL, 3 },
	{ "checksum-tcp", required_argument, NULL, 4 },
	{ "checksum-udp", required_argument, NULL, 5 },
	{ "json", no_argument, NULL, 'j' },
	{ 0 },
};

/* The protocol's names of the options, by their value above. */
static const char *const members[] = {
	"", "lso_v4", "lso_v6", "checksum_ipv4", "checksum_tcp", "checksum_udp"
};

static void print(json_t *reply)
{
	json_t *active = json_pack("{s:O}", "active", json_object_get(reply, "active"));

	printf("%s\n", json_text(reply, "adapter"));
	print_offloads(active);
	json_decref(active);
}

static int read_options(int argc, char **argv, json_t *request, bool *json)
{
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (option == 'j') {
			*json = true;
			continue;
		}
		if (option == '?' || option == ':')
			return cli_bad_option("offload", argv, option);
		if (strcmp(optarg, "on") && strcmp(optarg, "off") && strcmp(optarg, "same"))
			return cli_error(CLI_USAGE, "offload",
					 "--%s %s: on, off or same is expected",
					 options[option - 1].name, optarg);
		json_object_set_new(request, members[option], json_string(optarg));
	}
	if (optind + 1 < argc)
		return cli_error(CLI_USAGE, "offload", "%s: one adapter is expected, not more",
				 argv[optind + 1]);
	return CLI_OK;
}

static int offload(int argc, char **argv)
{
	json_t *request = json_pack("{s:s}", "op", "offload"), *reply;
	bool json = false;
	int result = read_options(argc, argv, request, &json);

	if (result != CLI_OK) {
		json_decref(request);
		return result;
	}
	reply = ask_adapter("offload", argv[optind], request);
	if (!reply)
		return CLI_FAILED;
	if (json)
		print_reply(reply);
	else
		print(reply);
	json_decref(reply);
	return CLI_OK;
}

const struct cli_command cli_offload = { "offload", "change an adapter's active offloads", help,
					 offload };
