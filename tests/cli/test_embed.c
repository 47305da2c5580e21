/* SPDX-License-Identifier: MIT */
/* The host inside another program: <netcx/host.h> (this one), several adapters of one driver. */
#include <limits.h>
#include <netcx/host.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "run.h"

/* What the event callback has seen. */
struct seen {
	struct netcx_host *host;
	unsigned started, unloaded, entries, failed;
	unsigned stop_at; /* devices started before the host is stopped */
};

static void on_event(void *context, const char *json)
{
	struct seen *seen = context;
	json_t *e = json_loads(json, 0, NULL);
	const char *name = json_string_value(json_object_get(e, "name"));

	assert_non_null(name);
	seen->entries += strcmp(name, "DriverEntry") == 0;
	seen->unloaded += strcmp(name, "DriverUnloaded") == 0;
	seen->started += strcmp(name, "DeviceStarted") == 0;
	seen->failed += strcmp(name, "AdapterFailed") == 0;
	if (strcmp(name, "DeviceStarted") == 0 && seen->started == seen->stop_at)
		netcx_host_stop(seen->host);
	json_decref(e);
}

static struct netcx_host *make(struct seen *seen)
{
	const struct netcx_host_config config = { .event = on_event, .event_context = seen };
	struct netcx_error error;

	seen->host = netcx_host_create(&config, &error);
	if (!seen->host)
		fail_msg("%s", error.text);
	return seen->host;
}

static void several_adapters_share_a_driver(void **state)
{
	struct netcx_adapter_config adapter = { .driver = driver_path("@step") };
	struct seen seen = { .stop_at = 3 };
	struct netcx_host *host = make(&seen);
	struct netcx_error error = { "" };

	for (int i = 0; i < 3; i++)
		assert_int_equal(netcx_host_add(host, &adapter, &error), NETCX_OK);
	assert_int_equal(netcx_host_run(host, &error), NETCX_OK);
	assert_int_equal(seen.started, 3);
	assert_int_equal(seen.entries, 1);
	assert_int_equal(seen.unloaded, 1);
	netcx_host_destroy(host);
}

/* The same file by another path is the same driver; another file of its name is refused. */
static void a_drivers_name_is_its_own(void **state)
{
	char path[PATH_MAX], linked[128], other[128];
	struct netcx_adapter_config adapter = { .driver = path };
	struct seen seen = { .stop_at = 2 };
	struct netcx_host *host = make(&seen);
	struct netcx_error error = { "" };

	snprintf(path, sizeof(path), "%s", driver_path("@step"));
	snprintf(linked, sizeof(linked), "%s/linked.so", scratch());
	snprintf(other, sizeof(other), "%s/CLI_step.so", scratch());
	assert_int_equal(symlink(path, linked), 0);
	assert_int_equal(symlink("/nonexistent", other), 0);
	assert_int_equal(netcx_host_add(host, &adapter, &error), NETCX_OK);
	adapter.driver = other;
	assert_int_equal(netcx_host_add(host, &adapter, &error), NETCX_FAILED);
	assert_non_null(
		strstr(error.text, "a driver of the name CLI_step is there already, from "));
	assert_non_null(strstr(error.text, path));
	adapter.driver = linked;
	assert_int_equal(netcx_host_add(host, &adapter, &error), NETCX_OK);
	assert_int_equal(netcx_host_run(host, &error), NETCX_OK);
	assert_int_equal(seen.entries, 1);
	assert_int_equal(seen.started, 2);
	netcx_host_destroy(host);
	unlink(linked);
	unlink(other);
}

static void two_hosts_do_not_share_anything(void **state)
{
	struct netcx_adapter_config adapter = { .driver = driver_path("@step") };
	struct seen a = { .stop_at = 1 }, b = { .stop_at = 1 };
	struct netcx_host *first = make(&a), *second = make(&b);
	struct netcx_error error;

	assert_int_equal(netcx_host_add(first, &adapter, &error), NETCX_OK);
	assert_int_equal(netcx_host_add(second, &adapter, &error), NETCX_OK);
	assert_int_equal(netcx_host_run(first, &error), NETCX_OK);
	assert_int_equal(b.entries, 0);
	assert_int_equal(netcx_host_run(second, &error), NETCX_OK);
	netcx_host_destroy(first);
	netcx_host_destroy(second);
}

static void *run_host(void *context)
{
	struct netcx_error error;

	return netcx_host_run(context, &error) == NETCX_OK ? NULL : context;
}

