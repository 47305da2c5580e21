/* SPDX-License-Identifier: MIT */
/*
 * Offload capabilities, as NetAdapterCx 2.0 to 2.5 export them. All are called at PASSIVE_LEVEL;
 * what a driver declares it declares before NetAdapterStart, and the last call wins. Checks are in
 * the order of 21H2, and what has several is copied first: what is checked is what counts.
 */
#include "cx/api/2/adapter.h"
#include "cx/api/2/offload.h"
#include "cx/api/2/verifier.h"
#include "nt/export.h"
#include "nt/worker.h"
#include "wdf/driver.h"

/* Places in the table of functions, for the reports of those that are gone. */
enum {
	SET_CHECKSUM_INDEX = 20,
	IS_CHECKSUM_IPV4_INDEX = 21,
	IS_CHECKSUM_TCP_INDEX = 22,
	IS_CHECKSUM_UDP_INDEX = 23,
};

/* NetAdapterOffloadSetChecksumCapabilities (2.0) - checksums of both directions */
NETCX_EXPORT void netcx_2_NetAdapterOffloadSetChecksumCapabilities(
	NETADAPTER Adapter, NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES *HardwareCapabilities)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);

	cx2_verify_not_deprecated(at, cx2_adapter(a)->minor, SET_CHECKSUM_INDEX);
	cx_verify_passive(at);
	cx_verify_size(at, HardwareCapabilities, NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES);
	cx_verify_not_started(at, a);
	cx2_declare_checksum(cx2_adapter(a), HardwareCapabilities);
}

/*
 * NetAdapterOffloadSetTxChecksumCapabilities (2.1) - which packets the hardware sums
 * @HardwareCapabilities: copied; limits in bytes from the frame's start. INIT leaves the layer 4
 *         flags at 0: then it does IPv4 headers only.
 * Packets of other kinds are summed in software, if the adapter has a keyword for any checksum.
 */
NETCX_EXPORT void netcx_2_NetAdapterOffloadSetTxChecksumCapabilities(
	NETADAPTER Adapter,
	const NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES *HardwareCapabilities)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);
	NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES hardware;

	cx_verify_passive(at);
	cx_verify_size(at, HardwareCapabilities, NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES);
	hardware = *HardwareCapabilities;
	cx2_verify_tx_checksum_capabilities(at, &hardware);
	cx_verify_not_started(at, a);
	cx2_declare_tx_checksum(cx2_adapter(a), &hardware);
}

/* NetAdapterOffloadSetRxChecksumCapabilities (2.1) - the hardware looks at received checksums. */
NETCX_EXPORT void netcx_2_NetAdapterOffloadSetRxChecksumCapabilities(
	NETADAPTER Adapter, const NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES *Capabilities)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);

	cx_verify_passive(at);
	cx_verify_size(at, Capabilities, NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES);
	cx_verify_not_started(at, a);
	cx2_declare_rx_checksum(cx2_adapter(a), Capabilities);
}

/*
 * NetAdapterOffloadSetGsoCapabilities (2.1) - what the hardware segments, TCP (LSO) and UDP (USO)
 * @HardwareCapabilities: copied; MaximumOffloadSize in bytes of payload
 * What else the keywords offer is segmented in software.
 */
NETCX_EXPORT void netcx_2_NetAdapterOffloadSetGsoCapabilities(
	NETADAPTER Adapter, NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES *HardwareCapabilities)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);
	NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES hardware;

	cx_verify_passive(at);
	cx_verify_size(at, HardwareCapabilities, NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES);
	hardware = *HardwareCapabilities;
	cx2_verify_gso_capabilities(at, &hardware);
	cx_verify_not_started(at, a);
	cx2_declare_gso(cx2_adapter(a), &hardware);
}

/* The preview of 2.0 has another structure under the same name. */
static void set_preview_rsc(struct cx_adapter *a, const struct cx_site *at,
			    const struct netcx_rsc_capabilities_2_0 *hardware)
{
	cx_verify_struct_size(at, (const ULONG *)(const void *)hardware, sizeof(*hardware),
			      "NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES", "HardwareCapabilities");
	cx_verify_not_started(at, a);
	cx2_declare_preview_rsc(cx2_adapter(a), hardware);
}

/* NetAdapterOffloadSetRscCapabilities (2.1) - what the hardware coalesces; UDP from 2.5 on */
NETCX_EXPORT void netcx_2_NetAdapterOffloadSetRscCapabilities(
	NETADAPTER Adapter, NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES *HardwareCapabilities)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);

	cx_verify_passive(at);
	if (cx2_adapter(a)->minor == 0) {
		set_preview_rsc(a, at, (const void *)HardwareCapabilities);
		return;
	}
	cx_verify_size(at, HardwareCapabilities, NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES);
	cx_verify_not_started(at, a);
	cx2_declare_rsc(cx2_adapter(a), HardwareCapabilities);
}

