/* SPDX-License-Identifier: MIT */
/*
 * wdm.h - the executive's services to a driver. One topic per header; this one brings them all.
 * What is declared here as a function is exported by the host's executive (src/nt).
 */
#ifndef NETCX_WDM_H
#define NETCX_WDM_H

#include <ntdef.h>
#include <ntstatus.h>
#include <interlocked.h>
#include <wdmcheck.h>
#include <wdmke.h>
#include <wdmex.h>
#include <wdmmm.h>
#include <wdmrtl.h>
#include <wdmio.h>
#include <wdmpower.h>

#endif
