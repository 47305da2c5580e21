/* SPDX-License-Identifier: MIT */
/* framework.h - what the files that speak to NetAdapterCx 1.3 do for each other. */
#pragma once

#include "adapter.h"

#define RT_PACKET_FILTERS                                                          \
	(NET_PACKET_FILTER_TYPE_DIRECTED | NET_PACKET_FILTER_TYPE_MULTICAST |      \
	 NET_PACKET_FILTER_TYPE_ALL_MULTICAST | NET_PACKET_FILTER_TYPE_BROADCAST | \
	 NET_PACKET_FILTER_TYPE_PROMISCUOUS)

/* adapter.c */
NTSTATUS RtAdapterCreate(WDFDEVICE Device);

/* offload.c */
VOID RtOffloadDeclare(RT_ADAPTER *Adapter);

/* request.c */
NTSTATUS RtRequestCreateQueue(RT_ADAPTER *Adapter);

/* statistics.c */
NTSTATUS RtStatisticsCreate(RT_ADAPTER *Adapter);
NTSTATUS RtStatisticsQuery(RT_ADAPTER *Adapter, NDIS_STATISTICS_INFO *Statistics);

/* receivescaling.c */
VOID RtReceiveScalingDeclare(RT_ADAPTER *Adapter);

/* txqueue.c, rxqueue.c */
ULONG RtRxQueueGetId(NETPACKETQUEUE Queue);
EVT_NET_ADAPTER_CREATE_TXQUEUE EvtAdapterCreateTxQueue;
EVT_NET_ADAPTER_CREATE_RXQUEUE EvtAdapterCreateRxQueue;
