/* SPDX-License-Identifier: MIT */
/*
 * excpt.h - structured exception handling, which is Windows' alone: neither gcc nor clang can
 * unwind so on Linux. Each __try is an error of one line that says so, and what belongs to it is no
 * second one. `netcx build` lists the places (src/build/findings.c knows the words).
 */
#ifndef NETCX_EXCPT_H
#define NETCX_EXCPT_H

#define EXCEPTION_EXECUTE_HANDLER    1
#define EXCEPTION_CONTINUE_SEARCH    0
#define EXCEPTION_CONTINUE_EXECUTION (-1)

/* The C++ library's headers, which host code includes, use the first word for themselves. */
#if !defined(NETCX_HOST) && !defined(_WIN32)
#ifndef NETCX_CRT_TRY /* bits/exception_defines.h says the same */
#define __try _Pragma("GCC error \"__try: there is no structured exception handling on Linux\"")
#endif
#define __except          netcx_except
#define netcx_except(...) if (0)
#define __finally
#define __leave ((void)0)
#define GetExceptionCode()        0
#define GetExceptionInformation() ((struct _EXCEPTION_POINTERS *)0)
#define AbnormalTermination()     0
#define _exception_code()         GetExceptionCode()
#define _exception_info()         GetExceptionInformation()
#define _abnormal_termination()   AbnormalTermination()
#define exception_code()          GetExceptionCode()
#define exception_info()          GetExceptionInformation()
#define abnormal_termination()    AbnormalTermination()
#endif

#endif
