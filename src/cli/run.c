/* SPDX-License-Identifier: MIT */
/* netcx run: the command line becomes the configuration of a host. */
#include <getopt.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/debugger.h"
#include "cli/preload.h"
#include "cli/run_options.h"

#define WATCHDOG_SECONDS 30

static const char help[] =
	"Usage: netcx run DRIVER.so [OPTIONS]\n"
	"       netcx run --adapter NAME,driver=DRIVER.so,KEY=VALUE... [--adapter ...] [OPTIONS]\n"
	"       netcx run --config FILE [--adapter ...] [OPTIONS]\n"
	"\n"
	"Loads a NetAdapterCx driver and runs it until SIGINT, SIGTERM or SIGHUP (which nohup takes\n"
	"away); or several adapters, of one\n"
	"driver or several, until the last of them is gone.\n"
	"\n"
	"  --device MODEL    the hardware the driver drives: rtl8168, or rtl8168-ext, which has\n"
	"                    UDP segmentation (USO), coalescing (RSC), hashes of received frames\n"
	"                    and four transmit rings besides, as no real one has; default: none\n"
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
	"  --no-coalesce     received frames of TCP go up one by one; default: those that the\n"
	"                    driver returns together go up a TAP as super-packets\n"
	"  --no-io-uring     each frame of a TAP is a system call of its own; default: one for\n"
	"                    many, where the kernel has io_uring and lets us have it\n"
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
	"  --statistics S    an event Statistics of each adapter every S seconds (0.01 to 3600), for\n"
	"                    netcx plot: what was counted, and what of its rings the driver has\n"
	"  --trace LEVEL     what drivers trace (TraceLogging, WPP) is printed up to that level:\n"
	"                    critical, error, warning, info or verbose; default: nothing but errors\n"
	"                    while the adapters are started (netcx trace has more)\n"
	"  --netns NAME      the network namespace of the stack's TAP: a name or a path\n"
	"  --name ADAPTER    the adapter's name; default Ethernet\n"
	"  --fail WHAT       fails on purpose, as for lack of resources; may be repeated. WHAT is\n"
	"                      NAME          each call of that DDI or callback: WdfMemoryCreate,\n"
	"                                    EvtDeviceD0Entry\n"
	"                      NAME@FUNCTION those with that function of the driver on the stack;\n"
	"                                    NAME@FUNCTION+0x40 those that return to there\n"
	"                      NAME#NUMBER   those of one call stack, as list shows it\n"
	"                      surprise-removal@CALLBACK, surprise-removal-after@CALLBACK\n"
	"                                    the device goes as it begins, or when it has returned\n"
	"                      each of these with :N behind it the Nth time alone\n"
	"                      all-once      each call stack once, the adapter is started again\n"
	"                                    and again until nothing new fails\n"
	"                      list          nothing; at the end: what came by, with its stack\n"
	"                    What was failed is told at once and at the end; what nothing came for\n"
	"                    makes the exit code 1\n"
	"  --watchdog SECS   a callback that takes longer ends netcx with a report that names\n"
	"                    it; default 30, 0: never (under a debugger it waits anyway)\n"
	"  --gdb, --lldb     run it in that debugger, which stops behind each report: a broken rule, a\n"
	"                    crash, a callback that hangs (a breakpoint on netcx_breakpoint). The\n"
	"                    watchdog is off then\n"
	"  --ready-fd N      when the adapters are up, a newline is written to this descriptor, and it\n"
	"                    is closed; closed without one, they never were. systemd (Type=notify)\n"
	"                    is told without being asked, by NOTIFY_SOCKET; netcx wait waits from\n"
	"                    outside\n"
	"\n"
	"  --adapter TEXT    one of several adapters: its name, then what the options above say, as\n"
	"                    keys: driver, device, stack, wire, netns, mac, mtu, tx-queues, inf, os,\n"
	"                    codepage, coalesce=on|off, io-uring=on|off, and set=KEYWORD=VALUE,\n"
	"                    which may be repeated. A comma in a value is written twice:\n"
	"                    wire=tap:wire0,,gso\n"
	"  --config FILE     the same in JSON: {\"adapters\": [{\"name\": \"left\", \"driver\": \"nic.so\",\n"
	"                    \"stack\": \"tap:l\", \"mtu\": 9000, \"set\": {\"*LsoV2IPv4\": 0}}, ...]}; beside\n"
	"                    \"adapters\" may stand \"log\", \"watchdog\", \"settings\": false and \"fail\",\n"
	"                    a text or a list of them. Its adapters come before those of\n"
	"                    --adapter\n"
	"\n"
	"Of several adapters each is shown, set, restarted and removed by its name (netcx show left).\n"
	"One that fails is told of by the event AdapterFailed and leaves the others alone; the exit\n"
	"code is 1 then. What is wrong with the arguments of any is said before a device is made.\n"
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
	"            --wire pcap:out.pcap\n"
	"  netcx run --adapter left,driver=nic.so,stack=tap:l,netns=west,set=LinkTo=right \\\n"
	"            --adapter right,driver=nic.so,stack=tap:r,netns=east,set=LinkTo=left\n";

