// SPDX-License-Identifier: MIT
/* ring.c - a ring of descriptors in memory that the chip and the driver share. */
#include "adapter.h"

/* @Parent: the queue, so that the memory goes with it */
NTSTATUS
RtRingCreate(RT_RING *Ring, RT_ADAPTER *Adapter, WDFOBJECT Parent, ULONG Count)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	NTSTATUS status;

	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.ParentObject = Parent;
	status = WdfCommonBufferCreate(Adapter->DmaEnabler, Count * sizeof(RT_DESCRIPTOR),
				       &attributes, &Ring->Buffer);
	if (!NT_SUCCESS(status))
		return status;

	Ring->Descriptors = WdfCommonBufferGetAlignedVirtualAddress(Ring->Buffer);
	Ring->LogicalAddress = WdfCommonBufferGetAlignedLogicalAddress(Ring->Buffer);
	Ring->Count = Count;
	return STATUS_SUCCESS;
}

/* All descriptors the driver's. The chip does not look at the ring meanwhile. */
VOID
RtRingReset(RT_RING *Ring)
{
	RtlZeroMemory(Ring->Descriptors, Ring->Count * sizeof(RT_DESCRIPTOR));
	Ring->Descriptors[Ring->Count - 1].Status = RT_DESC_EOR;
}
