/* SPDX-License-Identifier: MIT */
#include "cx/api/2/adapter_init.h"

struct cx2_adapter_init *cx2_adapter_init_of(NETADAPTER_INIT *handle, const struct cx_site *at)
{
	cx_verify_adapter_init(at, handle, "NetAdapterInitAllocate");
	return (struct cx2_adapter_init *)handle;
}

void cx2_verify_datapath_callbacks(const struct cx_site *at,
				   const NET_ADAPTER_DATAPATH_CALLBACKS *callbacks)
{
	if (!callbacks->EvtAdapterCreateTxQueue || !callbacks->EvtAdapterCreateRxQueue)
		cx_violation(at, CX_INVALID_DATAPATH_CALLBACKS, (uintptr_t)callbacks, 0,
			     "An adapter that has packets makes queues of both kinds.",
			     "%s is NULL.",
			     callbacks->EvtAdapterCreateRxQueue ? "EvtAdapterCreateTxQueue"
								: "EvtAdapterCreateRxQueue");
}

void cx2_verify_tx_demux(const struct cx_site *at, const NET_ADAPTER_TX_DEMUX *demux)
{
	cx_verify_struct_size(at, &demux->Size, sizeof(*demux), "NET_ADAPTER_TX_DEMUX", "Demux");
	if (demux->Type != NetAdapterTxDemuxType8021p)
		cx_violation(at, CX_INVALID_TX_DEMUX_TYPE, (uintptr_t)demux, (ULONG)demux->Type,
			     "The only type is NetAdapterTxDemuxType8021p (1).", "Type is %d.",
			     (int)demux->Type);
	if (demux->Range < 2 || demux->Range > 8)
		cx_violation(at, CX_INVALID_TX_DEMUX_RANGE, (uintptr_t)demux, demux->Range,
			     "802.1p has eight priorities: 2 to 8 queues share them.",
			     "Range is %u.", demux->Range);
}
