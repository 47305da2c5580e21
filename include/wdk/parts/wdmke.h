/* SPDX-License-Identifier: MIT */
/*
 * wdmke.h - kernel services: IRQL, spin locks, DPCs, events, timers, waits, clocks. Part of wdm.h;
 * a user-mode driver has only what its framework's structures need.
 *
 * The structures have the sizes of 64-bit Windows, since drivers embed them; what is in them is the
 * executive's business.
 */
#ifndef NETCX_WDMKE_H
#define NETCX_WDMKE_H

#include <ntdef.h>
#include <parts/umdf.h>

typedef CCHAR KPROCESSOR_MODE;

typedef enum _MODE NETCX_INT_ENUM { KernelMode, UserMode, MaximumMode } MODE;

typedef enum _EVENT_TYPE NETCX_INT_ENUM { NotificationEvent, SynchronizationEvent } EVENT_TYPE;

typedef enum _KINTERRUPT_POLARITY NETCX_INT_ENUM {
	InterruptPolarityUnknown,
	InterruptActiveHigh = 1,
	InterruptRisingEdge = 1,
	InterruptActiveLow = 2,
	InterruptFallingEdge = 2,
	InterruptActiveBoth = 3,
	InterruptActiveBothTriggerLow = 3,
	InterruptActiveBothTriggerHigh = 4
} KINTERRUPT_POLARITY;

typedef enum _KINTERRUPT_MODE NETCX_INT_ENUM { LevelSensitive, Latched } KINTERRUPT_MODE;

#if !NETCX_UMDF
#define PASSIVE_LEVEL         0
#define LOW_LEVEL             0
#define APC_LEVEL             1
#define DISPATCH_LEVEL        2
#define CLOCK_LEVEL           13
#define IPI_LEVEL             14
#define POWER_LEVEL           14
#define PROFILE_LEVEL         15
#define HIGH_LEVEL            15

#define LOW_PRIORITY          0
#define LOW_REALTIME_PRIORITY 16
#define HIGH_PRIORITY         31
#define MAXIMUM_PRIORITY      32

typedef ULONG_PTR KSPIN_LOCK, *PKSPIN_LOCK;
typedef LONG KPRIORITY;

typedef enum _KWAIT_REASON NETCX_INT_ENUM {
	Executive,
	FreePage,
	PageIn,
	PoolAllocation,
	DelayExecution,
	Suspended,
	UserRequest,
	WrExecutive,
	WrFreePage,
	WrPageIn,
	WrPoolAllocation,
	WrDelayExecution,
	WrSuspended,
	WrUserRequest,
	WrSpare0,
	WrQueue,
	WrLpcReceive,
	WrLpcReply,
	WrVirtualMemory,
	WrPageOut,
	WrRendezvous,
	WrKeyedEvent,
	WrTerminated,
	WrProcessInSwap,
	WrCpuRateControl,
	WrCalloutStack,
	WrKernel,
	WrResource,
	WrPushLock,
	WrMutex,
	WrQuantumEnd,
	WrDispatchInt,
	WrPreempted,
	WrYieldExecution,
	WrFastMutex,
	WrGuardedMutex,
	WrRundown,
	WrAlertByThreadId,
	WrDeferredPreempt,
	WrPhysicalFault,
	WrIoRing,
	WrMdlCache,
	MaximumWaitReason
} KWAIT_REASON;

typedef enum _TIMER_TYPE NETCX_INT_ENUM { NotificationTimer, SynchronizationTimer } TIMER_TYPE;

typedef enum _KDPC_IMPORTANCE NETCX_INT_ENUM {
	LowImportance,
	MediumImportance,
	HighImportance,
	MediumHighImportance
} KDPC_IMPORTANCE;

typedef struct _DISPATCHER_HEADER {
	volatile LONG Lock;
	LONG SignalState;
	LIST_ENTRY WaitListHead;
} DISPATCHER_HEADER;

typedef struct _KEVENT {
	DISPATCHER_HEADER Header;
} KEVENT, *PKEVENT, *PRKEVENT;

struct _KDPC;
typedef VOID KDEFERRED_ROUTINE(_In_ struct _KDPC *Dpc, _In_opt_ PVOID DeferredContext,
			       _In_opt_ PVOID SystemArgument1, _In_opt_ PVOID SystemArgument2);
typedef KDEFERRED_ROUTINE *PKDEFERRED_ROUTINE;

