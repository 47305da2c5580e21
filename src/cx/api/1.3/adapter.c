/* SPDX-License-Identifier: MIT */
/* NETADAPTER of 1.3: its class, its making, and what its driver declares before each start. */
#include "cx/api/1.3/adapter.h"

#include <string.h>

#include "cx/api/1.3/adapter_init.h"
#include "cx/api/1.3/client.h"
#include "cx/api/1.3/offload.h"
#include "cx/api/1.3/power.h"
#include "cx/api/1.3/verifier.h"
#include "cx/api/declared.h"
#include "nt/event.h"

/* Before anything of it, its queues above all, is touched. */
static void may_delete(struct wdf_object *object, const char *call)
{
	struct cx_adapter *a = (struct cx_adapter *)object;
	struct cx_site at = { .book = cx13_book, .call = call, .object = a->name };

	if (a->is_default && wdf_device_state(a->device) == WDF_DEVICE_STARTED)
		cx_violation(
			&at, CX_ILLEGAL_ADAPTER_DELETE, 0, 0,
			"The default adapter lives as long as its device; it cannot be deleted while the device is started.",
			"It is the default adapter and the device is started.");
	if (cx_adapter_state(a) != CX_ADAPTER_INITIALIZED)
		cx_violation(&at, CX_ILLEGAL_ADAPTER_DELETE, 0, 0,
			     "An adapter is stopped (NetAdapterStop) before it is deleted.",
			     "The adapter is started.");
}

static void release(struct wdf_object *object)
{
	struct cx13_adapter *a = (struct cx13_adapter *)object;

	cx_extensions_clear(&a->extensions);
	cx_adapter_release(object);
}

const struct wdf_class cx13_adapter_class = {
	.name = "NETADAPTER",
	.size = sizeof(struct cx13_adapter),
	.dispose = cx_adapter_dispose,
	.release = release,
	.may_delete = may_delete,
};

struct cx_adapter *cx13_adapter_of(NETADAPTER handle, const char *call)
{
	return wdf_object_of(handle, &cx13_adapter_class, call);
}

struct cx_device *cx13_device_of(WDFDEVICE handle, const char *call)
{
	return cx_device_of_client(handle, &cx13_client, "NetAdapterDeviceInitConfig", call);
}

NTSTATUS cx13_adapter_create(struct cx13_adapter_init *init, PWDF_OBJECT_ATTRIBUTES attributes,
			     struct cx_adapter **adapter)
{
	struct cx13_adapter *a;
	NTSTATUS status;

	status = cx_adapter_create(init->core.device, init->is_default, attributes, adapter);
	if (!NT_SUCCESS(status))
		return status;
	a = cx13_adapter(*adapter);
	a->callbacks = init->callbacks;
	/* Without NetAdapterInitSetDatapathCallbacks an adapter has no packets, only control. */
	a->core.has_queues =
		a->callbacks.EvtAdapterCreateTxQueue || a->callbacks.EvtAdapterCreateRxQueue;
	if (init->core.have_request_attributes)
		cx_requests_set_attributes(&a->core.requests, &init->core.request_attributes);
	cx13_preprocess_requests(a, init->extension.preprocess);
	status = cx13_power_create(a, init->have_power_attributes ? &init->power_attributes : NULL);
	if (!NT_SUCCESS(status)) {
		wdf_object_delete(&a->core.object);
		return status;
	}
	status = cx_adapter_publish(&a->core, NULL);
	if (!NT_SUCCESS(status))
		return status;
	init->core.adapter = &a->core;
	NT_EMIT(NT_EVENT_LIFECYCLE, a->core.name, "NetAdapterCreate",
		NT_BOOL("default", a->core.is_default));
	return STATUS_SUCCESS;
}

/* ---- what is declared ---- */

void cx13_declare_datapath(struct cx13_adapter *a, const NET_ADAPTER_TX_CAPABILITIES *tx,
			   const NET_ADAPTER_RX_CAPABILITIES *rx)
{
	a->core.tx = (struct cx_tx_caps){
		.dma = cx_dma_of(tx->MappingRequirement, tx->DmaCapabilities),
		.buffer_size = tx->MaximumFragmentBufferSize,
		.backfill = tx->PayloadBackfill,
		.fragments = tx->MaximumNumberOfFragments,
		.alignment = tx->FragmentBufferAlignment,
		.fragment_ring = tx->FragmentRingNumberOfElementsHint,
	};
	a->core.rx = (struct cx_rx_caps){
		.driver_buffers = rx->AllocationMode == NetRxFragmentBufferAllocationModeDriver,
		.buffer_size = rx->MaximumFragmentBufferSize,
		.fragment_ring = rx->FragmentRingNumberOfElementsHint,
	};
	a->return_rx_buffer = NULL;
	/* In driver mode EvtAdapterReturnRxBuffer lies over the fields of system mode. */
	if (a->core.rx.driver_buffers) {
		a->return_rx_buffer = rx->EvtAdapterReturnRxBuffer;
	} else {
		a->core.rx.dma = cx_dma_of(rx->MappingRequirement, rx->DmaCapabilities);
		a->core.rx.alignment = rx->FragmentBufferAlignment;
	}
	a->have_datapath_caps = true;
}