/* NetAdapterOffloadSetIeee8021qTagCapabilities (2.1) - the tags that the hardware puts in. */
NETCX_EXPORT void netcx_2_NetAdapterOffloadSetIeee8021qTagCapabilities(
	NETADAPTER Adapter, NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_CAPABILITIES *HardwareCapabilities)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);

	cx_verify_passive(at);
	cx_verify_size(at, HardwareCapabilities, NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_CAPABILITIES);
	cx_verify_not_started(at, a);
	cx2_declare_tags(cx2_adapter(a), HardwareCapabilities);
}

/* NetAdapterOffloadSetIeee8021pTagCapabilities (late previews of 2.0) - priorities in tags; 2.1 has
 * them with flags. */
NETCX_EXPORT void netcx_2_NetAdapterOffloadSetIeee8021pTagCapabilities(
	NETADAPTER Adapter, NET_ADAPTER_OFFLOAD_IEEE8021P_TAG_CAPABILITIES *HardwareCapabilities)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);
	NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_CAPABILITIES tags;

	cx_verify_passive(at);
	cx_verify_size(at, HardwareCapabilities, NET_ADAPTER_OFFLOAD_IEEE8021P_TAG_CAPABILITIES);
	cx_verify_not_started(at, a);
	NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_CAPABILITIES_INIT(
		&tags, NetAdapterOffloadIeee8021PriorityTaggingFlag);
	cx2_declare_tags(cx2_adapter(a), &tags);
}

/* NetAdapterOffloadSetLsoCapabilities (preview of 2.0) - GSO took its place in 2.1. */
NETCX_EXPORT void netcx_2_NetAdapterOffloadSetLsoCapabilities(
	NETADAPTER Adapter, NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES *HardwareCapabilities)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);
	NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES hardware;

	cx_verify_passive(at);
	cx_verify_size(at, HardwareCapabilities, NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES);
	hardware = *HardwareCapabilities;
	cx2_verify_preview_lso(at, &hardware);
	cx_verify_not_started(at, a);
	cx2_declare_preview_lso(cx2_adapter(a), &hardware);
}

/* ---- what a callback's NETOFFLOAD says ---- */

static BOOLEAN ask(const struct cx_site *at, NETOFFLOAD handle, enum cx2_offload_kind kind,
		   unsigned bit)
{
	const struct cx2_netoffload *offload = (const struct cx2_netoffload *)handle;

	cx_verify_passive(at);
	cx2_verify_netoffload(at, offload, kind);
	return (offload->yes & bit) != 0;
}

/* The handle may be anything: the driver's version is its code's. */
static BOOLEAN ask_checksum(const struct cx_site *at, NETOFFLOAD handle, unsigned bit,
			    unsigned index)
{
	unsigned minor = cx2_minor(wdf_driver_calling(at->caller, at->call));

	cx2_verify_not_deprecated(at, minor, index);
	return ask(at, handle, CX2_OFFLOAD_CHECKSUM, bit);
}

NETCX_EXPORT BOOLEAN netcx_2_NetOffloadIsChecksumIPv4Enabled(NETOFFLOAD Offload)
{
	return ask_checksum(CX_SITE(NULL), Offload, CX2_CHECKSUM_IPV4, IS_CHECKSUM_IPV4_INDEX);
}

NETCX_EXPORT BOOLEAN netcx_2_NetOffloadIsChecksumTcpEnabled(NETOFFLOAD Offload)
{
	return ask_checksum(CX_SITE(NULL), Offload, CX2_CHECKSUM_TCP, IS_CHECKSUM_TCP_INDEX);
}

NETCX_EXPORT BOOLEAN netcx_2_NetOffloadIsChecksumUdpEnabled(NETOFFLOAD Offload)
{
	return ask_checksum(CX_SITE(NULL), Offload, CX2_CHECKSUM_UDP, IS_CHECKSUM_UDP_INDEX);
}

NETCX_EXPORT BOOLEAN netcx_2_NetOffloadIsTxChecksumIPv4Enabled(NETOFFLOAD Offload)
{
	return ask(CX_SITE(NULL), Offload, CX2_OFFLOAD_TX_CHECKSUM, CX2_CHECKSUM_IPV4);
}

NETCX_EXPORT BOOLEAN netcx_2_NetOffloadIsTxChecksumTcpEnabled(NETOFFLOAD Offload)
{
	return ask(CX_SITE(NULL), Offload, CX2_OFFLOAD_TX_CHECKSUM, CX2_CHECKSUM_TCP);
}

NETCX_EXPORT BOOLEAN netcx_2_NetOffloadIsTxChecksumUdpEnabled(NETOFFLOAD Offload)
{
	return ask(CX_SITE(NULL), Offload, CX2_OFFLOAD_TX_CHECKSUM, CX2_CHECKSUM_UDP);
}

NETCX_EXPORT BOOLEAN netcx_2_NetOffloadIsRxChecksumIPv4Enabled(NETOFFLOAD Offload)
{
	return ask(CX_SITE(NULL), Offload, CX2_OFFLOAD_RX_CHECKSUM, CX2_CHECKSUM_IPV4);
}

