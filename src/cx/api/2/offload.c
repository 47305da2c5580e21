/* SPDX-License-Identifier: MIT */
/*
 * Offloads of 2.x: what a driver declares, what 21H2's keyword rules leave of it, and the
 * callbacks, in the order transmit checksum, receive checksum, GSO, RSC.
 *
 * As on Windows a driver is told the defaults at its start as they are, and after a change what of
 * the active offloads its hardware has; what it is given to do is always the latter.
 */
#include "cx/api/2/offload.h"

#include "cx/api/2/adapter.h"
#include "cx/api/2/client.h"
#include "nt/callback.h"
#include "nt/event.h"

/* What software segments when the driver has not said how much its hardware takes. */
#define FALLBACK_OFFLOAD_SIZE  0x10000u /* bytes of payload */
#define FALLBACK_SEGMENT_COUNT 2u

/* A keyword of a checksum is a mask of directions. */
#define KEYWORD_TX 1u
#define KEYWORD_RX 2u

/* ---- what the driver declares ---- */

void cx2_declare_checksum(struct cx2_adapter *a,
			  const NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES *hardware)
{
	const struct cx_coarse_checksum checksum = { .ipv4 = hardware->IPv4,
						     .tcp = hardware->Tcp,
						     .udp = hardware->Udp };

	cx_coarse_put_checksum(&a->core.offload.hardware, &checksum);
	a->offload.set_checksum = hardware->EvtAdapterOffloadSetChecksum;
	a->offload.checksum_declared = true;
}

/* The kinds of one layer 4, none when it has none of these. */
static struct cx_kinds kinds(unsigned l3, unsigned l4)
{
	return l3 && l4 ? (struct cx_kinds){ (uint8_t)l3, (uint8_t)l4 } : (struct cx_kinds){ 0 };
}

/* NET_ADAPTER_OFFLOAD_LAYER3_FLAGS and LAYER4_FLAGS have the values of CX_L3_* and CX_L4_*. */
_Static_assert((int)NetAdapterOffloadLayer3FlagIPv4WithOptions == CX_L3_IPV4_OPTIONS &&
		       (int)NetAdapterOffloadLayer3FlagIPv6NoExtensions == CX_L3_IPV6 &&
		       (int)NetAdapterOffloadLayer3FlagIPv6WithExtensions ==
			       CX_L3_IPV6_EXTENSIONS &&
		       (int)NetAdapterOffloadLayer4FlagTcpWithOptions == CX_L4_TCP_OPTIONS &&
		       (int)NetAdapterOffloadLayer4FlagUdp == CX_L4_UDP,
	       "the same bits");

void cx2_declare_tx_checksum(struct cx2_adapter *a,
			     const NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES *hardware)
{
	unsigned l3 = (unsigned)hardware->Layer3Flags & CX_L3_ALL;
	unsigned l4 = (unsigned)hardware->Layer4Flags;

	a->core.offload.hardware.tx_checksum = (struct cx_checksum_caps){
		.ipv4.l3 = l3 & CX_L3_ALL_IPV4,
		.tcp = kinds(l3, l4 & CX_L4_ALL_TCP),
		.udp = kinds(l3, l4 & CX_L4_UDP),
		.l3_offset_limit = hardware->Layer3HeaderOffsetLimit,
		.l4_offset_limit = hardware->Layer4HeaderOffsetLimit,
	};
	a->offload.set_tx_checksum = hardware->EvtAdapterOffloadSetTxChecksum;
	a->offload.tx_checksum_declared = true;
}

static const struct cx_checksum_caps all_checksums = {
	.ipv4.l3 = CX_L3_ALL_IPV4,
	.tcp = { CX_L3_ALL, CX_L4_ALL_TCP },
	.udp = { CX_L3_ALL, CX_L4_UDP },
};

void cx2_declare_rx_checksum(struct cx2_adapter *a,
			     const NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES *capabilities)
{
	a->core.offload.hardware.rx_checksum = all_checksums;
	a->offload.set_rx_checksum = capabilities->EvtAdapterOffloadSetRxChecksum;
	a->offload.rx_checksum_declared = true;
}

