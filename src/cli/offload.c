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
	"  --lso-v4, --lso-v6 S         large send offload of TCP over IPv4, over IPv6\n"
	"  --uso-v4, --uso-v6 S         UDP segmentation offload\n"
	"  --rsc-v4, --rsc-v6 S         receive segment coalescing of TCP\n"
	"  --udp-rsc S                  of UDP, both families: a driver for 2.5\n"
	"  --checksum-ipv4 S            IPv4 header checksums, transmit and receive\n"
	"  --checksum-tcp S             TCP checksums, both directions, IPv4 and IPv6\n"
	"  --checksum-udp S             UDP checksums, likewise\n"
	"  --tx-checksum-KIND S         of transmitted packets only; KIND is ipv4, tcp-v4, tcp-v6,\n"
	"                               udp-v4 or udp-v6\n"
	"  --rx-checksum-KIND S         of received packets only\n"
	"  --coalesce S                 received frames of TCP go up the TAP as super-packets; netcx\n"
	"                               does that, and a driver is not told of it\n"
	"  --json                       print the configuration as JSON\n"
	"\n"
	"S is on, off or same. What is not named stays the same; the driver is told even if all does.\n"
	"An option of one direction goes before one of both. A driver for NetAdapterCx 1.3 or 2.0\n"
	"knows neither one direction nor one family of a checksum. From 2.1 on, software does what\n"
	"the hardware lacks, if the driver's INF has the keyword; USO and RSC need such a driver.\n"
	"\n"
	"Exit codes: 0 done, 1 refused or no such adapter, 2 wrong usage.\n";

/* An option with "-" for each "_" is the protocol's member. */
static const struct option options[] = {
	{ "lso-v4", required_argument, NULL, 1 },
	{ "lso-v6", required_argument, NULL, 2 },
	{ "checksum-ipv4", required_argument, NULL, 3 },
	{ "checksum-tcp", required_argument, NULL, 4 },
	{ "checksum-udp", required_argument, NULL, 5 },
	{ "uso-v4", required_argument, NULL, 6 },
	{ "uso-v6", required_argument, NULL, 7 },
	{ "rsc-v4", required_argument, NULL, 8 },
	{ "rsc-v6", required_argument, NULL, 9 },
	{ "tx-checksum-ipv4", required_argument, NULL, 10 },
	{ "tx-checksum-tcp-v4", required_argument, NULL, 11 },
	{ "tx-checksum-tcp-v6", required_argument, NULL, 12 },
	{ "tx-checksum-udp-v4", required_argument, NULL, 13 },
	{ "tx-checksum-udp-v6", required_argument, NULL, 14 },
	{ "rx-checksum-ipv4", required_argument, NULL, 15 },
	{ "rx-checksum-tcp-v4", required_argument, NULL, 16 },
	{ "rx-checksum-tcp-v6", required_argument, NULL, 17 },
	{ "rx-checksum-udp-v4", required_argument, NULL, 18 },
	{ "rx-checksum-udp-v6", required_argument, NULL, 19 },
	{ "udp-rsc", required_argument, NULL, 20 },
	{ "coalesce", required_argument, NULL, 21 },
	{ "json", no_argument, NULL, 'j' },
	{ 0 },
};

static void add_setting(json_t *request, const char *option, const char *value)
{
	char member[32];

	snprintf(member, sizeof(member), "%s", option);
	for (char *c = member; *c; c++)
		*c = *c == '-' ? '_' : *c;
	json_object_set_new(request, member, json_string(value));
}

static void print(json_t *reply)
{
	json_t *active = json_pack("{s:O}", "active", json_object_get(reply, "active"));

	printf("%s\n", json_text(reply, "adapter"));
	if (json_object_get(active, "active"))
		print_offloads(active);
	print_coalesce(json_object_get(reply, "coalesce"));
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
		add_setting(request, options[option - 1].name, optarg);
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
