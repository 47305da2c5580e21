/* SPDX-License-Identifier: MIT */
/*
 * The offload manager of NetAdapterCx 1.3: defaults at start, changes by OID, and the driver's two
 * callbacks, checksum before LSO, always with the complete set.
 *
 * An offload that the driver never declared stays off whatever an OID says: it has no callback, its
 * packets carry no extension, and what is indicated must agree with that.
 */
#include "cx/offload.h"

#include <string.h>

#include "cx/adapter.h"
#include "cx/configuration.h"
#include "nt/callback.h"
#include "nt/event.h"
#include "nt/worker.h"

void cx_offload_declare_checksum(struct cx_offload *offload,
				 const NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES *hardware,
				 PFN_NET_ADAPTER_OFFLOAD_SET_CHECKSUM set)
{
	offload->hardware.checksum = (struct cx_checksum_caps){ .ipv4 = hardware->IPv4,
								.tcp = hardware->Tcp,
								.udp = hardware->Udp };
	offload->set_checksum = set;
	offload->checksum_declared = true;
}

void cx_offload_declare_lso(struct cx_offload *offload,
			    const NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES *hardware,
			    PFN_NET_ADAPTER_OFFLOAD_SET_LSO set)
{
	offload->hardware.lso = (struct cx_lso_caps){
		.ipv4 = hardware->IPv4,
		.ipv6 = hardware->IPv6,
		.maximum_offload_size = hardware->MaximumOffloadSize,
		.minimum_segment_count = hardware->MinimumSegmentCount,
	};
	offload->set_lso = set;
	offload->lso_declared = true;
}

/* ---- defaults: hardware and keywords ---- */

/*
 * Only a keyword that reads as exactly 0 turns something off. One that is absent, of another type
 * or no number counts as on, like 1, 2 (Rx) or 3 (Tx and Rx).
 */
static bool keyword_off(struct cx_adapter *a, const char *keyword)
{
	ULONG value;

	return NT_SUCCESS(cx_configuration_keyword(wdf_device_config(a->device)->software_key,
						   keyword, &value)) &&
	       value == 0;
}

/* A bit of two keywords (IPv4 and IPv6, LSO V1 and V2) goes off when both say so. */
static bool both_off(struct cx_adapter *a, const char *first, const char *second)
{
	return keyword_off(a, first) && keyword_off(a, second);
}

static struct cx_checksum_caps default_checksum(struct cx_adapter *a)
{
	struct cx_checksum_caps caps = a->offload.hardware.checksum;

	if (caps.ipv4 && keyword_off(a, "*IPChecksumOffloadIPv4"))
		caps.ipv4 = false;
	if (caps.tcp && both_off(a, "*TCPChecksumOffloadIPv4", "*TCPChecksumOffloadIPv6"))
		caps.tcp = false;
	if (caps.udp && both_off(a, "*UDPChecksumOffloadIPv4", "*UDPChecksumOffloadIPv6"))
		caps.udp = false;
	return caps;
}

/* The sizes are 0 when no family is on, as 1809 has it. */
static struct cx_lso_caps default_lso(struct cx_adapter *a)
{
	struct cx_lso_caps caps = a->offload.hardware.lso;

	if (caps.ipv4 && both_off(a, "*LsoV1IPv4", "*LsoV2IPv4"))
		caps.ipv4 = false;
	if (caps.ipv6 && keyword_off(a, "*LsoV2IPv6"))
		caps.ipv6 = false;
	if (!caps.ipv4 && !caps.ipv6)
		caps.maximum_offload_size = caps.minimum_segment_count = 0;
	return caps;
}

/* ---- the callbacks ---- */

static void publish(struct cx_offload *offload)
{
	const struct cx_offload_state *active = &offload->active;

	offload->active_bits = (active->checksum.ipv4 ? CX_ACTIVE_IPV4_CHECKSUM : 0) |
			       (active->checksum.tcp ? CX_ACTIVE_TCP_CHECKSUM : 0) |
			       (active->checksum.udp ? CX_ACTIVE_UDP_CHECKSUM : 0) |
			       (active->lso.ipv4 ? CX_ACTIVE_LSO_IPV4 : 0) |
			       (active->lso.ipv6 ? CX_ACTIVE_LSO_IPV6 : 0);
}

/* The driver hears of @caps, then they are active. */
static void activate_checksum(struct cx_adapter *a, struct cx_checksum_caps caps)
{
	static const char name[] = "EvtNetAdapterOffloadSetChecksum";
	NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES active = {
		.Size = sizeof(active), .IPv4 = caps.ipv4, .Tcp = caps.tcp, .Udp = caps.udp
	};
	struct nt_callback frame;

	if (a->offload.set_checksum) {
		nt_callback_enter(&frame, a->name, name);
		a->offload.set_checksum(cx_adapter_handle(a), &active);
		nt_callback_leave(&frame);
		NT_EMIT(NT_EVENT_CALLBACK, a->name, name, NT_BOOL("ipv4", caps.ipv4),
			NT_BOOL("tcp", caps.tcp), NT_BOOL("udp", caps.udp));
	}
	a->offload.active.checksum = caps;
	publish(&a->offload);
}

