/* SPDX-License-Identifier: MIT */
/* Rules of devices, init objects and adapters. */
#include "rules.h"

static void StartAtDispatch(const RECORDER_PLACE *Place)
{
	KIRQL irql;

	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	(void)NetAdapterStart(Place->Adapter);
	KeLowerIrql(irql);
}

static void LinkAtDirql(const RECORDER_PLACE *Place)
{
	NET_ADAPTER_LINK_STATE link;
	KIRQL irql;

	NET_ADAPTER_LINK_STATE_INIT_DISCONNECTED(&link);
	KeRaiseIrql(5, &irql);
	NetAdapterSetLinkState(Place->Adapter, &link);
	KeLowerIrql(irql);
}

static void StartTwice(const RECORDER_PLACE *Place)
{
	(void)NetAdapterStart(Place->Adapter);
}

static void PermanentAddressStarted(const RECORDER_PLACE *Place)
{
	NET_ADAPTER_LINK_LAYER_ADDRESS address = { .Length = 6 };

	NetAdapterSetPermanentLinkLayerAddress(Place->Adapter, &address);
}

static void DeleteAdapter(const RECORDER_PLACE *Place)
{
	WdfObjectDelete(Place->Adapter);
}

static void InitNull(const RECORDER_PLACE *Place)
{
	UNREFERENCED_PARAMETER(Place);
	NetAdapterInitFree(NULL);
}

static void InitDeviceNull(const RECORDER_PLACE *Place)
{
	UNREFERENCED_PARAMETER(Place);
	(void)NetAdapterInitAllocate(NULL);
}

static void InitBogus(const RECORDER_PLACE *Place)
{
	static ULONG64 memory[64];
	NETADAPTER adapter;

	UNREFERENCED_PARAMETER(Place);
	(void)NetAdapterCreate((NETADAPTER_INIT *)memory, WDF_NO_OBJECT_ATTRIBUTES, &adapter);
}

static void InitUsedTwice(const RECORDER_PLACE *Place)
{
	NETADAPTER_INIT *init = NetAdapterInitAllocate(Place->Device);
	NETADAPTER adapter;

	if (NT_SUCCESS(NetAdapterCreate(init, WDF_NO_OBJECT_ATTRIBUTES, &adapter)))
		(void)NetAdapterCreate(init, WDF_NO_OBJECT_ATTRIBUTES, &adapter);
}

static void AdapterWithParent(const RECORDER_PLACE *Place)
{
	NETADAPTER_INIT *init = NetAdapterInitAllocate(Place->Device);
	WDF_OBJECT_ATTRIBUTES attributes;
	NETADAPTER adapter;

	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.ParentObject = Place->Device;
	(void)NetAdapterCreate(init, &attributes, &adapter);
}

static void SetCallbacks(const RECORDER_PLACE *Place, PFN_NET_ADAPTER_CREATE_TXQUEUE Tx,
			 PFN_NET_ADAPTER_CREATE_RXQUEUE Rx)
{
	NET_ADAPTER_DATAPATH_CALLBACKS callbacks;
	NETADAPTER_INIT *init = NetAdapterInitAllocate(Place->Device);

	NET_ADAPTER_DATAPATH_CALLBACKS_INIT(&callbacks, Tx, Rx);
	NetAdapterInitSetDatapathCallbacks(init, &callbacks);
	NetAdapterInitFree(init);
}

static void TxCallbackNull(const RECORDER_PLACE *Place)
{
	SetCallbacks(Place, NULL, RecorderCreateRxQueue);
}

static void RxCallbackNull(const RECORDER_PLACE *Place)
{
	SetCallbacks(Place, RecorderCreateTxQueue, NULL);
}

static void CallbacksNull(const RECORDER_PLACE *Place)
{
	NetAdapterInitSetDatapathCallbacks(NetAdapterInitAllocate(Place->Device), NULL);
}

#if NETADAPTER_VERSION_MINOR >= 1
#define DEMUX_RULE(name, statement)                                            \
	static void name(const RECORDER_PLACE *Place)                          \
	{                                                                      \
		NETADAPTER_INIT *init = NetAdapterInitAllocate(Place->Device); \
		NET_ADAPTER_TX_DEMUX demux;                                    \
                                                                               \
		NET_ADAPTER_TX_8021P_DEMUX_INIT(&demux);                       \
		statement;                                                     \
		NetAdapterInitAddTxDemux(init, &demux);                        \
		NetAdapterInitFree(init);                                      \
	}
DEMUX_RULE(DemuxSize, demux.Size = 4)
DEMUX_RULE(DemuxType, demux.Type = (NET_ADAPTER_TX_DEMUX_TYPE)2)
DEMUX_RULE(DemuxOne, demux.Range = 1)
DEMUX_RULE(DemuxNine, demux.Range = 9)
DEMUX_RULE(DemuxTwo, demux.Range = 2)
#endif

const RULE AdapterRules[] = {
	{ "passive", PointBeforeStart, StartAtDispatch },
	{ "dispatch", PointBeforeStart, LinkAtDirql },
	{ "start-twice", PointStarted, StartTwice },
	{ "permanent-address-started", PointStarted, PermanentAddressStarted },
	{ "delete-started", PointStarted, DeleteAdapter },
	{ "init-null", PointDeviceAdd, InitNull },
	{ "init-device-null", PointDeviceAdd, InitDeviceNull },
	{ "init-bogus", PointDeviceAdd, InitBogus },
	{ "init-twice", PointStarted, InitUsedTwice },
	{ "adapter-parent", PointDeviceAdd, AdapterWithParent },
	{ "tx-callback-null", PointDeviceAdd, TxCallbackNull },
	{ "rx-callback-null", PointDeviceAdd, RxCallbackNull },
	{ "callbacks-null", PointDeviceAdd, CallbacksNull },
#if NETADAPTER_VERSION_MINOR >= 1
	{ "demux-size", PointDeviceAdd, DemuxSize },
	{ "demux-type", PointDeviceAdd, DemuxType },
	{ "demux-one", PointDeviceAdd, DemuxOne },
	{ "demux-nine", PointDeviceAdd, DemuxNine },
	{ "demux-two", PointDeviceAdd, DemuxTwo },
#endif
	{ NULL, PointStarted, NULL },
};
