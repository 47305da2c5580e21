/* SPDX-License-Identifier: MIT */
/* Clocks. */
#include "nt/time.h"

#include "base/clock.h"
#include "win32/private.h"

NETCX_EXPORT BOOL WINAPI QueryPerformanceCounter(LARGE_INTEGER *lpPerformanceCount)
{
	*lpPerformanceCount = KeQueryPerformanceCounter(NULL);
	return TRUE;
}

NETCX_EXPORT BOOL WINAPI QueryPerformanceFrequency(LARGE_INTEGER *lpFrequency)
{
	KeQueryPerformanceCounter(lpFrequency);
	return TRUE;
}

NETCX_EXPORT ULONGLONG WINAPI GetTickCount64(VOID)
{
	return clock_ns() / NS_PER_MS;
}

NETCX_EXPORT DWORD WINAPI GetTickCount(VOID)
{
	return (DWORD)GetTickCount64();
}

NETCX_EXPORT VOID WINAPI QueryInterruptTime(PULONGLONG lpInterruptTime)
{
	*lpInterruptTime = clock_ns() / 100;
}

NETCX_EXPORT VOID WINAPI QueryInterruptTimePrecise(PULONGLONG lpInterruptTimePrecise)
{
	*lpInterruptTimePrecise = clock_ns() / 100;
}

/* CLOCK_MONOTONIC does not go on while the machine sleeps, as here. */
NETCX_EXPORT BOOL WINAPI QueryUnbiasedInterruptTime(PULONGLONG UnbiasedTime)
{
	*UnbiasedTime = clock_ns() / 100;
	return TRUE;
}

static FILETIME file_time(LONGLONG time)
{
	return (FILETIME){ (DWORD)time, (DWORD)(time >> 32) };
}

NETCX_EXPORT VOID WINAPI GetSystemTimeAsFileTime(LPFILETIME lpSystemTimeAsFileTime)
{
	*lpSystemTimeAsFileTime = file_time(nt_system_time());
}

NETCX_EXPORT VOID WINAPI GetSystemTimePreciseAsFileTime(LPFILETIME lpSystemTimeAsFileTime)
{
	*lpSystemTimeAsFileTime = file_time(nt_system_time());
}
