/* SPDX-License-Identifier: MIT */
/* netcx sleep: a device goes to a low power state, with what wakes it and what it answers. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/client.h"
#include "control/wake_text.h"

static const char help[] =
	"Usage: netcx sleep [ADAPTER] [OPTIONS]\n"
	"\n"
	"Puts a device into a low power state, as when the system goes to sleep. What wakes it is\n"
	"added and enabled as NDIS does it; with something that does, the driver arms the device\n"
	"(EvtDeviceArmWakeFromSx, with --idle EvtDeviceArmWakeFromS0).\n"
	"\n"
	"  ADAPTER          an adapter's name, the name of its TAP, or the pid of its host;\n"
	"                   may be left out when there is one\n"
	"  --json           print the result as JSON\n"
	"  --idle           the device alone, because it idles; the driver must have enabled that\n"
	"\n"
	"What wakes it:\n"
	"  --wake           the magic packet, if the driver has declared it\n"
	"  --pattern BYTES  a packet that begins like this: two hexadecimal digits a byte, xx for\n"
	"                   any byte, e.g. ffffffffffffxxxxxxxxxxxx0806; up to 16 times\n"
	"  --connect        a cable that is plugged in\n"
	"  --disconnect     a cable that is pulled\n"
	"  --eapol          an 802.1X request for an identity (NetAdapterCx 2.1)\n"
	"  --filter         with --idle: any packet of the receive filter, and the cable if the\n"
	"                   driver has declared that\n"
	"What it answers by itself (NetAdapterCx 2.0):\n"
	"  --arp IP[,FROM]  ARP requests for this address, from one address or all; up to 16 times\n"
	"  --ns IP[,IP]     neighbour solicitations for one address, or two that end in the same\n"
	"                   three bytes; up to 16 times\n"
	"\n"
	"What the driver has not declared, or refuses, is an error, and the device stays awake.\n"
	"\n"
	"Exit codes: 0 done, 1 failed, refused or no such adapter, 2 wrong usage.\n";

enum { FLAG = 1, PATTERN, ARP, NS, AS_JSON };

static const struct option options[] = {
	{ "idle", no_argument, NULL, FLAG },
	{ "wake", no_argument, NULL, FLAG },
	{ "connect", no_argument, NULL, FLAG },
	{ "disconnect", no_argument, NULL, FLAG },
	{ "eapol", no_argument, NULL, FLAG },
	{ "filter", no_argument, NULL, FLAG },
	{ "pattern", required_argument, NULL, PATTERN },
	{ "arp", required_argument, NULL, ARP },
	{ "ns", required_argument, NULL, NS },
	{ "json", no_argument, NULL, AS_JSON },
	{ 0 },
};

/* The protocol's names of the lists, by the values above. */
static const char *const lists[] = { [PATTERN] = "patterns", [ARP] = "arp", [NS] = "ns" };

/* An option's argument, looked at here so that a bad one is wrong usage. */
static bool check(int option, const char *text, struct error *error)
{
	struct wake_pattern pattern;
	uint8_t targets[2][16], host[4], remote[4];

	if (option == PATTERN)
		return wake_pattern_read(text, &pattern, error);
	return option == ARP ? wake_arp_read(text, host, remote, error)
			     : wake_ns_read(text, targets, error);
}

static int add_to_list(json_t *request, int option, const char *name, const char *text)
{
	json_t *list = json_object_get(request, lists[option]);
	struct error why;

	if (!check(option, text, &why))
		return cli_error(CLI_USAGE, "sleep", "--%s %s: %s", name, text, why.text);
	if (!list) {
		list = json_array();
		json_object_set_new(request, lists[option], list);
	}
	if (json_array_size(list) == WAKE_TEXT_ENTRIES)
		return cli_error(CLI_USAGE, "sleep", "--%s %s: at most %d can be given", name, text,
				 WAKE_TEXT_ENTRIES);
	json_array_append_new(list, json_string(text));
	return CLI_OK;
}

static int read_options(int argc, char **argv, json_t *request, bool *json)
{
	int option, index = 0, result = CLI_OK;

	opterr = 0;
	while (result == CLI_OK && (option = getopt_long(argc, argv, ":", options, &index)) != -1) {
		if (option == '?' || option == ':')
			return cli_bad_option("sleep", argv, option);
		if (option == AS_JSON)
			*json = true;
		else if (option == FLAG)
			json_object_set_new(request, options[index].name, json_true());
		else
			result = add_to_list(request, option, options[index].name, optarg);
	}
	return result;
}

static int check_filter(const json_t *request)
{
	static const char *const others[] = { "wake", "eapol", "patterns" };

	if (!json_object_get(request, "filter"))
		return CLI_OK;
	if (!json_object_get(request, "idle"))
		return cli_error(CLI_USAGE, "sleep",
				 "--filter wakes a device that idles: it comes with --idle");
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (json_object_get(request, others[i]))
			return cli_error(
				CLI_USAGE, "sleep",
				"--filter wakes by every packet: it does not go with --wake, --eapol and --pattern");
	}
	return CLI_OK;
}

static int put_to_sleep(int argc, char **argv)
{
	json_t *request = json_pack("{s:s}", "op", "sleep"), *reply;
	bool json = false;
	int result = read_options(argc, argv, request, &json);

	if (result == CLI_OK)
		result = check_filter(request);
	if (result == CLI_OK && optind + 1 < argc)
		result = cli_error(CLI_USAGE, "sleep", "%s: one adapter is expected, not more",
				   argv[optind + 1]);
	if (result != CLI_OK) {
		json_decref(request);
		return result;
	}
	reply = ask_adapter("sleep", argv[optind], request);
	if (!reply)
		return CLI_FAILED;
	if (json)
		print_reply(reply);
	else
		printf("%s: %s\n", json_text(reply, "adapter"), json_text(reply, "state"));
	json_decref(reply);
	return CLI_OK;
}

const struct cli_command cli_sleep = { "sleep", "put a device into a low power state", help,
				       put_to_sleep };
