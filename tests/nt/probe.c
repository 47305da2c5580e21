/* SPDX-License-Identifier: MIT */
/* A module with a driver's mistakes in it, for reports that name its functions and lines. */
#include <ntddk.h>

typedef VOID PROBE(PVOID Context);
PROBE ProbeLower, ProbeInlined, ProbeWrite, ProbeCallNull, ProbeDivide, ProbeRecurse, ProbeAllocate;
PROBE ProbeLongDouble, ProbeJump, ProbeSetTimer;
PROBE ProbeAbort, ProbeExit, ProbeQuickExit, ProbeOverwrite, ProbeOverwriteMuch;

/* What no kernel driver has, and one that is linked with a C library may call. */
extern void abort(void), exit(int), quick_exit(int), _exit(int), pthread_exit(void *), free(void *);
extern void *malloc(SIZE_T size);

/* Each mistake has a line number of its own, which the tests look for. */
VOID ProbeLower(PVOID Context)
{
#line 100
	KeLowerIrql(DISPATCH_LEVEL);
	KeMemoryBarrier();
}

static inline __attribute__((always_inline)) VOID LowerInside(VOID)
{
#line 200
	KeLowerIrql(DISPATCH_LEVEL);
	KeMemoryBarrier();
}

VOID ProbeInlined(PVOID Context)
{
#line 300
	LowerInside();
	KeMemoryBarrier();
}

VOID ProbeWrite(PVOID Context)
{
#line 400
	*(volatile int *)Context = 1;
	KeMemoryBarrier();
}

VOID ProbeCallNull(PVOID Context)
{
	PROBE *volatile callback = NULL;

#line 500
	callback(Context);
	KeMemoryBarrier();
}

VOID ProbeDivide(PVOID Context)
{
	volatile int one = 1, zero = 0, result;

#line 600
	result = one / zero;
	(void)result;
}

VOID ProbeRecurse(PVOID Context)
{
	PROBE *volatile self = ProbeRecurse;
	volatile char room[4096];

	room[0] = 0;
#line 700
	self((PVOID)room);
	room[1] = 0;
}

VOID ProbeAllocate(PVOID Context)
{
#line 800
	*(PVOID *)Context = ExAllocatePoolWithTag(NonPagedPoolNx, 64, 0x626F7250);
	KeMemoryBarrier();
}

VOID ProbeSetTimer(PVOID Context)
{
	LARGE_INTEGER due;

	due.QuadPart = -1000000000;
#line 850
	KeSetTimerEx(Context, due, 1, NULL);
	KeMemoryBarrier();
}

VOID ProbeAbort(PVOID Context)
{
#line 1000
	abort();
	KeMemoryBarrier();
}

VOID ProbeExit(PVOID Context)
{
#line 1100
	exit(0);
	KeMemoryBarrier();
}

VOID ProbeQuickExit(PVOID Context)
{
#line 1200
	quick_exit(0);
	KeMemoryBarrier();
}

VOID ProbeExitAtOnce(PVOID Context)
{
#line 1210
	_exit(0);
	KeMemoryBarrier();
}

VOID ProbeExitThread(PVOID Context)
{
#line 1220
	pthread_exit(NULL);
	KeMemoryBarrier();
}

/* What the allocator keeps in front of a block. */
VOID ProbeOverwrite(PVOID Context)
{
	/* Pool has gaps. Large, so that it lies at the heap's end, behind one in use: the report
	 * allocates, too, and looks at what is behind a free block. */
	volatile ULONG64 *before = malloc(40000), *block = malloc(40000);

	before[0] = 1;
	block[-1] = 1; /* a size that none has */
#line 1300
	free((PVOID)block);
	KeMemoryBarrier();
}

VOID ProbeOverwriteMuch(PVOID Context)
{
	volatile ULONG64 *block = malloc(64);

	for (int i = 0; i < 512; i++)
		block[i] = 0x5555555555555555;
#line 1400
	free((PVOID)block);
	abort();
}

VOID ProbeLongDouble(PVOID Context)
{
	volatile long double value;

#line 900
	value = *(volatile long double *)Context;
	(void)value;
}

VOID ProbeJump(PVOID Context)
{
#line 1000
	((PROBE *)Context)(NULL);
	KeMemoryBarrier();
}
