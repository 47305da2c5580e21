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

/* A deaf host that runs in a thread of its own, with all adapters up. */
struct running {
	struct netcx_host *host;
	pthread_t thread;
};

static struct running run(unsigned adapters)
{
	struct running r = { .host = make(true, adapters) };
	struct nic *last = r.host->nics;

	while (last->next)
		last = last->next;
	assert_int_equal(pthread_create(&r.thread, NULL, run_host, r.host), 0);
	for (int i = 0; i < 2000 && nic_state(last) != NIC_RUNNING; i++)
		usleep(5000);
	assert_int_equal(nic_state(last), NIC_RUNNING);
	return r;
}

/* The adapters are there to be looked at until netcx_host_destroy(). */
static void end(struct running *r)
{
	void *failed;

	netcx_host_stop(r->host);
	pthread_join(r->thread, &failed);
	assert_null(failed);
}

/* The first one's driver gives up once. Only that one is started again. */
static void a_failed_adapter_is_not_taken_for_another(void **state)
{
	struct running r;
	struct nic *first;

	setenv("NETCX_STEP", "FirstSetFailed", 1);
	r = run(2);
	first = r.host->nics;
	assert_int_equal(nic_state(first), NIC_RUNNING);
	end(&r);
	assert_int_equal(first->restarts, 1);
	assert_int_equal(first->next->restarts, 0);
	netcx_host_destroy(r.host);
	unsetenv("NETCX_STEP");
}

/* What a user asks for, on the adapter's worker. */
struct step {
	struct nic *nic;
	struct error error;
	NTSTATUS status;
};

static void restart(void *context)
{
	struct step *step = context;

	step->status = nic_restart_by_user(step->nic, false, &step->error);
}

static void sleep_and_wake(void *context)
{
	struct step *step = context;

	assert_int_equal(nic_sleep(step->nic, &step->nic->first, false, &(struct ndis_wake){ 0 },
				   &step->error),
			 STATUS_SUCCESS);
	setenv("NETCX_STEP", "D0Entry", 1);
	step->status = nic_wake(step->nic, false, &step->error);
}

static void a_failed_restart_and_wake_are_named(void **state)
{
	struct running r;
	struct step step = { 0 };

	unsetenv("NETCX_STEP");
	r = run(1);
	step.nic = r.host->nics;
	setenv("NETCX_STEP", "D0Entry", 1);
	nt_worker_call(step.nic->worker, restart, &step);
	assert_int_equal(step.status, STATUS_UNSUCCESSFUL);
	assert_string_equal(step.error.text, "EvtDeviceD0Entry failed");
	assert_int_equal(nic_state(step.nic), NIC_FAILED);
	unsetenv("NETCX_STEP");
	nt_worker_call(step.nic->worker, restart, &step);
	assert_int_equal(step.status, STATUS_SUCCESS);
	nt_worker_call(step.nic->worker, sleep_and_wake, &step);
	assert_int_equal(step.status, STATUS_UNSUCCESSFUL);
	assert_string_equal(step.error.text, "EvtDeviceD0Entry failed");
	unsetenv("NETCX_STEP");
	end(&r);
	netcx_host_destroy(r.host);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failures_have_the_same_words),
		cmocka_unit_test(a_failed_adapter_is_not_taken_for_another),
		cmocka_unit_test(a_failed_restart_and_wake_are_named),
	};

	return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
