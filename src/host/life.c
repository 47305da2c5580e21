/* SPDX-License-Identifier: MIT */
/* Up and down: the PnP manager's part, on the workers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/hardware.h"
#include "host/nic.h"
#include "nt/fault.h"
#include "nt/status.h"

/* A driver that fails again and again is not started for ever, as the PnP manager does not. */
#define MOST_RESTARTS 5

static const char *const state_names[] = {
	[NIC_LOADING] = "loading",       [NIC_STARTING] = "starting", [NIC_RUNNING] = "running",
	[NIC_RESTARTING] = "restarting", [NIC_STOPPING] = "stopping", [NIC_STOPPED] = "stopped",
	[NIC_FAILED] = "failed",         [NIC_REMOVED] = "removed",   [NIC_ASLEEP] = "asleep",
};

const char *nic_state_name(enum nic_state state)
{
	return state_names[state];
}

void nic_set_state(struct nic *nic, enum nic_state state)
{
	pthread_mutex_lock(&nic->lock);
	nic->state = state;
	pthread_mutex_unlock(&nic->lock);
}

enum nic_state nic_state(struct nic *nic)
{
	enum nic_state state;

	pthread_mutex_lock(&nic->lock);
	state = nic->state;
	pthread_mutex_unlock(&nic->lock);
	return state;
}

static void note_failure(struct nic *nic, NTSTATUS status)
{
	pthread_mutex_lock(&nic->lock);
	nic->state = NIC_FAILED;
	nic->failure = status;
	pthread_mutex_unlock(&nic->lock);
}

/*
 * Which of the driver's callbacks the way up has failed in. @step is what we did, for failures that
 * are not a callback's.
 */
static const char *failed_in(const struct nic *nic, const char *step)
{
	const char *callback = nic->wdf ? wdf_device_failed_callback(nic->wdf) : NULL;

	return callback ? callback : step;
}

static void fail_with(struct nic *nic, const char *step, NTSTATUS status)
{
	const char *where = failed_in(nic, step);
	char text[96];

	note_failure(nic, status);
	nic_fail(nic, "%s: %s failed: %s%s", nic->driver->path, where,
		 status_text((uint32_t)status, text, sizeof(text)),
		 !nic->device && strcmp(where, "EvtDevicePrepareHardware") == 0
			 ? " (it got no hardware: --device was not given)"
			 : "");
}

/* WdfDeviceSetFailed, on any thread: the main thread has the worker look at the device. */
static void set_failed(void *context)
{
	struct nic *nic = context;

	atomic_store(&nic->failure_seen, true);
	host_news(nic->host, HOST_NEWS_DEVICE);
}

/* Who is told of the device's start by its event, and asks, finds it running. */
static void works(void *context)
{
	nic_set_state(context, NIC_RUNNING);
}

/* @step: what was done last, for failures that are not a callback's */
static NTSTATUS bring_up(struct nic *nic, const char **step)
{
	const struct inf_framework *framework = &nic->install.framework;
	struct wdf_device_config config = {
		.name = nic->name,
		.hardware_access =
			framework->hardware_access || framework->kind == INF_FRAMEWORK_UNSAID,
		.registers_mapped =
			framework->registers_mapped || framework->kind == INF_FRAMEWORK_UNSAID,
		.hardware_key = nic->hardware,
		.software_key = nic->software,
		.worker = nic->worker,
		.extension_context = &nic->cx_host,
		.set_failed = set_failed,
		.works = works,
		.callback_context = nic
	};
	NTSTATUS status;

	nic_nothing_pending(nic);
	hardware_to_config(nic->device ? &nic->device->bus : NULL, &config);
	atomic_store(&nic->reset_wanted, false);
	*step = "EvtDriverDeviceAdd";
	status = wdf_device_add(nic->driver->wdf, &config, &nic->wdf);
	if (!NT_SUCCESS(status)) {
		nic->wdf = NULL;
		return status;
	}
	*step = "the device's start";
	return wdf_device_start(nic->wdf);
}

