/* SPDX-License-Identifier: MIT */
/*
 * What drivers do to registers by pointer: compiled by every compiler at every level of
 * optimisation, as C and as C++, and run on registers and on memory.
 */
#include "trap_driver.h"

#include <ntddk.h>

/* One statement each; R are the registers, V a value, the result what the driver saw. */
#define READS(X)                                                                  \
	X(READ8, result = R->Byte)                                                \
	X(READ16, result = R->Word)                                               \
	X(READ32, result = R->Long)                                               \
	X(READ64, result = R->Quad)                                               \
	X(SIGNED8, result = (ULONG64)(LONG64) * (volatile signed char *)&R->Byte) \
	X(SIGNED16, result = (ULONG64)(LONG64) * (volatile short *)&R->Word)      \
	X(SIGNED32, result = (ULONG64)(LONG64) * (volatile int *)&R->Long)        \
	X(TEST_BIT, if (R->Byte & 0x10) result = 1)                               \
	X(TEST_WORD, if (!(R->Word & V)) result = 1)                              \
	X(COMPARE8, if (R->Byte == (UCHAR)V) result = 1)                          \
	X(COMPARE16, if (R->Word > (USHORT)V) result = 1)                         \
	X(COMPARE32, if ((LONG)R->Long < (LONG)V) result = 1)                     \
	X(COMPARE_ONES, if (R->Word == 0xFFFF) result = 1)                        \
	X(SUM, result = V + R->Long)                                              \
	X(DIFFERENCE, result = V - R->Quad)                                       \
	X(PRODUCT, result = (ULONG)V * R->Long)                                   \
	X(QUOTIENT, result = (V & 0xFFFF) / ((ULONG64)R->Long | 1))               \
	X(MASKED, result = (R->Long & 0x7C800000) >> 8)                           \
	X(ARRAY, result = R->Table[V % 32])                                       \
	X(INDEXED, result = ((volatile USHORT *)R)[V % 64])                       \
	X(SHIFTED, result = (ULONG64)1 << (R->Byte & 63))                         \
	X(SELECT, result = (V & 1) ? R->Long : 77)                                \
	X(TWICE, result = R->Byte; result = result << 8 | R->Byte)                \
	X(TO_DOUBLE, result = (ULONG64)((double)(R->Long >> 4) * 2.0))

#define WRITES(X)                               \
	X(WRITE8, R->Byte = (UCHAR)V)           \
	X(WRITE16, R->Word = (USHORT)V)         \
	X(WRITE32, R->Long = (ULONG)V)          \
	X(WRITE64, R->Quad = V)                 \
	X(CONSTANT8, R->Byte = 0xC0)            \
	X(CONSTANT16, R->Word = 0x20)           \
	X(CONSTANT32, R->Long = 0x03000701)     \
	X(CONSTANT64, R->Quad = 5)              \
	X(ZERO, R->Long = 0)                    \
	X(BOOLEAN_, R->Byte = V > 0x8000)       \
	X(HIGH_BYTE, R->Byte = (UCHAR)(V >> 8)) \
	X(ARRAY_WRITE, R->Table[V % 32] = (UCHAR)(V >> 8))

#define READ_WRITES(X)                                     \
	X(OR8, R->Byte |= 0x82)                            \
	X(AND8, R->Byte &= (UCHAR)~0x40)                   \
	X(XOR16, R->Word ^= (USHORT)V)                     \
	X(OR32, R->Long |= (ULONG)V)                       \
	X(AND32, R->Long &= 0xFF00FF00)                    \
	X(ADD64, R->Quad += V)                             \
	X(SUB32, R->Long -= 3)                             \
	X(INCREMENT, R->Word++; result = V)                \
	X(DECREMENT, result = --R->Byte)                   \
	X(POST, result = R->Long++)                        \
	X(SHIFT_LEFT, R->Long <<= V % 8)                   \
	X(SHIFT_RIGHT, R->Word >>= 3)                      \
	X(NEGATE, R->Quad = 0 - R->Quad)                   \
	X(COMPLEMENT, R->Byte = (UCHAR)~R->Byte)           \
	X(SET_BIT, R->Long |= 1u << (V % 32))              \
	X(CLEAR_BIT, R->Quad &= ~((ULONG64)1 << (V % 64))) \
	X(SWAP_NIBBLES, R->Byte = (UCHAR)(R->Byte << 4 | R->Byte >> 4))

