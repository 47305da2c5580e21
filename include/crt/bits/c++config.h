/* SPDX-License-Identifier: MIT */
/*
 * bits/c++config.h - of the installed libstdc++, which each of its headers includes first. A driver
 * has a C++ library of headers alone: no streams, no locales, no C library below it.
 */
#ifndef NETCX_CRT_CXXCONFIG_H
#define NETCX_CRT_CXXCONFIG_H

/* clang leaves it out for Microsoft's language; libstdc++ goes by it. */
#ifndef __GCC_ATOMIC_TEST_AND_SET_TRUEVAL
#define __GCC_ATOMIC_TEST_AND_SET_TRUEVAL 1
#endif

/* MSVC has no such type, nor would a strict -std=c++20 let the library use it. */
#undef __SIZEOF_INT128__

#include_next <bits/c++config.h>

#undef _GLIBCXX_HOSTED
#define _GLIBCXX_HOSTED 0

/* The library has its own and undefines the kit's macros, which a driver goes on to use. */
#ifndef NOMINMAX
template <class A, class B> constexpr auto min(A a, B b)
{
	return a < b ? a : b;
}

template <class A, class B> constexpr auto max(A a, B b)
{
	return a > b ? a : b;
}
#endif

#endif
