/* SPDX-License-Identifier: MIT */
/* ntddk.h - what a driver includes first; all of it is wdm.h here. */
#ifndef NETCX_NTDDK_H
#define NETCX_NTDDK_H
#include <wdm.h>
#endif
