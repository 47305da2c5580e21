/* SPDX-License-Identifier: MIT */
/* The host as an object: made, filled, told things from other threads, freed. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "host/nic.h"
#include "nt/crash.h"

int host_error(struct netcx_error *error, int result, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(error->text, sizeof(error->text), format, list);
	va_end(list);
	return result;
}

void host_news(struct netcx_host *host, uint32_t news)
{
	uint64_t one = 1;

	atomic_fetch_or(&host->news, news);
	if (write(host->wake.fd, &one, sizeof(one)) < 0) {
		/* EAGAIN: the counter is full, so the main thread is awake. */
	}
}

void host_fail(struct netcx_host *host, const char *format, ...)
{
	va_list list;

	pthread_mutex_lock(&host->lock);
	if (!host->failed) {
		host->failed = true;
		va_start(list, format);
		vsnprintf(host->failure.text, sizeof(host->failure.text), format, list);
		va_end(list);
	}
	pthread_mutex_unlock(&host->lock);
	host_news(host, HOST_NEWS_FAILED);
}

void host_edge_lost(struct netcx_host *host, const struct edge *edge, int error)
{
	const char *why = edge_ended(edge);

	if (why)
		host_fail(host, "%s", why);
	else
		host_fail(host, "%s: %s", edge->name, strerror(error));
}

bool host_failed(struct netcx_host *host)
{
	bool failed;

	pthread_mutex_lock(&host->lock);
	failed = host->failed;
	pthread_mutex_unlock(&host->lock);
	return failed;
}

bool host_failed_callback(struct netcx_host *host, uint32_t status, char *name, size_t size)
{
	bool known;

	pthread_mutex_lock(&host->lock);
	known = host->bad_status == status && host->bad_callback[0];
	snprintf(name, size, "%s", host->bad_callback);
	pthread_mutex_unlock(&host->lock);
	return known;
}

/*
 * Every event, on the thread it happens on: remembers which callback failed, and looks at a device
 * again when something happened to one.
 */
static void listen_to(void *context, const struct nt_event *event)
{
	struct netcx_host *host = context;

	if (event->kind == NT_EVENT_LIFECYCLE && event->name && event->object &&
	    strcmp(event->name, "WdfDeviceSetFailed") == 0) {
		pthread_mutex_lock(&host->lock);
		for (struct nic *nic = host->nics; nic; nic = nic->next) {
			if (strcmp(nic->name, event->object) == 0)
				atomic_store(&nic->failure_seen, true);
		}
		pthread_mutex_unlock(&host->lock);
	}
	if (event->kind != NT_EVENT_CALLBACK || !event->name)
		return;
	for (size_t i = 0; i < event->field_count; i++) {
		const struct nt_field *f = &event->fields[i];

		if (f->type != NT_FIELD_STATUS || !(f->number & 0x80000000u))
			continue;
		pthread_mutex_lock(&host->lock);
		host->bad_status = (uint32_t)f->number;
		snprintf(host->bad_callback, sizeof(host->bad_callback), "%s", event->name);
		pthread_mutex_unlock(&host->lock);
	}
}

/* The last words of the process: the report is out, the rest of the log and the socket remain. */
static void on_violation(void *context, const struct nt_violation *violation)
{
	struct netcx_host *host = context;

	(void)violation;
	control_unlink(&host->control);
	log_finish(&host->log, 200);
}

static int block_signals(struct netcx_host *host, struct netcx_error *error)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &set, &host->old_signals);
	host->signals.fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (host->signals.fd >= 0)
		return NETCX_OK;
	pthread_sigmask(SIG_SETMASK, &host->old_signals, NULL);
	return host_error(error, NETCX_FAILED, "signalfd: %s", strerror(errno));
}

static int fill(struct netcx_host *host, struct netcx_error *error)
{
	int result;

	if (host->config.signals && block_signals(host, error) != NETCX_OK)
		return NETCX_FAILED;
	host->wake.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (host->wake.fd < 0)
		return host_error(error, NETCX_FAILED, "eventfd: %s", strerror(errno));
	result = loop_init(&host->loop);
	if (result == 0)
		result = events_init(&host->events, host->wake.fd);
	if (result < 0)
		return host_error(error, NETCX_FAILED, "cannot start: %s", strerror(-result));
	host->events_made = true;
	host->events.listener = listen_to;
	host->events.listener_context = host;
	log_open(&host->log, &host->loop, &host->events, host->config.log, host->config.log_fd);

	result = nt_machine_init(&host->machine);
	if (result != 0)
		return host_error(error, NETCX_FAILED, "cannot make the machine: %s",
				  strerror(result < 0 ? -result : ENOMEM));
	host->machine_made = true;
	if (host->config.signals)
		nt_crash_install();
	host->machine.sink = events_sink(&host->events);
	host->machine.on_violation = on_violation;
	host->machine.on_violation_context = host;
	host->system = nt_worker_create(&host->machine, "netcx-system");
	if (!host->system)
		return host_error(error, NETCX_FAILED, "no thread for the system worker");
	return NETCX_OK;
}

struct netcx_host *netcx_host_create(const struct netcx_host_config *config,
				     struct netcx_error *error)
{
	struct netcx_host *host = calloc(1, sizeof(*host));

	if (!host) {
		host_error(error, NETCX_FAILED, "out of memory");
		return NULL;
	}
	host->config = *config;
	host->wake.fd = host->signals.fd = host->loop.epoll = -1;
	host->control.listener.fd = -1;
	pthread_mutex_init(&host->lock, NULL);
	if (fill(host, error) != NETCX_OK) {
		netcx_host_destroy(host);
		return NULL;
	}
	return host;
}

int netcx_host_add(struct netcx_host *host, const struct netcx_adapter_config *config,
		   struct netcx_error *error)
{
	struct nic *nic, **at = &host->nics;
	int result;

	if (host->phase != HOST_CREATED)
		return host_error(error, NETCX_USAGE, "the host has run already");
	result = nic_create(host, config, &nic, error);
	if (result != NETCX_OK)
		return result;
	while (*at)
		at = &(*at)->next;
	*at = nic;
	return NETCX_OK;
}

void netcx_host_stop(struct netcx_host *host)
{
	host_news(host, HOST_NEWS_STOP);
}

void netcx_host_destroy(struct netcx_host *host)
{
	if (!host)
		return;
	while (host->nics) {
		struct nic *nic = host->nics;

		host->nics = nic->next;
		nic_destroy(nic);
	}
	if (host->system)
		nt_worker_destroy(host->system);
	while (host->drivers) {
		struct host_driver *driver = host->drivers;

		host->drivers = driver->next;
		host_driver_free(driver);
	}
	if (host->machine_made)
		nt_machine_destroy(&host->machine);
	while (host->replies)
		host_drop_reply(host);
	if (host->events_made) {
		log_close(&host->log);
		events_destroy(&host->events);
	}
	loop_destroy(&host->loop);
	if (host->wake.fd >= 0)
		close(host->wake.fd);
	if (host->signals.fd >= 0) {
		close(host->signals.fd);
		pthread_sigmask(SIG_SETMASK, &host->old_signals, NULL);
	}
	pthread_mutex_destroy(&host->lock);
	free(host);
}

const char *const *netcx_device_models(void)
{
	return device_models();
}

const char *netcx_version(void)
{
	return "0.1.0";
}
