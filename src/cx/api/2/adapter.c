/* SPDX-License-Identifier: MIT */
/* NETADAPTER of 2.x: its class, its making, and what its driver declares before each start. */
#include "cx/api/2/adapter.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "cx/api/2/adapter_init.h"
#include "cx/api/2/client.h"
#include "cx/api/2/device.h"
#include "cx/api/2/verifier.h"
#include "cx/api/declared.h"
#include "nt/event.h"
#include "nt/violation.h"
#include "wdf/check.h"

/* Windows has no number for it: the miniport below is gone while NDIS uses it. */
static void may_delete(struct wdf_object *object, const char *call)
{
	if (cx_adapter_state((struct cx_adapter *)object) != CX_ADAPTER_INITIALIZED)
		wdf_violation(wdf_driver_name(object->driver), WDF_OBJECT_DELETION,
			      (uintptr_t)object, call,
			      "An adapter is stopped (NetAdapterStop) before it is deleted.",
			      "%p is a NETADAPTER that is started.", (void *)object);
}

const struct wdf_class cx2_adapter_class = {
	.name = "NETADAPTER",
	.size = sizeof(struct cx2_adapter),
	.dispose = cx_adapter_dispose,
	.release = cx_adapter_release,
	.may_delete = may_delete,
};

struct cx_adapter *cx2_adapter_of(NETADAPTER handle, const char *call)
{
	return wdf_object_of(handle, &cx2_adapter_class, call);
}

struct cx_device *cx2_device_of(WDFDEVICE handle, const char *call)
{
	return cx_device_of_client(handle, &cx2_client, "NetDeviceInitConfig", call);
}

struct cx2_device *cx2_device_of_init(PWDFDEVICE_INIT init, const char *call)
{
	struct cx_device *device = cx_device_of_init(init, call);

	if (!device || device->client != &cx2_client)
		nt_violation_say(0x7E, (uint32_t)STATUS_ACCESS_VIOLATION,
				 "DeviceWithoutNetAdapterCx", call, NULL,
				 "NetDeviceInitConfig comes first.",
				 "NetDeviceInitConfig was not called for this WDFDEVICE_INIT.");
	return cx2_device(device);
}

void cx2_print_guid(const GUID *g, char text[CX2_GUID_SIZE])
{
	snprintf(text, CX2_GUID_SIZE, "{%08X-%04X-%04X-%02X%02X-%02X%02X%02X%02X%02X%02X}",
		 (unsigned)g->Data1, g->Data2, g->Data3, g->Data4[0], g->Data4[1], g->Data4[2],
		 g->Data4[3], g->Data4[4], g->Data4[5], g->Data4[6], g->Data4[7]);
}

static void emit_creation(const struct cx2_adapter *a, const struct cx2_adapter_init *init,
			  bool first)
{
	char interface[CX2_GUID_SIZE];

	if (!init->lightweight) {
		NT_EMIT(NT_EVENT_LIFECYCLE, a->core.name, "NetAdapterCreate",
			NT_BOOL("default", first));
		return;
	}
	cx2_print_guid(&init->interface, interface);
	NT_EMIT(NT_EVENT_LIFECYCLE, a->core.name, "NetAdapterCreate", NT_BOOL("default", false),
		NT_TEXT("interface", interface));
}

NTSTATUS cx2_adapter_create(struct cx2_adapter_init *init, PWDF_OBJECT_ATTRIBUTES attributes,
			    struct cx_adapter **adapter)
{
	struct cx2_adapter *a;
	NTSTATUS status;
	bool first;

	status = cx_adapter_create(init->core.device, false, attributes, adapter);
	if (!NT_SUCCESS(status))
		return status;
	a = cx2_adapter(*adapter);
	a->minor = cx2_minor(a->core.object.driver);
	a->callbacks = init->callbacks;
	a->demux = init->demux;
	a->core.has_queues = a->callbacks.EvtAdapterCreateTxQueue;
	a->core.lightweight = init->lightweight;
	if (init->core.have_request_attributes)
		cx_requests_set_attributes(&a->core.requests, &init->core.request_attributes);
	status = cx_adapter_publish(&a->core, &first);
	if (!NT_SUCCESS(status))
		return status;
	init->core.adapter = &a->core;
	emit_creation(a, init, first);
	return STATUS_SUCCESS;
}

/* ---- what is declared ---- */

