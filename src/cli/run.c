/* SPDX-License-Identifier: MIT */
/* netcx run: the command line becomes the configuration of a host. */
#include <errno.h>
#include <getopt.h>
#include <netcx/host.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/preload.h"

#define MOST_SETTINGS    256
#define MOST_SECONDS     86400
#define MOST_CODE_PAGE   65535
#define WATCHDOG_SECONDS 30

static const char help[] =
	"Usage: netcx run DRIVER.so [OPTIONS]\n"
	"\n"
	"Loads a NetAdapterCx driver and runs it until SIGINT or SIGTERM.\n"
	"\n"
	"  --device MODEL    the hardware the driver drives: rtl8168, or rtl8168-ext, which has\n"
	"                    UDP segmentation (USO), hashes of received frames and four transmit\n"
	"                    rings besides, as no real one has; default: none\n"
	"  --stack EDGE      where the protocol stack is attached; default null\n"
	"                      tap:NAME      the Linux stack, by a TAP device\n"
	"                      pcap:FILE     packets of a capture are sent, then netcx ends; the\n"
	"                                    event Finished says of each that was not sent why\n"
	"                      null          nobody\n"
	"  --wire EDGE       where the hardware's frames go to and come from; default null\n"
	"                      tap:NAME      a TAP device; real frames are cut\n"
	"                      tap:NAME,gso  the same, super-packets are passed whole\n"
	"                      packet:IFACE  a packet socket on an interface, whose GRO and\n"
	"                                    LRO are off meanwhile\n"
	"                      pcap:FILE     a capture is written; one that is there already is\n"
	"                                    replaced at the end, when the new one is whole\n"
	"                      null          nowhere\n"
	"  --mac ADDRESS     the hardware's address, such as 02:00:00:00:00:01\n"
	"  --mtu BYTES       the adapter's MTU; above 1500 it becomes *JumboPacket\n"
	"  --tx-queues N     transmit queues that a driver of 2.x gets at most, 1 to 64; default:\n"
	"                    one for each processor, 8 at most. One of 1.3 has one\n"
	"  --set KEY=VALUE   a configuration keyword, such as '*LsoV2IPv4=0'; may be repeated\n"
	"                    overrides those that `netcx set` has kept\n"
	"  --no-settings     neither read nor keep settings (netcx set --help says where)\n"
	"  --inf FILE        the driver's INF; default: DRIVER.inf or DRIVER.inx beside it\n"
	"  --os VERSION      the Windows that the INF is read for, such as 10.0.22000 or\n"
	"                    10.0.20348,server; default: that of the driver's NetAdapterCx\n"
	"                    (1.3: 10.0.17763)\n"
	"  --codepage NUMBER the code page of an INF without a byte order mark, such as 932, or\n"
	"                    65001 for UTF-8; default 1252, as Windows has it\n"
	"  --log text|json   how events are printed; default text\n"
	"  --netns NAME      the network namespace of the stack's TAP: a name or a path\n"
	"  --name ADAPTER    the adapter's name; default Ethernet\n"
	"  --watchdog SECS   a callback that takes longer ends netcx with a report that names\n"
	"                    it; default 30, 0: never (under a debugger it waits anyway)\n"
	"\n"
	"TAP and packet edges need CAP_NET_ADMIN (root); pcap and null need nothing. A TAP of\n"
	"ours may be moved (`ip link set nic0 netns NAME`): it is followed.\n"
	"\n"
	"A capture as the stack is what a sending host handed to its NIC: what no NIC takes whole\n"
	"(tunnels, UDP, IPv6 jumbograms, packets above 64 KB) is cut before the driver has it, as\n"
	"netcx segment does; small packets are completed as a stack leaves them.\n"
	"\n"
	"Exit codes: 0 ended as asked, 1 something failed or a packet of a capture was lost, 2 wrong\n"
	"usage, 158 the driver broke a rule that ends Windows with a bug check, 130 ended by a second\n"
	"SIGINT.\n"
	"\n"
	"Examples:\n"
	"  netcx run build/drivers/rtl8168/rtl8168.so --device rtl8168 --stack tap:nic0 --wire tap:wire0\n"
	"  netcx run build/drivers/rtl8168/rtl8168.so --device rtl8168 --stack pcap:in.pcap \\\n"
	"            --wire pcap:out.pcap\n";