NETCX_EXPORT BOOLEAN netcx_2_NetOffloadIsRxChecksumTcpEnabled(NETOFFLOAD Offload)
{
	return ask(CX_SITE(NULL), Offload, CX2_OFFLOAD_RX_CHECKSUM, CX2_CHECKSUM_TCP);
}

NETCX_EXPORT BOOLEAN netcx_2_NetOffloadIsRxChecksumUdpEnabled(NETOFFLOAD Offload)
{
	return ask(CX_SITE(NULL), Offload, CX2_OFFLOAD_RX_CHECKSUM, CX2_CHECKSUM_UDP);
}

NETCX_EXPORT BOOLEAN netcx_2_NetOffloadIsLsoIPv4Enabled(NETOFFLOAD Offload)
{
	return ask(CX_SITE(NULL), Offload, CX2_OFFLOAD_GSO, CX2_LSO_IPV4);
}

NETCX_EXPORT BOOLEAN netcx_2_NetOffloadIsLsoIPv6Enabled(NETOFFLOAD Offload)
{
	return ask(CX_SITE(NULL), Offload, CX2_OFFLOAD_GSO, CX2_LSO_IPV6);
}

NETCX_EXPORT BOOLEAN netcx_2_NetOffloadIsUsoIPv4Enabled(NETOFFLOAD Offload)
{
	return ask(CX_SITE(NULL), Offload, CX2_OFFLOAD_GSO, CX2_USO_IPV4);
}

NETCX_EXPORT BOOLEAN netcx_2_NetOffloadIsUsoIPv6Enabled(NETOFFLOAD Offload)
{
	return ask(CX_SITE(NULL), Offload, CX2_OFFLOAD_GSO, CX2_USO_IPV6);
}

NETCX_EXPORT BOOLEAN netcx_2_NetOffloadIsTcpRscIPv4Enabled(NETOFFLOAD Offload)
{
	return ask(CX_SITE(NULL), Offload, CX2_OFFLOAD_RSC, CX2_RSC_IPV4);
}

NETCX_EXPORT BOOLEAN netcx_2_NetOffloadIsTcpRscIPv6Enabled(NETOFFLOAD Offload)
{
	return ask(CX_SITE(NULL), Offload, CX2_OFFLOAD_RSC, CX2_RSC_IPV6);
}

NETCX_EXPORT BOOLEAN netcx_2_NetOffloadIsRscTcpTimestampOptionEnabled(NETOFFLOAD Offload)
{
	return ask(CX_SITE(NULL), Offload, CX2_OFFLOAD_RSC, CX2_RSC_TIMESTAMPS);
}

/* 2.5 */
NETCX_EXPORT BOOLEAN netcx_2_NetOffloadIsUdpRscEnabled(NETOFFLOAD Offload)
{
	return ask(CX_SITE(NULL), Offload, CX2_OFFLOAD_RSC, CX2_RSC_UDP);
}

/* The names of RSC's in the preview of 2.0. */
NETCX_EXPORT BOOLEAN netcx_2_NetOffloadIsRscIPv4Enabled(NETOFFLOAD Offload)
{
	return ask(CX_SITE(NULL), Offload, CX2_OFFLOAD_RSC, CX2_RSC_IPV4);
}

NETCX_EXPORT BOOLEAN netcx_2_NetOffloadIsRscIPv6Enabled(NETOFFLOAD Offload)
{
	return ask(CX_SITE(NULL), Offload, CX2_OFFLOAD_RSC, CX2_RSC_IPV6);
}

NETCX_EXPORT BOOLEAN netcx_2_NetOffloadIsRscTimestampEnabled(NETOFFLOAD Offload)
{
	return ask(CX_SITE(NULL), Offload, CX2_OFFLOAD_RSC, CX2_RSC_TIMESTAMPS);
}

/* ---- pause and resume ---- */

/* Another thread may have stopped the adapter, or resumed its offloads, since the checks. */
static void pause_offloads(void *context)
{
	struct cx_adapter *a = context;

	if (cx_adapter_state(a) == CX_ADAPTER_STARTED)
		cx_offload_pause(a);
}

static void resume_offloads(void *context)
{
	struct cx_adapter *a = context;

	if (cx_adapter_state(a) == CX_ADAPTER_STARTED && a->offload.paused)
		cx_offload_resume(a);
}

/*
 * NetAdapterPauseOffloadCapabilities (2.4) - the hardware does no offload for a while
 * The callbacks say that all is off, before the return; software does what the stack is offered.
 */
NETCX_EXPORT void netcx_2_NetAdapterPauseOffloadCapabilities(NETADAPTER Adapter)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);

	cx_verify_passive(at);
	cx2_verify_adapter_started(at, a);
	nt_worker_call_in(a->owner->worker, pause_offloads, a, CX_CALL);
}

/* NetAdapterResumeOffloadCapabilities (2.4) - the callbacks say what is active again. */
NETCX_EXPORT void netcx_2_NetAdapterResumeOffloadCapabilities(NETADAPTER Adapter)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);

	cx_verify_passive(at);
	cx2_verify_adapter_started(at, a);
	cx2_verify_offload_paused(at, a);
	nt_worker_call_in(a->owner->worker, resume_offloads, a, CX_CALL);
}
