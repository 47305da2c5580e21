/* SPDX-License-Identifier: MIT */
/* netcx show */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "cli/client.h"
#include "cli/others.h"
#include "cli/print.h"
#include "cli/stop.h"

static const char help[] =
	"Usage: netcx show [ADAPTER] [SECTION] [--json] [--watch [--delay S] [--count N]]\n"
	"\n"
	"Shows the adapters that run: driver and version, state, link, MTU, hardware, default and\n"
	"active offloads, queues, receive scaling, why the last sleep ended, keywords with what\n"
	"they take, counters, and the driver's own statistics (OID_GEN_STATISTICS) when it has\n"
	"some.\n"
	"\n"
	"  ADAPTER  an adapter's name, the name of its TAP, or the pid of its host; default: all\n"
	"  SECTION  this alone: driver, link, offloads, queues, scaling, keywords, counters or\n"
	"           statistics\n"
	"  --json   one JSON object: {\"adapters\":[...],\"others\":[{\"pid\",\"user\"}]}\n"
	"  --watch  again and again, each time anew from the top of a terminal; with --json an object\n"
	"           a line. Ends on SIGINT\n"
	"  --delay S  seconds from one time to the next, 0.1 to 3600; default 1\n"
	"  --count N  end after N times\n"
	"\n"
	"A user sees the adapters of his own hosts; that another user's runs (\"others\") is said when\n"
	"he has none, and how it can be asked: root's by sudo netcx show.\n"
	"\n"
	"Exit codes: 0 shown, 1 there is no such adapter or a host does not answer, 2\n"
	"wrong usage.\n";

static const struct option options[] = { { "json", no_argument, NULL, 'j' },
					 { "watch", no_argument, NULL, 'w' },
					 { "delay", required_argument, NULL, 'd' },
					 { "count", required_argument, NULL, 'n' },
					 { 0 } };

/* What of an adapter is shown; the members of its JSON that belong to it, up to NULL. */
static const struct section {
	const char *name;
	const char *members[5];
} sections[] = {
	{ "driver", { "driver", "api", "device" } },
	{ "link", { "link", "stack", "wire", "mtu", "mac" } },
	{ "offloads", { "offloads" } },
	{ "queues", { "queues" } },
	{ "scaling", { "receive_scaling" } },
	{ "keywords", { "keywords", "parameters", "pending", "settings" } },
	{ "counters", { "counters" } },
	{ "statistics", { "statistics" } },
};

/* The command line. */
struct wish {
	const char *adapter;
	const struct section *section; /* NULL: all */
	bool json, watch;
	double delay; /* seconds; 0: 1 */
	uint64_t count;
};

static const struct section *section_called(const char *name)
{
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		if (strcmp(sections[i].name, name) == 0)
			return &sections[i];
	}
	return NULL;
}

static bool wants(const struct wish *w, const char *section)
{
	return !w->section || strcmp(w->section->name, section) == 0;
}

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
	json_t *ids = json_object_get(driver, "hardware_ids"), *id;
	size_t i;

	printf("  driver       %s", json_text(driver, "name"));
	if (*json_text(driver, "version"))
		printf(" %s", json_text(driver, "version"));
	if (*json_text(driver, "netadaptercx"))
		printf(", NetAdapterCx %s", json_text(driver, "netadaptercx"));
	if (*json_text(driver, "framework"))
		printf(", %s", json_text(driver, "framework"));
	printf(", %s\n", json_text(driver, "path"));
	if (*json_text(driver, "service"))
		printf("  service      %s\n", json_text(driver, "service"));
	json_array_foreach(ids, i, id)
		printf("  %-12s %s\n", i == 0 ? "hardware ID" : "", json_string_value(id));
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

static void print_scaling(json_t *scaling)
{
	json_t *protocols = json_object_get(scaling, "protocols"), *protocol;
	const char *reason = json_text(scaling, "reason");
	size_t i;

	if (!scaling)
		return;
	if (!json_is_true(json_object_get(scaling, "enabled"))) {
		printf("  scaling      off%s%s\n", *reason ? ": " : "", reason);
		return;
	}
	printf("  scaling      on, %" JSON_INTEGER_FORMAT " queues, %s hash of",
	       json_integer_value(json_object_get(scaling, "queues")), json_text(scaling, "hash"));
	json_array_foreach(protocols, i, protocol)
		printf("%s %s", i ? "," : "", json_string_value(protocol));
	printf(", %" JSON_INTEGER_FORMAT " table entries\n",
	       json_integer_value(json_object_get(scaling, "indirection_entries")));
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
			printf("    %s: %" JSON_INTEGER_FORMAT "\n", name,
			       json_integer_value(value));
		else if (json_is_string(value))
			printf("    %s: %s\n", name, json_string_value(value));
	}
}

