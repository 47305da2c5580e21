/* SPDX-License-Identifier: MIT */
/* ntddk.h - what a driver includes first; wdm.h, and the little that only it has. */
#ifndef NETCX_NTDDK_H
#define NETCX_NTDDK_H
#include <wdm.h>

#include <parts/wdmpcie.h>
#endif
