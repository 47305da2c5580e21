/* SPDX-License-Identifier: MIT */
#include "cx/api/2/adapter_init.h"

struct cx2_adapter_init *cx2_adapter_init_of(NETADAPTER_INIT *handle, const struct cx_site *at)
{
	cx_verify_adapter_init(at, handle, "NetAdapterInitAllocate");
	return (struct cx2_adapter_init *)handle;
}

void cx2_verify_datapath_callbacks(const struct cx_site *at,
				   const NET_ADAPTER_DATAPATH_CALLBACKS *callbacks,
				   uint64_t address)
{
	if (!callbacks->EvtAdapterCreateTxQueue || !callbacks->EvtAdapterCreateRxQueue)
		cx_violation(at, CX_INVALID_DATAPATH_CALLBACKS, address, 0,
			     "An adapter that has packets makes queues of both kinds.",
			     "%s is NULL.",
			     callbacks->EvtAdapterCreateRxQueue ? "EvtAdapterCreateTxQueue"
								: "EvtAdapterCreateRxQueue");
}

void cx2_verify_tx_demux(const struct cx_site *at, const NET_ADAPTER_TX_DEMUX *demux,
			 uint64_t address)
{
	if (demux->Type != NetAdapterTxDemuxType8021p)
		cx_violation(at, CX_INVALID_TX_DEMUX_TYPE, address, (ULONG)demux->Type,
			     "The only type is NetAdapterTxDemuxType8021p (1).", "Type is %d.",
			     (int)demux->Type);
	if (demux->Range < 2 || demux->Range > 8)
		cx_violation(at, CX_INVALID_TX_DEMUX_RANGE, address, demux->Range,
			     "802.1p has eight priorities: 2 to 8 queues share them.",
			     "Range is %u.", demux->Range);
}
