/* SPDX-License-Identifier: MIT */
/* securitybaseapi.h - what wil's types name of security. There is none: netcx build lists a call.
 */
#ifndef NETCX_SECURITYBASEAPI_H
#define NETCX_SECURITYBASEAPI_H

#include <minwinbase.h>

EXTERN_C_START

PVOID WINAPI FreeSid(PSID pSid);
BOOL WINAPI DestroyPrivateObjectSecurity(PSECURITY_DESCRIPTOR *ObjectDescriptor);

EXTERN_C_END

#endif