void cx2_declare_gso(struct cx2_adapter *a, const NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES *hardware)
{
	unsigned l3 = (unsigned)hardware->Layer3Flags & CX_L3_ALL;
	unsigned l4 = (unsigned)hardware->Layer4Flags;
	const struct cx_gso_caps sizes = {
		.l4_offset_limit = hardware->Layer4HeaderOffsetLimit,
		.maximum_offload_size = hardware->MaximumOffloadSize,
		.minimum_segment_count = hardware->MinimumSegmentCount,
	};
	struct cx_offload_state *state = &a->core.offload.hardware;

	state->lso = state->uso = sizes;
	state->lso.kinds = kinds(l3, l4 & CX_L4_ALL_TCP);
	state->uso.kinds = kinds(l3, l4 & CX_L4_UDP);
	a->offload.set_gso = hardware->EvtAdapterOffloadSetGso;
	a->offload.gso_declared = true;
}

/*
 * Coalescing is declared by families. Before 2.5 it is TCP's whatever the layer 4 flags say, since
 * nothing else was there; from then on they tell TCP and UDP apart.
 */
void cx2_declare_rsc(struct cx2_adapter *a, const NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES *hardware)
{
	unsigned l4 = (unsigned)hardware->Layer4Flags;
	uint8_t families = (uint8_t)hardware->Layer3Flags & (CX_L3_IPV4 | CX_L3_IPV6);
	bool tcp = a->minor < 5 || l4 & CX_L4_ALL_TCP, udp = a->minor >= 5 && l4 & CX_L4_UDP;

	a->core.offload.hardware.rsc = (struct cx_rsc_caps){
		.tcp = tcp ? families : 0,
		.udp = udp ? families : 0,
		.timestamps = hardware->TcpTimestampOption,
	};
	a->offload.set_rsc = hardware->EvtAdapterOffloadSetRsc;
	a->offload.rsc_declared = true;
}

void cx2_declare_tags(struct cx2_adapter *a,
		      const NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_CAPABILITIES *hardware)
{
	a->core.offload.hardware.ieee8021q =
		(uint8_t)hardware->Flags & (CX_IEEE8021Q_PRIORITY | CX_IEEE8021Q_VLAN);
}

void cx2_declare_preview_lso(struct cx2_adapter *a,
			     const NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES *hardware)
{
	const struct cx_coarse_lso lso = {
		.ipv4 = hardware->IPv4,
		.ipv6 = hardware->IPv6,
		.maximum_offload_size = hardware->MaximumOffloadSize,
		.minimum_segment_count = hardware->MinimumSegmentCount,
	};

	cx_coarse_put_lso(&a->core.offload.hardware, &lso);
	a->offload.set_gso = hardware->EvtAdapterOffloadSetLso;
	a->offload.gso_declared = true;
}

void cx2_declare_preview_rsc(struct cx2_adapter *a,
			     const struct netcx_rsc_capabilities_2_0 *hardware)
{
	a->core.offload.hardware.rsc = (struct cx_rsc_caps){
		.tcp = (hardware->IPv4 ? CX_L3_IPV4 : 0) | (hardware->IPv6 ? CX_L3_IPV6 : 0),
		.timestamps = hardware->Timestamp,
	};
	a->offload.set_rsc = hardware->EvtAdapterOffloadSetRsc;
	a->offload.rsc_declared = true;
}

/* ---- defaults: keywords, and what hardware or software can do ---- */

/* Present: anything but absent, also what is no number. */
static bool any_present(const struct cx_adapter *a, const char *const *keywords)
{
	ULONG value;

	for (; *keywords; keywords++) {
		if (cx_offload_keyword(a, *keywords, &value) != STATUS_OBJECT_NAME_NOT_FOUND)
			return true;
	}
	return false;
}

/* One that cannot be read is for the direction that is asked about. */
static bool has_direction(const struct cx_adapter *a, const char *keyword, ULONG direction)
{
	ULONG value;

	return !NT_SUCCESS(cx_offload_keyword(a, keyword, &value)) || value & direction;
}

/* Which families of a checksum the keywords leave in one direction. */
static struct cx_kinds left_by(const struct cx_adapter *a, struct cx_kinds all, const char *ipv4,
			       const char *ipv6, ULONG direction)
{
	if (!has_direction(a, ipv4, direction))
		all.l3 &= (uint8_t)~CX_L3_ALL_IPV4;
	if (!has_direction(a, ipv6, direction))
		all.l3 &= (uint8_t)~CX_L3_ALL_IPV6;
	return kinds(all.l3, all.l4);
}

