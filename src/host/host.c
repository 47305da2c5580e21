/* SPDX-License-Identifier: MIT */
/* The host as an object: made, filled, freed. What other threads tell it: news.c. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/trace_level.h"
#include "cx/client.h"
#include "host/check.h"
#include "host/fail.h"
#include "host/process.h"
#include "nt/crash.h"

/* The last words of the process: the report is out, the rest of the log and the socket remain. */
static void on_violation(void *context, const struct nt_violation *violation)
{
	struct netcx_host *host = context;

	(void)violation;
	control_unlink(&host->control);
	log_finish(&host->log, 200);
}

/* The lines that led to a report stand in front of it, where log and report are one file. */
static void before_report(void *context)
{
	struct netcx_host *host = context;

	log_finish(&host->log, 200);
}

/* How long a report waits for a lock that whoever crashed may have. */
#define REPORT_PATIENCE_MS 200

/* By trying: the thread sanitizer of gcc 12 does not know of pthread_mutex_clocklock(). */
bool host_lock_for_report(struct netcx_host *host)
{
	for (int i = 0; pthread_mutex_trylock(&host->lock) != 0; i++) {
		if (i == REPORT_PATIENCE_MS)
			return false;
		usleep(1000);
	}
	return true;
}

/* The second adapter of a device has its name, and a number behind it. */
static bool is_adapter(void *context, const char *name)
{
	struct netcx_host *host = context;
	bool found = false;

	if (!host_lock_for_report(host))
		return false;
	for (struct nic *nic = host->nics; host->several && nic && !found; nic = nic->next) {
		size_t length = strlen(nic->name);

		found = strncmp(name, nic->name, length) == 0 &&
			(!name[length] || strncmp(name + length, " #", 2) == 0);
	}
	pthread_mutex_unlock(&host->lock);
	return found;
}

/* Not when it is ignored, as under nohup: a signal that is blocked would come all the same. */
static bool hears_hangup(void)
{
	struct sigaction action;

	return sigaction(SIGHUP, NULL, &action) == 0 && action.sa_handler != SIG_IGN;
}

static int block_signals(struct netcx_host *host, struct error *error)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	if (hears_hangup())
		sigaddset(&set, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &set, &host->old_signals);
	host->signals.fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (host->signals.fd >= 0)
		return NETCX_OK;
	pthread_sigmask(SIG_SETMASK, &host->old_signals, NULL);
	return error_number(error, NETCX_FAILED, "signalfd: %s", strerror(errno));
}

void host_listen(struct netcx_host *host)
{
	int level = host->config.trace ? trace_level(host->config.trace) : NT_TRACE_OFF;

	/* A driver that fails at its start says why, as Windows' recorder would tell. */
	if (host->phase < HOST_RUNNING && level < NT_TRACE_ERROR)
		level = NT_TRACE_ERROR;
	host->log.traces = level != NT_TRACE_OFF;
	if (host->control.followers)
		level = NT_TRACE_VERBOSE;
	nt_traces_listen(&host->machine, (unsigned)level);
}

static int fill(struct netcx_host *host, struct error *error)
{
	int result;

	if (host->config.signals && block_signals(host, error) != NETCX_OK)
		return NETCX_FAILED;
	host->wake.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (host->wake.fd < 0)
		return error_number(error, NETCX_FAILED, "eventfd: %s", strerror(errno));
	result = loop_init(&host->loop);
	if (result == 0)
		result = events_init(&host->events, host->wake.fd);
	if (result < 0)
		return error_number(error, NETCX_FAILED, "cannot start: %s", strerror(-result));
	host->events_made = true;
	if (host->config.trace && trace_level(host->config.trace) < 0)
		return error_number(error, NETCX_USAGE,
				    "trace '%.64s': " TRACE_LEVEL_NAMES " is expected",
				    host->config.trace);
	log_open(&host->log, &host->loop, &host->events, host->config.log, host->config.log_fd);

	result = nt_machine_init(&host->machine);
	if (result != 0)
		return error_number(error, NETCX_FAILED, "cannot make the machine: %s",
				    strerror(result < 0 ? -result : ENOMEM));
	host->machine_made = true;
	result = fail_plan(host, error);
	if (result != NETCX_OK)
		return result;
	if (host->config.signals)
		nt_crash_install();
	host_listen(host);
	host->machine.sink = events_sink(&host->events);
	host->machine.on_violation = on_violation;
	host->machine.before_report = before_report;
	host->machine.is_adapter = is_adapter;
	host->machine.tell_end = host_process_tell;
	host->machine.on_violation_context = host;
	host->system = nt_worker_create(&host->machine, "netcx-system");
	if (!host->system)
		return error_number(error, NETCX_FAILED, "no thread for the system worker");
	return NETCX_OK;
}

