/* SPDX-License-Identifier: MIT */
/* NETADAPTER, as NetAdapterCx 1.3 exports it. Source: DDI pages of netadapter.h, 1809. */
#include "cx/api/1.3/adapter_init.h"
#include "cx/api/1.3/scaling.h"
#include "cx/api/1.3/verifier.h"
#include "cx/api/declared.h"
#include "cx/api/scaling_callbacks.h"
#include "nt/export.h"
#include "nt/fault.h"

/*
 * NetAdapterCreate (1.3) - make a stopped adapter
 * @AdapterInit:       used up by it; still to be freed
 * @AdapterAttributes: may be NULL; ParentObject must be, the parent is the device
 * Return: STATUS_SUCCESS, STATUS_INSUFFICIENT_RESOURCES, or what is wrong with the attributes.
 * IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT NTSTATUS netcx_1_3_NetAdapterCreate(PNETADAPTER_INIT AdapterInit,
						 PWDF_OBJECT_ATTRIBUTES AdapterAttributes,
						 NETADAPTER *Adapter)
{
	const struct cx_site *at = CX_SITE(NULL);
	struct cx13_adapter_init *init;
	struct cx_adapter *a;
	NTSTATUS status;

	cx_verify_passive(at);
	init = cx13_adapter_init_of(AdapterInit, at);
	cx_verify_init_not_used(at, &init->core);
	cx_verify_parent_is_null(at, AdapterAttributes);
	if (NT_FAULT("NetAdapterCreate"))
		return STATUS_INSUFFICIENT_RESOURCES;
	status = cx13_adapter_create(init, AdapterAttributes, &a);
	if (NT_SUCCESS(status))
		*Adapter = cx13_adapter_handle(a);
	return status;
}

/*
 * NetAdapterStart (1.3) - initialise the adapter; returns when NDIS has it
 * The offload callbacks run before it returns, on its thread when that is the device's.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER without the datapath and link layer capabilities
 * and the MTU; STATUS_INVALID_DEVICE_STATE while the device is removed. IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT NTSTATUS netcx_1_3_NetAdapterStart(NETADAPTER Adapter)
{
	struct cx_adapter *a = cx13_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);

	cx_verify_passive(at);
	cx_verify_not_started(at, a);
	if (NT_FAULT("NetAdapterStart"))
		return STATUS_INSUFFICIENT_RESOURCES;
	return cx_adapter_start(a);
}

/*
 * NetAdapterStop (1.3) - and all its queues are gone on return. Nothing when it is not started.
 * Not by a callback of the adapter or of its queues, which it waits for.
 */
NETCX_EXPORT VOID netcx_1_3_NetAdapterStop(NETADAPTER Adapter)
{
	struct cx_adapter *a = cx13_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);

	cx_verify_passive(at);
	cx_verify_not_in_callback(at, a);
	cx_adapter_stop(a);
}

/*
 * NetAdapterSetDatapathCapabilities (1.3) - how packets are handed over; mandatory before the start
 * @TxCapabilities, @RxCapabilities: copied, with the DMA capabilities they point to
 * IRQL: PASSIVE_LEVEL. The export spells it DataPath, the DDI page Datapath.
 */
NETCX_EXPORT VOID netcx_1_3_NetAdapterSetDataPathCapabilities(
	NETADAPTER Adapter, PNET_ADAPTER_TX_CAPABILITIES TxCapabilities,
	PNET_ADAPTER_RX_CAPABILITIES RxCapabilities)
{
	static const char call[] = "NetAdapterSetDatapathCapabilities";
	struct cx_adapter *a = cx13_adapter_of(Adapter, call);
	const struct cx_site *at = CX_AT(call, a->name);
	struct cx_datapath_caps caps;

	cx_verify_passive(at);
	cx_read_datapath(at, TxCapabilities, RxCapabilities, &caps);
	cx13_verify_tx_capabilities(at, &caps.tx, caps.tx_at);
	cx13_verify_rx_capabilities(at, &caps.rx, caps.rx_at);
	cx_verify_dma_sizes(at, &caps);
	cx_verify_not_started(at, a);
	cx13_declare_datapath(cx13_adapter(a), &caps.tx, &caps.rx);
}

/* NetAdapterSetLinkLayerCapabilities (1.3) - filters, statistics, speeds; mandatory too. */
NETCX_EXPORT VOID netcx_1_3_NetAdapterSetLinkLayerCapabilities(
	NETADAPTER Adapter, PNET_ADAPTER_LINK_LAYER_CAPABILITIES LinkLayerCapabilities)
{
	struct cx_adapter *a = cx13_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);
	NET_ADAPTER_LINK_LAYER_CAPABILITIES caps;

	cx_verify_passive(at);
	cx_verify_size(at, LinkLayerCapabilities, NET_ADAPTER_LINK_LAYER_CAPABILITIES);
	caps = *LinkLayerCapabilities; /* what is checked is what counts */
	cx13_verify_link_layer_capabilities(at, &caps);
	cx_verify_not_started(at, a);
	cx13_declare_link_layer(cx13_adapter(a), &caps);
}

