/* SPDX-License-Identifier: MIT */
/*
 * A driver that goes wrong where the environment variable NETCX_STEP says, with the status in
 * NETCX_STATUS; "Slow" takes so many milliseconds, in hexadecimal. Without them it is a network
 * adapter that drops what it is given.
 */
#include <netadaptercx.h>
#include <ntddk.h>
#include <wdf.h>

/* A test's way in; no driver for Windows has these. */
char *getenv(const char *name);
int strcmp(const char *a, const char *b);
_Noreturn void exit(int code);
unsigned long strtoul(const char *text, char **end, int base);

typedef struct _STEP_DEVICE {
	NETADAPTER Adapter;
	NETADAPTER Second;
} STEP_DEVICE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(STEP_DEVICE, StepGetDevice)

typedef struct _STEP_QUEUE {
	PCNET_DATAPATH_DESCRIPTOR Datapath;
} STEP_QUEUE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(STEP_QUEUE, StepGetQueue)

static BOOLEAN At(const char *Step)
{
	const char *wanted = getenv("NETCX_STEP");

	return wanted && strcmp(wanted, Step) == 0;
}

static NTSTATUS StatusAt(const char *Step)
{
	const char *status = getenv("NETCX_STATUS");

	if (!At(Step))
		return STATUS_SUCCESS;
	return status ? (NTSTATUS)strtoul(status, NULL, 16) : STATUS_UNSUCCESSFUL;
}

static VOID EvtTxAdvance(NETPACKETQUEUE Queue)
{
	NetRingBufferReturnAllPackets(StepGetQueue(Queue)->Datapath);
}

static VOID EvtRxAdvance(NETPACKETQUEUE Queue)
{
	UNREFERENCED_PARAMETER(Queue);
}

static VOID EvtRxCancel(NETPACKETQUEUE Queue)
{
	PCNET_DATAPATH_DESCRIPTOR datapath = StepGetQueue(Queue)->Datapath;
	NET_RING_BUFFER *ring = NET_DATAPATH_DESCRIPTOR_GET_PACKET_RING_BUFFER(datapath);

	/* The pause then waits for ever. */
	if (At("KeepPackets"))
		return;
	for (UINT32 i = ring->BeginIndex; i != ring->EndIndex;
	     i = NetRingBufferIncrementIndex(ring, i))
		NetRingBufferGetPacketAtIndex(datapath, i)->IgnoreThisPacket = TRUE;
	ring->BeginIndex = ring->EndIndex;
}

static VOID EvtSetNotificationEnabled(NETPACKETQUEUE Queue, BOOLEAN NotificationEnabled)
{
	UNREFERENCED_PARAMETER(Queue);
	UNREFERENCED_PARAMETER(NotificationEnabled);
}

static NTSTATUS EvtAdapterCreateTxQueue(NETADAPTER Adapter, NETTXQUEUE_INIT *TxQueueInit)
{
	NET_PACKET_QUEUE_CONFIG config;
	WDF_OBJECT_ATTRIBUTES attributes;
	NETPACKETQUEUE queue;
	NTSTATUS status = StatusAt("CreateTxQueue");

	UNREFERENCED_PARAMETER(Adapter);
	if (!NT_SUCCESS(status) || At("NoTxQueue"))
		return status;
	NET_PACKET_QUEUE_CONFIG_INIT(&config, EvtTxAdvance, EvtSetNotificationEnabled,
				     EvtTxAdvance);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, STEP_QUEUE);
	status = NetTxQueueCreate(TxQueueInit, &attributes, &config, &queue);
	if (NT_SUCCESS(status))
		StepGetQueue(queue)->Datapath = NetTxQueueGetDatapathDescriptor(queue);
	return status;
}

