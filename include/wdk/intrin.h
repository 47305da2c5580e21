/* SPDX-License-Identifier: MIT */
/*
 * intrin.h - the compiler's intrinsics of MSVC that network drivers use. clang knows some by itself
 * under -fms-extensions and wants to see their declaration only.
 */
#ifndef NETCX_INTRIN_H
#define NETCX_INTRIN_H

#include <parts/interlocked.h>
#include <parts/umdf.h>

#ifdef __has_builtin
#define NETCX_HAS_INTRINSIC(name) __has_builtin(name)
#else
#define NETCX_HAS_INTRINSIC(name) 0
#endif

EXTERN_C_START

/* For Windows itself, where our layouts are looked at, they are the compiler's. */
#ifdef _WIN32
#elif NETCX_HAS_INTRINSIC(_BitScanForward)
unsigned char _BitScanForward(ULONG *Index, ULONG Mask);
unsigned char _BitScanReverse(ULONG *Index, ULONG Mask);
unsigned char _BitScanForward64(ULONG *Index, ULONG64 Mask);
unsigned char _BitScanReverse64(ULONG *Index, ULONG64 Mask);
#else
FORCEINLINE unsigned char _BitScanForward(ULONG *Index, ULONG Mask)
{
	if (Mask)
		*Index = (ULONG)__builtin_ctz(Mask);
	return Mask != 0;
}

FORCEINLINE unsigned char _BitScanReverse(ULONG *Index, ULONG Mask)
{
	if (Mask)
		*Index = 31 - (ULONG)__builtin_clz(Mask);
	return Mask != 0;
}

FORCEINLINE unsigned char _BitScanForward64(ULONG *Index, ULONG64 Mask)
{
	if (Mask)
		*Index = (ULONG)__builtin_ctzll(Mask);
	return Mask != 0;
}

FORCEINLINE unsigned char _BitScanReverse64(ULONG *Index, ULONG64 Mask)
{
	if (Mask)
		*Index = 63 - (ULONG)__builtin_clzll(Mask);
	return Mask != 0;
}
#endif

/* A function, since drivers have it as one side of a "?:". */
FORCEINLINE VOID __nop(VOID)
{
	__asm__ volatile("nop");
}

EXTERN_C_END

#define BitScanForward          _BitScanForward
#define BitScanReverse          _BitScanReverse
#define BitScanForward64        _BitScanForward64
#define BitScanReverse64        _BitScanReverse64

#define _byteswap_ushort(value) __builtin_bswap16(value)
#define _byteswap_ulong(value)  __builtin_bswap32(value)
#define _byteswap_uint64(value) __builtin_bswap64(value)

/* Host code has the compiler's own function of the name. */
#if defined(_KERNEL_MODE) || NETCX_UMDF
#define __rdtsc() ((ULONG64)__builtin_ia32_rdtsc())
#endif
#define _ReturnAddress()            __builtin_return_address(0)
#define _AddressOfReturnAddress()   __builtin_frame_address(0)
#define __debugbreak()              __builtin_trap()

#define _InterlockedExchange        InterlockedExchange
#define _InterlockedExchangeAdd     InterlockedExchangeAdd
#define _InterlockedIncrement       InterlockedIncrement
#define _InterlockedDecrement       InterlockedDecrement
#define _InterlockedOr              InterlockedOr
#define _InterlockedAnd             InterlockedAnd
#define _InterlockedXor             InterlockedXor
#define _InterlockedCompareExchange InterlockedCompareExchange

#endif
