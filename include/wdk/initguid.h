/* SPDX-License-Identifier: MIT */
/* initguid.h - included before others, it turns each DEFINE_GUID into a definition. */
#ifndef NETCX_INITGUID_H
#define NETCX_INITGUID_H
#ifndef INITGUID
#define INITGUID
#endif
#include <guiddef.h>
#endif
