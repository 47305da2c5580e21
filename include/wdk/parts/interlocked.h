/* SPDX-License-Identifier: MIT */
/*
 * interlocked.h - atomic operations on 32-bit, 64-bit and pointer variables, and barriers.
 * All are full barriers, as the functions without a suffix are on Windows. Part of wdm.h.
 */
#ifndef NETCX_INTERLOCKED_H
#define NETCX_INTERLOCKED_H

#include <ntdef.h>

#define NETCX_SEQ __ATOMIC_SEQ_CST

FORCEINLINE LONG InterlockedExchange(LONG volatile *Target, LONG Value)
{
	return __atomic_exchange_n(Target, Value, NETCX_SEQ);
}

FORCEINLINE LONG InterlockedExchangeAdd(LONG volatile *Addend, LONG Value)
{
	return __atomic_fetch_add(Addend, Value, NETCX_SEQ);
}

FORCEINLINE LONG InterlockedAdd(LONG volatile *Addend, LONG Value)
{
	return __atomic_add_fetch(Addend, Value, NETCX_SEQ);
}

FORCEINLINE LONG InterlockedIncrement(LONG volatile *Addend)
{
	return __atomic_add_fetch(Addend, 1, NETCX_SEQ);
}

FORCEINLINE LONG InterlockedDecrement(LONG volatile *Addend)
{
	return __atomic_sub_fetch(Addend, 1, NETCX_SEQ);
}

FORCEINLINE LONG InterlockedOr(LONG volatile *Destination, LONG Value)
{
	return __atomic_fetch_or(Destination, Value, NETCX_SEQ);
}

FORCEINLINE LONG InterlockedAnd(LONG volatile *Destination, LONG Value)
{
	return __atomic_fetch_and(Destination, Value, NETCX_SEQ);
}

FORCEINLINE LONG InterlockedXor(LONG volatile *Destination, LONG Value)
{
	return __atomic_fetch_xor(Destination, Value, NETCX_SEQ);
}

FORCEINLINE LONG InterlockedCompareExchange(LONG volatile *Destination, LONG Exchange,
					    LONG Comperand)
{
	__atomic_compare_exchange_n(Destination, &Comperand, Exchange, 0, NETCX_SEQ, NETCX_SEQ);
	return Comperand;
}

FORCEINLINE LONG64 InterlockedExchange64(LONG64 volatile *Target, LONG64 Value)
{
	return __atomic_exchange_n(Target, Value, NETCX_SEQ);
}

FORCEINLINE LONG64 InterlockedExchangeAdd64(LONG64 volatile *Addend, LONG64 Value)
{
	return __atomic_fetch_add(Addend, Value, NETCX_SEQ);
}

FORCEINLINE LONG64 InterlockedAdd64(LONG64 volatile *Addend, LONG64 Value)
{
	return __atomic_add_fetch(Addend, Value, NETCX_SEQ);
}

FORCEINLINE LONG64 InterlockedIncrement64(LONG64 volatile *Addend)
{
	return __atomic_add_fetch(Addend, 1, NETCX_SEQ);
}

FORCEINLINE LONG64 InterlockedDecrement64(LONG64 volatile *Addend)
{
	return __atomic_sub_fetch(Addend, 1, NETCX_SEQ);
}

FORCEINLINE LONG64 InterlockedCompareExchange64(LONG64 volatile *Destination, LONG64 Exchange,
						LONG64 Comperand)
{
	__atomic_compare_exchange_n(Destination, &Comperand, Exchange, 0, NETCX_SEQ, NETCX_SEQ);
	return Comperand;
}

FORCEINLINE LONG64 InterlockedAnd64(LONG64 volatile *Destination, LONG64 Value)
{
	return __atomic_fetch_and(Destination, Value, NETCX_SEQ);
}

FORCEINLINE LONG64 InterlockedOr64(LONG64 volatile *Destination, LONG64 Value)
{
	return __atomic_fetch_or(Destination, Value, NETCX_SEQ);
}

FORCEINLINE LONG64 InterlockedXor64(LONG64 volatile *Destination, LONG64 Value)
{
	return __atomic_fetch_xor(Destination, Value, NETCX_SEQ);
}

FORCEINLINE PVOID InterlockedExchangePointer(PVOID volatile *Target, PVOID Value)
{
	return __atomic_exchange_n(Target, Value, NETCX_SEQ);
}

FORCEINLINE PVOID InterlockedCompareExchangePointer(PVOID volatile *Destination, PVOID Exchange,
						    PVOID Comperand)
{
	__atomic_compare_exchange_n(Destination, &Comperand, Exchange, 0, NETCX_SEQ, NETCX_SEQ);
	return Comperand;
}

/* A bit beyond the first 32, or before them, is one of the variables around: the bits of an array.
 */
FORCEINLINE BOOLEAN InterlockedBitTestAndSet(LONG volatile *Base, LONG Bit)
{
	LONG mask = (LONG)(1u << (Bit & 31));

	return (BOOLEAN)((__atomic_fetch_or(Base + (Bit >> 5), mask, NETCX_SEQ) & mask) != 0);
}

FORCEINLINE BOOLEAN InterlockedBitTestAndReset(LONG volatile *Base, LONG Bit)
{
	LONG mask = (LONG)(1u << (Bit & 31));

	return (BOOLEAN)((__atomic_fetch_and(Base + (Bit >> 5), ~mask, NETCX_SEQ) & mask) != 0);
}

FORCEINLINE BOOLEAN InterlockedBitTestAndSet64(LONG64 volatile *Base, LONG64 Bit)
{
	LONG64 mask = (LONG64)(1ull << (Bit & 63));

	return (BOOLEAN)((__atomic_fetch_or(Base + (Bit >> 6), mask, NETCX_SEQ) & mask) != 0);
}

FORCEINLINE BOOLEAN InterlockedBitTestAndReset64(LONG64 volatile *Base, LONG64 Bit)
{
	LONG64 mask = (LONG64)(1ull << (Bit & 63));

	return (BOOLEAN)((__atomic_fetch_and(Base + (Bit >> 6), ~mask, NETCX_SEQ) & mask) != 0);
}

#ifndef MemoryBarrier
#define MemoryBarrier() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#endif
#define KeMemoryBarrier()             MemoryBarrier()
#define KeMemoryBarrierWithoutFence() __atomic_signal_fence(__ATOMIC_SEQ_CST)
#define _ReadWriteBarrier()           __atomic_signal_fence(__ATOMIC_SEQ_CST)
#define YieldProcessor()              __builtin_ia32_pause()

#endif
