/* SPDX-License-Identifier: MIT */
//
// Layout.h - structures as Microsoft's compiler lays them out.
//
#pragma once

EXTERN_C_START

// An enumeration of one byte.
enum HABITS_MODE : UCHAR { HabitsModeOff = 0, HabitsModeOn = 0x80, HabitsModeBoth };

// Flags that stay an enumeration when they are combined.
typedef enum _HABITS_FLAGS {
	HabitsFlagNone = 0x0,
	HabitsFlagTransmit = 0x1,
	HabitsFlagReceive = 0x2,
} HABITS_FLAGS;

// A bit-field's unit is its declared type: the UCHAR one does not share the ULONG's.
typedef struct _HABITS_BITS {
	ULONG Low : 12;
	UCHAR Middle : 3;
	ULONG High : 12;
} HABITS_BITS;

// A register as a number and as its parts; anonymous members.
typedef union _HABITS_REGISTER {
	USHORT Value;
	struct {
		UCHAR Enable : 1;
		UCHAR Reserved : 7;
		UCHAR Mode;
	};
} HABITS_REGISTER;

// A variable array at the end.
typedef struct _HABITS_LIST {
	ULONG Count;
	USHORT Entries[];
} HABITS_LIST;

#pragma pack(push, 1)
typedef struct _HABITS_PACKED {
	UCHAR Kind;
	ULONG UNALIGNED Value;
} HABITS_PACKED;
#pragma pack(pop)

C_ASSERT(sizeof(ULONG) == 4 && sizeof(LONG) == 4 && sizeof(DWORD) == 4);
C_ASSERT(sizeof(ULONG_PTR) == 8 && sizeof(WCHAR) == 2 && sizeof(L'x') == 2);
C_ASSERT(sizeof(HABITS_BITS) == 12);
C_ASSERT(sizeof(HABITS_REGISTER) == 2);
C_ASSERT(sizeof(HABITS_LIST) == sizeof(ULONG));
C_ASSERT(sizeof(HABITS_PACKED) == 5);

// In checksum.c, which is C.
_Must_inspect_result_ _IRQL_requires_max_(DISPATCH_LEVEL)
USHORT NTAPI HabitsChecksum(_In_reads_bytes_(Length) const VOID *Buffer, _In_ SIZE_T Length);

EXTERN_C_END

DEFINE_ENUM_FLAG_OPERATORS(HABITS_FLAGS)
