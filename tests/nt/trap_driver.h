/* SPDX-License-Identifier: MIT */
/* Between the driver of many builds and the test that runs it. */
#ifndef TESTS_NT_TRAP_DRIVER_H
#define TESTS_NT_TRAP_DRIVER_H

#include <ntddk.h>

typedef struct REGISTERS {
	UCHAR Byte; /* 00 */
	UCHAR Pad1;
	USHORT Word;     /* 02 */
	ULONG Long;      /* 04 */
	ULONG64 Quad;    /* 08 */
	UCHAR Table[32]; /* 10 */
	struct {
		ULONG One : 1;
		ULONG Three : 3;
		ULONG Seven : 7;
		ULONG Rest : 21;
	} Bits; /* 30 */
	UCHAR Rest[204];
} REGISTERS;
C_ASSERT(sizeof(REGISTERS) == 256);

typedef struct TRAP_STEP {
	const char *Name; /* NULL: the end of the table TrapSteps */
	ULONG64 (*Run)(volatile REGISTERS *Registers, ULONG64 Value);
} TRAP_STEP;

#endif