static NTSTATUS EvtAdapterCreateRxQueue(NETADAPTER Adapter, NETRXQUEUE_INIT *RxQueueInit)
{
	NET_PACKET_QUEUE_CONFIG config;
	WDF_OBJECT_ATTRIBUTES attributes;
	NETPACKETQUEUE queue;
	NTSTATUS status = StatusAt("CreateRxQueue");

	UNREFERENCED_PARAMETER(Adapter);
	if (!NT_SUCCESS(status))
		return status;
	NET_PACKET_QUEUE_CONFIG_INIT(&config, EvtRxAdvance, EvtSetNotificationEnabled, EvtRxCancel);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, STEP_QUEUE);
	status = NetRxQueueCreate(RxQueueInit, &attributes, &config, &queue);
	if (NT_SUCCESS(status))
		StepGetQueue(queue)->Datapath = NetRxQueueGetDatapathDescriptor(queue);
	return status;
}

static VOID EvtSetLso(NETADAPTER Adapter, NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES *Active)
{
	UNREFERENCED_PARAMETER(Adapter);
	UNREFERENCED_PARAMETER(Active);
}

static VOID EvtSetChecksum(NETADAPTER Adapter, NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES *Active)
{
	UNREFERENCED_PARAMETER(Adapter);
	UNREFERENCED_PARAMETER(Active);
}

/* *JumboPacket, as a driver for Windows reads it. */
static ULONG ReadMtu(NETADAPTER Adapter)
{
	DECLARE_CONST_UNICODE_STRING(name, L"*JumboPacket");
	NETCONFIGURATION configuration;
	ULONG frame = 1514;

	if (!NT_SUCCESS(
		    NetAdapterOpenConfiguration(Adapter, WDF_NO_OBJECT_ATTRIBUTES, &configuration)))
		return 1500;
	NetConfigurationQueryUlong(configuration, NET_CONFIGURATION_QUERY_ULONG_NO_FLAGS, &name,
				   &frame);
	NetConfigurationClose(configuration);
	return frame - 14;
}

static NTSTATUS EvtScalingEnable(NETADAPTER Adapter, NET_ADAPTER_RECEIVE_SCALING_HASH_TYPE HashType,
				 NET_ADAPTER_RECEIVE_SCALING_PROTOCOL_TYPE ProtocolType)
{
	UNREFERENCED_PARAMETER(Adapter);
	UNREFERENCED_PARAMETER(HashType);
	UNREFERENCED_PARAMETER(ProtocolType);
	return StatusAt("ScalingFails");
}

static VOID EvtScalingDisable(NETADAPTER Adapter)
{
	UNREFERENCED_PARAMETER(Adapter);
}

static NTSTATUS EvtSetHashSecretKey(
	NETADAPTER Adapter, const NET_ADAPTER_RECEIVE_SCALING_HASH_SECRET_KEY *HashSecretKey)
{
	UNREFERENCED_PARAMETER(Adapter);
	UNREFERENCED_PARAMETER(HashSecretKey);
	return STATUS_SUCCESS;
}

static NTSTATUS EvtSetIndirectionEntries(
	NETADAPTER Adapter, NET_ADAPTER_RECEIVE_SCALING_INDIRECTION_ENTRIES *IndirectionEntries)
{
	UNREFERENCED_PARAMETER(Adapter);
	UNREFERENCED_PARAMETER(IndirectionEntries);
	return STATUS_SUCCESS;
}

static VOID SetScaling(NETADAPTER Adapter)
{
	NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES scaling;

	if (!At("Scaling") && !At("ScalingFails"))
		return;
	NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES_INIT(
		&scaling, 4, NetAdapterReceiveScalingUnhashedTargetTypeUnspecified,
		NetAdapterReceiveScalingHashTypeToeplitz,
		NetAdapterReceiveScalingProtocolTypeIPv4 | NetAdapterReceiveScalingProtocolTypeTcp,
		EvtScalingEnable, EvtScalingDisable, EvtSetHashSecretKey, EvtSetIndirectionEntries);
	NetAdapterSetReceiveScalingCapabilities(Adapter, &scaling);
}

