/* SPDX-License-Identifier: MIT */
#include "deeds.h"

typedef struct _DEED_TIMER {
	WDFWAITLOCK WaitLock;
	WDFSPINLOCK SpinLock;
	ULONG Times;
	BOOLEAN Waits; /* for itself */
} DEED_TIMER;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(DEED_TIMER, DeedGetTimer)

static NET_ADAPTER_DMA_CAPABILITIES dma;

static VOID EvtReturnBuffer(NETADAPTER Adapter, NET_FRAGMENT_RETURN_CONTEXT_HANDLE Handle)
{
	UNREFERENCED_PARAMETER(Adapter);
	UNREFERENCED_PARAMETER(Handle);
}

/* A wait lock may be waited for at PASSIVE_LEVEL alone, with a spin lock held, too. */
static VOID EvtTimer(WDFTIMER Timer)
{
	DEED_TIMER *own = DeedGetTimer(Timer);

	if (own->Waits)
		WdfTimerStop(Timer, TRUE);
	WdfSpinLockAcquire(own->SpinLock);
	WdfWaitLockAcquire(own->WaitLock, NULL);
	WdfWaitLockRelease(own->WaitLock);
	WdfSpinLockRelease(own->SpinLock);
	if (++own->Times == 3) {
		DbgPrintEx(0, 0, "umdf: a periodic timer waits at its ease\n");
		WdfTimerStop(Timer, FALSE);
	}
}

static VOID StartTimer(WDFDEVICE Device, BOOLEAN Waits)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	WDF_TIMER_CONFIG config;
	DEED_TIMER *own;
	WDFTIMER timer;

	WDF_TIMER_CONFIG_INIT_PERIODIC(&config, EvtTimer, 10);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, DEED_TIMER);
	attributes.ParentObject = Device;
	if (!NT_SUCCESS(WdfTimerCreate(&config, &attributes, &timer)))
		return;
	own = DeedGetTimer(timer);
	own->Waits = Waits;
	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.ParentObject = timer;
	if (NT_SUCCESS(WdfWaitLockCreate(&attributes, &own->WaitLock)) &&
	    NT_SUCCESS(WdfSpinLockCreate(&attributes, &own->SpinLock)))
		WdfTimerStart(timer, WDF_REL_TIMEOUT_IN_MS(10));
}

static VOID TakeTwice(VOID)
{
	WDFSPINLOCK lock;

	if (!NT_SUCCESS(WdfSpinLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &lock)))
		return;
	WdfSpinLockAcquire(lock);
	WdfSpinLockAcquire(lock);
}

static BOOLEAN EvtIsr(WDFINTERRUPT Interrupt, ULONG MessageID)
{
	UNREFERENCED_PARAMETER(Interrupt);
	UNREFERENCED_PARAMETER(MessageID);
	return FALSE;
}

static VOID AskForInterrupt(WDFDEVICE Device)
{
	WDF_INTERRUPT_CONFIG config;
	WDFINTERRUPT interrupt;

	WDF_INTERRUPT_CONFIG_INIT(&config, EvtIsr, NULL);
	config.PassiveHandling = TRUE;
	if (WdfInterruptCreate(Device, &config, WDF_NO_OBJECT_ATTRIBUTES, &interrupt) ==
	    STATUS_NOT_SUPPORTED)
		DbgPrintEx(0, 0, "umdf: no interrupt\n");
}

