/* SPDX-License-Identifier: MIT */
/* realtimeapiset.h - time since the start, in units of 100 ns. */
#ifndef NETCX_REALTIMEAPISET_H
#define NETCX_REALTIMEAPISET_H

#include <minwinbase.h>

EXTERN_C_START

VOID WINAPI QueryInterruptTime(PULONGLONG lpInterruptTime);
VOID WINAPI QueryInterruptTimePrecise(PULONGLONG lpInterruptTimePrecise);
BOOL WINAPI QueryUnbiasedInterruptTime(PULONGLONG UnbiasedTime);

EXTERN_C_END

#endif