static VOID SetCapabilities(NETADAPTER Adapter)
{
	NET_ADAPTER_LINK_LAYER_CAPABILITIES linkLayer;
	NET_ADAPTER_LINK_LAYER_ADDRESS address = { .Length = 6, .Address = { 2, 0, 0, 0, 0, 9 } };
	NET_ADAPTER_TX_CAPABILITIES tx;
	NET_ADAPTER_RX_CAPABILITIES rx;
	NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES checksum;
	NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES lso;
	NET_ADAPTER_POWER_CAPABILITIES power;
	NET_ADAPTER_LINK_STATE link;

	NET_ADAPTER_LINK_LAYER_CAPABILITIES_INIT(
		&linkLayer, NET_PACKET_FILTER_TYPE_DIRECTED | NET_PACKET_FILTER_TYPE_BROADCAST, 0,
		NET_ADAPTER_STATISTICS_NO_FLAGS, 1000000000, 1000000000);
	NetAdapterSetLinkLayerCapabilities(Adapter, &linkLayer);
	if (!At("NoMtu"))
		NetAdapterSetLinkLayerMtuSize(Adapter, ReadMtu(Adapter));
	NetAdapterSetPermanentLinkLayerAddress(Adapter, &address);
	NET_ADAPTER_TX_CAPABILITIES_INIT(&tx, 65536, 1);
	NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED(&rx, 16384, 1);
	NetAdapterSetDatapathCapabilities(Adapter, &tx, &rx);
	NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES_INIT(&checksum, TRUE, TRUE, FALSE);
	NetAdapterOffloadSetChecksumCapabilities(Adapter, &checksum, EvtSetChecksum);
	/* A driver that offers LSO says how much it takes. */
	NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES_INIT(&lso, TRUE, FALSE, At("Violation") ? 0 : 60000,
						  2);
	NetAdapterOffloadSetLsoCapabilities(Adapter, &lso, EvtSetLso);
	SetScaling(Adapter);
	NET_ADAPTER_POWER_CAPABILITIES_INIT(&power);
	power.SupportedWakePatterns = NET_ADAPTER_WAKE_MAGIC_PACKET;
	NetAdapterSetPowerCapabilities(Adapter, &power);
	NET_ADAPTER_LINK_STATE_INIT(&link, 1000000000, MediaConnectStateConnected,
				    MediaDuplexStateFull, NetAdapterPauseFunctionsUnsupported,
				    NET_ADAPTER_AUTO_NEGOTIATION_NO_FLAGS);
	NetAdapterSetCurrentLinkState(Adapter, &link);
}

static VOID Sleep(LONGLONG Milliseconds)
{
	LARGE_INTEGER interval = { .QuadPart = -10000 * Milliseconds };

	KeDelayExecutionThread(KernelMode, FALSE, &interval);
}

/* Memory mistakes that kernel code makes. */
static VOID MakeMistakes(VOID)
{
	volatile ULONG *nowhere = NULL;
	PVOID pool;

	if (At("Null"))
		*nowhere = 1;
	if (!At("FreeTwice"))
		return;
	pool = ExAllocatePoolWithTag(NonPagedPoolNx, 64, 'petS');
	ExFreePoolWithTag(pool, 'petS');
	ExFreePoolWithTag(pool, 'petS');
}

/* A DPC takes the lock that is held while DPCs are flushed: waiting would be for ever. */
static WDFSPINLOCK FlushLock;

static VOID LockingDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
	UNREFERENCED_PARAMETER(Dpc);
	UNREFERENCED_PARAMETER(Context);
	UNREFERENCED_PARAMETER(Argument1);
	UNREFERENCED_PARAMETER(Argument2);
	WdfSpinLockAcquire(FlushLock);
	WdfSpinLockRelease(FlushLock);
}