static struct cx_checksum_caps default_checksum(const struct cx_adapter *a,
						const struct cx_checksum_caps *capable,
						ULONG direction)
{
	struct cx_checksum_caps caps = *capable;

	if (!has_direction(a, "*IPChecksumOffloadIPv4", direction))
		caps.ipv4 = (struct cx_kinds){ 0 };
	caps.tcp = left_by(a, caps.tcp, "*TCPChecksumOffloadIPv4", "*TCPChecksumOffloadIPv6",
			   direction);
	caps.udp = left_by(a, caps.udp, "*UDPChecksumOffloadIPv4", "*UDPChecksumOffloadIPv6",
			   direction);
	return caps;
}

/* What software segments, by the hardware's sizes where it has any. */
static struct cx_gso_caps capable_gso(const struct cx_gso_caps *hardware, unsigned l4)
{
	size_t maximum = hardware->maximum_offload_size, minimum = hardware->minimum_segment_count;

	return (struct cx_gso_caps){
		.kinds = { CX_L3_ALL, (uint8_t)l4 },
		.maximum_offload_size = maximum ? maximum : FALLBACK_OFFLOAD_SIZE,
		.minimum_segment_count = minimum ? minimum : FALLBACK_SEGMENT_COUNT,
	};
}

/*
 * What may be on: software does it as well, where a keyword says that the adapter has it at all.
 * Received frames are not summed or coalesced in software, so there the hardware's is all.
 */
static void set_capable(struct cx_adapter *a)
{
	static const char *const tx[] = { "*IPChecksumOffloadIPv4",  "*TCPChecksumOffloadIPv4",
					  "*TCPChecksumOffloadIPv6", "*UDPChecksumOffloadIPv4",
					  "*UDPChecksumOffloadIPv6", NULL };
	static const char *const lso[] = { "*LsoV1IPv4", "*LsoV2IPv4", "*LsoV2IPv6", NULL };
	static const char *const uso[] = { "*UsoIPv4", "*UsoIPv6", NULL };
	static const char *const rsc[] = { "*RscIPv4", "*RscIPv6", NULL };
	static const char *const uro[] = { "*UdpRsc", NULL };
	const struct cx_offload_state *hardware = &a->offload.hardware;
	struct cx_offload_state *capable = &a->offload.capable;

	*capable = (struct cx_offload_state){ .rx_checksum = hardware->rx_checksum,
					      .ieee8021q = hardware->ieee8021q };
	if (any_present(a, tx))
		capable->tx_checksum = all_checksums;
	if (any_present(a, lso))
		capable->lso = capable_gso(&hardware->lso, CX_L4_ALL_TCP);
	if (any_present(a, uso))
		capable->uso = capable_gso(&hardware->uso, CX_L4_UDP);
	if (any_present(a, rsc)) {
		capable->rsc.tcp = hardware->rsc.tcp;
		capable->rsc.timestamps = hardware->rsc.timestamps;
	}
	if (any_present(a, uro))
		capable->rsc.udp = hardware->rsc.udp;
}

/* Coalescing as far as the keywords go, of hardware that can do all of it. */
static struct cx_rsc_caps rsc_of_keywords(const struct cx_adapter *a)
{
	struct cx_rsc_caps caps = { CX_L3_IPV4 | CX_L3_IPV6, CX_L3_IPV4 | CX_L3_IPV6, true };

	if (cx_offload_keyword_off(a, "*RscIPv4"))
		caps.tcp &= (uint8_t)~CX_L3_IPV4;
	if (cx_offload_keyword_off(a, "*RscIPv6"))
		caps.tcp &= (uint8_t)~CX_L3_IPV6;
	if (cx_offload_keyword_off(a, "*RscTimestamp"))
		caps.timestamps = false;
	if (cx_offload_keyword_off(a, "*UdpRsc"))
		caps.udp = 0;
	return caps;
}

static struct cx_rsc_caps common_rsc(struct cx_rsc_caps a, struct cx_rsc_caps b)
{
	return (struct cx_rsc_caps){ a.tcp & b.tcp, a.udp & b.udp, a.timestamps && b.timestamps };
}

static void clear_l3(struct cx_kinds *of, unsigned l3)
{
	*of = kinds(of->l3 & ~l3, of->l4);
}

