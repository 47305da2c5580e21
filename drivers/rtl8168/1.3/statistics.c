/* SPDX-License-Identifier: MIT */
/*
 * statistics.c - what the chip counts. It writes its tally counters into memory when asked; they
 * begin anew with power-on, and the narrow ones wrap.
 */
#include "framework.h"

#define RT_TALLY_POLLS   20
#define RT_TALLY_POLL_US 50

/* As the chip writes it: 64 bytes at a multiple of 64. */
typedef struct _RT_TALLY {
	UINT64 TxOk;
	UINT64 RxOk;
	UINT64 TxError;
	UINT32 RxError;
	UINT16 RxMissed;
	UINT16 Alignment;
	UINT32 TxOneCollision;
	UINT32 TxMoreCollisions;
	UINT64 RxPhysical;
	UINT64 RxBroadcast;
	UINT32 RxMulticast;
	UINT16 TxAborted;
	UINT16 TxUnderrun;
} RT_TALLY;
C_ASSERT(sizeof(RT_TALLY) == 64);

/* Lives as long as the device, like the DMA enabler. */
NTSTATUS
RtStatisticsCreate(RT_ADAPTER *Adapter)
{
	return WdfCommonBufferCreate(Adapter->DmaEnabler, sizeof(RT_TALLY),
				     WDF_NO_OBJECT_ATTRIBUTES, &Adapter->Tally);
}

/* Have the counters written. All ones: the chip is gone, and its answer never comes. */
static NTSTATUS
RtStatisticsDump(RT_ADAPTER *Adapter)
{
	PHYSICAL_ADDRESS address = WdfCommonBufferGetAlignedLogicalAddress(Adapter->Tally);
	ULONG polls;

	RtWrite32(Adapter, RT_DTCCR + sizeof(ULONG), (ULONG)address.u.HighPart);
	RtWrite32(Adapter, RT_DTCCR, address.u.LowPart | RT_DTCCR_DUMP);

	for (polls = 0; polls < RT_TALLY_POLLS; polls++) {
		ULONG control = RtRead32(Adapter, RT_DTCCR);

		if (control == MAXULONG)
			return STATUS_DEVICE_NOT_CONNECTED;
		if ((control & RT_DTCCR_DUMP) == 0)
			return STATUS_SUCCESS;
		KeStallExecutionProcessor(RT_TALLY_POLL_US);
	}
	return STATUS_IO_TIMEOUT;
}

/* The chip does not tell whom it sent to: all that went out stands as directed. */
NTSTATUS
RtStatisticsQuery(RT_ADAPTER *Adapter, NDIS_STATISTICS_INFO *Statistics)
{
	const RT_TALLY *tally = WdfCommonBufferGetAlignedVirtualAddress(Adapter->Tally);
	NTSTATUS status;

	status = RtStatisticsDump(Adapter);
	if (!NT_SUCCESS(status))
		return status;

	RtlZeroMemory(Statistics, sizeof(*Statistics));
	Statistics->Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
	Statistics->Header.Revision = NDIS_STATISTICS_INFO_REVISION_1;
	Statistics->Header.Size = NDIS_SIZEOF_STATISTICS_INFO_REVISION_1;
	Statistics->SupportedStatistics = NDIS_STATISTICS_FLAGS_VALID_DIRECTED_FRAMES_RCV |
					  NDIS_STATISTICS_FLAGS_VALID_MULTICAST_FRAMES_RCV |
					  NDIS_STATISTICS_FLAGS_VALID_BROADCAST_FRAMES_RCV |
					  NDIS_STATISTICS_FLAGS_VALID_RCV_DISCARDS |
					  NDIS_STATISTICS_FLAGS_VALID_RCV_ERROR |
					  NDIS_STATISTICS_FLAGS_VALID_DIRECTED_FRAMES_XMIT |
					  NDIS_STATISTICS_FLAGS_VALID_XMIT_ERROR;
	Statistics->ifHCInUcastPkts = tally->RxPhysical;
	Statistics->ifHCInMulticastPkts = tally->RxMulticast;
	Statistics->ifHCInBroadcastPkts = tally->RxBroadcast;
	Statistics->ifInDiscards = tally->RxMissed;
	Statistics->ifInErrors = tally->RxError;
	Statistics->ifHCOutUcastPkts = tally->TxOk;
	Statistics->ifOutErrors = tally->TxError;
	return STATUS_SUCCESS;
}
