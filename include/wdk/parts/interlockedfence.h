/* SPDX-License-Identifier: MIT */
/*
 * interlockedfence.h - atomic operations whose names say how they are ordered, and plain loads and
 * stores of single variables that are. Part of wdm.h.
 *
 * On x64 each atomic operation is a full barrier, whatever its name: so the kit has it, and here.
 */
#ifndef NETCX_INTERLOCKEDFENCE_H
#define NETCX_INTERLOCKEDFENCE_H

#include <parts/interlocked.h>
#include <parts/interlockednarrow.h>

#define InterlockedAddAcquire                    InterlockedAdd
#define InterlockedAddAcquire64                  InterlockedAdd64
#define InterlockedAddNoFence                    InterlockedAdd
#define InterlockedAddNoFence64                  InterlockedAdd64
#define InterlockedAddRelease                    InterlockedAdd
#define InterlockedAddRelease64                  InterlockedAdd64
#define InterlockedAnd64Acquire                  InterlockedAnd64
#define InterlockedAnd64NoFence                  InterlockedAnd64
#define InterlockedAnd64Release                  InterlockedAnd64
#define InterlockedAndAcquire                    InterlockedAnd
#define InterlockedAndAcquire8                   InterlockedAnd8
#define InterlockedAndNoFence                    InterlockedAnd
#define InterlockedAndNoFence8                   InterlockedAnd8
#define InterlockedAndRelease                    InterlockedAnd
#define InterlockedAndRelease8                   InterlockedAnd8
#define InterlockedBitTestAndReset64Acquire      InterlockedBitTestAndReset64
#define InterlockedBitTestAndReset64NoFence      InterlockedBitTestAndReset64
#define InterlockedBitTestAndReset64Release      InterlockedBitTestAndReset64
#define InterlockedBitTestAndResetAcquire        InterlockedBitTestAndReset
#define InterlockedBitTestAndResetNoFence        InterlockedBitTestAndReset
#define InterlockedBitTestAndResetRelease        InterlockedBitTestAndReset
#define InterlockedBitTestAndSet64Acquire        InterlockedBitTestAndSet64
#define InterlockedBitTestAndSet64NoFence        InterlockedBitTestAndSet64
#define InterlockedBitTestAndSet64Release        InterlockedBitTestAndSet64
#define InterlockedBitTestAndSetAcquire          InterlockedBitTestAndSet
#define InterlockedBitTestAndSetNoFence          InterlockedBitTestAndSet
#define InterlockedBitTestAndSetRelease          InterlockedBitTestAndSet
#define InterlockedCompareExchangeAcquire        InterlockedCompareExchange
#define InterlockedCompareExchangeAcquire16      InterlockedCompareExchange16
#define InterlockedCompareExchangeAcquire64      InterlockedCompareExchange64
#define InterlockedCompareExchangeNoFence        InterlockedCompareExchange
#define InterlockedCompareExchangeNoFence16      InterlockedCompareExchange16
#define InterlockedCompareExchangeNoFence64      InterlockedCompareExchange64
#define InterlockedCompareExchangePointerAcquire InterlockedCompareExchangePointer
#define InterlockedCompareExchangePointerNoFence InterlockedCompareExchangePointer
#define InterlockedCompareExchangePointerRelease InterlockedCompareExchangePointer
#define InterlockedCompareExchangeRelease        InterlockedCompareExchange
#define InterlockedCompareExchangeRelease16      InterlockedCompareExchange16
#define InterlockedCompareExchangeRelease64      InterlockedCompareExchange64
#define InterlockedDecrementAcquire              InterlockedDecrement
#define InterlockedDecrementAcquire16            InterlockedDecrement16
#define InterlockedDecrementAcquire64            InterlockedDecrement64
#define InterlockedDecrementNoFence              InterlockedDecrement
#define InterlockedDecrementNoFence16            InterlockedDecrement16
#define InterlockedDecrementNoFence64            InterlockedDecrement64
#define InterlockedDecrementRelease              InterlockedDecrement
#define InterlockedDecrementRelease16            InterlockedDecrement16
#define InterlockedDecrementRelease64            InterlockedDecrement64
#define InterlockedExchangeAcquire               InterlockedExchange
#define InterlockedExchangeAcquire64             InterlockedExchange64
#define InterlockedExchangeAcquire8              InterlockedExchange8
#define InterlockedExchangeAddAcquire            InterlockedExchangeAdd
#define InterlockedExchangeAddAcquire64          InterlockedExchangeAdd64
#define InterlockedExchangeAddNoFence            InterlockedExchangeAdd
#define InterlockedExchangeAddNoFence64          InterlockedExchangeAdd64
#define InterlockedExchangeAddRelease            InterlockedExchangeAdd
#define InterlockedExchangeAddRelease64          InterlockedExchangeAdd64
#define InterlockedExchangeNoFence               InterlockedExchange
#define InterlockedExchangeNoFence64             InterlockedExchange64
#define InterlockedExchangeNoFence8              InterlockedExchange8
#define InterlockedExchangePointerAcquire        InterlockedExchangePointer
#define InterlockedExchangePointerNoFence        InterlockedExchangePointer
#define InterlockedIncrementAcquire              InterlockedIncrement
#define InterlockedIncrementAcquire16            InterlockedIncrement16
#define InterlockedIncrementAcquire64            InterlockedIncrement64
#define InterlockedIncrementNoFence              InterlockedIncrement
#define InterlockedIncrementNoFence16            InterlockedIncrement16
#define InterlockedIncrementNoFence64            InterlockedIncrement64
#define InterlockedIncrementRelease              InterlockedIncrement
#define InterlockedIncrementRelease16            InterlockedIncrement16
#define InterlockedIncrementRelease64            InterlockedIncrement64
#define InterlockedOr64Acquire                   InterlockedOr64
#define InterlockedOr64NoFence                   InterlockedOr64
#define InterlockedOr64Release                   InterlockedOr64
#define InterlockedOrAcquire                     InterlockedOr
#define InterlockedOrAcquire8                    InterlockedOr8
#define InterlockedOrNoFence                     InterlockedOr
#define InterlockedOrNoFence8                    InterlockedOr8
#define InterlockedOrRelease                     InterlockedOr
#define InterlockedOrRelease8                    InterlockedOr8
#define InterlockedXor64Acquire                  InterlockedXor64
#define InterlockedXor64NoFence                  InterlockedXor64
#define InterlockedXor64Release                  InterlockedXor64
#define InterlockedXorAcquire                    InterlockedXor
#define InterlockedXorAcquire8                   InterlockedXor8
#define InterlockedXorNoFence                    InterlockedXor
#define InterlockedXorNoFence8                   InterlockedXor8
#define InterlockedXorRelease                    InterlockedXor
#define InterlockedXorRelease8                   InterlockedXor8