static VOID FlushUnderLock(WDFDEVICE Device)
{
	static KDPC dpc;
	WDF_OBJECT_ATTRIBUTES attributes;

	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.ParentObject = Device;
	if (!NT_SUCCESS(WdfSpinLockCreate(&attributes, &FlushLock)))
		return;
	KeInitializeDpc(&dpc, LockingDpc, NULL);
	WdfSpinLockAcquire(FlushLock);
	KeInsertQueueDpc(&dpc, NULL, NULL);
	KeFlushQueuedDpcs();
	WdfSpinLockRelease(FlushLock);
}

static NTSTATUS EvtDevicePrepareHardware(WDFDEVICE Device, WDFCMRESLIST Raw,
					 WDFCMRESLIST Translated)
{
	static ULONG starts;
	NTSTATUS status = StatusAt("PrepareHardware");

	UNREFERENCED_PARAMETER(Raw);
	UNREFERENCED_PARAMETER(Translated);
	MakeMistakes();
	if (At("FlushUnderLock"))
		FlushUnderLock(Device);
	if (At("Exit"))
		exit(0);
	/* The framework's, until the device is removed. */
	if (At("DeleteDevice"))
		WdfObjectDelete(Device);
	if (++starts == 2 && At("SecondStart"))
		return STATUS_DEVICE_CONFIGURATION_ERROR;
	if (!NT_SUCCESS(status))
		return status;
	if (At("Slow"))
		Sleep(1000);
	while (At("Hang"))
		Sleep(50);
	if (StepGetDevice(Device)->Second) {
		SetCapabilities(StepGetDevice(Device)->Second);
		status = NetAdapterStart(StepGetDevice(Device)->Second);
		if (!NT_SUCCESS(status))
			return status;
	}
	SetCapabilities(StepGetDevice(Device)->Adapter);
	return NetAdapterStart(StepGetDevice(Device)->Adapter);
}

static NTSTATUS EvtDeviceD0Entry(WDFDEVICE Device, WDF_POWER_DEVICE_STATE PreviousState)
{
	static ULONG entries;

	UNREFERENCED_PARAMETER(PreviousState);
	if (At("Slow")) {
		LARGE_INTEGER interval = { .QuadPart = -10000 * (LONGLONG)StatusAt("Slow") };

		KeDelayExecutionThread(KernelMode, FALSE, &interval);
	}
	if (At("FirstSetFailed") && entries++ == 0)
		WdfDeviceSetFailed(Device, WdfDeviceFailedAttemptRestart);
	if (At("SetFailed"))
		WdfDeviceSetFailed(Device, WdfDeviceFailedNoRestart);
	if (At("SetFailedRestart"))
		WdfDeviceSetFailed(Device, WdfDeviceFailedAttemptRestart);
	return StatusAt("D0Entry");
}

static NTSTATUS EvtDeviceSelfManagedIoInit(WDFDEVICE Device)
{
	UNREFERENCED_PARAMETER(Device);
	return StatusAt("SelfManagedIoInit");
}

/* ---- requests ---- */

static ULONG Filter = 0xFFFFFFFF;
static NETREQUEST Held;

static VOID EvtSetFilter(NETREQUESTQUEUE Queue, NETREQUEST Request, PVOID Buffer, UINT Length)
{
	UNREFERENCED_PARAMETER(Queue);
	UNREFERENCED_PARAMETER(Length);
	Filter = *(ULONG *)Buffer;
	if (Filter & 0x80000000)
		NetRequestSetDataComplete(Request, STATUS_NDIS_INVALID_DATA, 0);
	else
		NetRequestSetDataComplete(Request, STATUS_SUCCESS, sizeof(ULONG));
}

static VOID EvtQueryFilter(NETREQUESTQUEUE Queue, NETREQUEST Request, PVOID Buffer, UINT Length)
{
	UNREFERENCED_PARAMETER(Queue);
	UNREFERENCED_PARAMETER(Length);
	*(ULONG *)Buffer = Filter;
	NetRequestQueryDataComplete(Request, STATUS_SUCCESS, sizeof(ULONG));
}

