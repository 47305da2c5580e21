/* SPDX-License-Identifier: MIT */
/* Names of Win32 errors and of HRESULTs, as far as drivers meet them. */
#ifndef NT_WIN_ERROR_H
#define NT_WIN_ERROR_H

#include <stdint.h>

/* win_error_name() - "ERROR_ACCESS_DENIED"; NULL when it has none here. */
const char *win_error_name(uint32_t error);

/* win_hresult_name() - its own, or that of the Win32 error or NTSTATUS in it. */
const char *win_hresult_name(uint32_t hresult);

#endif
