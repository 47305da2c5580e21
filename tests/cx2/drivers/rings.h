/* SPDX-License-Identifier: MIT */
/*
 * A client driver for the tests of 2.x's queues: a software NIC that loops nothing back, counts
 * what it sends, receives what the test hands it, and lets the test do what it likes to its rings
 * in each of its callbacks. One module for each version; its globals are one struct, "rings".
 */
#ifndef TESTS_CX2_RINGS_H
#define TESTS_CX2_RINGS_H

/* clang-format off */
#include <ntddk.h>
#include <wdf.h>
#include <netadaptercx.h>
/* clang-format on */
#include <pthread.h>

enum rings_buffers { RINGS_SYSTEM, RINGS_DRIVER, RINGS_ATTACHES };

/* Where a test's deed is called. */
enum rings_place {
	RINGS_STARTS,
	RINGS_ADVANCES, /* before it looks at its rings */
	RINGS_FILLS,    /* a packet is filled in or looked at, and not returned yet */
	RINGS_ADVANCED, /* all is returned */
	RINGS_ARMS,
	RINGS_CANCELS, /* after it has returned what it returns */
	RINGS_STOPS,
	RINGS_CREATES, /* a queue: with its configuration in `config` */
	RINGS_CREATED, /* with its handle */
};

struct rings_event {
	enum rings_place place;
	BOOLEAN transmit;
	const NET_RING_COLLECTION *rings;
	NETPACKETQUEUE queue;
	UINT32 packet; /* RINGS_FILLS: its index */
	NET_PACKET_QUEUE_CONFIG *config;
	NETTXQUEUE_INIT *txInit;
	NETRXQUEUE_INIT *rxInit;
};

/* A packet that was sent, as the driver saw it. */
struct rings_sent {
	NET_PACKET packet;
	SIZE_T length;
	UCHAR bytes[4096];
};

struct rings {
	/* Set before the driver is loaded. */
	enum rings_buffers buffers;
	BOOLEAN checksum, gso, rsc, timestamps, ieee8021q, scaling, demux;
	void (*deed)(struct rings_event *event); /* NULL: none */
	UINT32 pieces;                           /* fragments of a received packet; 0: one */
	BOOLEAN skipsOne;      /* a fragment in front of each packet is returned unused */
	BOOLEAN keepsAtCancel; /* returns nothing in EvtCancel, all in the next EvtAdvance */

	pthread_mutex_t lock; /* of what follows */
	const UCHAR *receive; /* a frame to be received next; NULL: none */
	SIZE_T receiveLength;
	struct rings_sent last; /* the last packet that was sent */
	unsigned sent, received, ignored, returned, arms, armsTx, starts, startsAtZero;
	NETPACKETQUEUE tx, rx;
	NETADAPTER adapter;
	WDFDEVICE device;
	BOOLEAN cancelled[2];
	/* By the rx queue's extensions. */
	NET_EXTENSION virtualAddress, dataBuffer, returnContext, bufferAddress, checksumExtension;
	NET_EXTENSION txAddress;
};

#endif
