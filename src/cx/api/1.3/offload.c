/* SPDX-License-Identifier: MIT */
/*
 * Offloads as a 1.3 driver sees them: what it declares, the defaults that keywords leave of it, and
 * its two callbacks, checksum before LSO, always with the complete set.
 *
 * An offload that the driver never declared stays off whatever is asked for: it has no callback,
 * its packets carry no extension, and what is indicated must agree with that.
 */
#include "cx/api/1.3/offload.h"

#include "cx/configuration.h"
#include "nt/callback.h"
#include "nt/event.h"

/* ---- view and state ---- */

struct cx13_lso cx13_lso_of(const struct cx_offload_state *state)
{
	return (struct cx13_lso){
		.ipv4 = cx_lso_ipv4(state),
		.ipv6 = cx_lso_ipv6(state),
		.maximum_offload_size = state->lso.maximum_offload_size,
		.minimum_segment_count = state->lso.minimum_segment_count,
	};
}

struct cx13_checksum cx13_checksum_of(const struct cx_offload_state *state)
{
	return (struct cx13_checksum){
		.ipv4 = cx_checksum_ipv4(&state->tx_checksum),
		.tcp = cx_checksum_tcp(&state->tx_checksum),
		.udp = cx_checksum_udp(&state->tx_checksum),
	};
}

/* 1.3 promises nothing less than all of a family: options and extension headers too. */
void cx13_put_lso(struct cx_offload_state *state, const struct cx13_lso *lso)
{
	state->lso = (struct cx_gso_caps){
		.kinds.l3 = (lso->ipv4 ? CX_L3_ALL_IPV4 : 0) | (lso->ipv6 ? CX_L3_ALL_IPV6 : 0),
		.kinds.l4 = lso->ipv4 || lso->ipv6 ? CX_L4_ALL_TCP : 0,
		.maximum_offload_size = lso->maximum_offload_size,
		.minimum_segment_count = lso->minimum_segment_count,
	};
}

void cx13_put_checksum(struct cx_offload_state *state, const struct cx13_checksum *checksum)
{
	const struct cx_kinds none = { 0 };
	const struct cx_checksum_caps caps = {
		.ipv4 = checksum->ipv4 ? (struct cx_kinds){ .l3 = CX_L3_ALL_IPV4 } : none,
		.tcp = checksum->tcp ? (struct cx_kinds){ CX_L3_ALL, CX_L4_ALL_TCP } : none,
		.udp = checksum->udp ? (struct cx_kinds){ CX_L3_ALL, CX_L4_UDP } : none,
	};

	state->tx_checksum = caps;
	state->rx_checksum = caps;
}

/* ---- what the driver declares ---- */

void cx13_declare_checksum(struct cx13_adapter *a,
			   const NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES *hardware,
			   PFN_NET_ADAPTER_OFFLOAD_SET_CHECKSUM set)
{
	const struct cx13_checksum checksum = { .ipv4 = hardware->IPv4,
						.tcp = hardware->Tcp,
						.udp = hardware->Udp };

	cx13_put_checksum(&a->core.offload.hardware, &checksum);
	a->set_checksum = set;
	a->checksum_declared = true;
}

