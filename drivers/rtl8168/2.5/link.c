/* SPDX-License-Identifier: MIT */
/* link.c - what the link is now, told to the framework. */
#include "adapter.h"

#define RT_MBIT 1000000ULL

static UINT64
RtLinkSpeed(UCHAR PhyStatus)
{
	if (PhyStatus & RT_PHYSTATUS_1000MF)
		return 1000 * RT_MBIT;
	if (PhyStatus & RT_PHYSTATUS_100M)
		return 100 * RT_MBIT;
	return 10 * RT_MBIT;
}

/* At PASSIVE_LEVEL before the adapter starts and at power-up; in the DPC afterwards. */
VOID
RtLinkReport(RT_ADAPTER *Adapter)
{
	UCHAR phyStatus = RtRead8(Adapter, RT_PHYSTATUS);
	NET_ADAPTER_LINK_STATE state;

	if (phyStatus & RT_PHYSTATUS_LINKSTS) {
		/* 1000BASE-T is full duplex by definition here: PhyStatus has a bit for no other.
		 */
		BOOLEAN full = (phyStatus & (RT_PHYSTATUS_FULLDUP | RT_PHYSTATUS_1000MF)) != 0;

		NET_ADAPTER_LINK_STATE_INIT(
			&state, RtLinkSpeed(phyStatus), MediaConnectStateConnected,
			full ? MediaDuplexStateFull : MediaDuplexStateHalf,
			NetAdapterPauseFunctionTypeUnsupported,
			NetAdapterAutoNegotiationFlagXmitLinkSpeedAutoNegotiated |
				NetAdapterAutoNegotiationFlagRcvLinkSpeedautoNegotiated |
				NetAdapterAutoNegotiationFlagDuplexAutoNegotiated);
	} else {
		NET_ADAPTER_LINK_STATE_INIT_DISCONNECTED(&state);
	}

	NetAdapterSetLinkState(Adapter->NetAdapter, &state);
}
