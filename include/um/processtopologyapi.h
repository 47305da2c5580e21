/* SPDX-License-Identifier: MIT */
/* processtopologyapi.h - the processors that a thread may run on. There is one group. */
#ifndef NETCX_PROCESSTOPOLOGYAPI_H
#define NETCX_PROCESSTOPOLOGYAPI_H

#include <minwinbase.h>

EXTERN_C_START

BOOL WINAPI GetThreadGroupAffinity(HANDLE hThread, PGROUP_AFFINITY GroupAffinity);
BOOL WINAPI SetThreadGroupAffinity(HANDLE hThread, const GROUP_AFFINITY *GroupAffinity,
				   PGROUP_AFFINITY PreviousGroupAffinity);

EXTERN_C_END

#endif