/* A plan with all-once has failed something in the start that was: another one goes further. */
static bool start_over(const struct nic *nic)
{
	struct nt_faults *faults = nic->host->machine.faults;

	if (!faults || !nt_faults_again(faults))
		return false;
	NT_EMIT(NT_EVENT_LIFECYCLE, nic->name, "AdapterRestart", NT_TEXT("reason", "all-once"));
	return true;
}

static NTSTATUS add_again(struct nic *nic, const char **step);

bool nic_start(struct nic *nic)
{
	struct nt_faults *faults = nic->host->machine.faults;
	const char *step;
	NTSTATUS status;

	nic_set_state(nic, NIC_STARTING);
	if (faults)
		nt_faults_again(faults);
	status = bring_up(nic, &step);
	while (start_over(nic))
		status = add_again(nic, &step);
	if (faults)
		nt_faults_run(faults);
	if (!NT_SUCCESS(status)) {
		fail_with(nic, step, status);
		return false;
	}
	nic_check_failed(nic);
	return nic_state(nic) == NIC_RUNNING;
}

/* As disabling and enabling a device does: it is removed, and EvtDriverDeviceAdd makes it anew. */
static NTSTATUS add_again(struct nic *nic, const char **step)
{
	wdf_device_remove(nic->wdf);
	nic->wdf = NULL;
	return bring_up(nic, step);
}

static bool start_again(struct nic *nic)
{
	const char *step;
	NTSTATUS status = add_again(nic, &step);

	if (!NT_SUCCESS(status))
		fail_with(nic, step, status);
	return NT_SUCCESS(status);
}

void nic_restart(struct nic *nic, const char *reason)
{
	if (nic_state(nic) != NIC_RUNNING)
		return;
	nic_set_state(nic, NIC_RESTARTING);
	NT_EMIT(NT_EVENT_LIFECYCLE, nic->name, "AdapterRestart", NT_TEXT("reason", reason));
	if (start_again(nic))
		nic_check_failed(nic);
}

static NTSTATUS refuse(enum nic_state state, struct error *error)
{
	error_set(error, "the adapter is %s", nic_state_name(state));
	return STATUS_INVALID_DEVICE_STATE;
}

/* Of no adapter's own: one that is asked for a magic packet, and has none, sleeps all the same. */
static NTSTATUS prepare_sleep(struct nic *nic, const struct port *port,
			      const struct ndis_wake *wake, struct error *error)
{
	const struct ndis_wake others = { .magic = wake->magic };
	NTSTATUS status = STATUS_SUCCESS;

	for (struct port *p = NULL; NT_SUCCESS(status) && (p = port_next(nic, p));)
		status = ndis_prepare_sleep(&p->ndis, p == port ? wake : &others, error);
	return status;
}

static bool wakes(const struct ndis_wake *w)
{
	return w->magic || w->eapol || w->connect || w->disconnect || w->filter || w->pattern_count;
}

NTSTATUS nic_sleep(struct nic *nic, const struct port *port, bool idle,
		   const struct ndis_wake *wake, struct error *error)
{
	const struct wdf_sleep how = { .idle = idle, .wake = wakes(wake) };
	enum nic_state state = nic_state(nic);
	NTSTATUS status;

	if (state != NIC_RUNNING)
		return refuse(state, error);
	if (how.wake && !port->ndis.adapter) {
		error_set(error, "the adapter is not started: nothing of it wakes the device");
		return STATUS_INVALID_DEVICE_STATE;
	}
	status = prepare_sleep(nic, port, wake, error);
	if (!NT_SUCCESS(status))
		return status;
	status = wdf_device_sleep(nic->wdf, &how);
	if (NT_SUCCESS(status))
		nic_set_state(nic, NIC_ASLEEP);
	else
		error_set(error, "%s",
			  status == STATUS_NOT_SUPPORTED ? "the driver has not enabled idling in S0"
			  : status == STATUS_DEVICE_BUSY
				  ? "the driver keeps the device awake (WdfDeviceStopIdle)"
				  : "the device could not be armed for wake-up");
	return status;
}

