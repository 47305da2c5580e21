/* SPDX-License-Identifier: MIT */
/*
 * What a test asks of the 2.x driver "recorder", and what the driver leaves for it to look at. Seen
 * by both sides: no WCHAR in it, no type of NetAdapterCx. The driver exports it as RecorderOptions.
 */
#ifndef TESTS_CX2_OPTIONS_H
#define TESTS_CX2_OPTIONS_H

#include <ntddk.h>

/* Where the driver can be told to fail: the status it returns there. */
enum RECORDER_STEP {
	StepDriverEntry,
	StepDeviceAdd,
	StepPrepareHardware,
	StepD0Entry,
	StepCreateTxQueue,
	StepCreateRxQueue,
	StepCount
};

/* What the driver compiled for 2.0 has handlers for: set, query and method. */
#define RECORDER_OID_SET    0xff010001
#define RECORDER_OID_QUERY  0xff010002
#define RECORDER_OID_METHOD 0xff0d0e0f
#define RECORDER_OID_BOTH   0xff0d0e10 /* a set with room for output */

enum RECORDER_START { StartInPrepareHardware, StartInDeviceAdd, StartNever };

/* Which capabilities are declared; 2.0: checksums of both directions, LSO and RSC of the preview.
 */
#define DECLARE_TX_CHECKSUM 0x1
#define DECLARE_RX_CHECKSUM 0x2
#define DECLARE_GSO         0x4
#define DECLARE_RSC         0x8
#define DECLARE_TAGS        0x10
#define DECLARE_ALL         0x1f

typedef struct _RECORDER_OFFLOADS {
	UCHAR Declare;
	ULONG Layer3, Layer4; /* flags of all that have any; 0: every one */
	USHORT HeaderOffsetLimit;
	SIZE_T MaximumOffloadSize; /* 0: 64000 */
} RECORDER_OFFLOADS;

typedef struct _RECORDER_OPTIONS {
	/* one line per callback, on the thread of the callback */
	void (*Record)(const char *Text);
	NTSTATUS Fail[StepCount];
	enum RECORDER_START Start;

	BOOLEAN ConfigTwice;                     /* NetDeviceInitConfig */
	BOOLEAN SkipDatapath, SkipLink, SkipMtu; /* not declared before a start */
	ULONG PermanentLength, CurrentLength;    /* bytes; 0: not set */
	ULONG Mtu;
	BOOLEAN LinkUpFirst;      /* tell the link before NetAdapterStart */
	UCHAR TxDemux;            /* queues by 802.1p priority; 0: not asked for */
	SIZE_T TxQueues;          /* MaximumNumberOfQueues; 0: one */
	SIZE_T ScalingQueues;     /* 0: no receive scaling is declared */
	BOOLEAN ReadKeyword;      /* *JumboPacket, of adapter and device */
	BOOLEAN Requests;         /* make the two request queues: the preview of 2.0 */
	BOOLEAN RequestDefaults;  /* the sequential one has a default for set and method, too */
	BOOLEAN ReceiveFilter;    /* declare a receive filter; 2.1 and later, as resets */
	BOOLEAN Reset;            /* ask for one in EvtDeviceD0Entry */
	BOOLEAN StartLightweight; /* one more adapter, without a device: 2.3 and later */
	BOOLEAN NoQueue;          /* the queue callbacks succeed and make none */

	RECORDER_OFFLOADS Offloads;

	/* a rule to break: see rules.c; runs where its name is found */
	const char *Break;

	/* filled in by the driver */
	PVOID Device, Adapter, Lightweight;
	PVOID RequestQueue;             /* the sequential one, once it was used */
	ULONG RequestsGone;             /* destroyed NETREQUESTs */
	PVOID Filter;                   /* the NETRECEIVEFILTER of the last callback */
	PVOID TxQueue[64], RxQueue[64]; /* by id */
	NTSTATUS StartStatus;
	ULONG volatile Sent, Received; /* packets */
} RECORDER_OPTIONS;

#endif