enum {
	OPT_ADAPTER_KEY = 1, /* by the option's name */
	OPT_ADAPTER,
	OPT_CONFIG,
	OPT_LOG,
	OPT_TRACE,
	OPT_STATISTICS,
	OPT_WATCHDOG,
	OPT_FAIL,
	OPT_NO_SETTINGS,
	OPT_NO_COALESCE,
	OPT_NO_IO_URING,
	OPT_READY_FD,
	OPT_DEBUGGER, /* by the option's name */
};

static const struct option options[] = {
	{ "device", required_argument, NULL, OPT_ADAPTER_KEY },
	{ "stack", required_argument, NULL, OPT_ADAPTER_KEY },
	{ "wire", required_argument, NULL, OPT_ADAPTER_KEY },
	{ "mac", required_argument, NULL, OPT_ADAPTER_KEY },
	{ "mtu", required_argument, NULL, OPT_ADAPTER_KEY },
	{ "tx-queues", required_argument, NULL, OPT_ADAPTER_KEY },
	{ "set", required_argument, NULL, OPT_ADAPTER_KEY },
	{ "inf", required_argument, NULL, OPT_ADAPTER_KEY },
	{ "os", required_argument, NULL, OPT_ADAPTER_KEY },
	{ "codepage", required_argument, NULL, OPT_ADAPTER_KEY },
	{ "netns", required_argument, NULL, OPT_ADAPTER_KEY },
	{ "name", required_argument, NULL, OPT_ADAPTER_KEY },
	{ "adapter", required_argument, NULL, OPT_ADAPTER },
	{ "config", required_argument, NULL, OPT_CONFIG },
	{ "log", required_argument, NULL, OPT_LOG },
	{ "trace", required_argument, NULL, OPT_TRACE },
	{ "statistics", required_argument, NULL, OPT_STATISTICS },
	{ "no-settings", no_argument, NULL, OPT_NO_SETTINGS },
	{ "no-coalesce", no_argument, NULL, OPT_NO_COALESCE },
	{ "no-io-uring", no_argument, NULL, OPT_NO_IO_URING },
	{ "watchdog", required_argument, NULL, OPT_WATCHDOG },
	{ "fail", required_argument, NULL, OPT_FAIL },
	{ "ready-fd", required_argument, NULL, OPT_READY_FD },
	{ "gdb", no_argument, NULL, OPT_DEBUGGER },
	{ "lldb", no_argument, NULL, OPT_DEBUGGER },
	{ 0 },
};

/* The command line while it is read. */
struct reading {
	struct run_options *run;
	struct adapter_options *single;         /* of the form with one adapter */
	const char *single_option, *single_key; /* the first that is about it; NULL: none yet */
	const char *config;
	const char *debugger; /* that is to be started; NULL: none */
};