void cx13_declare_lso(struct cx13_adapter *a, const NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES *hardware,
		      PFN_NET_ADAPTER_OFFLOAD_SET_LSO set)
{
	const struct cx13_lso lso = {
		.ipv4 = hardware->IPv4,
		.ipv6 = hardware->IPv6,
		.maximum_offload_size = hardware->MaximumOffloadSize,
		.minimum_segment_count = hardware->MinimumSegmentCount,
	};

	cx13_put_lso(&a->core.offload.hardware, &lso);
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

static struct cx13_checksum default_checksum(struct cx_adapter *a)
{
	struct cx13_checksum caps = cx13_checksum_of(&a->offload.hardware);

	if (caps.ipv4 && keyword_off(a, "*IPChecksumOffloadIPv4"))
		caps.ipv4 = false;
	if (caps.tcp && both_off(a, "*TCPChecksumOffloadIPv4", "*TCPChecksumOffloadIPv6"))
		caps.tcp = false;
	if (caps.udp && both_off(a, "*UDPChecksumOffloadIPv4", "*UDPChecksumOffloadIPv6"))
		caps.udp = false;
	return caps;
}

/* The sizes are 0 when no family is on, as 1809 has it. */
static struct cx13_lso default_lso(struct cx_adapter *a)
{
	struct cx13_lso caps = cx13_lso_of(&a->offload.hardware);

	if (caps.ipv4 && both_off(a, "*LsoV1IPv4", "*LsoV2IPv4"))
		caps.ipv4 = false;
	if (caps.ipv6 && keyword_off(a, "*LsoV2IPv6"))
		caps.ipv6 = false;
	if (!caps.ipv4 && !caps.ipv6)
		caps.maximum_offload_size = caps.minimum_segment_count = 0;
	return caps;
}

void cx13_default_offloads(struct cx_adapter *a, struct cx_offload_state *defaults)
{
	const struct cx13_checksum checksum = default_checksum(a);
	const struct cx13_lso lso = default_lso(a);

	*defaults = (struct cx_offload_state){ 0 };
	cx13_put_checksum(defaults, &checksum);
	cx13_put_lso(defaults, &lso);
}

/* ---- requests ---- */

struct cx13_lso cx13_merge_lso(struct cx13_lso active, const struct cx13_lso *hardware,
			       const struct cx_offload_request *request)
{
	if (request->lso_v1_ipv4 == CX_ON || request->lso_v2_ipv4 == CX_ON)
		active.ipv4 = true;
	else if (request->lso_v1_ipv4 == CX_OFF && request->lso_v2_ipv4 == CX_OFF)
		active.ipv4 = false;
	if (request->lso_v2_ipv6 != CX_SAME)
		active.ipv6 = request->lso_v2_ipv6 == CX_ON;

	/*
	 * A request never changes the sizes. But 1809 makes them 0 at a start with all keywords
	 * off, and then tells a driver "IPv4 TRUE, MaximumOffloadSize 0" when LSO is switched on.
	 * That is of no use to anyone; here the hardware's sizes come back with the first family.
	 */
	if ((active.ipv4 || active.ipv6) && !active.maximum_offload_size) {
		active.maximum_offload_size = hardware->maximum_offload_size;
		active.minimum_segment_count = hardware->minimum_segment_count;
	}
	return active;
}

static bool is_same(struct cx_checksum_setting setting)
{
	return setting.tx == CX_SAME && setting.rx == CX_SAME;
}

static bool is_off(struct cx_checksum_setting setting)
{
	return setting.tx == CX_OFF && setting.rx == CX_OFF;
}

/* Our bit is IPv4's and IPv6's: off when both go off, on when one is said to change otherwise. */
static bool merge_pair(bool active, struct cx_checksum_setting ipv4,
		       struct cx_checksum_setting ipv6)
{
	if (is_off(ipv4) && is_off(ipv6))
		return false;
	return active || !is_same(ipv4) || !is_same(ipv6);
}

struct cx13_checksum cx13_merge_checksum(struct cx13_checksum active,
					 const struct cx_offload_request *request)
{
	if (!is_same(request->ipv4_checksum))
		active.ipv4 = !is_off(request->ipv4_checksum);
	active.tcp = merge_pair(active.tcp, request->tcp_ipv4_checksum, request->tcp_ipv6_checksum);
	active.udp = merge_pair(active.udp, request->udp_ipv4_checksum, request->udp_ipv6_checksum);
	return active;
}

void cx13_merge_offloads(const struct cx_adapter *adapter, const struct cx_offload_request *request,
			 struct cx_offload_state *state)
{
	const struct cx13_adapter *a = (const struct cx13_adapter *)adapter;
	const struct cx13_lso hardware = cx13_lso_of(&adapter->offload.hardware);

	if (a->checksum_declared) {
		const struct cx13_checksum checksum =
			cx13_merge_checksum(cx13_checksum_of(state), request);

		cx13_put_checksum(state, &checksum);
	}
	if (a->lso_declared) {
		const struct cx13_lso lso = cx13_merge_lso(cx13_lso_of(state), &hardware, request);

		cx13_put_lso(state, &lso);
	}
}

/* ---- the callbacks ---- */

static void call_set_checksum(struct cx13_adapter *a, const struct cx13_checksum *caps)
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
static void call_set_lso(struct cx13_adapter *a, const struct cx13_lso *caps)
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
	const struct cx13_checksum checksum = cx13_checksum_of(active);
	const struct cx13_lso lso = cx13_lso_of(active);

	if (a->set_checksum)
		call_set_checksum(a, &checksum);
	if (a->set_lso)
		call_set_lso(a, &lso);
}
