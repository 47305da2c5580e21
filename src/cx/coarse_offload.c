/* SPDX-License-Identifier: MIT */
#include "cx/coarse_offload.h"

#include "cx/adapter.h"

/* ---- view and state ---- */

struct cx_coarse_lso cx_coarse_lso_of(const struct cx_offload_state *state)
{
	return (struct cx_coarse_lso){
		.ipv4 = cx_lso_ipv4(state),
		.ipv6 = cx_lso_ipv6(state),
		.maximum_offload_size = state->lso.maximum_offload_size,
		.minimum_segment_count = state->lso.minimum_segment_count,
	};
}

struct cx_coarse_checksum cx_coarse_checksum_of(const struct cx_offload_state *state)
{
	return (struct cx_coarse_checksum){
		.ipv4 = cx_checksum_ipv4(&state->tx_checksum),
		.tcp = cx_checksum_tcp(&state->tx_checksum),
		.udp = cx_checksum_udp(&state->tx_checksum),
	};
}

/* Nothing less than all of a family is promised: options and extension headers too. */
void cx_coarse_put_lso(struct cx_offload_state *state, const struct cx_coarse_lso *lso)
{
	state->lso = (struct cx_gso_caps){
		.kinds.l3 = (lso->ipv4 ? CX_L3_ALL_IPV4 : 0) | (lso->ipv6 ? CX_L3_ALL_IPV6 : 0),
		.kinds.l4 = lso->ipv4 || lso->ipv6 ? CX_L4_ALL_TCP : 0,
		.maximum_offload_size = lso->maximum_offload_size,
		.minimum_segment_count = lso->minimum_segment_count,
	};
}

void cx_coarse_put_checksum(struct cx_offload_state *state,
			    const struct cx_coarse_checksum *checksum)
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

/* ---- defaults: hardware and keywords ---- */

/* A bit of two keywords (IPv4 and IPv6, LSO V1 and V2) goes off when both say so. */
static bool both_off(struct cx_adapter *a, const char *first, const char *second)
{
	return cx_offload_keyword_off(a, first) && cx_offload_keyword_off(a, second);
}

struct cx_coarse_checksum cx_coarse_default_checksum(struct cx_adapter *a)
{
	struct cx_coarse_checksum caps = cx_coarse_checksum_of(&a->offload.hardware);

	if (caps.ipv4 && cx_offload_keyword_off(a, "*IPChecksumOffloadIPv4"))
		caps.ipv4 = false;
	if (caps.tcp && both_off(a, "*TCPChecksumOffloadIPv4", "*TCPChecksumOffloadIPv6"))
		caps.tcp = false;
	if (caps.udp && both_off(a, "*UDPChecksumOffloadIPv4", "*UDPChecksumOffloadIPv6"))
		caps.udp = false;
	return caps;
}

/* The sizes are 0 when no family is on, as 1809 has it. */
struct cx_coarse_lso cx_coarse_default_lso(struct cx_adapter *a)
{
	struct cx_coarse_lso caps = cx_coarse_lso_of(&a->offload.hardware);

	if (caps.ipv4 && both_off(a, "*LsoV1IPv4", "*LsoV2IPv4"))
		caps.ipv4 = false;
	if (caps.ipv6 && cx_offload_keyword_off(a, "*LsoV2IPv6"))
		caps.ipv6 = false;
	if (!caps.ipv4 && !caps.ipv6)
		caps.maximum_offload_size = caps.minimum_segment_count = 0;
	return caps;
}

/* ---- requests ---- */

struct cx_coarse_lso cx_coarse_merge_lso(struct cx_coarse_lso active,
					 const struct cx_coarse_lso *hardware,
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

struct cx_coarse_checksum cx_coarse_merge_checksum(struct cx_coarse_checksum active,
						   const struct cx_offload_request *request)
{
	if (!is_same(request->ipv4_checksum))
		active.ipv4 = !is_off(request->ipv4_checksum);
	active.tcp = merge_pair(active.tcp, request->tcp_ipv4_checksum, request->tcp_ipv6_checksum);
	active.udp = merge_pair(active.udp, request->udp_ipv4_checksum, request->udp_ipv6_checksum);
	return active;
}