static VOID EvtQueryDescription(NETREQUESTQUEUE Queue, NETREQUEST Request, PVOID Buffer,
				UINT Length)
{
	static const char text[] = "Step by step";

	UNREFERENCED_PARAMETER(Queue);
	if (Length < sizeof(text)) {
		NetRequestSetBytesNeeded(Request, sizeof(text));
		NetRequestQueryDataComplete(Request, STATUS_NDIS_INVALID_LENGTH, 0);
		return;
	}
	RtlCopyMemory(Buffer, text, sizeof(text));
	NetRequestQueryDataComplete(Request, STATUS_SUCCESS, sizeof(text));
}

/* 0xFF010001: every byte of the input, one higher. 0xFF010002: never completed, until the end. */
static VOID EvtMethod(NETREQUESTQUEUE Queue, NETREQUEST Request, NDIS_OID Oid, PVOID Buffer,
		      UINT InputLength, UINT OutputLength)
{
	UINT i;

	UNREFERENCED_PARAMETER(Queue);
	if (Oid == 0xFF010002) {
		Held = Request;
		return;
	}
	while (At("HangOid"))
		Sleep(50);
	for (i = 0; i < InputLength && i < OutputLength; i++)
		((UCHAR *)Buffer)[i]++;
	NetRequestMethodComplete(Request, STATUS_SUCCESS, InputLength, i);
}

static NTSTATUS CreateRequestQueue(NETADAPTER Adapter)
{
	NET_REQUEST_QUEUE_CONFIG config;

	NET_REQUEST_QUEUE_CONFIG_INIT_DEFAULT_SEQUENTIAL(&config, Adapter);
	NET_REQUEST_QUEUE_CONFIG_ADD_SET_DATA_HANDLER(&config, OID_GEN_CURRENT_PACKET_FILTER,
						      EvtSetFilter, sizeof(ULONG));
	NET_REQUEST_QUEUE_CONFIG_ADD_QUERY_DATA_HANDLER(&config, OID_GEN_CURRENT_PACKET_FILTER,
							EvtQueryFilter, sizeof(ULONG));
	NET_REQUEST_QUEUE_CONFIG_ADD_QUERY_DATA_HANDLER(&config, OID_GEN_VENDOR_DESCRIPTION,
							EvtQueryDescription, 0);
	config.EvtRequestDefaultMethod = EvtMethod;
	return NetRequestQueueCreate(&config, WDF_NO_OBJECT_ATTRIBUTES, NULL);
}

/* ---- power policy ---- */

static NTSTATUS EvtDeviceArmWakeFromSx(WDFDEVICE Device)
{
	NETPOWERSETTINGS settings = NetAdapterGetPowerSettings(StepGetDevice(Device)->Adapter);

	DbgPrint("armed with %x\n", NetPowerSettingsGetEnabledWakePatternFlags(settings));
	return StatusAt("ArmWake");
}

static NTSTATUS EvtDeviceArmWakeFromS0(WDFDEVICE Device)
{
	return EvtDeviceArmWakeFromSx(Device);
}

static VOID EvtDeviceDisarmWake(WDFDEVICE Device)
{
	UNREFERENCED_PARAMETER(Device);
	DbgPrint("disarmed\n");
}

static VOID EvtDeviceSurpriseRemoval(WDFDEVICE Device)
{
	UNREFERENCED_PARAMETER(Device);
	if (Held)
		NetRequestCompleteWithoutInformation(Held, STATUS_CANCELLED);
}

