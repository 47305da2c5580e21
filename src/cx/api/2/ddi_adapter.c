/* SPDX-License-Identifier: MIT */
/* NETADAPTER, as NetAdapterCx 2.x exports it. Source: DDI pages of netadapter.h. */
#include "cx/api/2/adapter.h"
#include "cx/api/2/adapter_init.h"
#include "cx/api/2/verifier.h"
#include "cx/api/2/verify_capabilities.h"
#include "cx/api/declared.h"
#include "cx/api/scaling_callbacks.h"
#include "nt/export.h"
#include "nt/fault.h"

/*
 * NetAdapterCreate (2.0) - make a stopped adapter
 * @AdapterInit:       used up by it; still to be freed
 * @AdapterAttributes: may be NULL; ParentObject must be, the parent is the device
 * Return: STATUS_SUCCESS, STATUS_INSUFFICIENT_RESOURCES, or what is wrong with the attributes.
 * IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT NTSTATUS netcx_2_NetAdapterCreate(NETADAPTER_INIT *AdapterInit,
					       WDF_OBJECT_ATTRIBUTES *AdapterAttributes,
					       NETADAPTER *Adapter)
{
	const struct cx_site *at = CX_SITE(NULL);
	struct cx2_adapter_init *init;
	struct cx_adapter *a;
	NTSTATUS status;

	cx_verify_passive(at);
	init = cx2_adapter_init_of(AdapterInit, at);
	cx_verify_init_not_used(at, &init->core);
	cx_verify_parent_is_null(at, AdapterAttributes);
	if (NT_FAULT("NetAdapterCreate"))
		return STATUS_INSUFFICIENT_RESOURCES;
	status = cx2_adapter_create(init, AdapterAttributes, &a);
	if (NT_SUCCESS(status))
		*Adapter = cx2_adapter_handle(a);
	return status;
}

/*
 * NetAdapterStart (2.0) - initialise the adapter; returns when NDIS has it
 * The offload callbacks run before it returns, on its thread when that is the device's.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER without the datapath and link layer capabilities
 * and the MTU; STATUS_INVALID_DEVICE_STATE while the device is removed. IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT NTSTATUS netcx_2_NetAdapterStart(NETADAPTER Adapter)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);

	cx_verify_passive(at);
	cx_verify_not_started(at, a);
	if (NT_FAULT("NetAdapterStart"))
		return STATUS_INSUFFICIENT_RESOURCES;
	return cx_adapter_start(a);
}

/*
 * NetAdapterStop (2.0) - and all its queues are gone on return. Nothing when it is not started.
 * Not by a callback of the adapter or of its queues, which it waits for.
 */
NETCX_EXPORT void netcx_2_NetAdapterStop(NETADAPTER Adapter)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);

	cx_verify_passive(at);
	cx_verify_not_in_callback(at, a);
	cx_adapter_stop(a);
}

/*
 * NetAdapterSetDataPathCapabilities (2.0) - how packets are handed over; mandatory before the start
 * @TxCapabilities, @RxCapabilities: copied, with the DMA capabilities they point to
 * IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT void netcx_2_NetAdapterSetDataPathCapabilities(
	NETADAPTER Adapter, NET_ADAPTER_TX_CAPABILITIES *TxCapabilities,
	NET_ADAPTER_RX_CAPABILITIES *RxCapabilities)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);
	struct cx_datapath_caps caps;

	cx_verify_passive(at);
	cx_read_datapath(at, TxCapabilities, RxCapabilities, &caps);
	cx2_verify_datapath(at, a->object.driver, &caps);
	cx_verify_not_started(at, a);
	cx2_declare_datapath(cx2_adapter(a), &caps.tx, &caps.rx);
}

/* NetAdapterSetLinkLayerCapabilities (2.0) - the highest speeds; mandatory too. PASSIVE_LEVEL. */
NETCX_EXPORT void netcx_2_NetAdapterSetLinkLayerCapabilities(
	NETADAPTER Adapter, NET_ADAPTER_LINK_LAYER_CAPABILITIES *LinkLayerCapabilities)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);

	cx_verify_passive(at);
	cx_verify_size(at, LinkLayerCapabilities, NET_ADAPTER_LINK_LAYER_CAPABILITIES);
	cx_verify_not_started(at, a);
	cx2_adapter(a)->have_link_caps = true;
}

