/* SPDX-License-Identifier: MIT */
/*
 * Events are output only: a host whose events go nowhere fails with the same words, restarts as
 * often and ends the same way as one that writes them down.
 */
#include <unistd.h>

#include "host/nic.h"
#include "run.h"

static void lose(void *context, const struct nt_event *event)
{
	(void)context;
	(void)event;
}

static struct netcx_host *make(bool deaf, unsigned adapters)
{
	const struct netcx_adapter_config adapter = { .driver = driver_path("@step") };
	const struct netcx_host_config config = { 0 };
	struct netcx_error error;
	struct netcx_host *host = netcx_host_create(&config, &error);

	if (!host)
		fail_msg("%s", error.text);
	if (deaf)
		host->machine.sink = (struct nt_event_sink){ .emit = lose };
	while (adapters--)
		assert_int_equal(netcx_host_add(host, &adapter, &error), NETCX_OK);
	return host;
}

/* Return: how often the one adapter was restarted because its driver asked for it. */
static unsigned fail_at(const char *step, bool deaf, struct netcx_error *error)
{
	struct netcx_host *host;
	unsigned restarts;

	setenv("NETCX_STEP", step, 1);
	setenv("NETCX_STATUS", "C000009A", 1);
	host = make(deaf, 1);
	assert_int_equal(netcx_host_run(host, error), NETCX_FAILED);
	restarts = host->nics->restarts;
	netcx_host_destroy(host);
	unsetenv("NETCX_STEP");
	unsetenv("NETCX_STATUS");
	return restarts;
}

static void failures_have_the_same_words(void **state)
{
	static const struct {
		const char *step, *says;
		unsigned restarts;
	} failures[] = {
		{ "DriverEntry", "DriverEntry failed: STATUS_INSUFFICIENT_RESOURCES", 0 },
		{ "DeviceAdd", "EvtDriverDeviceAdd failed: STATUS_INSUFFICIENT_RESOURCES", 0 },
		{ "NoDevice", "EvtDriverDeviceAdd failed: STATUS_UNSUCCESSFUL", 0 },
		{ "PrepareHardware", "EvtDevicePrepareHardware failed: STATUS_INSUFFICIENT_RE", 0 },
		{ "PrepareHardware", "(it got no hardware: --device was not given)", 0 },
		{ "D0Entry", "EvtDeviceD0Entry failed: STATUS_INSUFFICIENT_RESOURCES", 0 },
		{ "SelfManagedIoInit", "EvtDeviceSelfManagedIoInit failed: STATUS_INSUFFICIE", 0 },
		{ "CreateTxQueue", "EvtAdapterCreateTxQueue failed: STATUS_INSUFFICIENT_RES", 0 },
		{ "CreateRxQueue", "EvtAdapterCreateRxQueue failed: STATUS_INSUFFICIENT_RES", 0 },
		{ "NoTxQueue", "the device's start failed: STATUS_UNSUCCESSFUL", 0 },
		{ "SetFailed", "the driver called WdfDeviceSetFailed", 0 },
		{ "SetFailedRestart", "and starting it again did not help", 5 },
	};
	struct netcx_error heard, unheard;

	for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
		assert_int_equal(fail_at(failures[i].step, false, &heard), failures[i].restarts);
		assert_int_equal(fail_at(failures[i].step, true, &unheard), failures[i].restarts);
		if (!strstr(heard.text, failures[i].says))
			fail_msg("%s: \"%s\" says nothing of \"%s\"", failures[i].step, heard.text,
				 failures[i].says);
		assert_string_equal(unheard.text, heard.text);
	}
}

static void *run_host(void *context)
{
	struct netcx_error error;

	return netcx_host_run(context, &error) == NETCX_OK ? NULL : context;
}

/* The first one's driver gives up once. Only that one is started again. */
static void a_failed_adapter_is_not_taken_for_another(void **state)
{
	struct netcx_host *host;
	struct nic *first, *second;
	pthread_t thread;
	void *failed;

	setenv("NETCX_STEP", "FirstSetFailed", 1);
	host = make(true, 2);
	first = host->nics;
	second = first->next;
	assert_int_equal(pthread_create(&thread, NULL, run_host, host), 0);
	for (int i = 0; i < 2000 && nic_state(second) != NIC_RUNNING; i++)
		usleep(5000);
	assert_int_equal(nic_state(second), NIC_RUNNING);
	assert_int_equal(nic_state(first), NIC_RUNNING);
	netcx_host_stop(host);
	pthread_join(thread, &failed);
	assert_null(failed);
	assert_int_equal(first->restarts, 1);
	assert_int_equal(second->restarts, 0);
	netcx_host_destroy(host);
	unsetenv("NETCX_STEP");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failures_have_the_same_words),
		cmocka_unit_test(a_failed_adapter_is_not_taken_for_another),
	};

	return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
