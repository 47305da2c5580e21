/* SPDX-License-Identifier: MIT */
/* The offload manager: defaults at start, changes on request, and what is indicated of them. */
#include "cx/offload.h"

#include <string.h>

#include "cx/adapter.h"
#include "cx/client.h"
#include "nt/event.h"
#include "nt/worker.h"

/* The driver hears of @state, then it is active. */
static void activate(struct cx_adapter *a, const struct cx_offload_state *state)
{
	a->owner->client->set_offloads(a, state);
	a->offload.active = *state;
	a->offload.tx = cx_tx_word(state);
}

void cx_offload_start(struct cx_adapter *a)
{
	struct cx_offload *offload = &a->offload;

	a->owner->client->default_offloads(a, &offload->defaults);
	activate(a, &offload->defaults);
}

void cx_offload_forget(struct cx_adapter *a)
{
	struct cx_offload *offload = &a->offload;

	memset(&offload->hardware, 0, sizeof(offload->hardware));
	memset(&offload->defaults, 0, sizeof(offload->defaults));
	memset(&offload->active, 0, sizeof(offload->active));
	offload->tx = 0;
}

static void indicate(struct cx_adapter *a)
{
	const struct cx_offload_state *active = &a->offload.active;
	const struct cx_checksum_caps *checksum = &active->tx_checksum;

	NT_EMIT(NT_EVENT_INDICATION, a->name, "NDIS_STATUS_TASK_OFFLOAD_CURRENT_CONFIG",
		NT_BOOL("checksum_ipv4", cx_checksum_ipv4(checksum)),
		NT_BOOL("checksum_tcp", cx_checksum_tcp(checksum)),
		NT_BOOL("checksum_udp", cx_checksum_udp(checksum)),
		NT_BOOL("lso_ipv4", cx_lso_ipv4(active)), NT_BOOL("lso_ipv6", cx_lso_ipv6(active)),
		NT_UINT("maximum_offload_size", active->lso.maximum_offload_size),
		NT_UINT("minimum_segment_count", active->lso.minimum_segment_count));
	a->host->ops->offload_indicated(a->host_context, a, active);
}

struct cx_offload_state cx_offload_next(const struct cx_adapter *a,
					const struct cx_offload_request *request)
{
	struct cx_offload_state state = a->offload.active;

	a->owner->client->merge_offloads(a, request, &state);
	return state;
}

struct set {
	struct cx_adapter *adapter;
	const struct cx_offload_request *request;
	NTSTATUS status;
};

static void set(void *context)
{
	struct set *set = context;
	struct cx_adapter *a = set->adapter;
	struct cx_offload_state next;

	set->status = STATUS_INVALID_DEVICE_STATE;
	if (cx_adapter_state(a) != CX_ADAPTER_STARTED)
		return;
	next = cx_offload_next(a, set->request);
	activate(a, &next);
	indicate(a);
	set->status = STATUS_SUCCESS;
}

NTSTATUS cx_offload_set(struct cx_adapter *adapter, const struct cx_offload_request *request)
{
	struct set context = { .adapter = adapter, .request = request };

	nt_worker_call(adapter->owner->worker, set, &context);
	return context.status;
}
