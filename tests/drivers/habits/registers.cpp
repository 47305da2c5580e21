/* SPDX-License-Identifier: MIT */
#include "precomp.h"

#include "trace.h"
#include "adapter.h"

// Registers are reached by plain dereference of the mapped BAR, in 8, 16 and 32 bits, also read,
// changed and written in one statement.
static VOID HabitsUseRegisters(HABITS_ADAPTER *Adapter)
{
	volatile HABITS_REGISTERS *registers = Adapter->Registers;

	USHORT before = registers->InterruptMask;
	registers->InterruptMask = 0x00FF;
	registers->InterruptMask &= ~0x000F;
	registers->InterruptMask |= 0x0002;
	HABIT("16-bit registers", registers->InterruptMask == 0x00F2);
	registers->InterruptMask = before;

	for (ULONG i = 0; i < ETHERNET_ADDRESS_LENGTH; i++) {
		Adapter->Address[i] = registers->Address[i];
	}
	ULONG half = *(volatile ULONG *)registers->Address;
	HABIT("8 and 32-bit registers", RtlEqualMemory(&half, Adapter->Address, sizeof(half)));

	registers->Multicast[0] = 0x11223344;
	HABIT("32-bit registers", registers->Multicast[0] == 0x11223344);

	// The chip's number, in the transmit configuration: 8168D.
	HABIT("chip", (registers->TransmitConfiguration & 0x7C800000) == 0x28000000);
	KeStallExecutionProcessor(5);
}

_Use_decl_annotations_ NTSTATUS HabitsMapRegisters(HABITS_ADAPTER *Adapter, WDFCMRESLIST Resources)
{
	ULONG count = WdfCmResourceListGetCount(Resources);

	for (ULONG i = 0; i < count; i++) {
		PCM_PARTIAL_RESOURCE_DESCRIPTOR resource =
			WdfCmResourceListGetDescriptor(Resources, i);

		if (resource->Type != CmResourceTypeMemory) {
			continue;
		}
		Adapter->Registers = static_cast<HABITS_REGISTERS *>(
			MmMapIoSpaceEx(resource->u.Memory.Start, resource->u.Memory.Length,
				       PAGE_READWRITE | PAGE_NOCACHE));
		if (!Adapter->Registers) {
			return STATUS_INSUFFICIENT_RESOURCES;
		}
		Adapter->RegistersLength = resource->u.Memory.Length;
		HabitsUseRegisters(Adapter);
		break;
	}
	return STATUS_SUCCESS;
}

_Use_decl_annotations_ VOID HabitsUnmapRegisters(HABITS_ADAPTER *Adapter)
{
	if (Adapter->Registers) {
		MmUnmapIoSpace(const_cast<HABITS_REGISTERS *>(Adapter->Registers),
			       Adapter->RegistersLength);
		Adapter->Registers = NULL;
	}
}