/* $XDG_CONFIG_HOME/netcx, or ~/.config/netcx. Without either nothing is kept. */
static void find_settings(struct run_options *run)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	size_t size = sizeof(run->folder);
	int n = 0;

	if (config && config[0] == '/')
		n = snprintf(run->folder, size, "%s/netcx", config);
	else if (home && home[0] == '/')
		n = snprintf(run->folder, size, "%s/.config/netcx", home);
	if (n < 0 || n >= (int)size)
		run->folder[0] = '\0';
}

static bool add_adapter(struct run_options *run, const char *text, struct error *error)
{
	struct adapter_options *adapter = run_options_add(run);

	if (!adapter)
		return error_set(error, "out of memory");
	return adapter_options_read(adapter, text, error);
}

static bool note_config(struct reading *reading, const char *path, struct error *error)
{
	if (reading->config)
		return error_set(error, "--config %.200s: one file is expected, not more", path);
	reading->config = path;
	return true;
}

static void note_single(struct reading *reading, const char *option, const char *key)
{
	if (reading->single_key)
		return;
	reading->single_option = option;
	reading->single_key = key;
}

static bool read_option(void *context, int option, const char *name, const char *value,
			struct error *error)
{
	struct reading *reading = context;
	struct run_options *run = reading->run;

	switch (option) {
	case OPT_ADAPTER:
		return add_adapter(run, value, error);
	case OPT_CONFIG:
		return note_config(reading, value, error);
	case OPT_LOG:
		run->log_given = true;
		return run_options_log(run, value, error);
	case OPT_TRACE:
		return run_options_trace(run, value, error);
	case OPT_STATISTICS:
		return run_options_statistics(run, value, error);
	case OPT_WATCHDOG:
		run->watchdog_given = true;
		return run_options_watchdog(run, value, error);
	case OPT_FAIL:
		return run_options_fail(run, value, error);
	case OPT_READY_FD:
		return ready_read(&run->ready, value, error);
	case OPT_DEBUGGER:
		reading->debugger = name;
		return true;
	case OPT_NO_SETTINGS:
		run->no_settings = true;
		return true;
	case OPT_NO_COALESCE:
		note_single(reading, name, "coalesce");
		return adapter_option_set(reading->single, "coalesce", "off", error);
	case OPT_NO_IO_URING:
		note_single(reading, name, "io-uring");
		return adapter_option_set(reading->single, "io-uring", "off", error);
	default:
		note_single(reading, name, name);
		return adapter_option_set(reading->single, name, value, error);
	}
}

/* In front of those of --adapter. */
static int read_config(struct run_options *run, const char *path)
{
	struct run_options mine = *run;
	struct error error = { "" };
	json_error_t why;
	json_t *file = json_load_file(path, JSON_REJECT_DUPLICATES, &why);
	bool done;

	if (!file && why.line < 1)
		return cli_error(CLI_FAILED, "run", "--config %s: %s", path, why.text);
	if (!file)
		return cli_error(CLI_USAGE, "run", "%s:%d:%d: %s", path, why.line, why.column,
				 why.text);
	mine.adapters = NULL;
	mine.count = 0;
	done = run_options_config(&mine, file, &error) && run_options_append(&mine, run, &error);
	json_decref(file);
	/* What fails is in one list, that of the command line, too. */
	if (done) {
		*run = mine;
	} else {
		run->fail = NULL;
		run->host.fail_count = 0;
		run_options_free(&mine);
	}
	return done ? CLI_OK : cli_error(CLI_USAGE, "run", "%s: %s", path, error.text);
}

/* The form with one adapter: its driver stands alone. */
static int read_single(struct reading *reading, int argc, char **argv)
{
	struct error error = { "" };

	if (optind == argc)
		return cli_error(CLI_USAGE, "run", "which driver? DRIVER.so is expected");
	if (optind + 1 < argc)
		return cli_error(CLI_USAGE, "run", "%s: one driver is expected, not more",
				 argv[optind + 1]);
	if (adapter_option_set(reading->single, "driver", argv[optind], &error))
		return CLI_OK;
	return cli_error(CLI_FAILED, "run", "%s", error.text);
}

