/* SPDX-License-Identifier: MIT */
/* minwindef.h - Win32's own names for the types of ntdef.h, and its calling conventions. */
#ifndef NETCX_MINWINDEF_H
#define NETCX_MINWINDEF_H

#include <ntdef.h>

#define WINAPI
#define APIENTRY
#define CALLBACK
#define WINBASEAPI
#define NTSYSCALLAPI

#define MAX_PATH 260

typedef BOOL *LPBOOL;
typedef BYTE *LPBYTE;
typedef INT *LPINT;
typedef WORD *LPWORD;
typedef DWORD *LPDWORD;
typedef LONG *LPLONG;
typedef HANDLE *LPHANDLE;
typedef float FLOAT, *PFLOAT;
typedef UINT_PTR WPARAM;
typedef LONG_PTR LPARAM;
typedef LONG_PTR LRESULT;
typedef WORD ATOM;
typedef HANDLE HGLOBAL, HLOCAL, GLOBALHANDLE, LOCALHANDLE;

DECLARE_HANDLE(HINSTANCE);
typedef HINSTANCE HMODULE;
DECLARE_HANDLE(HKEY);
typedef HKEY *PHKEY;

typedef INT_PTR (*FARPROC)(void);
typedef INT_PTR (*PROC)(void);

/* 100 ns since 1601, in two halves. */
typedef struct _FILETIME {
	DWORD dwLowDateTime;
	DWORD dwHighDateTime;
} FILETIME, *PFILETIME, *LPFILETIME;

#define MAKEWORD(low, high) \
	((WORD)(((BYTE)((DWORD_PTR)(low)&0xff)) | ((WORD)((BYTE)((DWORD_PTR)(high)&0xff))) << 8))
#define MAKELONG(low, high)                                                                     \
	((LONG)(((WORD)((DWORD_PTR)(low)&0xffff)) | ((DWORD)((WORD)((DWORD_PTR)(high)&0xffff))) \
							    << 16))

/* Names too short to take from host code. */
#ifndef NETCX_HOST
#ifndef IN
#define IN
#define OUT
#define OPTIONAL
#endif
#ifndef FAR
#define FAR
#define far
#define NEAR
#define near
#endif
#ifndef PASCAL
#define PASCAL
#endif
#ifndef NOMINMAX
#ifndef min
#define min(a, b) (((a) < (b)) ? (a) : (b))
#endif
#ifndef max
#define max(a, b) (((a) > (b)) ? (a) : (b))
#endif
#endif
#endif

#endif