static void default_fine(struct cx_adapter *a, struct cx_offload_state *defaults)
{
	const struct cx_offload_state *capable = &a->offload.capable;

	set_capable(a);
	*defaults = *capable;
	defaults->tx_checksum = default_checksum(a, &capable->tx_checksum, KEYWORD_TX);
	defaults->rx_checksum = default_checksum(a, &capable->rx_checksum, KEYWORD_RX);
	if (cx_offload_keyword_off(a, "*LsoV1IPv4") || cx_offload_keyword_off(a, "*LsoV2IPv4"))
		clear_l3(&defaults->lso.kinds, CX_L3_ALL_IPV4);
	if (cx_offload_keyword_off(a, "*LsoV2IPv6"))
		clear_l3(&defaults->lso.kinds, CX_L3_ALL_IPV6);
	if (cx_offload_keyword_off(a, "*UsoIPv4"))
		clear_l3(&defaults->uso.kinds, CX_L3_ALL_IPV4);
	if (cx_offload_keyword_off(a, "*UsoIPv6"))
		clear_l3(&defaults->uso.kinds, CX_L3_ALL_IPV6);
	defaults->rsc = common_rsc(capable->rsc, rsc_of_keywords(a));
}

/* 2.0: nothing that the hardware lacks, and 2004's rules, which are those of 1809. */
static void default_coarse(struct cx_adapter *a, struct cx_offload_state *defaults)
{
	const struct cx_coarse_checksum checksum = cx_coarse_default_checksum(a);
	const struct cx_coarse_lso lso = cx_coarse_default_lso(a);

	*defaults = (struct cx_offload_state){ 0 };
	cx_coarse_put_checksum(defaults, &checksum);
	cx_coarse_put_lso(defaults, &lso);
	defaults->rsc = common_rsc(a->offload.hardware.rsc, rsc_of_keywords(a));
}

/* UDP segmentation came with 2.1's framework, UDP coalescing with 2.5's. */
void cx2_default_offloads(struct cx_adapter *a, struct cx_offload_state *defaults)
{
	unsigned minor = cx2_adapter(a)->minor;

	a->offload.fallback = minor >= 1;
	a->offload.ndis_revision = minor >= 5   ? NDIS_OFFLOAD_REVISION_8
				   : minor >= 1 ? NDIS_OFFLOAD_REVISION_6
						: NDIS_OFFLOAD_REVISION_5;
	if (a->offload.fallback)
		default_fine(a, defaults);
	else
		default_coarse(a, defaults);
}

/* ---- requests ---- */

static void merge_family(struct cx_kinds *of, struct cx_kinds capable, unsigned l3,
			 enum cx_setting setting)
{
	if (setting == CX_OFF)
		clear_l3(of, l3);
	else if (setting == CX_ON)
		*of = kinds(of->l3 | (capable.l3 & l3), capable.l4);
}

/* LSO for IPv4 is both versions': off when one goes off, as with the keywords. */
static enum cx_setting both_versions(enum cx_setting v1, enum cx_setting v2)
{
	if (v1 == CX_OFF || v2 == CX_OFF)
		return CX_OFF;
	return v1 == CX_ON || v2 == CX_ON ? CX_ON : CX_SAME;
}

static void merge_gso(struct cx_gso_caps *gso, const struct cx_gso_caps *capable,
		      enum cx_setting ipv4, enum cx_setting ipv6)
{
	merge_family(&gso->kinds, capable->kinds, CX_L3_ALL_IPV4, ipv4);
	merge_family(&gso->kinds, capable->kinds, CX_L3_ALL_IPV6, ipv6);
}

/* The IPv4 header's checksum has no layer 4. */
static void merge_header(struct cx_kinds *of, struct cx_kinds capable, enum cx_setting setting)
{
	if (setting != CX_SAME)
		of->l3 = setting == CX_ON ? capable.l3 : 0;
}

static void merge_rsc(uint8_t *of, uint8_t capable, uint8_t family, enum cx_setting setting)
{
	if (setting == CX_OFF)
		*of &= (uint8_t)~family;
	else if (setting == CX_ON)
		*of |= capable & family;
}

static void merge_fine(const struct cx_offload_state *capable, const struct cx_offload_request *r,
		       struct cx_offload_state *s)
{
	const struct cx_checksum_caps *tx = &capable->tx_checksum, *rx = &capable->rx_checksum;

