/* SPDX-License-Identifier: MIT */
/*
 * Faults on purpose: the drivers that we ship get through each of them, and so does the host. One
 * process, which loads and unloads them again and again.
 */
#include <netcx/host.h>
#include <string.h>

#include "run.h"

#define MOST 64

/* One run of a host, as its events tell it. */
struct seen {
	struct netcx_host *host;
	unsigned started, failed_on_purpose, removed_on_purpose, unloaded, never_came;
	bool stays;         /* is not stopped once it has started */
	char summary[512];  /* of FailSummary */
	char trouble[1024]; /* a leak, a broken rule: the first; "": none */
	char callbacks[MOST][48];
	unsigned callback_count;
	int result;
	struct netcx_error error;
};

static const char *text_of(json_t *event, const char *key)
{
	const char *text = json_string_value(json_object_get(event, key));

	return text ? text : "";
}

static void note_callback(struct seen *seen, const char *name)
{
	for (unsigned i = 0; i < seen->callback_count; i++)
		if (strcmp(seen->callbacks[i], name) == 0)
			return;
	assert_true(seen->callback_count < MOST);
	snprintf(seen->callbacks[seen->callback_count++], sizeof(seen->callbacks[0]), "%s", name);
}

static bool is_trouble(const char *kind, const char *text)
{
	return strcmp(kind, "violation") == 0 ||
	       (strcmp(kind, "log") == 0 && (strstr(text, "leak") || strstr(text, "netcx:")));
}

static void on_event(void *context, const char *json)
{
	struct seen *seen = context;
	json_t *event = json_loads(json, 0, NULL);
	const char *name = text_of(event, "name"), *kind = text_of(event, "kind");

	seen->started += strcmp(name, "DeviceStarted") == 0;
	seen->failed_on_purpose += strcmp(name, "FailedOnPurpose") == 0;
	seen->removed_on_purpose += strcmp(name, "RemovedOnPurpose") == 0;
	seen->unloaded += strcmp(name, "DriverUnloaded") == 0;
	seen->never_came += strcmp(name, "FailNeverCame") == 0;
	if (strcmp(name, "FailSummary") == 0)
		snprintf(seen->summary, sizeof(seen->summary), "%s", text_of(event, "text"));
	if (strcmp(kind, "callback") == 0)
		note_callback(seen, name);
	if (!seen->trouble[0] && is_trouble(kind, text_of(event, "text")))
		snprintf(seen->trouble, sizeof(seen->trouble), "%s", json);
	json_decref(event);
}

/* A driver that we ship, and the hardware it wants. */
struct driver {
	const char *path, *device;
};

static const struct driver drivers[] = {
	{ HELLO, NULL },      { RTL8168_13, "rtl8168" }, { RTL8168_25, "rtl8168-ext" },
	{ VIRTUAL_KM, NULL }, { VIRTUAL_UM, NULL },
};

#define DRIVERS (sizeof(drivers) / sizeof(drivers[0]))

/* The host is stopped when it is up: the start, which is long, is over then. */
static void stop_when_up(void *context, const char *json)
{
	struct seen *seen = context;

	on_event(context, json);
	if (strstr(json, "\"OID_GEN_CURRENT_PACKET_FILTER\"") || strstr(json, "\"AdapterRemoved\""))
		netcx_host_stop(seen->host);
}

static struct netcx_host *host_with(struct seen *seen, const struct driver *driver,
				    const char *const *fail, size_t count)
{
	const struct netcx_host_config config = { .event = stop_when_up,
						  .event_context = seen,
						  .watchdog = 60,
						  .fail = fail,
						  .fail_count = count };
	const struct netcx_adapter_config adapter = { .driver = driver->path,
						      .device = driver->device };

	memset(seen, 0, sizeof(*seen));
	seen->host = netcx_host_create(&config, &seen->error);
	if (!seen->host || netcx_host_add(seen->host, &adapter, &seen->error) != NETCX_OK)
		fail_msg("%s", seen->error.text);
	return seen->host;
}

static void run(struct seen *seen, const struct driver *driver, const char *fail)
{
	struct netcx_host *host = host_with(seen, driver, &fail, fail ? 1 : 0);

	seen->result = netcx_host_run(host, &seen->error);
	netcx_host_destroy(host);
	if (seen->trouble[0])
		fail_msg("%s with --fail %s: %s", driver->path, fail, seen->trouble);
}

/* Each call stack and each callback once, start after start; the last one is clean. */
static void every_fault_of_a_start_is_survived(void **state)
{
	for (size_t i = 0; i < DRIVERS; i++) {
		struct seen seen;

		run(&seen, &drivers[i], "all-once");
		if (seen.result != NETCX_OK)
			fail_msg("%s: %s", drivers[i].path, seen.error.text);
		assert_in_range(seen.failed_on_purpose, 13, 100);
		assert_in_range(seen.started, 1, seen.failed_on_purpose);
		assert_non_null(strstr(seen.summary, "failed on purpose: "));
		assert_non_null(strstr(seen.summary, "more places"));
	}
}

