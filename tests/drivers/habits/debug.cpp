/* SPDX-License-Identifier: MIT */
//
// debug.cpp - compiled in Debug only.
//
#include "precomp.h"

#include "trace.h"

#if !DBG
#error "this file belongs to the checked build"
#endif

EXTERN_C VOID HabitsDebug(VOID)
{
	KdPrint(("habits: checked build\n"));
}