/*
 * NetAdapterSetLinkLayerMtuSize (2.0) - bytes of the largest IP packet; mandatory before the start
 * Another MTU on a started adapter makes new queues, after the call has returned. PASSIVE_LEVEL.
 */
NETCX_EXPORT void netcx_2_NetAdapterSetLinkLayerMtuSize(NETADAPTER Adapter, ULONG MtuSize)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);

	cx_verify_passive(at);
	cx_verify_mtu(at, MtuSize);
	cx2_size_tx_buffers(cx2_adapter(a), MtuSize);
	cx_adapter_set_mtu(a, MtuSize);
}

/* NetAdapterSetPermanentLinkLayerAddress (2.0) - the burnt-in address, before the start. */
NETCX_EXPORT void netcx_2_NetAdapterSetPermanentLinkLayerAddress(
	NETADAPTER Adapter, NET_ADAPTER_LINK_LAYER_ADDRESS *LinkLayerAddress)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);
	struct cx_address address;

	cx_verify_passive(at);
	cx_verify_not_started(at, a);
	address = cx_address_of(at, LinkLayerAddress);
	cx_adapter_set_permanent_address(a, &address);
}

/* NetAdapterSetCurrentLinkLayerAddress (2.0) - the address in use, at any time. PASSIVE_LEVEL. */
NETCX_EXPORT void netcx_2_NetAdapterSetCurrentLinkLayerAddress(
	NETADAPTER Adapter, NET_ADAPTER_LINK_LAYER_ADDRESS *LinkLayerAddress)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);
	struct cx_address address;

	cx_verify_passive(at);
	address = cx_address_of(at, LinkLayerAddress);
	cx_adapter_set_current_address(a, &address);
}

/*
 * NetAdapterSetLinkState (2.0) - the link as it is now, at any time; the same again is no news
 * Its Size is not looked at, as on Windows. IRQL: <= DISPATCH_LEVEL.
 */
NETCX_EXPORT void netcx_2_NetAdapterSetLinkState(NETADAPTER Adapter, NET_ADAPTER_LINK_STATE *State)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);
	NET_ADAPTER_LINK_STATE state;
	struct cx_link link;

	cx_verify_dispatch(at);
	cx_verify_not_null(at, State, "State");
	state = *State; /* what is checked is what counts */
	cx_verify_link(at, &state);
	link = cx_link_of(&state);
	cx_adapter_set_link(a, &link);
}

/*
 * NetAdapterSetReceiveScalingCapabilities (2.0) - how the hardware spreads received packets
 * Copied; used when the queues are made, unless keywords say otherwise (scaling.h). PASSIVE_LEVEL.
 */
NETCX_EXPORT void netcx_2_NetAdapterSetReceiveScalingCapabilities(
	NETADAPTER Adapter, const NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES *Capabilities)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);
	NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES hardware;
	struct cx_scaling_caps caps;

	cx_verify_passive(at);
	cx_verify_not_null(at, Capabilities, "Capabilities");
	hardware = *Capabilities; /* what is checked is what counts */
	cx_verify_scaling_capabilities(at, &hardware);
	cx_verify_not_started(at, a);
	caps = cx_scaling_caps_of(&hardware);
	cx2_adapter(a)->scaling = hardware;
	cx_scaling_declare(&a->scaling, &caps);
}

/* NetAdapterGetNetLuid (2.0) - the interface's identity in the system. PASSIVE_LEVEL. */
NETCX_EXPORT NET_LUID netcx_2_NetAdapterGetNetLuid(NETADAPTER Adapter)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);

	cx_verify_passive(CX_SITE(a->name));
	return cx_adapter_luid(a);
}

/*
 * NetAdapterWifiDestroyPeerAddressDatapath (2.4) - the queues of a WiFi adapter's peer go
 * A call of the WiFi class extension, which Windows knows by its globals: any driver here is
 * another.
 */
NETCX_EXPORT void netcx_2_NetAdapterWifiDestroyPeerAddressDatapath(NETADAPTER Adapter, SIZE_T Demux)
{
	const struct cx_site *at = CX_SITE(NULL);

	UNREFERENCED_PARAMETER(Demux);
	cx_violation(at, CX_ILLEGAL_PRIVATE_API_CALL, 0, 0,
		     "It is called by the WiFi class extension (WifiCx), which is not here.",
		     "%p is an adapter of an Ethernet driver.", (void *)Adapter);
}