void cx13_declare_link_layer(struct cx13_adapter *a,
			     const NET_ADAPTER_LINK_LAYER_CAPABILITIES *caps)
{
	a->core.filter = (struct cx_filter_caps){
		.packet_filters = (uint32_t)caps->SupportedPacketFilters,
		.multicast_list = caps->MaxMulticastListSize,
	};
	a->have_link_caps = true;
}

/* ---- extensions ---- */

static struct cx_extension describe(PCWSTR name, size_t size)
{
	/* One byte or more, aligned to four as 1809 states it for both. */
	return (struct cx_extension){ .name = name, .version = 1, .alignment = 4, .size = size };
}

struct cx_extension cx13_checksum_extension(void)
{
	return describe(NET_PACKET_EXTENSION_CHECKSUM_NAME, sizeof(NET_PACKET_CHECKSUM));
}

struct cx_extension cx13_lso_extension(void)
{
	return describe(NET_PACKET_EXTENSION_LSO_NAME, sizeof(NET_PACKET_LARGE_SEND_SEGMENTATION));
}

struct cx_extension cx13_extension_of(const NET_PACKET_EXTENSION *extension)
{
	return (struct cx_extension){
		.name = extension->Name,
		.version = extension->Version,
		/* The public Alignment is a mask as WDF has them: bytes - 1. */
		.alignment = (size_t)extension->Alignment + 1,
		.size = extension->ExtensionSize,
	};
}

/*
 * The extensions that declared offloads bring. One that the driver registered itself under the
 * framework's name is the same thing.
 */
static NTSTATUS register_offload_extensions(struct cx13_adapter *a)
{
	const struct cx_extension checksum = cx13_checksum_extension(), lso = cx13_lso_extension();
	NTSTATUS status = STATUS_SUCCESS;

	if (a->checksum_declared)
		status = cx_extensions_add(&a->extensions, &checksum);
	if (a->lso_declared && (NT_SUCCESS(status) || status == STATUS_DUPLICATE_NAME))
		status = cx_extensions_add(&a->extensions, &lso);
	return status == STATUS_DUPLICATE_NAME ? STATUS_SUCCESS : status;
}

/* ---- a start, a halt, a removal ---- */

static bool is_complete(const struct cx13_adapter *a)
{
	const char *missing = !a->have_datapath_caps ? "NetAdapterSetDatapathCapabilities"
			      : !a->have_link_caps   ? "NetAdapterSetLinkLayerCapabilities"
			      : !a->core.have_mtu    ? "NetAdapterSetLinkLayerMtuSize"
						     : NULL;

	if (missing)
		nt_log(a->core.name, "NetAdapterStart fails: %s has not been called", missing);
	return !missing;
}

NTSTATUS cx13_ready(struct cx_adapter *adapter)
{
	struct cx13_adapter *a = cx13_adapter(adapter);
	NTSTATUS status;

	if (!is_complete(a))
		return STATUS_INVALID_PARAMETER;
	status = cx_adapter_complete_addresses(adapter);
	return NT_SUCCESS(status) ? register_offload_extensions(a) : status;
}

void cx13_forget(struct cx_adapter *adapter)
{
	struct cx13_adapter *a = cx13_adapter(adapter);

	a->have_datapath_caps = a->have_link_caps = false;
	a->return_rx_buffer = NULL;
	cx13_forget_offloads(a);
	memset(&a->scaling, 0, sizeof(a->scaling));
	memset(&a->power, 0, sizeof(a->power));
	cx_extensions_clear(&a->extensions);
}

void cx13_left_behind(struct cx_device *device, struct cx_adapter *adapter)
{
	struct cx_site at = { .book = cx13_book, .call = "device cleanup", .object = device->name };

	cx_violation(&at, CX_REMOVING_DEVICE_WITH_ADAPTERS, 0, 0,
		     "All adapters of a device are gone before the device is.",
		     "Adapter \"%s\" is still there.", adapter->name);
}
