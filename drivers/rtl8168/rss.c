/* SPDX-License-Identifier: MIT */
/*
 * rss.c - receive side scaling in the chip: a Toeplitz hash over addresses and TCP ports, and a
 * table that leads from its low bits to one of four receive rings. A reset switches it off.
 */
#include "adapter.h"

#define RT_ERI_POLLS   20
#define RT_ERI_POLL_US 50

/* With the register lock held. */
static NTSTATUS
RtRssWriteExtended(RT_ADAPTER *Adapter, ULONG Register, ULONG Value)
{
	ULONG polls;

	RtWrite32(Adapter, RT_ERIDR, Value);
	RtWrite32(Adapter, RT_ERIAR, RT_ERIAR_FLAG | RT_ERIAR_ALL_BYTES | Register);
	for (polls = 0; polls < RT_ERI_POLLS; polls++) {
		if ((RtRead32(Adapter, RT_ERIAR) & RT_ERIAR_FLAG) == 0)
			return STATUS_SUCCESS;
		KeStallExecutionProcessor(RT_ERI_POLL_US);
	}
	return STATUS_IO_TIMEOUT;
}

/* Hashes: bits RT_RSS_CONTROL_ of what is hashed. */
NTSTATUS
RtRssEnable(RT_ADAPTER *Adapter, ULONG Hashes)
{
	NTSTATUS status;

	WdfSpinLockAcquire(Adapter->RegisterLock);
	status = RtRssWriteExtended(Adapter, RT_ERI_RSS_CONTROL,
				    Hashes | RT_RSS_CONTROL_ENTRIES_128 | RT_RSS_CONTROL_ENABLE);
	WdfSpinLockRelease(Adapter->RegisterLock);
	return status;
}

VOID
RtRssDisable(RT_ADAPTER *Adapter)
{
	WdfSpinLockAcquire(Adapter->RegisterLock);
	RtRssWriteExtended(Adapter, RT_ERI_RSS_CONTROL, 0);
	WdfSpinLockRelease(Adapter->RegisterLock);
}

NTSTATUS
RtRssSetKey(RT_ADAPTER *Adapter, const UCHAR Key[RT_RSS_KEY_LENGTH])
{
	NTSTATUS status = STATUS_SUCCESS;
	ULONG i;

	WdfSpinLockAcquire(Adapter->RegisterLock);
	for (i = 0; i < RT_RSS_KEY_LENGTH && NT_SUCCESS(status); i += sizeof(ULONG)) {
		ULONG word;

		RtlCopyMemory(&word, Key + i, sizeof(word));
		status = RtRssWriteExtended(Adapter, RT_ERI_RSS_KEY + i, word);
	}
	WdfSpinLockRelease(Adapter->RegisterLock);
	return status;
}

/* RtRssApplyTable() brings what has changed to the chip. */
VOID
RtRssSetEntry(RT_ADAPTER *Adapter, ULONG Entry, ULONG Queue)
{
	ULONG *low = &Adapter->RssTable[Entry / 32];
	ULONG *high = low + RT_RSS_TABLE_WORDS / 2;
	ULONG bit = 1u << (Entry % 32);

	WdfSpinLockAcquire(Adapter->RegisterLock);
	*low = Queue & 1 ? *low | bit : *low & ~bit;
	*high = Queue & 2 ? *high | bit : *high & ~bit;
	WdfSpinLockRelease(Adapter->RegisterLock);
}

VOID
RtRssApplyTable(RT_ADAPTER *Adapter)
{
	ULONG i;

	WdfSpinLockAcquire(Adapter->RegisterLock);
	for (i = 0; i < RT_RSS_TABLE_WORDS; i++)
		RtWrite32(Adapter, RT_RSS_TABLE + i * sizeof(ULONG), Adapter->RssTable[i]);
	WdfSpinLockRelease(Adapter->RegisterLock);
}

/* Queue 0's ring is an ordinary register, the others' are extended ones. 0: it has none. */
NTSTATUS
RtRssSetRing(RT_ADAPTER *Adapter, ULONG Queue, PHYSICAL_ADDRESS Ring)
{
	NTSTATUS status = STATUS_SUCCESS;

	WdfSpinLockAcquire(Adapter->RegisterLock);
	if (Queue == 0) {
		RtHardwareSetRing(Adapter, RT_RDSAR, Ring);
	} else {
		ULONG at = RT_ERI_RDSAR1 + (Queue - 1) * sizeof(UINT64);

		status = RtRssWriteExtended(Adapter, at, Ring.u.LowPart);
		if (NT_SUCCESS(status))
			status = RtRssWriteExtended(Adapter, at + sizeof(ULONG),
						    (ULONG)Ring.u.HighPart);
	}
	WdfSpinLockRelease(Adapter->RegisterLock);
	return status;
}
