// SPDX-License-Identifier: MIT
//
// A user-mode network driver in C++ with exceptions: what fails throws, and the callback that the
// framework calls catches it. The keyword Deed has it do what a test wants to see.
#include "ends.h"
#include "deeds.h"

#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

class Failure
{
      public:
	explicit Failure(NTSTATUS Status) : Status(Status)
	{
	}

	const NTSTATUS Status;
};

static void Check(NTSTATUS Status)
{
	if (!NT_SUCCESS(Status))
		throw Failure(Status);
}

// Frees what it has, also when an exception comes through.
class AdapterInit
{
      public:
	explicit AdapterInit(WDFDEVICE Device) : Init(NetAdapterInitAllocate(Device))
	{
		if (!Init)
			throw Failure(STATUS_INSUFFICIENT_RESOURCES);
	}

	~AdapterInit()
	{
		NetAdapterInitFree(Init);
	}

	NETADAPTER_INIT *const Init;
};

WDFSPINLOCK EndLock;

// The end that has no peer yet. Devices come and go on threads of their own.
class Cable
{
      public:
	Cable()
	{
		Check(WdfSpinLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &EndLock));
	}

	void Join(END *End)
	{
		WdfSpinLockAcquire(EndLock);
		if (Alone) {
			Alone->Peer = End;
			End->Peer = Alone;
			Alone = nullptr;
		} else {
			Alone = End;
		}
		WdfSpinLockRelease(EndLock);
	}

	void Part(END *End)
	{
		WdfSpinLockAcquire(EndLock);
		if (End->Peer)
			End->Peer->Peer = nullptr;
		if (End->Peer || Alone == End)
			Alone = End->Peer;
		End->Peer = nullptr;
		WdfSpinLockRelease(EndLock);
	}

      private:
	END *Alone = nullptr;
};

static Cable &TheCable()
{
	static Cable cable; // made by the first who asks, once
	return cable;
}

typedef struct _PAIR_DEVICE {
	NETADAPTER Adapter;
} PAIR_DEVICE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(PAIR_DEVICE, GetDevice)

extern "C" DRIVER_INITIALIZE DriverEntry;
static EVT_WDF_DRIVER_DEVICE_ADD EvtDeviceAdd;
static EVT_WDF_DEVICE_PREPARE_HARDWARE EvtPrepareHardware;
static EVT_WDF_DEVICE_RELEASE_HARDWARE EvtReleaseHardware;

static void MakeStore(END *End)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	WDFMEMORY memory;

	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.ParentObject = End->Adapter;
	Check(WdfMemoryCreate(&attributes, NonPagedPoolNx, 'dnEU', END_FRAMES * sizeof(END_FRAME),
			      &memory, reinterpret_cast<PVOID *>(&End->Frames)));
}

static void CreateAdapter(WDFDEVICE Device)
{
	AdapterInit init(Device);
	NET_ADAPTER_DATAPATH_CALLBACKS datapath;
	WDF_OBJECT_ATTRIBUTES attributes;
	NETADAPTER adapter;

	NET_ADAPTER_DATAPATH_CALLBACKS_INIT(&datapath, EndCreateTxQueue, EndCreateRxQueue);
	NetAdapterInitSetDatapathCallbacks(init.Init, &datapath);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, END);
	Check(NetAdapterCreate(init.Init, &attributes, &adapter));
	EndOf(adapter)->Adapter = adapter;
	MakeStore(EndOf(adapter));
	GetDevice(Device)->Adapter = adapter;
}

static NTSTATUS EvtDeviceAdd(WDFDRIVER, PWDFDEVICE_INIT DeviceInit)
try {
	WDF_PNPPOWER_EVENT_CALLBACKS callbacks;
	WDF_OBJECT_ATTRIBUTES attributes;
	WDFDEVICE device;

	Check(NetDeviceInitConfig(DeviceInit));
	WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&callbacks);
	callbacks.EvtDevicePrepareHardware = EvtPrepareHardware;
	callbacks.EvtDeviceReleaseHardware = EvtReleaseHardware;
	WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &callbacks);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, PAIR_DEVICE);
	Check(WdfDeviceCreate(&DeviceInit, &attributes, &device));
	CreateAdapter(device);
	return STATUS_SUCCESS;
} catch (const Failure &failure) {
	return failure.Status;
}

static ULONG ReadDeed(NETADAPTER Adapter)
{
	DECLARE_CONST_UNICODE_STRING(name, L"Deed");
	NETCONFIGURATION configuration;
	ULONG deed = 0;

	Check(NetAdapterOpenConfiguration(Adapter, WDF_NO_OBJECT_ATTRIBUTES, &configuration));
	NetConfigurationQueryUlong(configuration, NET_CONFIGURATION_QUERY_ULONG_NO_FLAGS, &name,
				   &deed);
	NetConfigurationClose(configuration);
	return deed;
}

