/* SPDX-License-Identifier: MIT */
/*
 * A client driver for the datapath's tests: a software NIC that writes down every packet it is
 * given, receives what the test hands it, and breaks rules on request. Written against the public
 * headers; its globals are one struct, since a test runs one at a time.
 */
#ifndef TESTS_DATAPATH_PROBE_H
#define TESTS_DATAPATH_PROBE_H

#include <netadaptercx.h>
#include <ntddk.h>
#include <pthread.h>
#include <wdf.h>

#define PROBE_PACKETS   4096
#define PROBE_RX_QUEUES 4

/* A transmit packet as the driver saw it. */
struct probe_packet {
	NET_PACKET_LAYOUT layout;
	ULONG mss;
	UCHAR layer3, layer4; /* of the checksum extension; 0xFF: no extension */
	BOOLEAN ignored;
	UINT16 fragments;
	SIZE_T length;
	UCHAR *data;
};

/* What the test asks of the driver before it starts it. */
struct probe_settings {
	BOOLEAN declareChecksum, checksumIPv4, checksumTcp, checksumUdp;
	BOOLEAN declareLso, lsoIPv4, lsoIPv6;
	SIZE_T lsoMaximum, lsoSegments;
	SIZE_T maximumFragment, backfill, maximumFragments;
	SIZE_T receiveFragment;
	BOOLEAN driverManaged;
	SIZE_T rxQueues;         /* of receive scaling; 0: it is not declared */
	NTSTATUS failEnable;     /* what EvtAdapterReceiveScalingEnable says */
	ULONG failQueue;         /* the receive queue that is not made; 0: none */
	unsigned framesAtArming; /* come in the moment the driver is armed */
};

enum probe_misdeed {
	PROBE_BEHAVES,
	PROBE_HOLDS_PACKETS, /* returns nothing until told */
	PROBE_BEGIN_TOO_FAR,
	PROBE_RAISES_IRQL,
	PROBE_KEEPS_RECEIVE_BUFFERS, /* at EvtCancel */
	PROBE_RETURNS_AS_THEY_WERE,  /* no misdeed: EvtCancel moves BeginIndex only */
	PROBE_BAD_LENGTH,            /* receives with lengths outside the buffer */
	PROBE_LAST_QUEUE_TOO_FAR,    /* the last receive queue's BeginIndex */
};

/* Where a test's deed is called. */
enum probe_place {
	PROBE_STARTS,
	PROBE_ADVANCES, /* before it looks at its packets */
	PROBE_ADVANCED, /* and after that */
	PROBE_ARMS,
	PROBE_CANCELS, /* after it has returned what it returns */
	PROBE_STOPS,
};

/* What a test has the driver do in callbacks of its queues. On the queue's thread. */
typedef void probe_deed(enum probe_place place, PCNET_DATAPATH_DESCRIPTOR datapath,
			BOOLEAN transmit, ULONG id);

/*
 * A receive queue that makes its own frames, 64 bytes each: at byte 14 the queue, then the number
 * of the frame. The queue's thread's, but for the atomics.
 */
struct probe_source {
	NETPACKETQUEUE queue;
	_Atomic unsigned wanted; /* frames to be made in all */
	_Atomic unsigned made;
};

struct probe {
	struct probe_settings settings;
	_Atomic int misdeed;
	_Atomic unsigned returned; /* the driver's own buffers, to it */
	pthread_mutex_t lock;      /* of what follows: the test reads while the driver runs */
	struct probe_packet packets[PROBE_PACKETS];
	unsigned count;
	const UCHAR *receive; /* a frame to be received next, or NULL */
	SIZE_T receiveLength;
	UCHAR receiveLayer4;
	unsigned received, arms, advances, lsoCalls;
	unsigned starts, startsAtZero; /* EvtStart; with a ring whose indices are 0 */
	BOOLEAN lsoIPv4, lsoIPv6;
	NETPACKETQUEUE txQueue, rxQueue;
	WDFDEVICE device;
	NETADAPTER adapter;
	void (*inAdvance)(void); /* called by the transmit queue's EvtAdvance; or NULL */
	void (*inSetLso)(void);  /* the same of EvtNetAdapterOffloadSetLso */
	BOOLEAN armed;           /* receive queue 0, for probe_interrupt() */
	_Atomic unsigned enables, disables, tables; /* callbacks of receive scaling */
	struct probe_source sources[PROBE_RX_QUEUES];
	probe_deed *deed; /* NULL: none; set before the driver starts */
	BOOLEAN quiet;    /* count packets, do not keep them */
};

extern struct probe probe;

DRIVER_INITIALIZE ProbeDriverEntry;
void probe_reset(void);

/* probe_interrupt() - the hardware has a frame: notifies when the driver is armed. */
void probe_interrupt(const UCHAR *frame, SIZE_T length);

/* probe_make_frames() - @count more on receive queue @id, which is notified. */
void probe_make_frames(unsigned id, unsigned count);

#endif