void cx2_declare_datapath(struct cx2_adapter *a, const NET_ADAPTER_TX_CAPABILITIES *tx,
			  const NET_ADAPTER_RX_CAPABILITIES *rx)
{
	SIZE_T queues = tx->MaximumNumberOfQueues;

	a->core.tx = (struct cx_tx_caps){
		.dma = cx_dma_of(tx->MappingRequirement, tx->DmaCapabilities),
		.backfill = tx->PayloadBackfill,
		.fragments = tx->MaximumNumberOfFragments,
		.alignment = tx->FragmentBufferAlignment,
		.fragment_ring = tx->FragmentRingNumberOfElementsHint,
		.queues = queues < UINT_MAX ? (unsigned)queues : UINT_MAX,
		.priorities = a->demux.Size ? a->demux.Range : 0,
	};
	a->core.rx = (struct cx_rx_caps){
		.driver_buffers = rx->AllocationMode == NetRxFragmentBufferAllocationModeDriver,
		.driver_attaches = rx->AllocationMode == NetRxFragmentBufferAllocationModeSystem &&
				   rx->AttachmentMode == NetRxFragmentBufferAttachmentModeDriver,
		.buffer_size = rx->MaximumFrameSize,
		.alignment = rx->FragmentBufferAlignment,
		.fragment_ring = rx->FragmentRingNumberOfElementsHint,
	};
	a->return_rx_buffer = NULL;
	/* In driver mode EvtAdapterReturnRxBuffer lies over MappingRequirement. */
	if (a->core.rx.driver_buffers)
		a->return_rx_buffer = rx->EvtAdapterReturnRxBuffer;
	else
		a->core.rx.dma = cx_dma_of(rx->MappingRequirement, rx->DmaCapabilities);
	a->dma_declared = tx->DmaCapabilities || rx->DmaCapabilities;
	a->have_datapath_caps = true;
}

/*
 * 2.x has no size of its own for transmit buffers: they take a frame of the MTU, and the largest
 * packet that the driver segments. Headers come on top: an Ethernet header with two tags and what a
 * packet may have of IP and TCP.
 */
#define LINK_HEADERS   22
#define MOST_PAYLOAD   0x40000 /* no stack hands over more at once, whatever is declared */
#define PACKET_HEADERS 128

void cx2_size_tx_buffers(struct cx2_adapter *a, uint32_t mtu)
{
	const struct cx_offload_state *hardware = &a->core.offload.hardware;
	size_t payload = hardware->lso.maximum_offload_size, size = LINK_HEADERS + (size_t)mtu;

	if (payload < hardware->uso.maximum_offload_size)
		payload = hardware->uso.maximum_offload_size;
	if (payload > MOST_PAYLOAD)
		payload = MOST_PAYLOAD;
	if (payload && size < LINK_HEADERS + PACKET_HEADERS + payload)
		size = LINK_HEADERS + PACKET_HEADERS + payload;
	a->core.tx.buffer_size = size;
}

/* ---- a start, a halt, a removal ---- */

static bool is_complete(const struct cx2_adapter *a)
{
	const char *missing = !a->have_datapath_caps ? "NetAdapterSetDataPathCapabilities"
			      : !a->have_link_caps   ? "NetAdapterSetLinkLayerCapabilities"
			      : !a->core.have_mtu    ? "NetAdapterSetLinkLayerMtuSize"
						     : NULL;

	if (missing)
		nt_log(a->core.name, "NetAdapterStart fails: %s has not been called", missing);
	return !missing;
}

NTSTATUS cx2_ready(struct cx_adapter *adapter)
{
	struct cx2_adapter *a = cx2_adapter(adapter);

	if (!is_complete(a))
		return STATUS_INVALID_PARAMETER;
	cx2_size_tx_buffers(a, adapter->mtu);
	return cx_adapter_complete_addresses(adapter);
}

/* 2.0 and 2.1 forget at a halt, as 1.3 does. */
bool cx2_keeps(const struct cx_adapter *adapter)
{
	return ((const struct cx2_adapter *)adapter)->minor >= 2;
}

void cx2_forget(struct cx_adapter *adapter)
{
	struct cx2_adapter *a = cx2_adapter(adapter);

	a->have_datapath_caps = a->have_link_caps = false;
	a->return_rx_buffer = NULL;
	memset(&a->offload, 0, sizeof(a->offload));
	memset(&a->scaling, 0, sizeof(a->scaling));
	cx2_forget_filter(a);
}

void cx2_halting(struct cx_adapter *adapter)
{
	cx_requests_halt(adapter);
	cx2_filter_halt(cx2_adapter(adapter));
}

void cx2_left_behind(struct cx_device *device, struct cx_adapter *adapter)
{
	cx_violation(CX_AT("device cleanup", device->name, cx2_code(cx2_adapter(adapter))),
		     CX_REMOVING_DEVICE_WITH_ADAPTERS, 0, 0,
		     "All adapters of a device are gone before the device is.",
		     "Adapter \"%s\" is still there.", adapter->name);
}
