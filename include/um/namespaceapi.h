/* SPDX-License-Identifier: MIT */
/* namespaceapi.h - what wil's types name of private namespaces: netcx build lists a call. */
#ifndef NETCX_NAMESPACEAPI_H
#define NETCX_NAMESPACEAPI_H

#include <minwinbase.h>

#define PRIVATE_NAMESPACE_FLAG_DESTROY 0x00000001

EXTERN_C_START

BOOLEAN WINAPI ClosePrivateNamespace(HANDLE Handle, ULONG Flags);
VOID WINAPI DeleteBoundaryDescriptor(HANDLE BoundaryDescriptor);

EXTERN_C_END

#endif