typedef struct _KDPC {
	union {
		ULONG TargetInfoAsUlong;
		__extension__ struct {
			UCHAR Type;
			UCHAR Importance;
			volatile USHORT Number;
		};
	};
	SINGLE_LIST_ENTRY DpcListEntry;
	KAFFINITY ProcessorHistory;
	PKDEFERRED_ROUTINE DeferredRoutine;
	PVOID DeferredContext;
	PVOID SystemArgument1;
	PVOID SystemArgument2;
	PVOID DpcData;
} KDPC, *PKDPC, *PRKDPC;

typedef struct _KTIMER {
	DISPATCHER_HEADER Header;
	ULARGE_INTEGER DueTime;
	LIST_ENTRY TimerListEntry;
	PKDPC Dpc;
	USHORT Processor;
	USHORT TimerType;
	ULONG Period;
} KTIMER, *PKTIMER, *PRKTIMER;

C_ASSERT(sizeof(KEVENT) == 24);
C_ASSERT(sizeof(KDPC) == 64);
C_ASSERT(sizeof(KTIMER) == 64);

EXTERN_C_START

/* IRQL. A thread may raise its own level and give back what it had. */
KIRQL KeGetCurrentIrql(VOID);
KIRQL KfRaiseIrql(KIRQL NewIrql);
KIRQL KeRaiseIrqlToDpcLevel(VOID);
VOID KeLowerIrql(KIRQL NewIrql);
#define KeRaiseIrql(new_irql, old_irql) (*(old_irql) = KfRaiseIrql(new_irql))

/* Spin locks: held at DISPATCH_LEVEL, not recursive. */
VOID KeInitializeSpinLock(PKSPIN_LOCK SpinLock);
KIRQL KeAcquireSpinLockRaiseToDpc(PKSPIN_LOCK SpinLock);
VOID KeReleaseSpinLock(PKSPIN_LOCK SpinLock, KIRQL NewIrql);
VOID KeAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock);
VOID KeReleaseSpinLockFromDpcLevel(PKSPIN_LOCK SpinLock);
BOOLEAN KeTryToAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock);
#define KeAcquireSpinLock(lock, old_irql) (*(old_irql) = KeAcquireSpinLockRaiseToDpc(lock))

/* DPCs: run at DISPATCH_LEVEL. KeFlushQueuedDpcs waits, at PASSIVE_LEVEL, until those queued have
 * run. */
VOID KeInitializeDpc(PRKDPC Dpc, PKDEFERRED_ROUTINE DeferredRoutine, PVOID DeferredContext);
BOOLEAN KeInsertQueueDpc(PRKDPC Dpc, PVOID SystemArgument1, PVOID SystemArgument2);
BOOLEAN KeRemoveQueueDpc(PRKDPC Dpc);
VOID KeFlushQueuedDpcs(VOID);

/* Events and waits. A time-out counts 100 ns: negative from now, positive since 1601. */
VOID KeInitializeEvent(PRKEVENT Event, EVENT_TYPE Type, BOOLEAN State);
LONG KeSetEvent(PRKEVENT Event, KPRIORITY Increment, BOOLEAN Wait);
LONG KeResetEvent(PRKEVENT Event);
VOID KeClearEvent(PRKEVENT Event);
LONG KeReadStateEvent(PRKEVENT Event);
NTSTATUS KeWaitForSingleObject(PVOID Object, KWAIT_REASON WaitReason, KPROCESSOR_MODE WaitMode,
			       BOOLEAN Alertable, PLARGE_INTEGER Timeout);
NTSTATUS KeDelayExecutionThread(KPROCESSOR_MODE WaitMode, BOOLEAN Alertable,
				PLARGE_INTEGER Interval);

/* Timers. @Period: milliseconds, 0 for once */
VOID KeInitializeTimer(PKTIMER Timer);
VOID KeInitializeTimerEx(PKTIMER Timer, TIMER_TYPE Type);
BOOLEAN KeSetTimer(PKTIMER Timer, LARGE_INTEGER DueTime, PKDPC Dpc);
BOOLEAN KeSetTimerEx(PKTIMER Timer, LARGE_INTEGER DueTime, LONG Period, PKDPC Dpc);
BOOLEAN KeCancelTimer(PKTIMER Timer);

/* Clocks. The stall spins; anything above 50 us belongs into a delay. */
VOID KeStallExecutionProcessor(ULONG MicroSeconds);
LARGE_INTEGER KeQueryPerformanceCounter(PLARGE_INTEGER PerformanceFrequency);
ULONGLONG KeQueryInterruptTime(VOID);
VOID KeQuerySystemTime(PLARGE_INTEGER CurrentTime);
VOID KeQueryTickCount(PLARGE_INTEGER CurrentCount);
ULONG KeQueryTimeIncrement(VOID);
#define ReadTimeStampCounter() ((ULONG64)__builtin_ia32_rdtsc())

EXTERN_C_END
#endif

#endif