VOID DeedBeforeStart(ULONG Deed, WDFDEVICE Device, NET_ADAPTER_TX_CAPABILITIES *Tx,
		     NET_ADAPTER_RX_CAPABILITIES *Rx)
{
	NET_ADAPTER_DMA_CAPABILITIES_INIT(&dma, NULL);
	switch (Deed) {
	case DEED_DMA_TX:
		NET_ADAPTER_TX_CAPABILITIES_INIT_FOR_DMA(Tx, &dma, 1);
		break;
	case DEED_DMA_RX:
		NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED_DMA(Rx, &dma, 1514, 1);
		break;
	case DEED_OWN_BUFFERS:
		NET_ADAPTER_RX_CAPABILITIES_INIT_DRIVER_MANAGED(Rx, EvtReturnBuffer, 1514, 1);
		break;
	case DEED_CRASH:
		*(volatile ULONG *)0 = Deed;
		break;
	case DEED_PASSIVE:
	case DEED_WAIT_FOR_ITSELF:
		StartTimer(Device, Deed == DEED_WAIT_FOR_ITSELF);
		break;
	case DEED_TAKE_TWICE:
		TakeTwice();
		break;
	case DEED_INTERRUPT:
		AskForInterrupt(Device);
		break;
	case DEED_NEVER_RETURN:
		for (;;)
			YieldProcessor();
	default:
		break;
	}
}

static UCHAR *MapFirstMemory(WDFDEVICE Device, WDFCMRESLIST Resources, SIZE_T Bytes)
{
	for (ULONG i = 0; i < WdfCmResourceListGetCount(Resources); i++) {
		PCM_PARTIAL_RESOURCE_DESCRIPTOR resource =
			WdfCmResourceListGetDescriptor(Resources, i);
		PVOID mapped = NULL;

		if (resource->Type == CmResourceTypeMemory &&
		    NT_SUCCESS(WdfDeviceMapIoSpace(Device, resource->u.Memory.Start, Bytes,
						   MmNonCached, &mapped)))
			return (UCHAR *)mapped;
	}
	return NULL;
}

// The station's address is in the first six bytes, and at 0x50 the lock of the configuration.
static VOID UseRegisters(WDFDEVICE Device, UCHAR *Registers)
{
	UCHAR bytes[8];
	UCHAR *mapped;

	WDF_READ_REGISTER_BUFFER_UCHAR(Device, Registers, bytes, 6);
	WDF_WRITE_REGISTER_UCHAR(Device, Registers + 0x50, 0xC0);
	mapped = (UCHAR *)WdfDeviceGetHardwareRegisterMappedAddress(Device, Registers);
	DbgPrintEx(0, 0, "umdf: %02x:%02x:%02x:%02x:%02x:%02x %08x %04x %02x %02x\n", bytes[0],
		   bytes[1], bytes[2], bytes[3], bytes[4], bytes[5],
		   WDF_READ_REGISTER_ULONG(Device, (ULONG *)Registers),
		   WDF_READ_REGISTER_USHORT(Device, (USHORT *)(Registers + 4)),
		   READ_REGISTER_UCHAR(mapped + 5),
		   WDF_READ_REGISTER_UCHAR(Device, Registers + 0x50));
	WRITE_REGISTER_UCHAR(mapped + 0x50, 0);
	bytes[0] = 0xC0;
	WDF_WRITE_REGISTER_BUFFER_UCHAR(Device, Registers + 0x50, bytes, 1);
	READ_REGISTER_BUFFER_UCHAR(mapped + 0x50, bytes + 1, 1);
	DbgPrintEx(0, 0, "umdf: then %02x\n", bytes[1]);
}

VOID DeedWithRegisters(ULONG Deed, WDFDEVICE Device, WDFCMRESLIST Resources)
{
	UCHAR *registers;

	if (Deed < DEED_REGISTERS)
		return;
	registers = MapFirstMemory(Device, Resources, 256);
	if (!registers)
		return;
	if (Deed == DEED_REGISTERS)
		UseRegisters(Device, registers);
	else if (Deed == DEED_BEYOND)
		(VOID) WDF_READ_REGISTER_UCHAR(Device, registers + 256);
	else if (Deed == DEED_PORT)
		(VOID) WDF_READ_PORT_UCHAR(Device, (UCHAR *)0x60);
	WdfDeviceUnmapIoSpace(Device, registers, 256);
}
