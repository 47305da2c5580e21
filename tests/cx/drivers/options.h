/* SPDX-License-Identifier: MIT */
/*
 * What a test asks of the driver "recorder", and where the driver writes what was called. Seen by
 * both sides: no WCHAR in it. The driver exports it as RecorderOptions.
 */
#ifndef TESTS_CX_OPTIONS_H
#define TESTS_CX_OPTIONS_H

#include <ntddk.h>

/* Where the driver can be told to fail: the status it returns there. */
enum RECORDER_STEP {
	StepDriverEntry,
	StepDeviceAdd,
	StepPrepareHardware,
	StepD0Entry,
	StepCreateTxQueue,
	StepCreateRxQueue,
	StepCreateLastRxQueue, /* of those for receive scaling */
	StepScalingInitialize, /* SetIndirectionEntries before the queues run */
	StepScalingKey,
	StepScalingEnable,
	StepScalingEntries, /* SetIndirectionEntries while they run */
	StepCount
};

/* What the driver has handlers for: set, query and method. */
#define RECORDER_OID_SET    0x0001010e /* OID_GEN_CURRENT_PACKET_FILTER */
#define RECORDER_OID_QUERY  0x0001010c /* OID_GEN_VENDOR_ID */
#define RECORDER_OID_METHOD 0xff0d0e0f
#define RECORDER_OID_BOTH   0xff0d0e10 /* a set with room for output */

enum RECORDER_START { StartInPrepareHardware, StartInDeviceAdd, StartNever };

typedef struct _RECORDER_OPTIONS {
	/* one line per callback, on the thread of the callback */
	void (*Record)(const char *Text);
	NTSTATUS Fail[StepCount];
	enum RECORDER_START Start;

	BOOLEAN SkipDatapath, SkipLink, SkipMtu;
	ULONG PermanentLength, CurrentLength; /* bytes; 0: not set */
	ULONG Mtu;

	BOOLEAN DeclareChecksum, ChecksumIPv4, ChecksumTcp, ChecksumUdp, NoChecksumCallback;
	BOOLEAN DeclareLso, LsoIPv4, LsoIPv6, NoLsoCallback;
	SIZE_T LsoMaximum, LsoMinimum;
	BOOLEAN DeclareTwice; /* first with other values */

	BOOLEAN NoQueue;      /* the queue callbacks succeed and make none */
	BOOLEAN OwnExtension; /* "fox_mark", 8 bytes, on the transmit queue */
	ULONG PacketContexts; /* 0 to 2 */
	BOOLEAN RxExtras;     /* a context (PACKET_SECOND) and "fox_mark" on receive queues, too */
	BOOLEAN Requests;     /* make the two request queues */
	BOOLEAN RequestDefaults; /* the sequential one has a default for set and method, too */
	BOOLEAN Preprocess;      /* as a media class extension does: see each request first */
	BOOLEAN ResetCallback;   /* NetDeviceSetResetCallback */
	BOOLEAN LinkUpFirst;     /* tell the link before NetAdapterStart */
	BOOLEAN Power;           /* declare wake and protocol offload */

	SIZE_T ScalingQueues;  /* 0: no receive scaling is declared */
	SIZE_T ScalingEntries; /* 0: as the INIT function has it */
	ULONG ScalingHash, ScalingProtocols;
	BOOLEAN NoScalingCallback;
	BOOLEAN EntryFailsQuietly;    /* an entry's status is bad, the callback's is not */
	ULONG EntriesFail, FailTimes; /* so many entries at a failing call; 0: it fails always */

	/* a rule to break: see rules.c; runs where its name is found */
	const char *Break;

	/* filled in by the driver */
	PVOID Device, Adapter, TxQueue, RxQueue, RequestQueue;
	PVOID RxQueues[64]; /* by id */
	SIZE_T TxChecksumOffset, TxLsoOffset, RxChecksumOffset, RxLsoOffset, OwnOffset;
	PVOID Tokens[2], RxToken;
	SIZE_T RxOwnOffset;
	NTSTATUS StartStatus;
	ULONG volatile Lso; /* what EvtAdvance sees of the active set: IPv4 bit 0, IPv6 bit 1 */
	ULONG volatile Advances;
	ULONG RequestsGone; /* destroyed NETREQUESTs */
} RECORDER_OPTIONS;

#endif
