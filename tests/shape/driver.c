/* SPDX-License-Identifier: MIT */
#include "driver.h"

#include <pthread.h>
#include <string.h>

#include "tiny.h"

#define KEPT 64 /* frames between the two queues */

/* What is on its way from the transmit queue to the receive queue. */
static struct {
	pthread_mutex_t lock;
	struct {
		UCHAR bytes[65536];
		ULONG length, segment;
		USHORT segments, tag;
	} frames[KEPT];
	ULONG first, count;
} loop = { .lock = PTHREAD_MUTEX_INITIALIZER };

struct tiny_seen tiny_seen;
BOOLEAN tiny_coalesces;

/* Ethernet, IP and the transport's header, without options. */
static USHORT segments_of(const struct tiny_slot *slot)
{
	ULONG headers = 14 + (slot->frame[12] == 0x86 ? 40 : 20);
	UCHAR protocol = slot->frame[12] == 0x86 ? slot->frame[20] : slot->frame[23];
	ULONG payload = slot->length - headers - (protocol == 6 ? 20 : 8);

	return (USHORT)((payload + slot->segment - 1) / slot->segment);
}

static BOOLEAN keep(const struct tiny_slot *slot)
{
	ULONG at = (loop.first + loop.count) % KEPT;

	if (loop.count == KEPT)
		return FALSE;
	memcpy(loop.frames[at].bytes, slot->frame, slot->length);
	loop.frames[at].length = slot->length;
	loop.frames[at].tag = slot->tag;
	loop.frames[at].segment = slot->segment;
	loop.frames[at].segments = tiny_coalesces && slot->segment ? segments_of(slot) : 0;
	loop.count++;
	return TRUE;
}

static void transmit(TINYADAPTER adapter, struct tiny_ring *ring)
{
	while (ring->head != ring->tail && keep(&ring->slots[ring->head])) {
		const struct tiny_slot *slot = &ring->slots[ring->head];

		tiny_seen.packets++;
		tiny_seen.large += slot->segment != 0;
		tiny_seen.tagged += slot->tag != 0;
		ring->head = (ring->head + 1) & ring->mask;
	}
	if (loop.count)
		TinyAdapterNotify(adapter);
}

static void receive(TINYADAPTER adapter, struct tiny_ring *ring)
{
	BOOLEAN full = loop.count == KEPT;

	for (; loop.count && ring->head != ring->tail; loop.count--) {
		struct tiny_slot *slot = &ring->slots[ring->head];

		slot->length = loop.frames[loop.first].length;
		slot->checksum = TRUE;
		slot->segment = loop.frames[loop.first].segment;
		slot->segments = loop.frames[loop.first].segments;
		slot->tag = loop.frames[loop.first].tag;
		memcpy(slot->frame, loop.frames[loop.first].bytes, slot->length);
		loop.first = (loop.first + 1) % KEPT;
		ring->head = (ring->head + 1) & ring->mask;
	}
	if (full)
		TinyAdapterNotify(adapter);
}

/* All queues' threads. */
static void Work(TINYADAPTER Adapter, TINYQUEUE Queue, struct tiny_ring *Ring, BOOLEAN Transmit)
{
	pthread_mutex_lock(&loop.lock);
	if (Transmit)
		transmit(Adapter, Ring);
	else
		receive(Adapter, Ring);
	pthread_mutex_unlock(&loop.lock);
}

static void Offload(TINYADAPTER Adapter, BOOLEAN IPv4, BOOLEAN IPv6)
{
	tiny_seen.offloads++;
	tiny_seen.ipv4 = IPv4;
	tiny_seen.ipv6 = IPv6;
}

static NTSTATUS EvtDevicePrepareHardware(WDFDEVICE Device, WDFCMRESLIST Raw,
					 WDFCMRESLIST Translated)
{
	static const struct tiny_callbacks callbacks = { Work, Offload };

	return TinyAdapterStart(Device, &callbacks);
}

static NTSTATUS EvtDriverDeviceAdd(WDFDRIVER Driver, PWDFDEVICE_INIT DeviceInit)
{
	WDF_PNPPOWER_EVENT_CALLBACKS callbacks;
	WDFDEVICE device;
	NTSTATUS status = TinyDeviceInit(DeviceInit);

	if (!NT_SUCCESS(status))
		return status;
	WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&callbacks);
	callbacks.EvtDevicePrepareHardware = EvtDevicePrepareHardware;
	WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &callbacks);
	return WdfDeviceCreate(&DeviceInit, WDF_NO_OBJECT_ATTRIBUTES, &device);
}

NTSTATUS TinyDriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	WDF_DRIVER_CONFIG config;

	memset(&tiny_seen, 0, sizeof(tiny_seen));
	loop.first = loop.count = 0;
	WDF_DRIVER_CONFIG_INIT(&config, EvtDriverDeviceAdd);
	return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
			       WDF_NO_HANDLE);
}