static void the_device_may_go_at_each_callback(void **state)
{
	for (size_t i = 0; i < DRIVERS; i++) {
		struct seen usual, seen;
		char text[96];

		run(&usual, &drivers[i], NULL);
		assert_int_equal(usual.result, NETCX_OK);
		assert_in_range(usual.callback_count, 6, MOST);
		for (unsigned j = 0; j < 2 * usual.callback_count; j++) {
			snprintf(text, sizeof(text), "surprise-removal%s@%s", j % 2 ? "-after" : "",
				 usual.callbacks[j / 2]);
			run(&seen, &drivers[i], text);
			assert_int_equal(seen.removed_on_purpose, 1);
			/* A start that fails for it is the run's failure; each comes to its end. */
			assert_true(seen.result == NETCX_OK || strstr(seen.error.text, text));
			assert_in_range(seen.unloaded, strcmp(text + 17, "DriverEntry") != 0, 1);
		}
	}
}

struct sites {
	char id[MOST][96], in[MOST][128], stack[MOST][512];
	unsigned count;
};

static void note_site(void *context, const struct netcx_fail_site *site)
{
	struct sites *sites = context;

	assert_true(sites->count < MOST);
	snprintf(sites->id[sites->count], sizeof(sites->id[0]), "%s", site->site);
	snprintf(sites->in[sites->count], sizeof(sites->in[0]), "%s", site->in);
	snprintf(sites->stack[sites->count++], sizeof(sites->stack[0]), "%s", site->stack);
}

static const char *find(const struct sites *sites, const char *name, unsigned *at)
{
	for (*at = 0; *at < sites->count; ++*at)
		if (strncmp(sites->id[*at], name, strlen(name)) == 0)
			return sites->id[*at];
	fail_msg("%s never came", name);
	return NULL;
}

/* The number of a call stack, its function and its place each mean the same call in another run. */
static void a_call_is_named_by_its_stack_its_function_or_its_place(void **state)
{
	const char *list = "list", *id;
	struct sites sites = { .count = 0 };
	struct seen seen;
	struct netcx_host *host = host_with(&seen, &drivers[0], &list, 1);
	char text[256];
	unsigned at;

	assert_int_equal(netcx_host_run(host, &seen.error), NETCX_OK);
	assert_int_equal(seen.failed_on_purpose, 0);
	netcx_host_fail_sites(host, note_site, &sites);
	netcx_host_destroy(host);

	id = find(&sites, "NetAdapterCreate#", &at);
	assert_non_null(strstr(sites.stack[at], "HelloCreateAdapter hello.c:"));
	assert_non_null(strstr(sites.stack[at], " < EvtDriverDeviceAdd hello.c:"));
	run(&seen, &drivers[0], id);
	assert_int_equal(seen.failed_on_purpose, 1);
	assert_non_null(
		strstr(seen.error.text, "EvtDriverDeviceAdd failed: STATUS_INSUFFICIENT_RE"));
	snprintf(text, sizeof(text), "failed on purpose: 1: NetAdapterCreate in %s", sites.in[at]);
	assert_non_null(strstr(seen.error.text, text));
	snprintf(text, sizeof(text), "NetAdapterCreate@%s", sites.in[at]);
	run(&seen, &drivers[0], text);
	assert_int_equal(seen.failed_on_purpose, 1);
	run(&seen, &drivers[0], "NetAdapterCreate@EvtDriverDeviceAdd");
	assert_int_equal(seen.failed_on_purpose, 1);
	run(&seen, &drivers[0], "NetAdapterCreate@HelloCreateAdapter:1");
	assert_int_equal(seen.failed_on_purpose, 1);
}

static void says(struct command *c, int code, const char *what)
{
	assert_int_equal(c->code, code);
	if (!strstr(code ? c->stderr_text : c->stdout_text, what))
		fail_msg("%s: %s%s", what, c->stdout_text, c->stderr_text);
	release(c);
}

/* The other adapter is left alone; what failed once does not fail at the restart. */
static void a_start_that_failed_is_made_good_by_a_restart(void **state)
{
	struct command *c =
		start(NULL, "run", "--no-settings", "--adapter", "left,driver=" HELLO, "--adapter",
		      "right,driver=" HELLO, "--fail", "NetAdapterStart:1", NULL);

	wait_for(c, "left        lifecycle   AdapterFailed");
	wait_for(c, "right       lifecycle   DeviceStarted");
	await_host(c, "right");
	says(RUN("restart", "left"), 0, "left: running");
	says(RUN("show", "left"), 0, "fails        NetAdapterStart:1: came 3 times, failed 1");
	assert_int_equal(stop(c), 1);
	assert_non_null(strstr(c->stdout_text, "left        lifecycle   FailedOnPurpose"));
	assert_null(strstr(c->stdout_text, " leak"));
	assert_non_null(strstr(c->stderr_text, "(failed on purpose: 1: NetAdapterStart in Evt"));
	release(c);
}

