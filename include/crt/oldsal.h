/* SPDX-License-Identifier: MIT */
/*
 * oldsal.h - the older source annotations, which expand to nothing either. sal.h includes it where
 * C++'s library keeps clear of them: its files that have variables of these names are wrapped here
 * (bits/, tuple). Without these wrappers, in a driver that is compiled by hand, they are left out.
 */
#ifndef NETCX_CRT_OLDSAL_H
#define NETCX_CRT_OLDSAL_H

#define __in
#define __out
#define __inout
#define __in_opt
#define __out_opt
#define __inout_opt
#define __in_z
#define __in_z_opt
#define __out_z
#define __deref_out
#define __deref_out_opt
#define __deref_opt_out
#define __deref_inout
#define __in_ecount(count)
#define __in_ecount_opt(count)
#define __in_bcount(size)
#define __in_bcount_opt(size)
#define __in_ecount_z(count)
#define __out_ecount(count)
#define __out_ecount_opt(count)
#define __out_bcount(size)
#define __out_bcount_opt(size)
#define __out_ecount_part(count, done)
#define __out_bcount_part(size, done)
#define __out_ecount_z(count)
#define __inout_ecount(count)
#define __inout_ecount_opt(count)
#define __inout_bcount(size)
#define __inout_bcount_opt(size)
#define __deref_out_ecount(count)
#define __deref_out_bcount(size)
#define __in_range(low, high)
#define __out_range(low, high)
#define __reserved
#define __checkReturn
#define __nullterminated
#define __nullnullterminated
#define __callback
#define __notnull
#define __maybenull
#define __field_ecount(count)
#define __field_ecount_opt(count)
#define __field_bcount(size)
#define __field_bcount_opt(size)
#define __field_range(low, high)

#endif
