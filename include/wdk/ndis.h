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
#define ETH_LENGTH_OF_ADDRESS                6
#define ETH_LENGTH_OF_VLAN_HEADER            4
#define ETH_LENGTH_OF_HEADER                 14
#define ETH_IS_LOCALLY_ADMINISTERED(address) ((BOOLEAN)((((PUCHAR)(address))[0] & 2) != 0))
#define ETH_IS_MULTICAST(address)            ((BOOLEAN)((((PUCHAR)(address))[0] & 1) != 0))
#define ETH_IS_BROADCAST(address)                                                    \
	((((PUCHAR)(address))[0] & ((PUCHAR)(address))[1] & ((PUCHAR)(address))[2] & \
	  ((PUCHAR)(address))[3] & ((PUCHAR)(address))[4] & ((PUCHAR)(address))[5]) == 0xff)
#define ETH_IS_EMPTY(address)                                                        \
	((((PUCHAR)(address))[0] | ((PUCHAR)(address))[1] | ((PUCHAR)(address))[2] | \
	  ((PUCHAR)(address))[3] | ((PUCHAR)(address))[4] | ((PUCHAR)(address))[5]) == 0)
#define ETH_COMPARE_NETWORK_ADDRESSES_EQ(a, b, result) \
	(*(result) = memcmp((a), (b), ETH_LENGTH_OF_ADDRESS) != 0)
#define ETH_COPY_NETWORK_ADDRESS(to, from) memcpy((to), (from), ETH_LENGTH_OF_ADDRESS)
#endif

/* Known by pointer only; requests are reached through the NETREQUEST functions. */
typedef struct _NDIS_OID_REQUEST NDIS_OID_REQUEST, *PNDIS_OID_REQUEST;

#if !NETCX_UMDF
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