static void SetLink(NETADAPTER Adapter)
{
	static UCHAR last; // addresses that differ
	const UCHAR station[] = { 0x02, 0x00, 0x5E, 0x00, 0x01, ++last };
	NET_ADAPTER_LINK_LAYER_CAPABILITIES layer;
	NET_ADAPTER_LINK_LAYER_ADDRESS address;
	NET_ADAPTER_LINK_STATE link;

	NET_ADAPTER_LINK_LAYER_CAPABILITIES_INIT(&layer, 1000000000, 1000000000);
	NetAdapterSetLinkLayerCapabilities(Adapter, &layer);
	NetAdapterSetLinkLayerMtuSize(Adapter, END_BYTES - 14);
	NET_ADAPTER_LINK_LAYER_ADDRESS_INIT(&address, sizeof(station), station);
	NetAdapterSetPermanentLinkLayerAddress(Adapter, &address);
	NetAdapterSetCurrentLinkLayerAddress(Adapter, &address);
	NET_ADAPTER_LINK_STATE_INIT(&link, 1000000000, MediaConnectStateConnected,
				    MediaDuplexStateFull, NetAdapterPauseFunctionTypeUnsupported,
				    NetAdapterAutoNegotiationFlagNone);
	NetAdapterSetLinkState(Adapter, &link);
}

// What each way to allocate came to: 1 memory, 0 none, X an exception.
struct alignas(64) Aligned {
	UCHAR Bytes[64];
};

template <class Allocate> static char Tried(Allocate Try)
{
	try {
		return Try() ? '1' : '0';
	} catch (const std::bad_alloc &) {
		return 'X';
	}
}

// A compiler may leave out an allocation that nobody sees.
static void *volatile Seen;

template <class Type> static bool Kept(Type *Memory)
{
	std::unique_ptr<Type> owner(Memory);

	Seen = Memory;
	return Memory != nullptr;
}

static bool Grown(void *Memory)
{
	void *more = Memory ? realloc(Memory, 1000) : nullptr;

	Seen = more;
	free(more ? more : Memory);
	return more != nullptr;
}

static bool Freed(void *Memory)
{
	Seen = Memory;
	free(Memory);
	return Memory != nullptr;
}

static void Allocate()
{
	const char got[] = {
		Tried([] { return Freed(malloc(100)); }),
		Tried([] { return Freed(std::calloc(10, 10)); }),
		Tried([] { return Grown(malloc(10)); }),
		Tried([] { return Freed(strdup("text")); }),
		Tried([] { return Kept(new ULONG(1)); }),
		Tried([] { return Kept(new (std::nothrow) ULONG(1)); }),
		Tried([] {
			std::unique_ptr<ULONG[]> owner(new ULONG[3]);

			Seen = owner.get();
			return Seen != nullptr;
		}),
		Tried([] {
			std::vector<ULONG> owner(100);

			Seen = owner.data();
			return Seen != nullptr;
		}),
		Tried([] { return Kept(new Aligned); }),
		0,
	};

	DbgPrintEx(0, 0, "umdf: allocated %s\n", got);
}

static NTSTATUS EvtPrepareHardware(WDFDEVICE Device, WDFCMRESLIST, WDFCMRESLIST Translated)
try {
	NETADAPTER adapter = GetDevice(Device)->Adapter;
	NET_ADAPTER_TX_CAPABILITIES tx;
	NET_ADAPTER_RX_CAPABILITIES rx;
	const ULONG deed = ReadDeed(adapter);

	TheCable(); // its lock is there before the queues are
	SetLink(adapter);
	NET_ADAPTER_TX_CAPABILITIES_INIT(&tx, 1);
	NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED(&rx, END_BYTES, 1);
	DeedBeforeStart(deed, Device, &tx, &rx);
	DeedWithRegisters(deed, Device, Translated);
	if (deed == DEED_ALLOCATE)
		Allocate();
	if (deed == DEED_THROW_AND_CATCH)
		throw Failure(STATUS_DEVICE_CONFIGURATION_ERROR);
	if (deed == DEED_THROW)
		throw deed; // nobody has this
	NetAdapterSetDataPathCapabilities(adapter, &tx, &rx);
	Check(NetAdapterStart(adapter));
	TheCable().Join(EndOf(adapter));
	return STATUS_SUCCESS;
} catch (const Failure &failure) {
	return failure.Status;
}

static NTSTATUS EvtReleaseHardware(WDFDEVICE Device, WDFCMRESLIST)
{
	TheCable().Part(EndOf(GetDevice(Device)->Adapter));
	return STATUS_SUCCESS;
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	WDF_DRIVER_CONFIG config;

	WDF_DRIVER_CONFIG_INIT(&config, EvtDeviceAdd);
	return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
			       WDF_NO_HANDLE);
}
