/* SPDX-License-Identifier: MIT */
/* The offload manager: defaults at start, changes on request, and what is indicated of them. */
#include "cx/offload.h"

#include <string.h>

#include "cx/adapter.h"
#include "cx/client.h"
#include "cx/configuration.h"
#include "nt/event.h"
#include "nt/worker.h"

/* ---- states ---- */

static struct cx_kinds common_kinds(struct cx_kinds a, struct cx_kinds b)
{
	return (struct cx_kinds){ a.l3 & b.l3, a.l4 & b.l4 };
}

static struct cx_checksum_caps common_checksum(const struct cx_checksum_caps *active,
					       const struct cx_checksum_caps *hardware)
{
	return (struct cx_checksum_caps){
		.ipv4 = common_kinds(active->ipv4, hardware->ipv4),
		.tcp = common_kinds(active->tcp, hardware->tcp),
		.udp = common_kinds(active->udp, hardware->udp),
		.l3_offset_limit = hardware->l3_offset_limit,
		.l4_offset_limit = hardware->l4_offset_limit,
	};
}

static struct cx_gso_caps common_gso(const struct cx_gso_caps *active,
				     const struct cx_gso_caps *hardware)
{
	struct cx_gso_caps common = *hardware;

	common.kinds = common_kinds(active->kinds, hardware->kinds);
	return common;
}

struct cx_offload_state cx_offload_common(const struct cx_offload_state *active,
					  const struct cx_offload_state *hardware)
{
	return (struct cx_offload_state){
		.tx_checksum = common_checksum(&active->tx_checksum, &hardware->tx_checksum),
		.rx_checksum = common_checksum(&active->rx_checksum, &hardware->rx_checksum),
		.lso = common_gso(&active->lso, &hardware->lso),
		.uso = common_gso(&active->uso, &hardware->uso),
		.rsc.tcp = active->rsc.tcp & hardware->rsc.tcp,
		.rsc.udp = active->rsc.udp & hardware->rsc.udp,
		.rsc.timestamps = active->rsc.timestamps && hardware->rsc.timestamps,
		.ieee8021q = active->ieee8021q & hardware->ieee8021q,
	};
}

NTSTATUS cx_offload_keyword(const struct cx_adapter *adapter, const char *keyword, ULONG *value)
{
	return cx_configuration_keyword(wdf_device_config(adapter->device)->software_key, keyword,
					value);
}

bool cx_offload_keyword_off(const struct cx_adapter *adapter, const char *keyword)
{
	ULONG value;

	return NT_SUCCESS(cx_offload_keyword(adapter, keyword, &value)) && value == 0;
}

/* ---- the driver's part ---- */

/* Who does what of the active offloads, from the datapath's next batch on. */
static void share_out(struct cx_offload *offload)
{
	static const struct cx_offload_state none;

	if (offload->paused)
		offload->driver = none;
	else if (offload->fallback)
		offload->driver = cx_offload_common(&offload->active, &offload->hardware);
	else
		offload->driver = offload->active;
	offload->tx = cx_tx_word(&offload->driver);
}

/* The driver hears of @state, then it is active. One that has paused hears of it later. */
static void activate(struct cx_adapter *a, const struct cx_offload_state *state)
{
	if (!a->offload.paused)
		a->owner->client->set_offloads(a, state);
	a->offload.active = *state;
	share_out(&a->offload);
}

void cx_offload_start(struct cx_adapter *a)
{
	struct cx_offload *offload = &a->offload;

	offload->capable = offload->hardware;
	a->owner->client->default_offloads(a, &offload->defaults);
	activate(a, &offload->defaults);
}

void cx_offload_halt(struct cx_adapter *a)
{
	struct cx_offload *offload = &a->offload;

	memset(&offload->defaults, 0, sizeof(offload->defaults));
	memset(&offload->active, 0, sizeof(offload->active));
	memset(&offload->capable, 0, sizeof(offload->capable));
	offload->fallback = offload->paused = false;
	share_out(offload);
}

void cx_offload_forget(struct cx_adapter *a)
{
	memset(&a->offload.hardware, 0, sizeof(a->offload.hardware));
}

/* What 1.3's drivers know. */
static void emit_coarse(const struct cx_adapter *a)
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
}

/* The same fields, for transmit, and what those leave out. */
static void emit_fine(const struct cx_adapter *a)
{
	const struct cx_offload_state *active = &a->offload.active;
	const struct cx_checksum_caps *tx = &active->tx_checksum, *rx = &active->rx_checksum;

	NT_EMIT(NT_EVENT_INDICATION, a->name, "NDIS_STATUS_TASK_OFFLOAD_CURRENT_CONFIG",
		NT_BOOL("checksum_ipv4", cx_checksum_ipv4(tx)),
		NT_BOOL("checksum_tcp", cx_checksum_tcp(tx)),
		NT_BOOL("checksum_udp", cx_checksum_udp(tx)),
		NT_BOOL("rx_checksum_ipv4", cx_checksum_ipv4(rx)),
		NT_BOOL("rx_checksum_tcp", cx_checksum_tcp(rx)),
		NT_BOOL("rx_checksum_udp", cx_checksum_udp(rx)),
		NT_BOOL("lso_ipv4", cx_lso_ipv4(active)), NT_BOOL("lso_ipv6", cx_lso_ipv6(active)),
		NT_BOOL("uso_ipv4", cx_uso_ipv4(active)), NT_BOOL("uso_ipv6", cx_uso_ipv6(active)),
		NT_BOOL("rsc_ipv4", cx_rsc_ipv4(active)), NT_BOOL("rsc_ipv6", cx_rsc_ipv6(active)),
		NT_BOOL("udp_rsc", cx_rsc_udp(active)),
		NT_UINT("maximum_offload_size", active->lso.maximum_offload_size),
		NT_UINT("minimum_segment_count", active->lso.minimum_segment_count));
}

static void indicate(struct cx_adapter *a)
{
	if (a->offload.fallback)
		emit_fine(a);
	else
		emit_coarse(a);
	a->host->ops->offload_indicated(a->host_context, a, &a->offload.active);
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

void cx_offload_pause(struct cx_adapter *a)
{
	static const struct cx_offload_state none;

	a->offload.paused = true;
	share_out(&a->offload);
	indicate(a);
	a->host->ops->offload_drain(a->host_context, a, CX_OFFLOAD_DRAIN_MS);
	a->owner->client->set_offloads(a, &none);
}

void cx_offload_resume(struct cx_adapter *a)
{
	a->owner->client->set_offloads(a, &a->offload.active);
	a->offload.paused = false;
	share_out(&a->offload);
	indicate(a);
}
