/* SPDX-License-Identifier: MIT */
/* ndis.h - what a NetAdapterCx driver needs of NDIS. */
#ifndef NETCX_NDIS_H
#define NETCX_NDIS_H

#include <parts/umdf.h>
#if NETCX_UMDF
#include <wudfwdm.h>
#else
#include <wdm.h>
#endif
#include <ntddndis.h>
#include <parts/ndispm.h>
#include <parts/ndisversion.h>

#if !NETCX_UMDF /* a user-mode driver brings its own */
/* Ethernet */
#include <xfilter.h>
#define ETH_LENGTH_OF_VLAN_HEADER 4
#define ETH_LENGTH_OF_HEADER      14
#endif

/* Known by pointer only; requests are reached through the NETREQUEST functions. */
typedef struct _NDIS_OID_REQUEST NDIS_OID_REQUEST, *PNDIS_OID_REQUEST;

#if !NETCX_UMDF
/* The processor of that number in its group, as a group's mask has it. */
#define AFFINITY_MASK(number)                     ((KAFFINITY)1 << (number))

#define NdisZeroMemory(destination, size)         RtlZeroMemory(destination, size)
#define NdisMoveMemory(destination, source, size) RtlCopyMemory(destination, source, size)
#define NdisEqualMemory(a, b, size)               RtlEqualMemory(a, b, size)

/* Spin locks with a place for the IRQL before. */
typedef struct _NDIS_SPIN_LOCK {
	KSPIN_LOCK SpinLock;
	KIRQL OldIrql;
} NDIS_SPIN_LOCK, *PNDIS_SPIN_LOCK;

FORCEINLINE VOID NdisAllocateSpinLock(PNDIS_SPIN_LOCK SpinLock)
{
	KeInitializeSpinLock(&SpinLock->SpinLock);
}

FORCEINLINE VOID NdisFreeSpinLock(PNDIS_SPIN_LOCK SpinLock)
{
	UNREFERENCED_PARAMETER(SpinLock);
}

#define NdisAcquireSpinLock(lock)      KeAcquireSpinLock(&(lock)->SpinLock, &(lock)->OldIrql)
#define NdisReleaseSpinLock(lock)      KeReleaseSpinLock(&(lock)->SpinLock, (lock)->OldIrql)
#define NdisDprAcquireSpinLock(lock)   KeAcquireSpinLockAtDpcLevel(&(lock)->SpinLock)
#define NdisDprReleaseSpinLock(lock)   KeReleaseSpinLockFromDpcLevel(&(lock)->SpinLock)

#define NdisGetCurrentSystemTime(time) KeQuerySystemTime(time)

EXTERN_C_START

/* An entry in the system's event log. @...: that many ULONG values */
VOID NdisWriteErrorLogEntry(NDIS_HANDLE NdisAdapterHandle, NDIS_ERROR_CODE ErrorCode,
			    ULONG NumberOfErrorValues, ...);

EXTERN_C_END
#endif

#endif
