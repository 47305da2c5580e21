/* SPDX-License-Identifier: MIT */
/* ntifs.h - ntddk.h for who includes it in its place; what file systems need besides is not there.
 */
#ifndef NETCX_NTIFS_H
#define NETCX_NTIFS_H
#define _NTIFS_INCLUDED_
#include <ntddk.h>
#endif
