/* SPDX-License-Identifier: MIT */
//
// Language.cpp - what the language itself does otherwise on Linux.
//
#include "..\precomp.h"
#include <wdmguid.h>

#include "trace.h"
#include "adapter.h"

static ULONG Fall(ULONG Value)
{
	ULONG result = 0;

	switch (Value) {
	case 1:
		result |= 1;
		__fallthrough;
	case 2:
		result |= 2;
		break;
	default:
		break;
	}
	return result;
}

// Statics in functions are initialised without a guard, as the kernel's compiler does.
static ULONG Guarded(ULONG Value)
{
	static ULONG const first = Value;

	return first;
}

VOID HabitsCheckLanguage(VOID)
{
	HABITS_FLAGS flags = HabitsFlagTransmit | HabitsFlagReceive;
	flags &= ~HabitsFlagTransmit;
	HABIT("flag operators", flags == HabitsFlagReceive);
	// Of wdmguid.lib: nothing here defines it.
	HABIT("a GUID of the kit", GUID_PCI_BUS_INTERFACE_STANDARD.Data1 == 0x496b8281);

	HABITS_REGISTER value = {};
	value.Enable = 1;
	value.Mode = HabitsModeOn;
	HABIT("anonymous members", value.Value == 0x8001);

	HABITS_BITS bits = {};
	bits.High = 0xABC;
	HABIT("bit-fields", ((ULONG *)&bits)[2] == 0xABC);

	HABIT("four characters", 'HABT' == 0x48414254);
	HABIT("wide characters", L"\x1234"[0] == 0x1234 && sizeof(L"abc") == 8);
	HABIT("wide function name", __FUNCTIONW__[0] == L'H' && sizeof(__FUNCTIONW__[0]) == 2);
	HABIT("suffixes", 1UL << 31 == 0x80000000 && 0x409L == 1033);
	HABIT("fall through", Fall(1) == 3 && Fall(2) == 2);
	HABIT("statics", Guarded(7) == 7 && Guarded(8) == 7);
	HABIT("min and max", min(3, 4) == 3 && max(3UL, 4UL) == 4);

	bool seen = false;
	seen++;
	HABIT("a bool is counted up", seen == true);

	// DebugOnly exists in checked builds only, and so does the assertion.
#if DBG
	ULONG debugOnly = 1;
#endif
	NT_ASSERT(debugOnly == 1);

	union {
		HABITS_LIST List;
		UCHAR Bytes[sizeof(HABITS_LIST) + 4 * sizeof(USHORT)];
	} room = {};
	room.List.Count = 4;
	room.List.Entries[3] = 9;
	HABIT("array without a length", room.Bytes[sizeof(ULONG) + 3 * sizeof(USHORT)] == 9);

	HABITS_PACKED packed = { 1, 2 };
	UNALIGNED ULONG *unaligned = &packed.Value;
	HABIT("unaligned", *unaligned == 2);
}
