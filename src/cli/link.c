/* SPDX-License-Identifier: MIT */
/* netcx link */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/client.h"

static const char help[] =
	"Usage: netcx link [ADAPTER] down|up [--json]\n"
	"\n"
	"Pulls the cable out of the hardware, or plugs it in again: the driver has its link-change\n"
	"interrupt and reads what the PHY says, as with a real card. The link is lost at once and\n"
	"comes back when the model has negotiated it. What the driver then reports is the event\n"
	"LinkUp or LinkDown, and in netcx show.\n"
	"\n"
	"  ADAPTER  an adapter's name, the name of its TAP, or the pid of its host; may be left out\n"
	"           when there is one\n"
	"  --json   print the result as JSON\n"
	"\n"
	"Exit codes: 0 done, 1 no such adapter, or it has no cable, 2 wrong usage.\n";

static const struct option options[] = { { "json", no_argument, NULL, 'j' }, { 0 } };

static int link_command(int argc, char **argv)
{
	const char *adapter = NULL, *wanted;
	bool json = false;
	json_t *reply;
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (option != 'j')
			return cli_bad_option("link", argv, option);
		json = true;
	}
	if (argc - optind > 2)
		return cli_error(CLI_USAGE, "link", "%s: that is one too many", argv[optind + 2]);
	if (argc - optind == 2)
		adapter = argv[optind++];
	wanted = argv[optind];
	if (!wanted || (strcmp(wanted, "up") != 0 && strcmp(wanted, "down") != 0))
		return cli_error(CLI_USAGE, "link", "%s: down or up is expected",
				 wanted ? wanted : "nothing");
	reply = ask_adapter("link", adapter,
			    json_pack("{s:s,s:b}", "op", "link", "up", wanted[0] == 'u'));
	if (!reply)
		return CLI_FAILED;
	if (json)
		print_reply(reply);
	else
		printf("%s: the cable is %s\n", json_text(reply, "adapter"),
		       wanted[0] == 'u' ? "in" : "out");
	json_decref(reply);
	return CLI_OK;
}

const struct cli_command cli_link = { "link", "pull an adapter's cable, or plug it in", help,
				      link_command };
