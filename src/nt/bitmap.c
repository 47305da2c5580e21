/* SPDX-License-Identifier: MIT */
/* Bit maps: DDI pages RtlInitializeBitMap and its like. */
#include <ntddk.h>
#include <stdbool.h>

#include "nt/export.h"
#include "nt/violation.h"

#define NONE ((ULONG)~0u)

static bool is_set(const RTL_BITMAP *map, ULONG bit)
{
	return map->Buffer[bit / 32] >> bit % 32 & 1;
}

static void put(PRTL_BITMAP map, ULONG first, ULONG count, bool set)
{
	for (ULONG bit = first; bit < first + count; bit++) {
		const ULONG mask = (ULONG)1 << bit % 32;

		if (set)
			map->Buffer[bit / 32] |= mask;
		else
			map->Buffer[bit / 32] &= ~mask;
	}
}

static bool is_inside(const RTL_BITMAP *map, ULONG first, ULONG count)
{
	return first <= map->SizeOfBitMap && count <= map->SizeOfBitMap - first;
}

static void check(const RTL_BITMAP *map, ULONG first, ULONG count, const char *call)
{
	if (!is_inside(map, first, count))
		nt_violation_say(0xC4, first, "DRIVER_VERIFIER_DETECTED_VIOLATION", call, NULL,
				 "Bits lie in their map: what follows it is other memory.",
				 "%u bit%s from %u on, of a map of %u bits.", count,
				 count == 1 ? "" : "s", first, map->SizeOfBitMap);
}

/* Return: how many bits from there on are as @set says, up to @most. */
static ULONG run_at(const RTL_BITMAP *map, ULONG first, ULONG most, bool set)
{
	ULONG length = 0;

	while (length < most && is_set(map, first + length) == set)
		length++;
	return length;
}

/* A run of @count that begins from @from on and below @to. */
static ULONG find_between(const RTL_BITMAP *map, ULONG count, ULONG from, ULONG to, bool set)
{
	for (ULONG bit = from; bit < to && is_inside(map, bit, count);) {
		ULONG length = run_at(map, bit, count, set);

		if (length == count)
			return bit;
		bit += length + 1;
	}
	return NONE;
}

/* DDI page: nothing to find is found at the hint, at the start of its byte. */
static ULONG find(const RTL_BITMAP *map, ULONG count, ULONG hint, bool set)
{
	ULONG found;

	if (hint >= map->SizeOfBitMap)
		hint = 0;
	if (!count)
		return hint & ~7u;
	found = find_between(map, count, hint, map->SizeOfBitMap, set);
	return found == NONE ? find_between(map, count, 0, hint, set) : found;
}

static ULONG count_bits(const RTL_BITMAP *map, bool set)
{
	ULONG count = 0;

	for (ULONG bit = 0; bit < map->SizeOfBitMap; bit++)
		count += is_set(map, bit) == set;
	return count;
}

NETCX_EXPORT VOID RtlInitializeBitMap(PRTL_BITMAP BitMapHeader, PULONG BitMapBuffer,
				      ULONG SizeOfBitMap)
{
	*BitMapHeader = (RTL_BITMAP){ SizeOfBitMap, BitMapBuffer };
}

NETCX_EXPORT VOID RtlClearAllBits(PRTL_BITMAP BitMapHeader)
{
	put(BitMapHeader, 0, BitMapHeader->SizeOfBitMap, false);
}

NETCX_EXPORT VOID RtlSetAllBits(PRTL_BITMAP BitMapHeader)
{
	put(BitMapHeader, 0, BitMapHeader->SizeOfBitMap, true);
}

NETCX_EXPORT VOID RtlClearBit(PRTL_BITMAP BitMapHeader, ULONG BitNumber)
{
	check(BitMapHeader, BitNumber, 1, "RtlClearBit");
	put(BitMapHeader, BitNumber, 1, false);
}

NETCX_EXPORT VOID RtlSetBit(PRTL_BITMAP BitMapHeader, ULONG BitNumber)
{
	check(BitMapHeader, BitNumber, 1, "RtlSetBit");
	put(BitMapHeader, BitNumber, 1, true);
}

NETCX_EXPORT BOOLEAN RtlTestBit(PRTL_BITMAP BitMapHeader, ULONG BitNumber)
{
	check(BitMapHeader, BitNumber, 1, "RtlTestBit");
	return is_set(BitMapHeader, BitNumber);
}

NETCX_EXPORT VOID RtlClearBits(PRTL_BITMAP BitMapHeader, ULONG StartingIndex, ULONG NumberToClear)
{
	check(BitMapHeader, StartingIndex, NumberToClear, "RtlClearBits");
	put(BitMapHeader, StartingIndex, NumberToClear, false);
}

NETCX_EXPORT VOID RtlSetBits(PRTL_BITMAP BitMapHeader, ULONG StartingIndex, ULONG NumberToSet)
{
	check(BitMapHeader, StartingIndex, NumberToSet, "RtlSetBits");
	put(BitMapHeader, StartingIndex, NumberToSet, true);
}

static BOOLEAN are(const RTL_BITMAP *map, ULONG first, ULONG length, bool set)
{
	return length && is_inside(map, first, length) && run_at(map, first, length, set) == length;
}

NETCX_EXPORT BOOLEAN RtlAreBitsClear(PRTL_BITMAP BitMapHeader, ULONG StartingIndex, ULONG Length)
{
	return are(BitMapHeader, StartingIndex, Length, false);
}

NETCX_EXPORT BOOLEAN RtlAreBitsSet(PRTL_BITMAP BitMapHeader, ULONG StartingIndex, ULONG Length)
{
	return are(BitMapHeader, StartingIndex, Length, true);
}

NETCX_EXPORT ULONG RtlFindClearBits(PRTL_BITMAP BitMapHeader, ULONG NumberToFind, ULONG HintIndex)
{
	return find(BitMapHeader, NumberToFind, HintIndex, false);
}

NETCX_EXPORT ULONG RtlFindSetBits(PRTL_BITMAP BitMapHeader, ULONG NumberToFind, ULONG HintIndex)
{
	return find(BitMapHeader, NumberToFind, HintIndex, true);
}

NETCX_EXPORT ULONG RtlFindClearBitsAndSet(PRTL_BITMAP BitMapHeader, ULONG NumberToFind,
					  ULONG HintIndex)
{
	ULONG found = find(BitMapHeader, NumberToFind, HintIndex, false);

	if (found != NONE)
		put(BitMapHeader, found, NumberToFind, true);
	return found;
}

NETCX_EXPORT ULONG RtlFindSetBitsAndClear(PRTL_BITMAP BitMapHeader, ULONG NumberToFind,
					  ULONG HintIndex)
{
	ULONG found = find(BitMapHeader, NumberToFind, HintIndex, true);

	if (found != NONE)
		put(BitMapHeader, found, NumberToFind, false);
	return found;
}

NETCX_EXPORT ULONG RtlNumberOfClearBits(PRTL_BITMAP BitMapHeader)
{
	return count_bits(BitMapHeader, false);
}

NETCX_EXPORT ULONG RtlNumberOfSetBits(PRTL_BITMAP BitMapHeader)
{
	return count_bits(BitMapHeader, true);
}
