/* SPDX-License-Identifier: MIT */
/*
 * netadapter.h - the adapter: creating it, saying what it can do, starting and stopping it.
 * PASSIVE_LEVEL unless said otherwise. Part of netadaptercx.h.
 */
#ifndef NETCX_NETADAPTER_2_H
#define NETCX_NETADAPTER_2_H

#include <netadaptercxtypes.h>
#include <parts/netadapterdatapath.h>
#include <parts/netadapterlink.h>
#if NETCX_SINCE(1)
#include <parts/netadapterfilter.h>
#endif
#include <parts/netadapterpower.h>
#include <netreceivescaling.h>

EXTERN_C_START

/*
 * Checksum offload of 2.0, transmit and receive in one. From 2.1 on netadapteroffload.h has each by
 * itself, and a driver that calls these breaks a rule.
 */
typedef void EVT_NET_ADAPTER_OFFLOAD_SET_CHECKSUM(_In_ NETADAPTER Adapter, _In_ NETOFFLOAD Offload);
typedef EVT_NET_ADAPTER_OFFLOAD_SET_CHECKSUM *PFN_NET_ADAPTER_OFFLOAD_SET_CHECKSUM;

typedef struct _NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES {
	ULONG Size;
	BOOLEAN IPv4;
	BOOLEAN Tcp;
	BOOLEAN Udp;
	PFN_NET_ADAPTER_OFFLOAD_SET_CHECKSUM EvtAdapterOffloadSetChecksum;
} NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES, *PNET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES;

FORCEINLINE void NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES_INIT(
	NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES *ChecksumCapabilities, BOOLEAN IPv4, BOOLEAN Tcp,
	BOOLEAN Udp, PFN_NET_ADAPTER_OFFLOAD_SET_CHECKSUM EvtAdapterOffloadSetChecksum)
{
	WDF_STRUCT_INIT(ChecksumCapabilities, NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES);
	ChecksumCapabilities->IPv4 = IPv4;
	ChecksumCapabilities->Tcp = Tcp;
	ChecksumCapabilities->Udp = Udp;
	ChecksumCapabilities->EvtAdapterOffloadSetChecksum = EvtAdapterOffloadSetChecksum;
}

void NetAdapterOffloadSetChecksumCapabilities(
	NETADAPTER Adapter, NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES *HardwareCapabilities)
	NETCX_SYMBOL(NetAdapterOffloadSetChecksumCapabilities);

/* Inside the callback. */
BOOLEAN NetOffloadIsChecksumIPv4Enabled(NETOFFLOAD Offload)
	NETCX_SYMBOL(NetOffloadIsChecksumIPv4Enabled);
BOOLEAN NetOffloadIsChecksumTcpEnabled(NETOFFLOAD Offload)
	NETCX_SYMBOL(NetOffloadIsChecksumTcpEnabled);
BOOLEAN NetOffloadIsChecksumUdpEnabled(NETOFFLOAD Offload)
	NETCX_SYMBOL(NetOffloadIsChecksumUdpEnabled);

/* An adapter is created from an init object, which is freed in any case. NULL: out of memory */
NETADAPTER_INIT *NetAdapterInitAllocate(WDFDEVICE Device) NETCX_SYMBOL(NetAdapterInitAllocate);
#if NETCX_SINCE(3)
/* For an adapter without a device below: a view of the network interface of that name. */
NETADAPTER_INIT *NetAdapterLightweightInitAllocate(const GUID *NetworkInterfaceGuid)
	NETCX_SYMBOL(NetAdapterLightweightInitAllocate);
#endif
void NetAdapterInitFree(NETADAPTER_INIT *AdapterInit) NETCX_SYMBOL(NetAdapterInitFree);
void NetAdapterInitSetDatapathCallbacks(NETADAPTER_INIT *AdapterInit,
					NET_ADAPTER_DATAPATH_CALLBACKS *DatapathCallbacks)
	NETCX_SYMBOL(NetAdapterInitSetDatapathCallbacks);
NTSTATUS NetAdapterCreate(NETADAPTER_INIT *AdapterInit, WDF_OBJECT_ATTRIBUTES *AdapterAttributes,
			  NETADAPTER *Adapter) NETCX_SYMBOL(NetAdapterCreate);

/* Before NetAdapterStart. */
void NetAdapterSetDataPathCapabilities(NETADAPTER Adapter,
				       NET_ADAPTER_TX_CAPABILITIES *TxCapabilities,
				       NET_ADAPTER_RX_CAPABILITIES *RxCapabilities)
	NETCX_SYMBOL(NetAdapterSetDataPathCapabilities);
void NetAdapterSetLinkLayerCapabilities(NETADAPTER Adapter,
					NET_ADAPTER_LINK_LAYER_CAPABILITIES *LinkLayerCapabilities)
	NETCX_SYMBOL(NetAdapterSetLinkLayerCapabilities);
void NetAdapterSetPermanentLinkLayerAddress(NETADAPTER Adapter,
					    NET_ADAPTER_LINK_LAYER_ADDRESS *LinkLayerAddress)
	NETCX_SYMBOL(NetAdapterSetPermanentLinkLayerAddress);

/* At any time. */
void NetAdapterSetLinkLayerMtuSize(NETADAPTER Adapter, ULONG MtuSize)
	NETCX_SYMBOL(NetAdapterSetLinkLayerMtuSize);
void NetAdapterSetCurrentLinkLayerAddress(NETADAPTER Adapter,
					  NET_ADAPTER_LINK_LAYER_ADDRESS *LinkLayerAddress)
	NETCX_SYMBOL(NetAdapterSetCurrentLinkLayerAddress);
NET_LUID NetAdapterGetNetLuid(NETADAPTER Adapter) NETCX_SYMBOL(NetAdapterGetNetLuid);
NTSTATUS NetAdapterOpenConfiguration(NETADAPTER Adapter,
				     WDF_OBJECT_ATTRIBUTES *ConfigurationAttributes,
				     NETCONFIGURATION *Configuration)
	NETCX_SYMBOL(NetAdapterOpenConfiguration);

/* IRQL: <= DISPATCH_LEVEL */
void NetAdapterSetLinkState(NETADAPTER Adapter, NET_ADAPTER_LINK_STATE *State)
	NETCX_SYMBOL(NetAdapterSetLinkState);

NTSTATUS NetAdapterStart(NETADAPTER Adapter) NETCX_SYMBOL(NetAdapterStart);
void NetAdapterStop(NETADAPTER Adapter) NETCX_SYMBOL(NetAdapterStop);

#if NETCX_SINCE(4)
/* Of a started adapter: all offloads off, and what was active on again. */
void NetAdapterPauseOffloadCapabilities(NETADAPTER Adapter)
	NETCX_SYMBOL(NetAdapterPauseOffloadCapabilities);
void NetAdapterResumeOffloadCapabilities(NETADAPTER Adapter)
	NETCX_SYMBOL(NetAdapterResumeOffloadCapabilities);
#endif

EXTERN_C_END

#endif