static void stop_works_from_another_thread_at_any_time(void **state)
{
	struct netcx_adapter_config adapter = { .driver = driver_path("@step") };

	for (unsigned i = 0; i < 20; i++) {
		struct seen seen = { .stop_at = 100 };
		struct netcx_host *host = make(&seen);
		struct netcx_error error;
		pthread_t thread;
		void *failed;

		assert_int_equal(netcx_host_add(host, &adapter, &error), NETCX_OK);
		if (i == 0)
			netcx_host_stop(host);
		assert_int_equal(pthread_create(&thread, NULL, run_host, host), 0);
		usleep(i * 500);
		if (i)
			netcx_host_stop(host);
		pthread_join(thread, &failed);
		assert_null(failed);
		netcx_host_destroy(host);
	}
}

static void misuse_is_refused(void **state)
{
	struct netcx_adapter_config adapter = { .driver = driver_path("@step"), .name = "One" };
	struct seen seen = { .stop_at = 1 };
	struct netcx_host *host = make(&seen);
	struct netcx_error error = { "" };

	assert_int_equal(netcx_host_run(host, &error), NETCX_USAGE);
	assert_int_equal(netcx_host_add(host, &adapter, &error), NETCX_OK);
	assert_int_equal(netcx_host_add(host, &adapter, &error), NETCX_USAGE);
	assert_non_null(strstr(error.text, "\"One\" already"));
	adapter.driver = NULL;
	assert_int_equal(netcx_host_add(host, &adapter, &error), NETCX_USAGE);
	assert_int_equal(netcx_host_run(host, &error), NETCX_OK);
	assert_int_equal(netcx_host_run(host, &error), NETCX_USAGE);
	assert_int_equal(netcx_host_add(host, &adapter, &error), NETCX_USAGE);
	netcx_host_destroy(host);
	netcx_host_destroy(NULL);
}

static void one_that_fails_leaves_the_others_alone(void **state)
{
	struct netcx_adapter_config adapter = { .driver = driver_path("@step") };
	struct seen seen = { .stop_at = 2 };
	struct netcx_host *host = make(&seen);
	struct netcx_error error = { "" };

	setenv("NETCX_STEP", "SecondStart", 1);
	for (int i = 0; i < 3; i++)
		assert_int_equal(netcx_host_add(host, &adapter, &error), NETCX_OK);
	assert_int_equal(netcx_host_run(host, &error), NETCX_FAILED);
	unsetenv("NETCX_STEP");
	assert_int_equal(seen.started, 2);
	assert_int_equal(seen.failed, 1);
	assert_non_null(strstr(error.text, "adapter \"Ethernet 2\": "));
	assert_non_null(strstr(error.text, "EvtDevicePrepareHardware failed: "
					   "STATUS_DEVICE_CONFIGURATION_ERROR"));
	netcx_host_destroy(host);
}

/* Nothing is left to run, and each is told of. */
static void it_ends_when_all_have_failed(void **state)
{
	struct netcx_adapter_config adapter = { .driver = driver_path("@step") };
	struct seen seen = { 0 };
	struct netcx_host *host = make(&seen);
	struct netcx_error error = { "" };

	setenv("NETCX_STEP", "DriverEntry", 1);
	for (int i = 0; i < 2; i++)
		assert_int_equal(netcx_host_add(host, &adapter, &error), NETCX_OK);
	assert_int_equal(netcx_host_run(host, &error), NETCX_FAILED);
	unsetenv("NETCX_STEP");
	assert_int_equal(seen.entries, 1);
	assert_int_equal(seen.failed, 2);
	assert_non_null(strstr(error.text, "adapter \"Ethernet\": "));
	assert_non_null(strstr(error.text, "; adapter \"Ethernet 2\": "));
	assert_non_null(strstr(error.text, "DriverEntry failed: STATUS_UNSUCCESSFUL"));
	netcx_host_destroy(host);
}

/* A device's second adapter: no network device, but a life of its own. */
static void a_device_may_have_two_adapters(void **state)
{
	const struct surroundings two = { .step = "TwoAdapters" };
	struct command *c = start(&two, "run", "@step", "--log", "json", NULL), *show, *offload;

	wait_for(c, "\"DeviceStarted\"");
	show = RUN("show");
	assert_non_null(strstr(show->stdout_text, "Ethernet: running"));
	assert_non_null(strstr(show->stdout_text, "Ethernet #2: running"));
	release(show);
	offload = RUN("offload", "Ethernet #2", "--lso-v4", "off");
	assert_int_equal(offload->code, 0);
	release(offload);
	assert_int_equal(stop(c), 0);
	assert_string_equal(c->stderr_text, "");
	release(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(several_adapters_share_a_driver),
		cmocka_unit_test(a_drivers_name_is_its_own),
		cmocka_unit_test(two_hosts_do_not_share_anything),
		cmocka_unit_test(stop_works_from_another_thread_at_any_time),
		cmocka_unit_test(misuse_is_refused),
		cmocka_unit_test(one_that_fails_leaves_the_others_alone),
		cmocka_unit_test(it_ends_when_all_have_failed),
		cmocka_unit_test(a_device_may_have_two_adapters),
	};

	return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
