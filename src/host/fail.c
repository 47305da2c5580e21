/* SPDX-License-Identifier: MIT */
/* What fails on purpose (nt/fault.h): the plan of a host, and what became of it. */
#include "host/fail.h"

#include <string.h>

#include "base/text.h"
#include "host/nic.h"

int netcx_fail_check(const char *text, struct netcx_error *error)
{
	struct nt_faults *faults = nt_faults_create();
	struct error why = { "" };
	int result = NETCX_OK;

	if (!faults)
		result = error_number(&why, NETCX_FAILED, "out of memory");
	else if (!nt_faults_add(faults, text, &why))
		result = NETCX_USAGE;
	nt_faults_destroy(faults);
	return host_tell(error, result, &why);
}

/* The second adapter of a device has its name, and a number behind it. */
static bool is_of(const char *adapter, const struct nic *nic)
{
	size_t length = strlen(nic->name);

	return strncmp(adapter, nic->name, length) == 0 &&
	       (!adapter[length] || strncmp(adapter + length, " #", 2) == 0);
}

/* The hardware is gone at once; the driver is told when its worker has nothing else to do. */
static void remove_by_surprise(void *context, const char *adapter)
{
	struct netcx_host *host = context;
	struct nic *nic;

	pthread_mutex_lock(&host->lock);
	nic = host->nics;
	while (nic && adapter && !is_of(adapter, nic))
		nic = nic->next;
	pthread_mutex_unlock(&host->lock);
	if (!nic)
		return;
	if (nic->device)
		device_remove(nic->device);
	atomic_store(&nic->to_unplug, true);
	host_news(host, HOST_NEWS_UNPLUG);
}

static void unplug(void *context)
{
	struct nic *nic = context;

	if (nic_state(nic) == NIC_REMOVED)
		return;
	nic_unplug(nic, true);
	nic_unplugged(nic);
}

void fail_unplug(struct netcx_host *host)
{
	for (struct nic *nic = host->nics; nic && host->phase == HOST_RUNNING; nic = nic->next)
		if (atomic_exchange(&nic->to_unplug, false))
			nt_worker_post(nic->worker, unplug, nic);
}

int fail_plan(struct netcx_host *host, struct error *error)
{
	if (!host->config.fail_count)
		return NETCX_OK;
	host->machine.faults = nt_faults_create();
	if (!host->machine.faults)
		return error_number(error, NETCX_FAILED, "out of memory");
	nt_faults_on_removal(host->machine.faults, remove_by_surprise, host);
	for (size_t i = 0; i < host->config.fail_count; i++) {
		if (nt_faults_add(host->machine.faults, host->config.fail[i], error))
			continue;
		error_prefix(error, "fail ");
		return NETCX_USAGE;
	}
	return NETCX_OK;
}

#define MOST_NAMED 4

/* What the sites add up to. */
struct sum {
	struct netcx_host *host;
	bool list;
	unsigned long failed; /* times */
	unsigned named;       /* sites that have */
	struct text text;     /* "WdfMemoryCreate in EvtDeviceAdd+0x40" each */
};

static void add_site(void *context, const struct nt_fault_site *site)
{
	struct sum *sum = context;

	if (sum->list)
		EVENTS_PUT(&sum->host->events, NT_EVENT_LIFECYCLE, "", "FailSite",
			   NT_TEXT("site", site->id), NT_UINT("passed", site->passed),
			   NT_UINT("failed", site->failed), NT_TEXT("in", site->where),
			   NT_TEXT("stack", site->stack));
	sum->failed += site->failed;
	if (site->failed && sum->named++ < MOST_NAMED)
		text_add(&sum->text, "%s%s%s%s", sum->text.length ? ", " : "", site->name,
			 site->where[0] ? " in " : "", site->where);
}

bool fail_report(struct netcx_host *host, struct error *error)
{
	struct nt_faults *faults = host->machine.faults;
	char room[512], text[640];
	struct sum sum = { .host = host, .text = text_in(room, sizeof(room)) };
	const char *line;

	if (!faults)
		return true;
	sum.list = nt_faults_listed(faults);
	nt_faults_each(faults, add_site, &sum);
	if (sum.named > MOST_NAMED)
		text_add(&sum.text, " and at %u more places", sum.named - MOST_NAMED);
	for (unsigned i = 0; (line = nt_faults_unmatched(faults, i)); i++)
		EVENTS_PUT(&host->events, NT_EVENT_LIFECYCLE, "", "FailNeverCame",
			   NT_TEXT("fail", line));
	snprintf(text, sizeof(text), "failed on purpose: %lu%s%s", sum.failed,
		 sum.failed ? ": " : "", room);
	EVENTS_PUT(&host->events, NT_EVENT_LIFECYCLE, "", "FailSummary", NT_TEXT("text", text),
		   NT_UINT("failed", sum.failed));
	line = nt_faults_unmatched(faults, 0);
	if (host->failure.text[0] && sum.failed)
		snprintf(host->failure.text + strlen(host->failure.text),
			 sizeof(host->failure.text) - strlen(host->failure.text), " (%s)", text);
	if (!line)
		return true;
	error_set(error, "fail '%.200s': no such call was made, or not that often", line);
	return false;
}

struct visit {
	void (*visit)(void *context, const struct netcx_fail_site *site);
	void *context;
};

static void hand_on(void *context, const struct nt_fault_site *site)
{
	const struct visit *visit = context;
	const struct netcx_fail_site told = { .call = site->name,
					      .site = site->id,
					      .in = site->where,
					      .stack = site->stack,
					      .passed = site->passed,
					      .failed = site->failed };

	visit->visit(visit->context, &told);
}

void netcx_host_fail_sites(struct netcx_host *host,
			   void (*visit)(void *context, const struct netcx_fail_site *site),
			   void *context)
{
	struct visit handing = { visit, context };

	if (host->machine.faults)
		nt_faults_each(host->machine.faults, hand_on, &handing);
}
