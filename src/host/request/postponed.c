/* SPDX-License-Identifier: MIT */
/* Requests that came before the adapters are up: kept until they are. The main thread's. */
#include <stdlib.h>

#include "base/clock.h"
#include "host/host.h"

/* Less than a command waits for its reply. */
#define PATIENCE_MS 6000

/* Owned by the host's list. */
struct host_postponed {
	struct host_postponed *next;
	uint64_t client;
	json_t *request;
	uint64_t since; /* CLOCK_MONOTONIC, nanoseconds */
};

bool host_postpone(struct netcx_host *host, uint64_t client, json_t *request)
{
	struct host_postponed *postponed = malloc(sizeof(*postponed)), **at = &host->postponed;

	if (!postponed)
		return false;
	*postponed = (struct host_postponed){
		.client = client,
		.request = json_incref(request),
		.since = clock_ns(),
	};
	while (*at)
		at = &(*at)->next;
	*at = postponed;
	return true;
}

static void answer(struct netcx_host *host, struct host_postponed *postponed, json_t *reply)
{
	if (reply)
		host_reply(host, postponed->client, reply);
	json_decref(postponed->request);
	free(postponed);
}

void host_take_postponed(struct netcx_host *host)
{
	struct host_postponed *list = host->postponed, *next;

	host->postponed = NULL;
	for (; list; list = next) {
		next = list->next;
		answer(host, list, host_request(host, list->client, list->request));
	}
}

void host_expire_postponed(struct netcx_host *host)
{
	struct host_postponed *first;

	while ((first = host->postponed) && clock_ns() - first->since > PATIENCE_MS * NS_PER_MS) {
		host->postponed = first->next;
		answer(host, first,
		       control_error(
			       "the host is still starting: its driver has not come up within %d seconds; netcx wait waits longer, netcx events shows what it does",
			       PATIENCE_MS / 1000));
	}
}

void host_drop_postponed(struct netcx_host *host)
{
	struct host_postponed *first;

	while ((first = host->postponed)) {
		host->postponed = first->next;
		answer(host, first, NULL);
	}
}