/* Which accesses they are is the compiler's choice; what comes out is not. */
#define OTHERS(X)                                                                                \
	X(FIELD_READ, result = R->Bits.Three)                                                    \
	X(FIELD_TEST, if (R->Bits.One) result = 1)                                               \
	X(FIELD_WRITE, R->Bits.Seven = V & 127)                                                  \
	X(FIELD_SET, R->Bits.One = 1)                                                            \
	X(EXCHANGE, result = (ULONG64)InterlockedExchange((volatile LONG *)&R->Long, (LONG)V))   \
	X(LOCKED_OR, result = (ULONG64)InterlockedOr((volatile LONG *)&R->Long, (LONG)V))        \
	X(LOCKED_ADD, result = (ULONG64)InterlockedIncrement((volatile LONG *)&R->Long))         \
	X(COMPARE_EXCHANGE, result = (ULONG64)InterlockedCompareExchange(                        \
				    (volatile LONG *)&R->Long, (LONG)V, (LONG)R->Long))          \
	X(COPY_OUT, RtlCopyMemory(&result, (const void *)&R->Quad, 6))                           \
	X(COPY_IN, RtlCopyMemory((void *)&R->Quad, &V, 6))                                       \
	X(COPY_TABLE, UCHAR table[32]; RtlCopyMemory(table, (const void *)R->Table, 32);         \
	  for (int i = 0; i < 32; i++) result = result * 31 + table[i])                          \
	X(COPY_MANY, UCHAR all[200]; RtlCopyMemory(all, (const void *)R, V % 200);               \
	  for (int i = 0; i < (int)(V % 200); i++) result = result * 31 + all[i])                \
	X(FILL, RtlZeroMemory((void *)R, V % 200))                                               \
	X(EQUAL,                                                                                 \
	  result = RtlEqualMemory((const void *)R->Table, (const void *)(R->Table + 8), V % 16)) \
	X(STRUCTURE, struct PAIR pair = *(struct PAIR *)&R->Quad; result = pair.Low ^ pair.High; \
	  pair.Low = (ULONG)V; *(struct PAIR *)&R->Table = pair)                                 \
	X(LOOP, for (int i = 0; i < 32; i++) R->Table[i] = (UCHAR)(V >> (i % 8)))                \
	X(LOOP_READ, for (int i = 0; i < 32; i++) result += (ULONG64)R->Table[i] << (i % 16))    \
	X(ARGUMENTS,                                                                             \
	  result = mix(R->Byte, R->Word, R->Long, R->Quad, R->Byte, R->Word, R->Long, R->Quad))

struct PAIR {
	ULONG Low, High;
};

static DECLSPEC_NOINLINE ULONG64 mix(ULONG64 a, ULONG64 b, ULONG64 c, ULONG64 d, ULONG64 e,
				     ULONG64 f, ULONG64 g, ULONG64 h)
{
	return a + 3 * b + 5 * c + 7 * d + 11 * e + 13 * f + 17 * g + 19 * h;
}

/*
 * Clang's thread sanitizer makes the access of an atomic operation in its runtime, with a lock of
 * its own held, where no fault can be handled: atomics on registers are not for drivers built with
 * it.
 */
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define ATOMICS __attribute__((disable_sanitizer_instrumentation))
#endif
#endif
#ifndef ATOMICS
#define ATOMICS
#endif

#define ATOMIC_FUNCTION(name, statement) ATOMICS FUNCTION(name, statement)
#define FUNCTION(name, statement)                                   \
	static ULONG64 Step##name(volatile REGISTERS *R, ULONG64 V) \
	{                                                           \
		ULONG64 result = 0;                                 \
		UNREFERENCED_PARAMETER(V);                          \
		statement;                                          \
		return result;                                      \
	}
READS(FUNCTION)
WRITES(FUNCTION)
READ_WRITES(FUNCTION)
OTHERS(ATOMIC_FUNCTION)

EXTERN_C_START

#define ENTRY(name, statement) { #name, Step##name },
extern const TRAP_STEP TrapSteps[];
const TRAP_STEP TrapSteps[] = { READS(ENTRY) WRITES(ENTRY) READ_WRITES(ENTRY)
					OTHERS(ENTRY){ NULL, NULL } };

EXTERN_C_END
