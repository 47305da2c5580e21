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
		ULONG length;
	} frames[KEPT];
	ULONG first, count;
} loop = { .lock = PTHREAD_MUTEX_INITIALIZER };

struct tiny_seen tiny_seen;

static BOOLEAN keep(const struct tiny_slot *slot)
{
	ULONG at = (loop.first + loop.count) % KEPT;

	if (loop.count == KEPT)
		return FALSE;
	memcpy(loop.frames[at].bytes, slot->frame, slot->length);
	loop.frames[at].length = slot->length;
	loop.count++;
	return TRUE;
}

static void transmit(TINYADAPTER adapter, struct tiny_ring *ring)
{
	while (ring->head != ring->tail && keep(&ring->slots[ring->head])) {
		const struct tiny_slot *slot = &ring->slots[ring->head];

		tiny_seen.packets++;
		tiny_seen.large += slot->segment != 0;
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
