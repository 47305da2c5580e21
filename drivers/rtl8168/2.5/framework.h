/* SPDX-License-Identifier: MIT */
/* framework.h - what the files that speak to NetAdapterCx 2.5 do for each other. */
#pragma once

#include "adapter.h"

/* adapter.c */
NTSTATUS RtAdapterCreate(WDFDEVICE Device);

/* offload.c */
VOID RtOffloadDeclare(RT_ADAPTER *Adapter);

/* receivefilter.c */
VOID RtReceiveFilterDeclare(RT_ADAPTER *Adapter);

/* receivescaling.c */
VOID RtReceiveScalingDeclare(RT_ADAPTER *Adapter);

/* wake.c */
VOID RtWakeInitialize(PWDFDEVICE_INIT DeviceInit);
VOID RtWakeDeclare(RT_ADAPTER *Adapter);

/* txqueue.c, rxqueue.c */
ULONG RtRxQueueGetId(NETPACKETQUEUE Queue);
EVT_NET_ADAPTER_CREATE_TXQUEUE EvtAdapterCreateTxQueue;
EVT_NET_ADAPTER_CREATE_RXQUEUE EvtAdapterCreateRxQueue;
