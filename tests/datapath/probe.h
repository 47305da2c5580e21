/* SPDX-License-Identifier: MIT */
/*
 * A client driver for the datapath's tests: a software NIC that writes down every packet it is
 * given, receives what the test hands it, and breaks rules on request. Written against the public
 * headers; its globals are one struct, since a test runs one at a time.
 */
#ifndef TESTS_DATAPATH_PROBE_H
#define TESTS_DATAPATH_PROBE_H

#include <pthread.h>
#include <ntddk.h>
#include <wdf.h>
#include <netadaptercx.h>

#define PROBE_PACKETS 4096

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
};

enum probe_misdeed {
	PROBE_BEHAVES,
	PROBE_HOLDS_PACKETS, /* returns nothing until told */
	PROBE_BEGIN_TOO_FAR,
	PROBE_RAISES_IRQL,
	PROBE_KEEPS_RECEIVE_BUFFERS, /* at EvtCancel */
	PROBE_BAD_LENGTH,            /* receives with lengths outside the buffer */
};

struct probe {
	struct probe_settings settings;
	_Atomic int misdeed;
	pthread_mutex_t lock; /* of what follows: the test reads while the driver runs */
	struct probe_packet packets[PROBE_PACKETS];
	unsigned count;
	const UCHAR *receive; /* a frame to be received next, or NULL */
	SIZE_T receiveLength;
	UCHAR receiveLayer4;
	unsigned received, returned, arms, advances, lsoCalls;
	BOOLEAN lsoIPv4, lsoIPv6;
	NETPACKETQUEUE txQueue, rxQueue;
	BOOLEAN quiet; /* count packets, do not keep them */
};

extern struct probe probe;

DRIVER_INITIALIZE ProbeDriverEntry;
void probe_reset(void);

#endif
