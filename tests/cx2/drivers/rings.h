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

/* What the driver does wrong when it makes its receive queue and asks it (rings_faults.c). */
enum rings_fault {
	RINGS_NO_FAULT,
	RINGS_QUEUE_WITHOUT_CANCEL,
	RINGS_QUEUE_WITHOUT_ADVANCE,
	RINGS_QUEUE_WITHOUT_NOTIFICATION,
	RINGS_QUEUE_WITH_PARENT,
	RINGS_QUEUE_TWICE,
	RINGS_QUEUE_OF_NOTHING,
	RINGS_QUEUE_LATE,
	RINGS_QUEUE_OF_THE_OTHER_KIND,
	RINGS_QUEUE_AT_DISPATCH,
	RINGS_QUEUE_SIZE,
	RINGS_QUERY_SIZE,
	RINGS_QUERY_WITHOUT_NAME,
	RINGS_QUERY_EMPTY_NAME,
	RINGS_QUERY_RESERVED_NAME,
	RINGS_QUERY_UNKNOWN_NAME,
	RINGS_QUERY_NEWER_VERSION,
	RINGS_QUERY_OTHER_ELEMENT,
	RINGS_QUERY_OTHER_DIRECTION,
	RINGS_QUERY_HASH,
	RINGS_QUERY_VERSION_0,
	RINGS_QUERY_TYPE,
	RINGS_QUERY_OF_THE_OTHER_KIND,
	RINGS_RINGS_OF_THE_OTHER_KIND,
	RINGS_NOTIFY_THE_OTHER_KIND,
	RINGS_ASKS_PRIORITY,
};

#define RINGS_STEPS 65536

/* What the execution context did, in order. */
enum rings_step {
	RINGS_PRE,
	RINGS_TX_ADVANCE,
	RINGS_RX_ADVANCE,
	RINGS_POST,
	RINGS_ARMED,
	RINGS_DISARMED,
	RINGS_TASK,
};

/* What is wrong with how the context or its task is made. */
enum rings_bad_context {
	RINGS_GOOD,
	RINGS_NO_CALLBACK,
	RINGS_BAD_SIZE,
	RINGS_PARENT,
	RINGS_TASK_PARENT,
	RINGS_TASK_NO_CALLBACK,
};

/* What the driver does to context or task: rings_act(), or the task itself. */
enum rings_act {
	RINGS_NOTHING,
	RINGS_ENQUEUE,
	RINGS_WAIT,
	RINGS_NOTIFY,
	RINGS_DELETE_TASK,
	RINGS_DELETE_CONTEXT,
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

	BOOLEAN holds; /* EvtAdvance of the transmit queue returns nothing */
	BOOLEAN waits; /* it does so when it has been armed, as hardware that interrupts */

	enum rings_fault fault;
	NETRXQUEUE_INIT *kept; /* of the last receive queue */
	UINT8 priority;        /* of the transmit queue, when it was asked for */

	/* Of the execution context. */
	BOOLEAN grouped, around; /* the queues have it; it has EvtPreAdvance and EvtPostAdvance */
	enum rings_bad_context badContext;
	enum rings_act inTask;
	void (*inPost)(void);    /* NULL: nothing */
	void (*inTaskToo)(void); /* NULL: nothing */

	pthread_mutex_t lock; /* of what follows */
	const UCHAR *receive; /* a frame to be received next; NULL: none */
	SIZE_T receiveLength;
	struct rings_sent last;          /* the last packet that was sent */
	BOOLEAN mayReturn;               /* it has been armed and has notified since */
	unsigned completed;              /* times that it returned */
	unsigned held;                   /* seen, and not returned yet */
	unsigned offloadCalls, heldThen; /* of its callback about offloads; held at the last one */
	unsigned sent, received, ignored, returned, arms, armsTx, starts, startsAtZero;
	NETPACKETQUEUE tx, rx;
	NETADAPTER adapter;
	WDFDEVICE device;
	BOOLEAN cancelled[2];
	const NET_RING_COLLECTION *txRings; /* while it runs */
#if NETCX_SINCE(1)
	NETEXECUTIONCONTEXT context;
	NETEXECUTIONCONTEXTTASK task;
#else
	void *context, *task;
#endif
	BOOLEAN contextMatches;
	pthread_t thread;   /* the first that a callback of it came on; 0: none */
	unsigned strangers; /* callbacks that came on another one */
	unsigned tasksRun, stepCount;
	enum rings_step steps[RINGS_STEPS];
	/* By the rx queue's extensions. */
	NET_EXTENSION virtualAddress, dataBuffer, returnContext, bufferAddress, checksumExtension;
	NET_EXTENSION txAddress;
};

/* rings_faults.c */
void RingsSpoilConfig(NETRXQUEUE_INIT **init, WDF_OBJECT_ATTRIBUTES *attributes,
		      NET_PACKET_QUEUE_CONFIG *config);
void RingsMisuseInit(NETRXQUEUE_INIT *init, NET_PACKET_QUEUE_CONFIG *config);
void RingsMisuseQueue(NETRXQUEUE_INIT *init, NET_PACKET_QUEUE_CONFIG *config, NETPACKETQUEUE queue);
void RingsUseKeptInit(void);

/* rings_execution.c, in drivers for 2.1 and later */
NTSTATUS RingsCreateContext(WDFDEVICE device);
void RingsGroup(NET_PACKET_QUEUE_CONFIG *config, BOOLEAN transmit);
void RingsNoteAdvance(BOOLEAN transmit);

#endif
