/* SPDX-License-Identifier: MIT */
/* What any thread may tell the host: that something happened, or that it cannot go on. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "edge/edge.h"
#include "host/nic.h"

void host_news(struct netcx_host *host, uint32_t news)
{
	uint64_t one = 1;

	atomic_fetch_or(&host->news, news);
	if (write(host->wake.fd, &one, sizeof(one)) < 0) {
		/* EAGAIN: the counter is full, so the main thread is awake. */
	}
}

/* Each adapter's once, for the end of the run. Under the host's lock. */
static void add_failure(struct netcx_host *host, const struct nic *nic)
{
	struct text all = { .at = host->failure.text,
			    .size = sizeof(host->failure.text),
			    .length = strlen(host->failure.text) };

	if (host->several)
		text_add(&all, "%sadapter \"%s\": ", all.length ? "; " : "", nic->name);
	if (host->several || !host->failed)
		text_add(&all, "%s", nic->why.text);
	host->failed = true;
}

void nic_fail(struct nic *nic, const char *format, ...)
{
	struct netcx_host *host = nic->host;
	bool first;
	va_list list;

	pthread_mutex_lock(&host->lock);
	first = !nic->given_up;
	if (first) {
		nic->given_up = nic->to_part = true;
		va_start(list, format);
		vsnprintf(nic->why.text, sizeof(nic->why.text), format, list);
		va_end(list);
		add_failure(host, nic);
	}
	pthread_mutex_unlock(&host->lock);
	if (first && host->several)
		EVENTS_PUT(&host->events, NT_EVENT_LIFECYCLE, nic->name, "AdapterFailed",
			   NT_TEXT("text", nic->why.text));
	host_news(host, HOST_NEWS_FAILED);
}

void nic_edge_lost(struct nic *nic, const struct edge *edge, int error)
{
	const char *why = edge_ended(edge);

	atomic_store(&nic->edge_gone, true);
	if (why)
		nic_fail(nic, "%s", why);
	else
		nic_fail(nic, "%s: %s", edge->name, strerror(error));
}

bool nic_given_up(struct nic *nic)
{
	bool given_up;

	pthread_mutex_lock(&nic->host->lock);
	given_up = nic->given_up;
	pthread_mutex_unlock(&nic->host->lock);
	return given_up;
}

bool nic_try_again(struct nic *nic)
{
	if (atomic_load(&nic->edge_gone))
		return false;
	pthread_mutex_lock(&nic->host->lock);
	nic->given_up = nic->to_part = false;
	pthread_mutex_unlock(&nic->host->lock);
	edge_go_on(nic->first.stack);
	if (nic->wire)
		edge_go_on(nic->wire);
	return true;
}

bool host_failed(struct netcx_host *host)
{
	bool failed;

	pthread_mutex_lock(&host->lock);
	failed = host->failed;
	pthread_mutex_unlock(&host->lock);
	return failed;
}
