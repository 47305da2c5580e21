/* SPDX-License-Identifier: MIT */
/* limits.h - the compiler's, with a long of 32 bits as on Windows. */
#ifndef NETCX_CRT_LIMITS_H
#define NETCX_CRT_LIMITS_H

#include_next <limits.h>

#undef LONG_MIN
#undef LONG_MAX
#undef ULONG_MAX
#define LONG_MIN  (-2147483647 - 1)
#define LONG_MAX  2147483647
#define ULONG_MAX 4294967295U

#endif
