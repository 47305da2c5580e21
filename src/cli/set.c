/* SPDX-License-Identifier: MIT */
/* netcx set */
#include <getopt.h>
#include <stdio.h>

#include "cli/cli.h"
#include "cli/client.h"

static const char help[] =
	"Usage: netcx set [ADAPTER] KEYWORD VALUE [--force]\n"
	"       netcx set [ADAPTER] KEYWORD --default\n"
	"\n"
	"Sets a keyword of an adapter, as the device's \"Advanced\" page does on Windows. The value is\n"
	"checked against the driver's INF. It takes effect when the adapter is restarted: netcx\n"
	"restart. netcx show lists the keywords.\n"
	"\n"
	"  ADAPTER    an adapter's name, the name of its TAP, or the pid of its host; may be left\n"
	"             out when there is one\n"
	"  --default  back to the INF's default\n"
	"  --force    set it though the INF does not know it\n"
	"  --json     print the result as JSON\n"
	"\n"
	"Settings are kept in $XDG_CONFIG_HOME/netcx/DRIVER/ADAPTER.conf (~/.config/netcx/... by\n"
	"default), a line KEYWORD=VALUE each, of the user that netcx run belongs to. netcx run reads\n"
	"them; --set overrides them, --no-settings leaves them alone.\n"
	"\n"
	"Exit codes: 0 set, 1 refused or no such adapter, 2 wrong usage.\n"
	"\n"
	"Example:\n"
	"  netcx set '*JumboPacket' 9014 && netcx restart\n";

static const struct option options[] = { { "default", no_argument, NULL, 'd' },
					 { "json", no_argument, NULL, 'j' },
					 { "force", no_argument, NULL, 'f' },
					 { 0 } };

static void print(json_t *reply)
{
	const char *file = json_text(reply, "file");

	printf("%s: %s ", json_text(reply, "adapter"), json_text(reply, "keyword"));
	if (json_object_get(reply, "value"))
		printf("is %s", json_text(reply, "value"));
	else
		printf("has its default");
	printf(" from the next netcx restart on\n");
	if (*file)
		printf("kept in %s\n", file);
	else
		printf("not kept: the host runs without a settings' file\n");
}

static int set(int argc, char **argv)
{
	bool json = false, clear = false, force = false;
	const char *adapter = NULL;
	json_t *request, *reply;
	int option, words, wanted;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (option == '?' || option == ':')
			return cli_bad_option("set", argv, option);
		json = json || option == 'j';
		clear = clear || option == 'd';
		force = force || option == 'f';
	}
	words = argc - optind;
	wanted = clear ? 1 : 2;
	if (words < wanted)
		return cli_error(CLI_USAGE, "set", "%s",
				 words == 0 ? "which keyword? KEYWORD and VALUE are expected"
					    : "a VALUE is expected behind the keyword");
	if (words > wanted + 1)
		return cli_error(CLI_USAGE, "set", "%s: that is one too many",
				 argv[optind + wanted + 1]);
	if (words == wanted + 1)
		adapter = argv[optind++];
	request = json_pack("{s:s,s:s}", "op", "set", "keyword", argv[optind]);
	if (request && !clear)
		json_object_set_new(request, "value", json_string(argv[optind + 1]));
	if (!request || (!clear && !json_object_get(request, "value"))) {
		json_decref(request);
		return cli_error(CLI_USAGE, "set", "the keyword or its value is not UTF-8");
	}
	if (force)
		json_object_set_new(request, "force", json_true());
	reply = ask_adapter("set", adapter, request);
	if (!reply)
		return CLI_FAILED;
	if (json)
		print_reply(reply);
	else
		print(reply);
	json_decref(reply);
	return CLI_OK;
}

const struct cli_command cli_set = { "set", "set an adapter's keyword", help, set };
