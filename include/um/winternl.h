/* SPDX-License-Identifier: MIT */
/* winternl.h - what Win32 has of the executive's own names. */
#ifndef NETCX_WINTERNL_H
#define NETCX_WINTERNL_H

#include <windef.h>

EXTERN_C_START

/* Return: ERROR_MR_MID_NOT_FOUND for a status without an error. The first sets it, too. */
ULONG RtlNtStatusToDosError(NTSTATUS Status);
ULONG RtlNtStatusToDosErrorNoTeb(NTSTATUS Status);

EXTERN_C_END

#endif
