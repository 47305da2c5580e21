/* SPDX-License-Identifier: MIT */
/*
 * The API of a second, tiny shape: three functions, two callbacks, packets that look like nothing
 * in NetAdapterCx. It exists to prove that a shape is a folder: the core, the datapath and the host
 * run it beside 1.3 and know neither.
 */
#ifndef TESTS_SHAPE_TINY_H
#define TESTS_SHAPE_TINY_H

#include <ntddk.h>
#include <wdf.h>

typedef struct tiny_adapter *TINYADAPTER;
typedef struct tiny_queue *TINYQUEUE;

/* One packet. @room is the framework's, @length who gives it sets. */
struct tiny_slot {
	UCHAR *frame;
	ULONG length, room; /* bytes */
	ULONG segment;      /* transmit: cut in segments of so many bytes; 0: it is one frame */
	BOOLEAN checksum;   /* transmit: make it; receive: it is good */
	USHORT segments;    /* receive: so many have been made one, of @segment bytes */
	USHORT tag;         /* 802.1Q, beside the frame: 0: none */
};

/* The driver owns the slots from head to tail, and moves head. */
struct tiny_ring {
	ULONG head, tail, mask;
	struct tiny_slot slots[];
};

struct tiny_callbacks {
	void (*Work)(TINYADAPTER Adapter, TINYQUEUE Queue, struct tiny_ring *Ring,
		     BOOLEAN Transmit);
	void (*Offload)(TINYADAPTER Adapter, BOOLEAN IPv4, BOOLEAN IPv6);
};

/* In EvtDriverDeviceAdd, before WdfDeviceCreate; then, with the hardware there; at any time. */
NTSTATUS TinyDeviceInit(PWDFDEVICE_INIT DeviceInit);
NTSTATUS TinyAdapterStart(WDFDEVICE Device, const struct tiny_callbacks *Callbacks);
void TinyAdapterNotify(TINYADAPTER Adapter); /* from Work: there is something to do */

#endif