/* What a keyword takes: "0 (Disabled), 1 (Enabled)" or "64 to 1024". */
static void print_range(json_t *parameter)
{
	json_t *options = json_object_get(parameter, "options"), *option;
	json_int_t low = json_integer_value(json_object_get(parameter, "minimum"));
	json_int_t high = json_integer_value(json_object_get(parameter, "maximum"));
	size_t i;

	json_array_foreach(options, i, option)
	{
		printf("%s%" JSON_INTEGER_FORMAT, i ? ", " : "; ",
		       json_integer_value(json_object_get(option, "value")));
		if (*json_text(option, "text"))
			printf(" %s", json_text(option, "text"));
	}
	if (json_object_get(parameter, "maximum"))
		printf(json_integer_value(json_object_get(parameter, "base")) == 16
			       ? "; %" PRIx64 " to %" PRIx64
			       : "; %" PRId64 " to %" PRId64,
		       (int64_t)low, (int64_t)high);
}

/* It was set since the driver has read it. */
static void print_pending(json_t *adapter, const char *name)
{
	json_t *running = json_object_get(json_object_get(adapter, "pending"), name);
	const char *text = json_string_value(running);

	if (text)
		printf("  waits for netcx restart, now %s", *text ? text : "not set");
}

static void print_keyword(json_t *adapter, const char *name, json_t *value)
{
	json_t *parameters = json_object_get(adapter, "parameters"), *p;
	size_t i;

	if (json_is_string(value))
		printf("    %-24s %s", name, json_string_value(value));
	else
		printf("    %-24s %" JSON_INTEGER_FORMAT, name, json_integer_value(value));
	json_array_foreach(parameters, i, p)
	{
		if (strcasecmp(json_text(p, "name"), name) != 0)
			continue;
		printf("  (default %s",
		       json_object_get(p, "default") ? json_text(p, "default") : "none");
		print_range(p);
		printf(")%s%s", *json_text(p, "description") ? " " : "",
		       json_text(p, "description"));
	}
	print_pending(adapter, name);
	putchar('\n');
}

static void print_unset(json_t *adapter, const char *name, const char *description)
{
	printf("    %-24s not set  %s", name, description);
	print_pending(adapter, name);
	putchar('\n');
}

static bool has_parameter(json_t *parameters, const char *name)
{
	json_t *p;
	size_t i;

	json_array_foreach(parameters, i, p)
	{
		if (strcasecmp(json_text(p, "name"), name) == 0)
			return true;
	}
	return false;
}

/* Those that have a value, then those that the INF leaves unset, then those that had one. */
static void print_keywords(json_t *adapter)
{
	json_t *keywords = json_object_get(adapter, "keywords"), *value, *p;
	json_t *parameters = json_object_get(adapter, "parameters");
	const char *name;
	size_t i;

	if (json_object_size(keywords) + json_array_size(parameters) == 0)
		return;
	printf("  keywords\n");
	json_object_foreach(keywords, name, value) print_keyword(adapter, name, value);
	json_array_foreach(parameters, i, p)
	{
		if (!json_object_get(keywords, json_text(p, "name")))
			print_unset(adapter, json_text(p, "name"), json_text(p, "description"));
	}
	json_object_foreach(json_object_get(adapter, "pending"), name, value)
	{
		if (!json_object_get(keywords, name) && !has_parameter(parameters, name))
			print_unset(adapter, name, "");
	}
	if (*json_text(adapter, "settings"))
		printf("    kept in %s\n", json_text(adapter, "settings"));
}

/* The driver's own counters. A driver that is busy, or has none, is shown without. */
static void ask_statistics(const struct target *target)
{
	json_t *request, *reply, *value;

	if (strcmp(json_text(target->adapter, "state"), "running") != 0)
		return;
	request = json_pack("{s:s,s:s,s:s}", "op", "oid", "type", "query", "oid",
			    "OID_GEN_STATISTICS");
	reply = target_ask(target, request);
	value = json_object_get(reply, "value");
	if (json_is_object(value))
		json_object_set(target->adapter, "statistics", value);
	json_decref(reply);
	json_decref(request);
}

