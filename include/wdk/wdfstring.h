/* SPDX-License-Identifier: MIT */
/* wdfstring.h - string objects. Part of wdf.h. */
#ifndef NETCX_WDFSTRING_H
#define NETCX_WDFSTRING_H

#include <wdfobject.h>

EXTERN_C_START

/* @UnicodeString: copied; NULL for an empty string */
NTSTATUS WdfStringCreate(PCUNICODE_STRING UnicodeString, PWDF_OBJECT_ATTRIBUTES StringAttributes,
			 WDFSTRING *String);

/* The characters stay the object's. */
VOID WdfStringGetUnicodeString(WDFSTRING String, PUNICODE_STRING UnicodeString);

EXTERN_C_END

#endif
