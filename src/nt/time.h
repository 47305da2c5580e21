/* SPDX-License-Identifier: MIT */
/* Time as Windows counts it: in units of 100 ns, the system's since 1601. */
#ifndef NT_TIME_H
#define NT_TIME_H

#include <ntdef.h>
#include <stdint.h>

/* nt_system_time() - now, since 1601-01-01. */
LONGLONG nt_system_time(void);

/* nt_deadline_ns() - a time-out as clock_ns() will read then. @timeout: negative: from now */
uint64_t nt_deadline_ns(LONGLONG timeout);

#endif