int host_tell(struct netcx_error *to, int result, const struct error *error)
{
	_Static_assert(sizeof(to->text) == sizeof(error->text), "all of it");

	if (result != NETCX_OK)
		memcpy(to->text, error->text, sizeof(to->text));
	return result;
}

static struct netcx_host *create(const struct netcx_host_config *config, struct error *error)
{
	struct netcx_host *host = calloc(1, sizeof(*host));

	if (!host)
		return error_set(error, "out of memory");
	host->config = *config;
	host->wake.fd = host->signals.fd = host->loop.epoll = -1;
	host->control.listener.fd = host->control.pause.fd = -1;
	pthread_mutex_init(&host->lock, NULL);
	if (fill(host, error) != NETCX_OK) {
		netcx_host_destroy(host);
		return NULL;
	}
	return host;
}

struct netcx_host *netcx_host_create(const struct netcx_host_config *config,
				     struct netcx_error *error)
{
	struct error why = { "" };
	struct netcx_host *host = create(config, &why);

	host_tell(error, host ? NETCX_OK : NETCX_FAILED, &why);
	return host;
}

static struct nic **end_of(struct netcx_host *host)
{
	struct nic **at = &host->nics;

	while (*at)
		at = &(*at)->next;
	return at;
}

/* Those from @at on: what was added in vain. */
static void take_back(struct nic **at)
{
	while (*at) {
		struct nic *nic = *at;

		*at = nic->next;
		nic_destroy(nic);
	}
}

static int check_all(const struct netcx_adapter_config *configs, size_t count, size_t *which,
		     struct error *error)
{
	for (size_t i = 0; i < count; i++) {
		int r = check_config(&configs[i], error);

		for (size_t j = 0; r == NETCX_OK && j < i; j++)
			r = check_apart(&configs[j], &configs[i], error);
		*which = i;
		if (r != NETCX_OK)
			return r;
	}
	return NETCX_OK;
}

static int add_all(struct netcx_host *host, const struct netcx_adapter_config *configs,
		   const struct host_edges *edges, size_t count, size_t *which, struct error *error)
{
	struct nic **end = end_of(host), *nic;
	int r = check_all(configs, count, which, error);

	for (size_t i = 0; r == NETCX_OK && i < count; i++) {
		*which = i;
		r = nic_create(host, &configs[i], &nic, error);
		if (r == NETCX_OK)
			*end_of(host) = nic;
	}
	nic = *end;
	for (size_t i = 0; r == NETCX_OK && i < count; i++, nic = nic->next) {
		*which = i;
		r = nic_plug(nic, &configs[i], edges ? &edges[i] : NULL, error);
	}
	if (r != NETCX_OK)
		take_back(end);
	host->several = host->nics && host->nics->next;
	return r;
}

static int add(struct netcx_host *host, const struct netcx_adapter_config *configs,
	       const struct host_edges *edges, size_t count, struct error *error)
{
	size_t which = 0;
	int r;

	if (host->phase != HOST_CREATED)
		return error_number(error, NETCX_USAGE, "the host has run already");
	r = add_all(host, configs, edges, count, &which, error);
	if (r != NETCX_OK && count > 1 && configs[which].name)
		error_prefix(error, "adapter \"%.64s\": ", configs[which].name);
	return r;
}

int netcx_host_add(struct netcx_host *host, const struct netcx_adapter_config *config,
		   struct netcx_error *error)
{
	return netcx_host_add_all(host, config, 1, error);
}

int netcx_host_add_all(struct netcx_host *host, const struct netcx_adapter_config *configs,
		       size_t count, struct netcx_error *error)
{
	struct error why = { "" };

	return host_tell(error, add(host, configs, NULL, count, &why), &why);
}

int host_add_on_edges(struct netcx_host *host, const struct netcx_adapter_config *configs,
		      const struct host_edges *edges, size_t count, struct error *error)
{
	return add(host, configs, edges, count, error);
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
	nt_faults_destroy(host->machine.faults);
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
	return NETCX_VERSION;
}

const char *netcx_api_versions(char *text, size_t size)
{
	return cx_client_versions(text, size);
}