static int read_several(struct reading *reading, char **argv)
{
	const char *form = reading->config ? "--config" : "--adapter";

	if (argv[optind])
		return cli_error(CLI_USAGE, "run",
				 "%s: with %s each adapter names its driver itself: driver=%s",
				 argv[optind], form, argv[optind]);
	if (reading->single_key)
		return cli_error(CLI_USAGE, "run",
				 "--%s: with %s each adapter says that itself, by the key \"%s\"",
				 reading->single_option, form, reading->single_key);
	return reading->config ? read_config(reading->run, reading->config) : CLI_OK;
}

static int read_command_line(struct reading *reading, int argc, char **argv)
{
	int result = cli_read_options("run", argc, argv, options, read_option, reading);

	if (result)
		return result;
	if (reading->config || reading->run->count > 0)
		return read_several(reading, argv);
	return read_single(reading, argc, argv);
}

/* @adapter: the only one, which the error does not name; NULL: it does, or nobody named it */
static int report(int result, const struct netcx_error *error, const char *adapter)
{
	/* What is about an option is the command's; the rest names the file or device itself. */
	bool usage = result == NETCX_USAGE || strncmp(error->text, "--", 2) == 0;

	if (adapter)
		return cli_error(result, usage ? "run" : "", "adapter \"%s\": %s", adapter,
				 error->text);
	return cli_error(result, usage ? "run" : "", "%s", error->text);
}

static int run_host(const struct run_options *run, const struct netcx_adapter_config *adapters,
		    size_t count)
{
	const char *only = run->count == 1 ? adapters[0].name : NULL;
	struct netcx_error error = { "" };
	struct netcx_host *host = netcx_host_create(&run->host, &error);
	int result;

	if (!host)
		return report(NETCX_FAILED, &error, NULL);
	ready_prepare(&run->ready);
	result = netcx_host_add_all(host, adapters, count, &error);
	if (result == NETCX_OK)
		result = netcx_host_run(host, &error);
	netcx_host_destroy(host);
	return result == NETCX_OK ? CLI_OK : report(result, &error, only);
}

static int run_all(const struct run_options *run, struct adapter_options *const *adapters,
		   size_t count, int argc, char **argv)
{
	struct netcx_adapter_config *configs = calloc(count, sizeof(*configs));
	int result = CLI_OK;

	if (!configs)
		return cli_error(CLI_FAILED, "run", "out of memory");
	for (size_t i = 0; i < count && result == CLI_OK; i++) {
		configs[i] = adapters[i]->config;
		if (run->folder[0] && !run->no_settings)
			configs[i].settings = run->folder;
		if (configs[i].driver)
			result = cli_preload(configs[i].driver, argc, argv);
	}
	/* A log that nobody reads any more does not end the driver. */
	signal(SIGPIPE, SIG_IGN);
	/* A file that may not grow any more is an error of write(2), which is said. */
	signal(SIGXFSZ, SIG_IGN);
	if (result == CLI_OK)
		result = run_host(run, configs, count);
	free(configs);
	return result;
}

static int run(int argc, char **argv)
{
	struct run_options run = { .host = { .log = NETCX_LOG_TEXT,
					     .log_fd = 1,
					     .control = true,
					     .signals = true,
					     .watchdog = WATCHDOG_SECONDS,
					     .ready = ready_tell,
					     .stopping = ready_tell_end },
				   .ready = { -1 } };
	struct reading reading = { .run = &run, .single = adapter_options_new() };
	int result;

	if (!reading.single)
		return cli_error(CLI_FAILED, "run", "out of memory");
	run.host.ready_context = &run.ready;
	find_settings(&run);
	result = read_command_line(&reading, argc, argv);
	if (result == CLI_OK && reading.debugger)
		result = debugger_start(reading.debugger, argc, argv);
	if (result == CLI_OK && run.count > 0)
		result = run_all(&run, run.adapters, run.count, argc, argv);
	else if (result == CLI_OK)
		result = run_all(&run, &reading.single, 1, argc, argv);
	adapter_options_free(reading.single);
	run_options_free(&run);
	return result;
}

const struct cli_command cli_run = { "run", "run a driver until SIGINT, SIGTERM or SIGHUP", help,
				     run };