static void print_woken(json_t *woken)
{
	if (!woken)
		return;
	printf("  woken by     %s", json_text(woken, "reason"));
	if (json_object_get(woken, "pattern_id"))
		printf(", pattern %" JSON_INTEGER_FORMAT ", %" JSON_INTEGER_FORMAT
		       " bytes on the wire",
		       json_integer_value(json_object_get(woken, "pattern_id")),
		       json_integer_value(json_object_get(woken, "original_size")));
	putchar('\n');
}

static void print_fail(json_t *lines)
{
	json_t *line;
	size_t i;

	json_array_foreach(lines, i, line)
		printf("  %-12s %s: came %" JSON_INTEGER_FORMAT
		       " times, failed %" JSON_INTEGER_FORMAT "\n",
		       i ? "" : "fails", json_text(line, "fail"),
		       json_integer_value(json_object_get(line, "came")),
		       json_integer_value(json_object_get(line, "failed")));
}

static void print_head(const struct target *target)
{
	json_t *a = target->adapter;

	printf("%s: %s%s%s (pid %ld)\n", json_text(a, "name"), json_text(a, "state"),
	       *json_text(a, "status") ? ", " : "", json_text(a, "status"), target->pid);
	if (*json_text(a, "failure"))
		printf("  failure      %s\n", json_text(a, "failure"));
	print_fail(json_object_get(a, "fail"));
}

static void print_driver_section(json_t *a)
{
	const char *device = json_text(a, "device");

	print_driver(json_object_get(a, "driver"));
	printf("  device       %s\n", *device ? device : "none");
}

static void print_link_section(json_t *a)
{
	json_t *mtu = json_object_get(a, "mtu");

	printf("  stack        %s\n", json_text(json_object_get(a, "stack"), "name"));
	print_coalesce(json_object_get(json_object_get(a, "stack"), "coalesce"));
	if (json_object_get(a, "wire"))
		printf("  wire         %s\n", json_text(json_object_get(a, "wire"), "name"));
	print_speed(json_object_get(a, "link"));
	if (mtu)
		printf("  MTU          %" JSON_INTEGER_FORMAT "\n  address      %s\n",
		       json_integer_value(mtu), json_text(a, "mac"));
}

static void print_adapter(const struct target *target, const struct wish *w)
{
	json_t *a = target->adapter;

	print_head(target);
	if (wants(w, "driver"))
		print_driver_section(a);
	if (wants(w, "link"))
		print_link_section(a);
	if (wants(w, "offloads"))
		print_offloads(json_object_get(a, "offloads"));
	if (wants(w, "queues"))
		print_queues(json_object_get(a, "queues"));
	if (wants(w, "scaling"))
		print_scaling(json_object_get(a, "receive_scaling"));
	if (!w->section)
		print_woken(json_object_get(a, "woken"));
	if (wants(w, "keywords"))
		print_keywords(a);
	if (wants(w, "counters"))
		print_members("counters", json_object_get(a, "counters"));
	if (wants(w, "statistics"))
		print_members("driver's statistics", json_object_get(a, "statistics"));
}

/* Its name, its state, and what belongs to the section. */
static json_t *section_of(const struct target *target, const struct section *section)
{
	json_t *part = json_object();

	json_object_set(part, "name", json_object_get(target->adapter, "name"));
	json_object_set(part, "state", json_object_get(target->adapter, "state"));
	json_object_set(part, "pid", json_object_get(target->adapter, "pid"));
	for (size_t i = 0; i < 5 && section->members[i]; i++)
		json_object_set(part, section->members[i],
				json_object_get(target->adapter, section->members[i]));
	return part;
}

/* The driver is asked for these, so not when nobody wants them. */
static void complete(const struct target *target, const struct wish *w)
{
	if (wants(w, "statistics"))
		ask_statistics(target);
}

static void print_all_json(const struct targets *targets, const struct wish *w)
{
	json_t *list = json_array();
	json_t *all;

	for (size_t i = 0; i < targets->count; i++) {
		const struct target *t = &targets->list[i];

		if (w->adapter && !targets_mean(targets, t, w->adapter))
			continue;
		complete(t, w);
		json_object_set_new(t->adapter, "pid", json_integer(t->pid));
		if (w->section)
			json_array_append_new(list, section_of(t, w->section));
		else
			json_array_append(list, t->adapter);
	}
	all = json_pack("{s:o,s:o}", "adapters", list, "others", others_find());
	if (w->watch) {
		json_dumpf(all, stdout, JSON_COMPACT);
		putchar('\n');
		cli_answered();
	} else {
		print_json(all, stdout);
	}
	json_decref(all);
}