	merge_header(&s->tx_checksum.ipv4, tx->ipv4, r->ipv4_checksum.tx);
	merge_header(&s->rx_checksum.ipv4, rx->ipv4, r->ipv4_checksum.rx);
	merge_family(&s->tx_checksum.tcp, tx->tcp, CX_L3_ALL_IPV4, r->tcp_ipv4_checksum.tx);
	merge_family(&s->rx_checksum.tcp, rx->tcp, CX_L3_ALL_IPV4, r->tcp_ipv4_checksum.rx);
	merge_family(&s->tx_checksum.tcp, tx->tcp, CX_L3_ALL_IPV6, r->tcp_ipv6_checksum.tx);
	merge_family(&s->rx_checksum.tcp, rx->tcp, CX_L3_ALL_IPV6, r->tcp_ipv6_checksum.rx);
	merge_family(&s->tx_checksum.udp, tx->udp, CX_L3_ALL_IPV4, r->udp_ipv4_checksum.tx);
	merge_family(&s->rx_checksum.udp, rx->udp, CX_L3_ALL_IPV4, r->udp_ipv4_checksum.rx);
	merge_family(&s->tx_checksum.udp, tx->udp, CX_L3_ALL_IPV6, r->udp_ipv6_checksum.tx);
	merge_family(&s->rx_checksum.udp, rx->udp, CX_L3_ALL_IPV6, r->udp_ipv6_checksum.rx);
	merge_gso(&s->lso, &capable->lso, both_versions(r->lso_v1_ipv4, r->lso_v2_ipv4),
		  r->lso_v2_ipv6);
	merge_gso(&s->uso, &capable->uso, r->uso_ipv4, r->uso_ipv6);
	merge_rsc(&s->rsc.tcp, capable->rsc.tcp, CX_L3_IPV4, r->rsc_ipv4);
	merge_rsc(&s->rsc.tcp, capable->rsc.tcp, CX_L3_IPV6, r->rsc_ipv6);
	merge_rsc(&s->rsc.udp, capable->rsc.udp, CX_L3_IPV4 | CX_L3_IPV6, r->udp_rsc);
}

/* As 1.3: what was never declared stays off. */
static void merge_coarse(const struct cx2_adapter *a, const struct cx_offload_request *request,
			 struct cx_offload_state *state)
{
	const struct cx_offload_state *hardware = &a->core.offload.hardware;

	if (a->offload.checksum_declared) {
		const struct cx_coarse_checksum checksum =
			cx_coarse_merge_checksum(cx_coarse_checksum_of(state), request);

		cx_coarse_put_checksum(state, &checksum);
	}
	if (a->offload.gso_declared) {
		const struct cx_coarse_lso most = cx_coarse_lso_of(hardware);
		const struct cx_coarse_lso lso =
			cx_coarse_merge_lso(cx_coarse_lso_of(state), &most, request);

		cx_coarse_put_lso(state, &lso);
	}
	merge_rsc(&state->rsc.tcp, hardware->rsc.tcp, CX_L3_IPV4, request->rsc_ipv4);
	merge_rsc(&state->rsc.tcp, hardware->rsc.tcp, CX_L3_IPV6, request->rsc_ipv6);
}

void cx2_merge_offloads(const struct cx_adapter *adapter, const struct cx_offload_request *request,
			struct cx_offload_state *state)
{
	if (adapter->offload.fallback)
		merge_fine(&adapter->offload.capable, request, state);
	else
		merge_coarse((const struct cx2_adapter *)adapter, request, state);
}

/* ---- the callbacks ---- */

static unsigned checksum_bits(const struct cx_checksum_caps *c)
{
	return (cx_checksum_ipv4(c) ? CX2_CHECKSUM_IPV4 : 0) |
	       (cx_checksum_tcp(c) ? CX2_CHECKSUM_TCP : 0) |
	       (cx_checksum_udp(c) ? CX2_CHECKSUM_UDP : 0);
}

static unsigned gso_bits(const struct cx_offload_state *s)
{
	return (cx_lso_ipv4(s) ? CX2_LSO_IPV4 : 0) | (cx_lso_ipv6(s) ? CX2_LSO_IPV6 : 0) |
	       (cx_uso_ipv4(s) ? CX2_USO_IPV4 : 0) | (cx_uso_ipv6(s) ? CX2_USO_IPV6 : 0);
}

static unsigned rsc_bits(const struct cx_rsc_caps *rsc)
{
	return (rsc->tcp & CX_L3_IPV4 ? CX2_RSC_IPV4 : 0) |
	       (rsc->tcp & CX_L3_IPV6 ? CX2_RSC_IPV6 : 0) |
	       (rsc->timestamps ? CX2_RSC_TIMESTAMPS : 0) | (rsc->udp ? CX2_RSC_UDP : 0);
}

