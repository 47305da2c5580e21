/* SPDX-License-Identifier: MIT */
/* The 2.x driver "recorder": declares what it is told to, records each callback, loops frames. */
#ifndef TESTS_CX2_RECORDER_H
#define TESTS_CX2_RECORDER_H

/* clang-format off */
#include <ntddk.h>
#include <wdf.h>
#include <netadaptercx.h>
#include <net/virtualaddress.h>
/* clang-format on */

#include "options.h"

extern RECORDER_OPTIONS RecorderOptions;

/* Record a callback: printf format without floating point. */
void RecorderSay(const char *Format, ...) __attribute__((format(printf, 1, 2)));

/* Points of the driver's life at which a rule can be broken. */
typedef enum _RECORDER_POINT {
	PointDeviceAdd,
	PointPrepareHardware, /* the adapter is there, nothing declared */
	PointBeforeStart,     /* all is declared */
	PointStarted,
	PointCreateTxQueue,
	PointTxQueueCreated,
	PointCreateRxQueue,
	PointRxQueueCreated,
	PointD0Entry,
	PointReceiveFilter,
	PointCollect, /* reset diagnostics */
	PointReleaseHardware,
	PointSetGso,       /* or LSO */
	PointSetRsc,       /* the last of the offload callbacks */
	PointRequest,      /* to set something: 2.0 */
	PointQueryRequest, /* to tell something */
} RECORDER_POINT;

/* Everything a broken rule may need; what is not there yet is NULL. */
typedef struct _RECORDER_PLACE {
	WDFDEVICE Device;
	NETADAPTER Adapter;
	NETTXQUEUE_INIT *TxQueueInit;
	NETRXQUEUE_INIT *RxQueueInit;
	NETPACKETQUEUE Queue;
	PVOID Filter; /* a NETRECEIVEFILTER: 2.0 has none */
	NETOFFLOAD Offload;
	PVOID Request; /* a NETREQUEST: the preview of 2.0 */
} RECORDER_PLACE;

/* rules.c: does what RecorderOptions.Break names, when this is its point. */
void RecorderBreak(RECORDER_POINT Point, const RECORDER_PLACE *Place);

/* filter.c: nothing in 2.0 */
void RecorderDeclareFilter(NETADAPTER Adapter);
void RecorderDeclareReset(PWDFDEVICE_INIT DeviceInit);
void RecorderRequestReset(WDFDEVICE Device); /* twice, which is once */

/* requests.c: of the preview of 2.0 */
NTSTATUS RecorderCreateRequestQueues(NETADAPTER Adapter);
void RecorderRequestAttributes(PWDF_OBJECT_ATTRIBUTES Attributes);

/* offloads.c */
void RecorderDeclareOffloads(NETADAPTER Adapter);
extern NETOFFLOAD RecorderKeptOffload; /* of the last GSO or, in 2.0, LSO callback */

/* scaling.c */
void RecorderDeclareScaling(NETADAPTER Adapter);

/* queues.c */
EVT_NET_ADAPTER_CREATE_TXQUEUE RecorderCreateTxQueue;
EVT_NET_ADAPTER_CREATE_RXQUEUE RecorderCreateRxQueue;

#endif
