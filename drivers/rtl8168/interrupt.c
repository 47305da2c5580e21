/* SPDX-License-Identifier: MIT */
/*
 * interrupt.c - one interrupt for three things: frames received (in one of four queues), packets
 * sent (of one of the rings), link changed.
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

/* Registers of the receive queues 1 to 3 and the transmit rings 1 to 3 */
static const ULONG RtQueueMaskRegisters[] = {
	RT_IMR1, RT_IMR2, RT_IMR3, RT_TX_RING_IMR(1), RT_TX_RING_IMR(2), RT_TX_RING_IMR(3),
};
static const ULONG RtQueueStatusRegisters[] = {
	RT_ISR1, RT_ISR2, RT_ISR3, RT_TX_RING_ISR(1), RT_TX_RING_ISR(2), RT_TX_RING_ISR(3),
};

#define RT_INT_QUEUES       (RT_RX_QUEUES - 1 + RT_TX_RINGS - 1)
#define RT_INT_QUEUES_SHIFT 16
#define RT_INT_QUEUE_BITS   2
#define RT_INT_OF_QUEUE(bits, i) \
	((UCHAR)((bits) >> (RT_INT_QUEUES_SHIFT + RT_INT_QUEUE_BITS * (i))) & 0x03)

/* With the interrupt lock held. Registers whose bits stay are left alone. */
static VOID
RtInterruptSetMask(RT_ADAPTER *Adapter, ULONG Mask)
{
	ULONG changed = Mask ^ Adapter->InterruptMask;
	ULONG i;

	Adapter->InterruptMask = Mask;
	RtWrite16(Adapter, RT_IMR, (USHORT)Mask);
	for (i = 0; changed >> RT_INT_QUEUES_SHIFT != 0 && i < RT_INT_QUEUES; i++) {
		if (RT_INT_OF_QUEUE(changed, i) != 0)
			RtWrite8(Adapter, RtQueueMaskRegisters[i], RT_INT_OF_QUEUE(Mask, i));
	}
}

/* What has happened of what Mask has. A further queue's register costs a read. */
static ULONG
RtInterruptRead(const RT_ADAPTER *Adapter, ULONG Mask)
{
	ULONG status = RtRead16(Adapter, RT_ISR);
	ULONG i;

	if (status == RT_INT_GONE)
		return 0;
	for (i = 0; Mask >> RT_INT_QUEUES_SHIFT != 0 && i < RT_INT_QUEUES; i++) {
		if (RT_INT_OF_QUEUE(Mask, i) != 0)
			status |= (ULONG)RtRead8(Adapter, RtQueueStatusRegisters[i])
				  << (RT_INT_QUEUES_SHIFT + RT_INT_QUEUE_BITS * i);
	}
	return status & Mask;
}

static VOID
RtInterruptAcknowledge(const RT_ADAPTER *Adapter, ULONG Status)
{
	ULONG i;

	if ((USHORT)Status != 0)
		RtWrite16(Adapter, RT_ISR, (USHORT)Status);
	for (i = 0; Status >> RT_INT_QUEUES_SHIFT != 0 && i < RT_INT_QUEUES; i++) {
		if (RT_INT_OF_QUEUE(Status, i) != 0)
			RtWrite8(Adapter, RtQueueStatusRegisters[i], RT_INT_OF_QUEUE(Status, i));
	}
}

/* Of each queue that has news, all bits. */
static ULONG
RtInterruptOfQueues(ULONG Status)
{
	ULONG interrupts = 0;
	ULONG i;

	for (i = 0; i < RT_TX_RINGS; i++) {
		if (Status & RtInterruptOfTxRing(i))
			interrupts |= RtInterruptOfTxRing(i);
	}
	for (i = 0; i < RT_RX_QUEUES; i++) {
		if (Status & RtInterruptOfRxQueue(i))
			interrupts |= RtInterruptOfRxQueue(i);
	}
	return interrupts;
}

/* At DIRQL with the interrupt lock held. The line may be shared: FALSE when it was not this card.
 */
_Use_decl_annotations_ static BOOLEAN
EvtInterruptIsr(WDFINTERRUPT Interrupt, ULONG MessageId)
{
	RT_ADAPTER *adapter = RtGetInterrupt(Interrupt)->Adapter;
	ULONG status = RtInterruptRead(adapter, adapter->InterruptMask);
	ULONG mask = adapter->InterruptMask & ~RtInterruptOfQueues(status);

	UNREFERENCED_PARAMETER(MessageId);

	if (status == 0)
		return FALSE;
	RtInterruptAcknowledge(adapter, status);
	if (mask != adapter->InterruptMask)
		RtInterruptSetMask(adapter, mask);

	InterlockedOr(&adapter->Interrupts, (LONG)status);
	WdfInterruptQueueDpcForIsr(Interrupt);
	return TRUE;
}

_Use_decl_annotations_ static VOID
EvtInterruptDpc(WDFINTERRUPT Interrupt, WDFOBJECT AssociatedObject)
{
	RT_ADAPTER *adapter = RtGetInterrupt(Interrupt)->Adapter;
	ULONG interrupts = (ULONG)InterlockedExchange(&adapter->Interrupts, 0);
	NETPACKETQUEUE rxQueues[RT_RX_QUEUES];
	NETPACKETQUEUE txQueues[RT_TX_RINGS];
	ULONG i;

	UNREFERENCED_PARAMETER(AssociatedObject);

	WdfInterruptAcquireLock(Interrupt);
	RtlCopyMemory(txQueues, adapter->TxQueues, sizeof(txQueues));
	RtlCopyMemory(rxQueues, adapter->RxQueues, sizeof(rxQueues));
	WdfInterruptReleaseLock(Interrupt);

	for (i = 0; i < RT_RX_QUEUES; i++) {
		if ((interrupts & RtInterruptOfRxQueue(i)) && rxQueues[i] != NULL)
			NetRxQueueNotifyMoreReceivedPacketsAvailable(rxQueues[i]);
	}
	for (i = 0; i < RT_TX_RINGS; i++) {
		if ((interrupts & RtInterruptOfTxRing(i)) && txQueues[i] != NULL)
			NetTxQueueNotifyMoreCompletedPacketsAvailable(txQueues[i]);
	}
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
RtInterruptArm(RT_ADAPTER *Adapter, ULONG Interrupts)
{
	WdfInterruptAcquireLock(Adapter->Interrupt);
	RtInterruptAcknowledge(Adapter, Interrupts);
	RtInterruptSetMask(Adapter, Adapter->InterruptMask | Interrupts);
	WdfInterruptReleaseLock(Adapter->Interrupt);
}

VOID
RtInterruptDisarm(RT_ADAPTER *Adapter, ULONG Interrupts)
{
	WdfInterruptAcquireLock(Adapter->Interrupt);
	RtInterruptSetMask(Adapter, Adapter->InterruptMask & ~Interrupts);
	WdfInterruptReleaseLock(Adapter->Interrupt);
}