/* 1809 leaves Size 0 in what it hands out; no driver can depend on that, so it is filled here. */
static void activate_lso(struct cx_adapter *a, struct cx_lso_caps caps)
{
	static const char name[] = "EvtNetAdapterOffloadSetLso";
	NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES active = {
		.Size = sizeof(active),
		.IPv4 = caps.ipv4,
		.IPv6 = caps.ipv6,
		.MaximumOffloadSize = caps.maximum_offload_size,
		.MinimumSegmentCount = caps.minimum_segment_count,
	};
	struct nt_callback frame;

	if (a->offload.set_lso) {
		nt_callback_enter(&frame, a->name, name);
		a->offload.set_lso(cx_adapter_handle(a), &active);
		nt_callback_leave(&frame);
		NT_EMIT(NT_EVENT_CALLBACK, a->name, name, NT_BOOL("ipv4", caps.ipv4),
			NT_BOOL("ipv6", caps.ipv6),
			NT_UINT("maximum_offload_size", caps.maximum_offload_size),
			NT_UINT("minimum_segment_count", caps.minimum_segment_count));
	}
	a->offload.active.lso = caps;
	publish(&a->offload);
}

void cx_offload_start(struct cx_adapter *a)
{
	struct cx_offload *offload = &a->offload;

	offload->defaults.checksum = default_checksum(a);
	activate_checksum(a, offload->defaults.checksum);
	offload->defaults.lso = default_lso(a);
	activate_lso(a, offload->defaults.lso);
}

void cx_offload_forget(struct cx_adapter *a)
{
	struct cx_offload *offload = &a->offload;

	memset(&offload->hardware, 0, sizeof(offload->hardware));
	memset(&offload->defaults, 0, sizeof(offload->defaults));
	memset(&offload->active, 0, sizeof(offload->active));
	offload->checksum_declared = offload->lso_declared = false;
	offload->set_checksum = NULL;
	offload->set_lso = NULL;
	offload->active_bits = 0;
}

/* ---- OID_TCP_OFFLOAD_PARAMETERS ---- */

static void indicate(struct cx_adapter *a)
{
	const struct cx_offload_state *active = &a->offload.active;

	NT_EMIT(NT_EVENT_INDICATION, a->name, "NDIS_STATUS_TASK_OFFLOAD_CURRENT_CONFIG",
		NT_BOOL("checksum_ipv4", active->checksum.ipv4),
		NT_BOOL("checksum_tcp", active->checksum.tcp),
		NT_BOOL("checksum_udp", active->checksum.udp),
		NT_BOOL("lso_ipv4", active->lso.ipv4), NT_BOOL("lso_ipv6", active->lso.ipv6),
		NT_UINT("maximum_offload_size", active->lso.maximum_offload_size),
		NT_UINT("minimum_segment_count", active->lso.minimum_segment_count));
	a->host->ops->offload_indicated(a->host->context, a, active);
}

struct set_parameters {
	struct cx_adapter *adapter;
	const NDIS_OFFLOAD_PARAMETERS *parameters;
	NTSTATUS status;
};

/* No change detection: each accepted request runs both callbacks and is indicated. */
static void set_parameters(void *context)
{
	struct set_parameters *set = context;
	struct cx_adapter *a = set->adapter;
	struct cx_offload *offload = &a->offload;

	set->status = STATUS_INVALID_DEVICE_STATE;
	if (cx_adapter_state(a) != CX_ADAPTER_STARTED)
		return;
	if (offload->checksum_declared)
		activate_checksum(
			a, cx_offload_apply_checksum(offload->active.checksum, set->parameters));
	if (offload->lso_declared)
		activate_lso(a, cx_offload_apply_lso(offload->active.lso, &offload->hardware.lso,
						     set->parameters));
	indicate(a);
	set->status = STATUS_SUCCESS;
}

NTSTATUS cx_offload_oid(struct cx_adapter *adapter, const void *buffer, size_t length)
{
	NDIS_OFFLOAD_PARAMETERS parameters = { 0 };
	struct set_parameters set = { .adapter = adapter, .parameters = &parameters };

	/* The header's type and revision and the settings' ranges are not checked in 1809. */
	if (!buffer || length < NDIS_SIZEOF_OFFLOAD_PARAMETERS_REVISION_3)
		return STATUS_INVALID_PARAMETER;
	memcpy(&parameters, buffer, length < sizeof(parameters) ? length : sizeof(parameters));
	nt_worker_call(adapter->owner->worker, set_parameters, &set);
	return set.status;
}
