/* SPDX-License-Identifier: MIT */
/* ring.c - a ring of descriptors in memory that the chip and the driver share. */
#include "adapter.h"

NTSTATUS
RtRingCreate(RT_RING *Ring, RT_ADAPTER *Adapter, ULONG Count)
{
	NTSTATUS status = WdfCommonBufferCreate(Adapter->DmaEnabler, Count * sizeof(RT_DESCRIPTOR),
						WDF_NO_OBJECT_ATTRIBUTES, &Ring->Buffer);

	if (!NT_SUCCESS(status))
		return status;

	Ring->Descriptors = WdfCommonBufferGetAlignedVirtualAddress(Ring->Buffer);
	Ring->LogicalAddress = WdfCommonBufferGetAlignedLogicalAddress(Ring->Buffer);
	Ring->Count = Count;
	return STATUS_SUCCESS;
}

/* A common buffer's parent is the DMA enabler, always: the queue that owns the ring deletes it. */
VOID
RtRingDelete(RT_RING *Ring)
{
	if (Ring->Buffer != NULL)
		WdfObjectDelete(Ring->Buffer);
	Ring->Buffer = NULL;
}

/* All descriptors the driver's. The chip does not look at the ring meanwhile. */
VOID
RtRingReset(RT_RING *Ring)
{
	RtlZeroMemory(Ring->Descriptors, Ring->Count * sizeof(RT_DESCRIPTOR));
	Ring->Descriptors[Ring->Count - 1].Status = RT_DESC_EOR;
}
