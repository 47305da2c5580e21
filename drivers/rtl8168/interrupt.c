/* SPDX-License-Identifier: MIT */
/*
 * interrupt.c - one interrupt for three things: frames received, packets sent, link changed.
 *
 * A queue's interrupts are masked unless its queue waits for them. They are unmasked (armed) when
 * the framework asks for a notification, and masked again by the first one that comes: one
 * notification per request.
 */
#include "adapter.h"

/* The interrupt's context leads to the adapter. */
typedef struct _RT_INTERRUPT {
	RT_ADAPTER *Adapter;
} RT_INTERRUPT;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(RT_INTERRUPT, RtGetInterrupt)

static EVT_WDF_INTERRUPT_ISR EvtInterruptIsr;
static EVT_WDF_INTERRUPT_DPC EvtInterruptDpc;
static EVT_WDF_INTERRUPT_ENABLE EvtInterruptEnable;
static EVT_WDF_INTERRUPT_DISABLE EvtInterruptDisable;

NTSTATUS
RtInterruptCreate(RT_ADAPTER *Adapter)
{
	WDF_INTERRUPT_CONFIG config;
	WDF_OBJECT_ATTRIBUTES attributes;
	NTSTATUS status;

	WDF_INTERRUPT_CONFIG_INIT(&config, EvtInterruptIsr, EvtInterruptDpc);
	config.EvtInterruptEnable = EvtInterruptEnable;
	config.EvtInterruptDisable = EvtInterruptDisable;

	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, RT_INTERRUPT);
	status = WdfInterruptCreate(Adapter->Device, &config, &attributes, &Adapter->Interrupt);
	if (!NT_SUCCESS(status))
		return status;

	RtGetInterrupt(Adapter->Interrupt)->Adapter = Adapter;
	return STATUS_SUCCESS;
}

/* With the interrupt lock held. */
static VOID
RtInterruptSetMask(RT_ADAPTER *Adapter, USHORT Mask)
{
	Adapter->InterruptMask = Mask;
	RtWrite16(Adapter, RT_IMR, Mask);
}

/* At DIRQL with the interrupt lock held. The line may be shared: FALSE when it was not this card.
 */
_Use_decl_annotations_ static BOOLEAN
EvtInterruptIsr(WDFINTERRUPT Interrupt, ULONG MessageId)
{
	RT_ADAPTER *adapter = RtGetInterrupt(Interrupt)->Adapter;
	USHORT status = RtRead16(adapter, RT_ISR);
	USHORT mask = adapter->InterruptMask;

	UNREFERENCED_PARAMETER(MessageId);

	if (status == RT_INT_GONE || (status & mask) == 0)
		return FALSE;
	status &= mask;
	RtWrite16(adapter, RT_ISR, status);

	if (status & RT_INT_RECEIVE)
		mask &= ~RT_INT_RECEIVE;
	if (status & RT_INT_TRANSMIT)
		mask &= ~RT_INT_TRANSMIT;
	if (mask != adapter->InterruptMask)
		RtInterruptSetMask(adapter, mask);

	InterlockedOr(&adapter->Interrupts, status);
	WdfInterruptQueueDpcForIsr(Interrupt);
	return TRUE;
}

_Use_decl_annotations_ static VOID
EvtInterruptDpc(WDFINTERRUPT Interrupt, WDFOBJECT AssociatedObject)
{
	RT_ADAPTER *adapter = RtGetInterrupt(Interrupt)->Adapter;
	LONG interrupts = InterlockedExchange(&adapter->Interrupts, 0);
	NETPACKETQUEUE txQueue;
	NETPACKETQUEUE rxQueue;

	UNREFERENCED_PARAMETER(AssociatedObject);

	WdfInterruptAcquireLock(Interrupt);
	txQueue = adapter->TxQueue;
	rxQueue = adapter->RxQueue;
	WdfInterruptReleaseLock(Interrupt);

	if ((interrupts & RT_INT_RECEIVE) && rxQueue != NULL)
		NetRxQueueNotifyMoreReceivedPacketsAvailable(rxQueue);
	if ((interrupts & RT_INT_TRANSMIT) && txQueue != NULL)
		NetTxQueueNotifyMoreCompletedPacketsAvailable(txQueue);
	if (interrupts & RT_INT_LINKCHG)
		RtLinkReport(adapter);
}

/* At DIRQL with the interrupt lock held, after EvtDeviceD0Entry. The queues arm theirs as they need
 * them. */
_Use_decl_annotations_ static NTSTATUS
EvtInterruptEnable(WDFINTERRUPT Interrupt, WDFDEVICE AssociatedDevice)
{
	UNREFERENCED_PARAMETER(AssociatedDevice);

	RtInterruptSetMask(RtGetInterrupt(Interrupt)->Adapter, RT_INT_LINKCHG);
	return STATUS_SUCCESS;
}

_Use_decl_annotations_ static NTSTATUS
EvtInterruptDisable(WDFINTERRUPT Interrupt, WDFDEVICE AssociatedDevice)
{
	UNREFERENCED_PARAMETER(AssociatedDevice);

	RtInterruptSetMask(RtGetInterrupt(Interrupt)->Adapter, 0);
	return STATUS_SUCCESS;
}

/*
 * The queue that the DPC notifies, or NULL before it goes. Since a DPC may have read the old one
 * just before, whoever takes a queue away flushes the DPCs afterwards. PASSIVE_LEVEL
 */
VOID
RtInterruptSetQueue(RT_ADAPTER *Adapter, NETPACKETQUEUE *Place, NETPACKETQUEUE Queue)
{
	WdfInterruptAcquireLock(Adapter->Interrupt);
	*Place = Queue;
	WdfInterruptReleaseLock(Adapter->Interrupt);

	if (Queue == NULL)
		KeFlushQueuedDpcs();
}

/*
 * What was latched before is old news: the framework calls EvtPacketQueueAdvance once more after it
 * has asked for a notification. What comes from here on interrupts, also if it comes before the
 * mask is written.
 */
VOID
RtInterruptArm(RT_ADAPTER *Adapter, USHORT Interrupts)
{
	WdfInterruptAcquireLock(Adapter->Interrupt);
	RtWrite16(Adapter, RT_ISR, Interrupts);
	RtInterruptSetMask(Adapter, Adapter->InterruptMask | Interrupts);
	WdfInterruptReleaseLock(Adapter->Interrupt);
}

VOID
RtInterruptDisarm(RT_ADAPTER *Adapter, USHORT Interrupts)
{
	WdfInterruptAcquireLock(Adapter->Interrupt);
	RtInterruptSetMask(Adapter, Adapter->InterruptMask & ~Interrupts);
	WdfInterruptReleaseLock(Adapter->Interrupt);
}
