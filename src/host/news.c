/* SPDX-License-Identifier: MIT */
/* What any thread may tell the host: that something happened, or that it cannot go on. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "edge/edge.h"
#include "host/host.h"

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
