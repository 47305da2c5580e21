/* SPDX-License-Identifier: MIT */
/* The 2.x driver "wake": declares wake sources and power offloads, and says what it is asked for.
 */
#ifndef TESTS_CX2_WAKE_H
#define TESTS_CX2_WAKE_H

/* clang-format off */
#include <ntddk.h>
#include <wdf.h>
#include <netadaptercx.h>
/* clang-format on */

#include "wake_options.h"

extern WAKE_OPTIONS WakeOptions;

typedef enum _WAKE_POINT {
	PointInit,    /* EvtDriverDeviceAdd, before NetDeviceInitConfig */
	PointDeclare, /* before NetAdapterStart */
	PointPreview, /* inside a preview callback */
	PointArm,
	PointDisarm
} WAKE_POINT;

/* Everything a broken rule may need; what is not there is NULL. */
typedef struct _WAKE_PLACE {
	PWDFDEVICE_INIT Init;
	WDFDEVICE Device;
	NETADAPTER Adapter;
	NETWAKESOURCE Source;
	NETPOWEROFFLOAD Offload;
} WAKE_PLACE;

/* wake_rules.c: does what WakeOptions.Break names, when this is its point. */
void WakeBreak(WAKE_POINT Point, const WAKE_PLACE *Place);

/* wake.c: an adapter more; and what it has to declare, none of which wakes it */
NTSTATUS WakeCreateAdapter(WDFDEVICE Device, NETADAPTER *Adapter);
void WakeDeclare(NETADAPTER Adapter);

/* wake_walker.c: a thread that does what WakeOptions.Walk says */
NTSTATUS WakeStartWalker(WDFDEVICE Device);
EVT_WDF_DEVICE_RELEASE_HARDWARE WakeEndWalker;

/* wake_queues.c: packet queues that drop what is sent and receive nothing */
EVT_NET_ADAPTER_CREATE_TXQUEUE WakeCreateTxQueue;
EVT_NET_ADAPTER_CREATE_RXQUEUE WakeCreateRxQueue;

#endif