#define InterlockedIncrementSizeT(value)         InterlockedIncrement64((LONG64 volatile *)(value))
#define InterlockedDecrementSizeT(value)         InterlockedDecrement64((LONG64 volatile *)(value))
#define InterlockedIncrementSizeTNoFence(value)  InterlockedIncrementSizeT(value)
#define InterlockedDecrementSizeTNoFence(value)  InterlockedDecrementSizeT(value)
#define InterlockedExchangeAddSizeT(value, add) \
	InterlockedExchangeAdd64((LONG64 volatile *)(value), (LONG64)(add))
#define InterlockedExchangeAddSizeTNoFence(value, add) InterlockedExchangeAddSizeT(value, add)
#define InterlockedExchangeAddSizeTAcquire(value, add) InterlockedExchangeAddSizeT(value, add)

/* Read and write, whole: NoFence, and with what comes before a write and after a read. */
#define NETCX_ORDERED(before, after, type)                                                     \
	FORCEINLINE type Read##before##NoFence##after(type const volatile *Source)             \
	{                                                                                      \
		return __atomic_load_n(Source, __ATOMIC_RELAXED);                              \
	}                                                                                      \
	FORCEINLINE type Read##before##Acquire##after(type const volatile *Source)             \
	{                                                                                      \
		return __atomic_load_n(Source, __ATOMIC_ACQUIRE);                              \
	}                                                                                      \
	FORCEINLINE VOID Write##before##NoFence##after(type volatile *Destination, type Value) \
	{                                                                                      \
		__atomic_store_n(Destination, Value, __ATOMIC_RELAXED);                        \
	}                                                                                      \
	FORCEINLINE VOID Write##before##Release##after(type volatile *Destination, type Value) \
	{                                                                                      \
		__atomic_store_n(Destination, Value, __ATOMIC_RELEASE);                        \
	}

NETCX_ORDERED(, 8, CHAR)
NETCX_ORDERED(, 16, SHORT)
NETCX_ORDERED(, , LONG)
NETCX_ORDERED(, 64, LONG64)
NETCX_ORDERED(UChar, , UCHAR)
NETCX_ORDERED(Boolean, , BOOLEAN)
NETCX_ORDERED(UShort, , USHORT)
NETCX_ORDERED(ULong, , ULONG)
NETCX_ORDERED(Int32, , INT32)
NETCX_ORDERED(UInt32, , UINT32)
NETCX_ORDERED(ULong64, , ULONG64)
NETCX_ORDERED(ULongPtr, , ULONG_PTR)
NETCX_ORDERED(Pointer, , PVOID)
#define ReadSizeTNoFence  ReadULongPtrNoFence
#define ReadSizeTAcquire  ReadULongPtrAcquire
#define WriteSizeTNoFence WriteULongPtrNoFence
#define WriteSizeTRelease WriteULongPtrRelease

#endif