/* For `netcx show`. */
static void note_reasons(struct nic *nic)
{
	pthread_mutex_lock(&nic->lock);
	for (struct port *p = &nic->first; p; p = p->next)
		if (p->ndis.adapter)
			p->status.woken = cx_power_reason(p->ndis.adapter);
	pthread_mutex_unlock(&nic->lock);
}

NTSTATUS nic_wake(struct nic *nic, bool triggered, struct error *error)
{
	enum nic_state state = nic_state(nic);
	NTSTATUS status;

	if (state != NIC_ASLEEP)
		return refuse(state, error);
	status = wdf_device_wake(nic->wdf, triggered);
	note_reasons(nic);
	if (NT_SUCCESS(status)) {
		nic_check_failed(nic);
		return status;
	}
	error_set(error, "%s failed", failed_in(nic, "waking up"));
	note_failure(nic, status);
	return status;
}

/* The resources stay, the device is only stopped and started, as when they are rebalanced. */
static NTSTATUS rebalance(struct nic *nic, const char **step)
{
	*step = "the device's restart";
	wdf_device_stop(nic->wdf);
	nic_nothing_pending(nic);
	return wdf_device_start(nic->wdf);
}

NTSTATUS nic_restart_by_user(struct nic *nic, bool stop_only, struct error *error)
{
	enum nic_state state = nic_state(nic);
	const char *step;
	NTSTATUS status;

	if (state != NIC_RUNNING && state != NIC_FAILED)
		return refuse(state, error);
	if (!nic->driver->wdf) {
		error_set(error, "the driver is not loaded, its DriverEntry failed");
		return nic->driver->status;
	}
	if (!nic_try_again(nic)) {
		error_set(error, "it has lost an edge, for good: %.600s", nic->why.text);
		return STATUS_INVALID_DEVICE_STATE;
	}
	nic_set_state(nic, NIC_RESTARTING);
	NT_EMIT(NT_EVENT_LIFECYCLE, nic->name, "AdapterRestart", NT_TEXT("reason", "administrator"),
		NT_BOOL("rebalance", stop_only));
	status = stop_only && nic->wdf ? rebalance(nic, &step) : add_again(nic, &step);
	if (NT_SUCCESS(status)) {
		nic_check_failed(nic);
		return status;
	}
	error_set(error, "%s failed", failed_in(nic, step));
	note_failure(nic, status);
	return status;
}

/* A wish of a device that is gone counts for nothing. */
static void reset_if_wanted(struct nic *nic)
{
	enum nic_state state = nic_state(nic);

	if (!atomic_exchange(&nic->reset_wanted, false) ||
	    (state != NIC_RUNNING && state != NIC_ASLEEP))
		return;
	nic_set_state(nic, NIC_RESTARTING);
	NT_EMIT(NT_EVENT_LIFECYCLE, nic->name, "AdapterRestart",
		NT_TEXT("reason", "NetDeviceRequestReset"));
	start_again(nic);
}

void nic_check_failed(void *context)
{
	struct nic *nic = context;
	bool restart = false;

	atomic_store(&nic->failure_seen, false);
	reset_if_wanted(nic);
	while (nic_state(nic) == NIC_RUNNING && wdf_device_failed(nic->wdf, &restart)) {
		if (!restart || nic->restarts == MOST_RESTARTS) {
			nic_set_state(nic, NIC_FAILED);
			wdf_device_stop(nic->wdf);
			nic_fail(nic, "%s: the driver called WdfDeviceSetFailed%s",
				 nic->driver->path,
				 restart ? ", and starting it again did not help" : "");
			return;
		}
		nic->restarts++;
		nic_set_state(nic, NIC_RESTARTING);
		NT_EMIT(NT_EVENT_LIFECYCLE, nic->name, "AdapterRestart",
			NT_TEXT("reason", "WdfDeviceSetFailed"),
			NT_UINT("restarts", nic->restarts));
		if (!start_again(nic))
			return;
	}
}

