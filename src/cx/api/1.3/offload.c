/* SPDX-License-Identifier: MIT */
/*
 * Offloads as a 1.3 driver sees them: what it declares, the defaults that keywords leave of it, and
 * its two callbacks, checksum before LSO, always with the complete set.
 *
 * An offload that the driver never declared stays off whatever is asked for: it has no callback,
 * its packets carry no extension, and what is indicated must agree with that.
 */
#include "cx/api/1.3/offload.h"

#include "nt/callback.h"
#include "nt/event.h"

/* ---- what the driver declares ---- */

void cx13_declare_checksum(struct cx13_adapter *a,
			   const NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES *hardware,
			   PFN_NET_ADAPTER_OFFLOAD_SET_CHECKSUM set)
{
	const struct cx_coarse_checksum checksum = { .ipv4 = hardware->IPv4,
						     .tcp = hardware->Tcp,
						     .udp = hardware->Udp };

	cx_coarse_put_checksum(&a->core.offload.hardware, &checksum);
	a->set_checksum = set;
	a->checksum_declared = true;
}

void cx13_declare_lso(struct cx13_adapter *a, const NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES *hardware,
		      PFN_NET_ADAPTER_OFFLOAD_SET_LSO set)
{
	const struct cx_coarse_lso lso = {
		.ipv4 = hardware->IPv4,
		.ipv6 = hardware->IPv6,
		.maximum_offload_size = hardware->MaximumOffloadSize,
		.minimum_segment_count = hardware->MinimumSegmentCount,
	};

	cx_coarse_put_lso(&a->core.offload.hardware, &lso);
	a->set_lso = set;
	a->lso_declared = true;
}

void cx13_forget_offloads(struct cx13_adapter *a)
{
	a->checksum_declared = a->lso_declared = false;
	a->set_checksum = NULL;
	a->set_lso = NULL;
}

/* ---- defaults: hardware and keywords ---- */

void cx13_default_offloads(struct cx_adapter *a, struct cx_offload_state *defaults)
{
	const struct cx_coarse_checksum checksum = cx_coarse_default_checksum(a);
	const struct cx_coarse_lso lso = cx_coarse_default_lso(a);

	a->offload.ndis_revision = NDIS_OFFLOAD_REVISION_5;
	*defaults = (struct cx_offload_state){ 0 };
	cx_coarse_put_checksum(defaults, &checksum);
	cx_coarse_put_lso(defaults, &lso);
}

/* ---- requests ---- */

void cx13_merge_offloads(const struct cx_adapter *adapter, const struct cx_offload_request *request,
			 struct cx_offload_state *state)
{
	const struct cx13_adapter *a = (const struct cx13_adapter *)adapter;
	const struct cx_coarse_lso hardware = cx_coarse_lso_of(&adapter->offload.hardware);

	if (a->checksum_declared) {
		const struct cx_coarse_checksum checksum =
			cx_coarse_merge_checksum(cx_coarse_checksum_of(state), request);

		cx_coarse_put_checksum(state, &checksum);
	}
	if (a->lso_declared) {
		const struct cx_coarse_lso lso =
			cx_coarse_merge_lso(cx_coarse_lso_of(state), &hardware, request);

		cx_coarse_put_lso(state, &lso);
	}
}

/* ---- the callbacks ---- */

static void call_set_checksum(struct cx13_adapter *a, const struct cx_coarse_checksum *caps)
{
	static const char name[] = "EvtNetAdapterOffloadSetChecksum";
	NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES active = {
		.Size = sizeof(active), .IPv4 = caps->ipv4, .Tcp = caps->tcp, .Udp = caps->udp
	};
	struct nt_callback frame;

	nt_callback_begin(&frame, a->core.name, name);
	a->set_checksum(cx13_adapter_handle(&a->core), &active);
	NT_CALLBACK_END(&frame, NT_BOOL("ipv4", caps->ipv4), NT_BOOL("tcp", caps->tcp),
			NT_BOOL("udp", caps->udp));
}

/* 1809 leaves Size 0 in what it hands out; no driver can depend on that, so it is filled here. */
static void call_set_lso(struct cx13_adapter *a, const struct cx_coarse_lso *caps)
{
	static const char name[] = "EvtNetAdapterOffloadSetLso";
	NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES active = {
		.Size = sizeof(active),
		.IPv4 = caps->ipv4,
		.IPv6 = caps->ipv6,
		.MaximumOffloadSize = caps->maximum_offload_size,
		.MinimumSegmentCount = caps->minimum_segment_count,
	};
	struct nt_callback frame;

	nt_callback_begin(&frame, a->core.name, name);
	a->set_lso(cx13_adapter_handle(&a->core), &active);
	NT_CALLBACK_END(&frame, NT_BOOL("ipv4", caps->ipv4), NT_BOOL("ipv6", caps->ipv6),
			NT_UINT("maximum_offload_size", caps->maximum_offload_size),
			NT_UINT("minimum_segment_count", caps->minimum_segment_count));
}

void cx13_set_offloads(struct cx_adapter *adapter, const struct cx_offload_state *active)
{
	struct cx13_adapter *a = cx13_adapter(adapter);
	const struct cx_coarse_checksum checksum = cx_coarse_checksum_of(active);
	const struct cx_coarse_lso lso = cx_coarse_lso_of(active);

	if (a->set_checksum)
		call_set_checksum(a, &checksum);
	if (a->set_lso)
		call_set_lso(a, &lso);
}
