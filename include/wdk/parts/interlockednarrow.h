/* SPDX-License-Identifier: MIT */
/* interlockednarrow.h - atomic operations on 8 and 16 bits, all full barriers. Part of wdm.h. */
#ifndef NETCX_INTERLOCKEDNARROW_H
#define NETCX_INTERLOCKEDNARROW_H

#include <parts/interlocked.h>

/* Each returns what was there before. What there is for one size only is only that on Windows, too.
 */
#define NETCX_INTERLOCKED_NARROW(bits, type)                                          \
	FORCEINLINE type InterlockedExchange##bits(type volatile *Target, type Value) \
	{                                                                             \
		return __atomic_exchange_n(Target, Value, NETCX_SEQ);                 \
	}                                                                             \
	FORCEINLINE type InterlockedAnd##bits(type volatile *Destination, type Value) \
	{                                                                             \
		return __atomic_fetch_and(Destination, Value, NETCX_SEQ);             \
	}                                                                             \
	FORCEINLINE type InterlockedOr##bits(type volatile *Destination, type Value)  \
	{                                                                             \
		return __atomic_fetch_or(Destination, Value, NETCX_SEQ);              \
	}                                                                             \
	FORCEINLINE type InterlockedXor##bits(type volatile *Destination, type Value) \
	{                                                                             \
		return __atomic_fetch_xor(Destination, Value, NETCX_SEQ);             \
	}

NETCX_INTERLOCKED_NARROW(8, CHAR)
NETCX_INTERLOCKED_NARROW(16, SHORT)

FORCEINLINE CHAR InterlockedExchangeAdd8(CHAR volatile *Addend, CHAR Value)
{
	return __atomic_fetch_add(Addend, Value, NETCX_SEQ);
}

FORCEINLINE SHORT InterlockedCompareExchange16(SHORT volatile *Destination, SHORT Exchange,
					       SHORT Comperand)
{
	__atomic_compare_exchange_n(Destination, &Comperand, Exchange, 0, NETCX_SEQ, NETCX_SEQ);
	return Comperand;
}

/* These two return what is there afterwards. */
FORCEINLINE SHORT InterlockedIncrement16(SHORT volatile *Addend)
{
	return __atomic_add_fetch(Addend, 1, NETCX_SEQ);
}

FORCEINLINE SHORT InterlockedDecrement16(SHORT volatile *Addend)
{
	return __atomic_sub_fetch(Addend, 1, NETCX_SEQ);
}

#endif
