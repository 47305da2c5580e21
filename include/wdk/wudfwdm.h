/* SPDX-License-Identifier: MIT */
/*
 * wudfwdm.h - what of the kernel's declarations a user-mode driver has: strings, lists, resources,
 * power states. Part of wdf.h in UMDF, where it takes the place of wdm.h.
 */
#ifndef NETCX_WUDFWDM_H
#define NETCX_WUDFWDM_H

#include <ntdef.h>
#include <ntstatus.h>
#include <intrin.h>
#include <parts/interlocked.h>
#include <parts/interlockedfence.h>
#include <parts/wdmcaching.h>
#include <parts/wdmcheck.h>
#include <parts/wdmke.h>
#include <parts/wdmex.h>
#include <parts/wdmrtl.h>
#include <parts/wdmio.h>
#include <parts/wdmpower.h>

#if NETCX_UMDF
/* By name only. */
typedef struct _KTHREAD *PKTHREAD;
typedef struct _KTHREAD *PETHREAD;
#endif

#endif
