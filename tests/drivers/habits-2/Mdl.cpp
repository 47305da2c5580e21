/* SPDX-License-Identifier: MIT */
//
// Mdl.cpp - a buffer of the pool and the list that describes it, as drivers hand them on.
//
#include "pch.hpp"

#define HABITS_BUFFER 9000 // several pages

// The chain's bytes, from an offset in its first list on.
static SIZE_T Copy(PMDL Mdl, SIZE_T Offset, UCHAR *To, SIZE_T Length)
{
	SIZE_T copied = 0;

	for (; Mdl != nullptr && copied < Length; Mdl = Mdl->Next) {
		auto const from = static_cast<UCHAR *>(
			MmGetSystemAddressForMdlSafe(Mdl, LowPagePriority | MdlMappingNoExecute));
		if (from == nullptr) {
			break;
		}
		SIZE_T const count = min(MmGetMdlByteCount(Mdl) - Offset, Length - copied);
		RtlCopyMemory(To + copied, from + Offset, count);
		copied += count;
		Offset = 0;
	}
	return copied;
}

void HabitsCheckMdl(void)
{
	auto const buffer = static_cast<UCHAR *>(
		ExAllocatePool2(POOL_FLAG_NON_PAGED, HABITS_BUFFER, HABITS_TAG));
	PMDL const first = IoAllocateMdl(buffer, HABITS_BUFFER - 8, FALSE, FALSE, nullptr);
	PMDL const second = IoAllocateMdl(buffer + HABITS_BUFFER - 8, 8, FALSE, FALSE, nullptr);
	UCHAR copy[16];

	for (ULONG i = 0; i < HABITS_BUFFER; i++) {
		buffer[i] = static_cast<UCHAR>(i);
	}
	MmBuildMdlForNonPagedPool(first);
	MmBuildMdlForNonPagedPool(second);
	first->Next = second;

	HABIT("a list of the pool", MmGetMdlVirtualAddress(first) == buffer &&
					    MmGetMdlByteCount(first) == HABITS_BUFFER - 8 &&
					    MmGetMdlByteOffset(first) == BYTE_OFFSET(buffer));
	HABIT("pages of a list", ADDRESS_AND_SIZE_TO_SPAN_PAGES(buffer, HABITS_BUFFER - 8) >= 3);
	HABIT("a chain of lists",
	      Copy(first, HABITS_BUFFER - 16, copy, sizeof(copy)) == sizeof(copy) &&
		      RtlEqualMemory(copy, buffer + HABITS_BUFFER - 16, sizeof(copy)));
	IoFreeMdl(second);
	IoFreeMdl(first);
	ExFreePoolWithTag(buffer, HABITS_TAG);
}
