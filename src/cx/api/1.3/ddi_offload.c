/* SPDX-License-Identifier: MIT */
/* Offload capabilities, as NetAdapterCx 1.3 exports them. Source: DDI pages of netadapter.h, 1809.
 */
#include "cx/api/1.3/offload.h"
#include "cx/api/1.3/verifier.h"
#include "nt/export.h"

/*
 * NetAdapterOffloadSetLsoCapabilities (1.3) - the driver tells what its hardware can segment
 * @Adapter:  from NetAdapterCreate, not yet started
 * @HardwareCapabilities: copied before we return; MaximumOffloadSize in bytes of TCP payload,
 *            MinimumSegmentCount in segments
 * @EvtAdapterOffloadSetLso: called at PASSIVE_LEVEL with the active capabilities: at start, then
 *            after each request to change them; may be NULL
 *
 * The last call before NetAdapterStart wins. With both families FALSE it still declares the
 * offload: its packet extension is there. IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT VOID netcx_1_3_NetAdapterOffloadSetLsoCapabilities(
	NETADAPTER Adapter, NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES *HardwareCapabilities,
	PFN_NET_ADAPTER_OFFLOAD_SET_LSO EvtAdapterOffloadSetLso)
{
	struct cx_adapter *a = cx13_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);
	NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES hardware;

	cx_verify_passive(at);
	cx_verify_size(at, HardwareCapabilities, NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES);
	hardware = *HardwareCapabilities; /* what is checked is what counts */
	cx13_verify_lso_capabilities(at, &hardware);
	cx_verify_not_started(at, a);
	cx13_declare_lso(cx13_adapter(a), &hardware, EvtAdapterOffloadSetLso);
}

/* NetAdapterOffloadSetChecksumCapabilities (1.3) - the same for IPv4, TCP and UDP checksums. */
NETCX_EXPORT VOID netcx_1_3_NetAdapterOffloadSetChecksumCapabilities(
	NETADAPTER Adapter, NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES *HardwareCapabilities,
	PFN_NET_ADAPTER_OFFLOAD_SET_CHECKSUM EvtAdapterOffloadSetChecksum)
{
	struct cx_adapter *a = cx13_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);

	cx_verify_passive(at);
	cx_verify_size(at, HardwareCapabilities, NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES);
	cx_verify_not_started(at, a);
	cx13_declare_checksum(cx13_adapter(a), HardwareCapabilities, EvtAdapterOffloadSetChecksum);
}
