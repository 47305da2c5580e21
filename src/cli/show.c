/* SPDX-License-Identifier: MIT */
/* netcx show */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "cli/cli.h"
#include "cli/client.h"
#include "cli/print.h"

static const char help[] =
	"Usage: netcx show [ADAPTER] [--json]\n"
	"\n"
	"Shows the adapters that run: driver and version, state, link, MTU, hardware, default and\n"
	"active offloads, queues, keywords and counters.\n"
	"\n"
	"  ADAPTER  an adapter's name, the name of its TAP, or the pid of its host; default: all\n"
	"  --json   one JSON object: {\"adapters\":[...]}\n"
	"\n"
	"Exit codes: 0 shown, 1 there is no such adapter, 2 wrong usage.\n";

static const struct option options[] = { { "json", no_argument, NULL, 'j' }, { 0 } };

static void print_speed(json_t *link)
{
	json_int_t bps = json_integer_value(json_object_get(link, "tx_bps"));

	if (!json_is_true(json_object_get(link, "up"))) {
		printf("  link         down\n");
		return;
	}
	if (bps >= 1000000000)
		printf("  link         up, %g Gbit/s\n", (double)bps / 1e9);
	else
		printf("  link         up, %g Mbit/s\n", (double)bps / 1e6);
}

static void print_driver(json_t *driver)
{
	printf("  driver       %s", json_text(driver, "name"));
	if (*json_text(driver, "version"))
		printf(" %s", json_text(driver, "version"));
	if (*json_text(driver, "netadaptercx"))
		printf(", NetAdapterCx %s", json_text(driver, "netadaptercx"));
	printf(", %s\n", json_text(driver, "path"));
}

static void print_queues(json_t *queues)
{
	json_t *queue;
	size_t i;

	json_array_foreach(queues, i, queue)
	{
		printf("  queue        %s %" JSON_INTEGER_FORMAT ": %" JSON_INTEGER_FORMAT
		       " packets, %" JSON_INTEGER_FORMAT " fragments\n",
		       json_text(queue, "kind"), json_integer_value(json_object_get(queue, "id")),
		       json_integer_value(json_object_get(queue, "packets")),
		       json_integer_value(json_object_get(queue, "fragments")));
	}
}

static void print_members(const char *title, json_t *object)
{
	const char *name;
	json_t *value;

	if (json_object_size(object) == 0)
		return;
	printf("  %s\n", title);
	json_object_foreach(object, name, value)
	{
		if (json_is_integer(value))
			printf("     %s: %" JSON_INTEGER_FORMAT "\n", name,
			       json_integer_value(value));
		else if (json_is_string(value))
			printf("     %s: %s\n", name, json_string_value(value));
	}
}

static void print_adapter(const struct target *target)
{
	json_t *a = target->adapter;
	const char *device = json_text(a, "device");
	json_t *mtu = json_object_get(a, "mtu");

	printf("%s: %s%s%s (pid %ld)\n", json_text(a, "name"), json_text(a, "state"),
	       *json_text(a, "status") ? ", " : "", json_text(a, "status"), target->pid);
	print_driver(json_object_get(a, "driver"));
	printf("  device       %s\n", *device ? device : "none");
	printf("  stack        %s\n", json_text(json_object_get(a, "stack"), "name"));
	if (json_object_get(a, "wire"))
		printf("  wire         %s\n", json_text(json_object_get(a, "wire"), "name"));
	print_speed(json_object_get(a, "link"));
	if (mtu)
		printf("  MTU          %" JSON_INTEGER_FORMAT "\n  address      %s\n",
		       json_integer_value(mtu), json_text(a, "mac"));
	print_offloads(json_object_get(a, "offloads"));
	print_queues(json_object_get(a, "queues"));
	print_members("keywords", json_object_get(a, "keywords"));
	print_members("counters", json_object_get(a, "counters"));
}

static void print_json(const struct targets *targets, const char *name)
{
	json_t *list = json_array();
	json_t *all;

	for (size_t i = 0; i < targets->count; i++) {
		const struct target *t = &targets->list[i];

		if (name && !target_is(t, name))
			continue;
		json_object_set_new(t->adapter, "pid", json_integer(t->pid));
		json_array_append(list, t->adapter);
	}
	all = json_pack("{s:o}", "adapters", list);
	json_dumpf(all, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(all);
}

static int show_all(const struct targets *targets, const char *name, bool json)
{
	size_t shown = 0;

	for (size_t i = 0; i < targets->count; i++)
		shown += name == NULL || target_is(&targets->list[i], name);
	if (name && shown == 0) {
		targets_one(targets, "show", name);
		return CLI_FAILED;
	}
	if (json) {
		print_json(targets, name);
		return CLI_OK;
	}
	if (shown == 0)
		printf("no adapter of this user's runs\n");
	shown = 0;
	for (size_t i = 0; i < targets->count; i++) {
		if (name && !target_is(&targets->list[i], name))
			continue;
		if (shown++)
			putchar('\n');
		print_adapter(&targets->list[i]);
	}
	return CLI_OK;
}

static int show(int argc, char **argv)
{
	struct targets targets;
	bool json = false;
	int option, result;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (option != 'j')
			return cli_bad_option("show", argv, option);
		json = true;
	}
	if (optind + 1 < argc)
		return cli_error(CLI_USAGE, "show", "%s: one adapter is expected, not more",
				 argv[optind + 1]);
	result = targets_find(&targets);
	if (result < 0)
		result =
			cli_error(CLI_FAILED, "show", "the control sockets: %s", strerror(-result));
	else
		result = show_all(&targets, argv[optind], json);
	if (targets.silent)
		cli_error(CLI_FAILED, "show", "%u host%s not answer", targets.silent,
			  targets.silent == 1 ? " does" : "s do");
	targets_free(&targets);
	return result;
}

const struct cli_command cli_show = { "show", "show adapters, their offloads and counters", help,
				      show };