enum {
	OPT_DEVICE = 1,
	OPT_STACK,
	OPT_WIRE,
	OPT_MAC,
	OPT_MTU,
	OPT_TX_QUEUES,
	OPT_SET,
	OPT_INF,
	OPT_OS,
	OPT_CODEPAGE,
	OPT_LOG,
	OPT_NETNS,
	OPT_NAME,
	OPT_WATCHDOG,
	OPT_NO_SETTINGS,
};

static const struct option options[] = {
	{ "device", required_argument, NULL, OPT_DEVICE },
	{ "stack", required_argument, NULL, OPT_STACK },
	{ "wire", required_argument, NULL, OPT_WIRE },
	{ "mac", required_argument, NULL, OPT_MAC },
	{ "mtu", required_argument, NULL, OPT_MTU },
	{ "tx-queues", required_argument, NULL, OPT_TX_QUEUES },
	{ "set", required_argument, NULL, OPT_SET },
	{ "inf", required_argument, NULL, OPT_INF },
	{ "os", required_argument, NULL, OPT_OS },
	{ "codepage", required_argument, NULL, OPT_CODEPAGE },
	{ "log", required_argument, NULL, OPT_LOG },
	{ "netns", required_argument, NULL, OPT_NETNS },
	{ "name", required_argument, NULL, OPT_NAME },
	{ "no-settings", no_argument, NULL, OPT_NO_SETTINGS },
	{ "watchdog", required_argument, NULL, OPT_WATCHDOG },
	{ 0 },
};

/* What the command line asks for. */
struct run {
	struct netcx_host_config host;
	struct netcx_adapter_config adapter;
	const char *settings[MOST_SETTINGS];
	char folder[1024]; /* of the settings that last */
};

static int read_mtu(struct run *run, const char *text)
{
	char *end;
	unsigned long mtu;

	errno = 0;
	mtu = strtoul(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end || errno || mtu < NETCX_LEAST_MTU ||
	    mtu > NETCX_MOST_MTU)
		return cli_error(CLI_USAGE, "run", "--mtu %s: an MTU from %d to %d is expected",
				 text, NETCX_LEAST_MTU, NETCX_MOST_MTU);
	run->adapter.mtu = (uint32_t)mtu;
	return CLI_OK;
}

static int read_tx_queues(struct run *run, const char *text)
{
	char *end;
	unsigned long queues;

	errno = 0;
	queues = strtoul(text, &end, 10);
	if (text[0] < '1' || text[0] > '9' || *end || errno || queues > NETCX_MOST_TX_QUEUES)
		return cli_error(CLI_USAGE, "run", "--tx-queues %s: 1 to %d is expected", text,
				 NETCX_MOST_TX_QUEUES);
	run->adapter.tx_queues = (unsigned)queues;
	return CLI_OK;
}

static int read_watchdog(struct run *run, const char *text)
{
	char *end;
	unsigned long seconds;

	errno = 0;
	seconds = strtoul(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end || errno || seconds > MOST_SECONDS)
		return cli_error(CLI_USAGE, "run",
				 "--watchdog %s: seconds are expected, 0 to %d; 0 is off", text,
				 MOST_SECONDS);
	run->host.watchdog = (unsigned)seconds;
	return CLI_OK;
}

static int read_code_page(struct run *run, const char *text)
{
	char *end;
	unsigned long number;

	errno = 0;
	number = strtoul(text, &end, 10);
	if (text[0] < '1' || text[0] > '9' || *end || errno || number > MOST_CODE_PAGE)
		return cli_error(CLI_USAGE, "run",
				 "--codepage %s: a number is expected, such as 1252", text);
	run->adapter.code_page = (unsigned)number;
	return CLI_OK;
}

