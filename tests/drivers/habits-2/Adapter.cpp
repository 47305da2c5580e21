/* SPDX-License-Identifier: MIT */
#include "Pch.hpp"
#include "queue.h"

// {5D6A3B54-6C7E-4B0F-9F3D-1C7A0E6B2F10}
DEFINE_GUID(GUID_HABITS_2, 0x5d6a3b54, 0x6c7e, 0x4b0f, 0x9f, 0x3d, 0x1c, 0x7a, 0x0e, 0x6b, 0x2f,
	    0x10);

static auto constexpr LinkSpeed{ 1'000'000'000ull };
static UCHAR constexpr Station[] = { 0x02, 0x00, 0x5E, 0x00, 0x00, 0x08 };

extern "C" CODE_SEG("INIT") DRIVER_INITIALIZE DriverEntry;

void *__cdecl operator new(size_t Size, POOL_FLAGS Flags) noexcept
{
	return ExAllocatePool2(Flags, Size, HABITS_TAG);
}

void __cdecl operator delete(void *Memory) noexcept
{
	if (Memory != nullptr) {
		ExFreePoolWithTag(Memory, HABITS_TAG);
	}
}

void __cdecl operator delete(void *Memory, size_t) noexcept
{
	operator delete(Memory);
}

HabitsAdapter::HabitsAdapter(NETADAPTER Adapter) : m_adapter{ Adapter }
{
	KeInitializeSpinLock(&m_lock);
	HABIT("an initialiser of a member", m_rx == nullptr && m_looped == 0);
}

HabitsAdapter::~HabitsAdapter()
{
	DbgPrint("holds: a destructor in EvtDestroyCallback\n");
}

static void SetOffloads(NETADAPTER Adapter)
{
	auto constexpr layer3 = NetAdapterOffloadLayer3FlagIPv4NoOptions |
				NetAdapterOffloadLayer3FlagIPv6NoExtensions;

	NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES tx;
	NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES_INIT(&tx, layer3,
							  [](NETADAPTER, NETOFFLOAD) {});
	tx.Layer4Flags = NetAdapterOffloadLayer4FlagTcpNoOptions | NetAdapterOffloadLayer4FlagUdp;
	NetAdapterOffloadSetTxChecksumCapabilities(Adapter, &tx);

	NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES rx;
	NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES_INIT(&rx, [](NETADAPTER, NETOFFLOAD) {});
	NetAdapterOffloadSetRxChecksumCapabilities(Adapter, &rx);

	NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES gso;
	NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES_INIT(
		&gso, layer3, NetAdapterOffloadLayer4FlagTcpNoOptions, 1460, 2,
		[](NETADAPTER, NETOFFLOAD Offload) { NetOffloadIsLsoIPv4Enabled(Offload); });
	NetAdapterOffloadSetGsoCapabilities(Adapter, &gso);
}

NTSTATUS HabitsAdapter::Start()
{
	NET_ADAPTER_LINK_LAYER_CAPABILITIES linkLayer;
	NET_ADAPTER_LINK_LAYER_CAPABILITIES_INIT(&linkLayer, LinkSpeed, LinkSpeed);
	NetAdapterSetLinkLayerCapabilities(m_adapter, &linkLayer);
	NetAdapterSetLinkLayerMtuSize(m_adapter, 1500);

	NET_ADAPTER_LINK_LAYER_ADDRESS address{};
	NET_ADAPTER_LINK_LAYER_ADDRESS_INIT(&address, sizeof(Station), Station);
	NetAdapterSetPermanentLinkLayerAddress(m_adapter, &address);
	NetAdapterSetCurrentLinkLayerAddress(m_adapter, &address);

	NET_ADAPTER_TX_CAPABILITIES tx{};
	NET_ADAPTER_TX_CAPABILITIES_INIT(&tx, 1);
	NET_ADAPTER_RX_CAPABILITIES rx{};
	NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED(&rx, 1514, 1);
	NetAdapterSetDataPathCapabilities(m_adapter, &tx, &rx);
	SetOffloads(m_adapter);

	NET_ADAPTER_LINK_STATE link;
	NET_ADAPTER_LINK_STATE_INIT(&link, LinkSpeed, MediaConnectStateConnected,
				    MediaDuplexStateFull, NetAdapterPauseFunctionTypeUnsupported,
				    NetAdapterAutoNegotiationFlagNone);
	NetAdapterSetLinkState(m_adapter, &link);
	return NetAdapterStart(m_adapter);
}

struct HABITS_DEVICE {
	HabitsAdapter *Adapter;
};
WDF_DECLARE_CONTEXT_TYPE(HABITS_DEVICE);

static PAGEDX NTSTATUS CreateAdapter(WDFDEVICE Device)
{
	auto const init = NetAdapterInitAllocate(Device);
	if (init == nullptr) {
		return STATUS_INSUFFICIENT_RESOURCES;
	}

	NET_ADAPTER_DATAPATH_CALLBACKS datapath;
	NET_ADAPTER_DATAPATH_CALLBACKS_INIT(
		&datapath,
		[](NETADAPTER Adapter, NETTXQUEUE_INIT *Init) {
			return HabitsGetAdapter(Adapter)->CreateTxQueue(Init);
		},
		[](NETADAPTER Adapter, NETRXQUEUE_INIT *Init) {
			return HabitsGetAdapter(Adapter)->CreateRxQueue(Init);
		});
	NetAdapterInitSetDatapathCallbacks(init, &datapath);

	WDF_OBJECT_ATTRIBUTES attributes;
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, HabitsAdapter);
	attributes.EvtDestroyCallback = [](WDFOBJECT Handle) {
		HabitsGetAdapter(Handle)->~HabitsAdapter();
	};

	NETADAPTER adapter;
	auto const status = NetAdapterCreate(init, &attributes, &adapter);
	NetAdapterInitFree(init);
	if (NT_SUCCESS(status)) {
		WdfObjectGet_HABITS_DEVICE(Device)->Adapter =
			new (HabitsGetAdapter(adapter)) HabitsAdapter{ adapter };
	}
	return status;
}

static NTSTATUS AddDevice(WDFDRIVER, PWDFDEVICE_INIT Init)
{
	if (auto const status = NetDeviceInitConfig(Init); !NT_SUCCESS(status)) {
		return status;
	}

	WDF_PNPPOWER_EVENT_CALLBACKS callbacks;
	WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&callbacks);
	callbacks.EvtDevicePrepareHardware = [](WDFDEVICE Device, WDFCMRESLIST, WDFCMRESLIST) {
		return WdfObjectGet_HABITS_DEVICE(Device)->Adapter->Start();
	};
	WdfDeviceInitSetPnpPowerEventCallbacks(Init, &callbacks);

	WDF_OBJECT_ATTRIBUTES attributes;
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, HABITS_DEVICE);
	WDFDEVICE device;
	auto const status = WdfDeviceCreate(&Init, &attributes, &device);
	return NT_SUCCESS(status) ? CreateAdapter(device) : status;
}

_Use_decl_annotations_ CODE_SEG("INIT") NTSTATUS
	DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	WDF_DRIVER_CONFIG configuration;
	WDF_DRIVER_CONFIG_INIT(&configuration, AddDevice);

	HabitsCheckLanguage();
	HabitsCheckMdl();
	return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &configuration,
			       WDF_NO_HANDLE);
}
