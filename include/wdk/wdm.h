/* SPDX-License-Identifier: MIT */
/*
 * wdm.h - the executive's services to a driver. One topic per header; this one brings them all.
 * What is declared here as a function is exported by the host's executive (src/nt).
 */
#ifndef NETCX_WDM_H
#define NETCX_WDM_H

#include <parts/umdf.h>
#if NETCX_UMDF
#error wdm.h, ntddk.h, ntifs.h: kernel mode; a UMDF driver includes windows.h, then wdf.h
#endif

#include <ntdef.h>
#include <ntstatus.h>
#include <intrin.h>
#include <parts/interlocked.h>
#include <parts/interlockedfence.h>
#include <parts/wdmcheck.h>
#include <parts/wdmke.h>
#include <parts/wdmlock.h>
#include <parts/wdmps.h>
#include <parts/wdmex.h>
#include <parts/wdmlist.h>
#include <parts/wdmmm.h>
#include <parts/wdmrtl.h>
#include <parts/wdmbitmap.h>
#include <parts/wdmtable.h>
#include <parts/wdmio.h>
#include <parts/wdmpower.h>
#include <parts/wdmpnp.h>
#include <parts/wdmpci.h>

#endif