/* $XDG_CONFIG_HOME/netcx, or ~/.config/netcx. Without either nothing is kept. */
static void find_settings(struct run *run)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	size_t size = sizeof(run->folder);
	int n = 0;

	if (config && config[0] == '/')
		n = snprintf(run->folder, size, "%s/netcx", config);
	else if (home && home[0] == '/')
		n = snprintf(run->folder, size, "%s/.config/netcx", home);
	if (n > 0 && n < (int)size)
		run->adapter.settings = run->folder;
}

static int read_log(struct run *run, const char *text)
{
	if (strcmp(text, "text") == 0)
		run->host.log = NETCX_LOG_TEXT;
	else if (strcmp(text, "json") == 0)
		run->host.log = NETCX_LOG_JSON;
	else
		return cli_error(CLI_USAGE, "run", "--log %s: text or json is expected", text);
	return CLI_OK;
}

static int read_setting(struct run *run, const char *text)
{
	if (run->adapter.set_count == MOST_SETTINGS)
		return cli_error(CLI_USAGE, "run", "--set: more than %d times", MOST_SETTINGS);
	run->settings[run->adapter.set_count++] = text;
	return CLI_OK;
}

static int read_option(struct run *run, int option, const char *value)
{
	struct netcx_adapter_config *a = &run->adapter;
	const char **texts[] = {
		[OPT_DEVICE] = &a->device, [OPT_STACK] = &a->stack, [OPT_WIRE] = &a->wire,
		[OPT_MAC] = &a->mac,       [OPT_INF] = &a->inf,     [OPT_NETNS] = &a->netns,
		[OPT_NAME] = &a->name,     [OPT_OS] = &a->os,
	};

	switch (option) {
	case OPT_MTU:
		return read_mtu(run, value);
	case OPT_TX_QUEUES:
		return read_tx_queues(run, value);
	case OPT_NO_SETTINGS:
		a->settings = NULL;
		return CLI_OK;
	case OPT_WATCHDOG:
		return read_watchdog(run, value);
	case OPT_CODEPAGE:
		return read_code_page(run, value);
	case OPT_LOG:
		return read_log(run, value);
	case OPT_SET:
		return read_setting(run, value);
	default:
		*texts[option] = value;
		return CLI_OK;
	}
}

static int report(int result, const struct netcx_error *error)
{
	/* What is about an option is the command's; the rest names the file or device itself. */
	bool usage = result == NETCX_USAGE || strncmp(error->text, "--", 2) == 0;

	return cli_error(result, usage ? "run" : "", "%s", error->text);
}

static int run_host(const struct run *run)
{
	struct netcx_error error = { "" };
	struct netcx_host *host = netcx_host_create(&run->host, &error);
	int result;

	if (!host)
		return report(NETCX_FAILED, &error);
	result = netcx_host_add(host, &run->adapter, &error);
	if (result == NETCX_OK)
		result = netcx_host_run(host, &error);
	netcx_host_destroy(host);
	return result == NETCX_OK ? CLI_OK : report(result, &error);
}

static int run(int argc, char **argv)
{
	struct run run = { .host = { .log = NETCX_LOG_TEXT,
				     .log_fd = 1,
				     .control = true,
				     .signals = true,
				     .watchdog = WATCHDOG_SECONDS } };
	int option, result;

	run.adapter.set = run.settings;
	find_settings(&run);
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (option == '?' || option == ':')
			return cli_bad_option("run", argv, option);
		result = read_option(&run, option, optarg);
		if (result != CLI_OK)
			return result;
	}
	if (optind == argc)
		return cli_error(CLI_USAGE, "run", "which driver? DRIVER.so is expected");
	if (optind + 1 < argc)
		return cli_error(CLI_USAGE, "run", "%s: one driver is expected, not more",
				 argv[optind + 1]);
	run.adapter.driver = argv[optind];
	cli_preload(run.adapter.driver, argc, argv);
	/* A log that nobody reads any more does not end the driver. */
	signal(SIGPIPE, SIG_IGN);
	/* A file that may not grow any more is an error of write(2), which is said. */
	signal(SIGXFSZ, SIG_IGN);
	return run_host(&run);
}

const struct cli_command cli_run = { "run", "run a driver until SIGINT or SIGTERM", help, run };
