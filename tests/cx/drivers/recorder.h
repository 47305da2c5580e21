/* SPDX-License-Identifier: MIT */
/* The driver "recorder": declares what it is told to and records each callback. */
#ifndef TESTS_CX_RECORDER_H
#define TESTS_CX_RECORDER_H

#include <netadaptercx.h>
#include <ntddk.h>
#include <wdf.h>

#include "options.h"

extern RECORDER_OPTIONS RecorderOptions;

typedef struct _PACKET_FIRST {
	UINT64 Value[3];
} PACKET_FIRST;
typedef struct _PACKET_SECOND {
	UCHAR Value;
} PACKET_SECOND;

NET_PACKET_DECLARE_CONTEXT_TYPE_WITH_NAME(PACKET_FIRST, RecorderGetFirst)
NET_PACKET_DECLARE_CONTEXT_TYPE_WITH_NAME(PACKET_SECOND, RecorderGetSecond)

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
	PointScalingEntries, /* at DISPATCH_LEVEL */
	PointD0Entry,
	PointRequest,      /* to set something */
	PointQueryRequest, /* to tell something */
	PointPreprocess
} RECORDER_POINT;

/* Everything a broken rule may need; what is not there yet is NULL. */
typedef struct _RECORDER_PLACE {
	WDFDEVICE Device;
	NETADAPTER Adapter;
	PNETTXQUEUE_INIT TxQueueInit;
	NETPACKETQUEUE TxQueue;
	NETREQUEST Request;
	PNETRXQUEUE_INIT RxQueueInit;
	NETPACKETQUEUE RxQueue;
	ULONG QueueId; /* of a receive queue */
} RECORDER_PLACE;

/* rules.c: does what RecorderOptions.Break names, when this is its point. */
void RecorderBreak(RECORDER_POINT Point, const RECORDER_PLACE *Place);

/* scaling.c */
void RecorderDeclareScaling(NETADAPTER Adapter);
EVT_NET_ADAPTER_RECEIVE_SCALING_ENABLE RecorderScalingEnable;
EVT_NET_ADAPTER_RECEIVE_SCALING_DISABLE RecorderScalingDisable;
EVT_NET_ADAPTER_RECEIVE_SCALING_SET_HASH_SECRET_KEY RecorderSetHashSecretKey;
EVT_NET_ADAPTER_RECEIVE_SCALING_SET_INDIRECTION_ENTRIES RecorderSetIndirectionEntries;

/* requests.c */
NTSTATUS RecorderCreateRequestQueues(NETADAPTER Adapter);
void RecorderRequestAttributes(PWDF_OBJECT_ATTRIBUTES Attributes);

EVT_NET_ADAPTER_CREATE_TXQUEUE RecorderCreateTxQueue;
EVT_NET_ADAPTER_CREATE_RXQUEUE RecorderCreateRxQueue;
EVT_PACKET_QUEUE_ADVANCE RecorderAdvance;
EVT_PACKET_QUEUE_SET_NOTIFICATION_ENABLED RecorderSetNotificationEnabled;
EVT_PACKET_QUEUE_CANCEL RecorderCancel;

#endif