static VOID SetPowerPolicy(PWDFDEVICE_INIT DeviceInit)
{
	WDF_POWER_POLICY_EVENT_CALLBACKS policy;

	WDF_POWER_POLICY_EVENT_CALLBACKS_INIT(&policy);
	policy.EvtDeviceArmWakeFromSx = EvtDeviceArmWakeFromSx;
	policy.EvtDeviceDisarmWakeFromSx = EvtDeviceDisarmWake;
	policy.EvtDeviceArmWakeFromS0 = EvtDeviceArmWakeFromS0;
	policy.EvtDeviceDisarmWakeFromS0 = EvtDeviceDisarmWake;
	WdfDeviceInitSetPowerPolicyEventCallbacks(DeviceInit, &policy);
}

static NTSTATUS AssignIdle(WDFDEVICE Device)
{
	WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS idle;

	if (!At("Idle"))
		return STATUS_SUCCESS;
	WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(&idle, IdleCanWakeFromS0);
	return WdfDeviceAssignS0IdleSettings(Device, &idle);
}

static NTSTATUS CreateAdapter(NETADAPTER_INIT *init, NETADAPTER *Adapter)
{
	NET_ADAPTER_DATAPATH_CALLBACKS datapath;
	NTSTATUS status;

	if (!init)
		return STATUS_INSUFFICIENT_RESOURCES;
	NET_ADAPTER_DATAPATH_CALLBACKS_INIT(&datapath, EvtAdapterCreateTxQueue,
					    EvtAdapterCreateRxQueue);
	NetAdapterInitSetDatapathCallbacks(init, &datapath);
	status = NetAdapterCreate(init, WDF_NO_OBJECT_ATTRIBUTES, Adapter);
	NetAdapterInitFree(init);
	return status;
}

static NTSTATUS EvtDriverDeviceAdd(WDFDRIVER Driver, PWDFDEVICE_INIT DeviceInit)
{
	WDF_PNPPOWER_EVENT_CALLBACKS pnp;
	WDF_OBJECT_ATTRIBUTES attributes;
	WDFDEVICE device;
	NTSTATUS status = StatusAt("DeviceAddEarly");

	UNREFERENCED_PARAMETER(Driver);
	if (!NT_SUCCESS(status) || At("NoDevice"))
		return status;
	status = NetAdapterDeviceInitConfig(DeviceInit);
	if (!NT_SUCCESS(status))
		return status;
	WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&pnp);
	pnp.EvtDevicePrepareHardware = EvtDevicePrepareHardware;
	pnp.EvtDeviceD0Entry = EvtDeviceD0Entry;
	pnp.EvtDeviceSelfManagedIoInit = EvtDeviceSelfManagedIoInit;
	pnp.EvtDeviceSurpriseRemoval = EvtDeviceSurpriseRemoval;
	WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &pnp);
	SetPowerPolicy(DeviceInit);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, STEP_DEVICE);
	status = WdfDeviceCreate(&DeviceInit, &attributes, &device);
	if (!NT_SUCCESS(status))
		return status;
	status = AssignIdle(device);
	if (!NT_SUCCESS(status))
		return status;
	status = CreateAdapter(NetDefaultAdapterInitAllocate(device),
			       &StepGetDevice(device)->Adapter);
	if (NT_SUCCESS(status))
		status = CreateRequestQueue(StepGetDevice(device)->Adapter);
	if (NT_SUCCESS(status) && At("TwoAdapters"))
		status = CreateAdapter(NetAdapterInitAllocate(device),
				       &StepGetDevice(device)->Second);
	return NT_SUCCESS(status) ? StatusAt("DeviceAdd") : status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	WDF_DRIVER_CONFIG config;
	NTSTATUS status = StatusAt("DriverEntryEarly");

	if (!NT_SUCCESS(status) || At("NoDriver"))
		return status;
	WDF_DRIVER_CONFIG_INIT(&config, EvtDriverDeviceAdd);
	status = WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
				 WDF_NO_HANDLE);
	return NT_SUCCESS(status) ? StatusAt("DriverEntry") : status;
}