/* Give the driver a NETOFFLOAD that says @yes, for the time of the call. */
static void tell(struct cx2_adapter *a, const char *name, enum cx2_offload_kind kind, unsigned yes,
		 PFN_NET_ADAPTER_OFFLOAD_SET_GSO set, const struct nt_field *fields, size_t count)
{
	struct cx2_offload *offload = &a->offload;
	struct cx2_netoffload *handle = &offload->handles[offload->next_handle];
	struct nt_callback frame;

	if (!set)
		return;
	offload->next_handle = (offload->next_handle + 1) % CX2_NETOFFLOADS;
	*handle = (struct cx2_netoffload){ CX2_NETOFFLOAD_MAGIC, kind, yes, &a->core };
	nt_callback_begin(&frame, a->core.name, name);
	set(cx2_adapter_handle(&a->core), (NETOFFLOAD)handle);
	handle->kind = CX2_OFFLOAD_NONE;
	nt_callback_end_fields(&frame, fields, count);
}

static void tell_checksum(struct cx2_adapter *a, const char *name, enum cx2_offload_kind kind,
			  unsigned yes, PFN_NET_ADAPTER_OFFLOAD_SET_CHECKSUM set)
{
	const struct nt_field fields[] = { NT_BOOL("ipv4", yes & CX2_CHECKSUM_IPV4),
					   NT_BOOL("tcp", yes & CX2_CHECKSUM_TCP),
					   NT_BOOL("udp", yes & CX2_CHECKSUM_UDP) };

	tell(a, name, kind, yes, set, fields, sizeof(fields) / sizeof(fields[0]));
}

static void tell_gso(struct cx2_adapter *a, unsigned yes)
{
	const struct nt_field fields[] = { NT_BOOL("lso_ipv4", yes & CX2_LSO_IPV4),
					   NT_BOOL("lso_ipv6", yes & CX2_LSO_IPV6),
					   NT_BOOL("uso_ipv4", yes & CX2_USO_IPV4),
					   NT_BOOL("uso_ipv6", yes & CX2_USO_IPV6) };
	bool lso_only = a->minor == 0;

	tell(a, lso_only ? "EvtNetAdapterOffloadSetLso" : "EvtNetAdapterOffloadSetGso",
	     CX2_OFFLOAD_GSO, yes, a->offload.set_gso, fields, lso_only ? 2 : 4);
}

static void tell_rsc(struct cx2_adapter *a, unsigned yes)
{
	const struct nt_field fields[] = { NT_BOOL("tcp_ipv4", yes & CX2_RSC_IPV4),
					   NT_BOOL("tcp_ipv6", yes & CX2_RSC_IPV6),
					   NT_BOOL("tcp_timestamps", yes & CX2_RSC_TIMESTAMPS),
					   NT_BOOL("udp", yes & CX2_RSC_UDP) };

	tell(a, "EvtNetAdapterOffloadSetRsc", CX2_OFFLOAD_RSC, yes, a->offload.set_rsc, fields,
	     a->minor >= 5 ? 4 : 3);
}

/* Defaults of coalescing are told by keywords alone, like those that software has. */
static struct cx_rsc_caps rsc_at_start(const struct cx2_adapter *a,
				       const struct cx_offload_state *active)
{
	static const char *const keywords[] = { "*RscIPv4", "*RscIPv6", NULL };
	struct cx_rsc_caps rsc;

	if (!a->core.offload.fallback || !any_present(&a->core, keywords))
		return active->rsc;
	rsc = rsc_of_keywords(&a->core);
	rsc.udp = active->rsc.udp;
	return rsc;
}

void cx2_set_offloads(struct cx_adapter *adapter, const struct cx_offload_state *active)
{
	struct cx2_adapter *a = cx2_adapter(adapter);
	const struct cx2_offload *offload = &a->offload;
	struct cx_offload_state told = *active;

	if (cx_adapter_state(adapter) == CX_ADAPTER_STARTING)
		told.rsc = rsc_at_start(a, active);
	else if (adapter->offload.fallback)
		told = cx_offload_common(active, &adapter->offload.hardware);
	tell_checksum(a, "EvtNetAdapterOffloadSetChecksum", CX2_OFFLOAD_CHECKSUM,
		      checksum_bits(&told.tx_checksum), offload->set_checksum);
	tell_checksum(a, "EvtNetAdapterOffloadSetTxChecksum", CX2_OFFLOAD_TX_CHECKSUM,
		      checksum_bits(&told.tx_checksum), offload->set_tx_checksum);
	tell_checksum(a, "EvtNetAdapterOffloadSetRxChecksum", CX2_OFFLOAD_RX_CHECKSUM,
		      checksum_bits(&told.rx_checksum), offload->set_rx_checksum);
	tell_gso(a, gso_bits(&told));
	tell_rsc(a, rsc_bits(&told.rsc));
}
