/* SPDX-License-Identifier: MIT */
/* new.h - C++'s <new> where its library is installed, else the kit's: both may be included. */
#ifndef NETCX_CRT_NEW_H
#define NETCX_CRT_NEW_H

#if defined(__cplusplus) && __has_include(<type_traits>)
#include <new>
#else
#include_next <new.h>
#endif

/* Of MSVC's own runtime, for what overrides a function of it: nothing in native code. */
#ifndef __CLR_OR_THIS_CALL
#define __CLR_OR_THIS_CALL
#define __CLRCALL_OR_CDECL __cdecl
#endif

#endif