static void print_text(const struct targets *targets, const struct wish *w)
{
	size_t shown = 0;

	for (size_t i = 0; i < targets->count; i++) {
		if (w->adapter && !targets_mean(targets, &targets->list[i], w->adapter))
			continue;
		if (shown++)
			putchar('\n');
		complete(&targets->list[i], w);
		print_adapter(&targets->list[i], w);
	}
	if (shown == 0 && targets->silent == 0) {
		printf("no adapter of this user's runs\n");
		others_print(stdout, "show");
	}
}

static int show_all(const struct targets *targets, const struct wish *w)
{
	size_t found = 0;

	for (size_t i = 0; i < targets->count; i++)
		found += !w->adapter || targets_mean(targets, &targets->list[i], w->adapter);
	if (w->adapter && found == 0) {
		targets_one(targets, "show", w->adapter);
		return CLI_FAILED;
	}
	if (w->json)
		print_all_json(targets, w);
	else
		print_text(targets, w);
	return w->adapter || targets->silent == 0 ? CLI_OK : CLI_FAILED;
}

static int show_once(const struct wish *w)
{
	struct targets targets;
	int result = targets_find(&targets, "show");

	if (result == CLI_OK)
		result = show_all(&targets, w);
	targets_free(&targets);
	return result;
}

/* On a terminal from its top on, where the last time's lines are written over. */
static int watch(const struct wish *w)
{
	const uint64_t delay = (uint64_t)((w->delay > 0 ? w->delay : 1) * (double)NS_PER_S);
	bool terminal = isatty(STDOUT_FILENO) && !w->json;
	uint64_t next = clock_ns();
	int result = CLI_OK;

	stop_catch();
	for (uint64_t i = 0; result == CLI_OK && (!w->count || i < w->count); i++) {
		const struct timespec until = clock_timespec(next);

		if (i > 0)
			clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
		if (stop_asked())
			return CLI_OK;
		if (terminal)
			fputs("\033[H\033[J", stdout);
		else if (i > 0 && !w->json)
			putchar('\n');
		result = show_once(w);
		if (fflush(stdout) != 0 || stop_asked())
			return CLI_OK;
		next += delay;
	}
	return result;
}

static int take(struct wish *w, int option, const char *value)
{
	char *end;

	if (option == 'j')
		w->json = true;
	else if (option == 'w')
		w->watch = true;
	else if (option == 'd')
		w->delay = strtod(value, &end);
	else
		w->count = strtoull(value, &end, 10);
	if (option == 'd' && (end == value || *end || !(w->delay >= 0.1 && w->delay <= 3600)))
		return cli_error(CLI_USAGE, "show",
				 "--delay %s: seconds from 0.1 to 3600 are expected", value);
	if (option == 'n' && (*value < '0' || *value > '9' || *end || !w->count))
		return cli_error(CLI_USAGE, "show", "--count %s: a number from 1 on is expected",
				 value);
	return CLI_OK;
}

/* ADAPTER, SECTION or both; an adapter that is called as a section is meant with PID/NAME. */
static int take_words(struct wish *w, int count, char **words)
{
	if (count > 2)
		return cli_error(CLI_USAGE, "show", "%s: that is one too many", words[2]);
	w->section = count ? section_called(words[count - 1]) : NULL;
	if (count == 2 && !w->section)
		return cli_error(
			CLI_USAGE, "show",
			"%s: driver, link, offloads, queues, scaling, keywords, counters or statistics is expected",
			words[1]);
	w->adapter = count == 2 || (count == 1 && !w->section) ? words[0] : NULL;
	return CLI_OK;
}

static int show(int argc, char **argv)
{
	struct wish w = { 0 };
	int option, result;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (option == '?' || option == ':')
			return cli_bad_option("show", argv, option);
		result = take(&w, option, optarg);
		if (result != CLI_OK)
			return result;
	}
	if (!w.watch && (w.delay > 0 || w.count))
		return cli_error(CLI_USAGE, "show", "--delay and --count go with --watch");
	result = take_words(&w, argc - optind, argv + optind);
	if (result != CLI_OK)
		return result;
	return w.watch ? watch(&w) : show_once(&w);
}

const struct cli_command cli_show = { "show", "show adapters, their offloads and counters", help,
				      show };
