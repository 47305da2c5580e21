/* SPDX-License-Identifier: MIT */
/* netcx restart, remove and wake: what happens to a device. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/client.h"

#define ADAPTER_HELP                                                                       \
	"  ADAPTER      an adapter's name, the name of its TAP, or the pid of its host;\n" \
	"               may be left out when there is one\n"
#define JSON_HELP  "  --json       print the result as JSON\n"
#define CODES_HELP JSON_HELP "\nExit codes: 0 done, 1 failed or no such adapter, 2 wrong usage.\n"

static const char restart_help[] =
	"Usage: netcx restart [ADAPTER] [--rebalance] [--json]\n"
	"\n"
	"Restarts an adapter, as disabling and enabling it does on Windows: the device is removed\n"
	"and added again. Changed keywords count from then on. If it fails the adapter stays failed,\n"
	"and can be restarted again.\n"
	"\n" ADAPTER_HELP
	"  --rebalance  stop and start the device without removing it, as the PnP manager does\n"
	"               when it moves resources: EvtDevicePrepareHardware runs a second time\n" CODES_HELP;

static const char remove_help[] =
	"Usage: netcx remove [ADAPTER] [--surprise] [--json]\n"
	"\n"
	"Removes an adapter's device. With the last one netcx run ends.\n"
	"\n" ADAPTER_HELP
	"  --surprise   pull the hardware out first: its registers read all ones, then the driver\n"
	"               hears of it (EvtDeviceSurpriseRemoval)\n" CODES_HELP;

static const char wake_help[] =
	"Usage: netcx wake [ADAPTER] [--triggered] [--json]\n"
	"\n"
	"Brings a device back from netcx sleep; what was armed is disarmed.\n"
	"\n" ADAPTER_HELP
	"  --triggered  it was this device's wake signal (EvtDeviceWakeFromSxTriggered)\n" CODES_HELP;

/* A command with these options, each a member of the request that is true. */
static int run_command(int argc, char **argv, const struct option *options, const char *done)
{
	const char *name = argv[0];
	json_t *request = json_pack("{s:s}", "op", name), *reply;
	bool json = false;
	int option, index = 0;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", options, &index)) != -1) {
		if (option == '?' || option == ':') {
			json_decref(request);
			return cli_bad_option(name, argv, option);
		}
		if (option == 'j')
			json = true;
		else
			json_object_set_new(request, options[index].name, json_true());
	}
	if (optind + 1 < argc) {
		json_decref(request);
		return cli_error(CLI_USAGE, name, "%s: one adapter is expected, not more",
				 argv[optind + 1]);
	}
	reply = ask_adapter(name, argv[optind], request);
	if (!reply)
		return CLI_FAILED;
	if (json)
		print_reply(reply);
	else
		printf("%s: %s\n", json_text(reply, "adapter"),
		       *done ? done : json_text(reply, "state"));
	json_decref(reply);
	return CLI_OK;
}

static int restart(int argc, char **argv)
{
	static const struct option options[] = { { "rebalance", no_argument, NULL, 1 },
						 { "json", no_argument, NULL, 'j' },
						 { 0 } };

	return run_command(argc, argv, options, "");
}

static int remove_device(int argc, char **argv)
{
	static const struct option options[] = { { "surprise", no_argument, NULL, 1 },
						 { "json", no_argument, NULL, 'j' },
						 { 0 } };

	return run_command(argc, argv, options, "removed");
}

static int wake(int argc, char **argv)
{
	static const struct option options[] = { { "triggered", no_argument, NULL, 1 },
						 { "json", no_argument, NULL, 'j' },
						 { 0 } };

	return run_command(argc, argv, options, "");
}

const struct cli_command cli_restart = { "restart", "restart an adapter", restart_help, restart };
const struct cli_command cli_remove = { "remove", "remove an adapter's device", remove_help,
					remove_device };
const struct cli_command cli_wake = { "wake", "bring a device back from sleep", wake_help, wake };