void nic_unplug(struct nic *nic, bool surprise)
{
	nic_set_state(nic, NIC_STOPPING);
	if (surprise) {
		if (nic->device)
			device_remove(nic->device);
		wdf_device_surprise_remove(nic->wdf);
	} else {
		wdf_device_remove(nic->wdf);
	}
	nic->wdf = NULL;
	NT_EMIT(NT_EVENT_LIFECYCLE, nic->name, "AdapterRemoved", NT_BOOL("surprise", surprise));
}

void nic_unplugged(struct nic *nic)
{
	struct netcx_host *host = nic->host;

	nic_set_state(nic, NIC_REMOVED);
	host_news(host, HOST_NEWS_REMOVED);
}

void nic_remove(struct nic *nic)
{
	enum nic_state state = nic_state(nic);

	if (!nic->wdf)
		return;
	if (state != NIC_FAILED)
		nic_set_state(nic, NIC_STOPPING);
	wdf_device_remove(nic->wdf);
	nic->wdf = NULL;
	if (state != NIC_FAILED)
		nic_set_state(nic, NIC_STOPPED);
}

/* Unless an edge went before. */
static void start_nic(void *context)
{
	if (!nic_given_up(context))
		nic_start(context);
}

static void remove_nic(void *context)
{
	nic_remove(context);
}

void nic_part(void *context)
{
	struct nic *nic = context;

	/* A restart or a removal came first. */
	if (!nic_given_up(nic) || nic_state(nic) == NIC_REMOVED)
		return;
	nic_set_state(nic, NIC_FAILED);
	nic_remove(nic);
}

static void nothing(void *context)
{
	(void)context;
}

/* A plan with all-once has failed something in DriverEntry: anew, with variables as in the file. */
static bool load_again(struct netcx_host *host, struct host_driver *driver)
{
	struct error why = { "" };

	if (!host->machine.faults || !nt_faults_again(host->machine.faults))
		return false;
	if (NT_SUCCESS(driver->status))
		wdf_driver_unload(driver->wdf);
	driver->wdf = NULL;
	loader_close(&driver->image);
	if (loader_open(&driver->image, driver->path, &why))
		return true;
	nt_log(driver->name, "%s", why.text);
	driver->status = STATUS_UNSUCCESSFUL;
	return false;
}

/* Once, for all adapters that it has. */
static bool load_driver(struct netcx_host *host, struct host_driver *driver)
{
	if (driver->wdf || !NT_SUCCESS(driver->status))
		return driver->wdf;
	do {
		NT_EMIT(NT_EVENT_LIFECYCLE, driver->name, "DriverLoad",
			NT_TEXT("path", driver->path));
		driver->status = wdf_driver_load(&host->machine, driver->name, driver->image.entry,
						 driver->parameters, &driver->wdf);
	} while (load_again(host, driver));
	return driver->wdf;
}

static void fail_without_driver(struct nic *nic)
{
	NTSTATUS status = nic->driver->status;
	char text[96];

	note_failure(nic, status);
	nic_fail(nic, "%s: DriverEntry failed: %s", nic->driver->path,
		 status_text((uint32_t)status, text, sizeof(text)));
}

void host_bring_up(void *context)
{
	struct netcx_host *host = context;

	for (struct nic *nic = host->nics; nic; nic = nic->next) {
		if (load_driver(host, nic->driver))
			nt_worker_call(nic->worker, start_nic, nic);
		else
			fail_without_driver(nic);
	}
	host_news(host, HOST_NEWS_STARTED);
}

void host_take_down(void *context)
{
	struct netcx_host *host = context;

	for (struct nic *nic = host->nics; nic; nic = nic->next)
		nt_worker_call(nic->worker, remove_nic, nic);
	/* What was posted meanwhile, OIDs for one, finds its adapter gone, but still needs it. */
	for (struct nic *nic = host->nics; nic; nic = nic->next)
		nt_worker_call(nic->worker, nothing, NULL);
	for (struct host_driver *driver = host->drivers; driver; driver = driver->next) {
		if (driver->wdf)
			wdf_driver_unload(driver->wdf);
		driver->wdf = NULL;
	}
	host_news(host, HOST_NEWS_STOPPED);
}