/*
 * NetAdapterSetLinkLayerMtuSize (1.3) - bytes of the largest IP packet; mandatory before the start
 * Another MTU on a started adapter makes new queues, after the call has returned.
 */
NETCX_EXPORT VOID netcx_1_3_NetAdapterSetLinkLayerMtuSize(NETADAPTER Adapter, ULONG MtuSize)
{
	struct cx_adapter *a = cx13_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);

	cx_verify_passive(at);
	cx_verify_mtu(at, MtuSize);
	cx_adapter_set_mtu(a, MtuSize);
}

/* NetAdapterSetPermanentLinkLayerAddress (1.3) - the card's own. Before the start. */
NETCX_EXPORT VOID netcx_1_3_NetAdapterSetPermanentLinkLayerAddress(
	NETADAPTER Adapter, PNET_ADAPTER_LINK_LAYER_ADDRESS LinkLayerAddress)
{
	struct cx_adapter *a = cx13_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);
	struct cx_address address;

	cx_verify_passive(at);
	cx_verify_not_started(at, a);
	address = cx_address_of(at, LinkLayerAddress);
	cx_adapter_set_permanent_address(a, &address);
}

/* NetAdapterSetCurrentLinkLayerAddress (1.3) - the one in use. Also on a started adapter. */
NETCX_EXPORT VOID netcx_1_3_NetAdapterSetCurrentLinkLayerAddress(
	NETADAPTER Adapter, PNET_ADAPTER_LINK_LAYER_ADDRESS LinkLayerAddress)
{
	struct cx_adapter *a = cx13_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);
	struct cx_address address;

	cx_verify_passive(at);
	address = cx_address_of(at, LinkLayerAddress);
	cx_adapter_set_current_address(a, &address);
}

/* NetAdapterSetCurrentLinkState (1.3) - connected or not, and how. IRQL: <= DISPATCH_LEVEL. */
NETCX_EXPORT VOID netcx_1_3_NetAdapterSetCurrentLinkState(NETADAPTER Adapter,
							  PNET_ADAPTER_LINK_STATE CurrentLinkState)
{
	struct cx_adapter *a = cx13_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);
	NET_ADAPTER_LINK_STATE state;
	struct cx_link link;

	cx_verify_dispatch(at);
	cx_verify_size(at, CurrentLinkState, NET_ADAPTER_LINK_STATE);
	state = *CurrentLinkState; /* what is checked is what counts */
	cx_verify_link(at, &state);
	link = cx_link_of(&state);
	cx_adapter_set_link(a, &link);
}

/*
 * NetAdapterSetReceiveScalingCapabilities (1.3) - how the hardware spreads received packets
 * Copied; used when the queues are made, unless keywords say otherwise (scaling.h).
 */
NETCX_EXPORT VOID netcx_1_3_NetAdapterSetReceiveScalingCapabilities(
	NETADAPTER Adapter, const NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES *Capabilities)
{
	struct cx_adapter *a = cx13_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);
	NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES hardware;

	cx_verify_passive(at);
	cx_verify_not_null(at, Capabilities, "Capabilities");
	hardware = *Capabilities; /* what is checked is what counts */
	cx_verify_scaling_capabilities(at, &hardware);
	cx_verify_not_started(at, a);
	cx13_declare_scaling(cx13_adapter(a), &hardware);
}

/* NetAdapterGetLinkLayerMtuSize (1.3) - as last set; 0 before. */
NETCX_EXPORT ULONG netcx_1_3_NetAdapterGetLinkLayerMtuSize(NETADAPTER Adapter)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	cx_verify_not_null(at, Adapter, "Adapter");
	return cx13_adapter_of(Adapter, at->call)->mtu;
}

/* NetAdapterGetParent (1.3) - the adapter's WDFDEVICE. */
NETCX_EXPORT WDFOBJECT netcx_1_3_NetAdapterGetParent(NETADAPTER Adapter)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	cx_verify_not_null(at, Adapter, "Adapter");
	return (WDFOBJECT)wdf_device_object(cx13_adapter_of(Adapter, at->call)->device);
}

/* NetAdapterGetNetLuid (1.3) - the interface's identity in the system. */
NETCX_EXPORT NET_LUID netcx_1_3_NetAdapterGetNetLuid(NETADAPTER Adapter)
{
	struct cx_adapter *a = cx13_adapter_of(Adapter, CX_CALL);

	cx_verify_passive(CX_SITE(a->name));
	return cx_adapter_luid(a);
}

/* NetAdapterWdmGetNdisHandle (1.3) - the miniport, for NDIS functions. IRQL: <= DISPATCH_LEVEL. */
NETCX_EXPORT NDIS_HANDLE netcx_1_3_NetAdapterWdmGetNdisHandle(NETADAPTER Adapter)
{
	struct cx_adapter *a = cx13_adapter_of(Adapter, CX_CALL);

	cx_verify_dispatch(CX_SITE(a->name));
	return (NDIS_HANDLE)a;
}
