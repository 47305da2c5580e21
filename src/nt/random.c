/* SPDX-License-Identifier: MIT */
/* RtlRandomEx: a sequence of its seed's. The numbers are other ones than Windows', as evenly
 * spread. */
#include <ntddk.h>
#include <stdint.h>

#include "nt/export.h"

/* splitmix64's last step: each bit of the sum changes half of the result's. */
static uint64_t mix(uint64_t sum)
{
	sum = (sum ^ sum >> 30) * 0xBF58476D1CE4E5B9u;
	sum = (sum ^ sum >> 27) * 0x94D049BB133111EBu;
	return sum ^ sum >> 31;
}

/* DDI page: from 0 to MAXLONG - 1, and another seed for the next call. */
NETCX_EXPORT ULONG RtlRandomEx(PULONG Seed)
{
	*Seed += 0x9E3779B9u;
	return (ULONG)(mix(*Seed * 0x9E3779B97F4A7C15u) % MAXLONG);
}

NETCX_EXPORT ULONG RtlRandom(PULONG Seed)
{
	return RtlRandomEx(Seed);
}
