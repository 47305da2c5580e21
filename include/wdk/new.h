/* SPDX-License-Identifier: MIT */
/* new.h - construction in memory that is there already, such as a WDF context. C++ only. */
#ifndef NETCX_NEW_H
#define NETCX_NEW_H

#include <stddef.h>

#if defined(__cplusplus) && !defined(__PLACEMENT_NEW_INLINE)
#define __PLACEMENT_NEW_INLINE
inline void *operator new(size_t, void *where) noexcept
{
	return where;
}
inline void operator delete(void *, void *) noexcept
{
}
#endif

#if defined(__cplusplus) && !defined(__PLACEMENT_VEC_NEW_INLINE)
#define __PLACEMENT_VEC_NEW_INLINE
inline void *operator new[](size_t, void *where) noexcept
{
	return where;
}
inline void operator delete[](void *, void *) noexcept
{
}
#endif

#endif
