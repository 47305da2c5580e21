/* SPDX-License-Identifier: MIT */
/* guiddef.h - the 128-bit identifiers of interfaces and events (RFC 9562 order of fields). */
#ifndef NETCX_GUIDDEF_H
#define NETCX_GUIDDEF_H

typedef struct _GUID {
	unsigned int Data1;
	unsigned short Data2;
	unsigned short Data3;
	unsigned char Data4[8];
} GUID, *LPGUID, *PGUID;

typedef const GUID *LPCGUID;
typedef GUID CLSID;
typedef GUID IID;

#ifdef __cplusplus
#define NETCX_GUID_EXTERN_C extern "C"
#define REFGUID             const GUID &
#else
#define NETCX_GUID_EXTERN_C extern
#define REFGUID             const GUID *
#endif

/* DEFINE_GUID declares; with INITGUID (initguid.h) it also defines, once however many files do so.
 */
#ifdef INITGUID
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) \
	NETCX_GUID_EXTERN_C const GUID name;                         \
	const GUID name __attribute__((weak)) = { l, w1, w2, { b1, b2, b3, b4, b5, b6, b7, b8 } }
#else
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) \
	NETCX_GUID_EXTERN_C const GUID name
#endif

#endif
