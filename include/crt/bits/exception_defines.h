/* SPDX-License-Identifier: MIT */
/*
 * bits/exception_defines.h - libstdc++ writes __try and __catch. Where there are no exceptions its
 * own header makes these nothing, also for a driver that means structured exception handling by
 * __try: that is to stay an error. So it is a macro that the compiler warns of outside the
 * system's headers, and `netcx build` makes that an error. excpt.h leaves it so.
 */
#ifndef NETCX_CRT_EXCEPTION_DEFINES_H
#define NETCX_CRT_EXCEPTION_DEFINES_H

#if __cpp_exceptions || !defined(__clang__)
#include_next <bits/exception_defines.h>
#else
#define NETCX_CRT_TRY
#undef __try
#define __try netcx_try
#define netcx_try if (true)
#pragma clang deprecated(netcx_try, "__try: there is no structured exception handling on Linux")
#define __catch(X) if (false)
#define __throw_exception_again
#endif

#endif