static void a_resume_fails_and_the_device_starts_anew(void **state)
{
	struct command *c = start(NULL, "run", "--no-settings", RTL8168_25, "--device", "rtl8168",
				  "--fail", "EvtDeviceD0Entry:2", NULL);

	await_host(c, NULL);
	says(RUN("sleep"), 0, "");
	says(RUN("wake"), 1, "EvtDeviceD0Entry failed");
	says(RUN("restart"), 0, "running");
	assert_int_equal(stop(c), 0);
	assert_non_null(strstr(c->stdout_text, "failed on purpose: 1: EvtDeviceD0Entry"));
	assert_null(strstr(c->stdout_text, " leak"));
	release(c);
}

/* Its driver sees lists without it. One of software has none that could be missing. */
static void a_resource_is_missing(void **state)
{
	static const char *const types[] = { "CmResourceTypeMemory", "CmResourceTypeInterrupt" };
	struct seen seen;
	char text[128];

	for (size_t i = 0; i < 2; i++) {
		run(&seen, &drivers[2], types[i]);
		snprintf(text, sizeof(text), "(failed on purpose: 1: %s)", types[i]);
		assert_non_null(strstr(seen.error.text, text));
		assert_non_null(strstr(seen.error.text, "EvtDevicePrepareHardware failed: "
							"STATUS_RESOURCE_TYPE_NOT_FOUND"));
		run(&seen, &drivers[3], types[i]);
		assert_int_equal(seen.never_came, 1);
	}
}

/* It is told, and the run is no success: nothing has been tried. */
static void what_nothing_came_for_is_told(void **state)
{
	struct seen seen;

	run(&seen, &drivers[0], "NetAdapterCreate:2");
	assert_int_equal(seen.result, NETCX_FAILED);
	assert_int_equal(seen.failed_on_purpose, 0);
	assert_int_equal(seen.never_came, 1);
	assert_int_equal(seen.started, 1);
	assert_non_null(strstr(seen.error.text, "'NetAdapterCreate:2': no such call was made"));
	run(&seen, &drivers[0], "NetAdapterCreate@EvtDevicePrepareHardware");
	assert_int_equal(seen.never_came, 1);
}

static void a_wrong_plan_is_refused_with_what_would_be_right(void **state)
{
	static const char *const wrong[][2] = {
		{ "WdfMemoryCreat",
		  "no call that can fail has the name WdfMemoryCreat; WdfMemoryCreate is one" },
		{ "netadaptercreate", "; NetAdapterCreate is one" },
		{ "Whatever", "'list' shows those of a driver" },
		{ "", "'list' shows those of a driver" },
		{ "WdfMemoryCreate:0", "which time it fails, from 1" },
		{ "WdfMemoryCreate:x", "which time it fails, from 1" },
		{ "WdfMemoryCreate@", "stands a function" },
		{ "WdfMemoryCreate#12", "eight digits of a call stack" },
		{ "WdfMemoryCreate#1234567g", "eight digits of a call stack" },
		{ "WdfMemoryCreate@F#12345678", "not both" },
		{ "all-once:2", "all-once stands alone" },
		{ "list@F", "list stands alone" },
		{ "surprise-removal", "surprise-removal@CALLBACK is expected" },
		{ "surprise-removal@Foo", "surprise-removal@CALLBACK is expected" },
	};
	struct netcx_error error;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct netcx_host_config config = { .fail = &wrong[i][0], .fail_count = 1 };

		error.text[0] = '\0';
		assert_int_equal(netcx_fail_check(wrong[i][0], &error), NETCX_USAGE);
		if (!strstr(error.text, wrong[i][1]))
			fail_msg("%s: %s", wrong[i][0], error.text);
		assert_null(netcx_host_create(&config, &error));
	}
	assert_int_equal(netcx_fail_check("WdfMemoryCreate#1234abCD:3", &error), NETCX_OK);
	assert_int_equal(netcx_fail_check("surprise-removal-after@EvtDeviceD0Entry:2", &error),
			 NETCX_OK);
	expect(RUN("run", HELLO, "--fail", "WdfMemoryCreat"), 2,
	       "run: --fail 'WdfMemoryCreat': no call that can fail");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_fault_of_a_start_is_survived),
		cmocka_unit_test(the_device_may_go_at_each_callback),
		cmocka_unit_test(a_call_is_named_by_its_stack_its_function_or_its_place),
		cmocka_unit_test(a_start_that_failed_is_made_good_by_a_restart),
		cmocka_unit_test(a_resume_fails_and_the_device_starts_anew),
		cmocka_unit_test(a_resource_is_missing),
		cmocka_unit_test(what_nothing_came_for_is_told),
		cmocka_unit_test(a_wrong_plan_is_refused_with_what_would_be_right),
	};

	return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
